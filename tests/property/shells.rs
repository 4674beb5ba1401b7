//! How PowerShell and the command prompt read a line, after their documentation: small readers to hold our quoting
//! against where the shells themselves are not at hand.
//!
//! PowerShell: `about_Parsing`, `about_Quoting_Rules`, and `CharTraits` of its tokenizer for the typographic quotes.
//! The prompt: "How does the Windows Command Interpreter parse scripts" (percent phase on a typed line, then carets,
//! quotes and operators), then the C run time: "Parsing C command-line arguments".

/// One argument of a PowerShell command, as text; an error says what PowerShell would take for something else.
pub fn powershell_argument(line: &str) -> Result<String, String> {
    let chars: Vec<char> = line.chars().collect();
    match chars.first() {
        None => Err("no argument".to_owned()),
        Some('(') => {
            let inner = line
                .strip_prefix('(')
                .and_then(|rest| rest.strip_suffix(')'))
                .ok_or("no closing parenthesis")?;
            powershell_sum(inner)
        }
        Some(c) if is_single_quote(*c) => {
            let (text, rest) = powershell_literal(&chars)?;
            if rest.is_empty() {
                Ok(text)
            } else {
                Err(format!("{rest:?} follows the literal"))
            }
        }
        Some(first) => {
            let dash = ['-', '\u{2013}', '\u{2014}', '\u{2015}'].contains(first);
            let special = "'\"`$@(){};,|&<>#\u{2018}\u{2019}\u{201a}\u{201b}\u{201c}\u{201d}\u{201e}";
            // `@` and `#` are special at the start of a word only; the rest anywhere.
            let found = chars.iter().enumerate().find(|(at, c)| {
                c.is_whitespace()
                    || c.is_control()
                    || (special.contains(**c) && (*at == 0 || !['@', '#'].contains(c)))
            });
            match found {
                Some((_, c)) => Err(format!("{c:?} in a bare word")),
                None if dash => Err("a parameter name".to_owned()),
                None => Ok(line.to_owned()),
            }
        }
    }
}

/// `'…'+[char]10+[char]::ConvertFromUtf32(917505)`; the first must be text, for numbers would be added.
fn powershell_sum(text: &str) -> Result<String, String> {
    let mut rest: Vec<char> = text.chars().collect();
    let mut sum = String::new();
    let mut first = true;
    loop {
        if rest.first().is_some_and(|c| is_single_quote(*c)) {
            let (literal, after) = powershell_literal(&rest)?;
            sum.push_str(&literal);
            rest = after;
        } else if first {
            return Err("a sum that does not begin with text".to_owned());
        } else {
            let after: String = rest.iter().collect();
            let (wide, digits) = match (
                after.strip_prefix("[char]::ConvertFromUtf32("),
                after.strip_prefix("[char]"),
            ) {
                (Some(digits), _) => (true, digits),
                (None, Some(digits)) => (false, digits),
                (None, None) => return Err(format!("not understood: {after}")),
            };
            let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
            let number: u32 = digits[..end].parse().map_err(|_| "no number")?;
            if !wide && number > 0xffff {
                return Err(format!("[char]{number} does not fit"));
            }
            sum.push(char::from_u32(number).ok_or("no character")?);
            let after = &digits[end..];
            let after = if wide {
                after.strip_prefix(')').ok_or("the call is not closed")?
            } else {
                after
            };
            rest = after.chars().collect();
        }
        first = false;
        match rest.first() {
            None => return Ok(sum),
            Some('+') => drop(rest.remove(0)),
            Some(c) => return Err(format!("{c:?} after a term")),
        }
    }
}

/// A literal in single quotes and what follows it: any two single quotes stand for the second of them.
fn powershell_literal(chars: &[char]) -> Result<(String, Vec<char>), String> {
    let mut text = String::new();
    let mut at = 1;
    while let Some(c) = chars.get(at) {
        at += 1;
        if is_single_quote(*c) {
            match chars.get(at) {
                Some(next) if is_single_quote(*next) => {
                    text.push(*next);
                    at += 1;
                }
                _ => return Ok((text, chars[at..].to_vec())),
            }
        } else {
            text.push(*c);
        }
    }
    Err("the literal is not closed".to_owned())
}

