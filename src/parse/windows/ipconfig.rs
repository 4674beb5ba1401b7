//! `ipconfig` and `ipconfig /all` in any language, by the shape of the values.
//!
//! Labels are translated, values are not: an adapter's block begins at a line without indentation that ends
//! with a colon, and holds a dashed hardware address, dotted addresses and masks in a fixed order.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::model::{Adapter, AdapterKind, AddressOrigin, Case, Place, is_link_local};
use crate::parse::merge::{self, Extent};
use crate::parse::text::{self, mask_length, net_of};

/// Whether the line stands in the output of `ipconfig`.
pub fn is_line(line: &str) -> bool {
    title(line).is_some() || labelled(line).is_some_and(|(label, _)| label.contains(". ."))
}

/// The name behind an adapter's title: `Ethernet adapter Ethernet 2:`, `以太网适配器 VMware …:`,
/// `Ethernet-Adapter VirtualBox Host-Only Network:`. With it the part before, which tells the kind.
fn title(line: &str) -> Option<(&str, &str)> {
    if line.starts_with(char::is_whitespace) {
        return None;
    }
    let line = line.trim_end().strip_suffix([':', '：'])?;
    const WORDS: [&str; 8] = [
        "adapter ",
        "Adapter ",
        "适配器 ",
        "介面卡 ",
        "carte ",
        "Carte ",
        "アダプター ",
        "adaptador ",
    ];
    // The first of them: the adapter's own name may hold another ("VMware Network Adapter VMnet8").
    let first = WORDS
        .iter()
        .filter_map(|word| Some((line.find(word)?, word.len())))
        .min();
    if let Some((at, length)) = first {
        let (kind, name) = line.split_at_checked(at + length)?;
        let name = name.trim();
        return (!name.is_empty() && kind.len() < 80).then(|| (kind.trim(), name));
    }
    // `适配器` may stand without a blank before the name.
    let (kind, name) = line.split_at_checked(line.find("适配器")? + "适配器".len())?;
    (!name.trim().is_empty()).then(|| (kind, name.trim()))
}

/// A label with its dots at the edge. The rest of a line that was broken begins with dots or with the value.
pub(in crate::parse) fn is_bare_label(line: &str) -> bool {
    line.starts_with(char::is_alphabetic) && line.contains(". .")
}

/// A label with its dots, and the value: `IPv4 Address. . . . : 192.168.1.5(Preferred)`.
fn labelled(line: &str) -> Option<(&str, &str)> {
    // Chat programs take the blanks away that stand before a line; its dots stay.
    if !line.starts_with(' ') && !is_bare_label(line) {
        return None;
    }
    // The label's own colon follows the dots; an IPv6 address in the value has colons too.
    let at = line
        .find(": ")
        .or_else(|| line.trim_end().ends_with(':').then(|| line.trim_end().len() - 1))?;
    let (label, value) = line.split_at_checked(at)?;
    let value = value.get(1..).unwrap_or_default();
    let dotted = label.contains(". .") || label.contains("....") || label.len() >= 20;
    dotted.then(|| (label.trim(), value.trim()))
}

/// What a label without its dots says, as far as a word of it is known.
fn has(label: &str, words: &[&str]) -> bool {
    let label = label.to_lowercase();
    words.iter().any(|word| label.contains(word))
}

/// What the list that a value opens is for: its further entries stand on lines of their own.
#[derive(Clone, Copy, PartialEq, Eq)]
enum List {
    None,
    Gateways,
    Servers,
}

