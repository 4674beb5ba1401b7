//! Whether an output arrived as it was printed: people paste half of it, and chat programs break its lines.
//!
//! A table that lost rows says of everything in them that it is not there. So an output that is not known to be whole still
//! counts, but nothing is certain by it alone ([`crate::model::Doubt`]).

mod rows;
mod tables;
mod tests_sent;

pub use rows::{
    adapter_rows, brief_or_long, ifconfig, ifconfig_rows, ipconfig, ipconfig_rows, iptables, iptables_rows,
    is_ipconfig_title, neighbor_rows, neighbors, nft, nft_rows, policy_rules, route_rows, routes,
};
pub use tables::{
    arp, bsd_routes, key_values, named_blocks, powershell, route_print, service, switches, underlined, utm,
    virsh, virtualbox_machines, vmrun, wsl, xml,
};
pub use tests_sent::{arping, ping};

use super::command;
use super::formats::Format;
use super::recognize::{End, Section};
use crate::model::System;

/// The section with lines joined again that a chat program or a narrow terminal broke, and whether it is then known to be
/// what the command printed, from its first line to its last.
pub fn mended(section: &Section) -> (String, bool) {
    let text = &section.text;
    let Some(format) = section.format else {
        return (text.clone(), true);
    };
    if text.trim().is_empty() {
        return (text.clone(), true);
    }
    if !format.json.is_empty() && text.trim_start().starts_with(['[', '{']) {
        let joined = strings_joined(text);
        let whole = is_json(&joined);
        return (if whole { joined } else { text.clone() }, whole);
    }
    // What was narrowed down by the person who asked has neither heading nor end.
    let call = command::call(&section.command);
    let open = section.end == End::Open;
    if call.filtered() || complains(text) {
        return (text.clone(), !open);
    }
    let is_whole = |text: &str| match section.end {
        // Blank lines at its end are lost in many a copy, and need not be there where it is known to be over.
        End::Followed => (format.whole)(&format!("{text}\n\n")),
        End::Line | End::Open => (format.whole)(text),
    };
    if is_whole(text) {
        return (text.clone(), !open || tests_sent::has_ended(text));
    }
    if let Some(row) = format.row {
        let joined = rows_joined(text, row);
        if is_whole(&joined) {
            return (joined, !open);
        }
    }
    (text.clone(), false)
}

/// Whether the text is all that a tool of ours printed, as far as its shape shows. Such a tool has ended by itself, and need
/// not end its last line.
pub fn is_whole(format: &Format, text: &str) -> bool {
    if !format.json.is_empty() && text.trim_start().starts_with(['[', '{']) {
        return is_json(text);
    }
    text.trim().is_empty() || complains(text) || (format.whole)(text)
}

/// Whether routes lead through adapters that the list of adapters does not have: it was cut between two of them, where
/// nothing else shows it.
pub fn lacks_adapters(system: &System) -> bool {
    let Some(adapters) = system.adapters.value() else {
        return false;
    };
    let is_known = |name: &str| {
        adapters
            .iter()
            .any(|adapter| adapter.name.eq_ignore_ascii_case(name))
    };
    let is_loopback = |name: &str| {
        name.starts_with("lo")
            || name
                .parse::<std::net::IpAddr>()
                .is_ok_and(|address| address.is_loopback())
    };
    // Where only one was asked for, it says nothing of the others.
    adapters.len() > 1
        && system.routes.rows().iter().any(|row| {
            let named = row.adapter.as_deref();
            named.is_some_and(|name| {
                // Windows names them by an address, which tells nothing where addresses were not asked for.
                let told = name.parse::<std::net::IpAddr>().is_err()
                    || adapters.iter().all(|adapter| adapter.addresses.is_some());
                told && !name.starts_with('#') && !is_loopback(&name.to_lowercase()) && !is_known(name)
            })
        })
}

