//! `virtual-network-not-started`: the network is defined but does not run.

use super::super::prelude::*;
use crate::model::Nic;

rule!("virtual-network-not-started", VirtualNetwork, Hypervisor, Stops, follows_from: ["vbox-hostonly-range-restricted", "hypervisor-not-running", "hypervisor-kernel-module-not-loaded", "hostonly-needs-vmnet-network"], look_alikes: ["virtual-network-missing", "host-vnic-missing"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    let network = s.network?;
    if network.active != Some(false) || !s.involves_guest() {
        return None;
    }
    // A host-only adapter of VirtualBox rests while no machine uses it.
    if s.hypervisor == Some(HypervisorId::VirtualBox) && network.mode == Mode::HostOnly && !s.machine_runs() {
        return None;
    }
    let source = s.product.map_or("", |product| product.networks.source());
    let mut found =
        Found::new(Confidence::Confirmed).fact("fact-network", format!("{}: inactive", network.name), source);
    if let Some(guest) = s.guest_ip {
        found = found.facts(way_fact(s, guest));
    }
    Some(found)
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let name = s.network_name();
    let bridge = s.network.and_then(|network| network.host_adapter.as_deref());
    let on_it = |nic: &&Nic| nic.network.as_deref() == Some(name.as_str());
    let machines = s.product.map_or(&[][..], |product| product.machines.rows());
    let ports: Vec<String> = machines
        .iter()
        .filter(|machine| machine.state == PowerState::Running)
        .flat_map(|machine| &machine.nics)
        .filter(on_it)
        .filter_map(|nic| nic.host_port.clone())
        .collect();
    with_product(s, |product| product.start_network(&name, bridge, &ports))
}
