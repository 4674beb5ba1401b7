//! `host-firewall-service-broken`: the services under the Windows firewall are stopped, and with them address translation
//! and connection sharing.

use super::super::prelude::*;

rule!("host-firewall-service-broken", HostFirewall, Host, Stops, follows_from: [], look_alikes: ["host-firewall-blocks-guest", "internet-sharing-service-stopped", "third-party-or-managed-firewall"]);

/// The Base Filtering Engine and the firewall itself.
const SERVICES: [&str; 2] = ["BFE", "MpsSvc"];

fn check(s: &Situation<'_>) -> Option<Found> {
    let name = stopped(s)?;
    if !s.involves_guest() || s.asked() != Asked::Fails {
        return None;
    }
    // What Windows itself translates or shares stands on them; other products have engines of their own.
    let by_windows = matches!(s.hypervisor, Some(HypervisorId::HyperV | HypervisorId::Wsl2));
    Some(
        Found::new(if by_windows {
            Confidence::Confirmed
        } else {
            Confidence::Possible
        })
        .arg("service", name)
        .fact(
            "fact-service",
            said::named(name, said::word("value-stopped")),
            s.host().services.source(),
        )
        .facts(s.asked_seen().map(|seen| seen_facts(&seen)).unwrap_or_default()),
    )
}

fn stopped(s: &Situation<'_>) -> Option<&'static str> {
    SERVICES.into_iter().find(|name| {
        s.host_os == Os::Windows
            && s.host()
                .service(name)
                .is_some_and(|service| matches!(service.state, ServiceState::Stopped | ServiceState::Failed))
    })
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    // The firewall cannot run without the engine below it.
    match stopped(s) {
        Some(name) => remedy::start_service(Os::Windows, name),
        None => SERVICES
            .into_iter()
            .flat_map(|name| remedy::start_service(Os::Windows, name))
            .collect(),
    }
}
