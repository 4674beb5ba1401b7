//! Case and diagnosis into one self-contained file.

use crate::locale::Language;
use crate::model::Case;

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

/// stub
pub fn write(case: &Case, format: Format, language: Language, redact: bool) -> String {
    let _ = (case, format, language, redact);
    String::new()
}
