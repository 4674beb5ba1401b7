//! What `VBoxManage` lists: networks, machines, guest properties; and its warnings and errors.

use std::collections::BTreeMap;
use std::net::IpAddr;

use ipnet::IpNet;

use super::lay;
use crate::model::{
    Adapter, AdapterAddress, AdapterKind, Case, DhcpServer, Hypervisor, HypervisorId, Mac, Mode, Os, Place,
    PortForward, PowerState, Protocol, VirtualNetwork,
};
use crate::parse::command::{self, Call};
use crate::parse::merge::Extent;
use crate::parse::{complaint, merge, text};

/// Whether a call is `VBoxManage WORD …`.
pub fn is(call: &Call, word: &str) -> bool {
    program(call) && call.word(0) == word
}

/// Whether a call is `VBoxManage list` of one of `kinds`.
pub fn lists(call: &Call, kinds: &[&str]) -> bool {
    is(call, "list")
        && call
            .words()
            .skip(1)
            .any(|word| kinds.contains(&word.to_lowercase().as_str()))
}

/// Whether the program is VBoxManage by one of its names.
pub fn program(call: &Call) -> bool {
    call.is(&["vboxmanage", "vbox"])
}

/// Takes warnings and errors out of an output of VBoxManage; `None` when nothing else is in it.
pub fn answer(output: &str, case: &mut Case, command: &str) -> Option<String> {
    let (warnings, errors, rest) = split_banner(output);
    if errors.is_empty()
        && warnings.is_empty()
        && let Some(complaint) = complaint::of(output)
    {
        let how = if complaint.needs_rights {
            complaint::with_rights(command)
        } else {
            String::new()
        };
        merge::unread(case, "VirtualBox (VBoxManage)", complaint.why, &how);
        return None;
    }
    let hypervisor = lay::product(case, HypervisorId::VirtualBox, "VBoxManage");
    for text in warnings.iter().chain(&errors).take(16) {
        lay::warning(hypervisor, text);
    }
    if rest.trim().is_empty() && !errors.is_empty() {
        let first = errors.first().cloned().unwrap_or_default();
        merge::unread(case, "VirtualBox (VBoxManage)", &first, "");
        return None;
    }
    Some(rest)
}

/// The output without the warnings and errors that stand before, in and behind it.
pub fn without_banner(output: &str) -> String {
    split_banner(output).2
}

/// Warnings (each as one line), errors, and what is left.
fn split_banner(output: &str) -> (Vec<String>, Vec<String>, String) {
    let (mut warnings, mut errors, mut rest) = (Vec::<String>::new(), Vec::new(), String::new());
    let mut in_warning = false;
    for line in output.lines() {
        let trimmed = line.trim();
        if trimmed.starts_with("WARNING:") {
            in_warning = true;
            warnings.push(trimmed.to_owned());
        } else if in_warning && (trimmed.is_empty() || line.starts_with(['\t', ' '])) {
            if let Some(last) = warnings.last_mut()
                && !trimmed.is_empty()
                && last.len() < 400
            {
                last.push(' ');
                last.push_str(trimmed);
            }
        } else if is_error(trimmed) {
            in_warning = false;
            errors.push(trimmed.to_owned());
        } else if trimmed.starts_with("Progress state:") || trimmed.starts_with("0%...") {
            in_warning = false;
        } else {
            in_warning = false;
            rest.push_str(line);
            rest.push('\n');
        }
    }
    (warnings, errors, rest)
}

fn is_error(line: &str) -> bool {
    line.starts_with("VBoxManage: error:") || line.starts_with("VBoxManage.exe: error:")
}

/// A line of VirtualBox's errors and warnings, recognized without the command.
pub fn error_line(line: &str) -> bool {
    let line = line.trim();
    is_error(line)
        || line.starts_with("Progress state: NS_ERROR")
        || (line.starts_with("WARNING:") && line.contains("vbox"))
}

/// Errors and warnings that were pasted without the command.
pub fn errors(output: &str, case: &mut Case, on: Place, command: &str) {
    if let Some(rest) = answer(output, case, command)
        && rest.lines().any(vm_line)
    {
        vms(&rest, case, on, command);
    }
}

