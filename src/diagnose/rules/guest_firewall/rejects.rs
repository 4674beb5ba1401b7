//! `guest-firewall-rejects`: the guest refuses with a filter's message.

use super::super::prelude::*;
use super::remedy_inbound;

rule!("guest-firewall-rejects", GuestFirewall, Guest, Stops, follows_from: ["host-firewall-blocks-outbound", "access-list-refuses"], look_alikes: ["service-not-listening", "guest-firewall-blocks-inbound", "nat-no-inbound-path"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    if !matches!(s.to, Endpoint::Guest | Endpoint::Guest2) {
        return None;
    }
    let seen = s.asked_seen()?;
    let to = s.destination()?;
    let by_guest = |by: Option<Option<IpAddr>>| by == Some(Some(to));
    let echo = by_guest(seen.echo_error(EchoErrorKind::Prohibited))
        || by_guest(seen.echo_error(EchoErrorKind::PortUnreachable))
        || (by_guest(seen.echo_error(EchoErrorKind::HostUnreachable)) && seen.link() == Link::Answered);
    // Many tools say "no route to host" of a filter's message: where the machine itself answers echo, it is no layer 2.
    let said = |outcome: TcpOutcome| {
        outcome == TcpOutcome::Prohibited
            || (outcome == TcpOutcome::HostUnreachable && s.is_direct() && seen.echo_replies())
    };
    let tcp = match s.case.intake.port {
        Some(port) => seen.tcp(port).is_some_and(said),
        None => seen.tcp_prohibited().is_some(),
    };
    let prohibited_by = seen.tcp_prohibited().and_then(|(_, by)| by);
    let tcp_by_guest = tcp && prohibited_by.is_none_or(|by| by == to);
    let asked = if s.case.intake.port.is_some() {
        tcp_by_guest
    } else {
        echo || (tcp_by_guest && !seen.echo_replies())
    };
    asked.then(|| {
        let told = echo || prohibited_by == Some(to);
        let confidence = if told {
            Confidence::Confirmed
        } else {
            Confidence::Likely
        };
        Found::new(confidence).facts(seen_facts(&seen))
    })
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    remedy_inbound(s, wanted(s))
}
