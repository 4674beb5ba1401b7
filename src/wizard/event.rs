//! What the worker tells, and what it is told to do.

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use ipnet::IpNet;

use super::example::Example;
use super::state::{FoundHost, Origin, ProbeLine, Problem, ScanSource};
use super::{Detection, ReportFormat, Settings};
use crate::collect::rights::NoRights;
use crate::diagnose::Diagnosis;
use crate::locale::Language;
use crate::model::{Case, Probe, System};
use crate::probe::watch::Change;
use crate::probe::{Sample, Told};
use crate::report::Hidden;

/// What the worker tells. Each answer carries the number of its job, so that late ones can be dropped.
#[derive(Debug)]
pub enum Event {
    /// A source of the scan began or ended.
    ScanSource {
        /// The job.
        job: u64,
        /// The source.
        source: ScanSource,
    },
    /// What the scan knows so far.
    ScanFacts {
        /// The job.
        job: u64,
        /// The facts, without intake.
        facts: Box<Case>,
    },
    /// The scan is done.
    Scanned {
        /// The job.
        job: u64,
        /// Its facts, without intake.
        facts: Box<Case>,
        /// How long it took.
        took: Duration,
    },
    /// This machine was read with administrator rights, or why not.
    ReadWithRights {
        /// The job.
        job: u64,
        /// The facts, without intake.
        result: Result<Box<Case>, NoRights>,
    },
    /// The probes of the check are planned.
    Lines {
        /// The job.
        job: u64,
        /// One line a probe.
        lines: Vec<ProbeLine>,
    },
    /// One echo request of the check came back, or did not.
    Sample {
        /// The job.
        job: u64,
        /// The line.
        line: usize,
        /// Round-trip time in microseconds.
        time_us: Option<u64>,
    },
    /// A probe ended: the line as it stands now.
    Line {
        /// The job.
        job: u64,
        /// The line.
        line: ProbeLine,
    },
    /// The probes ended.
    Probed {
        /// The job.
        job: u64,
        /// What came of them.
        probes: Vec<Probe>,
        /// The host with what was read again for the check: its neighbors and look-ups.
        host: Box<System>,
    },
    /// A case was judged.
    Judged {
        /// The job.
        job: u64,
        /// The answer.
        judged: Judged,
    },
    /// What a report of this case would hide.
    Hidden {
        /// The case.
        case: Arc<Case>,
        /// Each thing with its stand-in.
        list: Vec<Hidden>,
    },
    /// A file or example was read.
    Opened {
        /// The job.
        job: u64,
        /// What was opened.
        origin: Origin,
        /// The case with its answer, or why there is none.
        result: Result<Opened, Problem>,
    },
    /// How far the sweep is.
    SweepProgress {
        /// The job.
        job: u64,
        /// Addresses asked so far.
        asked: u64,
        /// Addresses in all.
        total: u64,
    },
    /// The sweep ended.
    Swept {
        /// The job.
        job: u64,
        /// The segment.
        net: IpNet,
        /// Who answered, or why nobody could be asked.
        result: Result<Vec<FoundHost>, Problem>,
        /// How long it took.
        took: Duration,
    },
    /// Requests of the monitor came back, or did not.
    Monitored {
        /// Number of the target, what came of the request, and what else the answer told.
        samples: Vec<(u64, Sample, Told)>,
    },
    /// Something of this machine's network changed while the monitor ran.
    Noticed {
        /// Milliseconds since the monitor was started first.
        at_ms: u64,
        /// What changed.
        change: Change,
    },
    /// A file that replies are appended to cannot be written.
    NotAppended {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        why: String,
    },
    /// This machine was read after an address stopped answering, or answered again.
    Recorded {
        /// The job.
        job: u64,
        /// Its facts, without intake.
        facts: Box<Case>,
    },
    /// A job came to an end that nobody foresaw.
    Failed {
        /// The job.
        job: u64,
        /// What is known of it.
        problem: Problem,
    },
    /// A file was written, or not.
    Saved {
        /// The job.
        job: u64,
        /// Which file.
        path: PathBuf,
        /// Whether it holds the whole case, so that it needs not be saved any more.
        whole_case: bool,
        /// The system's reason, when it was not written.
        result: Result<(), String>,
    },
}

