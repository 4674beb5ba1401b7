//! `third-party-or-managed-firewall`: another product, or a policy of the company, filters instead of Windows' own rules.

use super::super::prelude::*;
use crate::model::SystemFirewall;

rule!("third-party-or-managed-firewall", HostFirewall, Host, Stops, follows_from: ["host-firewall-service-broken"], look_alikes: ["host-firewall-blocks-guest", "host-firewall-blocks-outbound", "vpn-blocks-local-lan", "guest-firewall-blocks-inbound"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    if s.host_os != Os::Windows || !meets_host(s) || s.asked() != Asked::Fails {
        return None;
    }
    let firewall = s.host().firewall.value()?;
    by_policy(s, firewall).or_else(|| by_product(s, firewall))
}

/// Windows filters, and rules that were made on this computer do not count.
fn by_policy(s: &Situation<'_>, firewall: &SystemFirewall) -> Option<Found> {
    if s.direction() != Some(Direction::GuestToHost) {
        return None;
    }
    let profiles = own_profiles(s, firewall);
    let managed = !profiles.is_empty()
        && profiles.iter().all(|profile| {
            profile.enabled == Some(true)
                && profile.local_rules == Some(false)
                && (profile.blocks_inbound == Some(true) || profile.blocks_all_inbound == Some(true))
        });
    if !managed {
        return None;
    }
    let source = s.host().firewall.source();
    let packet = inbound_packet(s, s.guest_ip);
    let ignored = firewall
        .rules
        .iter()
        .find(|rule| rule.allows == Some(true) && rule.fits(&packet) == Fit::Whole);
    let confidence = match (ignored, wire(s)) {
        (Some(_), Link::Answered) => Confidence::Confirmed,
        (None, Link::Unknown | Link::Silent) => Confidence::Possible,
        _ => Confidence::Likely,
    };
    let mut found = Found::new(confidence).arg("kind", "policy").arg("product", "—");
    for profile in profiles {
        found = found.fact(
            "fact-profile",
            format!("{}: AllowLocalFirewallRules False", profile.name),
            source,
        );
    }
    if let Some(rule) = ignored {
        found = found.fact("fact-filter-rule", rule.shown_name(), source);
    }
    Some(found.facts(s.asked_seen().map(|seen| seen_facts(&seen)).unwrap_or_default()))
}

/// Windows' own firewall is off because another product registered itself in its place.
fn by_product(s: &Situation<'_>, firewall: &SystemFirewall) -> Option<Found> {
    let product = firewall.other_products.first()?;
    let profiles = own_profiles(s, firewall);
    // Where Windows filters as well, its rules can be read and say more.
    if profiles.iter().any(|profile| profile.enabled != Some(false)) {
        return None;
    }
    let seen = s.asked_seen()?;
    let confidence = match s.direction()? {
        Direction::HostToGuest => {
            let refused = seen.echo_error(EchoErrorKind::NotPermitted) == Some(None)
                || s.case.intake.port.and_then(|port| seen.tcp(port)) == Some(TcpOutcome::NotPermitted);
            refused.then_some(Confidence::Likely)?
        }
        _ => {
            let silent = match s.case.intake.port {
                Some(port) => seen.tcp(port) == Some(TcpOutcome::TimedOut),
                None => seen.echo_is_silent(),
            };
            silent.then_some(())?;
            wire_confidence(s)
        }
    };
    // Whether Windows' own is off is not known.
    let confidence = if profiles.is_empty() {
        Confidence::Possible
    } else {
        confidence
    };
    let source = s.host().firewall.source();
    let mut found = Found::new(confidence)
        .arg("kind", "product")
        .arg("product", product)
        .fact("fact-filter", product, source);
    for profile in profiles {
        found = found.fact("fact-profile", format!("{}: off", profile.name), source);
    }
    Some(found.facts(seen_facts(&seen)))
}

/// The wire between the two, as either end saw it.
fn wire(s: &Situation<'_>) -> Link {
    s.guest_seen().map_or(Link::Unknown, |seen| seen.link())
}

fn wire_confidence(s: &Situation<'_>) -> Confidence {
    match wire(s) {
        Link::Answered | Link::Cached => Confidence::Likely,
        Link::Unknown | Link::Silent => Confidence::Possible,
    }
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let firewall = s.host().firewall.value();
    let product = firewall.and_then(|firewall| by_product(s, firewall).and(firewall.other_products.first()));
    let by_policy = firewall.is_some_and(|firewall| by_policy(s, firewall).is_some());
    let segment = segment_or_example(s);
    let mut ways = Vec::new();
    if by_policy || product.is_none() {
        ways.push(remedy::ask(
            Where::Host,
            Message::new("remedy-managed-firewall-ask").with("segment", segment),
        ));
    }
    if !by_policy {
        ways.push(remedy::ask(
            Where::Host,
            Message::new("remedy-other-firewall-ask")
                .with("product", product.map_or("…", String::as_str))
                .with("segment", segment),
        ));
    }
    ways
}
