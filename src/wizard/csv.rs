//! The monitor's histories as a table for spreadsheets.

use super::state::MonitorState;

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
                label: "=cmd|'x',\"y\"\n".to_owned(),
                history: Arc::new(history),
            }],
            ..MonitorState::default()
        };
        let expected = "time_ms,address,label,time_us,outcome\r\n\
                        10,192.168.122.45,\"'=cmd|'x',\"\"y\"\"\",420,reply\r\n\
                        510,192.168.122.45,\"'=cmd|'x',\"\"y\"\"\",,lost\r\n";
        assert_eq!(monitor(&state), expected);
    }
}
