//! `wifi-client-isolation`: the access point keeps its clients apart.

use super::super::prelude::*;
use super::bridge;

rule!("wifi-client-isolation", Uplink, Network, Stops, follows_from: ["vm-not-running", "virtual-cable-disconnected", "host-no-uplink", "bridged-wrong-nic", "guest-static-wrong-subnet", "wrong-mask"], look_alikes: ["bridged-wifi-unsupported", "guest-firewall-blocks-inbound", "stale-address"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    let between = matches!(
        (s.from, s.to),
        (Endpoint::Lan, Endpoint::Guest) | (Endpoint::Guest, Endpoint::Lan)
    );
    if !between || !bridge::is_bridged(s) || s.asked() != Asked::Fails {
        return None;
    }
    let uplink = bridge::uplink(s)?;
    let lan_is_wireless = s
        .case
        .lan
        .adapters
        .rows()
        .iter()
        .any(|adapter| adapter.kind == AdapterKind::WiFi && adapter.ipv4().next().is_some());
    let wireless = uplink
        .adapter
        .is_some_and(|adapter| adapter.kind == AdapterKind::WiFi);
    if !wireless && !lan_is_wireless {
        return None;
    }
    // Nobody answers between the two, while each of them gets to the router.
    let seen = s.asked_seen()?;
    if seen.link() != Link::Silent && !seen.echo_is_silent() {
        return None;
    }
    let router = s.gateway()?;
    let guest_gets_out = s.seen(Place::Guest, router).link() == Link::Answered
        || seen::outside_attempts(s, Place::Guest)
            .iter()
            .any(|(to, passed, _)| *passed && s.target != Some(*to));
    if !guest_gets_out {
        return None;
    }
    let confidence = if seen.link() == Link::Silent {
        Confidence::Likely
    } else {
        Confidence::Possible
    };
    Some(
        Found::new(confidence)
            .arg("uplink", &uplink.name)
            .facts([bridge::uplink_fact(&uplink)])
            .facts(seen_facts(&seen))
            .facts(seen_facts(&s.seen(Place::Guest, router))),
    )
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let mut ways = vec![
        remedy::ask(Where::Network, Message::new("remedy-isolation-ask")),
        remedy::ask(
            Where::Host,
            Message::new("remedy-wire-ask").with("vm", s.machine_name()),
        ),
    ];
    ways.extend(with_product(s, |product| product.add_host_only_card()));
    ways
}
