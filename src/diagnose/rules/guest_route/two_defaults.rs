//! `guest-two-default-routes`: the guest has two ways out, and what it sends takes the wrong one.

use super::super::prelude::*;
use crate::model::Route;

rule!("guest-two-default-routes", GuestRoute, Guest, Stops, follows_from: ["guest-vpn-captures", "host-only-no-internet"], look_alikes: ["guest-missing-gateway", "guest-wrong-gateway", "guest-dns-only", "rp-filter-drops"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    if !s.involves_guest() {
        return None;
    }
    let (winner, other) = defaults(s)?;
    let to = inside::peer(s)?;
    let leaves = inside::way(s, to, answered_from(s))?;
    // The default route must be what decides: nothing more specific leads there.
    let by_default = leaves.adapter == winner.adapter && leaves.via == winner.via;
    if !by_default || s.guest().adapter_on_segment(to).is_some() {
        return None;
    }
    let rows: Vec<String> = [winner, other].iter().map(|row| row.describe()).collect();
    let meant = inside::card(s).map(|card| card.name.as_str());
    let own_card = winner.adapter.as_deref() == meant;
    // An answer that leaves by the other card comes from an address that nobody asked.
    let answers_astray = s.to == Endpoint::Guest && !own_card && meant.is_some();
    let dead_end = dead_end(s, winner);
    let wanted = s.gateway();
    let other_is_right = wanted.is_some() && other.via == wanted && winner.via != wanted;
    let confidence = if answers_astray || dead_end || (other_is_right && outside_fails(s)) {
        Confidence::Confirmed
    } else if s.from == Endpoint::Guest && outside_fails(s) && winner.adapter != other.adapter {
        Confidence::Likely
    } else {
        return None;
    };
    Some(
        Found::new(confidence)
            .arg("card", winner.adapter.as_deref().unwrap_or("?"))
            .arg(
                "wrong",
                winner.via.map_or_else(|| "—".to_owned(), |via| via.to_string()),
            )
            .arg(
                "gateway",
                other.via.map_or_else(|| "—".to_owned(), |via| via.to_string()),
            )
            .fact("fact-guest-route", rows.join("; "), s.guest().routes.source()),
    )
}

/// The address that the guest's answers come from; what it starts itself may leave from any.
fn answered_from(s: &Situation<'_>) -> Option<IpAddr> {
    s.guest_ip.filter(|_| s.to == Endpoint::Guest)
}

/// The default route that wins and another one; `None` when there are not two.
fn defaults<'a>(s: &Situation<'a>) -> Option<(&'a Route, &'a Route)> {
    let rows: Vec<&Route> = s
        .guest()
        .default_routes()
        .into_iter()
        .filter(|row| !row.dead && !row.discards())
        .collect();
    let winner = *rows.first()?;
    let tunnel = |row: &Route| {
        row.adapter
            .as_deref()
            .is_some_and(|name| inside::is_tunnel(s, name))
    };
    let other = rows
        .iter()
        .skip(1)
        .find(|row| (row.adapter != winner.adapter || row.via != winner.via) && !tunnel(row))?;
    (!tunnel(winner)).then_some((winner, *other))
}

/// Whether the way is known to lead nowhere: nobody answers for its router, or the card hangs on a network
/// without a way out.
fn dead_end(s: &Situation<'_>, row: &Route) -> bool {
    let silent = row
        .via
        .is_some_and(|via| s.seen(Place::Guest, via).link() == Link::Silent);
    let mac = row
        .adapter
        .as_deref()
        .and_then(|name| s.guest().adapter(name))
        .and_then(|adapter| adapter.mac);
    let closed = s.machine.is_some_and(|machine| {
        machine.nics.iter().any(|nic| {
            nic.mac.is_some()
                && nic.mac == mac
                && matches!(nic.mode, Mode::HostOnly | Mode::Internal | Mode::Private)
        })
    });
    silent || closed
}

/// Whether the guest tried the outside and nothing came back.
fn outside_fails(s: &Situation<'_>) -> bool {
    let attempts = seen::outside_attempts(s, Place::Guest);
    !attempts.is_empty() && attempts.iter().all(|(_, passed, _)| !passed)
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let os = guest_os(s);
    match defaults(s) {
        Some((winner, _)) => {
            let name = winner.adapter.clone().unwrap_or_else(|| guest_adapter_name(s));
            remedy::drop_default(os, &name, winner.via)
        }
        None => remedy::drop_default(os, &guest_adapter_name(s), None),
    }
}
