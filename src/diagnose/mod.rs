//! A case into a diagnosis: the path as stations, the rules, their ranking, and the next question.
//!
//! Pure and total: no clock, no randomness, no panics. The same case gives the same diagnosis.

pub(crate) mod captured;
pub mod compare;
mod contradiction;
mod diagnosis;
pub mod filter;
pub(crate) mod inside;
mod meanwhile;
mod next;
mod path;
mod plan;
mod rank;
pub(crate) mod role;
pub mod rules;
pub(crate) mod said;
pub(crate) mod seen;
mod situation;
pub mod walk;

pub use diagnosis::{
    At, Confidence, Diagnosis, Evidence, Finding, Leg, Next, NextKind, Resolved, Station, StationVerdict,
    Step, Through, Verdict,
};
pub use plan::{Plan, Role, Target, plan, visible_problems};
pub use seen::{Link, Seen};
pub use situation::{Asked, Situation, Way};

use crate::model::Case;

/// Diagnoses a case. Raw outputs must have been taken in before ([`crate::parse::resolve`]).
pub fn diagnose(case: &Case) -> Diagnosis {
    let situation = Situation::of(case);
    let tried = situation.asked();
    let asked = if meanwhile::way_is_gone(&situation) {
        tried.only_failure()
    } else {
        tried
    };
    let ranked = rank::rank(&situation, asked);
    let verdict = rank::verdict(asked, &ranked);
    let notes = rank::notes(&situation, asked, verdict, &ranked);
    let next = next::next(&situation, asked, verdict, &ranked.findings);
    Diagnosis {
        verdict,
        resolved: situation.resolved(),
        path: path::path(&situation, asked, &ranked.findings),
        causes: ranked.findings,
        notes,
        unread: case.unread.to_vec(),
        excluded: ranked.excluded,
        next,
    }
}
