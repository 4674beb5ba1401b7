//! Why we say so: facts with their values and who told them.

use egui::{Align, Color32, Label, Layout, RichText, Ui};

use super::text::block;
use crate::gui::theme::{font, space, tokens};

/// One fact.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    /// What it is; may be empty.
    pub fact: &'a str,
    /// Its value, as it was read.
    pub value: &'a str,
    /// Who told it.
    pub source: &'a str,
}

/// The facts under each other: what it is, its value, and who told it.
pub fn evidence_list(ui: &mut Ui, rows: &[Evidence<'_>]) {
    let tokens = tokens(ui);
    for (index, row) in rows.iter().enumerate() {
        if index > 0 {
            ui.add_space(space::STEP);
        }
        ui.scope(|ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            if !row.fact.is_empty() {
                ui.add(Label::new(RichText::new(row.fact).color(tokens.text)).wrap());
            }
            let width = ui.available_width();
            let value = block(ui, row.value, font::fact(), Color32::PLACEHOLDER, width);
            let source = super::text::line(ui, row.source, font::small(), tokens.text2, width);
            // Who told it stands beside a short value, and below one that needs the room.
            let beside = value.rows.len() == 1 && value.size().x + 12.0 + source.size().x <= width;
            let at = if beside {
                egui::vec2(width - source.size().x, 0.0)
            } else {
                egui::vec2(0.0, value.size().y)
            };
            ui.with_layout(Layout::top_down(Align::Min), |ui| {
                let height = value.size().y.max(at.y + source.size().y);
                let (rect, response) =
                    ui.allocate_exact_size(egui::vec2(width, height), egui::Sense::hover());
                let said = format!("{} {} ({})", row.fact, row.value, row.source);
                response.widget_info(|| {
                    egui::WidgetInfo::labeled(egui::Role::Label, ui.is_enabled(), said.trim())
                });
                ui.painter().galley(rect.min, value, tokens.text);
                ui.painter().galley(rect.min + at, source, tokens.text2);
            });
        });
    }
}
