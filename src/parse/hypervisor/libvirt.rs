//! The tables and errors that `virsh` prints, and what dnsmasq keeps for libvirt.

use serde_json::Value;

use super::lay;
use crate::model::{
    Case, DhcpServer, HypervisorId, Lease, Mac, Mode, Nic, Place, PowerState, VirtualNetwork,
};
use crate::parse::command::{self, Call};
use crate::parse::merge::Extent;
use crate::parse::{complaint, merge, text};

/// The words of a `virsh` command without its own options: `domiflist`, `web01`.
pub fn words(call: &Call) -> Vec<&str> {
    const VALUED: [&str; 11] = [
        "-c",
        "--connect",
        "-d",
        "--debug",
        "-l",
        "--log",
        "-e",
        "--escape",
        "--source",
        "--mac",
        "--type",
    ];
    call.operands(|option| VALUED.contains(&option)).collect()
}

/// Whether a call is `virsh NAME`.
pub fn is(call: &Call, names: &[&str]) -> bool {
    call.program == "virsh" && words(call).first().is_some_and(|word| names.contains(word))
}

/// What a `virsh` command speaks of: its `n`th word after the command's name, or the value of `--domain` or
/// `--network`.
fn subject_word(command: &str, option: &str) -> Option<String> {
    let call = command::call(command);
    let named = call.after(option).or_else(|| {
        call.args
            .iter()
            .find_map(|word| word.strip_prefix(option)?.strip_prefix('='))
    });
    named.or_else(|| words(&call).get(1).copied()).map(str::to_owned)
}

/// The domain that a command names, else the one that its output most likely is of.
pub fn domain_of(case: &Case, command: &str, macs: &[Mac]) -> String {
    let named = subject_word(command, "--domain");
    let hypervisor = case.hypervisors.iter().find(|h| h.id == HypervisorId::Libvirt);
    if let Some(name) = named {
        let numeric = name.chars().all(|c| c.is_ascii_digit());
        let known = hypervisor.is_some_and(|h| h.machine(&name).is_some());
        if !numeric || known {
            return name;
        }
        // A running machine's number; which one it is only the cards tell.
        return lay::subject(case, HypervisorId::Libvirt, macs).unwrap_or(name);
    }
    lay::subject(case, HypervisorId::Libvirt, macs).unwrap_or_default()
}

/// Takes errors of `virsh` and libvirt into the case. Returns whether the text is nothing but errors.
pub fn complains(text: &str, case: &mut Case, command: &str) -> bool {
    let errors: Vec<&str> = text.lines().filter(|line| is_error(line)).collect();
    if errors.is_empty() {
        let Some(complaint) = complaint::of(text).filter(|_| !text.trim_start().starts_with('<')) else {
            return false;
        };
        let how = if complaint.needs_rights {
            complaint::with_rights(command)
        } else {
            String::new()
        };
        merge::unread(case, "libvirt (virsh)", complaint.why, &how);
        return true;
    }
    let hypervisor = case.hypervisor_mut(HypervisorId::Libvirt);
    let all = errors.join("\n").to_lowercase();
    for error in errors.iter().take(16) {
        lay::warning(hypervisor, error);
    }
    let no_socket = all.contains("failed to connect socket")
        && (all.contains("no such file or directory") || all.contains("connection refused"));
    let unreachable =
        all.contains("failed to connect to the hypervisor") || all.contains("failed to connect socket");
    if no_socket {
        hypervisor.running = Some(false);
        hypervisor.installed.get_or_insert(true);
    }
    // error: Requested operation is not valid: network 'default' is not active
    for error in &errors {
        let lower = error.to_lowercase();
        if lower.contains("network")
            && lower.contains("is not active")
            && let Some(name) = error.split('\'').nth(1)
        {
            lay::network(hypervisor, name, "virsh").active = Some(false);
        }
    }
    let denied = ["permission denied", "authentication", "access denied", "polkit"]
        .iter()
        .any(|words| all.contains(words));
    if denied {
        merge::unread(
            case,
            "libvirt (virsh)",
            "needs root or group libvirt",
            &complaint::with_rights(command),
        );
    } else if no_socket {
        merge::unread(case, "libvirt (virsh)", "its service does not run", "");
    } else if unreachable || text.lines().all(|line| is_error(line) || line.trim().is_empty()) {
        let first = errors.first().copied().unwrap_or_default();
        merge::unread(case, "libvirt (virsh)", first, "");
    }
    text.lines().all(|line| is_error(line) || line.trim().is_empty())
}

