//! `scan`: this machine as it stands, and which way a packet would go.

use serde_json::json;

use super::arguments::ScanOptions;
use super::{FINE, Refusal, end, opened, output, runtime, text};
use crate::collect;
use crate::diagnose::filter::Content;
use crate::diagnose::walk::{Question, Walk, walk};
use crate::locale::Language;
use crate::model::{Case, Endpoint, SCHEMA};
use crate::report::words;

pub(super) fn run(options: &ScanOptions, language: Language) -> Result<u8, Refusal> {
    let now = jiff::Timestamp::now();
    if let Some(path) = &options.into {
        let case = this_machine(collect::rights::options(now), language)?;
        let answer = json!({ "schema": SCHEMA, "kind": "scan", "case": serde_json::to_value(&case)? });
        collect::rights::hand_over(path, &answer.to_string())?;
        return Ok(FINE);
    }
    let case = match &options.case {
        Some(path) => crate::parse::resolve(&opened(path, language)?),
        None => this_machine(collect::ScanOptions::new(now), language)?,
    };
    let walked = way(options, &case);
    if options.json {
        let mut answer = json!({ "schema": SCHEMA, "kind": "scan", "case": serde_json::to_value(&case)? });
        if let (Some(walked), Some(fields)) = (&walked, answer.as_object_mut()) {
            fields.insert("way".to_owned(), words::walk(walked, language));
        }
        output::json(&answer);
    } else {
        output::answer(&match &walked {
            Some(walked) => text::way(walked, language),
            None => text::inventory(&case, language),
        });
    }
    Ok(FINE)
}

fn this_machine(options: collect::ScanOptions, language: Language) -> Result<Case, Refusal> {
    let runtime = runtime()?;
    output::progress(&language.text("cli-scanning"));
    let case = runtime.block_on(collect::scan(options, |_| {}));
    end(runtime);
    Ok(case)
}

fn way(options: &ScanOptions, case: &Case) -> Option<Walk> {
    let question = Question {
        from: options.from.unwrap_or(Endpoint::Host),
        to: options.way_to?,
        content: options.port.map_or(Content::EchoRequest, Content::Tcp),
    };
    Some(walk(case, question))
}
