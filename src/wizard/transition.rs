//! How the state changes: a pure function of the state, the wish or the news, and the time it came.

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::event::{Effect, Event, Judged, Opened, Source};
use super::long_watch::{self, Flip, Mark, Standing, Turn};
use super::settings::Theme;
use super::state::{
    Answer, CheckStatus, Draft, Drafts, Kept, LineState, MonitorRun, MonitorState, MonitorTarget, Origin,
    Page, Problem, ScanSource, ScanStatus, SourceState, State, SweepStatus, TOAST_TIME, Toast, ToastKind,
};
use super::{Command, detect, lines, rights};
use crate::collect::rights::NoRights;
use crate::model::{Case, Endpoint, Intake, Message, Output, Place, parse_address_or_net};

/// Facts of a scan are taken for fresh this long; a check on older ones reads the machine anew beside it.
const FRESH: Duration = Duration::from_secs(15);

/// The same for facts that a person unlocked by the system's prompt: reading anew would lose them.
const FRESH_WITH_RIGHTS: Duration = Duration::from_secs(120);

/// Largest text that is taken in from a paste, in bytes.
pub const MAX_PASTE: usize = 4 * 1024 * 1024;

/// Most targets of the monitor.
pub const MAX_TARGETS: usize = 32;

/// Longest time between two requests of the monitor.
const LONGEST_INTERVAL: Duration = Duration::from_secs(3600);

/// Something that changes the state.
#[derive(Debug)]
pub enum Input {
    /// A wish of the user.
    Wish(Command),
    /// News from the worker.
    News(Event),
}

/// Changes the state, and says what the worker shall do.
pub fn apply(state: &mut State, input: Input, now: Instant) -> Vec<Effect> {
    let mut step = Step {
        state,
        now,
        effects: Vec::new(),
    };
    match input {
        Input::Wish(command) => step.wish(command),
        Input::News(event) => step.news(event),
    }
    step.effects
}

/// Takes away toasts that were shown long enough. Returns whether one went, and when the next will.
pub fn tidy(state: &mut State, now: Instant) -> (bool, Option<Duration>) {
    let before = state.toasts.len();
    state
        .toasts
        .retain(|toast| now.saturating_duration_since(toast.since) < TOAST_TIME);
    let next = state
        .toasts
        .iter()
        .map(|toast| TOAST_TIME.saturating_sub(now.saturating_duration_since(toast.since)))
        .min();
    (state.toasts.len() != before, next)
}

struct Step<'a> {
    state: &'a mut State,
    now: Instant,
    effects: Vec<Effect>,
}

