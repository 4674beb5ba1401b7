//! The bounded history of one address's echo samples, and its figures.

use std::collections::VecDeque;

use crate::model::EchoErrorKind;

/// Samples kept of one address: an hour at one a second.
pub const CAPACITY: usize = 3600;

/// What came of one echo request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// The target replied.
    Reply,
    /// Nothing came in time.
    Lost,
    /// Somebody said why there is no reply, or this system would not send.
    Error(EchoErrorKind),
}

impl Outcome {
    /// The word for it in `ping --json`'s `outcomes`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Reply => "reply",
            Self::Lost => "lost",
            Self::Error(kind) => match kind {
                EchoErrorKind::HostUnreachable => "host-unreachable",
                EchoErrorKind::NetUnreachable => "net-unreachable",
                EchoErrorKind::PortUnreachable => "port-unreachable",
                EchoErrorKind::Prohibited => "prohibited",
                EchoErrorKind::TtlExceeded => "ttl-exceeded",
                EchoErrorKind::TooBig => "too-big",
                EchoErrorKind::NoRoute => "no-route",
                EchoErrorKind::NotPermitted => "not-permitted",
                EchoErrorKind::NoRights => "no-rights",
                EchoErrorKind::NoBuffer => "no-buffer",
                EchoErrorKind::AdapterGone => "adapter-gone",
                EchoErrorKind::Other => "other",
            },
        }
    }
}

/// One echo request of a live series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// Milliseconds between the start of the series and the sending.
    pub at_ms: u64,
    /// Round-trip time in microseconds; `None` when there was no reply.
    pub time_us: Option<u32>,
    /// What came of it.
    pub outcome: Outcome,
}

/// The last samples of one address in order of sending, and counts over all that were ever taken.
#[derive(Clone, Debug)]
pub struct History {
    samples: VecDeque<Sample>,
    capacity: usize,
    sent: u64,
    received: u64,
    outcomes: Vec<(Outcome, u64)>,
}

/// Figures over the samples that a [`History`] holds; times in microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Statistics {
    /// Requests whose outcome is known.
    pub sent: u64,
    /// Replies.
    pub received: u64,
    /// Share without a reply, 0 to 1; 0 when nothing was sent.
    pub loss: f64,
    /// Shortest time.
    pub min_us: Option<u32>,
    /// The middle time; the lower one of two.
    pub median_us: Option<u32>,
    /// 95 of 100 replies came within this time.
    pub p95_us: Option<u32>,
    /// 99 of 100 replies came within this time.
    pub p99_us: Option<u32>,
    /// Longest time.
    pub max_us: Option<u32>,
}

impl Default for History {
    fn default() -> Self {
        Self::with_capacity(CAPACITY)
    }
}

impl History {
    /// An empty history of the usual length.
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty history that keeps this many samples, at least one.
    pub fn with_capacity(capacity: usize) -> Self {
        Self {
            samples: VecDeque::new(),
            capacity: capacity.max(1),
            sent: 0,
            received: 0,
            outcomes: Vec::new(),
        }
    }

    /// Adds a sample. A lost one is known later than replies to younger requests, so it is put into its place.
    pub fn push(&mut self, sample: Sample) {
        self.sent += 1;
        self.received += u64::from(sample.outcome == Outcome::Reply);
        match self
            .outcomes
            .iter_mut()
            .find(|(outcome, _)| *outcome == sample.outcome)
        {
            Some((_, count)) => *count += 1,
            None => self.outcomes.push((sample.outcome, 1)),
        }
        let after = self
            .samples
            .iter()
            .rev()
            .take_while(|other| other.at_ms > sample.at_ms)
            .count();
        let at = self.samples.len() - after;
        if self.samples.len() >= self.capacity {
            if at == 0 {
                return;
            }
            self.samples.pop_front();
            self.samples.insert(at - 1, sample);
        } else {
            self.samples.insert(at, sample);
        }
    }

    /// The samples held, oldest first.
    pub fn samples(&self) -> impl DoubleEndedIterator<Item = &Sample> + ExactSizeIterator {
        self.samples.iter()
    }

    /// How many samples are held.
    pub fn len(&self) -> usize {
        self.samples.len()
    }

