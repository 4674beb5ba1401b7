//! `guest-missing-gateway`: the guest has no default route where it needs one.

use super::super::prelude::*;

rule!("guest-missing-gateway", GuestRoute, Guest, Stops, follows_from: ["host-only-no-internet", "guest-static-wrong-subnet", "guest-apipa", "virtual-cable-disconnected", "guest-nic-not-started", "guest-nic-renamed", "guest-nic-driver-missing", "guest-vpn-captures"], look_alikes: ["guest-wrong-gateway", "guest-dns-only", "ip-forward-disabled"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    let needs_one = match s.direction()? {
        Direction::GuestToInternet | Direction::LanToGuest => true,
        // The host's other addresses are beyond the segment.
        Direction::GuestToHost => s
            .target
            .is_some_and(|target| s.segment.is_some_and(|segment| !segment.contains(&target))),
        _ => false,
    };
    // A target on the guest's own segment needs no router.
    let on_segment = s
        .target
        .is_some_and(|target| s.guest().adapter_on_segment(target).is_some());
    if !needs_one || on_segment {
        return None;
    }
    let guest = s.guest();
    if let Some(routes) = guest.routes.value() {
        let mut defaults = routes.iter().filter(|row| {
            row.destination.prefix_len() == 0
                && row.destination.addr().is_ipv4()
                && !row.discards()
                && !row.dead
        });
        // Two halves stand for the whole, as VPNs write it.
        let halves = routes
            .iter()
            .filter(|row| row.destination.prefix_len() == 1)
            .count()
            >= 2;
        let adapter_gateway = guest
            .adapters
            .rows()
            .iter()
            .any(|adapter| !adapter.gateways.is_empty());
        return (defaults.next().is_none() && !halves && !adapter_gateway && !routes.is_empty()).then(|| {
            let rows: Vec<String> = routes.iter().take(4).map(crate::model::Route::describe).collect();
            // A card without an address or a lease has no route either.
            let cards_known =
                |cards: &Vec<crate::model::Adapter>| cards.iter().all(|card| card.addresses.is_some());
            let confidence = if guest.adapters.value().is_some_and(cards_known) {
                Confidence::Confirmed
            } else {
                Confidence::Likely
            };
            Found::new(confidence)
                .fact("fact-guest-route", rows.join("; "), guest.routes.source())
                .facts(unreachable(s))
        });
    }
    // `ipconfig` lists the gateway with the adapter.
    let listed = guest
        .adapters
        .value()
        .filter(|_| guest.adapters.source().to_ascii_lowercase().contains("ipconfig"));
    if let Some(adapters) = listed {
        let addressed = adapters
            .iter()
            .any(|adapter| adapter.ipv4().any(|net| !net.addr().is_loopback()));
        let none = adapters.iter().all(|adapter| adapter.gateways.is_empty());
        return (addressed && none).then(|| {
            Found::new(Confidence::Confirmed).fact(
                "fact-guest-route",
                said::word("value-no-default-gateway"),
                guest.adapters.source(),
            )
        });
    }
    unreachable(s).map(|fact| Found::new(Confidence::Likely).facts([fact]))
}

/// The guest's own kernel says that it has no way.
fn unreachable(s: &Situation<'_>) -> Option<Evidence> {
    s.case
        .probes
        .iter()
        .rev()
        .filter(|probe| probe.from == Place::Guest)
        .find_map(|probe| {
            let no_way = match &probe.result {
                crate::model::ProbeResult::Echo(echo) => {
                    echo.received == 0
                        && echo
                            .errors
                            .iter()
                            .any(|error| error.kind == EchoErrorKind::NoRoute && error.by.is_none())
                }
                crate::model::ProbeResult::Tcp { outcome, .. } => *outcome == TcpOutcome::NetUnreachable,
                _ => false,
            };
            no_way.then(|| {
                evidence(
                    "fact-echo",
                    said::echo_error(EchoErrorKind::NetUnreachable),
                    &probe.source,
                )
            })
        })
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let gateway = s.gateway().unwrap_or_else(|| IpAddr::from([192, 0, 2, 1]));
    remedy::set_gateway(guest_os(s), Some(&guest_adapter_name(s)), gateway, None)
}
