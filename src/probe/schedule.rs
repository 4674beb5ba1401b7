//! When to send to whom: one heap of due times for all targets. Pure: the time is given, nothing sleeps here.
//!
//! Each target keeps its own rate: the next due time counts from the last due time and not from when it was
//! served, so that lateness never adds up. Packets of different targets keep a gap, and what silent targets cost
//! is bounded by asking them less often.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

/// How far turns may lag behind and be made up for in a group: timers are a millisecond coarse.
const CREDIT: Duration = Duration::from_millis(4);

/// How long a target has been silent, and the interval that it is asked at from then on, when its own is shorter.
const BACK_OFF: [(Duration, Duration); 3] = [
    (Duration::from_secs(3600), Duration::from_secs(30)),
    (Duration::from_secs(600), Duration::from_secs(5)),
    (Duration::from_secs(30), Duration::from_secs(1)),
];

/// Shortest interval that is kept.
pub const SHORTEST_INTERVAL: Duration = Duration::from_millis(10);

/// Longest interval that is kept.
pub const LONGEST_INTERVAL: Duration = Duration::from_secs(3600);

/// One target's turns.
#[derive(Clone, Debug)]
struct Turns {
    interval: Duration,
    due: Duration,
    left: Option<u32>,
    silent_since: Option<Duration>,
}

impl Turns {
    /// The interval now: its own, or longer after a long silence.
    fn interval_at(&self, now: Duration) -> Duration {
        let silent = self
            .silent_since
            .map_or(Duration::ZERO, |since| now.saturating_sub(since));
        let longer = BACK_OFF.iter().find(|(after, _)| silent >= *after);
        longer.map_or(self.interval, |(_, interval)| self.interval.max(*interval))
    }
}

/// The turns of all targets. Times count from the start.
#[derive(Clone, Debug)]
pub(super) struct Schedule {
    turns: Vec<Turns>,
    heap: BinaryHeap<Reverse<(Duration, usize)>>,
    gap: Duration,
    free_from: Duration,
}

impl Schedule {
    /// Targets with these intervals, each asked `count` times or for ever, with a gap between any two packets.
    pub(super) fn new(
        intervals: impl IntoIterator<Item = Duration>,
        count: Option<u32>,
        gap: Duration,
    ) -> Self {
        let turns: Vec<Turns> = intervals
            .into_iter()
            .map(|interval| Turns {
                interval: interval.clamp(SHORTEST_INTERVAL, LONGEST_INTERVAL),
                due: Duration::ZERO,
                left: count,
                silent_since: None,
            })
            .collect();
        let heap = match count {
            Some(0) => BinaryHeap::new(),
            _ => (0..turns.len())
                .map(|target| Reverse((Duration::ZERO, target)))
                .collect(),
        };
        Self {
            turns,
            heap,
            gap,
            free_from: Duration::ZERO,
        }
    }

    /// When the next turn comes; `None` when all are over.
    pub(super) fn next(&self) -> Option<Duration> {
        self.heap
            .peek()
            .map(|Reverse((due, _))| (*due).max(self.free_from))
    }

    /// The target whose turn it is now, when there is one.
    pub(super) fn take(&mut self, now: Duration) -> Option<usize> {
        if self.next()? > now {
            return None;
        }
        let Reverse((_, target)) = self.heap.pop()?;
        self.free_from = self.free_from.max(now.saturating_sub(CREDIT)) + self.gap;
        let turns = self.turns.get_mut(target)?;
        turns.left = turns.left.map(|left| left.saturating_sub(1));
        let interval = turns.interval_at(now);
        turns.due += interval;
        if turns.due <= now {
            // What was missed is not made up for in a burst; the rhythm is kept.
            let missed = (now - turns.due).as_nanos() / interval.as_nanos().max(1) + 1;
            turns.due += interval * u32::try_from(missed).unwrap_or(u32::MAX);
        }
        if turns.left != Some(0) {
            self.heap.push(Reverse((turns.due, target)));
        }
        Some(target)
    }

    /// A target answered a request, or somebody answered for it.
    pub(super) fn answered(&mut self, target: usize, now: Duration) {
        let Some(turns) = self.turns.get_mut(target) else {
            return;
        };
        let slowed = turns.interval_at(now) > turns.interval;
        turns.silent_since = None;
        let soon = now + turns.interval;
        if slowed && turns.left != Some(0) && turns.due > soon {
            turns.due = soon;
            self.rebuild();
        }
    }

    /// A request that was sent at this time got no answer.
    pub(super) fn silent(&mut self, target: usize, sent: Duration) {
        if let Some(turns) = self.turns.get_mut(target) {
            turns.silent_since.get_or_insert(sent);
        }
    }

    /// Begins anew after the machine slept: everybody's turn is now.
    pub(super) fn resume(&mut self, now: Duration) {
        for turns in &mut self.turns {
            turns.due = now;
            turns.silent_since = None;
        }
        self.rebuild();
    }

