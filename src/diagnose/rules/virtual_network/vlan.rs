//! `vlan-mismatch`: the two ends are in different VLANs.

use super::super::prelude::*;

rule!("vlan-mismatch", VirtualNetwork, Hypervisor, Stops, follows_from: ["vm-not-running", "virtual-cable-disconnected", "vswitch-without-uplink"], look_alikes: ["virtual-cable-disconnected", "bridged-wrong-nic", "port-security-blocks-guest", "vm-nic-on-wrong-network"]);

/// The VLANs of the two ends; `None` is one that nobody told.
struct Ends {
    own: u16,
    other: Option<u16>,
    facts: Vec<Evidence>,
}

fn check(s: &Situation<'_>) -> Option<Found> {
    if !s.involves_guest() {
        return None;
    }
    let Ends { own, other, facts } = ends(s)?;
    let silent = s.guest_seen().is_some_and(|seen| seen.link() == Link::Silent);
    let unlent = matches!(Lease::of(s), Lease::Refused(_));
    let confidence = match other {
        Some(other) if other == own => return None,
        Some(_) => Confidence::Confirmed,
        // A tag that nobody answers on may be right, and the far end's card dead.
        None if own != 0 && (silent || unlent) => Confidence::Likely,
        None => return None,
    };
    let name = |vlan: u16| match vlan {
        0 => "none".to_owned(),
        vlan => vlan.to_string(),
    };
    Some(
        Found::new(confidence)
            .arg("vlan", name(own))
            .arg("other", other.map_or_else(|| "unknown".to_owned(), name))
            .facts(facts)
            .facts(probe_facts(s)),
    )
}

fn ends(s: &Situation<'_>) -> Option<Ends> {
    let own = s
        .nic
        .and_then(|nic| nic.vlan)
        .or_else(|| s.network.and_then(|network| network.vlan));
    let mut facts = Vec::new();
    // The second machine on the same switch.
    if s.direction() == Some(Direction::GuestToGuest) {
        let (target, switch) = (s.target?, s.network.map(switch_of));
        if is_routed(s, target) {
            return None;
        }
        let product = s.product?;
        let other = product
            .machines
            .rows()
            .iter()
            .flat_map(|machine| machine.nics.iter().map(move |nic| (machine, nic)))
            .find(|(_, nic)| nic.addresses.iter().any(|known| known.address == target))?;
        let far = other.1.network.as_deref().and_then(|name| product.network(name));
        if switch.is_some() && far.map(switch_of) != switch {
            return None;
        }
        let theirs = other.1.vlan.or_else(|| far.and_then(|network| network.vlan));
        facts.push(evidence(
            "fact-vlan",
            format!("{}: {}", s.machine_name(), own?),
            machines_source(s),
        ));
        facts.push(evidence(
            "fact-vlan",
            format!("{}: {}", other.0.name, theirs?),
            machines_source(s),
        ));
        return Some(Ends {
            own: own?,
            other: theirs,
            facts,
        });
    }
    if s.crosses_uplink() && !matches!(Lease::of(s), Lease::Refused(_)) {
        return None;
    }
    let own = own?;
    facts.push(evidence(
        "fact-vlan",
        format!("{}: {own}", s.machine_name()),
        machines_source(s),
    ));
    // The host's own card on the switch (Hyper-V).
    let host = s
        .network
        .and_then(|network| network.settings.get("host-vlan"))
        .and_then(|text| text.parse().ok());
    // Where the host's address is not known, neither is whether it is on the machine's segment.
    let beside = s.host_address().is_some_and(|host| !is_routed(s, host));
    if let Some(host) = host.filter(|_| !s.crosses_uplink() && beside) {
        facts.push(evidence(
            "fact-vlan",
            format!("{}: {host}", s.adapter_name()),
            networks_source(s),
        ));
        return Some(Ends {
            own,
            other: Some(host),
            facts,
        });
    }
    let other = by_hypervisor(s).map(|(vlan, fact, answered)| {
        facts.push(fact);
        facts.extend(answered);
        vlan
    });
    Some(Ends { own, other, facts })
}

/// The VLAN of the port group by which a remote hypervisor itself answers this host, which is then the host's own on that
/// switch; with the facts that show it.
fn by_hypervisor(s: &Situation<'_>) -> Option<(u16, Evidence, Vec<Evidence>)> {
    let product = s.product.filter(|_| !s.crosses_uplink())?;
    let switch = s.network.map(switch_of)?;
    s.own_addresses().into_iter().find_map(|(card, net)| {
        let group = product.network(product.settings.get(&format!("portgroup-{card}"))?)?;
        let seen = s.seen(Place::Host, net.addr());
        let beside = s.host().adapter_on_segment(net.addr()).is_some()
            && s.guest_ip.is_some_and(|guest| net.contains(&guest));
        let answers = seen.echo_replies() || seen.link() == Link::Answered;
        if switch_of(group) != switch || !beside || !answers {
            return None;
        }
        let fact = evidence(
            "fact-vlan",
            format!("{card} {net} · {}: {}", group.name, group.vlan?),
            networks_source(s),
        );
        Some((group.vlan?, fact, seen_facts(&seen)))
    })
}

/// Whether a router lies between the guest and the other end: it joins VLANs, and each may well be in its own.
fn is_routed(s: &Situation<'_>, other: IpAddr) -> bool {
    let segments = [
        inside::card(s).map(|card| card.nets().collect::<Vec<_>>()),
        s.host_adapter.map(|own| own.nets().collect()),
    ];
    let (Some(guest), Some(nets)) = (
        s.guest_ip,
        segments.into_iter().flatten().find(|nets| !nets.is_empty()),
    ) else {
        let on_segment = |segment: ipnet::IpNet| {
            s.guest_ip.is_none_or(|guest| segment.contains(&guest)) && segment.contains(&other)
        };
        return s.segment.is_some_and(|segment| !on_segment(segment));
    };
    !nets
        .iter()
        .any(|net| net.contains(&guest) && net.contains(&other))
}

/// The switch of a port group; a network of its own where the product has no port groups.
fn switch_of(network: &crate::model::VirtualNetwork) -> &str {
    network
        .settings
        .get("vswitch")
        .map_or(network.name.as_str(), String::as_str)
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let known = ends(s);
    let own = known.as_ref().map_or(20, |ends| ends.own);
    let other = known.and_then(|ends| ends.other).unwrap_or(0);
    let ask = Message::new("remedy-vlan-ask").with("vm", s.machine_name());
    let mut ways = match s.hypervisor {
        Some(HypervisorId::HyperV) => with_product(s, |product| {
            vec![remedy::set_card_vlan(product.machine, other, own)]
        }),
        Some(HypervisorId::Esxi) => vec![remedy::set_group_vlan(
            &s.network_name_or("VM Network"),
            other,
            own,
        )],
        _ => Vec::new(),
    };
    ways.push(remedy::ask(Where::Network, ask));
    ways
}
