//! Holds an answer against the truth.

use serde_json::Value;

use crate::bench;
use crate::entry::{Entry, Run};
use crate::program::{Answer, Cause};

/// A person waits this long at most, also beside three others on a busy machine.
const PATIENCE_SECONDS: f64 = 10.0;

/// How it is said that the right cause is not named.
const MISSED: &str = "named ";

/// How it is said that something is named in a healthy network.
const ACCUSED: &str = "accused: ";

/// How it is said that something untrue is certain.
pub const YET_CONFIRMED: &str = "yet confirmed";

/// How it is said that it is not the first and nothing leads to it.
pub const UNLED: &str = "right cause not first";

/// Everything wrong with an answer; nothing when it is right.
pub fn wrongs(entry: &Entry, run: Run, answer: &Answer) -> Vec<String> {
    let mut wrongs = form(answer);
    if !wrongs.is_empty() {
        return wrongs;
    }
    let causes = answer.causes();
    if entry.is_healthy() {
        wrongs.extend(
            causes
                .iter()
                .map(|cause| format!("{ACCUSED}{} ({})", cause.id, cause.confidence)),
        );
    } else {
        wrongs.extend(misnamed(entry, run, answer, &causes));
    }
    let verdict = answer.json["verdict"].as_str().unwrap_or_default();
    if (run.is_root() || entry.is_healthy()) && !entry.verdicts.contains(&verdict) {
        wrongs.push(format!("verdict {verdict} is none of {:?}", entry.verdicts));
    }
    let due = match (causes.is_empty(), verdict) {
        (false, _) => 1,
        (true, "reachable") => 0,
        (true, _) => 3,
    };
    if answer.exit != Some(due) {
        wrongs.push(format!("exit status {:?}, not {due}", answer.exit));
    }
    if answer.seconds > PATIENCE_SECONDS {
        wrongs.push(format!("took {:.1} s", answer.seconds));
    }
    wrongs
}

/// Whether the first cause named is an expected one.
pub fn is_right_first(entry: &Entry, answer: &Answer) -> bool {
    let causes = answer.causes();
    causes
        .first()
        .is_some_and(|cause| entry.named.contains(&cause.id.as_str()))
}

/// Whether the right cause stands second or third, so that the next step has to lead to it.
pub fn has_to_lead(entry: &Entry, run: Run, answer: &Answer) -> bool {
    let is_right = |cause: &Cause| entry.named.contains(&cause.id.as_str());
    !run.is_root() && matches!(answer.causes().iter().position(is_right), Some(1 | 2))
}

/// Whether all that is wrong is that the right cause is not named where it should be: what is untrue and what goes wrong
/// otherwise has no excuse.
pub fn only_misses(wrong: &str) -> bool {
    wrong
        .lines()
        .all(|line| line.starts_with(MISSED) || line.starts_with(UNLED) || line.starts_with(bench::KEPT))
}

/// Whether what is wrong may be the doing of a busy machine. Never that a healthy network is accused, or that something
/// untrue is confirmed: the program has to know what it does not know.
pub fn may_be_chance(wrong: &str) -> bool {
    !wrong
        .lines()
        .any(|line| line.starts_with(ACCUSED) || line.ends_with(YET_CONFIRMED))
}

/// Whether a diagnosis came at all, and in time.
fn form_and_time(answer: &Answer) -> Vec<String> {
    let mut wrongs = form(answer);
    if answer.seconds > PATIENCE_SECONDS {
        wrongs.push(format!("took {:.1} s", answer.seconds));
    }
    wrongs
}

/// An answer in whose making something happened: what it says must have been true before or be true after, and it must
/// say something.
pub fn moment_wrongs(entry: &Entry, answer: &Answer) -> Vec<String> {
    let mut wrongs = form_and_time(answer);
    if !matches!(answer.exit, Some(0 | 1 | 3)) {
        wrongs.push(format!("exit status {:?}", answer.exit));
    }
    let verdict = answer.json["verdict"].as_str().unwrap_or_default();
    if !entry.verdicts.contains(&verdict) {
        wrongs.push(format!("verdict {verdict} is none of {:?}", entry.verdicts));
    }
    let causes = answer.causes();
    for cause in &causes {
        let is_true = entry.also.contains(&cause.id.as_str());
        if cause.confidence != "possible" && !is_true {
            wrongs.push(format!(
                "{} is true neither before nor after, yet {}",
                cause.id, cause.confidence
            ));
        }
    }
    let is_silent =
        answer.json["notes"].as_array().is_none_or(Vec::is_empty) && answer.json["next"] == Value::Null;
    if verdict != "reachable" && causes.is_empty() && is_silent {
        wrongs.push("it says nothing of what it knows".to_owned());
    }
    wrongs
}

