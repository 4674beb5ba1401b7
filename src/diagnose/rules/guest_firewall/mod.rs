//! Causes at the guest's filter and services.

pub mod access_list;
pub mod blocks_icmp;
pub mod blocks_inbound;
pub mod bound_to_loopback;
pub mod not_listening;
pub mod rejects;

use super::prelude::*;

/// Whether the wire to the guest is up as far as anything tells: it answers, or a neighbor entry was learned.
fn wire_is_up(s: &Situation<'_>, seen: &Seen<'_>) -> bool {
    match seen.link() {
        Link::Answered | Link::Cached => true,
        Link::Silent => false,
        // Across a router there is no neighbor entry to look at.
        Link::Unknown => !s.is_direct() && s.guest_seen().is_some_and(|seen| seen.link() == Link::Answered),
    }
}

/// How sure it is that the guest's filter keeps what was seen to arrive.
fn at_the_filter(s: &Situation<'_>) -> Confidence {
    if captured::only_filter_is_left(s) {
        Confidence::Confirmed
    } else {
        Confidence::Likely
    }
}

/// Whether the host's own filter lets the guest's answers in; `None` when it could not be read.
fn answers_pass(s: &Situation<'_>) -> Option<bool> {
    let packet_filter = s.host().filter.value()?;
    let (guest, host) = (s.guest_ip?, s.host_address()?);
    let adapter = s.host_adapter?.name.as_str();
    let content = s.case.intake.port.map_or(Content::EchoReply, Content::Tcp);
    let packet = Packet {
        input: Some(adapter),
        output: None,
        source: guest,
        destination: host,
        content,
        state: ConnectionState::Established,
        bridged: false,
    };
    match walk(packet_filter, Hook::Input, &packet) {
        Walk::Passes => Some(true),
        Walk::Stopped(_) => Some(false),
        Walk::Unknown => None,
    }
}

/// The guest's filter opened for `what` from the segment, in the guest's own words.
fn remedy_inbound(s: &Situation<'_>, what: remedy::Let) -> Vec<Remedy> {
    let os = guest_os(s);
    let on = if s.to == Endpoint::Guest2 {
        Where::Guest2
    } else {
        Where::Guest
    };
    let system =
        s.to.place()
            .and_then(|place| s.case.system(place))
            .unwrap_or(s.guest());
    let chain = system
        .filter
        .value()
        .and_then(|packet_filter| stopping_chain(s, system, packet_filter));
    remedy::let_in(
        on,
        os,
        what,
        segment_or_example(s),
        None,
        chain.as_ref(),
        system.filter_managers.rows(),
    )
}

/// The chain of a machine's filter that stops what was asked for; else the first that has a policy.
fn stopping_chain(
    s: &Situation<'_>,
    system: &crate::model::System,
    packet_filter: &crate::model::PacketFilter,
) -> Option<remedy::Chain> {
    let stops = s.destination().zip(s.host_address()).and_then(|(to, from)| {
        let adapter = system
            .adapter_on_segment(to)
            .map(|(adapter, _)| adapter.name.as_str());
        match walk(
            packet_filter,
            Hook::Input,
            &first_packet(s, from, to, adapter, None),
        ) {
            Walk::Stopped(stop) => Some(base_chain(packet_filter, &stop, Hook::Input)),
            _ => None,
        }
    });
    stops.or_else(|| {
        packet_filter
            .chains
            .iter()
            .find(|chain| chain.hook == Some(Hook::Input) && chain.policy.is_some())
            .map(|chain| remedy::Chain {
                backend: chain.backend,
                family: chain.family,
                table: chain.table.clone(),
                name: chain.name.clone(),
            })
    })
}
