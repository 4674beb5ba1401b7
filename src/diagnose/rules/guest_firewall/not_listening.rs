//! `service-not-listening`: the guest answers, but nobody listens on the wanted port.

use super::super::prelude::*;

rule!("service-not-listening", GuestFirewall, Guest, Stops, follows_from: ["service-bound-to-loopback", "access-list-refuses"], look_alikes: ["guest-firewall-rejects", "service-bound-to-loopback", "port-forward-wrong"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    let port = s.case.intake.port?;
    let seen = s.asked_seen()?;
    if seen.tcp(port) != Some(TcpOutcome::Refused) {
        return None;
    }
    let place = s.to.place()?;
    let listeners = s.case.system(place).and_then(|system| system.listeners.value());
    let listens = listeners.map(|rows| {
        rows.iter()
            .any(|row| row.port == port && row.protocol == crate::model::Protocol::Tcp)
    });
    // A reset may be a filter's, or stand for a service that listens on loopback alone; the list of open ports decides.
    let confidence = match listens {
        Some(true) => return None,
        Some(false) => Confidence::Confirmed,
        None => Confidence::Likely,
    };
    let mut found = Found::new(confidence).facts(seen_facts(&seen));
    if listens == Some(false) {
        let source = s
            .case
            .system(place)
            .map_or("", |system| system.listeners.source());
        found = found.fact("fact-listener", format!("{port}: —"), source);
    }
    Some(found)
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    remedy::start_service_on_port(guest_os(s), s.case.intake.port.unwrap_or(22))
}
