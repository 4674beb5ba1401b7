//! `ip route` and `ip route get`: text and JSON.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;
use serde_json::Value;

use super::{family, ip_words, narrowed_by};
use crate::model::{Case, Place, Route, RouteKind, SystemLookUp};
use crate::parse::command::{self, Call};
use crate::parse::merge::{self, Extent, RouteScope};
use crate::parse::text::{self, json_rows, number_of, text_of};

/// Words that follow a destination, and that take the next word with them (`true`) or stand alone.
const KEYS: [(&str, bool); 24] = [
    ("via", true),
    ("dev", true),
    ("table", true),
    ("proto", true),
    ("scope", true),
    ("src", true),
    ("metric", true),
    ("mtu", true),
    ("nhid", true),
    ("pref", true),
    ("error", true),
    ("from", true),
    ("expires", true),
    ("weight", true),
    ("uid", true),
    ("advmss", true),
    ("hoplimit", true),
    ("tos", true),
    ("onlink", false),
    ("linkdown", false),
    ("dead", false),
    ("pervasive", false),
    ("cache", false),
    ("nexthop", false),
];

fn is_key(word: &str) -> bool {
    KEYS.iter().any(|(key, _)| *key == word)
}

fn wants_value(word: &str) -> bool {
    KEYS.iter().any(|(key, valued)| *key == word && *valued)
}

/// Whether the line is a row of `ip route`. A row of `ip neigh` begins alike and ends in its state.
pub fn is_line(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    starts_row(&words) && !super::ip_neigh::is_line(line)
}

/// Whether the line is the answer of `ip route get`.
pub fn is_get_line(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    (starts_row(&words) && words.contains(&"uid")) || (words == ["cache"] && line.starts_with(' '))
}

fn starts_row(words: &[&str]) -> bool {
    let (kind, rest) = match words.split_first() {
        Some((first, rest)) if text::route_kind(first).is_some() => (true, rest),
        _ => (false, words),
    };
    let Some((destination, rest)) = rest.split_first() else {
        return false;
    };
    let is_destination = *destination == "default" || text::net(destination).is_some();
    let followed = rest.first().is_some_and(|word| is_key(word));
    is_destination && (followed || (kind && rest.is_empty()))
}

/// Reads `ip route [show …]`.
pub fn table(text: &str, case: &mut Case, on: Place, command: &str) {
    let call = command::call(command);
    let narrowed = narrowed_by(&call);
    let asked = narrowed
        .iter()
        .position(|word| word == "table" || word == "t")
        .map(|at| narrowed.get(at + 1).cloned().unwrap_or_default());
    let in_table = match asked.as_deref() {
        None | Some("all" | "") => None,
        Some(name) => text::table(name),
    };
    let v6_asked = family(&call) == Some(true);
    let (found, whole) = if text.trim_start().starts_with('[') {
        let (rows, whole) = json_rows(text);
        let rows = rows.iter().filter_map(|row| from_row(row, v6_asked));
        (rows.collect::<Vec<Route>>(), whole)
    } else {
        (from_text(text, v6_asked), true)
    };
    let mut found = found;
    for row in &mut found {
        row.table = row.table.or(in_table);
    }
    if !whole {
        merge::unread(case, "routing table", "cut off", command);
    }
    let all_tables =
        asked.as_deref() == Some("all") || found.iter().any(|row| row.table.is_some() && asked.is_none());
    let narrowing = narrowed
        .iter()
        .filter(|word| !["table", "t"].contains(&word.as_str()));
    let narrowing = narrowing.filter(|word| Some(*word) != asked.as_ref()).count();
    let extent = if narrowing > 0 || !whole {
        Extent::Part
    } else {
        Extent::of(command)
    };
    let has = |v4: bool| found.iter().any(|row| row.destination.addr().is_ipv4() == v4);
    let scope = RouteScope {
        v4: if v6_asked { has(true) } else { true },
        v6: v6_asked || has(false) || (all_tables && family(&call).is_none()),
        table: if all_tables {
            None
        } else {
            Some(in_table.unwrap_or(crate::model::TABLE_MAIN))
        },
        extent,
    };
    merge::routes(case, on, found, scope, command);
}

