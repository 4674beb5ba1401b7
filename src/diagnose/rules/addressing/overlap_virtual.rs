//! `subnet-overlap-virtual`: two virtual networks of the host share addresses, and the host's look-up picks the other one.

use super::super::prelude::*;
use crate::model::{Adapter, overlap};

rule!("subnet-overlap-virtual", Addressing, Host, Stops, follows_from: ["host-vnic-down", "host-vnic-disabled", "host-vnic-missing"], look_alikes: ["host-route-wrong", "subnet-overlap-lan", "stale-address"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    if !host_looks_up(s) || is_bridged(s) {
        return None;
    }
    let guest = s.guest_ip?;
    let (other, net) = other_network(s)?;
    let picked = matches!(s.way_to(guest), Way::Adapter { name, .. } if name == other.name);
    // On which of the two the guest is must be told by the product; names only suggest it.
    let told = s.network.is_some_and(|network| network.host_adapter.is_some());
    let confidence = match told {
        true => Confidence::Confirmed,
        false if role::hypervisor_of_name(other) != s.hypervisor => Confidence::Likely,
        false if only_here(s, other) => Confidence::Likely,
        false => Confidence::Possible,
    };
    picked.then(|| {
        Found::new(confidence)
            .arg("other", &other.name)
            .arg("other_segment", net.trunc())
            .facts(s.host_adapter.map(|adapter| adapter_fact(s, adapter)))
            .facts([adapter_fact(s, other)])
            .facts(way_fact(s, guest))
            .facts(probe_facts(s))
    })
}

/// Whether machines are plugged into the guest's own bridge and none into the other.
fn only_here(s: &Situation<'_>, other: &Adapter) -> bool {
    let used = |bridge: &Adapter| role::ports(s.host(), bridge).any(role::is_machine_port);
    s.host_adapter.is_some_and(used) && !used(other)
}

/// Another virtual network's adapter, or one of containers, whose segment shares addresses with the guest's.
fn other_network<'a>(s: &Situation<'a>) -> Option<(&'a Adapter, ipnet::IpNet)> {
    let host = s.host();
    let own = s.host_adapter?;
    let segment = s.segment?;
    let own_inside = own.nets().any(|net| overlap(net, segment));
    host.adapters
        .rows()
        .iter()
        .filter(|other| {
            other.name != own.name
                && own_inside
                && other.master.as_deref() != Some(own.name.as_str())
                && !other.is_tunnel()
                && !role::is_uplink(host, other)
                && (role::is_virtual(other)
                    || role::is_container(&other.name)
                    || other.kind == AdapterKind::Bridge)
        })
        .find_map(|other| {
            let net = other
                .nets()
                .find(|net| !crate::model::is_link_local(net.addr()) && overlap(*net, segment))?;
            Some((other, net))
        })
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let mut ways = with_product(s, |product| {
        product.renumber(&s.network_name(), &s.adapter_name())
    });
    if let (Some(guest), Some(adapter)) = (s.guest_ip, s.host_adapter) {
        let one = ipnet::IpNet::from(guest);
        ways.extend(remedy::route_to_segment(
            s.host_os,
            one,
            &adapter.name,
            s.host_address(),
        ));
    }
    ways
}
