//! Products on a Mac: the leases of macOS's own DHCP server, Parallels' networks, and Multipass (everywhere).

use std::collections::BTreeMap;

use serde_json::Value;

use super::{lay, vmware};
use crate::model::{
    Case, DhcpServer, HypervisorId, Lease, Machine, Mode, Nic, Os, Place, PowerState, VirtualNetwork,
};
use crate::parse::text;

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

/// `prlctl list -a --json`: `uuid`, `status`, `ip_configured`, `name`.
pub fn parallels_machines(text: &str, case: &mut Case, _on: Place, command: &str) {
    let source = text::source(command);
    let hypervisor = lay::product(case, HypervisorId::Parallels, "prlctl");
    hypervisor.machines.fill(&source);
    for row in text::json_rows(text).0.iter().take(lay::MAX_ROWS) {
        let Some(name) = text::text_of(row, "name") else {
            continue;
        };
        let id = text::text_of(row, "uuid");
        let machine = lay::machine(hypervisor, &name, id.as_deref(), &source);
        machine.state = match text::text_of(row, "status").unwrap_or_default().as_str() {
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
