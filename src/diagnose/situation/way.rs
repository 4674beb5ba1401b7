//! Which way a packet of the host takes.

use std::net::IpAddr;

use super::Situation;
use crate::model::{LookUp, RouteKind};

/// Which way a packet of the host takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// It leaves by this adapter, to this router, as this row says.
    Adapter {
        /// The adapter.
        name: String,
        /// The router, when it is not on the segment itself.
        via: Option<IpAddr>,
        /// The row in words.
        row: String,
        /// Who says so.
        source: String,
    },
    /// It is for this machine itself.
    Local {
        /// Who says so.
        source: String,
    },
    /// It is thrown away by this row or rule.
    Discarded {
        /// The row or rule in words.
        row: String,
        /// Who says so.
        source: String,
    },
    /// There is no way.
    NoRoute {
        /// Who says so.
        source: String,
    },
    /// The tables were not read.
    Unknown,
}

impl Situation<'_> {
    /// Which way a packet of the host to `address` takes: the system's own answer, else the tables.
    pub fn way_to(&self, address: IpAddr) -> Way {
        let host = self.host();
        if let Some(answer) = host.system_look_up(address) {
            let source = "route look-up".to_owned();
            return match (&answer.adapter, answer.kind) {
                (_, RouteKind::Blackhole | RouteKind::Unreachable | RouteKind::Prohibit) => Way::Discarded {
                    row: answer
                        .error
                        .clone()
                        .unwrap_or_else(|| format!("{:?}", answer.kind).to_lowercase()),
                    source,
                },
                (_, RouteKind::Local) => Way::Local { source },
                (Some(name), _) => {
                    let via = answer.via.map(|via| format!(" via {via}")).unwrap_or_default();
                    Way::Adapter {
                        name: name.clone(),
                        via: answer.via,
                        row: format!("{address}{via} dev {name}"),
                        source,
                    }
                }
                (None, _) => self.discarding_row(address).unwrap_or(Way::NoRoute { source }),
            };
        }
        self.computed_way(address)
    }

    /// Where the tables say that a packet is thrown away: the system's answer does not always name the row.
    fn discarding_row(&self, address: IpAddr) -> Option<Way> {
        match self.computed_way(address) {
            way @ Way::Discarded { .. } => Some(way),
            _ => None,
        }
    }

    fn computed_way(&self, address: IpAddr) -> Way {
        let host = self.host();
        let source = host.routes.source().to_owned();
        match host.look_up(address, None) {
            LookUp::Unknown => Way::Unknown,
            LookUp::NoRoute => Way::NoRoute { source },
            LookUp::Policy(rule) => Way::Discarded {
                row: format!("rule {} {:?}", rule.priority, rule.action).to_lowercase(),
                source,
            },
            LookUp::Row(row) if row.discards() => Way::Discarded {
                row: row.describe(),
                source,
            },
            LookUp::Row(row) if row.kind == RouteKind::Local => Way::Local { source },
            LookUp::Row(row) => match &row.adapter {
                Some(name) => Way::Adapter {
                    name: name.clone(),
                    via: row.via,
                    row: row.describe(),
                    source,
                },
                None => Way::Unknown,
            },
        }
    }
}