/// A line of `virsh net-info` that it shares with `virsh dominfo`: `Name:           default`.
pub fn info_line(line: &str) -> bool {
    ["Name:           ", "UUID:           "].iter().any(|key| {
        line.strip_prefix(key)
            .is_some_and(|value| value.starts_with(|c: char| !c.is_whitespace()))
    })
}

fn is_error(line: &str) -> bool {
    let line = line.trim_start();
    ["error:", "错误：", "错误:", "错误 :", "Fehler:"]
        .iter()
        .any(|mark| line.starts_with(mark))
}

/// A line of libvirt's errors, recognized without the command.
pub fn error_line(line: &str) -> bool {
    is_error(line)
        && ["libvirt", "hypervisor", "domain", "network '", "network default"]
            .iter()
            .any(|word| line.contains(word))
}

/// Errors that were pasted without the command.
pub fn errors(text: &str, case: &mut Case, _on: Place, command: &str) {
    complains(text, case, command);
}

/// `virsh net-list --all`: name, whether it is active, whether it starts by itself.
pub fn net_list(text: &str, case: &mut Case, _on: Place, command: &str) {
    if complains(text, case, command) {
        return;
    }
    let source = text::source(command);
    let hypervisor = lay::product(case, HypervisorId::Libvirt, "virsh");
    hypervisor.running = Some(true);
    hypervisor.networks.fill(&source);
    // Without `--all` only active networks are listed.
    let mut whole = command::call(command).has("--all");
    for row in lay::ruled_rows(text) {
        let [name, state, autostart, ..] = row.as_slice() else {
            continue;
        };
        whole |= active(state) == Some(false);
        let network = lay::network(hypervisor, name, &source);
        network.active = active(state);
        network.autostart = lay::truth(autostart).or(network.autostart);
    }
    if whole && Extent::of(command) == Extent::Whole {
        lay::listed(hypervisor, "networks");
    }
}

fn active(word: &str) -> Option<bool> {
    let word = word.to_lowercase();
    let no = ["inactive", "inaktiv", "不活", "未激活", "非活"];
    let yes = ["active", "aktiv", "活", "激活"];
    if no.iter().any(|start| word.starts_with(start)) {
        Some(false)
    } else {
        yes.iter().any(|start| word.starts_with(start)).then_some(true)
    }
}

/// `virsh net-info`.
pub fn net_info(text: &str, case: &mut Case, _on: Place, command: &str) {
    if complains(text, case, command) {
        return;
    }
    let source = text::source(command);
    let hypervisor = lay::product(case, HypervisorId::Libvirt, "virsh");
    hypervisor.running = Some(true);
    let mut name = subject_word(command, "--network").unwrap_or_default();
    for line in text.lines().take(lay::MAX_ROWS) {
        let Some((key, value)) = text::key_value(line) else {
            continue;
        };
        match key.to_lowercase().as_str() {
            "name" | "名称" => value.clone_into(&mut name),
            "active" | "活跃" | "激活" if !name.is_empty() => {
                lay::network(hypervisor, &name, &source).active = lay::truth(value);
            }
            "autostart" | "自动启动" if !name.is_empty() => {
                lay::network(hypervisor, &name, &source).autostart = lay::truth(value);
            }
            "bridge" | "桥接" if !name.is_empty() && !value.is_empty() => {
                lay::network(hypervisor, &name, &source).host_adapter = Some(value.to_owned());
            }
            _ => {}
        }
    }
}

/// `virsh list [--all]`: name and state.
pub fn list(text: &str, case: &mut Case, _on: Place, command: &str) {
    if complains(text, case, command) {
        return;
    }
    let source = text::source(command);
    let hypervisor = lay::product(case, HypervisorId::Libvirt, "virsh");
    hypervisor.running = Some(true);
    hypervisor.machines.fill(&source);
    for row in lay::ruled_rows(text) {
        let [_, name, state, ..] = row.as_slice() else {
            continue;
        };
        lay::machine(hypervisor, name, None, &source).state = power(state);
    }
}

