//! The segments of this machine, filling in while the scan runs, and the ways on from there.

use std::sync::Arc;

use egui::Ui;

use super::common::{end_title, ends_title, more_rights, note, seconds, will_send};
use super::{Header, Primary, Scene, header, second};
use crate::diagram::{self, Overlay, Who, plain};
use crate::gui::command::UserCommand;
use crate::gui::dialog::Dialog;
use crate::gui::icon::Icon;
use crate::gui::page::glance;
use crate::gui::theme::space;
use crate::gui::widget::{
    DiagramIntent, DiagramWords, State, card, chip, diagram_within, empty_state, heading, link_button,
    progress_row, secondary, secondary_button, select,
};
use crate::locale::Language;
use crate::model::{Case, Endpoint};
use crate::wizard::state::{Origin, Page, ScanStatus, SourceState};
use crate::wizard::{self, Command};

/// What leads on from here: a replayed case says already what fails, this machine's user is asked.
pub fn primary(state: &wizard::State) -> Option<Primary> {
    Some(if state.origin.is_live() {
        let page = if state.detection.is_unambiguous() {
            Page::Symptom
        } else {
            Page::HypervisorMode
        };
        Primary::new("window-overview-symptom", Command::Go(page))
    } else {
        let intake = &state.case.intake;
        Primary::new(
            "window-overview-check",
            Command::ChooseSymptom {
                from: intake.start(),
                to: intake.end(),
            },
        )
    })
}

/// The picture of a case, made once for each case and language.
#[derive(Debug)]
pub struct Picture {
    facts: Arc<Case>,
    language: Language,
    scene: Arc<diagram::Scene>,
    /// The same without room for what may yet come, for the pages after the scan.
    tidy: Arc<diagram::Scene>,
    glance: Arc<glance::Glance>,
    /// Whether a scan was filling it in.
    filling: bool,
}

impl Picture {
    fn shown(&self, tidy: bool) -> (Arc<diagram::Scene>, Arc<glance::Glance>) {
        let scene = if tidy { &self.tidy } else { &self.scene };
        (Arc::clone(scene), Arc::clone(&self.glance))
    }
}

/// Draws the page.
pub fn draw(ui: &mut Ui, scene: &mut Scene<'_>) {
    let (title, subtitle) = titles(scene);
    let shown = Header {
        title: &title,
        subtitle: &subtitle,
        mono: false,
    };
    let live = scene.state.origin.is_live();
    let scanning = scene.state.scan.is_running();
    header(ui, scene, shown, |ui, scene| {
        if scanning {
            second(ui, scene, "window-cancel", Command::Cancel);
        } else {
            let key = match scene.state.scan {
                ScanStatus::Idle => "window-overview-scan-first",
                _ => "window-overview-scan",
            };
            second(ui, scene, key, Command::Scan);
            if live {
                second(ui, scene, "window-overview-open", UserCommand::Show(Dialog::Open));
            }
        }
    });
    if scanning {
        scan_progress(ui, scene);
    }
    chips(ui, scene);
    let nothing = !scanning
        && live
        && scene.state.detection.products.is_empty()
        && matches!(scene.state.scan, ScanStatus::Done { .. });
    if nothing {
        ways_on(ui, scene);
        ui.add_space(space::GAP);
    }
    // The picture takes what the two lists under it leave.
    let room = ui.clip_rect().bottom() - ui.cursor().top() - BELOW;
    picture_card_of(ui, scene, room);
    ui.add_space(space::STEP);
    from_and_to(ui, scene);
}

