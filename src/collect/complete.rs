//! What follows from putting sources side by side: which address belongs to which card, and who manages the
//! packet filter. Everything added says which table told it.

use jiff::Timestamp;

use crate::model::{
    Case, FilterManager, GuestAddress, Hypervisor, Lease, Neighbor, Nic, ServiceState, System, VirtualNetwork,
};

/// Completes the case. Applying it again changes nothing.
pub(super) fn complete(case: &mut Case, now: Timestamp) {
    for hypervisor in &mut case.hypervisors {
        addresses(hypervisor, case.host.neighbors.rows(), now);
    }
    managers(&mut case.host);
}

/// Gives cards whose address nobody told the ones that leases and the neighbor table hold for their hardware
/// address.
fn addresses(hypervisor: &mut Hypervisor, neighbors: &[Neighbor], now: Timestamp) {
    let networks = hypervisor.networks.value().cloned().unwrap_or_default();
    let Some(machines) = hypervisor.machines.value_mut() else {
        return;
    };
    for nic in machines.iter_mut().flat_map(|machine| &mut machine.nics) {
        let network = nic
            .network
            .as_deref()
            .and_then(|name| networks.iter().find(|network| network.name == name));
        if let Some(network) = network {
            from_leases(nic, network, now);
        }
        from_neighbors(nic, network, neighbors);
    }
}

fn from_leases(nic: &mut Nic, network: &VirtualNetwork, now: Timestamp) {
    let Some(mac) = nic.mac else { return };
    let mut leases: Vec<&Lease> = network
        .leases
        .iter()
        .flatten()
        .filter(|lease| lease.mac == Some(mac) && !lease.abandoned)
        .collect();
    // The one that lasts longest was given last.
    leases.sort_by_key(|lease| std::cmp::Reverse(lease.ends));
    let is_valid = |lease: &&Lease| lease.ends.is_none_or(|ends| ends >= now.as_second());
    let valid: Vec<&Lease> = leases.iter().copied().filter(is_valid).collect();
    let (chosen, source) = if valid.is_empty() {
        (leases.into_iter().take(1).collect(), "expired lease")
    } else {
        (valid, "lease")
    };
    for lease in chosen {
        let prefix = network
            .segment
            .filter(|segment| segment.contains(&lease.address))
            .map(|segment| segment.prefix_len());
        tell(nic, lease.address, prefix, source);
    }
}

fn from_neighbors(nic: &mut Nic, network: Option<&VirtualNetwork>, neighbors: &[Neighbor]) {
    let Some(mac) = nic.mac else { return };
    let adapter = network.and_then(|network| network.host_adapter.as_deref());
    for neighbor in neighbors {
        let here = adapter.is_none() || neighbor.adapter.is_none() || neighbor.adapter.as_deref() == adapter;
        if neighbor.mac == Some(mac) && neighbor.is_learned() && here {
            tell(nic, neighbor.address, None, "neighbor table");
        }
    }
}

fn tell(nic: &mut Nic, address: std::net::IpAddr, prefix: Option<u8>, source: &str) {
    if nic.addresses.iter().all(|told| told.address != address) {
        nic.addresses.push(GuestAddress {
            address,
            prefix,
            source: source.to_owned(),
        });
    }
}

/// Chains and services show managers that left no other mark.
fn managers(host: &mut System) {
    let mut seen = Vec::new();
    if let Some(filter) = host.filter.value() {
        for chain in &filter.chains {
            let name = chain.name.as_str();
            if name.starts_with("LIBVIRT_") || chain.table == "libvirt_network" {
                seen.push(FilterManager::Libvirt);
            } else if name == "DOCKER" || name.starts_with("DOCKER-") {
                seen.push(FilterManager::Docker);
            } else if name.starts_with("ufw-") {
                // The chains stay when ufw is switched off, but then nothing jumps to them; its own file
                // decides.
                continue;
            } else if chain.table == "firewalld" {
                seen.push(FilterManager::Firewalld);
            }
        }
    }
    let runs = |name: &str| {
        host.service(name)
            .is_some_and(|service| service.state == ServiceState::Running)
    };
    if runs("nftables.service") {
        seen.push(FilterManager::Nftables);
    }
    if runs("netfilter-persistent.service") || runs("iptables.service") {
        seen.push(FilterManager::IptablesPersistent);
    }
    if let Some(managers) = host.filter_managers.value_mut() {
        for manager in seen {
            if !managers.contains(&manager) {
                managers.push(manager);
            }
        }
        managers.sort();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Fact, HypervisorId, Machine, NeighborState};

    const NOW: i64 = 1_700_000_000;

    fn told(lease_ends: Option<i64>, neighbor: NeighborState) -> Vec<String> {
        let mac = "52:54:00:aa:bb:01".parse().expect("valid");
        let mut case = Case::default();
        let hypervisor = case.hypervisor_mut(HypervisorId::Libvirt);
        hypervisor.networks = Fact::known(
            vec![VirtualNetwork {
                name: "default".to_owned(),
                host_adapter: Some("virbr0".to_owned()),
                segment: Some("192.168.122.0/24".parse().expect("valid")),
                leases: lease_ends.map(|ends| {
                    vec![Lease {
                        address: "192.168.122.9".parse().expect("valid"),
                        mac: Some(mac),
                        host_name: None,
                        client_id: None,
                        ends: Some(ends),
                        abandoned: false,
                    }]
                }),
                ..VirtualNetwork::default()
            }],
            "test",
        );
        hypervisor.machines = Fact::known(
            vec![Machine {
                nics: vec![Nic {
                    network: Some("default".to_owned()),
                    mac: Some(mac),
                    ..Nic::default()
                }],
                ..Machine::default()
            }],
            "test",
        );
        case.host.neighbors = Fact::known(
            vec![Neighbor {
                address: "192.168.122.9".parse().expect("valid"),
                mac: Some(mac),
                adapter: Some("virbr0".to_owned()),
                state: neighbor,
                confirmed_ms_ago: None,
            }],
            "test",
        );
        let now = Timestamp::from_second(NOW).expect("valid");
        complete(&mut case, now);
        let once = case.clone();
        complete(&mut case, now);
        assert_eq!(case, once, "completing twice");
        case.hypervisors[0].machines.rows()[0].nics[0]
            .addresses
            .iter()
            .map(|told| format!("{}/{:?} {}", told.address, told.prefix, told.source))
            .collect()
    }

    #[test]
    fn a_lease_comes_before_the_neighbor_table() {
        assert_eq!(
            told(Some(NOW + 60), NeighborState::Reachable),
            ["192.168.122.9/Some(24) lease"]
        );
        assert_eq!(
            told(Some(NOW - 60), NeighborState::Failed),
            ["192.168.122.9/Some(24) expired lease"]
        );
        assert_eq!(
            told(None, NeighborState::Stale),
            ["192.168.122.9/None neighbor table"]
        );
        assert!(told(None, NeighborState::Failed).is_empty());
    }
}
