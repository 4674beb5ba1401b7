//! `VBoxManage showvminfo`, with and without `--machinereadable`.

use super::{lay, virtualbox};
use crate::model::{Case, Gap, HypervisorId, Machine, Mode, Nic, Place, PortForward, PowerState, Why};
use crate::parse::text;

/// Reads a machine from either form of `showvminfo`.
///
/// # Errors
/// When neither name nor card is in the text.
pub fn parse_showvminfo(output: &str) -> Result<Machine, Gap> {
    let machine = if output.lines().any(machine_readable_line) {
        machine_readable(output)
    } else {
        for_people(output)
    };
    if machine.name.is_empty() && machine.nics.is_empty() {
        return Err(Gap {
            why: Why::CouldNotParse,
            detail: output.chars().take(200).collect(),
        });
    }
    Ok(machine)
}

/// A line of `--machinereadable` that hardly stands anywhere else.
pub fn machine_readable_line(line: &str) -> bool {
    let Some((key, value)) = line.split_once('=') else {
        return false;
    };
    let digits = key.trim_end_matches(|c: char| c.is_ascii_digit());
    let numbered = digits.len() < key.len();
    value.starts_with('"')
        && value.ends_with('"')
        && value.len() > 1
        && (matches!(
            key,
            "VMState"
                | "UUID"
                | "CfgFile"
                | "SnapFldr"
                | "hardwareuuid"
                | "VMStateChangeTime"
                | "ostype"
                | "name"
        ) || (numbered
            && matches!(
                digits,
                "nic"
                    | "macaddress"
                    | "cableconnected"
                    | "nictype"
                    | "nicspeed"
                    | "natnet"
                    | "bridgeadapter"
                    | "hostonlyadapter"
                    | "intnet"
                    | "nat-network"
                    | "hostonly-network"
            ))
            || key.starts_with("Forwarding("))
}

fn unquoted(value: &str) -> String {
    let value = value.trim();
    let inner = value
        .strip_prefix('"')
        .and_then(|value| value.strip_suffix('"'))
        .unwrap_or(value);
    inner.replace("\\\"", "\"")
}

fn machine_readable(output: &str) -> Machine {
    let mut machine = Machine::default();
    let mut current = 0;
    for line in output.lines() {
        let Some((key, value)) = line.split_once('=') else {
            continue;
        };
        let value = unquoted(value);
        match key {
            "name" => machine.name = value,
            "UUID" => machine.id = Some(value),
            "ostype" => machine.os = virtualbox::os_of(&value),
            "VMState" => machine.state = power(&value),
            _ if key.starts_with("Forwarding(") => {
                // Forwards belong to the card that was printed just before them.
                if let Some(forward) = forward(&value)
                    && let Some(nic) = machine.nics.iter_mut().find(|nic| nic.slot == current)
                    && nic.forwards.len() < 256
                {
                    nic.forwards.push(forward);
                }
            }
            _ => {
                let name = key.trim_end_matches(|c: char| c.is_ascii_digit());
                let Some(slot) = key.get(name.len()..).and_then(|slot| slot.parse().ok()) else {
                    continue;
                };
                if card_field(&mut machine, slot, name, value) {
                    current = slot;
                }
            }
        }
    }
    machine.nics.retain(|nic| nic.submode.as_deref() != Some("none"));
    machine
}

/// Takes one numbered field of a card; returns whether it is one.
fn card_field(machine: &mut Machine, slot: u32, name: &str, value: String) -> bool {
    const FIELDS: [&str; 13] = [
        "nic",
        "macaddress",
        "cableconnected",
        "nictype",
        "natnet",
        "bridgeadapter",
        "hostonlyadapter",
        "intnet",
        "nat-network",
        "hostonly-network",
        "generic",
        "cloud-network",
        "nicspeed",
    ];
    if slot == 0 || slot > 64 || !FIELDS.contains(&name) {
        return false;
    }
    let Some(nic) = lay::nic_in_slot(machine, slot) else {
        return false;
    };
    match name {
        "nic" => {
            nic.mode = mode(&value);
            match value.as_str() {
                // The slot is empty.
                "none" => nic.submode = Some(value),
                // A card without any attachment has no cable either.
                "null" => {
                    nic.submode = Some("not-attached".to_owned());
                }
                "natnetwork" | "intnet" | "hostonly" | "hostonlynetwork" | "nat" | "bridged" => {}
                _ => nic.submode = Some(value.to_lowercase()),
            }
        }
        "macaddress" => nic.mac = value.parse().ok(),
        "cableconnected" => nic.cable_connected = lay::truth(&value),
        "nictype" => nic.model = Some(value),
        "bridgeadapter" => nic.uplink = Some(value),
        "hostonlyadapter" | "intnet" | "nat-network" | "hostonly-network" | "cloud-network" => {
            nic.network = Some(value);
        }
        "natnet" if value != "nat" => {
            nic.settings.insert("natnet".to_owned(), value);
        }
        _ => {}
    }
    true
}

fn mode(word: &str) -> Mode {
    match word {
        "nat" => Mode::Nat,
        "bridged" => Mode::Bridged,
        "intnet" => Mode::Internal,
        "hostonly" | "hostonlynetwork" => Mode::HostOnly,
        "natnetwork" => Mode::NatNetwork,
        _ => Mode::Other,
    }
}

fn power(word: &str) -> PowerState {
    match word {
        "running" | "starting" | "restoring" | "livesnapshotting" | "teleporting" | "onlinesnapshotting" => {
            PowerState::Running
        }
        "paused" => PowerState::Paused,
        "saved" | "saving" | "aborted-saved" => PowerState::Saved,
        "poweroff" | "stopping" | "powered off" => PowerState::Off,
        "aborted" | "gurumeditation" | "stuck" | "guru meditation" => PowerState::Crashed,
        _ => PowerState::Unknown,
    }
}

