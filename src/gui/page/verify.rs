//! Before and after side by side, and the report.

use std::sync::Arc;

use egui::Ui;

use super::common::{
    capitalized, cause_title, ends_subtitle, is_narrow, note, station_state, two_columns, verdict,
    verdict_word,
};
use super::{Header, Primary, Scene, header, redaction, second};
use crate::diagnose::compare::{Comparison, compare};
use crate::diagnose::{Diagnosis, Leg, Station, StationVerdict};
use crate::diagram::plain;
use crate::gui::command::UserCommand;
use crate::gui::dialog::Dialog;
use crate::gui::icon;
use crate::gui::icon::Icon;
use crate::gui::theme::{font, space, tokens};
use crate::gui::widget::{
    card, chip, empty_state, heading, heading_row, link_button, paragraph, progress_row, secondary,
    secondary_button,
};
use crate::report::words;
use crate::wizard::state::Answer;
use crate::wizard::{self, Command};

/// What leads on from here.
pub fn primary(state: &wizard::State) -> Option<Primary> {
    (state.diagnosis.is_some() && !state.check.is_running())
        .then(|| Primary::new("window-save-report", UserCommand::Show(Dialog::SaveReport)))
}

/// Draws the page.
pub fn draw(ui: &mut Ui, scene: &mut Scene<'_>) {
    let title = scene.text("page-verify");
    let subtitle = ends_subtitle(scene);
    let running = scene.state.check.is_running();
    let shown = Header {
        title: &title,
        subtitle: &subtitle,
        mono: true,
    };
    header(ui, scene, shown, |ui, scene| {
        if running {
            second(ui, scene, "window-cancel", Command::Cancel);
        } else if scene.state.diagnosis.is_some() {
            second(ui, scene, "window-fix-test-again", Command::TestAgain);
        }
    });
    if running {
        progress_row(ui, &scene.text("window-verify-testing"), None, None);
        ui.add_space(space::GAP);
    }
    let Some(now) = scene.state.diagnosis.clone() else {
        card(ui, |ui| {
            let (title, text) = (
                scene.text("window-verify-empty"),
                scene.text("window-verify-empty-text"),
            );
            empty_state(ui, Icon::Empty, &title, &text, |ui| {
                if secondary_button(ui, &scene.text("window-check-start")).clicked() {
                    scene.wish(Command::StartCheck);
                }
            });
        });
        return;
    };
    match scene.state.before.clone() {
        Some(before) if is_narrow(ui) => {
            card(ui, |ui| table(ui, scene, &before.diagnosis, &now));
            if !running {
                let comparison = compared(scene, &before, &now);
                change(ui, scene, &comparison);
            }
        }
        Some(before) => two_columns(
            ui,
            0.5,
            scene,
            |ui, scene| {
                card(ui, |ui| {
                    answer(ui, scene, "window-verify-before", &before.diagnosis)
                });
            },
            |ui, scene| {
                card(ui, |ui| answer(ui, scene, "window-verify-after", &now));
                // While the test runs the old answer still stands.
                if !running {
                    let comparison = compared(scene, &before, &now);
                    change(ui, scene, &comparison);
                }
            },
        ),
        None => two_columns(
            ui,
            0.5,
            scene,
            |ui, scene| {
                card(ui, |ui| answer(ui, scene, "window-verify-now", &now));
            },
            |ui, scene| {
                card(ui, |ui| {
                    heading(ui, &scene.text("window-verify-how"));
                    secondary(ui, &scene.text("window-verify-how-text"));
                });
                ui.add_space(space::STEP);
                report(ui, scene);
            },
        ),
    }
    if scene.state.before.is_some() {
        ui.add_space(space::GAP);
        report(ui, scene);
    }
}

fn answer(ui: &mut Ui, scene: &mut Scene<'_>, title: &str, diagnosis: &Diagnosis) {
    let (state, word) = verdict(scene, diagnosis);
    heading_row(ui, &scene.text(title), |ui| chip(ui, state, &word));
    if let Some(cause) = diagnosis.causes.first() {
        paragraph(ui, &capitalized(&cause_title(scene, cause.id)));
    }
    ui.spacing_mut().item_spacing.y = 6.0;
    ui.spacing_mut().interact_size.y = 18.0;
    for step in &diagnosis.path {
        let name = station_name(scene, (step.station, step.leg));
        let state = station_state(step.verdict);
        let word = verdict_word(scene, step.verdict);
        ui.horizontal(|ui| {
            let tokens = tokens(ui);
            icon::show(ui, state.icon().unwrap_or(Icon::Dash), 12.0, state.color(tokens));
            let half = (ui.available_width() * 0.6).max(120.0);
            ui.scope(|ui| {
                ui.set_width(half);
                let name = egui::RichText::new(name).color(tokens.text);
                ui.add(egui::Label::new(name).truncate());
            });
            let word = egui::RichText::new(word).font(font::small());
            ui.label(word.color(state.color(tokens)));
        });
    }
}

