//! Hyper-V and WSL: PowerShell's JSON and tables, `wsl -l -v` and `.wslconfig`.

use serde_json::Value;

use super::lay;
use crate::model::{Case, Hypervisor, HypervisorId, Mode, Nic, Os, Place, PowerState, VirtualNetwork};
use crate::parse::merge::Extent;
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
    let found = rows(text);
    for row in &found {
        let Some(name) = text::text_of(row, "Name") else {
            continue;
        };
        let id = text::text_of(row, "Id").unwrap_or_default().to_lowercase();
        let default = id == DEFAULT_SWITCH || (id.is_empty() && name == "Default Switch");
        // The enum: 0 private, 1 internal, 2 external.
        let kind = text::text_of(row, "SwitchType")
            .unwrap_or_default()
            .to_lowercase();
        let mode = match kind.as_str() {
            _ if default => Mode::DefaultSwitch,
            "private" | "0" => Mode::Private,
            "internal" | "1" => Mode::Internal,
            "external" | "2" => Mode::External,
            _ => Mode::Other,
        };
        let shared = text::text_of(row, "AllowManagementOS").and_then(|word| lay::truth(&word));
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
            uplink: text::text_of(row, "NetAdapterInterfaceDescription").filter(|name| !name.is_empty()),
            name,
            ..VirtualNetwork::default()
        };
        let known = lay::network(hypervisor, &network.name.clone(), &source);
        lay::over_network(known, network);
    }
    let call = command::call(command);
    let narrowed = call.words().next().is_some() || call.has("-Name") || call.has("-SwitchType");
    // Rows that were all understood, or the empty list that JSON has for "none".
    let understood = match found.is_empty() {
        true => text.trim() == "[]",
        false => found.iter().all(|row| text::text_of(row, "Name").is_some()),
    };
    if !command.is_empty() && !narrowed && understood && is_all(text, command) {
        lay::listed(hypervisor, "networks");
    }
    lay::settle(hypervisor);
}

