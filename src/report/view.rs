//! What a report shows, in words and in order; the forms only lay it out.

use serde::Serialize;
use serde_json::Value;

use super::words;
use crate::diagnose::{Diagnosis, Verdict};
use crate::locale::Language;
use crate::model::{Case, Endpoint, Place, Probe, ProbeResult, Unread, shown_time};

/// Most raw facts that a report for people holds, in bytes; all of them stand in the JSON form.
const MOST_RAW: usize = 512 * 1024;

/// Most probes with a plot of their own.
const MOST_PLOTS: usize = 24;

/// One report.
#[derive(Debug, Serialize)]
pub(super) struct View {
    /// The answer in one paragraph.
    pub summary: String,
    /// What is said of the traffic, in a word.
    pub verdict: String,
    /// The same for style sheets: `reachable`.
    pub verdict_name: &'static str,
    /// The traffic: `this PC → the VM 192.168.122.45`.
    pub traffic: String,
    /// Product, mode and machine.
    pub setting: String,
    /// When the facts were taken.
    pub taken_at: String,
    /// Version of the program.
    pub version: &'static str,
    /// The causes, as in JSON, with words for their names.
    pub causes: Vec<Value>,
    /// What else to know.
    pub notes: Vec<String>,
    /// The stations, as in JSON, with words for their names.
    pub path: Vec<Value>,
    /// What could not be read.
    pub unread: Value,
    /// The question that would tell most next; null without one.
    pub next: Value,
    /// Series of echo requests.
    pub plots: Vec<Plot>,
    /// The facts as JSON.
    pub raw: String,
    /// Whether the raw facts were cut.
    pub raw_is_cut: bool,
}

/// One series of echo requests.
#[derive(Debug, Serialize)]
pub(super) struct Plot {
    /// From where to where.
    pub title: String,
    /// Sent, received and times in words.
    pub figures: String,
    /// Round-trip times in microseconds, `None` for a loss; losses stand last when their place is not known.
    #[serde(skip)]
    pub times: Vec<Option<u64>>,
    /// The picture; filled in by the form that can show one.
    pub svg: String,
}

pub(super) fn view(facts: &Case, diagnosis: &Diagnosis, language: Language) -> View {
    let said = words::diagnosis(diagnosis, language);
    let list = |name: &str| {
        said.get(name)
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default()
    };
    let (raw, raw_is_cut) = raw(facts);
    View {
        summary: summary(diagnosis, language),
        verdict: language.text(&format!("verdict-{}", verdict_name(diagnosis.verdict))),
        verdict_name: verdict_name(diagnosis.verdict),
        traffic: traffic(diagnosis, language),
        setting: setting(diagnosis, language),
        taken_at: facts.taken_at.as_deref().unwrap_or_default().to_owned(),
        version: env!("CARGO_PKG_VERSION"),
        causes: list("causes")
            .into_iter()
            .map(|cause| named_cause(cause, language))
            .collect(),
        notes: diagnosis.notes.iter().map(|note| language.say(note)).collect(),
        path: list("path")
            .into_iter()
            .map(|step| named_step(step, language))
            .collect(),
        unread: diagnosis
            .unread
            .iter()
            .map(|unread| named_unread(unread, language))
            .collect(),
        next: said.get("next").cloned().unwrap_or_default(),
        plots: facts
            .probes
            .iter()
            .filter_map(|probe| plot(probe, language))
            .take(MOST_PLOTS)
            .collect(),
        raw,
        raw_is_cut,
    }
}

/// What could not be read, in the user's words.
fn named_unread(unread: &Unread, language: Language) -> Value {
    let (what, why) = language.unread(unread);
    serde_json::json!({ "what": what, "why": why, "how": unread.how })
}

/// The name of a verdict in JSON, style sheets and text keys.
fn verdict_name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Reachable => "reachable",
        Verdict::Blocked => "blocked",
        Verdict::ImpossibleByDesign => "impossible-by-design",
        Verdict::Inconclusive => "inconclusive",
    }
}

fn summary(diagnosis: &Diagnosis, language: Language) -> String {
    let traffic = traffic(diagnosis, language);
    let verdict = language.text(&format!("verdict-{}", verdict_name(diagnosis.verdict)));
    let head = language.text_with("report-head", &[("traffic", &traffic), ("verdict", &verdict)]);
    let mut parts = vec![head];
    match diagnosis.causes.as_slice() {
        [] if diagnosis.verdict == Verdict::Reachable => parts.push(language.text("report-nothing-wrong")),
        [] => parts.push(language.text("report-no-cause")),
        [first, others @ ..] => {
            parts.push(language.say(&first.summary));
            if !others.is_empty() {
                let count = others.len().to_string();
                parts.push(language.text_with("report-more-causes", &[("count", &count)]));
            }
        }
    }
    let gap = if language == Language::Chinese { "" } else { " " };
    parts.join(gap)
}

