//! Every `*.json` in this folder is a case with an `expect` beside its facts: the answer that it must get.
//! `README.md` describes the fields.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use libtest_mimic::{Arguments, Failed, Trial};
use serde::Deserialize;
use vmnet_doctor::diagnose::{Confidence, Diagnosis, Verdict, diagnose, rules};
use vmnet_doctor::locale::Language;
use vmnet_doctor::model::Case;
use vmnet_doctor::parse;

/// The answer that a case must get.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    /// The verdict's name in JSON.
    verdict: String,
    /// The causes in their order; empty for a healthy network.
    causes: Vec<String>,
    /// How sure the first one is; not looked at when left out.
    confidence: Option<String>,
    /// Words that the command of the first remedy must hold.
    #[serde(default)]
    command_holds: Vec<String>,
    /// Whether something has to be asked next.
    next: Option<bool>,
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
    trials.push(Trial::test("every-cause-has-a-scenario", move || {
        covers(&all).map_err(Failed::from)
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
    if verdict_name(diagnosis.verdict) != expect.verdict {
        return Err(format!("expected {}, got {told}", expect.verdict));
    }
    if let (Some(wanted), Some(first)) = (&expect.confidence, diagnosis.causes.first())
        && confidence_name(first.confidence) != *wanted
    {
        return Err(format!("expected {wanted}, got {told}"));
    }
    if let Some(asks) = expect.next
        && diagnosis.next.is_some() != asks
    {
        return Err(format!("next is {:?}", diagnosis.next));
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

fn covers(files: &[PathBuf]) -> Result<(), String> {
    let mut named = BTreeSet::new();
    for file in files {
        named.extend(
            read(file)
                .map_err(|error| format!("{}: {error}", file.display()))?
                .1
                .causes,
        );
    }
    let missing: Vec<&str> = rules::all()
        .iter()
        .map(|rule| rule.id)
        .filter(|id| !named.contains(*id))
        .collect();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(format!("no scenario for {missing:?}"))
    }
}

fn healthy(files: &[PathBuf]) -> Result<(), String> {
    let count = files
        .iter()
        .filter_map(|file| read(file).ok())
        .filter(|(_, expect)| expect.causes.is_empty())
        .count();
    if count >= 8 {
        Ok(())
    } else {
        Err(format!("only {count}"))
    }
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
