//! Hypervisors, their virtual networks, and the virtual machines with their cards.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use super::{Fact, Mac, Os, Protocol};

/// Declares an enum whose values have a name on the command line and in case files; unknown names in a case
/// file become `Other`.
macro_rules! named {
    ($(#[$meta:meta])* $type:ident { $($(#[$variant_meta:meta])* $variant:ident = $name:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $type {
            $($(#[$variant_meta])* #[serde(rename = $name)] $variant,)*
            /// None of the above.
            #[default]
            #[serde(rename = "other", other)]
            Other,
        }

        impl $type {
            /// Every value, in the order of `--help`.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)* Self::Other];

            /// The name on the command line and in case files.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                    Self::Other => "other",
                }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.name())
            }
        }

        impl FromStr for $type {
            type Err = ();

            fn from_str(text: &str) -> Result<Self, ()> {
                Self::ALL.iter().copied().find(|value| value.name() == text).ok_or(())
            }
        }
    };
}

named! {
    /// A product that runs virtual machines.
    HypervisorId {
        /// VMware Workstation and Player.
        VmwareWorkstation = "vmware-workstation",
        /// VMware Fusion.
        VmwareFusion = "vmware-fusion",
        /// VMware ESXi.
        Esxi = "esxi",
        /// Oracle VirtualBox.
        VirtualBox = "virtualbox",
        /// Microsoft Hyper-V.
        HyperV = "hyper-v",
        /// KVM or QEMU under libvirt.
        Libvirt = "libvirt",
        /// QEMU started by hand.
        Qemu = "qemu",
        /// The Windows Subsystem for Linux, version 2.
        Wsl2 = "wsl2",
        /// Parallels Desktop.
        Parallels = "parallels",
        /// UTM.
        Utm = "utm",
        /// Canonical Multipass.
        Multipass = "multipass",
        /// Lima.
        Lima = "lima",
        /// Proxmox VE.
        Proxmox = "proxmox",
        /// Apple Virtualization framework.
        Vz = "vz",
    }
}

impl HypervisorId {
    /// Whether it is a machine of its own, so that nothing of this one is a part of its networks.
    pub fn runs_elsewhere(self) -> bool {
        self == Self::Esxi
    }
}

named! {
    /// How a virtual card is connected: its network mode.
    Mode {
        /// A private segment behind the product's address translation.
        Nat = "nat",
        /// VirtualBox NAT network: several machines behind one translation.
        NatNetwork = "nat-network",
        /// One more machine on the physical segment.
        Bridged = "bridged",
        /// A segment of the host and the guests alone.
        HostOnly = "host-only",
        /// A segment of the guests; in Hyper-V with the host.
        Internal = "internal",
        /// A segment that the host routes without translation.
        Routed = "routed",
        /// A card straight on a physical adapter.
        Macvtap = "macvtap",
        /// Address translation in a user process (SLIRP, passt).
        User = "user",
        /// A segment of the guests alone.
        Private = "private",
        /// Hyper-V switch on a physical adapter.
        External = "external",
        /// Hyper-V's built-in switch.
        DefaultSwitch = "default-switch",
        /// WSL in the host's own addresses.
        Mirrored = "mirrored",
    }
}

/// One product on the host (or the remote one that a case speaks of).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Hypervisor {
    /// Which product.
    pub id: HypervisorId,
    /// Its version as it prints it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Whether the product is installed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub installed: Option<bool>,
    /// Whether its control service answers or a machine of it runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub running: Option<bool>,
    /// What gave it away, for people: `process VirtualBoxVM`, `/usr/bin/virsh`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
    /// Its virtual networks and switches.
    #[serde(skip_serializing_if = "Fact::is_not_asked")]
    pub networks: Fact<Vec<VirtualNetwork>>,
    /// Its virtual machines.
    #[serde(skip_serializing_if = "Fact::is_not_asked")]
    pub machines: Fact<Vec<Machine>>,
    /// Warnings and errors that its tools printed (`The vboxdrv kernel module is not loaded`).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// Settings of the whole product by their names (`host-only-ranges`, `vmnet-framework`).
    #[serde(skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    pub settings: std::collections::BTreeMap<String, String>,
}

