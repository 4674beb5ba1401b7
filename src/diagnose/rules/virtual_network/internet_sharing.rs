//! `internet-sharing-service-stopped`: Windows' Internet Connection Sharing does not run, on which the Default Switch
//! stands.

use super::super::prelude::*;
use crate::model::StartMode;

rule!("internet-sharing-service-stopped", VirtualNetwork, Host, Stops, follows_from: ["hypervisor-not-running"], look_alikes: ["hyperv-default-switch-broken", "host-firewall-service-broken", "host-firewall-blocks-dhcp-dns"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    let stands_on_it = s.mode == Some(Mode::DefaultSwitch)
        || (s.hypervisor == Some(HypervisorId::Wsl2) && s.mode == Some(Mode::Nat));
    if s.host_os != Os::Windows || !stands_on_it || !s.involves_guest() {
        return None;
    }
    let host = s.host();
    let service = host.service("SharedAccess")?;
    let stopped = matches!(service.state, ServiceState::Stopped | ServiceState::Failed);
    let disabled = service.start == StartMode::Disabled;
    if !stopped {
        return None;
    }
    let lease = Lease::missing(s).filter(|(confidence, _)| *confidence == Confidence::Confirmed);
    let outside_fails = s.direction() == Some(Direction::GuestToInternet) && s.asked() == Asked::Fails;
    // It starts by itself when somebody needs it: stopped alone is usual while no machine runs.
    let confidence = match (disabled, lease.is_some() || outside_fails) {
        (true, true) => Confidence::Confirmed,
        (true, false) | (false, true) => Confidence::Likely,
        (false, false) => return None,
    };
    Some(
        Found::new(confidence)
            .fact(
                "fact-service",
                said::named("SharedAccess", said::service(service.state))
                    .and(", ")
                    .and(said::start(service.start)),
                host.source_of(service),
            )
            .facts(lease.map(|(_, facts)| facts).unwrap_or_default()),
    )
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let was = s
        .host()
        .service("SharedAccess")
        .map_or("Disabled", |service| match service.start {
            StartMode::Automatic => "Automatic",
            StartMode::Manual => "Manual",
            _ => "Disabled",
        });
    remedy::allow_internet_sharing(was)
}
