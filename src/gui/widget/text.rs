//! Text: titles, paragraphs, and names that are cut to the room there is.

use std::sync::Arc;

use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{
    Align, Color32, FontId, Galley, Label, Layout, Rect, Response, RichText, Role, Sense, Ui, UiBuilder,
    Vec2, WidgetInfo, pos2, vec2,
};

use crate::diagram::plain;
use crate::gui::theme::{font, space, tokens};

/// Lays out one line that is cut with `…` at `width` points.
pub(in crate::gui) fn line(ui: &Ui, text: &str, font: FontId, color: Color32, width: f32) -> Arc<Galley> {
    let mut job = LayoutJob::simple_singleline(text.to_owned(), font, color);
    job.wrap = TextWrapping::truncate_at_width(width.max(1.0));
    ui.painter().layout_job(job)
}

/// Lays out a paragraph that is wrapped at `width` points: at blanks, and inside a word only where it is longer than a
/// line, so that commands and addresses stay readable.
pub(super) fn block(ui: &Ui, text: &str, font: FontId, color: Color32, width: f32) -> Arc<Galley> {
    let format = TextFormat {
        line_height: Some((font.size * 1.45).round()),
        ..TextFormat::simple(font, color)
    };
    let mut job = LayoutJob::single_section(text.to_owned(), format);
    job.wrap = TextWrapping {
        max_width: width.max(1.0),
        ..TextWrapping::default()
    };
    ui.painter().layout_job(job)
}

/// Where the ring around `response` goes, painted when it has the keyboard.
pub(super) fn focus_ring(ui: &Ui, response: &Response, radius: u8) {
    if response.has_focus() {
        ui.painter().rect_stroke(
            response.rect.expand(2.0),
            f32::from(radius) + 2.0,
            egui::Stroke::new(space::FOCUS_RING, tokens(ui).accent),
            egui::StrokeKind::Outside,
        );
    }
}

/// A name from outside on one line, cut with `…` at the room there is (at most `width`); the whole of it shows
/// when the pointer rests on it, and is what a screen reader reads.
pub fn elided(ui: &mut Ui, text: &str, font: FontId, color: Color32, width: f32) -> Response {
    let shown = plain(text);
    let galley = line(ui, &shown, font, color, width.min(ui.available_width()));
    let (rect, response) = ui.allocate_exact_size(galley.size(), Sense::hover());
    let cut = galley.elided;
    ui.painter().galley(rect.min, galley, color);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, ui.is_enabled(), &shown));
    if cut {
        response.on_hover_text(shown)
    } else {
        response
    }
}

/// A card's title.
pub fn heading(ui: &mut Ui, text: &str) -> Response {
    ui.label(RichText::new(text).font(font::strong()).color(tokens(ui).text))
}

/// A card's title with what `beside` adds at its right. The title stands as high as one that stands alone, so that
/// those of cards side by side are level; chips and buttons reach over its line on both sides.
pub fn heading_row<R>(ui: &mut Ui, text: &str, beside: impl FnOnce(&mut Ui) -> R) -> R {
    let right = ui.available_rect_before_wrap().right();
    let title = heading(ui, text).rect;
    let half = space::CONTROL_HEIGHT / 2.0;
    let room = Rect::from_min_max(
        pos2(title.right() + space::GAP, title.center().y - half),
        pos2(right.max(title.right() + space::GAP), title.center().y + half),
    );
    let mut row = ui.new_child(
        UiBuilder::new()
            .id_salt("beside the title")
            .max_rect(room)
            .layout(Layout::left_to_right(Align::Center)),
    );
    let result = beside(&mut row);
    let taken = row.min_rect();
    if taken.width() > 0.0 {
        let below = Rect::from_min_max(pos2(title.left(), title.bottom()), taken.max.max(title.max));
        ui.advance_cursor_after_rect(below);
    }
    result
}

/// A paragraph of text.
pub fn paragraph(ui: &mut Ui, text: &str) -> Response {
    ui.add(Label::new(RichText::new(text).font(font::body()).color(tokens(ui).text)).wrap())
}

/// A paragraph of secondary text.
pub fn secondary(ui: &mut Ui, text: &str) -> Response {
    ui.add(Label::new(RichText::new(text).font(font::body()).color(tokens(ui).text2)).wrap())
}

/// The size of a control around a text of `text` points.
pub(super) fn control_size(text: Vec2, padding: f32, height: f32) -> Vec2 {
    vec2(text.x + 2.0 * padding, height.max(text.y + space::GAP))
}
