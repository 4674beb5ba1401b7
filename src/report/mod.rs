//! Case and diagnosis into one self-contained file, for people or for another machine's copy of this program.

mod html;
mod markdown;
mod picture;
mod redact;
mod view;
pub mod words;

use std::borrow::Cow;

use serde_json::json;

pub use redact::{Hidden, HiddenKind, hidden, redact};

use crate::locale::Language;
use crate::model::{Case, SCHEMA};
use crate::{diagnose, parse};

/// The forms of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// One page for a browser, without anything from outside.
    Html,
    /// Text for an issue or a chat.
    Markdown,
    /// The case with its diagnosis; opens again.
    Json,
}

impl Format {
    /// Every form, in the order of the menu.
    pub const ALL: [Self; 3] = [Self::Html, Self::Markdown, Self::Json];

    /// The end of file names.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Markdown => "md",
            Self::Json => "json",
        }
    }

    /// The form that a file name asks for.
    pub fn from_path(path: &std::path::Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        match extension.as_str() {
            "html" | "htm" => Some(Self::Html),
            "md" | "markdown" => Some(Self::Markdown),
            "json" => Some(Self::Json),
            _ => None,
        }
    }
}

/// The case as it may be shown: with `hide` its redacted copy.
fn shown(case: &Case, hide: bool) -> Cow<'_, Case> {
    if hide {
        Cow::Owned(redact(case))
    } else {
        Cow::Borrowed(case)
    }
}

/// The segment diagram of a case as an SVG file of its own, as a report draws it but as wide as its machines need. With
/// `diagnosed` the path and its break are on it; with `hide` names and addresses are replaced before ([`redact`]).
pub fn diagram(case: &Case, diagnosed: bool, language: Language, hide: bool) -> String {
    let case = shown(case, hide);
    let facts = parse::resolve(&case);
    let diagnosis = diagnosed.then(|| diagnose::diagnose(&facts));
    picture::alone(&facts, diagnosis.as_ref(), language)
}

/// The report of a case, diagnosed anew. With `hide`, names, hardware addresses and public addresses are replaced
/// before anything is written ([`redact`]).
pub fn write(case: &Case, format: Format, language: Language, hide: bool) -> String {
    let case = shown(case, hide);
    let facts = parse::resolve(&case);
    let diagnosis = diagnose::diagnose(&facts);
    match format {
        Format::Html => html::html(&facts, &diagnosis, language, hide),
        Format::Markdown => markdown::markdown(&facts, &diagnosis, language, hide),
        Format::Json => {
            let value = json!({
                "schema": SCHEMA,
                "kind": "report",
                "redacted": hide,
                "case": case,
                "diagnosis": words::diagnosis(&diagnosis, language),
            });
            serde_json::to_string_pretty(&value).unwrap_or_default()
        }
    }
}
