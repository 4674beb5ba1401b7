//! `nmcli device` of NetworkManager: table and terse form.

use crate::model::{Adapter, AdapterKind, CardSettings, Case, Place};
use crate::parse::merge::{self, Extent};
use crate::parse::text::source;

const TYPES: [(&str, AdapterKind); 14] = [
    ("ethernet", AdapterKind::Ethernet),
    ("wifi", AdapterKind::WiFi),
    ("wifi-p2p", AdapterKind::WiFi),
    ("bridge", AdapterKind::Bridge),
    ("tun", AdapterKind::Unknown),
    ("loopback", AdapterKind::Loopback),
    ("vlan", AdapterKind::Vlan),
    ("bond", AdapterKind::Bond),
    ("team", AdapterKind::Bond),
    ("veth", AdapterKind::Veth),
    ("dummy", AdapterKind::Dummy),
    ("macvlan", AdapterKind::Macvlan),
    ("wireguard", AdapterKind::Tunnel),
    ("gsm", AdapterKind::Unknown),
];

/// Whether the line is a row or the heading of `nmcli device`.
pub fn is_line(line: &str) -> bool {
    (line.starts_with("DEVICE ") && line.contains(" CONNECTION")) || row(line).is_some()
}

fn row(line: &str) -> Option<(&str, AdapterKind, String)> {
    let (name, rest) = match line.split_once(':') {
        Some((name, rest)) if !name.contains(' ') => (name, rest),
        _ => line.split_once(char::is_whitespace)?,
    };
    let rest = rest.trim_start();
    let end = rest.find([':', ' ']).unwrap_or(rest.len());
    let (kind, state) = rest.split_at_checked(end)?;
    let state = state.trim_start_matches([':', ' ']);
    const STATES: [&str; 6] = [
        "connected",
        "disconnected",
        "unmanaged",
        "unavailable",
        "connecting",
        "deactivating",
    ];
    let (_, kind) = TYPES.iter().find(|(word, _)| *word == kind)?;
    if name.is_empty() || !STATES.iter().any(|word| state.starts_with(word)) {
        return None;
    }
    // `connected (externally)` and `connecting (getting IP configuration)` say more than their first word.
    let first = state.split([':', ' ']).next().unwrap_or_default();
    let more = state.get(first.len()..).unwrap_or_default().trim_start();
    let more = more.strip_prefix('(').and_then(|more| more.split_once(')'));
    let state = match more {
        Some((more, _)) => format!("{first} ({more})"),
        None => first.to_owned(),
    };
    Some((name, *kind, state))
}

/// Name, state and connection of a row. What NetworkManager only found (`connected (externally)`) it did not set up.
fn state(line: &str) -> Option<(&str, &str, &str)> {
    row(line)?;
    if line.contains("(externally)") {
        return None;
    }
    let terse = line.split_once(':').is_some_and(|(name, _)| !name.contains(' '));
    let mut parts = if terse {
        line.splitn(4, ':').collect::<Vec<_>>()
    } else {
        line.split_whitespace().collect()
    };
    let (name, state) = (*parts.first()?, *parts.get(2)?);
    if !terse && parts.len() > 4 {
        // A connection's name may hold blanks.
        let (_, rest) = line.split_once(state)?;
        parts.truncate(3);
        parts.push(rest);
    }
    let connection = parts.get(3).copied().unwrap_or_default().trim();
    let connection = if connection == "--" { "" } else { connection };
    Some((name, state, connection))
}

/// Reads `nmcli device`: which adapters are there, of which kind, and what NetworkManager makes of them.
pub fn read(text: &str, case: &mut Case, on: Place, command: &str) {
    let found: Vec<Adapter> = text
        .lines()
        .filter_map(row)
        .map(|(name, kind, state)| {
            let mut adapter = Adapter::named(name);
            adapter.network_manager = Some(state);
            let by_name = merge::kind_by_name(name, None);
            let vague = matches!(kind, AdapterKind::Unknown | AdapterKind::Ethernet);
            adapter.kind = if vague && by_name != AdapterKind::Unknown {
                by_name
            } else {
                kind
            };
            adapter
        })
        .collect();
    let mut settings = Vec::new();
    for (name, state, connection) in text.lines().filter_map(state) {
        let active = match state {
            "connected" => true,
            "disconnected" => false,
            _ => continue,
        };
        settings.push(CardSettings {
            adapter: Some(name.to_owned()),
            holder: format!("NetworkManager {connection}").trim_end().to_owned(),
            active: Some(active),
            ..CardSettings::default()
        });
    }
    if let Some(system) = case.system_mut(on) {
        merge::adapters(system, found, Extent::Part, command);
        if !settings.is_empty() {
            let rows = system.settings.fill("");
            rows.retain(|row| !row.holder.starts_with("NetworkManager"));
            rows.extend(settings);
            if let crate::model::Fact::Known(_, told) = &mut system.settings {
                *told = source(command);
            }
        }
    }
}
