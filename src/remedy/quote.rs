//! Quoting for shells. Names of machines and adapters come from outside and are hostile.

use super::Shell;

/// One argument of a command line, quoted so that `shell` hands the program exactly these bytes.
///
/// Control characters cannot stand in a line that is copied (a newline would run the first half), so they are
/// written as escapes in POSIX shells and PowerShell and replaced by `?` in the command prompt, which has none.
pub fn argument(shell: Shell, text: &str) -> String {
    match shell {
        Shell::Sh => posix(text),
        Shell::Powershell => powershell(text),
        Shell::Cmd => cmd(text),
    }
}

fn is_plain(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with('~')
        && text.chars().all(|c| {
            c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ':' | '/' | ',' | '=' | '+' | '@')
        })
}

/// For POSIX shells: plain words as they are, others in single quotes. A word with control or
/// direction-changing characters becomes `"$(printf '…')"` with octal escapes, which every POSIX shell reads
/// (`$'…'` is not everywhere); newlines at its end, which substitution would eat, follow in quotes of their own.
fn posix(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let needs_escape = |c: char| c.is_control() || is_direction(c);
    if !text.chars().any(needs_escape) {
        return format!("'{}'", text.replace('\'', r"'\''"));
    }
    let body = text.trim_end_matches('\n');
    let newlines = &text[body.len()..];
    let mut escaped = String::new();
    for c in body.chars() {
        match c {
            '\0' => {} // No argument of a program can hold it.
            '\\' => escaped.push_str(r"\\"),
            '%' => escaped.push_str("%%"),
            '\'' => escaped.push_str(r"\047"),
            c if needs_escape(c) => {
                let mut buffer = [0; 4];
                for byte in c.encode_utf8(&mut buffer).bytes() {
                    escaped.push_str(&format!("\\{byte:03o}"));
                }
            }
            c => escaped.push(c),
        }
    }
    let mut quoted = format!("\"$(printf -- '{escaped}')\"");
    if !newlines.is_empty() {
        quoted.push_str(&format!("'{newlines}'"));
    }
    quoted
}

/// For PowerShell: single quotes, a single quote doubled (the typographic ones too: PowerShell takes them for
/// quotes); control characters by `[char]`.
fn powershell(text: &str) -> String {
    if is_plain(text) && !text.starts_with(['-', '@', ',']) && !text.contains(',') {
        return text.to_owned();
    }
    if text.chars().any(|c| c.is_control() || is_direction(c)) {
        let mut parts = Vec::new();
        let mut run = String::new();
        for c in text.chars() {
            if c.is_control() || is_direction(c) {
                if !run.is_empty() {
                    parts.push(powershell_literal(&run));
                    run.clear();
                }
                parts.push(format!("[char]{}", u32::from(c)));
            } else {
                run.push(c);
            }
        }
        if !run.is_empty() {
            parts.push(powershell_literal(&run));
        }
        return format!("(''+{})", parts.join("+"));
    }
    powershell_literal(text)
}

fn powershell_literal(text: &str) -> String {
    let mut quoted = String::from("'");
    for c in text.chars() {
        quoted.push(c);
        if matches!(c, '\'' | '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}') {
            quoted.push(c);
        }
    }
    quoted.push('\'');
    quoted
}

/// For the command prompt: double quotes after the rules of the C run time (backslashes before a quote doubled,
/// the quote escaped). `%` cannot be escaped inside quotes on a typed line, so the quotes are closed around it
/// and it is written `^%`.
fn cmd(text: &str) -> String {
    if is_plain(text) && !text.contains(['=', ',']) {
        return text.to_owned();
    }
    let mut quoted = String::from("\"");
    let mut backslashes = 0;
    for c in text.chars() {
        match c {
            '\\' => {
                backslashes += 1;
                quoted.push('\\');
            }
            '"' => {
                quoted.push_str(&"\\".repeat(backslashes + 1));
                // The prompt itself counts quotes: an escaped one is written outside of its quotes.
                quoted.push('"');
                backslashes = 0;
            }
            '%' => {
                quoted.push_str(&"\\".repeat(backslashes));
                quoted.push_str("\"^%\"");
                backslashes = 0;
            }
            c if c.is_control() || is_direction(c) => {
                quoted.push('?');
                backslashes = 0;
            }
            c => {
                quoted.push(c);
                backslashes = 0;
            }
        }
    }
    quoted.push_str(&"\\".repeat(backslashes));
    quoted.push('"');
    quoted
}

/// Whether a character changes the direction or order in which a line is shown, so that what is copied would
/// not be what is seen.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// A command line of arguments, each quoted for `shell`.
pub fn line<'a>(shell: Shell, arguments: impl IntoIterator<Item = &'a str>) -> String {
    let words: Vec<String> = arguments
        .into_iter()
        .map(|argument_text| argument(shell, argument_text))
        .collect();
    words.join(" ")
}