/// `VBoxManage --version`: `7.1.4r165100`.
pub fn version(output: &str, case: &mut Case, _on: Place, command: &str) {
    let Some(rest) = answer(output, case, command) else {
        return;
    };
    let found = rest
        .lines()
        .map(str::trim)
        .find(|line| line.starts_with(|c: char| c.is_ascii_digit()) && line.contains('.'));
    if let Some(version) = found {
        case.hypervisor_mut(HypervisorId::VirtualBox).version = Some(version.chars().take(60).collect());
    }
}

/// One record of a list: its keys in small letters with their values, and the indented lines below it.
#[derive(Debug, Default)]
struct Record {
    fields: BTreeMap<String, String>,
    lines: Vec<String>,
}

impl Record {
    fn get(&self, keys: &[&str]) -> Option<&str> {
        keys.iter()
            .find_map(|key| self.fields.get(*key))
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    fn has(&self, keys: &[&str]) -> bool {
        keys.iter().any(|key| self.fields.contains_key(*key))
    }
}

/// Records begin with `Name:` or `NetworkName:`; blank lines stand inside of them too.
fn records(output: &str) -> Vec<Record> {
    let mut records: Vec<Record> = Vec::new();
    for line in output.lines() {
        let indented = line.starts_with([' ', '\t']);
        let named = line.split_once(':').filter(|_| !indented);
        match named {
            Some((key, value)) => {
                let key = key.trim().to_lowercase();
                if matches!(key.as_str(), "name" | "networkname") {
                    if records.len() >= lay::MAX_ROWS {
                        break;
                    }
                    records.push(Record::default());
                }
                if let Some(record) = records.last_mut() {
                    record
                        .fields
                        .entry(key)
                        .or_insert_with(|| value.trim().to_owned());
                }
            }
            None => {
                if let Some(record) = records.last_mut()
                    && !line.trim().is_empty()
                    && record.lines.len() < 1000
                {
                    record.lines.push(line.trim().to_owned());
                }
            }
        }
    }
    records
}

/// What a record of a list speaks of.
enum Listed {
    Interface,
    HostOnlyNetwork,
    NatNetwork,
    DhcpServer,
    InternalNetwork,
}

fn kind_of(record: &Record, internal: bool) -> Option<Listed> {
    if record.has(&["lowerip"]) {
        Some(Listed::HostOnlyNetwork)
    } else if record.has(&["loweripaddress", "dhcpd ip"]) {
        Some(Listed::DhcpServer)
    } else if record.has(&["gateway", "dhcp server", "dhcp enabled"]) {
        Some(Listed::NatNetwork)
    } else if record.has(&["vboxnetworkname", "hardwareaddress"]) {
        Some(Listed::Interface)
    } else {
        internal.then_some(Listed::InternalNetwork)
    }
}

/// Whether every record of a list is known for what it is. Without one the list is empty: nothing at all, or only its title
/// and its count.
fn is_understood(text: &str, records: &[Record], internal: bool) -> bool {
    if !records.is_empty() {
        return records.iter().all(|record| kind_of(record, internal).is_some());
    }
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.all(|line| line == "NAT Networks:" || line.starts_with("0 networks"))
}

/// A line of these lists, recognized without the command.
pub fn list_line(line: &str) -> bool {
    const KEYS: [&str; 14] = [
        "VBoxNetworkName:",
        "HardwareAddress:",
        "IPV6NetworkMaskPrefixLength:",
        "MediumType:",
        "NetworkMask:",
        "LowerIP:",
        "UpperIP:",
        "LowerIPAddress:",
        "lowerIPAddress:",
        "UpperIPAddress:",
        "upperIPAddress:",
        "Dhcpd IP:",
        "NAT Networks:",
        "IPV6Address:",
    ];
    KEYS.iter().any(|key| line.starts_with(key))
        || (line.starts_with("Name:            ") && line.trim_end().len() > 17)
        || (line.starts_with("NetworkName:    ") && line.trim_end().len() > 16)
        || (line.starts_with("GUID:            ") && line.len() == 53)
}

/// `VBoxManage list -l hostonlyifs | bridgedifs | hostonlynets | natnets | intnets | dhcpservers`.
pub fn list_networks(output: &str, case: &mut Case, on: Place, command: &str) {
    let Some(rest) = answer(output, case, command) else {
        return;
    };
    let call = command::call(command);
    let bridged = lists(&call, &["bridgedifs"]);
    let host_only = lists(&call, &["hostonlyifs"]);
    let internal = lists(&call, &["intnets"]);
    let records = records(&rest);
    let source = text::source(command);
    let hypervisor = case.hypervisor_mut(HypervisorId::VirtualBox);
    hypervisor.networks.fill(&source);
    let all = Extent::of(command) == Extent::Whole && is_understood(&rest, &records, internal);
    for (kind, words) in [
        ("hostonlyifs", &["hostonlyifs"][..]),
        ("natnets", &["natnets", "natnetworks"]),
    ] {
        if lists(&call, words) && all {
            lay::listed(hypervisor, kind);
        }
    }
    if host_only
        && all
        && let Some(networks) = hypervisor.networks.value_mut()
    {
        // The list is whole: an adapter that is not in it any more is gone.
        networks.retain(|network| {
            network.mode != Mode::HostOnly
                || network.host_adapter.is_none()
                || records
                    .iter()
                    .any(|record| record.get(&["name"]) == Some(&network.name))
        });
    }
    let mut adapters = Vec::new();
    for record in &records {
        match kind_of(record, internal) {
            Some(Listed::Interface) => {
                if host_only || (!bridged && is_host_only(record)) {
                    take_network(hypervisor, host_only_interface(record), &source);
                } else {
                    adapters.push(host_adapter(record));
                }
            }
            Some(Listed::HostOnlyNetwork) => {
                take_network(hypervisor, host_only_network(record), &source);
            }
            Some(Listed::NatNetwork) => take_network(hypervisor, nat_network(record), &source),
            Some(Listed::DhcpServer) => dhcp_server(hypervisor, record, &source),
            Some(Listed::InternalNetwork) => {
                let network = VirtualNetwork {
                    name: record.get(&["name"]).unwrap_or_default().to_owned(),
                    mode: Mode::Internal,
                    host_adapter_wanted: Some(false),
                    nat: Some(false),
                    ..VirtualNetwork::default()
                };
                take_network(hypervisor, network, &source);
            }
            None => {}
        }
    }
    lay::settle(hypervisor);
    // The physical adapters are the system's to tell; these rows only stand in where it did not.
    if on == Place::Host && !case.host.adapters.is_known() && !adapters.is_empty() {
        merge::adapters(&mut case.host, adapters, merge::Extent::Part, command);
    }
}

fn take_network(hypervisor: &mut Hypervisor, network: VirtualNetwork, source: &str) {
    if !network.name.is_empty() {
        let known = lay::network(hypervisor, &network.name, source);
        lay::over_network(known, network);
    }
}

/// VirtualBox writes "vbox" into the GUID of its own adapters (Linux, macOS) and gives them `0a:00:27` addresses.
fn is_host_only(record: &Record) -> bool {
    let name = record.get(&["name"]).unwrap_or_default();
    let guid = record.get(&["guid"]).unwrap_or_default();
    let mac = record.get(&["hardwareaddress"]).unwrap_or_default();
    name.contains("Host-Only") || guid.starts_with("786f6276") || mac.to_lowercase().starts_with("0a:00:27")
}

/// An interface's address with its prefix; the mask may be nonsense (`15.0.0.0` is a known bug on Windows).
fn interface_net(record: &Record) -> (Option<IpAddr>, Option<IpNet>) {
    let address = record.get(&["ipaddress"]).and_then(lay::some_address);
    let net = address.and_then(|address| {
        text::net_of(address, record.get(&["networkmask"])?).filter(|net| net.prefix_len() > 0)
    });
    (address, net)
}

fn host_only_interface(record: &Record) -> VirtualNetwork {
    let name = record.get(&["name"]).unwrap_or_default().to_owned();
    let (address, net) = interface_net(record);
    let mut network = VirtualNetwork {
        mode: Mode::HostOnly,
        active: record
            .get(&["status"])
            .map(|status| status.eq_ignore_ascii_case("up")),
        host_adapter: Some(name.clone()),
        host_adapter_wanted: Some(true),
        segment: net.map(|net| net.trunc()),
        host_address: address,
        nat: Some(false),
        name,
        ..VirtualNetwork::default()
    };
    if let Some(mask) = record.get(&["networkmask"])
        && address.is_some()
        && net.is_none()
    {
        network
            .settings
            .insert("nonsense-mask".to_owned(), mask.to_owned());
    }
    network
}

fn host_adapter(record: &Record) -> Adapter {
    let name = record.get(&["name"]).unwrap_or_default();
    // macOS: `en0: Wi-Fi`.
    let (name, description) = match name.split_once(": ") {
        Some((name, description)) => (name, Some(description.to_owned())),
        None => (name, None),
    };
    let (_, net) = interface_net(record);
    let wireless = record.get(&["wireless"]).and_then(lay::truth) == Some(true);
    Adapter {
        name: name.to_owned(),
        kind: if wireless {
            AdapterKind::WiFi
        } else {
            merge::kind_by_name(name, description.as_deref())
        },
        description,
        mac: record.get(&["hardwareaddress"]).and_then(text::mac),
        carrier: record.get(&["status"]).and_then(lay::truth),
        addresses: Some(net.map(AdapterAddress::new).into_iter().collect()),
        ..Adapter::default()
    }
}

fn host_only_network(record: &Record) -> VirtualNetwork {
    let lower = record.get(&["lowerip"]).and_then(lay::some_address);
    let upper = record.get(&["upperip"]).and_then(lay::some_address);
    let net = lower.and_then(|lower| text::net_of(lower, record.get(&["networkmask"])?));
    VirtualNetwork {
        name: record.get(&["name"]).unwrap_or_default().to_owned(),
        mode: Mode::HostOnly,
        active: record.get(&["state"]).and_then(lay::truth),
        host_adapter_wanted: Some(true),
        segment: net.map(|net| net.trunc()),
        // The first address of the range is the host's, on a `bridge10N` that is there while a machine runs.
        host_address: lower,
        nat: Some(false),
        dhcp: Some(DhcpServer {
            enabled: None,
            address: None,
            first: lower,
            last: upper,
        }),
        ..VirtualNetwork::default()
    }
}

fn nat_network(record: &Record) -> VirtualNetwork {
    let mut network = VirtualNetwork {
        name: record
            .get(&["name", "networkname"])
            .unwrap_or_default()
            .to_owned(),
        mode: Mode::NatNetwork,
        active: record.get(&["enabled"]).and_then(lay::truth),
        host_adapter_wanted: Some(false),
        segment: record
            .get(&["network"])
            .and_then(text::net)
            .map(|net| net.trunc()),
        nat_address: record.get(&["gateway", "ip"]).and_then(lay::some_address),
        nat: Some(true),
        ..VirtualNetwork::default()
    };
    if let Some(on) = record.get(&["dhcp server", "dhcp enabled"]).and_then(lay::truth) {
        network.dhcp = Some(DhcpServer {
            enabled: Some(on),
            ..DhcpServer::default()
        });
    }
    network.forwards = record
        .lines
        .iter()
        .filter_map(|line| nat_network_forward(line))
        .take(256)
        .collect();
    network
}

/// `ssh:tcp:[127.0.0.1]:50022:[192.168.15.10]:22`.
fn nat_network_forward(line: &str) -> Option<PortForward> {
    let (name, rest) = line.split_once(':')?;
    let (protocol, rest) = rest.split_once(":[")?;
    let (host, rest) = rest.split_once("]:")?;
    let (host_port, rest) = rest.split_once(":[")?;
    let (guest, guest_port) = rest.split_once("]:")?;
    Some(PortForward {
        name: Some(name.to_owned()).filter(|name| !name.is_empty()),
        protocol: protocol_of(protocol)?,
        host_address: lay::some_address(host),
        host_port: host_port.trim().parse().ok()?,
        guest_address: lay::some_address(guest),
        guest_port: guest_port.trim().parse().ok()?,
    })
}

/// TCP or UDP by name, letters of either size.
pub fn protocol_of(word: &str) -> Option<Protocol> {
    match word.trim().to_lowercase().as_str() {
        "tcp" => Some(Protocol::Tcp),
        "udp" => Some(Protocol::Udp),
        _ => None,
    }
}

fn dhcp_server(hypervisor: &mut Hypervisor, record: &Record, source: &str) {
    let Some(full) = record.get(&["networkname", "name"]) else {
        return;
    };
    let of_interface = full.strip_prefix("HostInterfaceNetworking-");
    let name = of_interface
        .or_else(|| full.strip_prefix("hostonly-"))
        .unwrap_or(full);
    let interfaces_known = hypervisor
        .networks
        .rows()
        .iter()
        .any(|network| network.mode == Mode::HostOnly && network.host_adapter.is_some());
    let exists = hypervisor.network(name).is_some();
    if of_interface.is_some() && interfaces_known && !exists {
        // VirtualBox keeps the servers of adapters that are gone.
        return;
    }
    let network = lay::network(hypervisor, name, source);
    if of_interface.is_some() && network.mode == Mode::Other {
        network.mode = Mode::HostOnly;
    }
    let address = record.get(&["dhcpd ip", "ip"]).and_then(lay::some_address);
    let server = DhcpServer {
        enabled: record.get(&["enabled"]).and_then(lay::truth),
        address,
        first: record.get(&["loweripaddress"]).and_then(lay::some_address),
        last: record.get(&["upperipaddress"]).and_then(lay::some_address),
    };
    if network.segment.is_none()
        && let (Some(address), Some(mask)) = (address, record.get(&["networkmask"]))
    {
        network.segment = text::net_of(address, mask).map(|net| net.trunc());
    }
    lay::over_dhcp(network.dhcp.get_or_insert_default(), server);
}

/// `"name" {uuid}`.
pub fn vm_line(line: &str) -> bool {
    named_vm(line).is_some()
}

fn named_vm(line: &str) -> Option<(&str, &str)> {
    let rest = line.trim().strip_prefix('"')?;
    let (name, id) = rest.rsplit_once("\" {")?;
    let id = id.strip_suffix('}')?;
    let is_id = id.len() == 36 && id.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
    is_id.then_some((name, id))
}

/// `VBoxManage list vms` and `list runningvms`.
pub fn vms(output: &str, case: &mut Case, _on: Place, command: &str) {
    let Some(rest) = answer(output, case, command) else {
        return;
    };
    let running = lists(&command::call(command), &["runningvms"]);
    let source = text::source(command);
    let hypervisor = case.hypervisor_mut(HypervisorId::VirtualBox);
    hypervisor.machines.fill(&source);
    let found: Vec<(&str, &str)> = rest.lines().filter_map(named_vm).take(lay::MAX_ROWS).collect();
    for (name, id) in &found {
        if *name == "<inaccessible>" {
            lay::warning(hypervisor, &format!("machine {{{id}}} is inaccessible"));
            continue;
        }
        let machine = lay::machine(hypervisor, name, Some(id), &source);
        if machine.name != *name {
            (*name).clone_into(&mut machine.name);
        }
        if running && machine.state != PowerState::Paused {
            machine.state = PowerState::Running;
        }
    }
    if running {
        hypervisor.running = Some(!found.is_empty()).filter(|any| *any).or(hypervisor.running);
        if merge::Extent::of(command) == merge::Extent::Whole
            && let Some(machines) = hypervisor.machines.value_mut()
        {
            for machine in machines {
                let listed = found
                    .iter()
                    .any(|(name, id)| machine.id.as_deref() == Some(id) || machine.name == *name);
                if !listed && !machine.state.is_down() {
                    machine.state = PowerState::Off;
                }
            }
        }
    }
}

/// The operating system by a product's words for it.
pub fn os_of(word: &str) -> Option<Os> {
    const LINUX: [&str; 14] = [
        "linux", "ubuntu", "debian", "fedora", "redhat", "red hat", "rhel", "centos", "suse", "arch",
        "gentoo", "oracle", "rocky", "l26",
    ];
    let word = word.to_lowercase();
    if word.contains("windows") || word.starts_with("win") {
        Some(Os::Windows)
    } else if word.contains("macos") || word.contains("mac os") || word.contains("darwin") {
        Some(Os::Macos)
    } else if word.contains("bsd") {
        Some(Os::Bsd)
    } else {
        LINUX.iter().any(|name| word.contains(name)).then_some(Os::Linux)
    }
}

/// A card as the guest's own additions tell of it.
#[derive(Default)]
struct ToldCard {
    mac: Option<Mac>,
    address: Option<IpAddr>,
    prefix: Option<u8>,
    down: bool,
}

/// `VBoxManage guestproperty enumerate`, in the form of 7.x and the old one.
pub fn guest_properties(output: &str, case: &mut Case, _on: Place, command: &str) {
    let Some(rest) = answer(output, case, command) else {
        return;
    };
    let properties = parse_guest_properties(&rest);
    if properties.is_empty() {
        merge::unread(case, "guest properties (VBoxManage)", "the guest tells none", "");
        return;
    }
    let mut cards: BTreeMap<u32, ToldCard> = BTreeMap::new();
    for (name, value) in &properties {
        let Some(rest) = name.strip_prefix("/VirtualBox/GuestInfo/Net/") else {
            continue;
        };
        let Some((index, key)) = rest.split_once('/') else {
            continue;
        };
        let Ok(index) = index.parse() else { continue };
        if cards.len() >= lay::MAX_NICS && !cards.contains_key(&index) {
            continue;
        }
        let card = cards.entry(index).or_default();
        match key {
            "MAC" => card.mac = value.parse().ok(),
            "V4/IP" => card.address = lay::some_address(value),
            "V4/Netmask" => card.prefix = text::mask_length(value),
            "Status" => card.down = value.eq_ignore_ascii_case("down"),
            _ => {}
        }
    }
    let macs: Vec<Mac> = cards.values().filter_map(|card| card.mac).collect();
    let name = machine_of(case, command, &macs);
    let source = text::source(command);
    let hypervisor = case.hypervisor_mut(HypervisorId::VirtualBox);
    let machine = lay::machine(hypervisor, &name, None, &source);
    let product = properties
        .iter()
        .find(|(name, _)| name == "/VirtualBox/GuestInfo/OS/Product");
    machine.os = product.and_then(|(_, value)| os_of(value)).or(machine.os);
    for nic in &mut machine.nics {
        lay::forget_addresses(nic, "guest properties");
    }
    for card in cards.into_values().filter(|card| !card.down) {
        let (Some(mac), Some(address)) = (card.mac, card.address) else {
            continue;
        };
        if let Some(nic) = lay::nic_of_mac(machine, mac) {
            lay::address(nic, address, card.prefix, "guest properties");
        }
    }
    // Cards that only the guest told count from 1, as VirtualBox does.
    if machine.nics.first().is_some_and(|nic| nic.slot == 0) {
        for nic in &mut machine.nics {
            nic.slot = nic.slot.saturating_add(1);
        }
    }
}

/// Names and values of guest properties.
pub fn parse_guest_properties(output: &str) -> Vec<(String, String)> {
    output
        .lines()
        .filter_map(|line| {
            if let Some(rest) = line.strip_prefix("Name: ") {
                let (name, rest) = rest.split_once(", value: ")?;
                let value = rest.split_once(", timestamp: ").map_or(rest, |(value, _)| value);
                return Some((name.trim().to_owned(), value.trim().to_owned()));
            }
            let (name, rest) = line.split_once(" = '").or_else(|| line.split_once("= '"))?;
            let value = rest.rsplit_once("' ").map_or(rest, |(value, _)| value);
            let value = value.trim_end().trim_end_matches('\'');
            name.starts_with('/')
                .then(|| (name.trim().to_owned(), value.to_owned()))
        })
        .take(lay::MAX_ROWS)
        .collect()
}

/// A line of guest properties, recognized without the command.
pub fn guest_property_line(line: &str) -> bool {
    (line.starts_with("/VirtualBox/") && line.contains("= '"))
        || (line.starts_with("Name: /VirtualBox/") && line.contains(", value: "))
}

/// The machine that a command names: the word after `showvminfo`, `enumerate` or `get`.
pub fn machine_of(case: &Case, command: &str, macs: &[Mac]) -> String {
    let call = command::call(command);
    let at = match call.word(0).as_str() {
        "showvminfo" => 1,
        "guestproperty" => 2,
        _ => return lay::subject(case, HypervisorId::VirtualBox, macs).unwrap_or_default(),
    };
    match call.words().nth(at) {
        Some(name) => name.trim_matches(['{', '}']).to_owned(),
        None => lay::subject(case, HypervisorId::VirtualBox, macs).unwrap_or_default(),
    }
}

/// `VBoxManage guestproperty get MACHINE /VirtualBox/GuestInfo/Net/N/V4/IP`.
pub fn guest_property(output: &str, case: &mut Case, _on: Place, command: &str) {
    let Some(rest) = answer(output, case, command) else {
        return;
    };
    let call = command::call(command);
    let value = rest.lines().find_map(|line| line.trim().strip_prefix("Value:"));
    let property = call.words().nth(3).unwrap_or_default();
    let Some(value) = value else {
        merge::unread(
            case,
            &format!("guest property {property}"),
            "the guest tells none",
            "",
        );
        return;
    };
    let Some(address) = lay::some_address(value).filter(|_| property.ends_with("/V4/IP")) else {
        return;
    };
    let index: Option<usize> = property
        .strip_prefix("/VirtualBox/GuestInfo/Net/")
        .and_then(|rest| rest.split('/').next()?.parse().ok());
    let name = machine_of(case, command, &[]);
    let source = text::source(command);
    let hypervisor = case.hypervisor_mut(HypervisorId::VirtualBox);
    let networks = hypervisor.networks.rows().to_vec();
    let machine = lay::machine(hypervisor, &name, None, &source);
    let on_segment = machine.nics.iter().position(|nic| {
        let network = networks
            .iter()
            .find(|network| Some(network.name.as_str()) == nic.network.as_deref());
        match network.and_then(|network| network.segment) {
            Some(segment) => segment.contains(&address),
            // VirtualBox's NAT gives the card in slot n the network 10.0.(n+1).0/24.
            None => {
                nic.mode == Mode::Nat
                    && matches!(address, IpAddr::V4(v4)
                        if v4.octets()[..2] == [10, 0] && u32::from(v4.octets()[2]) == nic.slot.saturating_add(1))
            }
        }
    });
    let at = on_segment.or(index.filter(|at| *at < machine.nics.len()));
    let nic = match at {
        Some(at) => machine.nics.get_mut(at),
        None => {
            let slot = index.map_or(1, |index| u32::try_from(index).unwrap_or(0).saturating_add(1));
            lay::nic_in_slot(machine, slot)
        }
    };
    if let Some(nic) = nic {
        lay::address(nic, address, None, "guest properties");
    }
}

/// `/etc/vbox/networks.conf`: the ranges that host-only adapters may have.
pub fn networks_conf(output: &str, case: &mut Case, _on: Place, _command: &str) {
    let ranges: Vec<String> = output
        .lines()
        .filter_map(|line| line.trim().strip_prefix('*'))
        .flat_map(str::split_whitespace)
        .filter_map(text::net)
        .take(256)
        .map(|net| net.to_string())
        .collect();
    let hypervisor = case.hypervisor_mut(HypervisorId::VirtualBox);
    hypervisor
        .settings
        .insert("host-only-ranges".to_owned(), ranges.join(" "));
}
