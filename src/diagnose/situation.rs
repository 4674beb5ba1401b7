//! What a case is about, worked out once for all rules.
//!
//! What the user says outranks what was detected, and what packets showed outranks what should be.

mod asked;
mod machine;
mod mode;
mod segment;
mod way;

pub use asked::Asked;
pub use way::Way;

use std::net::IpAddr;

use ipnet::IpNet;

use super::{role, seen};
use crate::knowledge::{self, Cell, Direction, Finer, Reach, Uplink};
use crate::model::{
    Adapter, AdapterKind, Case, Endpoint, Hypervisor, HypervisorId, Machine, Mode, NeighborState, Nic, Os,
    PowerState, System, VirtualNetwork,
};
use machine::{addresses_of, find_address, find_machine, find_nic, is_open_which_card};
use mode::{find_mode, guess_hypervisor};
use segment::{find_host_adapter, find_network, find_segment};

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
        let (_, cell) = self.allowed_in(self.direction()?)?;
        Some(cell)
    }

    /// The mode, and what it says of a direction for a card of which so much is known.
    pub fn allowed_in(&self, direction: Direction) -> Option<(Mode, &'static Cell)> {
        let mode = self.mode_of_table()?;
        // Only Hyper-V's internal network has the host on it, and that product needs Windows.
        let like_all_others = mode == Mode::Internal
            && self.hypervisor.is_none()
            && matches!(self.host_os, Os::Linux | Os::Macos | Os::Bsd);
        let product = self
            .hypervisor
            .or(like_all_others.then_some(HypervisorId::VirtualBox));
        let finer = Finer {
            submode: self.submode(mode),
            uplink: self.wireless(mode).then_some(Uplink::WiFi),
        };
        Some((mode, knowledge::reach_of(product, mode, finer, direction)?))
    }

    /// Whether the mode has a way for what was asked: for the port, else for echo.
    pub fn way_by_mode(&self) -> Option<Reach> {
        Some(self.allowed()?.reach_for(self.case.intake.port))
    }

    /// The mode by which the table is asked. A card that the product knows, in none of the usual modes, is not in the one
    /// that adapters and addresses betray.
    fn mode_of_table(&self) -> Option<Mode> {
        let unusual = self
            .nic
            .is_some_and(|nic| nic.mode == Mode::Other && nic.submode.is_some());
        if unusual && self.case.intake.mode.is_none() {
            return Some(Mode::Other);
        }
        self.mode
    }

    /// The mode within the mode, where it is known.
    fn submode(&self, mode: Mode) -> Option<&'a str> {
        let unshared = self.network.and_then(|network| network.host_adapter_wanted) == Some(false);
        let to_default_switch = || {
            let own = self.host().adapter("vEthernet (Default Switch)");
            own.zip(self.target)
                .is_some_and(|(adapter, target)| adapter.on_segment_of(target).is_some())
        };
        match mode {
            Mode::External if unshared => Some("no-management-os"),
            Mode::Nat | Mode::Mirrored
                if self.hypervisor == Some(HypervisorId::Wsl2) && to_default_switch() =>
            {
                Some("to-default-switch")
            }
            _ => self
                .nic
                .filter(|nic| nic.mode == mode)
                .and_then(|nic| nic.submode.as_deref()),
        }
    }

    /// Whether the card is known to be bridged to a wireless adapter.
    fn wireless(&self, mode: Mode) -> bool {
        if !matches!(mode, Mode::Bridged | Mode::External) {
            return false;
        }
        let uplink = self
            .nic
            .and_then(|nic| nic.uplink.as_deref())
            .or_else(|| self.network.and_then(|network| network.uplink.as_deref()));
        let adapter = match uplink {
            Some(name) => self.host().adapter_called(name),
            None => self.host_adapter,
        };
        adapter.is_some_and(|adapter| adapter.kind == AdapterKind::WiFi)
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

    /// The addresses of a remote hypervisor's own cards, each with the card's name.
    pub fn own_addresses(&self) -> Vec<(&'a str, IpNet)> {
        let settings = self.product.iter().flat_map(|product| &product.settings);
        settings
            .filter(|(name, _)| name.starts_with("vmk"))
            .filter_map(|(name, net)| Some((name.as_str(), net.parse().ok()?)))
            .take(4)
            .collect()
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
