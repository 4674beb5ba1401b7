//! `netsh interface ip show config` and its like, `… ipv4 show interfaces`, `… ipv4 show route`, in any language: by the
//! shape of the values and their order, which are the same everywhere.

use std::net::IpAddr;

use ipnet::IpNet;

use super::ipconfig::yes_no;
use crate::model::{Adapter, AddressOrigin, Case, Place, Route, is_link_local};
use crate::parse::command::Call;
use crate::parse::merge::{self, Extent, RouteScope};
use crate::parse::text;

fn shows(call: &Call, what: &[&str]) -> bool {
    let words: Vec<String> = call.words().map(str::to_ascii_lowercase).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        [
            "interface" | "int",
            "ip" | "ipv4" | "ipv6",
            "show" | "sh",
            asked,
            ..,
        ] => what.contains(asked),
        _ => false,
    }
}

/// Whether the call asks for addresses and name servers.
pub fn is_config(call: &Call) -> bool {
    call.is(&["netsh"])
        && shows(
            call,
            &[
                "config",
                "address",
                "addresses",
                "dns",
                "dnsserver",
                "dnsservers",
                "ipaddress",
                "ipaddresses",
            ],
        )
}

/// Whether the call asks for the list of interfaces.
pub fn is_interfaces(call: &Call) -> bool {
    call.is(&["netsh"])
        && shows(
            call,
            &["interface", "interfaces", "subinterface", "subinterfaces"],
        )
}

/// Whether the call asks for the routes.
pub fn is_routes(call: &Call) -> bool {
    call.is(&["netsh"]) && shows(call, &["route", "routes"])
}

/// `Configuration for interface "Ethernet"`, `接口 "以太网" 的配置`, `Konfiguration der Schnittstelle "Ethernet"`.
fn config_head(line: &str) -> Option<&str> {
    const WORDS: [&str; 4] = [
        "Configuration for interface",
        "的配置",
        "Konfiguration der Schnittstelle",
        "接口 ",
    ];
    if line.starts_with(char::is_whitespace) || !WORDS.iter().any(|word| line.contains(word)) {
        return None;
    }
    let (_, rest) = line.split_once('"')?;
    let (name, _) = rest.rsplit_once('"')?;
    (!name.is_empty()).then_some(name)
}

/// Whether the line heads a configuration.
pub fn is_config_line(line: &str) -> bool {
    config_head(line).is_some()
}

/// An address that is known to be one of the adapter only when its prefix follows; else it is its gateway.
fn settle(adapter: &mut Adapter, waiting: &mut Option<IpAddr>) {
    adapter.gateways.extend(waiting.take());
}

/// Reads `netsh interface ip show config`, `… show addresses` and `… show dnsservers`.
pub fn config(text: &str, case: &mut Case, on: Place, command: &str) {
    let mut found: Vec<Adapter> = Vec::new();
    let mut waiting: Option<IpAddr> = None;
    let (mut servers, mut addressed) = (false, false);
    for line in text.lines() {
        if let Some(name) = config_head(line) {
            if let Some(adapter) = found.last_mut() {
                settle(adapter, &mut waiting);
            }
            let mut adapter = Adapter::named(name);
            adapter.kind = merge::kind_by_name(name, None);
            found.push(adapter);
            servers = false;
            continue;
        }
        let Some(adapter) = found.last_mut() else { continue };
        let Some((label, value)) = text::key_value(line) else {
            // A further entry of a list.
            if servers {
                adapter.dns.extend(text::address(line));
            }
            continue;
        };
        // Names of protocols are in no language's words.
        servers = label.contains("DNS");
        if servers {
            adapter.dns.extend(text::address(value));
        } else if label.contains("WINS") {
            settle(adapter, &mut waiting);
        } else if label.contains("DHCP") {
            adapter.dhcp = yes_no(value).or(adapter.dhcp);
            // Without one it prints none, and this line all the same.
            adapter.addresses.get_or_insert_with(Vec::new);
            addressed = true;
        } else if let Some(net) = value
            .split([' ', '('])
            .next()
            .filter(|word| word.contains('/'))
            .and_then(text::net)
        {
            let Some(address) = waiting.take() else { continue };
            let net = IpNet::new(address, net.prefix_len()).unwrap_or_else(|_| IpNet::from(address));
            let origin = match adapter.dhcp {
                _ if is_link_local(address) => AddressOrigin::LinkLocal,
                Some(true) => AddressOrigin::Dhcp,
                Some(false) => AddressOrigin::Static,
                None => AddressOrigin::Unknown,
            };
            merge::add_address(adapter.addresses.get_or_insert_with(Vec::new), net).origin = origin;
        } else {
            settle(adapter, &mut waiting);
            waiting = text::address(value);
        }
    }
    if let Some(adapter) = found.last_mut() {
        settle(adapter, &mut waiting);
    }
    let Some(system) = case.system_mut(on) else { return };
    if addressed {
        merge::keep_v6(system.adapters.rows(), &mut found);
    }
    merge::adapters(system, found, Extent::Part, command);
}

