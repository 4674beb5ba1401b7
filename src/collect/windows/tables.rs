//! Routes, neighbors and the way to an address, as IP Helper tells them.

#[cfg(not(windows))]
use super::super::source::Ledger;
#[cfg(not(windows))]
use crate::model::Gap;

#[cfg(windows)]
pub(super) use here::{look_up, neighbors, routes};

/// The tables are not read elsewhere.
#[cfg(not(windows))]
pub(super) async fn routes(ledger: Ledger) -> Result<(), Gap> {
    super::fallback::routes(&ledger).await
}

/// The tables are not read elsewhere.
#[cfg(not(windows))]
pub(super) async fn neighbors(ledger: Ledger) -> Result<(), Gap> {
    super::fallback::neighbors(&ledger).await
}

#[cfg(windows)]
mod here {
    use std::collections::HashMap;
    use std::net::IpAddr;

    use super::super::super::source::{Ledger, blocking};
    use super::super::fallback;
    use crate::model::{Fact, Gap, Mac, Neighbor, NeighborState, Route, RouteKind, SystemLookUp};
    use crate::windows_api;

    /// Names of adapters by their numbers, each asked once.
    #[derive(Default)]
    struct Names(HashMap<u32, Option<String>>);

    impl Names {
        fn of(&mut self, index: u32) -> Option<String> {
            self.0
                .entry(index)
                .or_insert_with(|| windows_api::alias(index))
                .clone()
        }
    }

    /// Reads the routing tables; there are no policy rules.
    pub(in super::super) async fn routes(ledger: Ledger) -> Result<(), Gap> {
        let read = blocking(|| {
            let mut names = Names::default();
            windows_api::routes().map(|rows| -> Vec<Route> {
                let rows = rows.into_iter().map(|row| Route {
                    via: row.via,
                    adapter: names.of(row.index),
                    metric: Some(row.metric),
                    // Made by a person or a program, as `route add` does.
                    protocol: (row.protocol == 3).then(|| "netmgmt".to_owned()),
                    ..Route::on_link(row.destination, "")
                });
                rows.collect()
            })
        });
        match read.await? {
            Ok(routes) => {
                ledger.facts(move |case| {
                    case.host.routes = Fact::known(routes.clone(), "IP Helper");
                    case.host.rules = Fact::known(Vec::new(), "IP Helper");
                });
                Ok(())
            }
            Err(_) => fallback::routes(&ledger).await,
        }
    }

    /// Reads the neighbor table.
    pub(in super::super) async fn neighbors(ledger: Ledger) -> Result<(), Gap> {
        let read = blocking(|| {
            let mut names = Names::default();
            windows_api::neighbors().map(|rows| -> Vec<Neighbor> {
                let rows = rows.into_iter().map(|row| {
                    let state = NeighborState::of_windows(row.state);
                    Neighbor {
                        address: row.address,
                        mac: row.mac.map(Mac).filter(|mac| !mac.is_zero()),
                        adapter: names.of(row.index),
                        state,
                        confirmed_ms_ago: (state == NeighborState::Reachable)
                            .then(|| u64::from(row.changed_ms_ago)),
                    }
                });
                rows.collect()
            })
        });
        match read.await? {
            Ok(rows) => {
                ledger.facts(move |case| case.host.neighbors = Fact::known(rows.clone(), "IP Helper"));
                Ok(())
            }
            Err(_) => fallback::neighbors(&ledger).await,
        }
    }

    /// Which way a packet would go. No way is an answer, too.
    pub(in super::super) fn look_up(destination: IpAddr) -> SystemLookUp {
        let mut answer = SystemLookUp {
            destination,
            adapter: None,
            via: None,
            source: None,
            kind: RouteKind::Unicast,
            error: None,
        };
        match windows_api::way_to(destination) {
            Ok(way) => {
                answer.adapter = windows_api::alias(way.index);
                answer.via = way.via;
                answer.source = way.source;
            }
            Err(error) => answer.error = Some(error.to_string()),
        }
        answer
    }
}
