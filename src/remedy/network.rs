//! Making virtual networks, connecting cards to them, and what they lend.

use std::net::Ipv4Addr;

use ipnet::IpNet;

use super::{Product, Remedy, Where, ask, root};
use crate::model::{HypervisorId, Message, Mode, Os};

const VIRSH: &str = "virsh -c qemu:///system";

impl Product<'_> {
    /// Makes the network that a card names and that is not there.
    pub fn create_network(&self, network: &str, mode: Option<Mode>) -> Vec<Remedy> {
        let name = self.quote(network);
        let lines = match (self.id, mode) {
            (HypervisorId::Libvirt, _) if network == "default" => {
                fix!("remedy-create-network" ["network" = network], Low,
                format!("{VIRSH} net-define /usr/share/libvirt/networks/default.xml && {VIRSH} net-start default && {VIRSH} net-autostart default"),
                undo: format!("{VIRSH} net-destroy default; {VIRSH} net-undefine default"),
                verify: format!("{VIRSH} net-list --all"))
            }
            (HypervisorId::VirtualBox, Some(Mode::NatNetwork)) => {
                let tool = self.vboxmanage();
                fix!("remedy-create-network" ["network" = network], Low,
                    format!("{tool} natnetwork add --netname {name} --network 192.168.15.0/24 --enable --dhcp on"),
                    undo: format!("{tool} natnetwork remove --netname {name}"),
                    verify: format!("{tool} list natnets"))
            }
            (HypervisorId::VirtualBox, _) => {
                let tool = self.vboxmanage();
                fix!("remedy-create-network" ["network" = network], Low,
                    format!("{tool} hostonlyif create"),
                    undo: format!("{tool} hostonlyif remove {name}"),
                    verify: format!("{tool} list hostonlyifs"))
            }
            (HypervisorId::HyperV, _) => fix!("remedy-create-network" ["network" = network], Low,
                format!("New-VMSwitch -Name {name} -SwitchType Internal"),
                undo: format!("Remove-VMSwitch -Name {name} -Force"),
                verify: "Get-VMSwitch"),
            _ => {
                return vec![ask(
                    Where::Host,
                    Message::new("remedy-create-network-ask").with("network", network),
                )];
            }
        };
        vec![self.plain(self.id == HypervisorId::HyperV, lines)]
    }

    /// Connects the machine's card to another network; `old` is the one to go back to.
    pub fn connect_to(&self, network: &str, old: Option<&str>) -> Vec<Remedy> {
        let (vm, name, nic) = (self.handle(), self.quote(network), self.nic);
        let back = old.map(|old| self.quote(old));
        let lines = match self.id {
            HypervisorId::HyperV => {
                let connect = |to: &str| format!("Connect-VMNetworkAdapter -VMName {vm} -SwitchName {to}");
                fix!("remedy-connect-to" ["vm" = self.machine, "network" = network], Low,
                    connect(&name),
                    undo: back.map_or_else(|| format!("Disconnect-VMNetworkAdapter -VMName {vm}"), |old| connect(&old)),
                    verify: format!("Get-VMNetworkAdapter -VMName {vm}"))
            }
            HypervisorId::VirtualBox => {
                let (tool, nic) = (self.vboxmanage(), nic.max(1));
                let connect = |to: &str| {
                    if self.runs {
                        format!("{tool} controlvm {vm} nic{nic} hostonly {to}")
                    } else {
                        format!("{tool} modifyvm {vm} --nic{nic} hostonly --hostonlyadapter{nic} {to}")
                    }
                };
                fix!("remedy-connect-to" ["vm" = self.machine, "network" = network], Low,
                    connect(&name),
                    undo: back.map_or_else(String::new, |old| connect(&old)),
                    verify: format!("{tool} showvminfo {vm} --machinereadable"))
            }
            HypervisorId::Libvirt => {
                fix!("remedy-connect-to" ["vm" = self.machine, "network" = network], Low,
                format!("{VIRSH} dumpxml --inactive {vm} > before-vmnet-doctor.xml && {VIRSH} edit {vm}"),
                undo: format!("{VIRSH} define before-vmnet-doctor.xml"),
                verify: format!("{VIRSH} domiflist {vm}"))
            }
            _ => {
                let message = Message::new("remedy-connect-to-ask")
                    .with("vm", self.machine)
                    .with("network", network);
                return vec![ask(Where::Host, message)];
            }
        };
        vec![self.plain(self.id == HypervisorId::HyperV, lines)]
    }

    /// Switches a DHCP server on for a network that has none. `segment` is the network's.
    pub fn lend_addresses(&self, network: &str, adapter: &str, segment: Option<IpNet>) -> Vec<Remedy> {
        let range = segment.and_then(|segment| match segment {
            IpNet::V4(net) => range_of(net),
            IpNet::V6(_) => None,
        });
        let name = self.quote(network);
        let number = vmnet_number(network);
        match (self.id, range) {
            (HypervisorId::Libvirt, Some((_, first, last, _))) => {
                let range = self.quote(&format!("<range start='{first}' end='{last}'/>"));
                let update = |verb: &str| {
                    format!("{VIRSH} net-update {name} {verb} ip-dhcp-range {range} --live --config")
                };
                vec![self.plain(
                    true,
                    fix!("remedy-dhcp" ["network" = network, "first" = first, "last" = last], Low,
                    update("add"),
                    undo: update("delete"),
                    verify: format!("{VIRSH} net-dumpxml {name}")),
                )]
            }
            (HypervisorId::VirtualBox, Some((server, first, last, mask))) => {
                let tool = self.vboxmanage();
                let (verb, of) = if adapter == "ADAPTER" {
                    ("add", format!("--network={name}"))
                } else {
                    ("modify", format!("--interface={}", self.quote(adapter)))
                };
                vec![self.plain(false, fix!("remedy-dhcp" ["network" = network, "first" = first, "last" = last], Low,
                    format!("{tool} dhcpserver {verb} {of} --server-ip={server} --netmask={mask} --lower-ip={first} --upper-ip={last} --enable"),
                    undo: format!("{tool} dhcpserver modify {of} --disable"),
                    verify: format!("{tool} list dhcpservers")))]
            }
            (HypervisorId::VmwareWorkstation, _) if self.os == Os::Linux && number.is_some() => {
                let number = number.unwrap_or_default();
                let line = |word: &str| format!("answer VNET_{number}_DHCP {word}");
                let set = |word: &str| {
                    format!(
                        "echo '{}' | sudo tee -a /etc/vmware/networking && sudo vmware-networks --stop; sudo vmware-networks --start",
                        line(word)
                    )
                };
                vec![root(
                    Where::Host,
                    self.os,
                    fix!("remedy-dhcp-on" ["network" = network], Medium,
                    set("yes"),
                    undo: set("no"),
                    verify: "sudo vmware-networks --status"),
                )]
            }
            (HypervisorId::VmwareFusion, _) if number.is_some() => {
                let number = number.unwrap_or_default();
                let set = |word: &str| fusion_answer(number, "DHCP", word);
                vec![root(
                    Where::Host,
                    self.os,
                    fix!("remedy-dhcp-on" ["network" = network], Medium,
                    set("yes"),
                    undo: set("no"),
                    verify: "sudo '/Applications/VMware Fusion.app/Contents/Library/vmnet-cli' --status"),
                )]
            }
            (HypervisorId::HyperV, _) => Vec::new(),
            _ => vec![ask(
                Where::Host,
                Message::new("remedy-dhcp-ask").with("network", network),
            )],
        }
    }

    /// Lets a DHCP server lend more addresses: `more` is a free part of the segment, `pool` the range that it has.
    pub fn widen_pool(
        &self,
        network: &str,
        adapter: &str,
        pool: Option<(Ipv4Addr, Ipv4Addr)>,
        more: Option<(Ipv4Addr, Ipv4Addr)>,
    ) -> Vec<Remedy> {
        let name = self.quote(network);
        let ask_for_room = || {
            vec![ask(
                Where::Host,
                Message::new("remedy-widen-ask").with("network", network),
            )]
        };
        let (Some(pool), Some((first, last))) = (pool, more) else {
            return ask_for_room();
        };
        match self.id {
            HypervisorId::Libvirt => {
                let range = self.quote(&format!("<range start='{first}' end='{last}'/>"));
                let update = |verb: &str| {
                    format!("{VIRSH} net-update {name} {verb} ip-dhcp-range {range} --live --config")
                };
                vec![self.plain(
                    true,
                    fix!("remedy-widen" ["network" = network, "first" = first, "last" = last], Low,
                    update("add-last"),
                    undo: update("delete"),
                    verify: format!("{VIRSH} net-dumpxml {name}; {VIRSH} net-dhcp-leases {name}")),
                )]
            }
            HypervisorId::VirtualBox => {
                let tool = self.vboxmanage();
                let set = |low: Ipv4Addr, high: Ipv4Addr| {
                    format!(
                        "{tool} dhcpserver modify --interface={} --lower-ip={low} --upper-ip={high}",
                        self.quote(adapter)
                    )
                };
                vec![self.plain(
                    false,
                    fix!("remedy-widen" ["network" = network, "first" = first, "last" = last], Low,
                    set(pool.0.min(first), pool.1.max(last)),
                    undo: set(pool.0, pool.1),
                    verify: format!("{tool} list dhcpservers")),
                )]
            }
            _ => ask_for_room(),
        }
    }

    /// Makes a host-only network on Apple's framework and connects the card to it (VirtualBox on macOS).
    pub fn make_host_only_network(&self) -> Vec<Remedy> {
        let (tool, vm, nic) = (self.vboxmanage(), self.handle(), self.nic.max(1));
        vec![self.plain(false, fix!("remedy-host-only-net" ["vm" = self.machine], Low,
            format!("{tool} hostonlynet add --name=HostNetwork --netmask=255.255.255.0 --lower-ip=192.168.56.1 --upper-ip=192.168.56.199 --enable && {tool} modifyvm {vm} --nic{nic} hostonlynet --host-only-net{nic}=HostNetwork"),
            undo: format!("{tool} modifyvm {vm} --nic{nic} none && {tool} hostonlynet remove --name=HostNetwork"),
            verify: format!("{tool} list hostonlynets")))]
    }

    /// Starts the product's network services again (VMware).
    pub fn restart_networks(&self) -> Option<Remedy> {
        let (stop, start, status) = match (self.id, self.os) {
            (HypervisorId::VmwareWorkstation, Os::Linux) => (
                "sudo vmware-networks --stop",
                "sudo vmware-networks --start",
                "sudo vmware-networks --status",
            ),
            (HypervisorId::VmwareFusion, _) => (
                "sudo '/Applications/VMware Fusion.app/Contents/Library/vmnet-cli' --stop",
                "sudo '/Applications/VMware Fusion.app/Contents/Library/vmnet-cli' --start",
                "sudo '/Applications/VMware Fusion.app/Contents/Library/vmnet-cli' --status",
            ),
            _ => return None,
        };
        Some(root(
            Where::Host,
            self.os,
            fix!("remedy-restart-networks", Medium, format!("{stop}; {start}"), undo: stop, verify: status),
        ))
    }
}

