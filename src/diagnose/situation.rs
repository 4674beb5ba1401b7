//! What a case is about, worked out once for all rules.
//!
//! What the user says outranks what was detected, and what packets showed outranks what should be.

use std::net::IpAddr;

use ipnet::IpNet;

use super::role;
use super::seen::{self, Seen};
use crate::knowledge::{self, Cell, Direction, Reach};
use crate::model::{
    Adapter, AdapterKind, Case, Endpoint, Hypervisor, HypervisorId, LookUp, Machine, Mode, NeighborState,
    Nic, Os, Place, PowerState, RouteKind, System, VirtualNetwork,
};

/// The case with everything that rules ask for worked out.
#[derive(Clone, Debug)]
pub struct Situation<'a> {
    /// The case, raw outputs taken in.
    pub case: &'a Case,
    /// The host's operating system.
    pub host_os: Os,
    /// Where the traffic starts.
    pub from: Endpoint,
    /// Where it should arrive.
    pub to: Endpoint,
    /// The product: told, else detected.
    pub hypervisor: Option<HypervisorId>,
    /// What is known of the product here.
    pub product: Option<&'a Hypervisor>,
    /// How the machine's card is connected: told, else detected.
    pub mode: Option<Mode>,
    /// Whether the user told the mode, or the product did; else it was guessed from adapters and addresses.
    pub mode_is_certain: bool,
    /// The virtual machine.
    pub machine: Option<&'a Machine>,
    /// Its card.
    pub nic: Option<&'a Nic>,
    /// The virtual network that the card is on.
    pub network: Option<&'a VirtualNetwork>,
    /// The guest's address, and who told it.
    pub guest_ip: Option<IpAddr>,
    /// Who told the guest's address.
    pub guest_ip_source: String,
    /// The segment that the guest should be in.
    pub segment: Option<IpNet>,
    /// The host's own adapter on that segment.
    pub host_adapter: Option<&'a Adapter>,
    /// The address at the other end, where that is neither the host nor the guest.
    pub target: Option<IpAddr>,
}

/// Which way a packet of the host takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// It leaves by this adapter, to this router, as this row says.
    Adapter {
        /// The adapter.
        name: String,
        /// The router, when it is not on the segment itself.
        via: Option<IpAddr>,
        /// The row in words.
        row: String,
        /// Who says so.
        source: String,
    },
    /// It is for this machine itself.
    Local {
        /// Who says so.
        source: String,
    },
    /// It is thrown away by this row or rule.
    Discarded {
        /// The row or rule in words.
        row: String,
        /// Who says so.
        source: String,
    },
    /// There is no way.
    NoRoute {
        /// Who says so.
        source: String,
    },
    /// The tables were not read.
    Unknown,
}

/// Whether the traffic that was asked for passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// It was seen to pass.
    Passes,
    /// It was tried and did not.
    Fails,
    /// Nobody tried it from there.
    NotTried,
}

impl<'a> Situation<'a> {
    /// Works out what `case` is about.
    pub fn of(case: &'a Case) -> Self {
        let intake = &case.intake;
        let host = &case.host;
        let told_ip = intake.guest_ip.map(|(address, _)| address);
        let machine_of = find_machine(case, told_ip);
        let hypervisor = intake
            .hypervisor
            .or(machine_of.map(|(product, _)| product.id))
            .or_else(|| guess_hypervisor(case, told_ip));
        let product = case
            .hypervisors
            .iter()
            .find(|product| Some(product.id) == hypervisor);
        let machine = machine_of.map(|(_, machine)| machine);
        let nic = machine.and_then(|machine| find_nic(machine, product, told_ip, case));
        let (guest_ip, guest_ip_source) = find_address(case, product, nic, told_ip);
        let network = find_network(case, product, nic, intake.mode, guest_ip);
        let (mode, mode_is_certain) = find_mode(case, hypervisor, nic, network, guest_ip);
        let mode_is_certain = mode_is_certain && !is_open_which_card(case, machine, nic, guest_ip);
        let host_adapter = find_host_adapter(host, hypervisor, mode, network, nic, guest_ip);
        let segment = find_segment(case, network, host_adapter, guest_ip, mode);
        let target = intake
            .target
            .as_deref()
            .and_then(|text| text.trim().parse().ok())
            .or_else(|| {
                let name = intake.target.as_deref()?;
                seen::resolved(case, name)
            });
        Self {
            case,
            host_os: intake.host_os.or(host.os).unwrap_or(Os::Other),
            from: intake.start(),
            to: intake.end(),
            hypervisor,
            product,
            mode,
            mode_is_certain,
            machine,
            nic,
            network,
            guest_ip,
            guest_ip_source,
            segment,
            host_adapter,
            target,
        }
    }

