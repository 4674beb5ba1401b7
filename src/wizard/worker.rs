//! Carries out effects on a background runtime and sends back news. Time, randomness, files and the network
//! enter the application here and nowhere else.

use std::collections::HashMap;
use std::future::Future;
use std::io;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Sender, SyncSender, TrySendError};
use std::time::{Duration, Instant, SystemTime};

use tokio::runtime::Runtime;
use tokio::task::AbortHandle;

use super::event::{Effect, Event, Opened, Source, Watched};
use super::journal::Journal;
use super::state::{Origin, Problem, ScanSource, SourceState};
use super::{Settings, file, lines, plan, run};
use crate::collect::rights::Asking;
use crate::collect::{ScanEvent, ScanOptions};
use crate::diagram::plain;
use crate::model::{Case, CaseError, MAX_CASE_BYTES, Message};
use crate::probe::monitor::{MonitorPlan, Reading};
use crate::probe::{Cancel, Progress, Sample, Told};
use crate::{collect, memory, probe, report};

/// How long files that are being written may hold up the end of the program.
const PARTING: Duration = Duration::from_millis(800);

/// After a job has ended: what it used is free and its threads are gone, and the window has drawn its news.
const QUIET: Duration = Duration::from_millis(1_500);

/// What the worker needs to know of its surroundings.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// Where tools are looked for; `None` looks where this machine keeps them.
    pub tools: Option<collect::run::Tools>,
    /// Where settings are kept; `None` keeps none.
    pub settings: Option<PathBuf>,
}

/// Where news go, and who is woken by them.
#[derive(Clone)]
pub(super) struct Outbox {
    to: Sender<Event>,
    wake: Arc<dyn Fn() + Send + Sync>,
}

impl Outbox {
    pub(super) fn new(to: Sender<Event>, wake: Arc<dyn Fn() + Send + Sync>) -> Self {
        Self { to, wake }
    }

    fn send(&self, event: Event) {
        if self.to.send(event).is_ok() {
            (self.wake)();
        }
    }
}

/// The runtime with the jobs that run on it.
pub(super) struct Worker {
    runtime: Option<Runtime>,
    outbox: Outbox,
    surroundings: Surroundings,
    jobs: HashMap<u64, AbortHandle>,
    monitor: Option<AbortHandle>,
    monitor_start: Option<Instant>,
    /// Jobs that have ended so far.
    ended: Arc<AtomicU64>,
}

