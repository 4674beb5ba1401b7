//! Adapters: netdev's list, completed by the kernel's link messages (kind, master, lower, carrier, bridge).

use std::collections::HashMap;
use std::net::IpAddr;
use std::path::Path;

use ipnet::IpNet;
use rtnetlink::packet_route::address::{AddressAttribute, AddressHeaderFlags, AddressMessage};
use rtnetlink::packet_route::link::{
    BridgePortState, BridgeStpState, InfoBridge, InfoBridgePort, InfoData, InfoKind, InfoMacVlan,
    InfoMacVtap, InfoPortData, InfoVlan, LinkAttribute, LinkFlags, LinkInfo, LinkLayerType, LinkMessage,
    MacVlanMode,
};

use super::super::file;
use super::super::source::{Ledger, blocking, under};
use super::netlink;
use crate::model::{Adapter, AdapterAddress, AdapterKind, AddressOrigin, Fact, Gap, is_link_local};

const SOURCE: &str = "netlink";

/// Reads all adapters of this network namespace.
pub(super) async fn read(ledger: Ledger) -> Result<(), Gap> {
    // netdev asks the kernel by itself and blocks meanwhile.
    let listed = blocking(netdev::get_interfaces);
    let completed = complete();
    let (listed, completed) = tokio::join!(listed, completed);
    let root = ledger.machine.root.clone();
    let (adapters, gap) = match completed {
        Ok((links, addresses)) => {
            let listed = listed.unwrap_or_default();
            (from_kernel(&links, &addresses, &listed, &root), None)
        }
        // What netdev knows is better than nothing.
        Err(gap) => (
            listed?.iter().map(super::super::listed::adapter).collect(),
            Some(gap),
        ),
    };
    if adapters.is_empty()
        && let Some(gap) = gap
    {
        return Err(gap);
    }
    ledger.facts(move |case| case.host.adapters = Fact::known(adapters.clone(), SOURCE));
    gap.map_or(Ok(()), Err)
}

async fn complete() -> Result<(Vec<LinkMessage>, Vec<AddressMessage>), Gap> {
    let netlink = netlink::connect()?;
    let links = netlink::links(&netlink).await?;
    let addresses = netlink::rows(netlink.handle.address().get().execute()).await?;
    Ok((links, addresses))
}

fn from_kernel(
    links: &[LinkMessage],
    addresses: &[AddressMessage],
    listed: &[netdev::Interface],
    root: &Path,
) -> Vec<Adapter> {
    let names = netlink::names(links);
    let mut by_index: HashMap<u32, Vec<AdapterAddress>> = HashMap::new();
    for message in addresses {
        if let Some(address) = address(message) {
            by_index.entry(message.header.index).or_default().push(address);
        }
    }
    links
        .iter()
        .filter_map(|link| {
            let mut adapter = adapter(link, &names)?;
            let listed = listed.iter().find(|listed| listed.name == adapter.name);
            if adapter.kind == AdapterKind::Ethernet && is_wireless(&adapter.name, listed, root) {
                adapter.kind = AdapterKind::WiFi;
            }
            if let Some(gateway) = listed.and_then(|listed| listed.gateway.as_ref()) {
                adapter
                    .gateways
                    .extend(gateway.ipv4.iter().copied().map(IpAddr::V4));
                adapter
                    .gateways
                    .extend(gateway.ipv6.iter().copied().map(IpAddr::V6));
            }
            adapter.addresses = Some(by_index.remove(&link.header.index).unwrap_or_default());
            let switch = format!("/proc/sys/net/ipv4/conf/{}/forwarding", adapter.name);
            adapter.forwarding = file::line(&under(root, &switch)).map(|line| line != "0");
            Some(adapter)
        })
        .collect()
}

fn is_wireless(name: &str, listed: Option<&netdev::Interface>, root: &Path) -> bool {
    listed.is_some_and(|listed| listed.if_type == netdev::interface::types::InterfaceType::Wireless80211)
        || under(root, &format!("/sys/class/net/{name}/phy80211")).exists()
}

fn adapter(link: &LinkMessage, names: &HashMap<u32, String>) -> Option<Adapter> {
    let mut adapter = Adapter::named(netlink::name(link)?);
    let flags = link.header.flags;
    adapter.index = Some(link.header.index);
    adapter.enabled = Some(flags.contains(LinkFlags::Up));
    let mut lower = None;
    let mut elsewhere = false;
    let mut info: &[LinkInfo] = &[];
    for attribute in &link.attributes {
        match attribute {
            LinkAttribute::Address(bytes) => adapter.mac = netlink::mac(bytes).filter(|mac| !mac.is_zero()),
            LinkAttribute::Mtu(mtu) => adapter.mtu = Some(*mtu),
            LinkAttribute::IfAlias(alias) => adapter.description = Some(alias.clone()),
            LinkAttribute::Controller(index) => adapter.master = names.get(index).cloned(),
            LinkAttribute::Link(index) => lower = names.get(index).cloned(),
            // Its other side is in another namespace, whose indices are not ours.
            LinkAttribute::LinkNetNsId(_) => elsewhere = true,
            LinkAttribute::Carrier(carrier) => adapter.carrier = Some(*carrier != 0),
            LinkAttribute::LinkInfo(rows) => info = rows,
            _ => {}
        }
    }
    // The kernel tells a carrier only of what is switched on; below that the bit means nothing.
    if adapter.enabled == Some(false) {
        adapter.carrier = None;
    }
    adapter.kind = kind(&adapter.name, link, info);
    let layered = matches!(
        adapter.kind,
        AdapterKind::Vlan | AdapterKind::Macvtap | AdapterKind::Macvlan
    );
    if layered && !elsewhere {
        adapter.lower = lower;
    }
    for row in info {
        match row {
            LinkInfo::Data(data) => details(&mut adapter, data),
            LinkInfo::PortData(InfoPortData::BridgePort(rows)) => {
                adapter.port_state = rows.iter().find_map(|row| match row {
                    InfoBridgePort::State(state) => Some(port_state(*state)),
                    _ => None,
                });
            }
            _ => {}
        }
    }
    Some(adapter)
}