    /// What was taken for given, for the answer.
    pub fn resolved(&self) -> super::Resolved {
        let intake = &self.case.intake;
        super::Resolved {
            host_os: self.host_os,
            hypervisor: self.hypervisor,
            mode: self.mode,
            from: self.from,
            to: self.to,
            vm: self
                .machine
                .map(|machine| machine.name.clone())
                .or_else(|| intake.vm.clone()),
            nic: self.nic.map(|nic| nic.slot).or(intake.nic),
            network: self.network.map(|network| network.name.clone()),
            guest_ip: self.guest_ip,
            guest_os: self.guest_os(),
            target: intake.target.clone(),
            port: intake.port,
        }
    }

    /// The physical machine.
    pub fn host(&self) -> &'a System {
        &self.case.host
    }

    /// The virtual machine as it sees itself.
    pub fn guest(&self) -> &'a System {
        &self.case.guest
    }

    /// The guest's operating system: told, else betrayed by its outputs or known to the product.
    pub fn guest_os(&self) -> Option<Os> {
        let intake = self.case.intake.guest_os;
        intake
            .or(self.case.guest.os)
            .or(self.machine.and_then(|machine| machine.os))
    }

    /// The traffic as a direction of the mode table; `None` when no guest takes part.
    pub fn direction(&self) -> Option<Direction> {
        Direction::between(self.from, self.to)
    }

    /// What the mode says of the traffic.
    pub fn allowed(&self) -> Option<&'static Cell> {
        let mode = self.mode?;
        // Only Hyper-V's internal network has the host on it, and that product needs Windows.
        let like_all_others = mode == Mode::Internal
            && self.hypervisor.is_none()
            && matches!(self.host_os, Os::Linux | Os::Macos | Os::Bsd);
        let product = self
            .hypervisor
            .or(like_all_others.then_some(HypervisorId::VirtualBox));
        knowledge::reach(product, mode, self.direction()?)
    }

    /// Whether the mode is known to have no way for the traffic except forwarded ports.
    pub fn is_closed_by_design(&self) -> bool {
        self.allowed()
            .is_some_and(|cell| matches!(cell.reach, Reach::Impossible | Reach::PortForward))
    }

    /// Whether one end is the guest.
    pub fn involves_guest(&self) -> bool {
        [self.from, self.to]
            .iter()
            .any(|end| matches!(end, Endpoint::Guest | Endpoint::Guest2))
    }

    /// Whether the traffic leaves the virtual segment for the outside (or comes from there).
    pub fn crosses_uplink(&self) -> bool {
        [self.from, self.to]
            .iter()
            .any(|end| matches!(end, Endpoint::Internet | Endpoint::Lan))
    }

    /// The address that the traffic is for.
    pub fn destination(&self) -> Option<IpAddr> {
        match self.to {
            Endpoint::Guest => self.guest_ip,
            Endpoint::Host => self.host_address(),
            Endpoint::Guest2 | Endpoint::Lan | Endpoint::Internet => self.target,
        }
    }

    /// The host's own address on the guest's segment.
    pub fn host_address(&self) -> Option<IpAddr> {
        let on_segment = self.host_adapter.and_then(|adapter| match self.guest_ip {
            Some(guest) => adapter.on_segment_of(guest).map(|net| net.addr()),
            None => adapter.main_ipv4().map(|net| net.addr().into()),
        });
        on_segment
            .or_else(|| {
                self.host_adapter
                    .and_then(|adapter| adapter.main_ipv4())
                    .map(|net| net.addr().into())
            })
            .or_else(|| self.network.and_then(|network| network.host_address))
    }

    /// The address that the guest should have as its gateway; `None` where the mode has none.
    pub fn gateway(&self) -> Option<IpAddr> {
        match self.mode? {
            Mode::Nat | Mode::NatNetwork | Mode::User | Mode::DefaultSwitch => {
                let by_config = self.network.and_then(|network| network.nat_address);
                let vmware = matches!(
                    self.hypervisor,
                    Some(HypervisorId::VmwareWorkstation | HypervisorId::VmwareFusion)
                );
                by_config.or_else(|| match self.segment? {
                    // VMware's NAT engine is the second address of the segment; elsewhere the host is the first.
                    IpNet::V4(net) if vmware => net.hosts().nth(1).map(IpAddr::V4),
                    _ => self.host_address(),
                })
            }
            Mode::Routed | Mode::Internal => self.host_address(),
            Mode::Bridged | Mode::External | Mode::Macvtap => {
                self.host().default_routes().iter().find_map(|row| row.via)
            }
            _ => None,
        }
    }

    /// Whether the host's own kernel routes and translates for guests of this mode (and not a program of the
    /// product): only then do its forwarding switch and its forward filter matter.
    pub fn host_forwards(&self) -> bool {
        let kernel_product = !matches!(
            self.hypervisor,
            Some(
                HypervisorId::VmwareWorkstation
                    | HypervisorId::VmwareFusion
                    | HypervisorId::VirtualBox
                    | HypervisorId::Esxi
                    | HypervisorId::Parallels
            )
        );
        self.host_os == Os::Linux
            && kernel_product
            && matches!(self.mode, Some(Mode::Nat | Mode::Routed) | None)
            && self
                .host_adapter
                .is_none_or(|adapter| !role::is_uplink(self.host(), adapter))
    }

    /// Whether nothing but the segment lies between the two ends, so that what answers is the other end itself.
    pub fn is_direct(&self) -> bool {
        let on_segment = |system: &System, address: Option<IpAddr>| {
            address.is_some_and(|address| system.adapter_on_segment(address).is_some())
        };
        match self.from.place().and_then(|place| self.case.system(place)) {
            Some(system) if system.adapters.is_known() => on_segment(system, self.destination()),
            _ => self
                .segment
                .zip(self.destination())
                .is_some_and(|(segment, to)| segment.contains(&to)),
        }
    }

    /// Which way a packet of the host to `address` takes: the system's own answer, else the tables.
    pub fn way_to(&self, address: IpAddr) -> Way {
        let host = self.host();
        if let Some(answer) = host.system_look_up(address) {
            let source = "route look-up".to_owned();
            return match (&answer.adapter, answer.kind) {
                (_, RouteKind::Blackhole | RouteKind::Unreachable | RouteKind::Prohibit) => Way::Discarded {
                    row: answer
                        .error
                        .clone()
                        .unwrap_or_else(|| format!("{:?}", answer.kind).to_lowercase()),
                    source,
                },
                (_, RouteKind::Local) => Way::Local { source },
                (Some(name), _) => {
                    let via = answer.via.map(|via| format!(" via {via}")).unwrap_or_default();
                    Way::Adapter {
                        name: name.clone(),
                        via: answer.via,
                        row: format!("{address}{via} dev {name}"),
                        source,
                    }
                }
                (None, _) => self.discarding_row(address).unwrap_or(Way::NoRoute { source }),
            };
        }
        self.computed_way(address)
    }

    /// Where the tables say that a packet is thrown away: the system's answer does not always name the row.
    fn discarding_row(&self, address: IpAddr) -> Option<Way> {
        match self.computed_way(address) {
            way @ Way::Discarded { .. } => Some(way),
            _ => None,
        }
    }

    fn computed_way(&self, address: IpAddr) -> Way {
        let host = self.host();
        let source = host.routes.source().to_owned();
        match host.look_up(address, None) {
            LookUp::Unknown => Way::Unknown,
            LookUp::NoRoute => Way::NoRoute { source },
            LookUp::Policy(rule) => Way::Discarded {
                row: format!("rule {} {:?}", rule.priority, rule.action).to_lowercase(),
                source,
            },
            LookUp::Row(row) if row.discards() => Way::Discarded {
                row: row.describe(),
                source,
            },
            LookUp::Row(row) if row.kind == RouteKind::Local => Way::Local { source },
            LookUp::Row(row) => match &row.adapter {
                Some(name) => Way::Adapter {
                    name: name.clone(),
                    via: row.via,
                    row: row.describe(),
                    source,
                },
                None => Way::Unknown,
            },
        }
    }

    /// What probes from `place` to `address` showed.
    pub fn seen(&self, place: Place, address: IpAddr) -> Seen<'a> {
        Seen::of(self.case, place, address)
    }

    /// What probes from the host to the guest showed.
    pub fn guest_seen(&self) -> Option<Seen<'a>> {
        Some(self.seen(Place::Host, self.guest_ip?))
    }

    /// The machine from which the traffic starts.
    pub fn start_place(&self) -> Option<Place> {
        self.from.place()
    }

    /// What probes in the direction asked for showed.
    pub fn asked_seen(&self) -> Option<Seen<'a>> {
        Some(self.seen(self.start_place()?, self.destination()?))
    }

    /// Whether the traffic that was asked for passes.
    pub fn asked(&self) -> Asked {
        let Some(place) = self.start_place() else {
            return Asked::NotTried;
        };
        // A name that was asked for must resolve for the traffic to pass.
        if self.to == Endpoint::Internet
            && let Some(name) = self.asked_name()
            && let Some(false) = seen::name_resolves(self.case, place, name)
        {
            return Asked::Fails;
        }
        // What was asked for by its name through a proxy never had an address.
        if self.to == Endpoint::Internet
            && let Some(name) = self.asked_name()
            && let Some(asked) = seen::through_proxy(self.case, place, name)
        {
            return asked;
        }
        let Some(destination) = self.destination() else {
            return seen::anything_outside(self, place);
        };
        // The host's answer to itself says nothing of the guest.
        let to_itself = place == Place::Host
            && self.to == Endpoint::Guest
            && self.mode != Some(Mode::Mirrored)
            && !destination.is_loopback()
            && self.host().holds(destination) == Some(true);
        if to_itself {
            return Asked::Fails;
        }
        // Two guests of one address, each behind its own translation: whoever answers is the guest itself.
        let to_same = matches!((self.from, self.to), (Endpoint::Guest, Endpoint::Guest2))
            && Some(destination) == self.guest_ip;
        if to_same {
            return Asked::NotTried;
        }
        let seen = self.seen(place, destination);
        match self.case.intake.port {
            Some(port) => match seen.tcp(port) {
                Some(crate::model::TcpOutcome::Connected) => Asked::Passes,
                Some(_) => Asked::Fails,
                None => seen.echo_asked().unwrap_or(Asked::NotTried).only_failure(),
            },
            None => seen.echo_asked().unwrap_or_else(|| {
                if self.to == Endpoint::Internet || self.to == Endpoint::Host {
                    seen::anything_outside(self, place)
                } else {
                    seen.ports_asked().unwrap_or_else(|| self.asked_by_name(place))
                }
            }),
        }
    }

    /// Whether the traffic passes that was tried by the machine's name, where nobody tried its address.
    fn asked_by_name(&self, place: Place) -> Asked {
        let names = [self.case.intake.vm.as_deref(), self.asked_name()];
        let tried = names
            .into_iter()
            .flatten()
            .find_map(|name| seen::by_name(self.case, place, name));
        tried.unwrap_or(Asked::NotTried)
    }

    /// The name that was given as target instead of an address.
    pub fn asked_name(&self) -> Option<&'a str> {
        let target = self.case.intake.target.as_deref()?.trim();
        (target.parse::<IpAddr>().is_err() && !target.is_empty()).then_some(target)
    }

    /// The addresses that the card is known to have, and who says so: the product, the newest lease of its hardware
    /// address, and neighbors that were confirmed a short while ago.
    pub(super) fn known_addresses(&self) -> Vec<(IpAddr, String)> {
        let (Some(product), Some(nic)) = (self.product, self.nic) else {
            return Vec::new();
        };
        let fresh = |address: IpAddr| {
            let mut entries = self.host().neighbors.rows().iter();
            entries.any(|entry| {
                entry.address == address && entry.mac == nic.mac && entry.state == NeighborState::Reachable
            })
        };
        let mut lease_told = false;
        addresses_of(self.case, product, nic)
            .filter(|(address, source)| match source.as_str() {
                // Older leases of the same card are history.
                "lease" => !std::mem::replace(&mut lease_told, true),
                "neighbor table" => fresh(*address),
                _ => true,
            })
            .collect()
    }

    /// Whether the machine is known not to run.
    pub fn machine_is_down(&self) -> bool {
        self.machine.is_some_and(|machine| machine.state.is_down())
    }

    /// Whether the machine is known to run.
    pub fn machine_runs(&self) -> bool {
        self.machine
            .is_some_and(|machine| machine.state == PowerState::Running)
    }

    /// What to call the machine.
    pub fn machine_name(&self) -> String {
        self.machine
            .map(|machine| machine.name.clone())
            .or_else(|| self.case.intake.vm.clone())
            .or_else(|| self.guest_ip.map(|address| address.to_string()))
            .unwrap_or_else(|| "VM".to_owned())
    }

    /// What to call the network.
    pub fn network_name(&self) -> String {
        self.network
            .map(|network| network.name.clone())
            .or_else(|| self.host_adapter.map(|adapter| adapter.name.clone()))
            .unwrap_or_else(|| "NETWORK".to_owned())
    }

    /// What to call the network, or `usual` where nothing is known of it.
    pub fn network_name_or(&self, usual: &str) -> String {
        self.network
            .map_or_else(|| usual.to_owned(), |network| network.name.clone())
    }

    /// The name of the host's adapter on the segment, or a stand-in to be replaced by hand.
    pub fn adapter_name(&self) -> String {
        self.host_adapter
            .map(|adapter| adapter.name.clone())
            .or_else(|| self.network.and_then(|network| network.host_adapter.clone()))
            .unwrap_or_else(|| "ADAPTER".to_owned())
    }

    /// The segment in words, or a stand-in to be replaced by hand.
    pub fn segment_text(&self) -> String {
        self.segment
            .map(|segment| segment.trunc().to_string())
            .unwrap_or_else(|| "192.0.2.0/24".to_owned())
    }

    /// The guest's address in words, or a stand-in to be replaced by hand.
    pub fn guest_text(&self) -> String {
        self.guest_ip
            .map_or_else(|| "GUEST-ADDRESS".to_owned(), |address| address.to_string())
    }
}

