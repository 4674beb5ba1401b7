//! A page's header: title and what it speaks of at the left, actions at the right.

use egui::{Align, FontId, Label, Layout, RichText, Ui, UiBuilder};

use crate::gui::theme::{font, space, tokens};

/// Title, one line under it (addresses in `mono`), and at the right what `actions` adds, the first outermost.
pub fn page_header<R>(
    ui: &mut Ui,
    title: &str,
    subtitle: &str,
    mono: bool,
    actions: impl FnOnce(&mut Ui) -> R,
) -> R {
    let tokens = tokens(ui);
    let top = ui.available_rect_before_wrap();
    // Actions first: what they leave is the title's.
    let mut right = ui.new_child(
        UiBuilder::new()
            .id_salt("actions")
            .max_rect(egui::Rect::from_min_size(
                top.min,
                egui::vec2(top.width(), space::CONTROL_HEIGHT),
            ))
            .layout(Layout::right_to_left(Align::Center)),
    );
    right.spacing_mut().item_spacing.x = space::CARD_GAP;
    let result = actions(&mut right);
    let taken = right.min_rect().width().min(top.width() * 0.7);
    ui.scope(|ui| {
        ui.set_max_width((top.width() - taken - space::CARD_GAP).max(160.0));
        ui.spacing_mut().item_spacing.y = 3.0;
        let heading = RichText::new(title).font(font::title()).color(tokens.text);
        ui.add(Label::new(heading).wrap());
        if !subtitle.is_empty() {
            let font = if mono {
                font::command()
            } else {
                FontId::proportional(14.0)
            };
            ui.add(Label::new(RichText::new(subtitle).font(font).color(tokens.text2)).wrap());
        }
    });
    ui.add_space(space::GAP);
    result
}