fn details(adapter: &mut Adapter, data: &InfoData) {
    match data {
        InfoData::Bridge(rows) => {
            adapter.spanning_tree = rows.iter().find_map(|row| match row {
                InfoBridge::StpState(state) => Some(*state != BridgeStpState::Disabled),
                _ => None,
            });
        }
        InfoData::MacVtap(rows) => {
            adapter.lower_mode = rows.iter().find_map(|row| match row {
                InfoMacVtap::Mode(mode) => mode_name(*mode),
                _ => None,
            });
        }
        InfoData::MacVlan(rows) => {
            adapter.lower_mode = rows.iter().find_map(|row| match row {
                InfoMacVlan::Mode(mode) => mode_name(*mode),
                _ => None,
            });
        }
        InfoData::Vlan(rows) => {
            adapter.lower_mode = rows.iter().find_map(|row| match row {
                InfoVlan::Id(id) => Some(id.to_string()),
                _ => None,
            });
        }
        _ => {}
    }
}

/// The names that `ip -d link` prints.
fn mode_name(mode: MacVlanMode) -> Option<String> {
    let name = match mode {
        MacVlanMode::Private => "private",
        MacVlanMode::Vepa => "vepa",
        MacVlanMode::Bridge => "bridge",
        MacVlanMode::Passthrough => "passthru",
        MacVlanMode::Source => "source",
        _ => return None,
    };
    Some(name.to_owned())
}

fn port_state(state: BridgePortState) -> String {
    match state {
        BridgePortState::Disabled => "disabled",
        BridgePortState::Listening => "listening",
        BridgePortState::Learning => "learning",
        BridgePortState::Forwarding => "forwarding",
        BridgePortState::Blocking => "blocking",
        _ => "unknown",
    }
    .to_owned()
}

fn kind(name: &str, link: &LinkMessage, info: &[LinkInfo]) -> AdapterKind {
    let layer = link.header.link_layer_type;
    let told = info.iter().find_map(|row| match row {
        LinkInfo::Kind(kind) => Some(kind),
        _ => None,
    });
    match told {
        Some(InfoKind::Bridge) => AdapterKind::Bridge,
        // A tap carries Ethernet frames, a tun bare packets.
        Some(InfoKind::Tun) if layer == LinkLayerType::Ether => AdapterKind::Tap,
        Some(InfoKind::Veth) => AdapterKind::Veth,
        Some(InfoKind::MacVtap | InfoKind::IpVtap) => AdapterKind::Macvtap,
        Some(InfoKind::MacVlan | InfoKind::IpVlan) => AdapterKind::Macvlan,
        Some(InfoKind::Vlan) => AdapterKind::Vlan,
        Some(InfoKind::Bond | InfoKind::Team) => AdapterKind::Bond,
        Some(InfoKind::Dummy) => AdapterKind::Dummy,
        Some(
            InfoKind::Tun
            | InfoKind::Wireguard
            | InfoKind::IpIp
            | InfoKind::Ip6Tnl
            | InfoKind::SitTun
            | InfoKind::GreTun
            | InfoKind::GreTun6
            | InfoKind::Vti
            | InfoKind::Vti6
            | InfoKind::Xfrm,
        ) => AdapterKind::Tunnel,
        Some(InfoKind::Other(other)) if other == "ppp" || other == "ovpn" => AdapterKind::Tunnel,
        Some(_) => AdapterKind::Unknown,
        None if link.header.flags.contains(LinkFlags::Loopback) => AdapterKind::Loopback,
        None if is_numbered(name, "vmnet") || is_numbered(name, "vboxnet") => AdapterKind::HostVirtual,
        None if matches!(
            layer,
            LinkLayerType::Ppp | LinkLayerType::None | LinkLayerType::Tunnel
        ) =>
        {
            AdapterKind::Tunnel
        }
        None if layer == LinkLayerType::Ether => AdapterKind::Ethernet,
        None => AdapterKind::Unknown,
    }
}

fn is_numbered(name: &str, prefix: &str) -> bool {
    name.strip_prefix(prefix)
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
}

fn address(message: &AddressMessage) -> Option<AdapterAddress> {
    // On a point-to-point link the local address is the own one and the other is the peer's.
    let mut own = None;
    let mut peer = None;
    for attribute in &message.attributes {
        match attribute {
            AddressAttribute::Local(address) => own = Some(*address),
            AddressAttribute::Address(address) => peer = Some(*address),
            _ => {}
        }
    }
    let address = own.or(peer)?;
    let net: IpNet = netlink::net(address, message.header.prefix_len)?;
    let flags = message.header.flags;
    let origin = if is_link_local(address) {
        AddressOrigin::LinkLocal
    } else if flags.contains(AddressHeaderFlags::Permanent) {
        AddressOrigin::Unknown
    } else if address.is_ipv4() {
        // An IPv4 address with a lifetime was lent by a DHCP server.
        AddressOrigin::Dhcp
    } else {
        AddressOrigin::Unknown
    };
    Some(AdapterAddress {
        net,
        origin,
        duplicate: flags.contains(AddressHeaderFlags::Dadfailed),
    })
}
