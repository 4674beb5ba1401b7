//! The neighbor table over netlink, with the age of each confirmation.

use std::collections::BTreeMap;
use std::io;
use std::net::IpAddr;

use futures_util::StreamExt as _;
use rtnetlink::packet_route::link::LinkAttribute;
use rtnetlink::packet_route::neighbour::{
    NeighbourAddress, NeighbourAttribute, NeighbourMessage, NeighbourState,
};

use crate::model::{Mac, Neighbor, NeighborState};
use crate::probe::neighbor::Entry;

/// Netlink counts ages in hundredths of a second on every Linux (`USER_HZ`, `time(7)`).
const MS_PER_TICK: u64 = 10;

/// Entries read at most; the kernel itself keeps fewer (`gc_thresh3`, 1024 by default).
const MAX_ENTRIES: usize = 65_536;

/// Reads the whole neighbor table.
///
/// # Errors
/// When netlink may not be used and `/proc/net/arp` cannot be read either.
pub(in crate::probe) async fn neighbors() -> io::Result<Vec<Entry>> {
    match by_netlink().await {
        Ok(entries) => Ok(entries),
        Err(_) => Ok(parse_proc_net_arp(&std::fs::read_to_string("/proc/net/arp")?)),
    }
}

async fn by_netlink() -> io::Result<Vec<Entry>> {
    let (connection, handle, _) = rtnetlink::new_connection()?;
    let connection = tokio::spawn(connection);
    let mut names = BTreeMap::new();
    let mut links = handle.link().get().execute();
    while let Some(link) = links.next().await {
        let link = link.map_err(io::Error::other)?;
        for attribute in link.attributes {
            if let LinkAttribute::IfName(name) = attribute {
                names.insert(link.header.index, name);
            }
        }
    }
    let mut entries = Vec::new();
    let mut table = Box::pin(handle.neighbours().get().execute());
    while let Some(message) = table.next().await {
        let message = message.map_err(io::Error::other)?;
        entries.extend(entry(&message, &names));
        if entries.len() >= MAX_ENTRIES {
            break;
        }
    }
    connection.abort();
    Ok(entries)
}

/// One row of the table; `None` for rows that are no IP neighbors (a bridge's forwarding entries).
fn entry(message: &NeighbourMessage, names: &BTreeMap<u32, String>) -> Option<Entry> {
    let mut address = None;
    let mut mac = None;
    let mut ages = None;
    for attribute in &message.attributes {
        match attribute {
            NeighbourAttribute::Destination(NeighbourAddress::Inet(v4)) => address = Some(IpAddr::V4(*v4)),
            NeighbourAttribute::Destination(NeighbourAddress::Inet6(v6)) => address = Some(IpAddr::V6(*v6)),
            NeighbourAttribute::LinkLayerAddress(bytes) => {
                mac = <[u8; 6]>::try_from(bytes.as_slice())
                    .ok()
                    .map(Mac)
                    .filter(|mac| !mac.is_zero());
            }
            NeighbourAttribute::CacheInfo(info) => ages = Some((info.confirmed, info.updated)),
            _ => {}
        }
    }
    let state = match message.header.state {
        NeighbourState::Incomplete => NeighborState::Incomplete,
        NeighbourState::Reachable => NeighborState::Reachable,
        NeighbourState::Stale => NeighborState::Stale,
        NeighbourState::Delay => NeighborState::Delay,
        NeighbourState::Probe => NeighborState::Probe,
        NeighbourState::Failed => NeighborState::Failed,
        NeighbourState::Noarp => NeighborState::NoArp,
        NeighbourState::Permanent => NeighborState::Permanent,
        _ => NeighborState::Unknown,
    };
    Some(Entry {
        neighbor: Neighbor {
            address: address?,
            mac,
            adapter: names.get(&message.header.ifindex).cloned(),
            state,
            // An entry that was never confirmed carries an age all the same: that of its making, set back.
            confirmed_ms_ago: ages
                .filter(|_| mac.is_some())
                .map(|(confirmed, _)| u64::from(confirmed) * MS_PER_TICK),
        },
        changed_ms_ago: ages.map(|(_, updated)| u64::from(updated) * MS_PER_TICK),
    })
}

/// The table as text, `proc_net_arp(5)`: complete or not, and no ages.
fn parse_proc_net_arp(text: &str) -> Vec<Entry> {
    text.lines()
        .skip(1)
        .take(MAX_ENTRIES)
        .filter_map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            let [address, _, flags, mac, _, adapter] = words[..] else {
                return None;
            };
            let flags = u32::from_str_radix(flags.trim_start_matches("0x"), 16).ok()?;
            let (complete, permanent) = (flags & 2 != 0, flags & 4 != 0);
            Some(Entry {
                neighbor: Neighbor {
                    address: address.parse().ok()?,
                    mac: mac.parse::<Mac>().ok().filter(|mac| complete && !mac.is_zero()),
                    adapter: Some(adapter.to_owned()),
                    state: match (permanent, complete) {
                        (true, _) => NeighborState::Permanent,
                        (false, true) => NeighborState::Unknown,
                        (false, false) => NeighborState::Incomplete,
                    },
                    confirmed_ms_ago: None,
                },
                changed_ms_ago: None,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_as_text() {
        let text = "\
IP address       HW type     Flags       HW address            Mask     Device
192.168.122.77   0x1         0x2         52:54:00:4b:93:6d     *        virbr0
192.168.122.9    0x1         0x0         00:00:00:00:00:00     *        virbr0
10.0.0.1         0x1         0x6         02:00:00:00:00:01     *        eth0
nonsense
";
        let entries = parse_proc_net_arp(text);
        let states: Vec<_> = entries
            .iter()
            .map(|entry| (entry.neighbor.state, entry.neighbor.mac.is_some()))
            .collect();
        assert_eq!(
            states,
            [
                (NeighborState::Unknown, true),
                (NeighborState::Incomplete, false),
                (NeighborState::Permanent, true)
            ]
        );
    }

    #[tokio::test]
    async fn netlink_answers() {
        // Whatever stands in it: the table can be read without rights.
        by_netlink().await.unwrap();
    }
}
