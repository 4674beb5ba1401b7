//! `host-firewall-blocks-outbound`: the host throws its own packets to the guest away.

use super::super::prelude::*;

rule!("host-firewall-blocks-outbound", HostFirewall, Host, Stops, follows_from: ["host-route-wrong", "vpn-route-hijack", "vpn-blocks-local-lan", "third-party-or-managed-firewall"], look_alikes: ["vpn-blocks-local-lan", "guest-firewall-blocks-inbound"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    if s.from != Endpoint::Host {
        return None;
    }
    let to = s.destination()?;
    let seen = s.seen(Place::Host, to);
    let refused = seen.echo_error(EchoErrorKind::NotPermitted) == Some(None)
        || s.case.intake.port.and_then(|port| seen.tcp(port)) == Some(TcpOutcome::NotPermitted);
    let stopped = s.host().filter.value().and_then(|packet_filter| {
        let Way::Adapter { name, .. } = s.way_to(to) else {
            return None;
        };
        let source = s.host_address()?;
        match walk(
            packet_filter,
            Hook::Output,
            &first_packet(s, source, to, None, Some(name.as_str())),
        ) {
            Walk::Stopped(stop) => Some(stop.describe()),
            _ => None,
        }
    });
    if !refused && stopped.is_none() {
        return None;
    }
    let mut found = Found::new(Confidence::Confirmed).arg("rule", stopped.as_deref().unwrap_or("EPERM"));
    if let Some(rule) = stopped {
        found = found.fact("fact-filter-rule", rule, s.host().filter.source());
    }
    Some(found.facts(seen_facts(&seen)))
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    if s.host_os != Os::Linux {
        return vec![remedy::ask(
            Where::Host,
            Message::new("remedy-allow-out-ask").with("segment", segment_or_example(s)),
        )];
    }
    let chain = s.host().filter.value().and_then(|packet_filter| {
        let to = s.destination()?;
        let Way::Adapter { name, .. } = s.way_to(to) else {
            return None;
        };
        match walk(
            packet_filter,
            Hook::Output,
            &first_packet(s, s.host_address()?, to, None, Some(name.as_str())),
        ) {
            Walk::Stopped(stop) => Some(remedy_chain(&stop)),
            _ => None,
        }
    });
    vec![remedy::let_out(segment_or_example(s), chain.as_ref())]
}
