//! The choice by itself, and what is asked in cases.

use super::candidates::{Group, Way};
use super::choose::{best, gain};
use super::*;
use crate::diagnose::Station;
use crate::model::{Case, HypervisorId};

fn causes(named: &[(&str, u64)]) -> Vec<Standing> {
    let standing = named.iter().map(|(id, weight)| Standing {
        rule: rules::find(id).expect("a cause"),
        weight: *weight,
    });
    standing.collect()
}

const fn candidate(text: &'static str, cost: u64, groups: &'static [Group]) -> Candidate {
    Candidate {
        text,
        way: Way::GuestScript,
        cost,
        groups,
        open: |_| true,
    }
}

const ICMP: Group = Group {
    stations: &[],
    ids: &["guest-firewall-blocks-icmp"],
    apart: true,
};
const GUEST: Group = Group {
    stations: &[Station::GuestFirewall],
    ids: &[],
    apart: true,
};
const HOST: Group = Group {
    stations: &[Station::HostFirewall],
    ids: &[],
    apart: false,
};

#[test]
fn the_gain_is_the_weight_that_falls_away() {
    let standing = causes(&[
        ("guest-firewall-blocks-icmp", 2),
        ("guest-firewall-blocks-inbound", 1),
        ("host-firewall-blocks-outbound", 1),
    ]);
    // 16 of the whole squared; the outcomes leave 2 and 2, or 2, 1 and 1, or all.
    assert_eq!(gain(&standing, &[ICMP]), 16 - 4 - 4);
    assert_eq!(gain(&standing, &[GUEST]), 16 - 4 - 1 - 1);
    assert_eq!(gain(&standing, &[]), 0);
    assert_eq!(gain(&[], &[ICMP]), 0);
    // What splits nothing of what stands is worth nothing.
    let only = causes(&[("guest-firewall-blocks-icmp", 5)]);
    assert_eq!(gain(&only, &[ICMP, GUEST, HOST]), 0);
}

#[test]
fn the_cheaper_of_two_that_tell_alike_and_the_stronger_of_two_that_cost_alike() {
    let standing = causes(&[
        ("guest-firewall-blocks-icmp", 2),
        ("guest-firewall-blocks-inbound", 1),
        ("host-firewall-blocks-outbound", 1),
    ]);
    const CHEAP: Candidate = candidate("cheap", 10, &[ICMP]);
    const DEAR: Candidate = candidate("dear", 60, &[ICMP]);
    const STRONG: Candidate = candidate("strong", 10, &[GUEST]);
    const USELESS: Candidate = candidate("useless", 1, &[]);
    let chosen = |all: &[&'static Candidate]| best(&standing, all).map(|candidate| candidate.text);
    assert_eq!(chosen(&[&DEAR, &CHEAP]), Some("cheap"));
    assert_eq!(chosen(&[&CHEAP, &STRONG]), Some("strong"));
    assert_eq!(chosen(&[&STRONG, &CHEAP, &DEAR, &USELESS]), Some("strong"));
    assert_eq!(chosen(&[&USELESS]), None);
    assert_eq!(chosen(&[]), None);
}

#[test]
fn every_id_of_the_data_is_one_that_the_catalogue_knows() {
    let catalogue = include_str!("../../../tests/scenarios/catalogue.txt");
    let known: Vec<&str> = catalogue
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    for id in CANDIDATES
        .iter()
        .flat_map(|one| one.groups)
        .flat_map(|group| group.ids)
    {
        assert!(known.contains(id), "{id}");
    }
}

fn asked(json: &str) -> Option<(NextKind, &'static str, Option<String>)> {
    let case = Case::from_json(json).expect("a case");
    let next = crate::diagnose::diagnose(&crate::parse::resolve(&case)).next?;
    Some((next.kind, next.text.key, next.command))
}

const SEGMENT: &str = r#""host": { "os": "linux",
    "adapters": [ { "name": "virbr0", "kind": "bridge", "enabled": true, "addresses": [{ "net": "192.168.122.1/24" }] } ],
    "routes": [ { "destination": "192.168.122.0/24", "adapter": "virbr0" } ], "rules": [] }"#;

