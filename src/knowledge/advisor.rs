//! What a person wants of a network, the modes that give it, and a segment that collides with nothing here.

use ipnet::{IpNet, Ipv4Net};
use std::net::Ipv4Addr;

use super::{Direction, Reach, modes_of, reach};
use crate::model::{Case, HypervisorId, Mode, overlap};

/// What a person wants of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Goal {
    /// This PC reaches the machine, and the machine reaches the internet.
    HostAndInternet,
    /// Other machines of the LAN reach the machine too.
    ReachableFromLan,
    /// This PC and its machines alone, nothing outside.
    HostOnly,
    /// The machines among themselves, without this PC.
    Isolated,
    /// Several segments with a router between them that one controls.
    Routed,
    /// A segment that strangers may reach, one that they may not, and a router machine between: a rehearsal.
    Dmz,
}

impl Goal {
    /// Every goal, in the order of the page.
    pub const ALL: [Self; 6] = [
        Self::HostAndInternet,
        Self::ReachableFromLan,
        Self::HostOnly,
        Self::Isolated,
        Self::Routed,
        Self::Dmz,
    ];

    /// The end of its text keys.
    pub fn name(self) -> &'static str {
        match self {
            Self::HostAndInternet => "host-and-internet",
            Self::ReachableFromLan => "reachable-from-lan",
            Self::HostOnly => "host-only",
            Self::Isolated => "isolated",
            Self::Routed => "routed",
            Self::Dmz => "dmz",
        }
    }

    /// What must pass and what must not.
    fn wants(self) -> &'static [(Direction, bool)] {
        use Direction::{GuestToGuest, GuestToHost, GuestToInternet, HostToGuest, LanToGuest};
        match self {
            Self::HostAndInternet => &[(HostToGuest, true), (GuestToInternet, true), (LanToGuest, false)],
            Self::ReachableFromLan => &[(HostToGuest, true), (GuestToInternet, true), (LanToGuest, true)],
            Self::HostOnly => &[(HostToGuest, true), (GuestToHost, true), (GuestToInternet, false)],
            // The segments behind the router machine are closed ones.
            Self::Isolated | Self::Dmz => &[
                (GuestToGuest, true),
                (HostToGuest, false),
                (GuestToHost, false),
                (GuestToInternet, false),
            ],
            // A router on the LAN must be able to reach the machine.
            Self::Routed => &[(HostToGuest, true), (LanToGuest, true), (GuestToGuest, true)],
        }
    }
}

/// The modes of a product that give what is wanted, the best first; without a product those of all. A mode is
/// left out when the table says that something wanted does not pass, or that something unwanted does.
pub fn modes_for(goal: Goal, hypervisor: Option<HypervisorId>) -> Vec<Mode> {
    let all = match hypervisor {
        Some(id) => modes_of(id),
        None => Mode::ALL.to_vec(),
    };
    let mut found: Vec<(u32, Mode)> = all
        .into_iter()
        .filter(|mode| *mode != Mode::Other)
        .filter_map(|mode| Some((penalty(goal, hypervisor, mode)?, mode)))
        .collect();
    // A routed segment is what *several segments* asks for, where the product has it.
    if goal == Goal::Routed {
        for (penalty, mode) in &mut found {
            *penalty += u32::from(*mode != Mode::Routed);
        }
    }
    found.sort_by_key(|(penalty, _)| *penalty);
    found.into_iter().map(|(_, mode)| mode).collect()
}

/// How far a mode is from what is wanted; `None` when it does not do.
fn penalty(goal: Goal, hypervisor: Option<HypervisorId>, mode: Mode) -> Option<u32> {
    let mut penalty = 0;
    for (direction, wanted) in goal.wants() {
        let cell = reach(hypervisor, mode, *direction)?;
        penalty += match (wanted, cell.reach) {
            (true, Reach::Works) | (false, Reach::Impossible) => 0,
            (true, Reach::Depends) => 2,
            (false, Reach::PortForward) => 1,
            // Through a forwarded port one service is reachable; the machine is not.
            (true, Reach::PortForward | Reach::Impossible) | (false, Reach::Works | Reach::Depends) => {
                return None;
            }
        };
    }
    Some(penalty)
}

/// Whether a product gives the mode a segment of its own whose numbers one chooses.
pub fn has_own_segment(mode: Mode) -> bool {
    matches!(
        mode,
        Mode::Nat | Mode::NatNetwork | Mode::HostOnly | Mode::Internal | Mode::Routed | Mode::Private
    )
}

