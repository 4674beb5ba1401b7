//! `macos-bootpd-disabled`: macOS's own DHCP server is switched off.

use super::super::prelude::*;
use crate::model::StartMode;

rule!("macos-bootpd-disabled", VirtualNetwork, Host, Stops, follows_from: [], look_alikes: ["macos-firewall-blocks-bootpd", "vmnet-framework-bad-state", "macos-local-network-privacy"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    let leans_on_it =
        matches!(s.mode, Some(Mode::Nat | Mode::HostOnly)) && s.hypervisor != Some(HypervisorId::Parallels);
    if s.host_os != Os::Macos || !leans_on_it || !s.involves_guest() {
        return None;
    }
    let service = s.host().service("com.apple.bootpd")?;
    if service.start != StartMode::Disabled {
        return None;
    }
    let (confidence, facts) = Lease::missing(s)?;
    Some(
        Found::new(confidence)
            .fact(
                "fact-service",
                said::named("com.apple.bootpd", said::word("value-start-disabled")),
                s.host().source_of(service),
            )
            .facts(facts),
    )
}

fn remedy(_: &Situation<'_>) -> Vec<Remedy> {
    vec![remedy::enable_bootpd()]
}
