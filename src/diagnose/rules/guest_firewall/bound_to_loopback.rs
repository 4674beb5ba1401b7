//! `service-bound-to-loopback`: the service listens on 127.0.0.1 only.

use super::super::prelude::*;

rule!("service-bound-to-loopback", GuestFirewall, Guest, Stops, follows_from: [], look_alikes: ["service-not-listening", "guest-firewall-rejects"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    let port = s.case.intake.port?;
    let place = s.to.place()?;
    let seen = s.asked_seen()?;
    // PowerShell does not say how it failed.
    let failed = [
        TcpOutcome::Refused,
        TcpOutcome::TimedOut,
        TcpOutcome::Reset,
        TcpOutcome::Other,
    ];
    if !seen.tcp(port).is_some_and(|outcome| failed.contains(&outcome)) {
        return None;
    }
    let listeners = s.case.system(place)?.listeners.value()?;
    let mut on_port = listeners
        .iter()
        .filter(|row| row.port == port && row.protocol == crate::model::Protocol::Tcp)
        .peekable();
    let first = on_port.peek()?.address;
    on_port.all(|row| row.address.is_loopback()).then(|| {
        let source = s
            .case
            .system(place)
            .map_or("", |system| system.listeners.source());
        Found::new(Confidence::Confirmed)
            .fact("fact-listener", format!("{first}:{port}"), source)
            .facts(seen_facts(&seen))
    })
}

/// Whether the service is the guest's own, and not one of the host or of another machine.
fn meets_guest_itself(s: &Situation<'_>) -> bool {
    s.to == Endpoint::Guest
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let port = s.case.intake.port.unwrap_or(8080);
    let mut ways = vec![remedy::ask(
        Where::Guest,
        Message::new("remedy-bind-ask")
            .with("port", port)
            .with("address", s.guest_text()),
    )];
    // Where its own settings are out of reach.
    if let Some(guest) = ipv4_guest_or_example(s).filter(|_| meets_guest_itself(s)) {
        ways.extend(remedy::relay_to_loopback(guest_os(s), &card_name(s), guest, port));
    }
    ways
}
