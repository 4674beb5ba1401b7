//! `diagnose`: why one end does not reach the other.

use std::path::Path;

use super::arguments::{CaseOptions, DiagnoseOptions};
use super::misuse::in_words;
use super::{CAUSE, FINE, INCONCLUSIVE, Refusal, end, opened, output, runtime, text};
use crate::diagnose::compare::compare;
use crate::diagnose::{Diagnosis, Verdict};
use crate::locale::Language;
use crate::model::{Endpoint, Output, Place};
use crate::report::words;
use crate::wizard::file;
use crate::wizard::run::{Outcome, Request, Stage, judge, run_diagnosis};

/// Largest pasted output that is read, in bytes.
const MAX_OUTPUT: u64 = 8 * 1024 * 1024;

pub(super) fn run(options: DiagnoseOptions, language: Language) -> Result<u8, Refusal> {
    let before = match &options.before {
        Some(path) => Some(judge(&opened(path, language)?)),
        None => None,
    };
    let outcome = outcome(&options.case, language)?;
    if let Some(path) = &options.save {
        save(path, outcome.case.to_json().as_bytes(), language)?;
    }
    let diagnosis = &outcome.judged.diagnosis;
    let changed = before.map(|before| {
        let now = &outcome.judged;
        compare((&before.facts, &before.diagnosis), (&now.facts, &now.diagnosis))
    });
    if options.json {
        let mut answer = words::diagnosis(diagnosis, language);
        if let (Some(changed), Some(fields)) = (&changed, answer.as_object_mut()) {
            fields.insert("changed".to_owned(), words::comparison(changed, language));
        }
        output::json(&answer);
    } else {
        let changed = changed.map(|changed| text::comparison(&changed, language));
        let answer = text::diagnosis(diagnosis, language);
        output::answer(&format!("{answer}{}", changed.unwrap_or_default()));
    }
    Ok(status(diagnosis))
}

/// The exit status of a diagnosis.
pub(super) fn status(diagnosis: &Diagnosis) -> u8 {
    if !diagnosis.causes.is_empty() {
        CAUSE
    } else if diagnosis.verdict == Verdict::Reachable {
        FINE
    } else {
        INCONCLUSIVE
    }
}

/// Diagnoses what the options speak of.
pub(super) fn outcome(options: &CaseOptions, language: Language) -> Result<Outcome, Refusal> {
    let request = request(options, language)?;
    let replay = request.replay.is_some();
    let runtime = runtime()?;
    let outcome = runtime.block_on(run_diagnosis(request, |stage| {
        if let (false, Some(key)) = (replay, key(&stage)) {
            output::progress(&language.text(key));
        }
    }));
    end(runtime);
    Ok(outcome)
}

fn key(stage: &Stage) -> Option<&'static str> {
    match stage {
        Stage::Scanning => Some("cli-scanning"),
        Stage::Probing(_) => Some("cli-probing"),
        Stage::Probe(_) => None,
    }
}

fn request(options: &CaseOptions, language: Language) -> Result<Request, Refusal> {
    let mut intake = options.intake();
    if options.inside {
        intake.from.get_or_insert(Endpoint::Guest);
    }
    let replay = match &options.case {
        Some(path) => Some(opened(path, language)?),
        None => None,
    };
    let told = match &replay {
        Some(case) => case.intake.clone().overruled_by(intake.clone()),
        None => intake.clone(),
    };
    if told.start() == told.end() {
        let end = told.end().name();
        return Err(language.text_with("cli-same-ends", &[("end", end)]).into());
    }
    // Without an address the second guest, or the machine on the LAN, can be anybody.
    let nameless = told.target.is_none() && replay.is_none();
    if nameless && [told.start(), told.end()].contains(&Endpoint::Guest2) {
        return Err(language.text("cli-needs-target").into());
    }
    let mut outputs = Vec::new();
    for (on, paths) in [
        (Place::Esxi, &options.hypervisor_output),
        (Place::Guest, &options.guest_output),
        (Place::Guest2, &options.guest2_output),
        (Place::Lan, &options.lan_output),
    ] {
        for path in paths {
            outputs.push(Output {
                on,
                command: String::new(),
                text: read_output(path, language)?,
            });
        }
    }
    Ok(Request {
        intake,
        outputs,
        replay,
        inside: options.inside,
    })
}

fn read_output(path: &Path, language: Language) -> Result<String, Refusal> {
    let read = if path.as_os_str() == "-" {
        file::read_standard_input(MAX_OUTPUT)
    } else {
        file::read_text(path, MAX_OUTPUT)
    };
    read.map_err(|error| Refusal(format!("{}: {}", path.display(), in_words(&error, language))))
}

/// Writes a file whole, or says why not.
pub(super) fn save(path: &Path, bytes: &[u8], language: Language) -> Result<(), Refusal> {
    let refused = |error| Refusal(format!("{}: {}", path.display(), in_words(&error, language)));
    file::write_whole(path, bytes).map_err(refused)
}
