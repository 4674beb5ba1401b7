//! The segment diagram: one layout for the window's painter and the report's SVG.

pub mod palette;
mod plain;

pub use palette::{Palette, Rgb};
pub use plain::plain;
