//! `br-netfilter-filters-bridge`: frames that only cross a bridge are handed to the IP filter, which drops them.

use super::super::prelude::*;
use super::has_docker;

rule!("br-netfilter-filters-bridge", Forwarding, Host, Stops, follows_from: ["tap-detached-from-bridge", "virtual-cable-disconnected", "vm-not-running"], look_alikes: ["docker-forward-drop", "host-forward-policy-drop", "guest-firewall-blocks-inbound", "port-security-blocks-guest"]);

const SWITCH: &str = "net.bridge.bridge-nf-call-iptables";
const SWITCH6: &str = "net.bridge.bridge-nf-call-ip6tables";

fn check(s: &Situation<'_>) -> Option<Found> {
    let (bridge, ends) = crossing(s)?;
    let name = if ends.1.is_ipv4() { SWITCH } else { SWITCH6 };
    if s.host().switch(name) != Some("1") {
        return None;
    }
    let facts = [switch_fact(s, name, "1"), adapter_fact(s, bridge)];
    if let Some(stop) = stop(s) {
        return Some(
            Found::new(Confidence::Confirmed)
                .arg("rule", stop.describe())
                .fact("fact-filter-rule", stop.describe(), s.host().filter.source())
                .facts(facts),
        );
    }
    // The filter could not be read: the wire is up, and what is more than ARP vanishes.
    let unread = !s.host().is_filter_read();
    let seen = s.asked_seen()?;
    let confidence = match first_hop(s).map_or_else(|| seen.link(), |hop| hop.link()) {
        Link::Answered | Link::Cached => Confidence::Likely,
        // Nobody looked whether the questions for hardware addresses are answered.
        Link::Unknown => Confidence::Possible,
        Link::Silent => return None,
    };
    (unread && has_docker(s) && s.asked() == Asked::Fails).then(|| {
        Found::new(confidence)
            .arg("rule", "?")
            .facts(facts)
            .facts(seen_facts(&seen))
    })
}

/// The router that the guest hands its packets to, as the guest sees it, where they go outside.
fn first_hop<'a>(s: &Situation<'a>) -> Option<Seen<'a>> {
    let outside = s.direction() == Some(Direction::GuestToInternet);
    let router = inside::way(s, inside::peer(s).filter(|_| outside)?, None)?.via?;
    Some(s.seen(Place::Guest, router))
}

/// The bridge that the frames cross, where both ends hang on it, and the two ends' addresses.
fn crossing<'a>(s: &Situation<'a>) -> Option<(&'a crate::model::Adapter, (IpAddr, IpAddr))> {
    let bridge = s
        .host_adapter
        .filter(|adapter| adapter.kind == AdapterKind::Bridge)?;
    let guest = s.guest_ip?;
    let example = || IpAddr::from([192, 0, 2, 53]);
    let ends = match s.direction()? {
        Direction::GuestToGuest => {
            let other = s.target?;
            let beside = s.segment.is_some_and(|segment| segment.contains(&other));
            beside.then_some(())?;
            match s.from {
                Endpoint::Guest2 => (other, guest),
                _ => (guest, other),
            }
        }
        Direction::GuestToInternet if is_bridged(s) => (guest, s.target.unwrap_or_else(example)),
        Direction::LanToGuest if is_bridged(s) => (s.target.unwrap_or_else(example), guest),
        _ => return None,
    };
    Some((bridge, ends))
}

/// Where the forward chains stop the bridged packet, or its answer.
fn stop<'a>(s: &Situation<'a>) -> Option<filter::Stop<'a>> {
    let packet_filter = s.host().filter.value()?;
    let (bridge, (from, to)) = crossing(s)?;
    let name = Some(bridge.name.as_str());
    let mut packet = first_packet(s, from, to, name, name);
    packet.bridged = true;
    if let Walk::Stopped(stop) = walk(packet_filter, Hook::Forward, &packet) {
        return Some(stop);
    }
    (packet.source, packet.destination) = (to, from);
    packet.state = ConnectionState::Established;
    if packet.content == Content::EchoRequest {
        packet.content = Content::EchoReply;
    }
    match walk(packet_filter, Hook::Forward, &packet) {
        Walk::Stopped(stop) => Some(stop),
        _ => None,
    }
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let chain = stop(s)
        .zip(s.host().filter.value())
        .map(|(stop, packet_filter)| base_chain(packet_filter, &stop, Hook::Forward));
    remedy::pass_bridged(&s.adapter_name(), chain.as_ref())
}
