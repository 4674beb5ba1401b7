//! Everything the window shows, as plain data.
//!
//! A [`State`] is cheap to clone: large values stand behind an [`Arc`]. It changes only in
//! `transition`; the window draws it and sends [`super::Command`]s.

use std::collections::{BTreeMap, VecDeque};
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ipnet::IpNet;

use super::example::Example;
pub use super::long_watch::{Flip, Looks, Mark, Standing};
use super::{Detection, Settings};
use crate::diagnose::{Diagnosis, Station};
use crate::model::{Case, Mac, Message, Place};
use crate::probe::History;
use crate::report::Hidden;

/// The whole state of the application.
#[derive(Clone, Debug)]
pub struct State {
    /// The page on screen.
    pub page: Page,
    /// The pages before it, latest last, for *Back*.
    pub back: Vec<Page>,
    /// The case as it would be saved: what the user told, the scan's facts, pasted outputs, probe results.
    pub case: Arc<Case>,
    /// The same with all raw outputs taken in: what pages draw and what the diagnosis stands on.
    pub facts: Arc<Case>,
    /// What was recognized of hypervisor, mode and machine; the user's choices outrank it.
    pub detection: Arc<Detection>,
    /// Where the case came from.
    pub origin: Origin,
    /// How far the reading of this machine is.
    pub scan: ScanStatus,
    /// When facts were read with administrator rights, as long as no newer scan took their place.
    pub with_rights: Option<Instant>,
    /// The command that reads more with administrator rights, where the system's prompt cannot start this program.
    pub rights_by_hand: Option<String>,
    /// Facts that were read with administrator rights while the scan still ran; they join its facts.
    pub waiting_rights: Option<Arc<Case>>,
    /// How far the check is.
    pub check: CheckStatus,
    /// The probes of the check, live while it runs.
    pub lines: Arc<Vec<ProbeLine>>,
    /// The answer, once there is one. It is kept while a new check runs.
    pub diagnosis: Option<Arc<Diagnosis>>,
    /// Case and answer before *Test again*.
    pub before: Option<Answer>,
    /// The live monitor.
    pub monitor: MonitorState,
    /// The search for machines on a segment.
    pub sweep: SweepStatus,
    /// Short messages, oldest first.
    pub toasts: Vec<Toast>,
    /// Something that went wrong and needs reading.
    pub problem: Option<Problem>,
    /// What is kept between runs.
    pub settings: Arc<Settings>,
    /// Texts in the boxes that were typed but not yet used.
    pub drafts: Drafts,
    /// Whether reports hide names and addresses.
    pub redact: bool,
    /// What that would hide of a case, for looking at beforehand.
    pub hidden: Option<HiddenList>,
    /// Whether the case holds something that no file has.
    pub unsaved: bool,
    /// What *Undo* brings back.
    pub undo: Option<Undoable>,
    /// Running number of the last job given to the worker; answers to older ones are dropped.
    pub job: u64,
    /// Jobs that still run.
    pub jobs: Jobs,
    /// Running number of the last toast.
    pub last_toast: u64,
}

/// The pages, in the order of the wizard, then those beside it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Page {
    /// The segments of this machine.
    #[default]
    Overview,
    /// Which product, which mode, which card.
    HypervisorMode,
    /// Who cannot reach whom.
    Symptom,
    /// The path, station by station.
    Check,
    /// The cause and its commands.
    Fix,
    /// Before and after, and the report.
    Verify,
    /// Live plots of any addresses.
    Monitor,
    /// Adapters, routes, neighbors, firewall.
    Tables,
    /// Which mode would do.
    Plan,
    /// Short lessons.
    Learn,
}

impl Page {
    /// The steps of the wizard.
    pub const STEPS: [Self; 6] = [
        Self::Overview,
        Self::HypervisorMode,
        Self::Symptom,
        Self::Check,
        Self::Fix,
        Self::Verify,
    ];

    /// The pages beside the wizard.
    pub const BESIDE: [Self; 4] = [Self::Monitor, Self::Tables, Self::Plan, Self::Learn];