/// Reads `ipconfig`.
pub fn read(text: &str, case: &mut Case, on: Place, command: &str) {
    let mut found: Vec<Adapter> = Vec::new();
    let mut host_name = None;
    let mut list = List::None;
    let mut waiting: Option<(IpAddr, bool)> = None;
    let mut forwarding = None;
    let mut has_details = false;
    for line in text.lines() {
        if let Some((kind, name)) = title(line) {
            keep_waiting(found.last_mut(), &mut waiting);
            found.push(start(kind, name));
            list = List::None;
            continue;
        }
        let Some((label, value)) = labelled(line) else {
            // A further entry of a list.
            if let (Some(adapter), Some(address)) = (found.last_mut(), text::address(line.trim())) {
                match list {
                    List::Gateways => adapter.gateways.push(address),
                    List::Servers => adapter.dns.push(address),
                    List::None => {}
                }
            }
            continue;
        };
        let Some(adapter) = found.last_mut() else {
            // The machine's own block: the first line is its name.
            if host_name.is_none() && !value.is_empty() {
                host_name = Some(value.to_owned());
            }
            if has(
                label,
                &[
                    "ip routing",
                    "ip-routing",
                    "ip 路由",
                    "ip 已启用路由",
                    "路由已启用",
                ],
            ) {
                forwarding = yes_no(value);
            }
            continue;
        };
        list = List::None;
        take(adapter, label, value, &mut waiting, &mut list, &mut has_details);
    }
    keep_waiting(found.last_mut(), &mut waiting);
    for adapter in &mut found {
        finish(adapter, forwarding);
    }
    let Some(system) = case.system_mut(on) else { return };
    if host_name.is_some() {
        system.host_name = host_name;
    }
    // What another command knows to be switched off is not listed here, and is there all the same.
    let mut off: Vec<Adapter> = system
        .adapters
        .rows()
        .iter()
        .filter(|known| known.enabled == Some(false))
        .filter(|known| {
            found
                .iter()
                .all(|row| !row.name.eq_ignore_ascii_case(&known.name))
        })
        .cloned()
        .collect();
    found.append(&mut off);
    // Without `/all` adapters are not left out either.
    merge::adapters(system, found, Extent::of(command), command);
}

fn start(kind: &str, name: &str) -> Adapter {
    let mut adapter = Adapter::named(name);
    adapter.addresses = Some(Vec::new());
    let lower = kind.to_lowercase();
    adapter.kind = if ["wireless", "无线", "無線", "drahtlos", "sans fil"]
        .iter()
        .any(|word| lower.contains(word))
    {
        AdapterKind::WiFi
    } else if ["tunnel", "隧道", "ppp"].iter().any(|word| lower.contains(word)) {
        AdapterKind::Tunnel
    } else if ["ethernet", "以太网", "乙太網路"]
        .iter()
        .any(|word| lower.contains(word))
    {
        AdapterKind::Ethernet
    } else {
        AdapterKind::Unknown
    };
    adapter
}

pub(super) fn yes_no(value: &str) -> Option<bool> {
    match value.trim().to_lowercase().as_str() {
        "yes" | "ja" | "是" | "oui" | "sí" | "true" => Some(true),
        "no" | "nein" | "否" | "non" | "false" => Some(false),
        _ => None,
    }
}

/// An address whose mask did not come.
fn keep_waiting(adapter: Option<&mut Adapter>, waiting: &mut Option<(IpAddr, bool)>) {
    if let (Some(adapter), Some((address, duplicate))) = (adapter, waiting.take()) {
        push(adapter, IpNet::from(address), duplicate);
    }
}

fn push(adapter: &mut Adapter, net: IpNet, duplicate: bool) {
    let address = merge::add_address(adapter.addresses.get_or_insert_with(Vec::new), net);
    address.duplicate |= duplicate;
    if is_link_local(net.addr()) {
        address.origin = AddressOrigin::LinkLocal;
    }
}

