//! A case as a scene: its segments from the uplink downwards, and what hangs on each.

use std::collections::BTreeSet;
use std::net::IpAddr;

use super::scene::{Engine, Hanger, Health, Outside, Port, Role, Scene, Who, Wire};
use crate::diagnose::role;
use crate::locale::Language;
use crate::model::{
    Adapter, AdapterKind, Case, Endpoint, Hypervisor, HypervisorId, Machine, Mode, Nic, PowerState,
    VirtualNetwork, segment_of,
};

/// Most segments that are drawn; a machine with more adapters shows those that matter first.
pub const MAX_WIRES: usize = 12;

/// Most machines that a wire keeps; the layout groups what has no room.
const MAX_MACHINES: usize = 64;

impl Scene {
    /// The scene of a case, in words of a language. Raw outputs must have been taken in before.
    pub fn from_case(case: &Case, language: Language) -> Self {
        let mut maker = Maker {
            case,
            language,
            drafts: Vec::new(),
            machines: Vec::new(),
        };
        maker.adapters();
        maker.networks();
        maker.machines();
        maker.told_guests();
        maker.seen();
        maker.finish()
    }

    /// Who stands at this end of the traffic that the case is about; `None` when the picture has none.
    pub fn endpoint(&self, case: &Case, end: Endpoint) -> Option<Who> {
        let hangers = || self.wires.iter().flat_map(|wire| &wire.machines);
        let named = |name: &str| {
            hangers()
                .map(|hanger| &hanger.who)
                .find(|who| matches!(who, Who::Machine { name: n, .. } if n == name))
        };
        let has = |who: Who| hangers().any(|hanger| hanger.who == who).then_some(who);
        match end {
            Endpoint::Host => Some(Who::Host),
            Endpoint::Internet => self.internet.is_some().then_some(Who::Internet),
            Endpoint::Lan => has(Who::Lan),
            Endpoint::Guest => {
                let told = case.intake.vm.as_deref().and_then(named).cloned();
                let address = case.intake.guest_ip.map(|(address, _)| address.to_string());
                let seen = case.intake.guest_ip.map(|(address, _)| Who::Seen(address));
                let by_address = || {
                    hangers()
                        .find(|h| address.as_ref() == Some(&h.detail) || seen.as_ref() == Some(&h.who))
                        .map(|h| h.who.clone())
                };
                let only = || {
                    let mut machines = hangers().filter(|h| matches!(h.who, Who::Machine { .. }));
                    let first = machines.next()?;
                    machines.next().is_none().then(|| first.who.clone())
                };
                told.or_else(|| has(Who::Guest)).or_else(by_address).or_else(only)
            }
            Endpoint::Guest2 => has(Who::Guest2).or_else(|| {
                let target = case.intake.target.as_deref()?;
                let by_address = hangers().find(|h| h.detail == target).map(|h| h.who.clone());
                named(target).cloned().or(by_address)
            }),
        }
    }
}

/// A wire with what decides its place.
struct Draft {
    wire: Wire,
    adapter: Option<String>,
    segment: Option<ipnet::IpNet>,
    /// Product and name of the network that it is.
    network: Option<(HypervisorId, String)>,
    uplink: bool,
    rank: u8,
    engine: Option<(String, String, Health)>,
    outside: Option<String>,
}

struct Maker<'a> {
    case: &'a Case,
    language: Language,
    drafts: Vec<Draft>,
    /// Machine, its first wire, further wires.
    machines: Vec<(Hanger, usize, Vec<usize>)>,
}

/// The product's own name.
fn product(id: HypervisorId) -> &'static str {
    match id {
        HypervisorId::VmwareWorkstation => "VMware",
        HypervisorId::VmwareFusion => "VMware Fusion",
        HypervisorId::Esxi => "ESXi",
        HypervisorId::VirtualBox => "VirtualBox",
        HypervisorId::HyperV => "Hyper-V",
        HypervisorId::Libvirt => "libvirt",
        HypervisorId::Qemu => "QEMU",
        HypervisorId::Wsl2 => "WSL",
        HypervisorId::Parallels => "Parallels",
        HypervisorId::Utm => "UTM",
        HypervisorId::Multipass => "Multipass",
        HypervisorId::Lima => "Lima",
        HypervisorId::Proxmox => "Proxmox",
        HypervisorId::Vz => "Virtualization",
        HypervisorId::Other => "",
    }
}

fn is_translated(mode: Mode) -> bool {
    matches!(
        mode,
        Mode::Nat | Mode::NatNetwork | Mode::User | Mode::DefaultSwitch
    )
}

fn is_on_the_lan(mode: Mode) -> bool {
    matches!(
        mode,
        Mode::Bridged | Mode::Macvtap | Mode::External | Mode::Mirrored
    )
}

fn role_of(mode: Mode) -> Role {
    match mode {
        _ if is_translated(mode) => Role::Nat,
        _ if is_on_the_lan(mode) => Role::Lan,
        Mode::HostOnly | Mode::Routed => Role::Host,
        _ => Role::Other,
    }
}

