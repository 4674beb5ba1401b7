//! What hangs on the segments: machines of the products, those told of, those seen, and the neighbors.

use super::*;

impl Maker<'_> {
    pub(super) fn machines(&mut self) {
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

    pub(super) fn hanger(&self, hypervisor: HypervisorId, machine: &Machine) -> Hanger {
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
    pub(super) fn address_of(&self, hypervisor: HypervisorId, machine: &Machine) -> Option<IpAddr> {
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

    /// The guest and its fellow where the case tells of them, but no product does.
    pub(super) fn told_guests(&mut self) {
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
    pub(super) fn seen(&mut self) {
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

    pub(super) fn has_machine(&self, fits: impl Fn(&Hanger) -> bool) -> bool {
        self.machines.iter().any(|(hanger, ..)| fits(hanger))
    }

    pub(super) fn told(&mut self, who: Who, name: String, address: Option<IpAddr>) {
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

    /// The others on a physical segment, as one node.
    pub(super) fn neighbors(&self, adapter: &str, router: Option<&str>) -> Hanger {
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
            1 => self.language.text_with("diagram-lan-machines-one", &[("n", "1")]),
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
}
