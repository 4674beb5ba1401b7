//! `subnet-overlap-vpn`: the VPN's own network has the addresses of the virtual segment, so that no order of routes serves both.

use super::super::prelude::*;
use crate::model::{Adapter, LookUp, overlap};

rule!("subnet-overlap-vpn", Addressing, Network, Stops, follows_from: ["host-vnic-down", "host-vnic-disabled", "host-vnic-missing", "host-vnic-no-address", "host-vnic-apipa"], look_alikes: ["vpn-route-hijack", "vpn-blocks-local-lan", "subnet-overlap-lan"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    if !host_looks_up(s) || is_bridged(s) {
        return None;
    }
    let guest = s.guest_ip?;
    let Way::Adapter { name, .. } = s.way_to(guest) else {
        return None;
    };
    let tunnel = s.host().adapter(&name).filter(|adapter| adapter.is_tunnel())?;
    let own = s.host_adapter.filter(|own| own.on_segment_of(guest).is_some())?;
    let theirs = shared(s, tunnel, guest)?;
    Some(
        Found::new(Confidence::Confirmed)
            .arg("tunnel", &tunnel.name)
            .arg("theirs", theirs)
            .facts([adapter_fact(s, tunnel), adapter_fact(s, own)])
            .facts(way_fact(s, guest))
            .facts(probe_facts(s)),
    )
}

/// The VPN's prefix that has the segment's addresses: the tunnel's own, or a row of just this segment. What leads only
/// part of the segment or everything into the tunnel is a route to be put right (`vpn-route-hijack`).
fn shared(s: &Situation<'_>, tunnel: &Adapter, guest: IpAddr) -> Option<ipnet::IpNet> {
    let segment = s.segment?.trunc();
    let own = tunnel
        .nets()
        .find(|net| net.contains(&guest) && net.prefix_len() < 31 && overlap(*net, segment));
    let row = || match s.host().look_up(guest, None) {
        LookUp::Row(row)
            if row.destination.trunc() == segment && row.adapter.as_deref() == Some(tunnel.name.as_str()) =>
        {
            Some(row.destination)
        }
        _ => None,
    };
    own.or_else(row).map(|net| net.trunc())
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
    ways.push(remedy::ask(
        Where::Network,
        Message::new("remedy-vpn-overlap-ask").with("segment", segment_or_example(s)),
    ));
    ways
}
