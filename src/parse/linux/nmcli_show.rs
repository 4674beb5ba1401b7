//! What NetworkManager tells of its devices and connections: `nmcli`, `nmcli device show`, `nmcli connection show`.
//!
//! The names of fields and the figures of states are never translated; the words of states are (see `nmcli`).

use std::net::IpAddr;

use ipnet::IpNet;

use super::nmcli::{kind_of, named_kind, state_of};
use crate::model::{Adapter, AdapterKind, CardSettings, Case, Fact, Place, Route, System, is_link_local};
use crate::parse::command::{self, Call};
use crate::parse::merge::{self, Extent, RouteScope};
use crate::parse::text::{self, source};

/// Most routes and name servers that are kept of one output.
const MAX_ROWS: usize = 10_000;

/// Whether the line stands in one of them.
pub fn is_line(line: &str) -> bool {
    field(line).is_some() || device_head(line).is_some() || connection(line).is_some()
}

/// `IP4.ADDRESS[1]:   192.168.122.11/24`, terse `IP4.ADDRESS[1]:192.168.122.11/24`: name and value.
fn field(line: &str) -> Option<(&str, &str)> {
    const ROOMS: [&str; 10] = [
        "GENERAL.",
        "CAPABILITIES.",
        "WIRED-PROPERTIES.",
        "IP4.",
        "IP6.",
        "DHCP4.",
        "DHCP6.",
        "connection.",
        "ipv4.",
        "ipv6.",
    ];
    let (name, value) = line.split_once(':')?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "-.[]".contains(c);
    (ROOMS.iter().any(|room| name.starts_with(room)) && name.chars().all(plain)).then(|| (name, value.trim()))
}

/// `enp1s0: connected to Wired connection 1`, which heads a device in plain `nmcli`: name and state.
fn device_head(line: &str) -> Option<(&str, String)> {
    let (name, rest) = line.split_once(": ")?;
    let (state, behind) = state_of(rest)?;
    if !behind.is_empty() && !behind.starts_with([' ', '（', '(']) {
        return None;
    }
    (!name.is_empty() && !name.contains(char::is_whitespace)).then_some((name, state))
}

/// A row of `nmcli connection show` with the device that it is in force on: a UUID between the name and the kind.
fn connection(line: &str) -> Option<(&str, AdapterKind)> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let [before @ .., uuid, kind, device] = words.as_slice() else {
        return None;
    };
    let dashed = uuid.len() == 36 && uuid.split('-').map(str::len).eq([8, 4, 4, 4, 12]);
    let hex = uuid.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
    if before.is_empty() || !dashed || !hex {
        return None;
    }
    Some((device, kind_of(kind).unwrap_or(AdapterKind::Unknown)))
}

/// One device, while its lines are read.
#[derive(Default)]
struct Device {
    adapter: Adapter,
    addresses: Vec<IpNet>,
    /// Whether its addresses were spoken of.
    told: bool,
    routes: Vec<Route>,
    settings: Option<CardSettings>,
}

impl Device {
    fn named(name: &str) -> Self {
        Self {
            adapter: Adapter::named(name),
            ..Self::default()
        }
    }

    /// Whether nothing can be told from its having no addresses: those of what it does not manage it may not know.
    fn is_silent(&self) -> bool {
        self.addresses.is_empty() && self.adapter.network_manager.as_deref() == Some("unmanaged")
    }

    fn state(&mut self, state: String) {
        if state.starts_with("connected") {
            self.adapter.enabled = Some(true);
        }
        self.adapter.network_manager = Some(state);
    }

    fn hardware(&mut self, kind: &str) {
        if let Some(kind) = kind_of(kind) {
            self.adapter.kind = named_kind(&self.adapter.name, kind);
        }
    }
}

