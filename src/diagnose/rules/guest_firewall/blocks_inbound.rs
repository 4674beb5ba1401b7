//! `guest-firewall-blocks-inbound`: the guest throws everything away that others start, or the wanted port.

use super::super::prelude::*;
use super::{answers_pass, at_the_filter, remedy_inbound, wire_is_up};

rule!("guest-firewall-blocks-inbound", GuestFirewall, Guest, Stops, follows_from: ["host-firewall-blocks-guest", "host-firewall-blocks-outbound", "guest-missing-gateway", "guest-firewall-rejects", "docker-forward-drop", "host-forward-policy-drop", "ip-forward-disabled", "wrong-mask", "guest-two-nics-same-subnet", "guest-two-default-routes", "guest-vpn-captures", "missing-return-route", "access-list-refuses", "stale-neighbor", "rp-filter-drops", "br-netfilter-filters-bridge", "vpn-blocks-local-lan", "subnet-overlap-guest-internal", "host-firewall-service-broken", "hyperv-firewall-blocks", "nic-offload-breaks-bridging", "host-two-subnets-one-nic"], look_alikes: ["host-firewall-blocks-guest", "vm-not-running", "missing-return-route", "guest-firewall-blocks-icmp"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    if !matches!(s.to, Endpoint::Guest | Endpoint::Guest2) {
        return None;
    }
    let seen = s.asked_seen()?;
    let wanted_port = s.case.intake.port;
    let stopped = match wanted_port {
        Some(port) => seen.tcp(port) == Some(TcpOutcome::TimedOut),
        // Who may send no echo knows of the ports alone.
        None => (seen.echo_is_silent() || seen.echo_asked().is_none()) && seen.tcp_is_silent(),
    };
    if !stopped {
        return None;
    }
    // The guest is alive for something else: only the port is filtered.
    let alive = seen.echo_replies() || seen.tcp_proof().is_some();
    let by_rule = guest_drops(s);
    let arrives = captured::dies_at_target(s);
    if !(alive || by_rule.is_some() || arrives || wire_is_up(s, &seen)) {
        return None;
    }
    if by_rule.is_none() && captured::spares_target(s) {
        return None;
    }
    let host_is_clear = answers_pass(s) == Some(true);
    let confidence = match (alive || seen.link() == Link::Answered, host_is_clear) {
        _ if by_rule.is_some() => Confidence::Confirmed,
        _ if arrives => at_the_filter(s),
        // Silence alone may as well be an answer that takes another way.
        (true, true) if s.is_direct() && (alive || inside::answers_return(s) == Some(true)) => {
            Confidence::Confirmed
        }
        _ => Confidence::Likely,
    };
    let mut found = Found::new(confidence)
        .facts(by_rule)
        .facts(captured::facts(s))
        .facts(seen_facts(&seen));
    if !alive && !arrives {
        found = found.from_silence();
    }
    Some(found)
}

/// The rule of the guest's own filter that drops what was asked for.
fn guest_drops(s: &Situation<'_>) -> Option<Evidence> {
    let packet_filter = s.guest().filter.value()?;
    let (to, from) = (s.destination()?, s.host_address()?);
    let adapter = s
        .guest()
        .adapter_on_segment(to)
        .map(|(adapter, _)| adapter.name.clone());
    let packet = first_packet(s, from, to, adapter.as_deref(), None);
    match walk(packet_filter, Hook::Input, &packet) {
        Walk::Stopped(stop) if !stop.rejects => Some(evidence(
            "fact-filter-rule",
            stop.describe(),
            s.guest().filter.source(),
        )),
        _ => None,
    }
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    remedy_inbound(s, wanted(s))
}
