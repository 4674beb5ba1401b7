//! A day of the live monitor by a simulated clock, with faults put in on purpose: schedule, exchange and history
//! as they are, and a network that exists only here. For the tests, and for the benchmark that tells its figures.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use super::exchange::{Exchange, Refused, Reply, Token};
use super::history::{History, Run};
use super::schedule::Schedule;
use crate::model::EchoErrorKind;

const DAY: Duration = Duration::from_secs(24 * 3600);
const HOUR: Duration = Duration::from_secs(3600);
const INTERVAL: Duration = Duration::from_secs(1);
const PATIENCE: Duration = Duration::from_secs(1);
const TARGETS: u8 = 8;
const EPOCH: Duration = Duration::from_secs(1_800_000_000);

/// By how much a busy machine may be late with a request, beside the interval.
const BUSY: Duration = Duration::from_millis(450);

/// How long a target must be silent to be asked every five seconds only, and how much that adds.
const LONG: Duration = Duration::from_secs(598);
const LONG_ADDS: Duration = Duration::from_secs(4);

/// The same numbers every time.
struct Random(u64);

impl Random {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most.max(1)
    }
}

/// What a target suffers for a while.
#[derive(Clone, Copy, Debug)]
struct Fault {
    from: Duration,
    to: Duration,
    /// An error that a router tells, instead of silence.
    told: bool,
}

/// One simulated target: what it suffers, what was sent to it, and what the monitor made of it.
#[derive(Clone, Debug)]
struct Watched {
    address: IpAddr,
    suffers: Vec<Fault>,
    sent: u64,
    history: History,
}

/// A day that has passed.
#[derive(Clone, Debug, Default)]
pub struct Day {
    watched: Vec<Watched>,
    late: u64,
    twice: u64,
    most_out: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Packet {
    Reply,
    Error,
}

/// Packets on their way back: when they arrive, what they are, and the request they answer.
type UnderWay = BinaryHeap<Reverse<(Duration, Packet, u32, u64)>>;

/// Lets a day pass for eight targets asked once a second. The seed decides what they suffer; `hourly` hears of
/// every full hour.
pub fn day(seed: u64, mut hourly: impl FnMut(u64)) -> Day {
    let mut random = Random(seed);
    let mut day = Day {
        watched: (0..TARGETS)
            .map(|target| Watched {
                address: IpAddr::V4(Ipv4Addr::new(10, 0, 0, 2 + target)),
                suffers: faults(&mut random),
                sent: 0,
                history: History::new(),
            })
            .collect(),
        ..Day::default()
    };
    let mut schedule = Schedule::new(
        day.watched.iter().map(|_| INTERVAL),
        None,
        Duration::from_millis(1),
    );
    let mut exchange = Exchange::new(day.watched.iter().map(|one| (one.address, INTERVAL)), PATIENCE);
    let mut under_way = UnderWay::new();
    let mut now = Duration::ZERO;
    let mut hours = 0;
    while now < DAY {
        let arrival = under_way.peek().map(|Reverse((at, ..))| *at);
        let next = [schedule.next(), exchange.next(), arrival]
            .into_iter()
            .flatten()
            .min();
        let Some(next) = next else { break };
        // Timers are up to a millisecond late, and now and then the machine is busy.
        let busy = if random.below(5_000) == 0 { 400_000 } else { 1_000 };
        now = now.max(next) + Duration::from_micros(random.below(busy));
        day.arrive(&mut under_way, &mut exchange, &mut schedule, now);
        for lost in exchange.expire(now) {
            schedule.silent(lost.target, Duration::from_millis(lost.sample.at_ms));
            day.take(lost);
        }
        exchange.tidy(now);
        while let Some(target) = schedule.take(now) {
            if let Some(token) = exchange.begin(target, now, EPOCH + now) {
                day.send(token, now, &mut random, &mut under_way);
            }
        }
        day.most_out = day.most_out.max(exchange.out());
        while HOUR * hours <= now {
            hourly(u64::from(hours));
            hours += 1;
        }
    }
    day
}

fn faults(random: &mut Random) -> Vec<Fault> {
    let mut at = Duration::from_secs(60);
    let mut faults = Vec::new();
    loop {
        at += Duration::from_millis(60_000 + random.below(1_500_000));
        // From one lost request to half an hour, most of them short.
        let most = match random.below(4) {
            0 => 4_000,
            1 => 30_000,
            2 => 300_000,
            _ => 1_800_000,
        };
        let lasts = Duration::from_millis(2_000 + random.below(most));
        if at + lasts + Duration::from_secs(120) > DAY {
            return faults;
        }
        faults.push(Fault {
            from: at,
            to: at + lasts,
            told: random.below(3) == 0,
        });
        at += lasts;
    }
}

impl Day {
    /// Sends a request into the network: what comes back, and when.
    fn send(&mut self, token: Token, now: Duration, random: &mut Random, under_way: &mut UnderWay) {
        let Some(watched) = self.watched.get_mut(token.target as usize) else {
            return;
        };
        watched.sent += 1;
        let fault = watched
            .suffers
            .iter()
            .find(|fault| fault.from <= now && now < fault.to);
        let mut back = |after: Duration, packet| {
            under_way.push(Reverse((now + after, packet, token.target, token.serial)));
        };
        match fault {
            Some(fault) if fault.told => back(Duration::from_millis(3), Packet::Error),
            Some(_) => {}
            None => {
                let mut took = Duration::from_micros(100 + random.below(400));
                if random.below(20_000) == 0 {
                    took = Duration::from_millis(2_500);
                    self.late += 1;
                }
                back(took, Packet::Reply);
                if random.below(10_000) == 0 {
                    self.twice += 1;
                    back(took * 2, Packet::Reply);
                }
            }
        }
    }

