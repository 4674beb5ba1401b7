//! Causes at the host as a router.

pub mod backends;
pub mod br_netfilter;
pub mod docker_drop;
pub mod ip_forward;
pub mod network_manager;
pub mod policy_drop;
pub mod rp_filter;
pub mod rules_lost;

use super::prelude::*;
use crate::model::PacketFilter;

/// Whether the traffic passes through the host's own kernel between the segment and another one.
fn routes_here(s: &Situation<'_>) -> bool {
    let crosses = match s.direction() {
        Some(Direction::GuestToInternet | Direction::LanToGuest) => true,
        Some(Direction::GuestToGuest) => leaves_segment(s),
        _ => false,
    };
    crosses && s.host_forwards() && s.host_adapter.is_some()
}

/// Whether the second machine is in another segment, so that the host stands between the two.
fn leaves_segment(s: &Situation<'_>) -> bool {
    s.segment
        .zip(s.target)
        .is_some_and(|(segment, target)| !segment.contains(&target))
}

/// The adapter that the host's default route leaves by.
fn uplink_name(s: &Situation<'_>) -> Option<String> {
    let to = s.target.unwrap_or_else(|| IpAddr::from([192, 0, 2, 53]));
    match s.way_to(to) {
        Way::Adapter { name, .. } => Some(name),
        _ => s
            .host()
            .default_routes()
            .first()
            .and_then(|row| row.adapter.clone()),
    }
}

/// The adapters that the traffic may leave by: the one that the look-up or the default route names, else every one that
/// could be the uplink.
fn uplinks<'a>(s: &Situation<'a>) -> Vec<&'a Adapter> {
    let host = s.host();
    if let Some(name) = uplink_name(s) {
        return host.adapter(&name).into_iter().collect();
    }
    let own = s.host_adapter.map(|adapter| adapter.name.as_str());
    let could_be = |adapter: &&Adapter| {
        adapter.kind != AdapterKind::Loopback
            && adapter.master.is_none()
            && Some(adapter.name.as_str()) != own
            && adapter.ipv4().next().is_some()
            && !adapter.is_tunnel()
            && !role::is_machine_port(adapter)
            && !role::is_container(&adapter.name)
            && !role::is_virtual(adapter)
    };
    host.adapters.rows().iter().filter(could_be).collect()
}

/// The packet that the traffic asked for begins with, as the host forwards it by this uplink.
fn packet_by<'a>(s: &Situation<'a>, uplink: &'a Adapter) -> Option<Packet<'a>> {
    if !routes_here(s) {
        return None;
    }
    let (guest, uplink) = (s.guest_ip?, uplink.name.as_str());
    let outside = s.target.unwrap_or_else(|| IpAddr::from([192, 0, 2, 53]));
    let adapter = s.host_adapter?.name.as_str();
    Some(match s.direction() {
        Some(Direction::LanToGuest) => first_packet(s, outside, guest, Some(uplink), Some(adapter)),
        _ => first_packet(s, guest, outside, Some(adapter), Some(uplink)),
    })
}

/// The packet that the traffic asked for begins with, as the host forwards it.
fn forward_packet<'a>(s: &Situation<'a>) -> Option<Packet<'a>> {
    packet_by(s, uplinks(s).first()?)
}

/// Where the forward chains stop the guest's first packet to the outside.
fn forward_stop<'a>(s: &Situation<'a>) -> Option<filter::Stop<'a>> {
    forward_stops(s).into_iter().next()
}

/// Every place where the forward chains stop the guest's first packet to the outside, or the answer, whichever
/// adapter it may leave by.
fn forward_stops<'a>(s: &Situation<'a>) -> Vec<filter::Stop<'a>> {
    let Some(packet_filter) = s.host().filter.value() else {
        return Vec::new();
    };
    let mut by_uplink = uplinks(s)
        .into_iter()
        .filter_map(|uplink| packet_by(s, uplink))
        .map(|packet| stops_of(packet_filter, packet));
    let first = by_uplink.next().unwrap_or_default();
    let others: Vec<_> = by_uplink.collect();
    let everywhere = |stop: &filter::Stop<'_>| others.iter().all(|stops| stops.contains(stop));
    first.into_iter().filter(everywhere).collect()
}

fn stops_of<'a>(packet_filter: &'a PacketFilter, packet: Packet<'_>) -> Vec<filter::Stop<'a>> {
    let mut stops = filter::stops(packet_filter, Hook::Forward, &packet);
    // The answers take the same chains the other way.
    let mut answer = packet.answered();
    (answer.input, answer.output) = (answer.output, answer.input);
    (answer.source, answer.destination) = (answer.destination, answer.source);
    for stop in filter::stops(packet_filter, Hook::Forward, &answer) {
        if !stops.contains(&stop) {
            stops.push(stop);
        }
    }
    stops
}

/// Docker's own mark is the policy; a rule that drops was written by somebody else.
fn is_dockers(s: &Situation<'_>, stop: &filter::Stop<'_>) -> bool {
    stop.rule.is_none() && has_docker(s)
}

/// The filter could not be read, forwarding is on, the guest is there and the host itself gets outside: what the guest
/// sends through the host vanishes in the host.
fn vanishes_here(s: &Situation<'_>) -> Option<Vec<Evidence>> {
    let readable = s.host().is_filter_read();
    let outward = s.direction() == Some(Direction::GuestToInternet);
    if readable || !outward || !routes_here(s) || s.asked() != Asked::Fails {
        return None;
    }
    if s.host().switch("net.ipv4.ip_forward") != Some("1") {
        return None;
    }
    // What the guest itself had no way for was never sent.
    let not_sent = |kind: EchoErrorKind| {
        s.asked_seen()
            .is_some_and(|seen| seen.echo_error(kind) == Some(None))
    };
    if not_sent(EchoErrorKind::NoRoute) || not_sent(EchoErrorKind::NotPermitted) {
        return None;
    }
    let guest_is_there = s
        .guest_seen()
        .is_some_and(|seen| matches!(seen.link(), Link::Answered | Link::Cached));
    let (_, _, probe) = seen::outside_attempts(s, Place::Host)
        .into_iter()
        .find(|(to, passed, _)| *passed && s.host().adapter_on_segment(*to).is_none())?;
    let to = probe.to?;
    guest_is_there.then(|| {
        let mut facts = vec![evidence(
            "fact-kernel-switch",
            "net.ipv4.ip_forward = 1",
            "/proc/sys",
        )];
        facts.extend(seen_facts(&s.seen(Place::Host, to)));
        facts.extend(
            s.target
                .into_iter()
                .flat_map(|target| seen_facts(&s.seen(Place::Guest, target))),
        );
        facts
    })
}

/// Whether a chain of Docker's stands in the filter.
fn has_dockers_chain(s: &Situation<'_>) -> bool {
    s.host().filter.value().is_some_and(|packet_filter| {
        packet_filter.chains.iter().any(|chain| {
            chain.name == "DOCKER-USER" || chain.name == "DOCKER" || chain.name == "DOCKER-FORWARD"
        })
    })
}

/// Whether Docker wrote rules into this filter.
fn has_docker(s: &Situation<'_>) -> bool {
    let chains = has_dockers_chain(s);
    let bridge = || {
        s.host()
            .adapters
            .rows()
            .iter()
            .any(|adapter| adapter.name == "docker0")
    };
    let unread = !s.host().is_filter_read();
    chains || (unread && bridge()) || s.host().filter_managers.rows().contains(&FilterManager::Docker)
}
