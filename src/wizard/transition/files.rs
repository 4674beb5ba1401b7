//! Cases that are opened and saved, cleared and brought back.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::super::event::{Effect, Opened, Source};
use super::super::lines;
use super::super::state::{
    CheckStatus, Drafts, HiddenList, Kept, Origin, Page, Problem, ScanStatus, SweepStatus, ToastKind,
    Undoable,
};
use super::Step;
use crate::model::{Case, Message};
use crate::report::Hidden;

impl Step<'_> {
    pub(super) fn open(&mut self, source: Source) {
        if let Some(job) = self.state.jobs.open.take() {
            self.effects.push(Effect::Stop { job });
        }
        let job = self.job();
        self.state.jobs.open = Some(job);
        self.effects.push(Effect::Open { job, source });
    }

    pub(super) fn opened(&mut self, origin: Origin, opened: Opened) {
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

    /// Has the things listed that a report would hide, once for each case.
    pub(super) fn list_hidden(&mut self) {
        let case = Arc::clone(&self.state.case);
        let known = self.state.hidden.as_ref();
        if known.is_some_and(|known| Arc::ptr_eq(&known.case, &case)) {
            return;
        }
        self.state.hidden = Some(HiddenList {
            case: Arc::clone(&case),
            list: None,
        });
        let job = self.job();
        self.effects.push(Effect::ListHidden { job, case });
    }

    pub(super) fn listed(&mut self, of: &Arc<Case>, list: Vec<Hidden>) {
        let asked = self.state.hidden.as_mut();
        if let Some(asked) = asked.filter(|asked| Arc::ptr_eq(&asked.case, of)) {
            asked.list = Some(Arc::new(list));
        }
    }

    pub(super) fn saved(&mut self, path: PathBuf, whole_case: bool, result: Result<(), String>) {
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

    pub(super) fn clear_all(&mut self) {
        self.keep();
        self.forget_case();
        self.toast(Message::new("toast-cleared"), ToastKind::Info, true);
        self.scan();
    }

    pub(super) fn keep(&mut self) {
        let state = &*self.state;
        self.can_undo(Undoable::Case(Arc::new(Kept {
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
        })));
    }

    pub(super) fn forget_case(&mut self) {
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
        state.hidden = None;
    }

    pub(super) fn undo(&mut self) {
        match self.state.undo.take() {
            None => return,
            Some(Undoable::Case(kept)) => self.bring_back(Arc::unwrap_or_clone(kept)),
            Some(Undoable::Monitor(cleared)) => self.monitor_bring_back(&cleared),
        }
        self.state.toasts.retain(|toast| !toast.undo);
    }

    fn bring_back(&mut self, kept: Kept) {
        self.forget_case();
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
    }
}
