//! `host-no-uplink`: the physical machine itself is offline.

use super::super::prelude::*;
use crate::model::{LookUp, NameOutcome};

rule!("host-no-uplink", Uplink, Network, Stops, follows_from: ["bridge-without-uplink"], look_alikes: ["hypervisor-nat-service-stopped", "ip-forward-disabled", "vpn-blocks-local-lan"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    let outward = matches!(s.to, Endpoint::Internet | Endpoint::Lan) && s.from != Endpoint::Lan;
    if !outward {
        return None;
    }
    let host = s.host();
    let target = s.target;
    let outside_works = host_reaches_outside(s);
    if outside_works == Some(true) {
        return None;
    }
    // No route out at all.
    if s.to == Endpoint::Internet
        && host.routes.is_known()
        && matches!(
            host.look_up(target.unwrap_or_else(|| IpAddr::from([192, 0, 2, 53])), None),
            LookUp::NoRoute
        )
        && host.default_routes().iter().all(|row| row.dead)
    {
        return Some(Found::new(Confidence::Confirmed).fact(
            "fact-route",
            said::word("value-no-default-route"),
            host.routes.source(),
        ));
    }
    let row = host.default_routes().into_iter().next()?;
    let adapter = row.adapter.as_deref().and_then(|name| host.adapter(name))?;
    if adapter.enabled == Some(false)
        || (adapter.carrier == Some(false) && adapter.kind != AdapterKind::Bridge)
    {
        return Some(Found::new(Confidence::Confirmed).facts([adapter_fact(s, adapter)]));
    }
    let gateway = row.via?;
    let to_gateway = s.seen(Place::Host, gateway);
    let gateway_is_dead = to_gateway.link() == Link::Silent;
    let failed = outside_works == Some(false);
    if gateway_is_dead && (failed || target.is_none()) {
        return Some(
            Found::new(Confidence::Confirmed)
                .fact("fact-route", row.describe(), host.routes.source())
                .facts(seen_facts(&to_gateway)),
        );
    }
    // The host's own try for the same address fails as well: whatever stops it is beyond the guest. Where the router
    // answers, it takes a second failure to tell a dead uplink from a dead target.
    let mut names = seen::name_outcomes(s.case, Place::Host).peekable();
    let names_fail = names.peek().is_some() && names.all(|(_, outcome)| outcome != NameOutcome::Resolved);
    // Behind a proxy nothing goes out directly, and nothing is broken.
    let by_proxy = !host.proxies.rows().is_empty();
    (failed && !by_proxy && (names_fail || !to_gateway.echo_replies())).then(|| {
        let tried = target
            .map(|target| seen_facts(&s.seen(Place::Host, target)))
            .unwrap_or_default();
        Found::new(Confidence::Likely)
            .fact("fact-route", row.describe(), host.routes.source())
            .facts(tried)
    })
}

/// Whether the host itself got an answer from the outside, where it tried.
fn host_reaches_outside(s: &Situation<'_>) -> Option<bool> {
    let attempts = seen::outside_attempts(s, Place::Host);
    let gateways: Vec<IpAddr> = s
        .host()
        .default_routes()
        .iter()
        .filter_map(|row| row.via)
        .collect();
    let lan = |address: IpAddr| s.host().adapter_on_segment(address).is_some();
    let mut tried = attempts
        .iter()
        .filter(|(to, _, _)| !gateways.contains(to) && (s.to == Endpoint::Lan || !lan(*to)))
        .peekable();
    tried.peek()?;
    Some(tried.any(|(_, passed, _)| *passed))
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let row = s.host().default_routes().into_iter().next();
    let adapter = row
        .and_then(|row| row.adapter.as_deref())
        .and_then(|name| s.host().adapter(name));
    let mut ways = match adapter {
        Some(adapter) if adapter.enabled == Some(false) => {
            remedy::enable_adapter(Where::Host, s.host_os, &adapter.name)
        }
        _ => Vec::new(),
    };
    ways.push(remedy::ask(Where::Network, Message::new("remedy-uplink-ask")));
    ways
}