#[test]
fn what_must_be_known_first_is_asked_first() {
    let nothing = format!(r#"{{ "schema": 1, "intake": {{ "vm": "web01" }}, {SEGMENT} }}"#);
    assert_eq!(
        asked(&nothing).map(|(kind, key, _)| (kind, key)),
        Some((NextKind::Question, "next-guest-address"))
    );
    let from_inside = format!(
        r#"{{ "schema": 1, "intake": {{ "from": "guest", "to": "host", "guest_ip": "192.168.122.11" }}, {SEGMENT} }}"#
    );
    assert_eq!(asked(&from_inside).map(|(kind, ..)| kind), Some(NextKind::Paste));
}

#[test]
fn the_guests_line_comes_with_that_of_the_products_tools_where_the_machine_is_known() {
    let through = |state: &str, id: &str| {
        let case = Case::from_json(&format!(
            r#"{{ "schema": 1, "intake": {{ "from": "guest", "to": "host", "guest_ip": "192.168.122.11", "guest_os": "linux" }}, {SEGMENT},
             "hypervisors": [ {{ "id": "{id}", "machines": [ {{ "name": "web 01", "state": "{state}",
               "nics": [ {{ "slot": 0, "mode": "nat", "addresses": [{{ "address": "192.168.122.11" }}] }} ] }} ] }} ] }}"#
        ));
        let next = crate::diagnose::diagnose(&case.expect("a case")).next?;
        assert_eq!(next.kind, NextKind::Paste);
        next.through
    };
    let line = through("running", "libvirt").expect("a line");
    assert_eq!(line.product, HypervisorId::Libvirt);
    assert!(line.command.contains(" sh 'web 01' '{"), "{}", line.command);
    // No path of a machine file is known here, and no tool of QEMU itself runs anything.
    for id in ["vmware-workstation", "qemu"] {
        assert_eq!(through("running", id), None, "{id}");
    }
    let nobody = format!(
        r#"{{ "schema": 1, "intake": {{ "hypervisor": "libvirt", "from": "guest", "to": "host", "guest_ip": "192.168.122.11" }}, {SEGMENT} }}"#
    );
    let next = crate::diagnose::diagnose(&Case::from_json(&nobody).expect("a case")).next;
    assert_eq!(next.and_then(|next| next.through), None);
}

#[test]
fn a_remote_hypervisor_is_asked_for_itself() {
    let silent = |more: &str| {
        format!(
            r#"{{ "schema": 1, "intake": {{ "hypervisor": "esxi", "mode": "bridged", "vm": "web01", "guest_ip": "192.168.122.11" }}, {SEGMENT},
             "probes": [ {{ "from": "host", "to": "192.168.122.11", "result": {{ "echo": {{ "sent": 3, "received": 0, "errors": [ {{ "kind": "host-unreachable", "by": "192.168.122.1", "count": 3 }} ] }} }} }},
              {{ "from": "host", "to": "192.168.122.11", "result": {{ "neighbor": {{ "adapter": "virbr0", "answered": false }} }} }} ],
             "outputs": [ {more} ] }}"#
        )
    };
    let case = Case::from_json(&silent("")).expect("a case");
    let next = crate::diagnose::diagnose(&case).next.expect("something is asked");
    assert_eq!(
        (next.kind, next.text.key, next.on, next.option),
        (
            NextKind::Paste,
            "next-hypervisor-script",
            Some(Where::Hypervisor),
            Some("--hypervisor-output")
        )
    );
    // Once its networks are known it is not asked again.
    let told = r#"{ "on": "esxi", "command": "esxcli network vswitch standard portgroup list", "text": "Name        Virtual Switch  Active Clients  VLAN ID\n----------  --------------  --------------  -------\nVM Network  vSwitch0                     2        0\n" }"#;
    assert_ne!(
        asked(&silent(told)).map(|(_, key, _)| key),
        Some("next-hypervisor-script")
    );
}