/// Reads whichever of them stand in the text.
pub fn read(text: &str, case: &mut Case, on: Place, command: &str) {
    let call = command::call(command);
    let asked = asked_for(&call);
    let mut devices: Vec<Device> = Vec::new();
    let mut servers: Vec<IpAddr> = Vec::new();
    let mut overview = false;
    for line in text.lines() {
        if let Some((name, value)) = field(line) {
            overview = false;
            take_field(&mut devices, asked.as_deref(), name, value);
        } else if let Some((name, state)) = device_head(line) {
            overview = true;
            let mut device = Device::named(name);
            device.state(state);
            device.told = true;
            devices.push(device);
        } else if let Some((name, kind)) = connection(line) {
            if name != "--" {
                let mut device = Device::named(name);
                device.adapter.kind = named_kind(name, kind);
                devices.push(device);
            }
        } else if overview {
            take_overview(devices.last_mut(), &mut servers, line.trim());
        }
    }
    for server in devices.iter().flat_map(|device| &device.adapter.dns) {
        if !servers.contains(server) && servers.len() < 64 {
            servers.push(*server);
        }
    }
    devices.truncate(MAX_ROWS);
    let Some(system) = case.system_mut(on) else { return };
    lay(system, &mut devices, command);
    let ours = !system.dns.is_known() || system.dns.source().starts_with("nmcli");
    if !servers.is_empty() && ours {
        servers.truncate(64);
        merge::name_servers(system, servers, command);
    }
    // Older releases leave out the rows that follow from addresses and gateways: a table without them is not the table.
    let covers = |device: &Device| {
        let nets = device.addresses.iter().filter(|net| net.addr().is_ipv4());
        let mut wide = nets.filter(|net| net.prefix_len() < 32);
        let has_row = |net: &IpNet| device.routes.iter().any(|route| route.destination == net.trunc());
        // The rows of the loopback adapter stand in another table.
        device.adapter.kind == AdapterKind::Loopback || !device.is_silent() && wide.all(has_row)
    };
    let mut routes: Vec<Route> = Vec::new();
    let listed = asked.is_none() && !devices.is_empty() && devices.iter().all(covers);
    for device in &mut devices {
        routes.append(&mut device.routes);
    }
    routes.truncate(MAX_ROWS);
    if listed && !routes.is_empty() && !call.filtered() {
        let has = |v4: bool| {
            routes
                .iter()
                .any(|route| route.destination.addr().is_ipv4() == v4)
        };
        let scope = RouteScope {
            v4: has(true),
            v6: has(false),
            table: Some(crate::model::TABLE_MAIN),
            extent: Extent::Whole,
        };
        merge::routes(case, on, routes, scope, command);
    }
}

/// The device or connection that the command names.
fn asked_for(call: &Call) -> Option<String> {
    const VALUED: [&str; 12] = [
        "-f",
        "-g",
        "-m",
        "-c",
        "-w",
        "-e",
        "--fields",
        "--get-values",
        "--mode",
        "--colors",
        "--wait",
        "--escape",
    ];
    // `device show NAME`
    let mut words = call.operands(|option| VALUED.contains(&option));
    words.nth(2).map(str::to_owned)
}

