//! The look: colors, sizes and type as tokens, and egui's own style made of them.

pub mod font;
pub mod space;
mod style;
mod tokens;

use egui::{Context, ThemePreference, Ui};

pub use crate::wizard::Theme;
pub use tokens::{DARK, LIGHT, Tokens};

/// Gives egui the style of both themes and the user's choice between them. Cheap, but not for every frame:
/// once at the start and when the choice changes. [`crate::gui::fonts::install`] goes before it.
pub fn apply(context: &Context, theme: Theme) {
    context.set_style_of(egui::Theme::Light, style::of(&LIGHT));
    context.set_style_of(egui::Theme::Dark, style::of(&DARK));
    context.set_theme(match theme {
        Theme::System => ThemePreference::System,
        Theme::Light => ThemePreference::Light,
        Theme::Dark => ThemePreference::Dark,
    });
}

/// The colors of the theme that `ui` is drawn in.
pub fn tokens(ui: &Ui) -> &'static Tokens {
    if ui.visuals().dark_mode { &DARK } else { &LIGHT }
}
