//! Requests that are out and what comes back, matched. Pure: packets and the time are given.
//!
//! Every request carries the number of its target and its own, so that an answer is known whenever it comes and
//! from wherever: in time, after it was given up, a second time, or from another address than was asked.

use std::collections::VecDeque;
use std::net::IpAddr;
use std::time::Duration;

use super::history::{Outcome, Sample, Told};
use super::monitor::Reading;
use crate::model::EchoErrorKind;

/// How long a request is remembered after it was given up, to know a late reply from garbage.
const LATE: Duration = Duration::from_secs(60);

/// Sending takes no system as long as this, unless the program was interrupted.
const KEPT_FROM_SENDING: Duration = Duration::from_micros(250);

/// Requests remembered of one target at most, beside those that may be out at its interval.
const REMEMBERED: usize = 64;

/// Requests remembered of one target at most, whatever its interval.
const MAX_REMEMBERED: usize = 1024;

/// Requests that may be out over one socket at one time.
const MAX_OUT: usize = 4096;

/// What a request carries: which one it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// Index of the target.
    pub(super) target: u32,
    /// Number of the request to this target, from 0.
    pub(super) serial: u64,
}

impl Token {
    /// The sequence number in its header.
    pub(super) fn sequence(self) -> u16 {
        (self.serial & 0xffff) as u16
    }
}

/// A reply as it arrived.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reply {
    /// What it carries; `None` when its content is not what was sent.
    pub(super) token: Option<Token>,
    /// The sequence number in its header.
    pub(super) sequence: u16,
    /// Who sent it.
    pub(super) from: IpAddr,
    /// When it arrived by the kernel's clock, since the epoch.
    pub(super) stamp: Option<Duration>,
}

/// An error as it arrived.
#[derive(Clone, Copy, Debug)]
pub(super) struct Refused {
    /// What the quoted request carries, when enough of it is quoted.
    pub(super) token: Option<Token>,
    /// The quoted sequence number.
    pub(super) sequence: Option<u16>,
    /// The address that the quoted request was sent to.
    pub(super) to: Option<IpAddr>,
    /// What it says.
    pub(super) kind: EchoErrorKind,
    /// Who says so; `None` is this machine.
    pub(super) by: Option<IpAddr>,
    /// The packet size that "too big" names.
    pub(super) mtu: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Out,
    GivenUp,
    Ended,
}

#[derive(Clone, Copy, Debug)]
struct Request {
    serial: u64,
    sent: Duration,
    /// When it left, since the epoch: by our clock, and by the kernel's stamp once that is there.
    clock: Duration,
    stamp: Option<Duration>,
    state: State,
}

impl Request {
    /// When it was sent, since the epoch. The system's own work of sending counts, as `ping` counts it; what does
    /// not count is that this program was kept from sending after it had looked at the clock.
    fn left(&self) -> Duration {
        match self.stamp {
            Some(stamp) if stamp > self.clock + KEPT_FROM_SENDING => stamp,
            _ => self.clock,
        }
    }
}

#[derive(Clone, Debug)]
struct Target {
    address: IpAddr,
    next: u64,
    capacity: usize,
    requests: VecDeque<Request>,
}

impl Target {
    fn request(&mut self, serial: u64) -> Option<&mut Request> {
        // Numbers have no gaps, so the place follows from the number.
        let first = self.requests.front()?.serial;
        let at = usize::try_from(serial.checked_sub(first)?).ok()?;
        self.requests.get_mut(at)
    }
}

/// The requests of all targets. Times count from the start.
#[derive(Clone, Debug)]
pub(super) struct Exchange {
    targets: Vec<Target>,
    patience: Duration,
    /// In order of sending, which is that of giving up.
    deadlines: VecDeque<(Duration, u32, u64)>,
    out: usize,
    strays: u64,
}

impl Exchange {
    /// Nothing sent yet to any of these addresses, each with its interval.
    pub(super) fn new(targets: impl IntoIterator<Item = (IpAddr, Duration)>, patience: Duration) -> Self {
        let mut exchange = Self {
            targets: Vec::new(),
            patience,
            deadlines: VecDeque::new(),
            out: 0,
            strays: 0,
        };
        for (address, interval) in targets {
            exchange.watch(address, interval);
        }
        exchange
    }

