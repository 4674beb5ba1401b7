//! `port-security-blocks-guest`: the switch lets one machine a port through, and the guest is the second.

use super::super::prelude::*;
use super::bridge;

rule!("port-security-blocks-guest", Uplink, Network, Stops, follows_from: ["vm-not-running", "virtual-cable-disconnected", "host-no-uplink", "bridged-wrong-nic", "bridge-filter-driver-unbound", "vswitch-security-policy", "guest-static-wrong-subnet", "wrong-mask", "vlan-mismatch"], look_alikes: ["lan-dhcp-refuses", "bridged-wifi-unsupported", "bridge-filter-driver-unbound", "vlan-mismatch"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    if !bridge::is_bridged(s) || !s.crosses_uplink() {
        return None;
    }
    let uplink = bridge::uplink(s)?;
    let adapter = uplink.adapter?;
    // On a wire, in use by the host itself, which gets out while the guest on the same wire reaches nobody.
    let wired = adapter.kind == AdapterKind::Ethernet && adapter.carrier != Some(false);
    let own = bridge::hosts_own(s).is_some_and(|own| own.name == adapter.name);
    if !wired || !own || !bridge::host_is_online(s) || !bridge::cut_off(s) {
        return None;
    }
    // An address of the segment: without one there is a nearer reason for silence.
    let router = s.gateway()?;
    let guest = s.guest_ip?;
    if !same_segment(s, router, guest) {
        return None;
    }
    // Host and guest meet inside the machine, before the switch: then the bridge works.
    let meets_host = s.guest_seen().is_some_and(|seen| seen.link() == Link::Answered)
        || s.host_address()
            .is_some_and(|own| s.seen(Place::Guest, own).link() == Link::Answered);
    let confidence = if meets_host {
        Confidence::Likely
    } else {
        Confidence::Possible
    };
    Some(
        Found::new(confidence)
            .arg("uplink", &adapter.name)
            .facts([bridge::uplink_fact(&uplink)])
            .facts(seen_facts(&s.seen(Place::Guest, router)))
            .facts(seen_facts(&s.seen(Place::Host, router))),
    )
}

/// Whether the guest's address is in the segment of the router.
fn same_segment(s: &Situation<'_>, router: IpAddr, guest: IpAddr) -> bool {
    match s.host().adapter_on_segment(router) {
        Some((_, net)) => net.contains(&guest),
        None => s.segment.is_some_and(|segment| segment.contains(&guest)),
    }
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let mac = inside::card(s)
        .and_then(|adapter| adapter.mac)
        .or_else(|| s.nic.and_then(|nic| nic.mac))
        .map_or_else(|| "—".to_owned(), |mac| mac.to_string());
    let mut ways = vec![remedy::ask(
        Where::Network,
        Message::new("remedy-port-security-ask").with("mac", mac),
    )];
    ways.extend(with_product(s, |product| product.add_nat_card()));
    ways
}
