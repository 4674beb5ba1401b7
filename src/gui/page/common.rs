//! What several pages show alike.

use std::net::IpAddr;

use egui::{Response, RichText, Ui};

use super::Scene;
use super::lesson::LESSONS;
use crate::diagnose::{Confidence, Diagnosis, StationVerdict, Verdict};
use crate::diagram::plain;
use crate::gui::icon::{self, Icon};
use crate::gui::theme::{font, space, tokens};
use crate::gui::widget::{
    InputField, State, card_with, help_button, icon_button, labelled_input, small_button,
};
use crate::model::{Endpoint, HypervisorId, Mode, shown_time};
use crate::wizard::Command;
use crate::wizard::state::{Draft, Page};

/// What went wrong, in words and in the system's own, until it is taken away.
pub fn problem(ui: &mut Ui, scene: &mut Scene<'_>) {
    let Some(problem) = &scene.state.problem else {
        return;
    };
    let line = tokens(ui).broken;
    card_with(ui, line, 12.0, |ui| {
        ui.horizontal_top(|ui| {
            icon::show(ui, Icon::Warning, 16.0, line);
            ui.vertical(|ui| {
                ui.set_width((ui.available_width() - 90.0).max(120.0));
                let text = RichText::new(scene.say(&problem.text)).font(font::body());
                ui.add(egui::Label::new(text.color(tokens(ui).text)).wrap());
                if !problem.detail.is_empty() {
                    let detail = RichText::new(plain(&problem.detail)).font(font::fact());
                    ui.add(egui::Label::new(detail.color(tokens(ui).text2)).wrap());
                }
            });
            if small_button(ui, &scene.text("window-close")).clicked() {
                scene.wish(Command::DismissProblem);
            }
        });
    });
}

/// Reading what needs more rights, where there is something of the kind.
pub fn more_rights(ui: &mut Ui, scene: &mut Scene<'_>) {
    let state = scene.state;
    if !state.origin.is_live() || state.scan.is_running() {
        return;
    }
    let wanted = state.facts.unread.iter().any(crate::model::Unread::needs_rights);
    if state.jobs.rights.is_some() {
        note(ui, &scene.text("window-rights-waiting"));
        if small_button(ui, &scene.text("window-cancel")).clicked() {
            scene.wish(Command::Cancel);
        }
    } else if wanted && let Some(command) = &state.rights_by_hand {
        note(
            ui,
            &scene.with("window-rights-by-hand", &[("command", &plain(command))]),
        );
    } else if wanted {
        let button = small_button(ui, &scene.text("window-rights"));
        if button.on_hover_text(scene.text("window-rights-text")).clicked() {
            scene.wish(Command::ReadWithRights);
        }
    }
}

/// What the check will send, said before it does.
pub fn will_send(ui: &mut Ui, scene: &Scene<'_>) {
    let key = match scene.state.origin.is_live() {
        true => "window-check-sends",
        false => "window-check-sends-nothing",
    };
    note(ui, &scene.text(key));
}

/// What `field` draws, with a sign at the right of its label that leads to the lesson about it.
pub fn explained<R>(
    ui: &mut Ui,
    scene: &mut Scene<'_>,
    lesson: &str,
    field: impl FnOnce(&mut Ui, &mut Scene<'_>) -> R,
) -> R {
    let drawn = ui.scope(|ui| field(ui, scene));
    let Some(index) = LESSONS.iter().position(|known| *known == lesson) else {
        return drawn.inner;
    };
    let name = scene.text(&format!("learn-{lesson}"));
    let name = scene.with("learn-more", &[("lesson", &name)]);
    if help_button(ui, drawn.response.rect.right_top(), ("help", lesson), &name).clicked() {
        learn(scene, index);
    }
    drawn.inner
}

/// A sign that leads to a lesson, at the end of a row that speaks of it.
pub fn lesson_button(ui: &mut Ui, scene: &mut Scene<'_>, lesson: &str) {
    let Some(index) = LESSONS.iter().position(|known| *known == lesson) else {
        return;
    };
    let name = scene.text(&format!("learn-{lesson}"));
    let name = scene.with("learn-more", &[("lesson", &name)]);
    if icon_button(ui, Icon::Question, &name).clicked() {
        learn(scene, index);
    }
}

/// Leads to a lesson.
pub fn learn(scene: &mut Scene<'_>, lesson: usize) {
    scene.view.learning.lesson = lesson;
    scene.wish(Command::Go(Page::Learn));
}

/// A box whose text outlives the page.
pub fn draft_box(ui: &mut Ui, scene: &mut Scene<'_>, draft: Draft, field: &InputField<'_>) -> Response {
    let mut text = scene.draft(draft);
    let response = labelled_input(ui, &mut text, field);
    if response.changed() {
        scene.wish(Command::Type(draft, text));
    }
    response
}

/// Whether the user is done with a single-line box: left it, or pressed *Enter* in it.
pub fn is_done(response: &Response) -> bool {
    response.lost_focus()
}

/// Whether *Enter* was pressed in a single-line box.
pub fn is_entered(ui: &Ui, response: &Response) -> bool {
    response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter))
}

