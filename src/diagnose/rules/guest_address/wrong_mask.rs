//! `wrong-mask`: the guest's prefix length differs from its segment's, so that it takes neighbors for strangers or
//! strangers for neighbors.

use ipnet::IpNet;

use super::super::prelude::*;

rule!("wrong-mask", GuestAddress, Guest, Stops, follows_from: ["host-vnic-wrong-subnet", "guest-static-wrong-subnet"], look_alikes: ["guest-static-wrong-subnet", "guest-firewall-blocks-inbound", "guest-wrong-gateway"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    if !s.involves_guest() {
        return None;
    }
    let own = own_net(s)?;
    let (segment, segment_source, configured) = right_segment(s)?;
    if own.prefix_len() == segment.prefix_len() || !segment.contains(&own.addr()) {
        return None;
    }
    let to = inside::peer(s).or_else(|| s.gateway())?;
    let too_narrow = segment.contains(&to) && !own.contains(&to);
    let too_wide = !segment.contains(&to) && own.contains(&to);
    // A narrow mask cuts the gateway off as well.
    let without_gateway = !segment.contains(&to)
        && s.gateway()
            .is_some_and(|gateway| segment.contains(&gateway) && !own.contains(&gateway));
    if !(too_narrow || too_wide || without_gateway) {
        return None;
    }
    // Packets for a neighbor that is taken for a stranger may still get there by the gateway, or by a route of their
    // own.
    let reached = too_narrow
        && inside::way(s, to, s.guest_ip).is_some_and(|leaves| {
            let by_router = leaves
                .via
                .is_some_and(|via| own.contains(&via) && s.host().holds(via) != Some(true));
            leaves.adapter.is_some() && (leaves.via.is_none() || by_router)
        });
    if reached {
        return None;
    }
    let confidence = if configured {
        Confidence::Confirmed
    } else {
        Confidence::Likely
    };
    Some(
        Found::new(confidence)
            .arg("wrong", own)
            .arg("prefix", segment.prefix_len())
            .arg("peer", to)
            .fact("fact-address", own, s.guest().adapters.source())
            .fact("fact-segment", segment, segment_source)
            .facts(probe_facts(s)),
    )
}

/// The guest's address with its prefix length, in its own words or the user's.
fn own_net(s: &Situation<'_>) -> Option<IpNet> {
    let address = s.guest_ip.filter(IpAddr::is_ipv4)?;
    let inside = s
        .guest()
        .adapters
        .rows()
        .iter()
        .flat_map(|adapter| adapter.nets())
        .find(|net| net.addr() == address);
    let told = || {
        let (told, prefix) = s.case.intake.guest_ip?;
        IpNet::new(told, prefix?).ok()
    };
    inside.or_else(told)
}

/// The segment as its own side has it, who says so, and whether that is sure: the product's configuration or the
/// host's translation rule, else the host's adapter.
fn right_segment(s: &Situation<'_>) -> Option<(IpNet, String, bool)> {
    let address = s.guest_ip?;
    let by_product = s
        .network
        .and_then(|network| network.segment)
        .filter(|segment| segment.contains(&address));
    if let Some(segment) = by_product {
        let source = s.product.map_or("", |product| product.networks.source());
        return Some((segment.trunc(), source.to_owned(), true));
    }
    let host = s
        .host_adapter
        .and_then(|adapter| adapter.on_segment_of(address))?
        .trunc();
    let translated = s
        .host()
        .filter
        .value()
        .map(filter::translated_segments)
        .unwrap_or_default();
    // A lease of the LAN and the router that the host reaches by it speak for the host's own mask.
    let lent = s.host_adapter.is_some_and(|adapter| {
        adapter
            .addresses
            .iter()
            .flatten()
            .any(|own| own.net.trunc() == host && own.origin == crate::model::AddressOrigin::Dhcp)
    });
    let sure = lent || translated.iter().any(|own| own.trunc() == host);
    Some((host, s.host().adapters.source().to_owned(), sure))
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let os = guest_os(s);
    let name = inside::card(s).map_or_else(|| guest_adapter_name(s), |adapter| adapter.name.clone());
    let example = ipnet::Ipv4Net::new_assert(std::net::Ipv4Addr::new(192, 0, 2, 10), 24);
    let v4 = |net: IpNet| match net {
        IpNet::V4(net) => Some(net),
        IpNet::V6(_) => None,
    };
    let old = own_net(s).and_then(v4);
    let prefix = right_segment(s).map_or(24, |(segment, _, _)| segment.prefix_len());
    let new = old
        .and_then(|old| ipnet::Ipv4Net::new(old.addr(), prefix).ok())
        .unwrap_or(example);
    let gateway = s.gateway().filter(|gateway| IpNet::V4(new).contains(gateway));
    remedy::set_address(os, &name, new, old, gateway, gateway)
}