/// A virtual network, or switch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct VirtualNetwork {
    /// The product's name for it: `default`, `VMnet8`, `vboxnet0`, `Default Switch`, `VM Network`.
    pub name: String,
    /// What kind of network it is.
    pub mode: Mode,
    /// Whether it runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
    /// Whether it starts by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub autostart: Option<bool>,
    /// The host's own adapter on it, by its name on the host.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host_adapter: Option<String>,
    /// Whether the configuration gives the host an adapter there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host_adapter_wanted: Option<bool>,
    /// Its segment by configuration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub segment: Option<IpNet>,
    /// The host's address there by configuration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host_address: Option<IpAddr>,
    /// The address of the NAT engine that guests use as gateway (VMware `.2`, libvirt `.1`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nat_address: Option<IpAddr>,
    /// Whether the NAT engine is on by configuration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nat: Option<bool>,
    /// Its DHCP server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dhcp: Option<DhcpServer>,
    /// Addresses it has lent; `None` when they could not be read. A lease is no proof of life.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leases: Option<Vec<Lease>>,
    /// The physical adapter it is bridged to; for macvtap the lower one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uplink: Option<String>,
    /// Whether the uplink is chosen anew at each start ("automatic").
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uplink_automatic: Option<bool>,
    /// Port forwards of its NAT engine.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub forwards: Vec<PortForward>,
    /// VLAN number, 0 for untagged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vlan: Option<u16>,
    /// Further settings by their product's names (`promiscuous`, `forged-transmits`, `firewall-backend`).
    #[serde(skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    pub settings: std::collections::BTreeMap<String, String>,
}

/// The DHCP server of a virtual network.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DhcpServer {
    /// Whether it is on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// Its own address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<IpAddr>,
    /// First address it lends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<IpAddr>,
    /// Last address it lends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<IpAddr>,
}

/// An address that a DHCP server lent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// The address.
    pub address: IpAddr,
    /// Whom it was lent to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mac: Option<Mac>,
    /// What the guest called itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host_name: Option<String>,
    /// DHCP client identifier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// End of the lease, seconds since 1970 UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<i64>,
    /// Whether the server gave the address up because somebody else answered for it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub abandoned: bool,
}

/// One virtual machine.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Machine {
    /// Its name.
    pub name: String,
    /// The product's identifier: a UUID, or the path of the `.vmx`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Whether it runs.
    pub state: PowerState,
    /// Its operating system, when the product knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub os: Option<Os>,
    /// Its cards, in order of their slot.
    pub nics: Vec<Nic>,
}

/// Whether a machine runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PowerState {
    /// It runs.
    Running,
    /// It is held still.
    Paused,
    /// Its memory is on disk.
    Saved,
    /// It is switched off.
    Off,
    /// It crashed.
    Crashed,
    /// Not told.
    #[default]
    #[serde(other)]
    Unknown,
}

impl PowerState {
    /// Whether it is known not to run.
    pub fn is_down(self) -> bool {
        !matches!(self, Self::Running | Self::Unknown)
    }
}

/// One card of a virtual machine.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Nic {
    /// Its slot as the product counts it; VirtualBox from 1, VMware and libvirt from 0 (stored as printed).
    pub slot: u32,
    /// How it is connected.
    pub mode: Mode,
    /// The virtual network it is on, by the name in [`VirtualNetwork::name`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// Its hardware address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mac: Option<Mac>,
    /// The emulated card: `virtio`, `e1000e`, `vmxnet3`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Whether its cable is plugged in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cable_connected: Option<bool>,
    /// The host's end of its cable: `vnet0`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host_port: Option<String>,
    /// The physical adapter for a bridged or macvtap card.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uplink: Option<String>,
    /// For macvtap its mode: `bridge`, `vepa`, `private`, `passthrough`; for user networking the engine: `slirp`, `passt`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub submode: Option<String>,
    /// Addresses that were told for it, best source first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<GuestAddress>,
    /// Name of a network filter on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
    /// Port forwards of its own NAT engine.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub forwards: Vec<PortForward>,
    /// VLAN number, 0 for untagged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vlan: Option<u16>,
    /// Further settings by their product's names (`mac-spoofing`, `dhcp-guard`, `restrict`, `localhost-reachable`).
    #[serde(skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    pub settings: std::collections::BTreeMap<String, String>,
}

/// An address of a guest, and who told it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuestAddress {
    /// The address.
    pub address: IpAddr,
    /// The prefix length, when it was told too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefix: Option<u8>,
    /// Who told it: `agent`, `lease`, `neighbor table`, `guest properties`.
    #[serde(default)]
    pub source: String,
}

/// A port of the host that leads to a port of a guest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortForward {
    /// The product's name for the rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Which protocol.
    pub protocol: Protocol,
    /// The host address it listens on; `None` is every address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host_address: Option<IpAddr>,
    /// The host's port.
    pub host_port: u16,
    /// The guest's address; `None` is the one that the NAT engine gave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guest_address: Option<IpAddr>,
    /// The guest's port.
    pub guest_port: u16,
}

impl Hypervisor {
    /// The network of this name.
    pub fn network(&self, name: &str) -> Option<&VirtualNetwork> {
        self.networks
            .rows()
            .iter()
            .find(|network| network.name.eq_ignore_ascii_case(name))
    }

    /// The machine of this name or identifier.
    pub fn machine(&self, name: &str) -> Option<&Machine> {
        self.machines
            .rows()
            .iter()
            .find(|machine| machine.name == name || machine.id.as_deref() == Some(name))
    }
}
