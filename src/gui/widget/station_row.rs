//! One station of the path: verdict, name, the facts in one line, and everything behind it when opened.

use egui::{CursorIcon, Rect, Response, Role, Sense, Stroke, Ui, Vec2, WidgetInfo, pos2, vec2};

use super::State;
use super::text::{block, focus_ring, line};
use crate::gui::icon::{self, Icon};
use crate::gui::theme::{font, space, tokens};

/// What a station row shows.
#[derive(Clone, Copy, Debug)]
pub struct StationRow<'a> {
    /// The verdict.
    pub state: State,
    /// The verdict in a word, for a screen reader: `broken`.
    pub state_word: &'a str,
    /// The station's name.
    pub name: &'a str,
    /// The fact behind the verdict.
    pub facts: &'a str,
    /// Whether it is open.
    pub open: bool,
    /// Whether there is something to open.
    pub expandable: bool,
}

/// Shows a station; the response is clicked when the user wants it opened or closed. The caller puts the
/// details under it.
pub fn station_row(ui: &mut Ui, row: &StationRow<'_>) -> Response {
    let tokens = tokens(ui);
    let width = ui.available_width();
    let left = 44.0;
    let room = width - left - 24.0;
    let name = line(ui, row.name, font::strong(), tokens.text, room);
    let facts = (!row.facts.is_empty()).then(|| block(ui, row.facts, font::fact(), tokens.text2, room));
    let text_height = name.size().y + facts.as_ref().map_or(0.0, |facts| facts.size().y + 2.0);
    // With the line between two rows in the middle of the gap.
    let gap = ui.spacing().item_spacing.y;
    let height = (text_height + 20.0 - gap).max(40.0);
    let sense = if row.expandable {
        Sense::click()
    } else {
        Sense::hover()
    };
    let (rect, response) = ui.allocate_exact_size(vec2(width, height), sense);
    let said = format!("{}: {}. {}", row.name, row.state_word, row.facts);
    response.widget_info(|| {
        let role = if row.expandable {
            Role::DisclosureTriangle
        } else {
            Role::Label
        };
        let mut info = WidgetInfo::labeled(role, ui.is_enabled(), said.trim());
        info.selected = row.expandable.then_some(row.open);
        info
    });
    if ui.is_rect_visible(rect) {
        let painter = ui.painter();
        if row.expandable && response.hovered() {
            painter.rect_filled(
                rect.expand2(vec2(0.0, gap / 2.0 - 2.0)),
                f32::from(space::CONTROL_RADIUS),
                tokens.sunken,
            );
        }
        let pill = Rect::from_center_size(pos2(rect.left() + 18.0, rect.center().y), vec2(28.0, 24.0));
        painter.rect_filled(pill, 12.0, row.state.ground(tokens));
        if let Some(icon) = row.state.icon() {
            let square = Rect::from_center_size(pill.center(), Vec2::splat(12.0));
            icon::paint(painter, square, icon, row.state.color(tokens));
        }
        let top = rect.center().y - text_height / 2.0;
        let below = top + name.size().y + 2.0;
        painter.galley(pos2(rect.left() + left, top).round(), name, tokens.text);
        if let Some(facts) = facts {
            painter.galley(pos2(rect.left() + left, below).round(), facts, tokens.text2);
        }
        if row.expandable {
            let square =
                Rect::from_center_size(pos2(rect.right() - 12.0, rect.center().y), Vec2::splat(12.0));
            let icon = if row.open {
                Icon::ChevronDown
            } else {
                Icon::ChevronRight
            };
            icon::paint(painter, square, icon, tokens.text2);
        }
        painter.hline(
            rect.x_range(),
            rect.bottom() + gap / 2.0,
            Stroke::new(space::LINE, tokens.border),
        );
        focus_ring(ui, &response, space::CONTROL_RADIUS);
    }
    if row.expandable {
        response.on_hover_cursor(CursorIcon::PointingHand)
    } else {
        response
    }
}
