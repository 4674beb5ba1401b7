//! Hyper-V and WSL: PowerShell's JSON and tables, `wsl -l -v` and `.wslconfig`.

use serde_json::Value;

use super::lay;
use crate::model::{Case, HypervisorId, Mode, Nic, Os, Place, PowerState, VirtualNetwork};
use crate::parse::{command, text};

/// The identifier of Windows' built-in Default Switch, the same on every machine.
const DEFAULT_SWITCH: &str = "c08cb7b8-9b3c-408e-8e30-5e16a3aeb444";

/// Rows of JSON or of a table.
fn rows(text: &str) -> Vec<Value> {
    let mut rows = if text.trim_start().starts_with(['[', '{']) {
        text::json_rows(text).0
    } else {
        text::powershell_rows(text)
    };
    rows.truncate(lay::MAX_ROWS);
    rows
}

/// `Get-VM`: names and states.
pub fn machines(text: &str, case: &mut Case, _on: Place, command: &str) {
    let source = text::source(command);
    let hypervisor = lay::product(case, HypervisorId::HyperV, "Get-VM");
    hypervisor.machines.fill(&source);
    for row in rows(text) {
        let Some(name) = text::text_of(&row, "Name").or_else(|| text::text_of(&row, "VMName")) else {
            continue;
        };
        // The cmdlet's enum: 2 running, 3 off, 6 saved, 9 paused.
        let state = match text::text_of(&row, "State")
            .unwrap_or_default()
            .to_lowercase()
            .as_str()
        {
            "running" | "2" | "starting" => PowerState::Running,
            "off" | "3" | "stopping" => PowerState::Off,
            "saved" | "6" => PowerState::Saved,
            "paused" | "9" => PowerState::Paused,
            word if word.contains("critical") => PowerState::Crashed,
            _ => PowerState::Unknown,
        };
        let machine_id = text::text_of(&row, "Id").or_else(|| text::text_of(&row, "VMId"));
        let machine = lay::machine(hypervisor, &name, machine_id.as_deref(), &source);
        machine.state = state;
        if state == PowerState::Running {
            hypervisor.running = Some(true);
        }
    }
}

/// `Get-VMSwitch`.
pub fn switches(text: &str, case: &mut Case, _on: Place, command: &str) {
    let source = text::source(command);
    let hypervisor = lay::product(case, HypervisorId::HyperV, "Get-VMSwitch");
    hypervisor.networks.fill(&source);
    for row in rows(text) {
        let Some(name) = text::text_of(&row, "Name") else {
            continue;
        };
        let id = text::text_of(&row, "Id").unwrap_or_default().to_lowercase();
        let default = id == DEFAULT_SWITCH || (id.is_empty() && name == "Default Switch");
        // The enum: 0 private, 1 internal, 2 external.
        let kind = text::text_of(&row, "SwitchType")
            .unwrap_or_default()
            .to_lowercase();
        let mode = match kind.as_str() {
            _ if default => Mode::DefaultSwitch,
            "private" | "0" => Mode::Private,
            "internal" | "1" => Mode::Internal,
            "external" | "2" => Mode::External,
            _ => Mode::Other,
        };
        let shared = text::text_of(&row, "AllowManagementOS").and_then(|word| lay::truth(&word));
        let with_host = match mode {
            Mode::Private => Some(false),
            Mode::Internal | Mode::DefaultSwitch => Some(true),
            _ => shared,
        };
        let network = VirtualNetwork {
            mode,
            host_adapter: (with_host == Some(true)).then(|| format!("vEthernet ({name})")),
            host_adapter_wanted: with_host,
            nat: default.then_some(true),
            uplink: text::text_of(&row, "NetAdapterInterfaceDescription").filter(|name| !name.is_empty()),
            name,
            ..VirtualNetwork::default()
        };
        let known = lay::network(hypervisor, &network.name.clone(), &source);
        lay::over_network(known, network);
    }
    let call = command::call(command);
    let narrowed = call.words().next().is_some() || call.has("-Name") || call.has("-SwitchType");
    if !command.is_empty() && !narrowed {
        lay::listed(hypervisor, "networks");
    }
    lay::settle(hypervisor);
}

/// Addresses of a JSON array, or of a table's `{a, b}`.
fn addresses(row: &Value) -> Vec<std::net::IpAddr> {
    match text::field(row, "IPAddresses") {
        Some(Value::Array(values)) => values
            .iter()
            .filter_map(|value| text::address(value.as_str()?))
            .take(64)
            .collect(),
        Some(Value::String(list)) => list
            .split(|c: char| c.is_whitespace() || "{},".contains(c))
            .filter_map(text::address)
            .take(64)
            .collect(),
        _ => Vec::new(),
    }
}

