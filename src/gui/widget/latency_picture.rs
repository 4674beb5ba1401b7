//! What is painted of a row of latency: made of its samples once, and kept until something of it shows differently.

use std::sync::Arc;

use egui::epaint::{TessellationOptions, Tessellator};
use egui::{Color32, Mesh, Pos2, Rect, Shape, Stroke, pos2, vec2};

use crate::diagram::{Sample, trace, within};

/// Height of a mark of loss.
const MARK: f32 = 6.0;
/// Distance of two marks.
pub(super) const MARK_PITCH: f32 = 4.0;
/// Width of the line.
const LINE: f32 = 1.4;
/// Replies that it takes to speak of percentiles.
const FEWEST: usize = 20;

/// Where times stand in a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct TimeAxis {
    /// The time at the left end, in seconds on the samples' clock.
    pub from: f64,
    /// The time at the right end.
    pub to: f64,
    /// The room of the row on the screen.
    pub frame: Rect,
}

impl TimeAxis {
    /// Where a time stands.
    pub fn x(&self, at: f64) -> f32 {
        let share = (at - self.from) / (self.to - self.from);
        self.frame.left() + (share * f64::from(self.frame.width())) as f32
    }

    /// The time that stands at a place.
    pub fn time(&self, x: f32) -> f64 {
        let share = f64::from(x - self.frame.left()) / f64::from(self.frame.width());
        self.from + share * (self.to - self.from)
    }

    /// Whether a time stands on it.
    pub fn holds(&self, at: f64) -> bool {
        self.from <= at && at <= self.to
    }
}

/// All that a picture is made of: where all of it is the same, the picture is.
#[derive(Clone, Debug)]
pub(super) struct MadeOf {
    pub samples: Arc<Vec<Sample>>,
    pub marks: Arc<Vec<(f64, String)>>,
    pub axis: TimeAxis,
    /// The colors of the line, of a missing reply and of an event.
    pub colors: [Color32; 3],
    pub pixels_per_point: f32,
    /// How egui makes triangles.
    pub tessellation: TessellationOptions,
}

impl PartialEq for MadeOf {
    fn eq(&self, other: &Self) -> bool {
        self.axis == other.axis
            && self.colors == other.colors
            && self.pixels_per_point == other.pixels_per_point
            && self.tessellation == other.tessellation
            && same(&self.samples, &other.samples)
            && same(&self.marks, &other.marks)
    }
}

/// Whether two hold the same. Mostly they are one and the same, and then what they hold is not looked at.
fn same<T: PartialEq>(one: &Arc<T>, other: &Arc<T>) -> bool {
    Arc::ptr_eq(one, other) || one == other
}

/// What is painted of a row's samples.
#[derive(Debug)]
pub(super) struct Picture {
    /// The upper end of the axis in milliseconds; `None` without replies.
    pub end_ms: Option<f64>,
    /// The line, the band of percentiles and all marks. As one mesh they cost a frame no more than to be copied.
    pub mesh: Arc<Mesh>,
    scale: Scale,
}

impl Picture {
    /// Where a sample with a reply stands.
    pub fn place(&self, axis: &TimeAxis, at: f64, ms: f64) -> Pos2 {
        pos2(axis.x(at), self.scale.y(axis.frame, ms))
    }
}

/// The picture of a row as it was last painted; it is made anew when something of it shows differently.
#[derive(Debug, Default)]
pub struct KeptPicture(Option<(MadeOf, Picture)>);

impl KeptPicture {
    /// The picture of this.
    pub(super) fn of(&mut self, made_of: MadeOf) -> &Picture {
        let kept = self.0.take().filter(|(before, _)| *before == made_of);
        let (_, picture) = self.0.insert(kept.unwrap_or_else(|| {
            let picture = picture(&made_of);
            (made_of, picture)
        }));
        picture
    }
}

/// The heights of times: with head room for the value above, and room for marks below the line.
#[derive(Clone, Copy, Debug)]
struct Scale {
    top: f64,
}

impl Scale {
    fn y(self, frame: Rect, ms: f64) -> f32 {
        let below = 0.2 * self.top;
        let share = (ms + below) / (self.top + below);
        frame.bottom() - (share * f64::from(frame.height())) as f32
    }
}

