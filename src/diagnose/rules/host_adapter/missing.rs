//! `host-vnic-missing`: the mode needs an adapter of the host, and there is none.

use super::super::prelude::*;

rule!("host-vnic-missing", HostAdapter, Host, Stops, follows_from: ["virtual-network-missing", "hyperv-default-switch-broken", "hostonly-needs-vmnet-network", "hypervisor-kernel-module-not-loaded", "virtual-network-config-corrupt", "hypervisor-not-running", "virtual-network-not-started"], look_alikes: ["host-vnic-disabled", "virtual-network-not-started"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    let meets_host = matches!(
        s.direction(),
        Some(Direction::HostToGuest | Direction::GuestToHost)
    );
    let host = s.host();
    let adapters = host.adapters.value()?;
    if !meets_host || s.host_adapter.is_some() || s.is_closed_by_design() {
        return None;
    }
    let network = s.network;
    let source = s.product.map_or("", |product| product.networks.source());
    if let Some(network) = network
        && network.host_adapter_wanted == Some(false)
        && matches!(network.mode, Mode::Nat | Mode::HostOnly)
    {
        return Some(
            Found::new(Confidence::Confirmed)
                .fact(
                    "fact-network",
                    format!("{}: VIRTUAL_ADAPTER no", network.name),
                    source,
                )
                .facts(s.guest_ip.and_then(|guest| way_fact(s, guest))),
        );
    }
    let wanted = network
        .and_then(|network| network.host_adapter.clone())
        .or_else(|| usual_name(s))?;
    if network.is_some_and(|network| network.active == Some(false)) {
        return None;
    }
    // An adapter that is switched off is not listed everywhere: its absence does not tell the two apart then.
    let lists_all = role::lists_all(host);
    let gone = adapters
        .iter()
        .all(|adapter| !adapter.name.eq_ignore_ascii_case(&wanted));
    let on_segment = s.guest_ip.and_then(|guest| host.adapter_on_segment(guest));
    (gone && on_segment.is_none()).then(|| {
        // A network that does not run has no adapter either.
        let told_by_product = network.is_some_and(|network| {
            network.host_adapter.is_some()
                && (network.active == Some(true) || network.host_adapter_wanted == Some(true))
        });
        let confidence = if lists_all && told_by_product {
            Confidence::Confirmed
        } else {
            Confidence::Likely
        };
        Found::new(confidence)
            .arg("adapter", &wanted)
            .fact("fact-adapter", format!("{wanted}: —"), host.adapters.source())
            .facts(s.guest_ip.and_then(|guest| way_fact(s, guest)))
    })
}

/// The adapter that the product gives the host in this mode, where its name is always the same.
fn usual_name(s: &Situation<'_>) -> Option<String> {
    if (s.hypervisor, s.mode) == (Some(HypervisorId::Libvirt), Some(Mode::Nat)) {
        // A running machine's cable that is plugged in nowhere shows that its network was here.
        let loose = |port: &crate::model::Adapter| role::is_machine_port(port) && port.master.is_none();
        return s
            .host()
            .adapters
            .rows()
            .iter()
            .any(loose)
            .then(|| "virbr0".to_owned());
    }
    let number = match (s.hypervisor?, s.mode?) {
        (HypervisorId::VmwareWorkstation, Mode::Nat) => 8,
        (HypervisorId::VmwareWorkstation, Mode::HostOnly) => 1,
        _ => return None,
    };
    // The product must be seen to be here at all: the case may speak of a machine elsewhere.
    let here = s
        .host()
        .adapters
        .rows()
        .iter()
        .any(|adapter| role::hypervisor_of_name(adapter) == s.hypervisor)
        || s.product
            .is_some_and(|product| product.installed == Some(true) || product.running == Some(true));
    here.then(|| match s.host_os {
        Os::Windows => format!("VMware Network Adapter VMnet{number}"),
        _ => format!("vmnet{number}"),
    })
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    with_product(s, |product| product.restore_host_adapter(&s.network_name()))
}
