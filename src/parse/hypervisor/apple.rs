//! Products on a Mac: the leases of macOS's own DHCP server, Parallels' networks, and Multipass (everywhere).

use std::collections::BTreeMap;

use serde_json::Value;

use super::{lay, vmware};
use crate::model::{
    Case, DhcpServer, HypervisorId, Lease, Machine, Mode, Nic, Os, Place, PowerState, VirtualNetwork,
};
use crate::parse::{command, text};

/// Reads `/var/db/dhcpd_leases`: of several entries for an address the highest `lease=` holds, for the file has
/// no promised order.
pub fn parse_leases(text: &str) -> Vec<Lease> {
    let mut leases: BTreeMap<std::net::IpAddr, Lease> = BTreeMap::new();
    let mut fields: BTreeMap<&str, &str> = BTreeMap::new();
    for line in text.lines() {
        let line = line.trim();
        if line == "{" {
            fields.clear();
        } else if line == "}" {
            let Some(address) = fields.get("ip_address").and_then(|word| text::address(word)) else {
                continue;
            };
            let hardware = |key: &str| fields.get(key).and_then(|word| word.strip_prefix("1,"));
            let lease = Lease {
                address,
                mac: hardware("hw_address").and_then(|mac| mac.parse().ok()),
                host_name: fields.get("name").map(|name| (*name).to_owned()),
                client_id: fields.get("identifier").map(|id| (*id).to_owned()),
                ends: fields
                    .get("lease")
                    .and_then(|word| i64::from_str_radix(word.trim_start_matches("0x"), 16).ok()),
                abandoned: false,
            };
            let older = leases.get(&address).is_some_and(|known| known.ends > lease.ends);
            if !older && leases.len() < lay::MAX_ROWS {
                leases.insert(address, lease);
            }
        } else if let Some((key, value)) = line.split_once('=') {
            fields.insert(key, value);
        }
    }
    leases.into_values().collect()
}

/// Takes the leases of macOS into the case, for the product that is spoken of.
pub fn leases(text: &str, case: &mut Case, _on: Place, command: &str) {
    let id = case
        .intake
        .hypervisor
        .or_else(|| case.hypervisors.first().map(|hypervisor| hypervisor.id))
        .unwrap_or(HypervisorId::Vz);
    let source = text::source(command);
    let hypervisor = case.hypervisor_mut(id);
    vmware::take_leases(hypervisor, parse_leases(text), None, &source);
    vmware::settle(hypervisor);
}

fn parallels_mode(word: &str) -> Mode {
    match word {
        "shared" => Mode::Nat,
        "host-only" => Mode::HostOnly,
        "bridged" => Mode::Bridged,
        _ => Mode::Other,
    }
}

/// `prlsrvctl net list`: `Shared  shared  vnic0`.
pub fn parallels_list(text: &str, case: &mut Case, _on: Place, command: &str) {
    let source = text::source(command);
    let hypervisor = lay::product(case, HypervisorId::Parallels, "prlsrvctl");
    for line in text.lines().skip(1).take(lay::MAX_ROWS) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let at = words.iter().position(|word| parallels_mode(word) != Mode::Other);
        let Some(at) = at.filter(|at| *at > 0) else {
            continue;
        };
        let name = words.get(..at).unwrap_or_default().join(" ");
        let network = lay::network(hypervisor, &name, &source);
        network.mode = words.get(at).map_or(Mode::Other, |word| parallels_mode(word));
        let bound = words.get(at + 1).map(|word| (*word).to_owned());
        if network.mode == Mode::Bridged {
            network.uplink = bound;
        } else {
            network.host_adapter = bound;
        }
    }
    lay::settle(hypervisor);
}

/// `prlsrvctl net info NETWORK`.
pub fn parallels_info(text: &str, case: &mut Case, _on: Place, command: &str) {
    let mut network = VirtualNetwork::default();
    let mut dhcp = DhcpServer::default();
    let (mut in_dhcp, mut nat) = (false, false);
    for line in text.lines().take(lay::MAX_ROWS) {
        let Some((key, value)) = line.trim().split_once(':') else {
            continue;
        };
        let value = value.trim();
        match key {
            "Network ID" => value.clone_into(&mut network.name),
            "Type" => network.mode = parallels_mode(value),
            "Bound To" => network.host_adapter = Some(value.to_owned()),
            "IPv4 address" => network.host_address = lay::some_address(value),
            "IPv4 subnet mask" => {
                network.segment = network
                    .host_address
                    .and_then(|address| text::net_of(address, value))
                    .map(|net| net.trunc());
            }
            "DHCPv4 server" => in_dhcp = true,
            "Server address" if in_dhcp => dhcp.address = lay::some_address(value),
            "IP scope start address" => dhcp.first = lay::some_address(value),
            "IP scope end address" => dhcp.last = lay::some_address(value),
            "NAT server" => nat = true,
            _ => {}
        }
    }
    if network.name.is_empty() {
        return;
    }
    dhcp.enabled = Some(in_dhcp);
    network.nat = Some(nat);
    // Parallels' router and DHCP server are one address.
    network.nat_address = dhcp.address.filter(|_| nat);
    network.dhcp = Some(dhcp);
    network.host_adapter_wanted = Some(network.host_address.is_some());
    let source = text::source(command);
    let hypervisor = lay::product(case, HypervisorId::Parallels, "prlsrvctl");
    let known = lay::network(hypervisor, &network.name.clone(), &source);
    lay::over_network(known, network);
    lay::settle(hypervisor);
}

