//! QEMU machines by the arguments of their processes: those started by hand, and those of libvirt when
//! libvirt itself would not speak.

use super::source::Ledger;
use crate::model::{Gap, HypervisorId, Machine, Process};
use crate::parse::hypervisor::qemu;

/// Reads the machines that run now.
pub(super) async fn read(ledger: Ledger) -> Result<(), Gap> {
    let found: Vec<(HypervisorId, String, Machine)> = ledger
        .processes()
        .await?
        .iter()
        .filter(|process| {
            process.name.starts_with("qemu-system-")
                || process.name.starts_with("qemu-kvm")
                || process.name == "kvm"
        })
        .filter_map(|process| {
            let evidence = format!("process {} ({})", process.name, process.pid);
            Some((owner(process), evidence, machine(process)?))
        })
        .collect();
    ledger.facts(move |case| {
        for (id, evidence, machine) in &found {
            let hypervisor = case.hypervisor_mut(*id);
            hypervisor.installed = Some(true);
            hypervisor.running = Some(true);
            if !hypervisor.evidence.contains(evidence) {
                hypervisor.evidence.push(evidence.clone());
            }
            let machines = hypervisor.machines.fill("process table");
            // What libvirt told itself is better.
            if !machines.iter().any(|known| known.name == machine.name) {
                machines.push(machine.clone());
            }
        }
    });
    Ok(())
}

/// Whose machine it is: managers put their own folders into the arguments.
fn owner(process: &Process) -> HypervisorId {
    let has = |text: &str| process.arguments.iter().any(|argument| argument.contains(text));
    if has("/libvirt/qemu/") {
        HypervisorId::Libvirt
    } else if has("/etc/pve/") || has("/run/qemu-server/") {
        HypervisorId::Proxmox
    } else if has("/multipass") {
        HypervisorId::Multipass
    } else if has("/.lima/") {
        HypervisorId::Lima
    } else {
        HypervisorId::Qemu
    }
}

fn machine(process: &Process) -> Option<Machine> {
    let mut machine = qemu::machine_from_arguments(&process.arguments)?;
    if machine.name.is_empty() {
        machine.name = format!("pid {}", process.pid);
    }
    // libvirt hands its cards over as open descriptors, of which the arguments tell nothing.
    if owner(process) == HypervisorId::Libvirt {
        machine.nics.clear();
    }
    Some(machine)
}