/// Of two independent faults both must be among the first three, and nothing untrue confirmed.
pub fn pair_wrongs(first: &Entry, second: &Entry, answer: &Answer) -> Vec<String> {
    let mut wrongs = form_and_time(answer);
    let causes = answer.causes();
    for entry in [first, second] {
        let named = |cause: &Cause| entry.named.contains(&cause.id.as_str());
        if !causes.iter().take(3).any(named) {
            wrongs.push(format!(
                "named {}, not {} ({})",
                list(&causes),
                entry.named.join(" or "),
                entry.name
            ));
        }
    }
    let is_true = |cause: &Cause| {
        [first, second]
            .iter()
            .any(|entry| entry.named.contains(&cause.id.as_str()) || entry.also.contains(&cause.id.as_str()))
    };
    for cause in &causes {
        if cause.confidence == "confirmed" && !is_true(cause) {
            wrongs.push(format!("{} is not true, {YET_CONFIRMED}", cause.id));
        }
    }
    wrongs
}

/// The verdict must be what packets showed; not to know is wrong.
pub fn verdict_wrongs(passes: bool, answer: &Answer) -> Vec<String> {
    let mut wrongs = form_and_time(answer);
    let verdict = answer.json["verdict"].as_str().unwrap_or_default();
    let right: &[&str] = if passes {
        &["reachable"]
    } else {
        &["blocked", "impossible-by-design"]
    };
    if wrongs.is_empty() && !right.contains(&verdict) {
        let truth = if passes { "pass" } else { "do not pass" };
        wrongs.push(format!(
            "packets {truth}, the verdict is {verdict}, named {}",
            list(&answer.causes())
        ));
    }
    wrongs
}

fn form(answer: &Answer) -> Vec<String> {
    let (json, mut wrongs) = (&answer.json, Vec::new());
    if json["schema"] != 1 || json["kind"] != "diagnosis" || !json["causes"].is_array() {
        wrongs.push(format!(
            "no diagnosis: exit status {:?} after {:.1} s, output {:?}, errors {:?}",
            answer.exit,
            answer.seconds,
            head(&answer.output),
            head(&answer.errors)
        ));
    }
    wrongs
}

fn misnamed(entry: &Entry, run: Run, answer: &Answer, causes: &[Cause]) -> Vec<String> {
    let is_right = |cause: &Cause| entry.named.contains(&cause.id.as_str());
    let is_true = |cause: &Cause| is_right(cause) || entry.also.contains(&cause.id.as_str());
    let mut wrongs = Vec::new();
    match causes.iter().position(is_right) {
        Some(0) => {}
        Some(1 | 2) if !run.is_root() => {
            if answer.json["next"] == Value::Null {
                wrongs.push(format!("{UNLED}, and no next step that would tell"));
            }
        }
        _ if entry.blinded(run).is_some() => {}
        _ => wrongs.push(format!(
            "{MISSED}{}, not {}",
            list(causes),
            entry.named.join(" or ")
        )),
    }
    for cause in causes {
        if cause.confidence == "confirmed" && !is_true(cause) {
            wrongs.push(format!("{} is not true, {YET_CONFIRMED}", cause.id));
        }
        if run.is_root() && entry.never.contains(&cause.id.as_str()) {
            wrongs.push(format!("{} must not be named here", cause.id));
        }
    }
    wrongs
}

/// Causes with their confidence, best first.
pub fn list(causes: &[Cause]) -> String {
    if causes.is_empty() {
        return "nothing".to_owned();
    }
    let named: Vec<String> = causes
        .iter()
        .map(|cause| format!("{} ({})", cause.id, cause.confidence))
        .collect();
    named.join(", ")
}

fn head(text: &str) -> String {
    text.trim().chars().take(400).collect()
}
