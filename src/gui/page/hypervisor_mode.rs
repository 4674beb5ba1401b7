//! Which product, which machine, which mode: what was found is preselected, and all of it can be overruled.

use egui::Ui;

use super::common::{capitalized, ends_subtitle, learn, mode_name, note, product_name, two_columns};
use super::lesson::LESSONS;
use super::mode_picture;
use super::{Header, Primary, Scene, header};
use crate::diagram::plain;
use crate::gui::icon::{self, Icon};
use crate::gui::theme::{font, space, tokens};
use crate::gui::widget::{
    State, card, heading, heading_row, link_button, radio_card, radio_card_beside, select, tag,
};
use crate::knowledge::{Cell, Direction, Reach, closer_of, modes_of, reach};
use crate::model::{HypervisorId, Mode, PowerState};
use crate::wizard::state::{Page, ScanStatus};
use crate::wizard::{self, Command};

/// The directions that a mode is judged by, in the order of the card.
pub const DIRECTIONS: [(Direction, &str); 5] = [
    (Direction::HostToGuest, "window-way-host-guest"),
    (Direction::GuestToHost, "window-way-guest-host"),
    (Direction::GuestToInternet, "window-way-guest-internet"),
    (Direction::LanToGuest, "window-way-lan-guest"),
    (Direction::GuestToGuest, "window-way-guest-guest"),
];

/// What leads on from here.
pub fn primary(_state: &wizard::State) -> Option<Primary> {
    Some(Primary::new("window-continue", Command::Go(Page::Symptom)))
}

/// Draws the page.
pub fn draw(ui: &mut Ui, scene: &mut Scene<'_>) {
    let title = scene.text("page-hypervisor-mode");
    let known = ends_subtitle(scene);
    let subtitle = if scene.state.detection.is_unambiguous() {
        scene.with("window-mode-recognized", &[("what", &known)])
    } else {
        scene.text("window-mode-ask")
    };
    let shown = Header {
        title: &title,
        subtitle: &subtitle,
        mono: false,
    };
    header(ui, scene, shown, |_, _| {});
    two_columns(
        ui,
        0.4,
        scene,
        |ui, scene| {
            card(ui, |ui| products(ui, scene));
            machines(ui, scene);
        },
        |ui, scene| {
            card(ui, |ui| modes(ui, scene));
        },
    );
}

fn products(ui: &mut Ui, scene: &mut Scene<'_>) {
    heading(ui, &scene.text("window-mode-product"));
    let detection = scene.state.detection.clone();
    let chosen = detection.hypervisor;
    for product in &detection.products {
        let mut title = product_name(scene, product.id);
        if let Some(version) = &product.version {
            title.push(' ');
            title.push_str(&plain(version));
        }
        let mut facts = Vec::new();
        if let Some(running) = product.running {
            facts.push(scene.text(if running {
                "window-product-running"
            } else {
                "window-product-stopped"
            }));
        }
        if product.machines > 0 {
            let (running, all) = (product.machines_running.to_string(), product.machines.to_string());
            facts.push(scene.with("window-product-machines", &[("running", &running), ("all", &all)]));
        }
        facts.extend(product.evidence.iter().take(2).map(|text| plain(text)));
        if radio_card(ui, chosen == Some(product.id), &title, &facts.join(" · ")).clicked() {
            scene.wish(Command::ChooseHypervisor(Some(product.id)));
        }
    }
    let is_found = |id: HypervisorId| detection.products.iter().any(|product| product.id == id);
    if detection.products.is_empty() {
        let key = match scene.state.scan {
            ScanStatus::Running { .. } => "window-mode-looking",
            _ => "window-mode-none-found",
        };
        note(ui, &scene.text(key));
    }
    // What was said or stands in the case, but was not found here.
    let told = chosen.filter(|id| !is_found(*id));
    if let Some(id) = told {
        let detail = scene.text(match scene.state.origin.is_live() {
            true => "window-mode-told",
            false => "window-mode-told-in-case",
        });
        let name = product_name(scene, id);
        radio_card(ui, true, &name, &detail).clicked();
    }
    let others: Vec<HypervisorId> = HypervisorId::ALL
        .iter()
        .copied()
        .filter(|id| !is_found(*id) && Some(*id) != told)
        .collect();
    let mut names = vec![scene.text("window-mode-other-product")];
    names.extend(others.iter().map(|id| product_name(scene, *id)));
    let shown: Vec<&str> = names.iter().map(String::as_str).collect();
    let label = scene.text("window-mode-overrule");
    let mut index = 0;
    if select(ui, &label, &shown, &mut index)
        && let Some(id) = index.checked_sub(1).and_then(|index| others.get(index))
    {
        scene.wish(Command::ChooseHypervisor(Some(*id)));
    }
    if scene.state.case.intake.hypervisor.is_some()
        && link_button(ui, &scene.text("window-mode-detect")).clicked()
    {
        scene.wish(Command::ChooseHypervisor(None));
    }
}