/// Every IPv4 segment that is taken on this machine: by adapters, routes, virtual networks.
pub fn taken(case: &Case) -> Vec<Ipv4Net> {
    let host = &case.host;
    let adapters = host.adapters.rows().iter().flat_map(|adapter| adapter.nets());
    let routes = host.routes.rows().iter().filter(|route| !route.is_default());
    let routes = routes.map(|route| route.destination);
    let networks = case
        .hypervisors
        .iter()
        .flat_map(|product| product.networks.rows());
    let networks = networks.filter_map(|network| network.segment);
    let mut nets: Vec<Ipv4Net> = adapters
        .chain(routes)
        .chain(networks)
        .filter_map(|net| match net {
            IpNet::V4(net) if net.prefix_len() >= 8 => Some(net.trunc()),
            _ => None,
        })
        .filter(|net| net.addr().is_private())
        .collect();
    nets.sort_unstable();
    nets.dedup();
    nets
}

/// `count` private /24 segments that share no address with anything here. Those that home routers, hypervisors
/// and containers use out of the box come last, for the next network that this machine is carried to has them.
/// VirtualBox on Linux and macOS allows its host-only networks 192.168.56.0/21 alone without a settings file.
pub fn free_segments(case: &Case, hypervisor: Option<HypervisorId>, count: usize) -> Vec<Ipv4Net> {
    let taken = taken(case);
    let own = |third: u8| Ipv4Addr::new(192, 168, third, 0);
    let boxed = (hypervisor == Some(HypervisorId::VirtualBox))
        .then_some(56..=63)
        .into_iter()
        .flatten();
    let quiet = (60..=250).filter(|third| !(120..=125).contains(third) && !(214..=222).contains(third));
    let first = boxed.chain(quiet).map(own);
    let second = (64..=250).map(|second| Ipv4Addr::new(10, second, 77, 0));
    let third = (1..=59).map(own);
    let mut free: Vec<Ipv4Net> = Vec::new();
    for address in first.chain(second).chain(third) {
        if free.len() == count {
            break;
        }
        let Ok(net) = Ipv4Net::new(address, 24) else {
            continue;
        };
        let collides = taken
            .iter()
            .any(|other| overlap(IpNet::V4(*other), IpNet::V4(net)));
        if !collides && !free.contains(&net) {
            free.push(net);
        }
    }
    free
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Fact, Route};

    #[test]
    fn the_goals_of_people_lead_to_the_modes_of_their_products() {
        let first = |goal, id| modes_for(goal, Some(id)).first().copied();
        assert_eq!(
            first(Goal::HostAndInternet, HypervisorId::Libvirt),
            Some(Mode::Nat)
        );
        assert_eq!(
            first(Goal::HostAndInternet, HypervisorId::VmwareWorkstation),
            Some(Mode::Nat)
        );
        // VirtualBox's NAT does not let the host in.
        assert_ne!(
            first(Goal::HostAndInternet, HypervisorId::VirtualBox),
            Some(Mode::Nat)
        );
        assert_eq!(
            first(Goal::ReachableFromLan, HypervisorId::VirtualBox),
            Some(Mode::Bridged)
        );
        assert_eq!(
            first(Goal::HostOnly, HypervisorId::VirtualBox),
            Some(Mode::HostOnly)
        );
        assert_eq!(
            first(Goal::Isolated, HypervisorId::VirtualBox),
            Some(Mode::Internal)
        );
        assert_eq!(first(Goal::Isolated, HypervisorId::HyperV), Some(Mode::Private));
    }

    #[test]
    fn a_free_segment_shares_nothing_with_what_is_here() {
        let mut case = Case::default();
        let route = |text: &str| Route::on_link(text.parse().expect("a network"), "x");
        case.host.routes = Fact::known(vec![route("192.168.0.0/17"), route("0.0.0.0/0")], "test");
        let free = free_segments(&case, None, 3);
        assert_eq!(free.len(), 3);
        for net in &free {
            assert!(
                taken(&case)
                    .iter()
                    .all(|other| !overlap(IpNet::V4(*other), IpNet::V4(*net)))
            );
        }
        case.host.routes = Fact::known(vec![route("192.168.0.0/16"), route("10.0.0.0/8")], "test");
        assert!(free_segments(&case, None, 3).is_empty());
        let boxed = free_segments(&Case::default(), Some(HypervisorId::VirtualBox), 1);
        assert_eq!(boxed, ["192.168.56.0/24".parse::<Ipv4Net>().expect("a network")]);
    }
}
