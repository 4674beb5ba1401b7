//! `nmcli device` of NetworkManager: table and terse form.

use crate::model::{Adapter, AdapterKind, CardSettings, Case, Place};
use crate::parse::merge::{self, Extent};
use crate::parse::text::source;

const TYPES: [(&str, AdapterKind); 15] = [
    ("iptunnel", AdapterKind::Tunnel),
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

/// NetworkManager's states as it prints them in Chinese and German, and in English, which is what is kept. The Chinese words
/// as published outputs have them, the German ones after its translation.
const STATES: [(&str, &str); 26] = [
    ("connected (externally)", "connected (externally)"),
    ("connected", "connected"),
    ("disconnected", "disconnected"),
    ("unmanaged", "unmanaged"),
    ("unavailable", "unavailable"),
    ("connecting", "connecting"),
    ("deactivating", "deactivating"),
    ("连接（外部）", "connected (externally)"),
    ("已连接（外部）", "connected (externally)"),
    ("连接 (外部)", "connected (externally)"),
    ("已连接", "connected"),
    ("已断开", "disconnected"),
    ("未托管", "unmanaged"),
    ("不可用", "unavailable"),
    ("连接中", "connecting"),
    ("正在连接", "connecting"),
    ("正在断开", "deactivating"),
    ("取消激活", "deactivating"),
    ("verbunden (extern)", "connected (externally)"),
    ("verbunden", "connected"),
    ("nicht verbunden", "disconnected"),
    ("getrennt", "disconnected"),
    ("nicht verwaltet", "unmanaged"),
    ("nicht verfügbar", "unavailable"),
    ("wird verbunden", "connecting"),
    ("wird deaktiviert", "deactivating"),
];

/// The state at the start of some words, in English, and what stands behind it.
pub(super) fn state_of(words: &str) -> Option<(String, &str)> {
    let (word, state) = STATES
        .iter()
        .filter(|(word, _)| words.starts_with(word))
        .max_by_key(|(word, _)| word.len())?;
    let rest = words.get(word.len()..)?;
    // `connecting (getting IP configuration)` says more than its first word.
    let more = rest
        .trim_start()
        .strip_prefix('(')
        .and_then(|more| more.split_once(')'));
    Some(match more {
        Some((more, rest)) => (format!("{state} ({more})"), rest),
        None => ((*state).to_owned(), rest),
    })
}

/// What a device is by NetworkManager's word for it.
pub(super) fn kind_of(word: &str) -> Option<AdapterKind> {
    TYPES
        .iter()
        .find(|(name, _)| *name == word)
        .map(|(_, kind)| *kind)
}

/// Whether the line is a row or the heading of `nmcli device`.
pub fn is_line(line: &str) -> bool {
    (line.starts_with("DEVICE ") && line.contains(" CONNECTION")) || row(line).is_some()
}

struct Row<'a> {
    name: &'a str,
    kind: AdapterKind,
    state: String,
    connection: &'a str,
}

fn row(line: &str) -> Option<Row<'_>> {
    let (name, rest) = match line.split_once(':') {
        Some((name, rest)) if !name.contains(' ') => (name, rest),
        _ => line.split_once(char::is_whitespace)?,
    };
    let rest = rest.trim_start();
    let end = rest.find([':', ' ']).unwrap_or(rest.len());
    let (kind, state) = rest.split_at_checked(end)?;
    let kind = kind_of(kind)?;
    let (state, rest) = state_of(state.trim_start_matches([':', ' ']))?;
    if name.is_empty() || !(rest.is_empty() || rest.starts_with([':', ' '])) {
        return None;
    }
    let connection = rest.trim_start_matches([':', ' ']).trim_end();
    Some(Row {
        name,
        kind,
        state,
        connection: if connection == "--" { "" } else { connection },
    })
}

/// The kind of a device: what its name tells where NetworkManager's word is a vague one.
pub(super) fn named_kind(name: &str, kind: AdapterKind) -> AdapterKind {
    let by_name = merge::kind_by_name(name, None);
    let vague = matches!(kind, AdapterKind::Unknown | AdapterKind::Ethernet);
    if vague && by_name != AdapterKind::Unknown {
        by_name
    } else {
        kind
    }
}

/// Reads `nmcli device`: which adapters are there, of which kind, and what NetworkManager makes of them.
pub fn read(text: &str, case: &mut Case, on: Place, command: &str) {
    let found: Vec<Adapter> = text
        .lines()
        .filter_map(row)
        .map(|row| {
            let mut adapter = Adapter::named(row.name);
            adapter.network_manager = Some(row.state);
            adapter.kind = named_kind(row.name, row.kind);
            adapter
        })
        .collect();
    let mut settings = Vec::new();
    for row in text.lines().filter_map(row) {
        // What NetworkManager only found (`connected (externally)`) it did not set up.
        let active = match row.state.as_str() {
            "connected" | "connected (local only)" | "connected (site only)" => true,
            "disconnected" => false,
            _ => continue,
        };
        settings.push(CardSettings {
            adapter: Some(row.name.to_owned()),
            holder: format!("NetworkManager {}", row.connection).trim_end().to_owned(),
            active: Some(active),
            ..CardSettings::default()
        });
    }
    if found.is_empty() {
        return;
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