/// `ssh,tcp,127.0.0.1,2222,,22`.
fn forward(value: &str) -> Option<PortForward> {
    let parts: Vec<&str> = value.split(',').collect();
    let [name, protocol, host, host_port, guest, guest_port] = parts.as_slice() else {
        return None;
    };
    Some(PortForward {
        name: Some((*name).to_owned()).filter(|name| !name.is_empty()),
        protocol: virtualbox::protocol_of(protocol)?,
        host_address: lay::some_address(host),
        host_port: host_port.trim().parse().ok()?,
        guest_address: lay::some_address(guest),
        guest_port: guest_port.trim().parse().ok()?,
    })
}

/// A line of the form for people that hardly stands anywhere else.
pub fn people_line(line: &str) -> bool {
    let Some(rest) = line.strip_prefix("NIC ") else {
        return false;
    };
    rest.starts_with(|c: char| c.is_ascii_digit())
        && (rest.contains("MAC: ") || rest.contains("disabled") || rest.contains("Rule("))
}

fn for_people(output: &str) -> Machine {
    let mut machine = Machine::default();
    for line in output.lines() {
        if let Some(rest) = line.strip_prefix("NIC ") {
            let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            let Some(slot) = rest
                .get(..digits)
                .and_then(|slot| slot.parse().ok())
                .filter(|slot| (1..=64).contains(slot))
            else {
                continue;
            };
            let after = rest.get(digits..).unwrap_or_default();
            if after.contains("MAC: ") {
                if let Some(nic) = lay::nic_in_slot(&mut machine, slot) {
                    people_card(nic, after);
                }
            } else if after.trim_start().starts_with("Rule(")
                && let Some(forward) = people_forward(after)
                && let Some(nic) = machine.nics.iter_mut().find(|nic| nic.slot == slot)
                && nic.forwards.len() < 256
            {
                nic.forwards.push(forward);
            }
            continue;
        }
        let Some((key, value)) = line.split_once(':') else {
            continue;
        };
        let value = value.trim();
        match key {
            "Name" if machine.name.is_empty() => value.clone_into(&mut machine.name),
            "UUID" if machine.id.is_none() => machine.id = Some(value.to_owned()),
            "Guest OS" => machine.os = virtualbox::os_of(value),
            "State" => {
                let word = value.split(" (").next().unwrap_or(value);
                machine.state = power(word);
            }
            _ => {}
        }
    }
    machine
}

/// `:  MAC: 080027E5FA8F, Attachment: Host-only Interface 'vboxnet0', Cable connected: on, …, Type: 82540EM, …`
fn people_card(nic: &mut Nic, fields: &str) {
    for field in fields.trim_start_matches(':').split(", ") {
        let Some((key, value)) = field.split_once(": ") else {
            continue;
        };
        let value = value.trim();
        match key.trim() {
            "MAC" => nic.mac = value.parse().ok(),
            "Cable connected" => nic.cable_connected = lay::truth(value),
            "Type" => nic.model = Some(value.to_owned()),
            "Attachment" => {
                let (kind, name) = match value.split_once(" '") {
                    Some((kind, name)) => (kind, Some(name.trim_end_matches('\'').to_owned())),
                    None => (value, None),
                };
                match kind.to_lowercase().as_str() {
                    "nat" => nic.mode = Mode::Nat,
                    "bridged interface" => {
                        nic.mode = Mode::Bridged;
                        nic.uplink = name;
                    }
                    "host-only interface" | "host only network" | "host-only network" => {
                        nic.mode = Mode::HostOnly;
                        nic.network = name;
                    }
                    "internal network" => {
                        nic.mode = Mode::Internal;
                        nic.network = name;
                    }
                    "nat network" => {
                        nic.mode = Mode::NatNetwork;
                        nic.network = name;
                    }
                    "none" => nic.submode = Some("not-attached".to_owned()),
                    other => nic.submode = Some(other.to_owned()),
                }
            }
            _ => {}
        }
    }
}

/// ` Rule(0):   name = ssh, protocol = tcp, host ip = 127.0.0.1, host port = 2222, guest ip = , guest port = 22`
fn people_forward(fields: &str) -> Option<PortForward> {
    let (_, fields) = fields.split_once(':')?;
    let field = |name: &str| {
        fields.split(',').find_map(|field| {
            field
                .trim()
                .strip_prefix(name)?
                .trim()
                .strip_prefix('=')
                .map(str::trim)
        })
    };
    Some(PortForward {
        name: field("name").map(str::to_owned),
        protocol: virtualbox::protocol_of(field("protocol")?)?,
        host_address: field("host ip").and_then(lay::some_address),
        host_port: field("host port")?.parse().ok()?,
        guest_address: field("guest ip").and_then(lay::some_address),
        guest_port: field("guest port")?.parse().ok()?,
    })
}

/// Takes a machine's description into the case.
pub fn showvminfo(output: &str, case: &mut Case, _on: Place, command: &str) {
    let Some(rest) = virtualbox::answer(output, case, command) else {
        return;
    };
    let mut machine = match parse_showvminfo(&rest) {
        Ok(machine) => machine,
        Err(_) => {
            crate::parse::merge::unread(case, "machine (VBoxManage showvminfo)", "not understood", command);
            return;
        }
    };
    if machine.name.is_empty() {
        machine.name = virtualbox::machine_of(case, command, &[]);
    }
    let running = machine.state == PowerState::Running;
    let source = text::source(command);
    let hypervisor = case.hypervisor_mut(HypervisorId::VirtualBox);
    if running {
        hypervisor.running = Some(true);
    }
    lay::over_machine(hypervisor, machine, &source);
    lay::settle(hypervisor);
}
