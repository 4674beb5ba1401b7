//! `hypervisor-not-running`: the product's control service does not run.

use super::super::prelude::*;

rule!("hypervisor-not-running", Hypervisor, Hypervisor, Stops, follows_from: ["hypervisor-kernel-module-not-loaded", "hypervisor-half-uninstalled"], look_alikes: ["vm-not-running", "hypervisor-kernel-module-not-loaded", "virtual-network-not-started"]);

/// The services that a product cannot do without, by product and system. Any one of a row is enough, for newer
/// versions call them otherwise.
const SERVICES: [(HypervisorId, Os, &[&str]); 8] = [
    (
        HypervisorId::Libvirt,
        Os::Linux,
        &[
            "libvirtd.service",
            "libvirtd.socket",
            "virtqemud.service",
            "virtqemud.socket",
        ],
    ),
    (HypervisorId::HyperV, Os::Windows, &["vmms"]),
    (HypervisorId::HyperV, Os::Windows, &["hns"]),
    (HypervisorId::Wsl2, Os::Windows, &["WSLService", "LxssManager"]),
    (HypervisorId::VmwareWorkstation, Os::Windows, &["VMAuthdService"]),
    (HypervisorId::VmwareWorkstation, Os::Linux, &["vmware.service"]),
    (
        HypervisorId::Multipass,
        Os::Linux,
        &["snap.multipass.multipassd.service"],
    ),
    (
        HypervisorId::Proxmox,
        Os::Linux,
        &["pvedaemon.service", "pveproxy.service"],
    ),
];

fn check(s: &Situation<'_>) -> Option<Found> {
    if !s.involves_guest() || s.guest_seen().is_some_and(|seen| seen.link() == Link::Answered) {
        return None;
    }
    let id = s.hypervisor?;
    let host = s.host();
    let stopped = SERVICES
        .iter()
        .filter(|(product, os, _)| *product == id && *os == s.host_os)
        .find_map(|(_, _, names)| {
            let known: Vec<_> = names.iter().filter_map(|name| host.service(name)).collect();
            let down = |state| matches!(state, ServiceState::Stopped | ServiceState::Failed);
            let none_runs = known
                .iter()
                .all(|service| down(service.state) || service.state == ServiceState::Missing);
            known
                .iter()
                .find(|service| none_runs && down(service.state))
                .copied()
        });
    // Networks and machines that are there need no daemon any more: it only starts and stops them.
    if s.machine_runs() || s.host_adapter.is_some() {
        return None;
    }
    if let Some(service) = stopped {
        return Some(Found::new(Confidence::Confirmed).fact(
            "fact-service",
            said::named(&service.name, said::service(service.state)),
            host.source_of(service),
        ));
    }
    let said = complaint(s, &["failed to connect socket", "no such file"])
        .or_else(|| complaint(s, &["failed to connect socket", "connection refused"]))
        .or_else(|| complaint(s, &["cannot connect to the multipass socket"]))?;
    let off = s.product.is_some_and(|product| product.running == Some(false));
    let confidence = if off {
        Confidence::Confirmed
    } else {
        Confidence::Likely
    };
    Some(Found::new(confidence).facts([complaint_fact(s, said)]))
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    remedy::start_hypervisor(s.hypervisor.unwrap_or(HypervisorId::Libvirt), s.host_os)
}
