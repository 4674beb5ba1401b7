//! `bridge-filter-driver-unbound`: the product's bridge driver is not bound to the physical adapter (Windows).

use super::super::prelude::*;

rule!("bridge-filter-driver-unbound", VirtualNetwork, Host, Stops, follows_from: ["hypervisor-half-uninstalled"], look_alikes: ["bridged-wrong-nic", "lan-dhcp-refuses", "port-security-blocks-guest", "bridged-wifi-unsupported"]);

/// The drivers by the component name that Windows knows, and the service behind each.
const DRIVERS: [(HypervisorId, &[&str], &str); 2] = [
    (
        HypervisorId::VirtualBox,
        &["oracle_VBoxNetLwf", "sun_VBoxNetLwf"],
        "VBoxNetLwf",
    ),
    (HypervisorId::VmwareWorkstation, &["vmware_bridge"], "VMnetBridge"),
];

fn check(s: &Situation<'_>) -> Option<Found> {
    if s.host_os != Os::Windows || s.mode != Some(Mode::Bridged) || !s.involves_guest() {
        return None;
    }
    if s.guest_seen().is_some_and(|seen| seen.link() == Link::Answered) {
        return None;
    }
    let id = s.hypervisor?;
    let (_, names, service) = DRIVERS.iter().find(|(product, _, _)| *product == id)?;
    let host = s.host();
    if let Some(adapter) = uplink(s) {
        let own = |driver: &str| names.iter().any(|name| name.eq_ignore_ascii_case(driver));
        let bound: Vec<_> = adapter
            .bindings
            .iter()
            .filter(|(driver, _)| own(driver))
            .collect();
        let off = !bound.is_empty() && bound.iter().all(|(_, on)| !on);
        // A whole list of bindings without the driver: the product's driver is not on it at all.
        let missing = bound.is_empty() && adapter.bindings.len() >= 4;
        if off || missing {
            let driver = bound.first().map_or(names[0], |(driver, _)| driver.as_str());
            let state = if off {
                Words::from(said::word("value-off"))
            } else {
                "—".into()
            };
            return Some(
                Found::new(Confidence::Confirmed)
                    .arg("driver", driver)
                    .arg("adapter", &adapter.name)
                    .fact(
                        "fact-binding",
                        said::named(&adapter.name, said::then(driver, state)),
                        host.adapters.source(),
                    ),
            );
        }
    }
    let stopped = host
        .service(service)
        .filter(|service| matches!(service.state, ServiceState::Stopped | ServiceState::Failed))?;
    Some(
        Found::new(Confidence::Likely)
            .arg("driver", *service)
            .arg(
                "adapter",
                uplink(s).map_or_else(|| s.adapter_name(), |adapter| adapter.name.clone()),
            )
            .fact(
                "fact-service",
                said::named(&stopped.name, said::service(stopped.state)),
                host.source_of(stopped),
            ),
    )
}

/// The physical adapter that the machine is bridged to.
fn uplink<'a>(s: &Situation<'a>) -> Option<&'a Adapter> {
    let named = s
        .nic
        .and_then(|nic| nic.uplink.as_deref())
        .or_else(|| s.network.and_then(|network| network.uplink.as_deref()));
    let by_name = named.and_then(|name| {
        let rows = s.host().adapters.rows().iter();
        rows.into_iter().find(|adapter| {
            adapter.name.eq_ignore_ascii_case(name) || adapter.description.as_deref() == Some(name)
        })
    });
    by_name.or(s.host_adapter)
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let (_, names, service) = DRIVERS
        .iter()
        .find(|(product, _, _)| s.hypervisor == Some(*product))
        .unwrap_or(&DRIVERS[0]);
    let adapter = uplink(s).map_or_else(|| s.adapter_name(), |adapter| adapter.name.clone());
    let mut ways = vec![remedy::bind_driver(&adapter, names[0])];
    ways.extend(remedy::start_service(Os::Windows, service));
    ways
}
