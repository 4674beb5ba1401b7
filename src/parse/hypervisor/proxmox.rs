//! Proxmox VE: `qm list`, `qm config`, and the bridges of `/etc/network/interfaces`.

use super::{lay, virtualbox};
use crate::model::{Case, HypervisorId, Machine, Mode, Nic, Place, PowerState, VirtualNetwork};
use crate::parse::{command, text};

/// The machine that a `qm` command names by its number.
pub fn machine_of(case: &Case, command: &str) -> String {
    let call = command::call(command);
    let number = call.words().find(|word| word.parse::<u32>().is_ok());
    let hypervisor = case.hypervisors.iter().find(|h| h.id == HypervisorId::Proxmox);
    match number {
        Some(number) => hypervisor
            .and_then(|hypervisor| hypervisor.machine(number))
            .map_or_else(|| number.to_owned(), |machine| machine.name.clone()),
        None => lay::subject(case, HypervisorId::Proxmox, &[]).unwrap_or_default(),
    }
}

/// A line of `qm config` that hardly stands anywhere else: `net0: virtio=BC:24:11:…,bridge=vmbr0`.
pub fn config_line(line: &str) -> bool {
    line.strip_prefix("net").is_some_and(|rest| {
        rest.split_once(": ").is_some_and(|(slot, card)| {
            slot.parse::<u32>().is_ok() && card.contains("bridge=") && card.contains('=')
        })
    })
}

/// Reads `qm config`.
pub fn parse_config(text: &str) -> Machine {
    let mut machine = Machine::default();
    for line in text.lines().take(lay::MAX_ROWS) {
        let Some((key, value)) = line.split_once(": ") else {
            continue;
        };
        if key == "name" {
            value.trim().clone_into(&mut machine.name);
        } else if key == "ostype" {
            machine.os = virtualbox::os_of(value.trim());
        } else if let Some(slot) = key.strip_prefix("net").and_then(|slot| slot.parse().ok())
            && slot < 64
            && let Some(nic) = lay::nic_in_slot(&mut machine, slot)
        {
            card(value, nic);
        }
    }
    machine
}

/// `virtio=BC:24:11:3A:5F:7E,bridge=vmbr0,firewall=1,tag=20,link_down=1`; a card without bridge is behind user
/// networking.
fn card(fields: &str, nic: &mut Nic) {
    nic.mode = Mode::User;
    nic.cable_connected = Some(true);
    for field in fields.split(',') {
        let Some((key, value)) = field.trim().split_once('=') else {
            continue;
        };
        match key {
            "bridge" => {
                nic.mode = Mode::Bridged;
                nic.network = Some(value.to_owned());
            }
            "tag" => nic.vlan = value.parse().ok(),
            "link_down" => nic.cable_connected = Some(value != "1"),
            "firewall" => {
                nic.settings.insert("firewall".to_owned(), value.to_owned());
            }
            "macaddr" => nic.mac = value.parse().ok(),
            model => {
                if let Ok(mac) = value.parse() {
                    nic.mac = Some(mac);
                    nic.model = Some(model.to_owned());
                }
            }
        }
    }
}

/// Takes `qm config NUMBER` into the case.
pub fn config(text: &str, case: &mut Case, _on: Place, command: &str) {
    let mut machine = parse_config(text);
    let number = command::call(command)
        .words()
        .find(|word| word.parse::<u32>().is_ok())
        .map(str::to_owned);
    machine.id = number;
    if machine.name.is_empty() {
        machine.name = machine_of(case, command);
    }
    let source = text::source(command);
    let hypervisor = lay::product(case, HypervisorId::Proxmox, "qm");
    lay::over_machine(hypervisor, machine, &source);
    lay::settle(hypervisor);
}

/// Takes `qm list` into the case: `VMID NAME STATUS MEM(MB) …`.
pub fn list(text: &str, case: &mut Case, _on: Place, command: &str) {
    let source = text::source(command);
    let hypervisor = lay::product(case, HypervisorId::Proxmox, "qm");
    hypervisor.machines.fill(&source);
    for line in text.lines().take(lay::MAX_ROWS) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [number, name, state, ..] = words.as_slice() else {
            continue;
        };
        if number.parse::<u32>().is_err() {
            continue;
        }
        let machine = lay::machine(hypervisor, name, Some(number), &source);
        (*name).clone_into(&mut machine.name);
        machine.state = match *state {
            "running" => PowerState::Running,
            "stopped" => PowerState::Off,
            "paused" | "suspended" => PowerState::Paused,
            _ => PowerState::Unknown,
        };
    }
}

/// The bridges of `/etc/network/interfaces`: one with a physical port is on the LAN, one without is a segment of
/// the host and its guests, behind translation where the file sets that up.
pub fn parse_interfaces(text: &str) -> Vec<VirtualNetwork> {
    let mut networks: Vec<VirtualNetwork> = Vec::new();
    for line in text.lines() {
        let line = line.trim();
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["iface", name, "inet", ..] if networks.len() < lay::MAX_ROWS => {
                networks.push(VirtualNetwork {
                    name: (*name).to_owned(),
                    ..VirtualNetwork::default()
                });
            }
            ["auto" | "iface" | "source" | "allow-hotplug", ..] => {}
            [key, value, rest @ ..] => {
                let Some(network) = networks.last_mut() else {
                    continue;
                };
                match *key {
                    "address" => {
                        let net = text::net(value);
                        network.host_address = net.map(|net| net.addr());
                        network.segment = net.filter(|net| net.prefix_len() < 32).map(|net| net.trunc());
                    }
                    "netmask" => {
                        network.segment = network
                            .host_address
                            .and_then(|address| text::net_of(address, value))
                            .map(|net| net.trunc());
                    }
                    "bridge-ports" | "bridge_ports" => {
                        network.host_adapter = Some(network.name.clone());
                        network.uplink = Some((*value).to_owned()).filter(|port| port != "none");
                        network.mode = if network.uplink.is_some() {
                            Mode::Bridged
                        } else {
                            Mode::HostOnly
                        };
                    }
                    "post-up" | "up" if rest.contains(&"MASQUERADE") && network.mode == Mode::HostOnly => {
                        network.mode = Mode::Nat;
                        network.nat = Some(true);
                        network.nat_address = network.host_address;
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }
    networks.retain(|network| network.host_adapter.is_some());
    for network in &mut networks {
        network.host_adapter_wanted = Some(network.host_address.is_some() || network.mode == Mode::Bridged);
    }
    networks
}

/// Takes `/etc/network/interfaces` into the case, where it is a Proxmox host's.
pub fn interfaces(text: &str, case: &mut Case, on: Place, command: &str) {
    let networks = parse_interfaces(text);
    let proxmox = networks.iter().any(|network| network.name.starts_with("vmbr"));
    if !proxmox || matches!(on, Place::Guest | Place::Guest2 | Place::Lan) {
        return;
    }
    let source = text::source(command);
    let hypervisor = lay::product(case, HypervisorId::Proxmox, "");
    for network in networks {
        let known = lay::network(hypervisor, &network.name.clone(), &source);
        lay::over_network(known, network);
    }
    lay::settle(hypervisor);
}
