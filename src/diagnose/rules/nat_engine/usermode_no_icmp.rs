//! `usermode-nat-no-icmp`: a translation in a user process carries TCP and UDP, but not every echo.

use super::super::prelude::*;

rule!("usermode-nat-no-icmp", NatEngine, Hypervisor, Stops, follows_from: ["host-no-uplink"], look_alikes: ["guest-firewall-blocks-icmp", "host-firewall-blocks-outbound"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    let user_mode = s.mode == Some(Mode::User)
        || (s.mode == Some(Mode::Nat) && s.hypervisor == Some(HypervisorId::VirtualBox))
        || s.mode == Some(Mode::NatNetwork);
    let outward = s.direction() == Some(Direction::GuestToInternet);
    if !user_mode || !outward || s.case.intake.port.is_some() {
        return None;
    }
    let attempts: Vec<_> = s
        .case
        .probes
        .iter()
        .filter(|probe| probe.from == Place::Guest)
        .filter_map(|probe| Some((probe.to?, s.seen(Place::Guest, probe.to?))))
        .filter(|(to, _)| s.gateway() != Some(*to) && !to.is_loopback())
        .collect();
    let echo_dies = attempts.iter().find(|(_, seen)| seen.echo_fails());
    let tcp_passes = attempts.iter().find(|(_, seen)| {
        seen.tcp_all()
            .iter()
            .any(|(_, outcome)| *outcome == TcpOutcome::Connected)
    });
    let range = s.host().switch("net.ipv4.ping_group_range");
    let closed = range.is_some_and(|range| {
        let mut ends = range
            .split_whitespace()
            .filter_map(|word| word.parse::<u64>().ok());
        matches!((ends.next(), ends.next()), (Some(low), Some(high)) if low > high)
    });
    let confidence = match (echo_dies, tcp_passes) {
        (Some(_), Some(_)) => Confidence::Confirmed,
        (Some(_), None) if closed && s.mode == Some(Mode::User) => Confidence::Likely,
        (Some(_), None) if s.mode == Some(Mode::User) => Confidence::Possible,
        _ => return None,
    };
    let mut found = Found::new(confidence).facts([mode_fact(s)]);
    for (_, seen) in echo_dies.into_iter().chain(tcp_passes) {
        found = found.facts(seen_facts(seen));
    }
    if let Some(range) = range {
        found = found.fact(
            "fact-kernel-switch",
            format!("net.ipv4.ping_group_range = {range}"),
            s.host().kernel.source(),
        );
    }
    Some(found)
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let mut ways = Vec::new();
    if s.host_os == Os::Linux && matches!(s.mode, Some(Mode::User) | None) {
        let old = s
            .host()
            .switch("net.ipv4.ping_group_range")
            .unwrap_or("1 0")
            .replace('\t', " ");
        ways.push(remedy::allow_usermode_echo(&old));
    }
    ways.push(remedy::ask(
        Where::Guest,
        Message::new("remedy-test-with-tcp-ask"),
    ));
    ways
}
