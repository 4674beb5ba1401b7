//! `rp-filter-drops`: packets arrive by another adapter than the one that the host would answer by, and its
//! reverse-path filter throws them away.

use super::super::prelude::*;
use crate::model::{Adapter, LookUp};

rule!("rp-filter-drops", Forwarding, Host, Stops, follows_from: ["vpn-route-hijack", "host-route-wrong", "subnet-overlap-vpn", "subnet-overlap-lan", "subnet-overlap-virtual", "host-two-nics-same-subnet"], look_alikes: ["host-forward-policy-drop", "guest-two-default-routes", "guest-firewall-blocks-inbound"]);

/// What the kernel counts of it (`nstat`, `/proc/net/netstat`).
const COUNTER: &str = "TcpExtIPReversePathFilter";

fn check(s: &Situation<'_>) -> Option<Found> {
    if s.host_os != Os::Linux || !s.involves_guest() || s.asked() == Asked::Passes {
        return None;
    }
    let (arrives, leaves) = ways(s)?;
    let (name, value) = strict(s, &arrives.adapter.name)?;
    let counted = s.host().switch(COUNTER).filter(|count| *count != "0");
    let confidence = if arrives.told {
        Confidence::Confirmed
    } else {
        Confidence::Likely
    };
    // Where the packets arrive is only supposed: the kernel must have thrown some away.
    if !arrives.told && counted.is_none() {
        return None;
    }
    Some(
        Found::new(confidence)
            .arg("adapter", &arrives.adapter.name)
            .arg("leaves", &leaves)
            .facts([switch_fact(s, &name, value)])
            .facts(counted.map(|count| switch_fact(s, COUNTER, count)))
            .facts(arrives.fact)
            .facts(way_fact(s, arrives.source))
            .facts(s.asked_seen().map(|seen| seen_facts(&seen)).unwrap_or_default()),
    )
}

/// Packets of one sender, and the adapter that they come in by.
struct Arrival<'a> {
    source: IpAddr,
    adapter: &'a Adapter,
    /// Whether a fact says so.
    told: bool,
    fact: Option<Evidence>,
}

/// By which adapter packets arrive, and by which other one the host would answer their sender.
fn ways<'a>(s: &Situation<'a>) -> Option<(Arrival<'a>, String)> {
    let arrival = by_the_guests_table(s).or_else(|| by_the_other_uplink(s))?;
    let Way::Adapter { name, .. } = s.way_to(arrival.source) else {
        return None;
    };
    // A bridge and its own port are one place.
    let same = name == arrival.adapter.name || arrival.adapter.master.as_deref() == Some(name.as_str());
    (!same).then_some((arrival, name))
}

/// The guest answers by another card than the one that it was asked on.
fn by_the_guests_table<'a>(s: &Situation<'a>) -> Option<Arrival<'a>> {
    let guest = s.guest_ip.filter(|guest| guest.is_ipv4())?;
    let asker = match s.direction()? {
        Direction::HostToGuest => s
            .host()
            .system_look_up(guest)
            .and_then(|answer| answer.source)
            .or_else(|| s.host_address())?,
        Direction::LanToGuest => s
            .target
            .or_else(|| {
                s.case
                    .lan
                    .adapters
                    .rows()
                    .iter()
                    .find_map(|adapter| adapter.main_address())
                    .map(IpAddr::V4)
            })
            .unwrap_or_else(|| IpAddr::from([192, 0, 2, 53])),
        _ => return None,
    };
    let LookUp::Row(row) = s.guest().look_up(asker, Some(guest)) else {
        return None;
    };
    let card = s.guest().adapter(row.adapter.as_deref()?)?;
    if card.holds(guest) {
        return None;
    }
    let beside = row.via.or_else(|| card.main_address().map(IpAddr::V4))?;
    let (adapter, _) = s.host().adapter_on_segment(beside)?;
    Some(Arrival {
        source: guest,
        adapter,
        told: true,
        fact: Some(evidence(
            "fact-guest-route",
            row.describe(),
            s.guest().routes.source(),
        )),
    })
}

/// The host has two ways outside; answers may come by the one that it does not use itself.
fn by_the_other_uplink<'a>(s: &Situation<'a>) -> Option<Arrival<'a>> {
    let outside = s.target.filter(|target| target.is_ipv4())?;
    if s.direction() != Some(Direction::GuestToInternet) || !s.host_forwards() || s.asked() != Asked::Fails {
        return None;
    }
    let Way::Adapter { name, .. } = s.way_to(outside) else {
        return None;
    };
    let host = s.host();
    let other = host.adapters.rows().iter().find(|adapter| {
        adapter.name != name
            && adapter.enabled != Some(false)
            && adapter.main_address().is_some()
            && role::is_uplink(host, adapter)
    })?;
    Some(Arrival {
        source: outside,
        adapter: other,
        told: false,
        fact: Some(adapter_fact(s, other)),
    })
}

/// The switch that makes the filter strict on this adapter: the larger one of its own and that of all counts, and
/// only 1 is strict (kernel documentation, `ip-sysctl`).
fn strict<'a>(s: &Situation<'a>, adapter: &str) -> Option<(String, &'a str)> {
    let own_name = format!("net.ipv4.conf.{adapter}.rp_filter");
    let all_name = "net.ipv4.conf.all.rp_filter";
    let own = s.host().switch(&own_name)?;
    let all = s.host().switch(all_name)?;
    match (own, all) {
        ("1", "0" | "1") => Some((own_name, own)),
        ("0", "1") => Some((all_name.to_owned(), all)),
        _ => None,
    }
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let adapter = ways(s).map_or_else(|| s.adapter_name(), |(arrival, _)| arrival.adapter.name.clone());
    let own = format!("net.ipv4.conf.{adapter}.rp_filter");
    let old = s.host().switch(&own).unwrap_or("1");
    vec![remedy::kernel_switch(
        Where::Host,
        "remedy-rp-filter-title",
        Message::new("remedy-rp-filter-effect").with("adapter", &adapter),
        remedy::Risk::Low,
        &own,
        "2",
        old,
    )]
}
