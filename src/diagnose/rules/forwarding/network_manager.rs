//! `networkmanager-resets-interface`: NetworkManager has taken an adapter of the product into its care, and with it its address.

use super::super::prelude::*;
use crate::model::Adapter;

rule!("networkmanager-resets-interface", Forwarding, Host, Stops, follows_from: ["virtual-network-not-started"], look_alikes: ["host-vnic-no-address", "host-vnic-down", "tap-detached-from-bridge"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    if !s.involves_guest() || s.guest_seen().is_some_and(|seen| seen.link() == Link::Answered) {
        return None;
    }
    let (adapter, state, harm) = taken(s)?;
    // Where it looks for an address right now, it is it that keeps the product's away.
    let at_work = state.starts_with("connect") || state.starts_with("deactivating");
    Some(
        Found::new(if at_work {
            Confidence::Confirmed
        } else {
            Confidence::Likely
        })
        .arg("adapter", &adapter.name)
        .arg("state", state)
        .fact(
            "fact-network-manager",
            format!("{}: {state}", adapter.name),
            s.host().adapters.source(),
        )
        .facts(harm.then(|| adapter_fact(s, adapter)))
        .facts(probe_facts(s)),
    )
}

/// The adapter that NetworkManager manages though a product made it, and that has lost what it needs.
fn taken<'a>(s: &Situation<'a>) -> Option<(&'a Adapter, &'a str, bool)> {
    let host = s.host();
    let port = s
        .nic
        .and_then(|nic| nic.host_port.as_deref())
        .and_then(|name| host.adapter(name));
    [s.host_adapter, port].into_iter().flatten().find_map(|adapter| {
        let state = adapter.network_manager.as_deref()?;
        let own = state != "unmanaged" && !state.contains("externally");
        let is_port = role::is_machine_port(adapter);
        let products = is_port || role::hypervisor_of_name(adapter).is_some();
        // A machine's cable needs its bridge, the host's adapter its address.
        let harmed = if is_port {
            adapter.master.is_none() && !matches!(s.mode, Some(Mode::Routed | Mode::User))
        } else {
            adapter.enabled == Some(false)
                || (adapter.addresses.is_some() && adapter.ipv4().all(|net| net.addr().is_link_local()))
                || s.network
                    .and_then(|network| network.segment)
                    .is_some_and(|segment| {
                        adapter.addresses.is_some()
                            && adapter.nets().all(|net| !segment.contains(&net.addr()))
                    })
        };
        (own && products && harmed).then_some((adapter, state, harmed))
    })
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let adapter = taken(s).map_or_else(|| s.adapter_name(), |(adapter, _, _)| adapter.name.clone());
    let mut ways = remedy::unmanage(&adapter);
    if s.host_adapter.is_none_or(|own| own.name == adapter) {
        let (address, _) = super::super::host_adapter::no_address::wanted_address(s);
        ways.extend(remedy::set_adapter_address(
            Where::Host,
            Os::Linux,
            &adapter,
            address,
            None,
        ));
    }
    ways
}
