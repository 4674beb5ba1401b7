//! Text for an issue or a chat. Everything from outside is escaped or fenced.

use std::fmt::Write as _;

use serde_json::Value;

use super::view::view;
use crate::diagnose::Diagnosis;
use crate::locale::Language;
use crate::model::Case;

pub(super) fn markdown(facts: &Case, diagnosis: &Diagnosis, language: Language, hidden: bool) -> String {
    let view = view(facts, diagnosis, language);
    let say = |key: &str| language.text(key);
    let mut text = format!("# {}\n\n", say("report-title"));
    let _ = writeln!(text, "**{}** {}\n", plain(&view.verdict), plain(&view.summary));
    if !view.setting.is_empty() {
        let _ = writeln!(text, "{}\n", plain(&view.setting));
    }
    if !view.taken_at.is_empty() {
        let _ = writeln!(text, "{} {}\n", say("report-taken-at"), plain(&view.taken_at));
    }
    if hidden {
        let _ = writeln!(text, "{}\n", say("report-hidden"));
    }
    for cause in &view.causes {
        let _ = writeln!(text, "## {}\n", plain(field(cause, "summary")));
        let _ = writeln!(
            text,
            "`{}` · {} · {}\n",
            field(cause, "id"),
            field(cause, "confidence_word"),
            field(cause, "station_word")
        );
        for fact in list(cause, "evidence") {
            let _ = writeln!(
                text,
                "- {}: {} ({})",
                plain(field(fact, "fact")),
                code(field(fact, "value")),
                plain(field(fact, "source"))
            );
        }
        for remedy in list(cause, "remedy") {
            remedy_text(&mut text, remedy, language);
        }
        text.push('\n');
    }
    if let Value::Object(_) = &view.next {
        let _ = writeln!(
            text,
            "## {}\n\n{}\n",
            say("report-next"),
            plain(field(&view.next, "text"))
        );
        if !field(&view.next, "command").is_empty() {
            fence(&mut text, "", field(&view.next, "command"));
        }
    }
    if !view.path.is_empty() {
        let _ = writeln!(text, "## {}\n", say("report-path"));
        let heads = [
            "report-there-and-back",
            "report-station",
            "report-state",
            "report-evidence",
        ];
        let heads: Vec<String> = heads.iter().map(|key| say(key)).collect();
        let _ = writeln!(text, "| {} |\n|---|---|---|---|", heads.join(" | "));
        for step in &view.path {
            let facts: Vec<String> = list(step, "evidence")
                .iter()
                .map(|fact| format!("{}: {}", plain(field(fact, "fact")), cell(field(fact, "value"))))
                .collect();
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} |",
                field(step, "leg_word"),
                field(step, "station_word"),
                field(step, "verdict_word"),
                facts.join("; ")
            );
        }
        text.push('\n');
    }
    if !view.plots.is_empty() {
        let _ = writeln!(text, "## {}\n", say("report-latency"));
        for plot in &view.plots {
            let _ = writeln!(text, "- {}: {}", plain(&plot.title), plain(&plot.figures));
        }
        text.push('\n');
    }
    if !view.notes.is_empty() {
        let _ = writeln!(text, "## {}\n", say("report-notes"));
        for note in &view.notes {
            let _ = writeln!(text, "- {}", plain(note));
        }
        text.push('\n');
    }
    if !diagnosis.unread.is_empty() {
        let _ = writeln!(text, "## {}\n", say("report-unread"));
        for unread in &diagnosis.unread {
            let (what, why) = language.unread(unread);
            let _ = write!(text, "- {}: {}", plain(&what), plain(&why));
            if !unread.how.is_empty() {
                let _ = write!(text, " ({})", code(&unread.how));
            }
            text.push('\n');
        }
        text.push('\n');
    }
    let _ = writeln!(text, "{} {}", say("report-made-by"), view.version);
    text
}

fn remedy_text(text: &mut String, remedy: &Value, language: Language) {
    let command = field(remedy, "command");
    if command.is_empty() {
        let _ = writeln!(
            text,
            "\n**{}** {}",
            field(remedy, "on_word"),
            plain(field(remedy, "ask"))
        );
        return;
    }
    let admin = match remedy.get("admin").and_then(Value::as_bool) {
        Some(true) => format!(" · {}", language.text("report-admin")),
        _ => String::new(),
    };
    let _ = writeln!(
        text,
        "\n**{}** {} · {} · {}{admin} · {}\n",
        plain(field(remedy, "title")),
        field(remedy, "on_word"),
        field(remedy, "os_word"),
        field(remedy, "shell_word"),
        field(remedy, "risk_word")
    );
    let name = match field(remedy, "shell") {
        "powershell" => "powershell",
        "cmd" => "bat",
        _ => "sh",
    };
    fence(text, name, command);
    for (key, name) in [
        ("report-effect", "effect"),
        ("report-undo", "undo"),
        ("report-verify", "verify"),
    ] {
        let value = field(remedy, name);
        if !value.is_empty() {
            let shown = if name == "effect" {
                plain(value)
            } else {
                code(value)
            };
            let _ = writeln!(text, "- {}: {shown}", language.text(key));
        }
    }
}

fn field<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value
        .get(name)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// Text that stays text: one line, nothing in it is markup or HTML.
fn plain(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => escaped.push(' '),
            c if c.is_control() => {}
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '!' => {
                escaped.push('\\');
                escaped.push(c);
            }
            c => escaped.push(c),
        }
    }
    escaped
}

/// A value between backticks, more of them than it holds itself.
fn code(text: &str) -> String {
    let line: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let ticks = "`".repeat(longest_run(&line) + 1);
    let gap = if line.starts_with('`') || line.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{ticks}{gap}{line}{gap}{ticks}")
}

/// The same in a table, where a bar would end the cell.
fn cell(text: &str) -> String {
    code(text).replace('|', "\\|")
}

fn fence(text: &mut String, name: &str, body: &str) {
    let ticks = "`".repeat(longest_run(body).max(2) + 1);
    let _ = writeln!(text, "{ticks}{name}\n{body}\n{ticks}");
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_from_outside_becomes_markup() {
        assert_eq!(
            plain("a*b <img> [x](y)\n# c"),
            "a\\*b &lt;img&gt; \\[x\\](y) \\# c"
        );
        assert_eq!(code("a``b"), "```a``b```");
        assert_eq!(code("`"), "`` ` ``");
        let mut text = String::new();
        fence(&mut text, "sh", "echo '```'");
        assert_eq!(text, "````sh\necho '```'\n````\n");
    }
}