fn take_field(devices: &mut Vec<Device>, asked: Option<&str>, name: &str, value: &str) {
    // Terse output escapes the colons of a hardware address.
    let value = &value.replace("\\:", ":");
    let value = if value == "--" { "" } else { value.as_str() };
    if name == "GENERAL.DEVICE" {
        devices.push(Device::named(value));
        return;
    }
    if name == "connection.id" {
        let mut device = Device::named("");
        device.settings = Some(CardSettings {
            holder: format!("NetworkManager {value}"),
            ..CardSettings::default()
        });
        devices.push(device);
        return;
    }
    if devices.is_empty() {
        let Some(asked) = asked else { return };
        devices.push(Device::named(asked));
    }
    let Some(device) = devices.last_mut() else { return };
    let (field, _) = name.split_once('[').unwrap_or((name, ""));
    let adapter = &mut device.adapter;
    match field {
        "connection.interface-name" | "GENERAL.DEVICES" if !value.is_empty() => {
            value.clone_into(&mut adapter.name)
        }
        "GENERAL.TYPE" => device.hardware(value),
        "GENERAL.HWADDR" => adapter.mac = text::mac(value),
        "GENERAL.MTU" => adapter.mtu = value.parse().ok(),
        "GENERAL.STATE" => match state_by_number(value) {
            Some(state) => device.state(state.to_owned()),
            None => {
                // Of a connection: that it has a state says that it is in force.
                if let Some(settings) = &mut device.settings {
                    settings.active = Some(true);
                }
            }
        },
        "WIRED-PROPERTIES.CARRIER" => {
            adapter.carrier = match value {
                "on" | "开" | "开启" | "ein" | "an" => Some(true),
                "off" | "关" | "关闭" | "aus" => Some(false),
                _ => None,
            };
        }
        "IP4.ADDRESS" | "IP6.ADDRESS" => {
            device.told = true;
            device.addresses.extend(text::net(value));
        }
        "IP4.GATEWAY" | "IP6.GATEWAY" => {
            device.told |= field == "IP4.GATEWAY";
            adapter.gateways.extend(text::address(value));
        }
        "IP4.DNS" | "IP6.DNS" => adapter.dns.extend(text::address(value)),
        "IP4.ROUTE" | "IP6.ROUTE" => device.routes.extend(route(value, &adapter.name)),
        "DHCP4.OPTION" => {
            adapter.dhcp = Some(true);
            if let Some(server) = value.strip_prefix("dhcp_server_identifier = ") {
                adapter.dhcp_server = text::address(server);
            }
        }
        _ => {
            if let Some(settings) = &mut device.settings {
                take_setting(settings, field, value);
            }
        }
    }
}

fn take_setting(settings: &mut CardSettings, field: &str, value: &str) {
    match field {
        "ipv4.method" => {
            settings.dhcp = match value {
                "auto" => Some(true),
                "manual" | "disabled" | "link-local" | "shared" => Some(false),
                _ => None,
            };
        }
        "ipv4.addresses" => settings.addresses = value.split(',').filter_map(text::net).take(64).collect(),
        "ipv4.gateway" => settings.gateways = text::address(value).into_iter().collect(),
        _ => {}
    }
}

/// The figure that stands before a state's words (NMDeviceState of NetworkManager's interface).
fn state_by_number(value: &str) -> Option<&'static str> {
    let end = value.find(|c: char| !c.is_ascii_digit()).unwrap_or(value.len());
    let external = value.contains("extern") || value.contains("外部");
    Some(match value.get(..end)?.parse::<u32>().ok()? {
        10 => "unmanaged",
        20 => "unavailable",
        30 | 120 => "disconnected",
        40..=90 => "connecting",
        100 if external => "connected (externally)",
        100 => "connected",
        110 => "deactivating",
        _ => return None,
    })
}

/// `dst = 192.168.122.0/24, nh = 0.0.0.0, mt = 100`; rows of other tables name them.
fn route(value: &str, adapter: &str) -> Option<Route> {
    let part = |key: &str| {
        value
            .split(", ")
            .find_map(|part| part.trim().strip_prefix(key))
            .map(|rest| rest.trim_start_matches([' ', '=']))
    };
    if part("table").is_some_and(|table| table != "254") {
        return None;
    }
    Some(Route {
        via: part("nh")
            .and_then(text::address)
            .filter(|via| !via.is_unspecified()),
        metric: part("mt").and_then(|metric| metric.parse().ok()),
        ..Route::on_link(part("dst").and_then(text::net)?, adapter)
    })
}

