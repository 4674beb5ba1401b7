//! Printing: hostile text is made harmless, and a reader that went away is no reason to panic.

use std::io::{self, IsTerminal as _, Write as _};

use serde_json::Value;

/// Prints an answer. Control characters are made visible when a terminal reads it.
pub(super) fn answer(text: &str) {
    let text = if io::stdout().is_terminal() {
        printable(text)
    } else {
        text.to_owned()
    };
    write_out(text.trim_end_matches('\n'));
}

/// Prints one JSON object, indented.
pub(super) fn json(value: &Value) {
    write_out(&serde_json::to_string_pretty(value).unwrap_or_default());
}

fn write_out(text: &str) {
    let mut out = io::stdout().lock();
    // `vmnet-doctor … | head` closes the pipe early: that is the reader's good right.
    if writeln!(out, "{text}").and_then(|()| out.flush()).is_err() {}
}

/// Tells what is wrong, in one line on standard error.
pub(super) fn complain(why: &str) {
    let line: String = printable(why).split_whitespace().collect::<Vec<_>>().join(" ");
    let short: String = line.chars().take(1_000).collect();
    if writeln!(io::stderr().lock(), "vmnet-doctor: {short}").is_err() {}
}

/// Tells what is going on, on standard error, and only where somebody watches.
pub(super) fn progress(what: &str) {
    let mut err = io::stderr().lock();
    if err.is_terminal() && writeln!(err, "{}", printable(what)).is_err() {}
}

/// The text without characters that steer a terminal or turn the direction of a line; each is shown as `·`.
pub fn printable(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\t' => c,
            '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' => '·',
            c if c.is_control() => '·',
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_steers_the_terminal() {
        assert_eq!(printable("a\u{1b}[31mb\u{202e}c\r\nd\u{9b}e"), "a·[31mb·c·\nd·e");
    }
}
