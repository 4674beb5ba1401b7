//! `guest-dns-only`: addresses work in the guest, names do not.

use super::super::prelude::*;
use crate::model::NameOutcome;

rule!("guest-dns-only", Dns, Guest, Stops, follows_from: ["dnsmasq-not-running", "macos-port53-conflict", "host-no-uplink", "ip-forward-disabled", "guest-missing-gateway", "guest-wrong-gateway", "hypervisor-nat-service-stopped", "guest-two-default-routes", "guest-vpn-captures", "proxy-required", "host-firewall-blocks-dhcp-dns"], look_alikes: ["name-points-elsewhere", "host-firewall-blocks-dhcp-dns", "proxy-required"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    let place = s.start_place()?;
    if !matches!(s.from, Endpoint::Guest | Endpoint::Guest2) || s.to != Endpoint::Internet {
        return None;
    }
    let mut outcomes = seen::name_outcomes(s.case, place).peekable();
    let (name, outcome) = *outcomes.peek()?;
    // One name that does not exist is not broken resolution; one that resolves proves that it works.
    if outcomes.any(|(_, outcome)| outcome == NameOutcome::Resolved) || outcome == NameOutcome::NoSuchName {
        return None;
    }
    let attempts = seen::outside_attempts(s, place);
    let (address, _, probe) = attempts.iter().find(|(_, passed, _)| *passed)?;
    let word = format!("{outcome:?}").to_lowercase();
    let servers: Vec<String> = s.guest().dns.rows().iter().map(ToString::to_string).collect();
    let mut found = Found::new(Confidence::Confirmed)
        .arg("name", name)
        .fact("fact-name", format!("{name}: {word}"), "guest")
        .fact("fact-echo", format!("{address}: answered"), &probe.source);
    if !servers.is_empty() {
        found = found.fact("fact-dns", servers.join(", "), s.guest().dns.source());
    }
    Some(found)
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let current = s.guest().dns.rows();
    let host = s.host();
    let routers = host.default_routes();
    // The host serves names where its product makes it do so, or where it is seen to listen.
    let listens = host
        .listeners
        .value()
        .map(|rows| rows.iter().any(|row| row.port == 53));
    let served = s.gateway().filter(|gateway| match listens {
        Some(listens) if host.holds(*gateway) == Some(true) => listens,
        _ => s.hypervisor.is_some(),
    });
    // What does not serve the host does not serve the guest.
    let mut outcomes = seen::name_outcomes(s.case, Place::Host).peekable();
    let works_here =
        outcomes.peek().is_none() || outcomes.any(|(_, outcome)| outcome == NameOutcome::Resolved);
    let of_host = host.dns.rows().iter().copied().filter(|_| works_here);
    let by_routers = routers
        .iter()
        .filter_map(|row| row.via)
        .filter(|_| works_here && host.dns.rows().is_empty());
    let candidates = served.into_iter().chain(of_host).chain(by_routers);
    let server = candidates
        .filter(|server| server.is_ipv4() && !server.is_loopback())
        .find(|server| !current.contains(server))
        .unwrap_or_else(|| IpAddr::from([9, 9, 9, 9]));
    remedy::set_dns(guest_os(s), &guest_adapter_name(s), server, current)
}