impl Maker<'_> {
    fn text(&self, key: &str) -> String {
        self.language.text(key)
    }

    fn mode_word(&self, mode: Mode) -> String {
        self.text(&format!("diagram-mode-{}", mode.name()))
    }

    fn named(&self, name: &str, word: &str) -> String {
        self.language
            .text_with("diagram-name-mode", &[("name", name), ("mode", word)])
    }

    /// Every adapter with a segment of its own. Ports of bridges and machines' cables are part of another wire.
    fn adapters(&mut self) {
        let host = &self.case.host;
        for adapter in host.adapters.rows() {
            let part = adapter.master.is_some()
                || matches!(adapter.kind, AdapterKind::Loopback | AdapterKind::Macvtap)
                || (role::is_machine_port(adapter) && adapter.ipv4().next().is_none());
            let idle = adapter.ipv4().next().is_none()
                && (matches!(
                    adapter.kind,
                    AdapterKind::Veth | AdapterKind::Dummy | AdapterKind::Unknown
                ) || adapter.name == "docker0");
            if part || idle || (adapter.is_tunnel() && adapter.nets().next().is_none()) {
                continue;
            }
            let draft = self.of_adapter(adapter);
            self.drafts.push(draft);
        }
    }

    fn of_adapter(&self, adapter: &Adapter) -> Draft {
        let host = &self.case.host;
        let address = adapter.main_ipv4();
        let segment = address.map(|net| segment_of(net.into()));
        let tunnel = adapter.is_tunnel();
        let container = role::is_container(&adapter.name);
        let physical_port = role::ports(host, adapter).any(|port| {
            matches!(
                port.kind,
                AdapterKind::Ethernet | AdapterKind::WiFi | AdapterKind::Bond
            )
        });
        let uplink = !tunnel && !container && (physical_port || role::is_uplink(host, adapter));
        let gateway = host
            .default_routes()
            .into_iter()
            .find(|row| !row.dead && row.adapter.as_deref() == Some(adapter.name.as_str()))
            .and_then(|row| row.via);
        let (role, name) = if tunnel {
            (
                Role::Tunnel,
                self.named(&adapter.name, &self.text("diagram-mode-vpn")),
            )
        } else if container {
            (
                Role::Other,
                self.named(&adapter.name, &self.text("diagram-mode-containers")),
            )
        } else if uplink {
            (Role::Lan, self.text("diagram-lan"))
        } else {
            let mode = role::mode_of_name(&adapter.name);
            let word = self.mode_word(mode.unwrap_or(Mode::Other));
            (mode.map_or(Role::Host, role_of), self.named(&adapter.name, &word))
        };
        let usable = adapter.usable();
        let detail = match (adapter.enabled, address) {
            (Some(false), _) => self.text("diagram-down"),
            (_, Some(net)) => net.addr().to_string(),
            (_, None) if adapter.addresses.is_none() => self.text("diagram-address-unknown"),
            (_, None) => self.text("diagram-no-address"),
        };
        let rank = match (gateway.is_some(), uplink, tunnel, container) {
            (true, true, ..) => 0,
            (_, true, ..) => {
                if usable == Some(true) && address.is_some() {
                    1
                } else {
                    6
                }
            }
            (_, _, true, _) => 4,
            (.., true) => 7,
            _ => 3,
        };
        Draft {
            wire: Wire {
                name,
                prefix: segment.map_or_else(String::new, |segment| segment.to_string()),
                role,
                port: Some(Port {
                    name: adapter.name.clone(),
                    detail,
                    health: match (adapter.enabled, address.is_some()) {
                        (Some(false), _) => Health::Off,
                        (_, true) => Health::Up,
                        (_, false) => Health::Unknown,
                    },
                }),
                ..Wire::default()
            },
            adapter: Some(adapter.name.clone()),
            segment,
            network: None,
            uplink,
            rank,
            engine: None,
            outside: gateway.filter(|_| uplink).map(|gateway| gateway.to_string()),
        }
    }

    /// Virtual networks: on the wire of their adapter, else a wire of their own.
    fn networks(&mut self) {
        let case = self.case;
        for hypervisor in &case.hypervisors {
            for network in hypervisor.networks.rows() {
                if is_on_the_lan(network.mode) {
                    continue;
                }
                let index = self.wire_of_network(network);
                let index = match index {
                    Some(index) => index,
                    None => self.own_wire(network),
                };
                let words = self.named(&network.name, &self.mode_word(network.mode));
                let engine = (is_translated(network.mode) && network.nat != Some(false)).then(|| {
                    let name = self
                        .language
                        .text_with("diagram-engine-nat", &[("product", product(hypervisor.id))]);
                    let address = network
                        .nat_address
                        .map_or_else(String::new, |address| address.to_string());
                    let health = if network.active == Some(false) {
                        Health::Off
                    } else {
                        Health::Unknown
                    };
                    (name.trim().to_owned(), address, health)
                });
                let Some(draft) = self.drafts.get_mut(index) else {
                    continue;
                };
                draft.wire.name = words;
                draft.wire.role = role_of(network.mode);
                draft.wire.mode = Some(network.mode);
                draft.wire.network = Some(network.name.clone());
                draft.network = Some((hypervisor.id, network.name.clone()));
                draft.rank = draft.rank.min(2);
                if draft.wire.prefix.is_empty()
                    && let Some(segment) = network.segment
                {
                    draft.wire.prefix = segment.trunc().to_string();
                    draft.segment = Some(segment.trunc());
                }
                draft.engine = engine;
            }
        }
    }

    fn wire_of_network(&self, network: &VirtualNetwork) -> Option<usize> {
        let by_adapter = |draft: &Draft| {
            network.host_adapter.is_some() && draft.adapter == network.host_adapter && draft.network.is_none()
        };
        let by_segment = |draft: &Draft| {
            let segment = network.segment.map(|segment| segment.trunc());
            segment.is_some() && draft.segment == segment && !draft.uplink && draft.network.is_none()
        };
        let find = |fits: &dyn Fn(&Draft) -> bool| self.drafts.iter().position(fits);
        find(&by_adapter).or_else(|| {
            network
                .host_adapter
                .is_none()
                .then(|| find(&by_segment))
                .flatten()
        })
    }

    fn own_wire(&mut self, network: &VirtualNetwork) -> usize {
        // An adapter that should be there and is not is worth showing.
        let wanted = network.host_adapter_wanted == Some(true) || network.host_adapter.is_some();
        let read = self.case.host.adapters.is_known();
        let port = (wanted && read).then(|| Port {
            name: network
                .host_adapter
                .clone()
                .unwrap_or_else(|| network.name.clone()),
            detail: self.text("diagram-missing"),
            health: if network.active == Some(false) {
                Health::Off
            } else {
                Health::Broken
            },
        });
        self.drafts.push(Draft {
            wire: Wire {
                port,
                ..Wire::default()
            },
            adapter: None,
            segment: None,
            network: None,
            uplink: false,
            rank: 5,
            engine: None,
            outside: None,
        });
        self.drafts.len() - 1
    }

    fn machines(&mut self) {
        let case = self.case;
        for hypervisor in &case.hypervisors {
            for machine in hypervisor.machines.rows() {
                let mut wires: Vec<usize> = Vec::new();
                for nic in &machine.nics {
                    let wire = self.wire_of_nic(hypervisor, nic);
                    if !wires.contains(&wire) {
                        wires.push(wire);
                    }
                }
                let (first, leads) = match wires.split_first() {
                    Some((first, leads)) => (*first, leads.to_vec()),
                    None => (self.unplugged(), Vec::new()),
                };
                let hanger = self.hanger(hypervisor.id, machine);
                self.machines.push((hanger, first, leads));
            }
        }
    }

    fn hanger(&self, hypervisor: HypervisorId, machine: &Machine) -> Hanger {
        let address = self.address_of(hypervisor, machine);
        let word = self.text(match machine.state {
            PowerState::Running => "diagram-state-running",
            PowerState::Paused => "diagram-state-paused",
            PowerState::Saved => "diagram-state-saved",
            PowerState::Off => "diagram-state-off",
            PowerState::Crashed => "diagram-state-crashed",
            PowerState::Unknown => "diagram-state-unknown",
        });
        let detail = match (machine.state.is_down(), address) {
            (true, _) => word.clone(),
            (false, Some(address)) => address.to_string(),
            (false, None) => self.text("diagram-address-unknown"),
        };
        Hanger {
            who: Who::Machine {
                hypervisor,
                name: machine.name.clone(),
            },
            name: machine.name.clone(),
            detail,
            word,
            health: match machine.state {
                PowerState::Running => Health::Up,
                PowerState::Crashed => Health::Broken,
                PowerState::Unknown => Health::Unknown,
                PowerState::Paused | PowerState::Saved | PowerState::Off => Health::Off,
            },
            leads: Vec::new(),
        }
    }

    /// The machine's address: what its product tells, else what the user said of it, else a lease, else the
    /// neighbor table by hardware address.
    fn address_of(&self, hypervisor: HypervisorId, machine: &Machine) -> Option<IpAddr> {
        let told = machine
            .nics
            .iter()
            .flat_map(|nic| &nic.addresses)
            .map(|told| told.address);
        let intake = &self.case.intake;
        let said = || {
            let (address, _) = intake.guest_ip?;
            let machines = || {
                self.case
                    .hypervisors
                    .iter()
                    .flat_map(|known| known.machines.rows())
            };
            let others = machines().count() > 1;
            let is_meant = match intake.vm.as_deref() {
                Some(vm) => {
                    (machine.name == vm || machine.id.as_deref() == Some(vm))
                        && intake.hypervisor.is_none_or(|told| told == hypervisor)
                }
                None => !others,
            };
            is_meant.then_some(address)
        };
        let has = |mac: crate::model::Mac| {
            machine
                .nics
                .iter()
                .any(|nic| nic.mac.is_some_and(|known| known.same_card(mac)))
        };
        let lease = || {
            let networks = self
                .case
                .hypervisors
                .iter()
                .flat_map(|known| known.networks.rows());
            networks
                .flat_map(|network| network.leases.iter().flatten())
                .filter(|lease| !lease.abandoned && lease.mac.is_some_and(has))
                .map(|lease| lease.address)
                .next_back()
        };
        let neighbor = || {
            let rows = self.case.host.neighbors.rows().iter();
            rows.filter(|row| row.is_learned() && row.address.is_ipv4() && row.mac.is_some_and(has))
                .map(|row| row.address)
                .next()
        };
        told.clone()
            .find(IpAddr::is_ipv4)
            .or_else(|| told.clone().next())
            .or_else(said)
            .or_else(lease)
            .or_else(neighbor)
    }

    fn wire_of_nic(&mut self, hypervisor: &Hypervisor, nic: &Nic) -> usize {
        let network = nic.network.as_deref().and_then(|name| hypervisor.network(name));
        let mode = network.map_or(nic.mode, |network| network.mode);
        if is_on_the_lan(mode) || is_on_the_lan(nic.mode) {
            let uplink = nic
                .uplink
                .as_deref()
                .or_else(|| network.and_then(|n| n.uplink.as_deref()))
                .or_else(|| network.and_then(|n| n.host_adapter.as_deref()))
                .or(nic.network.as_deref());
            let master = uplink.and_then(|name| {
                let adapter = self
                    .case
                    .host
                    .adapters
                    .rows()
                    .iter()
                    .find(|adapter| adapter.name == name)?;
                adapter.master.clone()
            });
            let is = |name: Option<&str>, draft: &Draft| name.is_some() && draft.adapter.as_deref() == name;
            let by_name = self
                .drafts
                .iter()
                .position(|d| is(uplink, d) || is(master.as_deref(), d));
            if let Some(index) = by_name.or_else(|| self.uplink()) {
                return index;
            }
            return self.lan();
        }
        if let Some(network) = network {
            let known = (hypervisor.id, network.name.clone());
            if let Some(index) = self
                .drafts
                .iter()
                .position(|draft| draft.network.as_ref() == Some(&known))
            {
                return index;
            }
        }
        // A bridge or adapter by its own name.
        if let Some(name) = nic.network.as_deref()
            && let Some(index) = self
                .drafts
                .iter()
                .position(|draft| draft.adapter.as_deref() == Some(name))
        {
            return index;
        }
        let key = match (nic.network.as_deref(), is_translated(mode)) {
            (Some(name), _) => name.to_owned(),
            (None, _) => format!("\u{0}{}", mode.name()),
        };
        let known = (hypervisor.id, key);
        if let Some(index) = self
            .drafts
            .iter()
            .position(|draft| draft.network.as_ref() == Some(&known))
        {
            return index;
        }
        let name = match nic.network.as_deref() {
            Some(name) => self.named(name, &self.mode_word(mode)),
            None if is_translated(mode) => self
                .language
                .text_with("diagram-own-nat", &[("product", product(hypervisor.id))]),
            None => self.named(product(hypervisor.id), &self.mode_word(mode)),
        };
        let prefix = match mode {
            // Every machine behind an engine of its own has these addresses.
            Mode::Nat | Mode::User
                if matches!(
                    hypervisor.id,
                    HypervisorId::VirtualBox | HypervisorId::Qemu | HypervisorId::Utm
                ) =>
            {
                "10.0.2.0/24"
            }
            _ => "",
        };
        let engine = is_translated(mode).then(|| {
            let name = self
                .language
                .text_with("diagram-engine-nat", &[("product", product(hypervisor.id))]);
            (name.trim().to_owned(), String::new(), Health::Unknown)
        });
        self.drafts.push(Draft {
            wire: Wire {
                name,
                prefix: prefix.to_owned(),
                role: role_of(mode),
                mode: Some(mode),
                network: nic.network.clone(),
                ..Wire::default()
            },
            adapter: None,
            segment: None,
            network: Some(known),
            uplink: false,
            rank: 5,
            engine,
            outside: None,
        });
        self.drafts.len() - 1
    }

    /// The guest and its fellow where the case tells of them, but no product does.
    fn told_guests(&mut self) {
        let case = self.case;
        let intake = &case.intake;
        let ends = [intake.start(), intake.end()];
        let about_guest = ends.contains(&Endpoint::Guest) || ends.contains(&Endpoint::Guest2);
        let told = intake.vm.is_some() || intake.guest_ip.is_some() || !case.guest.is_empty();
        let known = match &intake.vm {
            Some(name) => self.has_machine(|hanger| hanger.name == *name),
            None => {
                let address = intake.guest_ip.map(|(address, _)| address.to_string());
                let by_address = address.is_some_and(|address| self.has_machine(|h| h.detail == address));
                by_address || self.machines.len() == 1
            }
        };
        if about_guest && told && !known {
            let address = intake.guest_ip.map(|(address, _)| address).or_else(|| {
                let own = case
                    .guest
                    .adapters
                    .rows()
                    .iter()
                    .filter(|a| a.kind != AdapterKind::Loopback);
                own.filter_map(Adapter::main_address).next().map(IpAddr::V4)
            });
            let name = intake
                .vm
                .clone()
                .or_else(|| case.guest.host_name.clone())
                .unwrap_or_else(|| self.text("diagram-guest"));
            self.told(Who::Guest, name, address);
        }
        let second = case.guest2.host_name.is_some() || !case.guest2.is_empty();
        if ends.contains(&Endpoint::Guest2) {
            let target: Option<IpAddr> = intake.target.as_deref().and_then(|target| target.parse().ok());
            let shown = intake.target.clone().unwrap_or_default();
            let known = self.has_machine(|h| !shown.is_empty() && (h.detail == shown || h.name == shown));
            if !known && (second || target.is_some()) {
                let name = case
                    .guest2
                    .host_name
                    .clone()
                    .unwrap_or_else(|| self.text("diagram-guest2"));
                self.told(Who::Guest2, name, target);
            }
        }
    }

    /// Machines on virtual segments of which no product tells: those whose hardware address the host learned.
    fn seen(&mut self) {
        let case = self.case;
        let products = || case.hypervisors.iter();
        let cards: BTreeSet<_> = products()
            .flat_map(|product| product.machines.rows())
            .flat_map(|machine| &machine.nics)
            .filter_map(|nic| nic.mac)
            .collect();
        // The product's own gateways and DHCP servers answer too, and are no machines.
        let engines: BTreeSet<IpAddr> = products()
            .flat_map(|product| product.networks.rows())
            .flat_map(|network| {
                let server = network.dhcp.as_ref().and_then(|dhcp| dhcp.address);
                [network.nat_address, network.host_address, server]
            })
            .flatten()
            .chain(case.host.default_routes().iter().filter_map(|row| row.via))
            .collect();
        let serves = |name: &str| {
            let mut adapters = case.host.adapters.rows().iter();
            adapters.any(|adapter| adapter.name == name && role::serves_machines(&case.host, adapter))
        };
        let mut rows: Vec<_> = case
            .host
            .neighbors
            .rows()
            .iter()
            .filter(|row| row.is_learned() && !row.is_missing() && row.address.is_ipv4())
            .filter(|row| {
                !row.address.is_multicast()
                    && !engines.contains(&row.address)
                    && case.host.holds(row.address) != Some(true)
                    && row
                        .mac
                        .is_some_and(|mac| !cards.iter().any(|card| card.same_card(mac)))
            })
            .collect();
        rows.sort_by_key(|row| row.address);
        rows.dedup_by_key(|row| row.address);
        for row in rows {
            let Some(name) = row.adapter.as_deref().filter(|name| serves(name)) else {
                continue;
            };
            let wire = self
                .drafts
                .iter()
                .position(|draft| draft.adapter.as_deref() == Some(name));
            let shown = row.address.to_string();
            let is_shown = self.has_machine(|hanger| hanger.detail == shown);
            let Some(wire) = wire.filter(|_| !is_shown) else {
                continue;
            };
            if self.machines.iter().filter(|(_, on, _)| *on == wire).count() >= MAX_MACHINES {
                continue;
            }
            let word = self.text("diagram-seen");
            self.machines.push((
                Hanger {
                    who: Who::Seen(row.address),
                    name: shown,
                    detail: word.clone(),
                    word,
                    health: Health::Unknown,
                    leads: Vec::new(),
                },
                wire,
                Vec::new(),
            ));
        }
    }

    fn has_machine(&self, fits: impl Fn(&Hanger) -> bool) -> bool {
        self.machines.iter().any(|(hanger, ..)| fits(hanger))
    }

    fn told(&mut self, who: Who, name: String, address: Option<IpAddr>) {
        let mode = self.case.intake.mode;
        let by_segment = address.and_then(|address| {
            self.drafts
                .iter()
                .position(|draft| draft.segment.is_some_and(|segment| segment.contains(&address)))
        });
        let by_mode = || {
            mode.and_then(|mode| {
                if is_on_the_lan(mode) {
                    return self.uplink();
                }
                self.drafts.iter().position(|draft| draft.wire.mode == Some(mode))
            })
        };
        // A guest behind an engine of its own is on no segment of the host, whatever its address looks like.
        let wire = by_segment.or_else(by_mode).unwrap_or_else(|| {
            let id = self.case.intake.hypervisor.unwrap_or_default();
            let nic = Nic {
                mode: mode.unwrap_or_default(),
                ..Nic::default()
            };
            match mode {
                Some(_) => self.wire_of_nic(
                    &Hypervisor {
                        id,
                        ..Hypervisor::default()
                    },
                    &nic,
                ),
                None => self.unplugged(),
            }
        });
        let detail = address.map_or_else(
            || self.text("diagram-address-unknown"),
            |address| address.to_string(),
        );
        let word = self.text("diagram-state-unknown");
        self.machines.push((
            Hanger {
                who,
                name,
                detail,
                word,
                ..Hanger::default()
            },
            wire,
            Vec::new(),
        ));
    }

    fn uplink(&self) -> Option<usize> {
        let uplinks = self.drafts.iter().enumerate().filter(|(_, draft)| draft.uplink);
        uplinks
            .min_by_key(|(_, draft)| draft.rank)
            .map(|(index, _)| index)
    }

    /// A physical segment of which the case holds no adapter.
    fn lan(&mut self) -> usize {
        let name = self.text("diagram-lan");
        self.bare(
            Wire {
                name,
                role: Role::Lan,
                ..Wire::default()
            },
            true,
        )
    }

    /// The wire of machines that hang on nothing.
    fn unplugged(&mut self) -> usize {
        let name = self.text("diagram-unplugged");
        if let Some(index) = self.drafts.iter().position(|draft| draft.rank == 8) {
            return index;
        }
        let index = self.bare(
            Wire {
                name,
                ..Wire::default()
            },
            false,
        );
        if let Some(draft) = self.drafts.get_mut(index) {
            draft.rank = 8;
        }
        index
    }

    fn bare(&mut self, wire: Wire, uplink: bool) -> usize {
        self.drafts.push(Draft {
            wire,
            adapter: None,
            segment: None,
            network: None,
            uplink,
            rank: if uplink { 1 } else { 5 },
            engine: None,
            outside: None,
        });
        self.drafts.len() - 1
    }

    /// The others on a physical segment, as one node.
    fn neighbors(&self, adapter: &str, router: Option<&str>) -> Hanger {
        let machines: BTreeSet<_> = self
            .case
            .hypervisors
            .iter()
            .flat_map(|hypervisor| hypervisor.machines.rows())
            .flat_map(|machine| &machine.nics)
            .filter_map(|nic| nic.mac)
            .collect();
        let seen: BTreeSet<IpAddr> = self
            .case
            .host
            .neighbors
            .rows()
            .iter()
            .filter(|n| n.adapter.as_deref() == Some(adapter) && !n.is_missing() && n.address.is_ipv4())
            .filter(|n| n.mac.is_none_or(|mac| !machines.contains(&mac)))
            .map(|n| n.address)
            .filter(|address| !address.is_multicast() && router != Some(address.to_string().as_str()))
            .collect();
        let name = match seen.len() {
            0 => self.text("diagram-lan-machine"),
            n => self
                .language
                .text_with("diagram-lan-machines", &[("n", &n.to_string())]),
        };
        Hanger {
            who: Who::Lan,
            name,
            detail: self.text("diagram-lan-detail"),
            word: String::new(),
            health: if seen.is_empty() {
                Health::Unknown
            } else {
                Health::Up
            },
            leads: Vec::new(),
        }
    }

    fn finish(mut self) -> Scene {
        // A wire with machines matters more than one without.
        for (_, wire, leads) in &self.machines {
            for wire in std::iter::once(wire).chain(leads) {
                if let Some(draft) = self.drafts.get_mut(*wire) {
                    draft.rank = if draft.rank >= 8 {
                        draft.rank
                    } else {
                        draft.rank.min(3)
                    };
                }
            }
        }
        let mut order: Vec<usize> = (0..self.drafts.len()).collect();
        let key = |index: &usize| self.drafts.get(*index).map(|draft| (draft.rank, *index));
        order.sort_by_key(key);
        order.truncate(MAX_WIRES);
        // Wires without a port below those with one, so that the host's column passes none of them.
        order.sort_by_key(|index| {
            self.drafts
                .get(*index)
                .map(|d| (!d.uplink, d.wire.port.is_none(), d.rank, *index))
        });
        let place = |old: usize| order.iter().position(|index| *index == old);

        let uplink = order
            .iter()
            .position(|index| self.drafts.get(*index).is_some_and(|d| d.uplink));
        let mut scene = Scene {
            host: self.text("diagram-host"),
            more: self.language.text_with("diagram-more", &[("n", "{n}")]),
            ..Scene::default()
        };
        let several = self.drafts.iter().filter(|draft| draft.uplink).count() > 1;
        for (position, index) in order.iter().enumerate() {
            let Some(draft) = self.drafts.get(*index) else {
                continue;
            };
            let mut wire = draft.wire.clone();
            if let (true, true, Some(adapter)) = (draft.uplink, several, &draft.adapter) {
                wire.name = self.language.text_with("diagram-lan-on", &[("adapter", adapter)]);
            }
            if let (Some((name, detail, health)), Some(to)) = (&draft.engine, uplink) {
                let (name, detail, health) = (name.clone(), detail.clone(), *health);
                scene.engines.push(Engine {
                    name,
                    detail,
                    wire: position,
                    to,
                    health,
                });
            }
            if let (Some(address), None) = (&draft.outside, &scene.internet) {
                scene.internet = Some(Outside {
                    name: self.text("diagram-internet"),
                    router: self.text("diagram-router"),
                    address: address.clone(),
                    wire: position,
                });
            }
            scene.wires.push(wire);
        }
        let mut machines = std::mem::take(&mut self.machines);
        // Those that run come first: what has no room is grouped.
        let meant = self.case.intake.vm.clone();
        machines.sort_by_key(|(hanger, ..)| {
            (
                meant.as_ref() != Some(&hanger.name),
                !matches!(hanger.who, Who::Guest | Who::Guest2),
                match hanger.health {
                    Health::Up => 0,
                    Health::Broken => 1,
                    Health::Unknown => 2,
                    Health::Off => 3,
                },
            )
        });
        for (mut hanger, wire, leads) in machines {
            hanger.leads = leads.into_iter().filter_map(place).collect();
            if let Some(wire) = place(wire).and_then(|wire| scene.wires.get_mut(wire))
                && wire.machines.len() < MAX_MACHINES
            {
                wire.machines.push(hanger);
            }
        }
        let router = scene.internet.as_ref().map(|outside| outside.address.clone());
        if let Some((uplink, adapter)) = uplink.and_then(|position| {
            let draft = self.drafts.get(*order.get(position)?)?;
            Some((position, draft.adapter.clone()))
        }) && let Some(wire) = scene.wires.get(uplink)
            && (wire.port.as_ref().is_some_and(|port| port.health == Health::Up) || adapter.is_none())
        {
            let node = self.neighbors(adapter.as_deref().unwrap_or_default(), router.as_deref());
            if let Some(wire) = scene.wires.get_mut(uplink) {
                let at = wire.machines.len().min(2);
                wire.machines.insert(at, node);
            }
        }
        scene
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case() -> Case {
        Case::from_json(
            r#"{
            "intake": { "vm": "web" },
            "host": {
                "adapters": [
                    { "name": "lo", "kind": "loopback", "addresses": [{ "net": "127.0.0.1/8" }] },
                    { "name": "virbr0", "kind": "bridge", "enabled": true, "addresses": [{ "net": "192.168.122.1/24" }] },
                    { "name": "vnet0", "kind": "tap", "master": "virbr0" },
                    { "name": "tun0", "kind": "tunnel", "enabled": true, "addresses": [{ "net": "10.8.0.6/16" }] },
                    { "name": "eth0", "kind": "ethernet", "enabled": true, "addresses": [{ "net": "192.168.1.23/24" }] }
                ],
                "routes": [{ "destination": "0.0.0.0/0", "via": "192.168.1.1", "adapter": "eth0" }],
                "neighbors": [
                    { "address": "192.168.1.1", "adapter": "eth0", "state": "reachable" },
                    { "address": "192.168.1.7", "adapter": "eth0", "state": "stale" },
                    { "address": "192.168.1.8", "adapter": "eth0", "state": "failed" }
                ]
            },
            "hypervisors": [
                { "id": "libvirt",
                  "networks": [{ "name": "default", "mode": "nat", "host_adapter": "virbr0", "segment": "192.168.122.0/24" }],
                  "machines": [
                    { "name": "idle", "state": "off", "nics": [{ "mode": "nat", "network": "default" }] },
                    { "name": "web", "state": "running", "nics": [
                        { "mode": "nat", "network": "default", "addresses": [{ "address": "192.168.122.50" }] },
                        { "slot": 1, "mode": "macvtap", "uplink": "eth0" }] },
                    { "name": "tap", "state": "running", "nics": [{ "mode": "macvtap", "uplink": "eth0" }] }
                  ] },
                { "id": "virtualbox", "networks": [], "machines": [
                    { "name": "a", "state": "running", "nics": [{ "slot": 1, "mode": "nat" }] },
                    { "name": "b", "state": "running", "nics": [{ "slot": 1, "mode": "nat" }, { "slot": 2, "mode": "internal", "network": "intnet" }] },
                    { "name": "bare", "state": "off", "nics": [] }] }
            ] }"#,
        )
        .expect("a case")
    }

    fn hung(scene: &Scene, wire: usize) -> Vec<&str> {
        scene.wires[wire]
            .machines
            .iter()
            .map(|machine| machine.name.as_str())
            .collect()
    }

    #[test]
    fn every_machine_hangs_where_its_card_is_plugged_in() {
        let scene = Scene::from_case(&case(), Language::English);
        let names: Vec<&str> = scene.wires.iter().map(|wire| wire.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "LAN",
                "default · NAT",
                "tun0 · VPN",
                "VirtualBox · NAT, one per VM",
                "intnet · internal",
                "Not connected"
            ]
        );
        // The router is no neighbor, and one who did not answer is none either.
        assert_eq!(hung(&scene, 0), ["tap", "1 devices seen"]);
        assert_eq!(hung(&scene, 1), ["web", "idle"]);
        assert_eq!(hung(&scene, 3), ["a", "b"]);
        assert_eq!(hung(&scene, 5), ["bare"]);
        assert_eq!(scene.wires[1].machines[0].leads, [0]);
        assert_eq!(scene.wires[3].machines[1].leads, [4]);
        assert_eq!(
            scene.wires[1].port.as_ref().map(|port| port.name.as_str()),
            Some("virbr0")
        );
        assert!(scene.wires[3].port.is_none());
        let engines: Vec<(usize, usize)> = scene
            .engines
            .iter()
            .map(|engine| (engine.wire, engine.to))
            .collect();
        assert_eq!(engines, [(1, 0), (3, 0)]);
        assert_eq!(
            scene.internet.as_ref().map(|outside| outside.address.as_str()),
            Some("192.168.1.1")
        );
        let web = Who::Machine {
            hypervisor: HypervisorId::Libvirt,
            name: "web".to_owned(),
        };
        assert_eq!(scene.endpoint(&case(), Endpoint::Guest), Some(web));
    }

    #[test]
    fn machines_of_no_known_product_hang_on_the_virtual_wire_they_were_seen_on() {
        let text = r#"{ "intake": INTAKE, "host": {
            "adapters": [
                { "name": "br-lab", "kind": "bridge", "enabled": true, "addresses": [{ "net": "192.168.199.1/24" }] },
                { "name": "tap0", "kind": "tap", "master": "br-lab" },
                { "name": "eth0", "kind": "ethernet", "enabled": true, "addresses": [{ "net": "192.168.1.23/24" }] }
            ],
            "neighbors": [
                { "address": "192.168.199.10", "mac": "52:54:00:00:00:10", "adapter": "br-lab", "state": "stale" },
                { "address": "192.168.199.11", "adapter": "br-lab", "state": "failed" },
                { "address": "192.168.1.7", "mac": "52:54:00:00:00:07", "adapter": "eth0", "state": "reachable" }
            ] } }"#;
        let case = |intake: &str| Case::from_json(&text.replace("INTAKE", intake)).expect("a case");
        let unsaid = case("{}");
        let scene = Scene::from_case(&unsaid, Language::English);
        let seen = Who::Seen("192.168.199.10".parse().expect("an address"));
        let lab = scene
            .wires
            .iter()
            .position(|wire| wire.prefix == "192.168.199.0/24");
        assert_eq!(hung(&scene, lab.expect("a wire")), ["192.168.199.10"]);
        assert_eq!(scene.wires[lab.expect("a wire")].machines[0].who, seen);
        assert_eq!(scene.endpoint(&unsaid, Endpoint::Guest), None);
        // Picked as the guest it is the machine that the case is about, and hangs there once.
        let said = case(r#"{ "guest_ip": "192.168.199.10" }"#);
        let scene = Scene::from_case(&said, Language::English);
        assert_eq!(hung(&scene, lab.expect("a wire")), ["The VM"]);
        assert_eq!(scene.endpoint(&said, Endpoint::Guest), Some(Who::Guest));
    }

    #[test]
    fn what_the_user_said_of_the_only_machine_is_its_address() {
        let case = Case::from_json(
            r#"{ "intake": { "guest_ip": "192.168.122.15" }, "hypervisors": [{ "id": "libvirt", "machines": [
                { "name": "web", "state": "running", "nics": [{ "mode": "nat", "network": "default" }] }] }] }"#,
        )
        .expect("a case");
        let scene = Scene::from_case(&case, Language::English);
        let machines: Vec<&Hanger> = scene.wires.iter().flat_map(|wire| &wire.machines).collect();
        let web = machines
            .iter()
            .find(|hanger| hanger.name == "web")
            .expect("the machine");
        assert_eq!(web.detail, "192.168.122.15");
    }

    #[test]
    fn a_guest_that_only_the_user_told_of_is_shown_too() {
        let case = Case::from_json(
            r#"{ "intake": { "hypervisor": "vmware-workstation", "mode": "nat", "guest_ip": "192.168.220.131" },
                 "host": { "adapters": [{ "name": "VMware Network Adapter VMnet8", "addresses": [{ "net": "192.168.220.1/24" }] }] } }"#,
        )
        .expect("a case");
        let scene = Scene::from_case(&case, Language::Chinese);
        assert_eq!(scene.endpoint(&case, Endpoint::Guest), Some(Who::Guest));
        assert_eq!(hung(&scene, 0), ["虚拟机"]);
        let empty = Scene::from_case(&Case::default(), Language::English);
        assert_eq!(empty.wires.len(), 0);
    }
}
