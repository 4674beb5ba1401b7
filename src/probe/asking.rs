//! In which order and how fast a sweep asks. Pure: the time is given.
//!
//! Each address is asked twice, since a first packet may be lost to a cold path. On a segment of our own the
//! system keeps a row for every address it is still asking for, in a table that all programs share, so the
//! number of those is bounded and not only that of our packets.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::IpAddr;
use std::time::Duration;

/// Addresses asked and not answered at one time. The kernel keeps room for 1,024 neighbors by default
/// (`gc_thresh3`), and those of the machine's own traffic need theirs.
pub(super) const MAX_UNRESOLVED: usize = 256;

/// How long the system asks the segment for an address before it gives up: three times, a second apart
/// (`mcast_solicit` and `retrans_time_ms` in `arp(7)`).
const RESOLVING: Duration = Duration::from_millis(3200);

/// How often a request that could not be sent is tried again: the neighbor table may be full for a while.
const MAX_UNSENT: u8 = 8;

/// Mean gap between packets.
const GAP: Duration = Duration::from_millis(1);

/// How far turns may lag behind and be made up for in a group: timers are a millisecond coarse.
const CREDIT: Duration = Duration::from_millis(4);

/// When an address that is silent is asked once more, counted from the first time.
const AGAIN: Duration = Duration::from_millis(300);

/// When an address that is silent is given up, counted from the second time.
const GIVEN_UP: Duration = Duration::from_millis(350);

/// The same once the neighbor table was seen full: then those who are asked may have no room for us either, and
/// only the system's second question, a second after its first, brings an answer.
const GIVEN_UP_PRESSED: Duration = Duration::from_millis(1200);

/// The addresses of a sweep and how far each has come. Times count from the start.
#[derive(Clone, Debug)]
pub(super) struct Asking {
    first: VecDeque<IpAddr>,
    again: VecDeque<(Duration, IpAddr)>,
    last: VecDeque<(Duration, IpAddr)>,
    /// Addresses that the system may still be asking for, and until when.
    unresolved: VecDeque<(Duration, IpAddr)>,
    silent: BTreeSet<IpAddr>,
    unsent: BTreeMap<IpAddr, u8>,
    done: u64,
    free_from: Duration,
    on_link: bool,
    /// Whether there was no room for a request once.
    pressed: bool,
}

impl Asking {
    /// Nobody asked yet. `on_link` says that the segment is one of our own.
    pub(super) fn new(addresses: Vec<IpAddr>, on_link: bool) -> Self {
        Self {
            first: addresses.into(),
            again: VecDeque::new(),
            last: VecDeque::new(),
            unresolved: VecDeque::new(),
            silent: BTreeSet::new(),
            unsent: BTreeMap::new(),
            done: 0,
            free_from: Duration::ZERO,
            on_link,
            pressed: false,
        }
    }

    /// Addresses that have answered or were given up.
    pub(super) fn done(&self) -> u64 {
        self.done
    }

    /// When something is to be done next; `None` when all is.
    pub(super) fn next(&self) -> Option<Duration> {
        let first = self.first.front().map(|_| match self.unresolved.front() {
            Some((until, _)) if self.is_full() => *until,
            _ => self.free_from,
        });
        let again = self.again.front().map(|(at, _)| (*at).max(self.free_from));
        let last = self.last.front().map(|(at, _)| *at);
        [first, again, last].into_iter().flatten().min()
    }

    fn is_full(&self) -> bool {
        self.unresolved.len() >= MAX_UNRESOLVED
    }

    /// The address to be asked now, when there is one.
    pub(super) fn take(&mut self, now: Duration) -> Option<IpAddr> {
        while self.unresolved.front().is_some_and(|(until, _)| *until <= now) {
            self.unresolved.pop_front();
        }
        while let Some((_, address)) = self.last.front().copied().filter(|(at, _)| *at <= now) {
            self.last.pop_front();
            self.done += u64::from(self.silent.remove(&address));
        }
        if self.free_from > now {
            return None;
        }
        while let Some((_, address)) = self.again.front().copied().filter(|(at, _)| *at <= now) {
            self.again.pop_front();
            if self.silent.contains(&address) {
                let after = if self.pressed { GIVEN_UP_PRESSED } else { GIVEN_UP };
                self.last.push_back((now + after, address));
                return self.turn(now, address);
            }
        }
        if self.is_full() {
            return None;
        }
        let address = self.first.pop_front()?;
        self.silent.insert(address);
        self.again.push_back((now + AGAIN, address));
        let until = now + if self.on_link { RESOLVING } else { AGAIN + GIVEN_UP };
        self.unresolved.push_back((until, address));
        self.turn(now, address)
    }

