//! What became another while a check ran.

use std::collections::BTreeMap;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use super::{Adapter, Route, RouteKind, System};

/// A machine that changes all the time is not listed whole.
const MOST: usize = 50;

/// Something in this machine's tables that was another after the probes than before: facts of two moments lie beside
/// each other in the case.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TableChange {
    /// The adapter that it is about; empty when it is about none.
    pub adapter: String,
    /// The destination of the row that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub destination: Option<IpNet>,
    /// What is another, in signs that need no language: `virbr0: —`, `eth0: NO-CARRIER`, `- 10.0.0.0/8 dev tun0`.
    pub what: String,
}

impl TableChange {
    /// Whether it says that its adapter went away, or carries nothing any more.
    pub fn is_adapter_lost(&self) -> bool {
        let dead = |word: &str| self.what == format!("{}: {word}", self.adapter);
        self.destination.is_none()
            && (self.what == told_gone(&self.adapter) || dead(DOWN) || dead(NO_CARRIER))
    }
}

const DOWN: &str = "DOWN";
const NO_CARRIER: &str = "NO-CARRIER";

fn told_gone(adapter: &str) -> String {
    format!("{adapter}: —")
}

/// What is another in `after` than in `before`. Tables that either lacks are not compared; adapters that are new
/// belong to nothing that was looked at.
pub fn changes(before: &System, after: &System) -> Vec<TableChange> {
    let mut all = Vec::new();
    if let (Some(old), Some(new)) = (before.adapters.value(), after.adapters.value()) {
        let new: BTreeMap<&str, &Adapter> = new.iter().map(|own| (own.name.as_str(), own)).collect();
        for adapter in old {
            let all_of = match new.get(adapter.name.as_str()) {
                None => vec![told_gone(&adapter.name)],
                Some(later) => differences(adapter, later)
                    .into_iter()
                    .map(|word| format!("{}: {word}", adapter.name))
                    .collect(),
            };
            all.extend(all_of.into_iter().map(|what| TableChange {
                adapter: adapter.name.clone(),
                destination: None,
                what,
            }));
        }
    }
    if let (Some(old), Some(new)) = (before.routes.value(), after.routes.value()) {
        let (old, new) = (rows(old), rows(new));
        let gone = old.iter().filter(|(row, _)| !new.contains_key(*row));
        let come = new.iter().filter(|(row, _)| !old.contains_key(*row));
        let told = |(words, row): (&String, &&Route), sign: char| TableChange {
            adapter: row.adapter.clone().unwrap_or_default(),
            destination: Some(row.destination),
            what: format!("{sign} {words}"),
        };
        all.extend(gone.map(|row| told(row, '-')));
        all.extend(come.map(|row| told(row, '+')));
    }
    all.truncate(MOST);
    all
}

/// What is known of both moments and not the same, in the words that `ip` prints.
fn differences(before: &Adapter, after: &Adapter) -> Vec<String> {
    let switched = |before: Option<bool>, after: Option<bool>, on: &str, off: &str| {
        let now = after.filter(|now| before.is_some_and(|then| then != *now))?;
        Some(if now { on } else { off }.to_owned())
    };
    let enabled = switched(before.enabled, after.enabled, "UP", DOWN);
    let carrier = switched(before.carrier, after.carrier, "LOWER_UP", NO_CARRIER);
    let mut words: Vec<String> = enabled.into_iter().chain(carrier).collect();
    if before.master != after.master {
        let name = |master: &Option<String>| master.clone().unwrap_or_else(|| "—".to_owned());
        words.push(format!(
            "master {} → {}",
            name(&before.master),
            name(&after.master)
        ));
    }
    let told = before.addresses.is_some() && after.addresses.is_some();
    if told && !before.ipv4().eq(after.ipv4()) {
        let list = |adapter: &Adapter| {
            let nets: Vec<String> = adapter.ipv4().map(|net| net.to_string()).collect();
            if nets.is_empty() {
                "—".to_owned()
            } else {
                nets.join(", ")
            }
        };
        words.push(format!("{} → {}", list(before), list(after)));
    }
    words
}

/// Rows for IPv4 by their words; those for this machine's own addresses follow from its adapters.
fn rows(routes: &[Route]) -> BTreeMap<String, &Route> {
    let is_own = |row: &&Route| {
        matches!(
            row.kind,
            RouteKind::Local | RouteKind::Broadcast | RouteKind::Multicast
        )
    };
    routes
        .iter()
        .filter(|row| row.destination.addr().is_ipv4() && !is_own(row))
        .map(|row| (row.describe(), row))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn system(json: &str) -> System {
        serde_json::from_str(json).expect("a system")
    }

    #[test]
    fn what_went_away_is_told_and_what_stayed_is_not() {
        let before = system(
            r#"{ "adapters": [ { "name": "eth0", "enabled": true, "carrier": true, "addresses": [{ "net": "192.168.1.5/24" }] },
                               { "name": "virbr0", "enabled": true, "addresses": [{ "net": "192.168.122.1/24" }] },
                               { "name": "vnet0", "enabled": true, "master": "virbr0", "addresses": [] } ],
                 "routes": [ { "destination": "0.0.0.0/0", "via": "192.168.1.1", "adapter": "eth0" },
                             { "destination": "192.168.122.0/24", "adapter": "virbr0" } ] }"#,
        );
        let after = system(
            r#"{ "adapters": [ { "name": "eth0", "enabled": true, "carrier": false, "addresses": [{ "net": "192.168.1.5/24" }] },
                               { "name": "vnet0", "enabled": true, "addresses": [] },
                               { "name": "new0", "enabled": true, "addresses": [] } ],
                 "routes": [ { "destination": "0.0.0.0/0", "via": "192.168.1.1", "adapter": "eth0" } ] }"#,
        );
        let words: Vec<String> = changes(&before, &after).into_iter().map(|one| one.what).collect();
        assert_eq!(
            words,
            [
                "eth0: NO-CARRIER",
                "virbr0: —",
                "vnet0: master virbr0 → —",
                "- 192.168.122.0/24 dev virbr0"
            ]
        );
        assert_eq!(changes(&before, &before), []);
        // What was not read again is not gone, nor is what one of the two does not tell.
        let untold = system(
            r#"{ "adapters": [ { "name": "eth0", "addresses": [{ "net": "192.168.1.5/24" }] }, { "name": "virbr0" },
                               { "name": "vnet0", "master": "virbr0" } ] }"#,
        );
        assert_eq!(changes(&before, &untold), []);
        assert_eq!(changes(&before, &System::default()), []);
    }
}
