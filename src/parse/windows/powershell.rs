//! `Get-Net…` of PowerShell: JSON (one object or an array, enums as numbers or words), tables and lists.

use std::net::IpAddr;

use ipnet::IpNet;
use serde_json::Value;

use super::firewall;
use crate::model::{
    Adapter, AdapterAddress, AdapterKind, AddressOrigin, Case, Fact, FirewallProfile, FirewallRule, Neighbor,
    NeighborState, Place, Route, is_link_local,
};
use crate::parse::command;
use crate::parse::merge::{self, Extent, RouteScope};
use crate::parse::text::{self, field, json_rows, list_of, number_of, powershell_rows, source, text_of};

/// Whether the line is the heading of a table with these columns.
pub fn heads(line: &str, columns: &[&str]) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    columns.iter().all(|column| words.contains(column))
}

/// The rows of an output, whatever form it was printed in; and whether it was whole.
pub(super) fn rows(text: &str) -> (Vec<Value>, bool) {
    if text.trim_start().starts_with(['[', '{']) {
        json_rows(text)
    } else {
        (powershell_rows(text), true)
    }
}

/// A cell that PowerShell cut: `VMware Network Adapte...8`.
fn is_cut(cell: &str) -> bool {
    cell.contains("...") || cell.contains('…')
}

/// The adapter that a row is of: by name, or by index where the name was cut or left out.
pub(super) fn adapter_name(row: &Value) -> Option<String> {
    let index = number_of(row, "ifIndex").or_else(|| number_of(row, "InterfaceIndex"));
    text_of(row, "InterfaceAlias")
        .filter(|name| !is_cut(name) && !name.is_empty())
        .or_else(|| index.map(merge::by_index))
}

fn index_of(row: &Value) -> Option<u32> {
    number_of(row, "ifIndex")
        .or_else(|| number_of(row, "InterfaceIndex"))
        .and_then(|index| u32::try_from(index).ok())
}

/// A number or a word for one of two states.
pub(super) fn switch(row: &Value, key: &str, on: &[&str], off: &[&str]) -> Option<bool> {
    let word = text_of(row, key)?.to_lowercase();
    if on.contains(&word.as_str()) {
        Some(true)
    } else if off.contains(&word.as_str()) {
        Some(false)
    } else {
        None
    }
}

/// A part of the table when the command names what it wants.
fn extent(command: &str, whole: bool) -> Extent {
    let call = command::call(command);
    const NARROWING: [&str; 9] = [
        "-name",
        "-interfacealias",
        "-interfaceindex",
        "-ifindex",
        "-ipaddress",
        "-destinationprefix",
        "-interfacedescription",
        "-state",
        "-nexthop",
    ];
    let narrowed = call
        .args
        .iter()
        .any(|word| NARROWING.contains(&word.to_lowercase().as_str()) || !word.starts_with('-'));
    if narrowed || !whole {
        Extent::Part
    } else {
        Extent::of(command)
    }
}

/// Reads `Get-NetAdapter`.
pub fn adapters(text: &str, case: &mut Case, on: Place, command: &str) {
    let (rows, whole) = rows(text);
    let Some(system) = case.system_mut(on) else { return };
    let mut found = Vec::new();
    for row in &rows {
        let index = index_of(row);
        let name = text_of(row, "Name").filter(|name| !is_cut(name));
        let Some(name) = name.or_else(|| index.map(|index| merge::by_index(u64::from(index)))) else {
            continue;
        };
        let description = text_of(row, "InterfaceDescription");
        let status = text_of(row, "Status").unwrap_or_default().to_lowercase();
        let mut adapter = Adapter::named(&name);
        adapter.index = index;
        adapter.mac = text_of(row, "MacAddress").and_then(|mac| text::mac(&mac));
        adapter.mtu = number_of(row, "MtuSize").and_then(|mtu| u32::try_from(mtu).ok());
        (adapter.enabled, adapter.carrier) = match status.as_str() {
            "up" => (Some(true), Some(true)),
            "disconnected" | "lowerlayerdown" => (Some(true), Some(false)),
            "disabled" => (Some(false), None),
            _ => (None, None),
        };
        adapter.kind = merge::kind_by_name(&name, description.as_deref());
        if adapter.kind == AdapterKind::Unknown && field(row, "HardwareInterface") == Some(&Value::Bool(true))
        {
            adapter.kind = AdapterKind::Ethernet;
        }
        adapter.description = description.filter(|words| !is_cut(words));
        found.push(adapter);
    }
    merge::adapters(system, found, extent(command, whole), command);
}