/// A domain's state by `virsh`'s word for it.
pub fn power(word: &str) -> PowerState {
    match word.trim().to_lowercase().as_str() {
        "running" | "idle" | "blocked" | "in shutdown" | "运行" | "运行中" | "正在运行" | "laufend" => {
            PowerState::Running
        }
        "paused" | "pmsuspended" | "暂停" | "pausiert" => PowerState::Paused,
        "shut off" | "shutoff" | "关闭" | "关机" | "ausschalten" => PowerState::Off,
        "crashed" | "崩溃" => PowerState::Crashed,
        _ => PowerState::Unknown,
    }
}

/// `virsh domstate`: one word of state.
pub fn domstate(text: &str, case: &mut Case, _on: Place, command: &str) {
    if complains(text, case, command) {
        return;
    }
    let name = domain_of(case, command, &[]);
    let source = text::source(command);
    let hypervisor = lay::product(case, HypervisorId::Libvirt, "virsh");
    hypervisor.running = Some(true);
    let state = text
        .lines()
        .map(power)
        .find(|state| *state != PowerState::Unknown);
    if let Some(state) = state
        && !name.is_empty()
    {
        lay::machine(hypervisor, &name, None, &source).state = state;
    }
}

/// `virsh dominfo`: name, UUID and state.
pub fn dominfo(text: &str, case: &mut Case, _on: Place, command: &str) {
    if complains(text, case, command) {
        return;
    }
    let source = text::source(command);
    let mut machine = crate::model::Machine::default();
    for line in text.lines().take(64) {
        let Some((key, value)) = text::key_value(line) else {
            continue;
        };
        match key.to_lowercase().as_str() {
            "name" | "名称" => value.clone_into(&mut machine.name),
            "uuid" => machine.id = Some(value.to_owned()),
            "state" | "状态" => machine.state = power(value),
            _ => {}
        }
    }
    if machine.name.is_empty() {
        machine.name = domain_of(case, command, &[]);
    }
    let hypervisor = lay::product(case, HypervisorId::Libvirt, "virsh");
    hypervisor.running = Some(true);
    let known = lay::machine(hypervisor, &machine.name, machine.id.as_deref(), &source);
    if machine.state != PowerState::Unknown {
        known.state = machine.state;
    }
}

/// `virsh domiflist`: the cards of one machine.
///
/// # Errors
/// When there is no table in the text.
pub fn parse_domiflist(text: &str) -> Result<Vec<Nic>, crate::model::Gap> {
    let mut nics = Vec::new();
    let some = |cell: &str| (cell != "-" && !cell.is_empty()).then(|| cell.to_owned());
    for row in lay::ruled_rows(text).into_iter().take(lay::MAX_NICS) {
        let [port, kind, source, model, mac] = row.as_slice() else {
            continue;
        };
        let mut nic = Nic {
            slot: u32::try_from(nics.len()).unwrap_or(u32::MAX),
            mac: mac.parse().ok(),
            model: some(model),
            host_port: some(port),
            ..Nic::default()
        };
        match *kind {
            "network" => nic.network = some(source),
            "bridge" => {
                nic.mode = Mode::Bridged;
                nic.uplink = some(source);
            }
            "direct" => {
                nic.mode = Mode::Macvtap;
                nic.uplink = some(source);
            }
            "user" => nic.mode = Mode::User,
            other => nic.submode = Some(other.to_owned()),
        }
        nics.push(nic);
    }
    if nics.is_empty() && !text.contains("---") {
        return Err(crate::model::Gap {
            why: crate::model::Why::CouldNotParse,
            detail: text.chars().take(200).collect(),
        });
    }
    Ok(nics)
}

/// Takes the cards of one machine into the case.
pub fn domiflist(text: &str, case: &mut Case, _on: Place, command: &str) {
    if complains(text, case, command) {
        return;
    }
    let Ok(nics) = parse_domiflist(text) else {
        merge::unread(
            case,
            "cards of the machine (virsh domiflist)",
            "not understood",
            command,
        );
        return;
    };
    let macs: Vec<Mac> = nics.iter().filter_map(|nic| nic.mac).collect();
    let name = domain_of(case, command, &macs);
    let source = text::source(command);
    let plugged = nics.iter().any(|nic| nic.host_port.is_some());
    let hypervisor = lay::product(case, HypervisorId::Libvirt, "virsh");
    hypervisor.running = Some(true);
    let machine = lay::machine(hypervisor, &name, None, &source);
    // Only a running machine has cables to the host.
    if plugged && machine.state == PowerState::Unknown {
        machine.state = PowerState::Running;
    }
    for nic in &mut machine.nics {
        nic.host_port = None;
    }
    lay::nics(machine, nics);
    lay::settle(hypervisor);
}