/// ` 24          25        1500  connected     Ethernet`: three figures, a state, and the name.
fn interface_row(line: &str) -> Option<Adapter> {
    let mut words = line.split_whitespace();
    let index: u32 = words.next()?.parse().ok()?;
    let _metric: u32 = words.next()?.parse().ok()?;
    let mtu: u32 = words.next()?.parse().ok()?;
    let state = words.next()?;
    let (_, rest) = line.split_once(state)?;
    // A state of several words ends where two blanks stand.
    let (state, name) = match rest.strip_prefix("  ") {
        Some(name) => (state.to_owned(), name.trim()),
        None => {
            let (more, name) = rest.trim_start().split_once("  ")?;
            (format!("{state} {more}"), name.trim())
        }
    };
    let known = super::interfaces::WIRE
        .iter()
        .find(|(word, _)| word.eq_ignore_ascii_case(&state));
    if name.is_empty() || state.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let mut adapter = Adapter::named(name);
    adapter.index = Some(index);
    adapter.kind = merge::kind_by_name(name, None);
    adapter.mtu = Some(mtu).filter(|mtu| *mtu != u32::MAX);
    adapter.carrier = known.map(|(_, on)| *on);
    Some(adapter)
}

/// Whether the line is a row of `netsh interface ipv4 show interfaces`; its heading has three names that are not translated.
pub fn is_interface_line(line: &str) -> bool {
    let wired = |line: &str| interface_row(line).is_some_and(|adapter| adapter.carrier.is_some());
    line.trim_start().starts_with("Idx ") && line.contains(" MTU ") || wired(line)
}

/// Reads `netsh interface ipv4 show interfaces`.
pub fn interfaces(text: &str, case: &mut Case, on: Place, command: &str) {
    let found = text.lines().filter_map(interface_row).collect();
    if let Some(system) = case.system_mut(on) {
        merge::adapters(system, found, Extent::Part, command);
    }
}

struct Row<'a> {
    destination: IpNet,
    metric: u32,
    index: u32,
    /// An address, or the name of the adapter.
    behind: &'a str,
}

/// `No       Manual    256  0.0.0.0/0                  11  192.168.1.1`: words, a figure, a net, the index, and the router or
/// the adapter's name.
fn route_row(line: &str) -> Option<Row<'_>> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let at = words
        .iter()
        .position(|word| word.contains('/') && text::net(word).is_some())?;
    let destination = text::net(words.get(at)?)?;
    let metric = words.get(at.checked_sub(1)?)?.parse().ok()?;
    let index = words.get(at + 1)?.parse().ok()?;
    let (_, rest) = line.split_once(words.get(at)?)?;
    let (_, behind) = rest.trim_start().split_once(char::is_whitespace)?;
    (at >= 2 && !behind.trim().is_empty()).then(|| Row {
        destination,
        metric,
        index,
        behind: behind.trim(),
    })
}

/// Whether the line is a row of `netsh interface ipv4 show route`.
pub fn is_route_line(line: &str) -> bool {
    route_row(line).is_some()
}

