//! The pictures of a report: the segments with the chosen traffic, and rows of round-trip times.

use crate::diagnose::Diagnosis;
use crate::diagram::palette::{DARK, LIGHT};
use crate::diagram::{Overlay, Sample, Scene, Who, approximate_width, latency_svg, layout, svg, svg_in};
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

/// Widest picture in a file of its own, in points.
const WIDEST: f32 = 3_600.0;

/// The segments alone, in the light theme, which prints: so wide that every machine has room, where that can be.
pub(super) fn alone(facts: &Case, diagnosis: Option<&Diagnosis>, language: Language) -> String {
    let scene = Scene::from_case(facts, language);
    let overlay = diagnosis.map(|diagnosis| Overlay::from_diagnosis(&scene, facts, diagnosis, language));
    let title = match diagnosis {
        Some(diagnosis) => super::view::traffic(diagnosis, language),
        None => language.text("window-picture-name"),
    };
    let mut width = WIDTH;
    loop {
        let drawn = layout(&scene, overlay.as_ref(), width, &approximate_width);
        let grouped = drawn.nodes.iter().any(|node| matches!(node.who, Who::More(_)));
        if !grouped || width >= WIDEST {
            return svg(&drawn, &title);
        }
        width = (width * 2.0).min(WIDEST);
    }
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