/// `virsh domif-getlink DOMAIN CARD`: `vnet0 up`.
pub fn domif_getlink(text: &str, case: &mut Case, _on: Place, command: &str) {
    if complains(text, case, command) {
        return;
    }
    let name = domain_of(case, command, &[]);
    let source = text::source(command);
    let asked = words(&command::call(command))
        .get(2)
        .map(|word| (*word).to_owned());
    let hypervisor = lay::product(case, HypervisorId::Libvirt, "virsh");
    let machine = lay::machine(hypervisor, &name, None, &source);
    for line in text.lines().take(64) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let (Some(port), Some(state)) = (words.first(), words.last()) else {
            continue;
        };
        let up = match state.to_lowercase().as_str() {
            "up" | "default" => true,
            "down" => false,
            _ => continue,
        };
        let is_it = |nic: &Nic, word: &str| {
            nic.host_port.as_deref() == Some(word) || (nic.mac.is_some() && word.parse().ok() == nic.mac)
        };
        let mut known = false;
        for nic in &mut machine.nics {
            if is_it(nic, port) || asked.as_deref().is_some_and(|word| is_it(nic, word)) {
                nic.cable_connected = Some(up);
                known = true;
            }
        }
        // Nobody listed the cards: this is one all the same.
        if !known && machine.nics.is_empty() {
            machine.nics.push(Nic {
                host_port: port.parse::<Mac>().is_err().then(|| (*port).to_owned()),
                mac: port.parse().ok(),
                cable_connected: Some(up),
                ..Nic::default()
            });
        }
    }
}

/// `virsh domifaddr`: addresses by card, told by the leases, the guest's agent or the host's neighbor table.
pub fn domifaddr(text: &str, case: &mut Case, _on: Place, command: &str) {
    if complains(text, case, command) {
        return;
    }
    let told = told_by(command, text);
    let rows = lay::ruled_rows(text);
    let mut found = Vec::new();
    let mut current: Option<(String, Mac)> = None;
    for row in &rows {
        let [name, mac, _, address] = row.as_slice() else {
            continue;
        };
        if let Ok(mac) = mac.parse() {
            current = Some(((*name).to_owned(), mac));
        }
        if let (Some((name, mac)), Some(net)) = (&current, text::net(address)) {
            found.push((name.clone(), *mac, net));
        }
    }
    let macs: Vec<Mac> = found.iter().map(|(_, mac, _)| *mac).collect();
    let name = domain_of(case, command, &macs);
    let source = text::source(command);
    let hypervisor = lay::product(case, HypervisorId::Libvirt, "virsh");
    hypervisor.running = Some(true);
    let machine = lay::machine(hypervisor, &name, None, &source);
    for nic in &mut machine.nics {
        lay::forget_addresses(nic, told);
    }
    for (port, mac, net) in found {
        // The guest has cards of its own (bridges, containers); only the emulated ones are ours.
        let ours = machine.nics.is_empty()
            || machine
                .nics
                .iter()
                .any(|nic| nic.mac.is_some_and(|known| known.same_card(mac)));
        if mac.is_zero() || net.addr().is_loopback() || (told == "agent" && !ours) {
            continue;
        }
        if let Some(nic) = lay::nic_of_mac(machine, mac) {
            if told != "agent" && nic.host_port.is_none() && port.starts_with("vnet") {
                nic.host_port = Some(port);
            }
            let prefix = text_has_prefix(net);
            lay::address(nic, net.addr(), prefix, told);
        }
    }
}

/// The prefix length, unless the source gives addresses alone (the neighbor table prints `/0` or `/32`).
fn text_has_prefix(net: ipnet::IpNet) -> Option<u8> {
    let length = net.prefix_len();
    (length > 0 && length < net.max_prefix_len()).then_some(length)
}

fn told_by(command: &str, text: &str) -> &'static str {
    let call = command::call(command);
    let source = call.after("--source").map(str::to_owned).or_else(|| {
        call.args
            .iter()
            .find_map(|word| word.strip_prefix("--source=").map(str::to_owned))
    });
    match source.as_deref() {
        Some("agent") => "agent",
        Some("arp") => "neighbor table",
        Some(_) => "lease",
        // The agent alone tells the loopback card.
        None if text.lines().any(|line| line.trim_start().starts_with("lo ")) => "agent",
        None => "lease",
    }
}

