//! `ip addr`, `ip link` (iproute2 and BusyBox): text, one-line, brief and JSON.

use ipnet::IpNet;
use serde_json::Value;

use super::{family, narrowed_by};
use crate::model::{Adapter, AdapterAddress, AdapterKind, AddressOrigin, Case, Place, is_link_local};
use crate::parse::command;
use crate::parse::merge::{self, Extent};
use crate::parse::text::{self, json_rows, number_of, text_of};

/// Words that the kernel has for the state of an adapter.
const STATES: [&str; 7] = [
    "UP",
    "DOWN",
    "UNKNOWN",
    "LOWERLAYERDOWN",
    "NOTPRESENT",
    "DORMANT",
    "TESTING",
];

/// Whether the line stands in the output of `ip addr` or `ip link`.
pub fn is_line(line: &str) -> bool {
    let trimmed = line.trim_start();
    header(trimmed).is_some_and(|(_, _, rest)| {
        rest.starts_with('<') && !rest.contains(" cost ")
            || rest.starts_with("inet")
            || rest.starts_with("link/")
    }) || [
        "link/ether ",
        "link/loopback ",
        "link/none",
        "valid_lft ",
        "altname ",
    ]
    .iter()
    .any(|word| trimmed.starts_with(word) && !trimmed.contains("prefixlen") && !trimmed.contains("addr:"))
        || is_v6_line(trimmed)
        || (trimmed.starts_with("inet ") && trimmed.contains('/') && !trimmed.contains("netmask"))
        || brief(line).is_some()
}

/// `inet6 fe80::1/64 scope link`; old `ifconfig` has a word before the address, newer ones a prefix length behind it.
fn is_v6_line(line: &str) -> bool {
    let address = line
        .strip_prefix("inet6 ")
        .and_then(|rest| rest.split_whitespace().next());
    address.is_some_and(|word| text::net(word).is_some()) && !line.contains("prefixlen")
}

/// Reads `ip addr`.
pub fn address(text: &str, case: &mut Case, on: Place, command: &str) {
    read(text, case, on, command, true);
}

/// Reads `ip link`.
pub fn link(text: &str, case: &mut Case, on: Place, command: &str) {
    read(text, case, on, command, false);
}

fn read(text: &str, case: &mut Case, on: Place, command: &str, addresses: bool) {
    let call = command::call(command);
    let (mut found, whole) = if text.trim_start().starts_with('[') {
        from_json(text)
    } else {
        (from_text(text), true)
    };
    if !addresses {
        for adapter in &mut found {
            adapter.addresses = None;
        }
    }
    let narrowed = narrowed_by(&call);
    if let Some(kind) = narrowed
        .iter()
        .position(|word| word == "type")
        .and_then(|at| narrowed.get(at + 1))
        .and_then(|kind| link_kind(kind, None))
    {
        for adapter in &mut found {
            adapter.kind = kind;
        }
    }
    let extent = if narrowed.is_empty() && whole {
        Extent::of(command)
    } else {
        Extent::Part
    };
    let Some(system) = case.system_mut(on) else { return };
    if let Some(v6) = family(&call).filter(|_| addresses) {
        keep_other_family(&mut found, system.adapters.rows(), v6);
    }
    // One family only lists the adapters that have such addresses; the others are not gone.
    let extent = if family(&call).is_some() {
        Extent::Part
    } else {
        extent
    };
    merge::adapters(system, found, extent, command);
    if !whole {
        merge::unread(case, "addresses", "cut off", command);
    }
}

/// Adds the known addresses of the family that the command left out.
fn keep_other_family(found: &mut [Adapter], known: &[Adapter], v6: bool) {
    for adapter in found {
        let Some(old) = known.iter().find(|old| old.name == adapter.name) else {
            continue;
        };
        let others = old.addresses.iter().flatten();
        let others = others
            .filter(|address| address.net.addr().is_ipv6() != v6)
            .copied();
        adapter.addresses.get_or_insert_with(Vec::new).extend(others);
    }
}

