//! A case file of this program as the answer of a machine: what it read and sent there, taken in under the machine's name.

use crate::model::{Capture, Case, Place, Probe, SCHEMA, System};

/// Largest file that is taken for a case, in bytes.
const MAX: usize = super::recognize::MAX_TEXT;

/// A case file that was handed in as an output.
pub struct Saved {
    /// The machine of that case that it was taken on.
    pub told_of: Place,
    /// What it knows of that machine, its outputs taken in. Cases within the case do not count.
    pub facts: Case,
}

/// The case in a text that is one; `None` for every other text.
pub fn read(text: &str) -> Option<Saved> {
    let text = trimmed(text);
    if !is_ours(text) {
        return None;
    }
    let mut case = Case::from_json(text).ok()?;
    if case.schema != SCHEMA {
        return None;
    }
    let inside = case.guest.adapters.is_known() && !case.host.adapters.is_known();
    let told_of = if inside { Place::Guest } else { Place::Host };
    case.outputs
        .retain(|output| output.on == told_of && !is_ours(trimmed(&output.text)));
    let facts = super::resolve(&case);
    Some(Saved { told_of, facts })
}

/// The text without the mark that some editors put before it.
fn trimmed(text: &str) -> &str {
    text.trim_start_matches('\u{feff}').trim()
}

fn is_ours(text: &str) -> bool {
    let head: String = text.chars().take(400).collect();
    text.starts_with('{') && text.len() <= MAX && head.contains("\"schema\"")
}

/// Takes in what a saved case says of the machine that it was taken on (`told_of`), as the word of machine `on`.
pub fn take(case: &mut Case, on: Place, told_of: Place, facts: &Case) {
    let described = facts.system(told_of).cloned().unwrap_or_default();
    let Some(system) = case.system_mut(on) else { return };
    if described != System::default() {
        *system = described;
    }
    let sent = facts.probes.iter().filter(|probe| probe.from == told_of);
    for probe in sent {
        let probe = Probe {
            from: on,
            ..probe.clone()
        };
        // A file that is handed in twice says nothing twice.
        if !case.probes.contains(&probe) {
            case.probes.push(probe);
        }
    }
    for capture in facts.captures.iter().filter(|capture| capture.on == told_of) {
        let capture = Capture {
            on,
            ..capture.clone()
        };
        if !case.captures.contains(&capture) {
            case.captures.push(capture);
        }
    }
    if on == Place::Guest && case.intake.guest_os.is_none() {
        case.intake.guest_os = case.guest.os;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Output;

    fn guest_run(part: &str, from: &str) -> String {
        format!(
            r#"{{ "schema": 1, "kind": "case", "intake": {{ "from": "guest" }},
              "{part}": {{ "os": "linux", "adapters": [{{ "name": "eth0", "mac": "52:54:00:aa:bb:01", "addresses": [{{ "net": "192.168.122.11/24" }}] }}],
                "routes": [{{ "destination": "192.168.122.0/24", "adapter": "eth0" }}] }},
              "probes": [{{ "from": "{from}", "to": "1.1.1.1", "result": {{ "echo": {{ "sent": 3, "received": 0 }} }}, "source": "live" }}] }}"#
        )
    }

    #[test]
    fn a_guests_case_is_the_guests_word_whichever_end_it_was_taken_at() {
        for text in [guest_run("guest", "guest"), guest_run("host", "host")] {
            let mut case = Case::default();
            let output = Output {
                on: Place::Guest,
                command: String::new(),
                text,
            };
            super::super::absorb(&mut case, &output);
            super::super::absorb(&mut case, &output);
            assert!(case.guest.adapter("eth0").is_some());
            assert!(case.guest.default_routes().is_empty() && case.guest.routes.is_known());
            assert!(!case.host.adapters.is_known());
            let from: Vec<Place> = case.probes.iter().map(|probe| probe.from).collect();
            assert_eq!(from, [Place::Guest]);
            assert!(case.unread.is_empty(), "{:?}", case.unread);
        }
    }

    #[test]
    fn what_was_cut_inside_a_case_is_in_doubt_outside_of_it() {
        let routes = "default via 192.168.122.1 dev eth0\n192.168.122.0/24 dev eth0 scope li";
        let inner = Case {
            outputs: vec![Output {
                on: Place::Host,
                command: "ip route".to_owned(),
                text: routes.to_owned(),
            }],
            ..Case::default()
        };
        let outer = Case {
            outputs: vec![Output {
                on: Place::Guest,
                command: String::new(),
                text: inner.to_json(),
            }],
            ..Case::default()
        };
        let resolved = super::super::resolve(&outer);
        assert!(resolved.guest.routes.is_known());
        let doubt = resolved.doubt.expect("a doubt");
        assert!(!doubt.without.guest.routes.is_known());
        let cut: Vec<(Place, &str)> = doubt.outputs.iter().map(|cut| (cut.on, cut.name())).collect();
        assert_eq!(cut, [(Place::Guest, "ip route")]);
    }

    #[test]
    fn other_json_is_no_case() {
        for text in [
            "{}",
            "{\"schema\": 2}",
            "[{\"ifname\": \"eth0\"}]",
            "{\"schema\": 1",
            "",
        ] {
            assert!(read(text).is_none(), "{text}");
        }
    }
}