/// Reads `netsh interface ipv4 show route`.
pub fn routes(text: &str, case: &mut Case, on: Place, command: &str) {
    let rows: Vec<Row<'_>> = text.lines().filter_map(route_row).collect();
    // What leads to no router names its adapter.
    let mut names: std::collections::BTreeMap<u32, &str> = std::collections::BTreeMap::new();
    for row in &rows {
        if text::address(row.behind).is_none() {
            names.insert(row.index, row.behind);
        }
    }
    let found: Vec<Route> = rows
        .iter()
        .map(|row| {
            let adapter = names.get(&row.index).map_or_else(
                || merge::by_index(u64::from(row.index)),
                |name| (*name).to_owned(),
            );
            Route {
                via: text::address(row.behind),
                metric: Some(row.metric),
                ..Route::on_link(row.destination, adapter)
            }
        })
        .collect();
    if found.is_empty() {
        return;
    }
    // Windows adds the metric of the adapter, which is not told here: which of two ways out wins is not known.
    let mut ways = std::collections::BTreeMap::new();
    let is_open = rows
        .iter()
        .any(|row| *ways.entry(row.destination).or_insert(row.index) != row.index);
    let has = |v4: bool| found.iter().any(|route| route.destination.addr().is_ipv4() == v4);
    let scope = RouteScope {
        v4: has(true),
        v6: has(false),
        table: None,
        extent: if is_open {
            Extent::Part
        } else {
            Extent::of(command)
        },
    };
    merge::routes(case, on, found, scope, command);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The Chinese text after a published output, the others after Microsoft's words.
    #[test]
    fn the_configuration_is_read_by_its_shape() {
        for text in [
            "\nConfiguration for interface \"Ethernet\"\n    DHCP enabled:                         Yes\n    IP Address:                           172.17.15.217\n    Subnet Prefix:                        172.17.15.0/24 (mask 255.255.255.0)\n    Default Gateway:                      172.17.15.12\n    Gateway Metric:                       0\n    InterfaceMetric:                      35\n    DNS servers configured through DHCP:  61.139.2.69\n                                          218.6.200.139\n    Register with which suffix:           Primary only\n    WINS servers configured through DHCP: 10.0.0.7\n",
            "\n接口 \"Ethernet\" 的配置\n    DHCP 已启用:                          是\n    IP 地址:                           172.17.15.217\n    子网前缀:                        172.17.15.0/24 (掩码 255.255.255.0)\n    默认网关:                         172.17.15.12\n    网关跃点数:                       0\n    InterfaceMetric:                      35\n    通过 DHCP 配置的 DNS 服务器:      61.139.2.69\n                                          218.6.200.139\n    用哪个前缀注册:                   只是主要\n    通过 DHCP 配置的 WINS 服务器:     无\n",
            "\nKonfiguration der Schnittstelle \"Ethernet\"\n    DHCP aktiviert:                       Ja\n    IP-Adresse:                           172.17.15.217\n    Subnetzpräfix:                        172.17.15.0/24 (Maske 255.255.255.0)\n    Standardgateway:                      172.17.15.12\n    Gatewaymetrik:                        0\n    Schnittstellenmetrik:                 35\n    Über DHCP konfigurierte DNS-Server:   61.139.2.69\n                                          218.6.200.139\n    Mit welchem Suffix registriert:       Nur primär\n    Statisch konfigurierte WINS-Server:   Keine\n",
        ] {
            let mut case = Case::default();
            config(text, &mut case, Place::Guest, "netsh interface ip show config");
            let adapter = case.guest.adapter("Ethernet").expect("the adapter");
            let nets: Vec<String> = adapter.nets().map(|net| net.to_string()).collect();
            assert_eq!(nets, ["172.17.15.217/24"], "{text}");
            assert_eq!(adapter.gateways, [IpAddr::from([172, 17, 15, 12])], "{text}");
            assert_eq!(adapter.dns.len(), 2, "{text}");
            assert_eq!(adapter.dhcp, Some(true), "{text}");
        }
    }

    /// Reconstructed after Microsoft's description of the commands.
    #[test]
    fn interfaces_and_routes_are_rows_of_figures() {
        let mut case = Case::default();
        let text = "\nIdx     Met         MTU          State                Name\n---  ----------  ----------  ------------  ---------------------------\n  1          75  4294967295  connected     Loopback Pseudo-Interface 1\n 11          25        1500  connected     Ethernet 2\n 12          25        1500  disconnected  WLAN\n";
        interfaces(
            text,
            &mut case,
            Place::Guest,
            "netsh interface ipv4 show interfaces",
        );
        assert_eq!(case.guest.adapters.rows().len(), 3);
        assert_eq!(
            case.guest.adapter("Ethernet 2").and_then(|adapter| adapter.index),
            Some(11)
        );
        assert_eq!(
            case.guest.adapter("WLAN").and_then(|adapter| adapter.carrier),
            Some(false)
        );
        let text = "\nPublish  Type      Met  Prefix                    Idx  Gateway/Interface Name\n-------  --------  ---  ------------------------  ---  ------------------------\nNo       Manual    0    0.0.0.0/0                  11  192.168.1.1\nNo       System    256  192.168.1.0/24             11  Ethernet 2\n";
        routes(text, &mut case, Place::Guest, "netsh interface ipv4 show route");
        assert_eq!(case.guest.default_routes().len(), 1);
        assert_eq!(case.guest.routes.rows()[0].adapter.as_deref(), Some("Ethernet 2"));
    }
}
