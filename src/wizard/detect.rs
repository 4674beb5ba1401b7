//! What was recognized of hypervisor, machine, card and mode, for preselection.
//!
//! The user's words outrank all of it; the diagnosis does its own, closer reading. Here it is only decided what
//! stands preselected and whether the pages that ask for it may be skipped.

use std::net::IpAddr;

use crate::model::{Case, HypervisorId, Machine, Mode, Nic, PowerState};

/// What stands preselected, and between what a person can choose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Detection {
    /// Products that were found, those that run first.
    pub products: Vec<Product>,
    /// All machines of all products, those that run first.
    pub machines: Vec<FoundMachine>,
    /// The product: told, else the only one that can be meant.
    pub hypervisor: Option<HypervisorId>,
    /// The machine: told, else the only one that can be meant.
    pub vm: Option<String>,
    /// The slot of the card: told, else the only one that can be meant.
    pub nic: Option<u32>,
    /// How the card is connected: told, else what the product says.
    pub mode: Option<Mode>,
    /// The virtual network that the card is on.
    pub network: Option<String>,
    /// The guest's address: told, else the best source.
    pub guest_ip: Option<IpAddr>,
    /// Who told the address: `agent`, `lease`, `neighbor table`; empty when the user did.
    pub guest_ip_source: String,
}

/// A product that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    /// Which one.
    pub id: HypervisorId,
    /// Its version.
    pub version: Option<String>,
    /// Whether it runs.
    pub running: Option<bool>,
    /// What gave it away.
    pub evidence: Vec<String>,
    /// How many of its machines run.
    pub machines_running: usize,
    /// How many machines it has.
    pub machines: usize,
}

/// A virtual machine that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundMachine {
    /// Its product.
    pub hypervisor: HypervisorId,
    /// Its name.
    pub name: String,
    /// Whether it runs.
    pub state: PowerState,
    /// Slot, mode and network of each of its cards.
    pub nics: Vec<(u32, Mode, Option<String>)>,
    /// Its best known address.
    pub address: Option<IpAddr>,
}

impl Detection {
    /// Whether product and mode are clear, so that nobody needs to be asked for them.
    pub fn is_unambiguous(&self) -> bool {
        self.hypervisor.is_some() && self.mode.is_some()
    }
}

/// Reads the case, raw outputs taken in.
pub fn detect(case: &Case) -> Detection {
    let intake = &case.intake;
    let mut products: Vec<Product> = case
        .hypervisors
        .iter()
        .filter(|hypervisor| hypervisor.installed != Some(false) || hypervisor.running == Some(true))
        .map(|hypervisor| {
            let machines = hypervisor.machines.rows();
            Product {
                id: hypervisor.id,
                version: hypervisor.version.as_deref().map(str::to_owned),
                running: hypervisor.running,
                evidence: hypervisor.evidence.to_vec(),
                machines_running: machines.iter().filter(|m| m.state == PowerState::Running).count(),
                machines: machines.len(),
            }
        })
        .collect();
    products.sort_by_key(|product| {
        (
            product.machines_running == 0,
            product.running != Some(true),
            product.id,
        )
    });

    let mut all: Vec<(HypervisorId, &Machine)> = case
        .hypervisors
        .iter()
        .flat_map(|hypervisor| {
            hypervisor
                .machines
                .rows()
                .iter()
                .map(|machine| (hypervisor.id, machine))
        })
        .collect();
    all.sort_by(|a, b| {
        let key = |(id, machine): &(HypervisorId, &Machine)| (machine.state != PowerState::Running, *id);
        key(a).cmp(&key(b)).then_with(|| a.1.name.cmp(&b.1.name))
    });
    let machines = all
        .iter()
        .map(|(id, machine)| FoundMachine {
            hypervisor: *id,
            name: machine.name.as_str().to_owned(),
            state: machine.state,
            nics: machine
                .nics
                .iter()
                .map(|nic| (nic.slot, nic.mode, nic.network.as_deref().map(str::to_owned)))
                .collect(),
            address: machine
                .nics
                .iter()
                .find_map(|nic| address_of(case, nic))
                .map(|(address, _)| address),
        })
        .collect();

    let fits = |(id, machine): &&(HypervisorId, &Machine)| {
        intake.hypervisor.is_none_or(|told| told == *id)
            && intake
                .vm
                .as_deref()
                .is_none_or(|told| told == machine.name || Some(told) == machine.id.as_deref())
    };
    let chosen = choose_machine(
        all.iter().filter(fits),
        intake.guest_ip.map(|(address, _)| address),
        case,
    );
    let card = chosen.and_then(|(_, machine)| choose_nic(case, machine));

    let hypervisor = intake
        .hypervisor
        .or(chosen.map(|(id, _)| id))
        .or_else(|| only_product(&products));
    let mode = intake
        .mode
        .or(card.map(|nic| nic.mode).filter(|mode| *mode != Mode::Other))
        .or_else(|| mode_of_network(case, hypervisor));
    let told = card.and_then(|nic| address_of(case, nic));
    let (guest_ip, guest_ip_source) = match (intake.guest_ip, told) {
        (Some((address, _)), _) => (Some(address), String::new()),
        (None, Some((address, source))) => (Some(address), source),
        (None, None) => (
            case.guest.adapters.rows().iter().find_map(guest_own_address),
            String::new(),
        ),
    };
    Detection {
        products,
        machines,
        hypervisor,
        vm: intake
            .vm
            .as_deref()
            .map(str::to_owned)
            .or_else(|| chosen.map(|(_, machine)| machine.name.as_str().to_owned())),
        nic: intake.nic.or(card.map(|nic| nic.slot)),
        mode,
        network: card.and_then(|nic| nic.network.as_deref().map(str::to_owned)),
        guest_ip,
        guest_ip_source,
    }
}

