//! Whether somebody answered for an address on its segment while we probed.
//!
//! A cached entry is no answer: a guest that fell silent a moment ago stays "reachable" in the table for a
//! while. Only a confirmation newer than the first probe proves the link, or an answer to ARP asked by hand.

use std::net::IpAddr;

use crate::model::{Mac, Neighbor, NeighborState};

/// One row of the neighbor table as read at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// The row.
    pub(super) neighbor: Neighbor,
    /// Milliseconds between the last change of its state and the reading.
    pub(super) changed_ms_ago: Option<u64>,
}

/// What asking ARP by hand brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ArpAnswers {
    /// All hardware addresses that answered for the address, in order of first answer.
    pub(super) macs: Vec<Mac>,
    /// Milliseconds between the first request and the end of listening.
    pub(super) listened_ms: u64,
    /// Whether nobody answered when asked once more at the end: what answered before is no longer there.
    pub(super) fell_silent: bool,
}

impl ArpAnswers {
    /// Whether nobody answered and several requests had the time to be.
    pub(super) fn is_silence(&self) -> bool {
        self.macs.is_empty() && self.listened_ms >= SEVERAL_REQUESTS_MS
    }
}

/// Ages come in steps of 10 ms and the kernel's own clock ticks as coarsely.
const STEP_MS: u64 = 20;

/// Three requests go out within the first tenth of a second; a machine that has answered before needs no longer.
const SEVERAL_REQUESTS_MS: u64 = 300;

/// Shorter asking is no proof of absence: the kernel asks once a second, and a first answer may get lost.
const ASKED_ENOUGH_MS: u64 = 1200;

/// The row of an address: the one on the adapter, when one is named.
pub(super) fn find<'a>(table: &'a [Entry], address: IpAddr, adapter: Option<&str>) -> Option<&'a Entry> {
    table.iter().find(|entry| {
        entry.neighbor.address == address
            && (adapter.is_none() || entry.neighbor.adapter.as_deref() == adapter)
    })
}

/// Whether somebody answered. `probed_ms` is the time between the first packet and the reading of `after`;
/// `before` was read ahead of the first packet.
pub(super) fn answered(
    before: Option<&Entry>,
    after: Option<&Entry>,
    probed_ms: u64,
    arp: Option<&ArpAnswers>,
) -> Option<bool> {
    if let Some(arp) = arp.filter(|arp| !arp.macs.is_empty()) {
        return Some(!arp.fell_silent);
    }
    let asked_by_hand_in_vain = arp.is_some_and(|arp| arp.listened_ms >= ASKED_ENOUGH_MS);
    if let Some(after) = after
        && is_confirmed_since(before, after, probed_ms)
    {
        let is_old = after
            .neighbor
            .confirmed_ms_ago
            .is_some_and(|ago| ago >= ASKED_ENOUGH_MS);
        // It answered the system at the start, and then nobody who asked again and again.
        return Some(!(is_old && asked_by_hand_in_vain));
    }
    if asked_by_hand_in_vain {
        return Some(false);
    }
    let after = after?;
    let asked_in_vain = match after.neighbor.state {
        // Whoever made the entry, the system has been asking for as long as we probed.
        NeighborState::Incomplete => true,
        // It failed while we probed, or was a failure all along and nobody asked again.
        NeighborState::Failed => after.changed_ms_ago.is_some_and(|changed| changed < probed_ms),
        _ => false,
    };
    (asked_in_vain && probed_ms >= ASKED_ENOUGH_MS).then_some(false)
}

