//! Every `*.json` in this folder is a case with an `expect` beside its facts: the answer that it must get.
//! `README.md` describes the fields.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use libtest_mimic::{Arguments, Failed, Trial};
use serde::Deserialize;
use vmnet_doctor::diagnose::{Confidence, Diagnosis, Next, Verdict, diagnose, rules};
use vmnet_doctor::locale::Language;
use vmnet_doctor::model::{Case, Output, Place};
use vmnet_doctor::parse;
use vmnet_doctor::remedy::Where;

/// The answer that a case must get.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    /// The verdict's name in JSON.
    verdict: String,
    /// The causes in their order; empty for a healthy network.
    causes: Vec<String>,
    /// Causes that are literally true of the machines as well, and silent because they follow from one that is named; each
    /// with the reason why it stays true where nothing tells of the deeper one.
    #[serde(default)]
    silent: BTreeMap<String, String>,
    /// How sure the first one is; not looked at when left out.
    confidence: Option<String>,
    /// Words that the command of the first remedy must hold.
    #[serde(default)]
    command_holds: Vec<String>,
    /// What has to be asked next.
    next: Option<Asks>,
}

/// What a case must ask.
#[derive(Deserialize)]
#[serde(untagged)]
enum Asks {
    /// Something, or nothing.
    Something(bool),
    /// The question of this text key.
    This(String),
}

impl Asks {
    fn is_met(&self, next: Option<&Next>) -> bool {
        match self {
            Self::Something(asks) => next.is_some() == *asks,
            Self::This(key) => next.is_some_and(|next| next.text.key == key),
        }
    }

    fn is_something(&self) -> bool {
        !matches!(self, Self::Something(false))
    }
}

#[derive(Deserialize)]
struct Scenario {
    expect: Expect,
}

fn main() {
    let arguments = Arguments::from_args();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
    let mut files = Vec::new();
    collect(&folder, &mut files);
    files.sort();
    let mut trials: Vec<Trial> = files
        .iter()
        .map(|file| {
            let name = file.strip_prefix(&folder).unwrap_or(file).with_extension("");
            let file = file.clone();
            Trial::test(name.to_string_lossy(), move || {
                answer(&file).map_err(Failed::from)
            })
        })
        .collect();
    let all = files.clone();
    trials.push(Trial::test("every-id-of-the-catalogue-is-covered", move || {
        covers(&all).map_err(Failed::from)
    }));
    let all = files.clone();
    trials.push(Trial::test("every-rule-is-whole", move || {
        rules_are_whole(&all).map_err(Failed::from)
    }));
    trials.push(Trial::test("every-remedy-is-whole", move || {
        remedies_are_whole().map_err(Failed::from)
    }));
    let all = files.clone();
    trials.push(Trial::test("every-id-is-asked-about", move || {
        asks(&all).map_err(Failed::from)
    }));
    trials.push(Trial::test("enough-healthy-networks", move || {
        healthy(&files).map_err(Failed::from)
    }));
    libtest_mimic::run(&arguments, trials).exit();
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
}

fn read(file: &Path) -> Result<(Case, Expect), String> {
    let text = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
    let case = Case::from_json(&text).map_err(|error| error.to_string())?;
    let scenario: Scenario = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    Ok((case, scenario.expect))
}

fn answer(file: &Path) -> Result<(), String> {
    let (case, expect) = read(file)?;
    let resolved = parse::resolve(&case);
    let diagnosis = diagnose(&resolved);
    let ids: Vec<&str> = diagnosis.causes.iter().map(|cause| cause.id).collect();
    let told = format!("{ids:?}, {:?}\n{:#?}", diagnosis.verdict, diagnosis.causes);
    if ids != expect.causes {
        return Err(format!("expected {:?}, got {told}", expect.causes));
    }
    for (id, reason) in &expect.silent {
        let rule = rules::find(id).ok_or_else(|| format!("{id} is no cause"))?;
        let follows = |deeper: &str| expect.causes.iter().any(|cause| cause == deeper);
        if reason.is_empty() || !rule.follows_from.iter().any(|deeper| follows(deeper)) {
            return Err(format!("{id} does not follow from {:?}", expect.causes));
        }
    }
    if verdict_name(diagnosis.verdict) != expect.verdict {
        return Err(format!("expected {}, got {told}", expect.verdict));
    }
    if let (Some(wanted), Some(first)) = (&expect.confidence, diagnosis.causes.first())
        && confidence_name(first.confidence) != *wanted
    {
        return Err(format!("expected {wanted}, got {told}"));
    }
    if let Some(asks) = &expect.next
        && !asks.is_met(diagnosis.next.as_ref())
    {
        return Err(format!("next is {:?}", diagnosis.next));
    }
    questions_end(&case, typed)?;
    questions_end(&case, pasted)?;
    // Where the mode has no way, the table's reason stands beside it.
    let reason = diagnosis
        .notes
        .iter()
        .any(|note| note.key.starts_with("mode-why-"));
    if diagnosis.verdict == Verdict::ImpossibleByDesign && !reason {
        return Err(format!("nothing says why: {:?}", diagnosis.notes));
    }
    commands(&diagnosis, &expect)?;
    texts(&diagnosis)?;
    if diagnose(&resolved) != diagnosis {
        return Err("the same case got another answer the second time".to_owned());
    }
    let again = Case::from_json(&case.to_json()).map_err(|error| error.to_string())?;
    if again == case {
        Ok(())
    } else {
        Err("saving and opening changed the case".to_owned())
    }
}

