//! `lan-dhcp-refuses`: the physical network's DHCP server gives the guest no address, or another server gives it one
//! of elsewhere.

use super::super::prelude::*;
use super::bridge;

rule!("lan-dhcp-refuses", Uplink, Network, Stops, follows_from: ["vm-not-running", "virtual-cable-disconnected", "host-no-uplink", "bridged-wrong-nic", "bridged-wifi-unsupported", "bridge-filter-driver-unbound", "guest-nic-not-started", "bridge-without-uplink", "tap-detached-from-bridge", "vlan-mismatch", "port-security-blocks-guest", "nic-offload-breaks-bridging", "stp-forward-delay"], look_alikes: ["bridged-wrong-nic", "bridge-filter-driver-unbound", "port-security-blocks-guest", "guest-apipa"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    if !bridge::is_bridged(s)
        || !s.involves_guest()
        || s.mode == Some(Mode::Macvtap) && s.to == Endpoint::Host
    {
        return None;
    }
    let uplink = bridge::uplink(s);
    let own = bridge::hosts_own(s)?;
    let wireless = uplink
        .as_ref()
        .and_then(|uplink| uplink.adapter)
        .is_some_and(|adapter| adapter.kind == AdapterKind::WiFi);
    if let Some((has, server)) = foreign_lease(s) {
        return Some(
            Found::new(Confidence::Confirmed)
                .arg("server", server)
                .arg("how", "foreign")
                .fact("fact-address", has, &s.guest_ip_source)
                .fact("fact-dhcp", server, s.guest().adapters.source())
                .facts([adapter_fact(s, own)]),
        );
    }
    let nothing = bridge::no_lease(s)?;
    // The same wire gives the host its address: then it is the guest that is refused.
    let same_wire = uplink
        .as_ref()
        .and_then(|uplink| uplink.adapter)
        .is_some_and(|adapter| adapter.name == own.name);
    let host_served = holder(s, own)
        .addresses
        .iter()
        .flatten()
        .any(|address| address.origin == crate::model::AddressOrigin::Dhcp)
        || holder(s, own).dhcp == Some(true);
    let confidence = if same_wire && host_served && !wireless && bridge::host_is_online(s) {
        Confidence::Likely
    } else {
        Confidence::Possible
    };
    Some(
        Found::new(confidence)
            .arg("server", "—")
            .arg("how", "silent")
            .facts([nothing, adapter_fact(s, holder(s, own))])
            .facts(uplink.as_ref().map(bridge::uplink_fact)),
    )
}

/// The adapter that holds the wire's address: its bridge where it is a port.
fn holder<'a>(s: &Situation<'a>, adapter: &'a crate::model::Adapter) -> &'a crate::model::Adapter {
    adapter
        .master
        .as_deref()
        .and_then(|name| s.host().adapter(name))
        .unwrap_or(adapter)
}

/// A lease of a segment that is not the physical network's, and who gave it.
fn foreign_lease(s: &Situation<'_>) -> Option<(ipnet::IpNet, IpAddr)> {
    let card = inside::card(s)?;
    let guest = s.guest_ip?;
    let net = card.nets().find(|net| net.addr() == guest)?;
    let server = card.dhcp_server.or_else(|| {
        s.case.probes.iter().rev().find_map(|probe| match &probe.result {
            crate::model::ProbeResult::Dhcp { address, server } if *address == Some(guest) => *server,
            _ => None,
        })
    })?;
    let own = holder(s, bridge::hosts_own(s)?);
    let known = own.main_ipv4().is_some();
    let here = |address: IpAddr| own.on_segment_of(address).is_some();
    (known && !here(guest) && !here(server) && own.dhcp_server != Some(server)).then_some((net, server))
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let os = guest_os(s);
    let name = card_name(s);
    let mac = inside::card(s)
        .and_then(|adapter| adapter.mac)
        .or_else(|| s.nic.and_then(|nic| nic.mac))
        .map_or_else(|| "—".to_owned(), |mac| mac.to_string());
    let mut ways = vec![remedy::ask(
        Where::Network,
        Message::new("remedy-lan-dhcp-ask").with("mac", mac),
    )];
    ways.extend(remedy::renew_lease(os, &name));
    ways.extend(with_product(s, |product| product.add_nat_card()));
    ways
}
