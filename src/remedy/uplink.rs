//! Fixes of the way from a bridged machine to the physical network.

use super::fix::Ways;
use super::{Product, Remedy, Risk, Where, ask, ps, sh};
use crate::model::{HypervisorId, Message, Os};

impl Product<'_> {
    /// Bridges the machine's card to the physical adapter `wanted`; `old` is the one it has now and `network` the
    /// switch or bridge it is on.
    pub fn rebridge(&self, wanted: &str, old: Option<&str>, network: Option<&str>) -> Vec<Remedy> {
        let effect = Message::new("remedy-rebridge-effect")
            .with("vm", self.machine)
            .with("adapter", wanted);
        let fix = Ways::new(
            Where::Host,
            self.os,
            "remedy-rebridge-title",
            effect.clone(),
            Risk::Medium,
        );
        let mut ways = match (self.id, self.os) {
            (HypervisorId::VirtualBox, os) => {
                let quote = |text: &str| if os == Os::Windows { ps(text) } else { sh(text) };
                let (vm, slot) = (quote(self.machine), self.nic);
                let set = |adapter: &str| {
                    let adapter = quote(adapter);
                    if self.runs {
                        format!("VBoxManage controlvm {vm} nic{slot} bridged {adapter}")
                    } else {
                        format!("VBoxManage modifyvm {vm} --nic{slot} bridged --bridgeadapter{slot} {adapter}")
                    }
                };
                let back = old.map(&set).unwrap_or_default();
                let verify = format!("VBoxManage showvminfo {vm} --machinereadable");
                let title = "remedy-rebridge-title";
                let shell = if os == Os::Windows { super::Shell::Powershell } else { super::Shell::Sh };
                vec![super::build(Where::Host, os, shell, false, super::Lines {
                    title,
                    effect,
                    risk: Risk::Medium,
                    command: set(wanted),
                    undo: back,
                    verify,
                })]
            }
            (HypervisorId::HyperV, _) => {
                let switch = ps(network.unwrap_or("SWITCH"));
                let back = old
                    .map(|old| format!("Set-VMSwitch -Name {switch} -NetAdapterName {}", ps(old)))
                    .unwrap_or_default();
                fix.powershell(
                    format!("Set-VMSwitch -Name {switch} -NetAdapterName {}", ps(wanted)),
                    back,
                    "Get-VMSwitch",
                )
                .ways()
            }
            (HypervisorId::VmwareWorkstation, Os::Linux) => fix
                .sh(
                    format!("sudo cp /etc/vmware/networking /etc/vmware/networking.vmnet-doctor && printf 'add_bridge_mapping %s 0\\n' {} | sudo tee -a /etc/vmware/networking && sudo vmware-networks --stop; sudo vmware-networks --start", sh(wanted)),
                    "sudo cp /etc/vmware/networking.vmnet-doctor /etc/vmware/networking && sudo vmware-networks --stop; sudo vmware-networks --start",
                    "sudo vmware-networks --status",
                )
                .ways(),
            (HypervisorId::Libvirt | HypervisorId::Qemu | HypervisorId::Proxmox | HypervisorId::Other, Os::Linux)
                if network.is_some() =>
            {
                let bridge = sh(network.unwrap_or("br0"));
                let new = sh(wanted);
                let (first, back) = match old {
                    Some(old) => (
                        format!("sudo ip link set dev {} nomaster; ", sh(old)),
                        format!("; sudo ip link set dev {} master {bridge}", sh(old)),
                    ),
                    None => (String::new(), String::new()),
                };
                Ways::new(Where::Host, self.os, "remedy-rebridge-title", effect, Risk::High)
                    .sh(
                        format!("{first}sudo ip link set dev {new} master {bridge} up"),
                        format!("sudo ip link set dev {new} nomaster{back}"),
                        "bridge link",
                    )
                    .ways()
            }
            _ => Vec::new(),
        };
        ways.push(ask(
            Where::Host,
            Message::new("remedy-rebridge-ask")
                .with("vm", self.machine)
                .with("adapter", wanted),
        ));
        ways
    }
}

impl Product<'_> {
    /// Gives the machine an emulated card that every system has a driver for.
    pub fn common_card_model(&self) -> Vec<Remedy> {
        let effect = Message::new("remedy-card-model-effect").with("vm", self.machine);
        let mut ways = Vec::new();
        if self.id == HypervisorId::VirtualBox {
            let windows = self.os == Os::Windows;
            let vm = if windows {
                ps(self.machine)
            } else {
                sh(self.machine)
            };
            let slot = self.nic;
            let shell = if windows {
                super::Shell::Powershell
            } else {
                super::Shell::Sh
            };
            ways.push(super::build(
                Where::Host,
                self.os,
                shell,
                false,
                super::Lines {
                    title: "remedy-card-model-title",
                    effect,
                    risk: Risk::Medium,
                    command: format!("VBoxManage modifyvm {vm} --nictype{slot} 82540EM"),
                    undo: format!("VBoxManage modifyvm {vm} --nictype{slot} virtio"),
                    verify: format!("VBoxManage showvminfo {vm}"),
                },
            ));
        }
        ways.push(ask(
            Where::Host,
            Message::new("remedy-card-model-ask").with("vm", self.machine),
        ));
        ways
    }
}
