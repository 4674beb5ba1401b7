//! `vswitches-not-routed`: the two machines are on two virtual networks, and nothing leads from one to the other.

use super::super::prelude::*;
use ipnet::IpNet;

rule!("vswitches-not-routed", VirtualNetwork, Host, Stops, follows_from: ["nat-per-vm-isolation", "internal-no-host", "virtual-network-not-started"], look_alikes: ["vm-nic-on-wrong-network", "guest-missing-gateway", "ip-forward-disabled", "guest-firewall-blocks-inbound"]);

/// The network at the other end.
struct Other {
    name: String,
    segment: IpNet,
    mode: Option<Mode>,
    adapter: Option<String>,
}

fn check(s: &Situation<'_>) -> Option<Found> {
    if s.direction() != Some(Direction::GuestToGuest) {
        return None;
    }
    let (own, other) = (s.segment?, other_end(s)?);
    let (confidence, facts) = nothing_routes(s, &other)?;
    let source = networks_source(s);
    Some(
        Found::new(confidence)
            .arg("other", &other.name)
            .arg("other_segment", other.segment)
            .fact("fact-network", format!("{} {own}", s.network_name()), source)
            .fact(
                "fact-network",
                format!("{} {}", other.name, other.segment),
                source,
            )
            .facts(facts),
    )
}

/// The other machine's network, when it is a virtual one of this host with a segment of its own.
fn other_end(s: &Situation<'_>) -> Option<Other> {
    let (own, target) = (s.segment?, s.target?);
    if own.contains(&target) || matches!(s.mode, Some(Mode::Bridged | Mode::External | Mode::Macvtap)) {
        return None;
    }
    let known = s
        .case
        .hypervisors
        .iter()
        .flat_map(|product| product.networks.rows());
    let by_product = known
        .filter(|network| !matches!(network.mode, Mode::Bridged | Mode::External | Mode::Macvtap))
        .find_map(|network| {
            let segment = network.segment.filter(|segment| segment.contains(&target))?;
            Some(Other {
                name: network.name.clone(),
                segment,
                mode: Some(network.mode),
                adapter: network.host_adapter.clone(),
            })
        });
    by_product.or_else(|| {
        let (adapter, net) = s.host().adapter_on_segment(target)?;
        role::serves_machines(s.host(), adapter).then(|| Other {
            name: adapter.name.clone(),
            segment: net.trunc(),
            mode: role::mode_of_name(&adapter.name),
            adapter: Some(adapter.name.clone()),
        })
    })
}

/// How sure it is that the host passes nothing from the one to the other, with the facts; `None` when it does.
fn nothing_routes(s: &Situation<'_>, other: &Other) -> Option<(Confidence, Vec<Evidence>)> {
    let host = s.host();
    let closed = |mode: Option<Mode>| {
        matches!(mode, Some(Mode::Private))
            || (mode == Some(Mode::Internal) && s.hypervisor != Some(HypervisorId::HyperV))
    };
    // Without an adapter of the host on one of them there is nobody who could route.
    if closed(s.mode) || closed(other.mode) {
        return Some((Confidence::Confirmed, vec![mode_fact(s)]));
    }
    if s.host_os == Os::Windows {
        let own = s.host_adapter;
        let far = other.adapter.as_deref().and_then(|name| host.adapter(name));
        let ends: Vec<&Adapter> = own.into_iter().chain(far).collect();
        let off = ends.iter().find(|adapter| adapter.forwarding == Some(false));
        if let Some(adapter) = off {
            let fact = evidence(
                "fact-forwarding",
                said::named(&adapter.name, said::word("value-off")),
                host.adapters.source(),
            );
            return Some((Confidence::Confirmed, vec![fact]));
        }
        let on = ends.len() == 2 && ends.iter().all(|adapter| adapter.forwarding == Some(true));
        return (!on && s.asked() == Asked::Fails).then(|| (Confidence::Likely, Vec::new()));
    }
    // A host that is meant to pass packets on and does not has a cause of its own (`ip-forward-disabled`,
    // `host-forward-policy-drop`).
    let is_meant_to = s.host_forwards();
    let switch = host.switch("net.ipv4.ip_forward");
    if switch == Some("0") {
        if is_meant_to {
            return None;
        }
        let fact = evidence(
            "fact-kernel-switch",
            "net.ipv4.ip_forward = 0",
            host.kernel.source(),
        );
        return Some((Confidence::Confirmed, vec![fact]));
    }
    let walked = host
        .filter
        .value()
        .zip(s.guest_ip)
        .zip(s.target)
        .map(|((packet_filter, guest), target)| {
            let input = s.host_adapter.map(|adapter| adapter.name.as_str());
            walk(
                packet_filter,
                Hook::Forward,
                &first_packet(s, guest, target, input, other.adapter.as_deref()),
            )
        });
    match walked {
        Some(Walk::Stopped(stop)) if is_meant_to && !is_products(stop.chain) => None,
        Some(Walk::Stopped(stop)) => {
            let fact = evidence("fact-filter-rule", stop.describe(), host.filter.source());
            Some((Confidence::Confirmed, vec![fact]))
        }
        Some(Walk::Passes) => None,
        _ => (s.asked() == Asked::Fails).then(|| (Confidence::Likely, Vec::new())),
    }
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let other = other_end(s);
    let far = other
        .as_ref()
        .and_then(|other| other.adapter.clone())
        .unwrap_or_else(|| "ADAPTER2".to_owned());
    let name = other.map_or_else(|| "NETWORK2".to_owned(), |other| other.name);
    let mut ways = vec![remedy::ask(
        Where::Host,
        Message::new("remedy-same-network-ask")
            .with("vm", s.machine_name())
            .with("network", name),
    )];
    ways.extend(remedy::route_between(
        s.host_os,
        &s.adapter_name(),
        &far,
        forwarding_is_off(s),
    ));
    ways
}
