//! Everything known about one machine: the host, a guest, or another machine on the LAN.

use std::collections::BTreeMap;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::route::{self, LookUp};
use super::{
    Adapter, AdapterKind, Fact, FilterManager, MacFirewall, Neighbor, PacketFilter, PolicyRule, Route,
    SystemFirewall, SystemLookUp,
};

/// One machine as its own commands describe it. The same shape serves the host and the guests, so that one
/// set of parsers and look-ups serves both.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct System {
    /// Its operating system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub os: Option<Os>,
    /// Its operating system in its own words, with the version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub os_name: Option<String>,
    /// What it calls itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host_name: Option<String>,
    /// Its adapters.
    #[serde(skip_serializing_if = "Fact::is_not_asked")]
    pub adapters: Fact<Vec<Adapter>>,
    /// All rows of all its routing tables.
    #[serde(skip_serializing_if = "Fact::is_not_asked")]
    pub routes: Fact<Vec<Route>>,
    /// Its policy rules (Linux). Known and empty where the system has none.
    #[serde(skip_serializing_if = "Fact::is_not_asked")]
    pub rules: Fact<Vec<PolicyRule>>,
    /// The kernel's answers to look-ups that were asked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub look_ups: Vec<SystemLookUp>,
    /// Its neighbor table.
    #[serde(skip_serializing_if = "Fact::is_not_asked")]
    pub neighbors: Fact<Vec<Neighbor>>,
    /// Bridge forwarding entries: hardware address, bridge port, bridge.
    #[serde(skip_serializing_if = "Fact::is_not_asked")]
    pub bridge_entries: Fact<Vec<(super::Mac, String, Option<String>)>>,
    /// Kernel switches by their `sysctl` name: `net.ipv4.ip_forward` → `1`.
    #[serde(skip_serializing_if = "Fact::is_not_asked")]
    pub kernel: Fact<BTreeMap<String, String>>,
    /// The packet filter (Linux).
    #[serde(skip_serializing_if = "Fact::is_not_asked")]
    pub filter: Fact<PacketFilter>,
    /// Who writes packet filter rules here.
    #[serde(skip_serializing_if = "Fact::is_not_asked")]
    pub filter_managers: Fact<Vec<FilterManager>>,
    /// The firewall (Windows).
    #[serde(skip_serializing_if = "Fact::is_not_asked")]
    pub firewall: Fact<SystemFirewall>,
    /// The firewall (macOS).
    #[serde(skip_serializing_if = "Fact::is_not_asked")]
    pub mac_firewall: Fact<MacFirewall>,
    /// Ports that Windows hands on to another machine (`netsh interface portproxy`).
    #[serde(skip_serializing_if = "Fact::is_not_asked")]
    pub port_proxies: Fact<Vec<super::PortForward>>,
    /// Open ports.
    #[serde(skip_serializing_if = "Fact::is_not_asked")]
    pub listeners: Fact<Vec<Listener>>,
    /// Services of interest.
    #[serde(skip_serializing_if = "Fact::is_not_asked")]
    pub services: Fact<Vec<Service>>,
    /// Kernel modules that are loaded (Linux).
    #[serde(skip_serializing_if = "Fact::is_not_asked")]
    pub modules: Fact<Vec<String>>,
    /// Processes of interest.
    #[serde(skip_serializing_if = "Fact::is_not_asked")]
    pub processes: Fact<Vec<Process>>,
    /// Name servers in use.
    #[serde(skip_serializing_if = "Fact::is_not_asked")]
    pub dns: Fact<Vec<IpAddr>>,
    /// Names that a hosts file fixes.
    #[serde(skip_serializing_if = "Fact::is_not_asked")]
    pub hosts: Fact<Vec<(String, IpAddr)>>,
    /// What its files and services set its cards up to be.
    #[serde(skip_serializing_if = "Fact::is_not_asked")]
    pub settings: Fact<Vec<super::CardSettings>>,
    /// Network cards on its bus, with their drivers.
    #[serde(skip_serializing_if = "Fact::is_not_asked")]
    pub devices: Fact<Vec<super::Device>>,
    /// Web proxies that its programs are told to use; known and empty where none is set.
    #[serde(skip_serializing_if = "Fact::is_not_asked")]
    pub proxies: Fact<Vec<super::WebProxy>>,
    /// Whom its services turn away.
    #[serde(skip_serializing_if = "Fact::is_not_asked")]
    pub refusals: Fact<Vec<super::Refusal>>,
}

