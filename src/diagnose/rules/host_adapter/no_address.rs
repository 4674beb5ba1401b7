//! `host-vnic-no-address`: the host's adapter on the segment is up, but has no IPv4 address.

use super::super::prelude::*;

rule!("host-vnic-no-address", HostAdapter, Host, Stops, follows_from: ["hyperv-switch-stale", "vbox-hostonly-range-restricted", "hyperv-default-switch-broken", "virtual-network-not-started", "networkmanager-resets-interface"], look_alikes: ["host-vnic-wrong-subnet", "host-vnic-apipa", "guest-static-wrong-subnet"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    let adapter = s.host_adapter?;
    let none = adapter.addresses.is_some() && adapter.ipv4().next().is_none();
    let wants_ipv4 = s.guest_ip.is_none_or(|guest| guest.is_ipv4());
    let bridged = matches!(s.mode, Some(Mode::Bridged | Mode::External | Mode::Macvtap));
    if !none || !wants_ipv4 || bridged || !s.involves_guest() || adapter.enabled == Some(false) {
        return None;
    }
    // A network without an address of the host is one by configuration.
    if s.network
        .is_some_and(|network| network.host_adapter_wanted == Some(false))
    {
        return None;
    }
    let by_config = s
        .network
        .is_some_and(|network| network.host_address.is_some() || network.segment.is_some());
    let by_name = role::hypervisor_of_name(adapter).is_some();
    // An adapter that is switched off has no address either.
    let confidence = if (by_config || by_name) && adapter.enabled == Some(true) {
        Confidence::Confirmed
    } else {
        Confidence::Likely
    };
    Some(
        Found::new(confidence)
            .facts([adapter_fact(s, adapter)])
            .facts(s.guest_ip.and_then(|guest| way_fact(s, guest))),
    )
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let (address, old) = wanted_address(s);
    remedy::set_adapter_address(Where::Host, s.host_os, &s.adapter_name(), address, old)
}

/// The address that the host should have there, and the one it has.
pub fn wanted_address(s: &Situation<'_>) -> (ipnet::Ipv4Net, Option<ipnet::IpNet>) {
    let old = s
        .host_adapter
        .and_then(|adapter| adapter.main_ipv4())
        .map(ipnet::IpNet::V4);
    let segment = s
        .network
        .and_then(|network| network.segment)
        .or_else(|| {
            s.segment
                .filter(|segment| s.guest_ip.is_none_or(|guest| segment.contains(&guest)))
        })
        .or_else(|| {
            let guest = s.guest_ip?;
            let prefix = s
                .case
                .intake
                .guest_ip
                .and_then(|(_, prefix)| prefix)
                .unwrap_or(24);
            ipnet::IpNet::new(guest, prefix).ok()
        })
        .unwrap_or_else(|| segment_or_example(s));
    let configured = s.network.and_then(|network| network.host_address);
    let ipnet::IpNet::V4(segment) = segment.trunc() else {
        return (
            ipnet::Ipv4Net::new_assert(std::net::Ipv4Addr::new(192, 0, 2, 1), 24),
            old,
        );
    };
    let first = segment.hosts().next().unwrap_or(segment.network());
    let address = match configured {
        Some(IpAddr::V4(address)) => address,
        _ => first,
    };
    (
        ipnet::Ipv4Net::new(address, segment.prefix_len()).unwrap_or(segment),
        old,
    )
}
