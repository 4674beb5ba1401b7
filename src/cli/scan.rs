//! `scan`: this machine as it stands.

use serde_json::json;

use super::arguments::JsonOptions;
use super::{FINE, Refusal, end, output, runtime, text};
use crate::collect::{self, ScanOptions};
use crate::locale::Language;
use crate::model::SCHEMA;

pub(super) fn run(options: &JsonOptions, language: Language) -> Result<u8, Refusal> {
    let runtime = runtime()?;
    output::progress(&language.text("cli-scanning"));
    let case = runtime.block_on(collect::scan(ScanOptions::new(jiff::Timestamp::now()), |_| {}));
    end(runtime);
    if options.json {
        let case = serde_json::to_value(&case)?;
        output::json(&json!({ "schema": SCHEMA, "kind": "scan", "case": case }));
    } else {
        output::answer(&text::inventory(&case, language));
    }
    Ok(FINE)
}
