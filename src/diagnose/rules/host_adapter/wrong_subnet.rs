//! `host-vnic-wrong-subnet`: the host's adapter has an address of another segment than its network's.

use super::super::prelude::*;
use super::no_address::wanted_address;

rule!("host-vnic-wrong-subnet", HostAdapter, Host, Stops, follows_from: ["vbox-hostonly-range-restricted", "host-vnic-apipa", "host-vnic-no-address", "virtual-network-not-started", "networkmanager-resets-interface", "segment-route-missing"], look_alikes: ["guest-static-wrong-subnet", "host-vnic-no-address"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    let adapter = s.host_adapter?;
    // Windows chooses the Default Switch's segment: the host's address there is right by definition.
    let by_others = matches!(
        s.mode,
        Some(Mode::Bridged | Mode::External | Mode::Macvtap | Mode::DefaultSwitch)
    );
    if by_others || !s.involves_guest() || adapter.ipv4().all(|net| net.addr().is_link_local()) {
        return None;
    }
    let inside = |segment: ipnet::IpNet| {
        adapter
            .ipv4()
            .any(|net| segment.contains(&IpAddr::V4(net.addr())))
    };
    // The product's configuration decides which of the two is wrong.
    if let Some(network) = s.network
        && let Some(segment) = network.segment.filter(|segment| segment.addr().is_ipv4())
    {
        let guest_inside = s.guest_ip.is_none_or(|guest| segment.contains(&guest));
        // Whose adapter it is may be a guess where the network does not name it.
        let own = network.host_adapter.as_deref() == Some(adapter.name.as_str())
            || (s.hypervisor.is_some() && role::hypervisor_of_name(adapter) == s.hypervisor);
        let confidence = if own {
            Confidence::Confirmed
        } else {
            Confidence::Likely
        };
        return (!inside(segment) && guest_inside).then(|| {
            Found::new(confidence).facts([adapter_fact(s, adapter)]).fact(
                "fact-segment",
                segment,
                s.product.map_or("", |product| product.networks.source()),
            )
        });
    }
    let guest = s.guest_ip.filter(|guest| guest.is_ipv4())?;
    if adapter.on_segment_of(guest).is_some() || s.host().adapter_on_segment(guest).is_some() {
        return None;
    }
    // What the translation rules speak of, and the default segment of the product, are the configuration's traces.
    let translated = s
        .host()
        .filter
        .value()
        .map(filter::translated_segments)
        .unwrap_or_default();
    if let Some(segment) = translated.iter().find(|segment| segment.contains(&guest)) {
        return (!inside(*segment)).then(|| {
            Found::new(Confidence::Likely)
                .facts([adapter_fact(s, adapter)])
                .fact(
                    "fact-filter-rule",
                    format!("masquerade {segment}"),
                    s.host().filter.source(),
                )
        });
    }
    let default: ipnet::IpNet = ipnet::IpNet::V4(ipnet::Ipv4Net::new_assert(
        std::net::Ipv4Addr::new(192, 168, 122, 0),
        24,
    ));
    let is_default_bridge = adapter.name == "virbr0";
    // The host holds the address that the product gives it by default: the guest is the odd one out.
    if is_default_bridge && inside(default) {
        return None;
    }
    let guest_by_default = is_default_bridge && default.contains(&guest);
    // Several machines of the guest's segment seen on the wire outvote the host.
    let others = s
        .host()
        .neighbors
        .rows()
        .iter()
        .filter(|entry| entry.adapter.as_deref() == Some(adapter.name.as_str()) && entry.is_learned())
        .count();
    let guests_gateway = s
        .guest()
        .default_routes()
        .iter()
        .any(|row| row.via.is_some_and(|via| adapter.on_segment_of(via).is_none()));
    ((guest_by_default || guests_gateway)
        && translated.iter().all(|segment| !inside(*segment))
        && others <= 1)
        .then(|| {
            Found::new(Confidence::Likely)
                .facts([adapter_fact(s, adapter)])
                .fact("fact-address", guest, &s.guest_ip_source)
                .facts(way_fact(s, guest))
        })
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let (address, old) = wanted_address(s);
    let mut ways = remedy::set_adapter_address(Where::Host, s.host_os, &s.adapter_name(), address, old);
    if s.network.is_some() {
        ways.extend(with_product(s, |product| {
            product.restore_host_adapter(&s.network_name())
        }));
    }
    ways
}
