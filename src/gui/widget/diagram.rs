//! The segment diagram, painted and pickable: click two machines, drag from one to the other, or walk there with
//! Tab and the arrow keys and press Enter.

use egui::scroll_area::ScrollSource;
use egui::{
    Color32, CursorIcon, FontId, Id, Painter, Popup, Pos2, Rect, Response, Role, ScrollArea, Sense, Stroke,
    StrokeKind, Ui, Vec2, WidgetInfo, pos2, vec2,
};

use super::button::{icon_button, link_button};
use super::text::{focus_ring, heading};
use crate::diagram::{
    Layout, MIN_WIDTH, Node, Overlay, Scene, Shape, TextRole, Who, layout, palette, plain, shape,
    wanted_width,
};
use crate::gui::icon::{self, Icon};
use crate::gui::page::capitalized;
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

/// The words of the picture, most of them for a screen reader.
#[derive(Clone, Copy, Debug)]
pub struct DiagramWords<'a> {
    /// What the picture is: `Network diagram`.
    pub name: &'a str,
    /// Said of the machine where the traffic starts.
    pub from: &'a str,
    /// Said of the machine where it should arrive.
    pub to: &'a str,
    /// The button that enlarges.
    pub larger: &'a str,
    /// The button that makes smaller.
    pub smaller: &'a str,
    /// The button that makes all of it visible.
    pub fit: &'a str,
}

/// How small and how large the picture can be looked at.
const ZOOM: std::ops::RangeInclusive<f32> = 0.15..=3.0;

/// A window that is a little too narrow shows the picture smaller by itself, down to here.
const LEAST_BY_ITSELF: f32 = 0.8;

/// One press of a button.
const ZOOM_STEP: f32 = 1.25;

/// A lower viewport is of no use, in points.
const LEAST_HEIGHT: f32 = 220.0;

/// Shows the whole diagram over the width that is available and returns what was picked. With `pickable` off it
/// is a picture that still tells names.
pub fn diagram(
    ui: &mut Ui,
    scene: &Scene,
    overlay: Option<&Overlay>,
    words: &DiagramWords<'_>,
    pickable: bool,
) -> Option<DiagramIntent> {
    diagram_within(ui, scene, overlay, words, pickable, f32::INFINITY)
}

/// The same in a viewport of at most `height` points: what is larger is moved by wheel, scroll bars and dragging
/// of its ground, and looked at closer or from afar with the buttons or the zooming wheel.
pub fn diagram_within(
    ui: &mut Ui,
    scene: &Scene,
    overlay: Option<&Overlay>,
    words: &DiagramWords<'_>,
    pickable: bool,
    height: f32,
) -> Option<DiagramIntent> {
    let id = ui.scope_id().with("look");
    let room = vec2(ui.available_width(), height.max(LEAST_HEIGHT));
    let by_itself = (room.x / wanted_width(scene)).clamp(LEAST_BY_ITSELF, 1.0);
    let chosen = ui.data(|data| data.get_temp::<f32>(id));
    let zoom = chosen.unwrap_or(by_itself);
    let picture = at_zoom(ui, scene, overlay, room.x, zoom);
    let size = vec2(picture.size.0, picture.size.1) * zoom;
    let larger = size.x > room.x + 1.0 || size.y > room.y + 1.0;
    let part = Part {
        scene,
        overlay,
        words,
        pickable,
        zoom,
    };
    let top = ui.cursor().min;
    let (intent, seen) = if larger {
        let mut viewport = ScrollArea::both()
            .id_salt("diagram")
            .max_width(room.x)
            .max_height(room.y)
            .scroll_source(ScrollSource::ALL);
        if let Some(offset) = ui.data_mut(|data| data.remove_temp::<Vec2>(id)) {
            viewport = viewport.scroll_offset(offset);
        }
        let shown = viewport.show(ui, |ui| canvas(ui, &part, &picture));
        let seen = shown.inner_rect;
        if let Some((by, at)) = wheel(ui, seen) {
            // What is under the pointer stays there.
            let to_pointer = at - seen.min;
            let offset = (shown.state.clamped_offset() + to_pointer) * by - to_pointer;
            ui.data_mut(|data| data.insert_temp(id, offset.max(Vec2::ZERO)));
        }
        (shown.inner, seen)
    } else {
        let intent = canvas(ui, &part, &picture);
        let seen = Rect::from_min_size(top, size.max(vec2(room.x, size.y)));
        if let Some((by, at)) = wheel(ui, seen) {
            let to_pointer = at - seen.min;
            let offset = to_pointer * by - to_pointer;
            ui.data_mut(|data| data.insert_temp(id, offset.max(Vec2::ZERO)));
        }
        (intent, seen)
    };
    let mut next = wheel(ui, seen).map(|(by, _)| zoom * by);
    if larger || (zoom - by_itself).abs() > 0.01 {
        next = controls(ui, words, seen, zoom).map_or(next, |step| {
            Some(match step {
                Step::By(by) => zoom * by,
                // What of the viewport the window shows: the page may be longer.
                Step::Fit => {
                    let shown = (ui.clip_rect().bottom() - top.y - 16.0).max(LEAST_HEIGHT);
                    fitting(ui, scene, overlay, vec2(room.x, room.y.min(shown)))
                }
            })
        });
    }
    if let Some(next) = next {
        let next = next.clamp(*ZOOM.start(), *ZOOM.end());
        ui.data_mut(|data| data.insert_temp(id, next));
        ui.ctx().request_repaint();
    }
    intent
}

