//! What several histories say together: which stretch of the way loses packets or makes their time uneven, and
//! how much longer one way takes than another. Pure; each answer carries how sure it is.

use super::history::History;

/// How sure an interval is: 95 of 100.
const Z: f64 = 1.96;

/// Least requests that say anything.
const ENOUGH: u64 = 20;

/// Loss below this share is what a healthy network shows now and then.
const HARMLESS_LOSS: f64 = 0.01;

/// Times spread less than this, in microseconds, on any healthy wire.
const HARMLESS_SPREAD_US: u32 = 2_000;

/// What a stretch adds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Adds {
    /// Lost packets: the share that is lost on this stretch, at least and at most.
    Loss {
        /// At least, 0 to 1.
        least: f64,
        /// At most.
        most: f64,
    },
    /// Uneven times: by so many microseconds the slow tenth exceeds the middle.
    Spread {
        /// Up to the hop before.
        before_us: u32,
        /// Up to this one.
        here_us: u32,
    },
}

/// A stretch of the way that adds something: the one that ends at this hop.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Finding {
    /// Index of the hop.
    pub hop: usize,
    /// What it adds.
    pub adds: Adds,
}

/// Finds the stretches that lose packets or make times uneven. `hops` are in order of the way, nearest first:
/// host adapter, virtual switch, gateway, beyond.
///
/// A hop behind which packets arrive whole only answers echo reluctantly; that is no fault of the way, so a
/// stretch is named only when every hop behind it suffers, too.
pub fn findings(hops: &[&History]) -> Vec<Finding> {
    let mut found = Vec::new();
    let losses: Vec<Option<(f64, f64)>> = hops.iter().map(|hop| loss(hop)).collect();
    let spreads: Vec<Option<(u32, u32)>> = hops.iter().map(|hop| spread(hop)).collect();
    let mut sure_before = (0.0, 0.0);
    let mut spread_before: u32 = 0;
    for hop in 0..hops.len() {
        if let Some((least, most)) = losses.get(hop).copied().flatten() {
            let behind = losses.iter().skip(hop).flatten();
            let all_suffer = behind.clone().all(|(least, _)| *least > sure_before.1);
            if least > HARMLESS_LOSS && least > sure_before.1 && all_suffer {
                found.push(Finding {
                    hop,
                    adds: Adds::Loss {
                        least: least - sure_before.1,
                        most: most - sure_before.0,
                    },
                });
                sure_before = (least, most);
            } else if all_suffer || least <= sure_before.1 {
                sure_before = (sure_before.0, most.max(sure_before.1).min(1.0));
            }
        }
        if let Some((middle, here_us)) = spreads.get(hop).copied().flatten() {
            let limit = HARMLESS_SPREAD_US
                .max(middle / 2)
                .max(spread_before.saturating_mul(2));
            let all_suffer = spreads
                .iter()
                .skip(hop)
                .flatten()
                .all(|(_, spread)| *spread > limit);
            if here_us > limit && all_suffer {
                found.push(Finding {
                    hop,
                    adds: Adds::Spread {
                        before_us: spread_before,
                        here_us,
                    },
                });
                spread_before = here_us;
            } else if here_us <= HARMLESS_SPREAD_US {
                spread_before = spread_before.max(here_us);
            }
        }
    }
    found
}

/// The share of lost requests, at least and at most (Wilson's interval); `None` when there were too few.
fn loss(history: &History) -> Option<(f64, f64)> {
    let figures = history.statistics();
    let sent = figures.sent as f64;
    if figures.sent < ENOUGH {
        return None;
    }
    let share = figures.loss;
    let square = Z * Z;
    let middle = (share + square / (2.0 * sent)) / (1.0 + square / sent);
    let half =
        Z / (1.0 + square / sent) * (share * (1.0 - share) / sent + square / (4.0 * sent * sent)).sqrt();
    Some(((middle - half).max(0.0), (middle + half).min(1.0)))
}

/// The middle time, and by how much the slow tenth exceeds it.
fn spread(history: &History) -> Option<(u32, u32)> {
    let times = times(history)?;
    let at = |percent: usize| times.get(times.len() * percent / 100).copied();
    let (middle, slow) = (at(50)?, at(90)?);
    Some((middle, slow - middle))
}

fn times(history: &History) -> Option<Vec<u32>> {
    let mut times: Vec<u32> = history.samples().filter_map(|sample| sample.time_us).collect();
    times.sort_unstable();
    (times.len() as u64 >= ENOUGH).then_some(times)
}

/// How much longer one way takes than another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Added {
    /// The difference of the middle times in microseconds.
    pub middle_us: i64,
    /// At least, with 95 of 100.
    pub least_us: i64,
    /// At most.
    pub most_us: i64,
}

