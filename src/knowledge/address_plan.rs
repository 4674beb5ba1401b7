//! A plan of segments: which modes, which addresses, which routes, for what a person wants.
//!
//! Addresses follow the habits of each product, so that nobody has to learn new ones: the host at `.1`, VMware's
//! translation at `.2`, DHCP in the upper half (VMware lends from `.128`, libvirt and VirtualBox from low numbers;
//! the upper half suits all and leaves room for machines with fixed addresses).

use std::net::Ipv4Addr;

use ipnet::{IpNet, Ipv4Net};

use super::{Goal, free_segments, has_own_segment, modes_for, modes_of};
use crate::model::{
    Adapter, AdapterAddress, AdapterKind, Case, Fact, GuestAddress, Hypervisor, HypervisorId, Machine, Mode,
    Nic, PowerState, VirtualNetwork, overlap,
};

/// Most segments of one plan.
pub const MOST_SEGMENTS: usize = 4;

/// What a segment of a plan is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// The machines of this number, counted from 1.
    Machines(u8),
    /// Between the router machine and the outside.
    Outside,
    /// What strangers may reach.
    Demilitarized,
    /// What only the router machine may reach.
    Inside,
}

impl Purpose {
    /// The network's name in commands: small letters and digits, short enough for every product.
    pub fn network_name(self) -> String {
        match self {
            Self::Machines(number) => format!("lab{number}"),
            Self::Outside => "lab-outside".to_owned(),
            Self::Demilitarized => "lab-dmz".to_owned(),
            Self::Inside => "lab-inside".to_owned(),
        }
    }

    /// The end of its text keys.
    pub fn key(self) -> &'static str {
        match self {
            Self::Machines(_) => "machines",
            Self::Outside => "outside",
            Self::Demilitarized => "dmz",
            Self::Inside => "inside",
        }
    }
}

/// One segment of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedSegment {
    /// What it is for.
    pub purpose: Purpose,
    /// Its mode.
    pub mode: Mode,
    /// Its prefix.
    pub net: Ipv4Net,
    /// The host's address there; `None` where the host takes no part.
    pub host: Option<Ipv4Addr>,
    /// What the machines there use as default gateway; `None` where nothing leads out.
    pub gateway: Option<Ipv4Addr>,
    /// First and last address that DHCP lends; `None` where the product has no DHCP server for this mode.
    pub dhcp: Option<(Ipv4Addr, Ipv4Addr)>,
    /// A fixed address for its first machine, outside of what DHCP lends.
    pub first_machine: Ipv4Addr,
}

/// Who needs a route of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RouteOn {
    /// The router of the physical network.
    LanRouter,
    /// This PC.
    Host,
}

/// One route that a plan needs beside what products set by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlannedRoute {
    /// Who needs it.
    pub on: RouteOn,
    /// Where it leads.
    pub destination: Ipv4Net,
    /// The next hop; `None` when it is this PC's address on the physical network and that is not known.
    pub via: Option<Ipv4Addr>,
}

/// A port that strangers use and the machine that serves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlannedForward {
    /// The port outside.
    pub outside: u16,
    /// The serving machine.
    pub address: Ipv4Addr,
    /// Its port.
    pub port: u16,
}

/// A whole plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NetworkPlan {
    /// The segments, from the outside to the inside.
    pub segments: Vec<PlannedSegment>,
    /// Routes that somebody has to set.
    pub routes: Vec<PlannedRoute>,
    /// Ports to forward, on the router machine.
    pub forwards: Vec<PlannedForward>,
    /// Whether one more virtual machine routes between the segments.
    pub router_machine: bool,
}

/// The plan for a goal with this product on this host. `count` is the number of segments where the goal leaves it
/// open (1 to [`MOST_SEGMENTS`]). `None` when no mode of the product gives it, when the mode has no segment of its
/// own, or when no private segment is free here.
pub fn plan(case: &Case, goal: Goal, product: Option<HypervisorId>, count: usize) -> Option<NetworkPlan> {
    let shapes = shapes(goal, product, count.clamp(1, MOST_SEGMENTS))?;
    let free = free_segments(case, product, shapes.len());
    if free.len() < shapes.len() {
        return None;
    }
    let segments: Vec<PlannedSegment> = shapes
        .into_iter()
        .zip(free)
        .map(|((purpose, mode), net)| segment(product, purpose, mode, net))
        .collect();
    let router_machine = segments.iter().any(|segment| segment.purpose == Purpose::Inside);
    let own = own_lan_address(case);
    let mut routes = Vec::new();
    for segment in &segments {
        // A routed segment is known to this PC alone: answers from the LAN need the way back.
        if segment.mode == Mode::Routed {
            routes.push(PlannedRoute {
                on: RouteOn::LanRouter,
                destination: segment.net,
                via: own,
            });
        }
    }
    let outside = segments
        .iter()
        .find(|segment| segment.purpose == Purpose::Outside);
    let dmz = segments
        .iter()
        .find(|segment| segment.purpose == Purpose::Demilitarized);
    let mut forwards = Vec::new();
    if let (Some(outside), Some(dmz)) = (outside, dmz) {
        if outside.host.is_some() {
            routes.push(PlannedRoute {
                on: RouteOn::Host,
                destination: dmz.net,
                via: Some(outside.first_machine),
            });
        }
        forwards.push(PlannedForward {
            outside: 8080,
            address: dmz.first_machine,
            port: 80,
        });
    }
    Some(NetworkPlan {
        segments,
        routes,
        forwards,
        router_machine,
    })
}