    /// Takes in what has arrived by now.
    fn arrive(
        &mut self,
        under_way: &mut UnderWay,
        exchange: &mut Exchange,
        schedule: &mut Schedule,
        now: Duration,
    ) {
        while let Some(Reverse((at, packet, target, serial))) =
            under_way.peek().copied().filter(|Reverse((at, ..))| *at <= now)
        {
            under_way.pop();
            let Some(watched) = self.watched.get(target as usize) else {
                continue;
            };
            let token = Token { target, serial };
            let reading = match packet {
                Packet::Reply => exchange.replied(
                    Reply {
                        token: Some(token),
                        sequence: token.sequence(),
                        from: watched.address,
                        stamp: Some(EPOCH + at),
                    },
                    now,
                ),
                Packet::Error => exchange.refused(Refused {
                    token: None,
                    sequence: Some(token.sequence()),
                    to: Some(watched.address),
                    kind: EchoErrorKind::HostUnreachable,
                    by: Some(IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1))),
                    mtu: None,
                }),
            };
            let Some(reading) = reading else { continue };
            if reading.sample.outcome.is_reply() {
                schedule.answered(reading.target, now);
            }
            self.take(reading);
        }
    }

    fn take(&mut self, reading: super::monitor::Reading) {
        if let Some(watched) = self.watched.get_mut(reading.target) {
            watched.history.take(reading.sample, reading.told);
        }
    }

    /// How many outages were put in.
    pub fn outages(&self) -> usize {
        self.watched.iter().map(|watched| watched.suffers.len()).sum()
    }

    /// What the histories tell wrongly, one line each: an outage that was not found, that never was, or whose
    /// start or end is off by more than the interval.
    pub fn wrong(&self) -> Vec<String> {
        self.watched.iter().flat_map(Watched::wrong).collect()
    }
}

impl Watched {
    fn wrong(&self) -> Vec<String> {
        let (runs, dropped) = self.history.runs();
        let outages: Vec<&Run> = runs.iter().filter(|run| !run.outcome.is_reply()).collect();
        if dropped || outages.len() != self.suffers.len() {
            let (found, put_in) = (outages.len(), self.suffers.len());
            return vec![format!("{}: {found} outages for {put_in}", self.address)];
        }
        let pairs = outages.into_iter().zip(&self.suffers);
        pairs
            .filter(|(run, fault)| !fault.is_told_by(run, &runs))
            .map(|(run, fault)| format!("{}: {fault:?} came out as {run:?}", self.address))
            .collect()
    }
}

impl Fault {
    /// Whether a run tells this fault, with its start, its end, and who spoke.
    fn is_told_by(&self, run: &Run, runs: &[Run]) -> bool {
        let Some(after) = runs.iter().find(|later| later.from_ms > run.to_ms) else {
            return false;
        };
        let (from, to) = (
            Duration::from_millis(run.from_ms),
            Duration::from_millis(after.from_ms),
        );
        let slack = INTERVAL + BUSY;
        let long = !self.told && self.to - self.from > LONG;
        let end_slack = if long { slack + LONG_ADDS } else { slack };
        let near = |at: Duration, truth: Duration, slack: Duration| {
            at + Duration::from_millis(1) >= truth && at <= truth + slack
        };
        near(from, self.from, slack) && near(to, self.to, end_slack) && run.by.is_some() == self.told
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe::Outcome;

    #[test]
    fn a_day_with_faults_loses_nothing_and_does_not_grow() {
        let mut hours = 0;
        let day = day(7, |hour| hours = hour);
        assert_eq!(hours, 24);
        assert!(day.outages() > 400, "{}", day.outages());
        assert_eq!(day.wrong(), Vec::<String>::new());
        assert!(day.most_out <= 4 * usize::from(TARGETS), "{}", day.most_out);
        let count = |wanted| -> u64 {
            let all = day.watched.iter().flat_map(|one| one.history.outcomes());
            all.filter(|(outcome, _)| *outcome == wanted)
                .map(|(_, count)| count)
                .sum()
        };
        let (late, twice) = (day.late, day.twice);
        assert!(
            (late - 3..=late).contains(&count(Outcome::Late)),
            "{late} came late"
        );
        assert!(
            (twice - 3..=twice).contains(&count(Outcome::Duplicate)),
            "{twice} came twice"
        );
        for one in &day.watched {
            let counted = one.history.statistics().sent;
            assert!(one.sent - counted <= 3, "all but those still out are counted");
        }
    }

    #[test]
    fn a_missed_outage_would_be_told() {
        let mut day = day(7, |_| {});
        let fault = Fault {
            from: HOUR,
            to: HOUR * 2,
            told: true,
        };
        let first = day.watched.first_mut().unwrap();
        first.suffers = vec![fault; first.suffers.len()];
        assert!(!day.wrong().is_empty());
        let second = day.watched.get_mut(1).unwrap();
        second.suffers.pop();
        assert!(day.wrong().iter().any(|line| line.starts_with("10.0.0.3: ")));
    }
}
