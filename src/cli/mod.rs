//! The command line, one file a verb, over the same application as the window.
//!
//! Standard output carries the answer only; progress and errors go to standard error. `--json` prints one object.

mod arguments;
mod catalogue;
mod causes;
mod diagnose;
mod explain;
mod guest_script;
mod help;
mod misuse;
mod open;
mod output;
mod ping;
mod report;
mod scan;
mod sweep;
mod text;

use std::process::ExitCode;

use clap::FromArgMatches as _;
use clap::error::ErrorKind;

use arguments::{Arguments, Verb};
pub use output::printable;

use crate::locale::Language;
use crate::wizard::file;

/// Exit status: reachable, and nothing wrong found; or the answer was printed.
const FINE: u8 = 0;
/// Exit status: a cause is named.
const CAUSE: u8 = 1;
/// Exit status: wrong usage, or input that cannot be read.
const USAGE: u8 = 2;
/// Exit status: not known to be reachable, and no cause named.
const INCONCLUSIVE: u8 = 3;

/// What ends a verb before its answer: wrong usage, or input that cannot be read.
#[derive(Debug)]
struct Refusal(String);

impl<T: ToString> From<T> for Refusal {
    fn from(text: T) -> Self {
        Self(text.to_string())
    }
}

/// Runs the program with the arguments of this process.
pub fn main() -> ExitCode {
    #[cfg(windows)]
    crate::windows_api::attach_console();
    let words = help::without_help_verb(std::env::args_os().collect());
    let settings = || crate::wizard::Settings::load().language();
    let told = help::language_of(&words);
    let language = told.unwrap_or_else(settings);
    let parsed = help::command(language).try_get_matches_from(words);
    let arguments = match parsed.and_then(|matches| Arguments::from_arg_matches(&matches)) {
        Ok(arguments) => arguments,
        Err(error) => return misused(&error, language),
    };
    let status = match arguments.verb {
        None => return open::window(open::Opening::ThisMachine, arguments.renderer, arguments.lang),
        Some(Verb::Open(options)) => match open::opening(options, language) {
            Ok(opening) => return open::window(opening, arguments.renderer, arguments.lang),
            Err(refusal) => Err(refusal),
        },
        Some(Verb::Scan(options)) => scan::run(&options, language),
        Some(Verb::Diagnose(options)) => diagnose::run(options, language),
        Some(Verb::Report(options)) => report::run(options, language),
        Some(Verb::Ping(options)) => ping::run(&options, language),
        Some(Verb::Sweep(options)) => sweep::run(&options, language),
        Some(Verb::Explain(options)) => explain::run(&options, language),
        Some(Verb::Causes(options)) => causes::run(&options, language),
        Some(Verb::GuestScript(options)) => guest_script::run(&options, language),
    };
    match status {
        Ok(status) => ExitCode::from(status),
        Err(Refusal(why)) => {
            output::complain(&why);
            ExitCode::from(USAGE)
        }
    }
}

/// Help and version are answers; everything else is wrong usage, told in one line.
fn misused(error: &clap::Error, language: Language) -> ExitCode {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        output::answer(&error.render().to_string());
        return ExitCode::from(FINE);
    }
    output::complain(&misuse::sentence(error, language));
    ExitCode::from(USAGE)
}

/// The case in a file.
fn opened(path: &std::path::Path, language: Language) -> Result<crate::model::Case, Refusal> {
    let (case, _) = file::read_case(path).map_err(|error| Refusal(misuse::not_opened(error, language)))?;
    Ok(case)
}

/// A runtime for a verb that reads or sends.
fn runtime() -> Result<tokio::runtime::Runtime, Refusal> {
    Ok(tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?)
}

/// A runtime on this thread alone, for a verb that only sends and listens: nobody has to be woken for a packet.
fn lean_runtime() -> Result<tokio::runtime::Runtime, Refusal> {
    Ok(tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?)
}

/// Ends a runtime without waiting for files or tools that hang.
fn end(runtime: tokio::runtime::Runtime) {
    runtime.shutdown_background();
}

/// A language of the command line.
fn language(name: &str) -> Result<Language, &'static str> {
    name.parse().map_err(|()| "misuse-language")
}