/// Whether nothing was left out of a list, as far as its command and its JSON show.
fn is_all(text: &str, command: &str) -> bool {
    let whole = !text.trim_start().starts_with(['[', '{']) || text::json_rows(text).1;
    whole && Extent::of(command) == Extent::Whole
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

/// The VLAN of a card, 0 for none; a trunk has several, and an isolated card neither.
fn vlan_of(mode: Option<&str>, listed: Option<&str>) -> Option<u16> {
    // VMNetworkAdapterVlanMode: 0 untagged, 1 access, 2 trunk, 3 private.
    match mode.map(str::to_lowercase).as_deref() {
        Some("untagged" | "0") => Some(0),
        Some("access" | "1") | None => listed?.parse().ok(),
        Some(_) => None,
    }
}

/// Notes the VLANs of the host's own cards by their switches. Of two in different ones neither is the switch's.
fn lay_host_vlans(hypervisor: &mut Hypervisor, cards: Vec<(String, u16)>, source: &str) {
    for (switch, vlan) in &cards {
        let settings = &mut lay::network(hypervisor, switch, source).settings;
        if cards
            .iter()
            .any(|(other, theirs)| other == switch && theirs != vlan)
        {
            settings.remove("host-vlan");
        } else {
            settings.insert("host-vlan".to_owned(), vlan.to_string());
        }
    }
}

/// `Get-VMNetworkAdapter`: the cards of machines, in order, and the VLANs of the host's own.
pub fn cards(text: &str, case: &mut Case, _on: Place, command: &str) {
    let source = text::source(command);
    let hypervisor = lay::product(case, HypervisorId::HyperV, "Get-VMNetworkAdapter");
    let mut machines: Vec<(String, Vec<Nic>)> = Vec::new();
    let mut own = Vec::new();
    for row in rows(text) {
        let word = |key: &str| text::text_of(&row, key).filter(|word| !word.is_empty());
        let vlan = vlan_of(word("VlanMode").as_deref(), word("AccessVlanId").as_deref());
        if word("IsManagementOs").and_then(|word| lay::truth(&word)) == Some(true) {
            own.extend(word("SwitchName").zip(vlan));
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
            vlan,
            ..Nic::default()
        };
        for (key, setting) in [
            ("MacAddressSpoofing", "mac-spoofing"),
            ("DhcpGuard", "dhcp-guard"),
            ("RouterGuard", "router-guard"),
            ("VlanMode", "vlan-mode"),
        ] {
            if let Some(value) = word(key) {
                // The enum of switches: 0 is on, 1 is off. JSON prints the number.
                let value = match value.as_str() {
                    "0" => "on".to_owned(),
                    "1" => "off".to_owned(),
                    _ => value.to_lowercase(),
                };
                nic.settings.insert(setting.to_owned(), value);
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
    lay_host_vlans(hypervisor, own, &source);
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
    let (mut prefixes, mut names) = (Vec::new(), Vec::new());
    for row in rows(text) {
        let name = text::text_of(&row, "Name").unwrap_or_default();
        let Some(segment) =
            text::text_of(&row, "InternalIPInterfaceAddressPrefix").and_then(|word| text::net(&word))
        else {
            continue;
        };
        prefixes.push(segment.to_string());
        names.push(name.replace('\n', " "));
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
    // In the order of the prefixes.
    hypervisor
        .settings
        .insert("net-nat-names".to_owned(), names.join("\n"));
}

/// `Get-VMNetworkAdapterVlan`: the VLAN of each machine's card, and of the host's own card on a switch.
pub fn vlans(text: &str, case: &mut Case, _on: Place, command: &str) {
    let source = text::source(command);
    let hypervisor = lay::product(case, HypervisorId::HyperV, "Get-VMNetworkAdapterVlan");
    let mut own = Vec::new();
    for row in rows(text) {
        let word = |key: &str| text::text_of(&row, key).filter(|word| !word.is_empty());
        let mode = word("Mode").or_else(|| word("OperationMode"));
        let listed = word("VlanList").or_else(|| word("AccessVlanId"));
        let vlan = vlan_of(Some(mode.as_deref().unwrap_or_default()), listed.as_deref());
        let (Some(card), Some(vlan)) = (
            word("VMNetworkAdapterName").or_else(|| word("ParentAdapterName")),
            vlan,
        ) else {
            continue;
        };
        match word("VMName") {
            Some(name) => {
                let machine = lay::machine(hypervisor, &name, None, &source);
                if machine.nics.is_empty() {
                    lay::nic_in_slot(machine, 0);
                }
                // Cards are told apart by names that only this list has; of several none is meant for sure.
                if let [only] = machine.nics.as_mut_slice() {
                    only.vlan = Some(vlan);
                }
            }
            // The host's card is called as its switch, unless somebody gave it another name.
            None => {
                let switch = word("SwitchName").unwrap_or(card);
                if !hypervisor.networks.is_known() || hypervisor.network(&switch).is_some() {
                    own.push((switch, vlan));
                }
            }
        }
    }
    lay_host_vlans(hypervisor, own, &source);
    lay::settle(hypervisor);
}

/// `Get-VMNetworkAdapterAcl`, `Get-VMNetworkAdapterExtendedAcl`: what is denied on each machine's cards.
pub fn access_lists(text: &str, case: &mut Case, _on: Place, command: &str) {
    let source = text::source(command);
    let hypervisor = lay::product(case, HypervisorId::HyperV, "Get-VMNetworkAdapterAcl");
    let mut name = command::call(command)
        .after("-VMName")
        .map(|name| name.trim_matches(['"', '\'']).to_owned());
    for row in rows(text) {
        let word = |key: &str| text::text_of(&row, key).filter(|word| !word.is_empty());
        name = word("VMName").or(name);
        let action = word("Action").unwrap_or_default();
        // The enum: 1 allow, 2 deny.
        if !(action.eq_ignore_ascii_case("deny") || action == "2") {
            continue;
        }
        let Some(name) = name.as_deref() else { continue };
        // The table has one column for both ends: `Remote 10.0.0.0/8`, `Local 00-15-5D-01-02-03`.
        let either = || {
            let address = word("Address")?;
            let (side, far) = address.split_once(' ').unwrap_or(("Remote", address.as_str()));
            side.eq_ignore_ascii_case("remote").then(|| far.trim().to_owned())
        };
        let far = word("RemoteAddress")
            .or_else(|| word("RemoteIPAddress"))
            .or_else(either)
            .unwrap_or_else(|| "?".to_owned());
        let way = word("Direction").unwrap_or_default();
        let machine = lay::machine(hypervisor, name, None, &source);
        if let Some(nic) = lay::nic_in_slot(machine, 0) {
            let entry = nic.settings.entry("acl".to_owned()).or_default();
            if entry.len() < 400 {
                entry.push_str(&format!("{way} {far} Deny; "));
            }
        }
    }
}

/// `wslinfo --networking-mode`: the mode that WSL really runs.
pub fn wslinfo(text: &str, case: &mut Case, _on: Place, command: &str) {
    let source = text::source(command);
    let mode = match text.trim() {
        "nat" | "virtioproxy" => Mode::Nat,
        "mirrored" => Mode::Mirrored,
        "bridged" => Mode::Bridged,
        _ => return,
    };
    let hypervisor = lay::product(case, HypervisorId::Wsl2, "wslinfo");
    let network = lay::network(hypervisor, "WSL", &source);
    network.mode = mode;
    network
        .settings
        .insert("actual-mode".to_owned(), mode.name().to_owned());
}

/// What `wsl` says at a start where mirrored networking is not to be had.
pub fn wsl_warning(text: &str, case: &mut Case, _on: Place, _command: &str) {
    let hypervisor = lay::product(case, HypervisorId::Wsl2, "wsl");
    for line in text.lines().filter(|line| wsl_warning_line(line)).take(4) {
        lay::warning(hypervisor, line);
    }
}

/// A line of that warning.
pub fn wsl_warning_line(line: &str) -> bool {
    line.to_lowercase().contains("falling back to nat")
}

/// `wsl -l -v`: `* Ubuntu-24.04    Running         2`. Newer releases print states in English always, the `wsl` that came
/// with Windows translates them into several words (`Wird ausgeführt`, `En cours d’exécution`).
pub fn wsl_list(text: &str, case: &mut Case, _on: Place, command: &str) {
    let source = text::source(command);
    let hypervisor = lay::product(case, HypervisorId::Wsl2, "wsl");
    hypervisor.machines.fill(&source);
    for line in text.lines().take(lay::MAX_ROWS) {
        let line = line.trim().trim_start_matches('*');
        let words: Vec<&str> = line.split_whitespace().collect();
        let [name, state @ .., "2"] = words.as_slice() else {
            continue;
        };
        if state.is_empty() {
            continue;
        }
        let machine = lay::machine(hypervisor, name, None, &source);
        machine.os = Some(Os::Linux);
        machine.state = match state.join(" ").as_str() {
            "Running" | "正在运行" | "运行中" | "Wird ausgeführt" => PowerState::Running,
            "Stopped" | "已停止" | "Beendet" => PowerState::Off,
            // A word of a language that is not known here is no word for "off".
            _ => PowerState::Unknown,
        };
        if machine.state == PowerState::Running {
            hypervisor.running = Some(true);
        }
    }
}

/// `wsl --list --running --quiet`: the names of those that run, and nothing when none does (microsoft/WSL,
/// `WslClient.cpp`). Names are no words of a language, so this list decides for the machines that are known.
pub fn wsl_running(text: &str, case: &mut Case, _on: Place, _command: &str) {
    let names: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    // A sentence in place of the list tells nothing about any machine.
    let is_name = |name: &&str| {
        name.bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
    };
    if !names.iter().all(is_name) {
        return;
    }
    let hypervisor = lay::product(case, HypervisorId::Wsl2, "wsl");
    for machine in hypervisor.machines.value_mut().into_iter().flatten() {
        machine.state = match names.iter().any(|name| *name == machine.name) {
            true => PowerState::Running,
            false => PowerState::Off,
        };
    }
    // Whether a name that is not known here is one of WSL 2 only the longer list tells.
    if hypervisor
        .machines
        .rows()
        .iter()
        .any(|machine| machine.state == PowerState::Running)
    {
        hypervisor.running = Some(true);
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
    // What WSL really runs outranks what was asked for.
    if !network.settings.contains_key("actual-mode") {
        network.mode = mode;
    }
    network.settings.extend(settings);
}
