//! `duplicate-dhcp-client-id`: clones ask for an address under one DHCP client identifier, and share one lease.

use super::super::prelude::*;
use crate::model::{AddressOrigin, Lease as LentAddress, Mac};

rule!("duplicate-dhcp-client-id", Addressing, Guest, Degrades, follows_from: ["duplicate-mac"], look_alikes: ["duplicate-mac", "duplicate-ip", "nat-per-vm-isolation", "stale-address"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    if !s.involves_guest() {
        return None;
    }
    by_leases(s).or_else(|| by_guests(s))
}

/// The DHCP server lent to two cards under one identifier.
fn by_leases(s: &Situation<'_>) -> Option<Found> {
    let mac = s.nic?.mac?;
    let own = s.machine?;
    let leases = s.network?.leases.as_deref()?;
    let named =
        |lease: &&LentAddress| lease.client_id.as_deref().is_some_and(is_identifier) && !lease.abandoned;
    let mine = leases.iter().filter(named).find(|lease| lease.mac == Some(mac))?;
    let others = leases.iter().filter(named).filter(|lease| {
        lease.client_id == mine.client_id && lease.mac.is_some_and(|other| !other.same_card(mac))
    });
    for lease in others {
        let holder = s.product?.machines.rows().iter().find(|machine| {
            machine
                .nics
                .iter()
                .any(|nic| nic.mac.is_some() && nic.mac == lease.mac)
        });
        // An old card of the same machine, or a clone that is off, disturbs nobody.
        let (confidence, other) = match holder {
            Some(machine) if machine.name == own.name || machine.state.is_down() => continue,
            Some(machine) if machine.state == PowerState::Running => {
                (Confidence::Confirmed, machine.name.clone())
            }
            Some(machine) => (Confidence::Likely, machine.name.clone()),
            None if s.asked() == Asked::Fails => (
                Confidence::Possible,
                lease
                    .host_name
                    .clone()
                    .unwrap_or_else(|| lease.address.to_string()),
            ),
            None => continue,
        };
        return Some(
            Found::new(confidence)
                .arg("other", other)
                .arg("address", mine.address)
                .fact("fact-lease", describe(mine), networks_source(s))
                .fact("fact-lease", describe(lease), networks_source(s))
                .facts(probe_facts(s)),
        );
    }
    None
}

/// Both guests were given one address by DHCP, on cards of their own.
fn by_guests(s: &Situation<'_>) -> Option<Found> {
    // Where every machine has a translation of its own, all of them have one address.
    let alone = s.mode == Some(Mode::User)
        || (s.mode == Some(Mode::Nat) && s.hypervisor == Some(HypervisorId::VirtualBox));
    if alone {
        return None;
    }
    let (address, card, other) = lent(s, Place::Guest).into_iter().find_map(|(address, card)| {
        let twin = lent(s, Place::Guest2).into_iter().find(|(theirs, twin)| {
            *theirs == address
                && matches!((card.mac, twin.mac), (Some(one), Some(two)) if !one.same_card(two))
        })?;
        Some((address, card, twin.1))
    })?;
    let (one, two) = (card.mac?, other.mac?);
    // The server's own list says under which identifier: one that is made of a hardware address is nobody else's.
    let lease = s
        .network
        .and_then(|network| network.leases.as_deref())
        .into_iter()
        .flatten()
        .find(|lease| lease.address == address)
        .filter(|lease| {
            lease
                .client_id
                .as_deref()
                .is_some_and(|id| is_identifier(id) && !made_of(id, one) && !made_of(id, two))
        });
    let one_server = card.dhcp_server.is_some() && card.dhcp_server == other.dhcp_server;
    let confidence = if lease.is_some() || one_server {
        Confidence::Confirmed
    } else {
        Confidence::Likely
    };
    let mut found = Found::new(confidence)
        .arg("other", "guest2")
        .arg("address", address)
        .fact(
            "fact-address",
            format!("{address} DHCP {one}"),
            s.case.guest.adapters.source(),
        )
        .fact(
            "fact-address",
            format!("{address} DHCP {two}"),
            s.case.guest2.adapters.source(),
        );
    if let Some(lease) = lease {
        found = found.fact("fact-lease", describe(lease), networks_source(s));
    }
    Some(found.facts(probe_facts(s)))
}

/// The cards of a guest that hold an address from a DHCP server.
fn lent<'a>(s: &Situation<'a>, place: Place) -> Vec<(IpAddr, &'a Adapter)> {
    let Some(system) = s.case.system(place) else {
        return Vec::new();
    };
    let cards = system
        .adapters
        .rows()
        .iter()
        .filter(|card| card.kind != AdapterKind::Loopback && !role::is_container(&card.name));
    cards
        .flat_map(|card| {
            card.addresses
                .iter()
                .flatten()
                .filter(|address| address.origin == AddressOrigin::Dhcp && address.net.addr().is_ipv4())
                .map(move |address| (address.net.addr(), card))
        })
        .collect()
}

/// Whether a list names an identifier at all: dnsmasq writes `*` for none.
fn is_identifier(id: &str) -> bool {
    id.chars().any(|c| c.is_ascii_alphanumeric())
}

/// Whether the identifier ends with the hardware address, as those of type 1 do (RFC 2132, 9.14).
fn made_of(id: &str, mac: Mac) -> bool {
    id.to_lowercase().ends_with(&mac.to_string().to_lowercase())
}

fn describe(lease: &LentAddress) -> String {
    let mac = lease.mac.map(|mac| format!(" {mac}")).unwrap_or_default();
    format!(
        "{}{mac} {}",
        lease.address,
        lease.client_id.as_deref().unwrap_or_default()
    )
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let mut ways = Vec::new();
    if guest_os(s) == Os::Linux {
        ways.push(remedy::new_machine_id());
    }
    ways.extend(remedy::own_client_id(guest_os(s), &guest_adapter_name(s)));
    ways.push(remedy::ask(Where::Guest, Message::new("remedy-client-id-ask")));
    ways
}