fn picture(made_of: &MadeOf) -> Picture {
    let axis = made_of.axis;
    let [color, lost, event] = made_of.colors;
    let trace = trace(&made_of.samples, axis.from, axis.to, axis.frame.width() as usize);
    let end = axis_end(trace.max_ms);
    let scale = Scale { top: end * 1.25 };
    let mut mesh = Mesh::default();
    // None of it is text, which alone would need the fonts' texture.
    let mut tessellator =
        Tessellator::new(made_of.pixels_per_point, made_of.tessellation, [1, 1], Vec::new());
    let mut add = |shape: Shape| tessellator.tessellate_shape(shape, &mut mesh);
    if let Some([low, middle, high]) = percentiles(within(&made_of.samples, axis.from, axis.to)) {
        let [low, middle, high] = [low, middle, high].map(|ms| scale.y(axis.frame, ms));
        let (left, right) = (axis.frame.left(), axis.frame.right());
        let corners = vec![
            pos2(left, low),
            pos2(right, low),
            pos2(right, high),
            pos2(left, high),
        ];
        add(Shape::convex_polygon(
            corners,
            color.gamma_multiply(0.14),
            Stroke::NONE,
        ));
        let median = vec![pos2(left, middle), pos2(right, middle)];
        add(Shape::line(median, Stroke::new(1.0, color.gamma_multiply(0.45))));
    }
    let place = |[at, ms]: &[f64; 2]| pos2(axis.x(*at), scale.y(axis.frame, *ms));
    let mut bars = Mesh::default();
    for part in &trace.lines {
        let points: Vec<Pos2> = part.iter().map(place).collect();
        match points.as_slice() {
            [] => {}
            [alone] => add(Shape::circle_filled(*alone, LINE / 2.0, color)),
            // Where the line goes up and down within each point of the width, it is a bar a point: as a line, every one
            // of its thousands of sharp corners would be cut and feathered.
            [first, _, .., last] if last.x - first.x < points.len() as f32 => {
                add_bars(&mut bars, &points, color)
            }
            _ => add(Shape::line(points, Stroke::new(LINE, color))),
        }
    }
    mesh.append(bars);
    let events = made_of
        .marks
        .iter()
        .map(|(at, _)| *at)
        .filter(|at| axis.holds(*at));
    add_events(&mut mesh, events.map(|at| axis.x(at)), axis.frame, event);
    add_losses(
        &mut mesh,
        trace.losses.iter().map(|at| axis.x(*at)),
        axis.frame,
        lost,
    );
    Picture {
        end_ms: (trace.max_ms > 0.0).then_some(end),
        mesh: Arc::new(mesh),
        scale,
    }
}

/// The upper end of an axis that holds `largest` milliseconds: 1, 2 or 5 of a power of ten, down to 10 µs.
pub(super) fn axis_end(largest: f64) -> f64 {
    let wanted = (largest * 1.1).max(0.01);
    let power = 10f64.powf(wanted.log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0];
    let fits = steps
        .into_iter()
        .map(|step| step * power)
        .find(|end| *end >= wanted);
    fits.unwrap_or(wanted)
}