/// A case with everything that follows from it.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The case, raw outputs taken in.
    pub facts: Arc<Case>,
    /// What was recognized.
    pub detection: Arc<Detection>,
    /// The answer.
    pub diagnosis: Arc<Diagnosis>,
}

/// A case out of a file.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The case as it stands in the file.
    pub case: Arc<Case>,
    /// What follows from it.
    pub judged: Judged,
    /// Whether the file was a report, which shows its answer at once.
    pub is_report: bool,
}

/// What the worker is told to do.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Read this machine.
    Scan {
        /// The job.
        job: u64,
    },
    /// Have this machine read with administrator rights.
    ReadWithRights {
        /// The job.
        job: u64,
        /// The language of what the system's prompt says.
        language: Language,
    },
    /// Send the probes of a check.
    Probe {
        /// The job.
        job: u64,
        /// The case, raw outputs taken in.
        facts: Arc<Case>,
    },
    /// Take in raw outputs and diagnose.
    Judge {
        /// The job.
        job: u64,
        /// The case.
        case: Arc<Case>,
    },
    /// List what a report of this case would hide.
    ListHidden {
        /// The job.
        job: u64,
        /// The case.
        case: Arc<Case>,
    },
    /// Read a case.
    Open {
        /// The job.
        job: u64,
        /// From where.
        source: Source,
    },
    /// Search a segment.
    Sweep {
        /// The job.
        job: u64,
        /// The segment.
        net: IpNet,
        /// What is known, for naming who is found.
        facts: Arc<Case>,
    },
    /// Read this machine quietly, for the record of what an address that stopped answering left behind.
    Record {
        /// The job.
        job: u64,
    },
    /// Call off a job.
    Stop {
        /// The job.
        job: u64,
    },
    /// Write a report.
    SaveReport {
        /// The job.
        job: u64,
        /// Where to.
        path: PathBuf,
        /// In which form.
        format: ReportFormat,
        /// Whether names and addresses are hidden.
        redact: bool,
        /// The case.
        case: Arc<Case>,
        /// The language.
        language: Language,
    },
    /// Write a text as it is.
    SaveText {
        /// The job.
        job: u64,
        /// Where to.
        path: PathBuf,
        /// The text.
        text: Arc<str>,
        /// Whether it holds the whole case.
        whole_case: bool,
    },
    /// Write the segment diagram.
    SaveDiagram {
        /// The job.
        job: u64,
        /// Where to.
        path: PathBuf,
        /// Whether the path of the traffic is on it.
        diagnosed: bool,
        /// Whether names and addresses are hidden.
        redact: bool,
        /// The case.
        case: Arc<Case>,
        /// The language.
        language: Language,
    },
    /// Write the case.
    SaveCase {
        /// The job.
        job: u64,
        /// Where to.
        path: PathBuf,
        /// The case.
        case: Arc<Case>,
    },
    /// Keep the settings.
    SaveSettings(Arc<Settings>),
    /// Send to these targets until told otherwise; an empty list ends it.
    Monitor {
        /// The targets.
        targets: Vec<Watched>,
        /// Time between two requests to one target.
        interval: Duration,
        /// The file that replies and losses are appended to.
        append_to: Option<PathBuf>,
    },
}

/// One target of the monitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Watched {
    /// Its number.
    pub id: u64,
    /// Its address.
    pub address: IpAddr,
    /// Time between two requests to it, where it is not that of all.
    pub interval: Option<Duration>,
}

/// Where a case is read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A file.
    File(PathBuf),
    /// A shipped example.
    Example(Example),
}