/// An answer that says nothing new never leads to the same question again.
fn questions_end(case: &Case, answer: fn(Place, &str) -> Output) -> Result<(), String> {
    let mut case = case.clone();
    let mut asked = BTreeSet::new();
    while let Some(next) = diagnose(&parse::resolve(&case)).next {
        // What only a person can answer ends the test.
        let Some(place) = next.on.and_then(Where::place) else {
            return Ok(());
        };
        let command = next.command.unwrap_or_default();
        case.outputs.push(answer(place, &command));
        if !asked.insert((next.text.key, place_name(place), command)) {
            return Err(format!("asked again: {asked:#?}"));
        }
    }
    Ok(())
}

/// The answer to a question that gave a command, as the window hands it in.
fn typed(on: Place, command: &str) -> Output {
    let text = match command.strip_prefix("ping ") {
        Some(words) => {
            let guest = words
                .split([' ', ';'])
                .find(|word| word.parse::<std::net::IpAddr>().is_ok());
            let guest = guest.unwrap_or_default();
            format!(
                "PING {guest} ({guest}) 56(84) bytes of data.\n\n--- {guest} ping statistics ---\n\
                 3 packets transmitted, 0 received, 100% packet loss, time 2033ms\n\n"
            )
        }
        None => "-bash: command not found\n".to_owned(),
    };
    Output {
        on,
        command: command.to_owned(),
        text,
    }
}

/// The same for the guest's script, whose output tells by itself what it is: as the command line hands it in.
fn pasted(on: Place, command: &str) -> Output {
    if !command.contains("'ip route'") {
        return typed(on, command);
    }
    let commands = command.split('\'').skip(1).step_by(2);
    let text: String = commands
        .map(|line| format!("$ {line}\nexit status 127\n"))
        .collect();
    Output {
        on,
        command: String::new(),
        text,
    }
}

fn place_name(place: Place) -> String {
    format!("{place:?}")
}

fn commands(diagnosis: &Diagnosis, expect: &Expect) -> Result<(), String> {
    let Some(first) = diagnosis.causes.first() else {
        return Ok(());
    };
    if first.remedy.is_empty() {
        return Err(format!("{} has no remedy", first.id));
    }
    let text = serde_json::to_string(&first.remedy).map_err(|error| error.to_string())?;
    let commands: String = text.replace("\\\"", "\"").replace("\\\\", "\\");
    match expect
        .command_holds
        .iter()
        .find(|word| !commands.contains(word.as_str()))
    {
        Some(missing) => Err(format!("no remedy holds {missing:?}: {commands}")),
        None => Ok(()),
    }
}

/// Every sentence of the answer exists in both languages, with nothing left open.
fn texts(diagnosis: &Diagnosis) -> Result<(), String> {
    use vmnet_doctor::remedy::Remedy;
    let remedies = diagnosis
        .causes
        .iter()
        .flat_map(|cause| &cause.remedy)
        .flat_map(|remedy| match remedy {
            Remedy::Command(command) => vec![&command.title, &command.effect],
            Remedy::Ask { ask, .. } => vec![ask],
        });
    let facts = diagnosis.causes.iter().flat_map(|cause| &cause.evidence);
    let facts = facts
        .chain(diagnosis.path.iter().flat_map(|step| &step.evidence))
        .map(|fact| &fact.fact);
    let messages = diagnosis
        .causes
        .iter()
        .map(|cause| &cause.summary)
        .chain(&diagnosis.notes)
        .chain(diagnosis.next.iter().map(|next| &next.text))
        .chain(remedies)
        .chain(facts);
    for message in messages {
        for language in Language::ALL {
            let text = language.say(message);
            if !language.has(message.key) || text.contains("{$") || text.trim().is_empty() {
                return Err(format!("{} in {}: {text}", message.key, language.name()));
            }
        }
    }
    Ok(())
}

