//! The segment diagram: one layout for the window's painter and the report's SVG.
//!
//! A [`Scene`] says what there is (made of a case by [`Scene::from_case`]), an [`Overlay`] which traffic was
//! chosen and where it ends; [`layout()`] says where everything goes, and [`svg()`] or the window paints it.

mod from_case;
mod layout;
mod overlay;
pub mod palette;
mod path;
mod plain;
pub mod scene;
pub mod shape;
mod svg;
#[cfg(test)]
mod tests;
mod trace;

pub use layout::{Layout, MIN_WIDTH, Measure, Node, layout, wanted_width};
pub use overlay::{Overlay, PathState, Spot};
pub use palette::{Palette, Rgb};
pub use plain::plain;
pub use scene::{Scene, Who};
pub use shape::{Ink, Shape, TextRole};
pub use svg::{approximate_width, escape, latency_svg, svg, svg_in};
pub use trace::{Sample, Trace, trace, within};
