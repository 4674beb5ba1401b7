//! `macos-port53-conflict`: another program than macOS's own holds the DNS port, so that guests get no names.

use super::super::prelude::*;
use crate::model::NameOutcome;

rule!("macos-port53-conflict", VirtualNetwork, Host, Stops, follows_from: ["host-no-uplink"], look_alikes: ["guest-dns-only", "host-firewall-blocks-dhcp-dns"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    if s.host_os != Os::Macos
        || !matches!(s.mode, Some(Mode::Nat | Mode::HostOnly))
        || s.from != Endpoint::Guest
    {
        return None;
    }
    let (_, outcome) = seen::name_outcomes(s.case, Place::Guest).next()?;
    if !matches!(outcome, NameOutcome::TimedOut | NameOutcome::Failed) {
        return None;
    }
    let holder = holder(s)?;
    let outside = seen::outside_attempts(s, Place::Guest)
        .iter()
        .any(|(_, passed, _)| *passed);
    let confidence = if outside {
        Confidence::Confirmed
    } else {
        Confidence::Likely
    };
    Some(Found::new(confidence).arg("process", &holder).fact(
        "fact-listener",
        format!("53: {holder}"),
        s.host().listeners.source(),
    ))
}

/// The program that holds port 53 and is not macOS's own.
fn holder(s: &Situation<'_>) -> Option<String> {
    let open = s.host().listeners.rows().iter().filter(|row| row.port == 53);
    open.filter_map(|row| row.process.clone())
        .find(|name| !name.to_lowercase().starts_with("mdnsrespon"))
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let server = s
        .host()
        .default_routes()
        .iter()
        .find_map(|row| row.via)
        .unwrap_or_else(|| IpAddr::from([192, 0, 2, 53]));
    let mut ways = remedy::set_dns(guest_os(s), &guest_adapter_name(s), server, s.guest().dns.rows());
    let process = holder(s).unwrap_or_else(|| "dnsmasq".to_owned());
    ways.push(remedy::ask(
        Where::Host,
        Message::new("remedy-stop-dns-ask").with("process", process),
    ));
    ways
}
