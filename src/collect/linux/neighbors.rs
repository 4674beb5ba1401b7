//! The neighbor table with the age of each confirmation, and the bridges' forwarding entries.

use std::net::IpAddr;

use rtnetlink::packet_route::AddressFamily;
use rtnetlink::packet_route::neighbour::{
    NeighbourAddress, NeighbourAttribute, NeighbourFlags, NeighbourMessage, NeighbourState,
};

use super::super::source::Ledger;
use super::netlink;
use crate::model::{Fact, Gap, Mac, Neighbor, NeighborState};

/// One tick of the clock in which the kernel tells ages: `USER_HZ` is 100 a second on every architecture
/// that this program is built for.
const MILLISECONDS_A_TICK: u64 = 10;

/// Reads both tables.
pub(super) async fn read(ledger: Ledger) -> Result<(), Gap> {
    let netlink = netlink::connect()?;
    let names = netlink::names(&netlink::links(&netlink).await?);
    let name = |index: u32| names.get(&index).cloned();

    let rows = netlink::rows(netlink.handle.neighbours().get().execute()).await?;
    let neighbors: Vec<Neighbor> = rows
        .iter()
        .filter_map(|row| neighbor(row, name(row.header.ifindex)))
        .collect();
    ledger.facts(move |case| case.host.neighbors = Fact::known(neighbors.clone(), "netlink RTM_GETNEIGH"));

    let question = netlink
        .handle
        .neighbours()
        .get()
        .set_address_family(AddressFamily::Bridge);
    let rows = netlink::rows(question.execute()).await?;
    let entries: Vec<_> = rows
        .iter()
        .filter_map(|row| {
            let (mac, bridge) = bridge_entry(row)?;
            Some((mac, name(row.header.ifindex)?, bridge.and_then(name)))
        })
        .collect();
    ledger.facts(move |case| {
        case.host.bridge_entries = Fact::known(entries.clone(), "netlink RTM_GETNEIGH bridge");
    });
    Ok(())
}

/// An entry that somebody was asked for. Entries of adapters that never ask (loopback, multicast) say
/// nothing; `ip neigh` leaves them out too.
fn neighbor(row: &NeighbourMessage, adapter: Option<String>) -> Option<Neighbor> {
    let state = match row.header.state {
        NeighbourState::Reachable => NeighborState::Reachable,
        NeighbourState::Stale => NeighborState::Stale,
        NeighbourState::Delay => NeighborState::Delay,
        NeighbourState::Probe => NeighborState::Probe,
        NeighbourState::Incomplete => NeighborState::Incomplete,
        NeighbourState::Failed => NeighborState::Failed,
        NeighbourState::Permanent => NeighborState::Permanent,
        NeighbourState::Noarp | NeighbourState::None => return None,
        _ => NeighborState::Unknown,
    };
    if row.header.flags.contains(NeighbourFlags::Proxy) {
        return None;
    }
    let (mut address, mut mac, mut confirmed) = (None, None, None);
    for attribute in &row.attributes {
        match attribute {
            NeighbourAttribute::Destination(NeighbourAddress::Inet(told)) => {
                address = Some(IpAddr::V4(*told))
            }
            NeighbourAttribute::Destination(NeighbourAddress::Inet6(told)) => {
                address = Some(IpAddr::V6(*told))
            }
            NeighbourAttribute::LinkLayerAddress(bytes) => mac = netlink::mac(bytes),
            NeighbourAttribute::CacheInfo(info) => confirmed = Some(u64::from(info.confirmed)),
            _ => {}
        }
    }
    // The kernel backdates the confirmation of an entry that was never confirmed, and a permanent one has
    // none: only where somebody answered does the number mean anything.
    let answered = mac.is_some()
        && !matches!(
            state,
            NeighborState::Incomplete | NeighborState::Failed | NeighborState::Permanent
        );
    Some(Neighbor {
        address: address?,
        mac,
        adapter,
        state,
        confirmed_ms_ago: confirmed
            .filter(|_| answered)
            .map(|ticks| ticks * MILLISECONDS_A_TICK),
    })
}

/// The hardware address and the bridge's index of an entry that a bridge learned. A port's own addresses are
/// permanent, and groups are nobody.
fn bridge_entry(row: &NeighbourMessage) -> Option<(Mac, Option<u32>)> {
    if row.header.state == NeighbourState::Permanent || row.header.flags.contains(NeighbourFlags::Own) {
        return None;
    }
    let (mut mac, mut bridge) = (None, None);
    for attribute in &row.attributes {
        match attribute {
            NeighbourAttribute::LinkLayerAddress(bytes) => mac = netlink::mac(bytes),
            NeighbourAttribute::Controller(index) => bridge = Some(*index),
            _ => {}
        }
    }
    mac.filter(|mac| !mac.is_group() && !mac.is_zero())
        .map(|mac| (mac, bridge))
}