impl Added {
    /// Whether the two ways differ at all, as far as can be said.
    pub fn is_certain(self) -> bool {
        self.least_us > 0 || self.most_us < 0
    }
}

/// Compares two ways to the same machine, such as NAT and host-only: what the second adds to the first. `None`
/// when one of them has too few times. Each middle time is bounded by order statistics, which assumes nothing of
/// how times are distributed.
pub fn added(first: &History, second: &History) -> Option<Added> {
    let (first, second) = (middle(&times(first)?)?, middle(&times(second)?)?);
    // Two intervals that both hold with 95 of 100 differ by no more than this with at least as much.
    let step = |a: u32, b: u32| i64::from(b) - i64::from(a);
    Some(Added {
        middle_us: step(first.1, second.1),
        least_us: step(first.2, second.0),
        most_us: step(first.0, second.2),
    })
}

/// The middle time with its bounds: the order statistics around it (normal approximation of the binomial).
fn middle(times: &[u32]) -> Option<(u32, u32, u32)> {
    let count = times.len() as f64;
    let half = Z * count.sqrt() / 2.0;
    let at = |place: f64| {
        times
            .get((place.max(0.0) as usize).min(times.len().saturating_sub(1)))
            .copied()
    };
    Some((
        at((count / 2.0 - half).floor())?,
        at((count - 1.0) / 2.0)?,
        at((count / 2.0 + half).ceil())?,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe::{Outcome, Sample};

    /// Requests of which every `lost`th is lost, with these times one after the other.
    fn history(count: u64, lost: u64, times: &[u32]) -> History {
        let mut history = History::new();
        for at in 0..count {
            let gone = lost > 0 && at % lost == 0;
            let time = times[at as usize % times.len()];
            history.push(Sample {
                at_ms: at * 100,
                time_us: (!gone).then_some(time),
                outcome: if gone { Outcome::Lost } else { Outcome::Reply },
            });
        }
        history
    }

    #[test]
    fn the_stretch_that_loses_is_named_and_those_behind_it_are_not() {
        let whole = history(300, 0, &[100]);
        let lossy = history(300, 5, &[200]);
        let found = findings(&[&whole, &lossy, &lossy]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].hop, 1);
        let Adds::Loss { least, most } = found[0].adds else {
            panic!("{found:?}")
        };
        assert!(
            least > 0.1 && least < 0.2 && most > 0.2 && most < 0.3,
            "{least} to {most}"
        );
    }

    #[test]
    fn two_stretches_may_lose() {
        let hops = [
            history(1000, 0, &[100]),
            history(1000, 10, &[100]),
            history(1000, 3, &[100]),
        ];
        let hops: Vec<usize> = findings(&[&hops[0], &hops[1], &hops[2]])
            .iter()
            .map(|one| one.hop)
            .collect();
        assert_eq!(hops, [1, 2]);
    }

    #[test]
    fn a_router_that_answers_reluctantly_is_no_fault() {
        let (whole, reluctant) = (history(300, 0, &[100]), history(300, 2, &[100, 9000, 100, 9000]));
        assert_eq!(findings(&[&whole, &reluctant, &whole]), []);
    }

    #[test]
    fn too_few_requests_and_a_single_loss_say_nothing() {
        assert_eq!(findings(&[&history(10, 2, &[100])]), []);
        assert_eq!(findings(&[&history(300, 299, &[100])]), []);
        assert_eq!(findings(&[]), []);
    }

    #[test]
    fn uneven_times_begin_somewhere() {
        let even = history(200, 0, &[100, 110, 120]);
        let uneven = history(200, 0, &[1_000, 1_000, 1_000, 30_000]);
        let found = findings(&[&even, &uneven, &uneven]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(
            (found[0].hop, found[0].adds),
            (
                1,
                Adds::Spread {
                    before_us: 10,
                    here_us: 29_000
                }
            )
        );
    }

    #[test]
    fn what_a_way_adds_comes_with_its_bounds() {
        let direct = history(400, 0, &[95, 100, 105, 98, 102]);
        let by_nat = history(400, 0, &[155, 160, 165, 158, 162]);
        let added_by_nat = added(&direct, &by_nat).unwrap();
        assert_eq!(added_by_nat.middle_us, 60);
        assert!(added_by_nat.is_certain() && added_by_nat.least_us >= 50 && added_by_nat.most_us <= 70);
        let same = added(&direct, &direct).unwrap();
        assert!(same.middle_us == 0 && !same.is_certain(), "{same:?}");
        assert_eq!(added(&direct, &history(5, 0, &[100])), None);
    }
}
