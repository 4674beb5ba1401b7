//! Fixes by a hypervisor's own commands.

use std::net::IpAddr;

use super::{Lines, Remedy, Risk, Shell, Where, ask, build, root, sh};
use crate::model::{HypervisorId, Message, Mode, Os, VirtualNetwork};

/// Names of the things that a product's command speaks of.
#[derive(Clone, Debug)]
pub struct Product<'a> {
    /// Which product.
    pub id: HypervisorId,
    /// The host's system.
    pub os: Os,
    /// The machine's name.
    pub machine: &'a str,
    /// The machine's identifier, for VMware the path of its `.vmx`.
    pub machine_id: Option<&'a str>,
    /// Whether the machine runs, for products whose commands differ.
    pub runs: bool,
    /// The slot of its card as the product counts.
    pub nic: u32,
    /// The translated network of the product that a further card can be plugged into.
    pub further: Further<'a>,
}

impl<'a> Product<'a> {
    /// A product and the name of a machine, of which nothing else is known; the name is empty where no machine is meant.
    pub fn named(id: HypervisorId, os: Os, machine: &'a str) -> Self {
        Self {
            id,
            os,
            machine,
            machine_id: None,
            runs: false,
            nic: 0,
            further: Further::Missing,
        }
    }
}

/// Which of a product's networks host and guest can meet on by a further card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Further<'a> {
    /// This one, which is started.
    Runs(&'a str),
    /// This one, which has to be started before.
    Stands(&'a str),
    /// The product is known to have none.
    Missing,
}

impl<'a> Further<'a> {
    /// The best of these networks: the one that every installation begins with, before others.
    pub fn of(networks: &'a [VirtualNetwork]) -> Self {
        let usable = || networks.iter().filter(|network| network.mode == Mode::Nat);
        let best = usable().find(|network| network.name == DEFAULT);
        match best.or_else(|| usable().find(|network| network.active == Some(true))) {
            Some(network) if network.active == Some(false) => Self::Stands(&network.name),
            Some(network) => Self::Runs(&network.name),
            None => Self::Missing,
        }
    }

    /// Its name, and the beginning of a line of `virsh` that makes sure that it runs.
    fn by_virsh(self) -> (String, String) {
        const VIRSH: &str = "virsh -c qemu:///system";
        match self {
            Self::Runs(name) => (sh(name), String::new()),
            Self::Stands(name) => (sh(name), format!("{VIRSH} net-start {} && ", sh(name))),
            // As libvirt's packages bring it.
            Self::Missing => (
                DEFAULT.to_owned(),
                format!(
                    "{VIRSH} net-define /usr/share/libvirt/networks/default.xml && {VIRSH} net-autostart {DEFAULT} && {VIRSH} net-start {DEFAULT} && "
                ),
            ),
        }
    }
}

/// The network that libvirt brings with it.
const DEFAULT: &str = "default";

/// The end of a line that puts ports into a bridge.
fn plug_in(bridge: Option<&str>, ports: &[String]) -> String {
    let Some(bridge) = bridge else {
        return String::new();
    };
    ports
        .iter()
        .map(|port| format!(" && sudo ip link set dev {} master {}", sh(port), sh(bridge)))
        .collect()
}

impl Product<'_> {
    pub(super) fn shell(&self) -> Shell {
        if self.os == Os::Windows {
            Shell::Powershell
        } else {
            Shell::Sh
        }
    }

    pub(super) fn quote(&self, text: &str) -> String {
        super::quote::argument(self.shell(), text)
    }

    /// `VBoxManage`, callable where it usually stands: on Windows it is not in the path.
    pub(super) fn vboxmanage(&self) -> &'static str {
        match self.os {
            Os::Windows => "& \"$env:ProgramFiles\\Oracle\\VirtualBox\\VBoxManage.exe\"",
            _ => "VBoxManage",
        }
    }

    pub(super) fn vmrun(&self) -> &'static str {
        match self.os {
            Os::Windows => "& \"${env:ProgramFiles(x86)}\\VMware\\VMware Workstation\\vmrun.exe\" -T ws",
            Os::Macos => "'/Applications/VMware Fusion.app/Contents/Library/vmrun' -T fusion",
            _ => "vmrun -T ws",
        }
    }

    pub(super) fn plain(&self, admin: bool, lines: Lines) -> Remedy {
        build(Where::Host, self.os, self.shell(), admin, lines)
    }

    /// The identifier where the product's commands want one, else the name.
    pub(super) fn handle(&self) -> String {
        match (self.id, self.machine_id) {
            (HypervisorId::VmwareWorkstation | HypervisorId::VmwareFusion, Some(path)) => self.quote(path),
            _ => self.quote(self.machine),
        }
    }

    /// Starts the machine.
    pub fn start(&self) -> Vec<Remedy> {
        let vm = self.handle();
        let (command, undo, verify) = match self.id {
            HypervisorId::VirtualBox => {
                let tool = self.vboxmanage();
                (
                    format!("{tool} startvm {vm} --type headless"),
                    format!("{tool} controlvm {vm} acpipowerbutton"),
                    format!("{tool} list runningvms"),
                )
            }
            HypervisorId::VmwareWorkstation | HypervisorId::VmwareFusion => {
                let tool = self.vmrun();
                (
                    format!("{tool} start {vm}"),
                    format!("{tool} stop {vm} soft"),
                    format!("{tool} list"),
                )
            }
            HypervisorId::HyperV => (
                format!("Start-VM -Name {vm}"),
                format!("Stop-VM -Name {vm}"),
                format!("Get-VM -Name {vm}"),
            ),
            HypervisorId::Libvirt => (
                format!("virsh -c qemu:///system start {vm}"),
                format!("virsh -c qemu:///system shutdown {vm}"),
                format!("virsh -c qemu:///system domstate {vm}"),
            ),
            HypervisorId::Multipass => (
                format!("multipass start {vm}"),
                format!("multipass stop {vm}"),
                "multipass list".to_owned(),
            ),
            HypervisorId::Parallels => (
                format!("prlctl start {vm}"),
                format!("prlctl stop {vm}"),
                "prlctl list -a".to_owned(),
            ),
            HypervisorId::Utm => (
                format!("utmctl start {vm}"),
                format!("utmctl stop {vm}"),
                "utmctl list".to_owned(),
            ),
            _ => {
                let message = Message::new("remedy-start-vm-ask").with("vm", self.machine);
                return vec![ask(Where::Host, message)];
            }
        };
        vec![self.plain(
            self.id == HypervisorId::HyperV,
            Lines {
                title: "remedy-start-vm-title",
                effect: Message::new("remedy-start-vm-effect").with("vm", self.machine),
                risk: Risk::None,
                command,
                undo,
                verify,
            },
        )]
    }

    /// Lets a paused machine go on.
    pub fn resume(&self) -> Vec<Remedy> {
        let vm = self.handle();
        let (command, undo, verify) = match self.id {
            HypervisorId::VirtualBox => {
                let tool = self.vboxmanage();
                (
                    format!("{tool} controlvm {vm} resume"),
                    format!("{tool} controlvm {vm} pause"),
                    format!("{tool} list runningvms"),
                )
            }
            HypervisorId::Libvirt => (
                format!("virsh -c qemu:///system resume {vm}"),
                format!("virsh -c qemu:///system suspend {vm}"),
                format!("virsh -c qemu:///system domstate {vm}"),
            ),
            HypervisorId::VmwareWorkstation | HypervisorId::VmwareFusion => {
                let tool = self.vmrun();
                (
                    format!("{tool} unpause {vm}"),
                    format!("{tool} pause {vm}"),
                    format!("{tool} list"),
                )
            }
            HypervisorId::HyperV => (
                format!("Resume-VM -Name {vm}"),
                format!("Suspend-VM -Name {vm}"),
                format!("Get-VM -Name {vm}"),
            ),
            _ => return self.start(),
        };
        vec![self.plain(
            self.id == HypervisorId::HyperV,
            Lines {
                title: "remedy-resume-vm-title",
                effect: Message::new("remedy-resume-vm-effect").with("vm", self.machine),
                risk: Risk::None,
                command,
                undo,
                verify,
            },
        )]
    }

    /// Plugs the machine's virtual cable in. `port` is what libvirt calls the card: its hardware address or tap.
    pub fn connect_cable(&self, port: &str) -> Vec<Remedy> {
        let vm = self.handle();
        let nic = self.nic.max(1);
        let (command, undo, verify) = match self.id {
            HypervisorId::VirtualBox if self.runs => {
                let tool = self.vboxmanage();
                (
                    format!("{tool} controlvm {vm} setlinkstate{nic} on"),
                    format!("{tool} controlvm {vm} setlinkstate{nic} off"),
                    format!("{tool} showvminfo {vm} --machinereadable"),
                )
            }
            HypervisorId::VirtualBox => {
                let tool = self.vboxmanage();
                (
                    format!("{tool} modifyvm {vm} --cableconnected{nic} on"),
                    format!("{tool} modifyvm {vm} --cableconnected{nic} off"),
                    format!("{tool} showvminfo {vm} --machinereadable"),
                )
            }
            HypervisorId::Libvirt => {
                let port = self.quote(port);
                (
                    format!("virsh -c qemu:///system domif-setlink {vm} {port} up"),
                    format!("virsh -c qemu:///system domif-setlink {vm} {port} down"),
                    format!("virsh -c qemu:///system domif-getlink {vm} {port}"),
                )
            }
            HypervisorId::VmwareWorkstation | HypervisorId::VmwareFusion => {
                let tool = self.vmrun();
                let card = format!("ethernet{}", self.nic);
                (
                    format!("{tool} connectNamedDevice {vm} {card}"),
                    format!("{tool} disconnectNamedDevice {vm} {card}"),
                    format!("{tool} listNetworkAdapters {vm}"),
                )
            }
            HypervisorId::HyperV => (
                format!("Connect-VMNetworkAdapter -VMName {vm} -SwitchName 'Default Switch'"),
                format!("Disconnect-VMNetworkAdapter -VMName {vm}"),
                format!("Get-VMNetworkAdapter -VMName {vm}"),
            ),
            _ => {
                let message = Message::new("remedy-connect-cable-ask").with("vm", self.machine);
                return vec![ask(Where::Host, message)];
            }
        };
        vec![self.plain(
            self.id == HypervisorId::HyperV,
            Lines {
                title: "remedy-connect-cable-title",
                effect: Message::new("remedy-connect-cable-effect").with("vm", self.machine),
                risk: Risk::None,
                command,
                undo,
                verify,
            },
        )]
    }

    /// Starts a virtual network.
    ///
    /// `bridge` and `ports` are the bridge it makes, and what running machines hold of it: libvirt makes a new bridge and
    /// leaves them beside it.
    pub fn start_network(&self, network: &str, bridge: Option<&str>, ports: &[String]) -> Vec<Remedy> {
        let name = self.quote(network);
        let (command, undo, verify, risk) = match (self.id, self.os) {
            (HypervisorId::Libvirt, _) => (
                format!(
                    "virsh -c qemu:///system net-start {name} && virsh -c qemu:///system net-autostart {name}{}",
                    plug_in(bridge, ports)
                ),
                format!("virsh -c qemu:///system net-destroy {name}"),
                "virsh -c qemu:///system net-list --all".to_owned(),
                Risk::Low,
            ),
            (HypervisorId::VmwareWorkstation, Os::Linux) => (
                "sudo vmware-networks --start".to_owned(),
                "sudo vmware-networks --stop".to_owned(),
                "sudo vmware-networks --status".to_owned(),
                Risk::Low,
            ),
            (HypervisorId::VmwareFusion, _) => {
                let tool = "sudo '/Applications/VMware Fusion.app/Contents/Library/vmnet-cli'";
                (
                    format!("{tool} --configure; {tool} --start"),
                    format!("{tool} --stop"),
                    format!("{tool} --status"),
                    Risk::Low,
                )
            }
            (HypervisorId::VirtualBox, _) => {
                let tool = self.vboxmanage();
                (
                    format!("{tool} natnetwork start --netname {name}"),
                    format!("{tool} natnetwork stop --netname {name}"),
                    format!("{tool} list natnets"),
                    Risk::Low,
                )
            }
            _ => {
                let message = Message::new("remedy-start-network-ask").with("network", network);
                return vec![ask(Where::Host, message)];
            }
        };
        let mut ways = vec![self.plain(
            self.id != HypervisorId::VirtualBox,
            Lines {
                title: "remedy-start-network-title",
                effect: Message::new("remedy-start-network-effect").with("network", network),
                risk,
                command,
                undo,
                verify,
            },
        )];
        if self.id == HypervisorId::Libvirt && (bridge.is_none() || ports.is_empty()) {
            // Starting a network does not plug running machines back in.
            ways.push(ask(
                Where::Host,
                Message::new("remedy-restart-vm-ask").with("vm", self.machine),
            ));
        }
        ways
    }

    /// Forwards a port of the host to the guest, where the product can.
    pub fn forward_port(&self, guest: Option<IpAddr>, port: u16, outside: bool) -> Vec<Remedy> {
        let host_port = if port < 1024 { port + 2200 } else { port };
        let effect = || {
            Message::new("remedy-port-forward-effect")
                .with("host_port", host_port)
                .with("port", port)
        };
        let risk = if outside { Risk::Medium } else { Risk::Low };
        let listen = if outside { "" } else { "127.0.0.1" };
        let title = "remedy-port-forward-title";
        let vm = self.handle();
        let address = guest.map_or_else(|| "GUEST-ADDRESS".to_owned(), |guest| guest.to_string());
        match (self.id, self.os) {
            (HypervisorId::VirtualBox, _) => {
                let tool = self.vboxmanage();
                let rule = self.quote(&format!("vmnet-doctor-{port},tcp,{listen},{host_port},,{port}"));
                let nic = self.nic.max(1);
                let (command, undo) = if self.runs {
                    (
                        format!("{tool} controlvm {vm} natpf{nic} {rule}"),
                        format!("{tool} controlvm {vm} natpf{nic} delete vmnet-doctor-{port}"),
                    )
                } else {
                    (
                        format!("{tool} modifyvm {vm} --natpf{nic} {rule}"),
                        format!("{tool} modifyvm {vm} --natpf{nic} delete vmnet-doctor-{port}"),
                    )
                };
                let verify = format!("{tool} showvminfo {vm} --machinereadable");
                vec![self.plain(
                    false,
                    Lines {
                        title,
                        effect: effect(),
                        risk,
                        command,
                        undo,
                        verify,
                    },
                )]
            }
            (HypervisorId::VmwareWorkstation, Os::Linux) => {
                let line = format!("add_nat_portfwd 8 tcp {host_port} {address} {port}");
                let restart = "sudo vmware-networks --stop; sudo vmware-networks --start";
                vec![root(
                    Where::Host,
                    self.os,
                    Lines {
                        title,
                        effect: effect(),
                        risk: Risk::Medium,
                        command: format!("echo '{line}' | sudo tee -a /etc/vmware/networking && {restart}"),
                        undo: format!("sudo sed -i '/^{line}$/d' /etc/vmware/networking; {restart}"),
                        verify: format!("ss -ltn 'sport = :{host_port}'"),
                    },
                )]
            }
            (HypervisorId::HyperV, _) => {
                let rule =
                    "Add-NetNatStaticMapping -NatName NATNetwork -Protocol TCP -ExternalIPAddress 0.0.0.0/0";
                vec![
                    self.plain(true, Lines {
                        title,
                        effect: effect(),
                        risk: Risk::Medium,
                        command: format!(
                            "{rule} -ExternalPort {host_port} -InternalIPAddress {address} -InternalPort {port}"
                        ),
                        undo: format!(
                            "Get-NetNatStaticMapping | Where-Object ExternalPort -eq {host_port} | Remove-NetNatStaticMapping -Confirm:$false"
                        ),
                        verify: "Get-NetNatStaticMapping".to_owned(),
                    }),
                ]
            }
            (HypervisorId::Libvirt, Os::Linux) if guest.is_some() => {
                vec![super::forward::translate(
                    Where::Host,
                    effect(),
                    host_port,
                    address,
                    port,
                )]
            }
            (_, Os::Windows) if guest.is_some() => guest
                .map(|guest| super::portproxy(host_port, guest, port))
                .into_iter()
                .collect(),
            _ => vec![ask(
                Where::Host,
                Message::new("remedy-port-forward-ask").with("port", port),
            )],
        }
    }

    /// Adds a second card that host and guest can meet on.
    pub fn add_host_only_card(&self) -> Vec<Remedy> {
        let vm = self.handle();
        match (self.id, self.os) {
            (HypervisorId::VirtualBox, os) => {
                let tool = self.vboxmanage();
                let nic = self.nic.max(1) + 1;
                let network = match os {
                    Os::Macos => format!("--nic{nic} hostonlynet --host-only-net{nic}=HostNetwork"),
                    Os::Windows => format!(
                        "--nic{nic} hostonly --hostonlyadapter{nic} 'VirtualBox Host-Only Ethernet Adapter'"
                    ),
                    _ => format!("--nic{nic} hostonly --hostonlyadapter{nic} vboxnet0"),
                };
                vec![self.plain(
                    false,
                    fix!("remedy-host-only-card" ["vm" = self.machine], Low,
                        format!("{tool} modifyvm {vm} {network}"),
                        undo: format!("{tool} modifyvm {vm} --nic{nic} none"),
                        verify: format!("{tool} showvminfo {vm}")),
                )]
            }
            (HypervisorId::Libvirt, _) => {
                let (network, before) = self.further.by_virsh();
                let lasting = if self.runs { "--config --live" } else { "--config" };
                vec![self.plain(false, fix!("remedy-host-only-card" ["vm" = self.machine], Low,
                    format!(
                        "{before}virsh -c qemu:///system attach-interface {vm} network {network} --model virtio {lasting}"
                    ),
                    // It has got an address of its own by then, and may not be the machine's only card on a network.
                    undo: format!(
                        "virsh -c qemu:///system detach-interface {vm} network {lasting} --mac \"$(virsh -c qemu:///system domiflist {vm} | awk -v n={network} '$3 == n {{ mac = $5 }} END {{ print mac }}')\""
                    ),
                    verify: format!("virsh -c qemu:///system domiflist {vm}")))]
            }
            (HypervisorId::HyperV, _) => {
                vec![self.plain(
                    true,
                    fix!("remedy-host-only-card" ["vm" = self.machine], Low,
                    format!(
                        "Add-VMNetworkAdapter -VMName {vm} -Name vmnet-doctor -SwitchName 'Default Switch'"
                    ),
                    undo: format!("Remove-VMNetworkAdapter -VMName {vm} -Name vmnet-doctor"),
                    verify: format!("Get-VMNetworkAdapter -VMName {vm}")),
                )]
            }
            _ => vec![ask(
                Where::Host,
                Message::new("remedy-host-only-card-ask").with("vm", self.machine),
            )],
        }
    }

    /// Adds a second card that leads outside.
    pub fn add_nat_card(&self) -> Vec<Remedy> {
        let vm = self.handle();
        match self.id {
            HypervisorId::VirtualBox => {
                let tool = self.vboxmanage();
                let nic = self.nic.max(1) + 1;
                vec![self.plain(
                    false,
                    fix!("remedy-nat-card" ["vm" = self.machine], Low,
                        format!("{tool} modifyvm {vm} --nic{nic} nat"),
                        undo: format!("{tool} modifyvm {vm} --nic{nic} none"),
                        verify: format!("{tool} showvminfo {vm}")),
                )]
            }
            HypervisorId::Libvirt | HypervisorId::HyperV => self.add_host_only_card(),
            _ => vec![ask(
                Where::Host,
                Message::new("remedy-nat-card-ask").with("vm", self.machine),
            )],
        }
    }

    /// Gives the machine's card a new hardware address.
    pub fn new_mac(&self) -> Vec<Remedy> {
        let vm = self.handle();
        match self.id {
            HypervisorId::VirtualBox => {
                let tool = self.vboxmanage();
                let nic = self.nic.max(1);
                vec![self.plain(
                    false,
                    fix!("remedy-new-mac" ["vm" = self.machine], Medium,
                        format!("{tool} modifyvm {vm} --macaddress{nic} auto"),
                        undo: "",
                        verify: format!("{tool} showvminfo {vm} --machinereadable")),
                )]
            }
            HypervisorId::HyperV => vec![self.plain(
                true,
                fix!("remedy-new-mac" ["vm" = self.machine], Medium,
                    format!("Set-VMNetworkAdapter -VMName {vm} -DynamicMacAddress"),
                    undo: "",
                    verify: format!("Get-VMNetworkAdapter -VMName {vm}")),
            )],
            _ => vec![ask(
                Where::Host,
                Message::new("remedy-new-mac-ask").with("vm", self.machine),
            )],
        }
    }

    /// Lets several machines share one translation, so that they see each other (VirtualBox).
    pub fn share_nat_network(&self) -> Vec<Remedy> {
        if self.id != HypervisorId::VirtualBox {
            return vec![ask(Where::Host, Message::new("remedy-share-network-ask"))];
        }
        let (tool, vm, nic) = (self.vboxmanage(), self.handle(), self.nic.max(1));
        let join = if self.shell() == Shell::Powershell {
            ";"
        } else {
            "&&"
        };
        vec![self.plain(false, Lines {
            title: "remedy-share-network-title",
            effect: Message::new("remedy-share-network-effect").with("vm", self.machine),
            risk: Risk::Low,
            command: format!(
                "{tool} natnetwork add --netname vmnet-doctor --network 192.168.15.0/24 --enable --dhcp on {join} {tool} modifyvm {vm} --nic{nic} natnetwork --nat-network{nic} vmnet-doctor"
            ),
            undo: format!(
                "{tool} modifyvm {vm} --nic{nic} nat {join} {tool} natnetwork remove --netname vmnet-doctor"
            ),
            verify: format!("{tool} list natnets"),
        })]
    }

    /// Moves a virtual network to another segment.
    pub fn renumber(&self, network: &str, adapter: &str) -> Vec<Remedy> {
        match self.id {
            HypervisorId::VirtualBox => {
                let tool = self.vboxmanage();
                let name = self.quote(adapter);
                vec![self.plain(
                    false,
                    Lines {
                        title: "remedy-renumber-title",
                        effect: Message::new("remedy-renumber-effect").with("network", network),
                        risk: Risk::Medium,
                        command: format!(
                            "{tool} hostonlyif ipconfig {name} --ip 192.168.57.1 --netmask 255.255.255.0"
                        ),
                        undo: format!(
                            "{tool} hostonlyif ipconfig {name} --ip 192.168.56.1 --netmask 255.255.255.0"
                        ),
                        verify: format!("{tool} list hostonlyifs"),
                    },
                )]
            }
            HypervisorId::Libvirt => {
                let name = self.quote(network);
                vec![root(
                    Where::Host,
                    self.os,
                    Lines {
                        title: "remedy-renumber-title",
                        effect: Message::new("remedy-renumber-effect").with("network", network),
                        risk: Risk::Medium,
                        command: format!(
                            "virsh -c qemu:///system net-edit {name} && virsh -c qemu:///system net-destroy {name} && virsh -c qemu:///system net-start {name}"
                        ),
                        undo: format!(
                            "virsh -c qemu:///system net-edit {name} && virsh -c qemu:///system net-destroy {name} && virsh -c qemu:///system net-start {name}"
                        ),
                        verify: format!("virsh -c qemu:///system net-dumpxml {name}"),
                    },
                )]
            }
            _ => vec![ask(
                Where::Host,
                Message::new("remedy-renumber-ask").with("network", network),
            )],
        }
    }

    /// Creates the host's adapter of a network again.
    pub fn restore_host_adapter(&self, network: &str) -> Vec<Remedy> {
        let number = super::network::vmnet_number(network);
        match (self.id, self.os) {
            (HypervisorId::VirtualBox, Os::Linux | Os::Windows) => {
                let tool = self.vboxmanage();
                vec![self.plain(
                    false,
                    fix!("remedy-host-adapter" ["network" = network], Low,
                        format!("{tool} hostonlyif create"),
                        undo: format!("{tool} hostonlyif remove {}", self.quote(network)),
                        verify: format!("{tool} list hostonlyifs")),
                )]
            }
            (HypervisorId::VmwareWorkstation, Os::Linux) if number.is_some() => {
                let number = number.unwrap_or_default();
                let restart = "sudo vmware-networks --stop; sudo vmware-networks --start";
                let line = |word: &str| format!("answer VNET_{number}_VIRTUAL_ADAPTER {word}");
                vec![root(
                    Where::Host,
                    self.os,
                    fix!("remedy-host-adapter" ["network" = network], Medium,
                        format!(
                            "echo '{}' | sudo tee -a /etc/vmware/networking && {restart}",
                            line("yes")
                        ),
                        undo: format!(
                            "echo '{}' | sudo tee -a /etc/vmware/networking && {restart}",
                            line("no")
                        ),
                        verify: format!("ip -br addr show dev vmnet{number}")),
                )]
            }
            (HypervisorId::VirtualBox, Os::Macos) => self.make_host_only_network(),
            (HypervisorId::VmwareFusion, _) if number.is_some() => {
                let number = number.unwrap_or_default();
                let set = |word: &str| super::network::fusion_answer(number, "VIRTUAL_ADAPTER", word);
                vec![root(
                    Where::Host,
                    self.os,
                    fix!("remedy-host-adapter" ["network" = network], Medium,
                        set("yes"),
                        undo: set("no"),
                        verify: "ifconfig"),
                )]
            }
            (HypervisorId::Libvirt, _) => {
                let name = self.quote(network);
                vec![self.plain(false, fix!("remedy-host-adapter" ["network" = network], Medium,
                    format!("virsh -c qemu:///system net-destroy {name}; virsh -c qemu:///system net-start {name}"),
                    undo: "",
                    verify: format!("virsh -c qemu:///system net-info {name}")))]
            }
            _ => vec![ask(
                Where::Host,
                Message::new("remedy-host-adapter-ask").with("network", network),
            )],
        }
    }
}

/// Lets SLIRP send echo for its guests (Linux).
pub fn allow_usermode_echo(old: &str) -> Remedy {
    root(
        Where::Host,
        Os::Linux,
        Lines {
            title: "remedy-usermode-echo-title",
            effect: Message::new("remedy-usermode-echo-effect"),
            risk: Risk::Low,
            command: "sudo sysctl -w net.ipv4.ping_group_range='0 2147483647'".to_owned(),
            undo: format!("sudo sysctl -w net.ipv4.ping_group_range={}", sh(old)),
            verify: "sysctl net.ipv4.ping_group_range".to_owned(),
        },
    )
}
