//! One row of live latency: a name, the line of round-trip times, losses as marks on the lower edge, and what
//! holds now. Rows with the same bounds stand under each other and share their time axis.

use egui::{Color32, Id, Mesh, Pos2, Rect, Role, Sense, Shape, Stroke, Ui, Vec2b, WidgetInfo, pos2, vec2};
use egui_plot::{Line, Plot, PlotBounds, PlotPoint, PlotPoints, PlotTransform, Polygon};

use super::State;
use super::text::line;
pub use crate::diagram::Sample;
use crate::diagram::trace;
use crate::gui::theme::{font, space, tokens};
use crate::model::shown_time;

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
    /// Rows of one group share the line that follows the pointer, and tell what they had at its time.
    pub group: Id,
    /// Times at which something happened beside the replies, in seconds, with what it was: marked in every row.
    pub marks: &'a [(f64, String)],
    /// The word for a reply that did not come.
    pub lost: &'a str,
    /// The smallest step of the times in microseconds: no more digits are shown.
    pub step_us: u64,
}

/// Height of a mark of loss.
const MARK: f32 = 6.0;
/// Distance of two marks.
const MARK_PITCH: f32 = 4.0;

/// The time under the pointer, and the row that it rests on; `None` when it rests on none.
type Hover = Option<(f64, Id)>;

/// How the time axis is to be moved.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moved {
    /// By how many seconds the picture was dragged to the right, towards what was earlier.
    pub back: f64,
    /// How much closer to look, around `at`: 1 is as before, 2 is half of the time.
    pub zoom: f64,
    /// The time under the pointer.
    pub at: f64,
}

impl Moved {
    /// Whether it is to be moved at all.
    pub fn is_some(&self) -> bool {
        self.back != 0.0 || self.zoom != 1.0
    }
}

/// Shows a row over the width that is available. Returns how the user moved it: by dragging, by the wheel held
/// level or with Shift, or closer by the wheel with Ctrl and by two fingers.
pub fn latency_row(ui: &mut Ui, row: &LatencyRow<'_>) -> Moved {
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
        plot(ui, row)
    })
    .inner
}

/// The upper end of an axis that holds `largest` milliseconds: 1, 2 or 5 of a power of ten, down to 10 µs.
fn axis_end(largest: f64) -> f64 {
    let wanted = (largest * 1.1).max(0.01);
    let power = 10f64.powf(wanted.log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0];
    let fits = steps
        .into_iter()
        .map(|step| step * power)
        .find(|end| *end >= wanted);
    fits.unwrap_or(wanted)
}

/// The end of an axis with the digits that it needs: it is one of a power of ten.
fn shown_ms(ms: f64) -> String {
    format!("{} ms", (ms * 100.0).round() / 100.0)
}

/// The times that 5, 50 and 95 of 100 replies in view do not exceed; `None` with too few to speak of.
fn percentiles(samples: &[Sample], from: f64, to: f64) -> Option<[f64; 3]> {
    let inside = samples
        .iter()
        .filter(|sample| sample.at >= from && sample.at <= to);
    let mut times: Vec<f64> = inside
        .filter_map(|sample| sample.ms)
        .filter(|ms| ms.is_finite())
        .collect();
    if times.len() < 20 {
        return None;
    }
    let last = times.len() - 1;
    // Found without sorting them all: this is done for every row of every frame.
    let mut of = |percent: usize| {
        *times
            .select_nth_unstable_by(last * percent / 100, f64::total_cmp)
            .1
    };
    Some([of(5), of(50), of(95)])
}

/// The sample nearest to a time; samples are in order of time.
fn nearest(samples: &[Sample], at: f64) -> Option<&Sample> {
    let after = samples.partition_point(|sample| sample.at < at);
    let around = samples.get(after.saturating_sub(1)..(after + 1).min(samples.len()))?;
    around
        .iter()
        .min_by(|a, b| (a.at - at).abs().total_cmp(&(b.at - at).abs()))
}

