//! The faces in the box: Inter for text, JetBrains Mono for addresses and commands, Noto Sans SC for Chinese.
//!
//! They are subsets made by `packaging/fonts.sh`, with tabular digits as the default form. What they lack
//! (other scripts in names of machines) comes from the desktop's own fonts.

use std::sync::Arc;

use egui::{Context, FontData, FontDefinitions, FontFamily};

use super::theme::font::{medium, semibold};

const INTER: &str = "Inter";
const INTER_MEDIUM: &str = "Inter Medium";
const INTER_SEMIBOLD: &str = "Inter SemiBold";
const JETBRAINS_MONO: &str = "JetBrains Mono";
const NOTO_SANS_SC: &str = "Noto Sans SC";
const NOTO_SANS_SC_MEDIUM: &str = "Noto Sans SC Medium";

static FACES: [(&str, &[u8]); 6] = [
    (INTER, include_bytes!("../../assets/fonts/Inter-Regular.otf")),
    (
        INTER_MEDIUM,
        include_bytes!("../../assets/fonts/Inter-Medium.otf"),
    ),
    (
        INTER_SEMIBOLD,
        include_bytes!("../../assets/fonts/Inter-SemiBold.otf"),
    ),
    (
        JETBRAINS_MONO,
        include_bytes!("../../assets/fonts/JetBrainsMono-Regular.ttf"),
    ),
    (
        NOTO_SANS_SC,
        include_bytes!("../../assets/fonts/NotoSansSC-Regular.otf"),
    ),
    (
        NOTO_SANS_SC_MEDIUM,
        include_bytes!("../../assets/fonts/NotoSansSC-Medium.otf"),
    ),
];

/// Gives egui our faces. Once, at the start.
pub fn install(context: &Context) {
    context.set_fonts(definitions());
}

/// The families and the faces they fall back to, in order.
pub fn definitions() -> FontDefinitions {
    let chain = |first: &[&str]| -> Vec<String> {
        first
            .iter()
            .chain(&[NOTO_SANS_SC, JETBRAINS_MONO])
            .map(|name| (*name).to_owned())
            .collect()
    };
    FontDefinitions {
        font_data: FACES
            .iter()
            .map(|(name, bytes)| ((*name).to_owned(), Arc::new(FontData::from_static(bytes))))
            .collect(),
        families: [
            (FontFamily::Proportional, chain(&[INTER])),
            (medium(), chain(&[INTER_MEDIUM, INTER, NOTO_SANS_SC_MEDIUM])),
            (semibold(), chain(&[INTER_SEMIBOLD, INTER, NOTO_SANS_SC_MEDIUM])),
            (FontFamily::Monospace, chain(&[JETBRAINS_MONO, INTER])),
        ]
        .into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gui::theme::{self, Theme, font};

    fn with_fonts<R>(look: impl FnOnce(&Context) -> R) -> R {
        let context = Context::default();
        install(&context);
        theme::apply(&context, Theme::Light);
        // Fonts exist from the first pass on.
        let mut output = context.run_ui(egui::RawInput::default(), |_| {});
        output.textures_delta.clear();
        look(&context)
    }

    #[test]
    fn the_faces_hold_every_character_of_our_texts() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/locales");
        let mut texts = String::from("→←↔↑↓…·–—×✓✗≤≥−•");
        for language in ["en", "zh-CN"] {
            for entry in std::fs::read_dir(folder.join(language))
                .into_iter()
                .flatten()
                .flatten()
            {
                texts.push_str(&std::fs::read_to_string(entry.path()).unwrap_or_default());
            }
        }
        let missing: String = with_fonts(|context| {
            let mut wanted: Vec<char> = texts.chars().filter(|c| !c.is_control()).collect();
            wanted.sort_unstable();
            wanted.dedup();
            wanted
                .into_iter()
                .filter(|c| !context.fonts_mut(|fonts| fonts.has_glyph(&font::body(), *c)))
                .collect()
        });
        assert_eq!(missing, "", "run packaging/fonts.sh");
    }

    /// Titles and buttons: a character that only the regular face holds would stand out in them.
    #[test]
    fn the_heavier_face_holds_every_character_of_our_texts() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/locales/zh-CN");
        let texts: String = std::fs::read_dir(folder)
            .expect("a folder")
            .flatten()
            .map(|entry| std::fs::read_to_string(entry.path()).expect("a file"))
            .collect();
        let context = Context::default();
        let mut fonts = definitions();
        let heavier = FontFamily::Name("heavier".into());
        fonts
            .families
            .insert(heavier.clone(), vec![NOTO_SANS_SC_MEDIUM.to_owned()]);
        context.set_fonts(fonts);
        let mut output = context.run_ui(egui::RawInput::default(), |_| {});
        output.textures_delta.clear();
        let face = egui::FontId::new(14.0, heavier);
        let missing: std::collections::BTreeSet<char> = texts
            .chars()
            .filter(|c| ('\u{4e00}'..'\u{a000}').contains(c))
            .filter(|c| !context.fonts_mut(|fonts| fonts.has_glyph(&face, *c)))
            .collect();
        assert!(missing.is_empty(), "run packaging/fonts.sh: {missing:?}");
    }

    /// The desktop's fonts are no part of a bare context: what cannot be drawn here would be a box on a system
    /// without Chinese fonts.
    #[test]
    fn every_text_is_laid_out_without_the_fonts_of_the_system() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/locales");
        let mut texts = Vec::new();
        for language in ["en", "zh-CN"] {
            for entry in std::fs::read_dir(folder.join(language))
                .expect("a folder")
                .flatten()
            {
                let file = std::fs::read_to_string(entry.path()).expect("a file");
                texts.extend(file.lines().map(str::to_owned));
            }
        }
        assert!(texts.len() > 2_000, "{}", texts.len());
        with_fonts(|context| {
            context.set_missing_glyph_policy(egui::MissingGlyphPolicy::Panic);
            let faces = [
                font::title(),
                font::strong(),
                font::body(),
                font::small(),
                font::fact(),
            ];
            for text in &texts {
                for face in &faces {
                    let galley = context.fonts_mut(|fonts| {
                        fonts.layout_no_wrap(text.clone(), face.clone(), egui::Color32::BLACK)
                    });
                    assert!(text.trim().is_empty() || galley.size().x > 0.0, "{text}");
                }
            }
        });
    }

    /// And the test above can fail.
    #[test]
    #[should_panic]
    fn a_text_that_no_face_holds_is_found() {
        with_fonts(|context| {
            context.set_missing_glyph_policy(egui::MissingGlyphPolicy::Panic);
            context.fonts_mut(|fonts| {
                fonts.layout_no_wrap("\u{12000}".to_owned(), font::body(), egui::Color32::BLACK)
            });
        });
    }

    #[test]
    fn digits_are_of_one_width_in_every_family() {
        with_fonts(|context| {
            for id in [font::body(), font::button(), font::title(), font::fact()] {
                let widths: Vec<f32> = ('0'..='9')
                    .map(|digit| context.fonts_mut(|fonts| fonts.glyph_width(&id, digit)))
                    .collect();
                // The face itself is off by up to two units of 2,048.
                assert!(
                    widths.iter().all(|width| (width - widths[0]).abs() < 0.05),
                    "{id:?}: {widths:?}"
                );
            }
        });
    }
}
