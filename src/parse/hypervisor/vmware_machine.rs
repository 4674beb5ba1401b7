//! VMware machines: the `.vmx` file, and what `vmrun` and `vmware-networks` print.

use std::collections::BTreeMap;

use super::{lay, virtualbox, vmware};
use crate::model::{Case, DhcpServer, HypervisorId, Machine, Mode, Nic, Place, PortForward, PowerState};
use crate::parse::command::{self, Call};
use crate::parse::{merge, text};

/// A line of a `.vmx` file.
pub fn vmx_line(line: &str) -> bool {
    let Some((key, value)) = line.trim().split_once(" = ") else {
        return false;
    };
    let key = key.to_lowercase();
    let key = key.as_str();
    value.starts_with('"')
        && ((key.starts_with("ethernet") && key.contains('.'))
            || matches!(
                key,
                ".encoding"
                    | "config.version"
                    | "virtualhw.version"
                    | "displayname"
                    | "guestos"
                    | "uuid.bios"
                    | "uuid.location"
            ))
}

/// Reads a `.vmx` file. Keys are of either letter size; a missing `connectionType` means bridged, a missing
/// `startConnected` means connected.
pub fn parse_vmx(text: &str) -> Machine {
    let mut machine = Machine::default();
    let mut cards: BTreeMap<u32, BTreeMap<String, String>> = BTreeMap::new();
    for line in text.lines().take(100_000) {
        let Some((key, value)) = line.split_once('=') else {
            continue;
        };
        let key = key.trim().to_lowercase();
        let value = value.trim().trim_matches('"').to_owned();
        match key.as_str() {
            "displayname" => machine.name = value,
            "guestos" => machine.os = virtualbox::os_of(&value),
            _ => {
                let card = key
                    .strip_prefix("ethernet")
                    .and_then(|rest| rest.split_once('.'))
                    .and_then(|(slot, field)| Some((slot.parse::<u32>().ok()?, field)));
                if let Some((slot, field)) = card
                    && slot < 64
                {
                    cards.entry(slot).or_default().insert(field.to_owned(), value);
                }
            }
        }
    }
    machine.nics = cards
        .into_iter()
        .filter(|(_, fields)| fields.get("present").and_then(|present| lay::truth(present)) == Some(true))
        .map(|(slot, fields)| card(slot, &fields))
        .collect();
    machine
}

fn card(slot: u32, fields: &BTreeMap<String, String>) -> Nic {
    let field = |name: &str| {
        fields
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    };
    let connection = field("connectiontype").unwrap_or("bridged").to_lowercase();
    let custom = field("vnet").and_then(|vnet| {
        let windows = vnet.starts_with("VMnet");
        vmware::network_name(vnet, windows)
    });
    // Without an own name the kinds stand for VMnet0, VMnet1 and VMnet8.
    let standard = match connection.as_str() {
        "nat" => Some("vmnet8".to_owned()),
        "hostonly" => Some("vmnet1".to_owned()),
        "bridged" => Some("vmnet0".to_owned()),
        _ => None,
    };
    let is_static = field("addresstype").is_some_and(|kind| kind.eq_ignore_ascii_case("static"));
    let mac = if is_static {
        field("address").or_else(|| field("generatedaddress"))
    } else {
        field("generatedaddress").or_else(|| field("address"))
    };
    let mut nic = Nic {
        slot,
        mode: vmware::mode(&connection),
        network: if connection == "custom" {
            custom
        } else if connection == "pvn" {
            field("pvnid").map(str::to_owned)
        } else {
            standard
        },
        mac: mac.and_then(|mac| mac.parse().ok()),
        model: field("virtualdev").map(str::to_owned),
        cable_connected: Some(field("startconnected").and_then(lay::truth) != Some(false)),
        ..Nic::default()
    };
    nic.settings.insert("connection-type".to_owned(), connection);
    if let Some(filter) = field("nopromisc") {
        nic.settings
            .insert("no-promiscuous".to_owned(), filter.to_owned());
    }
    nic
}

/// Takes a `.vmx` file into the case.
pub fn vmx(text: &str, case: &mut Case, _on: Place, command: &str) {
    let id = vmware::id(case, text, command);
    let mut machine = parse_vmx(text);
    let call = command::call(command);
    machine.id = call
        .words()
        .find(|word| word.to_lowercase().ends_with(".vmx"))
        .map(str::to_owned);
    if machine.name.is_empty() {
        machine.name = machine.id.as_deref().map(stem).unwrap_or_default();
    }
    let source = text::source(command);
    let hypervisor = lay::product(case, id, "");
    let known = |name: &str| hypervisor.network(name).map(|network| network.name.clone());
    for nic in &mut machine.nics {
        // The same network has letters of another size on Windows.
        if let Some(name) = nic.network.as_deref().and_then(known) {
            nic.network = Some(name);
        }
    }
    lay::over_machine(hypervisor, machine, &source);
    vmware::settle(hypervisor);
}