/// Reads `Get-NetIPAddress`.
pub fn addresses(text: &str, case: &mut Case, on: Place, command: &str) {
    let (rows, whole) = rows(text);
    let Some(system) = case.system_mut(on) else { return };
    let mut found: Vec<Adapter> = Vec::new();
    for row in &rows {
        let Some(name) = adapter_name(row) else { continue };
        let length = number_of(row, "PrefixLength").and_then(|length| u8::try_from(length).ok());
        let address = text_of(row, "IPAddress").as_deref().and_then(text::address);
        let (Some(length), Some(address)) = (length, address) else {
            continue;
        };
        let Ok(net) = IpNet::new(address, length) else {
            continue;
        };
        // 3 is Dhcp, 1 is Manual (MSFT_NetIPAddress.PrefixOrigin).
        let origin = match text_of(row, "PrefixOrigin")
            .unwrap_or_default()
            .to_lowercase()
            .as_str()
        {
            _ if is_link_local(address) => AddressOrigin::LinkLocal,
            "3" | "dhcp" => AddressOrigin::Dhcp,
            "1" | "manual" => AddressOrigin::Static,
            _ => AddressOrigin::Unknown,
        };
        let state = text_of(row, "AddressState").unwrap_or_default().to_lowercase();
        let at = match found.iter().position(|adapter| adapter.name == name) {
            Some(at) => at,
            None => {
                let mut adapter = Adapter::named(&name);
                adapter.index = index_of(row);
                adapter.kind = merge::kind_by_name(&name, None);
                adapter.addresses = Some(Vec::new());
                found.push(adapter);
                found.len() - 1
            }
        };
        if let Some(adapter) = found.get_mut(at) {
            adapter
                .addresses
                .get_or_insert_with(Vec::new)
                .push(AdapterAddress {
                    net,
                    origin,
                    duplicate: state == "2" || state == "duplicate",
                });
        }
    }
    let v4_only = command.to_lowercase().contains("ipv4");
    if v4_only {
        for adapter in &mut found {
            let known = system
                .adapters
                .rows()
                .iter()
                .find(|known| known.name == adapter.name);
            let others = known.iter().flat_map(|known| known.addresses.iter().flatten());
            let others = others.filter(|address| address.net.addr().is_ipv6()).copied();
            adapter.addresses.get_or_insert_with(Vec::new).extend(others);
        }
    }
    // Adapters without an address are not in this table, and not gone either.
    let _ = whole;
    merge::adapters(system, found, Extent::Part, command);
}

/// Reads `Get-NetIPInterface`: forwarding, DHCP and packet size of each adapter.
pub fn interfaces(text: &str, case: &mut Case, on: Place, command: &str) {
    let (rows, _) = rows(text);
    let Some(system) = case.system_mut(on) else { return };
    let mut found: Vec<Adapter> = Vec::new();
    for row in &rows {
        // 2 is IPv4, 23 is IPv6.
        let family = text_of(row, "AddressFamily").unwrap_or_default().to_lowercase();
        if family == "23" || family == "ipv6" {
            continue;
        }
        let Some(name) = adapter_name(row) else { continue };
        let mut adapter = Adapter::named(&name);
        adapter.index = index_of(row);
        adapter.kind = merge::kind_by_name(&name, None);
        adapter.forwarding = switch(row, "Forwarding", &["1", "enabled"], &["0", "2", "disabled"]);
        adapter.dhcp = switch(row, "Dhcp", &["1", "enabled"], &["0", "2", "disabled"]);
        adapter.mtu = number_of(row, "NlMtu")
            .or_else(|| number_of(row, "NlMtu(Bytes)"))
            .and_then(|mtu| u32::try_from(mtu).ok())
            .filter(|mtu| *mtu != u32::MAX);
        adapter.carrier = switch(
            row,
            "ConnectionState",
            &["1", "connected"],
            &["0", "disconnected"],
        );
        found.push(adapter);
    }
    merge::adapters(system, found, Extent::Part, command);
}