impl Worker {
    /// Starts the runtime.
    ///
    /// # Errors
    /// When the system gives no threads.
    pub(super) fn start(outbox: Outbox, surroundings: Surroundings) -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .max_blocking_threads(32)
            // A scan needs a dozen threads for a second: their stacks and heaps need not stay with us.
            .thread_keep_alive(Duration::from_millis(500))
            .thread_name("vmnet-doctor-worker")
            .enable_all()
            .build()?;
        Ok(Self {
            runtime: Some(runtime),
            outbox,
            surroundings,
            jobs: HashMap::new(),
            monitor: None,
            monitor_start: None,
            ended: Arc::default(),
        })
    }

    /// Begins to carry out an effect, and returns at once.
    pub(super) fn carry_out(&mut self, effect: Effect) {
        let outbox = self.outbox.clone();
        match effect {
            Effect::Stop { job } => {
                if let Some(handle) = self.jobs.remove(&job) {
                    handle.abort();
                }
            }
            Effect::Scan { job } => {
                let tools = self.surroundings.tools.clone();
                self.spawn(job, scan(job, tools, outbox));
            }
            Effect::ReadWithRights { job, language } => {
                let tools = self.surroundings.tools.clone();
                let text = language.text("rights-prompt");
                self.spawn(job, read_with_rights(job, tools, text, outbox));
            }
            Effect::Record { job } => {
                let tools = self.surroundings.tools.clone();
                self.spawn(job, record(job, tools, outbox));
            }
            Effect::Probe { job, facts } => self.spawn(job, check(job, facts, outbox)),
            Effect::Sweep { job, net, facts } => self.spawn(job, sweep(job, net, facts, outbox)),
            Effect::Monitor {
                targets,
                interval,
                append_to,
            } => self.watch(targets, interval, append_to),
            Effect::SaveSettings(settings) => {
                if let (Some(path), Some(runtime)) = (self.surroundings.settings.clone(), &self.runtime) {
                    runtime.spawn_blocking(move || keep_settings(&settings, &path));
                }
            }
            pure => {
                let Some(job) = job_of(&pure) else { return };
                self.spawn(job, async move {
                    let done = tokio::task::spawn_blocking(move || by_hand(pure)).await;
                    match done {
                        Ok(Some(event)) => outbox.send(event),
                        Ok(None) => {}
                        // A panic in there must not end this task quietly.
                        Err(error) => std::panic::panic_any(error.to_string()),
                    }
                });
            }
        }
    }

    /// Runs a job. When it panics, the window hears of it instead of waiting for ever.
    fn spawn(&mut self, job: u64, work: impl Future<Output = ()> + Send + 'static) {
        let Some(runtime) = &self.runtime else { return };
        let task = runtime.spawn(work);
        self.jobs.retain(|_, handle| !handle.is_finished());
        self.jobs.insert(job, task.abort_handle());
        let outbox = self.outbox.clone();
        let ended = Arc::clone(&self.ended);
        runtime.spawn(async move {
            if let Err(error) = task.await
                && error.is_panic()
            {
                let problem = Problem {
                    text: Message::new("problem-internal"),
                    detail: error.to_string(),
                };
                outbox.send(Event::Failed { job, problem });
            }
            let nth = ended.fetch_add(1, Ordering::Relaxed) + 1;
            tokio::time::sleep(QUIET).await;
            if ended.load(Ordering::Relaxed) == nth {
                memory::give_back();
            }
        });
    }

    fn watch(&mut self, targets: Vec<Watched>, interval: Duration, append_to: Option<PathBuf>) {
        if let Some(handle) = self.monitor.take() {
            handle.abort();
        }
        let Some(runtime) = &self.runtime else { return };
        if targets.is_empty() {
            return;
        }
        let start = *self.monitor_start.get_or_insert_with(Instant::now);
        let before = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
        let mut journal = append_to.map(|path| {
            let to = append(runtime, path.clone(), start, self.outbox.clone());
            (path, to)
        });
        let outbox = self.outbox.clone();
        let task = runtime.spawn(async move {
            let mut plan = MonitorPlan::new(targets.iter().map(|target| target.address));
            plan.interval = interval;
            for (planned, target) in plan.targets.iter_mut().zip(&targets) {
                planned.interval = target.interval;
            }
            let emit = |readings: Vec<Reading>| {
                let samples = readings.into_iter().filter_map(|reading| {
                    let target = targets.get(reading.target)?;
                    let at_ms = before.saturating_add(reading.sample.at_ms);
                    let sample = Sample {
                        at_ms,
                        ..reading.sample
                    };
                    // Whoever writes may have given up, and has said so.
                    if let Some((path, to)) = &journal
                        && let Err(TrySendError::Full(_)) =
                            to.try_send((target.address, sample, reading.told))
                    {
                        let why = std::io::Error::from(std::io::ErrorKind::TimedOut).to_string();
                        let path = path.clone();
                        outbox.send(Event::NotAppended { path, why });
                        journal = None;
                    }
                    Some((target.id, sample, reading.told))
                });
                outbox.send(Event::Monitored {
                    samples: samples.collect(),
                });
            };
            let news = outbox.clone();
            let notice = move |change| {
                let at_ms = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
                news.send(Event::Noticed { at_ms, change });
            };
            tokio::join!(
                probe::monitor::run(plan, emit, Cancel::new()),
                probe::watch::run(notice, Cancel::new()),
            );
        });
        self.monitor = Some(task.abort_handle());
    }
}

/// What is appended to a file: who was asked, and what came.
type Line = (IpAddr, Sample, Told);

/// Lines that wait for a disk that hangs: minutes of them.
const MOST_LINES: usize = 65_536;