/// A line below the head of a device in plain `nmcli`, or of its list of name servers.
fn take_overview(device: Option<&mut Device>, servers: &mut Vec<IpAddr>, line: &str) {
    if let Some(rest) = line.strip_prefix("servers: ") {
        servers.extend(rest.split_whitespace().filter_map(text::address).take(64));
        return;
    }
    let Some(device) = device else { return };
    let mut words = line.split_whitespace();
    let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    match first {
        "inet4" | "inet6" => device.addresses.extend(text::net(second)),
        "route4" | "route6" => {
            let words: Vec<&str> = line.split_whitespace().collect();
            let everything = if first == "route4" { "0.0.0.0/0" } else { "::/0" };
            let destination = if second == "default" { everything } else { second };
            if let Some(destination) = text::net(destination) {
                let via = text::after(&words, "via").and_then(text::address);
                device
                    .adapter
                    .gateways
                    .extend(via.filter(|_| destination.prefix_len() == 0));
                device.routes.push(Route {
                    via,
                    metric: text::after(&words, "metric").and_then(|metric| metric.parse().ok()),
                    ..Route::on_link(destination, device.adapter.name.as_str())
                });
            }
        }
        // `ethernet (virtio_net), 52:54:00:AA:BB:01, hw, mtu 1500`
        _ if line.contains(", mtu ") => {
            device.hardware(first.trim_end_matches(','));
            device.adapter.mac = line.split(", ").find_map(text::mac);
            device.adapter.mtu = line
                .split_once(", mtu ")
                .and_then(|(_, rest)| rest.split([',', ' ']).next())
                .and_then(|mtu| mtu.parse().ok());
        }
        _ => {}
    }
}