    /// Adds an address that is asked at this interval; its number is that of those before it.
    pub(super) fn watch(&mut self, address: IpAddr, interval: Duration) {
        let at_once = self.patience.as_millis() / interval.as_millis().max(1);
        let at_once = usize::try_from(at_once).unwrap_or(MAX_REMEMBERED);
        self.targets.push(Target {
            address: address.to_canonical(),
            next: 0,
            capacity: at_once
                .saturating_mul(2)
                .saturating_add(REMEMBERED)
                .min(MAX_REMEMBERED),
            requests: VecDeque::new(),
        });
    }

    /// Requests without an answer that are still waited for.
    pub(super) fn out(&self) -> usize {
        self.out
    }

    /// Whether as many requests are out as may be: more have to wait.
    pub(super) fn is_full(&self) -> bool {
        self.out >= MAX_OUT
    }

    /// Packets that belong to no request of ours, or whose request is long forgotten.
    #[cfg(test)]
    pub(super) fn strays(&self) -> u64 {
        self.strays
    }

    /// When the next request is to be given up. Nobody has to wake up for those that have their answer.
    pub(super) fn next(&mut self) -> Option<Duration> {
        while let Some((deadline, target, serial)) = self.deadlines.front().copied() {
            let request = self.find(Token { target, serial });
            if request.is_some_and(|request| request.state == State::Out) {
                return Some(deadline);
            }
            self.deadlines.pop_front();
        }
        None
    }

    /// Notes a request that is about to be sent: its token. `clock` is the time since the epoch.
    pub(super) fn begin(&mut self, target: usize, now: Duration, clock: Duration) -> Option<Token> {
        let index = u32::try_from(target).ok()?;
        let one = self.targets.get_mut(target)?;
        if one.requests.len() >= one.capacity
            && let Some(oldest) = one.requests.pop_front()
            && oldest.state == State::Out
        {
            self.out = self.out.saturating_sub(1);
        }
        let serial = one.next;
        one.next += 1;
        one.requests.push_back(Request {
            serial,
            sent: now,
            clock,
            stamp: None,
            state: State::Out,
        });
        self.out += 1;
        self.deadlines.push_back((now + self.patience, index, serial));
        Some(Token {
            target: index,
            serial,
        })
    }

    /// Notes when a request was handed to the system, since the epoch: nearer to its leaving than its begin.
    pub(super) fn handed_over(&mut self, token: Token, clock: Duration) {
        if let Some(request) = self.find(token) {
            request.clock = clock;
        }
    }

    /// Notes when the kernel says that a request left.
    pub(super) fn stamped(&mut self, token: Token, stamp: Duration) {
        if let Some(request) = self.find(token) {
            request.stamp.get_or_insert(stamp);
        }
    }

    /// This system would not send a request.
    pub(super) fn unsent(&mut self, token: Token, kind: EchoErrorKind) -> Option<Reading> {
        let request = self.find(token).filter(|request| request.state == State::Out)?;
        request.state = State::Ended;
        let sent = request.sent;
        self.out = self.out.saturating_sub(1);
        Some(reading(
            token.target,
            sent,
            None,
            Outcome::Error(kind),
            Told::default(),
        ))
    }

    /// A reply arrived. `now` bounds its time from above.
    pub(super) fn replied(&mut self, reply: Reply, now: Duration) -> Option<Reading> {
        let from = reply.from.to_canonical();
        let (token, garbled) = match reply.token {
            Some(token) => (token, false),
            None => (
                self.by_sequence(from, reply.sequence).or_else(|| self.stray())?,
                true,
            ),
        };
        let address = self
            .targets
            .get(token.target as usize)
            .map(|target| target.address);
        let Some((address, request)) = address.zip(self.find(token)) else {
            self.strays += 1;
            return None;
        };
        let (sent, state) = (request.sent, request.state);
        let told = Told {
            by: (from != address).then_some(from),
            ..Told::default()
        };
        if state == State::Ended {
            return Some(reading(token.target, sent, None, Outcome::Duplicate, told));
        }
        let bound = now.saturating_sub(sent);
        // Both stamps are of the clock that people set: a difference that cannot be is not one.
        let left = request.left();
        let stamped = reply.stamp.and_then(|stamp| stamp.checked_sub(left));
        let took = stamped.filter(|took| *took <= bound).unwrap_or(bound);
        let time_us = u32::try_from((took.as_nanos() + 500) / 1000)
            .unwrap_or(u32::MAX)
            .max(1);
        request.state = State::Ended;
        let outcome = match (state, garbled, from == address) {
            (State::GivenUp, _, _) => Outcome::Late,
            (_, true, _) => Outcome::Garbled,
            (_, _, false) => Outcome::OtherSource,
            _ => Outcome::Reply,
        };
        if state == State::Out {
            self.out = self.out.saturating_sub(1);
        }
        Some(reading(token.target, sent, Some(time_us), outcome, told))
    }