/// Reads `Get-NetRoute`.
pub fn routes(text: &str, case: &mut Case, on: Place, command: &str) {
    let (rows, whole) = rows(text);
    let mut found = Vec::new();
    for row in &rows {
        let Some(destination) = text_of(row, "DestinationPrefix").as_deref().and_then(text::net) else {
            continue;
        };
        let via = text_of(row, "NextHop")
            .as_deref()
            .and_then(text::address)
            .filter(|via: &IpAddr| !via.is_unspecified());
        let metric = number_of(row, "RouteMetric");
        let own = number_of(row, "InterfaceMetric").or_else(|| number_of(row, "ifMetric"));
        let metric = metric.map(|metric| metric.saturating_add(own.unwrap_or(0)));
        found.push(Route {
            via,
            adapter: adapter_name(row),
            metric: metric.and_then(|metric| u32::try_from(metric).ok()),
            protocol: text_of(row, "Protocol").map(|word| word.to_lowercase()),
            ..Route::on_link(destination, "")
        });
    }
    if found.is_empty() {
        return;
    }
    let has = |v4: bool| {
        found
            .iter()
            .any(|row: &Route| row.destination.addr().is_ipv4() == v4)
    };
    let scope = RouteScope {
        v4: has(true),
        v6: has(false),
        table: None,
        extent: extent_of_family(command, whole),
    };
    merge::routes(case, on, found, scope, command);
}

/// `-AddressFamily IPv4` and `-PolicyStore ActiveStore` do not make a part of the table.
fn extent_of_family(command: &str, whole: bool) -> Extent {
    let mut narrowed = false;
    let call = command::call(command);
    let mut words = call.args.iter();
    while let Some(word) = words.next() {
        match word.to_lowercase().as_str() {
            "-addressfamily" | "-policystore" | "-erroraction" | "-ea" => {
                words.next();
            }
            _ => narrowed = true,
        }
    }
    if narrowed || !whole {
        Extent::Part
    } else {
        Extent::of(command)
    }
}

/// Reads `Get-NetNeighbor`.
pub fn neighbors(text: &str, case: &mut Case, on: Place, command: &str) {
    let (rows, whole) = rows(text);
    let mut found = Vec::new();
    for row in &rows {
        let Some(address) = text_of(row, "IPAddress").as_deref().and_then(text::address) else {
            continue;
        };
        let mac = text_of(row, "LinkLayerAddress").and_then(|mac| text::mac(&mac));
        // MSFT_NetNeighbor.State.
        let state = match text_of(row, "State").unwrap_or_default().to_lowercase().as_str() {
            "0" | "unreachable" => NeighborState::Failed,
            "1" | "incomplete" => NeighborState::Incomplete,
            "2" | "probe" => NeighborState::Probe,
            "3" | "delay" => NeighborState::Delay,
            "4" | "stale" => NeighborState::Stale,
            "5" | "reachable" => NeighborState::Reachable,
            "6" | "permanent" => NeighborState::Permanent,
            _ => NeighborState::Unknown,
        };
        found.push(Neighbor {
            address,
            mac: mac.filter(|mac| !mac.is_zero()),
            adapter: adapter_name(row),
            state,
            confirmed_ms_ago: None,
        });
    }
    let Some(system) = case.system_mut(on) else { return };
    let families: Vec<bool> = found.iter().map(|row| row.address.is_ipv4()).collect();
    let extent = extent_of_family(command, whole);
    merge::neighbors(
        system,
        found,
        |row| families.contains(&row.address.is_ipv4()),
        extent,
        command,
    );
}

/// Reads `Get-NetConnectionProfile`.
pub fn connection_profiles(text: &str, case: &mut Case, on: Place, command: &str) {
    let Some(system) = case.system_mut(on) else { return };
    for row in rows(text).0 {
        let Some(name) = adapter_name(&row) else { continue };
        let profile = match text_of(&row, "NetworkCategory")
            .unwrap_or_default()
            .to_lowercase()
            .as_str()
        {
            "0" | "public" => "public",
            "1" | "private" => "private",
            "2" | "domainauthenticated" | "domain" => "domain",
            _ => continue,
        };
        let adapter = merge::adapter(system, &name, command);
        adapter.profile = Some(profile.to_owned());
        adapter.index = index_of(&row).or(adapter.index);
        if adapter.kind == AdapterKind::Unknown {
            adapter.kind = merge::kind_by_name(&name, adapter.description.as_deref());
        }
    }
}

