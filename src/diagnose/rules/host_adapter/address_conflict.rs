//! `host-vnic-address-conflict`: the host's adapter holds the address of the guest or of the NAT engine.

use super::super::prelude::*;
use crate::model::Adapter;

rule!("host-vnic-address-conflict", HostAdapter, Host, Stops, follows_from: [], look_alikes: ["duplicate-ip", "hypervisor-nat-service-stopped", "stale-address"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    let (adapter, address, whose) = taken(s)?;
    let source = match whose {
        Whose::Guest => s.guest_ip_source.clone(),
        Whose::Engine => s
            .product
            .map_or("", |product| product.networks.source())
            .to_owned(),
    };
    // An address that only the user told may be a slip of the pen.
    let confidence = match whose {
        Whose::Guest if s.guest_ip_source == "user" => Confidence::Likely,
        _ => Confidence::Confirmed,
    };
    let fact = match whose {
        Whose::Guest => "fact-address",
        Whose::Engine => "fact-gateway",
    };
    Some(
        Found::new(confidence)
            .arg("address", address)
            .arg("adapter", &adapter.name)
            .facts([adapter_fact(s, adapter)])
            .fact(fact, address, source),
    )
}

#[derive(Clone, Copy)]
enum Whose {
    Guest,
    Engine,
}

fn taken<'a>(s: &Situation<'a>) -> Option<(&'a Adapter, IpAddr, Whose)> {
    if !s.involves_guest() || matches!(s.mode, Some(Mode::Mirrored | Mode::User)) {
        return None;
    }
    let holder = |address: IpAddr| {
        s.host().adapters.rows().iter().find(|adapter| {
            adapter.holds(address) && adapter.kind != AdapterKind::Loopback && !address.is_loopback()
        })
    };
    if let Some(guest) = s.guest_ip
        && let Some(adapter) = holder(guest)
    {
        return Some((adapter, guest, Whose::Guest));
    }
    // VMware's engine has an address of its own beside the host's; elsewhere the host is the gateway.
    let engine = s.network.and_then(|network| network.nat_address)?;
    let vmware = matches!(
        s.hypervisor,
        Some(HypervisorId::VmwareWorkstation | HypervisorId::VmwareFusion)
    );
    let needs_engine = s.crosses_uplink() && s.mode == Some(Mode::Nat);
    let adapter = holder(engine).filter(|_| vmware && needs_engine)?;
    Some((adapter, engine, Whose::Engine))
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let (wanted, _) = super::no_address::wanted_address(s);
    let held = taken(s);
    let adapter = held.map_or_else(|| s.adapter_name(), |(adapter, _, _)| adapter.name.clone());
    let old = held.and_then(|(adapter, address, _)| adapter.nets().find(|net| net.addr() == address));
    let free = held.is_none_or(|(_, address, _)| IpAddr::V4(wanted.addr()) != address);
    let mut ways = Vec::new();
    if free {
        ways.extend(remedy::set_adapter_address(
            Where::Host,
            s.host_os,
            &adapter,
            wanted,
            old,
        ));
    }
    if held.is_none_or(|(_, _, whose)| matches!(whose, Whose::Guest)) {
        let os = guest_os(s);
        if let Some(new) = address_in_segment(s).filter(|new| Some(IpAddr::V4(new.addr())) != s.guest_ip) {
            ways.extend(remedy::set_address(
                os,
                &guest_adapter_name(s),
                new,
                None,
                s.gateway(),
                None,
            ));
        }
        ways.extend(remedy::renew_lease(os, &guest_adapter_name(s)));
    }
    ways
}
