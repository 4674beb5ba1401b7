//! The reading of this machine, and once more with administrator rights.

use std::sync::Arc;
use std::time::Duration;

use super::super::event::Effect;
use super::super::state::{CheckStatus, Problem, ScanSource, ScanStatus, ToastKind};
use super::super::{rights, run};
use super::Step;
use crate::collect::rights::NoRights;
use crate::model::{Case, Message};

impl Step<'_> {
    pub(super) fn scan_anew(&mut self) {
        if !self.state.origin.is_live() {
            self.keep();
            self.forget_case();
        }
        self.scan();
    }

    pub(super) fn scan(&mut self) {
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

    pub(super) fn scan_source(&mut self, source: ScanSource) {
        if let ScanStatus::Running { sources, .. } = &mut self.state.scan {
            match sources.iter_mut().find(|known| known.name == source.name) {
                Some(known) => *known = source,
                None => sources.push(source),
            }
        }
    }

    /// Lays the facts of a scan under what the user told and what probes showed.
    pub(super) fn take_scan(&mut self, facts: Case) {
        let case = Arc::make_mut(&mut self.state.case);
        run::take_scan(case, facts);
        // Raw outputs are only taken in by the worker; until then pages show what was read.
        if case.outputs.is_empty() {
            self.state.facts = Arc::clone(&self.state.case);
            self.recognize();
        }
    }

    pub(super) fn scanned(&mut self, facts: Case, took: Duration) {
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

    pub(super) fn read_with_rights(&mut self) {
        let state = &self.state;
        if state.jobs.rights.is_some() || state.rights_by_hand.is_some() || !state.origin.is_live() {
            return;
        }
        let job = self.job();
        self.state.jobs.rights = Some(job);
        let language = self.state.language();
        self.effects.push(Effect::ReadWithRights { job, language });
    }

    pub(super) fn take_rights(&mut self, more: Case) {
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
    pub(super) fn no_rights(&mut self, why: NoRights) {
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
}
