//! `duplicate-ip`: two machines answer for one address.

use super::super::prelude::*;
use crate::model::Mac;

rule!("duplicate-ip", Addressing, Network, Degrades, follows_from: ["duplicate-mac", "duplicate-dhcp-client-id", "host-vnic-address-conflict"], look_alikes: ["stale-neighbor", "duplicate-mac", "lossy-link"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    let guest = s.guest_ip?;
    if !s.involves_guest() {
        return None;
    }
    // The guest's own system found it out.
    for (system, place) in [(s.guest(), "guest"), (s.host(), "host")] {
        let flagged = system
            .adapters
            .rows()
            .iter()
            .flat_map(|adapter| adapter.addresses.iter().flatten())
            .any(|address| address.duplicate && (place == "guest" || address.net.addr() == guest));
        if flagged {
            return Some(Found::new(Confidence::Confirmed).fact(
                "fact-address",
                said::then(guest, said::word("value-duplicate")),
                system.adapters.source(),
            ));
        }
    }
    let macs = answering(s, guest);
    if macs.len() >= 2 {
        let words: Vec<String> = macs.iter().map(ToString::to_string).collect();
        return Some(
            Found::new(Confidence::Confirmed)
                .arg("macs", words.join(", "))
                .fact("fact-neighbor", format!("{guest}: {}", words.join(", ")), "ARP"),
        );
    }
    // One card answers, but not the one that the product gave the machine.
    let told = s.nic.and_then(|nic| nic.mac)?;
    let printed = || {
        // The table as it was printed: only what was confirmed a moment ago is an answer.
        let mut entries = s.host().neighbors.rows().iter();
        let entry = entries
            .find(|entry| entry.address == guest && entry.state == crate::model::NeighborState::Reachable)?;
        entry.mac.filter(|mac| !mac.is_zero() && !mac.is_group())
    };
    let seen = macs
        .first()
        .copied()
        .or_else(printed)
        .filter(|mac| !mac.same_card(told))?;
    let adapter_is_direct = s
        .host_adapter
        .is_some_and(|adapter| adapter.on_segment_of(guest).is_some());
    // Other cards of the same machine may hold the address.
    let own_card = s.machine.is_some_and(|machine| {
        machine
            .nics
            .iter()
            .any(|nic| nic.mac.is_some_and(|mac| mac.same_card(seen)))
    });
    (adapter_is_direct && !own_card && s.guest_ip_source != "user").then(|| {
        Found::new(Confidence::Likely)
            .arg("macs", format!("{told}, {seen}"))
            .fact(
                "fact-mac",
                told,
                s.product.map_or("", |product| product.machines.source()),
            )
            .fact("fact-neighbor", format!("{guest}: {seen}"), "neighbor table")
    })
}

/// Hardware addresses that answered for `guest`, each card once.
fn answering(s: &Situation<'_>, guest: IpAddr) -> Vec<Mac> {
    let mut macs: Vec<Mac> = Vec::new();
    let host_macs: Vec<Mac> = s
        .host()
        .adapters
        .rows()
        .iter()
        .filter_map(|adapter| adapter.mac)
        .collect();
    for place in [Place::Host, Place::Guest, Place::Guest2, Place::Lan] {
        let seen = s.seen(place, guest);
        let Some(check) = seen.neighbor() else { continue };
        let table = check
            .before
            .iter()
            .chain(&check.after)
            .filter(|entry| entry.is_learned())
            .filter_map(|entry| entry.mac);
        for mac in check.macs.iter().copied().chain(table) {
            let usable = !mac.is_zero() && !mac.is_group() && !host_macs.contains(&mac);
            if usable && !macs.contains(&mac) {
                macs.push(mac);
            }
        }
    }
    macs
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let os = guest_os(s);
    let mut ways = remedy::renew_lease(os, &guest_adapter_name(s));
    if let Some(address) = address_in_segment(s) {
        // The other address is taken by somebody else, so it has to go.
        let old = match s.guest_ip {
            Some(IpAddr::V4(guest)) => ipnet::Ipv4Net::new(guest, address.prefix_len()).ok(),
            _ => None,
        };
        let gateway = s
            .gateway()
            .filter(|gateway| ipnet::IpNet::V4(address).contains(gateway));
        ways.extend(remedy::set_address(
            os,
            &guest_adapter_name(s),
            address,
            old,
            gateway,
            gateway,
        ));
    }
    ways
}
