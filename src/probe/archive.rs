//! What a history keeps of samples that are too old to be kept one by one: steps of time, and runs. Samples come in
//! order of sending; the size is bounded.

use std::collections::VecDeque;
use std::net::IpAddr;

use hdrhistogram::Histogram;

use super::history::{Outcome, Sample, Told};

/// Runs kept; after that the oldest are dropped, and it is told.
const MAX_RUNS: usize = 8192;

/// The length of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grain {
    /// A minute; kept for a day.
    Minute,
    /// A quarter of an hour; kept for four weeks.
    Quarter,
}

impl Grain {
    /// Milliseconds.
    pub fn millis(self) -> u64 {
        match self {
            Self::Minute => 60_000,
            Self::Quarter => 900_000,
        }
    }

    fn kept(self) -> usize {
        match self {
            Self::Minute => 24 * 60,
            Self::Quarter => 28 * 24 * 4,
        }
    }
}

/// The figures of all requests that were sent within one step of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// Its begin in milliseconds since the start of the series; a multiple of the grain.
    pub from_ms: u64,
    /// Requests.
    pub sent: u32,
    /// Replies.
    pub received: u32,
    /// Shortest time in microseconds.
    pub min_us: Option<u32>,
    /// The middle time, within 1 %.
    pub median_us: Option<u32>,
    /// Longest time.
    pub max_us: Option<u32>,
}

/// Requests one after the other that had the same outcome, told by the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// When the first was sent, in milliseconds since the start of the series.
    pub from_ms: u64,
    /// When the last was sent.
    pub to_ms: u64,
    /// How many.
    pub count: u64,
    /// What came of them.
    pub outcome: Outcome,
    /// Who said so, when it was neither the target nor this machine.
    pub by: Option<IpAddr>,
    /// The packet size that "too big" names.
    pub mtu: Option<u32>,
}

/// Runs in order of time.
#[derive(Clone, Debug, Default)]
pub(super) struct Runs {
    runs: VecDeque<Run>,
    dropped: bool,
}

impl Runs {
    pub(super) fn add(&mut self, sample: &Sample, told: Told) {
        if let Some(last) = self.runs.back_mut()
            && (last.outcome, last.by, last.mtu) == (sample.outcome, told.by, told.mtu)
        {
            last.to_ms = last.to_ms.max(sample.at_ms);
            last.count += 1;
            return;
        }
        if self.runs.len() >= MAX_RUNS {
            self.runs.pop_front();
            self.dropped = true;
        }
        self.runs.push_back(Run {
            from_ms: sample.at_ms,
            to_ms: sample.at_ms,
            count: 1,
            outcome: sample.outcome,
            by: told.by,
            mtu: told.mtu,
        });
    }

    pub(super) fn into_parts(self) -> (Vec<Run>, bool) {
        (self.runs.into(), self.dropped)
    }
}

/// Counts of times by size, each within 1 % (two significant digits; 13 kB).
#[derive(Clone, Debug, Default)]
pub(super) struct Times(Option<Box<Histogram<u32>>>);

impl Times {
    pub(super) fn add(&mut self, time_us: u32) {
        if self.0.is_none() {
            self.0 = Histogram::new_with_bounds(1, u64::from(u32::MAX), 2)
                .ok()
                .map(Box::new);
        }
        if let Some(times) = &mut self.0 {
            times.saturating_record(u64::from(time_us.max(1)));
        }
    }

    /// The time that so many of 100 do not exceed.
    pub(super) fn at(&self, percent: usize) -> Option<u32> {
        let times = self.0.as_ref().filter(|times| !times.is_empty())?;
        // Of the values that share a place the middle one is nearest to all of them.
        let place = times.value_at_quantile(percent as f64 / 100.0);
        let middle = times
            .lowest_equivalent(place)
            .midpoint(times.highest_equivalent(place));
        u32::try_from(middle).ok()
    }

    fn clear(&mut self) {
        if let Some(times) = &mut self.0 {
            times.reset();
        }
    }
}

/// Steps of one length, and the one that is being filled.
#[derive(Clone, Debug)]
struct Steps {
    grain: Grain,
    done: VecDeque<Step>,
    open: Option<Step>,
    times: Times,
}

impl Steps {
    fn new(grain: Grain) -> Self {
        Self {
            grain,
            done: VecDeque::new(),
            open: None,
            times: Times::default(),
        }
    }

    fn add(&mut self, sample: &Sample) {
        let from_ms = sample.at_ms - sample.at_ms % self.grain.millis();
        if self.open.is_none_or(|open| open.from_ms < from_ms) {
            self.close();
            self.open = Some(Step {
                from_ms,
                ..Step::default()
            });
        }
        let Some(open) = &mut self.open else { return };
        open.sent += 1;
        open.received += u32::from(sample.outcome.is_reply());
        if let Some(time) = sample.time_us {
            open.min_us = Some(open.min_us.map_or(time, |min| min.min(time)));
            open.max_us = Some(open.max_us.map_or(time, |max| max.max(time)));
            self.times.add(time);
        }
    }

    fn close(&mut self) {
        if let Some(mut step) = self.open.take() {
            step.median_us = self.times.at(50);
            self.times.clear();
            if self.done.len() >= self.grain.kept() {
                self.done.pop_front();
            }
            self.done.push_back(step);
        }
    }
}

/// Everything that is kept of old samples.
#[derive(Clone, Debug)]
pub(super) struct Archive {
    pub(super) runs: Runs,
    count: u64,
    minutes: Steps,
    quarters: Steps,
}

impl Default for Archive {
    fn default() -> Self {
        Self {
            runs: Runs::default(),
            count: 0,
            minutes: Steps::new(Grain::Minute),
            quarters: Steps::new(Grain::Quarter),
        }
    }
}

impl Archive {
    pub(super) fn add(&mut self, sample: &Sample, told: Told) {
        self.count += 1;
        self.runs.add(sample, told);
        self.minutes.add(sample);
        self.quarters.add(sample);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The steps over the archive and these younger samples.
    pub(super) fn steps<'a>(&self, grain: Grain, younger: impl Iterator<Item = &'a Sample>) -> Vec<Step> {
        let mut steps = match grain {
            Grain::Minute => self.minutes.clone(),
            Grain::Quarter => self.quarters.clone(),
        };
        younger.for_each(|sample| steps.add(sample));
        steps.close();
        steps.done.into()
    }
}
