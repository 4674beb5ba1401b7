//! Text into model: one file a format, no input or output of its own.
//!
//! The same parsers serve what our collectors read from this machine and what a user pastes from another.

use crate::model::{Case, Output};

/// Takes one printed output into the case: recognizes the command or commands in it, parses, and merges what
/// they say. What is later in time holds over what is earlier; what is not understood becomes an `unread`
/// entry, never an error.
pub fn absorb(case: &mut Case, output: &Output) {
    let _ = (case, output);
}

/// The case with all its raw outputs taken in, in their order. The outputs themselves are kept.
pub fn resolve(case: &Case) -> Case {
    let mut resolved = case.clone();
    for output in &case.outputs {
        absorb(&mut resolved, output);
    }
    resolved
}
