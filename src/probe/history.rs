//! The bounded history of one address's echo samples, and its figures.
//!
//! The last samples stand as they were measured. What is older goes, in order, into the archive: steps of a minute and
//! of a quarter of an hour, and runs of one outcome. So late news find their sample still here, and memory does not grow
//! with time. Counts, extremes and a histogram are of all since the start, so that figures need no walk over the samples.

use std::collections::VecDeque;
use std::net::IpAddr;

use super::archive::{Archive, Times};
pub use super::archive::{Grain, Run, Step};
use crate::model::EchoErrorKind;

/// Samples kept of one address: an hour at one a second, and some minutes to look back.
pub const CAPACITY: usize = 4096;

/// The percentiles of the figures.
const PERCENTS: [usize; 3] = [50, 95, 99];

/// What came of one echo request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// The target replied.
    Reply,
    /// The target replied after the request had been given up as lost.
    Late,
    /// A reply to the request came from another address than was asked.
    OtherSource,
    /// The target replied, with another content than was sent.
    Garbled,
    /// One more reply to a request that had its answer; no request of its own.
    Duplicate,
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
            Self::Late => "late",
            Self::OtherSource => "other-source",
            Self::Garbled => "garbled",
            Self::Duplicate => "duplicate",
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
                EchoErrorKind::NotOneMachine => "not-one-machine",
                EchoErrorKind::Other => "other",
            },
        }
    }

    /// Whether the target itself answered, be it late.
    pub fn is_reply(self) -> bool {
        matches!(self, Self::Reply | Self::Late)
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

/// What an answer tells beside its outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Who answered, when it was not the target; `None` for an error is this machine.
    pub by: Option<IpAddr>,
    /// The packet size that "too big" names.
    pub mtu: Option<u32>,
    /// Smallest step of the time in microseconds, when it is more than one.
    pub step_us: Option<u32>,
}

/// The last samples of one address in order of sending, and the archive of all before them.
#[derive(Clone, Debug)]
pub struct History {
    samples: VecDeque<(Sample, Told)>,
    capacity: usize,
    sent: u64,
    received: u64,
    outcomes: Vec<(Outcome, u64)>,
    resolution_us: u32,
    min_us: Option<u32>,
    max_us: Option<u32>,
    times: Times,
    archive: Archive,
}

