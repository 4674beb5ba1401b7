//! What the monitor's plots are drawn from: the replies of a target one by one, or a day of them in minutes, kept while
//! nothing that shows came.

use std::sync::Arc;

use crate::gui::widget::Sample;
use crate::probe::{self, Grain, History, Step};

/// The time that the plots show, in seconds since the start.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    /// Its begin.
    pub from: f64,
    /// Its end.
    pub to: f64,
    /// How much of it one point of the plots' width stands for.
    pub point: f64,
}

/// The end of a time axis that holds `end` and moves by whole points of its width, so that it stands still for as long
/// as nobody could see it move.
pub fn whole_points(end: f64, point: f64) -> f64 {
    if point > 0.0 && point.is_finite() {
        (end / point).ceil() * point
    } else {
        end
    }
}

/// The samples that a target was drawn from last.
#[derive(Debug, Default)]
pub struct KeptSamples {
    samples: Arc<Vec<Sample>>,
    made_of: Option<MadeOf>,
}

/// What samples were made of.
#[derive(Debug)]
struct MadeOf {
    shown: Shown,
    /// How many requests and replies there were.
    counts: (u64, u64),
    /// When the youngest was sent, in milliseconds since the start.
    youngest_ms: Option<u64>,
}

#[derive(Debug)]
enum Shown {
    /// Each reply within the span; the slowest of them, in microseconds.
    Replies { span: Span, slowest_us: u32 },
    /// The last day in minutes up to this one.
    Minutes { last: u64 },
}

impl KeptSamples {
    /// What is drawn of a target: every reply of the last minutes, or minutes of the last day.
    pub fn of(&mut self, history: &History, span: Span) -> &Arc<Vec<Sample>> {
        let held = history.samples().next().map_or(0.0, seconds);
        let by_minute = !history.is_whole() && span.from < held;
        let kept = self.made_of.as_ref().is_some_and(|before| match before.shown {
            Shown::Minutes { last } => {
                by_minute && last == last_minute(history) && before.losses() == losses(history)
            }
            Shown::Replies {
                span: shown,
                slowest_us,
            } => !by_minute && shown == span && before.only_unseen_came(history, span, slowest_us),
        });
        let shown = match self.made_of.take().filter(|_| kept) {
            Some(before) => before.shown,
            None if by_minute => {
                self.samples = Arc::new(minutes(history));
                let last = last_minute(history);
                Shown::Minutes { last }
            }
            None => {
                let (samples, slowest_us) = replies(history, span);
                self.samples = Arc::new(samples);
                Shown::Replies { span, slowest_us }
            }
        };
        self.made_of = Some(MadeOf {
            shown,
            counts: history.counts(),
            youngest_ms: history.last().map(|sample| sample.at_ms),
        });
        &self.samples
    }
}

impl MadeOf {
    fn losses(&self) -> u64 {
        self.counts.0.saturating_sub(self.counts.1)
    }

    /// Whether all that came since then stands at the end and shows no more than what is drawn: it is younger than the
    /// span, or a reply within its last point, no slower than one that is drawn. A loss is always seen, and so is what
    /// came late and took a place among the older ones.
    fn only_unseen_came(&self, history: &History, span: Span, slowest_us: u32) -> bool {
        let is_young =
            |sample: &probe::Sample| self.youngest_ms.is_none_or(|youngest| sample.at_ms > youngest);
        let (mut sent, mut received) = self.counts;
        for sample in history.samples().rev().take_while(|sample| is_young(sample)) {
            let within = seconds(sample) <= span.to;
            let last_point = seconds(sample) > span.to - span.point;
            let unseen = last_point && sample.time_us.is_some_and(|time| time <= slowest_us);
            if within && !unseen {
                return false;
            }
            sent += 1;
            received += u64::from(sample.outcome.is_reply());
        }
        (sent, received) == history.counts()
    }
}

fn seconds(sample: &probe::Sample) -> f64 {
    sample.at_ms as f64 / 1000.0
}

fn losses(history: &History) -> u64 {
    let (sent, received) = history.counts();
    sent.saturating_sub(received)
}