impl Step<'_> {
    fn wish(&mut self, command: Command) {
        match command {
            Command::Scan => self.scan_anew(),
            Command::ReadWithRights => self.read_with_rights(),
            Command::Cancel => self.cancel(),
            Command::OpenFile(path) => self.open(Source::File(path)),
            Command::OpenExample(example) => self.open(Source::Example(example)),
            Command::Go(page) => self.go(page),
            Command::Back => self.back(),
            Command::ChooseHypervisor(id) => self.tell(|intake| {
                intake.hypervisor = id;
                // A machine of another product cannot be meant any more.
                intake.vm = None;
                intake.nic = None;
            }),
            Command::ChooseMode(mode) => self.tell(|intake| intake.mode = mode),
            Command::ChooseMachine { hypervisor, name } => self.choose_machine(hypervisor, name),
            Command::ChooseNic(slot) => self.tell(|intake| {
                intake.nic = slot;
                intake.mode = None;
            }),
            Command::SetEnds { from, to } => self.set_ends(from, to),
            Command::ChooseSymptom { from, to } => {
                self.set_ends(from, to);
                self.go_on(false);
            }
            Command::SetGuestAddress(text) => self.set_guest_address(&text),
            Command::SetGuestOs(os) => self.tell(|intake| intake.guest_os = os),
            Command::SetTarget(text) => {
                let text = text.trim().to_owned();
                self.tell(|intake| intake.target = (!text.is_empty()).then_some(text));
            }
            Command::SetPort(port) => self.tell(|intake| intake.port = port.filter(|port| *port != 0)),
            Command::Type(draft, text) => {
                self.state.drafts.texts.insert(draft, bounded(text));
            }
            Command::StartCheck => self.start_check(false),
            Command::TestAgain => self.test_again(),
            Command::Paste { place, text } => self.paste(place, String::new(), text, Draft::Paste(place)),
            Command::AnswerNext(text) => self.answer(text),
            Command::Sweep { net } => self.sweep(net),
            Command::UseAsGuest(address) => {
                self.tell(|intake| intake.guest_ip = Some((address, None)));
                self.draft(Draft::GuestAddress, address.to_string());
            }
            Command::SaveReport { path, format, redact } => {
                let job = self.job();
                self.state.jobs.save = Some(job);
                self.effects.push(Effect::SaveReport {
                    job,
                    path,
                    format,
                    redact,
                    case: Arc::clone(&self.state.case),
                    language: self.state.language(),
                });
            }
            Command::SaveCase(path) => {
                let job = self.job();
                self.state.jobs.save = Some(job);
                let case = Arc::clone(&self.state.case);
                self.effects.push(Effect::SaveCase { job, path, case });
            }
            Command::SetRedact(redact) => self.state.redact = redact,
            Command::MonitorAdd { address, label } => self.monitor_add(address, label),
            Command::MonitorRemove(id) => {
                self.state.monitor.targets.retain(|target| target.id != id);
                self.send_monitor();
            }
            Command::MonitorStart => {
                if self.state.monitor.run == MonitorRun::Stopped {
                    forget_samples(&mut self.state.monitor);
                }
                self.state.monitor.run = MonitorRun::Running;
                self.send_monitor();
            }
            Command::MonitorStop => {
                self.state.monitor.run = MonitorRun::Stopped;
                self.send_monitor();
            }
            Command::MonitorPause => {
                if self.state.monitor.run == MonitorRun::Running {
                    self.state.monitor.run = MonitorRun::Paused;
                }
                self.send_monitor();
            }
            Command::MonitorInterval(interval) => {
                let held = interval.clamp(Duration::from_millis(100), LONGEST_INTERVAL);
                self.state.monitor.interval.0 = held;
                self.send_monitor();
            }
            Command::MonitorRests(rests) => {
                self.set(|settings| settings.monitor_rests = rests);
                if self.state.monitor.unseen {
                    self.send_monitor();
                }
            }
            Command::Unseen(unseen) => {
                let changed = std::mem::replace(&mut self.state.monitor.unseen, unseen) != unseen;
                if changed
                    && self.state.settings.monitor_rests
                    && self.state.monitor.run == MonitorRun::Running
                {
                    self.send_monitor();
                }
            }
            Command::MonitorClear => forget_samples(&mut self.state.monitor),
            Command::ExportMonitorCsv(path) => self.export_monitor(path),
            Command::SetLanguage(language) => self.set(|settings| settings.language = language),
            Command::SetTheme(theme) => self.set(|settings: &mut super::Settings| {
                let theme: Theme = theme;
                settings.theme = theme;
            }),
            Command::SetWindowSize { width, height } => self.set(|settings| {
                settings.window = Some((width.clamp(200, 20_000), height.clamp(150, 20_000)));
            }),
            Command::SetZoom(percent) => self.set(|settings| settings.zoom = Some(percent.clamp(50, 300))),
            Command::SetRenderer(renderer) => self.set(|settings| settings.renderer = renderer),
            Command::ClearAll => self.clear_all(),
            Command::Undo => self.undo(),
            Command::Copied => self.toast(Message::new("toast-copied"), ToastKind::Done, false),
            Command::DismissToast(id) => self.state.toasts.retain(|toast| toast.id != id),
            Command::DismissProblem => self.state.problem = None,
        }
    }

    fn news(&mut self, event: Event) {
        match event {
            Event::ScanSource { job, source } if self.state.jobs.scan == Some(job) => {
                self.scan_source(source)
            }
            Event::ScanFacts { job, facts } if self.state.jobs.scan == Some(job) => {
                self.take_scan(*facts);
            }
            Event::Scanned { job, facts, took } if self.state.jobs.scan == Some(job) => {
                self.scanned(*facts, took)
            }
            Event::ReadWithRights { job, result } if self.state.jobs.rights == Some(job) => {
                self.state.jobs.rights = None;
                match result {
                    Ok(facts) => self.take_rights(*facts),
                    Err(why) => self.no_rights(why),
                }
            }
            Event::Lines { job, lines } if self.state.jobs.check == Some(job) => {
                self.state.lines = Arc::new(lines);
            }
            Event::Sample { job, line, time_us } if self.state.jobs.check == Some(job) => {
                let lines = Arc::make_mut(&mut self.state.lines);
                if let Some(line) = lines.iter_mut().find(|known| known.id == line) {
                    line.samples.push(time_us);
                    if line.state == LineState::Waiting {
                        line.state = LineState::Running;
                    }
                }
            }
            Event::Line { job, line } if self.state.jobs.check == Some(job) => {
                let lines = Arc::make_mut(&mut self.state.lines);
                match lines.iter_mut().find(|known| known.id == line.id) {
                    Some(known) => *known = line,
                    None => lines.push(line),
                }
            }
            Event::Probed { job, probes, host } if self.state.jobs.check == Some(job) => {
                self.state.jobs.check = None;
                let case = Arc::make_mut(&mut self.state.case);
                super::run::take_probes(case, probes, *host);
                self.state.unsaved = true;
                self.judge();
            }
            Event::Judged { job, judged } if self.state.jobs.judge == Some(job) => {
                self.state.jobs.judge = None;
                self.judged(judged);
            }
            Event::Opened { job, origin, result } if self.state.jobs.open == Some(job) => {
                self.state.jobs.open = None;
                match result {
                    Ok(opened) => self.opened(origin, opened),
                    Err(problem) => self.state.problem = Some(problem),
                }
            }
            Event::SweepProgress {
                job,
                asked: done,
                total: all,
            } if self.state.jobs.sweep == Some(job) => {
                if let SweepStatus::Running { asked, total, .. } = &mut self.state.sweep {
                    (*asked, *total) = (done, all);
                }
            }
            Event::Swept {
                job,
                net,
                result,
                took,
            } if self.state.jobs.sweep == Some(job) => {
                self.state.jobs.sweep = None;
                match result {
                    Ok(hosts) => {
                        let hosts = Arc::new(hosts);
                        self.state.sweep = SweepStatus::Done { net, hosts, took };
                    }
                    Err(problem) => {
                        self.state.sweep = SweepStatus::Idle;
                        self.state.problem = Some(problem);
                    }
                }
            }
            Event::Monitored { samples } if self.state.monitor.run == MonitorRun::Running => {
                let now_ms = samples.iter().map(|(_, sample, _)| sample.at_ms).max();
                for (id, sample, told) in samples {
                    let targets = &mut self.state.monitor.targets;
                    if let Some(target) = targets.iter_mut().find(|target| target.id == id) {
                        Arc::make_mut(&mut target.history).take(sample, told);
                        let address = target.address;
                        if let Some(turn) = target.standing.take(&sample) {
                            let name = target.name();
                            self.flip(address, &name, turn);
                        }
                    }
                }
                if let Some(now_ms) = now_ms.filter(|now_ms| self.state.monitor.looks.is_due(*now_ms)) {
                    let job = self.job();
                    self.state.monitor.looks.begin(job, now_ms);
                    self.effects.push(Effect::Record { job });
                }
            }
            Event::Noticed { at_ms, change } if self.state.monitor.run == MonitorRun::Running => {
                let text = long_watch::changed(&change);
                long_watch::mark(&mut self.state.monitor.marks, Mark { at_ms, text });
            }
            Event::Recorded { job, facts } => self.recorded(job, Arc::from(facts)),
            Event::Saved {
                job,
                path,
                whole_case,
                result,
            } => {
                if self.state.jobs.save == Some(job) {
                    self.state.jobs.save = None;
                }
                self.saved(path, whole_case, result);
            }
            Event::Failed { job, problem } => self.failed(job, problem),
            // Late answers of jobs that were called off or replaced.
            _ => {}
        }
    }

    /// Whatever waited for this job waits no more.
    fn failed(&mut self, job: u64, problem: Problem) {
        let jobs = &mut self.state.jobs;
        if jobs.scan == Some(job) {
            jobs.scan = None;
            self.state.scan = ScanStatus::Idle;
        } else if jobs.rights == Some(job) {
            jobs.rights = None;
        } else if jobs.check == Some(job) || jobs.judge == Some(job) {
            jobs.check = None;
            jobs.judge = None;
            self.state.check = CheckStatus::Cancelled;
        } else if jobs.sweep == Some(job) {
            jobs.sweep = None;
            self.state.sweep = SweepStatus::Idle;
        } else if jobs.open == Some(job) {
            jobs.open = None;
        } else if jobs.save == Some(job) {
            jobs.save = None;
        } else {
            return;
        }
        self.state.problem = Some(problem);
    }

    // Pages.

    fn go(&mut self, page: Page) {
        if self.state.page != page {
            self.state.back.push(self.state.page);
            // Ways through the window are short; this only bounds a stuck key.
            if self.state.back.len() > 64 {
                self.state.back.remove(0);
            }
            self.state.page = page;
        }
    }

    fn back(&mut self) {
        if let Some(page) = self.state.back.pop() {
            self.state.page = page;
        }
    }

    /// From the overview on: to the check when product and mode are clear, with the skipped pages one step back
    /// each; else to the first page that has something to ask.
    fn go_on(&mut self, skip_symptom: bool) {
        if self.state.page != Page::Overview && self.state.page != Page::Symptom {
            return;
        }
        let clear = self.state.detection.is_unambiguous();
        if !clear {
            self.go(Page::HypervisorMode);
            return;
        }
        if self.state.page == Page::Overview {
            self.go(Page::HypervisorMode);
            if skip_symptom {
                self.go(Page::Symptom);
            }
        }
        self.start_check(false);
    }

    // What the user tells.

    fn tell(&mut self, change: impl FnOnce(&mut Intake)) {
        let before = self.state.case.intake.clone();
        change(&mut Arc::make_mut(&mut self.state.case).intake);
        if self.state.case.intake == before {
            return;
        }
        self.stop_check();
        self.state.check = CheckStatus::Idle;
        // The old answer spoke of something else.
        self.state.diagnosis = None;
        self.state.before = None;
        self.state.unsaved = true;
        let intake = self.state.case.intake.clone();
        Arc::make_mut(&mut self.state.facts).intake = intake;
        self.recognize();
    }

    fn recognize(&mut self) {
        self.state.detection = Arc::new(detect(&self.state.facts));
    }

    fn choose_machine(&mut self, hypervisor: crate::model::HypervisorId, name: String) {
        let namesakes = self
            .state
            .facts
            .hypervisors
            .iter()
            .filter(|product| product.machine(&name).is_some())
            .count();
        let told = self.state.case.intake.hypervisor;
        self.tell(|intake| {
            let same = intake.vm.as_deref() == Some(name.as_str());
            intake.vm = Some(name);
            if !same {
                intake.nic = None;
            }
            // Which product it is was recognized, not told, unless the name alone does not say it.
            if namesakes > 1 || told.is_some_and(|told| told != hypervisor) {
                intake.hypervisor = Some(hypervisor);
            }
        });
        if self.state.page == Page::Overview {
            self.go_on(true);
        }
    }

    fn set_ends(&mut self, from: Endpoint, to: Endpoint) {
        if from == to {
            return;
        }
        self.tell(|intake| {
            intake.from = Some(from);
            intake.to = Some(to);
        });
    }

    fn set_guest_address(&mut self, text: &str) {
        self.draft(Draft::GuestAddress, text.to_owned());
        let text = text.trim();
        match (text.is_empty(), parse_address_or_net(text)) {
            (true, _) => self.tell(|intake| intake.guest_ip = None),
            (false, Some(told)) => self.tell(|intake| intake.guest_ip = Some(told)),
            (false, None) => self.problem("problem-not-an-address", text),
        }
    }

    fn draft(&mut self, draft: Draft, text: String) {
        self.state.drafts.texts.insert(draft, bounded(text));
    }

    fn paste(&mut self, on: Place, command: String, text: String, draft: Draft) {
        if text.trim().is_empty() {
            return;
        }
        if text.len() > MAX_PASTE {
            self.draft(draft, text);
            self.problem(
                "problem-paste-too-long",
                &format!("{} MiB", MAX_PASTE / 1024 / 1024),
            );
            return;
        }
        self.state.drafts.texts.remove(&draft);
        let outputs = &mut Arc::make_mut(&mut self.state.case).outputs;
        outputs.push(Output { on, command, text });
        self.state.unsaved = true;
        self.judge();
        self.toast(Message::new("toast-pasted"), ToastKind::Done, false);
    }

    /// The answer to what the diagnosis asked for: an address, a system or a port where it reads as one, else
    /// the output of the command that was given.
    fn answer(&mut self, text: String) {
        let next = self
            .state
            .diagnosis
            .as_ref()
            .and_then(|diagnosis| diagnosis.next.clone());
        let Some(next) = next else { return };
        // Somebody who has the guest's own list at hand may paste that instead of picking the answer out of it.
        let is_word = !text.trim().contains('\n');
        if next.kind == crate::diagnose::NextKind::Question && is_word {
            let Some(told) = read_answer(&text) else {
                return self.problem("problem-not-an-answer", text.trim());
            };
            self.state.drafts.texts.remove(&Draft::Answer);
            self.tell(told);
            return self.start_check(false);
        }
        let on = match next.on {
            Some(crate::remedy::Where::Host) => Place::Host,
            Some(crate::remedy::Where::Guest2) => Place::Guest2,
            Some(crate::remedy::Where::Hypervisor) => Place::Esxi,
            _ => Place::Guest,
        };
        self.paste(on, next.command.unwrap_or_default(), text, Draft::Answer);
    }

    // The scan.

    fn scan_anew(&mut self) {
        if !self.state.origin.is_live() {
            self.keep();
            self.forget_case();
        }
        self.scan();
    }

    fn scan(&mut self) {
        if let Some(job) = self.state.jobs.scan.take() {
            self.effects.push(Effect::Stop { job });
        }
        // Fixes may have been made since: what is read now stands, and nothing older beside it.
        self.state.with_rights = None;
        let job = self.job();
        self.state.jobs.scan = Some(job);
        self.state.scan = ScanStatus::Running {
            since: self.now,
            sources: Vec::new(),
        };
        self.effects.push(Effect::Scan { job });
    }

    fn scan_source(&mut self, source: ScanSource) {
        if let ScanStatus::Running { sources, .. } = &mut self.state.scan {
            match sources.iter_mut().find(|known| known.name == source.name) {
                Some(known) => *known = source,
                None => sources.push(source),
            }
        }
    }

    /// Lays the facts of a scan under what the user told and what probes showed.
    fn take_scan(&mut self, facts: Case) {
        let case = Arc::make_mut(&mut self.state.case);
        super::run::take_scan(case, facts);
        // Raw outputs are only taken in by the worker; until then pages show what was read.
        if case.outputs.is_empty() {
            self.state.facts = Arc::clone(&self.state.case);
            self.recognize();
        }
    }

    fn scanned(&mut self, facts: Case, took: Duration) {
        self.state.jobs.scan = None;
        let sources = std::mem::take(&mut self.state.scan).sources().to_vec();
        self.state.scan = ScanStatus::Done {
            took,
            at: self.now,
            sources,
        };
        let facts = match self.state.waiting_rights.take() {
            Some(more) => {
                self.state.with_rights = Some(self.now);
                rights::join(&facts, &more)
            }
            None => facts,
        };
        self.take_scan(facts);
        let waits = matches!(
            self.state.check,
            CheckStatus::Running {
                waiting_for_scan: true,
                ..
            }
        );
        if waits {
            self.probe();
        } else if self.state.diagnosis.is_some() || !self.state.case.outputs.is_empty() {
            self.judge();
        }
    }

    // More rights.

    fn read_with_rights(&mut self) {
        if self.state.jobs.rights.is_some() || !self.state.origin.is_live() {
            return;
        }
        let job = self.job();
        self.state.jobs.rights = Some(job);
        let language = self.state.language();
        self.effects.push(Effect::ReadWithRights { job, language });
    }

    fn take_rights(&mut self, more: Case) {
        self.toast(Message::new("toast-rights"), ToastKind::Done, false);
        if self.state.jobs.scan.is_some() {
            self.state.waiting_rights = Some(Arc::new(more));
            return;
        }
        self.state.with_rights = Some(self.now);
        let facts = rights::join(&self.state.case, &more);
        self.take_scan(facts);
        if self.state.diagnosis.is_some() || !self.state.case.outputs.is_empty() {
            self.judge();
        }
    }

    /// Whatever the reason is, the case is as it was.
    fn no_rights(&mut self, why: NoRights) {
        let refused = match why {
            NoRights::Refused => "toast-rights-refused",
            NoRights::Late => "toast-rights-late",
            NoRights::NoPrompt(tool) => return self.problem("problem-rights-no-prompt", &tool),
            NoRights::Failed(detail) => {
                let text = Message::new("problem-rights");
                self.state.problem = Some(Problem { text, detail });
                return;
            }
        };
        self.toast(Message::new(refused), ToastKind::Info, false);
    }

    // The check.

    fn start_check(&mut self, anew: bool) {
        self.stop_check();
        self.go(Page::Check);
        self.state.check = CheckStatus::Running {
            since: self.now,
            waiting_for_scan: false,
        };
        if !self.state.origin.is_live() {
            // A replayed case plays what was recorded; no packet is sent for it.
            self.state.lines = Arc::new(lines::recorded(&self.state.facts));
            self.judge();
            return;
        }
        let stale = match &self.state.scan {
            ScanStatus::Done { at, .. } => anew || self.outdated(*at),
            ScanStatus::Running { .. } => false,
            ScanStatus::Idle => true,
        };
        if stale {
            self.scan();
        }
        // With the address at hand packets need not wait for slow tools.
        let known = self.state.detection.guest_ip.is_some();
        if self.state.jobs.scan.is_some() && (anew || !known) {
            self.state.lines = Arc::default();
            self.state.check = CheckStatus::Running {
                since: self.now,
                waiting_for_scan: true,
            };
        } else {
            self.probe();
        }
    }

    /// Whether facts of a scan that ended then are too old for a check. Those that a person unlocked serve longer.
    fn outdated(&self, at: Instant) -> bool {
        let (at, fresh) = match self.state.with_rights {
            Some(since) => (since, FRESH_WITH_RIGHTS),
            None => (at, FRESH),
        };
        self.now.saturating_duration_since(at) > fresh
    }

    fn probe(&mut self) {
        if let CheckStatus::Running { waiting_for_scan, .. } = &mut self.state.check {
            *waiting_for_scan = false;
        }
        let job = self.job();
        self.state.jobs.check = Some(job);
        self.state.lines = Arc::default();
        let facts = Arc::clone(&self.state.facts);
        self.effects.push(Effect::Probe { job, facts });
    }

    fn test_again(&mut self) {
        if let Some(diagnosis) = &self.state.diagnosis {
            self.state.before = Some(Answer {
                facts: Arc::clone(&self.state.facts),
                diagnosis: Arc::clone(diagnosis),
            });
        }
        if !self.state.origin.is_live() {
            self.toast(Message::new("toast-replay"), ToastKind::Info, false);
        }
        let (page, back) = (self.state.page, self.state.back.clone());
        self.start_check(true);
        // Before and after stand side by side on the page that asked.
        if page == Page::Verify {
            (self.state.page, self.state.back) = (page, back);
        }
    }

    fn judge(&mut self) {
        let job = self.job();
        self.state.jobs.judge = Some(job);
        let case = Arc::clone(&self.state.case);
        self.effects.push(Effect::Judge { job, case });
    }

    fn judged(&mut self, judged: Judged) {
        self.state.facts = judged.facts;
        self.state.detection = judged.detection;
        if let CheckStatus::Running { since, .. } = self.state.check
            && self.state.jobs.check.is_none()
            && !matches!(
                self.state.check,
                CheckStatus::Running {
                    waiting_for_scan: true,
                    ..
                }
            )
        {
            self.state.check = CheckStatus::Done {
                took: self.now.saturating_duration_since(since),
            };
        }
        // Pasted text before the first check is taken in, but nobody asked for an answer yet.
        if matches!(self.state.check, CheckStatus::Done { .. }) || self.state.diagnosis.is_some() {
            self.state.diagnosis = Some(judged.diagnosis);
        }
    }

    fn stop_check(&mut self) {
        for job in [self.state.jobs.check.take(), self.state.jobs.judge.take()]
            .into_iter()
            .flatten()
        {
            self.effects.push(Effect::Stop { job });
        }
    }

    fn cancel(&mut self) {
        if self.state.check.is_running() {
            self.stop_check();
            self.state.check = CheckStatus::Cancelled;
            for line in Arc::make_mut(&mut self.state.lines) {
                if matches!(line.state, LineState::Waiting | LineState::Running) {
                    line.state = LineState::Unknown;
                }
            }
            // Probes that already ended have told something; only the plain word of the user ends them.
            return;
        }
        if let Some(job) = self.state.jobs.sweep.take() {
            self.effects.push(Effect::Stop { job });
            self.state.sweep = SweepStatus::Idle;
            return;
        }
        if let Some(job) = self.state.jobs.scan.take() {
            self.effects.push(Effect::Stop { job });
            let (took, sources) = match std::mem::take(&mut self.state.scan) {
                ScanStatus::Running { since, sources } => {
                    (self.now.saturating_duration_since(since), sources)
                }
                other => (Duration::ZERO, other.sources().to_vec()),
            };
            let given_up = sources.into_iter().map(|mut source| {
                if source.state == SourceState::Running {
                    source.state = SourceState::Unread;
                }
                source
            });
            self.state.scan = ScanStatus::Done {
                took,
                at: self.now,
                sources: given_up.collect(),
            };
            return;
        }
        if let Some(job) = self.state.jobs.rights.take() {
            self.effects.push(Effect::Stop { job });
        }
    }

    fn sweep(&mut self, net: ipnet::IpNet) {
        if let Some(job) = self.state.jobs.sweep.take() {
            self.effects.push(Effect::Stop { job });
        }
        if !self.state.origin.is_live() {
            return self.toast(Message::new("toast-replay"), ToastKind::Info, false);
        }
        let job = self.job();
        self.state.jobs.sweep = Some(job);
        self.state.sweep = SweepStatus::Running {
            net: net.trunc(),
            since: self.now,
            asked: 0,
            total: 0,
        };
        let facts = Arc::clone(&self.state.facts);
        self.effects.push(Effect::Sweep {
            job,
            net: net.trunc(),
            facts,
        });
    }

    // Files.

    fn open(&mut self, source: Source) {
        if let Some(job) = self.state.jobs.open.take() {
            self.effects.push(Effect::Stop { job });
        }
        let job = self.job();
        self.state.jobs.open = Some(job);
        self.effects.push(Effect::Open { job, source });
    }

    fn opened(&mut self, origin: Origin, opened: Opened) {
        let had = self.state.unsaved;
        self.keep();
        self.forget_case();
        if let Origin::File(path) = &origin {
            let path = path.clone();
            self.set(|settings| settings.remember(&path));
        }
        self.state.origin = origin;
        self.state.case = opened.case;
        self.state.facts = opened.judged.facts;
        self.state.detection = opened.judged.detection;
        self.state.page = Page::Overview;
        if opened.is_report {
            self.state.lines = Arc::new(lines::recorded(&self.state.facts));
            self.state.diagnosis = Some(opened.judged.diagnosis);
            self.state.check = CheckStatus::Done { took: Duration::ZERO };
            self.state.back = vec![Page::Overview];
            self.state.page = Page::Fix;
        }
        if had {
            self.toast(Message::new("toast-opened-unsaved"), ToastKind::Info, true);
        }
    }

    fn saved(&mut self, path: PathBuf, whole_case: bool, result: Result<(), String>) {
        let name = path
            .file_name()
            .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        match result {
            Ok(()) => {
                if whole_case {
                    self.state.unsaved = false;
                    self.set(|settings| settings.remember(&path));
                }
                self.toast(
                    Message::new("toast-saved").with("name", name),
                    ToastKind::Done,
                    false,
                );
            }
            Err(why) => {
                self.state.problem = Some(Problem {
                    text: Message::new("problem-not-saved").with("name", path.display()),
                    detail: why,
                });
            }
        }
    }

    fn clear_all(&mut self) {
        self.keep();
        self.forget_case();
        self.toast(Message::new("toast-cleared"), ToastKind::Info, true);
        self.scan();
    }

    fn keep(&mut self) {
        let state = &*self.state;
        self.state.undo = Some(Arc::new(Kept {
            page: state.page,
            case: Arc::clone(&state.case),
            facts: Arc::clone(&state.facts),
            detection: Arc::clone(&state.detection),
            origin: state.origin.clone(),
            diagnosis: state.diagnosis.clone(),
            before: state.before.clone(),
            lines: Arc::clone(&state.lines),
            drafts: state.drafts.clone(),
            unsaved: state.unsaved,
        }));
    }

    fn forget_case(&mut self) {
        self.stop_check();
        let jobs = &mut self.state.jobs;
        for job in [jobs.scan.take(), jobs.sweep.take(), jobs.rights.take()]
            .into_iter()
            .flatten()
        {
            self.effects.push(Effect::Stop { job });
        }
        let state = &mut *self.state;
        state.page = Page::Overview;
        state.back = Vec::new();
        state.case = Arc::default();
        state.facts = Arc::default();
        state.detection = Arc::default();
        state.origin = Origin::Live;
        state.scan = ScanStatus::Idle;
        state.with_rights = None;
        state.waiting_rights = None;
        state.check = CheckStatus::Idle;
        state.sweep = SweepStatus::Idle;
        state.lines = Arc::default();
        state.diagnosis = None;
        state.before = None;
        state.drafts = Drafts::default();
        state.problem = None;
        state.unsaved = false;
    }

    fn undo(&mut self) {
        let Some(kept) = self.state.undo.take() else {
            return;
        };
        self.forget_case();
        let kept = Arc::unwrap_or_clone(kept);
        let state = &mut *self.state;
        state.page = kept.page;
        state.back = if kept.page == Page::Overview {
            Vec::new()
        } else {
            vec![Page::Overview]
        };
        state.case = kept.case;
        state.facts = kept.facts;
        state.detection = kept.detection;
        state.origin = kept.origin;
        state.check = match &kept.diagnosis {
            Some(_) => CheckStatus::Done { took: Duration::ZERO },
            None => CheckStatus::Idle,
        };
        state.diagnosis = kept.diagnosis;
        state.before = kept.before;
        state.lines = kept.lines;
        state.drafts = kept.drafts;
        state.unsaved = kept.unsaved;
        state.toasts.retain(|toast| !toast.undo);
    }

    // The monitor.

    fn monitor_add(&mut self, address: IpAddr, label: String) {
        let known = self
            .state
            .monitor
            .targets
            .iter()
            .any(|target| target.address == address);
        if known {
            return;
        }
        if self.state.monitor.targets.len() >= MAX_TARGETS {
            let most = MAX_TARGETS.to_string();
            return self.problem("problem-too-many-targets", &most);
        }
        let id = self.job();
        self.state.monitor.targets.push(MonitorTarget {
            id,
            address,
            label,
            history: Arc::default(),
            standing: Standing::default(),
        });
        self.send_monitor();
    }

    /// An address stopped answering, or answers again: marks it, and has the case after it read.
    fn flip(&mut self, address: IpAddr, name: &str, turn: Turn) {
        let mark = long_watch::turned(name, turn);
        let job = self.job();
        let monitor = &mut self.state.monitor;
        let flip = Flip {
            job,
            at_ms: mark.at_ms,
            address,
            answers: matches!(turn, Turn::Back { .. }),
            // What was read last, be it after the last flip, is what is known before this one.
            before: monitor.looks.known_or(&self.state.facts),
            after: None,
        };
        long_watch::remember(&mut monitor.flips, flip);
        long_watch::mark(&mut monitor.marks, mark);
        self.effects.push(Effect::Record { job });
    }

    /// This machine was read while the monitor ran: what changed since is marked, and kept with a flip.
    fn recorded(&mut self, job: u64, read: Arc<Case>) {
        let monitor = &mut self.state.monitor;
        let before = monitor.looks.known_or(&self.state.facts);
        let flip = monitor.flips.iter_mut().find(|flip| flip.job == job);
        let youngest = monitor.targets.iter().filter_map(|target| target.history.last());
        let at_ms = match &flip {
            Some(flip) => Some(flip.at_ms),
            None => youngest.map(|sample| sample.at_ms).max(),
        };
        if let Some(flip) = flip {
            flip.after = Some(read.clone());
        }
        for text in long_watch::services(&before, &read) {
            let at_ms = at_ms.unwrap_or(0);
            long_watch::mark(&mut monitor.marks, Mark { at_ms, text });
        }
        monitor.looks.take(job, read);
    }

    fn send_monitor(&mut self) {
        let monitor = &self.state.monitor;
        let rests = monitor.unseen && self.state.settings.monitor_rests;
        let targets = match monitor.run {
            MonitorRun::Running if rests => Vec::new(),
            MonitorRun::Running => monitor
                .targets
                .iter()
                .map(|target| (target.id, target.address))
                .collect(),
            MonitorRun::Stopped | MonitorRun::Paused => Vec::new(),
        };
        let interval = monitor.interval.0;
        self.effects.push(Effect::Monitor { targets, interval });
    }

    fn export_monitor(&mut self, path: PathBuf) {
        let wants_json = path
            .extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
        let text = if wants_json {
            super::csv::monitor_json(&self.state.monitor)
        } else {
            super::csv::monitor(&self.state.monitor)
        };
        let job = self.job();
        self.state.jobs.save = Some(job);
        self.effects.push(Effect::SaveText {
            job,
            path,
            text: text.into(),
            whole_case: false,
        });
    }

    // Small things.

    fn set(&mut self, change: impl FnOnce(&mut super::Settings)) {
        let before = Arc::clone(&self.state.settings);
        change(Arc::make_mut(&mut self.state.settings));
        if *before != *self.state.settings {
            self.effects
                .push(Effect::SaveSettings(Arc::clone(&self.state.settings)));
        }
    }

    fn job(&mut self) -> u64 {
        self.state.job += 1;
        self.state.job
    }

    fn toast(&mut self, text: Message, kind: ToastKind, undo: bool) {
        self.state.last_toast += 1;
        let id = self.state.last_toast;
        self.state.toasts.retain(|toast| toast.text != text);
        self.state.toasts.push(Toast {
            id,
            text,
            kind,
            undo,
            since: self.now,
        });
        if self.state.toasts.len() > 4 {
            self.state.toasts.remove(0);
        }
    }

    fn problem(&mut self, key: &'static str, value: &str) {
        let short: String = value.chars().take(80).collect();
        self.state.problem = Some(Problem {
            text: Message::new(key).with("value", short),
            detail: String::new(),
        });
    }
}