/// What each segment is for, and its mode.
fn shapes(goal: Goal, product: Option<HypervisorId>, count: usize) -> Option<Vec<(Purpose, Mode)>> {
    let first = |goal| {
        modes_for(goal, product)
            .into_iter()
            .find(|mode| has_own_segment(*mode))
    };
    let numbered = |mode: Mode| {
        (1..=count)
            .filter_map(|number| u8::try_from(number).ok())
            .map(|number| (Purpose::Machines(number), mode))
            .collect::<Vec<_>>()
    };
    match goal {
        Goal::Dmz => {
            let outside = first(Goal::HostAndInternet).or_else(|| way_out(product))?;
            let closed = first(Goal::Isolated)?;
            Some(vec![
                (Purpose::Outside, outside),
                (Purpose::Demilitarized, closed),
                (Purpose::Inside, closed),
            ])
        }
        Goal::Routed => first(goal).map(numbered),
        // A bridged machine lives in the physical segment: there is nothing to number.
        _ => {
            let best = modes_for(goal, product).into_iter().next()?;
            has_own_segment(best).then(|| numbered(best)).map(|mut shapes| {
                shapes.truncate(1);
                shapes
            })
        }
    }
}

/// A mode that leads out, for a product that gives no mode with the host and the internet at once.
fn way_out(product: Option<HypervisorId>) -> Option<Mode> {
    let modes = product.map_or_else(|| vec![Mode::Nat], modes_of);
    [Mode::Nat, Mode::NatNetwork]
        .into_iter()
        .find(|mode| modes.contains(mode))
}

fn segment(product: Option<HypervisorId>, purpose: Purpose, mode: Mode, net: Ipv4Net) -> PlannedSegment {
    let at = |last: u8| Ipv4Addr::from(u32::from(net.network()) | u32::from(last));
    let vmware = matches!(
        product,
        Some(HypervisorId::VmwareWorkstation | HypervisorId::VmwareFusion)
    );
    // An internal switch of Hyper-V includes the host; everywhere else the guests are alone.
    let host_takes_part = match mode {
        Mode::Internal => product == Some(HypervisorId::HyperV),
        Mode::Private | Mode::NatNetwork => false,
        _ => true,
    };
    let behind_router = matches!(purpose, Purpose::Demilitarized | Purpose::Inside);
    let gateway = match mode {
        _ if behind_router => Some(at(1)),
        Mode::Nat if vmware => Some(at(2)),
        Mode::Nat | Mode::NatNetwork | Mode::Routed => Some(at(1)),
        _ => None,
    };
    // Hyper-V has no DHCP server but in its built-in switch, and a closed network has none anywhere.
    let lends = product != Some(HypervisorId::HyperV) && !matches!(mode, Mode::Internal | Mode::Private);
    PlannedSegment {
        purpose,
        mode,
        net,
        host: (host_takes_part && !behind_router).then(|| at(1)),
        gateway,
        dhcp: lends.then(|| (at(128), at(254))),
        first_machine: at(10),
    }
}

/// This PC's IPv4 address on the physical network: that of the adapter of its default route.
fn own_lan_address(case: &Case) -> Option<Ipv4Addr> {
    let route = case.host.default_routes().into_iter().next()?;
    let adapter = case.host.adapter(route.adapter.as_deref()?)?;
    adapter.main_ipv4().map(|net| net.addr())
}

