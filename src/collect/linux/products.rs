//! Which products are installed or run, as far as files and processes tell. Their own tools tell the rest.

use super::super::marks::{self, Mark};
use super::super::source::Ledger;
use crate::model::{Gap, HypervisorId};

/// Files that only an installed product leaves.
const FILES: [Mark; 15] = [
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
const PROCESSES: [Mark; 15] = [
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
    marks::read(&ledger, &FILES, &PROCESSES, |process, mark| {
        process.starts_with(mark)
    })
    .await
}