/// An operating system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Os {
    /// Windows.
    Windows,
    /// Linux.
    Linux,
    /// macOS.
    Macos,
    /// FreeBSD and its kin.
    Bsd,
    /// None of the above.
    #[serde(other)]
    Other,
}

impl Os {
    /// Every value, in the order of `--help`.
    pub const ALL: [Self; 5] = [Self::Windows, Self::Linux, Self::Macos, Self::Bsd, Self::Other];

    /// The system this program was built for.
    pub const fn here() -> Self {
        if cfg!(target_os = "windows") {
            Self::Windows
        } else if cfg!(target_os = "macos") {
            Self::Macos
        } else if cfg!(target_os = "linux") {
            Self::Linux
        } else {
            Self::Other
        }
    }

    /// The name on the command line and in case files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Windows => "windows",
            Self::Linux => "linux",
            Self::Macos => "macos",
            Self::Bsd => "bsd",
            Self::Other => "other",
        }
    }
}

impl std::str::FromStr for Os {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|os| os.name() == text).ok_or(())
    }
}

/// A transport protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Protocol {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
}

/// An open port.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listener {
    /// Which protocol.
    pub protocol: Protocol,
    /// The address it is bound to; unspecified is every address.
    pub address: IpAddr,
    /// Its port.
    pub port: u16,
    /// The program that holds it, when rights allow to see it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub process: Option<String>,
}

/// A service of the operating system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// The name that commands take: `VMware NAT Service`, `libvirtd.service`.
    pub name: String,
    /// Whether it runs.
    pub state: ServiceState,
    /// Whether it starts by itself.
    #[serde(default)]
    pub start: StartMode,
    /// Where it was read, when not all of them were read in one place.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
}

/// Whether a service runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ServiceState {
    /// It runs.
    Running,
    /// It does not.
    Stopped,
    /// It ended with an error.
    Failed,
    /// There is no such service.
    Missing,
    /// Not told.
    #[default]
    #[serde(other)]
    Unknown,
}

/// Whether a service starts by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StartMode {
    /// At boot.
    Automatic,
    /// When asked.
    Manual,
    /// Never.
    Disabled,
    /// Not told.
    #[default]
    #[serde(other)]
    Unknown,
}

/// A process of interest: hypervisors, their helpers, VPN clients.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Process {
    /// Process number.
    pub pid: u32,
    /// Its program's name without folder.
    pub name: String,
    /// Its arguments, the program first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub arguments: Vec<String>,
}

impl System {
    /// Whether every rule of the packet filter could be read, so that what no rule stops is known to pass.
    pub fn is_filter_read(&self) -> bool {
        self.filter
            .value()
            .is_some_and(|packet_filter| packet_filter.complete)
    }

    /// The adapter of this name.
    pub fn adapter(&self, name: &str) -> Option<&Adapter> {
        self.adapters
            .rows()
            .iter()
            .find(|adapter| adapter.name.eq_ignore_ascii_case(name))
    }

    /// The adapter that a product calls so: by its name, or by its driver's as VirtualBox and Hyper-V on Windows do.
    pub fn adapter_called(&self, name: &str) -> Option<&Adapter> {
        self.adapter(name).or_else(|| {
            self.adapters.rows().iter().find(|adapter| {
                adapter
                    .description
                    .as_deref()
                    .is_some_and(|text| text.eq_ignore_ascii_case(name))
            })
        })
    }

    /// The adapter whose own segment `address` is in, most specific first, with its address there.
    pub fn adapter_on_segment(&self, address: IpAddr) -> Option<(&Adapter, ipnet::IpNet)> {
        route::adapter_on_segment(self.adapters.rows(), address)
    }

