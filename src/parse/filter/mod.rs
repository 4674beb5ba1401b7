//! What the packet filters of Linux say.

pub mod firewalld;
pub mod iptables;
pub mod iptables_list;
pub mod nft_json;
pub mod nft_text;
mod take;
pub mod ufw;
mod values;

#[cfg(test)]
mod tests;

use super::command::Call;
use super::formats::Format;
use super::whole;
use crate::model::Os;

/// The formats of this folder; a new one is one row here.
pub const FORMATS: &[Format] = &[
    Format::new("packet filter (nft JSON)", nft_json_call, nft_json::ruleset_json)
        .json(&[&["nftables"]])
        .os(Os::Linux),
    Format::new("packet filter (nft)", nft_call, nft_text::ruleset_text)
        .whole(whole::nft)
        .rows(whole::nft_rows)
        .line(nft_text::is_line)
        .os(Os::Linux)
        .silence_speaks(),
    Format::new("packet filter (iptables-save)", save_call, iptables::saved)
        .whole(whole::iptables)
        .rows(whole::iptables_rows)
        .line(iptables::is_line)
        .os(Os::Linux)
        .silence_speaks(),
    Format::new("packet filter (iptables -L)", list_call, iptables_list::listed)
        .line(iptables_list::is_line)
        .os(Os::Linux),
    Format::new("ufw status", ufw_call, ufw::status)
        .line(ufw::is_line)
        .os(Os::Linux)
        .hears_errors(),
    Format::new("ufw defaults", ufw_file, ufw::defaults).os(Os::Linux),
    Format::new("firewalld state", firewalld_state, firewalld::state)
        .os(Os::Linux)
        .hears_errors(),
    Format::new("firewalld zones", firewalld_zones, firewalld::zones)
        .line(firewalld::is_line)
        .os(Os::Linux)
        .hears_errors(),
];

fn nft_json_call(call: &Call) -> bool {
    call.program == "nft" && (call.has_letter('j') || call.has("--json")) && call.word(0) == "list"
}

fn nft_call(call: &Call) -> bool {
    call.program == "nft" && call.word(0) == "list"
}

fn tables(call: &Call) -> bool {
    call.is(&[
        "iptables",
        "ip6tables",
        "iptables-nft",
        "ip6tables-nft",
        "iptables-legacy",
        "ip6tables-legacy",
    ])
}

fn save_call(call: &Call) -> bool {
    call.is(&[
        "iptables-save",
        "ip6tables-save",
        "iptables-nft-save",
        "ip6tables-nft-save",
        "iptables-legacy-save",
        "ip6tables-legacy-save",
    ]) || (tables(call)
        && call
            .args
            .iter()
            .any(|word| word == "--list-rules" || bundled(word, 'S')))
}

fn list_call(call: &Call) -> bool {
    tables(call)
        && call
            .args
            .iter()
            .any(|word| word == "--list" || bundled(word, 'L'))
}

fn bundled(word: &str, letter: char) -> bool {
    word.strip_prefix('-')
        .is_some_and(|letters| !letters.starts_with('-') && letters.contains(letter))
}

fn ufw_call(call: &Call) -> bool {
    call.program == "ufw" && call.word(0) == "status"
}

fn ufw_file(call: &Call) -> bool {
    call.file().is_some_and(|path| path.ends_with("/etc/default/ufw"))
}

fn firewalld_state(call: &Call) -> bool {
    call.is(&["firewall-cmd", "firewall-offline-cmd"]) && call.has("--state")
}

fn firewalld_zones(call: &Call) -> bool {
    call.is(&["firewall-cmd", "firewall-offline-cmd"])
        && ["--get-active-zones", "--list-all-zones", "--list-all"]
            .iter()
            .any(|flag| call.has(flag))
}
