//! Which machine is meant, which of its cards, and which address it has.

use std::net::IpAddr;

use super::super::role;
use crate::model::{AdapterKind, Case, Endpoint, Hypervisor, HypervisorId, Machine, Mode, Nic, PowerState};

pub(super) fn find_machine(case: &Case, guest_ip: Option<IpAddr>) -> Option<(&Hypervisor, &Machine)> {
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
pub(super) fn is_open_which_card(
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

pub(super) fn find_nic<'a>(
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
pub(super) fn nic_for_host<'a>(
    machine: &'a Machine,
    product: &'a Hypervisor,
    case: &'a Case,
) -> Option<&'a Nic> {
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
pub(super) fn addresses_of<'a>(
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

pub(super) fn find_address(
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
