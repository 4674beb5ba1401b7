//! How a mode connects its machines, as a small picture: what stands where is data, and one function paints it.

use egui::{Color32, Painter, Pos2, Rect, Stroke, StrokeKind, pos2, vec2};

use crate::gui::theme::Tokens;
use crate::model::Mode;

/// Width of a picture in points.
pub const WIDTH: f32 = 104.0;

/// Height of a picture in points.
const HEIGHT: f32 = 40.0;

/// Columns and rows that places are counted in.
const GRID: (f32, f32) = (10.0, 4.0);

/// A place, in columns from the left and rows from the top.
type Place = (f32, f32);

/// The segment that a line belongs to: its color.
#[derive(Clone, Copy)]
enum Wire {
    Lan,
    Nat,
    Host,
    Other,
}

/// One part of a picture.
#[derive(Clone, Copy)]
enum Part {
    Vm(Place),
    Pc(Place),
    Cloud(Place),
    /// What translates, or an adapter that is shared.
    Knot(Place, Wire),
    Line(Place, Place, Wire),
}

use Part::{Cloud, Knot, Line, Pc, Vm};

/// The parts, in the order of painting; empty for a mode that is not known.
fn parts(mode: Mode) -> &'static [Part] {
    match mode {
        Mode::Nat | Mode::DefaultSwitch => &[
            Line((1.0, 2.0), (5.0, 2.0), Wire::Nat),
            Line((5.0, 2.0), (9.0, 2.0), Wire::Lan),
            Vm((1.0, 2.0)),
            Knot((3.1, 2.0), Wire::Nat),
            Pc((5.0, 2.0)),
            Cloud((9.0, 2.0)),
        ],
        Mode::User => &[
            Line((5.0, 2.0), (9.0, 2.0), Wire::Lan),
            Pc((5.0, 2.0)),
            Line((1.4, 2.0), (3.6, 2.0), Wire::Nat),
            Vm((1.0, 2.0)),
            Knot((3.6, 2.0), Wire::Nat),
            Cloud((9.0, 2.0)),
        ],
        Mode::NatNetwork => &[
            Line((1.0, 0.8), (3.1, 2.0), Wire::Nat),
            Line((1.0, 3.2), (3.1, 2.0), Wire::Nat),
            Line((3.1, 2.0), (5.0, 2.0), Wire::Nat),
            Line((5.0, 2.0), (9.0, 2.0), Wire::Lan),
            Vm((1.0, 0.8)),
            Vm((1.0, 3.2)),
            Knot((3.1, 2.0), Wire::Nat),
            Pc((5.0, 2.0)),
            Cloud((9.0, 2.0)),
        ],
        Mode::Bridged | Mode::External => &[
            Line((0.2, 3.5), (9.0, 3.5), Wire::Lan),
            Line((1.5, 1.3), (1.5, 3.5), Wire::Lan),
            Line((5.0, 1.3), (5.0, 3.5), Wire::Lan),
            Line((9.0, 1.6), (9.0, 3.5), Wire::Lan),
            Vm((1.5, 1.3)),
            Pc((5.0, 1.3)),
            Cloud((9.0, 1.3)),
        ],
        Mode::Macvtap => &[
            Line((3.3, 3.5), (9.0, 3.5), Wire::Lan),
            Line((1.5, 1.3), (3.3, 3.5), Wire::Lan),
            Line((5.0, 1.3), (3.3, 3.5), Wire::Lan),
            Line((9.0, 1.6), (9.0, 3.5), Wire::Lan),
            Vm((1.5, 1.3)),
            Pc((5.0, 1.3)),
            Knot((3.3, 3.5), Wire::Lan),
            Cloud((9.0, 1.3)),
        ],
        Mode::Mirrored => &[
            Line((4.0, 2.0), (9.0, 2.0), Wire::Lan),
            Vm((3.0, 2.0)),
            Pc((4.4, 2.0)),
            Cloud((9.0, 2.0)),
        ],
        Mode::HostOnly => &[
            Line((1.0, 2.0), (5.0, 2.0), Wire::Host),
            Vm((1.0, 2.0)),
            Pc((5.0, 2.0)),
        ],
        Mode::Routed => &[
            Line((1.0, 2.0), (5.0, 2.0), Wire::Host),
            Line((5.0, 2.0), (9.0, 2.0), Wire::Lan),
            Vm((1.0, 2.0)),
            Pc((5.0, 2.0)),
            Cloud((9.0, 2.0)),
        ],
        Mode::Internal | Mode::Private => &[
            Line((1.0, 2.0), (4.0, 2.0), Wire::Other),
            Vm((1.0, 2.0)),
            Vm((4.0, 2.0)),
            Pc((8.0, 2.0)),
        ],
        Mode::Other => &[],
    }
}

