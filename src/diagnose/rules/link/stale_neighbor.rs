//! `stale-neighbor`: a neighbor entry that was set by hand names a card that is not (any more) the other end's.

use super::super::prelude::*;
use crate::model::{Mac, Neighbor, NeighborState};

rule!("stale-neighbor", Link, Host, Stops, follows_from: ["vm-not-running"], look_alikes: ["duplicate-ip", "guest-firewall-blocks-inbound", "duplicate-mac"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    if !meets_host(s) {
        return None;
    }
    let wrong = wrong_entry(s)?;
    let entry = wrong.entry;
    let mac = entry.mac?;
    let state = format!("{:?}", entry.state).to_uppercase();
    let mut found = Found::new(wrong.confidence)
        .arg("address", entry.address)
        .arg("entry", mac)
        .fact(
            "fact-neighbor",
            format!("{} {mac} {state}", entry.address),
            wrong.told_by,
        );
    if let Some((right, source)) = &wrong.right {
        found = found.arg("right", right).fact("fact-mac", right, source);
    } else {
        found = found.arg("right", "?").from_silence();
    }
    Some(found.facts(s.asked_seen().map(|seen| seen_facts(&seen)).unwrap_or_default()))
}

struct Wrong<'a> {
    on: Where,
    entry: &'a Neighbor,
    told_by: &'a str,
    right: Option<(Mac, String)>,
    confidence: Confidence,
}

/// The entry for the other end, on the host or in the guest.
fn wrong_entry<'a>(s: &Situation<'a>) -> Option<Wrong<'a>> {
    on_the_host(s).or_else(|| in_the_guest(s))
}

fn by_hand(entry: &&Neighbor, address: IpAddr) -> bool {
    let usable = entry.mac.is_some_and(|mac| !mac.is_zero() && !mac.is_group());
    entry.address == address && entry.state == NeighborState::Permanent && usable
}

fn on_the_host<'a>(s: &Situation<'a>) -> Option<Wrong<'a>> {
    let guest = s.guest_ip?;
    let table = &s.host().neighbors;
    let entry = table.rows().iter().find(|entry| by_hand(entry, guest))?;
    // An entry on an adapter that the packets do not leave by is not asked.
    if let (Way::Adapter { name, .. }, Some(own)) = (s.way_to(guest), &entry.adapter)
        && name != *own
    {
        return None;
    }
    let mac = entry.mac?;
    let seen = s.seen(Place::Host, guest);
    let answering = seen.neighbor().and_then(|check| check.macs.first().copied());
    let inside = s
        .guest()
        .adapters
        .rows()
        .iter()
        .find(|adapter| adapter.holds(guest))
        .and_then(|adapter| adapter.mac);
    let configured = s.nic.and_then(|nic| nic.mac);
    let right = answering
        .map(|mac| (mac, "ARP".to_owned()))
        .or_else(|| inside.map(|mac| (mac, s.guest().adapters.source().to_owned())))
        .or_else(|| {
            configured.map(|mac| {
                (
                    mac,
                    s.product
                        .map_or("", |product| product.machines.source())
                        .to_owned(),
                )
            })
        });
    let confidence = match &right {
        Some((right, _)) if right.same_card(mac) => return None,
        Some(_) => Confidence::Confirmed,
        // Hyper-V keeps right entries of this kind for its own machines.
        None if s.asked() == Asked::Fails
            && seen.echo_is_silent()
            && !matches!(s.hypervisor, Some(HypervisorId::HyperV | HypervisorId::Wsl2)) =>
        {
            Confidence::Possible
        }
        None => return None,
    };
    Some(Wrong {
        on: Where::Host,
        entry,
        told_by: table.source(),
        right,
        confidence,
    })
}

fn in_the_guest<'a>(s: &Situation<'a>) -> Option<Wrong<'a>> {
    let host = s.host_address()?;
    let table = &s.guest().neighbors;
    let entry = table.rows().iter().find(|entry| by_hand(entry, host))?;
    let right = s.host_adapter.filter(|adapter| adapter.holds(host))?.mac?;
    (!right.same_card(entry.mac?)).then(|| Wrong {
        on: Where::Guest,
        entry,
        told_by: table.source(),
        right: Some((right, s.host().adapters.source().to_owned())),
        confidence: Confidence::Confirmed,
    })
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    match wrong_entry(s) {
        Some(wrong) => {
            let os = if wrong.on == Where::Guest {
                guest_os(s)
            } else {
                s.host_os
            };
            let entry = wrong.entry;
            remedy::forget_neighbor(wrong.on, os, entry.address, entry.adapter.as_deref(), entry.mac)
        }
        None => remedy::forget_neighbor(
            Where::Host,
            s.host_os,
            s.guest_ip.unwrap_or_else(|| IpAddr::from([192, 0, 2, 10])),
            s.host_adapter.map(|adapter| adapter.name.as_str()),
            None,
        ),
    }
}
