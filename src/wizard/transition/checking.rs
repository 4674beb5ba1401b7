//! The check, the judgement, the sweep, and calling them off.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::super::event::{Effect, Judged};
use super::super::lines;
use super::super::state::{
    Answer, CheckStatus, LineState, Page, ProbeLine, ScanStatus, SourceState, SweepStatus, ToastKind,
};
use super::Step;
use crate::model::Message;

/// Facts of a scan are taken for fresh this long; a check on older ones reads the machine anew beside it.
const FRESH: Duration = Duration::from_secs(15);

/// The same for facts that a person unlocked by the system's prompt: reading anew would lose them.
const FRESH_WITH_RIGHTS: Duration = Duration::from_secs(120);

impl Step<'_> {
    pub(super) fn start_check(&mut self, anew: bool) {
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
    pub(super) fn outdated(&self, at: Instant) -> bool {
        let (at, fresh) = match self.state.with_rights {
            Some(since) => (since, FRESH_WITH_RIGHTS),
            None => (at, FRESH),
        };
        self.now.saturating_duration_since(at) > fresh
    }

    pub(super) fn probe(&mut self) {
        if let CheckStatus::Running { waiting_for_scan, .. } = &mut self.state.check {
            *waiting_for_scan = false;
        }
        let job = self.job();
        self.state.jobs.check = Some(job);
        self.state.lines = Arc::default();
        let facts = Arc::clone(&self.state.facts);
        self.effects.push(Effect::Probe { job, facts });
    }

    /// A probe that ended, with the time that it took: all of them begin with the check.
    pub(super) fn timed(&self, line: ProbeLine) -> ProbeLine {
        let since = match self.state.check {
            CheckStatus::Running { since, .. } => Some(since),
            _ => None,
        };
        let took = since.map(|since| self.now.saturating_duration_since(since));
        ProbeLine {
            took: line.took.or(took),
            ..line
        }
    }

    pub(super) fn test_again(&mut self) {
        self.mark_now("change-tested");
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

    pub(super) fn judge(&mut self) {
        let job = self.job();
        self.state.jobs.judge = Some(job);
        let case = Arc::clone(&self.state.case);
        self.effects.push(Effect::Judge { job, case });
    }

    pub(super) fn judged(&mut self, judged: Judged) {
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

    pub(super) fn stop_check(&mut self) {
        for job in [self.state.jobs.check.take(), self.state.jobs.judge.take()]
            .into_iter()
            .flatten()
        {
            self.effects.push(Effect::Stop { job });
        }
    }

    pub(super) fn cancel(&mut self) {
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

    pub(super) fn sweep(&mut self, net: ipnet::IpNet) {
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
}
