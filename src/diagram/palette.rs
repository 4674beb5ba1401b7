//! The colors that the window and the report are drawn in, light and dark.

/// A color: red, green and blue, 0 to 255 each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rgb(pub u8, pub u8, pub u8);

impl Rgb {
    const fn hex(value: u32) -> Self {
        Self((value >> 16) as u8, (value >> 8) as u8, value as u8)
    }

    /// The color as CSS and SVG write it: `#1a1e26`.
    pub fn css(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }

    /// Relative luminance, 0 (black) to 1 (white), by WCAG 2.2.
    pub fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }

    /// Contrast to another color, 1 to 21, by WCAG 2.2.
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }
}

/// The colors of one theme, by their role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Palette {
    /// The page's ground.
    pub bg: Rgb,
    /// Cards and the sidebar.
    pub surface: Rgb,
    /// Controls and boxes on a card.
    pub raised: Rgb,
    /// Wells: commands, plots, inputs.
    pub sunken: Rgb,
    /// Lines around cards and controls that carry no meaning.
    pub border: Rgb,
    /// Text.
    pub text: Rgb,
    /// Secondary text.
    pub text2: Rgb,
    /// The primary button, links, what is chosen.
    pub accent: Rgb,
    /// Text on the primary button.
    pub accent_text: Rgb,
    /// The ground of what is chosen.
    pub accent_soft: Rgb,
    /// A good state.
    pub ok: Rgb,
    /// The ground of a good state.
    pub ok_soft: Rgb,
    /// A bad state.
    pub broken: Rgb,
    /// The ground of a bad state.
    pub broken_soft: Rgb,
    /// A state that asks for attention.
    pub warn: Rgb,
    /// The ground of such a state.
    pub warn_soft: Rgb,
    /// An unknown state.
    pub unknown: Rgb,
    /// The ground of an unknown state.
    pub unknown_soft: Rgb,
    /// Physical segments.
    pub lan: Rgb,
    /// Segments behind address translation.
    pub nat: Rgb,
    /// Host-only and routed segments.
    pub host: Rgb,
    /// Tunnels.
    pub tun: Rgb,
}

/// The light theme.
pub const LIGHT: Palette = Palette {
    bg: Rgb::hex(0xf6f7f9),
    surface: Rgb::hex(0xffffff),
    raised: Rgb::hex(0xffffff),
    sunken: Rgb::hex(0xeef0f4),
    border: Rgb::hex(0xdde1e8),
    text: Rgb::hex(0x1a1e26),
    text2: Rgb::hex(0x555d6b),
    accent: Rgb::hex(0x2b59c3),
    accent_text: Rgb::hex(0xffffff),
    accent_soft: Rgb::hex(0xe6edfc),
    ok: Rgb::hex(0x16704a),
    ok_soft: Rgb::hex(0xe2f4ea),
    broken: Rgb::hex(0xb9252b),
    broken_soft: Rgb::hex(0xfce8e8),
    warn: Rgb::hex(0x805300),
    warn_soft: Rgb::hex(0xfbf0d9),
    unknown: Rgb::hex(0x5f6775),
    unknown_soft: Rgb::hex(0xeceef2),
    lan: Rgb::hex(0x2b59c3),
    nat: Rgb::hex(0x7a3fb0),
    host: Rgb::hex(0x16704a),
    tun: Rgb::hex(0x805300),
};

/// The dark theme.
pub const DARK: Palette = Palette {
    bg: Rgb::hex(0x121418),
    surface: Rgb::hex(0x191c22),
    raised: Rgb::hex(0x20242c),
    sunken: Rgb::hex(0x0e1013),
    border: Rgb::hex(0x333a46),
    text: Rgb::hex(0xe9ebef),
    text2: Rgb::hex(0xa5adba),
    accent: Rgb::hex(0x8db2ff),
    accent_text: Rgb::hex(0x0e1524),
    accent_soft: Rgb::hex(0x22304d),
    ok: Rgb::hex(0x62d39e),
    ok_soft: Rgb::hex(0x17332a),
    broken: Rgb::hex(0xff8f8f),
    broken_soft: Rgb::hex(0x3d2024),
    warn: Rgb::hex(0xf0c25a),
    warn_soft: Rgb::hex(0x3a2f17),
    unknown: Rgb::hex(0x9ba4b3),
    unknown_soft: Rgb::hex(0x282d36),
    lan: Rgb::hex(0x8db2ff),
    nat: Rgb::hex(0xcba2f5),
    host: Rgb::hex(0x62d39e),
    tun: Rgb::hex(0xf0c25a),
};

#[cfg(test)]
mod tests {
    use super::*;

    /// WCAG 2.2: text needs 4.5 : 1 (1.4.3), what a control or graph is known by 3 : 1 (1.4.11).
    #[test]
    fn every_text_is_legible_on_every_ground_it_is_put_on() {
        for (theme, p) in [("light", LIGHT), ("dark", DARK)] {
            let grounds = [
                ("bg", p.bg),
                ("surface", p.surface),
                ("raised", p.raised),
                ("sunken", p.sunken),
            ];
            let texts = [
                ("text", p.text),
                ("text2", p.text2),
                ("accent", p.accent),
                ("ok", p.ok),
                ("broken", p.broken),
                ("warn", p.warn),
                ("unknown", p.unknown),
                ("lan", p.lan),
                ("nat", p.nat),
                ("host", p.host),
                ("tun", p.tun),
            ];
            let on_grounds = texts
                .iter()
                .flat_map(|text| grounds.iter().map(move |ground| (*text, *ground)));
            let on_own = [
                (("accent_text", p.accent_text), ("accent", p.accent)),
                (("accent", p.accent), ("accent_soft", p.accent_soft)),
                (("text", p.text), ("accent_soft", p.accent_soft)),
                (("text2", p.text2), ("accent_soft", p.accent_soft)),
                (("ok", p.ok), ("ok_soft", p.ok_soft)),
                (("broken", p.broken), ("broken_soft", p.broken_soft)),
                (("text", p.text), ("broken_soft", p.broken_soft)),
                (("warn", p.warn), ("warn_soft", p.warn_soft)),
                (("text", p.text), ("warn_soft", p.warn_soft)),
                (("unknown", p.unknown), ("unknown_soft", p.unknown_soft)),
            ];
            for ((text, color), (ground, under)) in on_grounds.chain(on_own) {
                let contrast = color.contrast(under);
                assert!(
                    contrast >= 4.5,
                    "{theme}: {text} on {ground} is {contrast:.2} : 1"
                );
            }
        }
    }

    #[test]
    fn contrast_is_that_of_the_standard() {
        let (black, white) = (Rgb(0, 0, 0), Rgb(255, 255, 255));
        assert!((black.contrast(white) - 21.0).abs() < 1e-9);
        assert!((Rgb(0x77, 0x77, 0x77).contrast(white) - 4.48).abs() < 0.01);
        assert_eq!(LIGHT.text.css(), "#1a1e26");
    }
}