    /// An error arrived. One that comes after the request was given up or answered changes nothing any more.
    pub(super) fn refused(&mut self, refused: Refused) -> Option<Reading> {
        let token = match (refused.token, refused.to, refused.sequence) {
            (Some(token), _, _) => Some(token),
            (None, Some(to), Some(sequence)) => self.by_sequence(to.to_canonical(), sequence),
            _ => None,
        };
        let token = token.or_else(|| self.stray())?;
        let Some(request) = self.find(token) else {
            self.strays += 1;
            return None;
        };
        if request.state != State::Out {
            return None;
        }
        request.state = State::Ended;
        let sent = request.sent;
        self.out = self.out.saturating_sub(1);
        let told = Told {
            by: refused.by,
            mtu: refused.mtu,
            ..Told::default()
        };
        Some(reading(
            token.target,
            sent,
            None,
            Outcome::Error(refused.kind),
            told,
        ))
    }

    /// Gives up what has waited long enough.
    pub(super) fn expire(&mut self, now: Duration) -> Vec<Reading> {
        let mut lost = Vec::new();
        while let Some((deadline, target, serial)) = self.deadlines.front().copied() {
            if deadline > now {
                break;
            }
            self.deadlines.pop_front();
            let token = Token { target, serial };
            if let Some(request) = self.find(token).filter(|request| request.state == State::Out) {
                request.state = State::GivenUp;
                let sent = request.sent;
                self.out = self.out.saturating_sub(1);
                lost.push(reading(target, sent, None, Outcome::Lost, Told::default()));
            }
        }
        lost
    }

    /// Forgets what is out, for the machine slept meanwhile and nobody can say what became of it.
    pub(super) fn forget(&mut self) {
        self.deadlines.clear();
        self.out = 0;
        for target in &mut self.targets {
            target.requests.clear();
        }
    }

    /// Forgets what was given up long ago.
    pub(super) fn tidy(&mut self, now: Duration) {
        let patience = self.patience;
        for target in &mut self.targets {
            while target
                .requests
                .front()
                .is_some_and(|oldest| oldest.state != State::Out && oldest.sent + patience + LATE < now)
            {
                target.requests.pop_front();
            }
        }
    }

    fn stray<T>(&mut self) -> Option<T> {
        self.strays += 1;
        None
    }

    fn find(&mut self, token: Token) -> Option<&mut Request> {
        self.targets.get_mut(token.target as usize)?.request(token.serial)
    }

    /// The youngest request to this address with this sequence number that is out.
    fn by_sequence(&mut self, address: IpAddr, sequence: u16) -> Option<Token> {
        for (index, target) in self.targets.iter().enumerate() {
            if target.address != address {
                continue;
            }
            let out =
                target.requests.iter().rev().find(|request| {
                    request.state == State::Out && (request.serial & 0xffff) as u16 == sequence
                });
            if let Some(request) = out {
                return Some(Token {
                    target: u32::try_from(index).ok()?,
                    serial: request.serial,
                });
            }
        }
        None
    }
}

