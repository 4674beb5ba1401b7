//! `bridge link` and `bridge fdb`: text and JSON.

use serde_json::Value;

use super::ip_addr::header;
use crate::model::{Adapter, Case, Fact, Mac, Place};
use crate::parse::merge::{self, Extent};
use crate::parse::text::{self, json_rows, source, text_of};

/// Whether the line is a row of `bridge link`.
pub fn is_link_line(line: &str) -> bool {
    header(line).is_some_and(|(_, _, rest)| rest.contains(" master ") && rest.contains(" cost "))
}

/// Whether the line is a row of `bridge fdb`.
pub fn is_fdb_line(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    words.first().is_some_and(|word| text::mac(word).is_some()) && words.get(1) == Some(&"dev")
}

/// Reads `bridge link`.
pub fn link(text: &str, case: &mut Case, on: Place, command: &str) {
    let mut found = Vec::new();
    if text.trim_start().starts_with('[') {
        for row in json_rows(text).0 {
            if let Some(name) = text_of(&row, "ifname") {
                found.push(port(&name, text_of(&row, "master"), text_of(&row, "state")));
            }
        }
    } else {
        for line in text.lines() {
            if let Some((_, name, rest)) = header(line) {
                let words: Vec<&str> = rest.split_whitespace().collect();
                let of = |key| text::after(&words, key).map(str::to_owned);
                let name = name.split('@').next().unwrap_or(name);
                found.push(port(name, of("master"), of("state")));
            }
        }
    }
    let Some(system) = case.system_mut(on) else { return };
    // Ports of bridges alone are no list of adapters: what is not among them may be there all the same.
    if !system.adapters.is_known() {
        merge::unread(case, "adapters", "only a part of them was shown", "ip addr");
        return;
    }
    merge::adapters(system, found, Extent::Part, command);
}

fn port(name: &str, master: Option<String>, state: Option<String>) -> Adapter {
    let mut adapter = Adapter::named(name);
    adapter.kind = merge::kind_by_name(name, None);
    adapter.master = master;
    adapter.port_state = state.map(|state| state.to_lowercase());
    adapter
}

/// Reads `bridge fdb`. Entries of the ports' own addresses (permanent) and of groups are left out: they do
/// not say that a guest was heard there.
pub fn fdb(text: &str, case: &mut Case, on: Place, command: &str) {
    let mut found: Vec<(Mac, String, Option<String>)> = Vec::new();
    if text.trim_start().starts_with('[') {
        for row in json_rows(text).0 {
            let own = text_of(&row, "state").as_deref() == Some("permanent");
            let mac = text_of(&row, "mac").and_then(|mac| text::mac(&mac));
            if let (Some(mac), Some(port), false) = (mac, text_of(&row, "ifname"), own) {
                found.push((
                    mac,
                    port,
                    row.get("master").and_then(Value::as_str).map(str::to_owned),
                ));
            }
        }
    } else {
        for line in text.lines().filter(|line| is_fdb_line(line)) {
            let words: Vec<&str> = line.split_whitespace().collect();
            let mac = words.first().and_then(|word| text::mac(word));
            if let (Some(mac), Some(port), false) =
                (mac, text::after(&words, "dev"), words.contains(&"permanent"))
            {
                found.push((
                    mac,
                    port.to_owned(),
                    text::after(&words, "master").map(str::to_owned),
                ));
            }
        }
    }
    found.retain(|(mac, _, _)| !mac.is_group());
    if let Some(system) = case.system_mut(on) {
        system.bridge_entries = Fact::known(found, source(command));
    }
}
