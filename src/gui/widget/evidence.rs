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

/// The facts under each other: what it is, its value, and at the right who told it.
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
            let source = super::text::line(ui, row.source, font::small(), tokens.text2, width * 0.5);
            let source_width = source.size().x;
            let value_room = width - source_width - 12.0;
            let value = block(
                ui,
                row.value,
                font::fact(),
                Color32::PLACEHOLDER,
                value_room,
                true,
            );
            ui.with_layout(Layout::top_down(Align::Min), |ui| {
                let height = value.size().y.max(source.size().y);
                let (rect, response) =
                    ui.allocate_exact_size(egui::vec2(width, height), egui::Sense::hover());
                let said = format!("{} {} ({})", row.fact, row.value, row.source);
                response.widget_info(|| {
                    egui::WidgetInfo::labeled(egui::Role::Label, ui.is_enabled(), said.trim())
                });
                ui.painter().galley(rect.min, value, tokens.text);
                let at = egui::pos2(rect.right() - source_width, rect.top());
                ui.painter().galley(at, source, tokens.text2);
            });
        });
    }
}
