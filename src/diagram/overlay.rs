//! The chosen traffic on the diagram, and where it ends.

use super::scene::{Scene, Who};
use crate::diagnose::{Diagnosis, Station, StationVerdict, Verdict};
use crate::locale::Language;
use crate::model::{Case, Endpoint};

/// The chosen traffic.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overlay {
    /// Where it starts.
    pub from: Option<Who>,
    /// Where it should arrive.
    pub to: Option<Who>,
    /// What is known of it.
    pub state: PathState,
    /// Where it breaks, with the station's name beside it.
    pub broken: Option<(Spot, String)>,
}

/// What is known of the chosen traffic.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PathState {
    /// Chosen, not checked.
    #[default]
    Chosen,
    /// It passes.
    Ok,
    /// Checked, and still not known.
    Unknown,
    /// It does not pass.
    Broken,
}

/// A place on the way of the traffic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Spot {
    /// Where it starts.
    Start,
    /// On the wire between two machines.
    Middle,
    /// Where it enters the address translation, or the host that forwards it.
    Engine,
    /// Where it enters the router outwards.
    Router,
    /// Where it should arrive.
    End,
}

impl Overlay {
    /// The traffic that a diagnosis speaks of, and the first station where it breaks, in words of a language.
    pub fn from_diagnosis(scene: &Scene, case: &Case, diagnosis: &Diagnosis, language: Language) -> Self {
        let (from, to) = (diagnosis.resolved.from, diagnosis.resolved.to);
        let station = diagnosis
            .path
            .iter()
            .find(|step| step.verdict == StationVerdict::Broken)
            .map(|step| step.station)
            .or_else(|| diagnosis.causes.first().map(|cause| cause.station));
        let state = match diagnosis.verdict {
            Verdict::Reachable => PathState::Ok,
            Verdict::Inconclusive => PathState::Unknown,
            Verdict::Blocked | Verdict::ImpossibleByDesign => PathState::Broken,
        };
        let broken = station.filter(|_| state == PathState::Broken).map(|station| {
            let name = language.text(&format!("station-{}", station.name()));
            let word = language.text_with("diagram-stops-at", &[("station", &name)]);
            (spot_of(station, from, to), word)
        });
        let mut named = case.clone();
        if named.intake.vm.is_none() {
            named.intake.vm.clone_from(&diagnosis.resolved.vm);
        }
        Self {
            from: scene.endpoint(&named, from),
            to: scene.endpoint(&named, to),
            state,
            broken,
        }
    }
}

/// Where on the way between two ends a station stands.
fn spot_of(station: Station, from: Endpoint, to: Endpoint) -> Spot {
    let at_end = |end: Endpoint, otherwise: Spot| {
        if from == end {
            Spot::Start
        } else if to == end {
            Spot::End
        } else {
            otherwise
        }
    };
    match station {
        Station::HostAdapter | Station::Addressing | Station::HostRoute | Station::HostFirewall => {
            at_end(Endpoint::Host, Spot::Engine)
        }
        Station::Hypervisor
        | Station::VmNic
        | Station::GuestAddress
        | Station::GuestFirewall
        | Station::GuestRoute => at_end(Endpoint::Guest, Spot::End),
        Station::VirtualNetwork | Station::Link => Spot::Middle,
        Station::NatEngine | Station::Forwarding => Spot::Engine,
        Station::Uplink => Spot::Router,
        Station::Internet | Station::Dns => at_end(Endpoint::Internet, Spot::Router),
    }
}
