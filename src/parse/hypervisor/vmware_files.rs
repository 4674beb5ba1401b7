//! VMware's configuration files: `networking`, `nat.conf`, `dhcpd.conf`, the leases and `netmap.conf`.

use std::collections::BTreeMap;
use std::net::IpAddr;

use super::{lay, virtualbox, vmware};
use crate::model::{Case, DhcpServer, Lease, Mode, Place, PortForward, Protocol, VirtualNetwork};
use crate::parse::merge::Extent;
use crate::parse::{complaint, merge, text};

/// A line of the `networking` file.
pub fn networking_line(line: &str) -> bool {
    line.starts_with("answer VNET_")
        || line.starts_with("add_nat_portfwd ")
        || line.starts_with("add_bridge_mapping ")
        || line.starts_with("remove_answer VNET_")
}

/// Reads the `networking` file of Linux and macOS: later lines override earlier ones.
pub fn parse_networking(text: &str, framework: bool) -> Vec<VirtualNetwork> {
    let mut answers: BTreeMap<(u32, String), String> = BTreeMap::new();
    let mut forwards: Vec<(u32, PortForward)> = Vec::new();
    let mut bridges: BTreeMap<u32, String> = BTreeMap::new();
    for line in text.lines().take(100_000) {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["answer", key, value @ ..] => {
                if let Some(key) = answer_key(key)
                    && answers.len() < 10_000
                {
                    answers.insert(key, value.join(" "));
                }
            }
            ["remove_answer", key] => {
                if let Some(key) = answer_key(key) {
                    answers.remove(&key);
                }
            }
            [
                "add_nat_portfwd",
                number,
                protocol,
                host_port,
                guest,
                guest_port,
                ..,
            ] => {
                if let (Ok(number), Some(protocol), Ok(host_port), Ok(guest_port)) = (
                    number.parse(),
                    virtualbox::protocol_of(protocol),
                    host_port.parse(),
                    guest_port.parse(),
                ) && forwards.len() < lay::MAX_ROWS
                {
                    let forward = PortForward {
                        name: None,
                        protocol,
                        host_address: None,
                        host_port,
                        guest_address: lay::some_address(guest),
                        guest_port,
                    };
                    forwards.push((number, forward));
                }
            }
            ["remove_nat_portfwd", number, protocol, host_port, ..] => {
                forwards.retain(|(known, forward)| {
                    !(number.parse() == Ok(*known)
                        && virtualbox::protocol_of(protocol) == Some(forward.protocol)
                        && host_port.parse() == Ok(forward.host_port))
                });
            }
            ["add_bridge_mapping", adapter, number] => {
                if let Ok(number) = number.parse() {
                    bridges.insert(number, (*adapter).to_owned());
                }
            }
            ["remove_bridge_mapping", adapter, ..] => bridges.retain(|_, known| known != adapter),
            _ => {}
        }
    }
    let mut numbers: Vec<u32> = answers.keys().map(|(number, _)| *number).collect();
    numbers.extend(bridges.keys());
    // VMnet0 is the bridge unless something else is configured.
    numbers.push(0);
    numbers.sort_unstable();
    numbers.dedup();
    numbers
        .into_iter()
        .take(256)
        .map(|number| network(number, &answers, &forwards, bridges.get(&number), framework))
        .collect()
}

fn answer_key(key: &str) -> Option<(u32, String)> {
    let (number, name) = key.strip_prefix("VNET_")?.split_once('_')?;
    Some((
        number.parse().ok().filter(|number| *number < 256)?,
        name.to_owned(),
    ))
}

