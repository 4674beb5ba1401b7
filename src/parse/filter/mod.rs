//! What the packet filters of Linux say.

use super::formats::Format;

/// The formats of this folder; a new one is one row here.
pub const FORMATS: &[Format] = &[];
