//! One of a few: a segmented control, and cards to choose from.

use egui::{
    Color32, CursorIcon, FontId, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

use super::text::{block, focus_ring, line};
use crate::gui::theme::{font, space, tokens};

/// A row of choices of which one holds; true when the user chose another. `name` is what is being chosen.
pub fn segmented(ui: &mut Ui, name: &str, choices: &[&str], chosen: &mut usize) -> bool {
    let tokens = tokens(ui);
    let font = FontId::new(13.0, font::medium());
    let measured = |most: f32| -> Vec<_> {
        let cut = |text: &&str| line(ui, text, font.clone(), Color32::PLACEHOLDER, most);
        choices.iter().map(cut).collect()
    };
    let mut galleys = measured(240.0);
    let whole: f32 = galleys.iter().map(|galley| galley.size().x).sum();
    // Where there is little room, closer first, then the longest names are cut.
    let room = ui.available_width() - 4.0;
    let count = choices.len().max(1) as f32;
    let padding = ((room - whole) / count / 2.0).clamp(6.0, 14.0);
    if whole + 2.0 * padding * count > room {
        let widths: Vec<f32> = galleys.iter().map(|galley| galley.size().x).collect();
        galleys = measured(fair_share(&widths, room - 2.0 * padding * count));
    }
    let width: f32 = galleys
        .iter()
        .map(|galley| galley.size().x + 2.0 * padding)
        .sum::<f32>()
        + 4.0;
    let (outer, _) = ui.allocate_exact_size(vec2(width, space::CONTROL_HEIGHT), Sense::hover());
    ui.painter().rect(
        outer,
        f32::from(space::CONTROL_RADIUS),
        tokens.sunken,
        Stroke::new(space::LINE, tokens.border),
        StrokeKind::Inside,
    );
    let mut left = outer.left() + 2.0;
    let mut changed = false;
    for (index, (text, galley)) in choices.iter().zip(galleys).enumerate() {
        let part = Rect::from_min_size(
            pos2(left, outer.top() + 2.0),
            vec2(galley.size().x + 2.0 * padding, outer.height() - 4.0),
        );
        left = part.right();
        let response = ui.interact(part, ui.scope_id().with((name, index)), Sense::click());
        let holds = *chosen == index;
        response.widget_info(|| {
            WidgetInfo::selected(
                Role::RadioButton,
                ui.is_enabled(),
                holds,
                format!("{name}: {text}"),
            )
        });
        if holds {
            ui.painter().rect(
                part,
                6.0,
                tokens.raised,
                Stroke::new(space::LINE, tokens.unknown),
                StrokeKind::Inside,
            );
        }
        let color = if holds || response.hovered() {
            tokens.text
        } else {
            tokens.text2
        };
        let at = part.center() - galley.size() / 2.0;
        let cut = galley.elided;
        ui.painter().galley(at.round(), galley, color);
        focus_ring(ui, &response, 6);
        let mut response = response.on_hover_cursor(CursorIcon::PointingHand);
        if cut {
            response = response.on_hover_text(*text);
        }
        if response.clicked() && !holds {
            *chosen = index;
            changed = true;
        }
    }
    changed
}

/// The largest width to which the widest are cut so that all fit into `room`.
fn fair_share(widths: &[f32], room: f32) -> f32 {
    let mut sorted = widths.to_vec();
    sorted.sort_by(f32::total_cmp);
    let mut left = room.max(0.0);
    for (index, width) in sorted.iter().enumerate() {
        let share = left / (sorted.len() - index) as f32;
        if *width > share {
            return share;
        }
        left -= width;
    }
    f32::INFINITY
}

/// A choice with a title and an explanation, over the width that is available; `detail` may be empty.
pub fn radio_card(ui: &mut Ui, chosen: bool, title: &str, detail: &str) -> Response {
    radio_card_beside(ui, chosen, title, detail, 0.0)
}

/// The same with `beside` points left free at its right end, for a picture that the caller paints.
pub fn radio_card_beside(ui: &mut Ui, chosen: bool, title: &str, detail: &str, beside: f32) -> Response {
    let tokens = tokens(ui);
    let width = ui.available_width();
    let left = 40.0;
    let room = width - left - space::CARD_PADDING - beside;
    let name = block(ui, title, font::strong(), tokens.text, room);
    let text =
        (!detail.is_empty()).then(|| block(ui, detail, FontId::proportional(13.0), tokens.text2, room));
    let text_height = name.size().y + text.as_ref().map_or(0.0, |text| text.size().y + 2.0);
    let (rect, response) = ui.allocate_exact_size(vec2(width, text_height + 22.0), Sense::click());
    response.widget_info(|| {
        let said = if detail.is_empty() {
            title.to_owned()
        } else {
            format!("{title}. {detail}")
        };
        WidgetInfo::selected(Role::RadioButton, ui.is_enabled(), chosen, said)
    });
    let painter = ui.painter();
    let (fill, line) = if chosen {
        (tokens.accent_soft, Stroke::new(1.5, tokens.accent))
    } else if response.hovered() {
        (tokens.raised, Stroke::new(space::LINE, tokens.accent))
    } else {
        (tokens.raised, Stroke::new(space::LINE, tokens.border))
    };
    painter.rect(
        rect,
        f32::from(space::CONTROL_RADIUS),
        fill,
        line,
        StrokeKind::Inside,
    );
    let center = pos2(rect.left() + 21.0, rect.top() + 11.0 + name.size().y / 2.0);
    let ring = if chosen { tokens.accent } else { tokens.unknown };
    painter.circle_stroke(center, 7.5, Stroke::new(1.5, ring));
    if chosen {
        painter.circle_filled(center, 4.0, tokens.accent);
    }
    let below = rect.top() + 13.0 + name.size().y;
    painter.galley(
        pos2(rect.left() + left, rect.top() + 11.0).round(),
        name,
        tokens.text,
    );
    if let Some(text) = text {
        painter.galley(pos2(rect.left() + left, below).round(), text, tokens.text2);
    }
    focus_ring(ui, &response, space::CONTROL_RADIUS);
    response.on_hover_cursor(CursorIcon::PointingHand)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_widest_are_cut() {
        assert_eq!(fair_share(&[10.0, 90.0, 20.0], 200.0), f32::INFINITY);
        assert_eq!(fair_share(&[10.0, 90.0, 20.0], 100.0), 70.0);
        assert_eq!(fair_share(&[90.0, 90.0, 20.0], 100.0), 40.0);
        assert_eq!(fair_share(&[], 10.0), f32::INFINITY);
    }
}
