//! `guest-wrong-gateway`: the guest's default route leads to an address that does not route, or to none.

use super::super::prelude::*;

rule!("guest-wrong-gateway", GuestRoute, Guest, Stops, follows_from: ["guest-static-wrong-subnet", "guest-missing-gateway", "guest-two-default-routes", "wrong-mask", "guest-vpn-captures", "guest-nic-not-started", "guest-nic-renamed"], look_alikes: ["hypervisor-nat-service-stopped", "guest-missing-gateway", "ip-forward-disabled"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    if !matches!(s.direction()?, Direction::GuestToInternet | Direction::LanToGuest) {
        return None;
    }
    let (has, source) = current(s)?;
    // A way out by another card is no wrong gateway of this one.
    let defaults = s.guest().default_routes();
    let several = inside::cards(s).len() > 1
        || defaults
            .iter()
            .any(|row| Some(&row.adapter) != defaults.first().map(|first| &first.adapter));
    let own = inside::card(s).map(|card| card.name.as_str());
    let by_own = |name: &str| own == Some(name);
    let other_card = several
        && defaults
            .first()
            .is_some_and(|row| !row.adapter.as_deref().is_some_and(by_own));
    if other_card {
        return None;
    }
    // Where the host's own kernel routes for the segment, its address there is the gateway, whatever the mode is called.
    let host_routes = s.mode.is_none() && s.host_forwards() && s.host_adapter.is_some_and(role::is_virtual);
    let wanted = s.gateway().or_else(|| s.host_address().filter(|_| host_routes));
    let guest = s.guest_ip;
    let off_link = s.segment.is_some_and(|segment| {
        !segment.contains(&has) && guest.is_some_and(|guest| segment.contains(&guest))
    }) && !s
        .guest()
        .adapters
        .rows()
        .iter()
        .any(|adapter| adapter.on_segment_of(has).is_some());
    let private_engine = host_routes
        || matches!(
            s.mode,
            Some(Mode::Nat | Mode::NatNetwork | Mode::DefaultSwitch | Mode::User | Mode::Routed)
        );
    let differs = private_engine && wanted.is_some_and(|wanted| wanted != has);
    // In bridged mode any router of the segment may be right; one that nobody answers for is not.
    let silent =
        s.seen(Place::Guest, has).link() == Link::Silent || s.seen(Place::Host, has).link() == Link::Silent;
    let engine_known = s.network.is_some_and(|network| network.nat_address.is_some());
    if !(off_link || differs || (silent && wanted.is_some_and(|wanted| wanted != has))) {
        return None;
    }
    let confidence = if off_link || silent || engine_known || has == guest.unwrap_or(has) {
        Confidence::Confirmed
    } else {
        Confidence::Likely
    };
    Some(
        Found::new(confidence)
            .arg("wrong", has)
            .arg(
                "gateway",
                wanted.map(|wanted| wanted.to_string()).unwrap_or_default(),
            )
            .fact("fact-guest-route", format!("default via {has}"), source)
            .facts(wanted.map(|wanted| evidence("fact-gateway", wanted, "mode"))),
    )
}

/// The guest's default gateway, and who told it.
fn current(s: &Situation<'_>) -> Option<(IpAddr, String)> {
    let guest = s.guest();
    let by_route = guest.default_routes().into_iter().find_map(|row| row.via);
    if let Some(via) = by_route {
        return Some((via, guest.routes.source().to_owned()));
    }
    let listed = guest
        .adapters
        .rows()
        .iter()
        .flat_map(|adapter| adapter.gateways.iter())
        .find(|gateway| gateway.is_ipv4())?;
    Some((*listed, guest.adapters.source().to_owned()))
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let gateway = s.gateway().unwrap_or_else(|| IpAddr::from([192, 0, 2, 1]));
    remedy::set_gateway(
        guest_os(s),
        Some(&guest_adapter_name(s)),
        gateway,
        current(s).map(|(has, _)| has),
    )
}
