//! `scutil --dns` and `scutil --nwi`.

use std::net::IpAddr;

use crate::model::{Adapter, Case, Place, Service, ServiceState, StartMode};
use crate::parse::merge::{self, Extent};
use crate::parse::text::address;

/// Whether the line stands in `scutil --dns`.
pub fn is_dns_line(line: &str) -> bool {
    let line = line.trim();
    // "DNS configuration" stands in `nmcli`, too.
    line.starts_with("nameserver[") || line.starts_with("resolver #")
}

/// Reads the name servers: those of the machine, and those of each adapter.
pub fn dns(text: &str, case: &mut Case, on: Place, command: &str) {
    let Some(system) = case.system_mut(on) else { return };
    let mut all: Vec<IpAddr> = Vec::new();
    let mut servers: Vec<IpAddr> = Vec::new();
    let mut scoped = false;
    for line in text.lines().map(str::trim) {
        if line.starts_with("DNS configuration") {
            scoped = line.contains("scoped");
        } else if line.starts_with("resolver #") {
            servers.clear();
        } else if line.starts_with("nameserver[") {
            let server = line.split_once(" : ").and_then(|(_, value)| address(value));
            servers.extend(server);
            if !scoped {
                all.extend(server.filter(|server| !all.contains(server)));
            }
        } else if let Some((_, rest)) = line.split_once("if_index :")
            && let Some(name) = rest.split(['(', ')']).nth(1)
            && let Some(adapters) = system.adapters.value_mut()
            && let Some(adapter) = adapters.iter_mut().find(|adapter| adapter.name == name)
        {
            adapter.dns.clone_from(&servers);
        }
    }
    merge::name_servers(system, all, command);
}

/// Whether the line stands in `scutil --nc list`.
pub fn is_service_line(line: &str) -> bool {
    line.starts_with("Available network connection services") || service(line).is_some()
}

/// `* (Connected)      5B1F…-… VPN (com.wireguard.macos) "Office"   [VPN:com.wireguard.macos]`.
fn service(line: &str) -> Option<Service> {
    let (state, rest) = line
        .trim_start_matches(['*', ' '])
        .strip_prefix('(')?
        .split_once(')')?;
    let (before, kind) = rest.rsplit_once('[')?;
    let name = before.trim_end().strip_suffix('"')?.split_once('"')?.1;
    (kind.trim_end().ends_with(']') && !name.is_empty()).then(|| Service {
        name: name.to_owned(),
        state: match state {
            "Connected" => ServiceState::Running,
            "Disconnected" => ServiceState::Stopped,
            _ => ServiceState::Unknown,
        },
        start: StartMode::Unknown,
        source: String::new(),
    })
}

/// Reads which connections to other networks are set up, and which of them stand.
pub fn services(text: &str, case: &mut Case, on: Place, command: &str) {
    let Some(system) = case.system_mut(on) else { return };
    let found = text.lines().filter_map(service).take(200).collect();
    merge::services(system, found, command);
}

/// Whether the line stands in `scutil --nwi`.
pub fn is_nwi_line(line: &str) -> bool {
    let line = line.trim();
    line.starts_with("Network information") || line.starts_with("Network interfaces:") || row(line).is_some()
}

/// `en0 : flags      : 0x5 (IPv4,DNS)`.
fn row(line: &str) -> Option<&str> {
    let (name, rest) = line.split_once(" : ")?;
    let name = name.trim();
    (rest.trim_start().starts_with("flags") && !name.contains(' ') && !name.is_empty() && name != "REACH")
        .then_some(name)
}

/// Reads which adapters carry traffic. It tells addresses without their prefix length, which are left to
/// `ifconfig`.
pub fn nwi(text: &str, case: &mut Case, on: Place, command: &str) {
    let Some(system) = case.system_mut(on) else { return };
    let mut found: Vec<Adapter> = Vec::new();
    for name in text.lines().filter_map(|line| row(line.trim())) {
        if found.iter().all(|adapter| adapter.name != name) {
            let mut adapter = Adapter::named(name);
            adapter.kind = merge::kind_by_name(name, None);
            adapter.enabled = Some(true);
            found.push(adapter);
        }
    }
    merge::adapters(system, found, Extent::Part, command);
}
