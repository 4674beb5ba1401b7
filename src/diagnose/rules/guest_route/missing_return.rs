//! `missing-return-route`: one of the two ends, or a router between them, has no way to the other: what arrives gets
//! no answer, or what is sent goes nowhere.

use super::super::prelude::*;
use crate::model::LookUp;

rule!("missing-return-route", GuestRoute, Network, Stops, follows_from: ["vm-nic-on-wrong-network", "guest-missing-gateway", "guest-static-wrong-subnet", "wrong-mask", "guest-vpn-captures", "ip-forward-disabled", "host-no-uplink"], look_alikes: ["guest-firewall-blocks-inbound", "guest-missing-gateway", "hypervisor-filter-rules-lost", "rp-filter-drops"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    match (s.from, s.to) {
        (Endpoint::Host | Endpoint::Lan | Endpoint::Guest2, Endpoint::Guest) => {
            thrown_away(s).or_else(|| guest_lost(s))
        }
        (Endpoint::Guest, Endpoint::Lan | Endpoint::Internet) => thrown_away(s).or_else(|| beyond_lost(s)),
        (Endpoint::Guest, _) => thrown_away(s),
        _ => None,
    }
}

/// A row or rule of the guest's own throws away what it sends to the other end, whoever begins.
fn thrown_away(s: &Situation<'_>) -> Option<Found> {
    let to = inside::peer(s)?;
    let leaves = inside::way(s, to, own_source(s))?;
    // Where it is the default row, the guest has no gateway (`guest-missing-gateway`).
    let is_default = matches!(s.guest().look_up(to, own_source(s)), LookUp::Row(row) if row.discards() && row.destination.prefix_len() == 0);
    (leaves.discarded && !is_default).then(|| {
        Found::new(Confidence::Confirmed)
            .arg("gap", "discards")
            .arg("row", &leaves.row)
            .arg("peer", to)
            .arg("who", s.machine_name())
            .stands_on("fact-guest-route", leaves.row, leaves.source)
            .facts(probe_facts(s))
    })
}

/// The address that the guest's packets carry, where that is settled: answers have the address that was asked.
fn own_source(s: &Situation<'_>) -> Option<IpAddr> {
    s.guest_ip.filter(|_| s.to == Endpoint::Guest)
}

/// The guest itself has no way to whoever asks.
fn guest_lost(s: &Situation<'_>) -> Option<Found> {
    // An address that the guest made up has no way anywhere, and that is not what is wrong with it.
    if s.guest_ip.is_some_and(crate::model::is_link_local) {
        return None;
    }
    // One that has another address by now answers for no other (`stale-address`, `guest-static-wrong-subnet`).
    let adapters = s.guest().adapters.rows();
    let holds = |address| adapters.iter().any(|adapter| adapter.holds(address));
    let has_other = inside::cards(s).iter().any(|card| card.main_address().is_some());
    if has_other && s.guest_ip.is_some_and(|address| !holds(address)) {
        return None;
    }
    let to = inside::peer(s)?;
    let leaves = inside::way(s, to, own_source(s))?;
    // Two halves of a table that was not read whole are no proof of a missing row.
    let nothing = leaves.adapter.is_none();
    let routed = s.guest().routes.value().is_some_and(|rows| !rows.is_empty())
        || s.guest().system_look_up(to).is_some();
    // On a segment of its own the guest would have a row for it: without its addresses a wrong mask looks the same.
    let own_segment = s.guest().adapter_on_segment(to).is_some();
    let beyond = s.segment.is_some_and(|segment| !segment.contains(&to));
    let confidence = if own_segment || beyond {
        Confidence::Confirmed
    } else {
        Confidence::Likely
    };
    (nothing && routed).then(|| {
        Found::new(confidence)
            .arg("gap", "missing")
            .arg("peer", to)
            .arg("who", s.machine_name())
            .fact("fact-guest-route", format!("{to}: {}", leaves.row), leaves.source)
            .facts(probe_facts(s))
    })
}

/// A routed segment is translated by nobody: whoever is asked must know the way to it.
fn beyond_lost(s: &Situation<'_>) -> Option<Found> {
    let segment = s.segment?;
    let guest = s.guest_ip.filter(|guest| segment.contains(guest))?;
    // Where the host translates, the far side sees the host's address and needs no route.
    let packet_filter = s.host().filter.value();
    let translated = packet_filter.is_some_and(|packet_filter| {
        filter::translated_segments(packet_filter)
            .iter()
            .any(|own| crate::model::overlap(*own, segment))
    });
    let routed = s.mode == Some(Mode::Routed);
    if translated || !routed {
        return None;
    }
    let lan = &s.case.lan;
    let own_lan = s
        .host()
        .default_routes()
        .first()
        .and_then(|row| s.host().adapter(row.adapter.as_deref()?))
        .and_then(|adapter| adapter.main_address());
    if s.to == Endpoint::Lan && lan.routes.is_known() {
        let answer = lan.look_up(guest, None);
        let right = match answer {
            LookUp::Row(row) => row.via.is_some() && row.via == own_lan.map(IpAddr::V4),
            LookUp::Unknown => return None,
            _ => false,
        };
        let row = match answer {
            LookUp::Row(row) => row.describe(),
            _ => "no route".to_owned(),
        };
        // By its router the answer may still find the way, if the router knows the segment.
        let by_router = matches!(answer, LookUp::Row(row) if row.via.is_some());
        let confidence = if by_router {
            Confidence::Likely
        } else {
            Confidence::Confirmed
        };
        return (!right).then(|| {
            Found::new(confidence)
                .arg("gap", "missing")
                .arg("peer", guest)
                .arg(
                    "who",
                    s.target
                        .map_or_else(|| "LAN".to_owned(), |target| target.to_string()),
                )
                .fact("fact-far-route", format!("{guest}: {row}"), lan.routes.source())
                .fact("fact-segment", segment, s.host().adapters.source())
        });
    }
    let place = s.start_place()?;
    let fails = s.asked() == Asked::Fails;
    // The guest gets as far as the host, and the host itself gets there.
    let near = s
        .gateway()
        .is_some_and(|gateway| s.seen(place, gateway).echo_replies());
    let host_works = s
        .destination()
        .is_some_and(|to| s.seen(Place::Host, to).echo_replies());
    (fails && near && host_works).then(|| {
        Found::new(Confidence::Likely)
            .from_silence()
            .arg("gap", "missing")
            .arg("peer", guest)
            .arg(
                "who",
                s.destination()
                    .map_or_else(|| "?".to_owned(), |to| to.to_string()),
            )
            .fact("fact-segment", segment, s.host().adapters.source())
            .facts(s.asked_seen().map(|seen| seen_facts(&seen)).unwrap_or_default())
    })
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let os = guest_os(s);
    let segment = segment_or_example(s);
    if thrown_away(s).is_some() {
        return open_way(s, os);
    }
    if s.to == Endpoint::Guest {
        let peer = inside::peer(s).unwrap_or_else(|| IpAddr::from([192, 0, 2, 1]));
        let on_segment = segment.contains(&peer);
        let destination = if on_segment {
            segment
        } else {
            ipnet::IpNet::from(peer)
        };
        let via = s.gateway().filter(|_| !on_segment);
        return remedy::guest_route(os, destination, &card_name(s), via);
    }
    let router = s
        .host()
        .default_routes()
        .first()
        .and_then(|row| s.host().adapter(row.adapter.as_deref()?))
        .and_then(|adapter| adapter.main_address())
        .map_or_else(|| "HOST-ADDRESS".to_owned(), |address| address.to_string());
    vec![
        remedy::ask(
            Where::Network,
            Message::new("remedy-return-route-ask")
                .with("segment", segment)
                .with("router", router),
        ),
        remedy::ask(
            Where::Host,
            Message::new("remedy-translate-ask").with("network", s.network_name()),
        ),
    ]
}

/// Takes out the row of the guest's that throws packets away, or lets its main table be asked before the rule does.
fn open_way(s: &Situation<'_>, os: Os) -> Vec<Remedy> {
    let Some(to) = inside::peer(s) else {
        return Vec::new();
    };
    match s.guest().look_up(to, own_source(s)) {
        LookUp::Row(row) if row.discards() => remedy::delete_route(
            Where::Guest,
            os,
            row.destination,
            row.via,
            row.adapter.as_deref(),
            &row.describe(),
        ),
        LookUp::Policy(rule) => vec![remedy::rule_before(
            Where::Guest,
            rule.priority,
            ipnet::IpNet::from(to),
        )],
        // Only its system's own answer is known: a row for the other end alone comes before any other.
        _ => {
            let via = s.gateway().filter(|_| !segment_or_example(s).contains(&to));
            remedy::guest_route(os, ipnet::IpNet::from(to), &card_name(s), via)
        }
    }
}
