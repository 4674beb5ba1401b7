//! Carries out schedule and exchange over one socket: the only place of the live monitor that sleeps, sends and
//! listens.

use std::net::IpAddr;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::errors::echo_error;
use super::exchange::Exchange;
use super::monitor::Reading;
use super::outbox::Outbox;
use super::platform::{EchoPort, Heard};
use super::schedule::Schedule;
use crate::model::EchoErrorKind;

/// News taken in one go before it is looked whether more wait in the socket.
const MANY: usize = 512;

/// How much further the clock that goes on in a sleep must have come than the one that stops.
const SLEPT: Duration = Duration::from_secs(2);

/// How long a series that has all its answers still listens.
const LINGER: Duration = Duration::from_millis(50);

/// One address of a socket.
#[derive(Clone, Copy, Debug)]
pub(super) struct Member {
    /// Its place in the plan.
    pub(super) index: usize,
    /// The address.
    pub(super) address: IpAddr,
    /// The number of the adapter that a link-local address needs; else 0.
    pub(super) scope: u32,
    /// Time between two requests.
    pub(super) interval: Duration,
}

/// How a socket's addresses are asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Manner {
    /// When the series began.
    pub(super) start: Instant,
    /// Requests to each address; `None` goes on for ever.
    pub(super) count: Option<u32>,
    /// When a request is given up.
    pub(super) patience: Duration,
    /// Least time between two packets.
    pub(super) gap: Duration,
    /// Whether the socket is bound to an address, which may go away.
    pub(super) is_bound: bool,
}

/// Asks all members on and on, and hands over what came of it; ends when all are done or nobody listens.
pub(super) async fn drive(port: EchoPort, members: Vec<Member>, how: Manner, outbox: Outbox) {
    let mut schedule = Schedule::new(members.iter().map(|member| member.interval), how.count, how.gap);
    let addressed = members.iter().map(|member| (member.address, member.interval));
    let mut exchange = Exchange::new(addressed, how.patience);
    let mut heard = Vec::new();
    let mut told: Vec<Reading> = Vec::new();
    let mut clocks = Clocks::now(how.start);
    let mut tidied = Duration::ZERO;
    let mut end = None;
    loop {
        let due = schedule.next().filter(|_| !exchange.is_full());
        let wake = match [due, exchange.next()].into_iter().flatten().min() {
            Some(wake) => wake,
            // All have been asked and have their answer: what comes once more comes right behind it.
            None => *end.get_or_insert_with(|| how.start.elapsed() + LINGER),
        };
        if end.is_some_and(|end| end <= how.start.elapsed()) {
            break;
        }
        tokio::select! {
            biased;
            listened = port.hear(&mut heard) => if listened.is_err() { return },
            () = tokio::time::sleep_until((how.start + wake).into()) => {}
        }
        let before = std::mem::replace(&mut clocks, Clocks::now(how.start));
        let now = clocks.running;
        let more_waits = heard.len() >= MANY;
        take(&mut heard, &mut exchange, &mut schedule, &mut told, now);
        if clocks.slept_since(&before) {
            exchange.forget();
            schedule.resume(now);
        }
        // What waits in the socket is in time and must be read before anything is given up.
        if !more_waits {
            for lost in exchange.expire(now) {
                schedule.silent(lost.target, Duration::from_millis(lost.sample.at_ms));
                told.push(lost);
            }
        }
        while !exchange.is_full()
            && let Some(target) = schedule.take(now)
        {
            let Some(member) = members.get(target) else {
                continue;
            };
            let running = how.start.elapsed();
            let Some(token) = exchange.begin(target, running, epoch()) else {
                continue;
            };
            match port.send(member.address, member.scope, token, &mut heard) {
                Ok(clock) => exchange.handed_over(token, clock),
                Err(error) => {
                    let kind = match echo_error(&error) {
                        // What the kernel says of a socket whose own address is gone.
                        EchoErrorKind::Other
                            if how.is_bound && error.kind() == std::io::ErrorKind::InvalidInput =>
                        {
                            EchoErrorKind::AdapterGone
                        }
                        kind => kind,
                    };
                    told.extend(exchange.unsent(token, kind));
                    schedule.silent(target, running);
                }
            }
        }
        take(
            &mut heard,
            &mut exchange,
            &mut schedule,
            &mut told,
            how.start.elapsed(),
        );
        if now.saturating_sub(tidied) > Duration::from_secs(10) {
            tidied = now;
            exchange.tidy(now);
        }
        for mut reading in told.drain(..) {
            let Some(member) = members.get(reading.target) else {
                continue;
            };
            reading.target = member.index;
            if outbox.send(reading).await.is_err() {
                return;
            }
        }
    }
}

/// Matches what was heard.
fn take(
    heard: &mut Vec<Heard>,
    exchange: &mut Exchange,
    schedule: &mut Schedule,
    told: &mut Vec<Reading>,
    now: Duration,
) {
    for news in heard.drain(..) {
        let reading = match news {
            Heard::Left(token, stamp) => {
                exchange.stamped(token, stamp);
                None
            }
            Heard::Reply(reply) => exchange.replied(reply, now),
            Heard::Refused(refused) => exchange.refused(refused),
        };
        if let Some(reading) = reading {
            if reading.sample.outcome.is_reply() {
                schedule.answered(reading.target, now);
            }
            told.push(reading);
        }
    }
}

/// The time since the epoch by the clock that people set, which the kernel's stamps are of.
pub(super) fn epoch() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

/// Two clocks: one stops while the machine sleeps, the other goes on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clocks {
    /// Since the start.
    pub(super) running: Duration,
    wall: Duration,
}

impl Clocks {
    /// Reads both.
    pub(super) fn now(start: Instant) -> Self {
        Self {
            running: start.elapsed(),
            wall: epoch(),
        }
    }

    /// Whether the machine slept in between. A clock that was set forward looks the same; then a few requests
    /// are not counted, which does no harm.
    pub(super) fn slept_since(&self, before: &Self) -> bool {
        let ran = self.running.saturating_sub(before.running);
        self.wall.saturating_sub(before.wall) > ran + SLEPT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sleep_is_told_from_a_long_wait() {
        let at = |running, wall| Clocks {
            running: Duration::from_secs(running),
            wall: Duration::from_secs(wall),
        };
        assert!(at(10, 3600).slept_since(&at(9, 1000)));
        assert!(
            !at(3600, 4600).slept_since(&at(9, 1009)),
            "a slow interval, or a stopped process"
        );
        assert!(!at(10, 500).slept_since(&at(9, 1000)), "the clock was set back");
    }
}
