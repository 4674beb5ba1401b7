//! Every entry, sorted by where the fault sits.

mod addressing;
mod design;
mod forwarding;
mod guest;
mod healthy;
mod host;

use crate::entry::{Entry, GUEST_SCRIPT};

/// All entries.
pub fn all() -> impl Iterator<Item = &'static Entry> {
    [
        healthy::ENTRIES,
        design::ENTRIES,
        host::ENTRIES,
        forwarding::ENTRIES,
        addressing::ENTRIES,
        guest::ENTRIES,
    ]
    .into_iter()
    .flatten()
}

/// The guest of the NAT networks.
pub(crate) const GUEST: &str = "192.168.122.11";
/// The PC in the NAT networks' segment.
pub(crate) const HOST: &str = "192.168.122.1";
/// The guest of the bridged and the macvtap network.
pub(crate) const LAN_GUEST: &str = "192.168.1.71";
/// An address outside.
pub(crate) const OUTSIDE: &str = "203.0.113.10";

/// What a user pastes from a guest that does not reach the host.
pub(crate) const TO_HOST: &[&str] = &[GUEST_SCRIPT, "ping -c 3 -W 1 192.168.122.1"];
/// What a user pastes from a guest that does not reach the outside.
pub(crate) const TO_OUTSIDE: &[&str] = &[
    "ip addr",
    "ip route",
    "ping -c 2 -W 1 192.168.122.1",
    "ping -c 3 -W 1 203.0.113.10",
];
