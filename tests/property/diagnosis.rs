//! The diagnosis on cases that nobody thought of: it never panics, says the same twice, always has something to do
//! about what it names, and never becomes sure of something because less is known.

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use serde_json::Value;
use vmnet_doctor::diagnose::{Confidence, Diagnosis, diagnose, rules};
use vmnet_doctor::model::Case;
use vmnet_doctor::parse;

use super::source::{Source, values};

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_case_gets_a_sound_answer(case in values::<Case>(8000)) {
        let resolved = parse::resolve(&case);
        let diagnosis = diagnose(&resolved);
        sound(&resolved, &diagnosis).map_err(TestCaseError::fail)?;
    }
}

/// What must hold for every answer.
fn sound(case: &Case, diagnosis: &Diagnosis) -> Result<(), String> {
    if diagnose(case) != *diagnosis {
        return Err("the same case got another answer the second time".to_owned());
    }
    for cause in &diagnosis.causes {
        if cause.remedy.is_empty() {
            return Err(format!("nothing to do about {}", cause.id));
        }
        if cause.evidence.is_empty() {
            return Err(format!("{} stands on nothing", cause.id));
        }
    }
    Ok(())
}

/// Facts that a scenario may lose: none of them says anything by being absent. Rows of tables stay, for a table
/// that is known and lacks a row says that there is none.
fn may_be_lost(path: &[String]) -> bool {
    const OF_A_MACHINE: [&str; 21] = [
        "adapters",
        "routes",
        "rules",
        "look_ups",
        "neighbors",
        "bridge_entries",
        "kernel",
        "filter",
        "filter_managers",
        "firewall",
        "mac_firewall",
        "listeners",
        "services",
        "processes",
        "dns",
        "hosts",
        "port_proxies",
        "settings",
        "devices",
        "proxies",
        "refusals",
    ];
    const OF_AN_ADAPTER: [&str; 6] = ["enabled", "carrier", "addresses", "mtu", "dhcp", "forwarding"];
    const OF_A_NETWORK: [&str; 9] = [
        "active",
        "autostart",
        "nat",
        "dhcp",
        "leases",
        "segment",
        "host_address",
        "nat_address",
        "host_adapter_wanted",
    ];
    const OF_A_CARD: [&str; 3] = ["cable_connected", "mac", "addresses"];
    let plain: Vec<&str> = path
        .iter()
        .map(String::as_str)
        .filter(|key| *key != "value")
        .collect();
    let [.., last] = plain.as_slice() else {
        return false;
    };
    match plain.as_slice() {
        ["host" | "guest" | "guest2" | "lan", fact] => OF_A_MACHINE.contains(fact),
        ["host" | "guest" | "guest2" | "lan", "adapters", _, field] => OF_AN_ADAPTER.contains(field),
        ["hypervisors", _] => true,
        [
            "hypervisors",
            _,
            "networks" | "machines" | "installed" | "running",
        ] => true,
        ["hypervisors", _, "networks", _, field] => OF_A_NETWORK.contains(field),
        ["hypervisors", _, "machines", _, "nics", _, field] => OF_A_CARD.contains(field),
        ["intake", _] => ["hypervisor", "mode", "guest_os", "vm", "nic"].contains(last),
        ["probes", _] => true,
        _ => false,
    }
}

fn losable(value: &Value, path: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    if may_be_lost(path) {
        found.push(path.clone());
    }
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(map) => map.iter().map(|(key, inner)| (key.clone(), inner)).collect(),
        Value::Array(rows) => rows
            .iter()
            .enumerate()
            .map(|(at, inner)| (at.to_string(), inner))
            .collect(),
        _ => return,
    };
    for (key, inner) in inner {
        path.push(key);
        losable(inner, path, found);
        path.pop();
    }
}

