//! `host-route-missing`: the adapter has its address, but the route to its own segment is gone.

use super::super::prelude::*;
use crate::model::LookUp;

rule!("host-route-missing", HostRoute, Host, Stops, follows_from: ["host-vnic-down", "host-vnic-disabled", "virtual-network-not-started"], look_alikes: ["host-route-wrong", "host-vnic-down"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    let guest = s.guest_ip?;
    let adapter = s.host_adapter?;
    let own = adapter.on_segment_of(guest)?;
    let routes = s.host().routes.value()?;
    if adapter.enabled == Some(false)
        || !matches!(
            s.direction(),
            Some(Direction::HostToGuest | Direction::GuestToHost)
        )
    {
        return None;
    }
    let on_link = routes.iter().any(|row| {
        row.adapter.as_deref() == Some(adapter.name.as_str())
            && !row.is_default()
            && row.destination.contains(&guest)
            && row.destination.prefix_len() >= own.prefix_len()
    });
    let elsewhere = match s.host().look_up(guest, None) {
        LookUp::NoRoute => true,
        LookUp::Row(row) => row.is_default() && row.adapter.as_deref() != Some(adapter.name.as_str()),
        _ => false,
    };
    // An adapter that is switched off has no rows either.
    let confidence = match adapter.enabled {
        Some(_) => Confidence::Confirmed,
        None => Confidence::Likely,
    };
    (!on_link && elsewhere).then(|| {
        Found::new(confidence)
            .facts([adapter_fact(s, adapter)])
            .facts(way_fact(s, guest))
            .facts(probe_facts(s))
    })
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    remedy::restore_on_link(
        s.host_os,
        segment_or_example(s),
        &s.adapter_name(),
        s.host_address(),
    )
}
