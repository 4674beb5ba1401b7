//! The live monitor.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::super::event::{Effect, Watched};
use super::super::long_watch::{self, Flip, Mark, Standing, Turn};
use super::super::state::{Cleared, MonitorRun, MonitorState, MonitorTarget, Problem, ToastKind, Undoable};
use super::{MAX_TARGETS, Step};
use crate::model::{Case, Message};
use crate::probe::{History, Outcome, Sample, Told};

/// Shortest time between two requests of the monitor to one address.
const SHORTEST_INTERVAL: Duration = Duration::from_millis(100);

/// Longest time between two requests of the monitor to one address.
const LONGEST_INTERVAL: Duration = Duration::from_secs(3600);

impl Step<'_> {
    pub(super) fn monitor_add(&mut self, address: IpAddr, label: String) {
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
            interval: None,
            history: Arc::default(),
            standing: Standing::default(),
        });
        self.send_monitor();
    }

    pub(super) fn monitor_remove(&mut self, id: u64) {
        self.state.monitor.targets.retain(|target| target.id != id);
        self.send_monitor();
    }

    /// Starts, holds or ends. Only what was running can be held; what begins after an end begins anew.
    pub(super) fn monitor_run(&mut self, wanted: MonitorRun) {
        let monitor = &mut self.state.monitor;
        match (monitor.run, wanted) {
            (MonitorRun::Stopped | MonitorRun::Paused, MonitorRun::Paused) => {}
            (MonitorRun::Stopped, MonitorRun::Running) => {
                forget_samples(monitor);
                monitor.run = wanted;
            }
            _ => monitor.run = wanted,
        }
        self.send_monitor();
    }

    pub(super) fn monitor_interval(&mut self, interval: Duration) {
        self.state.monitor.interval.0 = held(interval);
        self.send_monitor();
    }

    pub(super) fn monitor_target_interval(&mut self, id: u64, interval: Option<Duration>) {
        let mut targets = self.state.monitor.targets.iter_mut();
        if let Some(target) = targets.find(|target| target.id == id) {
            target.interval = interval.map(held);
            self.send_monitor();
        }
    }

    pub(super) fn monitor_append(&mut self, path: Option<PathBuf>) {
        self.state.monitor.append_to = path;
        self.send_monitor();
    }

    /// The file cannot be written any more: said once, and the monitor goes on without it.
    pub(super) fn not_appended(&mut self, path: &Path, why: String) {
        if self.state.monitor.append_to.as_deref() == Some(path) {
            self.state.monitor.append_to = None;
            self.state.problem = Some(Problem {
                text: Message::new("problem-not-appended").with("name", path.display()),
                detail: why,
            });
        }
    }

    pub(super) fn monitor_rests(&mut self, rests: bool) {
        self.set(|settings| settings.monitor_rests = rests);
        if self.state.monitor.unseen {
            self.send_monitor();
        }
    }

    pub(super) fn unseen(&mut self, unseen: bool) {
        let changed = std::mem::replace(&mut self.state.monitor.unseen, unseen) != unseen;
        if changed && self.state.settings.monitor_rests && self.state.monitor.run == MonitorRun::Running {
            self.send_monitor();
        }
    }

    /// Forgets what was measured, so that it can be brought back.
    pub(super) fn monitor_clear(&mut self) {
        let monitor = &self.state.monitor;
        let histories = monitor
            .targets
            .iter()
            .map(|target| (target.id, Arc::clone(&target.history)));
        let cleared = Cleared {
            histories: histories.collect(),
            marks: monitor.marks.clone(),
            flips: monitor.flips.clone(),
        };
        self.can_undo(Undoable::Monitor(Arc::new(cleared)));
        forget_samples(&mut self.state.monitor);
        self.toast(Message::new("toast-monitor-cleared"), ToastKind::Info, true);
    }

    /// What was measured before the clearing, with what came since behind it.
    pub(super) fn monitor_bring_back(&mut self, cleared: &Cleared) {
        let monitor = &mut self.state.monitor;
        for target in &mut monitor.targets {
            let before = cleared.histories.iter().find(|(id, _)| *id == target.id);
            if let Some((_, before)) = before {
                let mut whole = History::clone(before);
                for (sample, told) in target.history.told() {
                    // A late reply stands where the loss stood that it took back.
                    if sample.outcome == Outcome::Late {
                        let (time_us, outcome) = (None, Outcome::Lost);
                        whole.push(Sample {
                            time_us,
                            outcome,
                            ..*sample
                        });
                    }
                    whole.take(*sample, *told);
                }
                target.history = Arc::new(whole);
            }
        }
        for mark in &cleared.marks {
            long_watch::mark(&mut monitor.marks, mark.clone());
        }
        let since = std::mem::replace(&mut monitor.flips, cleared.flips.clone());
        since
            .into_iter()
            .for_each(|flip| long_watch::remember(&mut monitor.flips, flip));
    }

    /// Marks what the user does while the monitor runs: a command that was copied is most likely applied next.
    pub(super) fn mark_now(&mut self, key: &'static str) {
        let monitor = &mut self.state.monitor;
        let youngest = monitor.targets.iter().filter_map(|target| target.history.last());
        let at_ms = youngest.map(|sample| sample.at_ms).max();
        if let Some(at_ms) = at_ms.filter(|_| monitor.run == MonitorRun::Running) {
            let text = Message::new(key);
            long_watch::mark(&mut monitor.marks, Mark { at_ms, text });
        }
    }

    /// Takes in what came of requests.
    pub(super) fn monitored(&mut self, samples: Vec<(u64, Sample, Told)>) {
        let now_ms = samples.iter().map(|(_, sample, _)| sample.at_ms).max();
        for (id, sample, told) in samples {
            let targets = &mut self.state.monitor.targets;
            if let Some(target) = targets.iter_mut().find(|target| target.id == id) {
                Arc::make_mut(&mut target.history).take(sample, told);
                let address = target.address;
                // What is no longer held one by one could not be put behind what was cleared.
                if !target.history.is_whole() && matches!(self.state.undo, Some(Undoable::Monitor(_))) {
                    self.state.undo = None;
                }
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

    /// An address stopped answering, or answers again: marks it, and has the case after it read.
    pub(super) fn flip(&mut self, address: IpAddr, name: &str, turn: Turn) {
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
    pub(super) fn recorded(&mut self, job: u64, read: Arc<Case>) {
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

    pub(super) fn send_monitor(&mut self) {
        let monitor = &self.state.monitor;
        let rests = monitor.unseen && self.state.settings.monitor_rests;
        let targets = match monitor.run {
            MonitorRun::Running if rests => Vec::new(),
            MonitorRun::Running => monitor
                .targets
                .iter()
                .map(|target| Watched {
                    id: target.id,
                    address: target.address,
                    interval: target.interval,
                })
                .collect(),
            MonitorRun::Stopped | MonitorRun::Paused => Vec::new(),
        };
        let (interval, append_to) = (monitor.interval.0, monitor.append_to.clone());
        self.effects.push(Effect::Monitor {
            targets,
            interval,
            append_to,
        });
    }

    pub(super) fn export_monitor(&mut self, path: PathBuf) {
        let wants_json = path
            .extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
        let text = if wants_json {
            super::super::csv::monitor_json(&self.state.monitor)
        } else {
            super::super::csv::monitor(&self.state.monitor)
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
}

fn held(interval: Duration) -> Duration {
    interval.clamp(SHORTEST_INTERVAL, LONGEST_INTERVAL)
}

fn forget_samples(monitor: &mut MonitorState) {
    for target in &mut monitor.targets {
        target.history = Arc::default();
        target.standing = Standing::default();
    }
    monitor.marks.clear();
    monitor.flips.clear();
}
