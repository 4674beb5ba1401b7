//! `vpn-route-hijack`: the look-up for the guest's address leads into a tunnel.

use super::super::prelude::*;
use super::Leads;
use crate::model::LookUp;

rule!("vpn-route-hijack", HostRoute, Host, Stops, follows_from: ["host-vnic-down", "host-vnic-disabled", "host-vnic-missing", "host-vnic-no-address", "host-vnic-apipa", "subnet-overlap-vpn"], look_alikes: ["vpn-blocks-local-lan", "subnet-overlap-vpn", "host-route-wrong"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    by_row(s).or_else(|| by_way(s))
}

/// A row of the VPN, whether or not another fault decides before it.
fn by_row(s: &Situation<'_>) -> Option<Found> {
    let LookUp::Row(row) = super::stray(s, Leads::IntoTunnel)? else {
        return None;
    };
    Some(
        Found::new(super::sure_of(s, row))
            .arg("tunnel", row.adapter.as_deref().unwrap_or_default())
            .stands_on("fact-route", row.describe(), s.host().routes.source())
            .facts(s.host_adapter.map(|adapter| adapter_fact(s, adapter)))
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
    let Way::Adapter { name, .. } = s.way_to(guest) else {
        return None;
    };
    let host = s.host();
    let tunnel = host.adapter(&name).is_some_and(|adapter| adapter.is_tunnel())
        || (host.adapter(&name).is_none() && crate::model::Adapter::named(name.as_str()).is_tunnel());
    if !tunnel || s.host_adapter.is_some_and(|own| own.name == name) {
        return None;
    }
    // A guest behind the VPN on purpose (a remote hypervisor) has no adapter of this host on its segment.
    let own = s
        .host_adapter
        .and_then(|adapter| adapter.on_segment_of(guest).map(|net| (adapter, net)));
    let confidence = if own.is_some() {
        Confidence::Confirmed
    } else {
        Confidence::Likely
    };
    if own.is_none() && s.segment.is_none_or(|segment| !segment.contains(&guest)) && s.mode.is_none() {
        return None;
    }
    Some(
        Found::new(confidence)
            .arg("tunnel", &name)
            .facts(way_fact(s, guest))
            .facts(own.map(|(adapter, _)| adapter_fact(s, adapter)))
            .facts(probe_facts(s)),
    )
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let segment = segment_or_example(s);
    let mut ways = Vec::new();
    let mut wanted = segment;
    if s.host_os == Os::Linux {
        ways.extend(remedy::rule_to_main_if_needed(s.host(), segment, s.guest_ip));
        // Nothing is narrower than a row for the guest alone, so that one has to go.
        if let Some(guest) = s.guest_ip
            && let LookUp::Row(row) = s.host().look_up(guest, None)
            && row.destination.prefix_len() == row.destination.max_prefix_len()
            && row.table.is_none_or(|table| table == crate::model::TABLE_MAIN)
        {
            ways.extend(remedy::delete_route(
                Where::Host,
                s.host_os,
                row.destination,
                row.via,
                row.adapter.as_deref(),
                &row.describe(),
            ));
        }
        // A narrower route of the VPN in the main table outvotes the segment's own: name the guest itself.
        wanted = s.guest_ip.map_or(segment, ipnet::IpNet::from);
    }
    ways.extend(remedy::route_to_segment(
        s.host_os,
        wanted,
        &s.adapter_name(),
        s.host_address(),
    ));
    ways.push(remedy::ask(
        Where::Network,
        Message::new("remedy-vpn-local-lan-ask").with("segment", segment),
    ));
    ways
}
