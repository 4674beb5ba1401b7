//! One row of live latency: a name, the line of round-trip times, losses as marks on the lower edge, and what
//! holds now. Rows with the same bounds stand under each other and share their time axis.

use egui::{Color32, Id, Rect, Role, Sense, Stroke, Ui, Vec2b, WidgetInfo, pos2, vec2};
use egui_plot::{HoverPosition, Line, Plot, PlotBounds, PlotPoint, PlotPoints};

use super::State;
use super::text::line;
pub use crate::diagram::Sample;
use crate::diagram::trace;
use crate::gui::theme::{font, space, tokens};

/// What a row shows.
#[derive(Clone, Copy, Debug)]
pub struct LatencyRow<'a> {
    /// Who is asked.
    pub name: &'a str,
    /// Whether it answers: the color of the line.
    pub state: State,
    /// What holds now, in words: `0.21 ms`, `no reply`.
    pub now: &'a str,
    /// The samples in order of time.
    pub samples: &'a [Sample],
    /// Left end of the time axis, seconds on the samples' clock.
    pub from: f64,
    /// Right end of the time axis.
    pub to: f64,
    /// Room for the names at the left, in points, the same for all rows.
    pub name_width: f32,
    /// Rows of one group share the line that follows the pointer.
    pub group: Id,
}

/// Height of a mark of loss.
const MARK: f32 = 6.0;
/// Distance of two marks.
const MARK_PITCH: f32 = 4.0;

/// Shows a row over the width that is available.
pub fn latency_row(ui: &mut Ui, row: &LatencyRow<'_>) {
    let tokens = tokens(ui);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 12.0;
        let (_, label) = ui.allocate_space(vec2(row.name_width, space::PLOT_HEIGHT));
        let name = crate::diagram::plain(row.name);
        let galley = line(
            ui,
            &name,
            egui::FontId::new(14.0, font::medium()),
            tokens.text,
            row.name_width,
        );
        let at = pos2(label.left(), label.center().y - galley.size().y / 2.0);
        let response = ui.interact(label, ui.scope_id().with(("latency", row.name)), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{name}: {}", row.now)));
        if galley.elided {
            response.on_hover_text(&name);
        }
        ui.painter().galley(at.round(), galley, tokens.text);
        plot(ui, row);
    });
}

fn plot(ui: &mut Ui, row: &LatencyRow<'_>) {
    let tokens = tokens(ui);
    let width = ui.available_width().max(60.0);
    let trace = trace(row.samples, row.from, row.to, width as usize);
    // Head room for the value above, and room for marks below the line.
    let top = (trace.max_ms * 1.25).max(0.5);
    let bounds = PlotBounds::from_min_max([row.from, -top * 0.2], [row.to, top]);
    let color = match row.state {
        State::Broken => tokens.broken,
        State::Warn => tokens.warn,
        _ => tokens.lan,
    };
    let ground = Rect::from_min_size(
        ui.available_rect_before_wrap().min,
        vec2(width, space::PLOT_HEIGHT),
    );
    ui.painter()
        .rect_filled(ground, f32::from(space::CONTROL_RADIUS), tokens.sunken);
    let losses = trace.losses;
    let response = Plot::new(("latency", row.name))
        .width(width)
        .height(space::PLOT_HEIGHT)
        .show_background(false)
        .show_axes(false)
        .show_grid(false)
        .show_crosshair(false)
        .allow_zoom(false)
        .allow_drag(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .allow_double_click_reset(false)
        .set_margin_fraction(egui::Vec2::ZERO)
        .link_cursor(row.group, Vec2b::new(true, false))
        .cursor_color(tokens.unknown)
        .sense(Sense::hover())
        .label_formatter(|position| match position {
            HoverPosition::NearDataPoint { position, .. } => Some(format!("{:.2} ms", position.y)),
            HoverPosition::Elsewhere { .. } => None,
        })
        .show(ui, move |plot| {
            plot.set_plot_bounds(bounds);
            for (index, points) in trace.lines.into_iter().enumerate() {
                let points: Vec<PlotPoint> = points.into_iter().map(|[x, y]| PlotPoint::new(x, y)).collect();
                plot.line(
                    Line::new(format!("part {index}"), PlotPoints::Owned(points))
                        .color(color)
                        .width(1.4),
                );
            }
        });
    let painter = ui.painter().with_clip_rect(response.response.rect);
    // On a grid, so that neighboring marks stay apart; a mark stands for one loss or more.
    let mut last = f32::NEG_INFINITY;
    for at in losses {
        let x = response.transform.position_from_point(&PlotPoint::new(at, 0.0)).x;
        let x = (x / MARK_PITCH).floor() * MARK_PITCH + 1.0;
        if x > last {
            last = x;
            let bottom = response.response.rect.bottom() - 3.0;
            painter.vline(x, bottom - MARK..=bottom, Stroke::new(1.6, tokens.broken));
        }
    }
    let value = line(ui, row.now, font::tiny(), Color32::PLACEHOLDER, width * 0.6);
    let at = response.response.rect.right_top() + vec2(-value.size().x - 8.0, 5.0);
    let behind = Rect::from_min_size(at, value.size()).expand2(vec2(4.0, 1.0));
    painter.rect_filled(behind, 3.0, tokens.sunken);
    let now = if row.state == State::Broken {
        tokens.broken
    } else {
        tokens.text2
    };
    let told = ui.interact(
        behind,
        ui.scope_id().with(("latency now", row.name)),
        Sense::hover(),
    );
    told.widget_info(|| WidgetInfo::labeled(Role::Label, true, row.now));
    if value.elided {
        told.on_hover_text(row.now);
    }
    painter.galley(at.round(), value, now);
}