fn plot(ui: &mut Ui, row: &LatencyRow<'_>) -> Moved {
    let tokens = tokens(ui);
    let width = ui.available_width().max(60.0);
    let trace = trace(row.samples, row.from, row.to, width as usize);
    let own = ui.scope_id().with(("latency plot", row.name));
    let hover = ui.data(|data| data.get_temp::<Hover>(row.group)).flatten();
    let end = axis_end(trace.max_ms);
    let band = percentiles(row.samples, row.from, row.to);
    // Head room for the value above, and room for marks below the line.
    let top = end * 1.25;
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
        .sense(Sense::drag())
        // What was there stands at the right of every row.
        .label_formatter(|_| None)
        .show(ui, |plot| {
            plot.set_plot_bounds(bounds);
            if let Some([low, middle, high]) = band {
                let corners = [[row.from, low], [row.to, low], [row.to, high], [row.from, high]];
                let soft = color.gamma_multiply(0.14);
                plot.polygon(
                    Polygon::new("percentiles", PlotPoints::from_iter(corners))
                        .fill_color(soft)
                        .stroke(Stroke::NONE)
                        .allow_hover(false),
                );
                let ends = [[row.from, middle], [row.to, middle]];
                let line = Line::new("median", PlotPoints::from_iter(ends)).color(color.gamma_multiply(0.45));
                plot.line(line.width(1.0).allow_hover(false));
            }
        });
    let painter = ui.painter().with_clip_rect(response.response.rect);
    let frame = response.response.rect;
    painter.extend(shapes(&trace.lines, &response.transform, color));
    // All marks of a row are one mesh: as lines each of their thousands of ends would be feathered.
    let mut marks = Mesh::default();
    let across = |at: f64| response.transform.position_from_point(&PlotPoint::new(at, 0.0)).x;
    let mut last = f32::NEG_INFINITY;
    let pointer = response.response.hover_pos().filter(|at| frame.contains(*at));
    let mut pointed_at: Vec<&str> = Vec::new();
    for (at, what) in row
        .marks
        .iter()
        .filter(|(at, _)| *at >= row.from && *at <= row.to)
    {
        let x = across(*at);
        if pointer.is_some_and(|pointer| (pointer.x - x).abs() <= MARK_PITCH) {
            pointed_at.push(what);
        }
        // Marks that nobody could tell apart are one.
        if (x - last).abs() >= MARK_PITCH {
            last = x;
            add_dashes(&mut marks, x.round(), frame, tokens.warn);
        }
    }
    match response.response.hover_pos() {
        Some(at) if frame.contains(at) => {
            let time = response.transform.value_from_position(at).x;
            ui.data_mut(|data| data.insert_temp::<Hover>(row.group, Some((time, own))));
        }
        _ if hover.is_some_and(|(_, id)| id == own) => {
            ui.data_mut(|data| data.insert_temp::<Hover>(row.group, None));
        }
        _ => {}
    }
    // On a grid, so that neighboring marks stay apart; a mark stands for one loss or more.
    let mut last = f32::NEG_INFINITY;
    for at in trace.losses {
        let x = (across(at) / MARK_PITCH).floor() * MARK_PITCH;
        if x > last {
            last = x;
            let foot = pos2(x, (frame.bottom() - 3.0).round());
            let mark = Rect::from_min_max(foot - vec2(0.0, MARK), foot + vec2(2.0, 0.0));
            marks.add_colored_rect(mark, tokens.broken);
        }
    }
    if !marks.is_empty() {
        painter.add(Shape::mesh(marks));
    }
    let then = hover.and_then(|(at, _)| nearest(row.samples, at));
    if let Some((sample, ms)) = then.and_then(|sample| Some((sample, sample.ms?))) {
        let point = response
            .transform
            .position_from_point(&PlotPoint::new(sample.at, ms));
        painter.circle_filled(point, 3.0, color);
    }
    let (said, lost) = match then {
        Some(sample) => match sample.ms {
            Some(ms) => (shown_time((ms * 1000.0).round() as u64, row.step_us, 2), false),
            None => (row.lost.to_owned(), true),
        },
        None => (row.now.to_owned(), row.state == State::Broken),
    };
    if trace.max_ms > 0.0 {
        let text = shown_ms(end);
        let scale = line(ui, &text, font::tiny(), tokens.text2, 80.0);
        let at = pos2(frame.left() + 6.0, frame.top() + 5.0);
        let behind = Rect::from_min_size(at, scale.size()).expand2(vec2(3.0, 1.0));
        painter.rect_filled(behind, 3.0, tokens.sunken);
        tell(ui, own.with("scale"), behind, &text);
        painter.galley(at.round(), scale, tokens.text2);
    }
    let value = line(ui, &said, font::tiny(), Color32::PLACEHOLDER, width * 0.6);
    let at = frame.right_top() + vec2(-value.size().x - 8.0, 5.0);
    let behind = Rect::from_min_size(at, value.size()).expand2(vec2(4.0, 1.0));
    painter.rect_filled(behind, 3.0, tokens.sunken);
    let told = tell(ui, own.with("now"), behind, &said);
    if value.elided {
        told.on_hover_text(&said);
    }
    let now = if lost { tokens.broken } else { tokens.text2 };
    painter.galley(at.round(), value, now);
    if !pointed_at.is_empty() {
        let said = pointed_at.join("\n");
        response.response.clone().on_hover_text_at_pointer(said);
    }
    let pointed = ui.input(|input| input.pointer.hover_pos());
    let pointed = pointed.filter(|_| ui.rect_contains_pointer(frame));
    let (zoom, wheel) = match pointed {
        Some(_) => ui.input(|input| (f64::from(input.zoom_delta()), input.smooth_scroll_delta.x)),
        None => (1.0, 0.0),
    };
    let share = f64::from((response.response.drag_delta().x + wheel) / frame.width().max(1.0));
    Moved {
        back: share * (row.to - row.from),
        zoom,
        at: pointed.map_or(row.to, |at| response.transform.value_from_position(at).x),
    }
}