    /// The end of its text keys: `page-hypervisor-mode`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Overview => "overview",
            Self::HypervisorMode => "hypervisor-mode",
            Self::Symptom => "symptom",
            Self::Check => "check",
            Self::Fix => "fix",
            Self::Verify => "verify",
            Self::Monitor => "monitor",
            Self::Tables => "tables",
            Self::Plan => "plan",
            Self::Learn => "learn",
        }
    }

    /// Whether it is a step of the wizard.
    pub fn is_step(self) -> bool {
        Self::STEPS.contains(&self)
    }
}

/// Where a case came from. Only a live one sends packets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Origin {
    /// This machine.
    #[default]
    Live,
    /// A saved case or report.
    File(PathBuf),
    /// A shipped example.
    Example(Example),
}

impl Origin {
    /// Whether the case is of this machine, so that packets may be sent for it.
    pub fn is_live(&self) -> bool {
        *self == Self::Live
    }
}

/// How far the reading of this machine is.
#[derive(Clone, Debug, Default)]
pub enum ScanStatus {
    /// Not begun; also for replayed cases.
    #[default]
    Idle,
    /// Sources are being asked, side by side.
    Running {
        /// When it began.
        since: Instant,
        /// Each source that was announced.
        sources: Vec<ScanSource>,
    },
    /// All sources answered or ran out of time.
    Done {
        /// How long it took.
        took: Duration,
        /// When it ended.
        at: Instant,
        /// Each source with its end.
        sources: Vec<ScanSource>,
    },
}

impl ScanStatus {
    /// Whether sources are being asked.
    pub fn is_running(&self) -> bool {
        matches!(self, Self::Running { .. })
    }

    /// The sources so far.
    pub fn sources(&self) -> &[ScanSource] {
        match self {
            Self::Idle => &[],
            Self::Running { sources, .. } | Self::Done { sources, .. } => sources,
        }
    }
}

/// One source of the scan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScanSource {
    /// What is asked: `netlink`, `virsh`, `VBoxManage`. A proper name, shown as it is.
    pub name: String,
    /// How far it is.
    pub state: SourceState,
    /// How long it took, or takes so far as last told.
    pub elapsed: Duration,
}

/// How far one source of the scan is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceState {
    /// It was asked.
    Running,
    /// It answered.
    Done,
    /// It could not be read, fully or at all; `unread` of the case says why.
    Unread,
}

/// How far the check is.
#[derive(Clone, Debug, Default)]
pub enum CheckStatus {
    /// Not begun.
    #[default]
    Idle,
    /// It waits for the scan, or probes run.
    Running {
        /// When it began.
        since: Instant,
        /// Whether it still waits for facts of the scan.
        waiting_for_scan: bool,
    },
    /// It ended with a diagnosis.
    Done {
        /// How long it took.
        took: Duration,
    },
    /// The user stopped it.
    Cancelled,
}

impl CheckStatus {
    /// Whether it runs.
    pub fn is_running(&self) -> bool {
        matches!(self, Self::Running { .. })
    }
}

/// One probe of the check, as it is shown while it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProbeLine {
    /// Its number in this check.
    pub id: usize,
    /// The station that it speaks of.
    pub station: Station,
    /// What is sent.
    pub kind: ProbeKind,
    /// The machine that sends.
    pub from: Place,
    /// The address or name it is sent to, shown as it is.
    pub target: String,
    /// The address, once known.
    pub address: Option<IpAddr>,
    /// How far it is.
    pub state: LineState,
    /// One entry an echo request, in order of sending: the round-trip time in microseconds, `None` when lost.
    pub samples: Vec<Option<u64>>,
    /// Smallest step of those times in microseconds.
    pub step_us: u64,
    /// How long after the begin of the check it ended; `None` before that, and in a replay.
    pub took: Option<Duration>,
}

/// What a probe sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProbeKind {
    /// ICMP echo.
    Echo,
    /// TCP connect to this port.
    Tcp(u16),
    /// Neighbor resolution.
    Neighbor,
    /// Largest whole packet.
    PathMtu,
    /// Name resolution.
    Name,
    /// The routers on the way.
    Trace,
    /// A DHCP client's attempt.
    Dhcp,
}

impl ProbeKind {
    /// The end of its text key: `probe-echo`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Echo => "echo",
            Self::Tcp(_) => "tcp",
            Self::Neighbor => "neighbor",
            Self::PathMtu => "path-mtu",
            Self::Name => "name",
            Self::Trace => "trace",
            Self::Dhcp => "dhcp",
        }
    }
}

