//! Listings whose rows are told by how they begin: `ip`, `ifconfig`, `ipconfig`, rulesets.

use std::net::Ipv4Addr;

use ipnet::IpNet;

use crate::parse::text;

fn is_indented(line: &str) -> bool {
    line.starts_with([' ', '\t']) || line.trim().is_empty()
}

/// Lines with something on them.
pub(super) fn filled(text: &str) -> impl DoubleEndedIterator<Item = &str> {
    text.lines().filter(|line| !line.trim().is_empty())
}

fn first_word(line: &str) -> &str {
    line.split_whitespace().next().unwrap_or_default()
}

/// `2: eth0: <BROADCAST,…> mtu 1500 …`
fn is_adapter_head(line: &str) -> bool {
    let number = line.split_once(": ").map(|(number, _)| number);
    number.is_some_and(|number| !number.is_empty() && number.chars().all(|c| c.is_ascii_digit()))
        && line.contains('<')
}

/// `2: eth0:`, the rest of which may have been broken off.
fn begins_adapter(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let number = words.next().and_then(|word| word.strip_suffix(':'));
    number.is_some_and(|number| !number.is_empty() && number.chars().all(|c| c.is_ascii_digit()))
        && words.next().is_some_and(|name| name.ends_with(':'))
}

/// A line that can stand in `ip addr`.
pub fn adapter_rows(line: &str) -> bool {
    is_indented(line) || begins_adapter(line) || is_brief(line)
}

/// `eth0@if7  UP  192.168.122.11/24 fe80::1/64`
fn is_brief(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let (Some(name), Some(state)) = (words.next(), words.next()) else {
        return false;
    };
    const STATES: [&str; 7] = [
        "UP",
        "DOWN",
        "UNKNOWN",
        "LOWERLAYERDOWN",
        "DORMANT",
        "TESTING",
        "NOTPRESENT",
    ];
    !name.ends_with(':') && STATES.contains(&state)
}

/// `ip addr` and `ip link`, long or brief.
pub fn brief_or_long(text: &str) -> bool {
    let Some(first) = filled(text).next() else {
        return false;
    };
    if is_brief(first) {
        let addressed = |line: &str| {
            line.split_whitespace().skip(2).all(|word| {
                text::net(word).is_some_and(|_| word.contains('/')) || word.starts_with('<') || text::mac(word).is_some()
                    // Of a tunnel the far end, and figures of the row's end.
                    || ["peer", "metric"].contains(&word) || word.parse::<u32>().is_ok()
            })
        };
        // The loopback is the first of every machine; a single row is what somebody asked for by name.
        return filled(text).all(|line| is_brief(line) && addressed(line))
            && (first_word(first) == "lo" || filled(text).count() == 1);
    }
    let lines: Vec<&str> = filled(text).collect();
    let heads: Vec<usize> = (0..lines.len())
        .filter(|at| lines.get(*at).is_some_and(|line| is_adapter_head(line)))
        .collect();
    let begins = first.starts_with("1: ") || (heads.len() == 1 && is_adapter_head(first));
    let in_form = lines
        .iter()
        .all(|line| is_indented(line) || is_adapter_head(line) && has_whole_head(line));
    // Each adapter tells its link, and each address how long it lives, where this `ip` says so at all.
    let linked = heads.iter().all(|at| {
        lines
            .get(at + 1)
            .is_some_and(|line| line.trim_start().starts_with("link/"))
    });
    let lives = text.contains("valid_lft ");
    let dated = !lives
        || lines.iter().enumerate().all(|(at, line)| {
            let next = || lines.get(at + 1).copied().unwrap_or_default();
            let line = line.trim_start();
            let address = line.starts_with("inet ") || line.starts_with("inet6 ");
            let life = line.starts_with("valid_lft ");
            (!address || line.contains('/') && next().trim_start().starts_with("valid_lft "))
                && (!life || line.contains(" preferred_lft ") && line.split_whitespace().count() == 4)
        });
    begins && in_form && linked && dated
}

