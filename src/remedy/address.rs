//! Commands that only show which address a machine has.

use super::fix::Fix;
use super::{Product, Remedy, Risk, Shell, Where};
use crate::model::{HypervisorId, Message, Os};

impl Product<'_> {
    /// Asks the product for the machine's addresses.
    pub fn show_addresses(&self) -> Vec<Remedy> {
        let vm = self.handle();
        let command = match self.id {
            HypervisorId::Libvirt => format!("virsh -c qemu:///system domifaddr {vm} --source arp"),
            HypervisorId::VirtualBox => format!("{} guestproperty enumerate {vm}", self.vboxmanage()),
            HypervisorId::VmwareWorkstation | HypervisorId::VmwareFusion => {
                format!("{} getGuestIPAddress {vm}", self.vmrun())
            }
            HypervisorId::HyperV => format!("Get-VMNetworkAdapter -VMName {vm} | Format-List IPAddresses"),
            HypervisorId::Multipass => format!("multipass info {vm}"),
            HypervisorId::Parallels => format!("prlctl list -f {vm}"),
            _ => return Vec::new(),
        };
        let effect = Message::new("remedy-show-address-effect").with("vm", self.machine);
        let fix = Fix::host("remedy-show-address-title", effect, Risk::None);
        let admin = self.id == HypervisorId::HyperV;
        vec![fix.in_shell(
            self.os,
            self.shell(),
            admin,
            (command.clone(), String::new(), command),
        )]
    }
}

/// Lets the guest show its own addresses.
pub fn show_own_addresses(os: Os) -> Vec<Remedy> {
    let fix = Fix::at(
        Where::Guest,
        "remedy-own-address-title",
        Message::new("remedy-own-address-effect"),
        Risk::None,
    );
    let (shell, command) = match os {
        Os::Windows => (Shell::Cmd, "ipconfig"),
        Os::Macos | Os::Bsd => (Shell::Sh, "ifconfig"),
        _ => (Shell::Sh, "ip -br addr"),
    };
    vec![fix.in_shell(
        os,
        shell,
        false,
        (command.to_owned(), String::new(), command.to_owned()),
    )]
}
