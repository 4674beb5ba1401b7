//! Which probes would tell most about a case: what to send, before anything is sent.

use std::net::IpAddr;

use super::{Situation, role};
use crate::model::{Case, Endpoint, Mode};

/// The probes of one check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The addresses, in the order of the path.
    pub targets: Vec<Target>,
    /// The names to resolve.
    pub names: Vec<String>,
}

/// One address to probe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The part it plays on the path.
    pub role: Role,
    /// The address.
    pub address: IpAddr,
    /// The adapter whose segment it should be on.
    pub adapter: Option<String>,
    /// TCP ports to connect to. Empty for the usual ones where that tells something.
    pub ports: Vec<u16>,
    /// Whether to try the usual ports.
    pub usual_ports: bool,
    /// Whether to watch neighbor resolution.
    pub neighbor: bool,
    /// Whether to send one unfragmentable packet of the adapter's own size.
    pub path_mtu: bool,
}

/// The part that an address plays on the path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The host's own adapter on the segment.
    OwnAdapter,
    /// The NAT engine or gateway of the virtual network.
    NatEngine,
    /// The guest.
    Guest,
    /// The second guest.
    SecondGuest,
    /// A remote hypervisor's own address.
    Hypervisor,
    /// The router of the physical segment.
    Router,
    /// The address outside, or on the LAN.
    Outside,
}

impl Role {
    /// The end of its text key.
    pub fn name(self) -> &'static str {
        match self {
            Self::OwnAdapter => "own-adapter",
            Self::NatEngine => "nat-engine",
            Self::Guest => "guest",
            Self::SecondGuest => "second-guest",
            Self::Hypervisor => "hypervisor",
            Self::Router => "router",
            Self::Outside => "outside",
        }
    }
}

/// An address outside that answers echo and TCP 443, probed only when the internet is asked for without a target.
const OUTSIDE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(1, 1, 1, 1));
/// A name that exists for such tries (RFC 2606).
const NAME: &str = "example.com";

/// The probes that this machine can send for a case.
pub fn plan(case: &Case) -> Plan {
    let s = Situation::of(case);
    let adapter = s.host_adapter.map(|adapter| adapter.name.clone());
    let port: Vec<u16> = case.intake.port.into_iter().collect();
    let mut plan = Plan::default();
    let mut add = |target: Target| {
        let usable = !target.address.is_unspecified() && !target.address.is_multicast();
        if usable && plan.targets.iter().all(|known| known.address != target.address) {
            plan.targets.push(target);
        }
    };
    let plain = |role: Role, address: IpAddr, adapter: Option<String>| Target {
        role,
        address,
        adapter,
        ports: Vec::new(),
        usual_ports: false,
        neighbor: true,
        path_mtu: false,
    };
    if let Some(address) = s
        .host_address()
        .filter(|address| case.host.holds(*address) == Some(true))
    {
        add(Target {
            neighbor: false,
            ..plain(Role::OwnAdapter, address, None)
        });
    }
    let outward = s.crosses_uplink();
    if let Some(gateway) = s
        .gateway()
        .filter(|gateway| case.host.holds(*gateway) != Some(true))
        && !matches!(s.mode, Some(Mode::Bridged | Mode::External | Mode::Macvtap))
    {
        add(plain(Role::NatEngine, gateway, adapter.clone()));
    }
    if s.involves_guest()
        && let Some(guest) = s.guest_ip.filter(|guest| case.host.holds(*guest) != Some(true))
    {
        let asked = s.to == Endpoint::Guest;
        add(Target {
            ports: if asked { port.clone() } else { Vec::new() },
            usual_ports: true,
            path_mtu: true,
            ..plain(Role::Guest, guest, adapter.clone())
        });
    }
    // A machine may answer over the other version of IP only.
    if s.to == Endpoint::Guest
        && s.from == Endpoint::Host
        && let Some(guest) = s.guest_ip
    {
        let inside = case.guest.adapters.rows().iter();
        let inside = inside
            .filter(|adapter| !role::is_container(&adapter.name))
            .flat_map(|adapter| adapter.nets())
            .map(|net| net.addr());
        let told = s
            .nic
            .iter()
            .flat_map(|nic| &nic.addresses)
            .map(|known| known.address);
        let other = inside.chain(told).find(|address| {
            address.is_ipv4() != guest.is_ipv4()
                && !address.is_loopback()
                && !crate::model::is_link_local(*address)
                && case.host.adapter_on_segment(*address).is_some()
        });
        if let Some(other) = other {
            add(Target {
                usual_ports: true,
                ..plain(Role::Guest, other, adapter.clone())
            });
        }
    }
    // A remote hypervisor that answers on the segment, beside a machine of its that does not, tells the wire here from its
    // switches.
    for (_, net) in s.own_addresses() {
        if let Some((adapter, _)) = case.host.adapter_on_segment(net.addr()) {
            add(plain(Role::Hypervisor, net.addr(), Some(adapter.name.clone())));
        }
    }
    if outward {
        for row in case.host.default_routes().iter().take(2) {
            if let Some(via) = row.via {
                add(plain(Role::Router, via, row.adapter.clone()));
            }
        }
    }
    let second = s.to == Endpoint::Guest2;
    let target = s
        .target
        .or((s.to == Endpoint::Internet && s.asked_name().is_none()).then_some(OUTSIDE));
    if let Some(address) = target.filter(|address| case.host.holds(*address) != Some(true)) {
        let on_segment = case.host.adapter_on_segment(address);
        let role = if second { Role::SecondGuest } else { Role::Outside };
        let mut ports = port;
        if ports.is_empty() && s.to == Endpoint::Internet {
            ports.push(443);
        }
        add(Target {
            ports,
            usual_ports: second,
            neighbor: on_segment.is_some(),
            path_mtu: s.from == Endpoint::Host,
            ..plain(role, address, on_segment.map(|(adapter, _)| adapter.name.clone()))
        });
    }
    if s.to == Endpoint::Internet {
        plan.names.push(s.asked_name().unwrap_or(NAME).to_owned());
    } else if let Some(name) = s.asked_name() {
        plan.names.push(name.to_owned());
    }
    plan
}

