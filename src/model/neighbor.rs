//! The neighbor table: which hardware address answers for which address on a segment.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::Mac;

/// One entry of a neighbor (ARP, NDP) table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Neighbor {
    /// The neighbor's address.
    pub address: IpAddr,
    /// Its hardware address, when somebody answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mac: Option<Mac>,
    /// The adapter that the entry belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adapter: Option<String>,
    /// What the table says of it.
    #[serde(default)]
    pub state: NeighborState,
    /// Milliseconds between the last confirmation that it is there and the reading of the table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed_ms_ago: Option<u64>,
}

/// What a neighbor table says of an entry. A cached entry is no answer: only a confirmation newer than the
/// question proves that somebody is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NeighborState {
    /// Confirmed a short while ago.
    Reachable,
    /// Known from some time ago.
    Stale,
    /// Known from some time ago, in use, about to be asked again.
    Delay,
    /// Being asked again.
    Probe,
    /// Asked, nobody has answered yet.
    Incomplete,
    /// Asked, nobody answered.
    Failed,
    /// Set by hand; proves nothing.
    Permanent,
    /// This adapter does not ask.
    NoArp,
    /// Not told (tables of macOS and older systems).
    #[default]
    #[serde(other)]
    Unknown,
}

impl NeighborState {
    /// The state that Windows counts so (`NL_NEIGHBOR_STATE`, and `State` of `Get-NetNeighbor`).
    pub fn of_windows(number: i32) -> Self {
        match number {
            0 => Self::Failed,
            1 => Self::Incomplete,
            2 => Self::Probe,
            3 => Self::Delay,
            4 => Self::Stale,
            5 => Self::Reachable,
            6 => Self::Permanent,
            _ => Self::Unknown,
        }
    }
}

impl Neighbor {
    /// Whether the table says that nobody answered.
    pub fn is_missing(&self) -> bool {
        matches!(self.state, NeighborState::Incomplete | NeighborState::Failed)
            || (self.state == NeighborState::Unknown && self.mac.is_none())
    }

    /// Whether a hardware address is known from asking and not from a hand-written entry.
    pub fn is_learned(&self) -> bool {
        self.mac.is_some_and(|mac| !mac.is_zero() && !mac.is_group())
            && !matches!(
                self.state,
                NeighborState::Permanent
                    | NeighborState::NoArp
                    | NeighborState::Incomplete
                    | NeighborState::Failed
            )
    }
}
