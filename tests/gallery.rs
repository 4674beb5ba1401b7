//! Every widget and the diagram, in both themes, as pictures. They are compared with `tests/snapshots/gallery`;
//! `UPDATE_SNAPSHOTS=true cargo test --test gallery` draws them anew, and then they are to be looked at.
#![cfg(feature = "window")]
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::sync::Arc;

use egui::{Id, Ui, vec2};
use egui_kittest::Harness;
use egui_kittest::SnapshotOptions;
use egui_kittest::kittest::Queryable as _;
use vmnet_doctor::diagram::scene::{Engine, Hanger, Health, Outside, Port, Role, Wire};
use vmnet_doctor::diagram::{Overlay, PathState, Sample, Scene, Spot, Who};
use vmnet_doctor::gui::icon::Icon;
use vmnet_doctor::gui::theme::{Theme, space, tokens};
use vmnet_doctor::gui::widget::*;
use vmnet_doctor::gui::{fonts, theme};
use vmnet_doctor::model::HypervisorId;

fn harness<'a>(choice: Theme, size: [f32; 2], draw: impl FnMut(&mut Ui) + 'a) -> Harness<'a> {
    let mut draw = draw;
    Harness::builder()
        .with_size(vec2(size[0], size[1]))
        .with_theme(if choice == Theme::Dark {
            egui::Theme::Dark
        } else {
            egui::Theme::Light
        })
        .with_options(
            SnapshotOptions::new()
                .output_path("tests/snapshots/gallery")
                .max_failed_pixels(200),
        )
        .with_context_setup(move |context| {
            fonts::install(context);
            theme::apply(context, choice);
        })
        .build_ui(move |ui| {
            let ground = tokens(ui).bg;
            ui.painter().rect_filled(ui.ctx().content_rect(), 0.0, ground);
            egui::CentralPanel::default()
                .frame(egui::Frame::new().fill(ground).inner_margin(space::PAGE_MARGIN))
                .show(ui, &mut draw);
        })
}

fn machine(name: &str, detail: &str, health: Health) -> Hanger {
    Hanger {
        who: Who::Machine {
            hypervisor: HypervisorId::VmwareWorkstation,
            name: name.to_owned(),
        },
        name: name.to_owned(),
        detail: detail.to_owned(),
        word: if health == Health::Up { "running" } else { "off" }.to_owned(),
        health,
        leads: Vec::new(),
    }
}

fn wire(name: &str, prefix: &str, role: Role, port: (&str, &str), machines: Vec<Hanger>) -> Wire {
    Wire {
        name: name.to_owned(),
        prefix: prefix.to_owned(),
        role,
        port: Some(Port {
            name: port.0.to_owned(),
            detail: port.1.to_owned(),
            health: Health::Up,
        }),
        machines,
        ..Wire::default()
    }
}

fn scene() -> Scene {
    let mut lan = machine("6 devices seen", "on the LAN", Health::Up);
    lan.who = Who::Lan;
    let mut both = machine("kali", "192.168.56.101", Health::Up);
    both.leads = vec![0];
    Scene {
        host: "This PC".to_owned(),
        wires: vec![
            wire(
                "Home LAN",
                "192.168.1.0/24",
                Role::Lan,
                ("wlp3s0", "192.168.1.23"),
                vec![lan],
            ),
            wire(
                "VMnet8 · NAT",
                "192.168.220.0/24",
                Role::Nat,
                ("vmnet8", "192.168.220.1"),
                vec![
                    machine("ubuntu-dev", "192.168.220.131", Health::Up),
                    machine("win11-test", "192.168.220.140", Health::Up),
                ],
            ),
            wire(
                "vboxnet0 · host-only",
                "192.168.56.0/24",
                Role::Host,
                ("vboxnet0", "192.168.56.1"),
                vec![both, machine("router-lab", "off", Health::Off)],
            ),
            wire(
                "tun0 · VPN",
                "10.8.0.0/16",
                Role::Tunnel,
                ("tun0", "10.8.0.6"),
                vec![],
            ),
        ],
        engines: vec![Engine {
            name: "VMware NAT".to_owned(),
            detail: "192.168.220.2".to_owned(),
            wire: 1,
            to: 0,
            health: Health::Up,
        }],
        internet: Some(Outside {
            name: "Internet".to_owned(),
            router: "Router".to_owned(),
            address: "192.168.1.1".to_owned(),
            wire: 0,
        }),
        more: "+ {n} more".to_owned(),
        left_out: 0,
        slots: None,
    }
}