fn machines(ui: &mut Ui, scene: &mut Scene<'_>) {
    let detection = scene.state.detection.clone();
    let fitting: Vec<_> = detection
        .machines
        .iter()
        .filter(|machine| detection.hypervisor.is_none_or(|id| id == machine.hypervisor))
        .take(50)
        .collect();
    if fitting.is_empty() {
        return;
    }
    ui.add_space(4.0);
    card(ui, |ui| {
        heading(ui, &scene.text("window-mode-machine"));
        for machine in fitting {
            let mut facts = vec![scene.text(power_key(machine.state))];
            facts.extend(machine.address.map(|address| address.to_string()));
            let is_chosen = detection.vm.as_deref() == Some(machine.name.as_str())
                && detection.hypervisor == Some(machine.hypervisor);
            let clicked = ui
                .push_id((machine.hypervisor, &machine.name), |ui| {
                    radio_card(ui, is_chosen, &plain(&machine.name), &facts.join(" · ")).clicked()
                })
                .inner;
            if clicked {
                scene.wish(Command::ChooseMachine {
                    hypervisor: machine.hypervisor,
                    name: machine.name.as_str().to_owned(),
                });
            }
            if is_chosen && machine.nics.len() > 1 {
                let names: Vec<String> = machine
                    .nics
                    .iter()
                    .map(|(slot, mode, network)| {
                        let mut name = format!("{slot}: {}", mode_name(scene, *mode));
                        if let Some(network) = network {
                            name.push_str(&format!(" ({})", plain(network)));
                        }
                        name
                    })
                    .collect();
                let shown: Vec<&str> = names.iter().map(String::as_str).collect();
                let mut index = machine
                    .nics
                    .iter()
                    .position(|(slot, ..)| Some(*slot) == detection.nic)
                    .unwrap_or(usize::MAX);
                let label = scene.text("window-mode-card");
                if select(ui, &label, &shown, &mut index)
                    && let Some((slot, ..)) = machine.nics.get(index)
                {
                    scene.wish(Command::ChooseNic(Some(*slot)));
                }
            }
        }
    });
}

/// The key of a power state's word.
pub fn power_key(state: PowerState) -> &'static str {
    match state {
        PowerState::Running => "power-running",
        PowerState::Paused => "power-paused",
        PowerState::Saved => "power-saved",
        PowerState::Off => "power-off",
        PowerState::Crashed => "power-crashed",
        PowerState::Unknown => "power-unknown",
    }
}

fn modes(ui: &mut Ui, scene: &mut Scene<'_>) {
    let chosen = scene.state.detection.mode;
    let product = scene.state.detection.hypervisor;
    let said = match scene.state.origin.is_live() {
        true => "window-mode-by-hand",
        false => "window-mode-in-case",
    };
    heading_row(ui, &scene.text("window-mode-mode"), |ui| {
        if scene.state.case.intake.mode.is_some() {
            tag(ui, State::Info, &scene.text(said));
        }
    });
    // What the chosen mode is, as a lesson.
    let lesson = LESSONS
        .iter()
        .position(|lesson| chosen.is_some_and(|mode| lesson_of_mode(mode) == *lesson));
    if let Some((index, name)) = lesson.zip(lesson.and_then(|index| LESSONS.get(index))) {
        let name = scene.text(&format!("learn-{name}"));
        if link_button(ui, &scene.with("learn-more", &[("lesson", &name)])).clicked() {
            learn(scene, index);
        }
    }
    let mut modes = match product {
        Some(id) => modes_of(id),
        None => Mode::ALL.to_vec(),
    };
    modes.retain(|mode| *mode != Mode::Other);
    if let Some(mode) = chosen.filter(|mode| !modes.contains(mode)) {
        modes.insert(0, mode);
    }
    for mode in modes {
        let text = scene.text(&format!("window-mode-{}-text", mode.name()));
        let name = mode_name(scene, mode);
        let is_chosen = chosen == Some(mode);
        // In a narrow window the words need the room.
        let picture = if ui.available_width() >= 360.0 {
            mode_picture::WIDTH
        } else {
            0.0
        };
        let shown = radio_card_beside(ui, is_chosen, &name, &text, picture);
        if picture > 0.0 {
            let corner = egui::pos2(shown.rect.right() - picture, shown.rect.top());
            let room = egui::Rect::from_min_max(corner, shown.rect.max);
            mode_picture::paint(ui.painter(), room, mode, tokens(ui));
        }
        if shown.clicked() {
            scene.wish(Command::ChooseMode(Some(mode)));
        }
        if is_chosen {
            ways(ui, scene, product, mode);
        }
    }
    if scene.state.case.intake.mode.is_some() && link_button(ui, &scene.text("window-mode-detect")).clicked()
    {
        scene.wish(Command::ChooseMode(None));
    }
}