/// The times that 5, 50 and 95 of 100 replies do not exceed; `None` with too few to speak of.
fn percentiles(samples: &[Sample]) -> Option<[f64; 3]> {
    let replies = samples.iter().filter_map(|sample| sample.ms);
    let mut times: Vec<f64> = replies.filter(|ms| ms.is_finite()).collect();
    if times.len() < FEWEST {
        return None;
    }
    let rank = |percent: usize| (times.len() - 1) * percent / 100;
    let (low, middle, high) = (rank(5), rank(50), rank(95));
    // Found without sorting them all, and the outer ones only in their halves.
    let (below, median, above) = times.select_nth_unstable_by(middle, f64::total_cmp);
    let median = *median;
    let low = *below.select_nth_unstable_by(low, f64::total_cmp).1;
    let high = *above.select_nth_unstable_by(high - middle - 1, f64::total_cmp).1;
    Some([low, median, high])
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

/// Adds a dashed line from the upper to the lower end of the frame for each event. Events that nobody could tell
/// apart have one.
fn add_events(marks: &mut Mesh, places: impl Iterator<Item = f32>, frame: Rect, color: Color32) {
    let mut last = f32::NEG_INFINITY;
    for x in places {
        if (x - last).abs() >= MARK_PITCH {
            last = x;
            add_dashes(marks, x.round(), frame, color);
        }
    }
}

fn add_dashes(marks: &mut Mesh, x: f32, frame: Rect, color: Color32) {
    const DASH: f32 = 3.0;
    let mut top = frame.top().round();
    while top < frame.bottom() {
        let dash = Rect::from_min_max(pos2(x, top), pos2(x + 1.0, (top + DASH).min(frame.bottom())));
        marks.add_colored_rect(dash, color);
        top += 2.0 * DASH;
    }
}

/// Adds a mark at the lower edge where replies are missing: on a grid, so that neighboring marks stay apart; each stands
/// for one loss or more.
fn add_losses(marks: &mut Mesh, places: impl Iterator<Item = f32>, frame: Rect, color: Color32) {
    let mut last = f32::NEG_INFINITY;
    for place in places {
        let x = (place / MARK_PITCH).floor() * MARK_PITCH;
        if x > last {
            last = x;
            let foot = pos2(x, (frame.bottom() - 3.0).round());
            let mark = Rect::from_min_max(foot - vec2(0.0, MARK), foot + vec2(2.0, 0.0));
            marks.add_colored_rect(mark, color);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replies(times: impl IntoIterator<Item = f64>) -> Vec<Sample> {
        let times = times.into_iter().enumerate();
        times
            .map(|(second, ms)| Sample {
                at: second as f64,
                ms: Some(ms),
            })
            .collect()
    }

    fn made_of(samples: &Arc<Vec<Sample>>) -> MadeOf {
        MadeOf {
            samples: Arc::clone(samples),
            marks: Arc::default(),
            axis: TimeAxis {
                from: 0.0,
                to: 60.0,
                frame: Rect::from_min_max(pos2(10.0, 10.0), pos2(610.0, 76.0)),
            },
            colors: [Color32::BLUE, Color32::RED, Color32::YELLOW],
            pixels_per_point: 1.0,
            tessellation: TessellationOptions::default(),
        }
    }

    /// Takes pictures one after the other, and tells which of them were made anew.
    fn made_anew(wanted: &[MadeOf]) -> Vec<bool> {
        let mut kept = KeptPicture::default();
        let mut before: Option<Arc<Mesh>> = None;
        let anew = wanted.iter().map(|made_of| {
            let mesh = Arc::clone(&kept.of(made_of.clone()).mesh);
            let last = before.replace(Arc::clone(&mesh));
            last.is_none_or(|last| !Arc::ptr_eq(&last, &mesh))
        });
        anew.collect()
    }

    #[test]
    fn a_picture_is_kept_until_something_of_it_shows_differently() {
        let samples = Arc::new(replies([1.0; 40]));
        let first = made_of(&samples);
        let copied = made_of(&Arc::new(samples.to_vec()));
        let mut lost = samples.to_vec();
        lost[20].ms = None;
        let lost = made_of(&Arc::new(lost));
        let mut wider = lost.clone();
        wider.axis.frame.max.x += 1.0;
        let mut moved = wider.clone();
        (moved.axis.from, moved.axis.to) = (1.0, 61.0);
        let mut dark = moved.clone();
        dark.colors[0] = Color32::LIGHT_BLUE;
        let mut marked = dark.clone();
        marked.marks = Arc::new(vec![(30.0, "Wi-Fi off".to_owned())]);
        let mut sharper = marked.clone();
        sharper.pixels_per_point = 2.0;
        let wanted = [
            (first.clone(), true),
            (first, false),
            (copied, false),
            (lost.clone(), true),
            (lost, false),
            (wider, true),
            (moved, true),
            (dark, true),
            (marked.clone(), true),
            (marked, false),
            (sharper.clone(), true),
            (sharper, false),
        ];
        let (pictures, expected): (Vec<MadeOf>, Vec<bool>) = wanted.into_iter().unzip();
        assert_eq!(made_anew(&pictures), expected);
    }

    #[test]
    fn a_time_stands_where_it_is_read() {
        let axis = made_of(&Arc::default()).axis;
        assert_eq!((axis.x(0.0), axis.x(60.0)), (10.0, 610.0));
        for at in [0.0, 1.5, 59.0] {
            assert!((axis.time(axis.x(at)) - at).abs() < 1e-3);
        }
        assert!(axis.holds(60.0) && !axis.holds(60.1) && !axis.holds(f64::NAN));
    }

    #[test]
    fn percentiles_are_of_all_replies_in_any_order() {
        let times = |count: usize| (0..count).map(move |i| ((i * 37) % count) as f64);
        assert_eq!(percentiles(&replies(times(101))), Some([5.0, 50.0, 95.0]));
        assert_eq!(percentiles(&replies(times(FEWEST))), Some([0.0, 9.0, 18.0]));
        assert_eq!(percentiles(&replies(times(FEWEST - 1))), None);
        assert_eq!(percentiles(&[]), None);
        let mut some_lost = replies(times(101));
        some_lost.extend((0..50).map(|i| Sample {
            at: 200.0 + f64::from(i),
            ms: None,
        }));
        assert_eq!(percentiles(&some_lost), Some([5.0, 50.0, 95.0]));
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
}
