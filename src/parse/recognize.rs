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
    let text = unquoted(&cleaned(text));
    let mut found = Vec::new();
    for block in blocks(command, &text) {
        if found.len() >= MAX_SECTIONS {
            break;
        }
        sections_of_block(&block, &mut found);
    }
    let mut found = part_machines(found);
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
pub fn cleaned(text: &str) -> String {
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

/// The text without the mark that mail and chat programs put before every line of what they quote. A prompt `>` stands
/// before some lines only.
fn unquoted(text: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..4 {
        let filled = || text.lines().filter(|line| !line.trim().is_empty());
        let marked = |mark: &str| filled().all(|line| line.trim_start().starts_with(mark));
        let Some(mark) = ["> ", ">", "│"].into_iter().find(|mark| marked(mark)) else {
            break;
        };
        if filled().count() < 3 {
            break;
        }
        let mark = mark.trim_end();
        let bare = |line: &str| -> String {
            let line = line.trim_start();
            let line = line.strip_prefix(mark).unwrap_or(line);
            line.strip_prefix(' ').unwrap_or(line).to_owned() + "\n"
        };
        let ended = text.ends_with('\n');
        text = text.lines().map(bare).collect();
        if !ended {
            text.pop();
        }
    }
    text
}

/// Cuts the list of a machine's adapters where another one begins in the same text: the loopback, or whatever stood first,
/// comes a second time.
fn part_machines(sections: Vec<Section>) -> Vec<Section> {
    let mut parted = Vec::with_capacity(sections.len());
    for section in sections {
        let lists_adapters = section
            .format
            .is_some_and(|format| ["addresses", "adapters"].contains(&format.name));
        let starts = if lists_adapters {
            list_starts(&section.text)
        } else {
            Vec::new()
        };
        if starts.is_empty() {
            parted.push(section);
            continue;
        }
        let mut from = 0;
        for to in starts.into_iter().chain([section.text.len()]) {
            let text = section.text.get(from..to).unwrap_or_default().to_owned();
            from = to;
            if parted.len() < MAX_SECTIONS {
                parted.push(Section {
                    format: section.format,
                    command: section.command.clone(),
                    text,
                    alone: section.alone,
                    end: End::default(),
                });
            }
        }
    }
    parted
}

/// Where further lists begin in a text of lists of adapters.
fn list_starts(text: &str) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut first: Option<&str> = None;
    let mut at = 0;
    if begins_json(text) {
        let mut listed = false;
        while let Some(rest) = text.get(at..).filter(|rest| begins_json(rest)) {
            let end = json_end(rest).unwrap_or(rest.len()).max(1);
            let (value, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
            let loopback = value.contains("\"lo\"");
            if loopback && listed && starts.len() < 100 {
                starts.push(at);
            }
            listed |= loopback;
            at += end + (after.len() - after.trim_start().len());
        }
        return starts;
    }
    for line in text.split_inclusive('\n') {
        let name = list_head(line.trim_end_matches('\n'));
        match (name, first) {
            (Some(name), None) => first = Some(name),
            (Some(name), Some(known)) if name == known && starts.len() < 100 => starts.push(at),
            _ => {}
        }
        at += line.len();
    }
    starts
}

/// What stands in the first line of an adapter that begins a list: `1: lo: <…>`, the name in `ifconfig`, the title of
/// `ipconfig`.
fn list_head(line: &str) -> Option<&str> {
    if line.starts_with(char::is_whitespace) {
        return None;
    }
    if let Some(rest) = line.strip_prefix("1: ") {
        // One line for each address (`ip -o`) names the adapter again and again.
        return rest.contains(": <").then_some("1");
    }
    if line.starts_with("lo ") && line.contains(" UNKNOWN ") {
        return Some("lo");
    }
    if line.contains(": flags=") || line.contains("Link encap:") {
        let name = line.split_whitespace().next()?.trim_end_matches(':');
        // An alias (`eth0:1`) is no adapter of its own.
        return (!name.contains(':')).then_some(name);
    }
    super::whole::is_ipconfig_title(line).then_some(line.trim())
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

/// One line, one JSON value over several lines, or one list of `Name : value`.
struct Unit<'a> {
    text: &'a str,
    json: bool,
    /// The names of a list; empty for all else.
    names: Vec<&'a str>,
}

fn owns(format: &Format, unit: &Unit<'_>) -> bool {
    if !unit.names.is_empty() {
        return holds(format, &unit.names);
    }
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

/// Whether a list with these names is of the format: PowerShell names the same things in a list and in JSON.
fn holds(format: &Format, names: &[&str]) -> bool {
    let has = |keys: &&[&str]| keys.iter().all(|key| names.contains(key));
    format.list.iter().chain(format.json).any(has)
}

/// The list of `Name : value` at the start of the text, to its blank line: its length and its names. `None` where no format
/// knows it.
fn list_at(text: &str) -> Option<(usize, Vec<&str>)> {
    let mut names = Vec::new();
    let mut length = 0;
    for line in text.split_inclusive('\n') {
        if line.trim().is_empty() {
            break;
        }
        let name = line
            .split_once(" : ")
            .or_else(|| line.trim_end().strip_suffix(" :").map(|name| (name, "")))
            .map(|(name, _)| name);
        match name {
            Some(name) if !line.starts_with(' ') && name.len() <= 60 => names.push(name.trim()),
            // A value goes on in the next line.
            _ if line.starts_with("    ") && !names.is_empty() => {}
            _ => return None,
        }
        length += line.len();
    }
    let known = names.len() > 1 && names.len() <= 400 && formats::all().any(|format| holds(format, &names));
    known.then_some((length, names))
}

/// Cuts text into lines, lists and JSON values.
fn units(text: &str) -> Vec<Unit<'_>> {
    let mut units: Vec<Unit<'_>> = Vec::new();
    let mut rest = text;
    let mut begins = true;
    while !rest.is_empty() {
        if begins
            && let Some((length, names)) = list_at(rest)
            && let Some((list, after)) = rest.split_at_checked(length)
        {
            units.push(Unit {
                text: list.trim_end_matches('\n'),
                json: false,
                names,
            });
            rest = after;
            begins = false;
            continue;
        }
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
                names: Vec::new(),
            });
            rest = after.strip_prefix('\n').unwrap_or(after);
        } else {
            units.push(Unit {
                text: line.strip_suffix('\n').unwrap_or(line),
                json: false,
                names: Vec::new(),
            });
            begins = line.trim().is_empty();
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