/// `virsh net-dhcp-leases NETWORK`.
pub fn net_dhcp_leases(text: &str, case: &mut Case, _on: Place, command: &str) {
    if complains(text, case, command) {
        return;
    }
    let offset = lay::offset_of(case.taken_at.as_deref());
    let mut leases = Vec::new();
    for row in lay::ruled_rows(text) {
        let [ends, mac, _, address, rest @ ..] = row.as_slice() else {
            continue;
        };
        let Some(net) = text::net(address) else { continue };
        let some = |at: usize| {
            rest.get(at)
                .filter(|cell| **cell != "-" && !cell.is_empty())
                .map(|cell| (*cell).to_owned())
        };
        leases.push((
            net,
            Lease {
                address: net.addr(),
                mac: mac.parse().ok(),
                host_name: some(0),
                client_id: some(1),
                ends: offset.and_then(|offset| lay::seconds(ends, offset)),
                abandoned: false,
            },
        ));
    }
    let source = text::source(command);
    let named = subject_word(command, "--network");
    let hypervisor = lay::product(case, HypervisorId::Libvirt, "virsh");
    hypervisor.running = Some(true);
    let owner = |hypervisor: &crate::model::Hypervisor| {
        let (net, _) = leases.first()?;
        hypervisor
            .networks
            .rows()
            .iter()
            .find(|network| {
                network
                    .segment
                    .is_some_and(|segment| segment.contains(&net.addr()))
            })
            .map(|network| network.name.clone())
    };
    let name = named
        .or_else(|| owner(hypervisor))
        .unwrap_or_else(|| "default".to_owned());
    let segment = leases.first().map(|(net, _)| net.trunc());
    let network = lay::network(hypervisor, &name, &source);
    if network.segment.is_none() {
        network.segment = segment;
    }
    lay::leases(network, leases.into_iter().map(|(_, lease)| lease).collect());
}

/// `/var/lib/libvirt/dnsmasq/BRIDGE.status`: the leases as JSON.
pub fn dnsmasq_status(text: &str, case: &mut Case, _on: Place, command: &str) {
    let (rows, _) = text::json_rows(text);
    let leases: Vec<Lease> = rows
        .iter()
        .take(lay::MAX_ROWS)
        .filter_map(|row| {
            Some(Lease {
                address: text::address(&text::text_of(row, "ip-address")?)?,
                mac: text::text_of(row, "mac-address").and_then(|mac| mac.parse().ok()),
                host_name: text::text_of(row, "hostname"),
                client_id: text::text_of(row, "client-id"),
                ends: text::number_of(row, "expiry-time").and_then(|seconds| i64::try_from(seconds).ok()),
                abandoned: false,
            })
        })
        .collect();
    let bridge = command::call(command).file().and_then(|path| {
        let name = path.rsplit('/').next()?.strip_suffix(".status")?;
        Some(name.to_owned())
    });
    let source = text::source(command);
    let hypervisor = lay::product(case, HypervisorId::Libvirt, "");
    let first = leases.first().map(|lease| lease.address);
    let known = hypervisor.networks.rows().iter().find(|network| {
        (bridge.is_some() && network.host_adapter == bridge)
            || first.is_some_and(|first| network.segment.is_some_and(|segment| segment.contains(&first)))
    });
    let name = known.map(|network| network.name.clone());
    let name = name.unwrap_or_else(|| match bridge.as_deref() {
        None | Some("virbr0") => "default".to_owned(),
        Some(bridge) => bridge.to_owned(),
    });
    let network = lay::network(hypervisor, &name, &source);
    if network.host_adapter.is_none() {
        network.host_adapter = bridge;
    }
    lay::leases(network, leases);
}