fn crowd() -> Scene {
    let crowd = (1..=14).map(|n| machine(&format!("node-{n:02}.cluster.example"), "10.0.0.7", Health::Up));
    let mut scene = scene();
    scene.wires[1].machines.extend(crowd);
    scene.wires[1].machines[0].leads = vec![2, 3];
    scene.wires[1].machines[1].leads = vec![0];
    scene.wires[0]
        .machines
        .insert(0, machine("虚拟机测试 \u{202e}evil\n<b>", "桥接", Health::Broken));
    scene.engines.push(Engine {
        name: "VirtualBox NAT".to_owned(),
        detail: String::new(),
        wire: 2,
        to: 0,
        health: Health::Broken,
    });
    scene
}

const WORDS: DiagramWords<'_> = DiagramWords {
    name: "Network diagram",
    from: "traffic starts here",
    to: "traffic should arrive here",
    larger: "Larger",
    smaller: "Smaller",
    fit: "Show all",
};

fn guest(name: &str) -> Who {
    Who::Machine {
        hypervisor: HypervisorId::VmwareWorkstation,
        name: name.to_owned(),
    }
}

fn overlay(from: Who, to: Who, state: PathState, broken: Option<(Spot, &str)>) -> Overlay {
    Overlay {
        from: Some(from),
        to: Some(to),
        state,
        broken: broken.map(|(spot, word)| (spot, word.to_owned())),
    }
}

fn samples(seed: u32, lost_from: usize) -> Vec<Sample> {
    let mut state = seed;
    (0..300)
        .map(|index| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let noise = f64::from(state >> 16) / 65_536.0;
            let ms = 0.2 + 0.05 * noise + if noise > 0.985 { 0.4 } else { 0.0 };
            Sample {
                at: index as f64 * 0.2,
                ms: (index < lost_from).then_some(ms),
            }
        })
        .collect()
}

fn overview(ui: &mut Ui) {
    page_header(
        ui,
        "Your network",
        "3 virtual networks, 4 virtual machines, 1 VPN  ·  scanned 0.3 s ago",
        false,
        |ui| {
            primary_button(ui, "Something cannot connect…");
            secondary_button(ui, "Scan again");
        },
    );
    ui.horizontal(|ui| {
        chip(ui, State::Warn, "VPN route 192.168.0.0/16 covers vboxnet0");
        chip(ui, State::Ok, "VMware services running");
        chip(ui, State::Unknown, "packet filter not readable without root");
    });
    ui.add_space(space::GAP);
    card(ui, |ui| diagram(ui, &scene(), None, &WORDS, true));
}

fn check(ui: &mut Ui) {
    page_header(
        ui,
        "This PC → ubuntu-dev",
        "192.168.220.1 → 192.168.220.131 · VMware Workstation · NAT (VMnet8)",
        true,
        |ui| {
            primary_button(ui, "See the fix");
            verdict_chip(ui, State::Broken, "Echo is filtered by the guest’s firewall");
        },
    );
    ui.columns(2, |columns| {
        card(&mut columns[0], |ui| {
            heading(ui, "The way there");
            let rows = [
                (State::Ok, "ok", "Hypervisor", "VMware Workstation 17, VM running"),
                (State::Ok, "ok", "Virtual network", "VMnet8 up · NAT · DHCP"),
                (State::Ok, "ok", "Link", "neighbor 00:0c:29:6b:11:9e answers"),
                (
                    State::Broken,
                    "broken",
                    "Guest firewall",
                    "no echo, TCP 22 open: echo is filtered by the guest",
                ),
                (State::Running, "running", "Route", "asking"),
                (State::NotReached, "not reached", "Way back", "not reached"),
            ];
            for (state, state_word, name, facts) in rows {
                let row = StationRow {
                    state,
                    state_word,
                    name,
                    facts,
                    open: false,
                    expandable: state == State::Broken,
                };
                station_row(ui, &row);
            }
        });
        card(&mut columns[1], |ui| {
            heading(ui, "Latency, live");
            let rows = [
                ("Own adapter", State::Ok, "0.03 ms", samples(3, 300)),
                ("ubuntu-dev", State::Broken, "no reply", samples(7, 80)),
                ("Router", State::Ok, "1.90 ms", samples(11, 300)),
            ];
            for (name, state, now, samples) in &rows {
                latency_row(
                    ui,
                    &LatencyRow {
                        name,
                        state: *state,
                        now,
                        samples: &Arc::new(samples.clone()),
                        from: 0.0,
                        to: 60.0,
                        name_width: 90.0,
                        group: Id::unique("latency"),
                        marks: &Arc::default(),
                        lost: "no reply",
                        step_us: 1,
                    },
                    &mut KeptPicture::default(),
                );
            }
            progress_row(ui, "Asking 5 stations at once…", Some(0.4), Some("Cancel"));
        });
    });
}