/// Before and after where there is no room for two cards: a row a station, so that a change is seen at once.
fn table(ui: &mut Ui, scene: &Scene<'_>, before: &Diagnosis, now: &Diagnosis) {
    let gap = space::GAP;
    let names = ((ui.available_width() - 2.0 * gap) * 0.36).floor();
    let each = ((ui.available_width() - names - 2.0 * gap) / 2.0).floor();
    let row = |ui: &mut Ui, cells: [&dyn Fn(&mut Ui); 3]| {
        ui.horizontal_top(|ui| {
            for (cell, width) in cells.into_iter().zip([names, each, each]) {
                ui.vertical(|ui| {
                    ui.set_width(width);
                    cell(ui);
                });
            }
        });
    };
    ui.spacing_mut().item_spacing.y = 6.0;
    ui.spacing_mut().interact_size.y = 18.0;
    let title = |ui: &mut Ui, diagnosis: &Diagnosis, key: &str| {
        heading(ui, &scene.text(key));
        let (state, word) = verdict(scene, diagnosis);
        chip(ui, state, &word);
        if let Some(cause) = diagnosis.causes.first() {
            note(ui, &capitalized(&cause_title(scene, cause.id)));
        }
    };
    row(
        ui,
        [&|_| {}, &|ui| title(ui, before, "window-verify-before"), &|ui| {
            title(ui, now, "window-verify-after")
        }],
    );
    let verdict_of = |diagnosis: &Diagnosis, of: (Station, Leg)| {
        let mut steps = diagnosis.path.iter();
        steps
            .find(|step| (step.station, step.leg) == of)
            .map(|step| step.verdict)
    };
    let mut stations: Vec<(Station, Leg)> = Vec::new();
    for step in now.path.iter().chain(&before.path) {
        if !stations.contains(&(step.station, step.leg)) {
            stations.push((step.station, step.leg));
        }
    }
    for of in stations {
        row(
            ui,
            [
                &|ui| {
                    let name = egui::RichText::new(station_name(scene, of)).color(tokens(ui).text);
                    ui.add(egui::Label::new(name).truncate());
                },
                &|ui| state_cell(ui, scene, verdict_of(before, of)),
                &|ui| state_cell(ui, scene, verdict_of(now, of)),
            ],
        );
    }
}

/// A station's name, with a word where the traffic passes it on its way back.
fn station_name(scene: &Scene<'_>, (station, leg): (Station, Leg)) -> String {
    let name = scene.text(&format!("station-{}", station.name()));
    match leg {
        Leg::Out => name,
        Leg::Back => format!("{name} ({})", scene.text("leg-back")),
    }
}

/// A station's verdict as icon and word; a dash where the traffic did not pass it.
fn state_cell(ui: &mut Ui, scene: &Scene<'_>, verdict: Option<StationVerdict>) {
    let Some(verdict) = verdict else {
        note(ui, "–");
        return;
    };
    ui.horizontal(|ui| {
        let state = station_state(verdict);
        let color = state.color(tokens(ui));
        icon::show(ui, state.icon().unwrap_or(Icon::Dash), 12.0, color);
        let word = egui::RichText::new(verdict_word(scene, verdict)).font(font::small());
        ui.add(egui::Label::new(word.color(color)).truncate());
    });
}

/// Before and after compared, kept while both stay the same.
#[derive(Debug)]
pub struct Compared {
    before: Arc<Diagnosis>,
    now: Arc<Diagnosis>,
    comparison: Arc<Comparison>,
}

fn compared(scene: &mut Scene<'_>, before: &Answer, now: &Arc<Diagnosis>) -> Arc<Comparison> {
    if let Some(known) = &scene.view.compared
        && Arc::ptr_eq(&known.before, &before.diagnosis)
        && Arc::ptr_eq(&known.now, now)
    {
        return Arc::clone(&known.comparison);
    }
    let facts = Arc::clone(&scene.state.facts);
    let comparison = Arc::new(compare((&before.facts, &before.diagnosis), (&facts, now)));
    scene.view.compared = Some(Compared {
        before: Arc::clone(&before.diagnosis),
        now: Arc::clone(now),
        comparison: Arc::clone(&comparison),
    });
    comparison
}

/// What the fix changed: the answer, the named cause, and what was read.
fn change(ui: &mut Ui, scene: &Scene<'_>, comparison: &Comparison) {
    /// Most changes on the page; the terminal lists them all.
    const SHOWN: usize = 12;
    ui.add_space(4.0);
    card(ui, |ui| {
        let language = scene.language;
        for line in words::comparison_lines(comparison, language) {
            paragraph(ui, &line);
        }
        heading(ui, &scene.text("window-verify-changes"));
        if comparison.changes.is_empty() {
            note(ui, &scene.text("window-verify-no-changes"));
        }
        for change in comparison.changes.iter().take(SHOWN) {
            secondary(ui, &plain(&words::change(change, language)));
        }
        if comparison.changes.len() > SHOWN {
            note(ui, "…");
        }
    });
}

fn report(ui: &mut Ui, scene: &mut Scene<'_>) {
    card(ui, |ui| {
        heading(ui, &scene.text("window-save-title"));
        secondary(ui, &scene.text("window-save-text"));
        note(ui, &scene.text("window-save-forms"));
        redaction(ui, scene);
        if secondary_button(ui, &scene.text("window-save-case")).clicked() {
            scene.wish(UserCommand::Show(Dialog::SaveCase));
        }
        if let Some(path) = scene
            .view
            .saved_to
            .clone()
            .filter(|_| scene.state.jobs.save.is_none())
        {
            let shown = crate::diagram::plain(&path.to_string_lossy());
            note(ui, &scene.with("window-saved-to", &[("path", &shown)]));
            if link_button(ui, &scene.text("window-open-folder")).clicked() {
                scene.wish(UserCommand::OpenFolder(path));
            }
        }
    });
}
