//! The causes that can be named, as the command line shows them.

use crate::diagnose::Situation;
use crate::diagnose::rules::{self, Rule};
use crate::model::Case;
use crate::remedy::Remedy;

/// Every cause, in the order of the way there.
pub(super) fn entries() -> &'static [Rule] {
    rules::all()
}

/// What is done about a cause in such a case.
pub(super) fn remedy(rule: &Rule, case: &Case) -> Vec<Remedy> {
    (rule.remedy)(&Situation::of(case))
}
