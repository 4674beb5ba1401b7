//! "It breaks sometimes": when an address stops answering and when it answers again, and the case on either side.

use std::collections::VecDeque;
use std::net::IpAddr;
use std::sync::Arc;

use crate::model::{Case, Message, Service, ServiceState};
use crate::probe::watch::{AdapterNow, Change};
use crate::probe::{Outcome, Sample};

/// Requests without an answer after which an address is said to have stopped answering.
const MISSED: u32 = 3;

/// Flips kept; each holds two cases.
const MAX_FLIPS: usize = 8;

/// Marks kept.
const MAX_MARKS: usize = 500;

/// Whether an address answers, as far as the last requests tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    answered: bool,
    missed: u32,
    from_ms: u64,
}

/// A change of standing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It stopped answering: the first request without an answer was sent then.
    Silent {
        /// Milliseconds since the monitor was started first.
        from_ms: u64,
    },
    /// It answers again.
    Back {
        /// When the first request without an answer was sent.
        from_ms: u64,
        /// When the first one with an answer was.
        at_ms: u64,
    },
}

impl Standing {
    /// Takes what came of a request.
    pub fn take(&mut self, sample: &Sample) -> Option<Turn> {
        match sample.outcome {
            // They speak of the past.
            Outcome::Late | Outcome::Duplicate => None,
            Outcome::Reply => {
                let was_silent = self.missed >= MISSED && self.answered;
                let back = Turn::Back {
                    from_ms: self.from_ms,
                    at_ms: sample.at_ms,
                };
                self.answered = true;
                self.missed = 0;
                was_silent.then_some(back)
            }
            _ => {
                if self.missed == 0 {
                    self.from_ms = sample.at_ms;
                }
                self.missed = self.missed.saturating_add(1);
                let turned = self.missed == MISSED && self.answered;
                turned.then_some(Turn::Silent {
                    from_ms: self.from_ms,
                })
            }
        }
    }
}

/// An address stopped answering, or answers again, with this machine's case before and after.
#[derive(Clone, Debug)]
pub struct Flip {
    /// The job that reads the case after it.
    pub job: u64,
    /// Milliseconds since the monitor was started first.
    pub at_ms: u64,
    /// The address.
    pub address: IpAddr,
    /// Whether it answers now.
    pub answers: bool,
    /// What was known of this machine before.
    pub before: Arc<Case>,
    /// What is known of it since; `None` while it is being read.
    pub after: Option<Arc<Case>>,
}

/// How often this machine is looked at while the monitor runs, so that what was before an outage is no memory of
/// long ago; in milliseconds. Services tell nobody when they stop, so that they are seen by this alone.
const LOOK_EVERY_MS: u64 = 600_000;

/// What this machine was like when it was looked at last, and the look that is under way.
#[derive(Clone, Debug, Default)]
pub struct Looks {
    known: Option<Arc<Case>>,
    job: Option<u64>,
    due_ms: u64,
}

impl Looks {
    /// Whether it is time for a look.
    pub fn is_due(&self, now_ms: u64) -> bool {
        self.job.is_none() && now_ms >= self.due_ms
    }

    /// Begins one.
    pub fn begin(&mut self, job: u64, now_ms: u64) {
        self.job = Some(job);
        self.due_ms = now_ms.saturating_add(LOOK_EVERY_MS);
    }

    /// What was known last; before the first look, what the scan had read.
    pub fn known_or(&self, scanned: &Arc<Case>) -> Arc<Case> {
        self.known.clone().unwrap_or_else(|| scanned.clone())
    }

    /// Takes what was read, for a look or for a flip.
    pub fn take(&mut self, job: u64, read: Arc<Case>) {
        if self.job == Some(job) {
            self.job = None;
        }
        self.known = Some(read);
    }
}

/// Services that began or ceased to run between two cases. Who was not read both times says nothing.
pub fn services(before: &Case, after: &Case) -> Vec<Message> {
    let of = |case: &Case| -> Vec<Service> { case.host.services.value().cloned().unwrap_or_default() };
    let known = of(before);
    let changed = of(after).into_iter().filter_map(|service| {
        let before = known.iter().find(|one| one.name == service.name)?.state;
        let key = match (before, service.state) {
            (ServiceState::Unknown, _) | (_, ServiceState::Unknown) => return None,
            (before, now) if before == now => return None,
            (_, ServiceState::Running) => "change-service-running",
            (_, ServiceState::Stopped) => "change-service-stopped",
            (_, ServiceState::Failed) => "change-service-failed",
            (_, ServiceState::Missing) => "change-service-missing",
        };
        Some(Message::new(key).with("service", &service.name))
    });
    changed.collect()
}

/// An event worth a mark in the plots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Milliseconds since the monitor was started first.
    pub at_ms: u64,
    /// What happened.
    pub text: Message,
}

/// Adds a mark in order of time; the oldest are forgotten after some hundred.
pub fn mark(marks: &mut VecDeque<Mark>, mark: Mark) {
    let after = marks
        .iter()
        .rev()
        .take_while(|other| other.at_ms > mark.at_ms)
        .count();
    marks.insert(marks.len() - after, mark);
    if marks.len() > MAX_MARKS {
        marks.pop_front();
    }
}

/// Adds a flip; the oldest are forgotten.
pub fn remember(flips: &mut VecDeque<Flip>, flip: Flip) {
    flips.push_back(flip);
    if flips.len() > MAX_FLIPS {
        flips.pop_front();
    }
}