/// Paints the picture of `mode` into the middle of `room`.
pub fn paint(painter: &Painter, room: Rect, mode: Mode, tokens: &Tokens) {
    let rect = Rect::from_center_size(room.center(), vec2(WIDTH - 24.0, HEIGHT - 10.0));
    let at = |(x, y): Place| -> Pos2 {
        pos2(
            egui::lerp(rect.x_range(), x / GRID.0),
            egui::lerp(rect.y_range(), y / GRID.1),
        )
    };
    let color = |wire: Wire| match wire {
        Wire::Lan => tokens.lan,
        Wire::Nat => tokens.nat,
        Wire::Host => tokens.host,
        Wire::Other => tokens.unknown,
    };
    for part in parts(mode) {
        match *part {
            Line(from, to, wire) => {
                painter.line_segment([at(from), at(to)], Stroke::new(2.0, color(wire)));
            }
            Knot(place, wire) => {
                painter.circle_filled(at(place), 3.5, color(wire));
            }
            Vm(place) => vm(painter, at(place), tokens),
            Pc(place) => pc(painter, at(place), tokens),
            Cloud(place) => cloud(painter, at(place), tokens),
        }
    }
}

/// A machine inside a machine: a box in a box.
fn vm(painter: &Painter, center: Pos2, tokens: &Tokens) {
    let outer = Rect::from_center_size(center, vec2(13.0, 13.0));
    let line = Stroke::new(1.4, tokens.accent);
    painter.rect(outer, 3.0, tokens.surface, line, StrokeKind::Inside);
    painter.rect_filled(outer.shrink(4.0), 1.0, tokens.accent);
}

/// A screen on its foot.
fn pc(painter: &Painter, center: Pos2, tokens: &Tokens) {
    let line = Stroke::new(1.4, tokens.text2);
    let screen = Rect::from_center_size(center - vec2(0.0, 2.0), vec2(17.0, 12.0));
    painter.rect(screen, 2.0, tokens.surface, line, StrokeKind::Inside);
    let foot = screen.bottom() + 3.5;
    painter.line_segment([pos2(center.x, screen.bottom()), pos2(center.x, foot)], line);
    painter.line_segment([pos2(center.x - 4.5, foot), pos2(center.x + 4.5, foot)], line);
}

/// What is outside: one shape of three circles on a flat ground, with a line around it.
fn cloud(painter: &Painter, center: Pos2, tokens: &Tokens) {
    let lobes = |grow: f32, fill: Color32| {
        for (x, y, radius) in [(-4.5, 1.5, 4.0), (0.0, -1.5, 5.5), (5.0, 1.5, 4.0)] {
            painter.circle_filled(center + vec2(x, y), radius + grow, fill);
        }
        let ground = Rect::from_center_size(center + vec2(0.25, 3.0), vec2(10.0, 5.0));
        painter.rect_filled(ground.expand(grow), 0.0, fill);
    };
    lobes(1.2, tokens.text2);
    lobes(0.0, tokens.surface);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_mode_has_a_picture_within_its_bounds() {
        for mode in Mode::ALL {
            let parts = parts(*mode);
            assert_eq!(parts.is_empty(), *mode == Mode::Other, "{mode:?}");
            let inside = |(x, y): Place| (0.0..=GRID.0).contains(&x) && (0.0..=GRID.1).contains(&y);
            for part in parts {
                let fits = match *part {
                    Vm(place) | Pc(place) | Cloud(place) | Knot(place, _) => inside(place),
                    Line(from, to, _) => inside(from) && inside(to),
                };
                assert!(fits, "{mode:?}");
            }
        }
    }
}
