//! Icons, painted: sharp at every size, in any color, no font needed.

use egui::{Color32, Painter, Pos2, Rect, Response, Sense, Shape, Stroke, Ui, Vec2, pos2, vec2};

/// What can be painted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Icon {
    /// A check mark: good.
    Check,
    /// A cross: broken, or close.
    Cross,
    /// A dash: not reached.
    Dash,
    /// A question mark: unknown.
    Question,
    /// A filled triangle with an exclamation mark: asks for attention.
    Warning,
    /// Three dots: being worked on.
    Dots,
    /// An arrow to the right.
    Arrow,
    /// Two sheets: copy.
    Copy,
    /// The program's sign: two wires and their plugs.
    Logo,
    /// A half-filled disc: light or dark.
    Theme,
    /// A sun.
    Sun,
    /// A moon.
    Moon,
    /// An angle to the right: closed.
    ChevronRight,
    /// An angle downwards: open.
    ChevronDown,
    /// An angle to the left: back.
    ChevronLeft,
    /// A shield: needs administrator rights.
    Shield,
    /// A tray: nothing here.
    Empty,
    /// Larger.
    Plus,
    /// Smaller.
    Minus,
    /// Four corners: all of it.
    Fit,
}

/// Paints `icon` into the largest square in the middle of `rect`.
pub fn paint(painter: &Painter, rect: Rect, icon: Icon, color: Color32) {
    let side = rect.width().min(rect.height());
    let square = Rect::from_center_size(rect.center(), Vec2::splat(side));
    // Drawn on a grid of 16.
    let at = |x: f32, y: f32| -> Pos2 { square.min + vec2(x, y) * (side / 16.0) };
    let unit = side / 16.0;
    let stroke = Stroke::new((1.6 * unit).max(1.2), color);
    let line = |points: &[(f32, f32)]| {
        painter.add(Shape::line(
            points.iter().map(|(x, y)| at(*x, *y)).collect(),
            stroke,
        ));
    };
    let disc = |x: f32, y: f32, radius: f32| {
        painter.circle_filled(at(x, y), radius * unit, color);
    };
    match icon {
        Icon::Check => line(&[(3.4, 8.4), (6.5, 11.6), (12.6, 4.8)]),
        Icon::Cross => {
            line(&[(4.2, 4.2), (11.8, 11.8)]);
            line(&[(11.8, 4.2), (4.2, 11.8)]);
        }
        Icon::Dash => line(&[(4.5, 8.0), (11.5, 8.0)]),
        Icon::Question => {
            let mut points: Vec<Pos2> = (0..=12)
                .map(|step| {
                    let angle = std::f32::consts::PI * (-1.0 + step as f32 / 12.0 * 1.25);
                    at(8.0 + 2.9 * angle.cos(), 5.7 + 2.9 * angle.sin())
                })
                .collect();
            points.push(at(8.0, 9.0));
            points.push(at(8.0, 10.2));
            painter.add(Shape::line(points, stroke));
            disc(8.0, 12.9, 1.05);
        }
        Icon::Warning => {
            painter.add(Shape::convex_polygon(
                vec![at(8.0, 1.8), at(15.0, 14.2), at(1.0, 14.2)],
                color,
                Stroke::new(unit, color),
            ));
            let hole = if color.intensity() > 0.5 {
                Color32::BLACK
            } else {
                Color32::WHITE
            };
            painter.line_segment([at(8.0, 6.2), at(8.0, 10.0)], Stroke::new(1.6 * unit, hole));
            painter.circle_filled(at(8.0, 12.1), 0.95 * unit, hole);
        }
        Icon::Dots => {
            for x in [3.5, 8.0, 12.5] {
                disc(x, 8.0, 1.3);
            }
        }
        Icon::Arrow => {
            line(&[(2.2, 8.0), (13.4, 8.0)]);
            line(&[(9.2, 3.8), (13.4, 8.0), (9.2, 12.2)]);
        }
        Icon::Copy => {
            let sheet = |x: f32, y: f32| {
                painter.rect_stroke(
                    Rect::from_min_size(at(x, y), Vec2::splat(7.6 * unit)),
                    1.6 * unit,
                    stroke,
                    egui::StrokeKind::Middle,
                );
            };
            sheet(5.6, 5.6);
            line(&[(3.6, 10.4), (2.8, 10.4), (2.8, 2.8), (10.4, 2.8), (10.4, 3.6)]);
        }
        Icon::Logo => {
            let thick = Stroke::new(1.7 * unit, color);
            painter.circle_stroke(at(5.0, 4.2), 1.9 * unit, thick);
            painter.line_segment([at(0.8, 4.2), at(3.1, 4.2)], thick);
            painter.line_segment([at(6.9, 4.2), at(15.2, 4.2)], thick);
            painter.line_segment([at(5.0, 6.1), at(5.0, 11.8)], thick);
            painter.line_segment([at(0.8, 11.8), at(15.2, 11.8)], thick);
            disc(11.2, 11.8, 2.3);
            painter.line_segment([at(11.2, 7.6), at(11.2, 11.0)], thick);
        }
        Icon::Theme => {
            painter.circle_stroke(at(8.0, 8.0), 5.8 * unit, Stroke::new(1.4 * unit, color));
            half_disc(painter, at(8.0, 8.0), 5.8 * unit, color);
        }
        Icon::Sun => {
            disc(8.0, 8.0, 3.2);
            for step in 0..8 {
                let angle = std::f32::consts::TAU * step as f32 / 8.0;
                let (sin, cos) = angle.sin_cos();
                painter.line_segment(
                    [
                        at(8.0 + 5.0 * cos, 8.0 + 5.0 * sin),
                        at(8.0 + 6.8 * cos, 8.0 + 6.8 * sin),
                    ],
                    stroke,
                );
            }
        }
        Icon::Moon => {
            // Outer arc from horn to horn, then the bite back.
            let arc = |x: f32, y: f32, radius: f32, from: f32, to: f32| -> Vec<Pos2> {
                (0..=20)
                    .map(|step| {
                        let angle = from + (to - from) * step as f32 / 20.0;
                        at(x + radius * angle.cos(), y + radius * angle.sin())
                    })
                    .collect()
            };
            // The angles at which the two circles cross.
            let mut points = arc(8.0, 8.0, 5.6, 0.359, 4.534);
            points.extend(arc(11.0, 5.5, 5.0, -2.495, -5.178));
            painter.add(Shape::closed_line(points, stroke));
        }
        Icon::ChevronRight => line(&[(6.0, 3.8), (10.4, 8.0), (6.0, 12.2)]),
        Icon::ChevronDown => line(&[(3.8, 6.0), (8.0, 10.4), (12.2, 6.0)]),
        Icon::ChevronLeft => line(&[(10.0, 3.8), (5.6, 8.0), (10.0, 12.2)]),
        Icon::Shield => {
            let points = [
                (8.0, 1.8),
                (13.4, 3.8),
                (13.0, 9.0),
                (8.0, 14.2),
                (3.0, 9.0),
                (2.6, 3.8),
            ];
            painter.add(Shape::closed_line(
                points.iter().map(|(x, y)| at(*x, *y)).collect(),
                stroke,
            ));
        }
        Icon::Minus => line(&[(3.0, 8.0), (13.0, 8.0)]),
        Icon::Plus => {
            line(&[(3.0, 8.0), (13.0, 8.0)]);
            line(&[(8.0, 3.0), (8.0, 13.0)]);
        }
        Icon::Fit => {
            for (x, y) in [(2.6, 2.6), (13.4, 2.6), (2.6, 13.4), (13.4, 13.4)] {
                let (inner_x, inner_y) = (x + (8.0 - x) * 0.6, y + (8.0 - y) * 0.6);
                line(&[(inner_x, y), (x, y), (x, inner_y)]);
            }
        }
        Icon::Empty => {
            line(&[
                (1.8, 9.0),
                (4.2, 3.2),
                (11.8, 3.2),
                (14.2, 9.0),
                (14.2, 13.2),
                (1.8, 13.2),
                (1.8, 9.0),
            ]);
            line(&[
                (1.8, 9.0),
                (5.4, 9.0),
                (6.4, 10.8),
                (9.6, 10.8),
                (10.6, 9.0),
                (14.2, 9.0),
            ]);
        }
    }
}

/// The left half of a disc.
fn half_disc(painter: &Painter, center: Pos2, radius: f32, color: Color32) {
    let points = (0..=24)
        .map(|step| {
            let angle = std::f32::consts::PI * (0.5 + step as f32 / 24.0);
            pos2(center.x + radius * angle.cos(), center.y + radius * angle.sin())
        })
        .collect();
    painter.add(Shape::convex_polygon(points, color, Stroke::NONE));
}

/// An icon as a widget that only decorates: it takes room and says nothing to a screen reader.
pub fn show(ui: &mut Ui, icon: Icon, size: f32, color: Color32) -> Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(size), Sense::hover());
    paint(ui.painter(), rect, icon, color);
    response
}
