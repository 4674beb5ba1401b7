//! `hypervisor-helper-misinstalled`: the small program with rights of its own that sets networks up lacks them.

use super::super::prelude::*;

rule!("hypervisor-helper-misinstalled", Hypervisor, Host, Stops, follows_from: ["hypervisor-kernel-module-not-loaded"], look_alikes: ["hypervisor-kernel-module-not-loaded", "vbox-hostonly-range-restricted", "virtual-network-missing"]);

/// What QEMU, VirtualBox and VMware say when the helper fails.
const SAID: [&[&str]; 8] = [
    &["access denied by acl file"],
    &["failed to parse default acl file"],
    &["failed to create tun device", "operation not permitted"],
    &["bridge helper failed"],
    &["qemu-bridge-helper", "no such file"],
    &["vboxnetadpctl", "operation not permitted"],
    &["vboxnetadpctl", "permission denied"],
    &["vmnet-netifup", "permission denied"],
];

fn check(s: &Situation<'_>) -> Option<Found> {
    if !s.involves_guest() || s.machine_runs() {
        return None;
    }
    let line = SAID.iter().find_map(|words| complaint(s, words))?;
    Some(Found::new(Confidence::Confirmed).facts([complaint_fact(s, line)]))
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    match s.hypervisor {
        Some(HypervisorId::Qemu | HypervisorId::Libvirt) | None => {
            let bridge = s
                .nic
                .and_then(|nic| nic.uplink.clone())
                .unwrap_or_else(|| "virbr0".to_owned());
            remedy::repair_bridge_helper(&bridge)
        }
        Some(product) => {
            vec![remedy::ask(
                Where::Host,
                Message::new("remedy-helper-reinstall-ask").with("hypervisor", product.name()),
            )]
        }
    }
}
