//! `guest-two-nics-same-subnet`: two cards of the guest are in one segment, and it sends by the other one.

use super::super::prelude::*;
use crate::model::Adapter;

rule!("guest-two-nics-same-subnet", GuestAddress, Guest, Stops, follows_from: ["guest-static-wrong-subnet"], look_alikes: ["guest-two-default-routes", "guest-firewall-blocks-inbound", "rp-filter-drops"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    if !s.involves_guest() {
        return None;
    }
    let (meant, other) = pair(s)?;
    let to = inside::peer(s)?;
    let IpAddr::V4(address) = to else { return None };
    let shared = other.ipv4().find(|net| net.contains(&address))?;
    let facts = |found: Found| {
        found
            .arg("one", &meant.name)
            .arg("other", &other.name)
            .arg("shared", shared.trunc())
            .fact("fact-guest-card", card_text(meant), s.guest().adapters.source())
            .fact("fact-guest-card", card_text(other), s.guest().adapters.source())
    };
    match inside::way(s, to, s.guest_ip) {
        Some(leaves) => {
            let by_other = leaves
                .adapter
                .as_deref()
                .is_some_and(|name| name.eq_ignore_ascii_case(&other.name));
            by_other.then(|| {
                facts(Found::new(Confidence::Confirmed)).fact("fact-guest-route", leaves.row, leaves.source)
            })
        }
        // Which of the two wins is not known, only that it may be the wrong one.
        None => Some(facts(Found::new(Confidence::Likely).from_silence())),
    }
}

fn card_text(adapter: &Adapter) -> String {
    let nets: Vec<String> = adapter.ipv4().map(|net| net.to_string()).collect();
    format!("{} {}", adapter.name, nets.join(" "))
}

/// The card that is meant and another one of the same segment, both in use.
fn pair<'a>(s: &Situation<'a>) -> Option<(&'a Adapter, &'a Adapter)> {
    let meant = inside::card(s)?;
    let overlaps = |other: &Adapter| {
        other.ipv4().any(|net| {
            !net.addr().is_link_local()
                && meant
                    .ipv4()
                    .any(|own| own.trunc().contains(&net.addr()) || net.trunc().contains(&own.addr()))
        })
    };
    inside::cards(s)
        .into_iter()
        .find(|other| other.name != meant.name && other.enabled != Some(false) && overlaps(other))
        .map(|other| (meant, other))
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let os = guest_os(s);
    let other = pair(s).map_or_else(|| "eth1".to_owned(), |(_, other)| other.name.clone());
    let mut ways = remedy::disable_card(os, &other);
    ways.push(remedy::ask(
        Where::Host,
        Message::new("remedy-second-card-ask")
            .with("vm", s.machine_name())
            .with("adapter", other),
    ));
    ways
}
