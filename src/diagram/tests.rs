//! Whatever the scene holds, nothing overlaps.

use proptest::prelude::*;

use super::scene::{Engine, Hanger, Health, Outside, Port, Role, Wire};
use super::shape::Rect;
use super::*;
use crate::model::HypervisorId;

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-z0-9-]{1,14}",
        1 => "\\PC{0,60}",
        1 => Just("W".repeat(300)),
        1 => Just("\u{202e}evil\u{202c}\n<script>alert(1)</script>&\"'".to_owned()),
        1 => Just("虚拟机测试服务器编号第一百二十三号机".to_owned()),
        1 => Just(String::new()),
    ]
}

fn health() -> impl Strategy<Value = Health> {
    prop_oneof![
        Just(Health::Up),
        Just(Health::Off),
        Just(Health::Broken),
        Just(Health::Unknown)
    ]
}

fn role() -> impl Strategy<Value = Role> {
    prop_oneof![
        Just(Role::Lan),
        Just(Role::Nat),
        Just(Role::Host),
        Just(Role::Tunnel),
        Just(Role::Other)
    ]
}

fn hanger() -> impl Strategy<Value = Hanger> {
    (
        name(),
        name(),
        health(),
        proptest::collection::vec(0usize..14, 0..4),
    )
        .prop_map(|(name, detail, health, leads)| Hanger {
            who: Who::Machine {
                hypervisor: HypervisorId::Other,
                name: name.clone(),
            },
            name,
            detail,
            health,
            leads,
            ..Hanger::default()
        })
}

fn wire() -> impl Strategy<Value = Wire> {
    let port = proptest::option::weighted(
        0.7,
        (name(), name(), health()).prop_map(|(name, detail, health)| Port { name, detail, health }),
    );
    (
        name(),
        name(),
        role(),
        port,
        proptest::collection::vec(hanger(), 0..25),
    )
        .prop_map(|(name, prefix, role, port, machines)| Wire {
            name,
            prefix,
            role,
            port,
            machines,
            ..Wire::default()
        })
}

fn scene() -> impl Strategy<Value = Scene> {
    let engine =
        (name(), name(), 0usize..14, 0usize..14, health()).prop_map(|(name, detail, wire, to, health)| {
            Engine {
                name,
                detail,
                wire,
                to,
                health,
            }
        });
    let outside = (name(), name(), name(), 0usize..14).prop_map(|(name, router, address, wire)| Outside {
        name,
        router,
        address,
        wire,
    });
    (
        name(),
        proptest::collection::vec(wire(), 0..=12),
        proptest::collection::vec(engine, 0..8),
        proptest::option::of(outside),
    )
        .prop_map(|(host, wires, engines, internet)| {
            let mut scene = Scene {
                host,
                wires,
                engines,
                internet,
                more: "+ {n} more".to_owned(),
                left_out: 0,
            };
            // Machines of one name are told apart by who they are.
            let mut count = 0;
            for machine in scene.wires.iter_mut().flat_map(|wire| &mut wire.machines) {
                count += 1;
                machine.who = Who::Machine {
                    hypervisor: HypervisorId::Other,
                    name: count.to_string(),
                };
            }
            scene
        })
}

fn whos(scene: &Scene) -> Vec<Who> {
    let mut all = vec![Who::Host, Who::Internet, Who::Router, Who::Lan];
    all.extend(
        scene
            .wires
            .iter()
            .flat_map(|wire| &wire.machines)
            .map(|machine| machine.who.clone()),
    );
    all
}