    /// Whether nothing has been measured yet.
    pub fn is_empty(&self) -> bool {
        self.samples.is_empty()
    }

    /// The youngest sample.
    pub fn last(&self) -> Option<&Sample> {
        self.samples.back()
    }

    /// How often each outcome was seen since the start, in a fixed order.
    pub fn outcomes(&self) -> Vec<(Outcome, u64)> {
        let mut outcomes = self.outcomes.clone();
        outcomes.sort_unstable();
        outcomes
    }

    /// The figures: counts and loss since the start, times over the samples held.
    pub fn statistics(&self) -> Statistics {
        let mut times: Vec<u32> = self.samples.iter().filter_map(|sample| sample.time_us).collect();
        times.sort_unstable();
        let lost = self.sent.saturating_sub(self.received);
        Statistics {
            sent: self.sent,
            received: self.received,
            loss: if self.sent == 0 {
                0.0
            } else {
                lost as f64 / self.sent as f64
            },
            min_us: times.first().copied(),
            median_us: percentile(&times, 50),
            p95_us: percentile(&times, 95),
            p99_us: percentile(&times, 99),
            max_us: times.last().copied(),
        }
    }
}

/// The smallest of the sorted times that at least `percent` of 100 do not exceed (nearest rank).
pub(super) fn percentile(sorted: &[u32], percent: usize) -> Option<u32> {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.saturating_sub(1)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(at_ms: u64, time_us: u32) -> Sample {
        Sample {
            at_ms,
            time_us: Some(time_us),
            outcome: Outcome::Reply,
        }
    }

    fn lost(at_ms: u64) -> Sample {
        Sample {
            at_ms,
            time_us: None,
            outcome: Outcome::Lost,
        }
    }

    #[test]
    fn percentiles_are_nearest_rank() {
        let hundred: Vec<u32> = (1..=100).collect();
        assert_eq!(percentile(&hundred, 50), Some(50));
        assert_eq!(percentile(&hundred, 95), Some(95));
        assert_eq!(percentile(&hundred, 99), Some(99));
        assert_eq!(percentile(&[7], 50), Some(7));
        assert_eq!(percentile(&[7], 99), Some(7));
        assert_eq!(percentile(&[1, 2], 50), Some(1));
        assert_eq!(percentile(&[1, 2], 95), Some(2));
        assert_eq!(percentile(&[], 50), None);
    }

    #[test]
    fn figures_of_a_mixed_series() {
        let mut history = History::new();
        for at in 0..10 {
            history.push(if at % 5 == 4 {
                lost(at)
            } else {
                reply(at, 100 + at as u32)
            });
        }
        history.push(Sample {
            at_ms: 10,
            time_us: None,
            outcome: Outcome::Error(EchoErrorKind::Prohibited),
        });
        let figures = history.statistics();
        assert_eq!((figures.sent, figures.received), (11, 8));
        assert!((figures.loss - 3.0 / 11.0).abs() < 1e-9);
        assert_eq!((figures.min_us, figures.max_us), (Some(100), Some(108)));
        assert_eq!(
            history.outcomes(),
            [
                (Outcome::Reply, 8),
                (Outcome::Lost, 2),
                (Outcome::Error(EchoErrorKind::Prohibited), 1)
            ]
        );
    }

    #[test]
    fn a_late_loss_takes_its_place() {
        let mut history = History::new();
        for at in [0, 200, 300] {
            history.push(reply(at, 1));
        }
        history.push(lost(100));
        let order: Vec<u64> = history.samples().map(|sample| sample.at_ms).collect();
        assert_eq!(order, [0, 100, 200, 300]);
    }

    #[test]
    fn only_the_last_samples_are_kept_and_all_are_counted() {
        let mut history = History::with_capacity(3);
        for at in 0..10 {
            history.push(reply(at, at as u32));
        }
        let order: Vec<u64> = history.samples().map(|sample| sample.at_ms).collect();
        assert_eq!(order, [7, 8, 9]);
        assert_eq!(history.statistics().sent, 10);
        assert_eq!(history.statistics().min_us, Some(7));
        // Older than all that is kept: counted, not shown.
        history.push(lost(1));
        assert_eq!(history.len(), 3);
        assert_eq!(history.statistics().received, 10);
        assert_eq!(history.statistics().sent, 11);
    }
}
