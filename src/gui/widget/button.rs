//! Buttons. One primary button a page, where the eye ends.

use egui::{Color32, CursorIcon, FontId, Response, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo};

use super::text::{control_size, focus_ring, line};
use crate::gui::icon::{self, Icon};
use crate::gui::theme::{Tokens, font, space, tokens};

#[derive(Clone, Copy)]
enum Kind {
    Primary,
    Secondary,
}

/// The one button that leads on.
pub fn primary_button(ui: &mut Ui, text: &str) -> Response {
    filled(
        ui,
        text,
        Kind::Primary,
        font::button(),
        space::BUTTON_PADDING,
        space::CONTROL_HEIGHT,
    )
}

/// Any other button.
pub fn secondary_button(ui: &mut Ui, text: &str) -> Response {
    filled(
        ui,
        text,
        Kind::Secondary,
        font::button(),
        space::BUTTON_PADDING,
        space::CONTROL_HEIGHT,
    )
}

/// A lower button, for wells and rows.
pub fn small_button(ui: &mut Ui, text: &str) -> Response {
    filled(
        ui,
        text,
        Kind::Secondary,
        font::button(),
        space::BUTTON_PADDING,
        space::SMALL_CONTROL_HEIGHT,
    )
}

fn filled(ui: &mut Ui, text: &str, kind: Kind, font: FontId, padding: f32, height: f32) -> Response {
    let room = (ui.available_width() - 2.0 * padding).max(40.0);
    let galley = line(ui, text, font, Color32::PLACEHOLDER, room);
    let (rect, response) =
        ui.allocate_exact_size(control_size(galley.size(), padding, height), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), text));
    if ui.is_rect_visible(rect) {
        let tokens = tokens(ui);
        let (fill, line, text) = colors(tokens, kind, &response);
        ui.painter().rect(
            rect,
            f32::from(space::CONTROL_RADIUS),
            fill,
            Stroke::new(space::LINE, line),
            StrokeKind::Inside,
        );
        let at = rect.center() - galley.size() / 2.0;
        ui.painter().galley(at.round(), galley, text);
        focus_ring(ui, &response, space::CONTROL_RADIUS);
    }
    response.on_hover_cursor(CursorIcon::PointingHand)
}

fn colors(tokens: &Tokens, kind: Kind, response: &Response) -> (Color32, Color32, Color32) {
    let pressed = response.is_pointer_button_down_on();
    match kind {
        Kind::Primary => {
            // Towards the text's own color contrast would drop: away from it.
            let away = if tokens.dark {
                Color32::WHITE
            } else {
                Color32::BLACK
            };
            let share = if pressed {
                0.22
            } else if response.hovered() {
                0.12
            } else {
                0.0
            };
            let fill = tokens.accent.lerp_to_gamma(away, share);
            (fill, fill, tokens.accent_text)
        }
        Kind::Secondary => {
            let fill = if pressed {
                tokens.accent_soft
            } else if response.hovered() {
                tokens.raised.lerp_to_gamma(tokens.accent_soft, 0.5)
            } else {
                tokens.raised
            };
            let line = if response.hovered() {
                tokens.accent
            } else {
                tokens.border
            };
            (fill, line, tokens.text)
        }
    }
}

/// A quiet action in running text: looks like a link, is a button.
pub fn link_button(ui: &mut Ui, text: &str) -> Response {
    sized_link(ui, text, font::body())
}

/// The same in secondary size.
pub(super) fn small_link(ui: &mut Ui, text: &str) -> Response {
    sized_link(ui, text, FontId::proportional(13.0))
}

fn sized_link(ui: &mut Ui, text: &str, font: FontId) -> Response {
    let galley = line(ui, text, font, Color32::PLACEHOLDER, ui.available_width());
    // 24 points high at least, so that it can be hit (WCAG 2.5.8).
    let size = Vec2::new(galley.size().x, galley.size().y.max(24.0));
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), text));
    let color = tokens(ui).accent;
    let at = rect.center() - galley.size() / 2.0;
    if response.hovered() {
        let under = at.y + galley.size().y - 1.0;
        ui.painter().hline(rect.x_range(), under, Stroke::new(1.0, color));
    }
    ui.painter().galley(at.round(), galley, color);
    focus_ring(ui, &response, 4);
    response.on_hover_cursor(CursorIcon::PointingHand)
}

/// A button of an icon alone; `name` is what a screen reader reads and what shows when the pointer rests.
pub fn icon_button(ui: &mut Ui, icon: Icon, name: &str) -> Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(space::SMALL_CONTROL_HEIGHT), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), name));
    let tokens = tokens(ui);
    if response.hovered() {
        ui.painter()
            .rect_filled(rect, f32::from(space::CONTROL_RADIUS), tokens.accent_soft);
    }
    let color = if response.hovered() {
        tokens.accent
    } else {
        tokens.text2
    };
    icon::paint(ui.painter(), rect.shrink(6.0), icon, color);
    focus_ring(ui, &response, space::CONTROL_RADIUS);
    response
        .on_hover_text(name)
        .on_hover_cursor(CursorIcon::PointingHand)
}

/// A question mark whose upper right corner is at `corner`, over what stands there already: at the end of a label, 24
/// points high, above the box.
pub fn help_button(ui: &mut Ui, corner: egui::Pos2, salt: impl egui::AsIdSalt, name: &str) -> Response {
    const SIDE: f32 = space::CHIP_HEIGHT;
    let rect = egui::Rect::from_min_size(corner - egui::vec2(SIDE, 6.0), Vec2::splat(SIDE));
    let response = ui.interact(rect, ui.scope_id().with(salt), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), name));
    let tokens = tokens(ui);
    let color = if response.hovered() {
        tokens.accent
    } else {
        tokens.text2
    };
    icon::paint(ui.painter(), rect.shrink(5.0), Icon::Question, color);
    focus_ring(ui, &response, space::CONTROL_RADIUS);
    response
        .on_hover_text(name)
        .on_hover_cursor(CursorIcon::PointingHand)
}
