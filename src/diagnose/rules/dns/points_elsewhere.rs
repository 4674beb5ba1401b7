//! `name-points-elsewhere`: a hosts file or a remembered answer leads a name to an address that is not its owner's.

use super::super::prelude::*;
use crate::model::{NameOutcome, ProbeResult, System};

rule!("name-points-elsewhere", Dns, Host, Degrades, follows_from: [], look_alikes: ["guest-dns-only", "stale-address", "duplicate-ip"]);

/// A name that leads to the wrong address.
struct Astray {
    name: String,
    wrong: IpAddr,
    right: IpAddr,
    right_source: String,
    /// The hosts file that fixes it, when one does.
    file: Option<String>,
    source: String,
}

fn check(s: &Situation<'_>) -> Option<Found> {
    let astray = astray(s)?;
    let mut found = Found::new(if astray.file.is_some() || tried(s, &astray) {
        Confidence::Confirmed
    } else {
        Confidence::Likely
    })
    .arg("name", &astray.name)
    .arg("wrong", astray.wrong)
    .arg("right", astray.right)
    .fact(
        "fact-name",
        format!("{} → {}", astray.name, astray.wrong),
        &astray.source,
    )
    .fact("fact-address", astray.right, &astray.right_source);
    if let Some(place) = s.start_place() {
        found = found.facts(seen_facts(&s.seen(place, astray.wrong)));
    }
    Some(found)
}

/// Whether packets went to the wrong address and nothing came back.
fn tried(s: &Situation<'_>, astray: &Astray) -> bool {
    s.start_place().is_some_and(|place| {
        let seen = s.seen(place, astray.wrong);
        seen.echo_fails() || seen.tcp_is_silent() || seen.link() == Link::Silent
    })
}

fn astray(s: &Situation<'_>) -> Option<Astray> {
    let place = s.start_place()?;
    let system = s.case.system(place)?;
    for name in names(s) {
        let Some((right, right_source)) = owner(s, &name) else {
            continue;
        };
        if let Some(address) = by_file(system, &name, right) {
            return Some(Astray {
                name,
                wrong: address,
                right,
                right_source,
                file: Some(system.hosts.source().to_owned()),
                source: system.hosts.source().to_owned(),
            });
        }
        if let Some((address, source)) = by_answer(s, place, &name, right) {
            return Some(Astray {
                name,
                wrong: address,
                right,
                right_source,
                file: None,
                source,
            });
        }
    }
    None
}

/// The names that the traffic may have been asked for by.
fn names(s: &Situation<'_>) -> Vec<String> {
    let mut names: Vec<String> = s.asked_name().map(str::to_owned).into_iter().collect();
    if s.to == Endpoint::Guest {
        names.extend(s.case.intake.vm.clone());
        names.extend(s.machine.map(|machine| machine.name.clone()));
        names.extend(s.guest().host_name.clone());
    }
    names.retain(|name| !name.is_empty() && name.parse::<IpAddr>().is_err());
    names
}

/// The address that the name should lead to, from somebody else than the name itself: for the guest its own
/// address, for a name outside the answer of a name server.
fn owner(s: &Situation<'_>, name: &str) -> Option<(IpAddr, String)> {
    if s.to == Endpoint::Guest {
        // What the user typed may be the old address itself.
        let held = s.guest_ip_source != "user"
            || s.guest_ip
                .is_some_and(|address| s.guest().holds(address) == Some(true));
        return s
            .guest_ip
            .filter(|_| held)
            .map(|address| (address, s.guest_ip_source.clone()));
    }
    s.case.probes.iter().rev().find_map(|probe| match &probe.result {
        ProbeResult::Name(result)
            if result.server.is_some()
                && result.outcome == NameOutcome::Resolved
                && same(&result.name, name) =>
        {
            let first = result.addresses.iter().find(|address| address.is_ipv4())?;
            Some((*first, probe.source.clone()))
        }
        _ => None,
    })
}

/// The address that the hosts file fixes for the name, when it is not the owner's.
fn by_file(system: &System, name: &str, right: IpAddr) -> Option<IpAddr> {
    let rows = || system.hosts.rows().iter().filter(|(own, _)| same(own, name));
    let of_family = |address: &IpAddr| address.is_ipv4() == right.is_ipv4() && !address.is_loopback();
    let right_too = rows().any(|(_, address)| *address == right);
    rows()
        .map(|(_, address)| *address)
        .find(of_family)
        .filter(|address| *address != right && !right_too)
}

/// The address that the machine's own resolution, or a tool that was given the name, came to.
fn by_answer(s: &Situation<'_>, place: Place, name: &str, right: IpAddr) -> Option<(IpAddr, String)> {
    let latest = s
        .case
        .probes
        .iter()
        .rev()
        .filter(|probe| probe.from == place)
        .find_map(|probe| match &probe.result {
            ProbeResult::Name(result)
                if result.server.is_none() && same(&result.name, name) && !result.addresses.is_empty() =>
            {
                Some((result.addresses.clone(), probe.source.clone()))
            }
            ProbeResult::Echo(_) | ProbeResult::Tcp { .. }
                if probe.name.as_deref().is_some_and(|own| same(own, name)) =>
            {
                Some((vec![probe.to?], probe.source.clone()))
            }
            _ => None,
        })?;
    let (addresses, source) = latest;
    let first = addresses
        .iter()
        .find(|address| address.is_ipv4() == right.is_ipv4())?;
    // A name outside may have many owners, and each server tells another of them.
    let shared = s.to != Endpoint::Guest;
    (!shared && !addresses.contains(&right)).then_some((*first, source))
}

/// Whether two spellings are one name: letters of either size, with or without the domain.
fn same(one: &str, other: &str) -> bool {
    let bare = |name: &str| name.trim_end_matches('.').to_ascii_lowercase();
    let (one, other) = (bare(one), bare(other));
    let first = |name: &str| name.split('.').next().unwrap_or_default().to_owned();
    one == other || ((!one.contains('.') || !other.contains('.')) && first(&one) == first(&other))
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let on = if matches!(s.from, Endpoint::Guest | Endpoint::Guest2) {
        Where::Guest
    } else {
        Where::Host
    };
    let os = if on == Where::Guest {
        guest_os(s)
    } else {
        s.host_os
    };
    let found = astray(s);
    let mut ways = Vec::new();
    if let Some(astray) = &found
        && astray.file.is_some()
    {
        ways.extend(remedy::hosts_entry(on, os, &astray.name, astray.right));
    } else if found.is_none() {
        ways.extend(remedy::hosts_entry(on, os, "NAME", IpAddr::from([192, 0, 2, 10])));
    }
    ways.extend(remedy::flush_names(on, os));
    if let Some(astray) = found.filter(|astray| astray.file.is_none()) {
        ways.push(remedy::ask(
            Where::Network,
            Message::new("remedy-name-record-ask")
                .with("name", astray.name)
                .with("address", astray.right),
        ));
    }
    ways
}
