//! `stale-address`: the address that is tried is not the guest's any more.

use super::super::prelude::*;
use crate::model::{Neighbor, NeighborState};

rule!("stale-address", Addressing, Guest, Stops, follows_from: ["vm-not-running", "virtual-cable-disconnected", "tap-detached-from-bridge", "virtual-network-not-started", "guest-static-overridden-by-dhcp", "guest-nic-not-started", "guest-nic-renamed", "guest-nic-driver-missing", "host-vnic-address-conflict", "hyperv-default-switch-changed"], look_alikes: ["vm-not-running", "guest-static-wrong-subnet"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    let tried = s.guest_ip?;
    if !s.involves_guest() || s.guest_seen().is_some_and(|seen| seen.link() == Link::Answered) {
        return None;
    }
    if let Some((current, source)) = lives_at(s, tried) {
        return Some(
            Found::new(Confidence::Likely)
                .arg("current", current.address)
                .fact("fact-address", tried, &s.guest_ip_source)
                .fact("fact-neighbor", neighbor_text(current), source)
                .facts(probe_facts(s)),
        );
    }
    if s.guest_ip_source != "user" {
        return None;
    }
    let (current, source) = current_addresses(s)?;
    if current.contains(&tried) || !s.segment.is_some_and(|segment| segment.contains(&tried)) {
        return None;
    }
    let newest = current
        .iter()
        .find(|address| address.is_ipv4() == tried.is_ipv4())?;
    Some(
        Found::new(if s.case.intake.vm.is_some() || s.machine.is_some() {
            Confidence::Likely
        } else {
            Confidence::Possible
        })
        .arg("current", newest)
        .fact("fact-address", newest, source)
        .facts(probe_facts(s)),
    )
}

/// The neighbor that was confirmed a short while ago with the hardware address of the guest's card, while nobody answers for
/// the address that was tried: the wire knows better than a lease, or than what somebody remembers.
fn lives_at<'a>(s: &Situation<'a>, tried: IpAddr) -> Option<(&'a Neighbor, &'a str)> {
    let mac = s.nic?.mac?;
    let silent = s.guest_seen().is_some_and(|seen| seen.link() == Link::Silent);
    let table = &s.host().neighbors;
    let mut confirmed = table
        .rows()
        .iter()
        .filter(|entry| entry.mac == Some(mac) && entry.state == NeighborState::Reachable);
    let beside = |entry: &&Neighbor| {
        entry.address != tried
            && entry.address.is_ipv4() == tried.is_ipv4()
            && !crate::model::is_link_local(entry.address)
    };
    confirmed
        .find(beside)
        .filter(|_| silent)
        .map(|entry| (entry, table.source()))
}

fn neighbor_text(entry: &Neighbor) -> String {
    let mac = entry.mac.map(|mac| mac.to_string()).unwrap_or_default();
    let state = format!("{:?}", entry.state).to_uppercase();
    format!("{} {mac} {state}", entry.address)
}

/// The addresses that the guest is known to have now, and who says so.
fn current_addresses(s: &Situation<'_>) -> Option<(Vec<IpAddr>, String)> {
    let inside: Vec<IpAddr> = s
        .guest()
        .adapters
        .rows()
        .iter()
        .filter(|adapter| !role::is_container(&adapter.name))
        .flat_map(|adapter| adapter.nets())
        .map(|net| net.addr())
        .filter(|address| !address.is_loopback() && !crate::model::is_link_local(*address))
        .collect();
    if !inside.is_empty() {
        return Some((inside, s.guest().adapters.source().to_owned()));
    }
    let nic = s.nic?;
    let told: Vec<IpAddr> = nic.addresses.iter().map(|known| known.address).collect();
    if !told.is_empty() {
        let source = nic
            .addresses
            .first()
            .map(|known| known.source.clone())
            .unwrap_or_default();
        return Some((told, source));
    }
    let leases = s.network?.leases.as_ref()?;
    let lent: Vec<IpAddr> = leases
        .iter()
        .rev()
        .filter(|lease| lease.mac.is_some() && lease.mac == nic.mac)
        .map(|lease| lease.address)
        .collect();
    (!lent.is_empty()).then(|| (lent, "lease".to_owned()))
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let on_the_wire = s.guest_ip.and_then(|tried| lives_at(s, tried));
    let current = on_the_wire
        .map(|(entry, _)| entry.address)
        .or_else(|| current_addresses(s).and_then(|(addresses, _)| addresses.first().copied()));
    let address = current.map_or_else(|| "…".to_owned(), |address| address.to_string());
    let mut ways = vec![remedy::ask(
        Where::Host,
        Message::new("remedy-use-address-ask")
            .with("address", address)
            .with("vm", s.machine_name()),
    )];
    ways.extend(remedy::show_own_addresses(guest_os(s)));
    ways
}