/// `multipass list --format json`.
pub fn multipass(text: &str, case: &mut Case, _on: Place, command: &str) {
    let source = text::source(command);
    let (rows, _) = text::json_rows(text);
    let hypervisor = lay::product(case, HypervisorId::Multipass, "multipass");
    hypervisor.machines.fill(&source);
    let listed = rows
        .iter()
        .filter_map(|row| row.get("list")?.as_array())
        .flatten()
        .take(lay::MAX_ROWS);
    for row in listed {
        let mut nic = Nic {
            mode: Mode::Nat,
            ..Nic::default()
        };
        let addresses = row.get("ipv4").and_then(Value::as_array).into_iter().flatten();
        // The first is the machine's own card; the others are of bridges and containers in it.
        if let Some(address) = addresses
            .filter_map(|value| text::address(value.as_str()?))
            .next()
        {
            lay::address(&mut nic, address, None, "agent");
        }
        let state = match text::text_of(row, "state").unwrap_or_default().as_str() {
            "Running" | "Starting" | "Restarting" => PowerState::Running,
            "Stopped" | "Deleted" => PowerState::Off,
            "Suspended" => PowerState::Saved,
            _ => PowerState::Unknown,
        };
        let machine = Machine {
            name: text::text_of(row, "name").unwrap_or_default(),
            state,
            os: Some(Os::Linux),
            nics: vec![nic],
            ..Machine::default()
        };
        lay::over_machine(hypervisor, machine, &source);
    }
}

/// `utmctl list`: `UUID  Status  Name`.
pub fn utm(text: &str, case: &mut Case, _on: Place, command: &str) {
    let source = text::source(command);
    let hypervisor = lay::product(case, HypervisorId::Utm, "utmctl");
    hypervisor.machines.fill(&source);
    for line in text.lines().take(lay::MAX_ROWS) {
        let mut words = line.split_whitespace();
        let (Some(id), Some(state)) = (words.next(), words.next()) else {
            continue;
        };
        let name = words.collect::<Vec<_>>().join(" ");
        if id.len() != 36 || name.is_empty() {
            continue;
        }
        let machine = lay::machine(hypervisor, &name, Some(id), &source);
        machine.state = match state {
            "started" | "starting" | "resuming" => PowerState::Running,
            "paused" | "pausing" => PowerState::Paused,
            "suspended" => PowerState::Saved,
            "stopped" | "stopping" => PowerState::Off,
            _ => PowerState::Unknown,
        };
        if machine.state == PowerState::Running {
            hypervisor.running = Some(true);
        }
    }
}

/// `utmctl ip-address MACHINE`: an address on each line, those of the machine's cards before those of what runs in it.
pub fn utm_addresses(text: &str, case: &mut Case, _on: Place, command: &str) {
    let source = text::source(command);
    let call = command::call(command);
    let Some(id) = call.words().nth(1) else { return };
    let hypervisor = lay::product(case, HypervisorId::Utm, "utmctl");
    let machine = lay::machine(hypervisor, id, Some(id), &source);
    let Some(nic) = lay::nic_in_slot(machine, 0) else {
        return;
    };
    lay::forget_addresses(nic, "agent");
    for address in text.lines().filter_map(text::address).take(64) {
        lay::address(nic, address, None, "agent");
    }
}

/// `multipass networks`: what its machines can be bridged to. They are adapters and switches of the host, and no networks of
/// Multipass's own, so that their names stand in the setting `bridgeable`, one a line.
pub fn multipass_networks(text: &str, case: &mut Case, _on: Place, _command: &str) {
    let rows = text.lines().skip(1).take(lay::MAX_ROWS).map(lay::cells);
    let names: Vec<&str> = rows
        .filter(|cells| cells.len() >= 2)
        .filter_map(|cells| cells.first().copied())
        .collect();
    let hypervisor = lay::product(case, HypervisorId::Multipass, "multipass");
    hypervisor
        .settings
        .insert("bridgeable".to_owned(), names.join("\n"));
}

