//! Saving and opening: nothing is lost, nothing unknown is an error, nothing broken panics.

use proptest::prelude::*;
use serde_json::{Value, json};
use vmnet_doctor::model::{
    AdapterKind, Case, CaseError, Fact, HypervisorId, Mode, NeighborState, Os, PowerState, ServiceState, Why,
};

use super::source::values;

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn saving_and_opening_gives_the_same_case(case in values::<Case>(6000)) {
        let text = case.to_json();
        let again = Case::from_json(&text).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(&again, &case);
        prop_assert_eq!(again.to_json(), text);
    }

    #[test]
    fn fields_of_a_newer_program_are_ignored(case in values::<Case>(3000)) {
        let mut value: Value = serde_json::from_str(&case.to_json()).expect("our own text");
        add_everywhere(&mut value, &mut String::new());
        let again = Case::from_json(&value.to_string()).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(again, case);
    }

    #[test]
    fn text_of_any_kind_is_a_case_or_an_error(text in "\\PC{0,200}|[\\[\\]{}\":,a-z0-9 ]{0,200}") {
        let _ = Case::from_json(&text);
    }

    #[test]
    fn a_case_with_any_part_replaced_is_a_case_or_an_error(
        case in values::<Case>(2000), at in any::<prop::sample::Index>(), by in 0..8_usize
    ) {
        let mut value: Value = serde_json::from_str(&case.to_json()).expect("our own text");
        let by = [json!(null), json!(-1), json!("x"), json!([]), json!({}), json!(1e300), json!([[[{}]]]), json!(true)][by].clone();
        let count = count(&value);
        replace(&mut value, &mut at.index(count), &by);
        let _ = Case::from_json(&value.to_string());
    }
}

/// Objects whose keys are data: names of switches and settings, and variants of enums.
const FREE: [&str; 10] = [
    "kernel", "settings", "action", "on", "result", "policy", "value", "unknown", "mark", "case",
];

fn add_everywhere(value: &mut Value, under: &mut String) {
    match value {
        Value::Object(map) => {
            for (key, inner) in map.iter_mut() {
                add_everywhere(inner, &mut key.clone());
            }
            if !FREE.contains(&under.as_str()) {
                map.insert("from_the_future".to_owned(), json!({"a": [1, null, "x"]}));
            }
        }
        Value::Array(rows) => rows.iter_mut().for_each(|row| add_everywhere(row, under)),
        _ => {}
    }
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Object(map) => map.values().map(count).sum(),
        Value::Array(rows) => rows.iter().map(count).sum(),
        _ => 0,
    }
}

fn replace(value: &mut Value, left: &mut usize, by: &Value) {
    if *left == 0 {
        *value = by.clone();
        *left = usize::MAX;
        return;
    }
    *left -= 1;
    let inner: Box<dyn Iterator<Item = &mut Value>> = match value {
        Value::Object(map) => Box::new(map.values_mut()),
        Value::Array(rows) => Box::new(rows.iter_mut()),
        _ => return,
    };
    for one in inner {
        if *left == usize::MAX {
            return;
        }
        replace(one, left, by);
    }
}

#[test]
fn a_file_cut_off_anywhere_is_an_error() {
    let text = std::fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/property/small_case.json"
    ))
    .expect("the case beside this file");
    Case::from_json(&text).expect("whole, it is a case");
    let whole = text.trim_end();
    for end in (0..whole.len()).filter(|end| whole.is_char_boundary(*end)) {
        assert!(
            matches!(Case::from_json(&whole[..end]), Err(CaseError::Shape(_))),
            "cut off at {end}"
        );
    }
}

#[test]
fn a_file_with_any_byte_changed_never_panics() {
    let text = std::fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/property/small_case.json"
    ))
    .expect("the case beside this file");
    for at in 0..text.len() {
        for byte in [b'"', b'{', b'0', b'\\', 0] {
            let mut bytes = text.clone().into_bytes();
            bytes[at] = byte;
            if let Ok(text) = String::from_utf8(bytes) {
                let _ = Case::from_json(&text);
            }
        }
    }
}

#[test]
fn names_that_this_program_does_not_know_become_other() {
    let text = r#"{
        "intake": { "hypervisor": "xen-next", "mode": "quantum", "host_os": "haiku", "guest_os": "plan9" },
        "host": { "adapters": [ { "name": "x", "kind": "photon" } ],
                  "neighbors": [ { "address": "10.0.0.1", "state": "dreaming" } ],
                  "services": [ { "name": "s", "state": "confused", "start": "sometimes" } ] },
        "hypervisors": [ { "id": "xen-next", "machines": [ { "name": "m", "state": "hovering" } ],
                           "networks": { "unknown": { "why": "too-lazy" } } } ]
    }"#;
    let case = Case::from_json(text).expect("a case");
    assert_eq!(case.intake.hypervisor, Some(HypervisorId::Other));
    assert_eq!(case.intake.mode, Some(Mode::Other));
    assert_eq!(
        (case.intake.host_os, case.intake.guest_os),
        (Some(Os::Other), Some(Os::Other))
    );
    assert_eq!(case.host.adapters.rows()[0].kind, AdapterKind::Unknown);
    assert_eq!(case.host.neighbors.rows()[0].state, NeighborState::Unknown);
    assert_eq!(case.host.services.rows()[0].state, ServiceState::Unknown);
    assert_eq!(case.hypervisors[0].id, HypervisorId::Other);
    assert_eq!(case.hypervisors[0].machines.rows()[0].state, PowerState::Unknown);
    assert_eq!(
        case.hypervisors[0].networks.gap().map(|gap| gap.why),
        Some(Why::NotAsked)
    );
}

/// Unknown is not false: a firewall that cannot be read is no firewall without rules.
#[test]
fn a_fact_that_cannot_be_read_is_never_an_empty_one() {
    for fact in [
        r#"{ "value": { "profiles": 7 }, "source": "netsh" }"#,
        r#"{ "unknown": { "why": 5 } }"#,
        r#"{ "value": 3 }"#,
    ] {
        let text = format!(r#"{{ "host": {{ "firewall": {fact} }} }}"#);
        if let Ok(case) = Case::from_json(&text) {
            assert!(
                !case.host.firewall.is_known(),
                "{fact} became {:?}",
                case.host.firewall
            );
        }
    }
    let bare = r#"{ "host": { "firewall": { "profiles": [ { "name": "public", "enabled": true } ] } } }"#;
    let case = Case::from_json(bare).expect("a case");
    assert!(
        matches!(&case.host.firewall, Fact::Known(firewall, source) if firewall.profiles.len() == 1 && source == "case file")
    );
}

#[test]
fn other_schemas_kinds_and_sizes_are_told_apart() {
    assert!(matches!(
        Case::from_json(r#"{"schema": 2}"#),
        Err(CaseError::Schema(2))
    ));
    assert!(matches!(Case::from_json(r#"{"kind": "ping"}"#), Err(CaseError::Kind(kind)) if kind == "ping"));
    assert!(matches!(
        Case::from_json(&" ".repeat(64 * 1024 * 1024 + 1)),
        Err(CaseError::TooLarge(_))
    ));
    let deep = format!(r#"{{"host": {}{} }}"#, "[".repeat(100_000), "]".repeat(100_000));
    assert!(matches!(Case::from_json(&deep), Err(CaseError::Shape(_))));
}