/// The case as it would be with the plan carried out, for a preview: what stands here, the planned segments, and
/// a machine on each. `label` names the machines.
pub fn planned_case(
    case: &Case,
    plan: &NetworkPlan,
    product: HypervisorId,
    label: impl Fn(Purpose) -> String,
    router: &str,
) -> Case {
    let mut after = Case {
        host: case.host.clone(),
        ..Case::default()
    };
    let mut adapters = case.host.adapters.rows().to_vec();
    // Only what leads out stays beside the plan, so that the plan is what is seen.
    adapters.retain(|adapter| {
        use AdapterKind::{Bond, Ethernet, Tunnel, Vlan, WiFi};
        matches!(adapter.kind, Ethernet | WiFi | Bond | Vlan | Tunnel) && adapter.main_ipv4().is_some()
    });
    let mut machines = Vec::new();
    let mut networks = Vec::new();
    let mut legs = Vec::new();
    for segment in &plan.segments {
        let name = segment.purpose.network_name();
        if let Some(host) = segment.host {
            let net = Ipv4Net::new(host, segment.net.prefix_len()).unwrap_or(segment.net);
            adapters.push(Adapter {
                kind: AdapterKind::Bridge,
                enabled: Some(true),
                carrier: Some(true),
                addresses: Some(vec![AdapterAddress::new(IpNet::V4(net))]),
                ..Adapter::named(&name)
            });
        }
        networks.push(VirtualNetwork {
            name: name.clone(),
            mode: segment.mode,
            active: Some(true),
            host_adapter: segment.host.map(|_| name.clone()),
            segment: Some(IpNet::V4(segment.net)),
            host_address: segment.host.map(Into::into),
            nat: Some(matches!(segment.mode, Mode::Nat | Mode::NatNetwork)),
            ..VirtualNetwork::default()
        });
        let nic = |address: Ipv4Addr| Nic {
            mode: segment.mode,
            network: Some(name.clone()),
            cable_connected: Some(true),
            addresses: vec![GuestAddress {
                address: address.into(),
                prefix: Some(segment.net.prefix_len()),
                source: String::new(),
            }],
            ..Nic::default()
        };
        if segment.purpose == Purpose::Outside {
            legs.push(nic(segment.first_machine));
            continue;
        }
        if plan.router_machine
            && let Some(gateway) = segment.gateway
        {
            legs.push(nic(gateway));
        }
        machines.push(machine(label(segment.purpose), vec![nic(segment.first_machine)]));
    }
    if plan.router_machine {
        machines.insert(0, machine(router.to_owned(), legs));
    }
    after.host.adapters = Fact::known(adapters, "");
    after.hypervisors.push(Hypervisor {
        id: product,
        networks: Fact::known(networks, ""),
        machines: Fact::known(machines, ""),
        ..Hypervisor::default()
    });
    after
}

fn machine(name: String, nics: Vec<Nic>) -> Machine {
    Machine {
        name,
        state: PowerState::Running,
        nics,
        ..Machine::default()
    }
}

/// What is wrong with a segment that somebody wants to use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Objection {
    /// It shares addresses with something here: what it is called, and its prefix.
    Taken {
        /// The adapter, network or route that has it.
        by: String,
        /// Its prefix.
        net: IpNet,
        /// Whether that is a tunnel, such as a VPN's.
        tunnel: bool,
    },
    /// Its addresses belong to somebody on the internet.
    NotPrivate,
    /// It has no room for a host, a gateway and a machine.
    TooSmall,
    /// Half of the home routers of the world use it: the next network that this PC is carried to may, too.
    Common,
}

/// Checks a segment that somebody typed against all that is known here. An empty list is good news.
pub fn objections(case: &Case, wanted: Ipv4Net) -> Vec<Objection> {
    let wanted = wanted.trunc();
    let mut found = Vec::new();
    if !private(wanted) {
        found.push(Objection::NotPrivate);
    }
    if wanted.prefix_len() > 29 {
        found.push(Objection::TooSmall);
    }
    let mut object = |by: String, net: IpNet, tunnel: bool| {
        let known = found
            .iter()
            .any(|known| matches!(known, Objection::Taken { net: other, .. } if *other == net));
        if overlap(net, IpNet::V4(wanted)) && !known {
            found.push(Objection::Taken { by, net, tunnel });
        }
    };
    for adapter in case.host.adapters.rows() {
        for net in adapter.nets() {
            object(adapter.name.clone(), net.trunc(), adapter.is_tunnel());
        }
    }
    for product in &case.hypervisors {
        for network in product.networks.rows() {
            if let Some(net) = network.segment {
                object(network.name.clone(), net.trunc(), false);
            }
        }
    }
    for route in case.host.routes.rows() {
        if !route.is_default() {
            let adapter = route.adapter.as_deref();
            let tunnel = adapter
                .and_then(|name| case.host.adapter(name))
                .is_some_and(Adapter::is_tunnel);
            object(
                adapter.unwrap_or_default().to_owned(),
                route.destination.trunc(),
                tunnel,
            );
        }
    }
    let common = [
        [192, 168, 0, 0],
        [192, 168, 1, 0],
        [192, 168, 178, 0],
        [10, 0, 0, 0],
    ]
    .into_iter()
    .filter_map(|octets| Ipv4Net::new(Ipv4Addr::from(octets), 24).ok())
    .any(|home| overlap(IpNet::V4(home), IpNet::V4(wanted)));
    if common {
        found.push(Objection::Common);
    }
    found
}