fn find_machine(case: &Case, guest_ip: Option<IpAddr>) -> Option<(&Hypervisor, &Machine)> {
    let intake = &case.intake;
    let all = || {
        case.hypervisors
            .iter()
            .filter(|product| intake.hypervisor.is_none_or(|id| id == product.id))
            .flat_map(|product| {
                product
                    .machines
                    .rows()
                    .iter()
                    .map(move |machine| (product, machine))
            })
    };
    if let Some(name) = intake.vm.as_deref() {
        return all().find(|(_, machine)| machine.name == name || machine.id.as_deref() == Some(name));
    }
    if let Some(address) = guest_ip {
        let holder = all().find(|(product, machine)| {
            machine
                .nics
                .iter()
                .any(|nic| addresses_of(case, product, nic).any(|(found, _)| found == address))
        });
        if holder.is_some() {
            return holder;
        }
    }
    // The only machine, or the only one that runs. An address that was told and that no machine is known to
    // hold may belong to a stand-in that no product knows: a machine is then taken only if it may hold it.
    let fits = |(_, machine): &(&Hypervisor, &Machine)| match (guest_ip, intake.mode) {
        (None, None) => true,
        (None, Some(mode)) => machine.nics.iter().any(|nic| nic.mode == mode),
        (Some(_), mode) => machine
            .nics
            .iter()
            .any(|nic| mode.is_none_or(|mode| nic.mode == mode)),
    };
    let fitting: Vec<_> = all().filter(fits).collect();
    let mut running = fitting
        .iter()
        .filter(|(_, machine)| machine.state == PowerState::Running);
    match (running.next(), running.next(), fitting.as_slice()) {
        (Some(only), None, _) => Some(*only),
        (None, None, [only]) => Some(*only),
        _ => None,
    }
}

