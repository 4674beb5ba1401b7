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
    if s.guest_ip.is_none() || s.case.intake.port.is_some() {
        let port = s.case.intake.port.unwrap_or(22);
        let guest = guest_or_example(s);
        if guest.is_ipv4() {
            ways.extend(remedy::relay_to_guest(s.host_os, &s.adapter_name(), guest, port));
        }
    }
    ways
}
