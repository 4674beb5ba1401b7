//! What the kernel tells those who listen to its routing socket, `rtnetlink(7)`.

use std::net::IpAddr;

use futures_util::StreamExt as _;
use ipnet::IpNet;
use rtnetlink::packet_core::{NetlinkMessage, NetlinkPayload};
use rtnetlink::packet_route::RouteNetlinkMessage;
use rtnetlink::packet_route::address::{AddressAttribute, AddressMessage};
use rtnetlink::packet_route::link::{LinkAttribute, LinkFlags, LinkMessage};
use rtnetlink::packet_route::neighbour::{
    NeighbourAddress, NeighbourAttribute, NeighbourMessage, NeighbourState,
};
use rtnetlink::packet_route::route::{
    RouteAddress, RouteAttribute, RouteFlags, RouteHeader, RouteMessage, RouteType,
};
use rtnetlink::{MulticastGroup, new_multicast_connection};

use crate::model::Mac;
use crate::probe::watch::{AdapterNow, Change, Known, RouteSeen, poll};

const GROUPS: [MulticastGroup; 6] = [
    MulticastGroup::Link,
    MulticastGroup::Neigh,
    MulticastGroup::Ipv4Ifaddr,
    MulticastGroup::Ipv6Ifaddr,
    MulticastGroup::Ipv4Route,
    MulticastGroup::Ipv6Route,
];

/// Routes are told, and not looked at.
pub(in crate::probe) fn routes() -> Vec<RouteSeen> {
    Vec::new()
}

/// Tells of changes until the socket ends.
pub(in crate::probe) async fn changes(mut tell: impl FnMut(Change)) {
    let Ok((connection, handle, mut messages)) = new_multicast_connection(&GROUPS) else {
        return poll(None, tell).await;
    };
    let driver = tokio::spawn(connection);
    let mut known = Known::default();
    let mut links = handle.link().get().execute();
    while let Some(Ok(link)) = links.next().await {
        link_change(&mut known, &link, false);
    }
    let mut table = Box::pin(handle.neighbours().get().execute());
    while let Some(Ok(neighbor)) = table.next().await {
        neighbor_change(&mut known, &neighbor);
    }
    drop(table);
    while let Some((message, _)) = messages.next().await {
        if let Some(change) = read(&mut known, &message) {
            tell(change);
        }
    }
    driver.abort();
}

fn read(known: &mut Known, message: &NetlinkMessage<RouteNetlinkMessage>) -> Option<Change> {
    let NetlinkPayload::InnerMessage(message) = &message.payload else {
        return None;
    };
    match message {
        RouteNetlinkMessage::NewLink(link) => link_change(known, link, false),
        RouteNetlinkMessage::DelLink(link) => link_change(known, link, true),
        RouteNetlinkMessage::NewAddress(address) => address_change(known, address, true),
        RouteNetlinkMessage::DelAddress(address) => address_change(known, address, false),
        RouteNetlinkMessage::NewRoute(route) => route_change(known, route, true),
        RouteNetlinkMessage::DelRoute(route) => route_change(known, route, false),
        RouteNetlinkMessage::NewNeighbour(neighbor) => neighbor_change(known, neighbor),
        _ => None,
    }
}

fn link_change(known: &mut Known, link: &LinkMessage, gone: bool) -> Option<Change> {
    let name = link.attributes.iter().find_map(|attribute| match attribute {
        LinkAttribute::IfName(name) => Some(name.clone()),
        _ => None,
    })?;
    let flags = link.header.flags;
    let now = if gone {
        AdapterNow::Gone
    } else if !flags.contains(LinkFlags::Up) {
        AdapterNow::Off
    } else if flags.contains(LinkFlags::LowerUp) {
        AdapterNow::Up
    } else {
        AdapterNow::Unplugged
    };
    known.adapter(link.header.index, name, now)
}

fn address_change(known: &Known, message: &AddressMessage, there: bool) -> Option<Change> {
    // Of a point-to-point link `Address` is the other end.
    let of = |wanted: fn(&AddressAttribute) -> Option<IpAddr>| message.attributes.iter().find_map(wanted);
    let local = of(|attribute| match attribute {
        AddressAttribute::Local(address) => Some(*address),
        _ => None,
    });
    let address = local.or_else(|| {
        of(|attribute| match attribute {
            AddressAttribute::Address(address) => Some(*address),
            _ => None,
        })
    })?;
    Some(Change::Address {
        adapter: known.name(message.header.index)?,
        address,
        there,
    })
}

fn route_change(known: &Known, message: &RouteMessage, there: bool) -> Option<Change> {
    let header = &message.header;
    // The table of own addresses repeats what addresses tell.
    if header.table != RouteHeader::RT_TABLE_MAIN
        || header.kind != RouteType::Unicast
        || header.flags.contains(RouteFlags::Cloned)
    {
        return None;
    }
    let ip = |address: &RouteAddress| match address {
        RouteAddress::Inet(v4) => Some(IpAddr::V4(*v4)),
        RouteAddress::Inet6(v6) => Some(IpAddr::V6(*v6)),
        _ => None,
    };
    let (mut to, mut via, mut adapter) = (None, None, None);
    for attribute in &message.attributes {
        match attribute {
            RouteAttribute::Destination(address) => to = ip(address),
            RouteAttribute::Gateway(address) => via = ip(address),
            RouteAttribute::Oif(index) => adapter = known.name(*index),
            _ => {}
        }
    }
    let v6 = header.address_family == rtnetlink::packet_route::AddressFamily::Inet6;
    let any = if v6 {
        IpAddr::from([0_u16; 8])
    } else {
        IpAddr::from([0_u8; 4])
    };
    Some(Change::Route {
        to: IpNet::new(to.unwrap_or(any), header.destination_prefix_length).ok()?,
        via,
        adapter,
        there,
    })
}

fn neighbor_change(known: &mut Known, message: &NeighbourMessage) -> Option<Change> {
    let (mut address, mut mac) = (None, None);
    for attribute in &message.attributes {
        match attribute {
            NeighbourAttribute::Destination(NeighbourAddress::Inet(v4)) => address = Some(IpAddr::V4(*v4)),
            NeighbourAttribute::Destination(NeighbourAddress::Inet6(v6)) => address = Some(IpAddr::V6(*v6)),
            NeighbourAttribute::LinkLayerAddress(bytes) => {
                mac = <[u8; 6]>::try_from(bytes.as_slice()).ok().map(Mac);
            }
            _ => {}
        }
    }
    let address = address.filter(|address| !address.is_multicast())?;
    match message.header.state {
        NeighbourState::Failed => known.neighbor(message.header.ifindex, address, None),
        NeighbourState::Reachable | NeighbourState::Stale | NeighbourState::Permanent => {
            known.neighbor(message.header.ifindex, address, Some(mac?))
        }
        _ => None,
    }
}
