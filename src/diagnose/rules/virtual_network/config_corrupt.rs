//! `virtual-network-config-corrupt`: the product cannot use its own network settings.

use super::super::prelude::*;

rule!("virtual-network-config-corrupt", VirtualNetwork, Hypervisor, Stops, follows_from: ["hypervisor-half-uninstalled", "hypervisor-kernel-module-not-loaded"], look_alikes: ["virtual-network-not-started", "host-vnic-missing", "hypervisor-nat-service-stopped"]);

/// What the products say of settings that they cannot read: VMware, libvirt, VirtualBox.
const SAID: [&[&str]; 6] = [
    &["vmware fusion/networking", "no such file"],
    &["failed to read network configuration"],
    &["network configuration", "corrupt"],
    &["could not parse", "vmnetnat.conf"],
    &["failed to load config for network"],
    &["xml error", "network"],
];

fn check(s: &Situation<'_>) -> Option<Found> {
    if !s.involves_guest() || s.guest_seen().is_some_and(|seen| seen.link() == Link::Answered) {
        return None;
    }
    if let Some(line) = SAID.iter().find_map(|words| complaint(s, words)) {
        return Some(Found::new(Confidence::Confirmed).facts([complaint_fact(s, line)]));
    }
    // VMware's adapters on Windows whose every binding is gone: what updates of Windows leave behind.
    let adapter = s
        .host_adapter
        .filter(|_| s.hypervisor == Some(HypervisorId::VmwareWorkstation) && s.host_os == Os::Windows)?;
    let bare = !adapter.bindings.is_empty() && adapter.bindings.iter().all(|(_, on)| !on);
    bare.then(|| {
        let names: Vec<&str> = adapter.bindings.iter().map(|(name, _)| name.as_str()).collect();
        Found::new(Confidence::Confirmed).fact(
            "fact-binding",
            said::named(
                &adapter.name,
                said::then(names.join(", "), said::word("value-off")),
            ),
            s.host().adapters.source(),
        )
    })
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    match s.hypervisor {
        Some(HypervisorId::VmwareFusion) => vec![remedy::rebuild_fusion_networks()],
        Some(HypervisorId::VmwareWorkstation) if s.host_os == Os::Windows => {
            vec![remedy::ask(
                Where::Host,
                Message::new("remedy-vmware-defaults-ask"),
            )]
        }
        Some(HypervisorId::VmwareWorkstation) if s.host_os == Os::Linux => {
            vec![remedy::rebuild_vmware_networks()]
        }
        _ => vec![remedy::ask(Where::Host, Message::new("remedy-config-ask"))],
    }
}
