//! A report for strangers: what it hides is gone, and what it says is the same.

use vmnet_doctor::diagnose::{Diagnosis, diagnose};
use vmnet_doctor::locale::Language;
use vmnet_doctor::model::Case;
use vmnet_doctor::parse::resolve;
use vmnet_doctor::report::{self, Format, HiddenKind};

use super::diagnosis::scenarios;

/// What an answer says, without the names and addresses in it.
fn said(diagnosis: &Diagnosis) -> String {
    let causes: Vec<_> = diagnosis
        .causes
        .iter()
        .map(|cause| (cause.id, cause.confidence, cause.station, cause.remedy.len()))
        .collect();
    let path: Vec<_> = diagnosis
        .path
        .iter()
        .map(|step| (step.station, step.leg, step.verdict))
        .collect();
    let notes: Vec<_> = diagnosis.notes.iter().map(|note| &note.key).collect();
    format!("{:?} {causes:?} {path:?} {notes:?}", diagnosis.verdict)
}

/// Every scenario, hidden and opened again, gets the same answer, and nothing that was listed as hidden is left.
#[test]
fn a_redacted_report_diagnoses_the_same_and_holds_nothing_that_it_hides() {
    let mut wrong = Vec::new();
    let (mut names, mut hardware, mut addresses) = (0, 0, 0);
    for (path, value) in scenarios() {
        let case = Case::from_json(&value.to_string()).expect("a case");
        let text = report::write(&case, Format::Json, Language::English, true);
        let opened = Case::from_json(&text).expect("a report opens");
        let (before, after) = (
            said(&diagnose(&resolve(&case))),
            said(&diagnose(&resolve(&opened))),
        );
        if before != after {
            wrong.push(format!("{}:\n  {before}\n  {after}", path.display()));
        }
        // What we say ourselves of the case may hold any word; the case itself must not.
        let report: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let text = report["case"].to_string();
        for hidden in report::hidden(&case) {
            let count = match hidden.kind {
                HiddenKind::Name => &mut names,
                HiddenKind::Hardware => &mut hardware,
                HiddenKind::Address => &mut addresses,
            };
            *count += 1;
            let is_part = |c: Option<char>| {
                c.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | ':' | '-'))
            };
            let left = text.match_indices(&hidden.what).any(|(at, found)| {
                let (start, end) = (
                    text[..at].chars().next_back(),
                    text[at + found.len()..].chars().next(),
                );
                !is_part(start) && !is_part(end)
            });
            if left {
                wrong.push(format!("{}: {hidden:?} is still there", path.display()));
            }
        }
    }
    assert!(
        names > 100 && hardware > 100 && addresses > 20,
        "{names} {hardware} {addresses}"
    );
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
