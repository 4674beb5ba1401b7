//! Network adapters of one machine.

use std::net::{IpAddr, Ipv4Addr};

use ipnet::{IpNet, Ipv4Net};
use serde::{Deserialize, Serialize};

use super::Mac;

/// One network adapter as its operating system shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Adapter {
    /// The name that this system's commands take: `virbr0`, `en0`, `VMware Network Adapter VMnet8`.
    pub name: String,
    /// What the driver calls it (Windows), or the port's human name (macOS).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The system's interface index.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<u32>,
    /// Hardware address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mac: Option<Mac>,
    /// What it is made of.
    pub kind: AdapterKind,
    /// Whether the administrator has it switched on (IFF_UP; Windows *Enabled*).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// Whether its wire is connected. A bridge without running ports has none; that is normal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub carrier: Option<bool>,
    /// Its addresses; `None` when they could not be read, empty when it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub addresses: Option<Vec<AdapterAddress>>,
    /// Largest packet in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mtu: Option<u32>,
    /// The bridge or bond that it is a port of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub master: Option<String>,
    /// The adapter that it sits on (VLAN, macvtap, macvlan).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lower: Option<String>,
    /// For a macvtap or macvlan its mode: `bridge`, `vepa`, `private`, `passthru`; for a VLAN its number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lower_mode: Option<String>,
    /// Gateways as the system lists them with the adapter (`ipconfig`, `scutil`).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gateways: Vec<IpAddr>,
    /// Name servers of this adapter.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dns: Vec<IpAddr>,
    /// Whether it asks a DHCP server for its address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dhcp: Option<bool>,
    /// The DHCP server that gave the address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dhcp_server: Option<IpAddr>,
    /// Whether this machine forwards packets that arrive here (per adapter on Windows and Linux).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forwarding: Option<bool>,
    /// The network profile: `public`, `private` or `domain` (Windows), or the firewalld zone (Linux).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// Whether a bridge runs the spanning tree protocol.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spanning_tree: Option<bool>,
    /// The state of a bridge port: `forwarding`, `learning`, `listening`, `blocking`, `disabled`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port_state: Option<String>,
    /// Drivers and protocols bound to it, with whether each is switched on (Windows bindings).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub bindings: Vec<(String, bool)>,
    /// What NetworkManager makes of it, in its words: `unmanaged`, `connected`, `connected (externally)`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network_manager: Option<String>,
    /// Work that its hardware or driver takes over from the system (checksums, cutting into segments), by the system's
    /// name for it, with whether that is switched on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub offloads: Vec<(String, bool)>,
    /// Its part in the system's own sharing of a connection (Windows' Internet Connection Sharing, macOS' Internet Sharing).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sharing: Option<Sharing>,
}

/// The part of an adapter in the sharing of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sharing {
    /// The way out that others are given.
    Public,
    /// The side of those who are given it.
    Private,
}

/// What an adapter is made of. Judge bridge ports by their role (`master`), not by kind alone: a stand-in
/// for a tap may be a veth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AdapterKind {
    /// The loopback adapter.
    Loopback,
    /// A wired card, real or emulated.
    Ethernet,
    /// A wireless card.
    WiFi,
    /// A software bridge (`virbr0`, `bridge100`, `docker0`).
    Bridge,
    /// A tap that a hypervisor plugs a guest into.
    Tap,
    /// One end of a virtual cable between network namespaces.
    Veth,
    /// A guest's macvtap on a physical card.
    Macvtap,
    /// A macvlan or ipvlan of the host.
    Macvlan,
    /// A tunnel: VPN, PPP, WireGuard.
    Tunnel,
    /// A VLAN on another adapter.
    Vlan,
    /// A bond or team.
    Bond,
    /// An adapter that a hypervisor added to the host (`vmnet8`, `vboxnet0`, `vEthernet (…)`).
    HostVirtual,
    /// A dummy adapter.
    Dummy,
    /// Not told.
    #[default]
    #[serde(other)]
    Unknown,
}

/// One address of an adapter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdapterAddress {
    /// Address and prefix length.
    pub net: IpNet,
    /// How it came there.
    #[serde(default, skip_serializing_if = "AddressOrigin::is_unknown")]
    pub origin: AddressOrigin,
    /// Whether the system found another machine with this address.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub duplicate: bool,
}

/// How an address came to an adapter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AddressOrigin {
    /// Set by hand or by a program.
    Static,
    /// From a DHCP server.
    Dhcp,
    /// Made up by the machine because nobody gave one (169.254.0.0/16, fe80::/10).
    LinkLocal,
    /// Not told.
    #[default]
    #[serde(other)]
    Unknown,
}

impl AddressOrigin {
    fn is_unknown(&self) -> bool {
        *self == Self::Unknown
    }
}

impl AdapterAddress {
    /// The address `net` with an unknown origin.
    pub fn new(net: IpNet) -> Self {
        Self {
            net,
            origin: AddressOrigin::default(),
            duplicate: false,
        }
    }
}

impl Adapter {
    /// An adapter of which only the name is known.
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            ..Self::default()
        }
    }

    /// Its IPv4 addresses with their prefixes.
    pub fn ipv4(&self) -> impl Iterator<Item = Ipv4Net> + '_ {
        self.nets().filter_map(|net| match net {
            IpNet::V4(net) => Some(net),
            IpNet::V6(_) => None,
        })
    }

    /// Its addresses of both families with their prefixes.
    pub fn nets(&self) -> impl Iterator<Item = IpNet> + '_ {
        self.addresses.iter().flatten().map(|address| address.net)
    }

    /// Whether it holds `address`.
    pub fn holds(&self, address: IpAddr) -> bool {
        self.nets().any(|net| net.addr() == address)
    }

    /// Its own address in the segment that `address` is in, longest prefix first.
    pub fn on_segment_of(&self, address: IpAddr) -> Option<IpNet> {
        self.nets()
            .filter(|net| net.contains(&address))
            .max_by_key(|net| net.prefix_len())
    }

    /// Its first IPv4 address that is not link-local, else its first.
    pub fn main_ipv4(&self) -> Option<Ipv4Net> {
        self.ipv4()
            .find(|net| !net.addr().is_link_local())
            .or_else(|| self.ipv4().next())
    }

    /// Its IPv4 address, without the prefix.
    pub fn main_address(&self) -> Option<Ipv4Addr> {
        self.main_ipv4().map(|net| net.addr())
    }

    /// Whether packets can leave through it: switched on, and not known to be without a wire.
    pub fn usable(&self) -> Option<bool> {
        self.enabled.map(|enabled| enabled && self.carrier != Some(false))
    }
}
