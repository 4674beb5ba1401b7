//! The network that the card is on, its segment, and the host's adapter there.

use std::net::IpAddr;

use ipnet::IpNet;

use super::super::{filter, role};
use crate::model::{Adapter, Case, Hypervisor, HypervisorId, Mode, Nic, System, VirtualNetwork};

pub(super) fn find_network<'a>(
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

pub(super) fn find_host_adapter<'a>(
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

pub(super) fn find_segment(
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
        filter::translated_segments(filter)
            .into_iter()
            .find(|segment| segment.contains(&address))
    };
    let main = || {
        let adapter = host_adapter?;
        adapter.main_ipv4().map(IpNet::V4)
    };
    own.or_else(translated).or_else(main).map(|net| net.trunc())
}