/// The layout for a width on screen when everything is shown `zoom` times as large: from afar it uses all of the
/// width, from close by it is the usual one through a glass, so that nothing changes its place.
fn at_zoom(ui: &Ui, scene: &Scene, overlay: Option<&Overlay>, width: f32, zoom: f32) -> Layout {
    let measure = |text: &str, role: TextRole| -> f32 {
        ui.painter()
            .layout_no_wrap(text.to_owned(), font_of(role, zoom), Color32::PLACEHOLDER)
            .size()
            .x
            / zoom
    };
    layout(scene, overlay, (width / zoom.min(1.0)).max(MIN_WIDTH), &measure)
}

/// The largest scale up to the usual one at which all of the picture can be seen.
fn fitting(ui: &Ui, scene: &Scene, overlay: Option<&Overlay>, room: Vec2) -> f32 {
    let mut zoom = 1.0;
    while zoom > *ZOOM.start() {
        let (width, height) = at_zoom(ui, scene, overlay, room.x, zoom).size;
        if width * zoom <= room.x + 1.0 && height * zoom <= room.y {
            break;
        }
        zoom *= 0.94;
    }
    zoom
}

/// By how much the zooming wheel or two fingers ask for over `seen`, and where.
fn wheel(ui: &Ui, seen: Rect) -> Option<(f32, Pos2)> {
    let at = ui
        .ctx()
        .pointer_hover_pos()
        .filter(|_| ui.rect_contains_pointer(seen))?;
    let by = ui.input(egui::InputState::zoom_delta);
    ((by - 1.0).abs() > 0.001).then_some((by, at))
}

enum Step {
    By(f32),
    Fit,
}

/// The buttons in the lower right corner of what is seen.
fn controls(ui: &mut Ui, words: &DiagramWords<'_>, seen: Rect, zoom: f32) -> Option<Step> {
    let side = space::SMALL_CONTROL_HEIGHT;
    let size = vec2(3.0 * side + 8.0, side + 4.0);
    let place = Rect::from_min_size(seen.right_bottom() - size - vec2(12.0, 12.0), size);
    let colors = tokens(ui);
    ui.painter().rect(
        place,
        f32::from(space::CONTROL_RADIUS),
        colors.raised,
        Stroke::new(space::LINE, colors.border),
        StrokeKind::Inside,
    );
    let mut step = None;
    let mut inner = ui.new_child(
        egui::UiBuilder::new()
            .id_salt("zoom")
            .max_rect(place.shrink(2.0))
            .layout(egui::Layout::left_to_right(egui::Align::Center)),
    );
    inner.spacing_mut().item_spacing.x = 2.0;
    for (sign, name, does) in [
        (Icon::Minus, words.smaller, Step::By(1.0 / ZOOM_STEP)),
        (Icon::Plus, words.larger, Step::By(ZOOM_STEP)),
        (Icon::Fit, words.fit, Step::Fit),
    ] {
        let said = format!("{name} ({:.0} %)", zoom * 100.0);
        if icon_button(&mut inner, sign, &said).clicked() {
            step = Some(does);
        }
    }
    step
}

