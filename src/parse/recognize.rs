//! Recognizes what a text is: by the command that printed it, by shell prompts in it, or by its own shape.

use super::command::{self, Call};
use super::formats::{self, Format};

/// Largest text that is looked at, in bytes; the rest is dropped.
pub const MAX_TEXT: usize = 4 * 1024 * 1024;
/// Most outputs that one text is cut into.
const MAX_SECTIONS: usize = 2000;

/// A part of a text that one command printed.
pub struct Section {
    /// What it is; `None` when nothing fits.
    pub format: Option<&'static Format>,
    /// The command as it was typed; empty when only the text is known.
    pub command: String,
    /// What it printed.
    pub text: String,
    /// Whether the command stood there on its own, so that printing nothing is its answer.
    pub alone: bool,
    /// What shows that nothing more was printed.
    pub end: End,
}

/// What stands behind an output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum End {
    /// A prompt or the next output: it is over.
    Followed,
    /// Nothing, but its last line is a whole one.
    #[default]
    Line,
    /// Nothing, in the middle of a line.
    Open,
}

/// Cuts a text into the outputs in it.
pub fn sections(command: &str, text: &str) -> Vec<Section> {
    let text = cleaned(text);
    let mut found = Vec::new();
    for block in blocks(command, &text) {
        if found.len() >= MAX_SECTIONS {
            break;
        }
        sections_of_block(&block, &mut found);
    }
    let prompt = text
        .lines()
        .next_back()
        .is_some_and(|line| prompted(line).is_some());
    let last = match (prompt, text.ends_with('\n')) {
        (true, _) => End::Followed,
        (false, true) => End::Line,
        (false, false) => End::Open,
    };
    let count = found.len();
    for (at, section) in found.iter_mut().enumerate() {
        section.end = if at + 1 == count { last } else { End::Followed };
    }
    found
}

/// The text within bounds, with line feeds only and without escape sequences and other control characters.
fn cleaned(text: &str) -> String {
    let mut end = text.len().min(MAX_TEXT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text = text.get(..end).unwrap_or_default();
    let mut clean = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\u{1b}' => skip_escape(&mut chars),
            '\r' => {
                if chars.peek() != Some(&'\n') {
                    clean.push('\n');
                }
            }
            '\u{a0}' | '\u{3000}' => clean.push(' '),
            '\n' | '\t' => clean.push(c),
            '\u{feff}' | '\u{200b}' | '\u{200e}' | '\u{200f}' => {}
            c if c.is_control() => {}
            c => clean.push(c),
        }
    }
    clean
}

/// Skips the rest of a terminal's escape sequence: `[` … letter, or `]` … bell.
fn skip_escape(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    match chars.next() {
        Some('[') => {
            for c in chars.by_ref().take(32) {
                if ('@'..='~').contains(&c) {
                    break;
                }
            }
        }
        Some(']') => {
            for c in chars.by_ref().take(512) {
                if c == '\u{7}' || c == '\\' {
                    break;
                }
            }
        }
        _ => {}
    }
}

/// What stands between two prompts.
struct Block {
    command: String,
    text: String,
}

/// Cuts the text at shell prompts. What stands before the first belongs to `command`.
fn blocks(command: &str, text: &str) -> Vec<Block> {
    let mut blocks = vec![Block {
        command: command.trim().to_owned(),
        text: String::new(),
    }];
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            continue;
        }
        // A bare `#` in a configuration file is a comment and no prompt.
        let comment = line.trim() == "#"
            && blocks
                .last()
                .is_some_and(|block| command::call(&block.command).file().is_some());
        if let Some(typed) = prompted(line).filter(|_| !comment) {
            blocks.push(Block {
                command: typed.to_owned(),
                text: String::new(),
            });
        } else if let Some(block) = blocks.last_mut() {
            block.text.push_str(line);
            block.text.push('\n');
        }
    }
    if blocks.len() > 1 {
        // A bare prompt at the end, and the command line echoed by the first prompt.
        let mut first = true;
        blocks.retain(|block| {
            let leading = std::mem::take(&mut first);
            let empty = block.text.trim().is_empty();
            !(empty && (leading || block.command.is_empty()))
        });
    }
    blocks
}