    fn turn(&mut self, now: Duration, address: IpAddr) -> Option<IpAddr> {
        self.free_from = self.free_from.max(now.saturating_sub(CREDIT)) + GAP;
        Some(address)
    }

    /// A request could not be sent for want of room; it is tried once more, a few times.
    pub(super) fn unsent(&mut self, address: IpAddr, now: Duration) {
        if !std::mem::replace(&mut self.pressed, true) {
            for (at, _) in &mut self.last {
                *at += GIVEN_UP_PRESSED - GIVEN_UP;
            }
        }
        let tried = self.unsent.entry(address).or_insert(0);
        *tried += 1;
        // After a first request there is a second one anyway.
        if *tried <= MAX_UNSENT && self.last.back().is_some_and(|(_, one)| *one == address) {
            self.last.pop_back();
            self.again.push_back((now + AGAIN, address));
        }
    }

    /// An address has answered.
    pub(super) fn answered(&mut self, address: IpAddr) {
        if self.silent.remove(&address) {
            self.done += 1;
            self.unresolved.retain(|(_, one)| *one != address);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(count: u32) -> Vec<IpAddr> {
        (0..count)
            .map(|last| IpAddr::from((0x0a00_0001 + last).to_be_bytes()))
            .collect()
    }

    /// Runs to the end: when each packet went out and to whom. Those with an even last byte answer when they
    /// are `alive`.
    fn run(mut asking: Asking, alive: bool) -> (Vec<(Duration, IpAddr)>, Duration, u64, usize) {
        let (mut sent, mut now, mut most) = (Vec::new(), Duration::ZERO, 0);
        while let Some(next) = asking.next() {
            now = now.max(next);
            while let Some(address) = asking.take(now) {
                sent.push((now, address));
                most = most.max(asking.unresolved.len());
                let even = matches!(address, IpAddr::V4(v4) if v4.octets()[3] % 2 == 0);
                if alive && even {
                    asking.answered(address);
                }
            }
        }
        (sent, now, asking.done(), most)
    }

    #[test]
    fn a_silent_segment_is_asked_twice_and_done_within_a_second() {
        let (sent, took, done, most) = run(Asking::new(addresses(254), true), false);
        assert_eq!((sent.len(), done, most), (508, 254, 254));
        assert!(took < Duration::from_millis(1000), "{took:?}");
    }

    #[test]
    fn who_has_answered_is_not_asked_again() {
        let (sent, _, done, _) = run(Asking::new(addresses(254), true), true);
        assert_eq!((sent.len(), done), (254 + 127, 254));
    }

    #[test]
    fn the_neighbor_table_is_not_overrun() {
        let (sent, took, done, most) = run(Asking::new(addresses(4094), true), false);
        assert_eq!((sent.len(), done, most), (8188, 4094, MAX_UNRESOLVED));
        assert!((48..60).contains(&took.as_secs()), "{took:?}");
        let (_, took, _, most) = run(Asking::new(addresses(4094), false), false);
        assert_eq!(most, MAX_UNRESOLVED);
        assert!(
            (8..16).contains(&took.as_secs()),
            "{took:?}: beyond a router nobody's table is at stake"
        );
    }

    #[test]
    fn what_could_not_be_sent_is_tried_again_and_not_for_ever() {
        let mut asking = Asking::new(addresses(1), true);
        let (mut now, mut tries) = (Duration::ZERO, 0);
        while let Some(next) = asking.next() {
            now = now.max(next);
            while let Some(address) = asking.take(now) {
                tries += 1;
                asking.unsent(address, now);
            }
        }
        assert!((4..=10).contains(&tries), "{tries}");
        assert_eq!(asking.done(), 1);
    }

    #[test]
    fn a_full_table_makes_it_patient() {
        let mut asking = Asking::new(addresses(2), true);
        let first = asking.take(Duration::ZERO).unwrap();
        let second = asking.take(GAP).unwrap();
        assert_eq!(asking.take(AGAIN), Some(first));
        let again = AGAIN + GAP;
        assert_eq!(asking.take(again), Some(second));
        asking.unsent(second, again);
        // Both are still waited for when the system asks the segment a second time.
        assert_eq!(asking.take(AGAIN + GIVEN_UP), Some(second));
        assert_eq!(
            (asking.take(Duration::from_millis(1300)), asking.done()),
            (None, 0)
        );
        asking.answered(first);
        assert_eq!((asking.take(Duration::from_secs(3)), asking.done()), (None, 2));
    }

    #[test]
    fn nobody_is_done_at_once() {
        assert_eq!(Asking::new(Vec::new(), true).next(), None);
    }
}
