//! `hypervisor-dhcp-service-stopped`: the product's own DHCP server does not run (VMware).

use super::super::prelude::*;

rule!("hypervisor-dhcp-service-stopped", VirtualNetwork, Hypervisor, Stops, follows_from: ["hypervisor-half-uninstalled", "virtual-network-not-started", "hypervisor-kernel-module-not-loaded"], look_alikes: ["no-dhcp-on-network", "dhcp-pool-exhausted", "host-firewall-blocks-dhcp-dns", "virtual-cable-disconnected"]);

const WINDOWS_SERVICE: &str = "VMnetDHCP";

fn check(s: &Situation<'_>) -> Option<Found> {
    let vmware = matches!(
        s.hypervisor,
        Some(HypervisorId::VmwareWorkstation | HypervisorId::VmwareFusion)
    );
    let serves = matches!(s.mode, Some(Mode::Nat | Mode::HostOnly));
    let wanted = s
        .network
        .and_then(|network| network.dhcp.as_ref())
        .and_then(|dhcp| dhcp.enabled);
    if !vmware || !serves || !s.involves_guest() || wanted == Some(false) {
        return None;
    }
    let host = s.host();
    let by_service = host
        .service(WINDOWS_SERVICE)
        .filter(|service| matches!(service.state, ServiceState::Stopped | ServiceState::Failed))
        .map(|service| {
            evidence(
                "fact-service",
                said::named(&service.name, said::service(service.state)),
                host.source_of(service),
            )
        });
    let by_status = s
        .network
        .filter(|network| {
            network
                .settings
                .get("dhcp-service")
                .is_some_and(|state| state == "stopped")
        })
        .map(|network| {
            evidence(
                "fact-service",
                said::named(format!("DHCP, {}", network.name), said::word("value-stopped")),
                networks_source(s),
            )
        });
    let fact = by_service.or(by_status.clone())?;
    let (mut confidence, facts) = Lease::missing(s).or_else(|| host_without_lease(s))?;
    // On a Mac the status tool reports services as stopped although Apple's framework serves in their place.
    if s.hypervisor == Some(HypervisorId::VmwareFusion) && by_status.is_some() {
        confidence = confidence.max(Confidence::Likely);
    }
    Some(Found::new(confidence).facts([fact]).facts(facts))
}

/// The host's own adapter asked the same server, and made its address up.
fn host_without_lease(s: &Situation<'_>) -> Option<(Confidence, Vec<Evidence>)> {
    let adapter = s.host_adapter.filter(|adapter| adapter.dhcp == Some(true))?;
    let made_up = adapter.ipv4().next().is_some() && adapter.ipv4().all(|net| net.addr().is_link_local());
    made_up.then(|| (Confidence::Confirmed, vec![adapter_fact(s, adapter)]))
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    match s.host_os {
        Os::Windows => remedy::start_service(Os::Windows, WINDOWS_SERVICE),
        _ => with_product(s, |product| {
            product.restart_networks().map_or_else(
                || product.start_network(&s.network_name(), None, &[]),
                |way| vec![way],
            )
        }),
    }
}
