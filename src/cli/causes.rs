//! `causes`: every cause that can be named.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::arguments::JsonOptions;
use super::{FINE, Refusal, catalogue, output};
use crate::locale::Language;
use crate::model::SCHEMA;

pub(super) fn run(options: &JsonOptions, language: Language) -> Result<u8, Refusal> {
    let entries = catalogue::entries();
    if options.json {
        let causes: Vec<Value> = entries
            .iter()
            .map(|entry| {
                json!({ "id": entry.id, "station": entry.station, "title": language.text(entry.title) })
            })
            .collect();
        output::json(&json!({ "schema": SCHEMA, "kind": "causes", "causes": causes }));
        return Ok(FINE);
    }
    let width = entries.iter().map(|entry| entry.id.len()).max().unwrap_or(0);
    let mut text = String::new();
    for entry in entries {
        let _ = writeln!(text, "{:<width$}  {}", entry.id, language.text(entry.title));
    }
    output::answer(&text);
    Ok(FINE)
}