    fn rebuild(&mut self) {
        let waiting = self.turns.iter().enumerate();
        self.heap = waiting
            .filter(|(_, turns)| turns.left != Some(0))
            .map(|(target, turns)| Reverse((turns.due, target)))
            .collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    /// Every turn until `end`, by a clock that jumps from due time to due time and is `late` each time.
    fn turns(
        schedule: &mut Schedule,
        end: Duration,
        late: impl Fn(u64) -> Duration,
    ) -> Vec<(Duration, usize)> {
        let mut turns = Vec::new();
        let mut step = 0;
        while let Some(next) = schedule.next().filter(|next| *next < end) {
            let now = next + late(step);
            step += 1;
            while let Some(target) = schedule.take(now) {
                turns.push((now, target));
            }
        }
        turns
    }

    #[test]
    fn lateness_does_not_add_up() {
        let mut schedule = Schedule::new([100 * MS], None, MS);
        let times = turns(&mut schedule, Duration::from_secs(3600), |step| {
            MS * (step % 7) as u32
        });
        assert_eq!(times.len(), 36_000, "exactly ten a second for an hour");
        for (number, (at, _)) in times.iter().enumerate() {
            assert!(*at - 100 * MS * number as u32 <= 6 * MS, "{number}: {at:?}");
        }
    }

    #[test]
    fn each_target_has_its_own_interval() {
        let hour = Duration::from_secs(3600);
        let mut schedule = Schedule::new([100 * MS, Duration::from_secs(1), hour], None, MS);
        let times = turns(&mut schedule, hour, |_| Duration::ZERO);
        let of = |target| times.iter().filter(|(_, one)| *one == target).count();
        assert_eq!((of(0), of(1), of(2)), (36_000, 3_600, 1));
    }

    #[test]
    fn packets_keep_their_gap_and_the_rate_its_cap() {
        let mut schedule = Schedule::new(vec![Duration::from_secs(1); 250], None, MS);
        let times = turns(&mut schedule, Duration::from_secs(10), |_| Duration::ZERO);
        assert_eq!(times.len(), 2_500);
        for pair in times.windows(6) {
            let took = pair[5].0 - pair[0].0;
            assert!(took + CREDIT >= 5 * MS, "six packets within {took:?}");
        }
        // More is asked for than the gap allows: the rate is that of the gap, and everybody gets a share.
        let mut schedule = Schedule::new(vec![10 * MS; 500], None, MS);
        let times = turns(&mut schedule, Duration::from_secs(10), |_| Duration::ZERO);
        assert!((9_990..=10_010).contains(&times.len()), "{}", times.len());
        for target in 0..500 {
            let share = times.iter().filter(|(_, one)| *one == target).count();
            assert!((15..=25).contains(&share), "{target}: {share}");
        }
    }

    #[test]
    fn a_missed_hour_is_not_made_up_for() {
        let mut schedule = Schedule::new([100 * MS], None, MS);
        turns(&mut schedule, Duration::from_secs(1), |_| Duration::ZERO);
        let late = Duration::from_secs(3600) + 30 * MS;
        assert!(schedule.take(late).is_some());
        assert!(schedule.take(late).is_none());
        assert_eq!(
            schedule.next(),
            Some(Duration::from_secs(3600) + 100 * MS),
            "in the old rhythm"
        );
    }

    #[test]
    fn silent_targets_are_asked_less_and_wake_up_at_once() {
        let mut schedule = Schedule::new([100 * MS], None, MS);
        schedule.silent(0, Duration::ZERO);
        let times = turns(&mut schedule, Duration::from_secs(3600), |_| Duration::ZERO);
        let until = |end: u64| {
            times
                .iter()
                .filter(|(at, _)| *at < Duration::from_secs(end))
                .count()
        };
        assert_eq!(until(30), 300);
        assert!((865..=875).contains(&until(600)), "{}", until(600));
        assert!((1465..=1475).contains(&until(3600)), "{}", until(3600));
        let (last, _) = *times.last().unwrap();
        schedule.answered(0, last + 2 * MS);
        assert_eq!(schedule.next(), Some(last + 102 * MS));
    }

    #[test]
    fn counted_turns_end() {
        let mut schedule = Schedule::new([10 * MS, 20 * MS], Some(3), MS);
        let times = turns(&mut schedule, Duration::from_secs(1), |_| Duration::ZERO);
        assert_eq!(times.len(), 6);
        assert_eq!(schedule.next(), None);
        assert_eq!(Schedule::new([10 * MS], Some(0), MS).next(), None);
    }

    #[test]
    fn after_a_sleep_everybody_is_asked_at_once() {
        let mut schedule = Schedule::new([Duration::from_secs(60)], None, MS);
        assert_eq!(schedule.take(Duration::ZERO), Some(0));
        let woken = Duration::from_secs(7);
        schedule.resume(woken);
        assert_eq!(schedule.take(woken), Some(0));
    }
}