/// The command behind a shell prompt: `$ ip addr`, `root@vm:~# ip r`, `C:\>ipconfig`, `PS C:\> ping …`.
/// Empty for a bare prompt; `None` when the line has no prompt.
fn prompted(line: &str) -> Option<&str> {
    let line = line.trim();
    if line.len() > 4096 {
        return None;
    }
    // PS C:\Users\me> …   PS /home/me> …
    if let Some(rest) = line
        .strip_prefix("PS ")
        .or_else(|| line.strip_prefix("PS>").map(|_| line))
    {
        if let Some((folder, typed)) = rest.split_once('>')
            && (folder == "PS" || folder.contains(['\\', '/', ':', '~']))
        {
            return Some(typed.trim_start_matches('>').trim());
        }
        return None;
    }
    // C:\Windows\system32>…
    let bytes = line.as_bytes();
    if let [drive, b':', b'\\' | b'/', ..] = bytes
        && drive.is_ascii_alphabetic()
        && let Some((folder, typed)) = line.split_once('>')
        && !folder.contains('"')
    {
        return Some(typed.trim());
    }
    // $ …   # …   % …   > …   ❯ …   ~ $ …   ~ # …   / # …
    for (mark, strict) in [
        ("$", false),
        ("❯", false),
        ("➜", false),
        ("#", true),
        ("%", true),
        (">", true),
    ] {
        for folder in ["", "~ ", "/ ", "~", "(base) "] {
            let Some(rest) = line.strip_prefix(folder).and_then(|rest| rest.strip_prefix(mark)) else {
                continue;
            };
            if rest.is_empty() && mark != ">" {
                return (folder.is_empty() || !strict).then_some("");
            }
            let Some(typed) = rest.strip_prefix(' ').map(str::trim) else {
                continue;
            };
            if strict && !is_known_command(typed) {
                continue;
            }
            if !strict && !typed.starts_with(|c: char| c.is_ascii_alphanumeric() || "/.(\"'$@".contains(c)) {
                continue;
            }
            return Some(typed);
        }
    }
    // user@host:~$ …   [user@host ~]# …   user@host ~ % …   host:~ user$ …   root@vm> …
    let head: String = line.chars().take(80).collect();
    let at = head.find('@')?;
    let named = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let user = head.get(..at)?.trim_start_matches(['[', '(']);
    let user = user.rsplit([' ', ')']).next()?;
    if user.is_empty() || !user.chars().all(named) {
        return None;
    }
    let after = head.get(at + 1..)?;
    let host_end = after.find(|c: char| !named(c))?;
    if host_end == 0 {
        return None;
    }
    let from = at + 1 + host_end;
    let rest = line.get(from..)?;
    let mark = rest.find(['$', '#', '%', '>'])?;
    let between = rest.get(..mark)?;
    let marked = rest.get(mark + 1..)?;
    let plain = !between.contains(['=', '"', '(', ',']) && between.len() <= 60;
    (plain && (marked.is_empty() || marked.starts_with(' '))).then(|| marked.trim())
}

fn is_known_command(typed: &str) -> bool {
    let calls = command::calls(typed);
    // "# Set the default policy …" in a file's comment is no `set`.
    let known = |call| formats::of_command(call).is_some_and(|format| format.name != "nothing");
    !calls.is_empty() && calls.iter().all(known)
}

/// One line, or one JSON value over several lines.
struct Unit<'a> {
    text: &'a str,
    json: bool,
}

fn owns(format: &Format, unit: &Unit<'_>) -> bool {
    if !unit.json {
        return (format.line)(unit.text);
    }
    let mut end = unit.text.len().min(16 * 1024);
    while !unit.text.is_char_boundary(end) {
        end -= 1;
    }
    let head = unit.text.get(..end).unwrap_or_default();
    format
        .json
        .iter()
        .any(|keys| keys.iter().all(|key| head.contains(&format!("\"{key}\""))))
}

/// Cuts text into lines and JSON values.
fn units(text: &str) -> Vec<Unit<'_>> {
    let mut units = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let line_end = rest.find('\n').map_or(rest.len(), |at| at + 1);
        let line = rest.get(..line_end).unwrap_or(rest);
        let json_end = if begins_json(rest) { json_end(rest) } else { None };
        let (end, json) = match json_end {
            Some(end) => (end.max(1), true),
            None => (line_end, false),
        };
        let (unit, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        if json {
            units.push(Unit {
                text: unit.trim(),
                json: true,
            });
            rest = after.strip_prefix('\n').unwrap_or(after);
        } else {
            units.push(Unit {
                text: line.strip_suffix('\n').unwrap_or(line),
                json: false,
            });
            rest = after;
        }
    }
    units
}

/// Whether a line opens a JSON array or object and no section of an INI file or prompt.
fn begins_json(text: &str) -> bool {
    let text = text.trim_start_matches([' ', '\t']);
    let Some(rest) = text.strip_prefix(['[', '{']) else {
        return false;
    };
    let opens_array = text.starts_with('[');
    match rest.trim_start().chars().next() {
        Some('{' | '[') => opens_array,
        Some('"') => true,
        Some(']') => opens_array,
        Some('}') => !opens_array,
        _ => false,
    }
}