fn titles(scene: &Scene<'_>) -> (String, String) {
    let glance = glance::counts(&scene.state.facts);
    let mut parts = Vec::new();
    for (count, key) in [
        (glance.networks, "window-overview-networks"),
        (glance.machines, "window-overview-machines"),
        (glance.tunnels, "window-overview-tunnels"),
    ] {
        if count > 0 {
            let number = count.to_string();
            let key = if count == 1 {
                format!("{key}-one")
            } else {
                key.to_owned()
            };
            parts.push(scene.with(&key, &[("n", &number)]));
        }
    }
    let mut subtitle = parts.join(&scene.text("window-list-comma"));
    let mut tail = None;
    let title = match &scene.state.origin {
        Origin::Live => scene.text("window-overview-title"),
        Origin::File(path) => {
            let name = path
                .file_name()
                .map(|name| plain(&name.to_string_lossy()))
                .unwrap_or_default();
            tail = Some(scene.with("window-overview-file", &[("name", &name)]));
            scene.text("window-overview-title-saved")
        }
        Origin::Example(example) => {
            tail = Some(scene.text(&format!("{}-text", example.title_key())));
            scene.text(example.title_key())
        }
    };
    if let ScanStatus::Done { took, .. } = &scene.state.scan
        && scene.state.origin.is_live()
    {
        tail = Some(scene.with("window-overview-scanned", &[("seconds", &seconds(*took))]));
    }
    if let Some(tail) = tail {
        if !subtitle.is_empty() {
            subtitle.push_str("  ·  ");
        }
        subtitle.push_str(&tail);
    }
    (title, subtitle)
}

/// A source of the scan in words; its own name where there are none.
fn source_name(scene: &Scene<'_>, name: &str) -> String {
    let key = format!("scan-source-{name}");
    let text = scene.text(&key);
    if text == key { plain(name) } else { text }
}

fn scan_progress(ui: &mut Ui, scene: &mut Scene<'_>) {
    let sources = scene.state.scan.sources();
    let done = sources
        .iter()
        .filter(|source| source.state != SourceState::Running)
        .count();
    let waiting: Vec<String> = sources
        .iter()
        .filter(|source| source.state == SourceState::Running)
        .map(|source| source_name(scene, &source.name))
        .take(4)
        .collect();
    let (done_text, all) = (done.to_string(), sources.len().to_string());
    let names = waiting.join(&scene.text("window-list-comma"));
    let text = if sources.is_empty() {
        scene.text("window-scan-begins")
    } else {
        scene.with(
            "window-scan-running",
            &[("done", &done_text), ("all", &all), ("waiting", &names)],
        )
    };
    let share = (!sources.is_empty()).then(|| done as f32 / sources.len() as f32);
    progress_row(ui, &text, share.or(Some(0.0)), None);
    ui.add_space(space::STEP);
}

fn picture(scene: &mut Scene<'_>) -> (Arc<diagram::Scene>, Arc<glance::Glance>) {
    let (facts, language) = (&scene.state.facts, scene.language);
    let filling = scene.state.scan.is_running();
    let tidy = !filling && scene.state.page != Page::Overview;
    if let Some(known) = &mut scene.view.picture
        && Arc::ptr_eq(&known.facts, facts)
        && known.language == language
    {
        known.filling &= filling;
        return known.shown(tidy);
    }
    let mut drawn = diagram::Scene::from_case(facts, language);
    // While a scan brings one fact after another, what stands on the picture already stays where it is. The next
    // scan begins anew, so that the order becomes the one that reads best.
    if scene.state.origin.is_live() {
        let before = scene.view.picture.as_ref();
        let before = before.filter(|before| before.filling || !filling);
        drawn.keep_places_of(before.map(|before| &*before.scene));
    }
    let without = diagram::Scene {
        slots: None,
        ..drawn.clone()
    };
    let made = Picture {
        facts: Arc::clone(facts),
        language,
        scene: Arc::new(drawn),
        tidy: Arc::new(without),
        glance: Arc::new(glance::glance(facts, language)),
        filling,
    };
    let result = made.shown(tidy);
    scene.view.picture = Some(made);
    result
}