fn is_confirmed_since(before: Option<&Entry>, after: &Entry, probed_ms: u64) -> bool {
    if !after.neighbor.is_learned() {
        return false;
    }
    let Some(confirmed) = after.neighbor.confirmed_ms_ago else {
        return false;
    };
    if confirmed + STEP_MS <= probed_ms {
        return true;
    }
    // Within the coarseness of the clock around the first packet: newer only when there was nothing before.
    let known_before = before.is_some_and(|before| before.neighbor.is_learned());
    !known_before && confirmed <= probed_ms + STEP_MS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(state: NeighborState, confirmed: Option<u64>, changed: u64) -> Entry {
        Entry {
            neighbor: Neighbor {
                address: "10.0.0.2".parse().unwrap(),
                mac: confirmed.map(|_| Mac([2, 0, 0, 0, 0, 2])),
                adapter: Some("tap0".to_owned()),
                state,
                confirmed_ms_ago: confirmed,
            },
            changed_ms_ago: Some(changed),
        }
    }

    #[test]
    fn a_cached_entry_is_no_answer() {
        // Reachable for three seconds already when we began, and two seconds later still.
        let before = entry(NeighborState::Reachable, Some(3000), 3000);
        let after = entry(NeighborState::Reachable, Some(5000), 5000);
        assert_eq!(answered(Some(&before), Some(&after), 2000, None), None);
        // Even when it was confirmed a blink before the first packet.
        let before = entry(NeighborState::Reachable, Some(0), 0);
        let after = entry(NeighborState::Reachable, Some(2000), 2000);
        assert_eq!(answered(Some(&before), Some(&after), 2000, None), None);
        let stale = entry(NeighborState::Delay, Some(60_000), 100);
        assert_eq!(answered(Some(&stale), Some(&stale), 2000, None), None);
    }

    #[test]
    fn a_new_confirmation_is_one() {
        let after = entry(NeighborState::Reachable, Some(400), 400);
        assert_eq!(answered(None, Some(&after), 400, None), Some(true));
        let before = entry(NeighborState::Stale, Some(90_000), 30_000);
        let after = entry(NeighborState::Reachable, Some(300), 300);
        assert_eq!(answered(Some(&before), Some(&after), 2000, None), Some(true));
        let incomplete = entry(NeighborState::Incomplete, None, 500);
        assert_eq!(answered(Some(&incomplete), Some(&after), 310, None), Some(true));
    }

    #[test]
    fn a_request_of_the_other_side_proves_no_answer() {
        // The peer asked us: its hardware address is known, never confirmed.
        let after = entry(NeighborState::Stale, Some(60_000), 100);
        assert_eq!(answered(None, Some(&after), 2000, None), None);
    }

    #[test]
    fn asking_in_vain() {
        let incomplete = entry(NeighborState::Incomplete, None, 1900);
        assert_eq!(answered(None, Some(&incomplete), 2000, None), Some(false));
        assert_eq!(answered(None, Some(&incomplete), 900, None), None);
        let failed = entry(NeighborState::Failed, None, 200);
        assert_eq!(answered(None, Some(&failed), 2000, None), Some(false));
        // A failure from before, which nothing has touched since.
        let old = entry(NeighborState::Failed, None, 9000);
        assert_eq!(answered(Some(&old), Some(&old), 2000, None), None);
    }

    #[test]
    fn entries_by_hand_prove_nothing() {
        let permanent = entry(NeighborState::Permanent, Some(100), 100);
        assert_eq!(answered(None, Some(&permanent), 2000, None), None);
    }

    #[test]
    fn asking_by_hand_decides() {
        let cached = entry(NeighborState::Reachable, Some(5000), 5000);
        let silence = ArpAnswers {
            listened_ms: 1500,
            ..ArpAnswers::default()
        };
        assert_eq!(
            answered(Some(&cached), Some(&cached), 2000, Some(&silence)),
            Some(false)
        );
        let short = ArpAnswers {
            listened_ms: 300,
            ..silence.clone()
        };
        assert_eq!(answered(Some(&cached), Some(&cached), 2000, Some(&short)), None);
        let at_first = entry(NeighborState::Reachable, Some(1960), 1960);
        assert_eq!(
            answered(None, Some(&at_first), 2000, Some(&silence)),
            Some(false),
            "it answered the system once and is gone since"
        );
        let meanwhile = entry(NeighborState::Reachable, Some(300), 300);
        assert_eq!(answered(None, Some(&meanwhile), 2000, Some(&silence)), Some(true));
        let answer = ArpAnswers {
            macs: vec![Mac([2, 0, 0, 0, 0, 9])],
            listened_ms: 300,
            ..ArpAnswers::default()
        };
        assert_eq!(answered(None, None, 300, Some(&answer)), Some(true));
    }

    #[test]
    fn the_last_word_counts() {
        let answer = ArpAnswers {
            macs: vec![Mac([2, 0, 0, 0, 0, 9])],
            listened_ms: 220,
            fell_silent: true,
        };
        // The system heard the first answer, too.
        let after = entry(NeighborState::Reachable, Some(1900), 1900);
        assert_eq!(answered(None, Some(&after), 2000, Some(&answer)), Some(false));
        let short = ArpAnswers {
            listened_ms: 90,
            ..ArpAnswers::default()
        };
        assert!(!short.is_silence(), "the last of its requests was just sent");
    }

    #[test]
    fn rows_are_found_by_adapter() {
        let table = [entry(NeighborState::Reachable, Some(1), 1)];
        let address = "10.0.0.2".parse().unwrap();
        assert!(find(&table, address, Some("tap0")).is_some());
        assert!(find(&table, address, None).is_some());
        assert!(find(&table, address, Some("eth0")).is_none());
    }
}
