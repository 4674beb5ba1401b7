//! `guest-vpn-captures`: a VPN inside the guest takes what should leave by its card.

use super::super::prelude::*;
use crate::model::LookUp;

rule!("guest-vpn-captures", GuestRoute, Guest, Stops, follows_from: ["host-no-uplink", "hypervisor-nat-service-stopped", "ip-forward-disabled", "docker-forward-drop", "host-forward-policy-drop"], look_alikes: ["guest-firewall-blocks-inbound", "guest-two-default-routes", "vpn-route-hijack"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    if !s.involves_guest() {
        return None;
    }
    let to = inside::peer(s)?;
    let leaves = inside::way(s, to, s.guest_ip.filter(|_| s.to == Endpoint::Guest))?;
    let tunnel = leaves
        .adapter
        .as_deref()
        .filter(|name| inside::is_tunnel(s, name))?;
    // Through the tunnel to the outside is what a VPN is for: it is to blame when the way under it works.
    let inward = s.segment.is_some_and(|segment| segment.contains(&to));
    let below = s.gateway().is_some_and(|gateway| {
        let seen = s.seen(Place::Guest, gateway);
        seen.echo_replies() || seen.tcp_proof().is_some()
    });
    let confidence = if inward || below {
        Confidence::Confirmed
    } else {
        Confidence::Likely
    };
    Some(
        Found::new(confidence)
            .arg("tunnel", tunnel)
            .arg("peer", to)
            .fact("fact-guest-route", &leaves.row, &leaves.source)
            .facts(probe_facts(s)),
    )
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let os = guest_os(s);
    let segment = segment_or_example(s);
    let card = card_name(s);
    let mut ways = Vec::new();
    if s.crosses_uplink() && s.target.is_some() {
        ways.push(remedy::ask(
            Where::Guest,
            Message::new("remedy-vpn-off-ask").with("vm", s.machine_name()),
        ));
    } else {
        ways.extend(past_the_tunnel(s, segment, &card));
        if matches!(os, Os::Linux | Os::Other) && !s.guest().rules.rows().is_empty() {
            ways.extend(remedy::guest_rule_to_main(segment));
        }
    }
    ways.push(remedy::ask(
        Where::Guest,
        Message::new("remedy-vpn-local-lan-ask").with("segment", segment),
    ));
    ways
}

/// A route of the card's own that comes before the tunnel's: for the segment where the tunnel's row is wider, else for
/// the other end alone. Nothing is narrower than a row for that alone, so such a row has to go.
fn past_the_tunnel(s: &Situation<'_>, segment: ipnet::IpNet, card: &str) -> Vec<Remedy> {
    let os = guest_os(s);
    let Some(to) = inside::peer(s) else {
        return remedy::guest_route(os, segment, card, None);
    };
    // Who is not on the link is behind its router.
    let inward = segment.contains(&to);
    let via = s.gateway().filter(|_| !inward);
    match s
        .guest()
        .look_up(to, s.guest_ip.filter(|_| s.to == Endpoint::Guest))
    {
        LookUp::Row(row) if inward && row.destination.prefix_len() < segment.prefix_len() => {
            remedy::guest_route(os, segment, card, None)
        }
        LookUp::Row(row) if row.destination.prefix_len() == row.destination.max_prefix_len() => {
            let (via, adapter) = (row.via, row.adapter.as_deref());
            remedy::delete_route(Where::Guest, os, row.destination, via, adapter, &row.describe())
        }
        _ if inward || via.is_some() => remedy::guest_route(os, ipnet::IpNet::from(to), card, via),
        _ => Vec::new(),
    }
}
