//! `subnet-overlap-guest-internal`: a network inside the guest, such as Docker's, has the addresses of the other end.

use super::super::prelude::*;
use crate::model::LookUp;

rule!("subnet-overlap-guest-internal", Addressing, Guest, Stops, follows_from: ["vm-not-running"], look_alikes: ["missing-return-route", "guest-firewall-blocks-inbound", "guest-vpn-captures"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    let other = other_end(s)?;
    let guest = s.guest();
    let LookUp::Row(row) = guest.look_up(other, s.guest_ip) else {
        return None;
    };
    let name = row.adapter.as_deref().filter(|name| role::is_container(name))?;
    let inner = guest.adapter(name);
    (row.via.is_none()).then(|| {
        Found::new(Confidence::Confirmed)
            .arg("inner", name)
            .arg("other", other)
            .fact("fact-guest-route", row.describe(), guest.routes.source())
            .facts(inner.map(|adapter| {
                let nets: Vec<String> = adapter.nets().map(|net| net.to_string()).collect();
                evidence(
                    "fact-adapter",
                    format!("{name} {}", nets.join(" ")),
                    guest.adapters.source(),
                )
            }))
            .facts(s.asked_seen().map(|seen| seen_facts(&seen)).unwrap_or_default())
    })
}

/// The machine that talks with the guest.
fn other_end(s: &Situation<'_>) -> Option<IpAddr> {
    match s.direction()? {
        Direction::HostToGuest | Direction::GuestToHost => s.host_address(),
        Direction::LanToGuest => s.target.or_else(|| {
            let lan = s.case.lan.adapters.rows().iter();
            lan.filter(|adapter| adapter.kind != AdapterKind::Loopback)
                .find_map(|adapter| adapter.main_address())
                .map(IpAddr::V4)
        }),
        Direction::GuestToInternet | Direction::GuestToGuest => s.target,
    }
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    vec![
        remedy::move_docker(Where::Guest),
        remedy::ask(
            Where::Guest,
            Message::new("remedy-inner-network-ask").with("segment", segment_or_example(s)),
        ),
    ]
}
