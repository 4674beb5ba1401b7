//! The monitor's histories as a table for spreadsheets.

use serde_json::{Value, json};

use super::state::{MonitorState, MonitorTarget};
use crate::model::SCHEMA;
use crate::probe::Grain;

/// One line a request, in order of targets and time: `time_ms,address,label,time_us,outcome` (RFC 4180).
pub fn monitor(monitor: &MonitorState) -> String {
    let mut text = String::from("time_ms,address,label,time_us,outcome\r\n");
    for target in &monitor.targets {
        let label = field(&target.label);
        for sample in target.history.samples() {
            let time = sample.time_us.map(|time| time.to_string()).unwrap_or_default();
            let outcome = sample.outcome.word();
            text.push_str(&format!(
                "{},{},{label},{time},{outcome}\r\n",
                sample.at_ms, target.address
            ));
        }
    }
    text
}

/// The same as one JSON object, with the figures, the steps of a minute, what happened, and the cases before and
/// after an address stopped answering or answered again.
pub fn monitor_json(monitor: &MonitorState) -> String {
    let targets: Vec<Value> = monitor.targets.iter().map(target_json).collect();
    let flips: Vec<Value> = monitor
        .flips
        .iter()
        .map(|flip| {
            json!({ "at_ms": flip.at_ms, "address": flip.address, "answers": flip.answers,
                    "before": flip.before.as_ref(), "after": flip.after.as_deref() })
        })
        .collect();
    let marks: Vec<Value> = monitor
        .marks
        .iter()
        .map(|mark| json!({ "at_ms": mark.at_ms, "event": mark.text.key, "values": mark.text.args }))
        .collect();
    let whole =
        json!({ "schema": SCHEMA, "kind": "monitor", "targets": targets, "events": marks, "flips": flips });
    serde_json::to_string_pretty(&whole).unwrap_or_default()
}

fn target_json(target: &MonitorTarget) -> Value {
    let history = &target.history;
    let figures = history.statistics();
    let (runs, older_dropped) = history.runs();
    let runs: Vec<Value> = runs
        .iter()
        .map(|run| {
            json!({ "from_ms": run.from_ms, "to_ms": run.to_ms, "count": run.count,
                    "outcome": run.outcome.word(), "by": run.by, "mtu": run.mtu })
        })
        .collect();
    let minutes: Vec<Value> = history
        .steps(Grain::Minute)
        .iter()
        .map(|step| {
            json!({ "from_ms": step.from_ms, "sent": step.sent, "received": step.received,
                    "min_us": step.min_us, "median_us": step.median_us, "max_us": step.max_us })
        })
        .collect();
    let samples: Vec<Value> = history
        .samples()
        .map(|sample| json!([sample.at_ms, sample.time_us, sample.outcome.word()]))
        .collect();
    json!({
        "address": target.address, "label": target.label, "sent": figures.sent, "received": figures.received,
        "min_us": figures.min_us, "median_us": figures.median_us, "p95_us": figures.p95_us,
        "p99_us": figures.p99_us, "max_us": figures.max_us, "resolution_us": history.resolution_us(),
        "runs": runs, "older_runs_dropped": older_dropped, "minutes": minutes, "samples": samples,
    })
}

/// A field that spreadsheets take for text: quoted where needed, never a formula.
fn field(text: &str) -> String {
    let clean: String = text.chars().filter(|c| !c.is_control()).collect();
    let formula = clean.starts_with(['=', '+', '-', '@']);
    let guarded = if formula { format!("'{clean}") } else { clean };
    if guarded.contains([',', '"']) {
        format!("\"{}\"", guarded.replace('"', "\"\""))
    } else {
        guarded
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::probe::{History, Outcome, Sample};
    use crate::wizard::state::MonitorTarget;

    #[test]
    fn labels_cannot_break_out_of_their_field() {
        let mut history = History::new();
        history.push(Sample {
            at_ms: 10,
            time_us: Some(420),
            outcome: Outcome::Reply,
        });
        history.push(Sample {
            at_ms: 510,
            time_us: None,
            outcome: Outcome::Lost,
        });
        let state = MonitorState {
            targets: vec![MonitorTarget {
                id: 1,
                address: "192.168.122.45".parse().expect("an address"),
                interval: None,
                label: "=cmd|'x',\"y\"\n".to_owned(),
                history: Arc::new(history),
                standing: crate::wizard::state::Standing::default(),
            }],
            ..MonitorState::default()
        };
        let expected = "time_ms,address,label,time_us,outcome\r\n\
                        10,192.168.122.45,\"'=cmd|'x',\"\"y\"\"\",420,reply\r\n\
                        510,192.168.122.45,\"'=cmd|'x',\"\"y\"\"\",,lost\r\n";
        assert_eq!(monitor(&state), expected);
    }
}