/// The product's own name.
pub fn product_name(scene: &Scene<'_>, id: HypervisorId) -> String {
    let key = format!("hypervisor-{}", id.name());
    scene.text(&key)
}

/// A mode's name for people.
pub fn mode_name(scene: &Scene<'_>, mode: Mode) -> String {
    scene.text(&format!("mode-{}", mode.name()))
}

/// An end of the traffic for people; the machine's name where it is known.
pub fn end_name(scene: &Scene<'_>, end: Endpoint) -> String {
    if end == Endpoint::Guest
        && let Some(vm) = &scene.state.detection.vm
    {
        return plain(vm);
    }
    if matches!(end, Endpoint::Internet | Endpoint::Lan | Endpoint::Guest2)
        && let Some(target) = &scene.state.case.intake.target
    {
        return plain(target);
    }
    scene.text(&format!("end-{}", end.name()))
}

/// The same where a line begins with it: names stay as they are.
pub fn end_title(scene: &Scene<'_>, end: Endpoint) -> String {
    let name = end_name(scene, end);
    let word = scene.text(&format!("end-{}", end.name()));
    if name == word { capitalized(&name) } else { name }
}

/// The two ends with an arrow between them.
pub fn ends_title(scene: &Scene<'_>) -> String {
    let intake = &scene.state.case.intake;
    let from = end_title(scene, intake.start());
    format!("{from} → {}", end_name(scene, intake.end()))
}

/// Addresses, product and mode of the traffic on one line.
pub fn ends_subtitle(scene: &Scene<'_>) -> String {
    let detection = &scene.state.detection;
    let mut parts = Vec::new();
    let address = |end: Endpoint| -> Option<IpAddr> {
        match end {
            Endpoint::Guest => detection.guest_ip,
            Endpoint::Host => detection
                .guest_ip
                .and_then(|guest| scene.state.facts.host.adapter_on_segment(guest))
                .map(|(_, net)| net.addr()),
            _ => None,
        }
    };
    let intake = &scene.state.case.intake;
    match (address(intake.start()), address(intake.end())) {
        (Some(from), Some(to)) => parts.push(format!("{from} → {to}")),
        (None, Some(one)) | (Some(one), None) => parts.push(one.to_string()),
        (None, None) => {}
    }
    if let Some(id) = detection.hypervisor {
        parts.push(product_name(scene, id));
    }
    if let Some(mode) = detection.mode {
        let name = mode_name(scene, mode);
        parts.push(match &detection.network {
            Some(network) => format!("{name} ({})", plain(network)),
            None => name,
        });
    }
    if let Some(port) = intake.port {
        parts.push(format!("TCP {port}"));
    }
    parts.join(" · ")
}

/// The same with a capital letter at its start, where a sentence begins with it.
pub fn capitalized(text: &str) -> String {
    let mut rest = text.chars();
    match rest.next() {
        Some(first) => first.to_uppercase().chain(rest).collect(),
        None => String::new(),
    }
}

/// A station's verdict as a state.
pub fn station_state(verdict: StationVerdict) -> State {
    match verdict {
        StationVerdict::Ok => State::Ok,
        StationVerdict::Broken => State::Broken,
        StationVerdict::Unknown => State::Unknown,
        StationVerdict::NotReached => State::NotReached,
    }
}