fn network(
    number: u32,
    answers: &BTreeMap<(u32, String), String>,
    forwards: &[(u32, PortForward)],
    bridge: Option<&String>,
    framework: bool,
) -> VirtualNetwork {
    let answer = |key: &str| answers.get(&(number, key.to_owned())).map(String::as_str);
    let name = format!("vmnet{number}");
    if bridge.is_some() || (number == 0 && answer("HOSTONLY_SUBNET").is_none()) {
        return VirtualNetwork {
            name,
            mode: Mode::Bridged,
            host_adapter_wanted: Some(false),
            uplink: bridge.cloned(),
            uplink_automatic: Some(bridge.is_none()),
            ..VirtualNetwork::default()
        };
    }
    let nat = answer("NAT").and_then(lay::truth) == Some(true);
    let adapter = answer("VIRTUAL_ADAPTER").and_then(lay::truth);
    let segment = answer("HOSTONLY_SUBNET")
        .and_then(text::address)
        .and_then(|subnet| text::net_of(subnet, answer("HOSTONLY_NETMASK")?))
        .map(|net| net.trunc());
    let host_address = answer("VIRTUAL_ADAPTER_ADDR")
        .and_then(lay::some_address)
        .or_else(|| vmware::nth(segment?, 1))
        .filter(|_| adapter != Some(false));
    VirtualNetwork {
        mode: if nat { Mode::Nat } else { Mode::HostOnly },
        host_adapter: vmware::host_adapter(&name, false, framework).filter(|_| adapter != Some(false)),
        host_adapter_wanted: adapter,
        segment,
        host_address,
        // The NAT engine is `.2` unless nat.conf says otherwise, and nat.conf is laid over this.
        nat_address: segment
            .filter(|_| nat)
            .and_then(|segment| vmware::nth(segment, 2)),
        nat: Some(nat),
        dhcp: answer("DHCP").and_then(lay::truth).map(|on| DhcpServer {
            enabled: Some(on),
            ..DhcpServer::default()
        }),
        forwards: forwards
            .iter()
            .filter(|(known, _)| *known == number)
            .map(|(_, forward)| forward.clone())
            .collect(),
        name,
        ..VirtualNetwork::default()
    }
}

/// Takes the `networking` file into the case.
pub fn networking(text: &str, case: &mut Case, _on: Place, command: &str) {
    let id = vmware::id(case, text, command);
    if let Some(complaint) = complaint::of(text) {
        let line = text
            .lines()
            .find(|line| !line.trim().is_empty())
            .unwrap_or_default();
        // That the file is not there is an answer.
        if line.to_lowercase().contains("no such file") {
            lay::warning(lay::product(case, id, ""), line.trim());
        } else {
            merge::unread(case, command, complaint.why, "");
        }
        return;
    }
    let framework = framework_known(case, id);
    let source = text::source(command);
    let hypervisor = lay::product(case, id, "");
    // A file of no networks has its version at least.
    let understood = text
        .lines()
        .any(|line| networking_line(line) || line.starts_with("VERSION="));
    for mut network in parse_networking(text, framework) {
        // What nat.conf said of the engine outranks the default, in either order.
        let known = hypervisor.network(&network.name);
        if let Some(address) = known.and_then(|known| known.nat_address)
            && network.segment.is_none_or(|segment| segment.contains(&address))
        {
            network.nat_address = Some(address);
        }
        vmware::take(hypervisor, network, &source);
    }
    if !command.is_empty() && understood && Extent::of(command) == Extent::Whole {
        lay::listed(hypervisor, "networks");
    }
    vmware::settle(hypervisor);
}

fn framework_known(case: &Case, id: crate::model::HypervisorId) -> bool {
    case.hypervisors
        .iter()
        .find(|hypervisor| hypervisor.id == id)
        .is_some_and(|hypervisor| {
            hypervisor.settings.get("vmnet-framework").map(String::as_str) == Some("yes")
        })
}

/// A line of `nat.conf`.
pub fn nat_line(line: &str) -> bool {
    let line = line.trim();
    line == "# VMware NAT configuration file"
        || matches!(
            line,
            "[incomingtcp]" | "[incomingudp]" | "[privilegedTCP]" | "[privilegedUDP]"
        )
        || line.starts_with("natIp6Enable")
        || line.starts_with("allowAnyOUI")
        || line.starts_with("useMacosVmnetVirtApi")
        || line.starts_with("resetConnectionOn")
}

