//! Services of interest, from one question to systemd.

use std::time::Duration;

use super::super::source::Ledger;
use crate::model::{Fact, Gap, Service, ServiceState, StartMode, Why};

const UNITS: [&str; 26] = [
    "libvirtd.service",
    "libvirtd.socket",
    "virtqemud.service",
    "virtqemud.socket",
    "virtnetworkd.service",
    "virtnetworkd.socket",
    "libvirt-guests.service",
    "vboxdrv.service",
    "vboxballoonctrl-service.service",
    "vmware.service",
    "vmware-networks.service",
    "dnsmasq.service",
    "docker.service",
    "firewalld.service",
    "ufw.service",
    "nftables.service",
    "iptables.service",
    "netfilter-persistent.service",
    "NetworkManager.service",
    "systemd-networkd.service",
    "systemd-resolved.service",
    "openvpn.service",
    "tailscaled.service",
    "zerotier-one.service",
    "snap.multipass.multipassd.service",
    "pveproxy.service",
];

/// Reads the services, where systemd runs. Elsewhere they stay unknown.
pub(super) async fn read(ledger: Ledger) -> Result<(), Gap> {
    // What sd_booted(3) looks at.
    if !ledger.path("/run/systemd/system").is_dir() {
        return Err(Gap {
            why: Why::ToolMissing,
            detail: "systemd does not run here".to_owned(),
        });
    }
    let mut arguments = vec![
        "show",
        "--no-pager",
        "--property=Id,LoadState,ActiveState,UnitFileState",
        "--",
    ];
    arguments.extend(UNITS);
    let printed = ledger
        .run("systemctl", &arguments, Duration::from_secs(2))
        .await?
        .checked()?;
    let services = services(&printed.stdout);
    ledger.facts(move |case| case.host.services = Fact::known(services.clone(), "systemctl show"));
    Ok(())
}

/// The blocks of `systemctl show`, parted by blank lines.
fn services(text: &str) -> Vec<Service> {
    text.split("\n\n").filter_map(service).collect()
}

fn service(block: &str) -> Option<Service> {
    let value = |key: &str| {
        block
            .lines()
            .find_map(|line| line.strip_prefix(key)?.strip_prefix('='))
    };
    let name = value("Id").filter(|name| !name.is_empty())?.to_owned();
    let state = if value("LoadState") == Some("not-found") {
        ServiceState::Missing
    } else {
        match value("ActiveState") {
            Some("active" | "reloading" | "activating") => ServiceState::Running,
            Some("inactive" | "deactivating") => ServiceState::Stopped,
            Some("failed") => ServiceState::Failed,
            _ => ServiceState::Unknown,
        }
    };
    let start = match value("UnitFileState") {
        Some("enabled" | "enabled-runtime") => StartMode::Automatic,
        Some("disabled" | "static" | "indirect" | "linked" | "generated" | "alias" | "transient") => {
            StartMode::Manual
        }
        Some("masked" | "masked-runtime") => StartMode::Disabled,
        _ => StartMode::Unknown,
    };
    Some(Service {
        name,
        state,
        start,
        source: String::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_state() {
        let text = "Id=libvirtd.service\nLoadState=loaded\nActiveState=active\nUnitFileState=enabled\n\n\
                    Id=firewalld.service\nLoadState=not-found\nActiveState=inactive\nUnitFileState=\n\n\
                    Id=ufw.service\nLoadState=masked\nActiveState=inactive\nUnitFileState=masked\n\n\
                    Id=nftables.service\nLoadState=loaded\nActiveState=failed\nUnitFileState=disabled\n";
        let read: Vec<_> = services(text)
            .into_iter()
            .map(|service| (service.state, service.start))
            .collect();
        assert_eq!(
            read,
            [
                (ServiceState::Running, StartMode::Automatic),
                (ServiceState::Missing, StartMode::Unknown),
                (ServiceState::Stopped, StartMode::Disabled),
                (ServiceState::Failed, StartMode::Manual),
            ]
        );
        assert!(services("garbage\n\n\0").is_empty());
    }
}
