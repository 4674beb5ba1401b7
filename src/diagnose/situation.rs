//! What a case is about, worked out once for all rules.

use crate::model::Case;

/// The case with everything that rules ask for worked out.
#[derive(Clone, Debug)]
pub struct Situation<'a> {
    /// The case, raw outputs taken in.
    pub case: &'a Case,
}