/// Whether the text is a tool's word that it could not answer: that has another shape than its answer.
fn complains(text: &str) -> bool {
    let short = text.lines().filter(|line| !line.trim().is_empty()).count() <= 3;
    let lower = || text.to_lowercase();
    short
        && (super::complaint::of(text).is_some()
            || lower().contains("error")
            || lower().contains("failed to"))
}

/// Lines that begin no row, put behind the one before.
fn rows_joined(text: &str, row: fn(&str) -> bool) -> String {
    let mut joined = String::with_capacity(text.len());
    let mut open = false;
    for line in text.lines() {
        let blank = line.trim().is_empty();
        if open && !blank && !row(line) {
            joined.pop();
            joined.push(' ');
        }
        joined.push_str(line);
        joined.push('\n');
        open = !blank;
    }
    joined
}

/// JSON has no line break within a string: one that stands there was a blank.
fn strings_joined(text: &str) -> String {
    let (mut in_string, mut escaped) = (false, false);
    text.chars()
        .map(|c| {
            match c {
                _ if escaped => escaped = false,
                '\\' if in_string => escaped = true,
                '"' => in_string = !in_string,
                '\n' if in_string => return ' ',
                _ => {}
            }
            c
        })
        .collect()
}

fn is_json(text: &str) -> bool {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<serde::de::IgnoredAny>();
    values.all(|value| value.is_ok())
}

#[cfg(test)]
mod tests {
    use crate::model::{Case, Output, Place};
    use crate::parse::resolve;

    fn doubted(command: &str, text: &str) -> bool {
        let case = Case {
            outputs: vec![Output {
                on: Place::Guest,
                command: command.to_owned(),
                text: text.to_owned(),
            }],
            ..Case::default()
        };
        resolve(&case).doubt.is_some()
    }

    const ADDRESSES: &str = "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000\n    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n    inet 127.0.0.1/8 scope host lo\n       valid_lft forever preferred_lft forever\n2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc fq_codel state UP group default qlen 1000\n    link/ether 52:54:00:aa:bb:01 brd ff:ff:ff:ff:ff:ff\n    inet 192.168.122.11/24 brd 192.168.122.255 scope global dynamic eth0\n       valid_lft 3200sec preferred_lft 3200sec\n";

    #[test]
    fn a_listing_is_whole_until_something_is_missing() {
        assert!(!doubted("ip addr", ADDRESSES));
        assert!(!doubted("", ADDRESSES));
        for end in 1..ADDRESSES.len() {
            // Between two adapters, or before the first address of one, nothing shows that more came.
            let rest = &ADDRESSES[end..];
            // An older `ip` tells no life times at all.
            let untold = rest.starts_with("       valid_lft") && !ADDRESSES[..end].contains("valid_lft");
            let at_a_seam = rest.starts_with("2: ") || rest.starts_with("    inet ") || untold;
            assert_eq!(
                doubted("ip addr", &ADDRESSES[..end]),
                !at_a_seam,
                "{}",
                &ADDRESSES[..end]
            );
        }
    }

    #[test]
    fn a_prompt_behind_it_shows_that_it_ended() {
        let routes = "default via 192.168.122.1 dev eth0 proto dhcp metric 100";
        assert!(doubted("ip route", routes));
        assert!(!doubted("ip route", &format!("{routes}\nme@vm:~$ ")));
        assert!(!doubted("ip route", &format!("{routes}\n")));
    }

    #[test]
    fn rows_that_were_broken_are_joined_again() {
        let wrapped = ADDRESSES.replace(" group default", "\ngroup default");
        assert!(!doubted("ip addr", &wrapped));
        let rules = "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -s 192.168.122.0/24 -p tcp -m comment\n--comment \"let in\" -j ACCEPT\nCOMMIT\n";
        assert!(!doubted("iptables-save", rules));
        assert!(doubted("iptables-save", &rules.replace("COMMIT\n", "")));
    }

    #[test]
    fn what_was_asked_for_in_part_is_no_damage() {
        assert!(!doubted(
            "ip addr | grep inet",
            "    inet 192.168.122.11/24 brd 192.168.122.255 scope global eth0\n"
        ));
    }
}
