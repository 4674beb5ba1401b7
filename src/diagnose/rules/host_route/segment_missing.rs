//! `segment-route-missing`: the guest's segment lies behind a router, and the machine that looks for it has no route there.

use super::super::prelude::*;
use crate::model::{LookUp, System};

rule!("segment-route-missing", HostRoute, Network, Stops, follows_from: ["host-vnic-missing", "host-vnic-down", "host-vnic-disabled", "virtual-network-not-started"], look_alikes: ["missing-return-route", "guest-static-wrong-subnet", "ip-forward-disabled"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    let guest = s.guest_ip?;
    match s.direction()? {
        Direction::HostToGuest | Direction::GuestToHost => from_the_host(s, guest),
        Direction::LanToGuest => from_the_lan(s, guest),
        _ => None,
    }
}

/// How a table misses a segment: no row at all, or only the default one.
fn misses(system: &System, guest: IpAddr) -> Option<(bool, String)> {
    match system.look_up(guest, None) {
        LookUp::NoRoute => Some((true, "no route".to_owned())),
        LookUp::Row(row) if row.is_default() => Some((false, row.describe())),
        _ => None,
    }
}

fn from_the_host(s: &Situation<'_>, guest: IpAddr) -> Option<Found> {
    let host = s.host();
    host.adapters.value()?;
    let routed = s.mode == Some(Mode::Routed);
    if host.adapter_on_segment(guest).is_some()
        || crate::model::is_link_local(guest)
        || !(routed || router(s).is_some())
    {
        return None;
    }
    let (nothing, row) = misses(host, guest)?;
    // Where the router is seen to stand beside the host, a way through any other is wrong.
    let router = router(s);
    let confidence = match (&router, nothing) {
        (Some(_), _) => Confidence::Confirmed,
        (None, true) => Confidence::Confirmed,
        (None, false) => Confidence::Likely,
    };
    if s.guest_seen().is_some_and(|seen| seen.link() == Link::Answered) {
        return None;
    }
    Some(
        Found::new(confidence)
            .arg("who", "host")
            .arg(
                "via",
                router
                    .as_ref()
                    .map_or_else(|| "—".to_owned(), |(via, _)| via.to_string()),
            )
            .fact("fact-route", row, host.routes.source())
            .facts(router.map(|(via, source)| evidence("fact-gateway", via, source)))
            .facts(probe_facts(s)),
    )
}

fn from_the_lan(s: &Situation<'_>, guest: IpAddr) -> Option<Found> {
    if s.mode != Some(Mode::Routed) {
        return None;
    }
    let lan = &s.case.lan;
    if lan.adapter_on_segment(guest).is_some() {
        return None;
    }
    let (nothing, row) = misses(lan, guest)?;
    let own = s.host().adapters.rows();
    // The default row may lead through the host.
    let through_host = match lan.look_up(guest, None) {
        LookUp::Row(row) => row
            .via
            .is_some_and(|via| own.iter().any(|adapter| adapter.holds(via))),
        _ => false,
    };
    let seen = s.seen(Place::Lan, guest);
    let turned_away = [EchoErrorKind::NetUnreachable, EchoErrorKind::HostUnreachable]
        .into_iter()
        .any(|kind| matches!(seen.echo_error(kind), Some(Some(_))));
    let confidence = if nothing || turned_away {
        Confidence::Confirmed
    } else {
        Confidence::Likely
    };
    (!through_host).then(|| {
        Found::new(confidence)
            .arg("who", "lan")
            .arg(
                "via",
                host_on_lan(s).map_or_else(|| "—".to_owned(), |via| via.to_string()),
            )
            .fact("fact-route", row, lan.routes.source())
            .facts(seen_facts(&seen))
    })
}

/// The host's address on the physical segment, which others must send the segment's packets to.
fn host_on_lan(s: &Situation<'_>) -> Option<IpAddr> {
    let host = s.host();
    let row = host.default_routes().into_iter().next()?;
    let adapter = host.adapter(row.adapter.as_deref()?)?;
    adapter.main_address().map(IpAddr::V4)
}

/// A machine that is in a segment of the host and in the guest's: the guest's gateway is one of its addresses.
fn router(s: &Situation<'_>) -> Option<(IpAddr, String)> {
    let guest = s.guest_ip?;
    let gateway = s.guest().default_routes().into_iter().find_map(|row| row.via);
    let host = s.host();
    let beside_host =
        |address: IpAddr| host.adapter_on_segment(address).is_some() && host.holds(address) != Some(true);
    // As the second machine tells it.
    let second = &s.case.guest2;
    let meets_guest = second
        .adapters
        .rows()
        .iter()
        .any(|adapter| adapter.on_segment_of(guest).is_some());
    let mut own = second
        .adapters
        .rows()
        .iter()
        .flat_map(|adapter| adapter.nets())
        .map(|net| net.addr());
    if meets_guest && let Some(via) = own.find(|address| beside_host(*address)) {
        return Some((via, second.adapters.source().to_owned()));
    }
    // As the product tells it: a machine with a card in each.
    case_machines(s).find_map(|machine| {
        let addresses = || machine.nics.iter().flat_map(|nic| &nic.addresses);
        let inside = addresses().any(|known| Some(known.address) == gateway);
        let via = addresses().find(|known| beside_host(known.address))?;
        inside.then(|| (via.address, format!("{} ({})", machine.name, via.source)))
    })
}

fn case_machines<'a>(s: &Situation<'a>) -> impl Iterator<Item = &'a crate::model::Machine> {
    s.case
        .hypervisors
        .iter()
        .flat_map(|product| product.machines.rows())
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let prefix = s
        .case
        .intake
        .guest_ip
        .and_then(|(_, prefix)| prefix)
        .unwrap_or(24);
    let segment = s
        .segment
        .filter(|segment| s.guest_ip.is_none_or(|guest| segment.contains(&guest)))
        .or_else(|| s.guest_ip.and_then(|guest| ipnet::IpNet::new(guest, prefix).ok()))
        .unwrap_or_else(|| segment_or_example(s))
        .trunc();
    if s.direction() == Some(Direction::LanToGuest) {
        let host = host_on_lan(s).map_or_else(|| "HOST-ADDRESS".to_owned(), |via| via.to_string());
        return vec![remedy::ask(
            Where::Network,
            Message::new("remedy-route-on-router-ask")
                .with("segment", segment)
                .with("via", host),
        )];
    }
    match router(s) {
        Some((via, _)) => remedy::route_via(Where::Host, s.host_os, segment, via),
        // Without a case it is shown with a stand-in (RFC 5737).
        None if without_case(s) => {
            remedy::route_via(Where::Host, s.host_os, segment, IpAddr::from([198, 51, 100, 1]))
        }
        None => vec![remedy::ask(
            Where::Host,
            Message::new("remedy-route-via-ask").with("segment", segment),
        )],
    }
}