/// Server, first, last and mask of a pool in the upper half of a segment; `None` in one that is too small.
fn range_of(net: ipnet::Ipv4Net) -> Option<(Ipv4Addr, Ipv4Addr, Ipv4Addr, Ipv4Addr)> {
    let hosts = u32::from(net.broadcast()).checked_sub(u32::from(net.network()))?;
    if hosts < 8 {
        return None;
    }
    let low = u32::from(net.network());
    let first = low + hosts / 2 + 1;
    Some((
        Ipv4Addr::from(low + hosts / 2),
        Ipv4Addr::from(first),
        Ipv4Addr::from(low + hosts - 1),
        net.netmask(),
    ))
}

/// Makes VMware's network settings anew on Linux, as its installer does. The old ones are kept beside.
pub fn rebuild_vmware_networks() -> Remedy {
    let file = "/etc/vmware/networking";
    root(
        Where::Host,
        Os::Linux,
        fix!("remedy-vmware-networks", High,
            format!("sudo vmware-networks --stop; sudo mv {file} {file}.vmnet-doctor && sudo vmware-networks --postinstall vmware-player,0,1 && sudo vmware-networks --start"),
            undo: format!("sudo vmware-networks --stop; sudo mv {file}.vmnet-doctor {file} && sudo vmware-networks --start"),
            verify: "sudo vmware-networks --status; ip -br addr"),
    )
}

/// The number of VMware's network `vmnet8`; `None` for names without one, whose network is not known.
pub(super) fn vmnet_number(network: &str) -> Option<&str> {
    let number = network.trim_start_matches(|c: char| !c.is_ascii_digit());
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some(number)
}

/// Writes an answer into VMware Fusion's network settings and takes it over: the last line of a name holds.
pub(super) fn fusion_answer(number: &str, name: &str, word: &str) -> String {
    let tool = "sudo '/Applications/VMware Fusion.app/Contents/Library/vmnet-cli'";
    format!(
        "echo 'answer VNET_{number}_{name} {word}' | sudo tee -a '/Library/Preferences/VMware Fusion/networking' && {tool} --configure && {tool} --stop; {tool} --start"
    )
}