/// Lays the devices over what is known.
fn lay(system: &mut System, devices: &mut [Device], command: &str) {
    let mut found = Vec::new();
    let mut settings = Vec::new();
    for device in devices {
        let silent = device.is_silent();
        let adapter = &mut device.adapter;
        if let Some(mut own) = device.settings.take() {
            own.adapter = Some(adapter.name.clone()).filter(|name| !name.is_empty());
            settings.push(own);
        }
        if adapter.name.is_empty() || adapter.name == "--" {
            continue;
        }
        if device.told && !silent {
            let list = adapter.addresses.get_or_insert_with(Vec::new);
            for net in &device.addresses {
                let address = merge::add_address(list, *net);
                if is_link_local(net.addr()) {
                    address.origin = crate::model::AddressOrigin::LinkLocal;
                }
            }
        }
        if adapter.kind == AdapterKind::Unknown {
            adapter.kind = merge::kind_by_name(&adapter.name, None);
        }
        found.push(adapter.clone());
    }
    merge::adapters(system, found, Extent::Part, command);
    if settings.is_empty() {
        return;
    }
    let rows = system.settings.fill("");
    for own in settings {
        rows.retain(|row| row.holder != own.holder);
        rows.push(own);
    }
    if let Fact::Known(_, told) = &mut system.settings {
        *told = source(command);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_in(command: &str, text: &str) -> Case {
        let mut case = Case::default();
        read(text, &mut case, Place::Guest, command);
        case
    }

    /// After published outputs in English and Chinese.
    #[test]
    fn device_show_tells_addresses_routes_and_name_servers() {
        for (state, carrier) in [("100 (connected)", "on"), ("100（已连接）", "开")] {
            let text = format!(
                "GENERAL.DEVICE:                         ens160\nGENERAL.TYPE:                           ethernet\nGENERAL.HWADDR:                         00:0C:29:14:E9:70\nGENERAL.MTU:                            1500\nGENERAL.STATE:                          {state}\nGENERAL.CONNECTION:                     ens160\nWIRED-PROPERTIES.CARRIER:               {carrier}\nIP4.ADDRESS[1]:                         192.168.101.109/24\nIP4.GATEWAY:                            192.168.101.2\nIP4.ROUTE[1]:                           dst = 0.0.0.0/0, nh = 192.168.101.2, mt = 100\nIP4.ROUTE[2]:                           dst = 192.168.101.0/24, nh = 0.0.0.0, mt = 100\nIP4.DNS[1]:                             192.168.101.2\nIP6.GATEWAY:                            --\n"
            );
            let case = read_in("nmcli device show", &text);
            let adapter = case.guest.adapter("ens160").expect("the adapter");
            assert_eq!(adapter.network_manager.as_deref(), Some("connected"));
            assert_eq!(adapter.carrier, Some(true));
            assert_eq!(
                adapter.nets().map(|net| net.to_string()).collect::<Vec<_>>(),
                ["192.168.101.109/24"]
            );
            assert_eq!(case.guest.default_routes().len(), 1);
            assert_eq!(case.guest.routes.rows().len(), 2);
            assert_eq!(case.guest.dns.rows().len(), 1);
            assert!(case.probes.is_empty());
        }
    }

    /// Older releases list only what was added by hand: that is no table (after a published output).
    #[test]
    fn a_table_without_the_usual_rows_is_none() {
        let text = "GENERAL.DEVICE:  eth0\nGENERAL.STATE:  100 (connected)\nIP4.ADDRESS[1]:  192.168.0.29/24\nIP4.GATEWAY:  192.168.0.1\nIP4.ROUTE[1]:  dst = 169.254.0.0/16, nh = 0.0.0.0, mt = 1000\n";
        let case = read_in("nmcli device show", text);
        assert!(!case.guest.routes.is_known());
        assert_eq!(
            case.guest.adapter("eth0").map(|adapter| adapter.gateways.len()),
            Some(1)
        );
    }

    /// Reconstructed after the print statements of nmcli 1.42.
    #[test]
    fn the_overview_tells_the_same() {
        let text = "enp1s0: connected to Wired connection 1\n        \"Red Hat Virtio 1.0\"\n        ethernet (virtio_net), 52:54:00:AA:BB:01, hw, mtu 1500\n        ip4 default\n        inet4 192.168.122.11/24\n        route4 default via 192.168.122.1 metric 100\n        route4 192.168.122.0/24 metric 100\n\nlo: unmanaged\n        \"lo\"\n        loopback (unknown), 00:00:00:00:00:00, sw, mtu 65536\n\nDNS configuration:\n        servers: 192.168.122.1\n        interface: enp1s0\n\nUse \"nmcli device show\" to get complete information about known devices and\n\"nmcli connection show\" to get an overview on active connection profiles.\n";
        let case = read_in("nmcli", text);
        let adapter = case.guest.adapter("enp1s0").expect("the adapter");
        assert_eq!(adapter.mtu, Some(1500));
        assert_eq!(adapter.nets().count(), 1);
        assert_eq!(case.guest.default_routes().len(), 1);
        assert_eq!(case.guest.dns.rows().len(), 1);
        assert_eq!(
            case.guest
                .adapter("lo")
                .map(|adapter| adapter.addresses.is_none()),
            Some(true)
        );
    }

    /// The list after a published output, the profile reconstructed after nmcli's manual.
    #[test]
    fn connections_tell_their_devices_and_settings() {
        let text = "NAME      UUID                                  TYPE      DEVICE  \n有线连接  b19d0454-ba52-3062-80e4-9d7e33703792  ethernet  enp0s3  \nold       d9ae1b8c-64cb-4ae1-bf62-fb17c8d3af37  bridge    -- \n";
        let case = read_in("nmcli connection show", text);
        assert_eq!(case.guest.adapters.rows().len(), 1);
        let text = "connection.id:                          wired\nconnection.interface-name:              enp0s3\nipv4.method:                            manual\nipv4.addresses:                         192.168.1.53/24\nipv4.gateway:                           192.168.1.1\n";
        let case = read_in("nmcli connection show wired", text);
        let row = &case.guest.settings.rows()[0];
        assert_eq!((row.dhcp, row.adapter.as_deref()), (Some(false), Some("enp0s3")));
        assert_eq!((row.addresses.len(), row.gateways.len()), (1, 1));
    }
}