/// Width of the line.
const LINE: f32 = 1.4;

/// The line in its parts, from one loss to the next. Where it goes up and down within each point of the width, it is
/// a bar a point, all in one mesh: as a line, every one of its thousands of sharp corners would be cut and feathered.
fn shapes(parts: &[Vec<[f64; 2]>], transform: &PlotTransform, color: Color32) -> Vec<Shape> {
    let place = |[at, ms]: &[f64; 2]| transform.position_from_point(&PlotPoint::new(*at, *ms));
    let mut bars = Mesh::default();
    let mut shapes = Vec::new();
    for part in parts {
        let points: Vec<Pos2> = part.iter().map(place).collect();
        match points.as_slice() {
            [] => {}
            [alone] => shapes.push(Shape::circle_filled(*alone, LINE / 2.0, color)),
            [first, _, .., last] if last.x - first.x < points.len() as f32 => {
                add_bars(&mut bars, &points, color);
            }
            _ => shapes.push(Shape::line(points, Stroke::new(LINE, color))),
        }
    }
    if !bars.is_empty() {
        shapes.push(Shape::mesh(bars));
    }
    shapes
}

/// Adds a bar for each point of the width that the line has points in; each reaches to where the one before ended.
fn add_bars(bars: &mut Mesh, points: &[Pos2], color: Color32) {
    let mut before: Option<Pos2> = None;
    for column in points.chunk_by(|a, b| a.x.floor() == b.x.floor()) {
        let Some(x) = column.first().map(|point| point.x.floor()) else {
            continue;
        };
        let heights = || column.iter().chain(&before).map(|point| point.y);
        let top = heights().fold(f32::INFINITY, f32::min) - LINE / 2.0;
        let bottom = heights().fold(f32::NEG_INFINITY, f32::max) + LINE / 2.0;
        let left = before.map_or(x, |point| (point.x.floor() + 1.0).min(x));
        let bar = Rect::from_min_max(pos2(left, top), pos2(x + 1.0, bottom));
        bars.add_colored_rect(bar, color);
        before = column.last().copied();
    }
}

