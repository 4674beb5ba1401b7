//! The pictures of a report: the segments with the chosen traffic, and rows of round-trip times.

use crate::diagnose::Diagnosis;
use crate::diagram::palette::{DARK, LIGHT};
use crate::diagram::{Overlay, Sample, Scene, approximate_width, latency_svg, layout, svg_in};
use crate::locale::Language;
use crate::model::Case;

/// Width of the picture in points; a page of paper holds it.
const WIDTH: f32 = 900.0;

/// The segments in the light and in the dark theme.
pub(super) fn segments(facts: &Case, diagnosis: &Diagnosis, language: Language) -> (String, String) {
    let scene = Scene::from_case(facts, language);
    // The same that the window shows: two pictures of one answer must not disagree.
    let overlay = Overlay::from_diagnosis(&scene, facts, diagnosis, language);
    let layout = layout(&scene, Some(&overlay), WIDTH, &approximate_width);
    let title = super::view::traffic(diagnosis, language);
    (svg_in(&layout, &title, &LIGHT), svg_in(&layout, &title, &DARK))
}

/// One row of round-trip times. Requests are drawn one a second: the file does not say when each was sent.
pub(super) fn latency(times: &[Option<u64>], title: &str) -> String {
    let samples: Vec<Sample> = times
        .iter()
        .enumerate()
        .map(|(index, time)| Sample {
            at: index as f64 + 0.5,
            ms: time.map(|time| time as f64 / 1_000.0),
        })
        .collect();
    latency_svg(&samples, 0.0, samples.len().max(1) as f64, (420.0, 56.0), title)
}
