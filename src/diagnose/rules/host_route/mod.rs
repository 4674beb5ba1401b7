//! Causes at the host's routes.

pub mod missing;
pub mod segment_missing;
pub mod vpn_blocks;
pub mod vpn_hijack;
pub mod wrong;

use super::prelude::*;
use crate::model::{Route, TABLE_MAIN};

/// Rows of the main table that are narrower than the guest's segment, hold the guest and lead elsewhere: each of them
/// takes the packets away as soon as nothing else does.
fn strays<'a>(s: &Situation<'a>) -> Vec<&'a Route> {
    let Some((guest, own, segment)) = s
        .guest_ip
        .zip(s.host_adapter)
        .and_then(|(guest, own)| Some((guest, own, own.on_segment_of(guest)?)))
    else {
        return Vec::new();
    };
    let holds = |row: &&Route| {
        row.destination.contains(&guest)
            && row.destination.prefix_len() > segment.prefix_len()
            && row.kind != crate::model::RouteKind::Local
            && row.kind != crate::model::RouteKind::Broadcast
            && row.table.is_none_or(|table| table == TABLE_MAIN)
    };
    let rows: Vec<&Route> = s.host().routes.rows().iter().filter(holds).collect();
    // The narrowest row of the segment's own adapter outvotes the others.
    let back = |row: &&Route| row.adapter.as_deref() == Some(own.name.as_str()) && !row.discards();
    let saved = rows
        .iter()
        .filter(|row| back(row))
        .map(|row| row.destination.prefix_len())
        .max();
    rows.into_iter()
        .filter(|row| !back(row) && saved.is_none_or(|saved| row.destination.prefix_len() >= saved))
        .collect()
}

/// Whether the row leads into a tunnel.
fn is_tunneled(s: &Situation<'_>, row: &Route) -> bool {
    row.adapter.as_deref().is_some_and(|name| {
        s.host().adapter(name).map_or_else(
            || crate::model::Adapter::named(name).is_tunnel(),
            crate::model::Adapter::is_tunnel,
        )
    })
}
