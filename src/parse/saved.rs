//! A case file of this program as the answer of a machine: what it read and sent there, taken in under the machine's name.

use crate::model::{Case, Place, SCHEMA, System};

/// Largest file that is taken for a case, in bytes.
const MAX: usize = super::recognize::MAX_TEXT;

/// The case in a text that is one; `None` for every other text.
pub fn read(text: &str) -> Option<Case> {
    let text = text.trim_start_matches('\u{feff}').trim();
    let head: String = text.chars().take(400).collect();
    let ours = text.starts_with('{') && text.len() <= MAX && head.contains("\"schema\"");
    let case = if ours {
        Case::from_json(text).ok()?
    } else {
        return None;
    };
    (case.schema == SCHEMA).then_some(case)
}

/// Takes in what `own`, a case of machine `on`, says of that machine: as a guest that a run inside it described, else as
/// the machine that the run was made on. Its outputs count as that machine's; cases within the case do not.
pub fn take(case: &mut Case, on: Place, own: &Case) {
    let inside = own.guest.adapters.is_known() && !own.host.adapters.is_known();
    let told_of = if inside { Place::Guest } else { Place::Host };
    let mut whole = own.clone();
    for output in own
        .outputs
        .iter()
        .filter(|output| output.on == told_of && read(&output.text).is_none())
    {
        super::absorb(&mut whole, output);
    }
    let described = if inside { whole.guest } else { whole.host };
    let Some(system) = case.system_mut(on) else { return };
    if described != System::default() {
        *system = described;
    }
    let sent = whole.probes.into_iter().filter(|probe| probe.from == told_of);
    for mut probe in sent {
        probe.from = on;
        // A file that is handed in twice says nothing twice.
        if !case.probes.contains(&probe) {
            case.probes.push(probe);
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