/// How far a probe is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineState {
    /// Not yet sent.
    Waiting,
    /// Sent, no end yet.
    Running,
    /// The target answered as hoped.
    Answered,
    /// Somebody answered, but with a refusal or an error.
    Refused,
    /// Nobody answered.
    Silent,
    /// It could not be sent, or says nothing.
    Unknown,
}

/// What a report of a case would hide.
#[derive(Clone, Debug)]
pub struct HiddenList {
    /// The case.
    pub case: Arc<Case>,
    /// Each thing with its stand-in; `None` while it is being looked for.
    pub list: Option<Arc<Vec<Hidden>>>,
}

/// A case with its answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The case, raw outputs taken in.
    pub facts: Arc<Case>,
    /// The answer to it.
    pub diagnosis: Arc<Diagnosis>,
}

/// The live monitor.
#[derive(Clone, Debug, Default)]
pub struct MonitorState {
    /// What it watches.
    pub targets: Vec<MonitorTarget>,
    /// Whether it sends.
    pub run: MonitorRun,
    /// Time between two requests to one target.
    pub interval: MonitorInterval,
    /// The file that every reply and loss is appended to as it comes.
    pub append_to: Option<PathBuf>,
    /// Events worth a mark in the plots, oldest first.
    pub marks: VecDeque<Mark>,
    /// Addresses that stopped answering or answered again, oldest first.
    pub flips: VecDeque<Flip>,
    /// What this machine was like last.
    pub looks: Looks,
    /// Whether the window cannot be seen: minimized.
    pub unseen: bool,
}

/// Whether the monitor sends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MonitorRun {
    /// It does not.
    #[default]
    Stopped,
    /// It does.
    Running,
    /// It holds; histories are kept.
    Paused,
}

/// Time between two requests to one target of the monitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MonitorInterval(pub Duration);

impl Default for MonitorInterval {
    fn default() -> Self {
        Self(Duration::from_millis(500))
    }
}

/// One address that the monitor watches.
#[derive(Clone, Debug)]
pub struct MonitorTarget {
    /// Its number; stays the same when others are removed.
    pub id: u64,
    /// The address.
    pub address: IpAddr,
    /// What it is, for people: `VMnet8 gateway`; empty when only the address is known.
    pub label: String,
    /// Time between two requests to it, where it is not that of all.
    pub interval: Option<Duration>,
    /// What came back, bounded, with its figures.
    pub history: Arc<History>,
    /// Whether it answers at present.
    pub standing: Standing,
}

impl MonitorTarget {
    /// How to call it: its label with the address, or the address alone.
    pub fn name(&self) -> String {
        if self.label.is_empty() {
            self.address.to_string()
        } else {
            format!("{} {}", self.label, self.address)
        }
    }
}

/// The search for machines on a segment.
#[derive(Clone, Debug, Default)]
pub enum SweepStatus {
    /// Not asked for.
    #[default]
    Idle,
    /// Requests are being sent.
    Running {
        /// The segment.
        net: IpNet,
        /// When it began.
        since: Instant,
        /// Addresses asked so far.
        asked: u64,
        /// Addresses in all.
        total: u64,
    },
    /// It ended.
    Done {
        /// The segment.
        net: IpNet,
        /// Who answered, by address.
        hosts: Arc<Vec<FoundHost>>,
        /// How long it took.
        took: Duration,
    },
}

/// A machine that a sweep found.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct FoundHost {
    /// Its address.
    pub address: IpAddr,
    /// Its hardware address, where it is on a segment of ours.
    pub mac: Option<Mac>,
    /// Whose hardware that is.
    pub vendor: Option<String>,
    /// The virtual machine that the hardware address belongs to.
    pub vm: Option<String>,
    /// Round-trip time in microseconds.
    pub rtt_us: Option<u64>,
    /// Ports that accepted a connection.
    pub open_ports: Vec<u16>,
}

/// A short message that goes away by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toast {
    /// Its number.
    pub id: u64,
    /// What it says.
    pub text: Message,
    /// How it is meant.
    pub kind: ToastKind,
    /// Whether it offers *Undo*.
    pub undo: bool,
    /// Since when it is shown.
    pub since: Instant,
}

/// How a toast is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToastKind {
    /// Something was done.
    Done,
    /// Something to know.
    Info,
    /// Something did not work.
    Problem,
}