/// Takes `nat.conf` (`vmnetnat.conf` on Windows) into the case: the NAT engine's address and port forwards.
pub fn nat_conf(text: &str, case: &mut Case, _on: Place, command: &str) {
    let id = vmware::id(case, text, command);
    let windows = vmware::on_windows(case, text, command);
    let mut section = String::new();
    let mut network = VirtualNetwork {
        mode: Mode::Nat,
        nat: Some(true),
        ..VirtualNetwork::default()
    };
    let (mut mask, mut framework) = (None, false);
    for line in text.lines().take(100_000) {
        let line = line.trim();
        if line.starts_with('#') || line.is_empty() {
            continue;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            section = name.to_lowercase();
            continue;
        }
        let Some((key, value)) = line.split_once('=') else {
            continue;
        };
        let (key, value) = (key.trim(), value.trim());
        match (section.as_str(), key) {
            ("host", "ip") => network.nat_address = lay::some_address(value),
            ("host", "netmask") => mask = Some(value.to_owned()),
            ("host", "device") => network.name = vmware::network_name(value, windows).unwrap_or_default(),
            ("host", "hostIp") => network.host_address = lay::some_address(value),
            ("host", "useMacosVmnetVirtApi") => framework = value == "1",
            ("incomingtcp", port) => network.forwards.extend(forward(Protocol::Tcp, port, value)),
            ("incomingudp", port) => network.forwards.extend(forward(Protocol::Udp, port, value)),
            _ => {}
        }
    }
    network.forwards.truncate(lay::MAX_ROWS);
    if network.name.is_empty() {
        // The device may be left out; VMware then takes the NAT network's own.
        network.name = vmware::name_in_path(command)
            .and_then(|name| vmware::network_name(&name, windows))
            .unwrap_or_else(|| if windows { "VMnet8" } else { "vmnet8" }.to_owned());
    }
    network.segment = network
        .nat_address
        .zip(mask)
        .and_then(|(address, mask)| text::net_of(address, &mask))
        .map(|net| net.trunc());
    network.host_adapter = vmware::host_adapter(&network.name, windows, framework);
    let source = text::source(command);
    let hypervisor = lay::product(case, id, "");
    let known = lay::network(hypervisor, &network.name.clone(), &source);
    // The file holds all forwards: those that are not in it are gone.
    known.forwards.clear();
    lay::over_network(known, network);
    if framework {
        // macOS names the adapters of all networks then.
        for network in hypervisor.networks.value_mut().into_iter().flatten() {
            network.host_adapter = None;
        }
        hypervisor
            .settings
            .insert("vmnet-framework".to_owned(), "yes".to_owned());
    }
    vmware::settle(hypervisor);
}

/// `2222 = 172.16.160.128:22`.
fn forward(protocol: Protocol, port: &str, target: &str) -> Option<PortForward> {
    let target = target.split_whitespace().next()?;
    let (address, guest_port) = target.rsplit_once(':')?;
    Some(PortForward {
        name: None,
        protocol,
        host_address: None,
        host_port: port.parse().ok()?,
        guest_address: lay::some_address(address),
        guest_port: guest_port.parse().ok()?,
    })
}

/// A line of `dhcpd.conf`.
pub fn dhcpd_line(line: &str) -> bool {
    let line = line.trim();
    (line.starts_with("subnet ") && line.contains(" netmask ") && line.ends_with('{'))
        || line.starts_with("# Virtual ethernet segment ")
        || line.starts_with("# Configuration file for VMware port of ISC")
        || (line.starts_with("host VMnet") && line.ends_with('{'))
        || (line.starts_with("host vmnet") && line.ends_with('{'))
}

