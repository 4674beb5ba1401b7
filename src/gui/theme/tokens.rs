//! The colors of a theme as egui takes them.

use egui::Color32;

use crate::diagram::palette::{self, Palette, Rgb};

/// The colors of one theme, by their role. See [`Palette`] for what each is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tokens {
    /// Whether this is the dark theme.
    pub dark: bool,
    /// The page's ground.
    pub bg: Color32,
    /// Cards and the sidebar.
    pub surface: Color32,
    /// Controls and boxes on a card.
    pub raised: Color32,
    /// Wells: commands, plots, inputs.
    pub sunken: Color32,
    /// Lines around cards and controls that carry no meaning.
    pub border: Color32,
    /// Text.
    pub text: Color32,
    /// Secondary text.
    pub text2: Color32,
    /// The primary button, links, what is chosen.
    pub accent: Color32,
    /// Text on the primary button.
    pub accent_text: Color32,
    /// The ground of what is chosen.
    pub accent_soft: Color32,
    /// A good state.
    pub ok: Color32,
    /// The ground of a good state.
    pub ok_soft: Color32,
    /// A bad state.
    pub broken: Color32,
    /// The ground of a bad state.
    pub broken_soft: Color32,
    /// A state that asks for attention.
    pub warn: Color32,
    /// The ground of such a state.
    pub warn_soft: Color32,
    /// An unknown state.
    pub unknown: Color32,
    /// The ground of an unknown state.
    pub unknown_soft: Color32,
    /// Physical segments.
    pub lan: Color32,
    /// Segments behind address translation.
    pub nat: Color32,
    /// Host-only and routed segments.
    pub host: Color32,
    /// Tunnels.
    pub tun: Color32,
}

/// The light theme.
pub static LIGHT: Tokens = Tokens::from_palette(false, &palette::LIGHT);
/// The dark theme.
pub static DARK: Tokens = Tokens::from_palette(true, &palette::DARK);

impl Tokens {
    const fn from_palette(dark: bool, palette: &Palette) -> Self {
        const fn color(rgb: Rgb) -> Color32 {
            Color32::from_rgb(rgb.0, rgb.1, rgb.2)
        }
        Self {
            dark,
            bg: color(palette.bg),
            surface: color(palette.surface),
            raised: color(palette.raised),
            sunken: color(palette.sunken),
            border: color(palette.border),
            text: color(palette.text),
            text2: color(palette.text2),
            accent: color(palette.accent),
            accent_text: color(palette.accent_text),
            accent_soft: color(palette.accent_soft),
            ok: color(palette.ok),
            ok_soft: color(palette.ok_soft),
            broken: color(palette.broken),
            broken_soft: color(palette.broken_soft),
            warn: color(palette.warn),
            warn_soft: color(palette.warn_soft),
            unknown: color(palette.unknown),
            unknown_soft: color(palette.unknown_soft),
            lan: color(palette.lan),
            nat: color(palette.nat),
            host: color(palette.host),
            tun: color(palette.tun),
        }
    }
}
