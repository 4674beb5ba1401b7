//! `bridge-without-uplink`: the bridge that the machine hangs on has no port that leads out of the host.

use super::super::prelude::*;

rule!("bridge-without-uplink", VirtualNetwork, Host, Stops, follows_from: ["virtual-network-not-started", "virtual-network-missing"], look_alikes: ["host-ip-not-on-bridge", "bridged-wrong-nic", "host-no-uplink", "stp-forward-delay"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    let missing = Lease::missing(s).filter(|(confidence, _)| *confidence == Confidence::Confirmed);
    if !s.involves_guest() || !(s.crosses_uplink() || missing.is_some()) {
        return None;
    }
    let host = s.host();
    let adapters = host.adapters.value()?;
    if s.host_os != Os::Linux || !role::tells_ports(host) {
        return None;
    }
    let bridge = own_bridge(s)?;
    if role::ports(host, bridge).any(leads_out) || !adapters.iter().any(|port| port.master.is_some()) {
        return None;
    }
    let translated = host.filter.value().map(|packet_filter| {
        bridge.ipv4().any(|net| {
            let source = net.addr().into();
            filter::translated_segments(packet_filter)
                .iter()
                .any(|segment| segment.contains(&IpAddr::from(net.addr())))
                || filter::translates_source(packet_filter, source, [192, 0, 2, 53].into(), "") == Some(true)
        })
    });
    // The host translates for this bridge on purpose: it was never meant to have a port outside.
    if translated == Some(true) {
        return None;
    }
    let is_the_hosts_way_out = role::is_uplink(host, bridge)
        || bridge.dhcp == Some(true)
        || bridge
            .addresses
            .iter()
            .flatten()
            .any(|address| address.origin == crate::model::AddressOrigin::Dhcp);
    let lost_port = physical_adapters(s)
        .into_iter()
        .find(|card| card.ipv4().next().is_none() && card.addresses.is_some());
    let filter_is_clear = translated == Some(false) && host.is_filter_read();
    let confidence = match (is_the_hosts_way_out || lost_port.is_some(), filter_is_clear) {
        (true, _) => Confidence::Confirmed,
        (false, true) => Confidence::Likely,
        (false, false) => Confidence::Possible,
    };
    let ports: Vec<&str> = role::ports(host, bridge).map(|port| port.name.as_str()).collect();
    let ports = if ports.is_empty() {
        "—".to_owned()
    } else {
        ports.join(", ")
    };
    Some(
        Found::new(confidence)
            .arg("bridge", &bridge.name)
            .fact(
                "fact-bridge-port",
                format!("{}: {ports}", bridge.name),
                host.adapters.source(),
            )
            .facts(lost_port.map(|card| adapter_fact(s, card)))
            .facts([mode_fact(s)])
            .facts(missing.map(|(_, facts)| facts).unwrap_or_default()),
    )
}

/// The bridge that the machine is a port of, when its mode is one with a way out of its own.
fn own_bridge<'a>(s: &Situation<'a>) -> Option<&'a Adapter> {
    if !matches!(s.mode, Some(Mode::Bridged | Mode::External)) {
        return None;
    }
    let named = s
        .nic
        .and_then(|nic| nic.uplink.as_deref())
        .or_else(|| s.network.and_then(|network| network.host_adapter.as_deref()))
        .and_then(|name| s.host().adapter(name));
    let usable =
        |adapter: &&Adapter| role::is_bridge(s.host(), adapter) && !role::is_container(&adapter.name);
    named.or(s.host_adapter).filter(usable).or_else(|| {
        // The only one that machines are plugged into, products' own networks apart.
        let mut bridges = s.host().adapters.rows().iter().filter(usable).filter(|bridge| {
            role::hypervisor_of_name(bridge).is_none()
                && role::ports(s.host(), bridge).any(role::is_machine_port)
        });
        let only = bridges.next();
        only.filter(|_| bridges.next().is_none())
    })
}

/// Whether a port of a bridge leads to something else than machines and containers.
fn leads_out(port: &Adapter) -> bool {
    let internal = ["veth", "fwpr", "lxc", "lxd"]
        .iter()
        .any(|start| port.name.starts_with(start));
    !role::is_machine_port(port) && !internal
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let bridge = own_bridge(s).map_or_else(|| s.adapter_name(), |bridge| bridge.name.clone());
    let cards = physical_adapters(s);
    let card = cards.first().map_or("ADAPTER", |card| card.name.as_str());
    if s.hypervisor == Some(HypervisorId::Proxmox) {
        let ask = Message::new("remedy-proxmox-bridge-port-ask")
            .with("bridge", bridge)
            .with("adapter", card);
        return vec![remedy::ask(Where::Hypervisor, ask)];
    }
    let holds_address = cards.first().is_some_and(|card| card.ipv4().next().is_some());
    remedy::plug_uplink(&bridge, card, holds_address)
}
