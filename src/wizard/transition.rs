//! How the state changes: a pure function of the state, the wish or the news, and the time it came.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Command;
use super::event::{Effect, Event, Source};
use super::long_watch::{self, Mark};
use super::state::{
    CheckStatus, Draft, LineState, MonitorRun, Page, Problem, ScanStatus, State, SweepStatus, TOAST_TIME,
    Toast, ToastKind, Undoable,
};
use crate::model::Message;

/// Largest text that is taken in from a paste, in bytes.
pub const MAX_PASTE: usize = 4 * 1024 * 1024;

/// Most targets of the monitor.
pub const MAX_TARGETS: usize = 32;

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

mod checking;
mod files;
mod monitor;
mod reading;
mod telling;

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
                self.draft(draft, text);
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
            Command::SaveDiagram { path, redact } => {
                let job = self.job();
                self.state.jobs.save = Some(job);
                self.effects.push(Effect::SaveDiagram {
                    job,
                    path,
                    diagnosed: self.state.diagnosis.is_some(),
                    redact,
                    case: Arc::clone(&self.state.case),
                    language: self.state.language(),
                });
            }
            Command::SetRedact(redact) => self.state.redact = redact,
            Command::ListHidden => self.list_hidden(),
            Command::MonitorAdd { address, label } => self.monitor_add(address, label),
            Command::MonitorRemove(id) => self.monitor_remove(id),
            Command::MonitorStart => self.monitor_run(MonitorRun::Running),
            Command::MonitorStop => self.monitor_run(MonitorRun::Stopped),
            Command::MonitorPause => self.monitor_run(MonitorRun::Paused),
            Command::MonitorInterval(interval) => self.monitor_interval(interval),
            Command::MonitorTargetInterval { id, interval } => self.monitor_target_interval(id, interval),
            Command::MonitorAppend(path) => self.monitor_append(path),
            Command::MonitorRests(rests) => self.monitor_rests(rests),
            Command::Unseen(unseen) => self.unseen(unseen),
            Command::MonitorClear => self.monitor_clear(),
            Command::ExportMonitorCsv(path) => self.export_monitor(path),
            Command::SetLanguage(language) => self.set(|settings| settings.language = language),
            Command::SetTheme(theme) => self.set(|settings| settings.theme = theme),
            Command::SetWindowSize { width, height } => self.set(|settings| {
                settings.window = Some((width.clamp(200, 20_000), height.clamp(150, 20_000)));
            }),
            Command::SetWindowPosition { x, y } => self.set(|settings| settings.position = Some((x, y))),
            Command::SetMaximized(maximized) => self.set(|settings| settings.maximized = maximized),
            Command::SetZoom(percent) => self.set(|settings| settings.zoom = Some(percent.clamp(50, 300))),
            Command::SetRenderer(renderer) => self.set(|settings| settings.renderer = renderer),
            Command::ClearAll => self.clear_all(),
            Command::Undo => self.undo(),
            Command::Copied => {
                self.mark_now("change-copied");
                self.toast(Message::new("toast-copied"), ToastKind::Done, false);
            }
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
                let line = self.timed(line);
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
            Event::Hidden { case, list } => self.listed(&case, list),
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
                self.monitored(samples);
            }
            Event::Noticed { at_ms, change } if self.state.monitor.run == MonitorRun::Running => {
                let text = long_watch::changed(&change);
                long_watch::mark(&mut self.state.monitor.marks, Mark { at_ms, text });
            }
            Event::NotAppended { path, why } => self.not_appended(&path, why),
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

    /// What `Undo` brings back from now on; notes that offered to undo something else offer it no more.
    fn can_undo(&mut self, what: Undoable) {
        self.state.undo = Some(what);
        self.state.toasts.iter_mut().for_each(|toast| toast.undo = false);
    }

    fn problem(&mut self, key: &'static str, value: &str) {
        let short: String = value.chars().take(80).collect();
        self.state.problem = Some(Problem {
            text: Message::new(key).with("value", short),
            detail: String::new(),
        });
    }
}

#[cfg(test)]
mod tests;
