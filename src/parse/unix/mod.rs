//! What Linux, macOS and BSD print alike; commands that several systems have are told apart by their shape.

mod access;
mod arp;
mod devices;
mod ifconfig;
mod names;
mod processes;
pub(super) mod proxies;
mod routes;
mod sockets;

use super::command::Call;
use super::formats::Format;
use super::whole;
use super::windows;

/// The formats of this folder; a new one is one row here.
pub const FORMATS: &[Format] = &[
    Format::new("adapters", |call| call.is(&["ifconfig"]), ifconfig::read)
        .whole(whole::ifconfig)
        .rows(whole::ifconfig_rows)
        .line(ifconfig::is_line),
    Format::new("routing table", is_route_table, routes::read)
        .whole(|text| whole::bsd_routes(text) || whole::route_print(text))
        .line(|line| routes::is_line(line) || windows::is_route_print_line(line))
        .silence_speaks(),
    Format::new("neighbor table", |call| call.is(&["arp"]), arp::read)
        .whole(whole::arp)
        .line(|line| arp::is_line(line) || windows::is_arp_line(line))
        .silence_speaks(),
    Format::new("open ports", is_sockets, sockets::read).line(sockets::is_line),
    Format::new(
        "name servers",
        |call| is_file(call, "/etc/resolv.conf"),
        names::resolv_conf,
    )
    .line(names::is_resolv_line),
    Format::new("hosts file", is_hosts_file, names::hosts)
        .line(names::is_hosts_line)
        .plain(),
    Format::new("access list", access::is_wrappers, access::wrappers).silence_speaks(),
    Format::new("bans", |call| call.is(&["fail2ban-client"]), access::bans).line(access::is_ban_line),
    Format::new("log", access::is_log, access::log).line(access::is_log_line),
    Format::new("web proxy", proxies::is_environment, proxies::environment)
        .line(proxies::is_line)
        .silence_speaks(),
    Format::new("web proxy", proxies::is_winhttp, proxies::winhttp),
    Format::new(
        "web proxy",
        proxies::is_internet_settings,
        proxies::internet_settings,
    )
    .line(proxies::is_setting_line)
    .os(crate::model::Os::Windows),
    Format::new(
        "web proxy",
        |call| call.is(&["scutil"]) && call.has("--proxy"),
        proxies::scutil,
    )
    .line(proxies::is_scutil_line),
    Format::new("devices", |call| call.is(&["lspci"]), devices::lspci).line(devices::is_lspci_line),
    Format::new("devices", |call| call.is(&["pciconf"]), devices::pciconf).line(devices::is_pciconf_line),
    Format::new("devices", |call| call.is(&["get-pnpdevice"]), devices::pnp).line(devices::is_pnp_line),
    Format::new("processes", processes::is_call, processes::read).line(processes::is_line),
    Format::new("host name", |call| call.is(&["hostname"]), names::host_name)
        .line(names::is_name)
        .one_line()
        .plain(),
    Format::new(
        "operating system",
        |call| call.is(&["uname", "sw_vers", "ver"]),
        names::uname,
    )
    .line(names::is_uname_line),
];

fn is_file(call: &Call, path: &str) -> bool {
    call.file().is_some_and(|file| file == path)
}

fn is_hosts_file(call: &Call) -> bool {
    call.file()
        .is_some_and(|file| file == "/etc/hosts" || file.to_lowercase().ends_with("drivers/etc/hosts"))
}

/// `route`, `route -n`, `netstat -rn`; but not `route -n get`, which asks for one way.
fn is_route_table(call: &Call) -> bool {
    let changes = ["add", "delete", "del", "get", "change", "flush"].contains(&call.word(0).as_str());
    (call.is(&["route"]) && !changes) || (call.is(&["netstat"]) && call.has_letter('r'))
}

fn is_sockets(call: &Call) -> bool {
    call.is(&["ss", "sockstat"]) || (call.is(&["netstat"]) && !call.has_letter('r') && !call.has_letter('i'))
}