/// Reads `Get-NetAdapterBinding`: drivers and protocols by their identifiers (`vmware_bridge`), which no language
/// changes. Adapters that are not known are none.
pub fn bindings(text: &str, case: &mut Case, on: Place, _command: &str) {
    let Some(system) = case.system_mut(on) else { return };
    let Some(adapters) = system.adapters.value_mut() else {
        return;
    };
    for row in rows(text).0 {
        let name = text_of(&row, "Name").or_else(|| text_of(&row, "InterfaceAlias"));
        let component = text_of(&row, "ComponentID").map(|id| id.to_lowercase());
        let enabled = switch(&row, "Enabled", &["true", "1"], &["false", "0"]);
        let (Some(name), Some(component), Some(enabled)) = (name, component, enabled) else {
            continue;
        };
        let Some(adapter) = adapters
            .iter_mut()
            .find(|known| known.name.eq_ignore_ascii_case(&name))
        else {
            continue;
        };
        adapter.bindings.retain(|(known, _)| *known != component);
        if adapter.bindings.len() < 64 {
            adapter.bindings.push((component, enabled));
        }
    }
}

/// Reads `Get-NetAdapterAdvancedProperty`: what the card does instead of the system, by the registry's keywords
/// (`*LsoV2IPv4`), which no language changes. Adapters that are not known are none.
pub fn offloads(text: &str, case: &mut Case, on: Place, _command: &str) {
    let Some(adapters) = case.system_mut(on).and_then(|system| system.adapters.value_mut()) else {
        return;
    };
    for row in rows(text).0 {
        let keyword = text_of(&row, "RegistryKeyword")
            .filter(|word| !is_cut(word))
            .and_then(|word| word.strip_prefix('*').map(str::to_owned));
        let value = match field(&row, "RegistryValue") {
            Some(Value::Array(values)) => values.first().and_then(Value::as_str).map(str::to_owned),
            _ => text_of(&row, "RegistryValue"),
        };
        let (Some(name), Some(keyword), Some(value)) = (text_of(&row, "Name"), keyword, value) else {
            continue;
        };
        let takes_over = ["Lso", "Rsc", "Checksum"]
            .iter()
            .any(|word| keyword.contains(word));
        let adapter = adapters
            .iter_mut()
            .find(|known| known.name.eq_ignore_ascii_case(&name));
        let (Some(adapter), true) = (adapter, takes_over) else {
            continue;
        };
        adapter.offloads.retain(|(known, _)| *known != keyword);
        if adapter.offloads.len() < 64 {
            adapter
                .offloads
                .push((keyword, value.trim_matches(['{', '}', ' ']) != "0"));
        }
    }
}

/// Reads `Get-NetFirewallProfile`. What is not configured is Windows' default: inbound blocked, outbound
/// allowed, rules of this machine counted (Microsoft: "Set-NetFirewallProfile").
pub fn firewall_profiles(text: &str, case: &mut Case, on: Place, command: &str) {
    let Some(system) = case.system_mut(on) else { return };
    let mut found = Vec::new();
    for row in rows(text).0 {
        let Some(name) = text_of(&row, "Name").or_else(|| text_of(&row, "Profile")) else {
            continue;
        };
        let action = |key: &str, default: bool| match text_of(&row, key)?.to_lowercase().as_str() {
            "4" | "block" => Some(true),
            "2" | "allow" => Some(false),
            "0" | "notconfigured" => Some(default),
            _ => None,
        };
        found.push(FirewallProfile {
            name: name.to_lowercase(),
            enabled: switch(&row, "Enabled", &["1", "true"], &["0", "false"]),
            blocks_inbound: action("DefaultInboundAction", true),
            blocks_all_inbound: switch(
                &row,
                "AllowInboundRules",
                &["0", "false"],
                &["1", "2", "true", "notconfigured"],
            ),
            blocks_outbound: action("DefaultOutboundAction", false),
            local_rules: switch(
                &row,
                "AllowLocalFirewallRules",
                &["1", "2", "true", "notconfigured"],
                &["0", "false"],
            ),
        });
    }
    firewall::lay(system, found, command);
}