/// Whether all of a prefix lies in the private ranges of RFC 1918.
fn private(net: Ipv4Net) -> bool {
    [("10.0.0.0", 8), ("172.16.0.0", 12), ("192.168.0.0", 16)]
        .into_iter()
        .filter_map(|(address, length)| Ipv4Net::new(address.parse().ok()?, length).ok())
        .any(|range| range.contains(&net))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Route;

    fn net(text: &str) -> Ipv4Net {
        text.parse().expect("a prefix")
    }

    fn case_with(route: &str) -> Case {
        let mut case = Case::default();
        let on_link = Route::on_link(route.parse().expect("a prefix"), "wlan0");
        case.host.routes = Fact::known(vec![on_link], "test");
        case
    }

    #[test]
    fn a_plan_follows_the_habits_of_its_product() {
        let case = Case::default();
        let first = |goal, id| plan(&case, goal, Some(id), 2).map(|plan| plan.segments[0].clone());
        let libvirt = first(Goal::HostAndInternet, HypervisorId::Libvirt).expect("a plan");
        assert_eq!((libvirt.mode, libvirt.gateway), (Mode::Nat, libvirt.host));
        let vmware = first(Goal::HostAndInternet, HypervisorId::VmwareWorkstation).expect("a plan");
        assert_eq!(vmware.gateway.map(|address| address.octets()[3]), Some(2));
        let closed = first(Goal::Isolated, HypervisorId::VirtualBox).expect("a plan");
        assert_eq!((closed.host, closed.gateway, closed.dhcp), (None, None, None));
        let host_only = first(Goal::HostOnly, HypervisorId::VirtualBox).expect("a plan");
        assert!(net("192.168.56.0/21").contains(&host_only.net), "{host_only:?}");
        assert_eq!(host_only.gateway, None);
        assert!(
            first(Goal::ReachableFromLan, HypervisorId::VirtualBox).is_none(),
            "a bridged machine has no segment of its own"
        );
    }

    #[test]
    fn every_segment_of_a_plan_is_free_and_no_two_share_an_address() {
        let case = case_with("192.168.0.0/17");
        for goal in Goal::ALL {
            for product in HypervisorId::ALL.iter().copied().map(Some).chain([None]) {
                let Some(plan) = plan(&case, goal, product, MOST_SEGMENTS) else {
                    continue;
                };
                for (index, one) in plan.segments.iter().enumerate() {
                    assert!(
                        !objections(&case, one.net)
                            .iter()
                            .any(|objection| matches!(objection, Objection::Taken { .. })),
                        "{goal:?} {product:?}"
                    );
                    let inside = [one.host, one.gateway, Some(one.first_machine)];
                    assert!(
                        inside
                            .into_iter()
                            .flatten()
                            .all(|address| one.net.contains(&address))
                    );
                    for other in &plan.segments[index + 1..] {
                        assert!(!overlap(one.net.into(), other.net.into()), "{goal:?} {product:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_rehearsed_dmz_has_a_router_machine_in_all_of_its_segments() {
        let case = Case::default();
        let plan = plan(&case, Goal::Dmz, Some(HypervisorId::Libvirt), 1).expect("a plan");
        assert!(plan.router_machine);
        let after = planned_case(
            &case,
            &plan,
            HypervisorId::Libvirt,
            |purpose| purpose.key().to_owned(),
            "router",
        );
        let machines = after.hypervisors[0].machines.rows();
        assert_eq!(machines[0].nics.len(), 3);
        assert_eq!(machines.len(), 3);
        assert_eq!(plan.forwards[0].address, plan.segments[1].first_machine);
    }

    #[test]
    fn a_typed_segment_is_held_against_what_is_here() {
        let case = case_with("192.168.1.0/24");
        let taken = |text| objections(&case, net(text));
        assert!(matches!(&taken("192.168.1.128/25")[0], Objection::Taken { by, .. } if by == "wlan0"));
        assert!(taken("192.168.1.0/24").contains(&Objection::Common));
        assert_eq!(taken("8.8.8.0/24"), [Objection::NotPrivate]);
        assert_eq!(taken("172.16.0.0/8")[0], Objection::NotPrivate);
        assert_eq!(taken("10.99.0.0/30"), [Objection::TooSmall]);
        assert_eq!(taken("10.99.0.0/24"), []);
    }
}
