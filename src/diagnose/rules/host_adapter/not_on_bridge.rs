//! `host-ip-not-on-bridge`: the host's address sits on a card that is a port of the bridge, where it serves nobody.

use super::super::prelude::*;
use crate::model::Adapter;

rule!("host-ip-not-on-bridge", HostAdapter, Host, Stops, follows_from: [], look_alikes: ["macvtap-host-isolation", "nic-offload-breaks-bridging", "bridge-without-uplink"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    let (port, bridge) = enslaved(s)?;
    let host = s.host();
    let used = match s.guest_ip {
        Some(guest) => match s.way_to(guest) {
            Way::Adapter { name, .. } => Some(name == port.name),
            _ => None,
        },
        None => None,
    };
    // With addresses on both, the one that the look-up picks decides.
    let bridge_has_one = bridge.is_some_and(|bridge| bridge.ipv4().any(|net| !net.addr().is_link_local()));
    let bridge_is_bare = bridge.is_some_and(|bridge| bridge.addresses.is_some()) && !bridge_has_one;
    let confidence = match used {
        Some(false) => return None,
        Some(true) if bridge.is_some() => Confidence::Confirmed,
        None if bridge_is_bare => Confidence::Confirmed,
        Some(true) | None if !bridge_has_one => Confidence::Likely,
        _ => return None,
    };
    Some(
        Found::new(confidence)
            .arg("port", &port.name)
            .arg("bridge", port.master.as_deref().unwrap_or_default())
            .fact(
                "fact-bridge-port",
                format!(
                    "{} master {}",
                    port.name,
                    port.master.as_deref().unwrap_or_default()
                ),
                host.adapters.source(),
            )
            .facts([adapter_fact(s, port)])
            .facts(bridge.map(|bridge| adapter_fact(s, bridge)))
            .facts(s.guest_ip.and_then(|guest| way_fact(s, guest)))
            .facts(probe_facts(s)),
    )
}

/// The port that holds an address of the guest's segment, and its bridge.
fn enslaved<'a>(s: &Situation<'a>) -> Option<(&'a Adapter, Option<&'a Adapter>)> {
    if !meets_host(s) || s.host_os != Os::Linux {
        return None;
    }
    let host = s.host();
    let own = s.host_adapter?;
    let port = host.adapters.rows().iter().find(|port| {
        let address = port.ipv4().any(|net| {
            let global = !net.addr().is_link_local();
            global && s.guest_ip.is_none_or(|guest| net.contains(&as_v4(guest)))
        });
        let of_the_bridge = port.name == own.name || port.master.as_deref() == Some(own.name.as_str());
        port.master.is_some() && of_the_bridge && address && !role::is_machine_port(port)
    })?;
    let bridge = host.adapter(port.master.as_deref()?);
    // A port of a bond or team is another matter.
    let is_bridge = bridge.is_none_or(|bridge| bridge.kind == AdapterKind::Bridge);
    is_bridge.then_some((port, bridge))
}

fn as_v4(address: IpAddr) -> std::net::Ipv4Addr {
    match address {
        IpAddr::V4(address) => address,
        IpAddr::V6(_) => std::net::Ipv4Addr::UNSPECIFIED,
    }
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let found = enslaved(s);
    let port = found.map_or("eth0", |(port, _)| port.name.as_str());
    let bridge = found
        .and_then(|(port, _)| port.master.as_deref())
        .unwrap_or("br0");
    let nets: Vec<ipnet::IpNet> = found
        .iter()
        .flat_map(|(port, _)| port.ipv4())
        .filter(|net| !net.addr().is_link_local())
        .map(ipnet::IpNet::V4)
        .collect();
    let nets = if nets.is_empty() {
        vec![segment_or_example(s)]
    } else {
        nets
    };
    let gateway = s
        .host()
        .default_routes()
        .into_iter()
        .find(|row| row.adapter.as_deref() == Some(port))
        .and_then(|row| row.via);
    vec![
        remedy::move_addresses(port, bridge, &nets, gateway),
        remedy::ask(
            Where::Host,
            Message::new("remedy-bridge-profile-ask")
                .with("port", port)
                .with("bridge", bridge),
        ),
    ]
}