/// Whether the machine has cards of several modes, and nothing says that the chosen one is the card that was meant.
fn is_open_which_card(
    case: &Case,
    machine: Option<&Machine>,
    nic: Option<&Nic>,
    guest_ip: Option<IpAddr>,
) -> bool {
    let (Some(machine), Some(nic), Some(address)) = (machine, nic, guest_ip) else {
        return false;
    };
    let told = case.intake.nic.is_some() || case.intake.mode.is_some();
    let alike = machine.nics.iter().all(|other| other.mode == nic.mode);
    let holds = nic.addresses.iter().any(|known| known.address == address);
    let network = case
        .hypervisors
        .iter()
        .find_map(|product| product.network(nic.network.as_deref()?));
    let in_segment = network
        .and_then(|network| network.segment)
        .is_some_and(|segment| segment.contains(&address));
    !(told || alike || holds || in_segment)
}

fn find_nic<'a>(
    machine: &'a Machine,
    product: Option<&'a Hypervisor>,
    guest_ip: Option<IpAddr>,
    case: &'a Case,
) -> Option<&'a Nic> {
    let (slot, mode) = (case.intake.nic, case.intake.mode);
    if let Some(slot) = slot {
        return machine.nics.iter().find(|nic| nic.slot == slot);
    }
    let holds = |nic: &&Nic| {
        guest_ip.is_some_and(|address| nic.addresses.iter().any(|known| known.address == address))
    };
    let in_segment = |nic: &&Nic| {
        let Some(address) = guest_ip else { return false };
        let network = case
            .hypervisors
            .iter()
            .find_map(|product| product.network(nic.network.as_deref()?));
        network
            .and_then(|network| network.segment)
            .is_some_and(|segment| segment.contains(&address))
    };
    machine
        .nics
        .iter()
        .find(holds)
        .or_else(|| machine.nics.iter().find(in_segment))
        .or_else(|| {
            machine
                .nics
                .iter()
                .find(|nic| mode.is_some_and(|mode| nic.mode == mode))
        })
        .or_else(|| {
            let nothing_told = guest_ip.is_none() && mode.is_none();
            (nothing_told && case.intake.end() == Endpoint::Guest)
                .then(|| nic_for_host(machine, product?, case))
                .flatten()
        })
        .or_else(|| machine.nics.first())
}

