//! How the card is connected: told by the product, else betrayed by adapters and addresses.

use std::net::IpAddr;

use ipnet::IpNet;

use super::super::{filter, role};
use crate::model::{AdapterKind, Case, HypervisorId, Mode, Nic, VirtualNetwork};

pub(super) fn find_mode(
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
pub(super) fn translated(
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
pub(super) fn guess_mode(
    case: &Case,
    hypervisor: Option<HypervisorId>,
    guest_ip: Option<IpAddr>,
) -> Option<Mode> {
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
        let behind_nat = filter::translated_segments(filter)
            .iter()
            .any(|segment| crate::model::overlap(*segment, net));
        return behind_nat.then_some(Mode::Nat);
    }
    None
}

pub(super) fn guess_hypervisor(case: &Case, guest_ip: Option<IpAddr>) -> Option<HypervisorId> {
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
