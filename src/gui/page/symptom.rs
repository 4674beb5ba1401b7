//! Who cannot reach whom, and what is known about it.

use egui::Ui;

use super::common::{
    draft_box, end_name, end_title, ends_title, explained, is_done, mode_name, note, product_name,
    two_columns, will_send,
};
use super::{Header, Primary, Scene, header};
use crate::gui::icon::{self, Icon};
use crate::gui::theme::{space, tokens};
use crate::gui::widget::{
    InputField, State, card, card_with, chip, heading, link_button, paragraph, radio_card, secondary, select,
};
use crate::knowledge::{Direction, Reach, modes_of, reach};
use crate::model::{Endpoint, Mode, Os, parse_address_or_net};
use crate::wizard::state::{Draft, Page};
use crate::wizard::{self, Command};

/// The complaints that people come with, most frequent first.
const COMPLAINTS: [(Endpoint, Endpoint); 5] = [
    (Endpoint::Host, Endpoint::Guest),
    (Endpoint::Guest, Endpoint::Host),
    (Endpoint::Guest, Endpoint::Internet),
    (Endpoint::Lan, Endpoint::Guest),
    (Endpoint::Guest, Endpoint::Guest2),
];

/// What leads on from here.
pub fn primary(_state: &wizard::State) -> Option<Primary> {
    Some(Primary::new("window-check-now", Command::StartCheck))
}

/// Draws the page.
pub fn draw(ui: &mut Ui, scene: &mut Scene<'_>) {
    let title = scene.text("window-symptom-title");
    let subtitle = ends_title(scene);
    let shown = Header {
        title: &title,
        subtitle: &subtitle,
        mono: false,
    };
    header(ui, scene, shown, |_, _| {});
    will_send(ui, scene);
    ui.add_space(space::STEP);
    by_design(ui, scene);
    two_columns(
        ui,
        0.5,
        scene,
        |ui, scene| {
            card(ui, |ui| complaints(ui, scene));
        },
        |ui, scene| {
            card(ui, |ui| details(ui, scene));
        },
    );
    ui.add_space(space::GAP);
    super::overview::picture_card(ui, scene);
}

fn complaints(ui: &mut Ui, scene: &mut Scene<'_>) {
    heading(ui, &scene.text("window-symptom-what"));
    let intake = &scene.state.case.intake;
    let (from, to) = (intake.start(), intake.end());
    for (start, end) in COMPLAINTS {
        let title = format!("{} → {}", end_title(scene, start), end_name(scene, end));
        let detail = scene.text(&format!("window-symptom-{}-{}", start.name(), end.name()));
        if radio_card(ui, (from, to) == (start, end), &title, &detail).clicked() {
            scene.wish(Command::SetEnds { from: start, to: end });
        }
    }
    note(ui, &scene.text("window-symptom-any"));
    let names: Vec<String> = Endpoint::ALL.iter().map(|end| end_title(scene, *end)).collect();
    let shown: Vec<&str> = names.iter().map(String::as_str).collect();
    let at = |end: Endpoint| Endpoint::ALL.iter().position(|known| *known == end).unwrap_or(0);
    let (mut first, mut last) = (at(from), at(to));
    let labels = [scene.text("window-symptom-from"), scene.text("window-symptom-to")];
    let mut changed = false;
    ui.horizontal_wrapped(|ui| {
        let half = ((ui.available_width() - space::GAP) / 2.0).max(110.0);
        for (label, index) in labels.iter().zip([&mut first, &mut last]) {
            ui.vertical(|ui| {
                ui.set_width(half);
                changed |= select(ui, label, &shown, index);
            });
        }
    });
    if changed && let (Some(from), Some(to)) = (Endpoint::ALL.get(first), Endpoint::ALL.get(last)) {
        if from == to {
            // Nobody fails to reach oneself: the other end makes room.
            let from = *from;
            let to = if from == Endpoint::Guest {
                Endpoint::Host
            } else {
                Endpoint::Guest
            };
            scene.wish(Command::SetEnds { from, to });
        } else {
            scene.wish(Command::SetEnds { from: *from, to: *to });
        }
    }
}

fn details(ui: &mut Ui, scene: &mut Scene<'_>) {
    heading(ui, &scene.text("window-symptom-known"));
    let intake = scene.state.case.intake.clone();
    machine_and_card(ui, scene);
    address(ui, scene);
    super::sweep::draw(ui, scene);
    let needs_target = [intake.start(), intake.end()]
        .iter()
        .any(|end| matches!(end, Endpoint::Lan | Endpoint::Internet | Endpoint::Guest2));
    if needs_target {
        let (label, hint) = (
            scene.text("window-symptom-target"),
            scene.text("window-symptom-target-hint"),
        );
        let field = InputField {
            label: &label,
            hint: &hint,
            mono: true,
            ..InputField::default()
        };
        let response = draft_box(ui, scene, Draft::Target, &field);
        if is_done(&response) {
            let text = scene.draft(Draft::Target);
            scene.wish(Command::SetTarget(text));
        }
    }
    port(ui, scene);
    let mut systems = vec![scene.text("window-symptom-os-unknown")];
    systems.extend(Os::ALL.iter().map(|os| scene.text(&format!("os-{}", os.name()))));
    let shown: Vec<&str> = systems.iter().map(String::as_str).collect();
    let mut index = intake
        .guest_os
        .and_then(|os| Os::ALL.iter().position(|known| *known == os))
        .map_or(0, |index| index + 1);
    let label = scene.text("window-symptom-os");
    if select(ui, &label, &shown, &mut index) {
        let os = index.checked_sub(1).and_then(|index| Os::ALL.get(index)).copied();
        scene.wish(Command::SetGuestOs(os));
    }
}