/// Of several cards the one that serves "host and guest" best: the host can reach it, its address is known, and
/// it is there for that. Only VirtualBox's translation has no way in from its own host.
fn nic_for_host<'a>(machine: &'a Machine, product: &'a Hypervisor, case: &'a Case) -> Option<&'a Nic> {
    let is_there_for_it = |nic: &Nic| matches!(nic.mode, Mode::HostOnly | Mode::Bridged);
    let is_reachable = |nic: &&Nic| {
        is_there_for_it(nic)
            || matches!(nic.mode, Mode::Nat | Mode::Routed) && product.id != HypervisorId::VirtualBox
    };
    machine.nics.iter().filter(is_reachable).min_by_key(|nic| {
        let has_address = addresses_of(case, product, nic).next().is_some();
        (!has_address, !is_there_for_it(nic))
    })
}

/// Addresses that are known for a card: told by the product, lent to its hardware address, or seen with it.
fn addresses_of<'a>(
    case: &'a Case,
    product: &'a Hypervisor,
    nic: &'a Nic,
) -> impl Iterator<Item = (IpAddr, String)> + 'a {
    let told = nic
        .addresses
        .iter()
        .map(|known| (known.address, known.source.clone()));
    let leases = product
        .networks
        .rows()
        .iter()
        .filter(move |network| {
            nic.network
                .as_deref()
                .is_none_or(|name| network.name.eq_ignore_ascii_case(name))
        })
        .flat_map(|network| network.leases.iter().flatten())
        .filter(move |lease| lease.mac.is_some() && lease.mac == nic.mac && !lease.abandoned)
        // The newest lease stands last.
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .map(|lease| (lease.address, "lease".to_owned()));
    let neighbors = case
        .host
        .neighbors
        .rows()
        .iter()
        .filter(move |entry| entry.mac.is_some() && entry.mac == nic.mac && entry.address.is_ipv4())
        .map(|entry| (entry.address, "neighbor table".to_owned()));
    told.chain(leases).chain(neighbors)
}

