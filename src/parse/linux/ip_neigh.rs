//! `ip neigh`: text and JSON.

use serde_json::Value;

use super::{family, narrowed_by};
use crate::model::{Case, Neighbor, NeighborState, Place};
use crate::parse::command;
use crate::parse::merge::{self, Extent};
use crate::parse::text::{self, json_rows, number_of, text_of};

const STATES: [(&str, NeighborState); 8] = [
    ("REACHABLE", NeighborState::Reachable),
    ("STALE", NeighborState::Stale),
    ("DELAY", NeighborState::Delay),
    ("PROBE", NeighborState::Probe),
    ("INCOMPLETE", NeighborState::Incomplete),
    ("FAILED", NeighborState::Failed),
    ("PERMANENT", NeighborState::Permanent),
    ("NOARP", NeighborState::NoArp),
];

/// Whether the line is a row of `ip neigh`.
pub fn is_line(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    let addressed = words
        .first()
        .is_some_and(|word| !word.contains('/') && text::address(word).is_some());
    addressed
        && (words.contains(&"lladdr") || words.get(1) == Some(&"dev"))
        && words.iter().any(|word| state_of(word).is_some())
}

/// Reads `ip neigh`.
pub fn read(text: &str, case: &mut Case, on: Place, command: &str) {
    let call = command::call(command);
    let narrowed = narrowed_by(&call);
    let adapter = narrowed
        .iter()
        .position(|word| word == "dev")
        .and_then(|at| narrowed.get(at + 1))
        .cloned();
    let mut found: Vec<Neighbor> = if text.trim_start().starts_with('[') {
        json_rows(text).0.iter().filter_map(from_row).collect()
    } else {
        text.lines().filter_map(from_line).collect()
    };
    for row in &mut found {
        row.adapter = row.adapter.take().or_else(|| adapter.clone());
    }
    let others = narrowed
        .iter()
        .filter(|word| *word != "dev" && Some(*word) != adapter.as_ref());
    let extent = if others.count() > 0 {
        Extent::Part
    } else {
        Extent::of(command)
    };
    let v6 = family(&call);
    let Some(system) = case.system_mut(on) else { return };
    merge::neighbors(
        system,
        found,
        |row| {
            v6.is_none_or(|v6| row.address.is_ipv6() == v6)
                && adapter.as_ref().is_none_or(|name| {
                    row.adapter
                        .as_ref()
                        .is_some_and(|at| at.eq_ignore_ascii_case(name))
                })
        },
        extent,
        command,
    );
}

fn state_of(word: &str) -> Option<NeighborState> {
    STATES
        .iter()
        .find(|(name, _)| *name == word)
        .map(|(_, state)| *state)
}

fn from_line(line: &str) -> Option<Neighbor> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let address = words
        .first()
        .filter(|word| !word.contains('/'))
        .and_then(|word| text::address(word))?;
    let state = words.iter().rev().find_map(|word| state_of(word));
    if state.is_none() && !words.contains(&"lladdr") {
        return None;
    }
    // `used 12/3/9`: seconds since it was used, confirmed, updated (`ip -s neigh`).
    let confirmed = text::after(&words, "used")
        .and_then(|ages| ages.split('/').nth(1))
        .and_then(|age| age.parse::<u64>().ok());
    Some(Neighbor {
        address,
        mac: text::after(&words, "lladdr").and_then(text::mac),
        adapter: text::after(&words, "dev").map(str::to_owned),
        state: state.unwrap_or_default(),
        confirmed_ms_ago: confirmed.and_then(|seconds| seconds.checked_mul(1000)),
    })
}

fn from_row(row: &Value) -> Option<Neighbor> {
    let state = row
        .get("state")
        .and_then(Value::as_array)
        .and_then(|states| states.first())
        .and_then(Value::as_str)
        .and_then(state_of);
    Some(Neighbor {
        address: text::address(&text_of(row, "dst")?)?,
        mac: text_of(row, "lladdr").and_then(|mac| text::mac(&mac)),
        adapter: text_of(row, "dev"),
        state: state.unwrap_or_default(),
        confirmed_ms_ago: number_of(row, "confirmed").and_then(|seconds| seconds.checked_mul(1000)),
    })
}
