//! A fix is told by what it changed, and by nothing else.

use super::*;
use crate::diagnose::diagnose;

const BEFORE: &str = r#"{ "schema": 1,
  "intake": { "hypervisor": "libvirt", "mode": "nat", "vm": "web01", "guest_ip": "192.168.122.11" },
  "host": { "os": "linux",
    "adapters": [ { "name": "virbr0", "kind": "bridge", "enabled": false, "addresses": [{ "net": "192.168.122.1/24" }] } ],
    "routes": [ { "destination": "192.168.1.0/24", "adapter": "enp3s0" } ],
    "rules": [],
    "kernel": { "net.ipv4.ip_forward": "0" },
    "services": [ { "name": "libvirtd.service", "state": "stopped" } ],
    "neighbors": [ { "address": "192.168.1.1", "mac": "a4:2b:b0:c1:d2:e3", "adapter": "enp3s0", "state": "reachable" } ],
    "filter": { "chains": [ { "backend": "nft", "family": "inet", "table": "own", "name": "input", "hook": "input", "policy": "drop",
      "rules": [ { "matches": [], "action": "drop", "text": "counter packets 5 bytes 300 drop" } ] } ], "complete": true } },
  "probes": [ { "from": "host", "to": "192.168.122.11", "result": { "echo": { "sent": 3, "received": 0 } }, "source": "live" },
              { "from": "host", "to": "192.168.122.11", "result": { "tcp": { "port": 22, "outcome": "timed-out" } }, "source": "live" } ] }"#;