/// `2: eth0: …`, `12: macvtap0@enp3s0: …`, `2: eth0    inet …`: index, name, rest.
pub fn header(line: &str) -> Option<(u32, &str, &str)> {
    let (index, rest) = line.split_once(':')?;
    let index = index.parse().ok()?;
    let rest = rest.strip_prefix(' ')?.trim_start();
    let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
    let (name, rest) = rest.split_at_checked(end)?;
    let name = name.strip_suffix(':').unwrap_or(name);
    (!name.is_empty()).then_some((index, name, rest.trim_start()))
}

/// `eth0   UP   192.168.1.5/24 …` or `eth0  UP  00:0c:29:… <…>`: name, state, rest.
fn brief(line: &str) -> Option<(&str, &str, Vec<&str>)> {
    if line.starts_with(char::is_whitespace) {
        return None;
    }
    let mut words = line.split_whitespace();
    let (name, state) = (words.next()?, words.next()?);
    let rest: Vec<&str> = words.collect();
    let fits = STATES.contains(&state)
        && !name.ends_with(':')
        && rest.iter().all(|word| {
            text::net(word).is_some()
                || text::mac(word).is_some()
                || word.starts_with('<')
                || ["metric", "peer"].contains(word)
                || word.parse::<u32>().is_ok()
        });
    fits.then_some((name, state, rest))
}

fn from_text(text: &str) -> Vec<Adapter> {
    let mut found: Vec<Adapter> = Vec::new();
    let mut words: Vec<&str> = Vec::new();
    for line in text.lines() {
        let trimmed = line.trim_start();
        if let Some((index, name, rest)) = header(trimmed) {
            flush(&mut found, &mut words);
            let (name, lower) = split_lower(name);
            if found
                .last()
                .is_none_or(|last| last.name != name || last.index != Some(index))
            {
                let mut adapter = Adapter::named(name);
                adapter.index = Some(index);
                adapter.addresses = Some(Vec::new());
                adapter.lower = lower.filter(|lower| !is_peer(lower)).map(str::to_owned);
                if lower.is_some_and(is_peer) {
                    adapter.kind = AdapterKind::Veth;
                }
                found.push(adapter);
            }
            words.extend(rest.split_whitespace());
        } else if let Some((name, state, rest)) = brief(line) {
            flush(&mut found, &mut words);
            found.push(from_brief(name, state, &rest));
        } else if !found.is_empty() {
            words.extend(trimmed.split_whitespace());
        }
    }
    flush(&mut found, &mut words);
    found
}

fn split_lower(name: &str) -> (&str, Option<&str>) {
    match name.split_once('@') {
        Some((name, "NONE")) => (name, None),
        Some((name, lower)) => (name, Some(lower)),
        None => (name, None),
    }
}

/// `if12`: the other end is in another network namespace.
fn is_peer(lower: &str) -> bool {
    lower
        .strip_prefix("if")
        .is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit()))
}

fn from_brief(name: &str, state: &str, rest: &[&str]) -> Adapter {
    let (name, lower) = split_lower(name);
    let mut adapter = Adapter::named(name);
    adapter.lower = lower.filter(|lower| !is_peer(lower)).map(str::to_owned);
    adapter.kind = merge::kind_by_name(name, None);
    adapter.addresses = Some(Vec::new());
    match state {
        "UP" => (adapter.enabled, adapter.carrier) = (Some(true), Some(true)),
        "LOWERLAYERDOWN" => (adapter.enabled, adapter.carrier) = (Some(true), Some(false)),
        _ => {}
    }
    for word in rest {
        if word.starts_with('<') {
            flags(&mut adapter, word.trim_matches(['<', '>']).split(','));
        } else if let Some(mac) = text::mac(word) {
            adapter.mac = Some(mac);
        } else if let Some(net) = text::net(word).filter(|_| word.contains('/')) {
            push_address(&mut adapter, net);
        }
    }
    adapter
}

fn push_address(adapter: &mut Adapter, net: IpNet) -> Option<&mut AdapterAddress> {
    let address = merge::add_address(adapter.addresses.get_or_insert_with(Vec::new), net);
    if is_link_local(net.addr()) {
        address.origin = AddressOrigin::LinkLocal;
    }
    Some(address)
}

