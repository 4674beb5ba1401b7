//! What a report hides, to be looked at before it is saved.

use egui::Ui;

use super::Scene;
use super::common::note;
use crate::diagram::plain;
use crate::gui::theme::{font, space, tokens};
use crate::gui::widget::{elided, link_button};
use crate::wizard::Command;

/// Most rows that are shown; a case of a whole laboratory has thousands.
const SHOWN: usize = 200;

/// The box to tick, and under it what that hides.
pub fn redaction(ui: &mut Ui, scene: &mut Scene<'_>) {
    let mut redact = scene.state.redact;
    if ui
        .checkbox(&mut redact, scene.text("window-save-redact"))
        .changed()
    {
        scene.wish(Command::SetRedact(redact));
    }
    if redact {
        ui.indent("hidden", |ui| list(ui, scene));
    }
}

fn list(ui: &mut Ui, scene: &mut Scene<'_>) {
    let known = scene.state.hidden.as_ref();
    let known = known.filter(|known| std::sync::Arc::ptr_eq(&known.case, &scene.state.case));
    let Some(known) = known else {
        scene.wish(Command::ListHidden);
        note(ui, &scene.text("window-hidden-looking"));
        return;
    };
    let Some(hidden) = known.list.clone() else {
        note(ui, &scene.text("window-hidden-looking"));
        return;
    };
    if hidden.is_empty() {
        note(ui, &scene.text("window-hidden-none"));
        return;
    }
    note(
        ui,
        &scene.with("window-hidden-some", &[("n", &hidden.len().to_string())]),
    );
    note(ui, &scene.text("window-hidden-kept"));
    let key = match scene.view.hidden_shown {
        true => "window-hidden-close",
        false => "window-hidden-show",
    };
    if link_button(ui, &scene.text(key)).clicked() {
        scene.view.hidden_shown = !scene.view.hidden_shown;
    }
    if !scene.view.hidden_shown {
        return;
    }
    let text = tokens(ui).text;
    egui::ScrollArea::vertical()
        .id_salt("hidden")
        .max_height(160.0)
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            for (index, one) in hidden.iter().take(SHOWN).enumerate() {
                ui.push_id(index, |ui| {
                    let row = format!("{} → {}", plain(&one.what), plain(&one.stand_in));
                    elided(ui, &row, font::fact(), text, f32::INFINITY);
                });
            }
            if hidden.len() > SHOWN {
                let more = (hidden.len() - SHOWN).to_string();
                note(ui, &scene.with("window-hidden-more", &[("n", &more)]));
            }
        });
    ui.add_space(space::GAP);
}