fn after() -> String {
    BEFORE
        .replace(r#""enabled": false"#, r#""enabled": true"#)
        .replace(
            r#"{ "destination": "192.168.1.0/24", "adapter": "enp3s0" }"#,
            r#"{ "destination": "192.168.1.0/24", "adapter": "enp3s0" }, { "destination": "192.168.122.0/24", "adapter": "virbr0" }"#,
        )
        .replace(r#""state": "reachable""#, r#""state": "stale""#)
        .replace("packets 5 bytes 300", "packets 77 bytes 4620")
        .replace(r#""received": 0"#, r#""received": 3, "times_us": [310, 290, 300]"#)
        .replace(r#""ip_forward": "0""#, r#""ip_forward": "1""#)
        .replace("net.ipv4.ip_forward\": \"0", "net.ipv4.ip_forward\": \"1")
        .replace("stopped", "running")
}

fn compared(before: &str, after: &str) -> Comparison {
    let read = |text: &str| crate::parse::resolve(&Case::from_json(text).expect("a case"));
    let (before, after) = (read(before), read(after));
    compare((&before, &diagnose(&before)), (&after, &diagnose(&after)))
}

fn told(comparison: &Comparison) -> Vec<String> {
    let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "–".to_owned());
    let rows = comparison.changes.iter();
    rows.map(|change| {
        let (before, after) = (text(&change.before), text(&change.after));
        format!("{:?} {}: {before} → {after}", change.what, change.name)
    })
    .collect()
}

#[test]
fn nothing_changed_is_nothing_told() {
    let same = compared(BEFORE, BEFORE);
    assert_eq!(
        (same.outcome, same.changes.len(), same.new.len()),
        (Outcome::Same, 0, 0)
    );
    assert_eq!(same.cause, Some(("host-vnic-down", Fate::StillThere)));
    let fine = after();
    let both_fine = compared(&fine, &fine);
    assert_eq!((both_fine.outcome, both_fine.cause), (Outcome::StillFine, None));
}

#[test]
fn a_cure_is_told_by_what_it_changed() {
    let cured = compared(BEFORE, &after());
    assert_eq!(cured.outcome, Outcome::Cured);
    assert_eq!(cured.cause, Some(("host-vnic-down", Fate::Gone)));
    // Counters, times, and the age of a neighbor change by themselves.
    assert_eq!(
        told(&cured),
        [
            "Probe echo 192.168.122.11: no answer → answered",
            "Adapter virbr0: down 192.168.122.1/24 → up 192.168.122.1/24",
            "Route : – → 192.168.122.0/24 dev virbr0",
            "KernelSwitch net.ipv4.ip_forward: 0 → 1",
            "Service libvirtd.service: stopped → running",
        ]
    );
    assert_eq!(compared(&after(), BEFORE).outcome, Outcome::Worse);
}

#[test]
fn what_was_not_read_again_did_not_change() {
    let mut case = Case::from_json(&after()).expect("a case");
    case.host.routes = crate::model::Fact::default();
    case.host.filter = crate::model::Fact::default();
    case.host.services = crate::model::Fact::default();
    case.probes.clear();
    let poorer = compared(BEFORE, &case.to_json());
    assert!(
        poorer
            .changes
            .iter()
            .all(|change| matches!(change.what, Subject::Adapter | Subject::KernelSwitch)),
        "{:#?}",
        poorer.changes
    );
    // Nothing was tried: the cause may be gone, which nobody knows yet.
    assert_eq!(poorer.cause, Some(("host-vnic-down", Fate::Unknown)));
}

#[test]
fn rules_that_came_and_went_are_told_by_their_words() {
    let opened = BEFORE
        .replace(r#""policy": "drop""#, r#""policy": "accept""#)
        .replace(
            r#"{ "matches": [], "action": "drop", "text": "counter packets 5 bytes 300 drop" }"#,
            r#"{ "matches": [], "action": "accept", "text": "iifname \"virbr0\" accept" }"#,
        );
    let rules = told(&compared(BEFORE, &opened));
    assert_eq!(
        rules,
        [
            "Filter : – → own input: iifname \"virbr0\" accept",
            "Filter : own input: drop → –",
            "Filter own input (inet): policy drop → policy accept",
        ]
    );
}

/// A guest whose echo alone stays unanswered, with what else is known of it.
fn silent_guest(state: &str, neighbor: &str, more: &str) -> String {
    format!(
        r#"{{ "schema": 1, "intake": {{ "hypervisor": "libvirt", "mode": "nat", "vm": "web01", "guest_ip": "192.168.122.11" }},
          "host": {{ "os": "linux", "rules": [],
            "adapters": [ {{ "name": "virbr0", "kind": "bridge", "enabled": true, "carrier": true, "addresses": [{{ "net": "192.168.122.1/24" }}] }} ],
            "routes": [ {{ "destination": "192.168.122.0/24", "adapter": "virbr0" }} ],
            "neighbors": [ {{ "address": "192.168.122.11", "mac": "52:54:00:aa:bb:01", "adapter": "virbr0", "state": "{neighbor}" }} ] }},
          "hypervisors": [ {{ "id": "libvirt", "machines": [ {{ "name": "web01", "state": "{state}",
            "nics": [ {{ "mode": "nat", "network": "default", "mac": "52:54:00:aa:bb:01" }} ] }} ] }} ],
          "probes": [ {{ "to": "192.168.122.11", "result": {{ "echo": {{ "sent": 3, "received": 0 }} }}, "source": "live" }} {more} ] }}"#
    )
}

#[test]
fn a_cause_that_something_else_hides_now_is_not_gone() {
    let port = |outcome: &str| {
        format!(
            r#", {{ "to": "192.168.122.11", "result": {{ "tcp": {{ "port": 22, "outcome": "{outcome}" }} }}, "source": "live" }}"#
        )
    };
    let filtered = silent_guest("running", "reachable", &port("connected"));
    let off = silent_guest("off", "failed", &port("timed-out"));
    let hidden = compared(&filtered, &off);
    assert_eq!(hidden.cause, Some(("guest-firewall-blocks-icmp", Fate::Unknown)));
    assert_eq!(
        (hidden.outcome, hidden.new.as_slice()),
        (Outcome::Unclear, &["vm-not-running"][..])
    );
    // The other way round the machine runs now for sure: packets come to what is behind it.
    let uncovered = compared(&off, &filtered);
    assert_eq!(uncovered.cause, Some(("vm-not-running", Fate::Gone)));
    assert_eq!(uncovered.outcome, Outcome::Other);
}

#[test]
fn a_cause_that_is_named_second_now_is_still_there() {
    let read = |text: &str| crate::parse::resolve(&Case::from_json(text).expect("a case"));
    let filtered = read(&silent_guest("running", "reachable", ""));
    let old = diagnose(&filtered);
    let before_it = diagnose(&read(BEFORE)).causes;
    let mut new = old.clone();
    new.causes.splice(0..0, before_it);
    let both = compare((&filtered, &old), (&filtered, &new));
    let first = old.causes.first().expect("a cause").id;
    assert_eq!(new.causes.first().map(|cause| cause.id), Some("host-vnic-down"));
    assert_eq!(
        (both.outcome, both.cause),
        (Outcome::Same, Some((first, Fate::StillThere)))
    );
}
