//! What the user tells of the case: who and where, and what was pasted.

use std::sync::Arc;

use super::super::detect;
use super::super::state::{CheckStatus, Draft, Page, ToastKind};
use super::{MAX_PASTE, Step};
use crate::diagnose::NextKind;
use crate::model::{Endpoint, HypervisorId, Intake, Message, Output, Place, parse_address_or_net};
use crate::remedy::Where;

impl Step<'_> {
    pub(super) fn tell(&mut self, change: impl FnOnce(&mut Intake)) {
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

    pub(super) fn recognize(&mut self) {
        self.state.detection = Arc::new(detect(&self.state.facts));
    }

    pub(super) fn choose_machine(&mut self, hypervisor: HypervisorId, name: String) {
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

    pub(super) fn set_ends(&mut self, from: Endpoint, to: Endpoint) {
        if from == to {
            return;
        }
        self.tell(|intake| {
            intake.from = Some(from);
            intake.to = Some(to);
        });
    }

    pub(super) fn set_guest_address(&mut self, text: &str) {
        self.draft(Draft::GuestAddress, text.to_owned());
        let text = text.trim();
        match (text.is_empty(), parse_address_or_net(text)) {
            (true, _) => self.tell(|intake| intake.guest_ip = None),
            (false, Some(told)) => self.tell(|intake| intake.guest_ip = Some(told)),
            (false, None) => self.problem("problem-not-an-address", text),
        }
    }

    pub(super) fn draft(&mut self, draft: Draft, text: String) {
        self.state.drafts.texts.insert(draft, bounded(text));
    }

    pub(super) fn paste(&mut self, on: Place, command: String, text: String, draft: Draft) {
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
    pub(super) fn answer(&mut self, text: String) {
        let next = self
            .state
            .diagnosis
            .as_ref()
            .and_then(|diagnosis| diagnosis.next.clone());
        let Some(next) = next else { return };
        // Somebody who has the guest's own list at hand may paste that instead of picking the answer out of it.
        let is_word = !text.trim().contains('\n');
        if next.kind == NextKind::Question && is_word {
            let Some(told) = read_answer(&text) else {
                return self.problem("problem-not-an-answer", text.trim());
            };
            self.state.drafts.texts.remove(&Draft::Answer);
            self.tell(told);
            return self.start_check(false);
        }
        let on = next.on.and_then(Where::place).unwrap_or(Place::Guest);
        self.paste(on, next.command.unwrap_or_default(), text, Draft::Answer);
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
