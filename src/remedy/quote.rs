//! Quoting for shells. Names of machines and adapters come from outside and are hostile.

use super::Shell;

/// One argument of a command line, quoted so that `shell` hands the program exactly these bytes.
///
/// A line that is copied must be what is seen, and must not end in its middle: control characters and characters
/// that are invisible or change the direction of the text are written as escapes in POSIX shells and PowerShell,
/// and replaced by `?` in the command prompt, which has none. A NUL is left out, for no argument can hold one.
/// Windows PowerShell (5.1) itself drops double quotes when it hands an argument on to a program that is no
/// cmdlet; no quoting that suits both can prevent it.
pub fn argument(shell: Shell, text: &str) -> String {
    let text: String = text.chars().filter(|c| *c != '\0').collect();
    match shell {
        Shell::Sh => posix(&text),
        Shell::Powershell => powershell(&text),
        Shell::Cmd => cmd(&text),
    }
}

/// The name of an adapter for a file or a language with quoting of its own (pf, dhclient): what could end a word there is
/// left out.
pub fn bare(adapter: &str) -> String {
    let fits = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_');
    adapter.chars().filter(fits).collect()
}

fn is_plain(text: &str) -> bool {
    // zsh puts the path of a program in the place of a word that starts with `=`.
    !text.is_empty()
        && !text.starts_with('=')
        && text.chars().all(|c| {
            c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ':' | '/' | ',' | '=' | '+' | '@')
        })
}

/// For POSIX shells: plain words as they are, others in single quotes. A word with characters to be escaped
/// becomes `"$(printf -- '…')"` with octal escapes, which every POSIX shell reads (`$'…'` is not everywhere);
/// newlines at its end, which substitution would eat, follow in quotes of their own: the one place where a
/// quoted word holds a raw newline.
fn posix(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    if !text.chars().any(needs_escape) {
        return format!("'{}'", text.replace('\'', r"'\''"));
    }
    let body = text.trim_end_matches('\n');
    let newlines = &text[body.len()..];
    let mut quoted = String::new();
    if !body.is_empty() {
        quoted.push_str("\"$(printf -- '");
        for c in body.chars() {
            match c {
                '%' => quoted.push_str("%%"),
                // Within the outer double quotes an interactive shell looks for `!` even here, and the others
                // are kept from any shell that counts quotes in its own way.
                c if needs_escape(c) || matches!(c, '\\' | '\'' | '"' | '`' | '$' | '!') => {
                    let mut buffer = [0; 4];
                    for byte in c.encode_utf8(&mut buffer).bytes() {
                        quoted.push_str(&format!("\\{byte:03o}"));
                    }
                }
                c => quoted.push(c),
            }
        }
        quoted.push_str("')\"");
    }
    if !newlines.is_empty() {
        quoted.push_str(&format!("'{newlines}'"));
    }
    quoted
}

/// For PowerShell: single quotes, a single quote doubled (the typographic ones too: PowerShell takes them for
/// quotes); what has to be escaped by its number.
fn powershell(text: &str) -> String {
    if is_plain(text) && !text.starts_with(['-', '@', ',']) && !text.contains(',') {
        return text.to_owned();
    }
    if !text.chars().any(needs_escape) {
        return powershell_literal(text);
    }
    let mut parts = vec!["''".to_owned()];
    let mut run = String::new();
    for c in text.chars() {
        if !needs_escape(c) {
            run.push(c);
            continue;
        }
        if !run.is_empty() {
            parts.push(powershell_literal(&std::mem::take(&mut run)));
        }
        let number = u32::from(c);
        // A `[char]` is one UTF-16 unit.
        parts.push(if number <= 0xffff {
            format!("[char]{number}")
        } else {
            format!("[char]::ConvertFromUtf32({number})")
        });
    }
    if !run.is_empty() {
        parts.push(powershell_literal(&run));
    }
    format!("({})", parts.join("+"))
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

/// For the command prompt: double quotes after the rules of the C run time (backslashes before a quote doubled).
///
/// The prompt counts double quotes without regard to backslashes, so that after `\"` it would take the rest of the
/// word for its own commands. A quote is therefore written outside of the quotes, kept from the prompt by `^` and
/// from the run time by a backslash. `%` cannot be escaped inside quotes on a typed line and is written outside of
/// them too.
fn cmd(text: &str) -> String {
    if is_plain(text) && !text.contains(['=', ',']) {
        return text.to_owned();
    }
    let mut quoted = String::from("\"");
    let mut backslashes = 0;
    for c in text.chars() {
        if c == '\\' {
            backslashes += 1;
            quoted.push('\\');
            continue;
        }
        if matches!(c, '"' | '%') {
            quoted.push_str(&"\\".repeat(backslashes));
        }
        backslashes = 0;
        match c {
            '"' => quoted.push_str("\"\\^\"\""),
            '%' => quoted.push_str("\"^%\""),
            c if needs_escape(c) => quoted.push('?'),
            c => quoted.push(c),
        }
    }
    quoted.push_str(&"\\".repeat(backslashes));
    quoted.push('"');
    quoted
}

fn needs_escape(c: char) -> bool {
    c.is_control() || is_unseen(c)
}

/// Whether a character is invisible or changes the direction or order in which a line is shown, so that what is
/// copied would not be what is seen: Unicode's `Bidi_Control`, line and paragraph separators, and the format
/// characters and tags that leave no mark.
fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// A command line of arguments, each quoted for `shell`.
pub fn line<'a>(shell: Shell, arguments: impl IntoIterator<Item = &'a str>) -> String {
    let words: Vec<String> = arguments
        .into_iter()
        .map(|argument_text| argument(shell, argument_text))
        .collect();
    words.join(" ")
}
