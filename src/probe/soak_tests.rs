//! A day of the live monitor by a simulated clock, with faults put in on purpose: schedule, exchange and history
//! as they are, and a network that exists only here.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use super::exchange::{Exchange, Refused, Reply, Token};
use super::history::{History, Outcome};
use super::schedule::Schedule;
use crate::model::EchoErrorKind;

const DAY: Duration = Duration::from_secs(24 * 3600);
const INTERVAL: Duration = Duration::from_secs(1);
const PATIENCE: Duration = Duration::from_secs(1);
const TARGETS: usize = 8;
const EPOCH: Duration = Duration::from_secs(1_800_000_000);

/// The same numbers every time.
struct Random(u64);

impl Random {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

/// What a target suffers for a while.
#[derive(Clone, Copy, Debug)]
struct Fault {
    from: Duration,
    to: Duration,
    /// Silence, or an error that a router tells.
    told: bool,
}

fn faults(random: &mut Random) -> Vec<Fault> {
    let mut at = Duration::from_secs(60);
    let mut faults = Vec::new();
    loop {
        at += Duration::from_millis(60_000 + random.below(1_500_000));
        // From one lost request to half an hour, most of them short.
        let most = [4_000, 30_000, 300_000, 1_800_000][random.below(4) as usize];
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Packet {
    Reply,
    Error,
}

fn address(target: usize) -> IpAddr {
    IpAddr::V4(Ipv4Addr::new(10, 0, 0, 2 + target as u8))
}

#[test]
fn a_day_with_faults_loses_nothing_and_does_not_grow() {
    let mut random = Random(7);
    let suffered: Vec<Vec<Fault>> = (0..TARGETS).map(|_| faults(&mut random)).collect();
    let mut schedule = Schedule::new([INTERVAL; TARGETS], None, Duration::from_millis(1));
    let mut exchange = Exchange::new((0..TARGETS).map(|target| (address(target), INTERVAL)), PATIENCE);
    let mut histories = vec![History::new(); TARGETS];
    let mut under_way: BinaryHeap<Reverse<(Duration, Packet, u32, u64)>> = BinaryHeap::new();
    let (mut sent, mut late, mut twice, mut most_out) = (vec![0_u64; TARGETS], 0, 0, 0);
    let mut now = Duration::ZERO;
    while now < DAY {
        let arrival = under_way.peek().map(|Reverse((at, ..))| *at);
        let next = [schedule.next(), exchange.next(), arrival]
            .into_iter()
            .flatten()
            .min()
            .unwrap();
        // Timers are up to a millisecond late, and now and then the machine is busy.
        let busy = if random.below(5_000) == 0 { 400_000 } else { 1_000 };
        now = now.max(next) + Duration::from_micros(random.below(busy));
        let mut told = Vec::new();
        while let Some(Reverse((at, packet, target, serial))) =
            under_way.peek().copied().filter(|Reverse((at, ..))| *at <= now)
        {
            under_way.pop();
            let token = Token { target, serial };
            told.extend(match packet {
                Packet::Reply => exchange.replied(
                    Reply {
                        token: Some(token),
                        sequence: token.sequence(),
                        from: address(target as usize),
                        stamp: Some(EPOCH + at),
                    },
                    now,
                ),
                Packet::Error => exchange.refused(Refused {
                    token: None,
                    sequence: Some(token.sequence()),
                    to: Some(address(target as usize)),
                    kind: EchoErrorKind::HostUnreachable,
                    by: Some("10.0.0.1".parse().unwrap()),
                    mtu: None,
                }),
            });
        }
        for reading in &told {
            if reading.sample.outcome.is_reply() {
                schedule.answered(reading.target, now);
            }
        }
        for lost in exchange.expire(now) {
            schedule.silent(lost.target, Duration::from_millis(lost.sample.at_ms));
            told.push(lost);
        }
        exchange.tidy(now);
        while let Some(target) = schedule.take(now) {
            let token = exchange.begin(target, now, EPOCH + now).unwrap();
            sent[target] += 1;
            let fault = suffered[target]
                .iter()
                .find(|fault| fault.from <= now && now < fault.to);
            match fault {
                Some(fault) if fault.told => {
                    let at = now + Duration::from_millis(3);
                    under_way.push(Reverse((at, Packet::Error, token.target, token.serial)));
                }
                Some(_) => {}
                None => {
                    let mut took = Duration::from_micros(100 + random.below(400));
                    if random.below(20_000) == 0 {
                        took = Duration::from_millis(2_500);
                        late += 1;
                    }
                    under_way.push(Reverse((now + took, Packet::Reply, token.target, token.serial)));
                    if random.below(10_000) == 0 {
                        twice += 1;
                        under_way.push(Reverse((
                            now + took * 2,
                            Packet::Reply,
                            token.target,
                            token.serial,
                        )));
                    }
                }
            }
        }
        most_out = most_out.max(exchange.out());
        for reading in told {
            histories[reading.target].take(reading.sample, reading.told);
        }
    }
    assert!(most_out <= 4 * TARGETS, "{most_out}");
    let count = |wanted| -> u64 {
        let all = histories.iter().flat_map(|history| history.outcomes());
        all.filter(|(outcome, _)| *outcome == wanted)
            .map(|(_, count)| count)
            .sum()
    };
    assert!(
        (late - 3..=late).contains(&count(Outcome::Late)),
        "{late} came late"
    );
    assert!(
        (twice - 3..=twice).contains(&count(Outcome::Duplicate)),
        "{twice} came twice"
    );
    for (target, history) in histories.iter().enumerate() {
        let figures = history.statistics();
        assert!(
            sent[target] - figures.sent <= 3,
            "all but those still out are counted"
        );
        let (runs, dropped) = history.runs();
        assert!(!dropped);
        let outages: Vec<_> = runs.iter().filter(|run| !run.outcome.is_reply()).collect();
        assert_eq!(
            outages.len(),
            suffered[target].len(),
            "{target}: every outage, and none besides"
        );
        for (run, fault) in outages.iter().zip(&suffered[target]) {
            let after = runs.iter().find(|later| later.from_ms > run.to_ms).unwrap();
            let (from, to) = (
                Duration::from_millis(run.from_ms),
                Duration::from_millis(after.from_ms),
            );
            // A busy machine may send one request late.
            let slack = INTERVAL + Duration::from_millis(450);
            assert!(
                from + Duration::from_millis(1) >= fault.from && from <= fault.from + slack,
                "{fault:?}: {run:?}"
            );
            // Who has been silent for ten minutes is asked every five seconds.
            let long = !fault.told && fault.to - fault.from > Duration::from_secs(598);
            let slack = if long {
                slack + Duration::from_secs(4)
            } else {
                slack
            };
            assert!(
                to + Duration::from_millis(1) >= fault.to && to <= fault.to + slack,
                "{fault:?}: {after:?}"
            );
            assert_eq!(run.by.is_some(), fault.told);
        }
    }
}
