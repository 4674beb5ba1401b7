//! `host-firewall-blocks-guest`: the host throws away what guests start towards it (or even their answers).

use super::super::prelude::*;
use crate::model::{Fact, Why};

rule!("host-firewall-blocks-guest", HostFirewall, Host, Stops, follows_from: ["virtual-cable-disconnected", "vm-not-running", "tap-detached-from-bridge", "third-party-or-managed-firewall"], look_alikes: ["guest-firewall-blocks-inbound", "service-not-listening", "host-echo-ignored"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    match s.direction()? {
        Direction::GuestToHost => by_rules(s, false)
            .or_else(|| by_profile(s))
            .or_else(|| by_probes(s)),
        // Answers of the guest are thrown away as well when the filter keeps no state.
        Direction::HostToGuest => by_rules(s, true).or_else(|| by_silence(s)),
        _ => None,
    }
}

fn by_rules(s: &Situation<'_>, answers: bool) -> Option<Found> {
    let packet_filter = s.host().filter.value()?;
    let (guest, host) = (s.guest_ip?, usual_host_address(s)?);
    let adapter = s.host_adapter?;
    let mut packet = first_packet(s, guest, host, Some(adapter.name.as_str()), None);
    if answers {
        packet = packet.answered();
    }
    let Walk::Stopped(stop) = walk(packet_filter, Hook::Input, &packet) else {
        return None;
    };
    Some(
        Found::new(Confidence::Confirmed)
            .arg("rule", stop.describe())
            .stands_on("fact-filter-rule", stop.describe(), s.host().filter.source())
            .facts([adapter_fact(s, adapter)])
            .facts(probe_facts(s)),
    )
}

/// Windows: the profile of the adapter blocks, no rule lets in what was asked for, and the guest saw silence.
fn by_profile(s: &Situation<'_>) -> Option<Found> {
    let firewall = s.host().firewall.value()?;
    if s.asked() != Asked::Fails {
        return None;
    }
    let profile_name = profile_name(s);
    let profile = firewall
        .profiles
        .iter()
        .find(|profile| profile.name.eq_ignore_ascii_case(&profile_name))?;
    if profile.enabled != Some(true)
        || (profile.blocks_inbound == Some(false) && profile.blocks_all_inbound != Some(true))
    {
        return None;
    }
    let port = s.case.intake.port.map(|port| port.to_string());
    let allows = firewall.rules.iter().any(|rule| {
        rule.enabled == Some(true)
            && rule.inbound == Some(true)
            && rule.allows == Some(true)
            && rule.is_for_profile(&profile_name)
            && rule.is_for_protocol(wanted_protocol(s))
            && (port.is_none() || rule.is_for_every_port() || rule.local_port == port)
    });
    let forward_works = s
        .guest_seen()
        .is_some_and(|seen| seen.link() == Link::Answered || seen.link() == Link::Cached);
    let blocks_all = profile.blocks_all_inbound == Some(true);
    (!allows || blocks_all).then(|| {
        let confidence = if forward_works || blocks_all {
            Confidence::Likely
        } else {
            Confidence::Possible
        };
        let source = s.host().firewall.source();
        Found::new(confidence)
            .arg("rule", format!("{profile_name}: block"))
            .fact(
                "fact-profile",
                said::named(profile_name, said::word("value-inbound-blocked")),
                source,
            )
            .facts(
                s.destination()
                    .map(|to| seen_facts(&s.seen(Place::Guest, to)))
                    .unwrap_or_default(),
            )
    })
}

/// The filter could not be read: the host reaches the guest, the guest's card answers the host's questions, and
/// what the guest starts towards the host is met with silence or a filter's message.
fn by_probes(s: &Situation<'_>) -> Option<Found> {
    if s.host()
        .filter
        .value()
        .is_some_and(|packet_filter| packet_filter.complete)
    {
        return None;
    }
    let to = s.destination()?;
    let from_guest = s.seen(Place::Guest, to);
    let prohibited = from_guest.echo_error(EchoErrorKind::Prohibited) == Some(Some(to))
        || from_guest.echo_error(EchoErrorKind::PortUnreachable) == Some(Some(to))
        || from_guest.tcp_prohibited().is_some_and(|(_, by)| by == Some(to));
    let asked = match s.case.intake.port {
        Some(port) => from_guest.tcp(port) == Some(TcpOutcome::TimedOut),
        None => from_guest.echo_is_silent(),
    };
    let forward_works = s
        .guest_seen()
        .is_some_and(|seen| seen.echo_replies() || seen.tcp_proof().is_some());
    let is_up = |link: Link| matches!(link, Link::Answered | Link::Cached);
    let wire = is_up(from_guest.link()) || s.guest_seen().is_some_and(|seen| is_up(seen.link()));
    let ignored =
        s.host().switch("net.ipv4.icmp_echo_ignore_all") == Some("1") && s.case.intake.port.is_none();
    if ignored || !(prohibited || (asked && (forward_works || wire))) {
        return None;
    }
    let confidence = if prohibited || forward_works {
        Confidence::Likely
    } else {
        Confidence::Possible
    };
    Some(
        Found::new(confidence)
            .arg("rule", "?")
            .facts(seen_facts(&from_guest))
            .facts(probe_facts(s)),
    )
}

/// The filter could not be read, the guest's card is there, and nothing of the guest arrives: to probes this is the
/// same as a guest that drops everything, which is by far the more frequent.
fn by_silence(s: &Situation<'_>) -> Option<Found> {
    let refused = match &s.host().filter {
        Fact::Known(packet_filter, _) => !packet_filter.complete,
        Fact::Unknown(gap) => gap.why == Why::NoPermission,
    };
    if !refused {
        return None;
    }
    let seen = s.asked_seen()?;
    let silent = seen.echo_is_silent() && seen.tcp_is_silent();
    let wire = matches!(seen.link(), Link::Answered | Link::Cached);
    (s.is_direct() && silent && wire).then(|| {
        Found::new(Confidence::Possible)
            .from_silence()
            .arg("rule", "?")
            .facts(seen_facts(&seen))
    })
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let segment = segment_or_example(s);
    let adapter = s.host_adapter.map(|adapter| adapter.name.as_str());
    let answers = s.direction() == Some(Direction::HostToGuest);
    let what = if answers { remedy::Let::Answers } else { wanted(s) };
    let chain = s.host().filter.value().and_then(|packet_filter| {
        let mut packet = first_packet(s, s.guest_ip?, usual_host_address(s)?, adapter, None);
        if answers {
            packet = packet.answered();
        }
        match walk(packet_filter, Hook::Input, &packet) {
            Walk::Stopped(stop) => Some(base_chain(packet_filter, &stop, Hook::Input)),
            _ => None,
        }
    });
    remedy::let_in(
        Where::Host,
        s.host_os,
        what,
        segment,
        adapter,
        chain.as_ref(),
        s.host().filter_managers.rows(),
    )
}