/// `Get-VMNetworkAdapter`: the cards of machines, in order.
pub fn cards(text: &str, case: &mut Case, _on: Place, command: &str) {
    let source = text::source(command);
    let hypervisor = lay::product(case, HypervisorId::HyperV, "Get-VMNetworkAdapter");
    let mut machines: Vec<(String, Vec<Nic>)> = Vec::new();
    for row in rows(text) {
        let word = |key: &str| text::text_of(&row, key).filter(|word| !word.is_empty());
        if word("IsManagementOs").and_then(|word| lay::truth(&word)) == Some(true) {
            continue;
        }
        let Some(name) = word("VMName") else { continue };
        let at = match machines.iter().position(|(known, _)| *known == name) {
            Some(at) => at,
            None => {
                machines.push((name, Vec::new()));
                machines.len() - 1
            }
        };
        let Some((_, nics)) = machines.get_mut(at) else {
            continue;
        };
        let network = word("SwitchName");
        let connected = word("Connected").and_then(|word| lay::truth(&word));
        let mut nic = Nic {
            slot: u32::try_from(nics.len()).unwrap_or(u32::MAX),
            mac: word("MacAddress").and_then(|mac| mac.parse().ok()),
            // A card without a switch has no cable.
            cable_connected: connected.or(Some(network.is_some())),
            network,
            vlan: word("AccessVlanId")
                .and_then(|id| id.parse().ok())
                .filter(|_| word("VlanMode").is_none_or(|mode| mode == "Access")),
            ..Nic::default()
        };
        for (key, setting) in [
            ("MacAddressSpoofing", "mac-spoofing"),
            ("DhcpGuard", "dhcp-guard"),
            ("RouterGuard", "router-guard"),
            ("VlanMode", "vlan-mode"),
        ] {
            if let Some(value) = word(key) {
                nic.settings.insert(setting.to_owned(), value.to_lowercase());
            }
        }
        for address in addresses(&row) {
            lay::address(&mut nic, address, None, "guest tools");
        }
        nics.push(nic);
    }
    for (name, nics) in machines {
        let machine = lay::machine(hypervisor, &name, None, &source);
        lay::nics(machine, nics);
    }
    lay::settle(hypervisor);
}

/// `Get-NetNat`: the segment that Windows translates belongs to the switch whose host adapter is in it.
pub fn net_nat(text: &str, case: &mut Case, on: Place, command: &str) {
    let source = text::source(command);
    let adapters = if on == Place::Host {
        case.host.adapters.rows().to_vec()
    } else {
        Vec::new()
    };
    let hypervisor = lay::product(case, HypervisorId::HyperV, "");
    let mut prefixes = Vec::new();
    for row in rows(text) {
        let name = text::text_of(&row, "Name").unwrap_or_default();
        let Some(segment) =
            text::text_of(&row, "InternalIPInterfaceAddressPrefix").and_then(|word| text::net(&word))
        else {
            continue;
        };
        prefixes.push(segment.to_string());
        let owner = hypervisor
            .networks
            .rows()
            .iter()
            .find(|network| {
                network.segment == Some(segment)
                    || adapters.iter().any(|adapter| {
                        Some(&adapter.name) == network.host_adapter.as_ref()
                            && adapter.nets().any(|net| segment.contains(&net.addr()))
                    })
            })
            .map(|network| network.name.clone());
        if let Some(owner) = owner {
            let network = lay::network(hypervisor, &owner, &source);
            network.segment = Some(segment);
            network.nat = Some(true);
            network.settings.insert("net-nat".to_owned(), name);
        }
    }
    hypervisor
        .settings
        .insert("net-nat".to_owned(), prefixes.join(" "));
}

/// `wsl -l -v`: `* Ubuntu-24.04    Running         2`.
pub fn wsl_list(text: &str, case: &mut Case, _on: Place, command: &str) {
    let source = text::source(command);
    let hypervisor = lay::product(case, HypervisorId::Wsl2, "wsl");
    hypervisor.machines.fill(&source);
    for line in text.lines().take(lay::MAX_ROWS) {
        let line = line.trim().trim_start_matches('*');
        let words: Vec<&str> = line.split_whitespace().collect();
        let [name, state, "2"] = words.as_slice() else {
            continue;
        };
        let machine = lay::machine(hypervisor, name, None, &source);
        machine.os = Some(Os::Linux);
        machine.state = match *state {
            "Running" | "正在运行" | "运行中" | "Wird" => PowerState::Running,
            "Stopped" | "已停止" | "Beendet" => PowerState::Off,
            _ => PowerState::Unknown,
        };
        if machine.state == PowerState::Running {
            hypervisor.running = Some(true);
        }
    }
}

/// `%UserProfile%\.wslconfig`: how all WSL machines are connected.
pub fn wslconfig(text: &str, case: &mut Case, _on: Place, command: &str) {
    let source = text::source(command);
    let hypervisor = lay::product(case, HypervisorId::Wsl2, "");
    let mut mode = Mode::Nat;
    let mut settings = std::collections::BTreeMap::new();
    for line in text.lines().take(1000) {
        let line = line.trim();
        let Some((key, value)) = line.split_once('=').filter(|_| !line.starts_with('#')) else {
            continue;
        };
        let (key, value) = (key.trim(), value.trim());
        if key.eq_ignore_ascii_case("networkingMode") {
            mode = match value.to_lowercase().as_str() {
                "nat" | "virtioproxy" => Mode::Nat,
                "mirrored" => Mode::Mirrored,
                "bridged" => Mode::Bridged,
                _ => Mode::Other,
            };
        }
        if settings.len() < 100 {
            settings.insert(key.to_owned(), value.to_owned());
        }
    }
    let network = lay::network(hypervisor, "WSL", &source);
    network.mode = mode;
    network.settings.extend(settings);
}
