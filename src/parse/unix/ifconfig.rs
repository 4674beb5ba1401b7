//! `ifconfig` of net-tools, BusyBox, macOS and BSD.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::model::{Adapter, AdapterKind, AddressOrigin, Case, Os, Place, is_link_local};
use crate::parse::command;
use crate::parse::merge::{self, Extent};
use crate::parse::text::{self, mask_length};

/// Whether the line stands in the output of `ifconfig`.
pub fn is_line(line: &str) -> bool {
    if head(line).is_some() {
        return true;
    }
    let line = line.trim_start();
    labelled_v4(line).is_some()
        || labelled_v6(line)
        || (line.starts_with("inet ") && line.contains(" netmask "))
        || (line.starts_with("inet6 ") && line.contains(" prefixlen "))
        || line.starts_with("RX packets")
        || line.starts_with("TX packets")
        || line.starts_with("nd6 options=")
        || line.starts_with("ether ")
            && line
                .split_whitespace()
                .nth(1)
                .is_some_and(|word| text::mac(word).is_some())
}

/// `inet addr:10.0.2.15 …` of old net-tools and of BusyBox in any language: `inet Adresse:…`, `inet 地址:…`.
fn labelled_v4(line: &str) -> Option<(IpAddr, Vec<&str>)> {
    let words: Vec<&str> = line.strip_prefix("inet ")?.split_whitespace().collect();
    let (_, address) = words.first()?.split_once(':')?;
    let address = text::address(address).filter(IpAddr::is_ipv4)?;
    Some((address, words))
}

/// `inet6 addr: fe80::1/64 Scope:Link`, `inet6-Adresse: …`, `inet6 地址: …`.
fn labelled_v6(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let first = words
        .next()
        .is_some_and(|word| word == "inet6" || word == "inet6-Adresse:");
    first
        && words
            .next()
            .is_some_and(|word| text::net(word).is_none() || line.starts_with("inet6-"))
}

/// `en0: flags=8863<UP,…> mtu 1500` or `eth0      Link encap:Ethernet  HWaddr …`: name, flags, rest.
fn head(line: &str) -> Option<(&str, &str)> {
    if line.starts_with(char::is_whitespace) {
        return None;
    }
    // Some German releases have `Protokoll:` in its place.
    let old = line
        .split_once("Link encap:")
        .or_else(|| line.split_once("Protokoll:"));
    if let Some((name, rest)) = old {
        let name = name.trim();
        return (!name.is_empty() && !name.contains(' ')).then_some((name, rest));
    }
    let (name, rest) = line.split_once(": flags=")?;
    (!name.contains(' ')).then_some((name, rest))
}

