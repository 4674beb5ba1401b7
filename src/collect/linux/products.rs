//! Which products are installed or run, as far as files and processes tell. Their own tools tell the rest.

use super::super::source::Ledger;
use crate::model::{Gap, HypervisorId};

/// Files that only an installed product leaves.
const FILES: [(&str, HypervisorId); 15] = [
    ("/usr/bin/virsh", HypervisorId::Libvirt),
    ("/usr/sbin/libvirtd", HypervisorId::Libvirt),
    ("/usr/sbin/virtqemud", HypervisorId::Libvirt),
    ("/usr/bin/VBoxManage", HypervisorId::VirtualBox),
    ("/usr/lib/virtualbox/VBoxSVC", HypervisorId::VirtualBox),
    ("/opt/VirtualBox/VBoxManage", HypervisorId::VirtualBox),
    ("/etc/vmware/networking", HypervisorId::VmwareWorkstation),
    ("/usr/bin/vmware", HypervisorId::VmwareWorkstation),
    ("/usr/bin/vmplayer", HypervisorId::VmwareWorkstation),
    ("/usr/bin/vmrun", HypervisorId::VmwareWorkstation),
    ("/snap/bin/multipass", HypervisorId::Multipass),
    ("/usr/bin/limactl", HypervisorId::Lima),
    ("/usr/local/bin/limactl", HypervisorId::Lima),
    ("/usr/bin/pveversion", HypervisorId::Proxmox),
    ("/usr/sbin/qm", HypervisorId::Proxmox),
];

/// Processes that only a running product has, by the beginning of their names.
const PROCESSES: [(&str, HypervisorId); 15] = [
    ("libvirtd", HypervisorId::Libvirt),
    ("virtqemud", HypervisorId::Libvirt),
    ("virtnetworkd", HypervisorId::Libvirt),
    ("VBoxSVC", HypervisorId::VirtualBox),
    ("VBoxHeadless", HypervisorId::VirtualBox),
    ("VirtualBoxVM", HypervisorId::VirtualBox),
    ("vmware-vmx", HypervisorId::VmwareWorkstation),
    // Named one by one: this program's own name begins like these.
    ("vmnet-natd", HypervisorId::VmwareWorkstation),
    ("vmnet-dhcpd", HypervisorId::VmwareWorkstation),
    ("vmnet-bridge", HypervisorId::VmwareWorkstation),
    ("vmnet-netifup", HypervisorId::VmwareWorkstation),
    ("vmware-authd", HypervisorId::VmwareWorkstation),
    ("multipassd", HypervisorId::Multipass),
    ("limactl", HypervisorId::Lima),
    ("pveproxy", HypervisorId::Proxmox),
];

/// Reads the marks.
pub(super) async fn read(ledger: Ledger) -> Result<(), Gap> {
    let mut marks: Vec<(HypervisorId, bool, String)> = FILES
        .iter()
        .filter(|(path, _)| ledger.path(path).exists())
        .map(|(path, id)| (*id, false, (*path).to_owned()))
        .collect();
    // Processes are one of several marks: without them the files still speak.
    let processes = ledger.processes().await;
    for process in processes.as_deref().unwrap_or_default() {
        if let Some((_, id)) = PROCESSES.iter().find(|(name, _)| process.name.starts_with(name)) {
            marks.push((*id, true, format!("process {}", process.name)));
        }
    }
    ledger.facts(move |case| {
        for (id, runs, evidence) in &marks {
            let hypervisor = case.hypervisor_mut(*id);
            hypervisor.installed = Some(true);
            if *runs {
                hypervisor.running = Some(true);
            }
            if !hypervisor.evidence.contains(evidence) {
                hypervisor.evidence.push(evidence.clone());
            }
        }
    });
    processes.map(|_| ())
}
