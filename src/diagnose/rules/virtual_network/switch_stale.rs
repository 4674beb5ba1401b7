//! `hyperv-switch-stale`: the external switch is bound to an adapter that is gone or without a link.

use super::super::prelude::*;

rule!("hyperv-switch-stale", VirtualNetwork, Hypervisor, Stops, follows_from: ["hypervisor-not-running"], look_alikes: ["bridged-wrong-nic", "host-no-uplink", "bridge-filter-driver-unbound"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    let network = s.network?;
    if s.hypervisor != Some(HypervisorId::HyperV) || network.mode != Mode::External || !s.involves_guest() {
        return None;
    }
    let host = s.host();
    let uplink = network.uplink.as_deref()?;
    let adapters = host
        .adapters
        .value()
        .filter(|rows| rows.iter().any(|row| row.description.is_some()))?;
    let source = host.adapters.source();
    let bound = adapters.iter().find(|adapter| {
        adapter.description.as_deref() == Some(uplink) || adapter.name.eq_ignore_ascii_case(uplink)
    });
    let (reason, fact) = match bound {
        // A card that belongs to the switch has no addresses of its own.
        None if !role::lists_all(host) => return None,
        None => ("gone", evidence("fact-adapter", format!("{uplink}: —"), source)),
        Some(adapter) if adapter.enabled == Some(false) => ("disabled", adapter_fact(s, adapter)),
        Some(adapter) if adapter.carrier == Some(false) => ("unplugged", adapter_fact(s, adapter)),
        Some(_) => return None,
    };
    Some(
        Found::new(Confidence::Confirmed)
            .arg("uplink", uplink)
            .arg("reason", reason)
            .fact(
                "fact-switch",
                format!("{}: {uplink}", network.name),
                networks_source(s),
            )
            .facts([fact]),
    )
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let mut cards: Vec<&Adapter> = s
        .host()
        .adapters
        .rows()
        .iter()
        .filter(|card| {
            matches!(card.kind, AdapterKind::Ethernet | AdapterKind::WiFi)
                && !role::is_virtual(card)
                && !card.is_tunnel()
                && card.carrier == Some(true)
        })
        .collect();
    cards.sort_by_key(|card| card.kind == AdapterKind::WiFi);
    let card = cards.first().map_or("ADAPTER", |card| card.name.as_str());
    let old = s.network.and_then(|network| network.uplink.as_deref());
    vec![remedy::rebind_switch(&s.network_name(), card, old)]
}
