//! The window: egui pages and widgets over the wizard's state.

pub mod fonts;
pub mod icon;
pub mod theme;
pub mod widget;