fn last_minute(history: &History) -> u64 {
    let minute = Grain::Minute.millis();
    history.last().map_or(0, |sample| sample.at_ms / minute)
}

/// Every reply since the span's begin, and the slowest of them in microseconds.
fn replies(history: &History, span: Span) -> (Vec<Sample>, u32) {
    let mut samples = Vec::with_capacity(history.len());
    let mut slowest_us = 0;
    for sample in history.samples() {
        let at = seconds(sample);
        if at >= span.from {
            slowest_us = slowest_us.max(sample.time_us.unwrap_or_default());
            let ms = sample.time_us.map(|us| f64::from(us) / 1000.0);
            samples.push(Sample { at, ms });
        }
    }
    (samples, slowest_us)
}

/// The last day in minutes.
fn minutes(history: &History) -> Vec<Sample> {
    in_minutes(&history.steps(Grain::Minute), history.last().map_or(0.0, seconds))
}

/// Each minute as its shortest and its longest time, and as a loss where any reply was missing. The last one is not over
/// yet: nothing of it stands behind the youngest sample.
fn in_minutes(steps: &[Step], youngest: f64) -> Vec<Sample> {
    let ms = |us: u32| f64::from(us) / 1000.0;
    let mut samples = Vec::with_capacity(steps.len() * 2);
    for step in steps {
        let at = |after: f64| (step.from_ms as f64 / 1000.0 + after).min(youngest);
        let times = [(0.0, step.min_us), (30.0, step.max_us)];
        samples.extend(times.into_iter().filter_map(|(after, us)| {
            Some(Sample {
                at: at(after),
                ms: Some(ms(us?)),
            })
        }));
        if step.received < step.sent {
            samples.push(Sample {
                at: at(59.0),
                ms: None,
            });
        }
    }
    samples
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe::Outcome;

    const MINUTE: Span = Span {
        from: 0.0,
        to: 60.0,
        point: 2.0,
    };

    fn push(history: &mut History, at_ms: u64, time_us: Option<u32>) {
        let outcome = if time_us.is_some() {
            Outcome::Reply
        } else {
            Outcome::Lost
        };
        history.push(probe::Sample {
            at_ms,
            time_us,
            outcome,
        });
    }

    /// A history of one reply a second up to 59 s, and what is kept of it.
    fn a_minute() -> (History, KeptSamples, Arc<Vec<Sample>>) {
        let mut history = History::new();
        (0..60).for_each(|second| push(&mut history, second * 1000, Some(300)));
        let mut kept = KeptSamples::default();
        let samples = Arc::clone(kept.of(&history, MINUTE));
        (history, kept, samples)
    }

    fn is_kept(kept: &mut KeptSamples, history: &History, span: Span, samples: &Arc<Vec<Sample>>) -> bool {
        Arc::ptr_eq(kept.of(history, span), samples)
    }

    #[test]
    fn an_axis_ends_at_the_next_whole_point() {
        assert_eq!(whole_points(0.0, 2.0), 0.0);
        assert_eq!(whole_points(58.1, 2.0), 60.0);
        assert_eq!(whole_points(60.0, 2.0), 60.0);
        assert_eq!(whole_points(60.1, 2.0), 62.0);
        for point in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(whole_points(60.1, point), 60.1);
        }
    }

    #[test]
    fn samples_are_kept_until_one_comes_that_shows() {
        let (mut history, mut kept, samples) = a_minute();
        assert!(is_kept(&mut kept, &history, MINUTE, &samples));
        // A reply like all others within the last point, and whatever is behind the end.
        push(&mut history, 59_500, Some(300));
        push(&mut history, 60_500, None);
        assert!(is_kept(&mut kept, &history, MINUTE, &samples));
        let moved = Span {
            from: 2.0,
            to: 62.0,
            ..MINUTE
        };
        let after = Arc::clone(kept.of(&history, moved));
        assert_eq!((after.first().map(|s| s.at), after.len()), (Some(2.0), 60));
        assert_eq!(after.iter().filter(|sample| sample.ms.is_none()).count(), 1);
    }

    #[test]
    fn a_loss_a_spike_and_a_gap_that_is_filled_show_at_once() {
        type Comes = fn(&mut History);
        let comes: [Comes; 5] = [
            |history| push(history, 59_500, None),
            |history| push(history, 59_500, Some(301)),
            // The loss of an older request than those that were answered, and a reply to one.
            |history| push(history, 30_500, None),
            |history| push(history, 30_500, Some(300)),
            // Not younger than the youngest.
            |history| push(history, 59_000, Some(300)),
        ];
        for (index, comes) in comes.into_iter().enumerate() {
            let (mut history, mut kept, samples) = a_minute();
            comes(&mut history);
            assert!(!is_kept(&mut kept, &history, MINUTE, &samples), "{index}");
            assert_eq!(kept.of(&history, MINUTE).len(), 61);
        }
        let (mut history, mut kept, _) = a_minute();
        push(&mut history, 59_500, None);
        let with_loss = Arc::clone(kept.of(&history, MINUTE));
        history.push(probe::Sample {
            at_ms: 59_500,
            time_us: Some(200),
            outcome: Outcome::Late,
        });
        assert!(!is_kept(&mut kept, &history, MINUTE, &with_loss));
        assert!(kept.of(&history, MINUTE).iter().all(|sample| sample.ms.is_some()));
    }

    #[test]
    fn what_was_cleared_is_not_shown() {
        let (_, mut kept, _) = a_minute();
        assert!(kept.of(&History::new(), MINUTE).is_empty());
        let (history, mut kept, _) = a_minute();
        let mut again = History::new();
        (0..60).for_each(|second| push(&mut again, 100_000 + second * 1000, Some(300)));
        assert!(kept.of(&again, MINUTE).iter().all(|sample| sample.at >= 100.0));
        assert_eq!(kept.of(&history, MINUTE).len(), 60);
    }

    #[test]
    fn a_day_is_made_anew_each_minute_and_with_each_loss() {
        let mut history = History::with_capacity(60);
        (0..6000).for_each(|second| push(&mut history, second * 1000, Some(300)));
        let day = |to: f64| Span {
            from: to - 86_400.0,
            to,
            point: 80.0,
        };
        let mut kept = KeptSamples::default();
        let samples = Arc::clone(kept.of(&history, day(6000.0)));
        assert_eq!(samples.len(), 200);
        (0..30).for_each(|second| push(&mut history, (6000 + second) * 1000, Some(300)));
        let later = Arc::clone(kept.of(&history, day(6080.0)));
        assert!(!Arc::ptr_eq(&later, &samples));
        push(&mut history, 6_030_000, Some(900));
        assert!(is_kept(&mut kept, &history, day(6160.0), &later));
        push(&mut history, 6_031_000, None);
        let lost = Arc::clone(kept.of(&history, day(6160.0)));
        assert_eq!(lost.last(), Some(&Sample { at: 6031.0, ms: None }));
        push(&mut history, 6_060_000, Some(300));
        assert!(!is_kept(&mut kept, &history, day(6160.0), &lost));
        // Closer, where replies are held one by one.
        let closer = Span {
            from: 6010.0,
            to: 6060.0,
            point: 0.1,
        };
        assert!(kept.of(&history, closer).iter().all(|sample| sample.at >= 6010.0));
        assert_eq!(kept.of(&history, day(6160.0)).first(), samples.first());
    }

    #[test]
    fn a_minute_keeps_its_extremes_and_its_losses() {
        let step = |from_ms, received| Step {
            from_ms,
            sent: 60,
            received,
            min_us: Some(200),
            median_us: Some(300),
            max_us: Some(9_000),
        };
        let drawn = in_minutes(&[step(60_000, 60), step(120_000, 59)], 140.0);
        let expected = [
            (60.0, Some(0.2)),
            (90.0, Some(9.0)),
            (120.0, Some(0.2)),
            (140.0, Some(9.0)),
            (140.0, None),
        ];
        assert_eq!(drawn, expected.map(|(at, ms)| Sample { at, ms }));
    }
}