/// The ids that the program is to name, from `catalogue.txt`: id and station, one a line.
fn catalogue() -> Vec<&'static str> {
    let lines = include_str!("catalogue.txt").lines();
    let lines = lines
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.filter_map(|line| line.split_whitespace().next()).collect()
}

/// What every cause must have, besides its rule.
const WANTED: [&str; 4] = ["rule", "scenario", "three-scenarios", "raw-scenario"];

/// What ids of the catalogue do not have yet, as `id what`.
fn lacking(files: &[PathBuf]) -> Result<BTreeSet<String>, String> {
    /// What stands in scenarios for one id.
    #[derive(Default)]
    struct Told {
        /// Those that name it first.
        first: usize,
        /// Those that are about it: that name it first, or are called by it and name a look-alike or nothing.
        about: usize,
        /// Those that name it first from printed outputs alone.
        raw: usize,
    }
    let ids = catalogue();
    let mut told: std::collections::BTreeMap<&str, Told> = std::collections::BTreeMap::new();
    for file in files {
        let text = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
        let value: serde_json::Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        let first = value["expect"]["causes"][0].as_str();
        let by_name = named_by(file, &ids);
        if let Some(id) = ids.iter().find(|id| first == Some(**id)) {
            let parsed = ["host", "guest", "guest2", "lan", "hypervisors", "probes"];
            let own = told.entry(id).or_default();
            own.first += 1;
            own.raw += usize::from(
                value["outputs"].is_array() && parsed.iter().all(|part| value.get(part).is_none()),
            );
        }
        let about: BTreeSet<&str> = ids
            .iter()
            .copied()
            .filter(|id| first == Some(*id) || by_name == Some(*id))
            .collect();
        for id in about {
            told.entry(id).or_default().about += 1;
        }
    }
    let mut lacking = BTreeSet::new();
    for id in ids {
        let own = told.remove(id).unwrap_or_default();
        let met = [
            rules::find(id).is_some(),
            own.first > 0,
            own.about >= 3,
            own.raw > 0,
        ];
        let missing = WANTED.iter().zip(met).filter(|(_, met)| !met);
        lacking.extend(missing.map(|(what, _)| format!("{id} {what}")));
    }
    Ok(lacking)
}

/// Every id of the catalogue has its rule and its scenarios, or stands in `lacking.txt`. That list only gets shorter:
/// what stands there and is met is an error, too. `UPDATE_LACKING=true` writes it anew.
fn covers(files: &[PathBuf]) -> Result<(), String> {
    let lacking = lacking(files)?;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios/lacking.txt");
    if std::env::var_os("UPDATE_LACKING").is_some() {
        let text: String = lacking.iter().map(|line| format!("{line}\n")).collect();
        std::fs::write(&path, text).map_err(|error| error.to_string())?;
    }
    let known = std::fs::read_to_string(&path).map_err(|error| error.to_string())?;
    let known: BTreeSet<String> = known.lines().map(str::to_owned).collect();
    let new: Vec<&String> = lacking.difference(&known).collect();
    let met: Vec<&String> = known.difference(&lacking).collect();
    if new.is_empty() && met.is_empty() {
        Ok(())
    } else {
        Err(format!(
            "lacking: {new:#?}\nto be taken off tests/scenarios/lacking.txt: {met:#?}"
        ))
    }
}

/// Every rule has its texts in both languages, something to do about it on every system, and, when it is not in the
/// catalogue, a scenario.
fn rules_are_whole(files: &[PathBuf]) -> Result<(), String> {
    use vmnet_doctor::diagnose::Situation;
    use vmnet_doctor::model::Os;
    let mut wrong = Vec::new();
    let mut named = BTreeSet::new();
    for file in files {
        named.extend(read(file)?.1.causes);
    }
    for rule in rules::all() {
        for language in Language::ALL {
            let reasons = vmnet_doctor::knowledge::reasons_for(rule.id);
            for key in [rule.title, rule.summary, rule.text].into_iter().chain(reasons) {
                if !language.has(key) {
                    wrong.push(format!("{}: no {key} in {}", rule.id, language.name()));
                }
            }
        }
        for os in [Os::Linux, Os::Windows, Os::Macos] {
            let mut case = Case::default();
            case.intake.host_os = Some(os);
            case.intake.guest_os = Some(os);
            if (rule.remedy)(&Situation::of(&case)).is_empty() {
                wrong.push(format!("{}: nothing to do about it on {}", rule.id, os.name()));
            }
        }
        if !catalogue().contains(&rule.id) && !named.contains(rule.id) {
            wrong.push(format!("{}: no scenario", rule.id));
        }
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(wrong.join("\n"))
    }
}

