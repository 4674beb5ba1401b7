//! The pictures of a report: the segments with the chosen traffic, and rows of round-trip times.

use crate::diagnose::{Diagnosis, Station, StationVerdict, Verdict};
use crate::diagram::palette::{DARK, LIGHT};
use crate::diagram::{
    Overlay, PathState, Sample, Scene, Spot, approximate_width, latency_svg, layout, svg_in,
};
use crate::locale::Language;
use crate::model::{Case, Endpoint};

/// Width of the picture in points; a page of paper holds it.
const WIDTH: f32 = 900.0;

/// The segments in the light and in the dark theme.
pub(super) fn segments(facts: &Case, diagnosis: &Diagnosis, language: Language) -> (String, String) {
    let scene = Scene::from_case(facts, language);
    let overlay = overlay(&scene, facts, diagnosis, language);
    let layout = layout(&scene, Some(&overlay), WIDTH, &approximate_width);
    let title = super::view::traffic(diagnosis, language);
    (svg_in(&layout, &title, &LIGHT), svg_in(&layout, &title, &DARK))
}

/// The chosen traffic with what is known of it.
fn overlay(scene: &Scene, facts: &Case, diagnosis: &Diagnosis, language: Language) -> Overlay {
    let resolved = &diagnosis.resolved;
    let broken = diagnosis
        .path
        .iter()
        .find(|step| step.verdict == StationVerdict::Broken);
    Overlay {
        from: scene.endpoint(facts, resolved.from),
        to: scene.endpoint(facts, resolved.to),
        state: match diagnosis.verdict {
            Verdict::Reachable => PathState::Ok,
            Verdict::Blocked | Verdict::ImpossibleByDesign => PathState::Broken,
            Verdict::Inconclusive => PathState::Unknown,
        },
        broken: broken.map(|step| {
            let name = language.text(&format!("station-{}", step.station.name()));
            (spot(step.station, resolved.from), name)
        }),
    }
}

/// Where on the way a station is.
fn spot(station: Station, from: Endpoint) -> Spot {
    let starts_in_guest = matches!(from, Endpoint::Guest | Endpoint::Guest2);
    let (host_side, guest_side) = match starts_in_guest {
        true => (Spot::End, Spot::Start),
        false => (Spot::Start, Spot::End),
    };
    match station {
        Station::HostAdapter | Station::HostRoute | Station::HostFirewall => host_side,
        Station::GuestAddress | Station::GuestFirewall | Station::GuestRoute | Station::VmNic => guest_side,
        Station::NatEngine | Station::Forwarding => Spot::Engine,
        Station::Uplink => Spot::Router,
        Station::Internet | Station::Dns => Spot::End,
        Station::Hypervisor | Station::VirtualNetwork | Station::Addressing | Station::Link => Spot::Middle,
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
