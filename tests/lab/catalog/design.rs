//! Traffic that the mode does not carry.

use super::LAN_GUEST;
use crate::entry::{Entry, Node, Step};
use crate::flow::Flow;
use crate::topology::Topology;

pub const ENTRIES: &[Entry] = &[Entry {
    name: "macvtap-and-own-host",
    topology: Topology::Macvtap,
    steps: &[Step::Run {
        at: Node::Pc,
        apply: "ip link del shim0",
        undo: "ip link add link eth0 name shim0 type macvlan mode bridge
                ip addr add 192.168.1.51/32 dev shim0
                ip link set shim0 up
                ip route add 192.168.1.71/32 dev shim0 src 192.168.1.51",
    }],
    traffic: &[
        Flow::Echo(Node::Pc, LAN_GUEST),
        Flow::Tcp(Node::Pc, LAN_GUEST, 22),
    ],
    unharmed: &[
        Flow::Echo(Node::Lan, LAN_GUEST),
        Flow::Echo(Node::Pc, "192.168.1.60"),
    ],
    tell: &["--mode", "macvtap", "--guest-ip", LAN_GUEST],
    named: &["macvtap-host-isolation"],
    verdicts: &["impossible-by-design"],
    ..Entry::FAULT
}];