/// What can be seen without asking, as chips.
fn chips(ui: &mut Ui, scene: &mut Scene<'_>) {
    let (_, glance) = picture(scene);
    if glance.signs.is_empty() && glance.unread.is_empty() {
        return;
    }
    ui.horizontal_wrapped(|ui| {
        for (state, text) in glance.signs.iter().take(6) {
            chip(ui, *state, text);
        }
        let language = scene.language;
        if let Some(first) = glance.unread.first() {
            let text = match glance.unread.len() {
                1 => scene.with(
                    "window-sign-unread-one",
                    &[("what", &plain(&language.output_name(&first.what)))],
                ),
                n => scene.with("window-sign-unread", &[("n", &n.to_string())]),
            };
            // Put into words only where somebody looks.
            chip(ui, State::Unknown, &text).on_hover_ui(|ui| {
                for unread in glance.unread.iter().take(12) {
                    let (what, why) = language.unread(unread);
                    ui.label(format!("{}: {}", plain(&what), plain(&why)));
                }
            });
        }
        more_rights(ui, scene);
    });
    ui.add_space(space::STEP);
}

/// Height of what stands under the picture, with the page's margin.
const BELOW: f32 = 174.0;

/// The diagram in its card, with the chosen traffic on it.
pub fn picture_card(ui: &mut Ui, scene: &mut Scene<'_>) {
    picture_card_of(ui, scene, 0.0);
}

/// The same in a card of at least this height, the picture in its middle.
fn picture_card_of(ui: &mut Ui, scene: &mut Scene<'_>, height: f32) {
    let (picture, _) = picture(scene);
    if picture.wires.is_empty() {
        card(ui, |ui| {
            let scanning = scene.state.scan.is_running();
            let (title, text) = if scanning {
                ("window-picture-filling", "window-picture-filling-text")
            } else {
                ("window-picture-empty", "window-picture-empty-text")
            };
            let (title, text) = (scene.text(title), scene.text(text));
            empty_state(ui, Icon::Empty, &title, &text, |_| {});
        });
        return;
    }
    let overlay = overlay(scene, &picture);
    let texts = [
        scene.text("window-picture-name"),
        scene.text("window-picture-from"),
        scene.text("window-picture-to"),
        scene.text("window-shortcut-zoom-in"),
        scene.text("window-shortcut-zoom-out"),
        scene.text("window-picture-fit"),
    ];
    let [name, from, to, larger, smaller, fit] = texts.each_ref().map(String::as_str);
    let words = DiagramWords {
        name,
        from,
        to,
        larger,
        smaller,
        fit,
    };
    // A picture that is higher than the window is looked at through a part of the page.
    let most =
        (ui.clip_rect().height() - 2.0 * space::CARD_PADDING - 24.0).max(height - 2.0 * space::CARD_PADDING);
    let inside = height - 2.0 * space::CARD_PADDING;
    let id = ui.scope_id().with("height of the picture");
    let intent = card(ui, |ui| {
        let drawn = ui.data(|data| data.get_temp::<f32>(id));
        // A picture that fills in grows downwards.
        let above = match picture.slots {
            Some(_) => 0.0,
            None => drawn.map_or(0.0, |drawn| ((inside - drawn) / 2.0).max(0.0)),
        };
        ui.add_space(above);
        let top = ui.cursor().top();
        let intent = diagram_within(ui, &picture, overlay.as_ref(), &words, true, most);
        let now = ui.cursor().top() - top - ui.spacing().item_spacing.y;
        if drawn != Some(now) {
            ui.data_mut(|data| data.insert_temp(id, now));
            ui.ctx().request_repaint();
        }
        ui.add_space((inside - above - now).max(0.0));
        intent
    })
    .inner;
    if let Some(intent) = intent {
        picked(scene, intent);
    }
    if picture.left_out > 0 {
        let count = picture.left_out.to_string();
        ui.horizontal_wrapped(|ui| {
            note(ui, &scene.with("window-picture-left-out", &[("n", &count)]));
            if link_button(ui, &scene.text("page-tables")).clicked() {
                scene.wish(Command::Go(Page::Tables));
            }
        });
    }
}