/// `/var/lib/libvirt/dnsmasq/NETWORK.conf`: the network's bridge and address range.
pub fn dnsmasq_conf(text: &str, case: &mut Case, _on: Place, command: &str) {
    let mut network = VirtualNetwork::default();
    if let Some(path) = command::call(command).file()
        && let Some(name) = path
            .rsplit('/')
            .next()
            .and_then(|file| file.strip_suffix(".conf"))
    {
        name.clone_into(&mut network.name);
    }
    let mut dhcp = DhcpServer {
        enabled: Some(false),
        ..DhcpServer::default()
    };
    for line in text.lines().take(lay::MAX_ROWS) {
        if let Some(name) = line
            .trim_start_matches(['#', ' '])
            .strip_prefix("virsh net-edit ")
        {
            name.trim().clone_into(&mut network.name);
        }
        let Some((key, value)) = line.split_once('=') else {
            continue;
        };
        match key.trim() {
            "interface" => network.host_adapter = Some(value.trim().to_owned()),
            "dhcp-range" => {
                let parts: Vec<&str> = value.split(',').collect();
                let addresses: Vec<_> = parts.iter().filter_map(|part| part.parse().ok()).collect();
                if let [first, last, ..] = addresses.as_slice() {
                    let first: std::net::IpAddr = *first;
                    if first.is_ipv4() {
                        dhcp.enabled = Some(true);
                        dhcp.first = Some(first);
                        dhcp.last = Some(*last);
                        network.segment = parts
                            .iter()
                            .find_map(|part| text::net_of(first, part).filter(|net| net.prefix_len() > 0))
                            .map(|net| net.trunc());
                    }
                }
            }
            _ => {}
        }
    }
    network.dhcp = Some(dhcp);
    if network.name.is_empty() {
        return;
    }
    let source = text::source(command);
    let hypervisor = lay::product(case, HypervisorId::Libvirt, "");
    let known = lay::network(hypervisor, &network.name.clone(), &source);
    lay::over_network(known, network);
}

/// `virsh qemu-agent-command DOMAIN '{"execute":"guest-network-get-interfaces"}'`: the guest's addresses.
pub fn agent_interfaces(text: &str, case: &mut Case, on: Place, command: &str) {
    if complains(text, case, command) {
        return;
    }
    let found = parse_agent_interfaces(text);
    if found.is_empty() {
        merge::unread(case, "guest agent", "not understood", command);
        return;
    }
    let macs: Vec<Mac> = found.iter().map(|(mac, _)| *mac).collect();
    let proxmox = command::call(command).program == "qm" || command::call(command).program == "pvesh";
    let id = if proxmox {
        HypervisorId::Proxmox
    } else {
        HypervisorId::Libvirt
    };
    let name = if proxmox {
        super::proxmox::machine_of(case, command)
    } else {
        domain_of(case, command, &macs)
    };
    let _ = on;
    let source = text::source(command);
    let hypervisor = lay::product(case, id, "");
    let machine = lay::machine(hypervisor, &name, None, &source);
    if machine.state == PowerState::Unknown {
        machine.state = PowerState::Running;
    }
    let some_known = !machine.nics.is_empty();
    for nic in &mut machine.nics {
        lay::forget_addresses(nic, "agent");
    }
    for (mac, nets) in found {
        let ours = machine.nics.iter().any(|nic| nic.mac == Some(mac));
        if some_known && !ours {
            continue;
        }
        if let Some(nic) = lay::nic_of_mac(machine, mac) {
            for net in nets {
                lay::address(nic, net.addr(), Some(net.prefix_len()), "agent");
            }
        }
    }
}

/// Cards and their addresses of the QEMU guest agent's answer; loopback and cards without address left out.
pub fn parse_agent_interfaces(text: &str) -> Vec<(Mac, Vec<ipnet::IpNet>)> {
    let (rows, _) = text::json_rows(text);
    let mut found = Vec::new();
    for row in &rows {
        let result = row.get("return").or_else(|| row.get("result")).unwrap_or(row);
        let cards: Vec<&Value> = match result {
            Value::Array(cards) => cards.iter().collect(),
            card => vec![card],
        };
        for card in cards.into_iter().take(lay::MAX_NICS) {
            let mac: Option<Mac> = text::text_of(card, "hardware-address").and_then(|mac| mac.parse().ok());
            let Some(mac) = mac.filter(|mac| !mac.is_zero()) else {
                continue;
            };
            let nets = text::field(card, "ip-addresses")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .take(64)
                .filter_map(|row| {
                    let address = text::address(&text::text_of(row, "ip-address")?)?;
                    let prefix = u8::try_from(text::number_of(row, "prefix")?).ok()?;
                    ipnet::IpNet::new(address, prefix).ok()
                })
                .collect();
            found.push((mac, nets));
        }
    }
    found
}
