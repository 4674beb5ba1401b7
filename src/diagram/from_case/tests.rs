//! Where everything of a case hangs.

use super::*;

fn case() -> Case {
    Case::from_json(
        r#"{
        "intake": { "vm": "web" },
        "host": {
            "adapters": [
                { "name": "lo", "kind": "loopback", "addresses": [{ "net": "127.0.0.1/8" }] },
                { "name": "virbr0", "kind": "bridge", "enabled": true, "addresses": [{ "net": "192.168.122.1/24" }] },
                { "name": "vnet0", "kind": "tap", "master": "virbr0" },
                { "name": "tun0", "kind": "tunnel", "enabled": true, "addresses": [{ "net": "10.8.0.6/16" }] },
                { "name": "eth0", "kind": "ethernet", "enabled": true, "addresses": [{ "net": "192.168.1.23/24" }] }
            ],
            "routes": [{ "destination": "0.0.0.0/0", "via": "192.168.1.1", "adapter": "eth0" }],
            "neighbors": [
                { "address": "192.168.1.1", "adapter": "eth0", "state": "reachable" },
                { "address": "192.168.1.7", "adapter": "eth0", "state": "stale" },
                { "address": "192.168.1.8", "adapter": "eth0", "state": "failed" }
            ]
        },
        "hypervisors": [
            { "id": "libvirt",
              "networks": [{ "name": "default", "mode": "nat", "host_adapter": "virbr0", "segment": "192.168.122.0/24" }],
              "machines": [
                { "name": "idle", "state": "off", "nics": [{ "mode": "nat", "network": "default" }] },
                { "name": "web", "state": "running", "nics": [
                    { "mode": "nat", "network": "default", "addresses": [{ "address": "192.168.122.50" }] },
                    { "slot": 1, "mode": "macvtap", "uplink": "eth0" }] },
                { "name": "tap", "state": "running", "nics": [{ "mode": "macvtap", "uplink": "eth0" }] }
              ] },
            { "id": "virtualbox", "networks": [], "machines": [
                { "name": "a", "state": "running", "nics": [{ "slot": 1, "mode": "nat" }] },
                { "name": "b", "state": "running", "nics": [{ "slot": 1, "mode": "nat" }, { "slot": 2, "mode": "internal", "network": "intnet" }] },
                { "name": "bare", "state": "off", "nics": [] }] }
        ] }"#,
    )
    .expect("a case")
}

fn hung(scene: &Scene, wire: usize) -> Vec<&str> {
    scene.wires[wire]
        .machines
        .iter()
        .map(|machine| machine.name.as_str())
        .collect()
}

#[test]
fn every_machine_hangs_where_its_card_is_plugged_in() {
    let scene = Scene::from_case(&case(), Language::English);
    let names: Vec<&str> = scene.wires.iter().map(|wire| wire.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "LAN",
            "default · NAT",
            "tun0 · VPN",
            "VirtualBox · NAT, one per VM",
            "intnet · internal",
            "Not connected"
        ]
    );
    // The router is no neighbor, and one who did not answer is none either.
    assert_eq!(hung(&scene, 0), ["tap", "1 device seen"]);
    assert_eq!(hung(&scene, 1), ["web", "idle"]);
    assert_eq!(hung(&scene, 3), ["a", "b"]);
    assert_eq!(hung(&scene, 5), ["bare"]);
    assert_eq!(scene.wires[1].machines[0].leads, [0]);
    assert_eq!(scene.wires[3].machines[1].leads, [4]);
    assert_eq!(
        scene.wires[1].port.as_ref().map(|port| port.name.as_str()),
        Some("virbr0")
    );
    assert!(scene.wires[3].port.is_none());
    let engines: Vec<(usize, usize)> = scene
        .engines
        .iter()
        .map(|engine| (engine.wire, engine.to))
        .collect();
    assert_eq!(engines, [(1, 0), (3, 0)]);
    assert_eq!(
        scene.internet.as_ref().map(|outside| outside.address.as_str()),
        Some("192.168.1.1")
    );
    let web = Who::Machine {
        hypervisor: HypervisorId::Libvirt,
        name: "web".to_owned(),
    };
    assert_eq!(scene.endpoint(&case(), Endpoint::Guest), Some(web));
}

