//! `tap-detached-from-bridge`: the host's end of the machine's cable is plugged into no bridge.

use super::super::prelude::*;
use crate::model::Adapter;

rule!("tap-detached-from-bridge", VirtualNetwork, Host, Stops, follows_from: ["virtual-network-not-started", "networkmanager-resets-interface"], look_alikes: ["virtual-cable-disconnected", "vm-not-running", "guest-nic-not-started"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    if !s.involves_guest() || matches!(s.mode, Some(Mode::Macvtap | Mode::User | Mode::Private)) {
        return None;
    }
    let host = s.host();
    let answered = s.guest_seen().is_some_and(|seen| seen.link() == Link::Answered);
    if answered || !role::tells_ports(host) {
        return None;
    }
    let port = loose_port(s)?;
    let known = s.nic.and_then(|nic| nic.host_port.as_deref()) == Some(port.name.as_str());
    let bridge = s
        .host_adapter
        .filter(|adapter| adapter.kind == AdapterKind::Bridge);
    let bridge_is_empty = bridge.is_some_and(|bridge| role::ports(host, bridge).next().is_none());
    let silent = s.guest_seen().is_some_and(|seen| seen.link() == Link::Silent);
    // Without its bridge in sight the whole network may be down.
    let confidence = match (known, bridge_is_empty) {
        (true, _) if bridge.is_some() => Confidence::Confirmed,
        (false, true) if silent => Confidence::Confirmed,
        _ => Confidence::Likely,
    };
    let bridge_fact = bridge.map(|bridge| adapter_fact(s, bridge));
    Some(
        Found::new(confidence)
            .arg("port", &port.name)
            .fact(
                "fact-bridge-port",
                said::named(&port.name, said::word("value-no-master")),
                host.adapters.source(),
            )
            .facts(bridge_fact)
            .facts(probe_facts(s)),
    )
}

/// The machine's port that hangs loose: the one that the product names, else the only one there is.
fn loose_port<'a>(s: &Situation<'a>) -> Option<&'a Adapter> {
    let host = s.host();
    if let Some(name) = s.nic.and_then(|nic| nic.host_port.as_deref()) {
        return host.adapter(name).filter(|port| port.master.is_none());
    }
    if s.host_adapter
        .is_none_or(|adapter| adapter.kind != AdapterKind::Bridge)
    {
        return None;
    }
    let mut loose = host.adapters.rows().iter().filter(|port| {
        role::is_machine_port(port)
            && port.master.is_none()
            && port.ipv4().next().is_none()
            && !port.is_tunnel()
    });
    match (loose.next(), loose.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    }
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let port = loose_port(s).map_or_else(|| "vnet0".to_owned(), |port| port.name.clone());
    vec![remedy::attach_port(&port, &s.adapter_name())]
}
