//! `netsh interface show interface`: which adapters are switched on.

use crate::model::{Adapter, AdapterKind, Case, Place};
use crate::parse::command::Call;
use crate::parse::merge::{self, Extent};

/// Whether the call asks for it.
pub fn is_call(call: &Call) -> bool {
    let words: Vec<String> = call.words().map(str::to_ascii_lowercase).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    call.is(&["netsh"]) && matches!(words.as_slice(), ["interface" | "int", "show", "interface", ..])
}

/// Words for *switched off* and *switched on*, and for *no wire* and *wire*, in English, Chinese and German.
const ADMIN: [(&str, bool); 6] = [
    ("Disabled", false),
    ("已禁用", false),
    ("Deaktiviert", false),
    ("Enabled", true),
    ("已启用", true),
    ("Aktiviert", true),
];
pub(super) const WIRE: [(&str, bool); 7] = [
    ("Disconnected", false),
    ("已断开连接", false),
    ("Getrennt", false),
    ("Nicht verbunden", false),
    ("Connected", true),
    ("已连接", true),
    ("Verbunden", true),
];

fn row(line: &str) -> Option<(bool, Option<bool>, &str)> {
    let (admin, rest) = line.trim().split_once("  ")?;
    let (wire, rest) = rest.trim_start().split_once("  ")?;
    let (_, name) = rest.trim_start().split_once("  ")?;
    let enabled = ADMIN.iter().find(|(word, _)| *word == admin)?.1;
    let carrier = WIRE
        .iter()
        .find(|(word, _)| *word == wire.trim())
        .map(|(_, on)| *on);
    Some((enabled, carrier, name.trim())).filter(|(_, _, name)| !name.is_empty())
}

/// Whether the line is a row of it.
pub fn is_line(line: &str) -> bool {
    row(line).is_some()
}

/// Reads the rows.
pub fn read(text: &str, case: &mut Case, on: Place, command: &str) {
    let found: Vec<Adapter> = text
        .lines()
        .filter_map(row)
        .map(|(enabled, carrier, name)| Adapter {
            enabled: Some(enabled),
            carrier: carrier.filter(|_| enabled),
            kind: match merge::kind_by_name(name, None) {
                AdapterKind::Unknown => AdapterKind::Ethernet,
                kind => kind,
            },
            ..Adapter::named(name)
        })
        .collect();
    if let Some(system) = case.system_mut(on) {
        merge::adapters(system, found, Extent::Part, command);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_it_in_three_languages() {
        for text in [
            "\nAdmin State    State          Type             Interface Name\n-------------------------------------------------------------------------\nDisabled       Disconnected   Dedicated        Ethernet0\n",
            "\n管理员状态     状态           类型             接口名称\n-------------------------------------------------------------------------\n已禁用            已断开连接          专用               Ethernet0\n",
            "\nVerwaltungsstatus  Status         Typ              Schnittstellenname\n---\nDeaktiviert    Getrennt       Dediziert        Ethernet0\n",
        ] {
            let mut case = Case::default();
            read(text, &mut case, Place::Guest, "netsh interface show interface");
            let rows = case.guest.adapters.rows();
            assert_eq!(rows.len(), 1, "{text}");
            assert_eq!(
                (rows[0].name.as_str(), rows[0].enabled),
                ("Ethernet0", Some(false))
            );
        }
    }
}
