//! Watching what this machine's network consists of, for those who ask later what changed: adapters, addresses,
//! routes, and who answers for an address on a segment.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::time::Duration;

use ipnet::IpNet;
use tokio::sync::mpsc;

use super::cancel::Cancel;
use super::platform;
use crate::model::{Mac, NeighborState};

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

/// How often it is looked where nobody tells, and all the same where somebody does.
const LOOK_EVERY: Duration = Duration::from_secs(5);
const LOOK_ANYWAY: Duration = Duration::from_secs(60);

/// Changes come in groups, of which one look tells all.
const SETTLING: Duration = Duration::from_millis(100);

/// Who says that something changed, when the system has somebody.
pub(super) type Called = mpsc::Receiver<()>;

/// Tells of changes by looking again and again, for ever: as soon as somebody calls, else every few seconds.
pub(super) async fn poll(mut called: Option<Called>, mut tell: impl FnMut(Change)) {
    let mut before = look().await;
    loop {
        let every = if called.is_some() { LOOK_ANYWAY } else { LOOK_EVERY };
        let call = async {
            match &mut called {
                Some(called) => called.recv().await,
                None => std::future::pending().await,
            }
        };
        let gone = tokio::select! {
            call = call => call.is_none(),
            () = tokio::time::sleep(every) => false,
        };
        if gone {
            called = None;
        }
        tokio::time::sleep(SETTLING).await;
        let now = look().await;
        before.differences(&now).into_iter().for_each(&mut tell);
        before = now;
    }
}

/// A route, as far as it is watched.
#[cfg_attr(
    target_os = "linux",
    allow(dead_code, reason = "netlink tells routes by itself")
)]
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct RouteSeen {
    /// Where it leads.
    pub(super) to: IpNet,
    /// The router.
    pub(super) via: Option<IpAddr>,
    /// The adapter.
    pub(super) adapter: Option<String>,
}

/// What one look saw.
#[derive(Clone, Debug, Default)]
struct Seen {
    /// The adapters that are up, each with its addresses.
    adapters: BTreeMap<String, BTreeSet<IpAddr>>,
    routes: BTreeSet<RouteSeen>,
    /// Who answers for an address by an adapter; `None` is nobody, after the system asked in vain.
    neighbors: BTreeMap<(String, IpAddr), Option<Mac>>,
}

async fn look() -> Seen {
    let adapters = platform::adapters().into_iter().map(|adapter| {
        let addresses = adapter.addresses.into_iter().map(|(address, _)| address);
        (adapter.name, addresses.collect())
    });
    let neighbors = platform::neighbors().await.unwrap_or_default();
    let neighbors = neighbors.into_iter().filter_map(|entry| {
        let neighbor = entry.neighbor;
        let now = match neighbor.state {
            NeighborState::Failed => None,
            NeighborState::Reachable | NeighborState::Stale | NeighborState::Permanent => Some(neighbor.mac?),
            _ => return None,
        };
        Some(((neighbor.adapter?, neighbor.address), now))
    });
    Seen {
        adapters: adapters.collect(),
        routes: platform::routes().into_iter().take(MAX_ROUTES).collect(),
        neighbors: neighbors.take(MAX_NEIGHBORS).collect(),
    }
}

impl Seen {
    fn differences(&self, now: &Self) -> Vec<Change> {
        let mut changes = self.of_adapters(now);
        let gone = self.routes.difference(&now.routes).map(|route| (route, false));
        let came = now.routes.difference(&self.routes).map(|route| (route, true));
        changes.extend(gone.chain(came).map(|(route, there)| Change::Route {
            to: route.to,
            via: route.via,
            adapter: route.adapter.clone(),
            there,
        }));
        // Who was never heard before is no change.
        changes.extend(now.neighbors.iter().filter_map(|(who, mac)| {
            let before = self.neighbors.get(who).filter(|before| *before != mac)?;
            Some(Change::Neighbor {
                address: who.1,
                adapter: who.0.clone(),
                before: *before,
                now: *mac,
            })
        }));
        changes
    }

    fn of_adapters(&self, now: &Self) -> Vec<Change> {
        let adapter = |name: &String, now| Change::Adapter {
            name: name.clone(),
            now,
        };
        let gone = self
            .adapters
            .keys()
            .filter(|name| !now.adapters.contains_key(*name));
        let came = now
            .adapters
            .keys()
            .filter(|name| !self.adapters.contains_key(*name));
        let mut changes: Vec<Change> = gone
            .map(|name| adapter(name, AdapterNow::Gone))
            .chain(came.map(|name| adapter(name, AdapterNow::Up)))
            .collect();
        for (name, addresses) in &now.adapters {
            let known = self.adapters.get(name).cloned().unwrap_or_default();
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
}

/// What is known of the network, so that news which change nothing are not told: the kernel repeats itself.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    adapters: BTreeMap<u32, (String, AdapterNow)>,
    neighbors: BTreeMap<(u32, IpAddr), Option<Mac>>,
}

/// Neighbors remembered at most; the kernel itself keeps 1,024 by default.
const MAX_NEIGHBORS: usize = 16_384;

/// Routes compared at most.
const MAX_ROUTES: usize = 20_000;

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
        let route = |to: &str| RouteSeen {
            to: to.parse().unwrap(),
            via: None,
            adapter: Some("en0".to_owned()),
        };
        let neighbor = |address: &str, last: Option<u8>| {
            let mac = last.map(|last| Mac([2, 0, 0, 0, 0, last]));
            (("en0".to_owned(), address.parse().unwrap()), mac)
        };
        let before = Seen {
            adapters: [one("en0", &["10.0.0.1", "10.0.0.2"]), one("utun3", &["10.8.0.2"])].into(),
            routes: [route("10.0.0.0/24"), route("10.8.0.0/16")].into(),
            neighbors: [
                neighbor("10.0.0.9", Some(1)),
                neighbor("10.0.0.8", Some(1)),
                neighbor("10.0.0.7", None),
            ]
            .into(),
        };
        let now = Seen {
            adapters: [one("bridge100", &["192.168.64.1"]), one("en0", &["10.0.0.1"])].into(),
            routes: [route("10.0.0.0/24"), route("0.0.0.0/0")].into(),
            neighbors: [
                neighbor("10.0.0.9", Some(2)),
                neighbor("10.0.0.8", Some(1)),
                neighbor("10.0.0.6", Some(3)),
            ]
            .into(),
        };
        let told: Vec<String> = before
            .differences(&now)
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
                "Route { to: 10.8.0.0/16, via: None, adapter: Some(\"en0\"), there: false }",
                "Route { to: 0.0.0.0/0, via: None, adapter: Some(\"en0\"), there: true }",
                "Neighbor { address: 10.0.0.9, adapter: \"en0\", before: Some(02:00:00:00:00:01), \
                 now: Some(02:00:00:00:00:02) }",
            ]
        );
    }

    #[tokio::test]
    async fn a_call_is_followed_by_a_look_and_its_end_by_looking_anyway() {
        let (call, called) = mpsc::channel(1);
        call.send(()).await.unwrap();
        drop(call);
        // Nothing changes here; what is to be seen is that the end of the calls ends nothing.
        let polling = poll(Some(called), |_| {});
        let ended = tokio::time::timeout(Duration::from_millis(400), polling).await;
        assert!(ended.is_err(), "it goes on");
    }
}
