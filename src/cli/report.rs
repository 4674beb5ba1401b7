//! `report`: a diagnosis as one file to hand on.

use super::arguments::ReportOptions;
use super::{Refusal, diagnose};
use crate::locale::Language;
use crate::report::{self, Format};

pub(super) fn run(options: ReportOptions, language: Language) -> Result<u8, Refusal> {
    let Some(format) = Format::from_path(&options.out) else {
        let name = options.out.display().to_string();
        return Err(language.text_with("cli-unknown-form", &[("name", &name)]).into());
    };
    let outcome = diagnose::outcome(&options.case, language)?;
    let text = report::write(&outcome.case, format, language, options.redact);
    diagnose::save(&options.out, text.as_bytes(), language)?;
    Ok(diagnose::status(&outcome.judged.diagnosis))
}