/// Figures of a [`History`] since its start; times in microseconds. While all samples are held the percentiles
/// are exact, later within 1 %.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Statistics {
    /// Requests whose outcome is known.
    pub sent: u64,
    /// Replies, late ones too.
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

    /// An empty history that keeps this many samples as they are, at least one.
    pub fn with_capacity(capacity: usize) -> Self {
        Self {
            samples: VecDeque::new(),
            capacity: capacity.max(1),
            sent: 0,
            received: 0,
            outcomes: Vec::new(),
            resolution_us: 1,
            min_us: None,
            max_us: None,
            times: Times::default(),
            archive: Archive::default(),
        }
    }

    /// Adds a sample of which nothing else is known; see [`Self::take`].
    pub fn push(&mut self, sample: Sample) {
        self.take(sample, Told::default());
    }

    /// Adds a sample. A lost one is known later than replies to younger requests, so it is put into its place;
    /// a late reply takes the place of the loss that it was counted as.
    pub fn take(&mut self, sample: Sample, told: Told) {
        self.count(sample.outcome, 1);
        self.resolution_us = self.resolution_us.max(told.step_us.unwrap_or(1));
        match sample.outcome {
            Outcome::Duplicate => return,
            Outcome::Late if self.uncount(Outcome::Lost) => {
                self.received += 1;
                let mut younger = self.samples.iter_mut().rev();
                let lost =
                    younger.find(|(other, _)| other.at_ms == sample.at_ms && other.outcome == Outcome::Lost);
                if let Some(lost) = lost {
                    *lost = (sample, told);
                    self.time(sample.time_us);
                }
                return;
            }
            _ => {}
        }
        self.sent += 1;
        self.received += u64::from(sample.outcome.is_reply());
        self.time(sample.time_us);
        let after = self
            .samples
            .iter()
            .rev()
            .take_while(|(other, _)| other.at_ms > sample.at_ms)
            .count();
        let at = self.samples.len() - after;
        self.samples.insert(at, (sample, told));
        if self.samples.len() > self.capacity
            && let Some((sample, told)) = self.samples.pop_front()
        {
            self.archive.add(&sample, told);
        }
    }

    /// Counts a reply's time.
    fn time(&mut self, time_us: Option<u32>) {
        if let Some(time) = time_us {
            self.min_us = Some(self.min_us.map_or(time, |min| min.min(time)));
            self.max_us = Some(self.max_us.map_or(time, |max| max.max(time)));
            self.times.add(time);
        }
    }

    fn count(&mut self, outcome: Outcome, by: u64) {
        match self.outcomes.iter_mut().find(|(one, _)| *one == outcome) {
            Some((_, count)) => *count += by,
            None => self.outcomes.push((outcome, by)),
        }
    }

    /// Takes one away again; false when there is none.
    fn uncount(&mut self, outcome: Outcome) -> bool {
        let Some(at) = self.outcomes.iter().position(|(one, _)| *one == outcome) else {
            return false;
        };
        if let Some((_, count)) = self.outcomes.get_mut(at) {
            *count -= 1;
            if *count == 0 {
                self.outcomes.remove(at);
            }
        }
        true
    }

    /// The samples held, oldest first.
    pub fn samples(&self) -> impl DoubleEndedIterator<Item = &Sample> + ExactSizeIterator {
        self.samples.iter().map(|(sample, _)| sample)
    }

    /// The samples held with what else was told of each, oldest first.
    pub fn told(&self) -> impl DoubleEndedIterator<Item = &(Sample, Told)> + ExactSizeIterator {
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

    /// Whether every sample since the start is still held.
    pub fn is_whole(&self) -> bool {
        self.archive.is_empty()
    }

    /// The youngest sample.
    pub fn last(&self) -> Option<&Sample> {
        self.samples.back().map(|(sample, _)| sample)
    }

    /// How often each outcome was seen since the start, in a fixed order.
    pub fn outcomes(&self) -> Vec<(Outcome, u64)> {
        let mut outcomes = self.outcomes.clone();
        outcomes.sort_unstable();
        outcomes
    }

    /// Smallest step of the times in microseconds, as their source states it: 1000 where a tool prints whole
    /// milliseconds.
    pub fn resolution_us(&self) -> u32 {
        self.resolution_us
    }

    /// Everything since the start in steps of this length, oldest first, as far back as they are kept.
    pub fn steps(&self, grain: Grain) -> Vec<Step> {
        self.archive.steps(grain, self.samples())
    }

    /// What happened, in order: runs of requests with the same outcome, told by the same. The bool is whether
    /// older ones were dropped, which happens after some thousand.
    pub fn runs(&self) -> (Vec<Run>, bool) {
        let mut runs = self.archive.runs.clone();
        for (sample, told) in &self.samples {
            runs.add(sample, *told);
        }
        runs.into_parts()
    }

    /// How many requests and how many replies there were since the start.
    pub fn counts(&self) -> (u64, u64) {
        (self.sent, self.received)
    }

    /// The figures since the start.
    pub fn statistics(&self) -> Statistics {
        let lost = self.sent.saturating_sub(self.received);
        let [median_us, p95_us, p99_us] = if self.is_whole() {
            let mut times: Vec<u32> = self.samples().filter_map(|sample| sample.time_us).collect();
            PERCENTS.map(|percent| percentile(&mut times, percent))
        } else {
            PERCENTS.map(|percent| self.times.at(percent))
        };
        Statistics {
            sent: self.sent,
            received: self.received,
            loss: if self.sent == 0 {
                0.0
            } else {
                lost as f64 / self.sent as f64
            },
            min_us: self.min_us,
            median_us,
            p95_us,
            p99_us,
            max_us: self.max_us,
        }
    }
}