/// What the picture is drawn from.
struct Part<'a> {
    scene: &'a Scene,
    overlay: Option<&'a Overlay>,
    words: &'a DiagramWords<'a>,
    pickable: bool,
    zoom: f32,
}

/// Where the picture stands on the screen.
#[derive(Clone, Copy)]
struct Stand {
    origin: Pos2,
    zoom: f32,
}

impl Stand {
    fn point(self, point: &shape::Point) -> Pos2 {
        self.origin + vec2(point.x, point.y) * self.zoom
    }

    fn rect(self, rect: &shape::Rect) -> Rect {
        let min = self.origin + vec2(rect.left, rect.top) * self.zoom;
        Rect::from_min_size(min, vec2(rect.width, rect.height) * self.zoom)
    }

    fn node_at(self, picture: &Layout, at: Pos2) -> Option<&Node> {
        picture
            .nodes
            .iter()
            .find(|node| self.rect(&node.rect).contains(at))
    }
}

/// The picture itself.
fn canvas(ui: &mut Ui, part: &Part<'_>, picture: &Layout) -> Option<DiagramIntent> {
    let size = vec2(picture.size.0, picture.size.1) * part.zoom;
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Figure, true, part.words.name));
    let painter = ui.painter_at(rect.expand(4.0));
    let stand = Stand {
        origin: rect.min,
        zoom: part.zoom,
    };
    paint(&painter, stand, picture, tokens(ui));
    let id = response.id;
    tell_texts(ui, id, stand, picture);
    let mut intent = None;
    for (index, node) in picture.nodes.iter().enumerate() {
        let place = stand.rect(&node.rect);
        let picked = pick(ui, id.with(index), place, node, part);
        let selectable = part.pickable && node.selectable;
        if picked.clicked() && selectable {
            intent = Some(after_click(&node.who, part.overlay));
        }
        if picked.gained_focus() {
            picked.scroll_to_me(None);
        }
        if let Some(asked) = details(&picked, node, part) {
            intent = Some(asked);
        }
        if picked.drag_started() {
            ui.data_mut(|data| data.insert_temp(id, node.who.clone()));
        }
        if picked.dragged() && selectable {
            drag(ui, &painter, place, picture, stand);
        }
        if picked.drag_stopped() {
            let from = ui.data_mut(|data| data.remove_temp::<Who>(id));
            let over = ui.ctx().pointer_interact_pos();
            let target = over.and_then(|at| stand.node_at(picture, at));
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

/// All that is known of a node, line by line: its name, what it says of itself, the segments it stands on.
fn facts(scene: &Scene, node: &Node) -> Vec<String> {
    let mut lines = vec![node.name.clone()];
    let own = [&node.detail, &node.word];
    lines.extend(own.into_iter().filter(|line| !line.is_empty()).cloned());
    let hangs = |who: &Who| -> Vec<usize> {
        let on = scene.wires.iter().enumerate();
        on.flat_map(|(index, wire)| wire.machines.iter().map(move |machine| (index, machine)))
            .filter(|(_, machine)| machine.who == *who)
            .flat_map(|(index, machine)| std::iter::once(index).chain(machine.leads.iter().copied()))
            .collect()
    };
    let wires = match &node.who {
        Who::Port(wire) | Who::More(wire) => vec![*wire],
        Who::Engine(engine) => scene
            .engines
            .get(*engine)
            .map(|engine| vec![engine.wire, engine.to])
            .unwrap_or_default(),
        Who::Router | Who::Internet => scene.internet.iter().map(|outside| outside.wire).collect(),
        who => hangs(who),
    };
    for wire in wires.into_iter().filter_map(|wire| scene.wires.get(wire)) {
        lines.push(plain(format!("{} {}", wire.name, wire.prefix).trim()));
    }
    lines.dedup();
    lines
}

/// What opens from a node: its facts, and for a group the machines in it. A click opens it where nothing is to
/// be picked, the other button opens it everywhere.
fn details(response: &Response, node: &Node, part: &Part<'_>) -> Option<DiagramIntent> {
    let popup = if part.pickable && node.selectable {
        Popup::context_menu(response)
    } else {
        Popup::menu(response)
    };
    let shown = popup.show(|ui| {
        ui.set_max_width(300.0);
        let mut lines = facts(part.scene, node).into_iter();
        if let Some(name) = lines.next() {
            heading(ui, &name);
        }
        if let Who::More(wire) = node.who {
            return group(ui, wire, node, part);
        }
        for line in lines {
            ui.label(
                egui::RichText::new(line)
                    .font(font::fact())
                    .color(tokens(ui).text2),
            );
        }
        let mut intent = None;
        if part.pickable && node.selectable {
            let who = || node.who.clone();
            if link_button(ui, &capitalized(part.words.from)).clicked() {
                intent = Some(DiagramIntent::From(who()));
            }
            if link_button(ui, &capitalized(part.words.to)).clicked() {
                intent = Some(DiagramIntent::To(who()));
            }
        }
        if intent.is_some() {
            ui.close();
        }
        intent
    });
    shown.and_then(|shown| shown.inner)
}

/// The machines that had no room of their own, to be picked from a list.
fn group(ui: &mut Ui, wire: usize, node: &Node, part: &Part<'_>) -> Option<DiagramIntent> {
    let machines = part.scene.wires.get(wire)?.machines.get(node.first_hidden..)?;
    let mut intent = None;
    ScrollArea::vertical().max_height(260.0).show(ui, |ui| {
        for machine in machines {
            let text = plain(format!("{}  {}", machine.name, machine.detail).trim());
            if link_button(ui, &text).clicked() && part.pickable {
                intent = Some(after_click(&machine.who, part.overlay));
                ui.close();
            }
        }
    });
    intent
}

/// Names of segments and the word at the break stand outside of all boxes: a screen reader hears them, and where
/// they were cut the whole of them shows when the pointer rests there.
fn tell_texts(ui: &Ui, id: Id, stand: Stand, picture: &Layout) {
    for (index, part) in picture.shapes.iter().enumerate() {
        let Shape::Text { rect, text, full, .. } = part else {
            continue;
        };
        if picture.nodes.iter().any(|node| node.rect.holds(rect)) {
            continue;
        }
        let response = ui.interact(stand.rect(rect), id.with(("text", index)), Sense::hover());
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

fn pick(ui: &Ui, id: Id, place: Rect, node: &Node, part: &Part<'_>) -> Response {
    let (overlay, words) = (part.overlay, part.words);
    let pickable = part.pickable && node.selectable && ui.is_enabled();
    let sense = if pickable {
        Sense::click_and_drag()
    } else {
        Sense::click()
    };
    let response = ui.interact(place, id, sense);
    let from = overlay.is_some_and(|overlay| overlay.from.as_ref() == Some(&node.who));
    let to = overlay.is_some_and(|overlay| overlay.to.as_ref() == Some(&node.who));
    response.widget_info(|| {
        let mut parts = vec![node.name.as_str()];
        let own = [node.detail.as_str(), node.word.as_str()];
        parts.extend(own.into_iter().filter(|part| !part.is_empty()));
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
            WidgetInfo::labeled(Role::Button, true, said)
        }
    });
    if response.hovered() {
        let line = Stroke::new(1.5, tokens(ui).accent);
        ui.painter()
            .rect_stroke(place, f32::from(space::CONTROL_RADIUS), line, StrokeKind::Inside);
    }
    focus_ring(ui, &response, space::CONTROL_RADIUS);
    // The facts are put together for the one under the pointer alone.
    response
        .on_hover_cursor(CursorIcon::PointingHand)
        .on_hover_ui(|ui| {
            ui.label(facts(part.scene, node).join("\n"));
        })
}

/// The line that follows the pointer, and the frame of what it would be let go over.
fn drag(ui: &Ui, painter: &Painter, from: Rect, picture: &Layout, stand: Stand) {
    let Some(at) = ui.ctx().pointer_interact_pos() else {
        return;
    };
    let accent = tokens(ui).accent;
    painter.line_segment([from.center(), at], Stroke::new(3.0, accent));
    painter.circle_filled(at, 5.0, accent);
    if let Some(target) = stand.node_at(picture, at).filter(|node| node.selectable) {
        painter.rect_stroke(
            stand.rect(&target.rect),
            f32::from(space::CONTROL_RADIUS),
            Stroke::new(2.0, accent),
            StrokeKind::Inside,
        );
    }
}

fn font_of(role: TextRole, zoom: f32) -> FontId {
    let family = match (role.is_mono(), role.is_strong()) {
        (true, _) => egui::FontFamily::Monospace,
        (_, true) => font::semibold(),
        _ => egui::FontFamily::Proportional,
    };
    FontId::new(role.size() * zoom, family)
}

/// Paints a picture where it stands.
fn paint(painter: &Painter, stand: Stand, picture: &Layout, tokens: &Tokens) {
    let zoom = stand.zoom;
    let palette = if tokens.dark {
        &palette::DARK
    } else {
        &palette::LIGHT
    };
    let color = |ink: shape::Ink| {
        let rgb = ink.of(palette);
        Color32::from_rgb(rgb.0, rgb.1, rgb.2)
    };
    let at = |point: &shape::Point| stand.point(point);
    for part in &picture.shapes {
        match part {
            Shape::Line {
                points,
                ink,
                width,
                dashed,
            } => {
                let points: Vec<Pos2> = points.iter().map(at).collect();
                let stroke = Stroke::new(*width * zoom, color(*ink));
                if *dashed {
                    painter.extend(egui::Shape::dashed_line(&points, stroke, 5.0, 4.0));
                } else {
                    painter.add(egui::Shape::line(points.clone(), stroke));
                    // Round ends.
                    for end in points.first().into_iter().chain(points.last()) {
                        painter.circle_filled(*end, width * zoom / 2.0, color(*ink));
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
                    stand.rect(rect),
                    *radius * zoom,
                    fill.map_or(Color32::TRANSPARENT, color),
                    Stroke::new(width, color(ink)),
                    StrokeKind::Inside,
                );
            }
            Shape::Disc { center, radius, ink } => {
                painter.circle_filled(at(center), *radius * zoom, color(*ink));
            }
            Shape::Break { center, radius } => {
                let (center, radius) = (at(center), *radius * zoom);
                painter.circle(
                    center,
                    radius,
                    color(shape::Ink::Surface),
                    Stroke::new(2.0, color(shape::Ink::Broken)),
                );
                let square = Rect::from_center_size(center, Vec2::splat(radius * 1.5));
                icon::paint(painter, square, Icon::Cross, color(shape::Ink::Broken));
            }
            Shape::Tick { center, radius } => {
                let (center, radius) = (at(center), *radius * zoom);
                painter.circle_filled(center, radius, color(shape::Ink::Ok));
                let square = Rect::from_center_size(center, Vec2::splat(radius * 1.6));
                icon::paint(painter, square, Icon::Check, color(shape::Ink::Surface));
            }
            Shape::Text {
                rect,
                role,
                ink,
                text,
                ..
            } => {
                let galley = painter.layout_no_wrap(text.clone(), font_of(*role, zoom), color(*ink));
                let room = stand.rect(rect);
                let start = pos2(room.left(), room.center().y - galley.size().y / 2.0);
                painter.galley(start.round(), galley, color(*ink));
            }
        }
    }
}