fn reading(target: u32, sent: Duration, time_us: Option<u32>, outcome: Outcome, told: Told) -> Reading {
    Reading {
        target: target as usize,
        sample: Sample {
            at_ms: u64::try_from(sent.as_millis()).unwrap_or(u64::MAX),
            time_us,
            outcome,
        },
        told,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MS: Duration = Duration::from_millis(1);
    /// The time since the epoch at the start.
    const EPOCH: Duration = Duration::from_secs(1_000_000);

    fn guest() -> IpAddr {
        "10.0.0.2".parse().unwrap()
    }

    fn other() -> IpAddr {
        "10.0.0.9".parse().unwrap()
    }

    fn exchange() -> Exchange {
        Exchange::new([(guest(), 100 * MS)], 1000 * MS)
    }

    fn begin(exchange: &mut Exchange, at: Duration) -> Token {
        exchange.begin(0, at, EPOCH + at).unwrap()
    }

    fn reply(token: Token, from: IpAddr, at: Duration) -> Reply {
        Reply {
            token: Some(token),
            sequence: token.sequence(),
            from,
            stamp: Some(EPOCH + at),
        }
    }

    fn outcome(reading: Option<Reading>) -> Option<(Outcome, Option<u32>, Option<IpAddr>)> {
        reading.map(|reading| (reading.sample.outcome, reading.sample.time_us, reading.told.by))
    }

    #[test]
    fn a_reply_a_second_one_and_a_late_one() {
        let mut exchange = exchange();
        let first = begin(&mut exchange, MS);
        let second = begin(&mut exchange, 101 * MS);
        assert_eq!(exchange.out(), 2);
        let came = reply(first, guest(), 3 * MS);
        assert_eq!(
            outcome(exchange.replied(came, 4 * MS)),
            Some((Outcome::Reply, Some(2000), None))
        );
        assert_eq!(
            outcome(exchange.replied(came, 5 * MS)),
            Some((Outcome::Duplicate, None, None))
        );
        assert_eq!(exchange.expire(1100 * MS).len(), 0);
        let lost = exchange.expire(1101 * MS);
        assert_eq!((lost.len(), exchange.out()), (1, 0));
        assert_eq!(
            (lost[0].sample.outcome, lost[0].sample.at_ms),
            (Outcome::Lost, 101)
        );
        let late = reply(second, guest(), 2101 * MS);
        assert_eq!(
            outcome(exchange.replied(late, 2102 * MS)),
            Some((Outcome::Late, Some(2_000_000), None))
        );
        assert_eq!(
            outcome(exchange.replied(late, 2103 * MS)),
            Some((Outcome::Duplicate, None, None))
        );
    }

    #[test]
    fn the_kernels_stamp_of_leaving_tells_that_we_were_interrupted() {
        for (left, time) in [(40, 5000), (4000, 1000)] {
            let mut exchange = exchange();
            let token = begin(&mut exchange, MS);
            exchange.stamped(token, EPOCH + MS + Duration::from_micros(left));
            let came = reply(token, guest(), 6 * MS);
            let (_, measured, _) = outcome(exchange.replied(came, 7 * MS)).unwrap();
            assert_eq!(measured, Some(time), "left {left} µs after the clock was read");
        }
    }

    #[test]
    fn a_clock_that_was_set_meanwhile_measures_nothing() {
        for stamp in [Duration::ZERO, EPOCH * 2] {
            let mut exchange = exchange();
            let token = begin(&mut exchange, MS);
            let came = Reply {
                stamp: Some(stamp),
                ..reply(token, guest(), MS)
            };
            let (_, time, _) = outcome(exchange.replied(came, 4 * MS)).unwrap();
            assert_eq!(time, Some(3000), "bounded by the clock that nobody sets");
        }
    }

    #[test]
    fn others_and_garbage_are_told_apart() {
        let mut exchange = exchange();
        let token = begin(&mut exchange, MS);
        assert_eq!(
            outcome(exchange.replied(reply(token, other(), 2 * MS), 3 * MS)),
            Some((Outcome::OtherSource, Some(1000), Some(other())))
        );
        let token = begin(&mut exchange, 100 * MS);
        let garbage = |sequence, from| Reply {
            token: None,
            sequence,
            from,
            stamp: None,
        };
        assert!(exchange.replied(garbage(77, guest()), 101 * MS).is_none());
        assert!(
            exchange
                .replied(garbage(token.sequence(), other()), 101 * MS)
                .is_none()
        );
        assert_eq!(
            outcome(exchange.replied(garbage(token.sequence(), guest()), 101 * MS)),
            Some((Outcome::Garbled, Some(1000), None))
        );
        let foreign = Token {
            target: 7,
            serial: 1 << 40,
        };
        assert!(exchange.replied(reply(foreign, guest(), MS), 101 * MS).is_none());
        assert_eq!(exchange.strays(), 3);
    }

    #[test]
    fn errors_find_their_request_by_what_little_they_quote() {
        let mut exchange = exchange();
        let token = begin(&mut exchange, MS);
        let refused = Refused {
            token: None,
            sequence: Some(token.sequence()),
            to: Some(guest()),
            kind: EchoErrorKind::TooBig,
            by: Some(other()),
            mtu: Some(1400),
        };
        let told = exchange.refused(refused).unwrap();
        assert_eq!(told.sample.outcome, Outcome::Error(EchoErrorKind::TooBig));
        assert_eq!((told.told.by, told.told.mtu), (Some(other()), Some(1400)));
        assert!(exchange.refused(refused).is_none(), "it has its answer");
        assert_eq!(exchange.out(), 0);
    }

    #[test]
    fn memory_is_bounded_whatever_comes() {
        let mut exchange = exchange();
        for number in 0..100_000_u32 {
            let now = 100 * MS * number;
            let token = begin(&mut exchange, now);
            if number % 3 == 0 {
                for _ in 0..5 {
                    exchange.replied(reply(token, guest(), now), now);
                }
            }
            exchange.expire(now);
            exchange.tidy(now);
        }
        assert!(exchange.out() <= 11, "{}", exchange.out());
        assert!(exchange.deadlines.len() <= 11, "{}", exchange.deadlines.len());
        assert!(exchange.targets[0].requests.len() <= REMEMBERED + 20);
    }

    #[test]
    fn only_so_many_requests_are_out_at_a_time() {
        let mut exchange = Exchange::new([], 1000 * MS);
        for _ in 0..100 {
            exchange.watch(guest(), 10 * MS);
        }
        let (mut most, mut sent) = (0, 0);
        for round in 0..100 {
            for target in 0..100 {
                // Nobody answers, and nothing is given up yet.
                if !exchange.is_full() && exchange.begin(target, MS * round, EPOCH).is_some() {
                    sent += 1;
                }
                most = most.max(exchange.out());
            }
        }
        assert_eq!((most, sent), (MAX_OUT, MAX_OUT));
        assert_eq!(exchange.expire(2000 * MS).len(), MAX_OUT);
        assert!(!exchange.is_full());
    }

    #[test]
    fn a_reply_from_nowhere_is_no_reply_of_the_target() {
        let mut exchange = exchange();
        let token = begin(&mut exchange, MS);
        let nowhere = IpAddr::from([0, 0, 0, 0]);
        let told = outcome(exchange.replied(reply(token, nowhere, 2 * MS), 3 * MS));
        assert_eq!(told, Some((Outcome::OtherSource, Some(1000), Some(nowhere))));
    }

    #[test]
    fn nobody_is_woken_for_what_has_its_answer() {
        let mut exchange = exchange();
        let first = begin(&mut exchange, MS);
        begin(&mut exchange, 101 * MS);
        assert_eq!(exchange.next(), Some(1001 * MS));
        exchange.replied(reply(first, guest(), 2 * MS), 2 * MS);
        assert_eq!(exchange.next(), Some(1101 * MS));
        exchange.expire(1101 * MS);
        assert_eq!(exchange.next(), None);
    }

    proptest! {
        /// Each request gets exactly one answer, whatever comes in which order; what comes besides is a
        /// duplicate, or makes a late one of a lost one.
        #[test]
        fn every_request_ends_once(steps: Vec<(u8, u8, bool)>) {
            let mut exchange = exchange();
            let mut now = Duration::ZERO;
            let (mut begun, mut ended, mut lost, mut late) = (0, 0, 0, 0);
            for (what, which, true_source) in steps {
                now += MS * u32::from(which);
                let token = Token { target: u32::from(what > 250), serial: u64::from(which % 16) };
                let from = if true_source { guest() } else { other() };
                let told = match what % 4 {
                    0 => { begin(&mut exchange, now); begun += 1; None }
                    1 => exchange.replied(reply(token, from, now), now),
                    2 => exchange.refused(Refused {
                        token: None, sequence: Some(u16::from(which)), to: Some(from),
                        kind: EchoErrorKind::HostUnreachable, by: None, mtu: None,
                    }),
                    _ => { lost += exchange.expire(now).len(); None }
                };
                match told.map(|told| told.sample.outcome) {
                    None | Some(Outcome::Duplicate) => {}
                    Some(Outcome::Late) => late += 1,
                    Some(_) => ended += 1,
                }
                prop_assert_eq!(exchange.out(), begun - ended - lost);
                prop_assert!(late <= lost);
            }
        }
    }
}