fn guest_own_address(adapter: &crate::model::Adapter) -> Option<IpAddr> {
    adapter
        .nets()
        .map(|net| net.addr())
        .find(|address| !address.is_loopback() && address.is_ipv4())
}

/// The only machine, else the only one that runs, else the one that has the told address.
fn choose_machine<'a>(
    fitting: impl Iterator<Item = &'a (HypervisorId, &'a Machine)> + Clone,
    address: Option<IpAddr>,
    case: &Case,
) -> Option<(HypervisorId, &'a Machine)> {
    if let Some(address) = address {
        let holder = fitting
            .clone()
            .find(|(_, machine)| machine.nics.iter().any(|nic| has_address(case, nic, address)));
        if let Some((id, machine)) = holder {
            return Some((*id, machine));
        }
    }
    let only = |mut machines: Box<dyn Iterator<Item = &'a (HypervisorId, &'a Machine)> + '_>| {
        let (id, machine) = machines.next()?;
        machines.next().is_none().then_some((*id, *machine))
    };
    only(Box::new(fitting.clone())).or_else(|| {
        only(Box::new(
            fitting.filter(|(_, machine)| machine.state == PowerState::Running),
        ))
    })
}

fn choose_nic<'a>(case: &Case, machine: &'a Machine) -> Option<&'a Nic> {
    let intake = &case.intake;
    if let Some(slot) = intake.nic {
        return machine.nics.iter().find(|nic| nic.slot == slot);
    }
    if let Some((address, _)) = intake.guest_ip
        && let Some(nic) = machine.nics.iter().find(|nic| has_address(case, nic, address))
    {
        return Some(nic);
    }
    let mut fitting = machine
        .nics
        .iter()
        .filter(|nic| intake.mode.is_none_or(|mode| mode == nic.mode));
    let first = fitting.next()?;
    fitting.next().is_none().then_some(first)
}

fn only_product(products: &[Product]) -> Option<HypervisorId> {
    let mut running = products.iter().filter(|product| product.running == Some(true));
    match (running.next(), running.next(), products) {
        (Some(one), None, _) | (None, None, [one]) => Some(one.id),
        _ => None,
    }
}

/// Without a machine: the mode of the product's only network that runs.
fn mode_of_network(case: &Case, hypervisor: Option<HypervisorId>) -> Option<Mode> {
    let hypervisor = case
        .hypervisors
        .iter()
        .find(|known| Some(known.id) == hypervisor)?;
    if !hypervisor.machines.rows().is_empty() {
        return None;
    }
    let mut active = hypervisor
        .networks
        .rows()
        .iter()
        .filter(|network| network.active != Some(false));
    let first = active.next()?;
    (active.next().is_none() && first.mode != Mode::Other).then_some(first.mode)
}

fn has_address(case: &Case, nic: &Nic, address: IpAddr) -> bool {
    nic.addresses.iter().any(|told| told.address == address)
        || leases_of(case, nic).any(|lease| lease == address)
}

