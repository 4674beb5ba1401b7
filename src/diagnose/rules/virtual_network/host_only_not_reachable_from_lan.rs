//! `host-only-not-reachable-from-lan`: a host-only network is not visible outside.

use super::super::prelude::*;

rule!("host-only-not-reachable-from-lan", VirtualNetwork, Hypervisor, ByDesign, follows_from: [], look_alikes: ["segment-route-missing", "guest-firewall-blocks-inbound"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    table_names(s, RULE.id).then(|| Found::new(by_mode(s)).facts([mode_fact(s)]))
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let vm = s.machine_name();
    let mut ways = vec![remedy::ask(
        Where::Host,
        Message::new("remedy-bridge-instead-ask").with("vm", vm),
    )];
    // One port is enough for most, and leaves the machine where it is.
    let port = s.case.intake.port.or_else(|| without_case(s).then_some(22));
    if let (Some(port), Some(guest)) = (port, ipv4_guest_or_example(s)) {
        ways.extend(remedy::relay_to_guest(
            s.host_os,
            &s.adapter_name(),
            guest,
            port,
            forwarding_is_off(s),
        ));
    }
    ways
}