/// A file's name without folder and ending.
fn stem(path: &str) -> String {
    let file = path.rsplit(['/', '\\']).next().unwrap_or(path);
    file.rsplit_once('.').map_or(file, |(stem, _)| stem).to_owned()
}

/// Whether a call is `vmrun … WORD`.
pub fn vmrun(call: &Call, word: &str) -> bool {
    call.program == "vmrun" && call.words().any(|found| found.eq_ignore_ascii_case(word))
}

/// A line of `vmrun list`.
pub fn list_line(line: &str) -> bool {
    line.starts_with("Total running VMs:")
        || (line.ends_with(".vmx") && line.starts_with(['/', 'C', 'D', 'E']))
}

/// Takes `vmrun list` into the case: the machines that run.
pub fn list(text: &str, case: &mut Case, _on: Place, command: &str) {
    if vmware::complains(text, case, "machines (vmrun list)", command) {
        return;
    }
    let id = vmware::id(case, text, command);
    let source = text::source(command);
    let hypervisor = lay::product(case, id, "vmrun");
    let paths: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| line.to_lowercase().ends_with(".vmx"))
        .take(lay::MAX_ROWS)
        .collect();
    let machines = hypervisor.machines.fill(&source);
    for machine in machines.iter_mut() {
        let listed = paths.iter().any(|path| {
            machine.id.as_deref() == Some(path) || (machine.id.is_none() && machine.name == stem(path))
        });
        if !listed && !machine.state.is_down() {
            machine.state = PowerState::Off;
        }
    }
    for path in &paths {
        lay::machine(hypervisor, &stem(path), Some(path), &source).state = PowerState::Running;
    }
    if !paths.is_empty() {
        hypervisor.running = Some(true);
    }
}

/// The `.vmx` that a `vmrun` command names.
fn vmx_of(case: &Case, id: HypervisorId, command: &str) -> (String, Option<String>) {
    let call = command::call(command);
    let path = call.words().find(|word| word.to_lowercase().ends_with(".vmx"));
    match path {
        Some(path) => (stem(path), Some(path.to_owned())),
        None => (lay::subject(case, id, &[]).unwrap_or_default(), None),
    }
}

/// Takes `vmrun listNetworkAdapters` into the case.
pub fn network_adapters(text: &str, case: &mut Case, _on: Place, command: &str) {
    if vmware::complains(text, case, "cards (vmrun listNetworkAdapters)", command) {
        return;
    }
    let id = vmware::id(case, text, command);
    let (name, path) = vmx_of(case, id, command);
    let source = text::source(command);
    let hypervisor = lay::product(case, id, "vmrun");
    let mut nics = Vec::new();
    for line in text.lines().take(lay::MAX_ROWS) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [slot, kind, rest @ ..] = words.as_slice() else {
            continue;
        };
        let Some(slot) = slot.parse().ok().filter(|slot| *slot < 64) else {
            continue;
        };
        nics.push(Nic {
            slot,
            mode: vmware::mode(kind),
            network: rest
                .first()
                .and_then(|name| vmware::network_name(name, name.starts_with('V'))),
            ..Nic::default()
        });
    }
    let machine = lay::machine(hypervisor, &name, path.as_deref(), &source);
    lay::nics(machine, nics);
    vmware::settle(hypervisor);
}

/// Takes `vmrun listHostNetworks` into the case.
pub fn host_networks(text: &str, case: &mut Case, _on: Place, command: &str) {
    if vmware::complains(text, case, "networks (vmrun listHostNetworks)", command) {
        return;
    }
    let id = vmware::id(case, text, command);
    let windows = vmware::on_windows(case, text, command);
    let source = text::source(command);
    let hypervisor = lay::product(case, id, "vmrun");
    hypervisor.networks.fill(&source);
    for line in text.lines().take(lay::MAX_ROWS) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [_, name, kind, dhcp, subnet, mask] = words.as_slice() else {
            continue;
        };
        let Some(name) = vmware::network_name(name, windows) else {
            continue;
        };
        let network = lay::network(hypervisor, &name, &source);
        network.mode = vmware::mode(kind);
        network.nat = Some(network.mode == Mode::Nat);
        if network.mode != Mode::Bridged {
            let server = DhcpServer {
                enabled: lay::truth(dhcp),
                ..DhcpServer::default()
            };
            lay::over_dhcp(network.dhcp.get_or_insert_default(), server);
        }
        let segment = text::address(subnet).and_then(|subnet| text::net_of(subnet, mask));
        network.segment = segment.map(|net| net.trunc()).or(network.segment);
    }
    vmware::settle(hypervisor);
}