/// Nobody answers, and no product tells: the answer to what is asked changes the diagnosis.
#[test]
fn the_answer_is_taken_in_and_changes_the_diagnosis() {
    let silent = |more: &str| {
        format!(
            r#"{{ "schema": 1, "intake": {{ "hypervisor": "libvirt", "mode": "nat", "vm": "web01", "guest_ip": "192.168.122.11" }}, {SEGMENT},
             "outputs": [ {{ "on": "host", "command": "ping -c 3 192.168.122.11", "text": "PING 192.168.122.11 (192.168.122.11) 56(84) bytes of data.\nFrom 192.168.122.1 icmp_seq=1 Destination Host Unreachable\n\n--- 192.168.122.11 ping statistics ---\n3 packets transmitted, 0 received, +1 errors, 100% packet loss, time 2033ms\n" }}
             {more} ] }}"#
        )
    };
    let (kind, key, command) = asked(&silent("")).expect("something is asked");
    assert_eq!((kind, key), (NextKind::Command, "next-machine-state"));
    let command = command.expect("a command");
    let answer = r#" Id   Name    State\n------------------------\n -    web01   shut off\n\n"#;
    let more = format!(r#", {{ "on": "host", "command": "{command}", "text": "{answer}" }}"#);
    let case = Case::from_json(&silent(&more)).expect("a case");
    let diagnosis = crate::diagnose::diagnose(&crate::parse::resolve(&case));
    let first = diagnosis.causes.first().expect("a cause");
    assert_eq!(
        (first.id, first.confidence),
        ("vm-not-running", Confidence::Confirmed)
    );
    assert_eq!(diagnosis.next, None);
}

/// Who is asked to run the script is the machine that the traffic starts from, and its answer is kept as that machine's.
#[test]
fn the_script_runs_where_the_traffic_starts() {
    let asked_from = |from: &str| {
        let json = format!(
            r#"{{ "schema": 1, "intake": {{ "from": "{from}", "to": "guest", "guest_ip": "192.168.122.11" }}, {SEGMENT} }}"#
        );
        let case = Case::from_json(&json).expect("a case");
        crate::diagnose::diagnose(&case).next.expect("something is asked")
    };
    let lan = asked_from("lan");
    assert_eq!(
        (lan.text.key, lan.on, lan.option),
        ("next-lan-script", Some(Where::Lan), Some("--lan-output"))
    );
    assert!(
        lan.command
            .is_some_and(|line| line.contains("'ping -c 2 -W 1 192.168.122.11'"))
    );
    let second = asked_from("guest2");
    assert_eq!(
        (second.text.key, second.on, second.option),
        ("next-guest2-script", Some(Where::Guest2), Some("--guest2-output"))
    );
}

fn lost(neighbors: &str, port: &str) -> String {
    format!(
        r#"{{ "schema": 1, "intake": {{ "hypervisor": "libvirt", "mode": "nat", "guest_ip": "192.168.122.11"{port} }},
          "host": {{ "os": "linux", "rules": [], "neighbors": [ {neighbors} ],
            "adapters": [ {{ "name": "virbr0", "kind": "bridge", "enabled": true, "addresses": [{{ "net": "192.168.122.1/24" }}] }} ],
            "routes": [ {{ "destination": "192.168.122.0/24", "adapter": "virbr0" }} ] }},
          "probes": [ {{ "to": "192.168.122.11", "result": {{ "echo": {{ "sent": 3, "received": 0 }} }}, "source": "ping" }} ] }}"#
    )
}

fn is_open(text: &str, json: &str) -> bool {
    let case = Case::from_json(json).expect("a case");
    let s = Situation::of(&case);
    let candidate = CANDIDATES.iter().find(|candidate| candidate.text == text);
    (candidate.expect("a candidate").open)(&s)
}

#[test]
fn what_no_answer_can_tell_is_not_asked() {
    let row = |state: &str| {
        format!(
            r#"{{ "address": "192.168.122.11", "mac": "52:54:00:aa:bb:01", "adapter": "virbr0", "state": "{state}" }}"#
        )
    };
    // A table without the row was read: it would hold none the next time either.
    assert!(!is_open("next-neighbor", &lost("", "")));
    assert!(is_open(
        "next-neighbor",
        &lost("", "").replace(r#""neighbors": [  ],"#, "")
    ));
    assert!(is_open("next-neighbor", &lost(&row("stale"), "")));
    // No port answers where nobody answers for the address.
    assert!(!is_open("next-port", &lost(&row("failed"), "")));
    assert!(is_open("next-port", &lost(&row("reachable"), "")));
    let refused = lost(&row("reachable"), r#", "port": 22"#).replace(
        r#""probes": ["#,
        r#""probes": [ { "to": "192.168.122.11", "result": { "tcp": { "port": 22, "outcome": "refused" } }, "source": "nc" }, "#,
    );
    assert!(is_open("next-listeners", &refused));
    let listed = refused.replace(r#""probes": ["#, r#""guest": { "listeners": [] }, "probes": ["#);
    assert!(!is_open("next-listeners", &listed));
}
