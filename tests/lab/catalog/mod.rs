//! Every entry, sorted by where the fault sits.

mod addressing;
mod design;
mod forwarding;
mod guest;
mod healthy;
mod host;
mod host_filter;
mod host_routes;
mod inside;
mod odd;
mod subtle;
mod way_out;

use crate::entry::{Entry, GUEST_SCRIPT, Node, Run, Step};

/// All entries.
pub fn all() -> impl Iterator<Item = &'static Entry> {
    [
        healthy::ENTRIES,
        odd::ENTRIES,
        design::ENTRIES,
        host::ENTRIES,
        host_routes::ENTRIES,
        host_filter::ENTRIES,
        forwarding::ENTRIES,
        way_out::ENTRIES,
        addressing::ENTRIES,
        guest::ENTRIES,
        inside::ENTRIES,
        subtle::ENTRIES,
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

/// The usual question: the host looks for the guest.
pub(crate) const HOST_TO_GUEST: &[&str] = &["--guest-ip", GUEST];
/// The guest looks for the host.
pub(crate) const ANSWERS_FROM_HOST: &[&str] = &["--from", "guest", "--to", "host", "--guest-ip", GUEST];
/// The guest looks for the outside.
pub(crate) const GUEST_TO_INTERNET: &[&str] = &[
    "--from",
    "guest",
    "--to",
    "internet",
    "--target",
    OUTSIDE,
    "--guest-ip",
    GUEST,
];

/// The guest looks for a name.
pub(crate) const GUEST_TO_NAME: &[&str] = &[
    "--from",
    "guest",
    "--to",
    "internet",
    "--target",
    "example.com",
    "--guest-ip",
    GUEST,
];
/// The bridged guest looks for the outside.
pub(crate) const LAN_GUEST_TO_INTERNET: &[&str] = &[
    "--from",
    "guest",
    "--to",
    "internet",
    "--target",
    OUTSIDE,
    "--guest-ip",
    LAN_GUEST,
];
/// The host looks for the bridged guest.
pub(crate) const HOST_TO_LAN_GUEST: &[&str] = &["--guest-ip", LAN_GUEST];
/// One guest looks for another of its segment.
pub(crate) const BETWEEN_GUESTS: &[&str] = &[
    "--from",
    "guest",
    "--to",
    "guest2",
    "--target",
    "192.168.122.12",
    "--guest-ip",
    GUEST,
];
/// One guest looks for another in the other segment.
pub(crate) const BETWEEN_SEGMENTS: &[&str] = &[
    "--from",
    "guest",
    "--to",
    "guest2",
    "--target",
    "192.168.150.12",
    "--guest-ip",
    GUEST,
];
/// A machine of the LAN looks for the routed guest.
pub(crate) const LAN_TO_ROUTED_GUEST: &[&str] = &[
    "--mode",
    "routed",
    "--from",
    "lan",
    "--to",
    "guest",
    "--target",
    "192.168.1.60",
    "--guest-ip",
    GUEST,
];

/// What a fault on the host must not be blamed on.
pub(crate) const GUEST_CAUSES: &[&str] = &[
    "guest-firewall-blocks-icmp",
    "guest-firewall-blocks-inbound",
    "guest-static-wrong-subnet",
];
/// What a fault in the guest must not be blamed on.
pub(crate) const HOST_CAUSES: &[&str] = &[
    "host-firewall-blocks-guest",
    "host-route-wrong",
    "host-vnic-down",
    "tap-detached-from-bridge",
    "vpn-route-hijack",
];

/// Shell lines and what takes them back.
pub(crate) const fn run(at: Node, apply: &'static str, undo: &'static str) -> Step {
    Step::Run { at, apply, undo }
}

/// Runs in which no echo can be sent, and what stops echo alone cannot be seen.
pub(crate) const WITHOUT_PING: &[(Run, &str)] = &[(
    Run::UserWithoutPing,
    "what is stopped is echo, and nobody here may send one",
)];

/// Why a rule of the host's filter can hide.
const UNREAD: &str = "a silent drop shows in a rule alone, which root may read";

/// Runs in which nobody may read the packet filter.
pub(crate) const WITHOUT_RIGHTS: &[(Run, &str)] = &[
    (Run::User, UNREAD),
    (Run::UserWithoutEcho, UNREAD),
    (Run::UserWithoutPing, UNREAD),
];