fn find_address(
    case: &Case,
    product: Option<&Hypervisor>,
    nic: Option<&Nic>,
    told: Option<IpAddr>,
) -> (Option<IpAddr>, String) {
    if let Some(address) = told {
        return (Some(address), "user".to_owned());
    }
    let inside = case.guest.adapters.rows().iter().filter(|adapter| {
        adapter.kind != AdapterKind::Loopback
            && !role::is_container(&adapter.name)
            && !adapter.is_tunnel()
            && nic
                .and_then(|nic| nic.mac)
                .is_none_or(|mac| adapter.mac.is_none_or(|own| own == mac))
    });
    let mut from_inside = inside
        .flat_map(|adapter| adapter.ipv4())
        .filter(|net| !net.addr().is_loopback());
    if let Some(net) = from_inside.next() {
        return (Some(net.addr().into()), case.guest.adapters.source().to_owned());
    }
    let known = product.zip(nic).and_then(|(product, nic)| {
        let mut all: Vec<_> = addresses_of(case, product, nic).collect();
        all.sort_by_key(|(address, _)| !address.is_ipv4());
        all.into_iter().next()
    });
    match known {
        Some((address, source)) => (Some(address), source),
        None => (None, String::new()),
    }
}

fn find_network<'a>(
    case: &'a Case,
    product: Option<&'a Hypervisor>,
    nic: Option<&Nic>,
    mode: Option<Mode>,
    guest_ip: Option<IpAddr>,
) -> Option<&'a VirtualNetwork> {
    if let (Some(product), Some(name)) = (product, nic.and_then(|nic| nic.network.as_deref()))
        && let Some(network) = product.network(name)
    {
        return Some(network);
    }
    let all: Vec<&VirtualNetwork> = match (product, case.intake.hypervisor) {
        (Some(product), _) => product.networks.rows().iter().collect(),
        (None, Some(_)) => Vec::new(),
        (None, None) => case
            .hypervisors
            .iter()
            .flat_map(|product| product.networks.rows())
            .collect(),
    };
    let holds = |network: &&&VirtualNetwork| {
        guest_ip.is_some_and(|address| network.segment.is_some_and(|segment| segment.contains(&address)))
    };
    if let Some(network) = all.iter().find(holds) {
        return Some(network);
    }
    let mode = mode?;
    let mut of_mode = all.iter().filter(|network| network.mode == mode);
    match (of_mode.next(), of_mode.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    }
}