#[test]
fn machines_of_no_known_product_hang_on_the_virtual_wire_they_were_seen_on() {
    let text = r#"{ "intake": INTAKE, "host": {
        "adapters": [
            { "name": "br-lab", "kind": "bridge", "enabled": true, "addresses": [{ "net": "192.168.199.1/24" }] },
            { "name": "tap0", "kind": "tap", "master": "br-lab" },
            { "name": "eth0", "kind": "ethernet", "enabled": true, "addresses": [{ "net": "192.168.1.23/24" }] }
        ],
        "neighbors": [
            { "address": "192.168.199.10", "mac": "52:54:00:00:00:10", "adapter": "br-lab", "state": "stale" },
            { "address": "192.168.199.11", "adapter": "br-lab", "state": "failed" },
            { "address": "192.168.1.7", "mac": "52:54:00:00:00:07", "adapter": "eth0", "state": "reachable" }
        ] } }"#;
    let case = |intake: &str| Case::from_json(&text.replace("INTAKE", intake)).expect("a case");
    let unsaid = case("{}");
    let scene = Scene::from_case(&unsaid, Language::English);
    let seen = Who::Seen("192.168.199.10".parse().expect("an address"));
    let lab = scene
        .wires
        .iter()
        .position(|wire| wire.prefix == "192.168.199.0/24");
    assert_eq!(hung(&scene, lab.expect("a wire")), ["192.168.199.10"]);
    assert_eq!(scene.wires[lab.expect("a wire")].machines[0].who, seen);
    assert_eq!(scene.endpoint(&unsaid, Endpoint::Guest), None);
    // Picked as the guest it is the machine that the case is about, and hangs there once.
    let said = case(r#"{ "guest_ip": "192.168.199.10" }"#);
    let scene = Scene::from_case(&said, Language::English);
    assert_eq!(hung(&scene, lab.expect("a wire")), ["The VM"]);
    assert_eq!(scene.endpoint(&said, Endpoint::Guest), Some(Who::Guest));
}

#[test]
fn what_the_user_said_of_the_only_machine_is_its_address() {
    let case = Case::from_json(
        r#"{ "intake": { "guest_ip": "192.168.122.15" }, "hypervisors": [{ "id": "libvirt", "machines": [
            { "name": "web", "state": "running", "nics": [{ "mode": "nat", "network": "default" }] }] }] }"#,
    )
    .expect("a case");
    let scene = Scene::from_case(&case, Language::English);
    let machines: Vec<&Hanger> = scene.wires.iter().flat_map(|wire| &wire.machines).collect();
    let web = machines
        .iter()
        .find(|hanger| hanger.name == "web")
        .expect("the machine");
    assert_eq!(web.detail, "192.168.122.15");
}

#[test]
fn a_guest_that_only_the_user_told_of_is_shown_too() {
    let case = Case::from_json(
        r#"{ "intake": { "hypervisor": "vmware-workstation", "mode": "nat", "guest_ip": "192.168.220.131" },
             "host": { "adapters": [{ "name": "VMware Network Adapter VMnet8", "addresses": [{ "net": "192.168.220.1/24" }] }] } }"#,
    )
    .expect("a case");
    let scene = Scene::from_case(&case, Language::Chinese);
    assert_eq!(scene.endpoint(&case, Endpoint::Guest), Some(Who::Guest));
    assert_eq!(hung(&scene, 0), ["虚拟机"]);
    let empty = Scene::from_case(&Case::default(), Language::English);
    assert_eq!(empty.wires.len(), 0);
}

/// Where no product told of its networks, an adapter's name or the user's word tells of the translation.
#[test]
fn a_translated_segment_has_an_engine_also_when_no_product_was_read() {
    let scene = |adapter: &str, intake: &str| {
        let text = format!(
            r#"{{ "intake": {intake}, "host": {{
                "adapters": [
                    {{ "name": "eth0", "kind": "ethernet", "enabled": true, "addresses": [{{ "net": "192.168.1.23/24" }}] }},
                    {{ "name": "{adapter}", "kind": "host-virtual", "enabled": true, "addresses": [{{ "net": "192.168.220.1/24" }}] }}
                ],
                "routes": [{{ "destination": "0.0.0.0/0", "via": "192.168.1.1", "adapter": "eth0" }}] }} }}"#
        );
        Scene::from_case(&Case::from_json(&text).expect("a case"), Language::English)
    };
    let engines = |scene: &Scene| -> Vec<(String, usize, usize)> {
        scene
            .engines
            .iter()
            .map(|engine| (engine.name.clone(), engine.wire, engine.to))
            .collect()
    };
    let by_name = scene("VMware Network Adapter VMnet8", "{}");
    assert_eq!(engines(&by_name), [("VMware NAT".to_owned(), 1, 0)]);
    let told = r#"{ "mode": "nat", "hypervisor": "libvirt", "guest_ip": "192.168.220.131/24" }"#;
    assert_eq!(engines(&scene("br9", told)), [("libvirt NAT".to_owned(), 1, 0)]);
    for (adapter, intake) in [
        ("VMware Network Adapter VMnet1", "{}"),
        ("br9", "{}"),
        (
            "br9",
            r#"{ "mode": "host-only", "guest_ip": "192.168.220.131/24" }"#,
        ),
        // Of another segment than the guest's the user told nothing.
        ("br9", r#"{ "mode": "nat", "guest_ip": "10.0.2.15/24" }"#),
    ] {
        let engines: Vec<_> = engines(&scene(adapter, intake))
            .into_iter()
            .filter(|(_, wire, _)| *wire == 1)
            .collect();
        assert_eq!(engines, [], "{adapter} {intake}");
    }
}
