//! The table of formats: how each is told apart by its command and by its shape, and who reads it.
//!
//! A new format is one row in the table of its folder.

use super::command::Call;
use crate::model::{Case, Os, Place};

/// Reads one output into the case: its text, the case, the machine it was taken on, and the command as it was
/// typed (empty when only the text is known). Never fails: what it does not understand it leaves out.
pub type Read = fn(text: &str, case: &mut Case, on: Place, command: &str);

/// One format of output.
#[derive(Clone, Copy)]
pub struct Format {
    /// What it is, for the list of what could not be read: `routing table`.
    pub name: &'static str,
    /// Whether a command prints this format.
    pub command: fn(&Call) -> bool,
    /// Reads it.
    pub read: Read,
    /// Whether a line can stand in this output and hardly in any other. Lines that no format claims go to
    /// the output that they stand in.
    pub line: fn(&str) -> bool,
    /// Keys that a JSON value of this format holds, all of them; empty when it is never JSON.
    pub json: &'static [&'static [&'static str]],
    /// Names that a list of `Name : value` of PowerShell holds, all of them, beside those of `json`.
    pub list: &'static [&'static [&'static str]],
    /// The operating system that prints it, when only one does.
    pub os: Option<Os>,
    /// Whether it prints exactly one line.
    pub one_line: bool,
    /// Whether its lines are too plain to be recognized where no command names the format.
    pub plain: bool,
    /// Whether printing nothing means "there is none" (an empty routing table) and is handed to `read`.
    pub silence_speaks: bool,
    /// Whether errors such as "permission denied" are evidence of their own and are handed to `read`.
    pub hears_errors: bool,
    /// Whether a text is all that the command printed, as far as its shape shows.
    pub whole: fn(&str) -> bool,
    /// Whether a line begins a row; one that does not was broken off the line before.
    pub row: Option<fn(&str) -> bool>,
}

impl Format {
    /// A row that is recognized by its command alone.
    pub const fn new(name: &'static str, command: fn(&Call) -> bool, read: Read) -> Self {
        Self {
            name,
            command,
            read,
            line: no_line,
            json: &[],
            list: &[],
            os: None,
            one_line: false,
            plain: false,
            silence_speaks: false,
            hears_errors: false,
            whole: |_| true,
            row: None,
        }
    }

    /// Recognized by these lines too.
    #[must_use]
    pub const fn line(mut self, line: fn(&str) -> bool) -> Self {
        self.line = line;
        self
    }

    /// Recognized by a JSON value that holds all keys of one of these sets.
    #[must_use]
    pub const fn json(mut self, keys: &'static [&'static [&'static str]]) -> Self {
        self.json = keys;
        self
    }

    /// Recognized by a list that holds all names of one of these sets.
    #[must_use]
    pub const fn list(mut self, names: &'static [&'static [&'static str]]) -> Self {
        self.list = names;
        self
    }

    /// Printed by this system only.
    #[must_use]
    pub const fn os(mut self, os: Os) -> Self {
        self.os = Some(os);
        self
    }

    /// Prints exactly one line.
    #[must_use]
    pub const fn one_line(mut self) -> Self {
        self.one_line = true;
        self
    }

    /// Its lines are told apart only among the outputs of commands that are named.
    #[must_use]
    pub const fn plain(mut self) -> Self {
        self.plain = true;
        self
    }

    /// Printing nothing is an answer.
    #[must_use]
    pub const fn silence_speaks(mut self) -> Self {
        self.silence_speaks = true;
        self
    }

    /// Error texts are an answer.
    #[must_use]
    pub const fn hears_errors(mut self) -> Self {
        self.hears_errors = true;
        self
    }

    /// Told to be cut by this.
    #[must_use]
    pub const fn whole(mut self, whole: fn(&str) -> bool) -> Self {
        self.whole = whole;
        self
    }

    /// Broken lines are joined again by this.
    #[must_use]
    pub const fn rows(mut self, row: fn(&str) -> bool) -> Self {
        self.row = Some(row);
        self
    }

    /// Whether it can be told by its shape.
    pub fn has_shape(&self) -> bool {
        self.line as usize != no_line as fn(&str) -> bool as usize
            || !self.json.is_empty()
            || !self.list.is_empty()
    }
}

fn no_line(_: &str) -> bool {
    false
}

/// Every format, the stricter shapes before the looser ones.
pub static FORMATS: &[&[Format]] = &[
    super::probes::FORMATS,
    super::linux::FORMATS,
    super::windows::FORMATS,
    super::macos::FORMATS,
    super::hypervisor::FORMATS,
    super::filter::FORMATS,
    super::unix::FORMATS,
    &[Format::new("nothing", prints_no_evidence, |_, _, _, _| {})],
];

/// All rows in their order.
pub fn all() -> impl Iterator<Item = &'static Format> {
    FORMATS.iter().flat_map(|rows| rows.iter())
}

/// The format that this command prints.
pub fn of_command(call: &Call) -> Option<&'static Format> {
    all().find(|format| (format.command)(call))
}

/// Commands whose output says nothing about the network.
fn prints_no_evidence(call: &Call) -> bool {
    const WORDS: [&str; 16] = [
        "echo",
        "clear",
        "cls",
        "cd",
        "export",
        "set",
        "chcp",
        "sleep",
        "whoami",
        "date",
        "true",
        "exit",
        "printf",
        "write-host",
        "write-output",
        "id",
    ];
    call.is(&WORDS)
}
