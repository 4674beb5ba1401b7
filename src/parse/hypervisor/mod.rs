//! What the tools and files of hypervisors say.

use super::formats::Format;

/// The formats of this folder; a new one is one row here.
pub const FORMATS: &[Format] = &[];