/// Appends to a file, in a thread that may wait for the disk, until nobody sends any more.
fn append(runtime: &Runtime, path: PathBuf, start: Instant, outbox: Outbox) -> SyncSender<Line> {
    let (to, lines) = std::sync::mpsc::sync_channel::<Line>(MOST_LINES);
    // A clock that is set anew while the monitor runs must not tear the file's times apart.
    let begun = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default()
        .saturating_sub(start.elapsed());
    let begun = u64::try_from(begun.as_millis()).unwrap_or(u64::MAX);
    runtime.spawn_blocking(move || {
        let written = Journal::open(&path).and_then(|mut journal| {
            while let Ok(first) = lines.recv() {
                let batch = std::iter::once(first).chain(lines.try_iter());
                journal.append(batch.map(|(address, sample, told)| {
                    (begun.saturating_add(sample.at_ms), address, sample, told)
                }))?;
            }
            Ok(())
        });
        if let Err(error) = written {
            let why = error.to_string();
            outbox.send(Event::NotAppended { path, why });
        }
    });
    to
}

impl Drop for Worker {
    fn drop(&mut self) {
        for handle in self.jobs.values().chain(&self.monitor) {
            handle.abort();
        }
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_timeout(PARTING);
        }
    }
}

async fn scan(job: u64, tools: Option<collect::run::Tools>, outbox: Outbox) {
    let since = Instant::now();
    let mut options = ScanOptions::new(jiff::Timestamp::now());
    if let Some(tools) = tools {
        options.tools = tools;
    }
    let news = outbox.clone();
    let facts = collect::scan(options, move |event| {
        let source = |name: &str, state, elapsed| ScanSource {
            name: name.to_owned(),
            state,
            elapsed,
        };
        news.send(match event {
            ScanEvent::Started { source: name } => Event::ScanSource {
                job,
                source: source(name, SourceState::Running, Duration::ZERO),
            },
            ScanEvent::Finished {
                source: name,
                elapsed,
                gap,
            } => {
                let state = if gap.is_some() {
                    SourceState::Unread
                } else {
                    SourceState::Done
                };
                Event::ScanSource {
                    job,
                    source: source(name, state, elapsed),
                }
            }
            ScanEvent::Partial(facts) => Event::ScanFacts { job, facts },
        });
    })
    .await;
    outbox.send(Event::Scanned {
        job,
        facts: Box::new(facts),
        took: since.elapsed(),
    });
}

/// Has this machine read by a second, short-lived process with more rights.
async fn read_with_rights(job: u64, tools: Option<collect::run::Tools>, text: String, outbox: Outbox) {
    let tools = tools.unwrap_or_else(collect::run::Tools::of_the_system);
    let result = match Asking::for_this_program(tools, text) {
        Ok(asking) => collect::rights::read(asking).await.map(Box::new),
        Err(why) => Err(why),
    };
    outbox.send(Event::ReadWithRights { job, result });
}

/// Reads this machine without telling how far it is.
async fn record(job: u64, tools: Option<collect::run::Tools>, outbox: Outbox) {
    let mut options = ScanOptions::new(jiff::Timestamp::now());
    if let Some(tools) = tools {
        options.tools = tools;
    }
    let facts = collect::scan(options, |_| {}).await;
    outbox.send(Event::Recorded {
        job,
        facts: Box::new(facts),
    });
}

async fn check(job: u64, facts: Arc<Case>, outbox: Outbox) {
    let check = plan::plan(&facts);
    outbox.send(Event::Lines {
        job,
        lines: lines::planned(&check),
    });
    let (probes, host) = run::send(&check, Cancel::new(), |news| match news {
        Progress::Echo { target, outcome, .. } => outbox.send(Event::Sample {
            job,
            line: target,
            time_us: outcome.ok().map(u64::from),
        }),
        Progress::Done { index, probe } => outbox.send(Event::Line {
            job,
            line: lines::live(index, &check, &probe),
        }),
    })
    .await;
    outbox.send(Event::Probed {
        job,
        probes,
        host: Box::new(host),
    });
}

async fn sweep(job: u64, net: ipnet::IpNet, facts: Arc<Case>, outbox: Outbox) {
    let since = Instant::now();
    let news = outbox.clone();
    let progress = move |far: probe::sweep::SweepProgress| {
        news.send(Event::SweepProgress {
            job,
            asked: far.done,
            total: far.total,
        });
    };
    let result = run::sweep(net, false, &facts, Cancel::new(), progress).await;
    let result = result.map_err(|error| Problem {
        text: Message::new("problem-sweep").with("value", net),
        detail: error.to_string(),
    });
    outbox.send(Event::Swept {
        job,
        net,
        result,
        took: since.elapsed(),
    });
}

