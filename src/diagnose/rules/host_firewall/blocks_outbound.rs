//! `host-firewall-blocks-outbound`: the host throws its own packets to the guest away.

use super::super::prelude::*;

rule!("host-firewall-blocks-outbound", HostFirewall, Host, Stops, follows_from: ["host-route-wrong", "vpn-route-hijack", "vpn-blocks-local-lan", "third-party-or-managed-firewall"], look_alikes: ["vpn-blocks-local-lan", "guest-firewall-blocks-inbound"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    let to = whom(s)?;
    let seen = s.seen(Place::Host, to);
    let refused = seen.echo_error(EchoErrorKind::NotPermitted) == Some(None)
        || s.case.intake.port.and_then(|port| seen.tcp(port)) == Some(TcpOutcome::NotPermitted);
    let stop = own_stop(s, to);
    if !refused && stop.is_none() {
        return None;
    }
    let found = match stop.map(|stop| stop.describe()) {
        Some(rule) => Found::new(Confidence::Confirmed).arg("rule", &rule).stands_on(
            "fact-filter-rule",
            rule,
            s.host().filter.source(),
        ),
        None if s.host_os == Os::Windows => general_failure(s, to)?,
        None => Found::new(Confidence::Confirmed).arg("rule", "EPERM"),
    };
    Some(found.facts(seen_facts(&seen)))
}

/// Windows says "General failure" of whatever keeps a packet from leaving: a rule, a filter driver that is broken, an
/// adapter without its cable, no route. Only a rule that is known to block makes it certain.
fn general_failure(s: &Situation<'_>, to: IpAddr) -> Option<Found> {
    match blocking_rules(s).first() {
        Some(rule) => Some(Found::new(Confidence::Confirmed).arg("rule", rule).stands_on(
            "fact-filter-rule",
            *rule,
            s.host().firewall.source(),
        )),
        None if cannot_leave(s, to) => None,
        None => Some(Found::new(Confidence::Likely).arg("rule", "General failure")),
    }
}

/// Whether routes or adapters alone keep a packet from leaving.
fn cannot_leave(s: &Situation<'_>, to: IpAddr) -> bool {
    let is_off = |adapter: &Adapter| adapter.enabled == Some(false) || adapter.carrier == Some(false);
    let leaves_by = match s.way_to(to) {
        Way::NoRoute { .. } | Way::Discarded { .. } => return true,
        Way::Adapter { name, .. } => s.host().adapter(&name),
        Way::Local { .. } | Way::Unknown => s.host_adapter,
    };
    let mut cards = s
        .host()
        .adapters
        .rows()
        .iter()
        .filter(|adapter| adapter.kind != AdapterKind::Loopback)
        .peekable();
    leaves_by.is_some_and(is_off) || (cards.peek().is_some() && cards.all(is_off))
}

/// Whom the host sends to in the traffic asked for: what it starts, or the guest that it answers.
fn whom(s: &Situation<'_>) -> Option<IpAddr> {
    match (s.from, s.direction()) {
        (Endpoint::Host, _) => s.destination(),
        (_, Some(Direction::GuestToHost)) => s.guest_ip,
        _ => None,
    }
}

/// Where the host's own filter stops what it sends: by the adapter that it should leave by, or by the one that it does.
fn own_stop<'a>(s: &Situation<'a>, to: IpAddr) -> Option<filter::Stop<'a>> {
    let packet_filter = s.host().filter.value()?;
    let source = usual_host_address(s)?;
    let on_segment = |_: &&Adapter| s.segment.is_some_and(|segment| segment.contains(&to));
    let right = s.host_adapter.filter(on_segment).map(|own| own.name.clone());
    let taken = match s.way_to(to) {
        Way::Adapter { name, .. } => Some(name),
        _ => None,
    };
    right.into_iter().chain(taken).find_map(|output| {
        let mut packet = first_packet(s, source, to, None, Some(output.as_str()));
        if s.from != Endpoint::Host {
            packet = packet.answered();
        }
        match walk(packet_filter, Hook::Output, &packet) {
            Walk::Stopped(stop) => Some(stop),
            _ => None,
        }
    })
}

/// What people see of the rules of Windows' firewall that block what goes out to the guest.
fn blocking_rules<'a>(s: &Situation<'a>) -> Vec<&'a str> {
    let Some(to) = whom(s) else { return Vec::new() };
    let packet = FirewallPacket {
        inbound: false,
        // Nobody chose the port that it starts at.
        port: None,
        ..inbound_packet(s, Some(to))
    };
    let is_on = |firewall: &&crate::model::SystemFirewall| {
        let profiles = own_profiles(s, firewall);
        profiles.is_empty() || profiles.iter().any(|profile| profile.enabled != Some(false))
    };
    let firewall = s.host().firewall.value().filter(is_on);
    let mut names: Vec<&str> = firewall
        .into_iter()
        .flat_map(|firewall| &firewall.rules)
        .filter(|rule| rule.allows == Some(false) && rule.fits(&packet) == Fit::Whole)
        .map(FirewallRule::shown_name)
        .collect();
    names.dedup();
    names
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    if s.host_os != Os::Linux {
        let blocking = blocking_rules(s);
        let mut ways = remedy::let_out_of(s.host_os, segment_or_example(s), &blocking);
        ways.push(remedy::ask(
            Where::Host,
            Message::new("remedy-allow-out-ask").with("segment", segment_or_example(s)),
        ));
        return ways;
    }
    let stop = whom(s).and_then(|to| own_stop(s, to));
    let chain = stop.map(|stop| remedy_chain(&stop));
    vec![remedy::let_out(segment_or_example(s), chain.as_ref())]
}
