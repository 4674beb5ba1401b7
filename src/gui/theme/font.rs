//! The type scale.

use egui::{FontFamily, FontId};

/// Name of the family for headings and names.
pub const SEMIBOLD: &str = "semibold";
/// Name of the family for controls.
pub const MEDIUM: &str = "medium";

/// The semibold family.
pub fn semibold() -> FontFamily {
    FontFamily::Name(SEMIBOLD.into())
}

/// The medium family.
pub fn medium() -> FontFamily {
    FontFamily::Name(MEDIUM.into())
}

/// A page's title.
pub fn title() -> FontId {
    FontId::new(22.0, semibold())
}

/// A card's title, a machine's name.
pub fn strong() -> FontId {
    FontId::new(14.0, semibold())
}

/// Text.
pub fn body() -> FontId {
    FontId::proportional(14.0)
}

/// Text of buttons.
pub fn button() -> FontId {
    FontId::new(14.0, medium())
}

/// Secondary text.
pub fn small() -> FontId {
    FontId::proportional(12.0)
}

/// Text of chips.
pub fn chip() -> FontId {
    FontId::new(12.0, medium())
}

/// Names in the diagram.
pub fn small_strong() -> FontId {
    FontId::new(12.0, semibold())
}

/// Commands.
pub fn command() -> FontId {
    FontId::monospace(13.0)
}

/// Addresses and facts.
pub fn fact() -> FontId {
    FontId::monospace(12.0)
}

/// The smallest text there is.
pub fn tiny() -> FontId {
    FontId::monospace(11.0)
}
