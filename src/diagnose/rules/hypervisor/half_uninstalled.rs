//! `hypervisor-half-uninstalled`: the product's adapters are still there, its services are not.

use super::super::prelude::*;

rule!("hypervisor-half-uninstalled", Hypervisor, Hypervisor, Stops, follows_from: [], look_alikes: ["hypervisor-not-running", "hypervisor-nat-service-stopped", "host-vnic-missing"]);

/// Services that come with the adapters (Windows).
const SERVICES: [(HypervisorId, &[&str]); 2] = [
    (
        HypervisorId::VmwareWorkstation,
        &["VMware NAT Service", "VMnetDHCP", "VMAuthdService"],
    ),
    (HypervisorId::VirtualBox, &["VBoxSDS"]),
];

fn check(s: &Situation<'_>) -> Option<Found> {
    if s.host_os != Os::Windows || !s.involves_guest() {
        return None;
    }
    let id = s.hypervisor?;
    let host = s.host();
    let (_, names) = SERVICES.iter().find(|(product, _)| *product == id)?;
    let missing: Vec<&str> = names
        .iter()
        .filter(|name| {
            host.service(name)
                .is_some_and(|service| service.state == ServiceState::Missing)
        })
        .copied()
        .collect();
    let service = missing.first().copied()?;
    let some_left = names.iter().any(|name| {
        host.service(name)
            .is_some_and(|service| service.state == ServiceState::Running)
    });
    let adapter = host
        .adapters
        .rows()
        .iter()
        .find(|adapter| role::hypervisor_of_name(adapter) == Some(id))?;
    let confidence = if missing.len() > 1 || !some_left {
        Confidence::Confirmed
    } else {
        Confidence::Likely
    };
    Some(
        Found::new(confidence)
            .arg("adapter", &adapter.name)
            .arg("service", service)
            .fact(
                "fact-service",
                said::named(missing.join(", "), said::word("value-missing")),
                host.services.source(),
            )
            .facts([adapter_fact(s, adapter)]),
    )
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let product = s.hypervisor.map_or("", HypervisorId::name);
    vec![remedy::ask(
        Where::Host,
        Message::new("remedy-reinstall-ask").with("hypervisor", product),
    )]
}
