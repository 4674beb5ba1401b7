//! A case into a diagnosis: the path as stations, the rules, their ranking, and the next question.
//!
//! Pure and total: no clock, no randomness, no panics. The same case gives the same diagnosis.

mod diagnosis;
pub mod filter;
pub(crate) mod role;
mod seen;
mod situation;

pub use diagnosis::{
    At, Confidence, Diagnosis, Evidence, Finding, Leg, Next, NextKind, Resolved, Station, StationVerdict,
    Step, Verdict,
};
pub use seen::{Link, Seen};
pub use situation::{Asked, Situation, Way};

use crate::model::Case;

/// Diagnoses a case. Raw outputs must have been taken in before ([`crate::parse::resolve`]).
pub fn diagnose(case: &Case) -> Diagnosis {
    let intake = &case.intake;
    Diagnosis {
        verdict: Verdict::Inconclusive,
        resolved: Resolved {
            host_os: intake.host_os.or(case.host.os).unwrap_or(crate::model::Os::Other),
            hypervisor: intake.hypervisor,
            mode: intake.mode,
            from: intake.start(),
            to: intake.end(),
            vm: intake.vm.as_deref().map(str::to_owned),
            nic: intake.nic,
            network: None,
            guest_ip: intake.guest_ip.map(|(address, _)| address),
            guest_os: intake.guest_os,
            target: intake.target.as_deref().map(str::to_owned),
            port: intake.port,
        },
        causes: Vec::new(),
        notes: Vec::new(),
        path: Vec::new(),
        unread: case.unread.to_vec(),
        excluded: Vec::new(),
        next: None,
    }
}
