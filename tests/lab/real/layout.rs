//! Which virtual networks and machines stand on the PC before anything is done to them.

use vmnet_doctor::model::Mode;

use crate::entry::Node;

/// See the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Premises {
    /// Networks of libvirt, all started.
    pub networks: &'static [Segment],
    /// Machines that run, and their one card.
    pub machines: &'static [(Node, Card)],
    /// Shell lines elsewhere, before.
    pub before: &'static [(Node, &'static str)],
}

/// A network of libvirt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Segment {
    /// `default`, as libvirt brings it: virbr0, translated.
    Default,
    /// `isolated`: virbr1, host and guests alone.
    Isolated,
    /// `routed`: virbr2, routed to the LAN without translation.
    Routed,
}

/// How a machine's card is connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Card {
    /// To a network of libvirt.
    On(Segment),
    /// The same with a network filter that is told the address by lease.
    Filtered(Segment, &'static str),
    /// To a bridge of the PC's own.
    Bridge(&'static str),
    /// Straight on the PC's adapter.
    Direct(&'static str),
    /// Address translation inside QEMU.
    User,
}

impl Segment {
    /// Its name in libvirt.
    pub fn name(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Isolated => "isolated",
            Self::Routed => "routed",
        }
    }

    /// What its mode is called.
    pub fn mode(self) -> Mode {
        match self {
            Self::Default => Mode::Nat,
            Self::Isolated => Mode::HostOnly,
            Self::Routed => Mode::Routed,
        }
    }

    fn net(self) -> &'static str {
        match self {
            Self::Default => "192.168.122",
            Self::Isolated => "192.168.100",
            Self::Routed => "192.168.150",
        }
    }

    /// The address that it lends to a machine.
    pub fn lease(self, node: Node) -> String {
        format!("{}.{}", self.net(), last(node))
    }

    /// Its definition. As `/usr/share/libvirt/networks/default.xml`, but for a bridge that forwards at once, and
    /// addresses that an entry can name.
    pub fn xml(self) -> String {
        let (forward, bridge) = match self {
            Self::Default => ("<forward mode='nat'/>", "virbr0"),
            Self::Isolated => ("", "virbr1"),
            Self::Routed => ("<forward mode='route'/>", "virbr2"),
        };
        let (name, net) = (self.name(), self.net());
        let hosts: String = [Node::Guest, Node::Guest2]
            .map(|node| format!("<host mac='{}' ip='{}'/>", mac(node), self.lease(node)))
            .concat();
        format!(
            "<network><name>{name}</name>{forward}<bridge name='{bridge}' stp='off' delay='0'/>
            <mac address='52:54:00:f5:d2:01'/><ip address='{net}.1' netmask='255.255.255.0'>
            <dhcp><range start='{net}.2' end='{net}.254'/>{hosts}</dhcp></ip></network>"
        )
    }
}

/// A machine's name in libvirt.
pub fn machine_name(node: Node) -> &'static str {
    match node {
        Node::Guest2 => "db01",
        _ => "web01",
    }
}

/// The last part of its address by lease, and of its hardware address.
fn last(node: Node) -> u8 {
    match node {
        Node::Guest2 => 12,
        _ => 11,
    }
}

/// The hardware address of its card.
pub fn mac(node: Node) -> String {
    format!("52:54:00:00:00:{}", last(node))
}

impl Card {
    /// The network of libvirt that it is on, where it is on one.
    pub fn segment(self) -> Option<Segment> {
        match self {
            Self::On(segment) | Self::Filtered(segment, _) => Some(segment),
            Self::Bridge(_) | Self::Direct(_) | Self::User => None,
        }
    }

    /// What its mode is called.
    pub fn mode(self) -> Mode {
        match self {
            Self::On(segment) | Self::Filtered(segment, _) => segment.mode(),
            Self::Bridge(_) => Mode::Bridged,
            Self::Direct(_) => Mode::Macvtap,
            Self::User => Mode::User,
        }
    }

    fn xml(self, node: Node) -> String {
        let (kind, source) = match self {
            Self::On(segment) => ("network", format!("<source network='{}'/>", segment.name())),
            Self::Filtered(segment, filter) => (
                "network",
                format!(
                    "<source network='{}'/><filterref filter='{filter}'>
                    <parameter name='IP' value='192.168.122.{}'/></filterref>",
                    segment.name(),
                    last(node)
                ),
            ),
            Self::Bridge(bridge) => ("bridge", format!("<source bridge='{bridge}'/>")),
            Self::Direct(adapter) => ("direct", format!("<source dev='{adapter}' mode='bridge'/>")),
            Self::User => ("user", String::new()),
        };
        let mac = mac(node);
        format!("<interface type='{kind}'><mac address='{mac}'/>{source}<model type='virtio'/></interface>")
    }
}

/// A machine's definition. Only `card` may differ from that of the saved one.
pub fn machine_xml(node: Node, card: Card, kernel: &str, image: &str) -> String {
    let (name, last, card) = (machine_name(node), last(node), card.xml(node));
    format!(
        "<domain type='qemu'><name>{name}</name><uuid>0d0c7d2e-0000-4000-8000-0000000000{last}</uuid>
        <memory unit='MiB'>128</memory><vcpu>1</vcpu>
        <os><type arch='x86_64' machine='pc'>hvm</type><kernel>{kernel}</kernel><initrd>{image}</initrd>
        <cmdline>console=ttyS0 panic=-1 nokaslr mitigations=off quiet hn={name}</cmdline></os>
        <features><acpi/></features><cpu mode='custom'><model>qemu64</model></cpu>
        <on_poweroff>destroy</on_poweroff><on_reboot>destroy</on_reboot><on_crash>destroy</on_crash>
        <devices><emulator>/usr/bin/qemu-system-x86_64</emulator>{card}
        <serial type='file'><source path='/run/{name}.console'/><target port='0'/></serial>
        <serial type='unix'><source mode='bind' path='{agent}'/><target port='1'/></serial>
        <memballoon model='none'/></devices></domain>",
        agent = agent_path(node),
    )
}

/// Where the machine's second serial port is, on the PC.
pub fn agent_path(node: Node) -> String {
    format!("/run/{}.agent", machine_name(node))
}