/// What to say of a turn of this address.
pub fn turned(name: &str, turn: Turn) -> Mark {
    match turn {
        Turn::Silent { from_ms } => Mark {
            at_ms: from_ms,
            text: Message::new("change-silent").with("name", name),
        },
        Turn::Back { from_ms, at_ms } => Mark {
            at_ms,
            text: Message::new("change-back").with("name", name).with(
                "seconds",
                format!("{:.1}", at_ms.saturating_sub(from_ms) as f64 / 1000.0),
            ),
        },
    }
}

/// What to say of a change.
pub fn changed(change: &Change) -> Message {
    match change {
        Change::Adapter { name, now } => Message::new(match now {
            AdapterNow::Gone => "change-adapter-gone",
            AdapterNow::Off => "change-adapter-off",
            AdapterNow::Unplugged => "change-adapter-unplugged",
            AdapterNow::Up => "change-adapter-up",
        })
        .with("adapter", name),
        Change::Address {
            adapter,
            address,
            there,
        } => Message::new(if *there {
            "change-address-added"
        } else {
            "change-address-removed"
        })
        .with("adapter", adapter)
        .with("address", address),
        Change::Route {
            to,
            via,
            adapter,
            there,
        } => {
            let via = via.map(|via| via.to_string()).or_else(|| adapter.clone());
            Message::new(if *there {
                "change-route-added"
            } else {
                "change-route-removed"
            })
            .with("to", to)
            .with("via", via.unwrap_or_default())
        }
        Change::Neighbor {
            address, now, before, ..
        } => match (before, now) {
            (Some(before), Some(now)) => Message::new("change-neighbor-moved")
                .with("address", address)
                .with("before", before)
                .with("now", now),
            (_, Some(now)) => Message::new("change-neighbor-back")
                .with("address", address)
                .with("now", now),
            (_, None) => Message::new("change-neighbor-silent").with("address", address),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(at_ms: u64, outcome: Outcome) -> Sample {
        Sample {
            at_ms,
            time_us: (outcome == Outcome::Reply).then_some(100),
            outcome,
        }
    }

    #[test]
    fn three_in_a_row_are_an_outage_and_one_is_none() {
        let mut standing = Standing::default();
        let mut turns = Vec::new();
        for (second, answered) in [1, 1, 0, 1, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0].into_iter().enumerate() {
            let outcome = if answered == 1 {
                Outcome::Reply
            } else {
                Outcome::Lost
            };
            turns.extend(standing.take(&sample(second as u64 * 1000, outcome)));
        }
        assert_eq!(
            turns,
            [
                Turn::Silent { from_ms: 4000 },
                Turn::Back {
                    from_ms: 4000,
                    at_ms: 9000
                },
                Turn::Silent { from_ms: 11_000 }
            ]
        );
    }

    fn with_services(states: &[(&str, ServiceState)]) -> Case {
        let services = states.iter().map(|(name, state)| Service {
            name: (*name).to_owned(),
            state: *state,
            start: crate::model::StartMode::default(),
            source: String::new(),
        });
        let mut case = Case::default();
        case.host.services = crate::model::Fact::known(services.collect(), "systemctl");
        case
    }

    #[test]
    fn services_that_stop_or_start_are_told_and_others_are_not() {
        use ServiceState::{Failed, Running, Stopped, Unknown};
        let before = with_services(&[
            ("a", Running),
            ("b", Running),
            ("c", Stopped),
            ("d", Unknown),
            ("e", Running),
        ]);
        let after = with_services(&[
            ("a", Failed),
            ("b", Running),
            ("c", Running),
            ("d", Stopped),
            ("f", Stopped),
        ]);
        let told: Vec<(&str, String)> = services(&before, &after)
            .iter()
            .map(|message| (message.key, format!("{:?}", message.args)))
            .collect();
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(
            told[0].0 == "change-service-failed" && told[0].1.contains("\"a\""),
            "{told:?}"
        );
        assert!(
            told[1].0 == "change-service-running" && told[1].1.contains("\"c\""),
            "{told:?}"
        );
        assert_eq!(services(&Case::default(), &after), []);
    }

    #[test]
    fn looks_come_every_ten_minutes_and_one_at_a_time() {
        let mut looks = Looks::default();
        let (scanned, read) = (Arc::new(Case::default()), Arc::new(with_services(&[])));
        assert!(looks.is_due(0), "at once");
        looks.begin(7, 0);
        assert!(!looks.is_due(LOOK_EVERY_MS), "one is under way");
        assert_eq!(looks.known_or(&scanned), scanned);
        looks.take(7, read.clone());
        assert_eq!(looks.known_or(&scanned), read);
        assert!(!looks.is_due(LOOK_EVERY_MS - 1) && looks.is_due(LOOK_EVERY_MS));
    }

    #[test]
    fn who_never_answered_has_not_stopped() {
        let mut standing = Standing::default();
        assert!((0..10).all(|at| standing.take(&sample(at, Outcome::Lost)).is_none()));
        assert_eq!(standing.take(&sample(10, Outcome::Reply)), None);
        assert_eq!(standing.take(&sample(5, Outcome::Late)), None);
    }

    #[test]
    fn marks_stand_in_order_of_time_and_are_bounded() {
        let mut marks = VecDeque::new();
        for at_ms in (0..2_000).rev() {
            mark(
                &mut marks,
                Mark {
                    at_ms,
                    text: Message::new("change-silent"),
                },
            );
        }
        assert_eq!(marks.len(), MAX_MARKS);
        assert!(marks.iter().map(|mark| mark.at_ms).is_sorted());
    }
}