/// Reads `ifconfig`.
pub fn read(text: &str, case: &mut Case, on: Place, command: &str) {
    let mut found: Vec<Adapter> = Vec::new();
    let (mut bsd, mut linux, mut mac) = (false, false, false);
    let mut unread: Vec<String> = Vec::new();
    for line in text.lines() {
        if let Some((name, rest)) = head(line) {
            let mut adapter = Adapter::named(name.trim_end_matches(':'));
            adapter.addresses = Some(Vec::new());
            if line.contains("Link encap:") || line.contains("Protokoll:") {
                linux = true;
                // `HWaddr`, `Hardware Adresse`, `硬件地址`.
                adapter.mac = rest.split_whitespace().find_map(text::mac);
                if rest.starts_with("Local Loopback") {
                    adapter.kind = AdapterKind::Loopback;
                } else if rest.starts_with("Point-to-Point") {
                    adapter.kind = AdapterKind::Tunnel;
                }
            } else {
                flags(&mut adapter, rest);
                mac |= rest.contains("SMART") || line.starts_with("awdl") || line.starts_with("utun");
            }
            found.push(adapter);
            continue;
        }
        if let Some(adapter) = found.last_mut()
            && !take(adapter, line.trim(), &mut bsd, &mut linux)
            && !unread.contains(&adapter.name)
        {
            unread.push(adapter.name.clone());
        }
    }
    // An address that could not be read is not one that is not there.
    for adapter in &mut found {
        if unread.contains(&adapter.name) {
            adapter.addresses = None;
        }
    }
    // net-tools writes aliases as adapters of their own: `eth0:1`.
    let aliases: Vec<Adapter> = found
        .extract_if(.., |adapter| adapter.name.contains(':'))
        .collect();
    for alias in aliases {
        let base = alias.name.split(':').next().unwrap_or_default().to_owned();
        if let Some(adapter) = found.iter_mut().find(|adapter| adapter.name == base) {
            adapter
                .addresses
                .get_or_insert_with(Vec::new)
                .extend(alias.addresses.unwrap_or_default());
        }
    }
    members(text, &mut found);
    for adapter in &mut found {
        finish(adapter);
    }
    let call = command::call(command);
    let named = call.words().next().is_some();
    let Some(system) = case.system_mut(on) else { return };
    if found.is_empty() {
        return;
    }
    if linux {
        system.os = Some(Os::Linux);
    } else if mac {
        system.os = Some(Os::Macos);
    } else if bsd && system.os.is_none() {
        system.os = Some(Os::Bsd);
    }
    // net-tools and BusyBox leave out adapters that are switched off unless `-a` is given.
    let all = !linux || call.has_letter('a');
    let extent = if named || !all {
        Extent::Part
    } else {
        Extent::of(command)
    };
    let extent = if system.adapters.is_known() {
        extent
    } else {
        Extent::Whole
    };
    merge::adapters(system, found, extent, command);
}

/// `8863<UP,BROADCAST,…> mtu 1500`, `4163<UP,…>  mtu 1500`.
fn flags(adapter: &mut Adapter, rest: &str) {
    let inside = rest.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    let (names, rest) = inside.unwrap_or(("", rest));
    let names: Vec<&str> = names.split(',').collect();
    adapter.enabled = Some(names.contains(&"UP"));
    if names.contains(&"LOOPBACK") {
        adapter.kind = AdapterKind::Loopback;
    } else if names.contains(&"POINTOPOINT") || names.contains(&"POINTTOPOINT") {
        adapter.kind = AdapterKind::Tunnel;
    }
    // RUNNING stands for the wire; macOS tells the wire in `status:`, which comes later.
    if names.contains(&"UP") {
        adapter.carrier = Some(names.contains(&"RUNNING"));
    }
    adapter.mtu = after(rest, "mtu");
}

fn after(line: &str, key: &str) -> Option<u32> {
    let words: Vec<&str> = line.split_whitespace().collect();
    text::after(&words, key).and_then(|word| word.parse().ok())
}

fn push(adapter: &mut Adapter, net: Option<IpNet>) {
    if let Some(net) = net {
        let address = merge::add_address(adapter.addresses.get_or_insert_with(Vec::new), net);
        if is_link_local(net.addr()) {
            address.origin = AddressOrigin::LinkLocal;
        }
    }
}

