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
    if let (Os::Windows, Some(guest), Some(port)) = (s.host_os, s.guest_ip, s.case.intake.port) {
        ways.push(remedy::portproxy(port, guest, port));
    }
    ways
}