fn from_text(text: &str, v6: bool) -> Vec<Route> {
    let mut rows: Vec<Vec<&str>> = Vec::new();
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        // A line that a terminal or a mail wrapped goes on behind a word that wants a value.
        let continues = rows
            .last()
            .and_then(|row| row.last())
            .is_some_and(|last| wants_value(last));
        if starts_row(&words) && !continues {
            rows.push(words);
        } else if let Some(row) = rows.last_mut()
            && (continues || words.first().is_some_and(|word| is_key(word)))
        {
            row.extend(words);
        }
    }
    rows.iter().flat_map(|words| from_words(words, v6)).collect()
}

/// The rows that one line says: one, or one for each of its next hops.
fn from_words(words: &[&str], v6: bool) -> Vec<Route> {
    let (kind, words) = match words.split_first() {
        Some((first, rest)) if text::route_kind(first).is_some() => {
            (text::route_kind(first).unwrap_or_default(), rest)
        }
        _ => (RouteKind::Unicast, words),
    };
    let Some((destination, rest)) = words.split_first() else {
        return Vec::new();
    };
    let mut parts = rest.split(|word| *word == "nexthop");
    let common = parts.next().unwrap_or_default();
    let hops: Vec<&[&str]> = parts.collect();
    let via_of = |words: &[&str]| {
        let at = words.iter().position(|word| *word == "via")?;
        let word = words.get(at + 1)?;
        // `via inet6 fe80::1`: a router of the other family.
        match *word {
            "inet" | "inet6" => words.get(at + 2).and_then(|word| text::address(word)),
            word => text::address(word),
        }
    };
    let looks_v6 = v6
        || rest.contains(&"pref")
        || via_of(rest).is_some_and(|via| via.is_ipv6() && !rest.contains(&"inet6"))
        || text::after(rest, "metric") == Some("4294967295");
    let Some(destination) = destination_of(destination, looks_v6) else {
        return Vec::new();
    };
    let row = |hop: &[&str]| Route {
        destination,
        via: via_of(hop).or_else(|| via_of(common)),
        adapter: text::after(hop, "dev")
            .or_else(|| text::after(common, "dev"))
            .map(str::to_owned),
        metric: text::after(common, "metric").and_then(|metric| metric.parse().ok()),
        table: text::after(common, "table").and_then(text::table),
        kind,
        source: text::after(common, "src").and_then(text::address),
        protocol: text::after(common, "proto").map(str::to_owned),
        persistent: false,
        dead: hop.contains(&"dead") || common.contains(&"dead"),
        scoped: false,
    };
    if hops.is_empty() {
        vec![row(common)]
    } else {
        hops.iter().map(|hop| row(hop)).collect()
    }
}

fn destination_of(word: &str, v6: bool) -> Option<IpNet> {
    if word == "default" {
        let unspecified = if v6 {
            IpAddr::V6(Ipv6Addr::UNSPECIFIED)
        } else {
            IpAddr::V4(Ipv4Addr::UNSPECIFIED)
        };
        return IpNet::new(unspecified, 0).ok();
    }
    text::net(word)
}

