//! Nothing here yet: what that means, and the ways on.

use egui::{Align, Label, Layout, RichText, Ui};

use crate::gui::icon::{self, Icon};
use crate::gui::theme::{font, space, tokens};

/// An icon, a title, a sentence, and the buttons that `ways_on` adds, in the middle of what is available.
pub fn empty_state<R>(
    ui: &mut Ui,
    icon: Icon,
    title: &str,
    text: &str,
    ways_on: impl FnOnce(&mut Ui) -> R,
) -> R {
    let tokens = tokens(ui);
    ui.vertical_centered(|ui| {
        ui.add_space(space::PAGE_MARGIN);
        icon::show(ui, icon, 40.0, tokens.unknown);
        ui.add_space(space::GAP);
        ui.label(RichText::new(title).font(font::strong()).color(tokens.text));
        ui.scope(|ui| {
            ui.set_max_width(ui.available_width().min(460.0));
            ui.add(
                Label::new(RichText::new(text).color(tokens.text2))
                    .wrap()
                    .halign(Align::Center),
            );
        });
        ui.add_space(space::CARD_GAP);
        let result = ui.with_layout(Layout::top_down(Align::Center), ways_on).inner;
        ui.add_space(space::PAGE_MARGIN);
        result
    })
    .inner
}