/// Reads `dhcpd.conf`: one network a `subnet` block, named by the `host VMnetN` block in it.
pub fn parse_dhcpd(text: &str, windows: bool) -> Vec<VirtualNetwork> {
    let mut networks: Vec<VirtualNetwork> = Vec::new();
    let mut segment_name = None;
    let mut host_name: Option<String> = None;
    for line in text.lines().take(100_000) {
        let line = line.trim();
        if let Some(number) = line.strip_prefix("# Virtual ethernet segment ") {
            segment_name = vmware::network_name(number, windows);
            continue;
        }
        let line = line.split('#').next().unwrap_or(line).trim();
        let words: Vec<&str> = line
            .split(|c: char| c.is_whitespace() || c == ';')
            .filter(|word| !word.is_empty())
            .collect();
        match words.as_slice() {
            ["subnet", subnet, "netmask", mask, "{"] if networks.len() < 256 => {
                host_name = None;
                let segment = text::address(subnet).and_then(|subnet| text::net_of(subnet, mask));
                networks.push(VirtualNetwork {
                    name: segment_name.take().unwrap_or_default(),
                    segment: segment.map(|net| net.trunc()),
                    dhcp: Some(DhcpServer {
                        enabled: Some(true),
                        ..DhcpServer::default()
                    }),
                    ..VirtualNetwork::default()
                });
            }
            ["range", first, last] => {
                if let Some(dhcp) = networks.last_mut().and_then(|network| network.dhcp.as_mut()) {
                    dhcp.first = text::address(first);
                    dhcp.last = text::address(last);
                }
            }
            ["option", "routers", router] if host_name.is_none() => {
                if let Some(network) = networks.last_mut()
                    && let Some(router) = lay::some_address(router)
                {
                    network.nat_address = Some(router);
                    network.nat = Some(true);
                    network.mode = Mode::Nat;
                }
            }
            ["host", name, "{"] => host_name = vmware::network_name(name, windows),
            ["fixed-address", address] => {
                let address: Option<IpAddr> = lay::some_address(address);
                let network = networks.iter_mut().find(|network| {
                    address.is_some_and(|address| {
                        network.segment.is_some_and(|segment| segment.contains(&address))
                    })
                });
                if let (Some(name), Some(network)) = (&host_name, network) {
                    network.name.clone_from(name);
                    network.host_address = address;
                }
            }
            _ => {}
        }
    }
    networks
}

/// Takes `dhcpd.conf` (`vmnetdhcp.conf` on Windows) into the case.
pub fn dhcpd_conf(text: &str, case: &mut Case, _on: Place, command: &str) {
    let id = vmware::id(case, text, command);
    let windows = vmware::on_windows(case, text, command);
    let framework = framework_known(case, id);
    let named = vmware::name_in_path(command).and_then(|name| vmware::network_name(&name, windows));
    let source = text::source(command);
    let hypervisor = lay::product(case, id, "");
    for mut network in parse_dhcpd(text, windows) {
        if network.name.is_empty() {
            let Some(name) = &named else { continue };
            network.name.clone_from(name);
        }
        if network.mode == Mode::Other
            && lay::network(hypervisor, &network.name, &source).mode == Mode::Other
            && network.name.eq_ignore_ascii_case("vmnet1")
        {
            network.mode = Mode::HostOnly;
        }
        network.host_adapter = vmware::host_adapter(&network.name, windows, framework);
        vmware::take(hypervisor, network, &source);
    }
    vmware::settle(hypervisor);
}

/// A line of a lease file in ISC's form.
pub fn lease_line(line: &str) -> bool {
    let line = line.trim();
    (line.starts_with("lease ") && line.ends_with('{'))
        || line.starts_with("# All times in this file are in UTC (GMT)")
        || (line.starts_with("hardware ethernet ") && line.ends_with(';'))
        || (line.starts_with("client-hostname ") && line.ends_with(';'))
}

