//! The segment diagram: one layout for the window's painter and the report's SVG.

pub mod palette;
mod plain;
mod trace;

pub use palette::{Palette, Rgb};
pub use plain::plain;
pub use trace::{Sample, Trace, trace};