/// The chosen traffic: what was picked just now, else what the case is about, as soon as that was said or judged.
fn overlay(scene: &Scene<'_>, picture: &diagram::Scene) -> Option<Overlay> {
    if let Some(from) = &scene.view.picked {
        return Some(Overlay {
            from: Some(from.clone()),
            ..Overlay::default()
        });
    }
    let state = scene.state;
    match &state.diagnosis {
        Some(diagnosis) if state.page != Page::Overview || state.origin.is_live() => Some(
            Overlay::from_diagnosis(picture, &state.facts, diagnosis, scene.language),
        ),
        _ => {
            let intake = &state.case.intake;
            let told = intake.from.is_some() || intake.to.is_some() || state.page == Page::Symptom;
            told.then(|| Overlay {
                from: picture.endpoint(&state.facts, intake.start()),
                to: picture.endpoint(&state.facts, intake.end()),
                ..Overlay::default()
            })
        }
    }
}

/// What a pick on the diagram asks for. On the overview it leads on by itself.
fn picked(scene: &mut Scene<'_>, intent: DiagramIntent) {
    let overview = scene.state.page == Page::Overview;
    match intent {
        DiagramIntent::From(who) => match &who {
            // One click on a machine: "I cannot reach this one".
            Who::Machine { .. } | Who::Guest | Who::Seen(_) if overview => between(scene, &Who::Host, &who),
            _ => scene.view.picked = Some(who),
        },
        DiagramIntent::To(who) => {
            let from = scene.view.picked.take().unwrap_or_default();
            between(scene, &from, &who);
        }
        DiagramIntent::Between(from, to) => {
            scene.view.picked = None;
            between(scene, &from, &to);
        }
    }
}

fn between(scene: &mut Scene<'_>, from: &Who, to: &Who) {
    let (Some(mut start), Some(mut end)) = (end_of(from), end_of(to)) else {
        return;
    };
    if (start, end) == (Endpoint::Guest, Endpoint::Guest) {
        end = Endpoint::Guest2;
    }
    if start == end {
        return;
    }
    if start == Endpoint::Guest2 && end == Endpoint::Guest {
        (start, end) = (Endpoint::Guest, Endpoint::Guest2);
    }
    let machine = [from, to].into_iter().find_map(|who| match who {
        Who::Machine { hypervisor, name } => Some((*hypervisor, name.as_str().to_owned())),
        _ => None,
    });
    let mut commands = Vec::new();
    if let (Endpoint::Guest2, Who::Machine { name, .. }) = (end, to) {
        let second = scene
            .state
            .detection
            .machines
            .iter()
            .find(|machine| machine.name == *name);
        if let Some(address) = second.and_then(|machine| machine.address) {
            commands.push(Command::SetTarget(address.to_string()));
        }
    }
    let address_of = |who: &Who| match who {
        Who::Seen(address) => Some(*address),
        _ => None,
    };
    if let (Endpoint::Guest2, Some(address)) = (end, address_of(to)) {
        commands.push(Command::SetTarget(address.to_string()));
    }
    let guest = match (start, end) {
        (Endpoint::Guest, Endpoint::Guest2) => address_of(from),
        _ => address_of(from).or(address_of(to)),
    };
    let ends = Command::SetEnds { from: start, to: end };
    if let Some(address) = guest {
        // No product tells of it, so there is nothing else to be asked.
        commands.push(ends);
        commands.push(Command::UseAsGuest(address));
        if scene.state.page == Page::Overview {
            commands.push(Command::StartCheck);
        }
        scene.wish(UserCommand::All(commands));
        return;
    }
    match machine {
        // Choosing the machine leads on by itself.
        Some((hypervisor, name)) => {
            commands.push(ends);
            commands.push(Command::ChooseMachine { hypervisor, name });
        }
        None if scene.state.page == Page::Overview => {
            commands.push(Command::ChooseSymptom { from: start, to: end });
        }
        None => commands.push(ends),
    }
    scene.wish(UserCommand::All(commands));
}

