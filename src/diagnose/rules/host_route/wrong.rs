//! `host-route-wrong`: a static, better-metric or policy route leads elsewhere, or throws the packets away.

use super::super::prelude::*;
use super::Leads;
use crate::model::LookUp;

rule!("host-route-wrong", HostRoute, Host, Stops, follows_from: ["host-vnic-down", "host-vnic-disabled", "host-vnic-missing", "host-vnic-no-address", "host-vnic-apipa", "subnet-overlap-lan", "vpn-route-hijack", "host-route-missing", "subnet-overlap-vpn", "subnet-overlap-virtual", "host-two-nics-same-subnet", "host-ip-not-on-bridge"], look_alikes: ["vpn-route-hijack", "subnet-overlap-lan", "host-route-missing"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    by_row(s).or_else(|| by_way(s))
}

/// A row or rule that leads astray, whether or not another fault decides before it.
fn by_row(s: &Situation<'_>) -> Option<Found> {
    let (words, confidence) = match super::stray(s, Leads::Astray)? {
        LookUp::Row(row) => (row.describe(), super::sure_of(s, row)),
        LookUp::Policy(rule) => (super::describe_rule(rule), Confidence::Confirmed),
        LookUp::NoRoute | LookUp::Unknown => return None,
    };
    Some(
        Found::new(confidence)
            .arg("row", &words)
            .stands_on("fact-route", words, s.host().routes.source())
            .facts(s.host_adapter.map(|own| adapter_fact(s, own)))
            .facts(probe_facts(s)),
    )
}

fn by_way(s: &Situation<'_>) -> Option<Found> {
    let guest = s.guest_ip?;
    if !matches!(
        s.direction(),
        Some(Direction::HostToGuest | Direction::GuestToHost)
    ) {
        return None;
    }
    let own = s
        .host_adapter
        .filter(|adapter| adapter.on_segment_of(guest).is_some());
    match s.way_to(guest) {
        Way::Discarded { row, source } => Some(
            Found::new(Confidence::Confirmed)
                .arg("row", &row)
                .fact("fact-route", row, source)
                .facts(own.map(|adapter| adapter_fact(s, adapter)))
                .facts(probe_facts(s)),
        ),
        Way::Adapter {
            name, row, source, ..
        } => {
            let own = own
                .filter(|adapter| !super::is_way_back(s, adapter, &name) && adapter.enabled != Some(false))?;
            // Two cards in the segment of a bridged guest are no wrong row (`host-two-nics-same-subnet`).
            if is_bridged(s)
                && s.host()
                    .adapter(&name)
                    .is_some_and(|other| other.on_segment_of(guest).is_some())
            {
                return None;
            }
            // When only the default route is left, a route is missing and none is wrong.
            // The default route of a table of its own is looked up before the segment's row.
            let by_default = matches!(s.host().look_up(guest, None), LookUp::Row(row)
                if row.is_default() && row.table.is_none_or(|table| table == crate::model::TABLE_MAIN));
            if by_default
                || s.host().adapter(&name).is_some_and(|other| {
                    other.on_segment_of(guest).is_some() && other.master.as_deref() == Some(own.name.as_str())
                })
            {
                return None;
            }
            // Where the addresses of the adapter that wins are not known, its row may be its own segment's: that
            // would be an overlap, and no wrong row.
            let winner = s.host().adapter(&name);
            let confidence = match winner.and_then(|adapter| adapter.addresses.as_ref()) {
                Some(_) => Confidence::Confirmed,
                None => Confidence::Likely,
            };
            Some(
                Found::new(confidence)
                    .arg("row", &row)
                    .fact("fact-route", winning_row(s, guest).unwrap_or(row), source)
                    .facts([adapter_fact(s, own)])
                    .facts(probe_facts(s)),
            )
        }
        _ => None,
    }
}

fn winning_row(s: &Situation<'_>, guest: IpAddr) -> Option<String> {
    match s.host().look_up(guest, None) {
        LookUp::Row(row) => Some(row.describe()),
        _ => None,
    }
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let Some(guest) = s.guest_ip else {
        return remedy::route_to_segment(
            s.host_os,
            segment_or_example(s),
            &s.adapter_name(),
            s.host_address(),
        );
    };
    if let Some(LookUp::Row(row)) = super::stray(s, Leads::Astray)
        && row.table.is_none_or(|table| table == crate::model::TABLE_MAIN)
    {
        return remedy::delete_route(
            Where::Host,
            s.host_os,
            row.destination,
            row.via,
            row.adapter.as_deref(),
            &row.describe(),
        );
    }
    let mut by_rule: Vec<Remedy> =
        remedy::rule_to_main_if_needed(s.host(), segment_or_example(s), s.guest_ip)
            .into_iter()
            .collect();
    if !by_rule.is_empty() {
        by_rule.extend(remedy::route_to_segment(
            s.host_os,
            segment_or_example(s),
            &s.adapter_name(),
            s.host_address(),
        ));
        return by_rule;
    }
    match s.host().look_up(guest, None) {
        LookUp::Row(row) if !row.is_default() => remedy::delete_route(
            Where::Host,
            s.host_os,
            row.destination,
            row.via,
            row.adapter.as_deref(),
            &row.describe(),
        ),
        LookUp::Policy(rule) => vec![remedy::rule_before(
            Where::Host,
            rule.priority,
            segment_or_example(s),
        )],
        _ => remedy::route_to_segment(
            s.host_os,
            segment_or_example(s),
            &s.adapter_name(),
            s.host_address(),
        ),
    }
}
