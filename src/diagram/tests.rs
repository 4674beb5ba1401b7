//! Whatever the scene holds, nothing overlaps.

use proptest::prelude::*;

use super::scene::{Engine, Hanger, Health, Outside, Port, Role, Wire};
use super::shape::Rect;
use super::*;
use crate::locale::Language;
use crate::model::{
    Adapter, AdapterAddress, AdapterKind, Case, Fact, Hypervisor, HypervisorId, Machine, Mode, Neighbor,
    NeighborState, Nic, PowerState, Route, VirtualNetwork,
};

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
                slots: None,
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
        before in proptest::option::of(scene()),
        width in 200.0f32..2600.0,
        picks in (0usize..40, 0usize..40),
        spot in prop_oneof![
            Just(Spot::Start), Just(Spot::Middle), Just(Spot::Engine), Just(Spot::Router), Just(Spot::End)
        ],
        word in name(),
        broken in any::<bool>(),
    ) {
        assert_disjoint(&layout(&scene, None, width, &approximate_width));
        let mut scene = scene;
        if let Some(before) = before {
            // One that fills in, with whatever was known before.
            let mut first = before;
            first.keep_places_of(None);
            scene.keep_places_of(Some(&first));
            assert_disjoint(&layout(&scene, None, width, &approximate_width));
        }
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

/// A generator of numbers that gives the same ones in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end.max(1)
    }

    fn shuffle<T>(&mut self, list: &mut [T]) {
        for index in (1..list.len()).rev() {
            list.swap(index, self.below(index + 1));
        }
    }
}

/// A PC with `segments` virtual segments in no order, told in the order of `order`, and `machines` machines on them;
/// every third one leads on to a neighboring segment, as routers do.
fn crowd(order: &[usize], machines: usize, dice: &mut Dice) -> Case {
    let mut case = Case::default();
    let address = |text: String| AdapterAddress::new(text.parse().expect("a prefix"));
    let mut adapters = vec![Adapter {
        kind: AdapterKind::Ethernet,
        enabled: Some(true),
        addresses: Some(vec![address("192.168.1.23/24".to_owned())]),
        ..Adapter::named("eth0")
    }];
    let mut networks = Vec::new();
    for segment in order {
        let name = format!("net{segment}");
        adapters.push(Adapter {
            kind: AdapterKind::Bridge,
            enabled: Some(true),
            addresses: Some(vec![address(format!("10.{segment}.0.1/24"))]),
            ..Adapter::named(&name)
        });
        networks.push(VirtualNetwork {
            name: name.clone(),
            mode: if segment % 7 == 3 {
                Mode::Nat
            } else {
                Mode::HostOnly
            },
            host_adapter: Some(name),
            ..VirtualNetwork::default()
        });
    }
    let nic = |segment: usize| Nic {
        mode: Mode::HostOnly,
        network: Some(format!("net{segment}")),
        ..Nic::default()
    };
    let machine = |index: usize, dice: &mut Dice| {
        let home = dice.below(order.len());
        let mut nics = vec![nic(home)];
        if index.is_multiple_of(3) && home + 1 < order.len() {
            nics.push(nic(home + 1));
        }
        Machine {
            name: format!("m{index}"),
            state: [PowerState::Running, PowerState::Off][index % 2],
            nics,
            ..Machine::default()
        }
    };
    let machines = (0..machines).map(|index| machine(index, dice)).collect();
    case.host.adapters = Fact::known(adapters, "test");
    let way_out = Route {
        via: Some("192.168.1.1".parse().expect("an address")),
        ..Route::on_link("0.0.0.0/0".parse().expect("a prefix"), "eth0")
    };
    case.host.routes = Fact::known(vec![way_out], "test");
    let neighbor = |text: &str, adapter: &str| Neighbor {
        address: text.parse().expect("an address"),
        mac: "02:00:00:00:00:09".parse().ok(),
        adapter: Some(adapter.to_owned()),
        state: NeighborState::Reachable,
        confirmed_ms_ago: None,
    };
    let seen = vec![neighbor("192.168.1.9", "eth0"), neighbor("10.0.0.200", "net0")];
    case.host.neighbors = Fact::known(seen, "test");
    case.hypervisors = vec![Hypervisor {
        id: HypervisorId::Libvirt,
        networks: Fact::known(networks, "test"),
        machines: Fact::known(machines, "test"),
        ..Hypervisor::default()
    }];
    case
}

/// The facts of `whole` that `read` tells have been read: adapters, routes, neighbors, networks, machines.
fn partly(whole: &Case, read: [bool; 5]) -> Case {
    let mut case = Case::default();
    let [adapters, routes, neighbors, networks, machines] = read;
    if adapters {
        case.host.adapters = whole.host.adapters.clone();
    }
    if routes {
        case.host.routes = whole.host.routes.clone();
    }
    if neighbors {
        case.host.neighbors = whole.host.neighbors.clone();
    }
    for product in &whole.hypervisors {
        let mut known = Hypervisor {
            id: product.id,
            ..Hypervisor::default()
        };
        if networks {
            known.networks = product.networks.clone();
        }
        if machines {
            known.machines = product.machines.clone();
        }
        case.hypervisors.push(known);
    }
    case
}