fn machine_and_card(ui: &mut Ui, scene: &mut Scene<'_>) {
    let detection = scene.state.detection.clone();
    if !detection.machines.is_empty() {
        let mut names = vec![scene.text("window-symptom-no-vm")];
        names.extend(detection.machines.iter().take(50).map(|machine| {
            format!(
                "{} · {}",
                crate::diagram::plain(&machine.name),
                product_name(scene, machine.hypervisor)
            )
        }));
        let shown: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut index = detection
            .machines
            .iter()
            .position(|machine| detection.vm.as_deref() == Some(machine.name.as_str()))
            .map_or(0, |index| index + 1);
        let label = scene.text("window-mode-machine");
        if select(ui, &label, &shown, &mut index)
            && let Some(machine) = index
                .checked_sub(1)
                .and_then(|index| detection.machines.get(index))
        {
            scene.wish(Command::ChooseMachine {
                hypervisor: machine.hypervisor,
                name: machine.name.as_str().to_owned(),
            });
        }
    }
    let known = match (detection.hypervisor, detection.mode) {
        (Some(id), Some(mode)) => format!("{} · {}", product_name(scene, id), mode_name(scene, mode)),
        (Some(id), None) => product_name(scene, id),
        (None, Some(mode)) => mode_name(scene, mode),
        (None, None) => scene.text("window-mode-ask"),
    };
    secondary(ui, &known);
    if link_button(ui, &scene.text("window-symptom-change-mode")).clicked() {
        scene.wish(Command::Go(Page::HypervisorMode));
    }
}

fn address(ui: &mut Ui, scene: &mut Scene<'_>) {
    let typed = scene.draft(Draft::GuestAddress);
    let wrong = !typed.trim().is_empty() && parse_address_or_net(&typed).is_none();
    let label = scene.text("window-symptom-address");
    let known = scene.state.detection.guest_ip.map(|address| address.to_string());
    let hint = known.clone().unwrap_or_else(|| "192.168.122.15".to_owned());
    let error = scene.text("window-symptom-address-wrong");
    let field = InputField {
        label: &label,
        hint: &hint,
        error: wrong.then_some(error.as_str()),
        mono: true,
        rows: 1,
    };
    let response = explained(ui, scene, "segment", |ui, scene| {
        draft_box(ui, scene, Draft::GuestAddress, &field)
    });
    if is_done(&response) && !wrong {
        let text = scene.draft(Draft::GuestAddress);
        scene.wish(Command::SetGuestAddress(text));
    }
    let source = &scene.state.detection.guest_ip_source;
    if let Some(known) = known.filter(|_| typed.trim().is_empty()) {
        let text = if source.is_empty() {
            scene.with("window-symptom-address-known", &[("address", &known)])
        } else {
            scene.with(
                "window-symptom-address-from",
                &[("address", &known), ("source", source)],
            )
        };
        note(ui, &text);
    }
}

fn port(ui: &mut Ui, scene: &mut Scene<'_>) {
    let typed = scene.draft(Draft::Port);
    let text = typed.trim();
    let parsed = text.parse::<u16>().ok().filter(|port| *port != 0);
    let wrong = !text.is_empty() && parsed.is_none();
    let (label, error) = (
        scene.text("window-symptom-port"),
        scene.text("window-symptom-port-wrong"),
    );
    let field = InputField {
        label: &label,
        hint: "22",
        error: wrong.then_some(error.as_str()),
        mono: true,
        rows: 1,
    };
    let response = explained(ui, scene, "firewall", |ui, scene| {
        draft_box(ui, scene, Draft::Port, &field)
    });
    if is_done(&response) && !wrong {
        scene.wish(Command::SetPort(parsed));
    }
}

/// What the mode says of this traffic before anything is tried, and which mode would do.
fn by_design(ui: &mut Ui, scene: &mut Scene<'_>) {
    let intake = &scene.state.case.intake;
    let detection = &scene.state.detection;
    let Some(direction) = Direction::between(intake.start(), intake.end()) else {
        return;
    };
    let Some(mode) = detection.mode else { return };
    let Some(cell) = reach(detection.hypervisor, mode, direction) else {
        return;
    };
    let name = mode_name(scene, mode);
    let (state, title, text) = match cell.reach {
        Reach::Works => return,
        Reach::Impossible => (
            State::Broken,
            scene.text("verdict-impossible-by-design"),
            scene.with("window-design-impossible", &[("mode", &name)]),
        ),
        Reach::PortForward => (
            State::Warn,
            scene.text("window-way-forward"),
            scene.with("window-design-forward", &[("mode", &name)]),
        ),
        Reach::Depends => (
            State::Unknown,
            scene.text("window-way-depends"),
            scene.with("window-design-depends", &[("mode", &name)]),
        ),
    };
    let better: Vec<Mode> = match detection.hypervisor {
        Some(id) => modes_of(id),
        None => Mode::ALL.to_vec(),
    }
    .into_iter()
    .filter(|other| {
        *other != Mode::Other
            && reach(detection.hypervisor, *other, direction).is_some_and(|cell| cell.reach == Reach::Works)
    })
    .take(4)
    .collect();
    let names: Vec<String> = better.iter().map(|mode| mode_name(scene, *mode)).collect();
    let line = state.color(tokens(ui));
    card_with(ui, line, 14.0, |ui| {
        ui.horizontal_wrapped(|ui| {
            if state == State::Unknown {
                icon::show(ui, Icon::Question, 14.0, line);
            }
            chip(ui, state, &title);
        });
        paragraph(ui, &text);
        secondary(ui, &scene.text(&cell.why));
        if !names.is_empty() && cell.reach != Reach::Depends {
            secondary(
                ui,
                &scene.with("window-design-better", &[("modes", &names.join(", "))]),
            );
        }
    });
    ui.add_space(space::GAP);
}
