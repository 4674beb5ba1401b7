//! Adapters as netdev lists them: the same on every system.

use std::net::IpAddr;

use ipnet::IpNet;
use netdev::interface::types::InterfaceType;

use crate::model::{Adapter, AdapterAddress, AdapterKind, AddressOrigin, Mac, is_link_local};
use crate::parse::merge;

/// One adapter, as far as netdev knows it.
pub(super) fn adapter(listed: &netdev::Interface) -> Adapter {
    let mut adapter = Adapter::named(shown_name(listed));
    adapter.description.clone_from(&listed.description);
    adapter.index = Some(listed.index);
    adapter.mac = listed
        .mac_addr
        .map(|mac| Mac(mac.octets()))
        .filter(|mac| !mac.is_zero());
    adapter.kind = match listed.if_type {
        InterfaceType::Loopback => AdapterKind::Loopback,
        InterfaceType::Wireless80211 => AdapterKind::WiFi,
        InterfaceType::Bridge => AdapterKind::Bridge,
        InterfaceType::Ppp | InterfaceType::Tunnel => AdapterKind::Tunnel,
        InterfaceType::Ethernet => AdapterKind::Ethernet,
        _ => AdapterKind::Unknown,
    };
    // Linux tells what an adapter is made of; elsewhere its name and its driver's do.
    let by_name = match cfg!(target_os = "linux") {
        true => AdapterKind::Unknown,
        false => merge::kind_by_name(&adapter.name, adapter.description.as_deref()),
    };
    if by_name != AdapterKind::Unknown && adapter.kind != AdapterKind::WiFi {
        adapter.kind = by_name;
    }
    adapter.enabled = Some(listed.is_up());
    let nets = listed.ipv4.iter().copied().map(IpNet::V4);
    let nets = nets.chain(listed.ipv6.iter().copied().map(IpNet::V6));
    adapter.addresses = Some(
        nets.map(|net| AdapterAddress {
            origin: if is_link_local(net.addr()) {
                AddressOrigin::LinkLocal
            } else {
                AddressOrigin::Unknown
            },
            ..AdapterAddress::new(net)
        })
        .collect(),
    );
    adapter.mtu = listed.mtu;
    if let Some(gateway) = &listed.gateway {
        adapter
            .gateways
            .extend(gateway.ipv4.iter().copied().map(IpAddr::V4));
        adapter
            .gateways
            .extend(gateway.ipv6.iter().copied().map(IpAddr::V6));
    }
    adapter.dns.clone_from(&listed.dns_servers);
    adapter.dhcp = listed.dhcp_v4_enabled;
    adapter
}

/// Windows knows an adapter by a GUID; its commands take the name that people see.
fn shown_name(listed: &netdev::Interface) -> String {
    match (&listed.friendly_name, cfg!(windows)) {
        (Some(name), true) => name.clone(),
        _ => listed.name.clone(),
    }
}