fn find_mode(
    case: &Case,
    hypervisor: Option<HypervisorId>,
    nic: Option<&Nic>,
    network: Option<&VirtualNetwork>,
    guest_ip: Option<IpAddr>,
) -> (Option<Mode>, bool) {
    if let Some(mode) = case.intake.mode {
        return (Some(mode), true);
    }
    let told = nic.map(|nic| nic.mode).filter(|mode| *mode != Mode::Other);
    if let Some(mode) = told.or_else(|| {
        network
            .map(|network| network.mode)
            .filter(|mode| *mode != Mode::Other)
    }) {
        let mode = translated(case, hypervisor, network, mode);
        // Whether Windows translates an internal switch is told by its NAT and by the switch's own adapter together.
        let own = network
            .and_then(|network| network.host_adapter.as_deref())
            .and_then(|name| case.host.adapter(name));
        let translates = case.hypervisors.iter().any(|product| {
            product
                .settings
                .get("net-nat")
                .is_some_and(|text| !text.trim().is_empty())
        });
        let untold = hypervisor == Some(HypervisorId::HyperV)
            && mode == Mode::Internal
            && translates
            && own.is_none_or(|adapter| adapter.addresses.is_none());
        return (Some(mode), !untold);
    }
    (guess_mode(case, hypervisor, guest_ip), false)
}

/// An internal switch of Hyper-V whose segment Windows translates is what other products call NAT: the switch itself
/// does not say so, `Get-NetNat` does.
fn translated(
    case: &Case,
    hypervisor: Option<HypervisorId>,
    network: Option<&VirtualNetwork>,
    mode: Mode,
) -> Mode {
    if hypervisor != Some(HypervisorId::HyperV) || mode != Mode::Internal {
        return mode;
    }
    let product = case
        .hypervisors
        .iter()
        .find(|product| product.id == HypervisorId::HyperV);
    let prefixes: Vec<IpNet> = product
        .and_then(|product| product.settings.get("net-nat"))
        .map(|text| {
            text.split_whitespace()
                .filter_map(|word| word.parse().ok())
                .collect()
        })
        .unwrap_or_default();
    let own = network
        .and_then(|network| network.host_adapter.as_deref())
        .and_then(|name| case.host.adapter(name));
    let inside = own.is_some_and(|adapter| {
        adapter
            .nets()
            .any(|net| prefixes.iter().any(|prefix| prefix.contains(&net.addr())))
    });
    if inside { Mode::Nat } else { mode }
}

/// The mode that adapters and addresses betray.
fn guess_mode(case: &Case, hypervisor: Option<HypervisorId>, guest_ip: Option<IpAddr>) -> Option<Mode> {
    let host = &case.host;
    let address = guest_ip?;
    if hypervisor == Some(HypervisorId::VirtualBox) && address.to_string() == "10.0.2.15" {
        return Some(Mode::Nat);
    }
    let (adapter, net) = host.adapter_on_segment(address)?;
    if role::is_uplink(host, adapter) {
        let carries_macvtap = host.adapters.rows().iter().any(|upper| {
            upper.kind == AdapterKind::Macvtap && upper.lower.as_deref() == Some(adapter.name.as_str())
        });
        return Some(if carries_macvtap {
            Mode::Macvtap
        } else {
            Mode::Bridged
        });
    }
    if let Some(mode) = role::mode_of_name(&adapter.name) {
        return Some(mode);
    }
    if role::is_virtual(adapter)
        && let Some(filter) = host.filter.value()
    {
        let behind_nat = super::filter::translated_segments(filter)
            .iter()
            .any(|segment| crate::model::overlap(*segment, net));
        return behind_nat.then_some(Mode::Nat);
    }
    None
}

fn guess_hypervisor(case: &Case, guest_ip: Option<IpAddr>) -> Option<HypervisorId> {
    let by_adapter = guest_ip
        .and_then(|address| case.host.adapter_on_segment(address))
        .and_then(|(adapter, _)| role::hypervisor_of_name(adapter));
    let only_running = || {
        let mut running = case
            .hypervisors
            .iter()
            .filter(|product| product.running == Some(true));
        match (running.next(), running.next()) {
            (Some(only), None) => Some(only.id),
            _ => None,
        }
    };
    by_adapter.or_else(only_running)
}