fn fix(ui: &mut Ui) {
    page_header(
        ui,
        "The guest’s firewall drops ping",
        "ubuntu-dev is up and reachable. Only echo requests are thrown away.",
        false,
        |ui| {
            verdict_chip(ui, State::Ok, "confirmed");
        },
    );
    let tags = [
        (State::Info, "in the guest"),
        (State::Unknown, "Linux · nft"),
        (State::Warn, "needs admin"),
        (State::Ok, "low risk"),
    ];
    command_card(
        ui,
        "first",
        &CommandCard {
            title: "Allow ping from this segment",
            tags: &tags,
            command: "sudo nft insert rule inet filter input ip saddr 192.168.220.0/24 icmp type echo-request accept comment \"let this segment ping the guest\"",
            copy: "Copy",
            effect: "Lets this segment ping the guest, nothing else.",
            verify: Some(Extra {
                word: "Verify",
                command: "ping -c 3 192.168.220.131",
            }),
            undo: Some(Extra {
                word: "Undo",
                command: "sudo nft delete rule inet filter input handle 7",
            }),
        },
    );
    ui.add_space(space::GAP);
    card(ui, |ui| {
        heading(ui, "Why we say so");
        evidence_list(
            ui,
            &[
                Evidence {
                    fact: "The neighbor answers",
                    value: "00:0c:29:6b:11:9e REACHABLE",
                    source: "neighbor table",
                },
                Evidence {
                    fact: "",
                    value: "0 of 5 echoes answered",
                    source: "live probe, 1.0 s",
                },
                Evidence {
                    fact: "",
                    value: "TCP 22 connected in 0.4 ms",
                    source: "live probe",
                },
            ],
        );
    });
    ui.add_space(space::GAP);
    ui.horizontal(|ui| {
        secondary_button(ui, "Save report…");
        ui.add_enabled_ui(false, |ui| primary_button(ui, "Test again"));
        link_button(ui, "How sure?");
        icon_button(ui, Icon::Copy, "Copy everything");
    });
    toasts(
        ui.ctx(),
        &[Toast {
            state: State::Ok,
            text: "Copied",
            undo: false,
        }],
        ["Close", "Undo"],
    );
}

fn controls(ui: &mut Ui) {
    ui.columns(3, |columns| {
        let ui = &mut columns[0];
        step_item(ui, 1, "Overview", StepState::Done, "done");
        step_item(ui, 2, "Hypervisor and mode", StepState::Current, "current");
        step_item(ui, 3, "Symptom", StepState::Open, "open");
        step_item(ui, 4, "Check", StepState::Locked, "not yet");
        ui.separator();
        nav_item(ui, "Monitor", false);
        nav_item(ui, "Tables", true);
        ui.horizontal(|ui| {
            for icon in [
                Icon::Logo,
                Icon::Theme,
                Icon::Sun,
                Icon::Moon,
                Icon::Warning,
                Icon::Question,
            ] {
                vmnet_doctor::gui::icon::show(ui, icon, 22.0, tokens(ui).text2);
            }
        });
        ui.horizontal(|ui| {
            for icon in [
                Icon::Check,
                Icon::Cross,
                Icon::Dash,
                Icon::Dots,
                Icon::Arrow,
                Icon::Copy,
                Icon::Shield,
            ] {
                vmnet_doctor::gui::icon::show(ui, icon, 22.0, tokens(ui).accent);
            }
        });
        let ui = &mut columns[1];
        radio_card(
            ui,
            true,
            "NAT (VMnet8)",
            "The guest reaches out; nobody outside reaches in. The host reaches it by 192.168.220.x.",
        );
        radio_card(ui, false, "桥接", "虚拟机如同局域网中的另一台电脑。");
        let mut chosen = 1;
        segmented(ui, "System", &["Windows", "Linux", "macOS"], &mut chosen);
        let mut text = String::from("192.168.220.999");
        labelled_input(
            ui,
            &mut text,
            &InputField {
                label: "The guest’s address",
                hint: "192.168.220.131",
                error: Some("This is not an address: each part goes to 255"),
                mono: true,
                rows: 1,
            },
        );
        let mut empty = String::new();
        labelled_input(
            ui,
            &mut empty,
            &InputField {
                label: "What the guest printed",
                hint: "Paste here",
                rows: 3,
                mono: true,
                error: None,
            },
        );
        select(ui, "Network", &["VMnet8", "VMnet1"], &mut chosen);
        let ui = &mut columns[2];
        card(ui, |ui| {
            empty_state(
                ui,
                Icon::Empty,
                "No hypervisor found here",
                "You may be inside the VM, or the case may come from another machine.",
                |ui| {
                    primary_button(ui, "I am inside the VM");
                    secondary_button(ui, "Open a saved case…");
                    link_button(ui, "Try an example");
                },
            )
        });
        progress_row(ui, "正在扫描本机…", None, Some("取消"));
    });
}

