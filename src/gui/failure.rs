//! What went wrong before there was a window to show it in: a program that was double-clicked has no terminal.

use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;

use crate::wizard::Settings;

/// Most bytes that the file of failures grows to before it begins anew.
const LONGEST: u64 = 256 * 1024;

/// Tells why there is no window: on standard error, and to who cannot see that in a file and, where the system has
/// one of its own, in a message box.
pub(super) fn tell(text: &str) {
    // Standard error may be closed.
    writeln!(std::io::stderr(), "{text}").ok();
    if std::io::stderr().is_terminal() {
        return;
    }
    write_down(text);
    if is_unseen() {
        message_box(text);
    }
}

/// Has panics written down as well: those of a window leave no other trace.
pub(super) fn keep_panics() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        write_down(&panic.to_string());
        usual(panic);
    }));
}

/// `start-failure.log` beside the settings.
fn file() -> Option<PathBuf> {
    Settings::path().map(|path| path.with_file_name("start-failure.log"))
}

fn write_down(text: &str) {
    let Some(path) = file() else { return };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).ok();
    }
    let grown = path.metadata().is_ok_and(|about| about.len() > LONGEST);
    let mut options = std::fs::OpenOptions::new();
    options.create(true).write(true).append(!grown).truncate(grown);
    // Nothing more can be done when even that fails.
    if let Ok(mut log) = options.open(path) {
        writeln!(log, "{} {text}", jiff::Timestamp::now()).ok();
    }
}

/// Whether nobody reads standard error: a window program of Windows has none, and Finder throws it away.
#[cfg(windows)]
fn is_unseen() -> bool {
    use std::os::windows::io::AsRawHandle as _;
    std::io::stderr().as_raw_handle().is_null()
}

/// Whether nobody reads standard error: a window program of Windows has none, and Finder throws it away.
#[cfg(not(windows))]
fn is_unseen() -> bool {
    cfg!(target_os = "macos") && std::env::var_os("TERM").is_none()
}

#[cfg(any(windows, target_os = "macos"))]
fn message_box(text: &str) {
    rfd::MessageDialog::new()
        .set_level(rfd::MessageLevel::Error)
        .set_title(super::app::TITLE)
        .set_description(text)
        .show();
}

/// Linux has none without a desktop's help, which may be what is missing.
#[cfg(not(any(windows, target_os = "macos")))]
fn message_box(_text: &str) {}
