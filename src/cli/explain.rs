//! `explain`: one cause, what looks like it, and what is done about it.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::arguments::ExplainOptions;
use super::{FINE, Refusal, catalogue, output, text};
use crate::knowledge::reasons_for;
use crate::locale::Language;
use crate::model::{Case, Intake, Os, SCHEMA};
use crate::report::words;

pub(super) fn run(options: &ExplainOptions, language: Language) -> Result<u8, Refusal> {
    let entries = catalogue::entries();
    let Some(entry) = entries.iter().find(|entry| entry.id == options.cause) else {
        return Err(language
            .text_with("cli-unknown-cause", &[("cause", &options.cause)])
            .into());
    };
    let case = Case {
        intake: Intake {
            host_os: Some(options.host_os.unwrap_or(Os::here())),
            guest_os: options.guest_os,
            ..Intake::default()
        },
        ..Case::default()
    };
    let remedies = catalogue::remedy(entry, &case);
    if options.json {
        let remedy: Vec<Value> = remedies
            .iter()
            .map(|remedy| words::remedy(remedy, language))
            .collect();
        output::json(&json!({
            "schema": SCHEMA,
            "kind": "cause",
            "id": entry.id,
            "station": entry.station,
            "title": language.text(entry.title),
            "text": language.text(entry.text),
            "evidence": Vec::<Value>::new(),
            "look_alikes": entry.look_alikes,
            "by_design": reasons_for(entry.id).iter().map(|reason| language.text(reason)).collect::<Vec<_>>(),
            "remedy": remedy,
        }));
        return Ok(FINE);
    }
    let mut answer = format!(
        "{}\n\n{}\n",
        language.text(entry.title),
        language.text(entry.text)
    );
    let reasons = reasons_for(entry.id);
    if !reasons.is_empty() {
        let _ = write!(answer, "\n{}\n", language.text("cli-by-design"));
        for reason in reasons {
            let _ = writeln!(answer, "  · {}", language.text(reason));
        }
    }
    if !entry.look_alikes.is_empty() {
        let _ = write!(answer, "\n{}\n", language.text("cli-look-alikes"));
        for id in entry.look_alikes {
            let title = entries
                .iter()
                .find(|other| other.id == *id)
                .map(|other| other.title);
            let _ = writeln!(
                answer,
                "  {id}  {}",
                title.map(|key| language.text(key)).unwrap_or_default()
            );
        }
    }
    for remedy in &remedies {
        answer.push_str(&text::remedy(remedy, language));
    }
    output::answer(&answer);
    Ok(FINE)
}