/// From where to where, with the addresses that are known.
pub(super) fn traffic(diagnosis: &Diagnosis, language: Language) -> String {
    let resolved = &diagnosis.resolved;
    let end = |end: Endpoint| {
        let word = language.text(&format!("end-{}", end.name()));
        let known = match end {
            Endpoint::Guest => resolved.guest_ip.map(|address| address.to_string()),
            Endpoint::Host => None,
            _ => resolved.target.as_deref().map(str::to_owned),
        };
        match known {
            Some(known) => format!("{word} {known}"),
            None => word,
        }
    };
    let port = resolved
        .port
        .map(|port| format!(", TCP {port}"))
        .unwrap_or_default();
    format!("{} → {}{port}", end(resolved.from), end(resolved.to))
}

fn setting(diagnosis: &Diagnosis, language: Language) -> String {
    let resolved = &diagnosis.resolved;
    let parts = [
        resolved
            .hypervisor
            .map(|id| language.text(&format!("hypervisor-{id}"))),
        resolved.mode.map(|mode| language.text(&format!("mode-{mode}"))),
        resolved.network.as_deref().map(str::to_owned),
        resolved.vm.as_deref().map(str::to_owned),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn named_cause(mut cause: Value, language: Language) -> Value {
    name(&mut cause, "confidence", "confidence", language);
    name(&mut cause, "station", "station", language);
    name(&mut cause, "at", "at", language);
    if let Some(remedies) = cause.get_mut("remedy").and_then(Value::as_array_mut) {
        for remedy in remedies {
            name(remedy, "on", "where", language);
            name(remedy, "os", "os", language);
            name(remedy, "shell", "shell", language);
            name(remedy, "risk", "risk", language);
        }
    }
    cause
}

fn named_step(mut step: Value, language: Language) -> Value {
    name(&mut step, "station", "station", language);
    name(&mut step, "leg", "leg", language);
    name(&mut step, "verdict", "station-verdict", language);
    step
}

/// Puts the word for `field` beside it, as `<field>_word`.
fn name(value: &mut Value, field: &str, prefix: &str, language: Language) {
    let Some(word) = value.get(field).and_then(Value::as_str) else {
        return;
    };
    let word = language.text(&format!("{prefix}-{word}"));
    if let Value::Object(fields) = value {
        fields.insert(format!("{field}_word"), word.into());
    }
}

fn plot(probe: &Probe, language: Language) -> Option<Plot> {
    let ProbeResult::Echo(echo) = &probe.result else {
        return None;
    };
    let from = match probe.from {
        Place::Host => language.text("end-host"),
        Place::Guest => language.text("end-guest"),
        Place::Guest2 => language.text("end-guest2"),
        Place::Lan => language.text("end-lan"),
        Place::Esxi | Place::Other => String::new(),
    };
    let to = match (probe.to, &probe.name) {
        (Some(address), _) => address.to_string(),
        (None, Some(name)) => name.chars().take(120).collect(),
        (None, None) => return None,
    };
    let lost = echo.sent.saturating_sub(echo.received).min(1_000) as usize;
    let mut sorted = echo.times_us.to_vec();
    sorted.sort_unstable();
    let at = |index: usize| sorted.get(index).map(|time| shown_time(*time, echo.step_us(), 3));
    let times = [
        ("report-min", at(0)),
        ("report-median", at(sorted.len().saturating_sub(1) / 2)),
        ("report-max", at(sorted.len().saturating_sub(1))),
    ];
    let counts = [
        ("sent", echo.sent.to_string()),
        ("received", echo.received.to_string()),
    ];
    let counts: Vec<(&str, &str)> = counts
        .iter()
        .map(|(name, count)| (*name, count.as_str()))
        .collect();
    let mut figures = language.text_with("report-counts", &counts);
    for (key, time) in times {
        if let Some(time) = time {
            figures.push_str(&format!(" · {} {time}", language.text(key)));
        }
    }
    Some(Plot {
        title: format!("{from} → {to}"),
        figures,
        times: echo
            .times_us
            .iter()
            .take(10_000)
            .map(|time| Some(*time))
            .chain(std::iter::repeat_n(None, lost))
            .collect(),
        svg: String::new(),
    })
}

fn raw(facts: &Case) -> (String, bool) {
    let mut text = facts.to_json();
    if text.len() <= MOST_RAW {
        return (text, false);
    }
    let mut end = MOST_RAW;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.truncate(end);
    (text, true)
}
