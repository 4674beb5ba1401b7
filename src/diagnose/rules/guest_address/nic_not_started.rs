//! `guest-nic-not-started`: the guest's card is switched off inside the guest, or nothing there sets it up.

use super::super::prelude::*;

rule!("guest-nic-not-started", GuestAddress, Guest, Stops, follows_from: ["vm-not-running", "guest-nic-renamed", "guest-nic-driver-missing"], look_alikes: ["virtual-cable-disconnected", "guest-apipa", "guest-nic-renamed", "no-dhcp-on-network"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    if !s.involves_guest() {
        return None;
    }
    let source = s.guest().adapters.source();
    if let Some(off) = off(s) {
        return Some(Found::new(Confidence::Confirmed).arg("card", &off.name).fact(
            "fact-guest-card",
            said::then(&off.name, said::word("value-down")),
            source,
        ));
    }
    let adapter = idle(s)?;
    // Up and plugged in, and no address. Who set it up, if anybody?
    if adapter.enabled != Some(true) || adapter.carrier == Some(false) || adapter.addresses.is_none() {
        return None;
    }
    let asked = s.case.probes.iter().any(|probe| {
        probe.from == Place::Guest && matches!(probe.result, crate::model::ProbeResult::Dhcp { .. })
    });
    if asked || adapter.dhcp == Some(true) {
        return None;
    }
    let settings = s.guest().settings.value()?;
    let mut own = settings.iter().filter(|row| {
        row.adapter
            .as_deref()
            .is_some_and(|name| name.eq_ignore_ascii_case(&adapter.name))
            || (row.mac.is_some() && row.mac == adapter.mac)
    });
    let said_off = own.clone().any(|row| row.active == Some(false));
    if own.any(|row| row.active != Some(false)) {
        return None;
    }
    let confidence = if said_off {
        Confidence::Confirmed
    } else {
        Confidence::Likely
    };
    let holder = settings.first().map_or("", |row| row.holder.as_str()).to_owned();
    Some(
        Found::new(confidence)
            .arg("card", &adapter.name)
            .fact(
                "fact-guest-card",
                said::then(&adapter.name, said::word("value-up-no-address")),
                source,
            )
            .fact("fact-card-settings", format!("{}: —", adapter.name), holder),
    )
}

/// The card that is meant and is switched off, with or without an address: Linux keeps it. An answer outvotes a list
/// that may be old.
fn off<'a>(s: &Situation<'a>) -> Option<&'a crate::model::Adapter> {
    let answers = s.guest_seen().is_some_and(|seen| seen.link() == Link::Answered);
    inside::card(s)
        .or_else(|| idle(s))
        .filter(|card| card.enabled == Some(false) && !answers)
}

/// The card that is meant and has no IPv4 address. Where the guest holds its address on another card, none is.
fn idle<'a>(s: &Situation<'a>) -> Option<&'a crate::model::Adapter> {
    let without = |adapter: &&crate::model::Adapter| adapter.ipv4().next().is_none();
    if let Some(own) = inside::card(s) {
        return Some(own).filter(without);
    }
    let all = inside::cards(s);
    let mut idle = all.iter().copied().filter(without);
    match (idle.next(), idle.next()) {
        // Another card with an address may be the one that is meant.
        (Some(only), None) if all.len() == 1 => Some(only),
        (Some(first), _) if all.iter().all(|card| card.ipv4().next().is_none()) => {
            let off = all.iter().all(|card| card.enabled == Some(false));
            off.then_some(first)
        }
        _ => None,
    }
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let os = guest_os(s);
    let name = off(s)
        .or_else(|| idle(s))
        .map_or_else(|| guest_adapter_name(s), |adapter| adapter.name.clone());
    let mut ways = Vec::new();
    if off(s).is_some() || idle(s).is_none_or(|adapter| adapter.enabled != Some(true)) {
        ways.extend(remedy::enable_adapter(Where::Guest, os, &name));
    }
    ways.extend(remedy::renew_lease(os, &name));
    ways.extend(remedy::start_at_boot(os, &name));
    ways
}
