//! The page for a browser: one file, no script, nothing from outside.

use std::collections::BTreeMap;

use minijinja::{Environment, context};

use super::picture;
use super::view::view;
use crate::diagnose::Diagnosis;
use crate::locale::Language;
use crate::model::Case;

/// The page. Everything that is put into it is escaped, except the pictures, which escape for themselves.
const TEMPLATE: &str = include_str!("../../assets/report.html");

/// Words of the page, by their name in the template.
const WORDS: [&str; 25] = [
    "hidden",
    "title",
    "causes",
    "why",
    "what-to-do",
    "admin",
    "effect",
    "undo",
    "verify",
    "path",
    "station",
    "there-and-back",
    "state",
    "evidence",
    "latency",
    "notes",
    "unread",
    "how",
    "next",
    "raw",
    "raw-cut",
    "made-by",
    "picture",
    "taken-at",
    "fact",
];

pub(super) fn html(facts: &Case, diagnosis: &Diagnosis, language: Language, hidden: bool) -> String {
    let mut view = view(facts, diagnosis, language);
    for plot in &mut view.plots {
        plot.svg = picture::latency(&plot.times, &plot.title);
    }
    let words: BTreeMap<String, String> = WORDS
        .iter()
        .map(|name| (name.replace('-', "_"), language.text(&format!("report-{name}"))))
        .collect();
    let (light, dark) = picture::segments(facts, diagnosis, language);
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::Html);
    let page = environment.render_str(
        TEMPLATE,
        context! { lang => language.name(), t => words, hidden => hidden, light => light, dark => dark, ..minijinja::value::Serde(&view) },
    );
    // The template is part of the program; a test renders it.
    page.unwrap_or_else(|error| {
        format!(
            "<!doctype html><title>VM Net Doctor</title><pre>{}</pre>",
            escape(&error)
        )
    })
}

fn escape(error: &minijinja::Error) -> String {
    error.to_string().replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagram::palette::{DARK, Palette};

    /// The times of a plot: a line, a loss, and a reply that stands alone.
    const TIMES: [Option<u64>; 5] = [Some(300), Some(500), None, Some(400), None];

    #[test]
    fn plots_wear_the_colors_of_the_dark_theme() {
        let plot = picture::latency(&TIMES, "192.168.122.10");
        let (_, dark) = TEMPLATE.split_once("(prefers-color-scheme: dark)").expect("dark");
        let (dark, _) = dark.split_once("@media").expect("an end");
        let Palette {
            sunken, lan, broken, ..
        } = DARK;
        for (class, property, variable, color) in [
            ("plot-ground", "fill", "sunken", sunken),
            ("plot-line", "stroke", "accent", lan),
            ("plot-dot", "fill", "accent", lan),
            ("plot-loss", "stroke", "broken", broken),
        ] {
            assert!(plot.contains(&format!("class=\"{class}\"")), "{class}: {plot}");
            let rule = format!(".{class} {{ {property}: var(--{variable}) }}");
            assert!(dark.contains(&rule), "{rule}");
            assert!(
                dark.contains(&format!("--{variable}:{};", color.css())),
                "{variable}"
            );
        }
        assert_eq!(plot.matches("class=").count(), 5, "{plot}");
    }
}