fn flags<'a>(adapter: &mut Adapter, names: impl Iterator<Item = &'a str>) {
    let (mut up, mut lower_up, mut no_carrier) = (false, false, false);
    for name in names {
        match name {
            "UP" => up = true,
            "LOWER_UP" => lower_up = true,
            "NO-CARRIER" => no_carrier = true,
            "LOOPBACK" => adapter.kind = AdapterKind::Loopback,
            _ => {}
        }
    }
    adapter.enabled = Some(up);
    adapter.carrier = match (lower_up, no_carrier) {
        (true, _) => Some(true),
        (false, true) => Some(false),
        // An adapter that is switched off does not know.
        _ => None,
    };
}

/// Takes the words collected since the last header into the last adapter.
fn flush(found: &mut [Adapter], words: &mut Vec<&str>) {
    let words = std::mem::take(words);
    let Some(adapter) = found.last_mut() else { return };
    let mut at = 0;
    let mut origin_of = None;
    let next = |at: usize| words.get(at + 1).copied().unwrap_or_default();
    while let Some(word) = words.get(at).copied() {
        let value = next(at);
        let mut used = 1;
        match word {
            _ if word.starts_with('<') => flags(adapter, word.trim_matches(['<', '>']).split(',')),
            "mtu" => adapter.mtu = value.parse().ok().or(adapter.mtu),
            "master" => adapter.master = Some(value.to_owned()),
            "state" if value == "LOWERLAYERDOWN" => adapter.carrier = Some(false),
            "bridge_slave" if value == "state" => {
                adapter.port_state = words.get(at + 2).map(|state| (*state).to_owned());
            }
            "stp_state" => adapter.spanning_tree = Some(value == "1"),
            "link/ether" | "link/loopback" => {
                adapter.mac = text::mac(value).filter(|mac| !mac.is_zero()).or(adapter.mac);
            }
            "link/none" | "link/ppp" if adapter.kind == AdapterKind::Unknown => {
                adapter.kind = AdapterKind::Tunnel;
            }
            // Detail words of `ip -d`: they follow the numbers of `maxmtu` or `minmtu`.
            "bridge" | "veth" | "dummy" | "wireguard" | "bond" | "tun" | "macvtap" | "macvlan" | "vlan"
            | "vxlan"
                if at > 1 && words.get(at - 1).is_some_and(|word| word.parse::<u64>().is_ok()) =>
            {
                if let Some(kind) = link_kind(word, text::after(words.get(at..).unwrap_or_default(), "type"))
                {
                    adapter.kind = kind;
                }
                match word {
                    "macvtap" | "macvlan" if value == "mode" => {
                        adapter.lower_mode = words.get(at + 2).map(|mode| (*mode).to_owned());
                    }
                    "vlan" => {
                        adapter.lower_mode =
                            text::after(words.get(at..).unwrap_or_default(), "id").map(str::to_owned);
                    }
                    _ => {}
                }
            }
            "inet" | "inet6" => {
                let peer = words.get(at + 2).copied() == Some("peer");
                let length = match words.get(at + 3) {
                    Some(peer_net) if peer => peer_net.split_once('/').map(|(_, length)| length),
                    _ => None,
                };
                let net = match (text::address(value.split('/').next().unwrap_or(value)), length) {
                    (Some(address), Some(length)) => length
                        .parse()
                        .ok()
                        .and_then(|length| IpNet::new(address, length).ok()),
                    _ => text::net(value),
                };
                origin_of = net;
                if let Some(net) = net {
                    push_address(adapter, net);
                }
                used = if peer { 4 } else { 2 };
            }
            "dynamic" | "dadfailed" => {
                let addresses = adapter.addresses.get_or_insert_with(Vec::new);
                if let Some(address) = addresses
                    .iter_mut()
                    .find(|address| Some(address.net) == origin_of)
                {
                    match word {
                        "dadfailed" => address.duplicate = true,
                        _ if address.net.addr().is_ipv4() => address.origin = AddressOrigin::Dhcp,
                        _ => {}
                    }
                }
            }
            _ => {}
        }
        at += used;
    }
    finish(adapter);
}