/// Adds a dashed line from the upper to the lower end of the frame.
fn add_dashes(marks: &mut Mesh, x: f32, frame: Rect, color: Color32) {
    const DASH: f32 = 3.0;
    let mut top = frame.top().round();
    while top < frame.bottom() {
        let dash = Rect::from_min_max(pos2(x, top), pos2(x + 1.0, (top + DASH).min(frame.bottom())));
        marks.add_colored_rect(dash, color);
        top += 2.0 * DASH;
    }
}

fn tell(ui: &Ui, id: Id, rect: Rect, said: &str) -> egui::Response {
    let told = ui.interact(rect, id, Sense::hover());
    told.widget_info(|| WidgetInfo::labeled(Role::Label, true, said));
    told
}

/// The time axis that the rows above share: `words` gives the text of so many seconds before `end`.
pub fn time_axis(
    ui: &mut Ui,
    name_width: f32,
    (from, to): (f64, f64),
    end: f64,
    words: impl Fn(f64) -> String,
) {
    const TICKS: usize = 4;
    let left = name_width + 12.0;
    let width = (ui.available_width() - left).max(60.0);
    let (room, _) = ui.allocate_exact_size(vec2(left + width, 16.0), Sense::hover());
    let color = tokens(ui).text2;
    for tick in 0..=TICKS {
        let share = tick as f64 / TICKS as f64;
        let text = words((end - (from + (to - from) * share)).max(0.0));
        let galley = line(ui, &text, font::tiny(), color, width / TICKS as f32);
        let middle = room.left() + left + width * share as f32;
        let least = room.left() + left;
        let most = (room.right() - galley.size().x).max(least);
        let at = pos2((middle - galley.size().x / 2.0).clamp(least, most), room.top());
        let place = Rect::from_min_size(at, galley.size()).expand(1.0);
        tell(ui, ui.scope_id().with(("tick", tick)), place, &text);
        ui.painter().galley(at.round(), galley, color);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_axis_goes_below_a_millisecond() {
        assert!((axis_end(0.03) - 0.05).abs() < 1e-9);
        assert!((axis_end(0.0) - 0.01).abs() < 1e-9);
        assert!((axis_end(0.95) - 2.0).abs() < 1e-9);
        assert!((axis_end(95.0) - 200.0).abs() < 1e-6);
        for (largest, shown) in [
            (0.03, "0.05 ms"),
            (0.1, "0.2 ms"),
            (1.5, "2 ms"),
            (95.0, "200 ms"),
        ] {
            assert_eq!(shown_ms(axis_end(largest)), shown);
        }
    }

    #[test]
    fn bars_reach_every_point_and_leave_no_gap() {
        let points: Vec<Pos2> = (0..200)
            .map(|i| {
                pos2(
                    20.0 + i as f32 * 0.4,
                    if i % 7 == 3 { 5.0 } else { 30.0 + (i % 3) as f32 },
                )
            })
            .collect();
        let mut mesh = Mesh::default();
        add_bars(&mut mesh, &points, Color32::RED);
        let bars: Vec<Rect> = mesh
            .vertices
            .chunks(4)
            .map(|corners| Rect::from_min_max(corners[0].pos, corners[3].pos))
            .collect();
        for point in &points {
            assert!(bars.iter().any(|bar| bar.contains(*point)), "{point:?}");
        }
        assert!(bars.len() <= 81);
        for pair in bars.windows(2) {
            assert_eq!(pair[0].right(), pair[1].left());
            assert!(pair[0].top() <= pair[1].bottom() && pair[1].top() <= pair[0].bottom());
        }
    }

    #[test]
    fn the_sample_under_the_pointer_is_the_nearest_one() {
        let samples: Vec<Sample> = (0..10)
            .map(|second| Sample {
                at: f64::from(second),
                ms: (second != 4).then_some(1.0),
            })
            .collect();
        let at = |time: f64| nearest(&samples, time).map(|sample| sample.at);
        assert_eq!(at(-5.0), Some(0.0));
        assert_eq!(at(3.4), Some(3.0));
        assert_eq!(at(3.6), Some(4.0));
        assert_eq!(at(99.0), Some(9.0));
        assert!(nearest(&[], 1.0).is_none());
        assert_eq!(percentiles(&samples, 0.0, 9.0), None);
    }
}