/// Reads leases in ISC's form. The file is only ever appended to: the last block of an address holds.
pub fn parse_leases(text: &str) -> Vec<Lease> {
    let mut leases: Vec<Lease> = Vec::new();
    let mut index: BTreeMap<IpAddr, usize> = BTreeMap::new();
    let mut current: Option<Lease> = None;
    for line in text.lines() {
        let line = line.trim().trim_end_matches(';');
        if let Some(rest) = line.strip_prefix("lease ") {
            current = text::address(rest.trim_end_matches('{')).map(|address| Lease {
                address,
                mac: None,
                host_name: None,
                client_id: None,
                ends: None,
                abandoned: false,
            });
            continue;
        }
        if line == "}" {
            if let Some(lease) = current.take() {
                if let Some(at) = index.get(&lease.address) {
                    if let Some(known) = leases.get_mut(*at) {
                        *known = lease;
                    }
                } else if leases.len() < lay::MAX_ROWS {
                    index.insert(lease.address, leases.len());
                    leases.push(lease);
                }
            }
            continue;
        }
        let Some(lease) = &mut current else { continue };
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["ends", "never"] => lease.ends = None,
            ["ends", _, date, time] => lease.ends = lay::seconds(&format!("{date} {time}"), 0),
            ["hardware", "ethernet", mac] => lease.mac = mac.parse().ok(),
            ["uid", id @ ..] => lease.client_id = Some(id.join(" ").trim_matches('"').to_owned()),
            ["client-hostname", name @ ..] => {
                lease.host_name = Some(name.join(" ").trim_matches('"').to_owned());
            }
            ["abandoned"] => lease.abandoned = true,
            _ => {}
        }
    }
    leases
}

/// Takes a lease file of VMware into the case.
pub fn leases(text: &str, case: &mut Case, _on: Place, command: &str) {
    let id = vmware::id(case, text, command);
    let windows = vmware::on_windows(case, text, command);
    let named = vmware::name_in_path(command).and_then(|name| vmware::network_name(&name, windows));
    let source = text::source(command);
    let leases = parse_leases(text);
    let hypervisor = lay::product(case, id, "");
    vmware::take_leases(hypervisor, leases, named.as_deref(), &source);
    vmware::settle(hypervisor);
}

/// A line of `netmap.conf`.
pub fn netmap_line(line: &str) -> bool {
    line.strip_prefix("network").is_some_and(|rest| {
        rest.split_once('.').is_some_and(|(number, key)| {
            number.parse::<u32>().is_ok() && (key.starts_with("name = ") || key.starts_with("device = "))
        })
    })
}

/// Takes `netmap.conf` into the case: which networks there are, and what people call them.
pub fn netmap(text: &str, case: &mut Case, _on: Place, command: &str) {
    let id = vmware::id(case, text, command);
    let windows = vmware::on_windows(case, text, command);
    let mut names: BTreeMap<u32, (Option<String>, Option<String>)> = BTreeMap::new();
    for line in text.lines().take(lay::MAX_ROWS) {
        let Some((key, value)) = line.split_once('=') else {
            continue;
        };
        let value = value.trim().trim_matches('"').to_owned();
        let Some((number, field)) = key
            .trim()
            .strip_prefix("network")
            .and_then(|key| key.split_once('.'))
        else {
            continue;
        };
        let Ok(number) = number.parse() else { continue };
        let entry = names.entry(number).or_default();
        match field {
            "name" => entry.0 = Some(value),
            "device" => entry.1 = vmware::network_name(&value, windows),
            _ => {}
        }
    }
    let source = text::source(command);
    let hypervisor = lay::product(case, id, "");
    for (label, device) in names.into_values() {
        let Some(device) = device else { continue };
        let network = lay::network(hypervisor, &device, &source);
        if let Some(label) = label {
            if network.mode == Mode::Other {
                network.mode = match label.as_str() {
                    "Bridged" => Mode::Bridged,
                    "NAT" => Mode::Nat,
                    "HostOnly" => Mode::HostOnly,
                    _ => Mode::Other,
                };
            }
            network.settings.insert("label".to_owned(), label);
        }
    }
    vmware::settle(hypervisor);
}
