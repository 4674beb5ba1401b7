//! What Windows prints.

use super::formats::Format;

/// The formats of this folder; a new one is one row here.
pub const FORMATS: &[Format] = &[];
