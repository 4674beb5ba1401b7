//! `guest-static-overridden-by-dhcp`: a static address is set up, and a DHCP client puts another in its place.

use ipnet::IpNet;

use super::super::prelude::*;
use crate::model::{AddressOrigin, CardSettings};

rule!("guest-static-overridden-by-dhcp", GuestAddress, Guest, Stops, follows_from: ["vm-not-running"], look_alikes: ["stale-address", "duplicate-ip", "guest-static-wrong-subnet"]);

/// The static settings, the address they want, and the one that is there instead.
struct Fight<'a> {
    row: &'a CardSettings,
    wanted: IpNet,
    has: IpNet,
    by_dhcp: bool,
}

fn check(s: &Situation<'_>) -> Option<Found> {
    if !s.involves_guest() {
        return None;
    }
    let fight = fight(s)?;
    // Only when the static address is the one that is asked for does it matter.
    let asked = s.guest_ip.is_none_or(|address| address == fight.wanted.addr());
    if !asked {
        return None;
    }
    let rival = s.guest().settings.rows().iter().find(|row| {
        row.holder != fight.row.holder && row.adapter == fight.row.adapter && row.dhcp == Some(true)
    });
    let confidence = if fight.by_dhcp || rival.is_some() {
        Confidence::Confirmed
    } else {
        Confidence::Likely
    };
    Some(
        Found::new(confidence)
            .arg("wanted", fight.wanted)
            .arg("has", fight.has)
            .arg("file", &fight.row.holder)
            .fact("fact-card-settings", fight.wanted, &fight.row.holder)
            .fact("fact-address", fight.has, s.guest().adapters.source())
            .facts(rival.map(|row| evidence("fact-card-settings", "DHCP", &row.holder))),
    )
}

fn fight<'a>(s: &Situation<'a>) -> Option<Fight<'a>> {
    let guest = s.guest();
    guest.settings.rows().iter().find_map(|row| {
        let name = row.adapter.as_deref()?;
        let wanted = *row.addresses.iter().find(|net| net.addr().is_ipv4())?;
        let adapter = guest.adapter(name)?;
        let addresses = adapter.addresses.as_ref()?;
        if adapter.holds(wanted.addr()) || row.active == Some(false) {
            return None;
        }
        let has = addresses
            .iter()
            .find(|own| own.net.addr().is_ipv4() && !crate::model::is_link_local(own.net.addr()))?;
        Some(Fight {
            row,
            wanted,
            has: has.net,
            by_dhcp: has.origin == AddressOrigin::Dhcp || adapter.dhcp == Some(true),
        })
    })
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let found = fight(s);
    let name = found
        .as_ref()
        .and_then(|fight| fight.row.adapter.clone())
        .unwrap_or_else(|| guest_adapter_name(s));
    let holder = found.as_ref().map(|fight| fight.row.holder.as_str());
    let mut ways = remedy::keep_static(guest_os(s), &name, holder);
    if let Some(fight) = &found {
        ways.push(remedy::ask(
            Where::Host,
            Message::new("remedy-use-address-ask")
                .with("address", fight.has.addr())
                .with("vm", s.machine_name()),
        ));
    }
    ways
}
