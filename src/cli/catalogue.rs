//! The causes that can be named, as the command line shows them.

use crate::diagnose::Station;
use crate::model::Case;
use crate::remedy::Remedy;

/// One cause of the catalogue.
pub(super) struct Entry {
    /// Its id.
    pub id: &'static str,
    /// Key of its title.
    pub title: &'static str,
    /// Key of its explanation.
    pub text: &'static str,
    /// The station it sits at.
    pub station: Station,
    /// Causes that look the same from outside.
    pub look_alikes: &'static [&'static str],
}

/// Every cause, in the order of the way there.
pub(super) fn entries() -> Vec<Entry> {
    Vec::new()
}

/// What is done about a cause in such a case.
pub(super) fn remedy(id: &str, case: &Case) -> Vec<Remedy> {
    let _ = (id, case);
    Vec::new()
}