/// The lesson that explains a mode; empty where there is none.
fn lesson_of_mode(mode: Mode) -> &'static str {
    match mode {
        Mode::Nat | Mode::NatNetwork | Mode::User | Mode::DefaultSwitch => "nat",
        Mode::Bridged | Mode::External | Mode::Mirrored => "bridged",
        Mode::HostOnly => "host-only",
        Mode::Internal | Mode::Private => "internal",
        Mode::Routed => "routed",
        Mode::Macvtap => "macvtap",
        Mode::Other => "",
    }
}

/// What a mode lets through and what not, each with icon and word, and what is otherwise for some of its cards; why
/// stands under the pointer.
pub fn ways(ui: &mut Ui, scene: &Scene<'_>, product: Option<HypervisorId>, mode: Mode) {
    egui::Frame::new()
        .inner_margin(egui::Margin {
            left: 40,
            right: 8,
            top: 2,
            bottom: 8,
        })
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 5.0;
            ui.spacing_mut().interact_size.y = 18.0;
            for (direction, key) in DIRECTIONS {
                if let Some(cell) = reach(product, mode, direction) {
                    way(ui, scene, key, cell);
                }
            }
            for closer in closer_of(product, mode) {
                ui.add_space(space::STEP);
                let name = egui::RichText::new(scene.text(&closer.key())).font(font::small());
                ui.add(egui::Label::new(name.color(tokens(ui).text2)).wrap());
                for (direction, key) in DIRECTIONS {
                    let own = closer.cells.iter().find(|(known, _)| *known == direction);
                    if let Some((_, cell)) = own {
                        way(ui, scene, key, cell);
                    }
                }
            }
            ui.add_space(space::STEP);
        });
}

/// How an answer of the table is shown.
fn shown_reach(reach: Reach) -> (State, &'static str) {
    match reach {
        Reach::Works => (State::Ok, "window-way-works"),
        Reach::PortForward => (State::Warn, "window-way-forward"),
        Reach::Impossible => (State::Broken, "window-way-impossible"),
        Reach::Depends => (State::Unknown, "window-way-depends"),
    }
}

/// One direction with its answer, and with that of echo where it is another one.
fn way(ui: &mut Ui, scene: &Scene<'_>, key: &str, cell: &Cell) {
    let (state, word) = shown_reach(cell.reach);
    let mut word = scene.text(word);
    if let Some(echo) = cell.echo.filter(|echo| *echo != cell.reach) {
        let (_, other) = shown_reach(echo);
        let other = scene.text(other);
        word = scene.with("window-way-but-echo", &[("way", &word), ("echo", &other)]);
    }
    let row = ui.horizontal(|ui| {
        let tokens = tokens(ui);
        icon::show(ui, state.icon().unwrap_or(Icon::Dash), 12.0, state.color(tokens));
        let way = capitalized(&scene.text(key));
        let half = (ui.available_width() * 0.5).max(120.0);
        ui.scope(|ui| {
            ui.set_width(half);
            ui.label(egui::RichText::new(way).size(13.0).color(tokens.text));
        });
        let word = egui::RichText::new(word).font(font::small());
        ui.add(egui::Label::new(word.color(state.color(tokens))).wrap());
    });
    row.response.on_hover_text(scene.text(&cell.why));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Language;

    #[test]
    fn every_kind_of_card_has_its_name_in_both_languages() {
        let products = HypervisorId::ALL.iter().copied().map(Some).chain([None]);
        for product in products {
            for closer in Mode::ALL.iter().flat_map(|mode| closer_of(product, *mode)) {
                for language in Language::ALL {
                    assert!(language.has(&closer.key()), "{} in {language:?}", closer.key());
                }
            }
        }
    }
}
