//! `host-forward-policy-drop`: the host's filter drops what the guests send through it.

use super::super::prelude::*;
use super::{forward_stop, forward_stops, has_docker, is_dockers, uplink_name, vanishes_here};

rule!("host-forward-policy-drop", Forwarding, Host, Stops, follows_from: ["nft-iptables-backend-conflict", "hypervisor-filter-rules-lost"], look_alikes: ["docker-forward-drop", "ip-forward-disabled", "hypervisor-filter-rules-lost"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    let stops = forward_stops(s);
    if stops.is_empty() {
        let facts = vanishes_here(s).filter(|_| !has_docker(s))?;
        return Some(Found::new(Confidence::Possible).arg("rule", "?").facts(facts));
    }
    // A translated segment that turns outsiders away does what it is for.
    let by_design = s.direction() == Some(Direction::LanToGuest) && s.is_closed_by_design();
    // What a product's own chain keeps apart are its networks (`vswitches-not-routed`).
    let between = s.direction() == Some(Direction::GuestToGuest);
    let stop = own_stop(s).filter(|stop| !(by_design || between && is_products(stop.chain)))?;
    Some(
        Found::new(Confidence::Confirmed)
            .arg("rule", stop.describe())
            .fact("fact-filter-rule", stop.describe(), s.host().filter.source()),
    )
}

/// The first place that is not Docker's.
fn own_stop<'a>(s: &Situation<'a>) -> Option<filter::Stop<'a>> {
    forward_stops(s).into_iter().find(|stop| !is_dockers(s, stop))
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let adapter = s.adapter_name();
    let uplink = uplink_name(s);
    let managers = s.host().filter_managers.rows();
    let chain = own_stop(s)
        .or_else(|| forward_stop(s))
        .zip(s.host().filter.value())
        .map(|(stop, packet_filter)| base_chain(packet_filter, &stop, Hook::Forward));
    let usual = remedy::Chain {
        backend: crate::model::FilterBackend::Iptables,
        family: crate::model::FilterFamily::Ip,
        table: "filter".to_owned(),
        name: "FORWARD".to_owned(),
    };
    remedy::let_through(
        &adapter,
        chain.as_ref().unwrap_or(&usual),
        managers,
        uplink.as_deref(),
        s.direction() == Some(Direction::LanToGuest),
    )
}