/// Every command says what it changes and how to see whether it worked, and stands for the system that was asked for. Where
/// a system gets no command, `by-hand.txt` says so, and nowhere else: `ID host|guest SYSTEM`, and who has to do it.
fn remedies_are_whole() -> Result<(), String> {
    use vmnet_doctor::diagnose::{At, Situation};
    use vmnet_doctor::model::{HypervisorId, Os};
    use vmnet_doctor::remedy::Remedy;
    let mut wrong = Vec::new();
    let mut by_hand = BTreeSet::new();
    for rule in rules::all() {
        let ends: &[(Where, &[Os])] = match rule.at {
            At::Guest => &[(Where::Guest, &[Os::Linux, Os::Windows, Os::Macos, Os::Bsd])],
            _ => &[(Where::Host, &[Os::Linux, Os::Windows, Os::Macos])],
        };
        for (end, systems) in ends {
            for os in *systems {
                let mut case = Case::default();
                if *end == Where::Guest {
                    case.intake.guest_os = Some(*os);
                    case.intake.host_os = Some(Os::Linux);
                } else {
                    case.intake.host_os = Some(*os);
                }
                // The products that run on such a host; some fixes are their commands.
                let products: &[Option<HypervisorId>] = match os {
                    _ if *end == Where::Guest => &[None],
                    Os::Windows => &[
                        None,
                        Some(HypervisorId::VmwareWorkstation),
                        Some(HypervisorId::VirtualBox),
                        Some(HypervisorId::HyperV),
                    ],
                    Os::Macos => &[
                        None,
                        Some(HypervisorId::VmwareFusion),
                        Some(HypervisorId::VirtualBox),
                    ],
                    _ => &[
                        None,
                        Some(HypervisorId::Libvirt),
                        Some(HypervisorId::VirtualBox),
                        Some(HypervisorId::VmwareWorkstation),
                    ],
                };
                let mut ways = Vec::new();
                for product in products {
                    case.intake.hypervisor = *product;
                    ways.extend((rule.remedy)(&Situation::of(&case)));
                }
                let mut own = false;
                let mut others = false;
                for way in &ways {
                    let Remedy::Command(command) = way else { continue };
                    let what = format!("{} {}: {}", rule.id, os.name(), command.command);
                    if command.command.trim().is_empty() || command.verify.trim().is_empty() {
                        wrong.push(format!(
                            "{what}: no command, or nothing that shows whether it worked"
                        ));
                    }
                    if command.on == *end && command.os == *os {
                        own = true;
                    } else {
                        others = true;
                    }
                }
                if !own {
                    let side = if *end == Where::Guest { "guest" } else { "host" };
                    let network = ways.iter().any(|way| {
                        matches!(
                            way,
                            Remedy::Ask {
                                on: Where::Network,
                                ..
                            }
                        )
                    });
                    let who = match (others, network) {
                        // The fix is made on another machine or exists on another system alone.
                        (true, _) => "elsewhere",
                        (false, true) => "network",
                        (false, false) => "by-hand",
                    };
                    by_hand.insert(format!("{} {side} {} {who}", rule.id, os.name()));
                }
            }
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios/by-hand.txt");
    // Behind `#` stands why there is no command; what a person has to do must have its reason.
    let known = std::fs::read_to_string(&path).map_err(|error| error.to_string())?;
    let reasons: BTreeMap<String, String> = known
        .lines()
        .map(|line| {
            let (what, reason) = line.split_once(" # ").unwrap_or((line, ""));
            (what.to_owned(), reason.to_owned())
        })
        .collect();
    if std::env::var_os("UPDATE_LACKING").is_some() {
        let text: String = by_hand
            .iter()
            .map(|line| match reasons.get(line) {
                Some(reason) if !reason.is_empty() => format!("{line} # {reason}\n"),
                _ => format!("{line}\n"),
            })
            .collect();
        std::fs::write(&path, text).map_err(|error| error.to_string())?;
    }
    for (what, reason) in &reasons {
        if what.ends_with(" by-hand") && reason.is_empty() {
            wrong.push(format!("{what}: tests/scenarios/by-hand.txt gives no reason"));
        }
    }
    let known: BTreeSet<String> = reasons.into_keys().collect();
    let new: Vec<&String> = by_hand.difference(&known).collect();
    let met: Vec<&String> = known.difference(&by_hand).collect();
    if wrong.is_empty() && new.is_empty() && met.is_empty() {
        Ok(())
    } else {
        Err(format!(
            "{}\nno command: {new:#?}\nto be taken off tests/scenarios/by-hand.txt: {met:#?}",
            wrong.join("\n")
        ))
    }
}

/// What lies among the healthy networks passes and accuses nobody, and there are enough of them.
fn healthy(files: &[PathBuf]) -> Result<(), String> {
    let mut count = 0;
    let mut wrong = Vec::new();
    let own = files
        .iter()
        .filter(|file| file.parent().is_some_and(|folder| folder.ends_with("healthy")));
    for file in own {
        let expect = read(file)?.1;
        if expect.causes.is_empty() && expect.verdict == "reachable" {
            count += 1;
        } else {
            wrong.push(file.display().to_string());
        }
    }
    if count >= 40 && wrong.is_empty() {
        Ok(())
    } else {
        Err(format!("only {count}; not healthy: {wrong:#?}"))
    }
}

/// Every id has a scenario about it that asks something, for its facts are missing there; what has none stands in
/// `unasked.txt`, with the reason behind `#`, and nothing else does. `UPDATE_LACKING=true` writes it anew.
fn asks(files: &[PathBuf]) -> Result<(), String> {
    let ids = catalogue();
    let mut asking = BTreeSet::new();
    let mut by_key = 0;
    for file in files {
        let expect = read(file)?.1;
        by_key += usize::from(matches!(expect.next, Some(Asks::This(_))));
        if expect.next.is_some_and(|asks| asks.is_something()) {
            let first = expect.causes.first().map(String::as_str);
            asking.extend(ids.iter().filter(|id| first == Some(**id)));
            asking.extend(named_by(file, &ids));
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios/unasked.txt");
    let known = std::fs::read_to_string(&path).map_err(|error| error.to_string())?;
    let reasons: BTreeMap<&str, &str> = known
        .lines()
        .map(|line| line.split_once(" # ").unwrap_or((line, "")))
        .collect();
    let unasked: Vec<&str> = ids.into_iter().filter(|id| !asking.contains(id)).collect();
    if std::env::var_os("UPDATE_LACKING").is_some() {
        let text: String = unasked
            .iter()
            .map(|id| match reasons.get(id) {
                Some(reason) if !reason.is_empty() => format!("{id} # {reason}\n"),
                _ => format!("{id}\n"),
            })
            .collect();
        std::fs::write(&path, text).map_err(|error| error.to_string())?;
    }
    let new: Vec<&&str> = unasked
        .iter()
        .filter(|id| reasons.get(**id).is_none_or(|reason| reason.is_empty()))
        .collect();
    let met: Vec<&&str> = reasons.keys().filter(|id| !unasked.contains(id)).collect();
    if new.is_empty() && met.is_empty() && by_key >= 20 {
        Ok(())
    } else {
        Err(format!(
            "asked nowhere: {new:#?}\nto be taken off tests/scenarios/unasked.txt: {met:#?}\nby their key: {by_key}"
        ))
    }
}

/// The id that a file is called by: `guest-apipa-unread` is about `guest-apipa`; the longest one wins.
fn named_by<'a>(file: &Path, ids: &[&'a str]) -> Option<&'a str> {
    let stem = file
        .file_stem()
        .and_then(|stem| stem.to_str())
        .unwrap_or_default();
    let calls = |id: &&&str| {
        stem.strip_prefix(**id)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    };
    ids.iter().filter(calls).max_by_key(|id| id.len()).copied()
}

fn verdict_name(verdict: Verdict) -> String {
    serde_json::to_value(verdict)
        .ok()
        .and_then(|name| name.as_str().map(str::to_owned))
        .unwrap_or_default()
}

fn confidence_name(confidence: Confidence) -> String {
    serde_json::to_value(confidence)
        .ok()
        .and_then(|name| name.as_str().map(str::to_owned))
        .unwrap_or_default()
}