fn lose(value: &mut Value, path: &[String]) {
    let Some((last, above)) = path.split_last() else {
        return;
    };
    let mut at = value;
    for key in above {
        let inner = match at {
            Value::Object(map) => map.get_mut(key),
            Value::Array(rows) => key.parse::<usize>().ok().and_then(|index| rows.get_mut(index)),
            _ => None,
        };
        let Some(inner) = inner else { return };
        at = inner;
    }
    match at {
        Value::Object(map) => drop(map.remove(last)),
        // Taken out after all, so that the other places keep their numbers.
        Value::Array(rows) => {
            if let Some(row) = last.parse::<usize>().ok().and_then(|index| rows.get_mut(index)) {
                *row = Value::Null;
            }
        }
        _ => {}
    }
}

fn drop_lost_rows(value: &mut Value) {
    for list in ["probes", "hypervisors", "outputs"] {
        if let Some(rows) = value.get_mut(list).and_then(Value::as_array_mut) {
            rows.retain(|row| !row.is_null());
        }
    }
}

/// Every scenario, in the order of their paths.
pub fn scenarios() -> Vec<(PathBuf, Value)> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios")];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(&folder)
            .expect("a folder")
            .flatten()
            .map(|entry| entry.path())
        {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "json") {
                let text = std::fs::read_to_string(&path).expect("a file");
                found.push((path, serde_json::from_str(&text).expect("JSON")));
            }
        }
    }
    found.sort_by(|(a, _), (b, _)| a.cmp(b));
    assert!(found.len() > 40, "only {} scenarios", found.len());
    found
}

/// A case that lost these facts.
fn without(value: &Value, lost: &[Vec<String>]) -> Value {
    let mut poorer = value.clone();
    lost.iter().for_each(|path| lose(&mut poorer, path));
    drop_lost_rows(&mut poorer);
    poorer
}

/// The causes that a scenario names by themselves: those it must get, and those that are literally true of its machines as
/// well, but silent for as long as what they follow from is known.
fn true_of(scenario: &Value) -> Vec<&str> {
    let expect = &scenario["expect"];
    let causes = expect["causes"].as_array().into_iter().flatten();
    let silent = expect["silent"].as_object().into_iter().flatten();
    causes
        .filter_map(Value::as_str)
        .chain(silent.map(|(id, _)| id.as_str()))
        .collect()
}

/// What is confirmed of `changed`, and is none of the causes of the scenario `value`.
fn sure_of_another(value: &Value, changed: &Value) -> Result<Vec<&'static str>, String> {
    let case = Case::from_json(&changed.to_string()).map_err(|error| error.to_string())?;
    let resolved = parse::resolve(&case);
    let diagnosis = diagnose(&resolved);
    sound(&resolved, &diagnosis)?;
    let own = true_of(value);
    Ok(diagnosis
        .causes
        .iter()
        .filter(|cause| cause.confidence == Confidence::Confirmed)
        .map(|cause| cause.id)
        .filter(|id| !own.contains(id))
        .collect())
}

/// The same where facts of the guest, of what was tried or of what was told are lost or damaged, too: what follows from the causes of the scenario, and
/// what the mode that was told has no way for, is no
/// accusation of something else.
pub fn wrongly_sure(value: &Value, changed: &Value) -> Result<Vec<&'static str>, String> {
    let own = true_of(value);
    let follows = |id: &str| {
        rules::find(id).is_some_and(|rule| rule.follows_from.iter().any(|deeper| own.contains(deeper)))
    };
    let mode_told = value["intake"]["mode"].is_string();
    let by_design = |id: &str| rules::find(id).is_some_and(|rule| rule.effect == rules::Effect::ByDesign);
    let mut others = sure_of_another(value, changed)?;
    others.retain(|id| !(follows(id) || mode_told && by_design(id)));
    Ok(others)
}

