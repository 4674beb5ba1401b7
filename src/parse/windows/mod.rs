//! What Windows prints.

mod arp;
mod bindings;
mod firewall;
mod hyperv_firewall;
mod interfaces;
mod ipconfig;
mod netsh_ip;
mod netsh_rules;
mod other_firewall;
mod powershell;
mod powershell_ports;
mod registry;
mod route_print;
mod services;
mod sharing;

use super::command::Call;
use super::formats::Format;
use super::unix::proxies::is_internet_settings;
use super::whole;
use crate::model::Os::Windows;

/// The formats of this folder; a new one is one row here.
pub const FORMATS: &[Format] = &[
    Format::new("addresses", is_ipconfig, ipconfig::read)
        .whole(whole::ipconfig)
        .rows(whole::ipconfig_rows)
        .line(ipconfig::is_line)
        .os(Windows),
    Format::new("addresses", netsh_ip::is_config, netsh_ip::config)
        .line(netsh_ip::is_config_line)
        .os(Windows),
    Format::new("adapter settings", netsh_ip::is_interfaces, netsh_ip::interfaces)
        .line(netsh_ip::is_interface_line)
        .os(Windows),
    Format::new("routing table", netsh_ip::is_routes, netsh_ip::routes)
        .line(netsh_ip::is_route_line)
        .os(Windows),
    Format::new("firewall rules", netsh_rules::is_call, netsh_rules::read)
        .line(netsh_rules::is_line)
        .os(Windows),
    Format::new("adapters", interfaces::is_call, interfaces::read)
        .line(interfaces::is_line)
        .os(Windows),
    Format::new("routing table", is_route_print, route_print::read)
        .whole(whole::route_print)
        .line(route_print::is_line)
        .os(Windows),
    Format::new(
        "neighbor table",
        |call| call.is(&["arp"]) && windows_arp(call) || arp::is_netsh(call),
        arp::read,
    )
    .whole(whole::arp)
    .line(arp::is_line)
    .os(Windows),
    Format::new("firewall profiles", firewall::is_profiles, firewall::profiles)
        .whole(|text| text.lines().any(firewall::is_profile_line))
        .line(firewall::is_profile_line)
        .os(Windows),
    Format::new("port proxies", firewall::is_proxies, firewall::proxies)
        .line(firewall::is_proxy_line)
        .silence_speaks()
        .os(Windows),
    Format::new("services", |call| call.is(&["sc"]), services::sc)
        .whole(whole::service)
        .line(services::is_sc_line)
        .hears_errors()
        .os(Windows),
    Format::new(
        "services",
        |call| call.is(&["get-service", "gsv"]),
        services::get_service,
    )
    .whole(whole::powershell)
    .line(services::is_get_service_line)
    .json(&[
        &["Name", "DisplayName", "Status"],
        &["Name", "Status", "StartType"],
    ])
    .os(Windows),
    Format::new(
        "adapters",
        |call| call.is(&["get-netadapter"]),
        powershell::adapters,
    )
    .whole(whole::powershell)
    .line(|line| powershell::heads(line, &["Name", "InterfaceDescription", "ifIndex", "Status"]))
    .json(&[
        &["Name", "InterfaceDescription", "MacAddress"],
        &["Name", "InterfaceDescription", "ifIndex"],
    ])
    .os(Windows),
    Format::new(
        "bound drivers",
        |call| call.is(&["get-netadapterbinding"]),
        bindings::read,
    )
    .whole(whole::powershell)
    .line(|line| powershell::heads(line, &["Name", "DisplayName", "ComponentID", "Enabled"]))
    .json(&[&["Name", "ComponentID", "Enabled"]])
    .os(Windows),
    Format::new(
        "addresses",
        |call| call.is(&["get-netipaddress"]),
        powershell::addresses,
    )
    .whole(whole::powershell)
    .line(|line| line.starts_with("IPAddress  ") && line.contains(" : "))
    .json(&[&["IPAddress", "PrefixLength"]])
    .os(Windows),
    Format::new(
        "adapter settings",
        |call| call.is(&["get-netipinterface"]),
        powershell::interfaces,
    )
    .whole(whole::powershell)
    .line(|line| powershell::heads(line, &["ifIndex", "InterfaceAlias", "AddressFamily", "Dhcp"]))
    .json(&[
        &["InterfaceAlias", "AddressFamily", "Dhcp"],
        &["InterfaceAlias", "InterfaceMetric", "Forwarding"],
    ])
    .os(Windows),
    Format::new(
        "routing table",
        |call| call.is(&["get-netroute"]),
        powershell::routes,
    )
    .whole(whole::powershell)
    .line(|line| powershell::heads(line, &["ifIndex", "DestinationPrefix", "NextHop"]))
    .json(&[&["DestinationPrefix", "NextHop"]])
    .os(Windows),
    Format::new(
        "neighbor table",
        |call| call.is(&["get-netneighbor"]),
        powershell::neighbors,
    )
    .whole(whole::powershell)
    .line(|line| powershell::heads(line, &["IPAddress", "LinkLayerAddress", "State"]))
    .json(&[&["IPAddress", "LinkLayerAddress"]])
    .os(Windows),
    Format::new(
        "network profiles",
        |call| call.is(&["get-netconnectionprofile"]),
        powershell::connection_profiles,
    )
    .whole(whole::powershell)
    .line(|line| line.starts_with("NetworkCategory ") && line.contains(" : "))
    .json(&[&["InterfaceAlias", "NetworkCategory"]])
    .os(Windows),
    Format::new(
        "Hyper-V firewall",
        |call| call.is(&["get-netfirewallhypervvmsetting"]),
        hyperv_firewall::settings,
    )
    .whole(whole::powershell)
    .line(|line| line.starts_with("AllowHostPolicyMerge ") && line.contains(" : "))
    .json(&[&["DefaultInboundAction", "AllowHostPolicyMerge"]])
    .os(Windows),
    Format::new(
        "rules of the Hyper-V firewall",
        |call| call.is(&["get-netfirewallhypervrule"]),
        hyperv_firewall::rules,
    )
    .whole(whole::powershell)
    .line(|line| line.starts_with("VMCreatorId ") && line.contains(" : "))
    .json(&[&["VMCreatorId", "Direction", "Action"]])
    .silence_speaks()
    .os(Windows),
    // Products against viruses are listed in the same shape, so that only the command tells.
    Format::new("other firewalls", other_firewall::is_call, other_firewall::read).os(Windows),
    Format::new("shared connections", sharing::is_call, sharing::read)
        .line(|line| powershell::heads(line, &["Name", "SharingConnectionType"]))
        .json(&[&["Name", "SharingConnectionType"]])
        .os(Windows),
    Format::new(
        "offloads of a card",
        |call| call.is(&["get-netadapteradvancedproperty"]),
        powershell::offloads,
    )
    .whole(whole::powershell)
    .line(|line| powershell::heads(line, &["Name", "DisplayName", "DisplayValue", "RegistryKeyword"]))
    .json(&[&["RegistryKeyword", "RegistryValue"]])
    .os(Windows),
    Format::new(
        "firewall profiles",
        |call| call.is(&["get-netfirewallprofile"]),
        powershell::firewall_profiles,
    )
    .line(|line| line.starts_with("DefaultInboundAction ") && line.contains(" : "))
    .json(&[
        &["Name", "DefaultInboundAction"],
        &["Name", "Enabled", "AllowInboundRules"],
    ])
    .os(Windows),
    Format::new(
        "firewall rules",
        |call| call.is(&["get-netfirewallrule"]),
        powershell::firewall_rules,
    )
    .line(|line| line.starts_with("EdgeTraversalPolicy ") && line.contains(" : "))
    .json(&[&["DisplayName", "Direction", "Action"]])
    .silence_speaks()
    .os(Windows),
    Format::new(
        "bindings of drivers to adapters",
        |call| call.is(&["get-netadapterbinding"]),
        powershell::bindings,
    )
    .line(|line| powershell::heads(line, &["Name", "DisplayName", "ComponentID", "Enabled"]))
    .json(&[&["ComponentID", "Enabled"]])
    .os(Windows),
    Format::new(
        "name servers",
        |call| call.is(&["get-dnsclientserveraddress"]),
        powershell_ports::servers,
    )
    .line(powershell_ports::is_server_line)
    .json(&[&["InterfaceAlias", "ServerAddresses"]])
    .os(Windows),
    Format::new(
        "open ports",
        |call| call.is(&["get-nettcpconnection"]),
        powershell_ports::connections,
    )
    .line(|line| powershell::heads(line, &["LocalAddress", "LocalPort", "RemoteAddress", "State"]))
    .json(&[&["LocalAddress", "LocalPort", "State"]])
    .os(Windows),
    Format::new(
        "installed products",
        |call| call.is(&["reg"]) && call.word(0) == "query" && !is_internet_settings(call),
        registry::read,
    )
    .line(registry::is_line)
    .os(Windows),
    Format::new(
        "addresses",
        |call| call.is(&["get-netipconfiguration", "gip"]),
        powershell::ip_configuration,
    )
    // The alias alone stands in the lists of many commands.
    .line(|line| {
        let keys = ["IPv4DefaultGateway ", "NetProfile.", "NetIPv4Interface."];
        line.contains(" : ") && keys.iter().any(|key| line.starts_with(key))
    })
    .list(&[
        &["InterfaceAlias", "IPv4DefaultGateway"],
        &["InterfaceAlias", "NetProfile.Name"],
        &["InterfaceAlias", "NetAdapter.Status"],
    ])
    .os(Windows),
];

fn is_ipconfig(call: &Call) -> bool {
    const ACTIONS: [&str; 5] = ["/renew", "/release", "/flushdns", "/registerdns", "/displaydns"];
    // macOS has an `ipconfig` of its own, with words instead of options.
    call.is(&["ipconfig"])
        && !ACTIONS.iter().any(|action| call.has(action))
        && call.words().all(|w| w.starts_with('/'))
}

fn is_route_print(call: &Call) -> bool {
    call.is(&["route"]) && call.args.iter().any(|word| word.eq_ignore_ascii_case("print"))
}

/// `arp -a` is a command of every system; the shape of its output tells which (see `unix::arp`, which hands
/// Windows tables on). Only Windows knows `-N` and `/a`.
fn windows_arp(call: &Call) -> bool {
    call.has("/a") || call.has("/g") || call.args.iter().any(|word| word == "-N" || word == "-g")
}

pub(super) use arp::{is_line as is_arp_line, read as read_arp};
pub(super) use ipconfig::{is_bare_label, is_line as is_ipconfig_line, read as read_ipconfig};
pub(super) use route_print::{is_line as is_route_print_line, read as read_route_print};
