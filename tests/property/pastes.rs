//! What people paste, as it arrives: half of it, wrapped by a chat program, with prompts around it, in another code
//! page, from two machines at once. It never breaks a reader and never makes the diagnosis sure of the wrong cause; where
//! nothing was lost, the answer stays the same.

use std::path::{Path, PathBuf};

use serde_json::Value;
use vmnet_doctor::diagnose::{Verdict, diagnose};
use vmnet_doctor::model::Case;
use vmnet_doctor::parse;

use super::diagnosis::{bytes, scenarios, wrongly_sure};
use super::source::Source;

/// The printed outputs of a scenario: the machine, the command, the text.
fn printed(value: &Value) -> Vec<(String, String, String)> {
    let outputs = value["outputs"].as_array().into_iter().flatten();
    let word = |output: &Value, key: &str| output[key].as_str().unwrap_or_default().to_owned();
    outputs
        .map(|output| (word(output, "on"), word(output, "command"), word(output, "text")))
        .collect()
}

/// The scenarios that hold outputs.
fn with_outputs() -> Vec<(PathBuf, Value)> {
    let mut all = scenarios();
    all.retain(|(_, value)| !printed(value).is_empty());
    assert!(all.len() > 100, "only {} scenarios hold outputs", all.len());
    all
}

/// The scenario with other outputs.
fn pasted(value: &Value, outputs: Vec<(String, String, String)>) -> Value {
    let outputs: Vec<Value> = outputs
        .into_iter()
        .map(|(on, command, text)| serde_json::json!({ "on": on, "command": command, "text": text }))
        .collect();
    let mut value = value.clone();
    value["outputs"] = Value::Array(outputs);
    value
}

/// The causes in their order, and the verdict.
fn answer(value: &Value) -> (Vec<&'static str>, Verdict) {
    let case = Case::from_json(&value.to_string()).expect("a case");
    let diagnosis = diagnose(&parse::resolve(&case));
    (
        diagnosis.causes.iter().map(|cause| cause.id).collect(),
        diagnosis.verdict,
    )
}

/// Wrong certainties of all scenarios after a change of their outputs; a change may be made in several ways, by number.
fn wrongs(
    ways: u64,
    change: impl Fn(&[(String, String, String)], u64) -> Vec<(String, String, String)>,
) -> Vec<String> {
    let mut wrong = Vec::new();
    for (path, value) in with_outputs() {
        let outputs = printed(&value);
        for way in 0..ways {
            let changed = pasted(&value, change(&outputs, way));
            match wrongly_sure(&value, &changed) {
                Ok(new) if new.is_empty() => {}
                Ok(new) => wrong.push(format!("{} ({way}): {new:?}", name(&path))),
                Err(why) => wrong.push(format!("{} ({way}): {why}", name(&path))),
            }
        }
    }
    wrong
}