/// The card's address: what the product tells, else a lease, else the neighbor table by hardware address.
fn address_of(case: &Case, nic: &Nic) -> Option<(IpAddr, String)> {
    if let Some(told) = nic
        .addresses
        .iter()
        .find(|told| told.address.is_ipv4())
        .or(nic.addresses.first())
    {
        return Some((told.address, told.source.as_str().to_owned()));
    }
    if let Some(address) = leases_of(case, nic).last() {
        return Some((address, "lease".to_owned()));
    }
    let mac = nic.mac?;
    case.host
        .neighbors
        .rows()
        .iter()
        .find(|entry| entry.mac.is_some_and(|known| known.same_card(mac)) && entry.is_learned())
        .map(|entry| (entry.address, "neighbor table".to_owned()))
}

fn leases_of<'a>(case: &'a Case, nic: &'a Nic) -> impl Iterator<Item = IpAddr> + 'a {
    let networks = case
        .hypervisors
        .iter()
        .flat_map(|hypervisor| hypervisor.networks.rows());
    networks
        .flat_map(|network| network.leases.iter().flatten())
        .filter(|lease| nic.mac.is_some() && lease.mac == nic.mac && !lease.abandoned)
        .map(|lease| lease.address)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Fact, GuestAddress, Hypervisor};

    fn machine(name: &str, state: PowerState, nics: Vec<Nic>) -> Machine {
        Machine {
            name: name.to_owned(),
            state,
            nics,
            ..Machine::default()
        }
    }

    fn nic(slot: u32, mode: Mode, address: Option<&str>) -> Nic {
        Nic {
            slot,
            mode,
            addresses: address
                .map(|text| GuestAddress {
                    address: text.parse().expect("an address"),
                    prefix: None,
                    source: "agent".to_owned(),
                })
                .into_iter()
                .collect(),
            ..Nic::default()
        }
    }

    fn case(machines: Vec<Machine>) -> Case {
        Case {
            hypervisors: vec![Hypervisor {
                id: HypervisorId::Libvirt,
                installed: Some(true),
                running: Some(true),
                machines: Fact::known(machines, "virsh"),
                ..Hypervisor::default()
            }],
            ..Case::default()
        }
    }

    #[test]
    fn the_only_running_machine_stands_preselected() {
        let case = case(vec![
            machine("old", PowerState::Off, vec![nic(0, Mode::Bridged, None)]),
            machine(
                "web",
                PowerState::Running,
                vec![nic(0, Mode::Nat, Some("192.168.122.9"))],
            ),
        ]);
        let detection = detect(&case);
        assert_eq!(detection.vm.as_deref(), Some("web"));
        assert_eq!(detection.mode, Some(Mode::Nat));
        assert_eq!(detection.guest_ip, "192.168.122.9".parse().ok());
        assert_eq!(detection.guest_ip_source, "agent");
        assert!(detection.is_unambiguous());
    }

    #[test]
    fn two_running_machines_are_asked_about() {
        let mut case = case(vec![
            machine("a", PowerState::Running, vec![nic(0, Mode::Nat, None)]),
            machine("b", PowerState::Running, vec![nic(0, Mode::Bridged, None)]),
        ]);
        assert!(!detect(&case).is_unambiguous());
        case.intake.vm = Some("b".to_owned());
        let detection = detect(&case);
        assert!(detection.is_unambiguous());
        assert_eq!(detection.mode, Some(Mode::Bridged));
    }

    #[test]
    fn two_cards_are_asked_about_unless_the_address_tells() {
        let nics = vec![
            nic(1, Mode::Nat, Some("10.0.2.15")),
            nic(2, Mode::HostOnly, Some("192.168.56.7")),
        ];
        let mut case = case(vec![machine("a", PowerState::Running, nics)]);
        assert_eq!(detect(&case).mode, None);
        case.intake.guest_ip = Some(("192.168.56.7".parse().expect("an address"), None));
        let detection = detect(&case);
        assert_eq!((detection.nic, detection.mode), (Some(2), Some(Mode::HostOnly)));
        case.intake = crate::model::Intake {
            mode: Some(Mode::Nat),
            ..Default::default()
        };
        assert_eq!(detect(&case).nic, Some(1));
    }

    #[test]
    fn what_the_user_says_outranks_what_was_found() {
        let mut case = case(vec![machine(
            "web",
            PowerState::Running,
            vec![nic(0, Mode::Nat, None)],
        )]);
        case.intake.hypervisor = Some(HypervisorId::VirtualBox);
        case.intake.mode = Some(Mode::HostOnly);
        let detection = detect(&case);
        assert_eq!(detection.hypervisor, Some(HypervisorId::VirtualBox));
        assert_eq!(detection.mode, Some(Mode::HostOnly));
        assert_eq!(detection.vm, None);
    }
}