/// Problems that are visible before anybody asks: an adapter of a virtual network that is down or without an
/// address, and segments that share addresses.
pub fn visible_problems(case: &Case) -> Vec<crate::model::Message> {
    use crate::model::{Message, is_link_local, overlap};
    let host = &case.host;
    let mut problems = Vec::new();
    let adapters = host.adapters.rows();
    for adapter in adapters
        .iter()
        .filter(|adapter| role::serves_machines(host, adapter))
    {
        if adapter.enabled == Some(false) {
            problems.push(Message::new("problem-adapter-down").with("adapter", &adapter.name));
        } else if adapter.addresses.is_some() && adapter.ipv4().next().is_none() && role::is_virtual(adapter)
        {
            problems.push(Message::new("problem-adapter-no-address").with("adapter", &adapter.name));
        }
    }
    let nets = adapters.iter().flat_map(|adapter| {
        adapter
            .ipv4()
            .filter(|net| !net.addr().is_loopback())
            .map(move |net| (adapter, ipnet::IpNet::V4(net)))
    });
    let nets: Vec<_> = nets.filter(|(_, net)| !is_link_local(net.addr())).collect();
    for (at, (one, net)) in nets.iter().enumerate() {
        for (other, theirs) in nets.iter().skip(at + 1) {
            if one.name != other.name && overlap(*net, *theirs) {
                problems.push(
                    Message::new("problem-overlap")
                        .with("one", &one.name)
                        .with("other", &other.name)
                        .with("segment", net.trunc()),
                );
            }
        }
    }
    for row in host.routes.rows() {
        let tunnel = row
            .adapter
            .as_deref()
            .and_then(|name| host.adapter(name))
            .filter(|adapter| adapter.is_tunnel());
        let Some(tunnel) = tunnel else { continue };
        let covered = nets.iter().find(|(adapter, net)| {
            role::serves_machines(host, adapter)
                && row.destination.prefix_len() > 1
                && row.destination.contains(&net.trunc())
                && row.destination.prefix_len() >= 8
        });
        if let Some((adapter, _)) = covered {
            problems.push(
                Message::new("problem-vpn-covers")
                    .with("tunnel", &tunnel.name)
                    .with("route", row.destination)
                    .with("adapter", &adapter.name),
            );
        }
    }
    problems.sort();
    problems.dedup();
    problems.truncate(8);
    problems
}
