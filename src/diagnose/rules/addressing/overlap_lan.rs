//! `subnet-overlap-lan`: the virtual segment shares addresses with the physical one.

use super::super::prelude::*;
use crate::model::{Adapter, overlap};
use ipnet::IpNet;

rule!("subnet-overlap-lan", Addressing, Network, Stops, follows_from: [], look_alikes: ["host-route-wrong", "vpn-route-hijack", "duplicate-ip"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    let on_the_lan = matches!(
        s.mode,
        Some(Mode::Bridged | Mode::External | Mode::Macvtap | Mode::Mirrored)
    );
    if !s.involves_guest() || on_the_lan {
        return None;
    }
    let (physical, lan, own, segment) = overlapping(s)?;
    let host = s.host();
    // The overlap stops the traffic when the look-up picks the physical side, or when what the guest looks for
    // outside has an address of its own segment.
    let decides = match s.direction()? {
        Direction::GuestToInternet => s.target.is_some_and(|target| segment.contains(&target)),
        Direction::LanToGuest => true,
        _ => s.guest_ip.is_some_and(|guest| {
            lan.contains(&guest)
                && (matches!(s.way_to(guest), Way::Adapter { name, .. } if name == physical.name)
                    || super::super::host_route::overlap_leads_to(s, physical))
        }),
    };
    decides.then(|| {
        Found::new(Confidence::Confirmed)
            .arg("lan", lan.trunc())
            .arg("physical", &physical.name)
            .facts([adapter_fact(s, physical)])
            .facts(own.map(|adapter| adapter_fact(s, adapter)))
            .fact(
                "fact-segment",
                segment,
                if s.network.is_some() {
                    s.product.map_or("", |product| product.networks.source())
                } else {
                    host.adapters.source()
                },
            )
            .facts(s.guest_ip.and_then(|guest| way_fact(s, guest)))
    })
}

/// The physical adapter whose segment shares addresses with the guest's, with both segments.
fn overlapping<'a>(s: &Situation<'a>) -> Option<(&'a Adapter, IpNet, Option<&'a Adapter>, IpNet)> {
    let host = s.host();
    let segment = s.segment?;
    let virtual_side = s.host_adapter.filter(|adapter| !role::is_uplink(host, adapter));
    host.adapters
        .rows()
        .iter()
        .filter(|adapter| {
            virtual_side.is_none_or(|own| own.name != adapter.name)
                && role::is_uplink(host, adapter)
                && !role::is_virtual(adapter)
                && !adapter.is_tunnel()
        })
        .find_map(|adapter| {
            let lan = adapter
                .nets()
                .find(|net| !crate::model::is_link_local(net.addr()) && overlap(*net, segment))?;
            // The same adapter's own segment is no overlap: the guest is simply bridged there.
            (virtual_side.is_some() || s.network.is_some()).then_some((adapter, lan, virtual_side, segment))
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