/// What an answer changes in what the user told.
type Telling = Box<dyn FnOnce(&mut Intake)>;

/// An answer in a word: an address, a system, a mode or a port.
fn read_answer(text: &str) -> Option<Telling> {
    let word = text.trim();
    if let Some(told) = parse_address_or_net(word) {
        return Some(Box::new(move |intake| intake.guest_ip = Some(told)));
    }
    // `Host only` is what products call it.
    let name = word.to_lowercase().replace([' ', '_'], "-");
    if let Ok(os) = name.parse() {
        return Some(Box::new(move |intake| intake.guest_os = Some(os)));
    }
    if let Ok(mode) = name.parse() {
        return Some(Box::new(move |intake| intake.mode = Some(mode)));
    }
    let port = word.parse::<u16>().ok().filter(|port| *port != 0)?;
    Some(Box::new(move |intake| intake.port = Some(port)))
}

fn forget_samples(monitor: &mut MonitorState) {
    for target in &mut monitor.targets {
        target.history = Arc::default();
        target.standing = Standing::default();
    }
    monitor.marks.clear();
    monitor.flips.clear();
}

/// Text out of a box, held to what a paste may be.
fn bounded(mut text: String) -> String {
    if text.len() > MAX_PASTE + 1 {
        let mut end = MAX_PASTE + 1;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
    }
    text
}

#[cfg(test)]
#[path = "transition_tests.rs"]
mod tests;
