//! The segment diagram, painted and pickable: click two machines, drag from one to the other, or walk there with
//! Tab and the arrow keys and press Enter.

use egui::{
    Color32, CursorIcon, FontId, Id, Painter, Pos2, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui,
    WidgetInfo, pos2, vec2,
};

use super::text::focus_ring;
use crate::diagram::{Layout, MIN_WIDTH, Node, Overlay, Scene, Shape, TextRole, Who, layout, palette, shape};
use crate::gui::icon::{self, Icon};
use crate::gui::theme::{Tokens, font, space, tokens};

/// What the user asked of the diagram.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DiagramIntent {
    /// The traffic starts here.
    From(Who),
    /// The traffic should arrive here.
    To(Who),
    /// The traffic goes from the first to the second.
    Between(Who, Who),
}

/// The words that a screen reader hears.
#[derive(Clone, Copy, Debug)]
pub struct DiagramWords<'a> {
    /// What the picture is: `Network diagram`.
    pub name: &'a str,
    /// Said of the machine where the traffic starts.
    pub from: &'a str,
    /// Said of the machine where it should arrive.
    pub to: &'a str,
}

/// Shows the diagram over the width that is available (scrolled sideways by the caller below
/// [`MIN_WIDTH`]) and returns what was picked. With `pickable` off it is a picture that still tells names.
pub fn diagram(
    ui: &mut Ui,
    scene: &Scene,
    overlay: Option<&Overlay>,
    words: &DiagramWords<'_>,
    pickable: bool,
) -> Option<DiagramIntent> {
    let width = ui.available_width().max(MIN_WIDTH);
    let measure = |text: &str, role: TextRole| -> f32 {
        ui.painter()
            .layout_no_wrap(text.to_owned(), font_of(role), Color32::PLACEHOLDER)
            .size()
            .x
    };
    let picture = layout(scene, overlay, width, &measure);
    let (rect, response) = ui.allocate_exact_size(vec2(picture.size.0, picture.size.1), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Figure, true, words.name));
    let painter = ui.painter_at(rect.expand(4.0));
    paint(&painter, rect.min, &picture, tokens(ui));
    let id = response.id;
    tell_texts(ui, id, rect.min, &picture);
    let mut intent = None;
    for (index, node) in picture.nodes.iter().enumerate() {
        let place = to_egui(rect.min, &node.rect);
        let picked = pick(ui, id.with(index), place, node, overlay, words, pickable);
        if picked.clicked() {
            intent = Some(after_click(&node.who, overlay));
        }
        if picked.drag_started() {
            ui.data_mut(|data| data.insert_temp(id, node.who.clone()));
        }
        if picked.dragged() && pickable {
            drag(ui, &painter, place, &picture, rect.min);
        }
        if picked.drag_stopped() {
            let from = ui.data_mut(|data| data.remove_temp::<Who>(id));
            let over = ui.ctx().pointer_interact_pos();
            let target = over.and_then(|at| node_at(&picture, rect.min, at));
            if let (Some(from), Some(target)) = (from, target)
                && target.selectable
                && target.who != from
            {
                intent = Some(DiagramIntent::Between(from, target.who.clone()));
            }
        }
    }
    intent
}

/// Names of segments and the word at the break stand outside of all boxes: a screen reader hears them, and where
/// they were cut the whole of them shows when the pointer rests there.
fn tell_texts(ui: &Ui, id: Id, origin: Pos2, picture: &Layout) {
    for (index, part) in picture.shapes.iter().enumerate() {
        let Shape::Text { rect, text, full, .. } = part else {
            continue;
        };
        if picture.nodes.iter().any(|node| node.rect.holds(rect)) {
            continue;
        }
        let response = ui.interact(to_egui(origin, rect), id.with(("text", index)), Sense::hover());
        let whole = full.as_ref().unwrap_or(text);
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, whole));
        if full.is_some() {
            response.on_hover_text(whole);
        }
    }
}

/// A first click says where traffic starts, a second where it should arrive, a third starts anew.
fn after_click(who: &Who, overlay: Option<&Overlay>) -> DiagramIntent {
    let who = who.clone();
    match overlay.map(|overlay| (&overlay.from, &overlay.to)) {
        Some((Some(from), None)) if *from != who => DiagramIntent::To(who),
        _ => DiagramIntent::From(who),
    }
}

