//! `host-firewall-blocks-guest`: the host throws away what guests start towards it (or even their answers).

use super::super::prelude::*;
use crate::model::{Fact, FirewallProfile, SystemFirewall, Why};

rule!("host-firewall-blocks-guest", HostFirewall, Host, Stops, follows_from: ["virtual-cable-disconnected", "vm-not-running", "tap-detached-from-bridge", "third-party-or-managed-firewall"], look_alikes: ["guest-firewall-blocks-inbound", "service-not-listening", "host-echo-ignored"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    match s.direction()? {
        Direction::GuestToHost => by_rules(s, false)
            .or_else(|| by_windows(s))
            .or_else(|| by_probes(s)),
        // Answers of the guest are thrown away as well when the filter keeps no state.
        Direction::HostToGuest => by_rules(s, true)
            .or_else(|| by_capture(s))
            .or_else(|| by_silence(s)),
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

/// What the firewall of a Windows host makes of what the guest starts towards it.
enum Windows<'a> {
    /// It filters nothing on this adapter.
    Off,
    /// It throws away whatever comes in, and heeds no rule.
    BlocksAll(&'a FirewallProfile),
    /// These rules block it. On Windows they win over all that allow.
    Blocks(Vec<&'a FirewallRule>),
    /// These rules block it where it is for their program, or in what else they do not tell. Whether it is let in besides.
    MayBlock(Vec<&'a FirewallRule>, bool),
    /// A rule lets it in, or what no rule names comes in.
    LetsIn,
    /// No rule lets it in.
    LetsNothingIn(&'a FirewallProfile),
    /// Something that decides is not known.
    Unclear,
}

impl<'a> Windows<'a> {
    /// `None` where the host has no such firewall, or it was not read.
    fn of(s: &Situation<'a>) -> Option<Self> {
        let firewall = s.host().firewall.value().filter(|_| s.host_os == Os::Windows)?;
        let own = own_profiles(s, firewall);
        if !own.is_empty() && own.iter().all(|profile| profile.enabled == Some(false)) {
            return Some(Self::Off);
        }
        let name = profile_name(s);
        let profile = own
            .into_iter()
            .find(|profile| profile.name.eq_ignore_ascii_case(&name));
        let filters = profile.filter(|profile| profile.enabled == Some(true));
        if let Some(profile) = filters.filter(|profile| profile.blocks_all_inbound == Some(true)) {
            return Some(Self::BlocksAll(profile));
        }
        let packet = inbound_packet(s, s.guest_ip);
        let fitting = |allows: bool, fit: Fit| of_fit(firewall, &packet, allows, fit);
        let blocking = fitting(false, Fit::Whole);
        if !blocking.is_empty() && filters.is_some() {
            return Some(Self::Blocks(blocking));
        }
        let lets_in = profile.is_some_and(|profile| {
            profile.blocks_inbound == Some(false)
                || (!fitting(true, Fit::Whole).is_empty() && profile.local_rules != Some(false))
        });
        // A list without protocols says of no rule what it is about.
        let mut may_block = fitting(false, Fit::Maybe);
        may_block.retain(|rule| rule.protocol.is_some());
        may_block.extend(blocking);
        Some(match filters {
            _ if !may_block.is_empty() => Self::MayBlock(may_block, lets_in),
            _ if lets_in => Self::LetsIn,
            Some(profile) if fitting(true, Fit::Maybe).is_empty() && fitting(true, Fit::Whole).is_empty() => {
                Self::LetsNothingIn(profile)
            }
            _ => Self::Unclear,
        })
    }
}

/// The rules that allow, or block, and are this far for the packet.
fn of_fit<'a>(
    firewall: &'a SystemFirewall,
    packet: &FirewallPacket<'_>,
    allows: bool,
    fit: Fit,
) -> Vec<&'a FirewallRule> {
    firewall
        .rules
        .iter()
        .filter(|rule| rule.allows == Some(allows) && rule.fits(packet) == fit)
        .collect()
}

/// Windows: the profile of the adapter or a rule blocks, and the guest saw silence.
fn by_windows(s: &Situation<'_>) -> Option<Found> {
    let from_guest = s.destination().map(|to| s.seen(Place::Guest, to))?;
    let port = s.case.intake.port;
    // Who refuses was reached: a firewall of Windows is silent.
    let reached = port.is_some_and(|port| from_guest.tcp(port) == Some(TcpOutcome::Refused));
    if s.asked() != Asked::Fails || reached {
        return None;
    }
    let forward_works = s
        .guest_seen()
        .is_some_and(|seen| seen.link() == Link::Answered || seen.link() == Link::Cached);
    let by_silence = if forward_works {
        Confidence::Likely
    } else {
        Confidence::Possible
    };
    let source = s.host().firewall.source();
    let profile_fact = |profile: &FirewallProfile, word: &'static str| {
        evidence(
            "fact-profile",
            said::named(&profile.name, said::word(word)),
            source,
        )
    };
    let rule_facts = |rules: &[&FirewallRule]| -> Vec<Evidence> {
        let said = |rule: &&FirewallRule| evidence("fact-filter-rule", told(rule), source);
        rules.iter().take(4).map(said).collect()
    };
    let found = match Windows::of(s)? {
        Windows::Off | Windows::LetsIn | Windows::Unclear => return None,
        Windows::BlocksAll(profile) => Found::new(Confidence::Likely)
            .arg("rule", format!("{}: block all", profile.name))
            .facts([profile_fact(profile, "value-all-inbound-blocked")]),
        Windows::Blocks(rules) => {
            let first = rules.first()?;
            Found::new(Confidence::Confirmed)
                .stands_on("fact-filter-rule", told(first), source)
                .arg("rule", first.shown_name())
                .facts(rule_facts(rules.get(1..).unwrap_or_default()))
        }
        Windows::MayBlock(rules, lets_in) => {
            let confidence = if lets_in { Confidence::Possible } else { by_silence };
            Found::new(confidence)
                .arg("rule", rules.first()?.shown_name())
                .facts(rule_facts(&rules))
        }
        Windows::LetsNothingIn(profile) => Found::new(by_silence)
            .arg("rule", format!("{}: block", profile.name))
            .facts([profile_fact(profile, "value-inbound-blocked")]),
    };
    Some(found.facts(seen_facts(&from_guest)))
}

/// A blocking rule in words, with the program that it is for.
fn told(rule: &FirewallRule) -> String {
    match rule.program.as_deref() {
        Some(program) => format!("{} ({program}): Block", rule.shown_name()),
        None => format!("{}: Block", rule.shown_name()),
    }
}

/// Whether the firewall of a host without Linux' chains is known to let in what the guest starts.
fn is_let_in(s: &Situation<'_>) -> bool {
    let mac = s.host().mac_firewall.value().filter(|_| s.host_os == Os::Macos);
    matches!(Windows::of(s), Some(Windows::Off | Windows::LetsIn))
        || mac.is_some_and(|firewall| firewall.enabled == Some(false) && firewall.pf_blocks.is_empty())
}

/// The service of a Linux host that should have taken the connection which the guest was refused: the kernel refuses only
/// where nobody listens, so a filter did.
fn refused_service(s: &Situation<'_>, to: IpAddr) -> Option<Evidence> {
    let port = s.case.intake.port.filter(|_| s.host_os == Os::Linux)?;
    if s.seen(Place::Guest, to).tcp(port) != Some(TcpOutcome::Refused) {
        return None;
    }
    let listeners = &s.host().listeners;
    let takes = |bound: IpAddr| bound == to || (bound.is_unspecified() && (bound.is_ipv6() || to.is_ipv4()));
    let own = listeners
        .rows()
        .iter()
        .find(|own| own.protocol == crate::model::Protocol::Tcp && own.port == port && takes(own.address))?;
    Some(evidence(
        "fact-listener",
        format!("{}:{port}", own.address),
        listeners.source(),
    ))
}

/// The filter could not be read: the host reaches the guest, the guest's card answers the host's questions, and
/// what the guest starts towards the host is met with silence, a filter's message, or a refusal where a service listens.
fn by_probes(s: &Situation<'_>) -> Option<Found> {
    if s.host().is_filter_read() || is_let_in(s) {
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
    let refused = refused_service(s, to);
    let said_no = prohibited || refused.is_some();
    if ignored || !(said_no || (asked && (forward_works || wire))) {
        return None;
    }
    let confidence = if said_no || forward_works {
        Confidence::Likely
    } else {
        Confidence::Possible
    };
    Some(
        Found::new(confidence)
            .arg("rule", "?")
            .facts(refused)
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
    // Where no request was answered, or none came, nothing of the guest was on its way.
    if captured::at_target(s).is_some() {
        return None;
    }
    let wire = matches!(seen.link(), Link::Answered | Link::Cached);
    (s.is_direct() && silent && wire).then(|| {
        Found::new(Confidence::Possible)
            .from_silence()
            .arg("rule", "?")
            .facts(seen_facts(&seen))
    })
}

/// The filter could not be read, and answers of the guest were seen on their way, of which nothing was heard here:
/// arriving at the host, or, where nobody looked there, leaving the guest. The firewalls of other systems let answers in.
fn by_capture(s: &Situation<'_>) -> Option<Found> {
    let unread = !s.host().is_filter_read();
    let seen = s.asked_seen()?;
    let captured = captured::at_start(s).or_else(|| captured::at_target(s))?;
    let come = matches!(captured, captured::Captured::Answered(..));
    let unheard = s.case.intake.port.map_or_else(
        || seen.echo_is_silent(),
        |port| seen.tcp(port) == Some(TcpOutcome::TimedOut),
    );
    (s.host_os == Os::Linux && unread && s.is_direct() && come && unheard).then(|| {
        Found::new(Confidence::Likely)
            .arg("rule", "?")
            .facts(captured::facts(s))
            .facts(seen_facts(&seen))
    })
}

fn names_of<'a>(rules: &[&'a FirewallRule]) -> Vec<&'a str> {
    let mut names: Vec<&str> = rules.iter().map(|rule| rule.shown_name()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Switches the rules off. Where nothing lets it in besides, that is the next thing to do.
fn unblock(segment: ipnet::IpNet, rules: &[&FirewallRule], let_in: Vec<Remedy>) -> Vec<Remedy> {
    let mut ways = remedy::unblock_in(segment, &names_of(rules));
    ways.extend(let_in);
    ways
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
    let let_in = remedy::let_in(
        Where::Host,
        s.host_os,
        what,
        segment,
        adapter,
        chain.as_ref(),
        s.host().filter_managers.rows(),
    );
    let windows = Windows::of(s).filter(|_| s.direction() == Some(Direction::GuestToHost));
    match windows {
        Some(Windows::BlocksAll(profile)) => remedy::heed_inbound_rules(&profile.name),
        Some(Windows::Blocks(rules)) => unblock(segment, &rules, let_in),
        // What only may block is not switched off in bulk.
        Some(Windows::MayBlock(rules, _)) if names_of(&rules).len() == 1 => unblock(segment, &rules, let_in),
        _ => let_in,
    }
}