/// What is drawn where: each node by a name that stays the same when wires are counted anew, with the segment that it
/// stands on.
fn places(scene: &Scene, drawn: &Layout) -> Vec<(String, String, Rect)> {
    let segment = |wire: usize| {
        let wire = &scene.wires[wire];
        let network = || wire.network.clone().unwrap_or_else(|| wire.name.clone());
        wire.port.as_ref().map_or_else(network, |port| port.name.clone())
    };
    let home = |who: &Who| {
        scene
            .wires
            .iter()
            .position(|wire| wire.machines.iter().any(|machine| machine.who == *who))
    };
    let named = |node: &Node| match &node.who {
        Who::Port(wire) => ("port".to_owned(), segment(*wire)),
        Who::More(wire) => ("more".to_owned(), segment(*wire)),
        Who::Engine(engine) => ("engine".to_owned(), segment(scene.engines[*engine].wire)),
        who => (format!("{who:?}"), home(who).map_or_else(String::new, segment)),
    };
    let node = |node: &Node| {
        let (name, segment) = named(node);
        (name, segment, node.rect)
    };
    drawn.nodes.iter().map(node).collect()
}

/// While a scan brings one fact after another, in whatever order, what stands on the picture stays where it is. Only
/// what turns out to hang on another segment than it seemed to goes there.
#[test]
fn nothing_jumps_while_a_picture_fills_in() {
    let mut compared = 0;
    for seed in 0..60 {
        let mut dice = Dice(seed);
        let mut order: Vec<usize> = (0..1 + dice.below(9)).collect();
        dice.shuffle(&mut order);
        let machines = dice.below(40);
        let whole = crowd(&order, machines, &mut dice);
        let mut stages = [0, 1, 2, 3, 4];
        dice.shuffle(&mut stages);
        for width in [670.0, 900.0, 1400.0] {
            let mut read = [false; 5];
            let mut before: Option<(Scene, Layout)> = None;
            for stage in stages {
                read[stage] = true;
                let mut scene = Scene::from_case(&partly(&whole, read), Language::English);
                scene.keep_places_of(before.as_ref().map(|(scene, _)| scene));
                let drawn = layout(&scene, None, width, &approximate_width);
                assert_disjoint(&drawn);
                if let Some((old, stood)) = &before {
                    let now = places(&scene, &drawn);
                    for (name, segment, rect) in places(old, stood) {
                        let same = now.iter().find(|(known, on, _)| *known == name && *on == segment);
                        if let Some((.., moved)) = same {
                            assert_eq!(
                                *moved, rect,
                                "{name} on {segment} at {width}, {stages:?}, seed {seed}"
                            );
                            compared += 1;
                        }
                    }
                }
                before = Some((scene, drawn));
            }
        }
    }
    assert!(compared > 2_000, "{compared}");
}

/// How often the lines between segments cross a segment's wire on the picture.
fn crossings(drawn: &Layout) -> usize {
    let mut level = Vec::new();
    let mut upright = Vec::new();
    for shape in &drawn.shapes {
        let Shape::Line { points, width, .. } = shape else {
            continue;
        };
        for pair in points.windows(2) {
            let (a, b) = (pair[0], pair[1]);
            if a.y == b.y && *width == 3.0 {
                level.push((a.y, a.x.min(b.x), a.x.max(b.x)));
            } else if a.x == b.x {
                upright.push((a.x, a.y.min(b.y), a.y.max(b.y)));
            }
        }
    }
    let crosses = |(x, top, bottom): &(f32, f32, f32), (y, left, right): &(f32, f32, f32)| {
        left < x && x < right && *top < *y && *y < *bottom
    };
    upright
        .iter()
        .map(|line| level.iter().filter(|wire| crosses(line, wire)).count())
        .sum()
}

/// Segments that machines link stand near each other: in whatever order they were read, hardly a line passes a wire
/// that it does not belong to.
#[test]
fn lines_cross_few_wires() {
    let (mut drawn, mut links, mut naive) = (0, 0, 0);
    for segments in 1..=30 {
        let mut dice = Dice(segments as u64);
        let mut order: Vec<usize> = (0..segments).collect();
        dice.shuffle(&mut order);
        let case = crowd(&order, 200 * segments / 30, &mut dice);
        let scene = Scene::from_case(&case, Language::English);
        let lines: usize = scene
            .wires
            .iter()
            .flat_map(|wire| &wire.machines)
            .map(|machine| machine.leads.len())
            .sum();
        let count = |scene: &Scene| crossings(&layout(scene, None, 4_000.0, &approximate_width));
        drawn += count(&scene);
        links += lines + scene.engines.len();
        // The same picture with the segments in the order in which they were read.
        let mut read = Scene {
            wires: Vec::new(),
            ..scene.clone()
        };
        let name = |wire: &Wire| wire.network.clone().unwrap_or_default();
        let told = |wire: &Wire| {
            order
                .iter()
                .position(|segment| name(wire) == format!("net{segment}"))
                .map_or(0, |at| at + 1)
        };
        let mut by_time: Vec<usize> = (0..scene.wires.len()).collect();
        by_time.sort_by_key(|index| told(&scene.wires[*index]));
        let place = |old: usize| by_time.iter().position(|index| *index == old).expect("a place");
        read.wires = by_time.iter().map(|index| scene.wires[*index].clone()).collect();
        for machine in read.wires.iter_mut().flat_map(|wire| &mut wire.machines) {
            machine.leads.iter_mut().for_each(|lead| *lead = place(*lead));
        }
        for engine in &mut read.engines {
            (engine.wire, engine.to) = (place(engine.wire), place(engine.to));
        }
        naive += count(&read);
    }
    let bound = 2 * links;
    assert!(drawn <= bound, "{drawn} crossings of {links} lines");
    assert!(
        naive > 2 * bound,
        "{naive} crossings in the order of reading would do as well: the bound is none"
    );
}
