//! Whether this program itself runs inside a virtual machine, and whose.

use crate::model::{HypervisorId, Mac};

/// What gave away that this machine is a virtual one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inside {
    /// The product that runs it; [`HypervisorId::Other`] when only that it is virtual could be told.
    pub hypervisor: HypervisorId,
    /// What gave it away: `DMI vendor VMware, Inc.`
    pub evidence: String,
}

/// Judges what the firmware and the processor say of themselves. `dmi` holds vendor, product, board and BIOS
/// names; `cpu_flag` is whether the processor says that a hypervisor is present; `kernel` is the kernel's
/// release.
///
/// The names are those that the products write into their virtual firmware (systemd's `detect-virt` reads
/// the same ones).
pub(super) fn judge(dmi: &[String], cpu_flag: bool, kernel: &str) -> Option<Inside> {
    if kernel.to_ascii_lowercase().contains("microsoft") {
        return Some(Inside {
            hypervisor: HypervisorId::Wsl2,
            evidence: format!("kernel {kernel}"),
        });
    }
    // QEMU stands last: several products are built on it and say so in another field.
    const NAMES: [(&str, HypervisorId); 14] = [
        ("VirtualBox", HypervisorId::VirtualBox),
        ("innotek GmbH", HypervisorId::VirtualBox),
        ("VMware", HypervisorId::VmwareWorkstation),
        ("Parallels", HypervisorId::Parallels),
        ("Apple Virtualization", HypervisorId::Vz),
        ("OpenStack", HypervisorId::Other),
        ("Amazon EC2", HypervisorId::Other),
        ("Google Compute Engine", HypervisorId::Other),
        ("Alibaba Cloud", HypervisorId::Other),
        ("Xen", HypervisorId::Other),
        ("Bochs", HypervisorId::Qemu),
        ("KVM", HypervisorId::Libvirt),
        ("QEMU", HypervisorId::Libvirt),
        ("Red Hat", HypervisorId::Libvirt),
    ];
    for (name, hypervisor) in NAMES {
        if let Some(line) = dmi.iter().find(|line| line.contains(name)) {
            return Some(Inside {
                hypervisor,
                evidence: format!("DMI {line}"),
            });
        }
    }
    // Microsoft makes real machines too; only the virtual ones call themselves so.
    if dmi.iter().any(|line| line.contains("Microsoft Corporation"))
        && dmi.iter().any(|line| line.contains("Virtual Machine"))
    {
        return Some(Inside {
            hypervisor: HypervisorId::HyperV,
            evidence: "DMI Microsoft Corporation Virtual Machine".to_owned(),
        });
    }
    // A Windows or Linux host with its own hypervisor switched on shows the flag too, but only with
    // virtualization-based security under Windows; a Linux host never does.
    cpu_flag.then(|| Inside {
        hypervisor: HypervisorId::Other,
        evidence: "processor flag hypervisor".to_owned(),
    })
}

/// The product whose cards have this vendor part, for where firmware and processor say nothing.
pub fn of_card(mac: Mac) -> Option<HypervisorId> {
    Some(match mac.oui() {
        [0x08, 0x00, 0x27] => HypervisorId::VirtualBox,
        [0x00, 0x0c, 0x29] | [0x00, 0x50, 0x56] | [0x00, 0x05, 0x69] => HypervisorId::VmwareWorkstation,
        [0x52, 0x54, 0x00] => HypervisorId::Libvirt,
        [0x00, 0x15, 0x5d] => HypervisorId::HyperV,
        [0x00, 0x1c, 0x42] => HypervisorId::Parallels,
        [0xbc, 0x24, 0x11] => HypervisorId::Proxmox,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_the_products_apart() {
        let ask = |dmi: &[&str], flag, kernel: &str| {
            let dmi: Vec<String> = dmi.iter().map(|line| (*line).to_owned()).collect();
            judge(&dmi, flag, kernel).map(|inside| inside.hypervisor)
        };
        let kernel = "6.1.0-18-amd64";
        let cases = [
            (&["innotek GmbH", "VirtualBox"][..], HypervisorId::VirtualBox),
            (
                &["VMware, Inc.", "VMware Virtual Platform"],
                HypervisorId::VmwareWorkstation,
            ),
            (&["QEMU", "Standard PC (Q35 + ICH9, 2009)"], HypervisorId::Libvirt),
            (
                &["Microsoft Corporation", "Virtual Machine"],
                HypervisorId::HyperV,
            ),
        ];
        for (dmi, expected) in cases {
            assert_eq!(ask(dmi, true, kernel), Some(expected), "{dmi:?}");
        }
        assert_eq!(
            ask(&["Microsoft Corporation", "Surface Laptop 5"], false, kernel),
            None
        );
        assert_eq!(ask(&["LENOVO", "20XW"], false, kernel), None);
        assert_eq!(ask(&[], true, kernel), Some(HypervisorId::Other));
        assert_eq!(
            ask(&[], true, "5.15.153.1-microsoft-standard-WSL2"),
            Some(HypervisorId::Wsl2)
        );
    }
}
