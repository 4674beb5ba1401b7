//! Cards and wells.

use egui::{Color32, Frame, InnerResponse, Margin, Stroke, Ui};

use crate::gui::theme::{space, tokens};

/// A card over the whole width that is available.
pub fn card<R>(ui: &mut Ui, contents: impl FnOnce(&mut Ui) -> R) -> InnerResponse<R> {
    let tokens = tokens(ui);
    card_with(ui, tokens.border, space::CARD_PADDING, contents)
}

/// A card with its own line color and padding.
pub fn card_with<R>(
    ui: &mut Ui,
    line: Color32,
    padding: f32,
    contents: impl FnOnce(&mut Ui) -> R,
) -> InnerResponse<R> {
    Frame::new()
        .fill(tokens(ui).surface)
        .stroke(Stroke::new(space::LINE, line))
        .corner_radius(space::CARD_RADIUS)
        .inner_margin(padding)
        .show(ui, |ui| {
            ui.set_min_width(ui.available_width());
            contents(ui)
        })
}

/// A sunken box inside a card, over the whole width: commands and plots.
pub fn well<R>(ui: &mut Ui, contents: impl FnOnce(&mut Ui) -> R) -> InnerResponse<R> {
    Frame::new()
        .fill(tokens(ui).sunken)
        .corner_radius(space::CONTROL_RADIUS)
        .inner_margin(Margin::symmetric(12, 8))
        .show(ui, |ui| {
            ui.set_min_width(ui.available_width());
            contents(ui)
        })
}
