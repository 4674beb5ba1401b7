//! `macos-firewall-blocks-bootpd`: the Mac's application firewall stops the program that lends guests their addresses.

use super::super::prelude::*;

rule!("macos-firewall-blocks-bootpd", HostFirewall, Host, Stops, follows_from: ["macos-bootpd-disabled", "virtual-network-not-started", "vm-not-running"], look_alikes: ["macos-bootpd-disabled", "vmnet-framework-bad-state", "guest-nic-not-started"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    let firewall = s.host().mac_firewall.value()?;
    let shared = matches!(s.mode, Some(Mode::Nat | Mode::HostOnly | Mode::Routed) | None);
    // VMware and VirtualBox lend addresses by programs of their own.
    let own_server = matches!(s.hypervisor, Some(HypervisorId::VirtualBox));
    if s.host_os != Os::Macos || !s.involves_guest() || !shared || own_server {
        return None;
    }
    let symptom = lacks_lease(s)?;
    let source = s.host().mac_firewall.source();
    let listed = firewall
        .blocked
        .iter()
        .find(|program| program.ends_with("/bootpd"));
    let (confidence, value) = match listed {
        Some(program) if firewall.enabled != Some(false) => {
            (Confidence::Confirmed, format!("{program}: block"))
        }
        _ if firewall.blocks_all == Some(true) => (Confidence::Likely, "block all".to_owned()),
        _ => return None,
    };
    Some(
        Found::new(confidence)
            .fact("fact-profile", value, source)
            .facts(symptom),
    )
}

fn remedy(_: &Situation<'_>) -> Vec<Remedy> {
    vec![remedy::allow_bootpd()]
}