/// Gives the kind by the name where the kernel's words did not.
fn finish(adapter: &mut Adapter) {
    let by_name = merge::kind_by_name(&adapter.name, None);
    if adapter.kind == AdapterKind::Unknown || by_name == AdapterKind::HostVirtual {
        adapter.kind = by_name;
    }
    if adapter.kind == AdapterKind::Unknown && adapter.mac.is_some() {
        adapter.kind = AdapterKind::Ethernet;
    }
}

/// The kind behind the kernel's word for it; `mode` tells a tap from a tun.
fn link_kind(word: &str, mode: Option<&str>) -> Option<AdapterKind> {
    Some(match word {
        "bridge" => AdapterKind::Bridge,
        "tun" if mode == Some("tap") => AdapterKind::Tap,
        "tun" | "wireguard" | "ipip" | "gre" | "sit" | "vti" | "xfrm" => AdapterKind::Tunnel,
        "veth" => AdapterKind::Veth,
        "macvtap" => AdapterKind::Macvtap,
        "macvlan" | "ipvlan" => AdapterKind::Macvlan,
        "vlan" => AdapterKind::Vlan,
        "bond" | "team" => AdapterKind::Bond,
        "dummy" => AdapterKind::Dummy,
        _ => return None,
    })
}

fn from_json(text: &str) -> (Vec<Adapter>, bool) {
    let (rows, whole) = json_rows(text);
    (rows.iter().filter_map(from_row).collect(), whole)
}

fn from_row(row: &Value) -> Option<Adapter> {
    let mut adapter = Adapter::named(text_of(row, "ifname")?);
    adapter.index = number_of(row, "ifindex").and_then(|index| u32::try_from(index).ok());
    let names = row.get("flags").and_then(Value::as_array);
    if let Some(names) = names {
        flags(&mut adapter, names.iter().filter_map(Value::as_str));
    }
    adapter.mtu = number_of(row, "mtu").and_then(|mtu| u32::try_from(mtu).ok());
    adapter.master = text_of(row, "master");
    adapter.lower = text_of(row, "link").filter(|lower| !is_peer(lower));
    if text_of(row, "operstate").as_deref() == Some("LOWERLAYERDOWN") {
        adapter.carrier = Some(false);
    }
    match text_of(row, "link_type").as_deref() {
        Some("loopback") => adapter.kind = AdapterKind::Loopback,
        Some("none" | "ppp") => adapter.kind = AdapterKind::Tunnel,
        _ => {}
    }
    adapter.mac = text_of(row, "address")
        .and_then(|mac| text::mac(&mac))
        .filter(|mac| !mac.is_zero());
    if let Some(info) = row.get("linkinfo") {
        let data = info.get("info_data").unwrap_or(&Value::Null);
        let slave = info.get("info_slave_data").unwrap_or(&Value::Null);
        if let Some(kind) = text_of(info, "info_kind") {
            adapter.kind = link_kind(&kind, text_of(data, "type").as_deref()).unwrap_or(adapter.kind);
            adapter.lower_mode = match kind.as_str() {
                "macvtap" | "macvlan" => text_of(data, "mode"),
                "vlan" => text_of(data, "id"),
                _ => None,
            };
            if kind == "bridge" {
                adapter.spanning_tree = number_of(data, "stp_state").map(|state| state != 0);
            }
        }
        adapter.port_state = text_of(slave, "state").map(|state| state.to_lowercase());
    }
    if let Some(infos) = row.get("addr_info").and_then(Value::as_array) {
        adapter.addresses = Some(Vec::new());
        for info in infos {
            push_info(&mut adapter, info);
        }
    }
    finish(&mut adapter);
    Some(adapter)
}

fn push_info(adapter: &mut Adapter, info: &Value) {
    let Some(local) = text_of(info, "local").and_then(|local| text::address(&local)) else {
        return;
    };
    let length = number_of(info, "prefixlen").and_then(|length| u8::try_from(length).ok());
    let Some(net) = length.and_then(|length| IpNet::new(local, length).ok()) else {
        return;
    };
    let is_true = |key: &str| info.get(key).is_some_and(|value| value != &Value::Bool(false));
    if let Some(address) = push_address(adapter, net) {
        if is_true("dynamic") && local.is_ipv4() && address.origin == AddressOrigin::Unknown {
            address.origin = AddressOrigin::Dhcp;
        }
        address.duplicate = is_true("dadfailed");
    }
}
