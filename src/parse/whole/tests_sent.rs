//! Outputs of test commands, which end with their count.

use super::rows::filled;

/// `ping`: from what is asked to the count, and to the times where anything came back.
pub fn ping(text: &str) -> bool {
    let first = filled(text)
        .map(str::trim)
        .find(|line| !line.starts_with('#'))
        .unwrap_or_default();
    // A system that cannot even begin says so and nothing else.
    let refused = |line: &str| {
        line.starts_with("ping: ")
            || line.starts_with("ping6: ")
            || line.contains("ping request could not find")
    };
    if refused(first) || filled(text).count() <= 2 && !is_heading(first) {
        return true;
    }
    is_heading(first) && (counted(text) || filled(text).skip(1).any(refused))
}

fn is_heading(line: &str) -> bool {
    line.starts_with("PING")
        || line.starts_with("Pinging")
        || line.to_lowercase().contains("ping")
        || line.contains("正在")
}

/// Whether the counts are there, and the times where replies were counted.
fn counted(text: &str) -> bool {
    // What stands before the count of what came back, and the word behind the share that was lost.
    const COUNTS: [(&str, &str, &[&str]); 3] = [
        ("packets transmitted", "transmitted,", &["loss"]),
        ("个包， 已接收 ", "已接收 ", &["loss", "丢失"]),
        ("Pakete übertragen", "übertragen,", &["loss", "verlust"]),
    ];
    let unix = COUNTS.iter().find_map(|(begins, before, lost)| {
        let line = filled(text).find(|line| line.contains(begins))?;
        Some((line, before, lost))
    });
    if let Some((line, before, lost)) = unix {
        let Some((_, rest)) = line.split_once(before) else {
            return false;
        };
        let none = rest.trim_start().starts_with("0 ");
        let lower = line.to_lowercase();
        let tells_loss = lost.iter().any(|word| lower.contains(word));
        return line.contains('%') && tells_loss && (none || has_times(text));
    }
    // `(0% loss)`, `(0% Verlust)`, `(0% 丢失)`, each with its bracket closed.
    let windows = filled(text).find(|line| line.contains('%') && line.contains('('));
    windows.is_some_and(|line| {
        let closed = line.contains(')');
        let replies = text.contains("TTL=") || text.to_lowercase().contains("<1ms");
        closed && (!replies || has_times(text))
    })
}

fn has_times(text: &str) -> bool {
    filled(text).next_back().is_some_and(|line| {
        line.contains("min/avg") && line.trim_end().ends_with("ms") && line.contains(" = ")
            || line.matches("ms").count() >= 3
            || line.contains("pipe ")
    }) || filled(text).any(|line| line.contains("min/avg") && line.contains(" = "))
}

/// `arping`: ends with what came back.
pub fn arping(text: &str) -> bool {
    let first = filled(text).next().unwrap_or_default();
    first.starts_with("ARPING")
        && (text.contains("Received ") && text.contains("response") || text.contains("packets transmitted"))
}

/// Whether the text shows by its last line that no more comes, though no line break does.
pub fn has_ended(text: &str) -> bool {
    let last = filled(text).next_back().unwrap_or_default().trim_end();
    let times = last.contains("min/avg") && last.ends_with(" ms");
    times
        || last == "}"
        || last == "COMMIT"
        || last.starts_with("# Completed on")
        || last == "</domain>"
        || last == "</network>"
}
