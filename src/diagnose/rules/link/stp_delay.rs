//! `stp-forward-delay`: a bridge port on the way is still learning and passes nothing yet.

use super::super::prelude::*;
use crate::model::Adapter;

rule!("stp-forward-delay", Link, Host, Stops, follows_from: ["tap-detached-from-bridge", "virtual-network-not-started"], look_alikes: ["virtual-cable-disconnected", "vm-not-running", "guest-nic-not-started"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    if !s.involves_guest() || s.guest_seen().is_some_and(|seen| seen.link() == Link::Answered) {
        return None;
    }
    let (bridge, port) = waiting(s)?;
    let state = port.port_state.clone().unwrap_or_default();
    // Of several machines' ports it may be another's.
    let own = s.nic.and_then(|nic| nic.host_port.as_deref()) == Some(port.name.as_str());
    let alone = role::ports(s.host(), bridge)
        .filter(|port| role::is_machine_port(port))
        .count()
        <= 1;
    let confidence = if own || alone {
        Confidence::Confirmed
    } else {
        Confidence::Likely
    };
    Some(
        Found::new(confidence)
            .arg("port", &port.name)
            .arg("state", &state)
            .arg("bridge", &bridge.name)
            .fact(
                "fact-bridge-port",
                format!("{} {state} master {}", port.name, bridge.name),
                s.host().adapters.source(),
            )
            .facts([adapter_fact(s, bridge)])
            .facts(probe_facts(s)),
    )
}

/// The port that waits, and its bridge: the machine's own, or for traffic that leaves the host the bridge's uplink.
fn waiting<'a>(s: &Situation<'a>) -> Option<(&'a Adapter, &'a Adapter)> {
    let host = s.host();
    let bridge = s
        .host_adapter
        .filter(|adapter| adapter.kind == AdapterKind::Bridge)?;
    let waits = |port: &&Adapter| matches!(port.port_state.as_deref(), Some("listening" | "learning"));
    let told = s.nic.and_then(|nic| nic.host_port.as_deref());
    let on_the_way = |port: &&Adapter| match told {
        Some(name) => port.name == name || (s.crosses_uplink() && !role::is_machine_port(port)),
        None => role::is_machine_port(port) || port.kind == AdapterKind::Veth || s.crosses_uplink(),
    };
    let mut ports = role::ports(host, bridge);
    let port = ports.find(|port| waits(port) && on_the_way(port))?;
    Some((bridge, port))
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let (bridge, port) = match waiting(s) {
        Some((bridge, port)) => (bridge.name.clone(), Some(port.name.as_str())),
        None => (s.adapter_name(), None),
    };
    vec![
        remedy::ask(Where::Host, Message::new("remedy-stp-wait-ask")),
        remedy::stop_spanning_tree(&bridge, port),
    ]
}