/// How long a toast is shown.
pub const TOAST_TIME: Duration = Duration::from_secs(6);

/// Something that went wrong: a plain sentence, and the system's own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What was tried, what happened and what to do.
    pub text: Message,
    /// The system's own words; may be empty.
    pub detail: String,
}

/// Texts in boxes, kept while pages come and go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drafts {
    /// One text a box.
    pub texts: BTreeMap<Draft, String>,
}

impl Drafts {
    /// The text in this box.
    pub fn get(&self, draft: Draft) -> &str {
        self.texts.get(&draft).map_or("", String::as_str)
    }
}

/// The boxes that a person types or pastes into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Draft {
    /// Output of a command from this machine.
    Paste(Place),
    /// The answer to the question of the diagnosis.
    Answer,
    /// The guest's address.
    GuestAddress,
    /// The address or name outside.
    Target,
    /// The port.
    Port,
    /// A new address for the monitor.
    MonitorAddress,
    /// The segment to search.
    SweepNet,
    /// The address to look up in the routing table.
    LookUp,
    /// The filter of the tables.
    TableFilter,
}

/// What *Undo* brings back: what was taken away last.
#[derive(Clone, Debug)]
pub enum Undoable {
    /// A case.
    Case(Arc<Kept>),
    /// What the monitor had measured.
    Monitor(Arc<Cleared>),
}

/// What clearing the monitor took away.
#[derive(Clone, Debug)]
pub struct Cleared {
    /// The histories, by the number of their target.
    pub histories: Vec<(u64, Arc<History>)>,
    /// The marks.
    pub marks: VecDeque<Mark>,
    /// What stopped answering, or answered again.
    pub flips: VecDeque<Flip>,
}

/// What *Clear all* and opening another case took away.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The page.
    pub page: Page,
    /// The case.
    pub case: Arc<Case>,
    /// The case with its outputs taken in.
    pub facts: Arc<Case>,
    /// What was recognized.
    pub detection: Arc<Detection>,
    /// Where it came from.
    pub origin: Origin,
    /// Its answer.
    pub diagnosis: Option<Arc<Diagnosis>>,
    /// The answer before.
    pub before: Option<Answer>,
    /// The probes.
    pub lines: Arc<Vec<ProbeLine>>,
    /// The texts in boxes.
    pub drafts: Drafts,
    /// Whether it was saved.
    pub unsaved: bool,
}

/// Numbers of the jobs that still run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Jobs {
    /// The scan.
    pub scan: Option<u64>,
    /// The reading with administrator rights.
    pub rights: Option<u64>,
    /// The check.
    pub check: Option<u64>,
    /// The taking in of outputs and the diagnosis without packets.
    pub judge: Option<u64>,
    /// The sweep.
    pub sweep: Option<u64>,
    /// The opening of a file.
    pub open: Option<u64>,
    /// The writing of a file.
    pub save: Option<u64>,
}

impl State {
    /// The state at start: the overview of this machine, nothing known yet.
    pub fn new(settings: Settings) -> Self {
        Self {
            page: Page::Overview,
            back: Vec::new(),
            case: Arc::default(),
            facts: Arc::default(),
            detection: Arc::default(),
            origin: Origin::Live,
            scan: ScanStatus::Idle,
            with_rights: None,
            rights_by_hand: None,
            waiting_rights: None,
            check: CheckStatus::Idle,
            lines: Arc::default(),
            diagnosis: None,
            before: None,
            monitor: MonitorState::default(),
            sweep: SweepStatus::Idle,
            toasts: Vec::new(),
            problem: None,
            settings: Arc::new(settings),
            drafts: Drafts::default(),
            redact: false,
            hidden: None,
            unsaved: false,
            undo: None,
            job: 0,
            jobs: Jobs::default(),
            last_toast: 0,
        }
    }

    /// The language on screen.
    pub fn language(&self) -> crate::locale::Language {
        self.settings.language()
    }

    /// Whether something runs that changes the state by itself.
    pub fn is_busy(&self) -> bool {
        self.scan.is_running()
            || self.check.is_running()
            || matches!(self.sweep, SweepStatus::Running { .. })
            || self.monitor.run == MonitorRun::Running
            || self.jobs.judge.is_some()
    }
}