/// Takes `vmrun listPortForwardings NETWORK` into the case.
pub fn port_forwardings(text: &str, case: &mut Case, _on: Place, command: &str) {
    if vmware::complains(text, case, "port forwards (vmrun listPortForwardings)", command) {
        return;
    }
    let id = vmware::id(case, text, command);
    let windows = vmware::on_windows(case, text, command);
    let name = vmware::name_in_path(command)
        .and_then(|name| vmware::network_name(&name, windows))
        .unwrap_or_else(|| if windows { "VMnet8" } else { "vmnet8" }.to_owned());
    let mut forwards = Vec::new();
    for line in text.lines().take(lay::MAX_ROWS) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [_, protocol, host_port, guest, guest_port, rest @ ..] = words.as_slice() else {
            continue;
        };
        if let (Some(protocol), Ok(host_port), Ok(guest_port)) = (
            virtualbox::protocol_of(protocol),
            host_port.parse(),
            guest_port.parse(),
        ) {
            forwards.push(PortForward {
                name: (!rest.is_empty()).then(|| rest.join(" ")),
                protocol,
                host_address: None,
                host_port,
                guest_address: lay::some_address(guest),
                guest_port,
            });
        }
    }
    let source = text::source(command);
    let hypervisor = lay::product(case, id, "vmrun");
    lay::network(hypervisor, &name, &source).forwards = forwards;
}

/// Takes `vmrun getGuestIPAddress VMX` into the case. It gives one address, not always the one that is sought.
pub fn guest_address(text: &str, case: &mut Case, _on: Place, command: &str) {
    if vmware::complains(text, case, "guest address (vmrun getGuestIPAddress)", command) {
        return;
    }
    let Some(address) = text.lines().find_map(|line| lay::some_address(line.trim())) else {
        merge::unread(
            case,
            "guest address (vmrun getGuestIPAddress)",
            "not understood",
            "",
        );
        return;
    };
    let id = vmware::id(case, text, command);
    let (name, path) = vmx_of(case, id, command);
    let source = text::source(command);
    let hypervisor = lay::product(case, id, "vmrun");
    let networks = hypervisor.networks.rows().to_vec();
    let machine = lay::machine(hypervisor, &name, path.as_deref(), &source);
    machine.state = PowerState::Running;
    for nic in &mut machine.nics {
        lay::forget_addresses(nic, "guest tools");
    }
    let on_segment = machine.nics.iter().position(|nic| {
        networks.iter().any(|network| {
            nic.network
                .as_deref()
                .is_some_and(|name| name.eq_ignore_ascii_case(&network.name))
                && network.segment.is_some_and(|segment| segment.contains(&address))
        })
    });
    let slot = on_segment
        .and_then(|at| machine.nics.get(at))
        .or_else(|| machine.nics.first())
        .map_or(0, |nic| nic.slot);
    if let Some(nic) = lay::nic_in_slot(machine, slot) {
        lay::address(nic, address, None, "guest tools");
    }
}

/// A line of `vmware-networks --status` and `vmnet-cli --status`.
pub fn status_line(line: &str) -> bool {
    if !line.contains("vmnet") && !line.contains("services") {
        return false;
    }
    let line = line.trim().to_lowercase();
    (line.contains(" on vmnet")
        && (line.ends_with("running") || line.ends_with("enabled") || line.ends_with("disabled")))
        || line.contains("configured services are not running on")
        || line.contains("all the services configured on all the networks are running")
}

/// Takes the state of VMware's network services into the case: settings `bridge-service`, `dhcp-service` and
/// `nat-service` of each network, and whether its host adapter is on.
pub fn status(text: &str, case: &mut Case, _on: Place, command: &str) {
    let id = vmware::id(case, text, command);
    let source = text::source(command);
    let hypervisor = lay::product(case, id, "");
    for line in text.lines().take(lay::MAX_ROWS) {
        let lower = line.trim().to_lowercase();
        let Some((service, rest)) = lower.split_once(" on ") else {
            continue;
        };
        let mut words = rest.split_whitespace();
        let Some(name) = words.next().and_then(|name| vmware::network_name(name, false)) else {
            continue;
        };
        let rest: Vec<&str> = words.collect();
        let on = match rest.as_slice() {
            ["is", "running" | "enabled"] => true,
            ["is", "not", "running"] | ["is", "disabled"] => false,
            _ => continue,
        };
        let network = lay::network(hypervisor, &name, &source);
        let state = if on { "running" } else { "stopped" };
        let key = if service.starts_with("bridge") {
            if network.mode == Mode::Other {
                network.mode = Mode::Bridged;
            }
            network.active = Some(on);
            "bridge-service"
        } else if service.starts_with("dhcp") {
            "dhcp-service"
        } else if service.starts_with("nat") {
            if network.mode == Mode::Other {
                network.mode = Mode::Nat;
            }
            "nat-service"
        } else {
            network.active = Some(on);
            continue;
        };
        network.settings.insert(key.to_owned(), state.to_owned());
    }
}
