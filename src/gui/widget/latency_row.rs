//! One row of live latency: a name, the line of round-trip times, losses as marks on the lower edge, and what
//! holds now. Rows with the same bounds stand under each other and share their time axis.

use std::sync::Arc;

use egui::{Color32, CursorIcon, Id, Rect, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::State;
pub use super::latency_picture::KeptPicture;
use super::latency_picture::{MARK_PITCH, MadeOf, TimeAxis};
use super::text::line;
pub use crate::diagram::Sample;
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
    pub samples: &'a Arc<Vec<Sample>>,
    /// Left end of the time axis, seconds on the samples' clock.
    pub from: f64,
    /// Right end of the time axis.
    pub to: f64,
    /// Room for the names at the left, in points, the same for all rows.
    pub name_width: f32,
    /// Rows of one group share the line that follows the pointer, and tell what they had at its time.
    pub group: Id,
    /// Times at which something happened beside the replies, in seconds, with what it was: marked in every row.
    pub marks: &'a Arc<Vec<(f64, String)>>,
    /// The word for a reply that did not come.
    pub lost: &'a str,
    /// The smallest step of the times in microseconds: no more digits are shown.
    pub step_us: u64,
}

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

/// Between a name and its plot.
const BESIDE_NAME: f32 = 12.0;
/// The least width of a plot.
const NARROWEST: f32 = 60.0;

/// The width of the plot in a row that has so much room.
pub fn beside_name(room: f32, name_width: f32) -> f32 {
    (room - name_width - BESIDE_NAME).max(NARROWEST)
}

/// Shows a row over the width that is available. Returns how the user moved it: by dragging, by the wheel held
/// level or with Shift, or closer by the wheel with Ctrl and by two fingers. What is `kept` of the row's last frame
/// serves this one where it shows the same.
pub fn latency_row(ui: &mut Ui, row: &LatencyRow<'_>, kept: &mut KeptPicture) -> Moved {
    let tokens = tokens(ui);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = BESIDE_NAME;
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
        plot(ui, row, kept)
    })
    .inner
}

/// The end of an axis with the digits that it needs: it is one of a power of ten.
fn shown_ms(ms: f64) -> String {
    format!("{} ms", (ms * 100.0).round() / 100.0)
}

/// The sample nearest to a time; samples are in order of time.
fn nearest(samples: &[Sample], at: f64) -> Option<&Sample> {
    let after = samples.partition_point(|sample| sample.at < at);
    let around = samples.get(after.saturating_sub(1)..(after + 1).min(samples.len()))?;
    around
        .iter()
        .min_by(|a, b| (a.at - at).abs().total_cmp(&(b.at - at).abs()))
}

fn plot(ui: &mut Ui, row: &LatencyRow<'_>, kept: &mut KeptPicture) -> Moved {
    let tokens = tokens(ui);
    let width = ui.available_width().max(NARROWEST);
    let own = ui.scope_id().with(("latency plot", row.name));
    let color = match row.state {
        State::Broken => tokens.broken,
        State::Warn => tokens.warn,
        _ => tokens.lan,
    };
    let (frame, response) = ui.allocate_exact_size(vec2(width, space::PLOT_HEIGHT), Sense::drag());
    let response = response.on_hover_cursor(CursorIcon::Crosshair);
    let axis = TimeAxis {
        from: row.from,
        to: row.to,
        frame,
    };
    let made_of = MadeOf {
        samples: Arc::clone(row.samples),
        marks: Arc::clone(row.marks),
        axis,
        colors: [color, tokens.broken, tokens.warn],
        pixels_per_point: ui.pixels_per_point(),
        tessellation: ui.ctx().tessellation_options(|options| *options),
    };
    let picture = kept.of(made_of);
    let pointer = response.hover_pos().filter(|at| frame.contains(*at));
    let hover = hovered_time(ui, row.group, own, pointer.map(|at| axis.time(at.x)));
    let painter = ui.painter().with_clip_rect(frame.intersect(ui.clip_rect()));
    painter.rect_filled(frame, f32::from(space::CONTROL_RADIUS), tokens.sunken);
    if let Some(at) = hover.filter(|at| axis.holds(*at)) {
        painter.vline(axis.x(at), frame.y_range(), Stroke::new(1.0, tokens.unknown));
    }
    painter.add(Shape::mesh(Arc::clone(&picture.mesh)));
    // What was there stands at the right of every row.
    let then = hover.and_then(|at| nearest(row.samples, at));
    if let Some((sample, ms)) = then.and_then(|sample| Some((sample, sample.ms?))) {
        painter.circle_filled(picture.place(&axis, sample.at, ms), 3.0, color);
    }
    let (said, lost) = match then {
        Some(sample) => match sample.ms {
            Some(ms) => (shown_time((ms * 1000.0).round() as u64, row.step_us, 2), false),
            None => (row.lost.to_owned(), true),
        },
        None => (row.now.to_owned(), row.state == State::Broken),
    };
    if let Some(end) = picture.end_ms {
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
    let drag = response.drag_delta().x;
    if let Some(said) = pointer.and_then(|pointer| marks_at(row, &axis, pointer.x)) {
        response.on_hover_text_at_pointer(said);
    }
    let pointed = ui.input(|input| input.pointer.hover_pos());
    let pointed = pointed.filter(|_| ui.rect_contains_pointer(frame));
    let (zoom, wheel) = match pointed {
        Some(_) => ui.input(|input| (f64::from(input.zoom_delta()), input.smooth_scroll_delta.x)),
        None => (1.0, 0.0),
    };
    let share = f64::from((drag + wheel) / frame.width().max(1.0));
    Moved {
        back: share * (row.to - row.from),
        zoom,
        at: pointed.map_or(row.to, |at| axis.time(at.x)),
    }
}

/// The time under the pointer for a group of rows, one of which has the pointer over `here`, if any.
fn hovered_time(ui: &Ui, group: Id, own: Id, here: Option<f64>) -> Option<f64> {
    let before = ui.data(|data| data.get_temp::<Hover>(group)).flatten();
    let now = match here {
        Some(time) => Some((time, own)),
        // The pointer left this row.
        None => before.filter(|(_, id)| *id != own),
    };
    if now != before {
        ui.data_mut(|data| data.insert_temp::<Hover>(group, now));
    }
    now.map(|(time, _)| time)
}

/// What happened at the events whose marks are under the pointer, one a line.
fn marks_at(row: &LatencyRow<'_>, axis: &TimeAxis, x: f32) -> Option<String> {
    let near = |at: f64| axis.holds(at) && (axis.x(at) - x).abs() <= MARK_PITCH;
    let said: Vec<&str> = row
        .marks
        .iter()
        .filter(|(at, _)| near(*at))
        .map(|(_, what)| what.as_str())
        .collect();
    (!said.is_empty()).then(|| said.join("\n"))
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
    let left = name_width + BESIDE_NAME;
    let width = beside_name(ui.available_width(), name_width);
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
    use super::super::latency_picture::axis_end;
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
    }
}