fn is_single_quote(c: char) -> bool {
    matches!(c, '\'' | '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}')
}

/// The arguments that a program gets from a line typed at the prompt; an error says what the prompt itself would do.
pub fn prompt(line: &str) -> Result<Vec<String>, String> {
    let line = expanded(line);
    let mut handed_on = String::new();
    let mut quoted = false;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match c {
            '\n' | '\r' => return Err("the line ends early".to_owned()),
            '"' => {
                quoted = !quoted;
                handed_on.push(c);
            }
            '^' if !quoted => handed_on.extend(chars.next()),
            '&' | '|' | '<' | '>' | '(' | ')' if !quoted => return Err(format!("{c:?} is the prompt's own")),
            c => handed_on.push(c),
        }
    }
    if quoted {
        Err("a quote is left open".to_owned())
    } else {
        Ok(run_time(&handed_on))
    }
}

/// The percent phase of a typed line: names of variables that are set are replaced, everything else stays.
fn expanded(line: &str) -> String {
    let variables = |name: &str| {
        let name = name.split(':').next().unwrap_or_default();
        ["PATH", "x", "s", "id", "HOME"]
            .iter()
            .any(|set| set.eq_ignore_ascii_case(name))
    };
    let mut out = String::new();
    let mut rest = line;
    while let Some(start) = rest.find('%') {
        let (before, after) = rest.split_at(start);
        out.push_str(before);
        let name = after[1..].split('%').next().unwrap_or_default();
        if after[1..].len() > name.len() && variables(name) {
            out.push_str("EXPANDED & worse");
            rest = &after[name.len() + 2..];
        } else {
            out.push('%');
            rest = &after[1..];
        }
    }
    out + rest
}

/// Arguments after the rules of the C run time.
fn run_time(line: &str) -> Vec<String> {
    let chars: Vec<char> = line.chars().collect();
    let mut arguments = Vec::new();
    let mut at = 0;
    loop {
        while matches!(chars.get(at), Some(' ' | '\t')) {
            at += 1;
        }
        if at >= chars.len() {
            return arguments;
        }
        let mut argument = String::new();
        let mut quoted = false;
        while let Some(c) = chars.get(at) {
            match c {
                ' ' | '\t' if !quoted => break,
                '\\' => {
                    let slashes = chars[at..].iter().take_while(|c| **c == '\\').count();
                    at += slashes;
                    if chars.get(at) == Some(&'"') {
                        argument.push_str(&"\\".repeat(slashes / 2));
                        if slashes % 2 == 1 {
                            argument.push('"');
                            at += 1;
                        }
                    } else {
                        argument.push_str(&"\\".repeat(slashes));
                    }
                    continue;
                }
                // Newer run times read two quotes within quotes as one; older ones and `CommandLineToArgvW` do not
                // agree on what follows. We must not depend on either.
                '"' if quoted && chars.get(at + 1) == Some(&'"') => argument.push_str("<two quotes>"),
                '"' => quoted = !quoted,
                c => argument.push(*c),
            }
            at += 1;
        }
        arguments.push(argument);
    }
}

#[test]
fn the_readers_see_what_bad_quoting_does() {
    assert!(prompt("tool \"a\\\"&calc\"").is_err());
    assert!(prompt("tool a%PATH%b").is_err());
    assert_eq!(
        prompt("tool \"a b\" c^&d").as_deref(),
        Ok(&["tool", "a b", "c&d"].map(str::to_owned)[..])
    );
    assert!(powershell_argument("'it's'").is_err());
    assert!(powershell_argument("a,b").is_err() && powershell_argument("-Force").is_err());
    assert!(powershell_argument("([char]65+[char]66)").is_err());
    assert_eq!(powershell_argument("'it''s'").as_deref(), Ok("it's"));
}
