//! `hyperv-default-switch-broken`: Windows' built-in switch is gone, or gives the host no way onto it.

use super::super::prelude::*;

rule!("hyperv-default-switch-broken", VirtualNetwork, Hypervisor, Stops, follows_from: ["hypervisor-not-running", "internet-sharing-service-stopped"], look_alikes: ["internet-sharing-service-stopped", "virtual-network-missing", "hyperv-default-switch-changed", "host-vnic-missing"]);

const ADAPTER: &str = "vEthernet (Default Switch)";

fn check(s: &Situation<'_>) -> Option<Found> {
    let on_it = s.mode == Some(Mode::DefaultSwitch)
        || s.nic.and_then(|nic| nic.network.as_deref()) == Some("Default Switch");
    if !on_it || s.hypervisor != Some(HypervisorId::HyperV) || !s.involves_guest() {
        return None;
    }
    if s.guest_seen().is_some_and(|seen| seen.link() == Link::Answered) {
        return None;
    }
    let gone = lists_all(s, "networks")
        && s.product.is_some_and(|product| {
            product
                .networks
                .rows()
                .iter()
                .all(|network| network.mode != Mode::DefaultSwitch)
        });
    if gone {
        return Some(Found::new(Confidence::Confirmed).arg("reason", "gone").fact(
            "fact-switch",
            "Default Switch: —",
            networks_source(s),
        ));
    }
    let host = s.host();
    let adapters = host.adapters.value().filter(|rows| !rows.is_empty())?;
    let source = host.adapters.source();
    let Some(adapter) = adapters
        .iter()
        .find(|adapter| adapter.name.eq_ignore_ascii_case(ADAPTER))
    else {
        // An adapter that is switched off is not listed everywhere, nor by its name.
        let confidence = if !role::lists_all(host) {
            Confidence::Likely
        } else {
            Confidence::Confirmed
        };
        return Some(Found::new(confidence).arg("reason", "no-adapter").fact(
            "fact-adapter",
            format!("{ADAPTER}: —"),
            source,
        ));
    };
    let addressed = adapter
        .ipv4()
        .any(|net| !crate::model::is_link_local(net.addr().into()));
    // One that is switched off has a cause of its own.
    if addressed || adapter.addresses.is_none() || adapter.enabled != Some(true) {
        return None;
    }
    Some(
        Found::new(if adapter.enabled == Some(true) {
            Confidence::Confirmed
        } else {
            Confidence::Likely
        })
        .arg("reason", "no-address")
        .facts([adapter_fact(s, adapter)]),
    )
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let ask = Message::new("remedy-internal-nat-ask").with("vm", s.machine_name());
    vec![remedy::restart_hns(), remedy::ask(Where::Host, ask)]
}
