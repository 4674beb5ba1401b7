//! Entries of the sidebar: the steps of the wizard, and the pages beside it.

use egui::{
    Align2, Color32, CursorIcon, Rect, Response, Role, Sense, Stroke, Ui, Vec2, WidgetInfo, pos2, vec2,
};

use super::text::{focus_ring, line};
use crate::gui::icon::{self, Icon};
use crate::gui::theme::{font, space, tokens};

/// Where the user is with a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StepState {
    /// Behind us, or answered by detection.
    Done,
    /// Shown now.
    Current,
    /// Can be gone to.
    Open,
    /// Needs an earlier step first.
    Locked,
}

/// One step of the wizard with its number (from 1). `state_word` tells a screen reader the state.
pub fn step_item(ui: &mut Ui, number: usize, text: &str, state: StepState, state_word: &str) -> Response {
    let enabled = state != StepState::Locked && ui.is_enabled();
    let (rect, response) = entry(ui, enabled, state == StepState::Current);
    let name = format!("{number}. {text}, {state_word}");
    response.widget_info(|| WidgetInfo::selected(Role::Button, enabled, state == StepState::Current, &name));
    let tokens = tokens(ui);
    let disc = Rect::from_center_size(pos2(rect.left() + 19.0, rect.center().y), Vec2::splat(22.0));
    let (ring, number_color, text_color) = match state {
        StepState::Done => (tokens.ok, tokens.ok, tokens.text),
        StepState::Current => (tokens.accent, tokens.accent, tokens.accent),
        StepState::Open => (tokens.unknown, tokens.text2, tokens.text),
        StepState::Locked => (tokens.unknown, tokens.text2, tokens.text2),
    };
    let painter = ui.painter();
    if state == StepState::Done {
        painter.circle_filled(disc.center(), 11.0, tokens.ok_soft);
        icon::paint(painter, disc.shrink(5.0), Icon::Check, ring);
    } else {
        painter.circle_stroke(disc.center(), 10.5, Stroke::new(1.2, ring));
        painter.text(
            disc.center(),
            Align2::CENTER_CENTER,
            number,
            font::chip(),
            number_color,
        );
    }
    label(ui, rect, 40.0, text, state == StepState::Current, text_color);
    focus_ring(ui, &response, space::CONTROL_RADIUS);
    if enabled {
        response.on_hover_cursor(CursorIcon::PointingHand)
    } else {
        response
    }
}

/// A page beside the wizard.
pub fn nav_item(ui: &mut Ui, text: &str, current: bool) -> Response {
    let enabled = ui.is_enabled();
    let (rect, response) = entry(ui, enabled, current);
    response.widget_info(|| WidgetInfo::selected(Role::Button, enabled, current, text));
    let tokens = tokens(ui);
    let color = if current { tokens.accent } else { tokens.text2 };
    label(ui, rect, 8.0, text, current, color);
    focus_ring(ui, &response, space::CONTROL_RADIUS);
    response.on_hover_cursor(CursorIcon::PointingHand)
}

fn entry(ui: &mut Ui, enabled: bool, current: bool) -> (Rect, Response) {
    let size = vec2(ui.available_width(), space::NAV_HEIGHT);
    let sense = if enabled { Sense::click() } else { Sense::hover() };
    let (rect, response) = ui.allocate_exact_size(size, sense);
    let tokens = tokens(ui);
    let ground = if current {
        Some(tokens.accent_soft)
    } else if response.hovered() && enabled {
        Some(tokens.sunken)
    } else {
        None
    };
    if let Some(ground) = ground {
        ui.painter()
            .rect_filled(rect, f32::from(space::CONTROL_RADIUS), ground);
    }
    (rect, response)
}

/// Below this width, in points, only an ellipsis would be left of a name: the number says as much.
const LEAST_LABEL: f32 = 28.0;

fn label(ui: &Ui, rect: Rect, left: f32, text: &str, strong: bool, color: Color32) {
    if rect.width() - left - 4.0 < LEAST_LABEL {
        return;
    }
    let font = if strong { font::strong() } else { font::body() };
    let galley = line(ui, text, font, color, rect.width() - left - 4.0);
    let at = pos2(rect.left() + left, rect.center().y - galley.size().y / 2.0);
    ui.painter().galley(at.round(), galley, color);
}