/// A picture's name, its size, and what is drawn.
type Page = (&'static str, [f32; 2], fn(&mut Ui));

#[test]
fn widgets_and_diagram_look_as_they_should() {
    let mut results = egui_kittest::SnapshotResults::new();
    for (choice, suffix) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
        let pages: [Page; 7] = [
            ("overview", [1064.0, 760.0], overview),
            ("check", [1064.0, 620.0], check),
            ("fix", [760.0, 640.0], fix),
            ("controls", [1064.0, 560.0], controls),
            ("break", [1064.0, 620.0], |ui| {
                let broken = Some((Spot::End, "stops at the guest firewall"));
                let overlay = overlay(Who::Host, guest("ubuntu-dev"), PathState::Broken, broken);
                card(ui, |ui| diagram(ui, &scene(), Some(&overlay), &WORDS, true));
            }),
            ("crowd", [684.0, 700.0], |ui| {
                let broken = Some((Spot::Engine, "stops at the NAT engine"));
                let overlay = overlay(guest("win11-test"), Who::Internet, PathState::Broken, broken);
                card(ui, |ui| diagram(ui, &crowd(), Some(&overlay), &WORDS, true));
            }),
            ("wide", [1400.0, 700.0], |ui| {
                let overlay = overlay(guest("ubuntu-dev"), Who::Internet, PathState::Ok, None);
                card(ui, |ui| diagram(ui, &crowd(), Some(&overlay), &WORDS, true));
            }),
        ];
        for (name, size, draw) in pages {
            let mut harness = harness(choice, size, draw);
            harness.run_ok();
            harness.snapshot(format!("{name}-{suffix}"));
            results.extend_harness(&mut harness);
        }
    }
}

#[test]
fn the_diagram_is_picked_by_mouse_and_by_keyboard() {
    let intents = std::rc::Rc::new(std::cell::RefCell::new(Vec::new()));
    let seen = intents.clone();
    let mut chosen = Overlay::default();
    let mut harness = harness(Theme::Light, [1064.0, 620.0], move |ui| {
        if let Some(intent) = diagram(ui, &scene(), Some(&chosen), &WORDS, true) {
            match &intent {
                DiagramIntent::From(who) => {
                    chosen = Overlay {
                        from: Some(who.clone()),
                        ..Overlay::default()
                    }
                }
                DiagramIntent::To(who) => chosen.to = Some(who.clone()),
                DiagramIntent::Between(from, to) => {
                    chosen.from = Some(from.clone());
                    chosen.to = Some(to.clone());
                }
            }
            seen.borrow_mut().push(intent);
        }
    });
    harness.run_ok();
    harness.get_by_label("This PC").click();
    harness.run_ok();
    harness.get_by_label_contains("ubuntu-dev").focus();
    harness.run_ok();
    harness.key_press(egui::Key::Enter);
    harness.run_ok();
    assert_eq!(
        *intents.borrow(),
        [
            DiagramIntent::From(Who::Host),
            DiagramIntent::To(guest("ubuntu-dev"))
        ]
    );
    // The chosen ends are told, not only framed.
    harness.get_by_label_contains("traffic starts here");
    harness.get_by_label("ubuntu-dev, 192.168.220.131, running, traffic should arrive here");

    intents.borrow_mut().clear();
    let from = harness.get_by_label_contains("kali").rect().center();
    let to = harness.get_by_label_contains("Internet").rect().center();
    harness.drag_at(from);
    harness.run_ok();
    harness.hover_at(from + vec2(60.0, -60.0));
    harness.run_ok();
    harness.hover_at(to);
    harness.run_ok();
    harness.drop_at(to);
    harness.run_ok();
    assert_eq!(
        *intents.borrow(),
        [DiagramIntent::Between(guest("kali"), Who::Internet)]
    );
}

#[test]
fn copying_a_command_says_which_one_and_copies_all_of_it() {
    let copied = std::rc::Rc::new(std::cell::RefCell::new(Vec::new()));
    let seen = copied.clone();
    let mut harness = harness(Theme::Light, [760.0, 480.0], move |ui| {
        let shown = CommandCard {
            title: "Title",
            tags: &[],
            command: "echo 'one' && echo two",
            copy: "Copy",
            effect: "",
            verify: Some(Extra {
                word: "Verify",
                command: "true",
            }),
            undo: None,
        };
        seen.borrow_mut().extend(command_card(ui, "card", &shown));
    });
    harness.run_ok();
    harness.get_by_label("Copy: echo 'one' && echo two").click();
    harness.run_ok();
    harness.get_by_label("Verify").click();
    harness.run_ok();
    harness.get_by_label("Copy: true").click();
    harness.run_ok();
    assert_eq!(*copied.borrow(), [Copied::Command, Copied::Verify]);
}