/// Takes in a line below an adapter's head; false for an address that is not understood.
fn take(adapter: &mut Adapter, line: &str, bsd: &mut bool, linux: &mut bool) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    let Some(first) = words.first().copied() else {
        return true;
    };
    let mut understood = true;
    let second = words.get(1).copied().unwrap_or_default();
    let v4 = |address: Option<IpAddr>, mask: Option<&str>| -> Option<IpNet> {
        let address = address?;
        let length = mask.and_then(mask_length).unwrap_or(32);
        IpNet::new(address, length).ok()
    };
    match first {
        // BusyBox and old net-tools: `inet addr:10.0.2.15  Bcast:…  Mask:255.255.255.0`; the mask comes last.
        "inet" if second.contains(':') => {
            let told = labelled_v4(line).and_then(|(address, rest)| {
                let mask = rest.iter().skip(1).rev().find_map(|word| word.split_once(':'));
                v4(Some(address), mask.map(|(_, mask)| mask))
            });
            understood = told.is_some();
            push(adapter, told);
        }
        // `inet6 addr: fe80::1/64 Scope:Link`, `inet6-Adresse: fe80::1/64`, `inet6 地址: fe80::1/64`.
        "inet6" | "inet6-Adresse:" if text::after(&words, "prefixlen").is_none() => {
            let told = words
                .iter()
                .skip(1)
                .find(|word| word.contains('/'))
                .copied()
                .and_then(text::net);
            understood = told.is_some();
            push(adapter, told);
        }
        "inet" => {
            // FreeBSD may print `inet 10.0.0.5/24`.
            let net = if second.contains('/') {
                text::net(second)
            } else {
                v4(text::address(second), text::after(&words, "netmask"))
            };
            understood = net.is_some();
            push(adapter, net);
        }
        "inet6" => {
            let length = text::after(&words, "prefixlen").and_then(|length| length.parse().ok());
            let address = text::address(second);
            if let (Some(address), Some(length)) = (address, length) {
                push(adapter, IpNet::new(address, length).ok());
            } else {
                understood = false;
            }
            if words.contains(&"duplicated") {
                for known in adapter.addresses.iter_mut().flatten() {
                    known.duplicate |= Some(known.net.addr()) == address;
                }
            }
        }
        "ether" | "lladdr" => {
            adapter.mac = text::mac(second).or(adapter.mac);
            if words.contains(&"txqueuelen") {
                *linux = true;
            } else {
                *bsd = true;
            }
        }
        "loop" | "unspec" if words.contains(&"txqueuelen") => *linux = true,
        "status:" => {
            adapter.carrier = match line.strip_prefix("status:").unwrap_or_default().trim() {
                "active" | "associated" | "running" => Some(true),
                "inactive" | "no carrier" | "no network" | "not associated" => Some(false),
                _ => adapter.carrier,
            };
        }
        "UP" | "BROADCAST" | "LOOPBACK" | "POINTOPOINT" => {
            adapter.enabled = Some(words.contains(&"UP"));
            if words.contains(&"UP") {
                adapter.carrier = Some(words.contains(&"RUNNING"));
            }
            adapter.mtu = words
                .iter()
                .find_map(|word| word.strip_prefix("MTU:"))
                .and_then(|mtu| mtu.parse().ok());
        }
        "vlan:" => adapter.lower_mode = Some(second.to_owned()),
        _ => {}
    }
    if first == "vlan:" {
        adapter.kind = AdapterKind::Vlan;
        adapter.lower = text::after(&words, "interface:").map(str::to_owned);
    }
    understood
}

/// `member: vmenet0 flags=…` under a bridge: the port's master.
fn members(text: &str, found: &mut [Adapter]) {
    let mut bridge = String::new();
    for line in text.lines() {
        if let Some((name, _)) = head(line) {
            name.clone_into(&mut bridge);
        } else if let Some(rest) = line.trim_start().strip_prefix("member: ") {
            let port = rest.split_whitespace().next().unwrap_or_default();
            if let Some(adapter) = found.iter_mut().find(|adapter| adapter.name == port) {
                adapter.master = Some(bridge.clone());
            }
            if let Some(adapter) = found.iter_mut().find(|adapter| adapter.name == bridge) {
                adapter.kind = AdapterKind::Bridge;
            }
        }
    }
}

fn finish(adapter: &mut Adapter) {
    let by_name = merge::kind_by_name(&adapter.name, None);
    if adapter.kind == AdapterKind::Unknown
        || (adapter.kind != AdapterKind::Bridge && by_name == AdapterKind::HostVirtual)
    {
        adapter.kind = by_name;
    }
    if adapter.kind == AdapterKind::Unknown && adapter.mac.is_some() {
        adapter.kind = AdapterKind::Ethernet;
    }
}