/// Carries out an effect that needs no network: files, parsing, judging. Blocks for as long as it takes.
pub(super) fn by_hand(effect: Effect) -> Option<Event> {
    match effect {
        Effect::Judge { job, case } => Some(Event::Judged {
            job,
            judged: run::judge(&case),
        }),
        Effect::Open { job, source } => Some(open(job, source)),
        Effect::ListHidden { case, .. } => {
            let list = report::hidden(&case);
            Some(Event::Hidden { case, list })
        }
        Effect::SaveReport {
            job,
            path,
            format,
            redact,
            case,
            language,
        } => {
            let text = report::write(&case, format, language, redact);
            let whole_case = format == super::ReportFormat::Json && !redact;
            Some(save(job, path, text.as_bytes(), whole_case))
        }
        Effect::SaveDiagram {
            job,
            path,
            diagnosed,
            redact,
            case,
            language,
        } => {
            let text = report::diagram(&case, diagnosed, language, redact);
            Some(save(job, path, text.as_bytes(), false))
        }
        Effect::SaveText {
            job,
            path,
            text,
            whole_case,
        } => Some(save(job, path, text.as_bytes(), whole_case)),
        Effect::SaveCase { job, path, case } => Some(save(job, path, case.to_json().as_bytes(), true)),
        Effect::Scan { .. }
        | Effect::ReadWithRights { .. }
        | Effect::Record { .. }
        | Effect::Probe { .. }
        | Effect::Sweep { .. }
        | Effect::Stop { .. }
        | Effect::SaveSettings(_)
        | Effect::Monitor { .. } => None,
    }
}

fn job_of(effect: &Effect) -> Option<u64> {
    match effect {
        Effect::Judge { job, .. }
        | Effect::Open { job, .. }
        | Effect::ListHidden { job, .. }
        | Effect::SaveReport { job, .. }
        | Effect::SaveDiagram { job, .. }
        | Effect::SaveText { job, .. }
        | Effect::SaveCase { job, .. } => Some(*job),
        _ => None,
    }
}

fn open(job: u64, source: Source) -> Event {
    let (origin, result) = match source {
        Source::File(path) => {
            let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
            let result = file::read_case(&path).map_err(|error| not_opened(&name, error));
            (Origin::File(path), result)
        }
        Source::Example(example) => {
            let result = example.case().map(|case| (case, false)).map_err(|error| Problem {
                text: Message::new("problem-not-opened-shape").with("name", example.name()),
                detail: error.to_string(),
            });
            (Origin::Example(example), result)
        }
    };
    let result = result.map(|(case, is_report)| Opened {
        judged: run::judge(&case),
        case: Arc::new(case),
        is_report,
    });
    Event::Opened { job, origin, result }
}

/// Why a file did not open, in a sentence that says what to do about it.
pub fn not_opened(name: &str, error: file::OpenError) -> Problem {
    // A name may hold anything, and turn the sentence around that it stands in.
    let name = plain(name);
    let (key, value, detail) = match error {
        file::OpenError::Read { source, .. } => {
            ("problem-not-opened-read", String::new(), source.to_string())
        }
        file::OpenError::Case { source, .. } => match source {
            CaseError::TooLarge(_) => {
                let most = format!("{} MiB", MAX_CASE_BYTES / 1024 / 1024);
                ("problem-not-opened-large", most, String::new())
            }
            CaseError::Schema(schema) => ("problem-not-opened-schema", schema.to_string(), String::new()),
            CaseError::Kind(kind) => {
                let kind = plain(&kind).chars().take(40).collect();
                ("problem-not-opened-kind", kind, String::new())
            }
            CaseError::Shape(error) => ("problem-not-opened-shape", String::new(), error.to_string()),
        },
    };
    Problem {
        text: Message::new(key).with("name", name).with("value", value),
        detail,
    }
}

fn save(job: u64, path: PathBuf, bytes: &[u8], whole_case: bool) -> Event {
    let result = file::write_whole(&path, bytes).map_err(|error| error.to_string());
    Event::Saved {
        job,
        path,
        whole_case,
        result,
    }
}

fn keep_settings(settings: &Settings, path: &std::path::Path) {
    // The next start is as the first one when they cannot be kept; nobody needs to be stopped for that.
    settings.save_to(path).ok();
}
