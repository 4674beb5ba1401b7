//! `hypervisor-nat-service-stopped`: the program that translates for the guests does not run or does not answer.

use super::super::prelude::*;

rule!("hypervisor-nat-service-stopped", NatEngine, Hypervisor, Stops, follows_from: ["virtual-network-not-started"], look_alikes: ["vpn-route-hijack", "host-no-uplink", "guest-wrong-gateway"]);

const WINDOWS_SERVICE: &str = "VMware NAT Service";

fn check(s: &Situation<'_>) -> Option<Found> {
    let vmware = matches!(
        s.hypervisor,
        Some(HypervisorId::VmwareWorkstation | HypervisorId::VmwareFusion)
    );
    let engine_is_asked = matches!(
        s.direction(),
        Some(Direction::GuestToInternet | Direction::LanToGuest)
    );
    if !vmware || s.mode != Some(Mode::Nat) || !engine_is_asked {
        return None;
    }
    let engine = s.gateway();
    let silent = |place: Place| {
        engine.is_some_and(|engine| {
            let seen = s.seen(place, engine);
            seen.echo_fails() || seen.link() == Link::Silent
        })
    };
    let answers = |place: Place| engine.is_some_and(|engine| s.seen(place, engine).link() == Link::Answered);
    if answers(Place::Host) || answers(Place::Guest) {
        return None;
    }
    let engine_facts = |mut found: Found| {
        for place in [Place::Host, Place::Guest] {
            if let Some(engine) = engine {
                found = found.facts(seen_facts(&s.seen(place, engine)));
            }
        }
        found
    };
    let host = s.host();
    if let Some(service) = host.service(WINDOWS_SERVICE) {
        let stopped = matches!(service.state, ServiceState::Stopped | ServiceState::Failed);
        return stopped.then(|| {
            engine_facts(Found::new(Confidence::Confirmed).fact(
                "fact-service",
                said::named(WINDOWS_SERVICE, said::service(service.state)),
                host.source_of(service),
            ))
        });
    }
    let down = s
        .network
        .and_then(|network| network.settings.get("nat-service"))
        .is_some_and(|state| state == "stopped");
    if down {
        return Some(engine_facts(Found::new(Confidence::Confirmed).fact(
            "fact-service",
            said::named("vmnet-natd", said::word("value-stopped")),
            "vmware-networks --status",
        )));
    }
    if let (Some(processes), Os::Linux) = (host.processes.value(), s.host_os) {
        let runs = |name: &str| processes.iter().any(|process| process.name.starts_with(name));
        let here = host
            .adapters
            .rows()
            .iter()
            .any(|adapter| adapter.name.starts_with("vmnet"));
        if here && !runs("vmnet-natd") && (runs("vmware-vmx") || silent(Place::Guest) || silent(Place::Host))
        {
            return Some(engine_facts(Found::new(Confidence::Likely).fact(
                "fact-process",
                said::word("value-no-process").with("name", "vmnet-natd"),
                host.processes.source(),
            )));
        }
    }
    // The engine's own address is dead while the guest's is alive: whatever the service says, it does not answer.
    let guest_alive = s.guest_seen().is_some_and(|seen| seen.link() == Link::Answered);
    let dead = silent(Place::Guest) || (silent(Place::Host) && guest_alive);
    dead.then(|| engine_facts(Found::new(Confidence::Likely)))
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    match s.host_os {
        Os::Windows => remedy::start_service(Os::Windows, WINDOWS_SERVICE),
        _ => with_product(s, |product| product.start_network(&s.network_name(), None, &[])),
    }
}
