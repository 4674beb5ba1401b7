//! Causes at the host's routes.

pub mod missing;
pub mod segment_missing;
pub mod vpn_blocks;
pub mod vpn_hijack;
pub mod wrong;

use super::prelude::*;
use crate::model::{LookUp, Route, RouteKind, TABLE_MAIN};

/// What a row or rule does that takes the guest's packets away from the segment's own adapter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Leads {
    /// Elsewhere, or nowhere.
    Astray,
    /// Into a tunnel.
    IntoTunnel,
    /// To another adapter whose own segment has the same addresses: the addresses are at fault, and not the row.
    ToOverlap,
}

/// What takes the guest's packets away before the segment's own row can, in the order of the look-up: each would do
/// it without the others.
fn strays<'a>(s: &Situation<'a>) -> Vec<(LookUp<'a>, Leads)> {
    let Some((guest, own)) = s.guest_ip.zip(s.host_adapter).filter(|_| host_looks_up(s)) else {
        return Vec::new();
    };
    let segment = own
        .on_segment_of(guest)
        .or_else(|| s.segment.filter(|segment| segment.contains(&guest)));
    let Some(segment) = segment else { return Vec::new() };
    if matches!(s.way_to(guest), Way::Adapter { name, .. } if is_way_back(s, own, &name)) {
        return Vec::new();
    }
    let mut strays = Vec::new();
    // As wide as the segment's own row: only where that comes after it does it decide.
    let mut as_wide = Vec::new();
    for met in s.host().look_up_all(guest) {
        match met {
            LookUp::Row(row) => {
                let name = row.adapter.as_deref().unwrap_or_default();
                if !row.discards() && is_way_back(s, own, name) {
                    strays.append(&mut as_wide);
                    return strays;
                }
                let is_main = row.table.is_none_or(|table| table == TABLE_MAIN);
                let length = row.destination.prefix_len();
                if matches!(row.kind, RouteKind::Local | RouteKind::Broadcast)
                    || (is_main && length < segment.prefix_len())
                {
                    continue;
                }
                let stray = (met, leads(s, row, guest, segment));
                if is_main && length == segment.prefix_len() {
                    as_wide.push(stray);
                } else {
                    strays.push(stray);
                }
            }
            LookUp::Policy(_) => strays.push((met, Leads::Astray)),
            LookUp::NoRoute | LookUp::Unknown => break,
        }
    }
    strays
}

/// Whether packets that leave by `name` come to the segment of `own`.
fn is_way_back(s: &Situation<'_>, own: &Adapter, name: &str) -> bool {
    own.name == name
        || s.host().adapter(name).is_some_and(|other| {
            let is_shim =
                other.kind == AdapterKind::Macvlan && other.lower.as_deref() == Some(own.name.as_str());
            is_shim || other.master.as_deref() == Some(own.name.as_str())
        })
}

fn leads(s: &Situation<'_>, row: &Route, guest: IpAddr, segment: ipnet::IpNet) -> Leads {
    if row.discards() {
        return Leads::Astray;
    }
    let adapter = row.adapter.as_deref().and_then(|name| s.host().adapter(name));
    let shares = |adapter: &Adapter| {
        adapter
            .nets()
            .any(|net| net.contains(&guest) && net.prefix_len() < net.max_prefix_len() - 1)
    };
    let is_whole_segment = row.destination.trunc() == segment.trunc();
    match (is_tunneled(s, row), adapter) {
        (true, adapter) if is_whole_segment || adapter.is_some_and(shares) => Leads::ToOverlap,
        (true, _) => Leads::IntoTunnel,
        (false, Some(adapter)) if row.via.is_none() && shares(adapter) => Leads::ToOverlap,
        (false, _) => Leads::Astray,
    }
}

/// The first of [`strays`] that leads there.
fn stray<'a>(s: &Situation<'a>, wanted: Leads) -> Option<LookUp<'a>> {
    let mut all = strays(s).into_iter();
    all.find(|(_, leads)| *leads == wanted).map(|(met, _)| met)
}

/// How sure it is that a row decides: an unread policy rule may decide before it, and where the addresses of its
/// adapter are not known, it may be its own segment's.
fn sure_of(s: &Situation<'_>, row: &Route) -> Confidence {
    let host = s.host();
    let rules_known = s.host_os != Os::Linux || host.rules.is_known() || row.discards();
    let adapter = row.adapter.as_deref().and_then(|name| host.adapter(name));
    let addresses_known = adapter.is_none_or(|adapter| adapter.addresses.is_some());
    if rules_known && addresses_known {
        Confidence::Confirmed
    } else {
        Confidence::Likely
    }
}

/// Whether the row leads into a tunnel.
fn is_tunneled(s: &Situation<'_>, row: &Route) -> bool {
    row.adapter.as_deref().is_some_and(|name| {
        s.host()
            .adapter(name)
            .map_or_else(|| Adapter::named(name).is_tunnel(), Adapter::is_tunnel)
    })
}

/// A policy rule in words.
fn describe_rule(rule: &crate::model::PolicyRule) -> String {
    format!("rule {} {:?}", rule.priority, rule.action).to_lowercase()
}

/// Whether this physical adapter's own segment takes the guest's packets away.
pub(super) fn overlap_leads_to(s: &Situation<'_>, physical: &Adapter) -> bool {
    strays(s).iter().any(|(met, leads)| {
        *leads == Leads::ToOverlap
            && matches!(met, LookUp::Row(row) if row.adapter.as_deref() == Some(physical.name.as_str()))
    })
}
