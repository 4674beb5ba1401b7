//! `open`, and no verb at all: the window.

use std::path::PathBuf;
use std::process::ExitCode;

use super::Refusal;
use super::arguments::OpenOptions;
#[cfg(feature = "window")]
use crate::gui::run::has_display;
use crate::locale::Language;
use crate::wizard::example::Example;

/// What the window opens on.
#[derive(Debug)]
pub(super) enum Opening {
    /// This machine.
    ThisMachine,
    /// A file, which was found to hold a case where no window could say otherwise.
    File(PathBuf),
    /// A shipped example.
    Example(Example),
}

/// What is to be opened. A file that is no case is told in the window, in front of the person who opened it by a
/// double click; where there is no window, it is the caller's mistake.
pub(super) fn opening(options: OpenOptions, language: Language) -> Result<Opening, Refusal> {
    if let Some(example) = options.example.as_deref().and_then(|name| name.parse().ok()) {
        return Ok(Opening::Example(example));
    }
    let Some(path) = options.file else {
        return Err(language.text("cli-nothing-to-open").into());
    };
    if !has_display() {
        super::opened(&path, language)?;
    }
    Ok(Opening::File(path))
}

/// No window can tell what is wrong with a file.
#[cfg(not(feature = "window"))]
fn has_display() -> bool {
    false
}

/// Opens the window, and ends with it.
#[cfg(feature = "window")]
pub(super) fn window(opening: Opening, renderer: String, language: Option<Language>) -> ExitCode {
    use crate::gui::run;
    run::run(run::Start {
        renderer: renderer.parse().ok(),
        language,
        opening: match opening {
            Opening::ThisMachine => run::Opening::ThisMachine,
            Opening::File(path) => run::Opening::File(path),
            Opening::Example(example) => run::Opening::Example(example),
        },
    })
}

/// This build has no window.
#[cfg(not(feature = "window"))]
pub(super) fn window(opening: Opening, renderer: String, language: Option<Language>) -> ExitCode {
    let _ = (opening, renderer);
    let language = language.unwrap_or_else(Language::of_system);
    super::output::complain(&language.text("cli-no-window"));
    ExitCode::from(super::USAGE)
}