    /// Whether one of its adapters holds `address`; `None` when its adapters are not known.
    pub fn holds(&self, address: IpAddr) -> Option<bool> {
        self.adapters
            .value()
            .map(|adapters| adapters.iter().any(|adapter| adapter.holds(address)))
    }

    /// Where a packet of its own to `destination` goes, computed from its tables.
    pub fn look_up(&self, destination: IpAddr, source: Option<IpAddr>) -> LookUp<'_> {
        self.look_up_from(destination, source, None)
    }

    /// Where a packet that came in by `input` goes, computed from its tables.
    pub fn look_up_from(
        &self,
        destination: IpAddr,
        source: Option<IpAddr>,
        input: Option<&str>,
    ) -> LookUp<'_> {
        match self.routes.value() {
            None => LookUp::Unknown,
            Some(routes) => route::look_up(routes, self.rules.rows(), destination, source, input),
        }
    }

    /// Everything that a look-up for a packet of its own comes upon, in its order (see `route::look_up_all`).
    pub fn look_up_all(&self, destination: IpAddr) -> Vec<LookUp<'_>> {
        match self.routes.value() {
            None => vec![LookUp::Unknown],
            Some(routes) => route::look_up_all(routes, self.rules.rows(), destination, None),
        }
    }

    /// The kernel's own answer to a look-up, when it was asked; the latest one.
    pub fn system_look_up(&self, destination: IpAddr) -> Option<&SystemLookUp> {
        self.look_ups
            .iter()
            .rev()
            .find(|look_up| look_up.destination == destination)
    }

    /// A kernel switch by its `sysctl` name.
    pub fn switch(&self, name: &str) -> Option<&str> {
        self.kernel.value()?.get(name).map(String::as_str)
    }

    /// Who told of this service: its own source where there are several, else that of all.
    pub fn source_of<'a>(&'a self, service: &'a Service) -> &'a str {
        if service.source.is_empty() {
            self.services.source()
        } else {
            &service.source
        }
    }

    /// The service of this name.
    pub fn service(&self, name: &str) -> Option<&Service> {
        self.services
            .rows()
            .iter()
            .find(|service| service.name.eq_ignore_ascii_case(name))
    }

    /// Default routes of the main table for IPv4, best first.
    pub fn default_routes(&self) -> Vec<&Route> {
        let mut rows: Vec<&Route> = self
            .routes
            .rows()
            .iter()
            .filter(|row| {
                row.is_default()
                    && row.destination.addr().is_ipv4()
                    && !row.scoped
                    && row.table.is_none_or(|table| table == route::TABLE_MAIN)
            })
            .collect();
        rows.sort_by_key(|row| (row.dead, row.metric.unwrap_or(0)));
        rows
    }
}

impl Adapter {
    /// Whether it is a tunnel that carries other networks' traffic: by kind, else by the names that VPN
    /// products give. Several `utun` with only an fe80 address are normal on macOS and
    /// are no VPN.
    pub fn is_tunnel(&self) -> bool {
        if self.kind == AdapterKind::Tunnel {
            let only_link_local = self.name.starts_with("utun") && self.ipv4().next().is_none();
            return !only_link_local;
        }
        let text = format!(
            "{} {}",
            self.name.to_lowercase(),
            self.description.as_deref().unwrap_or_default().to_lowercase()
        );
        const WORDS: [&str; 16] = [
            "tap-windows",
            "wireguard",
            "wintun",
            "anyconnect",
            "fortinet",
            "openvpn",
            "tailscale",
            "zerotier",
            "pangp",
            "globalprotect",
            "pulse secure",
            "juniper",
            "checkpoint",
            "nordlynx",
            "softether",
            "vpn",
        ];
        const PREFIXES: [&str; 7] = ["tun", "wg", "ppp", "ipsec", "zt", "tailscale", "nordlynx"];
        let by_name = PREFIXES.iter().any(|prefix| {
            self.name
                .strip_prefix(prefix)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(|c: char| c.is_ascii_digit()))
        });
        let utun = self.name.starts_with("utun") && self.ipv4().next().is_some();
        by_name || utun || WORDS.iter().any(|word| text.contains(word))
    }
}