/// Where the JSON value at the start of the text ends; for one that was cut off, the end of the text.
fn json_end(text: &str) -> Option<usize> {
    let (mut depth, mut in_string, mut escaped) = (0_i64, false, false);
    for (at, byte) in text.bytes().enumerate() {
        if in_string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_string = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'[' | b'{' => depth += 1,
            b']' | b'}' => {
                depth -= 1;
                if depth <= 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    Some(text.len())
}

fn sections_of_block(block: &Block, found: &mut Vec<Section>) {
    let calls = command::calls(&block.command);
    match calls.as_slice() {
        [] => by_shape(&block.command, &block.text, found),
        [call] => one_command(call, block, found),
        calls => several_commands(calls, block, found),
    }
}

fn one_command(call: &Call, block: &Block, found: &mut Vec<Section>) {
    let section = |format| Section {
        format,
        command: block.command.clone(),
        text: block.text.clone(),
        alone: true,
        end: End::default(),
    };
    let Some(format) = formats::of_command(call) else {
        let mut shaped = Vec::new();
        by_shape(&block.command, &block.text, &mut shaped);
        if shaped.iter().any(|section| section.format.is_some()) {
            found.append(&mut shaped);
        } else {
            found.push(section(None));
        }
        return;
    };
    // The right command over a text of quite another shape: somebody mixed up the boxes, or ran more.
    if format.has_shape() && !block.text.trim().is_empty() {
        let units = units(&block.text);
        if !units.iter().any(|unit| owns(format, unit)) {
            let mut shaped = Vec::new();
            by_shape("", &block.text, &mut shaped);
            if shaped.iter().any(|section| section.format.is_some()) {
                for section in &mut shaped {
                    if section.format.is_some_and(|shape| shape.name == format.name) {
                        section.command.clone_from(&block.command);
                    }
                }
                found.append(&mut shaped);
                return;
            }
        }
    }
    found.push(section(Some(format)));
}

/// Shares one text out among the commands that printed it, in their order: a unit moves on to the next
/// command that claims it, and stays where it is when none does.
fn several_commands(calls: &[Call], block: &Block, found: &mut Vec<Section>) {
    let units = units(&block.text);
    let candidates: Vec<Option<&'static Format>> = calls.iter().map(formats::of_command).collect();
    let mut texts = vec![String::new(); calls.len()];
    let mut full = vec![false; calls.len()];
    let mut at = 0;
    for unit in &units {
        if !unit.json && unit.text.trim().is_empty() {
            if let Some(text) = texts.get_mut(at) {
                text.push('\n');
            }
            continue;
        }
        let claims = |index: usize, full: &[bool]| {
            let open = !full.get(index).copied().unwrap_or(true);
            let format = candidates.get(index).copied().flatten();
            open && format.is_some_and(|format| owns(format, unit))
        };
        if !claims(at, &full)
            && let Some(next) = (at + 1..calls.len()).find(|index| claims(*index, &full))
        {
            at = next;
        }
        if let Some(text) = texts.get_mut(at) {
            text.push_str(unit.text);
            text.push('\n');
        }
        let one_line = candidates.get(at).copied().flatten().is_some_and(|format| {
            // A JSON value is the whole answer of its command.
            format.one_line || (unit.json && !format.json.is_empty())
        });
        if one_line && let Some(full) = full.get_mut(at) {
            *full = true;
        }
    }
    let spoke = texts.iter().any(|text| !text.trim().is_empty());
    let nobody_claims = !units
        .iter()
        .any(|unit| candidates.iter().flatten().any(|format| owns(format, unit)));
    if nobody_claims && spoke {
        let mut shaped = Vec::new();
        by_shape("", &block.text, &mut shaped);
        if shaped.iter().any(|section| section.format.is_some()) {
            found.append(&mut shaped);
            return;
        }
    }
    for (index, (call, text)) in calls.iter().zip(texts).enumerate() {
        let format = candidates.get(index).copied().flatten();
        // Two commands of one format whose outputs stand in one text: the first has both.
        let shared = text.trim().is_empty()
            && format.is_some_and(|format| {
                candidates.iter().enumerate().any(|(other, other_format)| {
                    other < index && other_format.is_some_and(|f| f.name == format.name)
                })
            });
        // What runs only where something else failed is not missed when that did not.
        let unused = text.trim().is_empty() && call.alternative && spoke;
        if shared || unused {
            continue;
        }
        found.push(Section {
            format,
            command: call.line.clone(),
            text,
            alone: spoke,
            end: End::default(),
        });
    }
}

/// Cuts a text by its shape alone.
fn by_shape(command: &str, text: &str, found: &mut Vec<Section>) {
    let mut current: Option<&'static Format> = None;
    let mut part = String::new();
    let mut parts: Vec<(Option<&'static Format>, String)> = Vec::new();
    for unit in units(text) {
        let stays = current.is_some_and(|format| owns(format, &unit));
        if !stays
            && (unit.json || !unit.text.trim().is_empty())
            && let Some(format) = formats::all().find(|format| !format.plain && owns(format, &unit))
        {
            if !part.trim().is_empty() && parts.len() < MAX_SECTIONS {
                parts.push((current, std::mem::take(&mut part)));
            }
            part.clear();
            current = Some(format);
        }
        part.push_str(unit.text);
        part.push('\n');
    }
    if !part.trim().is_empty() {
        parts.push((current, part));
    }
    let any = parts.iter().any(|(format, _)| format.is_some());
    for (format, text) in parts {
        // Words before the first output ("hi, this is what I get:") are no output.
        if format.is_none() && any {
            continue;
        }
        found.push(Section {
            format,
            command: if format.is_none() || formats_agree(command, format) {
                command.to_owned()
            } else {
                String::new()
            },
            text,
            alone: false,
            end: End::default(),
        });
    }
}

fn formats_agree(command: &str, format: Option<&'static Format>) -> bool {
    let call = command::call(command);
    format.is_some_and(|format| (format.command)(&call))
}
