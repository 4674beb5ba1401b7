//! What Linux prints.

mod bridge;
pub(super) mod card_settings;
pub(super) mod counters;
mod ethtool;
mod ip_addr;
mod ip_neigh;
mod ip_route;
mod ip_rule;
mod modules;
mod names;
mod nmcli;
mod nmcli_show;
mod sysctl;
mod systemctl;

use super::command::Call;
use super::formats::Format;
use super::whole;
use crate::model::Os::Linux;
use crate::model::{Case, Place};

/// The formats of this folder; a new one is one row here.
pub const FORMATS: &[Format] = &[
    Format::new("bridge ports", |call| is_bridge(call, "link"), bridge::link)
        .line(bridge::is_link_line)
        .json(&[&["ifname", "master", "cost"]])
        .silence_speaks()
        .os(Linux),
    Format::new(
        "bridge forwarding table",
        |call| is_bridge(call, "fdb"),
        bridge::fdb,
    )
    .line(bridge::is_fdb_line)
    .json(&[&["mac", "ifname", "state"], &["mac", "ifname", "flags"]])
    .silence_speaks()
    .os(Linux),
    Format::new(
        "route look-up",
        |call| is_ip(call, "route") && gets(call),
        ip_route::get,
    )
    .line(ip_route::is_get_line)
    .json(&[&["dst", "dev", "uid"], &["dst", "dev", "cache"]])
    .hears_errors()
    .os(Linux),
    Format::new("addresses", |call| is_ip(call, "address"), ip_addr::address)
        .whole(whole::brief_or_long)
        .rows(whole::adapter_rows)
        .line(ip_addr::is_line)
        .json(&[&["ifname", "addr_info"]])
        .os(Linux),
    Format::new("adapters", |call| is_ip(call, "link"), ip_addr::link)
        .whole(whole::brief_or_long)
        .rows(whole::adapter_rows)
        .line(ip_addr::is_line)
        .json(&[&["ifname", "link_type"], &["ifname", "operstate"]])
        .silence_speaks()
        .os(Linux),
    Format::new("policy rules", |call| is_ip(call, "rule"), ip_rule::read)
        .whole(whole::policy_rules)
        .line(ip_rule::is_line)
        .json(&[&["priority", "src"], &["priority", "table"]])
        .os(Linux),
    Format::new("neighbor table", |call| is_ip(call, "neighbor"), ip_neigh::read)
        .whole(whole::neighbors)
        .rows(whole::neighbor_rows)
        .line(ip_neigh::is_line)
        .json(&[&["dst", "state"]])
        .silence_speaks()
        .os(Linux),
    Format::new(
        "routing table",
        |call| is_ip(call, "route") && !gets(call),
        ip_route::table,
    )
    .whole(whole::routes)
    .rows(whole::route_rows)
    .line(ip_route::is_line)
    .json(&[
        &["dst", "protocol"],
        &["dst", "gateway"],
        &["dst", "scope"],
        &["dst", "dev"],
        &["dst", "type"],
    ])
    .silence_speaks()
    .os(Linux),
    Format::new("offloads of a card", ethtool::is_call, ethtool::read)
        .line(ethtool::is_line)
        .os(Linux),
    Format::new("kernel switches", |call| call.is(&["sysctl"]), sysctl::read).line(sysctl::is_line),
    Format::new("kernel counters", |call| call.is(&["nstat"]), counters::read)
        .line(counters::is_line)
        .os(Linux),
    Format::new("kernel counters", counters::is_file, counters::read).os(Linux),
    Format::new("kernel switch", sysctl::is_file, sysctl::read_file)
        .one_line()
        .plain()
        .line(sysctl::is_value)
        .os(Linux),
    Format::new("kernel modules", |call| call.is(&["lsmod"]), modules::read)
        .line(modules::is_heading)
        .os(Linux),
    Format::new("network devices", |call| call.is(&["nmcli"]), read_nmcli)
        .line(|line| nmcli::is_line(line) || nmcli_show::is_line(line))
        .os(Linux),
    Format::new(
        "service state",
        |call| call.is(&["systemctl"]) && call.word(0) == "is-active",
        systemctl::is_active,
    )
    .line(systemctl::is_state_line)
    .plain()
    .os(Linux),
    Format::new(
        "service status",
        |call| call.is(&["systemctl", "service"]),
        systemctl::status,
    )
    .line(systemctl::is_status_line)
    .hears_errors()
    .os(Linux),
    Format::new(
        "name servers",
        |call| call.is(&["resolvectl", "systemd-resolve"]) && !matches!(call.word(0).as_str(), "query"),
        names::resolvectl,
    )
    .line(names::is_resolvectl_line)
    .os(Linux),
    Format::new("card settings", card_settings::is_file, read_card_settings).line(card_settings::is_line),
    Format::new("operating system", names::is_os_release, names::os_release)
        .line(names::is_os_release_line)
        .os(Linux),
];