fn name(path: &Path) -> String {
    path.file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// Scenarios whose answer is another one after a change that loses nothing.
fn others(
    change: impl Fn(&[(String, String, String)]) -> Option<Vec<(String, String, String)>>,
) -> (usize, Vec<String>) {
    let mut other = Vec::new();
    let mut tried = 0;
    for (path, value) in with_outputs() {
        let Some(outputs) = change(&printed(&value)) else {
            continue;
        };
        tried += 1;
        let (usual, now) = (answer(&value), answer(&pasted(&value, outputs)));
        if usual != now {
            other.push(format!("{}: {usual:?} became {now:?}", name(&path)));
        }
    }
    (tried, other)
}

fn prefix(text: &str, mut end: usize) -> &str {
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

fn suffix(text: &str, mut start: usize) -> &str {
    while !text.is_char_boundary(start) {
        start += 1;
    }
    &text[start..]
}

#[test]
fn half_a_paste_makes_nobody_sure_of_the_wrong_cause() {
    // Each output in turn, torn at eighths, its end or its beginning lost.
    let wrong = wrongs(28, |outputs, way| {
        let mut source = Source::new(bytes(0x7011 + way));
        let torn = source.below(outputs.len());
        let eighth = 1 + source.below(7);
        let mut outputs = outputs.to_vec();
        let text = &outputs[torn].2;
        let at = text.len() * eighth / 8;
        outputs[torn].2 = if way % 2 == 0 {
            prefix(text, at).to_owned()
        } else {
            suffix(text, at).to_owned()
        };
        outputs
    });
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// Breaks lines at the last blank before `width`, or in the middle of a word that is longer.
fn wrapped(text: &str, width: usize) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let mut rest: &str = line;
        while rest.chars().count() > width {
            let end = rest.char_indices().nth(width).map_or(rest.len(), |(at, _)| at);
            let at = rest[..end].rfind(' ').filter(|at| *at > 0).unwrap_or(end);
            out.push_str(&rest[..at]);
            out.push('\n');
            rest = rest[at..].strip_prefix(' ').unwrap_or(&rest[at..]);
        }
        out.push_str(rest);
        out.push('\n');
    }
    out
}

#[test]
fn wrapped_lines_make_nobody_sure_of_the_wrong_cause() {
    const WIDTHS: [usize; 4] = [100, 80, 60, 40];
    let wrong = wrongs(WIDTHS.len() as u64, |outputs, way| {
        let width = WIDTHS[way as usize];
        let wrap = |(on, command, text): &(String, String, String)| {
            (on.clone(), command.clone(), wrapped(text, width))
        };
        outputs.iter().map(wrap).collect()
    });
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// At the width of an ordinary terminal most of what was said is still understood.
#[test]
fn most_answers_survive_the_width_of_a_terminal() {
    let (tried, other) = others(|outputs| {
        let wrap =
            |(on, command, text): &(String, String, String)| (on.clone(), command.clone(), wrapped(text, 80));
        Some(outputs.iter().map(wrap).collect())
    });
    assert!(
        other.len() * 10 <= tried,
        "{} of {tried} changed:\n{}",
        other.len(),
        other.join("\n")
    );
}

/// One paste for each machine, with the prompts of its shell, as it is copied out of a console.
#[test]
fn prompts_in_one_paste_change_no_answer() {
    for prompt in [
        "me@pc:~$ ",
        "[root@pc ~]# ",
        "PS C:\\Users\\me> ",
        "C:\\Users\\me>",
        "$ ",
    ] {
        let (_, other) = others(|outputs| {
            let mut pastes: Vec<(String, String, String)> = Vec::new();
            for (on, command, text) in outputs {
                // What has no command cannot stand behind a prompt, and an empty answer not before the next one.
                if command.is_empty() || text.trim().is_empty() {
                    return None;
                }
                let block = format!("{prompt}{command}\n{}\n", text.trim_end_matches('\n'));
                match pastes.iter_mut().find(|(own, _, _)| own == on) {
                    Some((_, _, paste)) => paste.push_str(&block),
                    None => pastes.push((on.clone(), String::new(), block)),
                }
            }
            for (_, _, paste) in &mut pastes {
                paste.push_str(prompt);
            }
            Some(pastes)
        });
        assert!(
            other.is_empty(),
            "{prompt}: {} changed:\n{}",
            other.len(),
            other.join("\n")
        );
    }
}

/// Code page 850, as far as German needs it.
fn cp850(text: &str) -> Option<Vec<u8>> {
    let byte = |c: char| {
        Some(match c {
            'ä' => 0x84,
            'ö' => 0x94,
            'ü' => 0x81,
            'Ä' => 0x8e,
            'Ö' => 0x99,
            'Ü' => 0x9a,
            'ß' => 0xe1,
            c if c.is_ascii() => c as u8,
            _ => return None,
        })
    };
    text.chars().map(byte).collect()
}

#[test]
fn another_code_page_changes_no_answer() {
    let (german, chinese) = (std::cell::Cell::new(0), std::cell::Cell::new(0));
    let (_, other) = others(|outputs| {
        let recode = |text: &str| {
            if text.is_ascii() {
                return Some(text.to_owned());
            }
            let bytes = match cp850(text) {
                Some(bytes) => {
                    german.set(german.get() + 1);
                    bytes
                }
                None => {
                    let (bytes, _, lost) = encoding_rs::GBK.encode(text);
                    chinese.set(chinese.get() + 1);
                    (!lost).then(|| bytes.into_owned())?
                }
            };
            Some(parse::decode(&bytes))
        };
        outputs
            .iter()
            .map(|(on, command, text)| Some((on.clone(), command.clone(), recode(text)?)))
            .collect()
    });
    assert!(other.is_empty(), "{} changed:\n{}", other.len(), other.join("\n"));
    assert!(
        german.get() > 10 && chinese.get() > 10,
        "{german:?} and {chinese:?} texts"
    );
}

/// What another machine printed stands in the same paste, before or behind.
#[test]
fn two_machines_in_one_paste_make_nobody_sure_of_the_wrong_cause() {
    const FOREIGN: &str = "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000\n    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n    inet 127.0.0.1/8 scope host lo\n       valid_lft forever preferred_lft forever\n2: ens18: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc fq_codel state UP group default qlen 1000\n    link/ether bc:24:11:5a:5b:5c brd ff:ff:ff:ff:ff:ff\n    inet 10.55.0.9/24 brd 10.55.0.255 scope global ens18\n       valid_lft forever preferred_lft forever\ndefault via 10.55.0.1 dev ens18 proto static \n10.55.0.0/24 dev ens18 proto kernel scope link src 10.55.0.9 \n";
    let wrong = wrongs(4, |outputs, way| {
        let mut outputs = outputs.to_vec();
        let on = if way < 2 { "host" } else { "guest" };
        let lists = |(own, command, _): &(String, String, String)| {
            own == on
                && ["ip addr", "ip -j", "ifconfig", "ipconfig", "ip -br", "ip a"]
                    .iter()
                    .any(|word| command.starts_with(word))
        };
        // Only where the paste's own machine is there to be told apart from the other.
        let Some(at) = outputs.iter().position(lists) else {
            return outputs;
        };
        let foreign = (on.to_owned(), String::new(), FOREIGN.to_owned());
        outputs.insert(if way % 2 == 0 { at } else { outputs.len() }, foreign);
        outputs
    });
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// Every sample file on every machine, whole, torn and wrapped: readers never break, and what they read can be judged.
#[test]
fn no_sample_breaks_a_reader_however_it_is_torn() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("a folder")
        .flatten()
        .map(|entry| entry.path())
        .collect();
    files.sort();
    assert!(files.len() > 200, "only {} samples", files.len());
    let mut seed = 0;
    for file in &files {
        let raw = std::fs::read(file).expect("a file");
        for way in 0..6_u64 {
            seed += 1;
            let mut source = Source::new(bytes(seed));
            let at = raw.len() * (1 + source.below(7)) / 8;
            // Torn as bytes, so that characters break as well.
            let text = match way {
                0 => parse::decode(&raw),
                1 => parse::decode(&raw[..at]),
                2 => parse::decode(&raw[at..]),
                3 => wrapped(&parse::decode(&raw), 30 + source.below(60)),
                4 => format!("{0}{0}", parse::decode(&raw)),
                _ => parse::decode(&raw).replace('\n', " "),
            };
            for on in ["host", "guest", "esxi"] {
                let value = serde_json::json!({ "schema": 1, "intake": { "guest_ip": "192.168.122.11" },
                    "outputs": [{ "on": on, "command": "", "text": text }] });
                let case = Case::from_json(&value.to_string()).expect("a case");
                let diagnosis = diagnose(&parse::resolve(&case));
                assert_eq!(
                    diagnose(&parse::resolve(&case)),
                    diagnosis,
                    "{} {way} {on}",
                    file.display()
                );
            }
        }
    }
}

/// Two answers to one question are shown, not chosen from in silence.
#[test]
fn what_contradicts_is_said() {
    let mut seen = 0;
    for (_, value) in with_outputs() {
        if value["intake"]["vm"].as_str() != Some("web01") || !value["intake"]["guest_ip"].is_null() {
            continue;
        }
        let mut outputs = printed(&value);
        let has_lease = outputs.iter().any(|(_, command, text)| {
            command.starts_with("virsh net-dhcp-leases") && text.contains("192.168.122.11/24")
        });
        if !has_lease {
            continue;
        }
        // A living neighbor with the same card has another address.
        outputs.push((
            "host".to_owned(),
            "ip neigh".to_owned(),
            "192.168.122.77 dev virbr0 lladdr 52:54:00:aa:bb:01 REACHABLE\n".to_owned(),
        ));
        let case = Case::from_json(&pasted(&value, outputs).to_string()).expect("a case");
        let resolved = parse::resolve(&case);
        if resolved.guest.adapters.is_known() {
            continue;
        }
        let diagnosis = diagnose(&resolved);
        // Where nothing tells the card, nothing ties a lease or a neighbor to the machine.
        if diagnosis.resolved.guest_ip.is_none() {
            continue;
        }
        let notes = diagnosis.notes;
        let said = notes.iter().any(|note| note.key == "note-address-contradicted");
        assert!(said, "{}: {notes:?}", value["story"]);
        seen += 1;
    }
    assert!(seen > 3, "only {seen} cases");
}
