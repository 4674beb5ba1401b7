//! `nft-iptables-backend-conflict`: rules of iptables-legacy drop what the rules of nft let through, or the other way
//! round: a packet has to pass both.

use super::super::prelude::*;
use super::{forward_packet, forward_stop};
use crate::model::{FilterAction, FilterBackend, PacketFilter};

rule!("nft-iptables-backend-conflict", Forwarding, Host, Stops, follows_from: [], look_alikes: ["host-forward-policy-drop", "docker-forward-drop", "hypervisor-filter-rules-lost"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    let packet_filter = s.host().filter.value()?;
    let stop = forward_stop(s)?;
    let packet = forward_packet(s)?;
    let drops_in = stop.chain.backend;
    // The other filter was told to let it through: somebody's rule says so, not a policy alone.
    let others = PacketFilter {
        chains: packet_filter
            .chains
            .iter()
            .filter(|chain| (chain.backend == FilterBackend::Legacy) != (drops_in == FilterBackend::Legacy))
            .cloned()
            .collect(),
        complete: true,
    };
    let speaks = others.chains.iter().any(|chain| {
        chain.rules.iter().any(|rule| {
            rule.action == FilterAction::Accept
                && rule.matches.iter().any(|condition| {
                    use crate::model::MatchOn::{InputAdapter, OutputAdapter};
                    let (InputAdapter(names) | OutputAdapter(names)) = &condition.on else {
                        return false;
                    };
                    let own = s.host_adapter.map(|adapter| adapter.name.as_str());
                    names.iter().any(|name| Some(name.as_str()) == own)
                })
        })
    });
    let lets_through = walk(&others, Hook::Forward, &packet) == Walk::Passes;
    let both = packet_filter
        .chains
        .iter()
        .any(|chain| chain.backend == FilterBackend::Legacy);
    (both && speaks && lets_through).then(|| {
        let (drops, passes) = match drops_in {
            FilterBackend::Legacy => ("iptables-legacy", "nft"),
            _ => ("nft", "iptables-legacy"),
        };
        Found::new(Confidence::Confirmed)
            .arg("drops", drops)
            .arg("passes", passes)
            .arg("rule", stop.describe())
            .fact(
                "fact-filter-rule",
                format!("{drops}: {}", stop.describe()),
                s.host().filter.source(),
            )
            .facts(s.host_adapter.map(|adapter| adapter_fact(s, adapter)))
    })
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let chain = forward_stop(s)
        .zip(s.host().filter.value())
        .map(|(stop, packet_filter)| base_chain(packet_filter, &stop, Hook::Forward));
    let usual = remedy::Chain {
        backend: FilterBackend::Legacy,
        family: crate::model::FilterFamily::Ip,
        table: "filter".to_owned(),
        name: "FORWARD".to_owned(),
    };
    let mut ways = remedy::let_through(
        &s.adapter_name(),
        chain.as_ref().unwrap_or(&usual),
        &[],
        None,
        false,
    );
    ways.push(remedy::ask(Where::Host, Message::new("remedy-one-backend-ask")));
    ways
}