/// A case with fewer facts may be unsure, or name less; it must not be sure of what the full case does not name.
#[test]
fn losing_facts_never_makes_the_diagnosis_sure_of_something_else() {
    const TRIES: u64 = 60;
    let mut wrong = Vec::new();
    for (number, (path, value)) in scenarios().iter().enumerate() {
        let mut facts = Vec::new();
        losable(value, &mut Vec::new(), &mut facts);
        let name = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        // Each fact by itself, then seeded handfuls.
        let singles = facts.iter().map(|fact| vec![fact.clone()]);
        let handfuls = (0..TRIES).map(|seed| {
            let mut source = Source::new(bytes(number as u64 * TRIES + seed));
            let share = [16, 48, 96, 160][source.below(4)];
            facts
                .iter()
                .filter(|_| source.wants(share))
                .cloned()
                .collect::<Vec<_>>()
        });
        let mut seen = Vec::new();
        for lost in singles.chain(handfuls) {
            match wrongly_sure(value, &without(value, &lost)) {
                Ok(new) => {
                    for id in new {
                        if !seen.contains(&id) {
                            seen.push(id);
                            wrong.push(format!("{name}: {id} without {}", spelled(&lost)));
                        }
                    }
                }
                Err(why) => wrong.push(format!("{name}: {why} without {}", spelled(&lost))),
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// With half of what is known of the host gone, chosen by seed, nothing else is ever confirmed.
#[test]
fn half_of_the_host_facts_are_enough_never_to_be_sure_of_the_wrong_cause() {
    const TRIES: u64 = 24;
    let mut wrong = Vec::new();
    for (number, (path, value)) in scenarios().iter().enumerate() {
        let mut facts = Vec::new();
        losable(value, &mut Vec::new(), &mut facts);
        facts.retain(|fact| {
            fact.first()
                .is_some_and(|first| first == "host" || first == "hypervisors")
        });
        // Raw outputs of the host are facts of the host, too.
        let outputs = value["outputs"].as_array().map_or(0, Vec::len);
        let printed =
            (0..outputs).filter(|at| value["outputs"][at]["on"].as_str().is_none_or(|on| on == "host"));
        facts.extend(printed.map(|at| vec!["outputs".to_owned(), at.to_string()]));
        for seed in 0..TRIES {
            let mut source = Source::new(bytes(0x5eed_0000 + number as u64 * TRIES + seed));
            let lost: Vec<Vec<String>> = facts.iter().filter(|_| source.wants(128)).cloned().collect();
            match sure_of_another(value, &without(value, &lost)) {
                Ok(new) if new.is_empty() => {}
                Ok(new) => wrong.push(format!("{}: {new:?} without {}", path.display(), spelled(&lost))),
                Err(why) => wrong.push(format!("{}: {why} without {}", path.display(), spelled(&lost))),
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// Tables whose order means nothing may stand in any order.
#[test]
fn the_order_of_facts_leaves_no_trace() {
    const TABLES: [&str; 7] = [
        "adapters",
        "neighbors",
        "bridge_entries",
        "services",
        "processes",
        "listeners",
        "filter_managers",
    ];
    let answer = |value: &Value| {
        let case = Case::from_json(&value.to_string()).expect("a case");
        let diagnosis = diagnose(&parse::resolve(&case));
        let causes: Vec<_> = diagnosis
            .causes
            .iter()
            .map(|cause| (cause.id, cause.confidence))
            .collect();
        (diagnosis.verdict, causes)
    };
    let mut wrong = Vec::new();
    for (path, value) in scenarios() {
        let mut turned = value.clone();
        for machine in ["host", "guest", "guest2", "lan"] {
            for table in TABLES {
                let Some(fact) = turned.get_mut(machine).and_then(|machine| machine.get_mut(table)) else {
                    continue;
                };
                let rows = if fact.is_array() {
                    Some(fact)
                } else {
                    fact.get_mut("value")
                };
                if let Some(rows) = rows.and_then(Value::as_array_mut) {
                    rows.reverse();
                }
            }
        }
        let (usual, other) = (answer(&value), answer(&turned));
        if usual != other {
            wrong.push(format!("{}: {usual:?} became {other:?}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

fn spelled(lost: &[Vec<String>]) -> String {
    lost.iter()
        .map(|path| path.join("."))
        .collect::<Vec<_>>()
        .join(", ")
}

/// Bytes that look random and are the same in every run (splitmix64).
pub fn bytes(seed: u64) -> Vec<u8> {
    let mut state = seed;
    (0..64)
        .flat_map(|_| {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut mixed = state;
            mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
            (mixed ^ mixed >> 31).to_le_bytes()
        })
        .collect()
}
