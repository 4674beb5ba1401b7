//! Watching what this machine's network consists of, for those who ask later what changed: adapters, addresses,
//! routes, and who answers for an address on a segment.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::time::Duration;

use ipnet::IpNet;

use super::cancel::Cancel;
use super::platform;
use crate::model::Mac;

/// Something that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// An adapter came, went, or was switched.
    Adapter {
        /// Its name.
        name: String,
        /// What it is now.
        now: AdapterNow,
    },
    /// An adapter got an address, or lost it.
    Address {
        /// The adapter.
        adapter: String,
        /// The address.
        address: IpAddr,
        /// Whether it is there now.
        there: bool,
    },
    /// A route of the main table came or went.
    Route {
        /// Where it leads; the default route is `0.0.0.0/0` or `::/0`.
        to: IpNet,
        /// The router.
        via: Option<IpAddr>,
        /// The adapter.
        adapter: Option<String>,
        /// Whether it is there now.
        there: bool,
    },
    /// Somebody else answers for an address, or nobody does any more.
    Neighbor {
        /// The address.
        address: IpAddr,
        /// The adapter.
        adapter: String,
        /// Who answered before.
        before: Option<Mac>,
        /// Who answers now; `None` is nobody.
        now: Option<Mac>,
    },
}

/// What became of an adapter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AdapterNow {
    /// It is not there any more.
    Gone,
    /// It is switched off.
    Off,
    /// It is switched on, and its wire is not connected.
    Unplugged,
    /// It works.
    Up,
}

/// Tells of changes as they happen, until called off. Returns early where this system has no way to be told of
/// them. `tell` must not block. Must run on a tokio runtime with IO.
pub async fn run(tell: impl FnMut(Change), cancel: Cancel) {
    tokio::select! {
        () = cancel.cancelled() => {}
        () = platform::changes(tell) => {}
    }
}

/// How often it is looked where nobody tells.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Tells of changes of adapters and addresses by looking again and again, for ever.
pub(super) async fn poll(mut tell: impl FnMut(Change)) {
    let mut before = seen();
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        let now = seen();
        differences(&before, &now).into_iter().for_each(&mut tell);
        before = now;
    }
}

/// The adapters that are up, each with its addresses.
type Seen = BTreeMap<String, BTreeSet<IpAddr>>;

fn seen() -> Seen {
    let adapters = platform::adapters().into_iter();
    adapters
        .map(|adapter| {
            let addresses = adapter.addresses.into_iter().map(|(address, _)| address);
            (adapter.name, addresses.collect())
        })
        .collect()
}

fn differences(before: &Seen, now: &Seen) -> Vec<Change> {
    let adapter = |name: &String, now| Change::Adapter {
        name: name.clone(),
        now,
    };
    let gone = before.keys().filter(|name| !now.contains_key(*name));
    let came = now.keys().filter(|name| !before.contains_key(*name));
    let mut changes: Vec<Change> = gone
        .map(|name| adapter(name, AdapterNow::Gone))
        .chain(came.map(|name| adapter(name, AdapterNow::Up)))
        .collect();
    for (name, addresses) in now {
        let known = before.get(name).cloned().unwrap_or_default();
        for address in addresses.symmetric_difference(&known) {
            changes.push(Change::Address {
                adapter: name.clone(),
                address: *address,
                there: addresses.contains(address),
            });
        }
    }
    changes
}

/// What is known of the network, so that news which change nothing are not told: the kernel repeats itself.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    adapters: BTreeMap<u32, (String, AdapterNow)>,
    neighbors: BTreeMap<(u32, IpAddr), Option<Mac>>,
}

/// Neighbors remembered at most; the kernel itself keeps 1,024 by default.
const MAX_NEIGHBORS: usize = 16_384;

impl Known {
    /// The name of an adapter.
    pub(super) fn name(&self, index: u32) -> Option<String> {
        self.adapters.get(&index).map(|(name, _)| name.clone())
    }

    /// Takes the state of an adapter: the change that it is, when it is one.
    pub(super) fn adapter(&mut self, index: u32, name: String, now: AdapterNow) -> Option<Change> {
        let before = if now == AdapterNow::Gone {
            self.neighbors.retain(|(one, _), _| *one != index);
            self.adapters.remove(&index)
        } else {
            self.adapters.insert(index, (name.clone(), now))
        };
        let same = before.is_some_and(|before| before == (name.clone(), now));
        (!same).then_some(Change::Adapter { name, now })
    }

    /// Takes who answers for an address. `None` is nobody, after the system asked in vain.
    pub(super) fn neighbor(&mut self, index: u32, address: IpAddr, now: Option<Mac>) -> Option<Change> {
        let adapter = self.name(index)?;
        if self.neighbors.len() >= MAX_NEIGHBORS && !self.neighbors.contains_key(&(index, address)) {
            return None;
        }
        // Who was never heard before is no change, and who is silent and always was is none either.
        let before = self.neighbors.insert((index, address), now)?;
        (before != now).then_some(Change::Neighbor {
            address,
            adapter,
            before,
            now,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_changes_are_told() {
        let mut known = Known::default();
        let up = known.adapter(2, "tap0".to_owned(), AdapterNow::Up);
        assert!(up.is_some());
        assert_eq!(known.adapter(2, "tap0".to_owned(), AdapterNow::Up), None);
        assert!(known.adapter(2, "tap0".to_owned(), AdapterNow::Off).is_some());
        let guest: IpAddr = "10.0.0.2".parse().unwrap();
        let (first, second) = (Mac([2, 0, 0, 0, 0, 1]), Mac([2, 0, 0, 0, 0, 2]));
        assert_eq!(
            known.neighbor(2, guest, Some(first)),
            None,
            "heard for the first time"
        );
        assert_eq!(known.neighbor(2, guest, Some(first)), None);
        let moved = known.neighbor(2, guest, Some(second)).unwrap();
        assert!(
            matches!(moved, Change::Neighbor { before: Some(one), now: Some(two), .. } if (one, two) == (first, second))
        );
        assert!(known.neighbor(2, guest, None).is_some());
        assert_eq!(known.neighbor(2, guest, None), None);
        assert_eq!(
            known.neighbor(9, guest, None),
            None,
            "on an adapter that nobody knows"
        );
        assert!(known.adapter(2, "tap0".to_owned(), AdapterNow::Gone).is_some());
        assert!(known.neighbors.is_empty() && known.name(2).is_none());
    }

    #[test]
    fn looking_twice_tells_what_is_different() {
        let one = |name: &str, addresses: &[&str]| {
            let addresses = addresses.iter().map(|text| text.parse().unwrap()).collect();
            (name.to_owned(), addresses)
        };
        let before = Seen::from([one("en0", &["10.0.0.1", "10.0.0.2"]), one("utun3", &["10.8.0.2"])]);
        let now = Seen::from([one("bridge100", &["192.168.64.1"]), one("en0", &["10.0.0.1"])]);
        let told: Vec<String> = differences(&before, &now)
            .iter()
            .map(|change| format!("{change:?}"))
            .collect();
        assert_eq!(
            told,
            [
                "Adapter { name: \"utun3\", now: Gone }",
                "Adapter { name: \"bridge100\", now: Up }",
                "Address { adapter: \"bridge100\", address: 192.168.64.1, there: true }",
                "Address { adapter: \"en0\", address: 10.0.0.2, there: false }",
            ]
        );
        assert!(differences(&now, &now).is_empty());
    }
}
