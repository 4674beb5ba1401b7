//! `docker-forward-drop`: Docker set the forward chain to drop, and nothing lets the guests through.

use super::super::prelude::*;
use super::{forward_stops, has_docker, has_dockers_chain, is_dockers, vanishes_here};

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
    // A bridge of Docker's alone does not tell who set the policy: Docker's own chains come with it.
    let confidence = if has_dockers_chain(s) {
        Confidence::Confirmed
    } else {
        Confidence::Likely
    };
    Some(Found::new(confidence).arg("rule", stop.describe()).fact(
        "fact-filter-rule",
        stop.describe(),
        s.host().filter.source(),
    ))
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    vec![remedy::docker_user(&s.adapter_name())]
}