fn from_row(row: &Value, v6: bool) -> Option<Route> {
    let via = via_of_row(row);
    let looks_v6 = v6 || via.is_some_and(|via| via.is_ipv6()) || row.get("pref").is_some();
    let hop = row
        .get("nexthops")
        .and_then(Value::as_array)
        .and_then(|hops| hops.first());
    let marks: Vec<&str> = row
        .get("flags")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    Some(Route {
        destination: destination_of(&text_of(row, "dst")?, looks_v6)?,
        via: via.or_else(|| hop.and_then(via_of_row)),
        adapter: text_of(row, "dev").or_else(|| hop.and_then(|hop| text_of(hop, "dev"))),
        metric: number_of(row, "metric").and_then(|metric| u32::try_from(metric).ok()),
        table: text_of(row, "table").as_deref().and_then(text::table),
        kind: text_of(row, "type")
            .as_deref()
            .and_then(text::route_kind)
            .unwrap_or_default(),
        source: text_of(row, "prefsrc").as_deref().and_then(text::address),
        protocol: text_of(row, "protocol"),
        persistent: false,
        dead: marks.contains(&"dead"),
        scoped: false,
    })
}

/// `"gateway": "10.0.2.2"`, or `"via": {"family": "inet6", "host": "fe80::1"}`.
fn via_of_row(row: &Value) -> Option<IpAddr> {
    text_of(row, "gateway")
        .or_else(|| text_of(row.get("via")?, "host"))
        .as_deref()
        .and_then(text::address)
}

/// Reads `ip route get ADDR`.
pub fn get(text: &str, case: &mut Case, on: Place, command: &str) {
    let call = command::call(command);
    let Some(system) = case.system_mut(on) else { return };
    // What a forwarded or marked packet would do is no answer about this machine's own.
    if ip_words(&call).iter().any(|word| word == "iif" || word == "mark") {
        return;
    }
    if text.trim_start().starts_with(['[', '{']) {
        for row in json_rows(text).0 {
            if let Some(found) = look_up_of_row(&row) {
                push(&mut system.look_ups, found);
            }
        }
        return;
    }
    let mut answered = false;
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        if starts_row(&words)
            && let Some(found) = look_up_of_words(&words)
        {
            push(&mut system.look_ups, found);
            answered = true;
        }
    }
    if !answered && let Some(destination) = asked_for(&call) {
        let error: String = text.trim().chars().take(200).collect();
        push(
            &mut system.look_ups,
            SystemLookUp {
                destination,
                adapter: None,
                via: None,
                source: None,
                kind: kind_of_error(&error),
                error: Some(error),
            },
        );
    }
}

fn push(look_ups: &mut Vec<SystemLookUp>, found: SystemLookUp) {
    look_ups.retain(|old| old.destination != found.destination);
    look_ups.push(found);
}

fn asked_for(call: &Call) -> Option<IpAddr> {
    ip_words(call).iter().skip(2).find_map(|word| text::address(word))
}

/// Kinds of route that the kernel's error numbers stand for (`ip-route(8)`: unreachable EHOSTUNREACH,
/// blackhole EINVAL, prohibit EACCES). A missing route is ENETUNREACH.
fn kind_of_error(error: &str) -> RouteKind {
    if error.contains("No route to host") {
        RouteKind::Unreachable
    } else if error.contains("Permission denied") {
        RouteKind::Prohibit
    } else if error.contains("Invalid argument") {
        RouteKind::Blackhole
    } else {
        RouteKind::Unicast
    }
}

fn look_up_of_words(words: &[&str]) -> Option<SystemLookUp> {
    let kind = words.first().and_then(|word| text::route_kind(word));
    let destination = words.get(usize::from(kind.is_some()))?;
    Some(SystemLookUp {
        destination: text::address(destination)?,
        adapter: text::after(words, "dev").map(str::to_owned),
        via: text::after(words, "via").and_then(text::address),
        source: text::after(words, "src").and_then(text::address),
        kind: kind.unwrap_or_default(),
        error: None,
    })
}

fn look_up_of_row(row: &Value) -> Option<SystemLookUp> {
    Some(SystemLookUp {
        destination: text::address(&text_of(row, "dst")?)?,
        adapter: text_of(row, "dev"),
        via: via_of_row(row),
        source: text_of(row, "prefsrc").as_deref().and_then(text::address),
        kind: text_of(row, "type")
            .as_deref()
            .and_then(text::route_kind)
            .unwrap_or_default(),
        error: None,
    })
}