fn has_whole_head(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    let valued = |key: &str| {
        words
            .iter()
            .position(|word| *word == key)
            .is_some_and(|at| at + 1 < words.len())
    };
    has_whole_flags(line) && valued("mtu") && (valued("state") || !line.contains(" state"))
}

/// A line that begins a row of `ip route`.
pub fn route_rows(line: &str) -> bool {
    let first = first_word(line);
    line.starts_with([' ', '\t'])
        || first == "default"
        || text::net(first).is_some()
        || text::route_kind(first).is_some()
}

/// `ip route`: each row as the kernel's tool writes it.
pub fn routes(text: &str) -> bool {
    let mut before = "";
    filled(text).all(|line| {
        // The next hops of a row stand in lines of their own.
        let hop = line.trim_start().starts_with("nexthop");
        let begins = if hop {
            !before.is_empty()
        } else {
            route_rows(line) && !line.starts_with([' ', '\t'])
        };
        before = line;
        begins && is_whole_route(line)
    })
}

/// Whether nothing is missing at either end of a row of `ip route`.
fn is_whole_route(line: &str) -> bool {
    const VALUED: [&str; 16] = [
        "via", "dev", "table", "proto", "scope", "src", "metric", "mtu", "nhid", "pref", "error", "expires",
        "weight", "uid", "advmss", "hoplimit",
    ];
    let words: Vec<&str> = line.split_whitespace().collect();
    let has = |key: &str| words.contains(&key);
    if words.last().is_some_and(|last| VALUED.contains(last)) {
        return false;
    }
    let first = words.first().copied().unwrap_or_default();
    // A way of IPv4 without a router has a scope, which is only left out where it is the whole world.
    let v4 =
        first.parse::<IpNet>().is_ok_and(|net| net.addr().is_ipv4()) || first.parse::<Ipv4Addr>().is_ok();
    if v4 && !(has("via") || has("scope") || has("nhid")) {
        return text_of_hops(&words);
    }
    // The kernel's own row for a segment leaves with an address of it.
    let own = has("kernel") && has("link");
    match (
        first.parse::<IpNet>(),
        text::after(&words, "src").and_then(text::address),
    ) {
        (Ok(net), Some(source)) if own && first.contains('/') => net.contains(&source),
        _ => true,
    }
}

/// Whether the row is the head of several next hops, which tell the rest.
fn text_of_hops(words: &[&str]) -> bool {
    words.last().is_some_and(|last| *last != "dev") && !words.contains(&"dev")
}

/// `ip rule`: the row of the table `local` begins it, and that of the table `main` stands near its end. Both are there from
/// the kernel's start; without them no packet would find its way.
pub fn policy_rules(text: &str) -> bool {
    let rows = || text.lines().map(str::trim).filter(|row| !row.is_empty());
    rows().next().is_some_and(|row| row.starts_with("0:"))
        && rows().any(|row| row.starts_with("32766:"))
        && rows().all(|row| !row.ends_with("lookup"))
}

/// A line that begins a row of `ip neigh`.
pub fn neighbor_rows(line: &str) -> bool {
    text::address(first_word(line)).is_some()
}

/// `ip neigh`: each row ends in its state.
pub fn neighbors(text: &str) -> bool {
    const STATES: [&str; 9] = [
        "REACHABLE",
        "STALE",
        "DELAY",
        "PROBE",
        "INCOMPLETE",
        "FAILED",
        "PERMANENT",
        "NOARP",
        "NONE",
    ];
    filled(text).all(|line| {
        let last = line.split_whitespace().next_back().unwrap_or_default();
        neighbor_rows(line) && (STATES.contains(&last) || last == "proxy")
    })
}

/// A line that can stand in `ifconfig` by itself.
pub fn ifconfig_rows(line: &str) -> bool {
    is_indented(line) || is_ifconfig_head(line) || first_word(line).ends_with(':')
}

fn is_ifconfig_head(line: &str) -> bool {
    line.contains("Link encap:") || line.contains(": flags=")
}