/// The file of ifupdown is Proxmox's list of bridges, too.
fn read_card_settings(text: &str, case: &mut Case, on: Place, command: &str) {
    super::hypervisor::proxmox_bridges(text, case, on, command);
    card_settings::read(text, case, on, command);
}

/// The table of devices, and what is told of each; which of them a text holds its lines tell.
fn read_nmcli(text: &str, case: &mut Case, on: Place, command: &str) {
    nmcli::read(text, case, on, command);
    nmcli_show::read(text, case, on, command);
}

/// Whether the call is `ip OBJECT`, in full or shortened as `ip` allows it.
fn is_ip(call: &Call, object: &str) -> bool {
    if !call.is(&["ip"]) {
        return false;
    }
    let typed = object_of(call);
    let full = match object {
        "neighbor" if "neighbour".starts_with(&typed) => "neighbour",
        other => other,
    };
    // `ip r` is route, `ip ru` is rule; `ip ad` is address.
    let shortest = match object {
        "rule" => 2,
        _ => 1,
    };
    typed.len() >= shortest && full.starts_with(&typed) && !changes(call)
}

/// Whether the call changes something instead of showing it; such commands print nothing worth reading.
fn changes(call: &Call) -> bool {
    const VERBS: [&str; 9] = [
        "add", "del", "delete", "set", "change", "replace", "flush", "append", "save",
    ];
    verb(call).is_some_and(|verb| VERBS.contains(&verb.as_str()))
}

/// Options of `ip` that take the next word with them.
const VALUED: [&str; 6] = ["-f", "-family", "-n", "-netns", "-b", "-batch"];

/// The words of an `ip` call that are no options and no values of options.
fn ip_words(call: &Call) -> Vec<String> {
    let words = call.operands(|option| VALUED.contains(&option));
    words.map(str::to_lowercase).collect()
}

fn object_of(call: &Call) -> String {
    ip_words(call).into_iter().next().unwrap_or_default()
}

fn verb(call: &Call) -> Option<String> {
    ip_words(call).into_iter().nth(1)
}

fn gets(call: &Call) -> bool {
    verb(call).is_some_and(|verb| "get".starts_with(&verb) && verb.starts_with('g'))
}

/// What narrows an `ip` call down: its words after the object and the verb.
fn narrowed_by(call: &Call) -> Vec<String> {
    let words = ip_words(call);
    let is_show = |word: &String| {
        ["show", "list", "lst"]
            .iter()
            .any(|verb| verb.starts_with(word.as_str()))
            || word == "ls"
    };
    let rest = words.get(1..).unwrap_or_default();
    match rest.split_first() {
        Some((first, after)) if is_show(first) => after.to_vec(),
        _ => rest.to_vec(),
    }
}

/// The address family that an `ip` call asks for: `Some(true)` is IPv6.
fn family(call: &Call) -> Option<bool> {
    let named = call.after("-f").or_else(|| call.after("-family"));
    if call.has("-6") || named == Some("inet6") {
        Some(true)
    } else if call.has("-4") || named == Some("inet") {
        Some(false)
    } else {
        None
    }
}

fn is_bridge(call: &Call, object: &str) -> bool {
    call.is(&["bridge"]) && object_of(call) == object && !changes(call)
}