fn pick(
    ui: &Ui,
    id: Id,
    place: Rect,
    node: &Node,
    overlay: Option<&Overlay>,
    words: &DiagramWords<'_>,
    pickable: bool,
) -> Response {
    let pickable = pickable && node.selectable && ui.is_enabled();
    let sense = if pickable {
        Sense::click_and_drag()
    } else {
        Sense::hover()
    };
    let response = ui.interact(place, id, sense);
    let from = overlay.is_some_and(|overlay| overlay.from.as_ref() == Some(&node.who));
    let to = overlay.is_some_and(|overlay| overlay.to.as_ref() == Some(&node.who));
    response.widget_info(|| {
        let mut parts = vec![node.name.as_str()];
        parts.extend(
            [node.detail.as_str(), node.word.as_str()]
                .iter()
                .filter(|part| !part.is_empty()),
        );
        parts.dedup();
        if from {
            parts.push(words.from);
        }
        if to {
            parts.push(words.to);
        }
        let said = parts.join(", ");
        if pickable {
            WidgetInfo::selected(Role::Button, true, from || to, said)
        } else {
            WidgetInfo::labeled(Role::Label, true, said)
        }
    });
    if pickable && response.hovered() {
        let line = Stroke::new(1.5, tokens(ui).accent);
        ui.painter()
            .rect_stroke(place, f32::from(space::CONTROL_RADIUS), line, StrokeKind::Inside);
    }
    focus_ring(ui, &response, space::CONTROL_RADIUS);
    let response = if pickable {
        response.on_hover_cursor(CursorIcon::PointingHand)
    } else {
        response
    };
    let whole = if node.detail.is_empty() {
        node.name.clone()
    } else {
        format!("{}\n{}", node.name, node.detail)
    };
    response.on_hover_text(whole)
}

/// The line that follows the pointer, and the frame of what it would be let go over.
fn drag(ui: &Ui, painter: &Painter, from: Rect, picture: &Layout, origin: Pos2) {
    let Some(at) = ui.ctx().pointer_interact_pos() else {
        return;
    };
    let accent = tokens(ui).accent;
    painter.line_segment([from.center(), at], Stroke::new(3.0, accent));
    painter.circle_filled(at, 5.0, accent);
    if let Some(target) = node_at(picture, origin, at).filter(|node| node.selectable) {
        painter.rect_stroke(
            to_egui(origin, &target.rect),
            f32::from(space::CONTROL_RADIUS),
            Stroke::new(2.0, accent),
            StrokeKind::Inside,
        );
    }
}

fn node_at(picture: &Layout, origin: Pos2, at: Pos2) -> Option<&Node> {
    picture
        .nodes
        .iter()
        .find(|node| to_egui(origin, &node.rect).contains(at))
}

fn to_egui(origin: Pos2, rect: &shape::Rect) -> Rect {
    Rect::from_min_size(origin + vec2(rect.left, rect.top), vec2(rect.width, rect.height))
}

fn font_of(role: TextRole) -> FontId {
    let family = match (role.is_mono(), role.is_strong()) {
        (true, _) => egui::FontFamily::Monospace,
        (_, true) => font::semibold(),
        _ => egui::FontFamily::Proportional,
    };
    FontId::new(role.size(), family)
}

/// Paints a picture with its upper left corner at `origin`.
pub fn paint(painter: &Painter, origin: Pos2, picture: &Layout, tokens: &Tokens) {
    let palette = if tokens.dark {
        &palette::DARK
    } else {
        &palette::LIGHT
    };
    let color = |ink: shape::Ink| {
        let rgb = ink.of(palette);
        Color32::from_rgb(rgb.0, rgb.1, rgb.2)
    };
    let at = |point: &shape::Point| origin + vec2(point.x, point.y);
    for part in &picture.shapes {
        match part {
            Shape::Line {
                points,
                ink,
                width,
                dashed,
            } => {
                let points: Vec<Pos2> = points.iter().map(at).collect();
                let stroke = Stroke::new(*width, color(*ink));
                if *dashed {
                    painter.extend(egui::Shape::dashed_line(&points, stroke, 5.0, 4.0));
                } else {
                    painter.add(egui::Shape::line(points.clone(), stroke));
                    // Round ends.
                    for end in points.first().into_iter().chain(points.last()) {
                        painter.circle_filled(*end, width / 2.0, color(*ink));
                    }
                }
            }
            Shape::Box {
                rect,
                radius,
                fill,
                line,
            } => {
                let (ink, width) = line.unwrap_or((shape::Ink::Border, 0.0));
                painter.rect(
                    to_egui(origin, rect),
                    *radius,
                    fill.map_or(Color32::TRANSPARENT, color),
                    Stroke::new(width, color(ink)),
                    StrokeKind::Inside,
                );
            }
            Shape::Disc { center, radius, ink } => {
                painter.circle_filled(at(center), *radius, color(*ink));
            }
            Shape::Break { center, radius } => {
                let center = at(center);
                painter.circle(
                    center,
                    *radius,
                    color(shape::Ink::Surface),
                    Stroke::new(2.0, color(shape::Ink::Broken)),
                );
                let square = Rect::from_center_size(center, vec2(*radius, *radius) * 1.5);
                icon::paint(painter, square, Icon::Cross, color(shape::Ink::Broken));
            }
            Shape::Text {
                rect,
                role,
                ink,
                text,
                ..
            } => {
                let galley = painter.layout_no_wrap(text.clone(), font_of(*role), color(*ink));
                let middle = origin.y + rect.top + rect.height / 2.0;
                let start = pos2(origin.x + rect.left, middle - galley.size().y / 2.0);
                painter.galley(start.round(), galley, color(*ink));
            }
        }
    }
}