/// `ifconfig` of every system.
pub fn ifconfig(text: &str) -> bool {
    let headed = filled(text).next().is_some_and(is_ifconfig_head);
    let last_has_facts = filled(text)
        .next_back()
        .is_some_and(|line| !is_ifconfig_head(line) || line.contains(" mtu "));
    headed
        && last_has_facts
        && filled(text).all(|line| {
            (is_indented(line) != is_ifconfig_head(line))
                && (!line.contains(": flags=") || line.contains('>') && line.contains(" mtu "))
        })
}

/// `flags=8863<UP,BROADCAST>` in one piece.
fn has_whole_flags(line: &str) -> bool {
    let flags = line.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    flags.is_some_and(|(flags, _)| !flags.contains(' '))
}

/// A line that can stand in `ipconfig` by itself.
pub fn ipconfig_rows(line: &str) -> bool {
    is_indented(line)
        || line.trim_end().ends_with(':')
        || line.trim_end().ends_with('：')
        || is_ipconfig_title(line)
        // Without the blanks that stood before it.
        || crate::parse::windows::is_bare_label(line)
}

pub fn is_ipconfig_title(line: &str) -> bool {
    line.contains("IP") && !line.contains(':') && !line.starts_with([' ', '\t']) && line.chars().count() < 40
}

/// `ipconfig` and `ipconfig /all`, in every language.
pub fn ipconfig(text: &str) -> bool {
    // What an adapter's list ends with: that nothing is plugged in, its router, or NetBIOS.
    const ENDS: [&str; 9] = [
        "Media State",
        "Medienstatus",
        "媒体状态",
        "Gateway",
        "gateway",
        "默认网关",
        "NetBIOS",
        "NetBios",
        "预设网关",
    ];
    let titled = filled(text).next().is_some_and(is_ipconfig_title);
    let in_form = filled(text).skip(1).all(|line| {
        // A value of its own line stands far in.
        let deep = line.chars().take_while(|c| *c == ' ').count() > 20;
        ipconfig_rows(line) && (deep || line.contains(':') || line.contains('：'))
    });
    let mut last: Vec<&str> = Vec::new();
    for line in filled(text).rev() {
        last.push(line);
        if !line.starts_with([' ', '\t']) {
            break;
        }
    }
    titled && in_form && last.iter().any(|line| ENDS.iter().any(|end| line.contains(end)))
}

/// A line that begins a row of `iptables-save` or `iptables -S`.
pub fn iptables_rows(line: &str) -> bool {
    const BEGIN: [&str; 7] = ["#", "*", ":", "-A ", "-N ", "-P ", "["];
    BEGIN.iter().any(|begin| line.starts_with(begin)) || line.trim() == "COMMIT"
}

/// `iptables-save`: each table ends in its `COMMIT`.
pub fn iptables(text: &str) -> bool {
    let tables = filled(text).filter(|line| line.starts_with('*')).count();
    let ended = filled(text).filter(|line| line.trim() == "COMMIT").count();
    let quoted = |line: &str| line.matches('"').count().is_multiple_of(2);
    let begins = filled(text)
        .next()
        .is_some_and(|line| line.starts_with(['#', '*', '-']));
    begins && tables == ended && filled(text).all(|line| iptables_rows(line) && quoted(line)) && {
        // Without tables it is `-S`, which begins with the policies.
        tables > 0
            || filled(text)
                .next()
                .is_some_and(|line| line.starts_with("-P ") || line.starts_with('#'))
    }
}

/// A line that begins a row of nft's rulesets.
pub fn nft_rows(line: &str) -> bool {
    is_indented(line) || line.starts_with("table ") || line.starts_with('}') || line.starts_with('#')
}

/// nft's rulesets: every brace is closed again.
pub fn nft(text: &str) -> bool {
    let mut braces = text::Braces::default();
    let opened_first = text.lines().all(|line| {
        braces.read(line);
        braces.depth >= 0
    });
    opened_first
        && braces.depth == 0
        && filled(text).all(nft_rows)
        && filled(text).next().is_some_and(|line| !is_indented(line))
}