/// Texts that stand in no node, and nodes: none may touch another; texts in a node stay inside.
fn assert_disjoint(layout: &Layout) {
    let inside = Rect::new(0.0, 0.0, layout.size.0, layout.size.1);
    let nodes: Vec<Rect> = layout.nodes.iter().map(|node| node.rect).collect();
    for rect in &nodes {
        assert!(inside.holds(rect), "{rect:?} is outside of {inside:?}");
    }
    let mut apart: Vec<(Rect, String)> = layout
        .nodes
        .iter()
        .map(|node| (node.rect, format!("node {:?}", node.who)))
        .collect();
    let mut within: Vec<Rect> = Vec::new();
    for shape in &layout.shapes {
        let Shape::Text { rect, text, role, .. } = shape else {
            continue;
        };
        assert!(
            inside.holds(rect),
            "{text:?} at {rect:?} is outside of {inside:?}"
        );
        assert!(
            approximate_width(text, *role) <= rect.width + 0.5,
            "{text:?} is wider than {rect:?}"
        );
        assert!(!text.chars().any(char::is_control));
        if nodes.iter().any(|node| node.holds(rect)) {
            within.push(*rect);
        } else {
            apart.push((*rect, format!("text {text:?}")));
        }
    }
    for all in [apart.iter().map(|(rect, _)| *rect).collect::<Vec<_>>(), within] {
        for (index, a) in all.iter().enumerate() {
            for b in all.iter().skip(index + 1) {
                assert!(!a.overlaps(b), "{a:?} overlaps {b:?} in {apart:#?}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn nothing_overlaps(
        scene in scene(),
        width in 200.0f32..2600.0,
        picks in (0usize..40, 0usize..40),
        spot in prop_oneof![
            Just(Spot::Start), Just(Spot::Middle), Just(Spot::Engine), Just(Spot::Router), Just(Spot::End)
        ],
        word in name(),
        broken in any::<bool>(),
    ) {
        assert_disjoint(&layout(&scene, None, width, &approximate_width));
        let all = whos(&scene);
        let overlay = Overlay {
            from: all.get(picks.0 % all.len()).cloned(),
            to: all.get(picks.1 % all.len()).cloned(),
            state: if broken { PathState::Broken } else { PathState::Ok },
            broken: broken.then_some((spot, word)),
        };
        let with_path = layout(&scene, Some(&overlay), width, &approximate_width);
        assert_disjoint(&with_path);
        // The path is drawn with finite points inside of the picture.
        for shape in &with_path.shapes {
            if let Shape::Line { points, .. } = shape {
                for point in points {
                    prop_assert!(point.x >= 0.0 && point.x <= with_path.size.0, "{point:?}");
                    prop_assert!(point.y >= 0.0 && point.y <= with_path.size.1, "{point:?}");
                }
            }
        }
    }

    #[test]
    fn svg_is_well_formed_whatever_the_names(scene in scene(), title in name()) {
        let text = svg(&layout(&scene, None, 980.0, &approximate_width), &title);
        let mut reader = quick_xml::Reader::from_str(&text);
        let mut depth = 0i32;
        loop {
            match reader.read_event() {
                Ok(quick_xml::events::Event::Start(tag)) => {
                    prop_assert!(matches!(tag.name().as_ref(), b"svg" | b"text" | b"title"));
                    depth += 1;
                }
                Ok(quick_xml::events::Event::End(_)) => depth -= 1,
                Ok(quick_xml::events::Event::Empty(tag)) => {
                    prop_assert!(matches!(tag.name().as_ref(), b"rect" | b"polyline" | b"circle" | b"path"));
                }
                Ok(quick_xml::events::Event::Eof) => break,
                Ok(_) => {}
                Err(error) => prop_assert!(false, "{error}: {text}"),
            }
        }
        prop_assert_eq!(depth, 0);
    }
}

/// Names of adapters begin alike and differ at their ends: cut, they still do.
#[test]
fn names_that_are_cut_stay_apart() {
    let names = [
        "VMware Network Adapter VMnet1",
        "VMware Network Adapter VMnet8",
        "vEthernet (WSL (Hyper-V firewall))",
        "vEthernet (Default Switch) for machines",
        "Realtek PCIe GbE Family Controller",
        "Realtek PCIe GbE Family Controller #2",
        "enx00e04c680a1122334455667788",
        "enx00e04c680a1122334455667799",
    ];
    let wires = names.map(|name| Wire {
        name: format!("{name} · NAT"),
        port: Some(Port {
            name: name.to_owned(),
            ..Port::default()
        }),
        ..Wire::default()
    });
    let scene = Scene {
        wires: wires.into(),
        ..Scene::default()
    };
    for width in [440.0, 700.0, 1000.0] {
        let drawn = layout(&scene, None, width, &approximate_width);
        let shown: Vec<&str> = drawn
            .shapes
            .iter()
            .filter_map(|shape| match shape {
                Shape::Text {
                    text,
                    role: TextRole::PortName,
                    ..
                } => Some(text.as_str()),
                _ => None,
            })
            .collect();
        let mut apart = shown.clone();
        apart.sort_unstable();
        apart.dedup();
        assert_eq!(apart.len(), names.len(), "{width}: {shown:?}");
        assert!(
            shown.iter().any(|text| text.ends_with("…VMnet8")),
            "{width}: {shown:?}"
        );
    }
}

/// The chosen traffic lies on the wires and under the boxes, and the mark of the break on everything.
#[test]
fn the_traffic_is_drawn_over_wires_and_under_boxes() {
    let machine = Who::Machine {
        hypervisor: HypervisorId::Other,
        name: "a".to_owned(),
    };
    let scene = Scene {
        host: "This PC".to_owned(),
        wires: vec![Wire {
            name: "net".to_owned(),
            port: Some(Port::default()),
            machines: vec![Hanger {
                who: machine.clone(),
                name: "a".to_owned(),
                ..Hanger::default()
            }],
            ..Wire::default()
        }],
        ..Scene::default()
    };
    let overlay = Overlay {
        from: Some(Who::Host),
        to: Some(machine),
        state: PathState::Broken,
        broken: Some((Spot::End, "firewall".to_owned())),
    };
    let plain = layout(&scene, None, 900.0, &approximate_width);
    let drawn = layout(&scene, Some(&overlay), 900.0, &approximate_width);
    let last_wire = drawn
        .shapes
        .iter()
        .position(|shape| matches!(shape, Shape::Line { width, dashed: false, .. } if *width == 3.0));
    let path = drawn
        .shapes
        .iter()
        .position(|shape| matches!(shape, Shape::Line { width, .. } if *width > 3.0));
    let first_text = drawn
        .shapes
        .iter()
        .position(|shape| matches!(shape, Shape::Text { .. }));
    let mark = drawn
        .shapes
        .iter()
        .rposition(|shape| matches!(shape, Shape::Break { .. }));
    let last_box = drawn
        .shapes
        .iter()
        .rposition(|shape| matches!(shape, Shape::Box { .. }));
    assert!(last_wire < path, "{last_wire:?} {path:?}");
    assert!(path < first_text, "{path:?} {first_text:?}");
    assert!(mark > last_box, "{mark:?} {last_box:?}");
    // Choosing moves nothing that stands there.
    let places = |layout: &Layout| -> Vec<(Who, Rect)> {
        layout
            .nodes
            .iter()
            .map(|node| (node.who.clone(), node.rect))
            .collect()
    };
    assert_eq!(places(&plain), places(&drawn));
}

/// Half of an address is none: whatever the width and the crowd, an IPv4 address is shown whole or not at all.
#[test]
fn addresses_are_never_cut() {
    let address = "192.168.178.236";
    let wire = |name: &str, machines: usize, seen: bool| Wire {
        name: name.to_owned(),
        port: Some(Port {
            name: "VMware Network Adapter VMnet8".to_owned(),
            detail: address.to_owned(),
            ..Port::default()
        }),
        machines: (0..machines)
            .map(|index| Hanger {
                who: Who::Machine {
                    hypervisor: HypervisorId::Other,
                    name: format!("{name}{index}"),
                },
                name: if seen {
                    address.to_owned()
                } else {
                    format!("machine {index}")
                },
                detail: address.to_owned(),
                ..Hanger::default()
            })
            .collect(),
        ..Wire::default()
    };
    for (machines, engines, seen) in [(1, 0, false), (2, 1, false), (3, 2, true), (40, 2, false)] {
        let engine = |wire| Engine {
            name: "VMware NAT".to_owned(),
            detail: address.to_owned(),
            wire,
            to: 0,
            ..Engine::default()
        };
        let scene = Scene {
            wires: vec![
                wire("a", 0, seen),
                wire("b", machines, seen),
                wire("c", machines, seen),
            ],
            engines: (1..=engines).map(engine).collect(),
            internet: Some(Outside {
                router: "Router".to_owned(),
                address: address.to_owned(),
                ..Outside::default()
            }),
            ..Scene::default()
        };
        let mut width = MIN_WIDTH;
        while width < 1600.0 {
            let drawn = layout(&scene, None, width, &approximate_width);
            for shape in &drawn.shapes {
                if let Shape::Text {
                    text,
                    full: Some(full),
                    ..
                } = shape
                {
                    assert_ne!(full, address, "{text:?} at {width}, {machines} machines");
                }
            }
            // The others are counted in a group.
            let hung = drawn
                .nodes
                .iter()
                .filter(|node| matches!(node.who, Who::Machine { .. } | Who::More(_)))
                .count();
            assert!(hung >= 2, "{width}: {hung}");
            width += 7.0;
        }
        let comfortable = layout(&scene, None, wanted_width(&scene), &approximate_width);
        let shown = comfortable
            .nodes
            .iter()
            .filter(|node| matches!(node.who, Who::Machine { .. }))
            .count();
        assert!(shown >= 2, "{machines} machines: {shown}");
    }
}
