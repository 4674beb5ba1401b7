//! `docker-forward-drop`: Docker set the forward chain to drop, and nothing lets the guests through.

use super::super::prelude::*;
use super::{forward_stops, has_docker, is_dockers, vanishes_here};

rule!("docker-forward-drop", Forwarding, Host, Stops, follows_from: ["nft-iptables-backend-conflict", "hypervisor-filter-rules-lost"], look_alikes: ["ip-forward-disabled", "host-forward-policy-drop", "br-netfilter-filters-bridge"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    let stops = forward_stops(s);
    if stops.is_empty() {
        // Docker's mark is the policy of a chain that was read and lets it pass.
        let passes = s.host().filter.value().is_some_and(|packet_filter| {
            let mut chains = packet_filter.chains.iter();
            chains.any(|chain| chain.hook == Some(Hook::Forward) && chain.name == "FORWARD")
        });
        let facts = vanishes_here(s).filter(|_| has_docker(s) && !passes)?;
        return Some(Found::new(Confidence::Likely).arg("rule", "?").facts(facts));
    }
    let stop = stops.iter().find(|stop| is_dockers(s, stop))?;
    Some(
        Found::new(Confidence::Confirmed)
            .arg("rule", stop.describe())
            .fact("fact-filter-rule", stop.describe(), s.host().filter.source()),
    )
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    vec![remedy::docker_user(&s.adapter_name())]
}
