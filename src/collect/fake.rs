//! A machine made of stand-ins: files in a folder and scripts for tools.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use super::run::Tools;
use super::scan::run_sources;
use super::source::Source;
use super::{ScanEvent, ScanOptions, scan};
use crate::model::Case;

fn runtime() -> tokio::runtime::Runtime {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    runtime.expect("a runtime")
}

/// A machine whose files and tools are those of a folder.
pub(super) struct Fake {
    pub(super) folder: tempfile::TempDir,
}

impl Fake {
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("tools")).expect("made");
        // The kernel's own files are the real ones.
        std::os::unix::fs::symlink("/proc", folder.path().join("proc")).expect("linked");
        Self { folder }
    }

    pub(super) fn tool(self, name: &str, script: &str) -> Self {
        let file = self.folder.path().join("tools").join(name);
        std::fs::write(&file, format!("#!/bin/sh\n{script}\n")).expect("written");
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).expect("made a program");
        self
    }

    pub(super) fn file(self, path: &str, text: &str) -> Self {
        let file = self.folder.path().join(path.trim_start_matches('/'));
        std::fs::create_dir_all(file.parent().expect("a parent")).expect("made");
        std::fs::write(&file, text).expect("written");
        self
    }

    pub(super) fn options(&self) -> ScanOptions {
        ScanOptions {
            tools: Tools::only([self.folder.path().join("tools")]),
            root: self.folder.path().to_owned(),
            ..ScanOptions::new(jiff::Timestamp::from_second(1_700_000_000).expect("valid"))
        }
    }

    pub(super) fn scan(&self) -> (Case, Duration) {
        let start = Instant::now();
        let case = runtime().block_on(scan(self.options(), |_| ()));
        (case, start.elapsed())
    }

    /// Reads these sources, which may be those of another system.
    pub(super) fn scan_all(&self, sources: Vec<Source>) -> Case {
        runtime().block_on(run_sources(self.options(), sources, |_| ()))
    }

    /// Reads these sources, which may be those of another system, and tells when the first facts and when all
    /// were there.
    pub(super) fn scan_of(&self, sources: Vec<Source>) -> (Case, Duration, Duration) {
        let start = Instant::now();
        let first = Mutex::new(None);
        let case = runtime().block_on(run_sources(self.options(), sources, |event| {
            if let ScanEvent::Partial(case) = event
                && case.host.adapters.is_known()
            {
                first.lock().expect("free").get_or_insert_with(|| start.elapsed());
            }
        }));
        let first = first.into_inner().expect("free").expect("adapters were told");
        (case, first, start.elapsed())
    }
}

/// Why a thing could not be read, and what would read it.
pub(super) fn unread(case: &Case, what: &str) -> String {
    let found = case.unread.iter().find(|unread| unread.what == what);
    let found = found.unwrap_or_else(|| panic!("{what} is not in {:#?}", case.unread));
    format!("{} | {}", found.why, found.how)
}

/// The outputs that were not believed to be whole.
pub(super) fn cut(case: &Case) -> Vec<&str> {
    let gaps = case
        .unread
        .iter()
        .filter(|gap| gap.why.contains("does not look whole"));
    gaps.map(|gap| gap.how.as_str()).collect()
}

/// The text of a sample of the parsers.
pub(super) fn sample(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/samples")
        .join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A script that prints a file of its own folder for each pattern of arguments, and fails for all others.
pub(super) fn answers(fake: Fake, tool: &str, answers: &[(&str, &str)]) -> Fake {
    let mut fake = fake;
    let mut script = String::from("case \"$*\" in\n");
    for (index, (pattern, name)) in answers.iter().enumerate() {
        let file = format!("/answers/{tool}-{index}");
        fake = fake.file(&file, &sample(name));
        let file = fake.folder.path().join(file.trim_start_matches('/'));
        script.push_str(&format!("{pattern}) cat {} ;;\n", file.display()));
    }
    script.push_str("*) echo \"error: unknown: $*\" >&2; exit 1 ;;\nesac");
    fake.tool(tool, &script)
}
