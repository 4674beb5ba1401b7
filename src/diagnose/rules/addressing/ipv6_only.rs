//! `ipv6-only`: the machine answers over one version of IP, and not at all over the other.

use super::super::prelude::*;

rule!("ipv6-only", Addressing, Guest, Stops, follows_from: ["host-vnic-no-address", "host-vnic-apipa", "host-vnic-wrong-subnet", "subnet-overlap-lan", "stale-address", "host-route-missing", "host-route-wrong", "vpn-route-hijack", "guest-static-wrong-subnet"], look_alikes: ["guest-static-wrong-subnet", "stale-address", "virtual-cable-disconnected"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    let tried = s.guest_ip?;
    let silent = s.to == Endpoint::Guest && s.from == Endpoint::Host && s.asked() == Asked::Fails;
    // Who answers for the address and then drops the packet is there in this version, too: that is a filter.
    if !silent || s.guest_seen()?.link() == Link::Answered {
        return None;
    }
    let (works, source) = addresses(s).into_iter().find(|(other, _)| {
        let seen = s.seen(Place::Host, *other);
        other.is_ipv4() != tried.is_ipv4() && (seen.echo_replies() || seen.tcp_proof().is_some())
    })?;
    let shown = match s.host_adapter {
        Some(adapter) if crate::model::is_link_local(works) && works.is_ipv6() => {
            format!("{works}%{}", adapter.name)
        }
        _ => works.to_string(),
    };
    let own = s.guest().adapters.value();
    let lacks = own.is_some_and(|adapters| {
        let mut nets = adapters
            .iter()
            .filter(|adapter| !role::is_container(&adapter.name));
        nets.all(|adapter| {
            adapter.addresses.is_some()
                && adapter.nets().all(|net| {
                    net.addr().is_ipv4() != tried.is_ipv4()
                        || net.addr().is_loopback()
                        || crate::model::is_link_local(net.addr())
                })
        })
    });
    let found = Found::new(if lacks {
        Confidence::Confirmed
    } else {
        Confidence::Likely
    });
    let inside = own.filter(|_| lacks).into_iter().flatten();
    let inside = inside.filter(|adapter| adapter.kind != AdapterKind::Loopback && adapter.name != "lo");
    let inside = inside.map(|adapter| {
        let nets: Vec<String> = adapter.nets().map(|net| net.to_string()).collect();
        let value = format!("{} {}", adapter.name, nets.join(" "));
        evidence("fact-adapter", value, s.guest().adapters.source())
    });
    Some(
        found
            .arg("works", &shown)
            .arg("version", version(works))
            .arg("other", version(tried))
            .fact("fact-address", &shown, source)
            .facts(seen_facts(&s.seen(Place::Host, works)))
            .facts(probe_facts(s))
            .facts(inside),
    )
}

fn version(address: IpAddr) -> &'static str {
    if address.is_ipv4() { "IPv4" } else { "IPv6" }
}

/// The addresses of the guest's card, and who says that they are its own: the guest, the product, or the same
/// hardware address in the host's neighbor table.
fn addresses(s: &Situation<'_>) -> Vec<(IpAddr, String)> {
    let own = s.guest().adapters.rows().iter();
    let inside = own
        .flat_map(|adapter| adapter.nets())
        .map(|net| (net.addr(), s.guest().adapters.source().to_owned()));
    let told = s.nic.iter().flat_map(|nic| &nic.addresses);
    let told = told.map(|known| (known.address, known.source.clone()));
    let mac = s.nic.and_then(|nic| nic.mac);
    let neighbors = s.host().neighbors.rows().iter();
    let same_card = neighbors
        .filter(|entry| mac.is_some() && entry.mac == mac)
        .map(|entry| (entry.address, s.host().neighbors.source().to_owned()));
    inside.chain(told).chain(same_card).collect()
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let works = check(s).and_then(|found| {
        let mut args = found.args.into_iter();
        args.find(|(name, _)| *name == "works").map(|(_, value)| value)
    });
    let mut ways = Vec::new();
    if s.guest_ip.is_none_or(|tried| tried.is_ipv4()) {
        ways.extend(remedy::renew_lease(guest_os(s), &guest_adapter_name(s)));
    }
    ways.push(remedy::ask(
        Where::Host,
        Message::new("remedy-use-address-ask")
            .with("address", works.as_deref().unwrap_or("…"))
            .with("vm", s.machine_name()),
    ));
    ways
}
