//! `guest-firewall-blocks-icmp`: echo is filtered in the guest; the rest answers or may.

use super::super::prelude::*;
use super::{answers_pass, at_the_filter, remedy_inbound, wire_is_up};

rule!("guest-firewall-blocks-icmp", GuestFirewall, Guest, Stops, follows_from: ["host-firewall-blocks-guest", "host-firewall-blocks-outbound", "wrong-mask", "guest-two-nics-same-subnet", "guest-two-default-routes", "guest-vpn-captures", "missing-return-route", "stale-neighbor", "rp-filter-drops", "br-netfilter-filters-bridge", "subnet-overlap-guest-internal", "host-firewall-service-broken", "hyperv-firewall-blocks", "nic-offload-breaks-bridging", "host-two-subnets-one-nic"], look_alikes: ["guest-firewall-blocks-inbound", "host-firewall-blocks-guest", "usermode-nat-no-icmp", "vm-not-running"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    if s.case.intake.port.is_some() || !matches!(s.to, Endpoint::Guest | Endpoint::Guest2) {
        return None;
    }
    let seen = s.asked_seen()?;
    if !seen.echo_is_silent() || captured::spares_target(s) {
        return None;
    }
    let arrives = captured::dies_at_target(s);
    let ignored = s.to == Endpoint::Guest && s.guest().switch("net.ipv4.icmp_echo_ignore_all") == Some("1");
    let direct = s.is_direct();
    match seen.tcp_proof() {
        // A port forward answers in the guest's place; only a direct segment proves the guest.
        Some(_) if direct => {
            let confidence = if answers_pass(s) == Some(true) || ignored || arrives {
                Confidence::Confirmed
            } else {
                Confidence::Likely
            };
            Some(
                Found::new(confidence)
                    .facts(seen_facts(&seen))
                    .facts(captured::facts(s)),
            )
        }
        Some(_) => Some(Found::new(Confidence::Likely).facts(seen_facts(&seen))),
        None if ignored => Some(
            Found::new(Confidence::Confirmed)
                .fact(
                    "fact-kernel-switch",
                    "net.ipv4.icmp_echo_ignore_all = 1",
                    s.guest().kernel.source(),
                )
                .facts(seen_facts(&seen)),
        ),
        // The requests were seen to arrive, and no answer to leave.
        None if arrives && seen.tcp_all().is_empty() => Some(
            Found::new(at_the_filter(s))
                .facts(captured::facts(s))
                .facts(seen_facts(&seen)),
        ),
        // The wire is up and nobody tried a port: echo alone is known to die.
        None if seen.tcp_all().is_empty() && wire_is_up(s, &seen) => Some(
            Found::new(Confidence::Likely)
                .from_silence()
                .facts(seen_facts(&seen))
                .facts(table_fact(s)),
        ),
        None => None,
    }
}

/// The entry of a printed neighbor table, where no probe looked.
fn table_fact(s: &Situation<'_>) -> Option<Evidence> {
    let guest = s.destination()?;
    let entry = s
        .host()
        .neighbors
        .rows()
        .iter()
        .find(|entry| entry.address == guest)?;
    let mac = entry.mac?;
    Some(evidence(
        "fact-neighbor",
        format!("{guest} {mac}"),
        s.host().neighbors.source(),
    ))
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    if s.guest().switch("net.ipv4.icmp_echo_ignore_all") == Some("1") {
        return vec![remedy::kernel_switch(
            Where::Guest,
            "remedy-echo-switch-title",
            Message::new("remedy-echo-switch-effect"),
            remedy::Risk::None,
            "net.ipv4.icmp_echo_ignore_all",
            "0",
            "1",
        )];
    }
    remedy_inbound(s, remedy::Let::Echo)
}