/// `limactl list --format json`: one object a line. Its machines sit behind QEMU's or VZ's own translation unless
/// a network is named.
pub fn lima(text: &str, case: &mut Case, _on: Place, command: &str) {
    let source = text::source(command);
    let hypervisor = lay::product(case, HypervisorId::Lima, "limactl");
    hypervisor.machines.fill(&source);
    for line in text.lines().take(lay::MAX_ROWS) {
        let Ok(row) = serde_json::from_str::<Value>(line) else {
            continue;
        };
        let Some(name) = text::text_of(&row, "name") else {
            continue;
        };
        let networks = row.get("network").and_then(Value::as_array);
        let mut nics = vec![Nic {
            mode: Mode::User,
            ..Nic::default()
        }];
        for network in networks.into_iter().flatten().take(lay::MAX_NICS) {
            let lima = text::text_of(network, "lima").unwrap_or_default();
            let own = network.get("vzNAT") == Some(&Value::Bool(true));
            nics.push(Nic {
                slot: u32::try_from(nics.len()).unwrap_or(u32::MAX),
                mode: match lima.as_str() {
                    "shared" => Mode::Nat,
                    "bridged" => Mode::Bridged,
                    "host" => Mode::HostOnly,
                    "user-v2" => Mode::User,
                    _ if own => Mode::Nat,
                    _ => Mode::Other,
                },
                mac: text::text_of(network, "macAddress").and_then(|mac| mac.parse().ok()),
                network: Some(lima).filter(|name| !name.is_empty()),
                ..Nic::default()
            });
        }
        let machine = Machine {
            name,
            state: match text::text_of(&row, "status").unwrap_or_default().as_str() {
                "Running" => PowerState::Running,
                "Stopped" => PowerState::Off,
                "Broken" => PowerState::Crashed,
                _ => PowerState::Unknown,
            },
            os: Some(Os::Linux),
            nics,
            ..Machine::default()
        };
        if machine.state == PowerState::Running {
            hypervisor.running = Some(true);
        }
        lay::over_machine(hypervisor, machine, &source);
    }
}

/// The cards in `Hardware` of `prlctl list -i --json`: `"net0": {"enabled": true, "type": "shared", "mac": "001C42…"}`. The
/// kinds are those of Parallels/vagrant-parallels, `read_network_interfaces`.
fn parallels_cards(row: &Value, networks: &[(String, Mode)]) -> Vec<Nic> {
    let Some(hardware) = text::field(row, "Hardware").and_then(Value::as_object) else {
        return Vec::new();
    };
    let mut cards: Vec<Nic> = hardware
        .iter()
        .filter_map(|(name, card)| {
            let slot = name.strip_prefix("net")?.parse().ok()?;
            let word = |key: &str| text::text_of(card, key).filter(|word| !word.is_empty());
            let kind = word("type").unwrap_or_default();
            let mode = match kind.as_str() {
                "host" | "hostonly" => Mode::HostOnly,
                kind => parallels_mode(kind),
            };
            let mut own = networks.iter().filter(|(_, known)| *known == mode);
            let only = own.next().filter(|_| own.next().is_none());
            let unplugged = word("enabled").as_deref() == Some("false")
                || word("state").as_deref() == Some("disconnected");
            Some(Nic {
                slot,
                mode,
                network: only
                    .filter(|_| mode == Mode::Nat || mode == Mode::HostOnly)
                    .map(|(name, _)| name.clone()),
                mac: word("mac").and_then(|mac| mac.parse().ok()),
                model: word("card"),
                cable_connected: unplugged.then_some(false),
                uplink: word("iface").filter(|_| mode == Mode::Bridged),
                ..Nic::default()
            })
        })
        .take(lay::MAX_NICS)
        .collect();
    cards.sort_by_key(|nic| nic.slot);
    cards
}

/// `prlctl list -a --json`: `uuid`, `status`, `ip_configured`, `name`; with `-i` `ID`, `State`, `Name`, `Hardware`.
pub fn parallels_machines(text: &str, case: &mut Case, _on: Place, command: &str) {
    let source = text::source(command);
    let hypervisor = lay::product(case, HypervisorId::Parallels, "prlctl");
    hypervisor.machines.fill(&source);
    let networks: Vec<(String, Mode)> = hypervisor
        .networks
        .rows()
        .iter()
        .map(|network| (network.name.clone(), network.mode))
        .collect();
    for row in text::json_rows(text).0.iter().take(lay::MAX_ROWS) {
        let Some(name) = text::text_of(row, "name") else {
            continue;
        };
        let word = |short: &str, long: &str| text::text_of(row, short).or_else(|| text::text_of(row, long));
        // One list has the identifier in braces.
        let id = word("uuid", "ID").map(|id| id.trim_matches(['{', '}']).to_owned());
        let machine = lay::machine(hypervisor, &name, id.as_deref(), &source);
        let cards = parallels_cards(row, &networks);
        if !cards.is_empty() {
            lay::nics(machine, cards);
        }
        machine.state = match word("status", "State").unwrap_or_default().as_str() {
            "running" => PowerState::Running,
            "paused" => PowerState::Paused,
            "suspended" => PowerState::Saved,
            "stopped" => PowerState::Off,
            _ => PowerState::Unknown,
        };
        let address = text::text_of(row, "ip_configured")
            .as_deref()
            .and_then(text::address);
        if let Some(address) = address {
            if machine.nics.is_empty() {
                machine.nics.push(Nic::default());
            }
            if let Some(nic) = machine.nics.first_mut() {
                lay::address(nic, address, None, "guest tools");
            }
        }
        if machine.state == PowerState::Running {
            hypervisor.running = Some(true);
        }
    }
}