fn find_host_adapter<'a>(
    host: &'a System,
    hypervisor: Option<HypervisorId>,
    mode: Option<Mode>,
    network: Option<&VirtualNetwork>,
    nic: Option<&Nic>,
    guest_ip: Option<IpAddr>,
) -> Option<&'a Adapter> {
    if let Some(name) = network.and_then(|network| network.host_adapter.as_deref()) {
        return host.adapter(name);
    }
    if matches!(mode, Some(Mode::Bridged | Mode::Macvtap | Mode::External)) {
        let uplink = nic
            .and_then(|nic| nic.uplink.as_deref())
            .or_else(|| network.and_then(|network| network.uplink.as_deref()));
        if let Some(adapter) = uplink.and_then(|name| host.adapter(name)) {
            // An enslaved card's addresses sit on its bridge.
            return adapter
                .master
                .as_deref()
                .and_then(|master| host.adapter(master))
                .or(Some(adapter));
        }
    }
    let usable = |adapter: &&Adapter| !role::is_container(&adapter.name) && !adapter.is_tunnel();
    let named = |adapter: &&Adapter| {
        usable(adapter)
            && role::hypervisor_of_name(adapter)
                .is_some_and(|id| hypervisor.is_none_or(|wanted| wanted == id))
            && role::mode_of_name(&adapter.name).is_none_or(|own| mode.is_none_or(|mode| mode == own))
    };
    let on_segment = guest_ip.and_then(|address| {
        host.adapters
            .rows()
            .iter()
            .filter(usable)
            .filter_map(|adapter| Some((adapter, adapter.on_segment_of(address)?)))
            // Of two adapters in one segment the virtual one is meant, unless the mode says bridged.
            .max_by_key(|(adapter, net)| {
                let of_the_product = hypervisor.is_some() && role::hypervisor_of_name(adapter) == hypervisor;
                let used = role::ports(host, adapter).any(role::is_machine_port);
                (of_the_product, role::is_virtual(adapter), used, net.prefix_len())
            })
            .map(|(adapter, _)| adapter)
    });
    if on_segment.is_some() {
        return on_segment;
    }
    match mode {
        Some(Mode::Bridged | Mode::External | Mode::Macvtap) => {
            let row = host.default_routes().into_iter().next()?;
            host.adapter(row.adapter.as_deref()?)
        }
        Some(Mode::User | Mode::Private) => None,
        Some(Mode::Internal) if hypervisor != Some(HypervisorId::HyperV) => None,
        Some(Mode::Nat) if hypervisor == Some(HypervisorId::VirtualBox) => None,
        _ => {
            let candidates: Vec<&Adapter> = host.adapters.rows().iter().filter(named).collect();
            let candidates = if candidates.is_empty() {
                let virtual_bridges = host.adapters.rows().iter();
                virtual_bridges
                    .filter(|adapter| usable(adapter) && role::serves_machines(host, adapter))
                    // What another product or mode made serves other machines.
                    .filter(|adapter| {
                        role::hypervisor_of_name(adapter)
                            .is_none_or(|id| hypervisor.is_none_or(|wanted| wanted == id))
                            && role::mode_of_name(&adapter.name)
                                .is_none_or(|own| mode.is_none_or(|mode| mode == own))
                    })
                    .collect()
            } else {
                candidates
            };
            // Of several the only one that a machine's cable is plugged into.
            let mut used = candidates
                .iter()
                .filter(|bridge| role::ports(host, bridge).any(role::is_machine_port));
            match (candidates.as_slice(), used.next(), used.next()) {
                ([only], _, _) => Some(*only),
                (_, used, None) => used.copied(),
                _ => None,
            }
        }
    }
}

fn find_segment(
    case: &Case,
    network: Option<&VirtualNetwork>,
    host_adapter: Option<&Adapter>,
    guest_ip: Option<IpAddr>,
    mode: Option<Mode>,
) -> Option<IpNet> {
    if let Some(segment) = network.and_then(|network| network.segment) {
        return Some(segment.trunc());
    }
    let own = host_adapter.and_then(|adapter| match guest_ip {
        Some(address) => adapter.on_segment_of(address),
        None => None,
    });
    let translated = || {
        let filter = case.host.filter.value()?;
        let address = guest_ip?;
        if !matches!(mode, Some(Mode::Nat) | None) {
            return None;
        }
        super::filter::translated_segments(filter)
            .into_iter()
            .find(|segment| segment.contains(&address))
    };
    let main = || {
        let adapter = host_adapter?;
        adapter.main_ipv4().map(IpNet::V4)
    };
    own.or_else(translated).or_else(main).map(|net| net.trunc())
}