/// Reads `Get-NetFirewallRule`: JSON and lists.
pub fn firewall_rules(text: &str, case: &mut Case, on: Place, command: &str) {
    let Some(system) = case.system_mut(on) else { return };
    let listed = rows(text).0;
    // What tells no rule does not tell that there is none; printing nothing does.
    let named = |row: &Value| {
        text_of(row, "Name")
            .or_else(|| text_of(row, "DisplayName"))
            .is_some()
    };
    if !text.trim().is_empty() && !listed.iter().any(named) {
        return;
    }
    let rules = &mut system.firewall.fill("").rules;
    for row in listed {
        let Some(name) = text_of(&row, "Name").or_else(|| text_of(&row, "DisplayName")) else {
            continue;
        };
        let display_name = text_of(&row, "DisplayName");
        let words = format!("{name} {}", display_name.as_deref().unwrap_or_default()).to_lowercase();
        // Of Windows' own rules this one lets in a message of routers, and is always on.
        let by_name = if words.contains("dufrag") {
            None
        } else if words.contains("icmp4") || words.contains("icmpv4") {
            Some("ICMPv4".to_owned())
        } else if words.contains("icmp6") || words.contains("icmpv6") {
            Some("ICMPv6".to_owned())
        } else {
            None
        };
        let rule = FirewallRule {
            enabled: switch(&row, "Enabled", &["1", "true"], &["2", "0", "false"]),
            inbound: switch(&row, "Direction", &["1", "inbound"], &["2", "outbound"]),
            allows: switch(&row, "Action", &["2", "allow"], &["4", "block"]),
            protocol: text_of(&row, "Protocol").or(by_name),
            local_port: list_of(&row, "LocalPort"),
            profiles: profiles_of(&text_of(&row, "Profile").unwrap_or_default()),
            remote: list_of(&row, "RemoteAddress"),
            program: text_of(&row, "Program"),
            // The cmdlet's own list has neither addresses nor ports nor programs.
            partial: text_of(&row, "Protocol").is_none()
                || switch(&row, "Partial", &["1", "true"], &["0", "false"]) == Some(true),
            name,
            display_name,
        };
        rules.retain(|old| old.name != rule.name);
        rules.push(rule);
    }
    if let Fact::Known(_, told) = &mut system.firewall {
        *told = source(command);
    }
}

/// Flags 1 domain, 2 private, 4 public, 0 any; or words.
fn profiles_of(word: &str) -> Vec<String> {
    const NAMES: [(u64, &str); 3] = [(1, "domain"), (2, "private"), (4, "public")];
    let lower = word.to_lowercase();
    let flags = lower.parse::<u64>().ok().filter(|flags| *flags <= 7);
    NAMES
        .iter()
        .filter(|(flag, name)| match flags {
            Some(flags) => flags & flag != 0,
            None => lower.contains(name),
        })
        .map(|(_, name)| (*name).to_owned())
        .collect()
}

/// Reads `Get-NetIPConfiguration`, which tells gateways and name servers but no prefix lengths.
pub fn ip_configuration(text: &str, case: &mut Case, on: Place, command: &str) {
    let Some(system) = case.system_mut(on) else { return };
    for row in powershell_rows(text) {
        let Some(name) = adapter_name(&row) else { continue };
        let list = |key: &str| -> Vec<IpAddr> {
            text_of(&row, key)
                .unwrap_or_default()
                .split([' ', ',', '{', '}'])
                .filter_map(text::address)
                .collect()
        };
        let gateways = [list("IPv4DefaultGateway"), list("IPv6DefaultGateway")].concat();
        let servers = list("DNSServer");
        let adapter = merge::adapter(system, &name, command);
        adapter.index = index_of(&row).or(adapter.index);
        adapter.description = text_of(&row, "InterfaceDescription").or(adapter.description.take());
        if adapter.kind == AdapterKind::Unknown {
            adapter.kind = merge::kind_by_name(&name, adapter.description.as_deref());
        }
        if !gateways.is_empty() {
            adapter.gateways = gateways;
        }
        if !servers.is_empty() {
            adapter.dns = servers;
        }
        adapter.profile = text_of(&row, "NetProfile.NetworkCategory")
            .map(|word| word.to_lowercase())
            .or(adapter.profile.take());
    }
}
