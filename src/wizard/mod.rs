//! The application without a face: a state machine with commands in and events out, and the worker that
//! carries out its effects on a background runtime.
//!
//! [`Wizard`] is all that a face needs: it draws [`Wizard::state`], hands wishes to [`Wizard::send`], and calls
//! [`Wizard::poll`] when it is woken.

mod command;
mod csv;
mod detect;
mod event;
pub mod example;
pub mod file;
mod inside;
pub mod journal;
mod lines;
pub mod long_watch;
mod plan;
mod rights;
pub mod run;
pub mod settings;
pub mod state;
mod transition;
pub mod vendor;
mod worker;

use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

pub use command::{Command, ReportFormat};
pub use detect::{Detection, FoundMachine, Product, detect};
pub use event::{Effect, Event, Judged, Opened, Source, Watched};
pub use plan::{CheckPlan, plan};
pub use settings::{Settings, Theme};
pub use state::State;
pub use transition::{Input, MAX_PASTE, MAX_TARGETS, apply, tidy};
pub use worker::{Surroundings, not_opened};

use state::{Problem, Toast, ToastKind};
use worker::{Outbox, Worker};

/// Most news that one [`Wizard::poll`] takes in, so that a flood of them cannot hold up a frame.
const MOST_NEWS: usize = 2_000;

/// The running application. It belongs to one thread, which it never keeps waiting.
pub struct Wizard {
    state: State,
    hands: Hands,
    inbox: Receiver<Event>,
}

/// Who carries out effects.
enum Hands {
    /// The background runtime.
    Worker(Box<Worker>),
    /// The caller's own thread, for effects without network; all others are left undone.
    Own,
}

/// What one look at the news brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct News {
    /// Whether the state changed.
    pub changed: bool,
    /// When the state will change by itself, counted from now.
    pub next: Option<Duration>,
}

/// What is drawn first. Settings that were set aside are told of, for the window looks as if it was new.
fn first_state(mut settings: Settings) -> State {
    let aside = settings.set_aside.take();
    let mut state = State::new(settings);
    if let Some(aside) = aside {
        let text = crate::model::Message::new("toast-settings-aside").with("name", aside.display());
        state.toasts.push(Toast {
            id: 0,
            text,
            kind: ToastKind::Info,
            undo: false,
            since: Instant::now(),
        });
    }
    state
}

impl Wizard {
    /// Starts the application with the user's settings file. `wake` is called from other threads when there are
    /// news; it should ask for a repaint. Nothing is read or sent before the first [`Command::Scan`].
    pub fn new(settings: Settings, wake: impl Fn() + Send + Sync + 'static) -> Self {
        let surroundings = Surroundings {
            tools: None,
            settings: Settings::path(),
        };
        Self::in_surroundings(settings, surroundings, wake)
    }

    /// Starts the application in other surroundings.
    pub fn in_surroundings(
        settings: Settings,
        surroundings: Surroundings,
        wake: impl Fn() + Send + Sync + 'static,
    ) -> Self {
        let (to, inbox) = mpsc::channel();
        let mut state = first_state(settings);
        state.rights_by_hand = crate::collect::rights::by_hand();
        let hands = match Worker::start(Outbox::new(to, Arc::new(wake)), surroundings) {
            Ok(worker) => Hands::Worker(Box::new(worker)),
            Err(error) => {
                state.problem = Some(Problem {
                    text: crate::model::Message::new("problem-no-threads"),
                    detail: error.to_string(),
                });
                Hands::Own
            }
        };
        Self { state, hands, inbox }
    }

    /// The application without a runtime: files are read and cases judged at once, in the caller's thread, and
    /// nothing is scanned or sent. For replays that must come out the same every time.
    pub fn replaying(settings: Settings) -> Self {
        let (_, inbox) = mpsc::channel();
        Self {
            state: first_state(settings),
            hands: Hands::Own,
            inbox,
        }
    }

    /// What is to be drawn.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Does what the user wishes, or begins to.
    pub fn send(&mut self, command: Command) {
        self.take_in(Input::Wish(command));
    }

    /// Takes in one piece of news as if the worker had told it: how a replay comes by what only a worker can do.
    pub fn tell(&mut self, event: Event) {
        self.take_in(Input::News(event));
    }

    /// Takes in the news.
    pub fn poll(&mut self) -> News {
        let mut changed = false;
        for _ in 0..MOST_NEWS {
            let Ok(event) = self.inbox.try_recv() else { break };
            self.take_in(Input::News(event));
            changed = true;
        }
        let (went, next) = tidy(&mut self.state, Instant::now());
        News {
            changed: changed || went,
            next,
        }
    }

    fn take_in(&mut self, input: Input) {
        let mut inputs = vec![input];
        while let Some(input) = inputs.pop() {
            for effect in apply(&mut self.state, input, Instant::now()) {
                match &mut self.hands {
                    Hands::Worker(worker) => worker.carry_out(effect),
                    Hands::Own => inputs.extend(worker::by_hand(effect).map(Input::News)),
                }
            }
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod hanging_tests;