/// The smallest of the times that at least `percent` of 100 do not exceed (nearest rank). Found without sorting them all,
/// for the window asks once a repaint; the times are left in another order.
fn percentile(times: &mut [u32], percent: usize) -> Option<u32> {
    let rank = (times.len() * percent).div_ceil(100).max(1);
    (rank <= times.len()).then(|| *times.select_nth_unstable(rank - 1).1)
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
        let mut hundred: Vec<u32> = (1..=100).rev().collect();
        assert_eq!(percentile(&mut hundred, 50), Some(50));
        assert_eq!(percentile(&mut hundred, 95), Some(95));
        assert_eq!(percentile(&mut hundred, 99), Some(99));
        assert_eq!(percentile(&mut [7], 50), Some(7));
        assert_eq!(percentile(&mut [7], 99), Some(7));
        assert_eq!(percentile(&mut [2, 1], 50), Some(1));
        assert_eq!(percentile(&mut [2, 1], 95), Some(2));
        assert_eq!(percentile(&mut [], 50), None);
    }

    #[test]
    fn an_hour_at_one_a_second_is_held_reply_by_reply() {
        let mut history = History::new();
        (0..5000).for_each(|second| history.push(reply(second * 1000, 300)));
        let last = history.last().unwrap().at_ms;
        assert!(history.samples().next().unwrap().at_ms <= last - 3_600_000);
        assert!(!history.is_whole());
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
        assert_eq!(history.statistics().min_us, Some(0), "of all that ever were");
        // Older than all that is kept: counted, not shown.
        history.push(lost(1));
        assert_eq!(history.len(), 3);
        assert_eq!(history.samples().next().unwrap().at_ms, 7);
        assert_eq!(history.statistics().received, 10);
        assert_eq!(history.statistics().sent, 11);
    }

    #[test]
    fn a_late_reply_takes_back_its_loss() {
        let mut history = History::new();
        history.push(reply(0, 100));
        history.push(lost(1000));
        history.push(reply(2000, 100));
        history.push(Sample {
            at_ms: 1000,
            time_us: Some(1_500_000),
            outcome: Outcome::Late,
        });
        let figures = history.statistics();
        assert_eq!((figures.sent, figures.received, figures.loss), (3, 3, 0.0));
        assert_eq!(figures.max_us, Some(1_500_000));
        assert_eq!(history.outcomes(), [(Outcome::Reply, 2), (Outcome::Late, 1)]);
        assert_eq!(history.len(), 3);
    }

    #[test]
    fn duplicates_are_counted_and_are_no_requests() {
        let mut history = History::new();
        history.push(reply(0, 100));
        for _ in 0..5_000 {
            history.push(Sample {
                at_ms: 0,
                time_us: None,
                outcome: Outcome::Duplicate,
            });
        }
        assert_eq!((history.len(), history.statistics().sent), (1, 1));
        assert_eq!(
            history.outcomes(),
            [(Outcome::Reply, 1), (Outcome::Duplicate, 5_000)]
        );
    }

    #[test]
    fn a_week_keeps_its_counts_its_percentiles_and_its_size() {
        const WEEK: u64 = 7 * 24 * 3600;
        let mut history = History::new();
        let mut all = Vec::new();
        let mut random: u64 = 1;
        for second in 0..WEEK {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let noise = (random >> 33) % 1000;
            // Long tails, and an outage of a minute each day.
            let time = (80 + noise / 10 + u64::from(noise > 990) * noise * 20) as u32;
            if second % 86_400 >= 86_340 {
                history.push(lost(second * 1000));
            } else {
                all.push(time);
                history.push(reply(second * 1000, time));
            }
        }
        all.sort_unstable();
        let figures = history.statistics();
        assert_eq!((figures.sent, figures.received), (WEEK, all.len() as u64));
        assert_eq!(
            (figures.min_us, figures.max_us),
            (all.first().copied(), all.last().copied())
        );
        for (told, percent) in [
            (figures.median_us, 50),
            (figures.p95_us, 95),
            (figures.p99_us, 99),
        ] {
            let (told, exact) = (
                f64::from(told.unwrap()),
                f64::from(all[(all.len() * percent).div_ceil(100) - 1]),
            );
            assert!(
                (told - exact).abs() <= exact / 100.0,
                "{percent}: {told} for {exact}"
            );
        }
        let (runs, dropped) = history.runs();
        let outages: Vec<&Run> = runs.iter().filter(|run| run.outcome == Outcome::Lost).collect();
        assert!(!dropped);
        assert_eq!(outages.len(), 7);
        assert!(
            outages
                .iter()
                .all(|run| run.count == 60 && run.to_ms - run.from_ms == 59_000)
        );
        let minutes = history.steps(Grain::Minute);
        assert!(minutes.len() >= 1440 && minutes.iter().all(|step| step.sent == 60));
        let quarters = history.steps(Grain::Quarter);
        assert_eq!(quarters.len(), 7 * 96);
        assert_eq!(
            quarters.iter().map(|step| u64::from(step.sent)).sum::<u64>(),
            WEEK
        );
        assert_eq!(
            quarters.iter().map(|step| u64::from(step.received)).sum::<u64>(),
            all.len() as u64
        );
        assert!(
            quarters
                .iter()
                .all(|step| step.median_us.is_some_and(|median| (80..200).contains(&median)))
        );
    }
}