/// A station's verdict in a word.
pub fn verdict_word(scene: &Scene<'_>, verdict: StationVerdict) -> String {
    scene.text(match verdict {
        StationVerdict::Ok => "station-verdict-ok",
        StationVerdict::Broken => "station-verdict-broken",
        StationVerdict::Unknown => "station-verdict-unknown",
        StationVerdict::NotReached => "station-verdict-not-reached",
    })
}

/// How sure a cause is, as a state.
pub fn confidence_state(confidence: Confidence) -> State {
    match confidence {
        Confidence::Confirmed => State::Ok,
        Confidence::Likely => State::Warn,
        Confidence::Possible => State::Unknown,
    }
}

/// How sure a cause is, in a word.
pub fn confidence_word(scene: &Scene<'_>, confidence: Confidence) -> String {
    scene.text(match confidence {
        Confidence::Confirmed => "confidence-confirmed",
        Confidence::Likely => "confidence-likely",
        Confidence::Possible => "confidence-possible",
    })
}

/// The verdict as a state and in a word.
pub fn verdict(scene: &Scene<'_>, diagnosis: &Diagnosis) -> (State, String) {
    let (state, key) = match diagnosis.verdict {
        Verdict::Reachable if diagnosis.causes.is_empty() => (State::Ok, "verdict-reachable"),
        Verdict::Reachable => (State::Warn, "verdict-reachable"),
        Verdict::Blocked => (State::Broken, "verdict-blocked"),
        Verdict::ImpossibleByDesign => (State::Broken, "verdict-impossible-by-design"),
        Verdict::Inconclusive => (State::Unknown, "verdict-inconclusive"),
    };
    (state, scene.text(key))
}

/// The title of a cause: `cause-ID-title` of the catalogue.
pub fn cause_title(scene: &Scene<'_>, id: &str) -> String {
    for key in [format!("cause-{id}-title"), format!("cause-{id}")] {
        if scene.language.has(&key) || crate::locale::Language::English.has(&key) {
            return scene.text(&key);
        }
    }
    id.to_owned()
}

/// Less room than this is for one column alone, in points.
const TWO_COLUMNS: f32 = 640.0;

/// Whether what would stand side by side stands under each other here.
pub fn is_narrow(ui: &Ui) -> bool {
    ui.available_width() < TWO_COLUMNS
}

/// Two columns: `left` takes `share` of the width where there is room for both, else one under the other.
pub fn two_columns<R>(
    ui: &mut Ui,
    share: f32,
    scene: &mut Scene<'_>,
    left: impl FnOnce(&mut Ui, &mut Scene<'_>) -> R,
    right: impl FnOnce(&mut Ui, &mut Scene<'_>),
) -> R {
    let width = ui.available_width();
    if is_narrow(ui) {
        let result = left(ui, scene);
        ui.add_space(space::GAP);
        right(ui, scene);
        return result;
    }
    let gap = space::CARD_GAP;
    let first = ((width - gap) * share).floor();
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = gap;
        let result = ui
            .vertical(|ui| {
                ui.spacing_mut().item_spacing.x = space::GAP;
                ui.set_width(first);
                left(ui, scene)
            })
            .inner;
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.x = space::GAP;
            ui.set_width((width - gap - first).floor());
            right(ui, scene);
        });
        result
    })
    .inner
}

/// Microseconds as people read them, with no more digits than their source tells.
pub fn milliseconds(time_us: u64, step_us: u64) -> String {
    shown_time(time_us, step_us, if time_us >= 100_000 { 0 } else { 2 })
}

/// A time span as people read it.
pub fn seconds(time: std::time::Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

/// A small note in secondary color.
pub fn note(ui: &mut Ui, text: &str) -> Response {
    let text = RichText::new(text).font(font::small()).color(tokens(ui).text2);
    ui.add(egui::Label::new(text).wrap())
}

/// An addressed fact in the face of addresses.
pub fn mono(ui: &mut Ui, text: &str) -> Response {
    let text = RichText::new(text).font(font::fact()).color(tokens(ui).text2);
    ui.add(egui::Label::new(text).wrap())
}
