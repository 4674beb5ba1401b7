//! Chips: a state as icon, word and color.

use egui::{FontId, Rect, Response, Role, Sense, Ui, Vec2, WidgetInfo, pos2, vec2};

use super::State;
use super::text::line;
use crate::gui::icon;
use crate::gui::theme::{font, space, tokens};

/// A state with its icon and a word.
pub fn chip(ui: &mut Ui, state: State, text: &str) -> Response {
    pill(ui, state, text, true, font::chip(), space::CHIP_HEIGHT)
}

/// A property without an icon: `in the guest`, `needs admin`. The color only groups.
pub fn tag(ui: &mut Ui, state: State, text: &str) -> Response {
    pill(ui, state, text, false, font::chip(), space::CHIP_HEIGHT)
}

/// The verdict in a page's header, as high as the buttons beside it.
pub fn verdict_chip(ui: &mut Ui, state: State, text: &str) -> Response {
    pill(
        ui,
        state,
        text,
        true,
        FontId::new(13.0, font::medium()),
        space::CONTROL_HEIGHT,
    )
}

fn pill(ui: &mut Ui, state: State, text: &str, with_icon: bool, font: FontId, height: f32) -> Response {
    let tokens = tokens(ui);
    let padding = 9.0;
    let icon = state.icon().filter(|_| with_icon);
    let lead = if icon.is_some() { font.size + 5.0 } else { 0.0 };
    let size = font.size;
    let room = ui.available_width() - 2.0 * padding - lead;
    let galley = line(ui, text, font, state.color(tokens), room.max(24.0));
    let width = 2.0 * padding + lead + galley.size().x;
    let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, ui.is_enabled(), text));
    let painter = ui.painter();
    painter.rect_filled(rect, height / 2.0, state.ground(tokens));
    if let Some(icon) = icon {
        let square = Rect::from_center_size(
            pos2(rect.left() + padding + size / 2.0, rect.center().y),
            Vec2::splat(size),
        );
        icon::paint(painter, square, icon, state.color(tokens));
    }
    let at = pos2(
        rect.left() + padding + lead,
        rect.center().y - galley.size().y / 2.0,
    );
    let cut = galley.elided;
    painter.galley(at.round(), galley, state.color(tokens));
    if cut {
        response.on_hover_text(text)
    } else {
        response
    }
}