fn end_of(who: &Who) -> Option<Endpoint> {
    Some(match who {
        Who::Host | Who::Port(_) => Endpoint::Host,
        Who::Machine { .. } | Who::Guest | Who::Seen(_) => Endpoint::Guest,
        Who::Guest2 => Endpoint::Guest2,
        Who::Lan | Who::Router => Endpoint::Lan,
        Who::Internet => Endpoint::Internet,
        Who::Engine(_) | Who::More(_) => return None,
    })
}

/// The two lists under the picture: the same as dragging, by keyboard.
fn from_and_to(ui: &mut Ui, scene: &mut Scene<'_>) {
    let hint = match &scene.view.picked {
        Some(_) => scene.text("window-overview-pick-second"),
        None => {
            let (picture, _) = picture(scene);
            // The neighbors on the LAN stand there always.
            let mut machines = picture.wires.iter().flat_map(|wire| &wire.machines);
            let someone = machines.any(|machine| machine.who != Who::Lan);
            scene.text(match someone {
                true => "window-overview-hint",
                false => "window-overview-hint-nobody",
            })
        }
    };
    let drawn = !picture(scene).0.wires.is_empty();
    ui.horizontal_wrapped(|ui| {
        secondary(ui, &hint);
        if drawn && link_button(ui, &scene.text("window-save-diagram")).clicked() {
            scene.wish(UserCommand::Show(Dialog::SaveDiagram));
        }
    });
    let intake = &scene.state.case.intake;
    let names: Vec<String> = Endpoint::ALL.iter().map(|end| end_title(scene, *end)).collect();
    let shown: Vec<&str> = names.iter().map(String::as_str).collect();
    let at = |end: Endpoint| Endpoint::ALL.iter().position(|known| *known == end).unwrap_or(0);
    let (mut from, mut to) = (at(intake.start()), at(intake.end()));
    let labels = [scene.text("window-symptom-from"), scene.text("window-symptom-to")];
    let mut changed = false;
    ui.horizontal_wrapped(|ui| {
        let width = ((ui.available_width() - 160.0) / 2.0).clamp(110.0, 240.0);
        for (label, index) in labels.iter().zip([&mut from, &mut to]) {
            ui.vertical(|ui| {
                ui.set_width(width);
                changed |= select(ui, label, &shown, index);
            });
        }
        if scene.state.origin.is_live() {
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = 4.0;
                note(ui, " ");
                let intake = &scene.state.case.intake;
                let command = Command::ChooseSymptom {
                    from: intake.start(),
                    to: intake.end(),
                };
                let said = ends_title(scene);
                if secondary_button(ui, &scene.text("window-overview-check"))
                    .on_hover_text(said)
                    .clicked()
                {
                    scene.wish(command);
                }
            });
        }
    });
    will_send(ui, scene);
    if changed
        && let (Some(from), Some(to)) = (Endpoint::ALL.get(from), Endpoint::ALL.get(to))
        && from != to
    {
        scene.wish(Command::SetEnds { from: *from, to: *to });
    }
}

/// No hypervisor was found here: three ways on.
fn ways_on(ui: &mut Ui, scene: &mut Scene<'_>) {
    card(ui, |ui| {
        heading(ui, &scene.text("window-nothing-title"));
        secondary(ui, &scene.text("window-nothing-text"));
        ui.horizontal_wrapped(|ui| {
            if secondary_button(ui, &scene.text("window-nothing-inside")).clicked() {
                scene.wish(UserCommand::All(vec![
                    Command::SetEnds {
                        from: Endpoint::Guest,
                        to: Endpoint::Internet,
                    },
                    Command::Go(Page::HypervisorMode),
                ]));
            }
            if secondary_button(ui, &scene.text("window-nothing-open")).clicked() {
                scene.wish(UserCommand::Show(Dialog::Open));
            }
            if secondary_button(ui, &scene.text("window-nothing-example")).clicked() {
                scene.wish(UserCommand::Show(Dialog::Examples));
            }
        });
        if link_button(ui, &scene.text("window-nothing-by-hand")).clicked() {
            scene.wish(Command::Go(Page::HypervisorMode));
        }
    });
}
