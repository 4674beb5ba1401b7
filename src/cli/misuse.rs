//! What is wrong with the arguments, in one sentence of the reader's language.

use std::error::Error as _;
use std::io;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::locale::Language;
use crate::wizard::file::OpenError;

/// The sentence for an error of clap's.
pub(super) fn sentence(error: &clap::Error, language: Language) -> String {
    let told = |kind: ContextKind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(list)) => list.join(", "),
        _ => String::new(),
    };
    let (arg, value) = (told(ContextKind::InvalidArg), told(ContextKind::InvalidValue));
    let known = told(ContextKind::ValidValue);
    match error.kind() {
        ErrorKind::InvalidValue if value.is_empty() => {
            language.text_with("misuse-no-value", &[("arg", &arg)])
        }
        ErrorKind::InvalidValue => language.text_with(
            "misuse-value",
            &[("arg", &arg), ("value", &value), ("list", &known)],
        ),
        ErrorKind::ValueValidation => {
            let why = error.source().map(ToString::to_string).unwrap_or_default();
            let why = reason(&why, language);
            language.text_with("misuse-unfit", &[("arg", &arg), ("value", &value), ("why", &why)])
        }
        ErrorKind::UnknownArgument => language.text_with("misuse-option", &[("arg", &arg)]),
        ErrorKind::InvalidSubcommand => {
            let verb = told(ContextKind::InvalidSubcommand);
            language.text_with("misuse-verb", &[("verb", &verb)])
        }
        ErrorKind::MissingRequiredArgument => language.text_with("misuse-missing", &[("arg", &arg)]),
        ErrorKind::ArgumentConflict => {
            let other = told(ContextKind::PriorArg);
            language.text_with("misuse-conflict", &[("arg", &arg), ("other", &other)])
        }
        ErrorKind::InvalidUtf8 => language.text("misuse-utf8"),
        _ => plain(error),
    }
}

/// Why a value does not fit: our own parsers name a text, clap's say a range.
fn reason(told: &str, language: Language) -> String {
    if language.has(told) {
        return language.text(told);
    }
    match told.split_once(" is not in ") {
        Some((_, range)) => language.text_with("misuse-range", &[("range", range)]),
        None if told.contains("digit") || told.contains("integer") => language.text("misuse-number"),
        None => told.to_owned(),
    }
}

/// The first paragraphs of clap's own text, which tell what is wrong and what would be right.
fn plain(error: &clap::Error) -> String {
    let text = error.render().to_string();
    let lines = text.lines().map(str::trim);
    let told: Vec<&str> = lines
        .take_while(|line| !line.starts_with("Usage:") && !line.starts_with("For more information"))
        .filter(|line| !line.is_empty() && !line.starts_with("tip:"))
        .collect();
    let line = told.join(" ");
    line.strip_prefix("error: ").unwrap_or(&line).to_owned()
}

/// Why a file cannot be read or written, in words.
pub(super) fn in_words(error: &io::Error, language: Language) -> String {
    let key = match error.kind() {
        io::ErrorKind::NotFound => "file-not-found",
        io::ErrorKind::PermissionDenied => "file-not-allowed",
        io::ErrorKind::IsADirectory => "file-is-a-folder",
        io::ErrorKind::StorageFull => "file-no-room",
        _ => return error.to_string(),
    };
    language.text(key)
}

/// Why a case cannot be opened: the sentence that the window shows, and what is known beyond it.
pub(super) fn not_opened(error: OpenError, language: Language) -> String {
    let detail = match &error {
        OpenError::Read { source, .. } => in_words(source, language),
        OpenError::Case { source, .. } => source.to_string(),
    };
    let (OpenError::Read { path, .. } | OpenError::Case { path, .. }) = &error;
    let name = path.display().to_string();
    let sentence = language.say(&crate::wizard::not_opened(&name, error).text);
    format!("{sentence} ({detail})")
}