fn take(
    adapter: &mut Adapter,
    label: &str,
    value: &str,
    waiting: &mut Option<(IpAddr, bool)>,
    list: &mut List,
    has_details: &mut bool,
) {
    let dashed = value.split('-').count();
    if dashed == 6
        && let Some(mac) = text::mac(value)
    {
        adapter.mac = Some(mac);
        *has_details = true;
        return;
    }
    // A mask: follows the address that it belongs to.
    if has(label, &["mask", "掩码", "遮罩", "maske", "masque", "máscara"]) {
        match waiting.take() {
            Some((address, duplicate)) => {
                let net = net_of(address, value).unwrap_or_else(|| IpNet::from(address));
                push(adapter, net, duplicate);
            }
            None => {
                let _ = mask_length(value);
            }
        }
        return;
    }
    if has(
        label,
        &["gateway", "网关", "閘道", "passerelle", "puerta de enlace"],
    ) {
        *list = List::Gateways;
        // Further ones stand below, or behind where the lines were joined.
        adapter
            .gateways
            .extend(value.split_whitespace().filter_map(text::address));
        return;
    }
    // Label order matters: "DHCP Server" before "DNS Servers", and IAID, DUID and WINS are neither.
    if has(label, &["iaid", "duid", "wins", "netbios"]) {
        return;
    }
    if has(label, &["dhcp"]) {
        match text::address(value) {
            Some(server) => adapter.dhcp_server = Some(server),
            None => adapter.dhcp = yes_no(value).or(adapter.dhcp),
        }
        return;
    }
    if has(label, &["dns"]) && !has(label, &["suffix", "后缀", "尾碼", "suffixe"]) {
        *list = List::Servers;
        adapter
            .dns
            .extend(value.split_whitespace().filter_map(text::address));
        return;
    }
    if has(label, &["suffix", "后缀", "尾碼"]) {
        return;
    }
    if has(
        label,
        &[
            "media state",
            "媒体状态",
            "媒體狀態",
            "medienstatus",
            "statut du média",
        ],
    ) {
        adapter.carrier = Some(false);
        return;
    }
    if has(label, &["description", "描述", "beschreibung"]) && !value.is_empty() {
        adapter.description = Some(value.to_owned());
        return;
    }
    if let Some(address) = text::address(value) {
        keep_waiting(Some(adapter), waiting);
        let duplicate = ["duplicate", "重复", "複製", "doppelt", "duplikat"]
            .iter()
            .any(|word| value.to_lowercase().contains(word));
        match address {
            IpAddr::V4(_) => *waiting = Some((address, duplicate)),
            // `ipconfig` prints no prefix length for IPv6; a segment is 64 bits wide (RFC 4291).
            IpAddr::V6(_) => push(
                adapter,
                IpNet::new(address, 64).unwrap_or_else(|_| IpNet::from(address)),
                duplicate,
            ),
        }
        return;
    }
    // In a language that we do not know, the first words after the suffix are the driver's description.
    let words = value.chars().any(char::is_alphabetic) && value.len() > 3;
    if adapter.description.is_none()
        && words
        && !*has_details
        && adapter.mac.is_none()
        && yes_no(value).is_none()
    {
        adapter.description = Some(value.to_owned());
    }
}

fn finish(adapter: &mut Adapter, forwarding: Option<bool>) {
    // Without a wire Windows shows no addresses; a card that is switched off is not listed at all.
    adapter.enabled = Some(true);
    adapter.carrier = Some(adapter.carrier.unwrap_or(true));
    let by_name = merge::kind_by_name(&adapter.name, adapter.description.as_deref());
    let vague = matches!(adapter.kind, AdapterKind::Unknown | AdapterKind::Ethernet);
    if vague && by_name != AdapterKind::Unknown {
        adapter.kind = by_name;
    }
    // "IP Routing Enabled: Yes" is the switch of the whole machine; "No" leaves each adapter's own.
    if forwarding == Some(true) {
        adapter.forwarding = Some(true);
    }
    let dhcp = adapter.dhcp;
    for address in adapter.addresses.iter_mut().flatten() {
        if address.net.addr().is_ipv4() && address.origin == AddressOrigin::Unknown {
            address.origin = match dhcp {
                Some(true) => AddressOrigin::Dhcp,
                Some(false) => AddressOrigin::Static,
                None => AddressOrigin::Unknown,
            };
        }
    }
}
