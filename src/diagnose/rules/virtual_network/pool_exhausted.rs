//! `dhcp-pool-exhausted`: every address that the network's DHCP server may lend is lent.

use super::super::prelude::*;
use crate::model::{DhcpServer, VirtualNetwork};
use std::net::Ipv4Addr;

rule!("dhcp-pool-exhausted", VirtualNetwork, Hypervisor, Stops, follows_from: ["virtual-network-not-started", "hypervisor-dhcp-service-stopped", "dnsmasq-not-running"], look_alikes: ["hypervisor-dhcp-service-stopped", "dnsmasq-not-running", "no-dhcp-on-network", "host-firewall-blocks-dhcp-dns"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    let network = s.network?;
    if !s.involves_guest() {
        return None;
    }
    let dhcp = network.dhcp.as_ref().filter(|dhcp| dhcp.enabled != Some(false))?;
    let (first, last, size) = pool(dhcp)?;
    let taken = lent(s, network, first, last)?;
    // A lease of its own would be renewed.
    let own = s.nic.and_then(|nic| nic.mac);
    let has_one = network
        .leases
        .iter()
        .flatten()
        .any(|lease| own.is_some() && lease.mac == own && !lease.abandoned);
    if taken < size || has_one {
        return None;
    }
    let (confidence, facts) = Lease::missing(s)?;
    Some(
        Found::new(confidence)
            .arg("size", size)
            .fact(
                "fact-pool",
                format!("{first} – {last}: {taken} / {size}"),
                networks_source(s),
            )
            .facts(facts),
    )
}

/// First and last address of the pool, and how many it has.
fn pool(dhcp: &DhcpServer) -> Option<(IpAddr, IpAddr, u32)> {
    match (dhcp.first?, dhcp.last?) {
        (IpAddr::V4(first), IpAddr::V4(last)) => {
            let size = u32::from(last).checked_sub(u32::from(first))?.checked_add(1)?;
            Some((first.into(), last.into(), size))
        }
        _ => None,
    }
}

/// How many addresses of the pool are lent or given up; leases that ended are free again. `None` when the leases
/// are not known.
fn lent(s: &Situation<'_>, network: &VirtualNetwork, first: IpAddr, last: IpAddr) -> Option<u32> {
    let now = s
        .case
        .taken_at
        .as_deref()
        .and_then(|text| text.parse::<jiff::Timestamp>().ok())
        .map(jiff::Timestamp::as_second);
    let mut taken: Vec<IpAddr> = network
        .leases
        .as_ref()?
        .iter()
        .filter(|lease| (first..=last).contains(&lease.address))
        .filter(|lease| match (lease.ends, now) {
            (Some(ends), Some(now)) => ends == 0 || ends > now || lease.abandoned,
            _ => true,
        })
        .map(|lease| lease.address)
        .collect();
    taken.sort();
    taken.dedup();
    u32::try_from(taken.len()).ok()
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let name = s.network_name();
    let dhcp = s.network.and_then(|network| network.dhcp.as_ref());
    let pool = dhcp.and_then(|dhcp| match (dhcp.first?, dhcp.last?) {
        (IpAddr::V4(first), IpAddr::V4(last)) => Some((first, last)),
        _ => None,
    });
    let mut more = pool.and_then(|pool| room_beside(s, pool));
    // Without a case it is shown with stand-ins (RFC 5737).
    let mut pool = pool;
    if without_case(s) {
        let example =
            |first: u8, last: u8| Some((Ipv4Addr::new(192, 0, 2, first), Ipv4Addr::new(192, 0, 2, last)));
        (pool, more) = (example(128, 254), example(10, 127));
    }
    with_product(s, |product| {
        product.widen_pool(&name, &s.adapter_name(), pool, more)
    })
}

/// The larger free part of the segment, above or below the pool, without the host's and the gateway's address.
fn room_beside(s: &Situation<'_>, pool: (Ipv4Addr, Ipv4Addr)) -> Option<(Ipv4Addr, Ipv4Addr)> {
    let ipnet::IpNet::V4(segment) = s.segment? else {
        return None;
    };
    let (low, high) = (u32::from(segment.network()), u32::from(segment.broadcast()));
    let taken: Vec<u32> = [s.host_address(), s.gateway()]
        .into_iter()
        .flatten()
        .filter_map(|address| match address {
            IpAddr::V4(address) => Some(u32::from(address)),
            IpAddr::V6(_) => None,
        })
        .collect();
    let above = u32::from(pool.1).checked_add(1)?..high;
    let first = taken
        .iter()
        .copied()
        .filter(|own| *own < u32::from(pool.0))
        .max()
        .unwrap_or(low);
    let below = first.checked_add(1)?..u32::from(pool.0);
    let range = if above.len() >= below.len() { above } else { below };
    let last = range.end.checked_sub(1)?;
    let free = !range.is_empty() && !taken.iter().any(|own| range.contains(own));
    free.then(|| (range.start.into(), last.into()))
}
