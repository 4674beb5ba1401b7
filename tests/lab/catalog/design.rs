//! Traffic that the mode does not carry.

use super::{GUEST, HOST, HOST_TO_LAN_GUEST, LAN_GUEST, OUTSIDE};
use crate::entry::{Entry, Node, Step};
use crate::flow::Flow;
use crate::topology::Topology;

/// Without the macvlan that a careful person gives the PC.
const SHIM_GONE: &[Step] = &[Step::Run {
    at: Node::Pc,
    apply: "ip link del shim0",
    undo: "ip link add link eth0 name shim0 address 52:54:00:00:00:51 type macvlan mode bridge
        ip addr add 192.168.1.51/32 dev shim0
        ip link set shim0 up
        ip route add 192.168.1.71/32 dev shim0 src 192.168.1.51",
}];

const MACVTAP: Entry = Entry {
    topology: Topology::Macvtap,
    steps: SHIM_GONE,
    traffic: &[
        Flow::Echo(Node::Pc, LAN_GUEST),
        Flow::Tcp(Node::Pc, LAN_GUEST, 22),
    ],
    unharmed: &[
        Flow::Echo(Node::Lan, LAN_GUEST),
        Flow::Echo(Node::Pc, "192.168.1.60"),
    ],
    named: &["macvtap-host-isolation"],
    never: &[
        "host-ip-not-on-bridge",
        "nic-offload-breaks-bridging",
        "guest-firewall-blocks-inbound",
        "guest-firewall-blocks-icmp",
    ],
    verdicts: &["impossible-by-design"],
    ..Entry::FAULT
};

pub const ENTRIES: &[Entry] = &[
    Entry {
        name: "macvtap-and-own-host",
        tell: &["--mode", "macvtap", "--guest-ip", LAN_GUEST],
        ..MACVTAP
    },
    Entry {
        // The macvtap itself is there to be seen.
        name: "macvtap-not-told",
        tell: HOST_TO_LAN_GUEST,
        verdicts: &["impossible-by-design", "blocked"],
        ..MACVTAP
    },
    Entry {
        name: "host-only-to-internet",
        topology: Topology::HostOnly,
        unharmed: &[
            Flow::Echo(Node::Pc, "192.168.100.11"),
            Flow::Echo(Node::Pc, OUTSIDE),
        ],
        dead: &[Flow::Echo(Node::Guest, OUTSIDE)],
        tell: &[
            "--mode",
            "host-only",
            "--from",
            "guest",
            "--to",
            "internet",
            "--target",
            OUTSIDE,
            "--guest-ip",
            "192.168.100.11",
        ],
        guest_output: &["ip addr", "ip route", "ping -c 2 -W 1 203.0.113.10"],
        named: &["host-only-no-internet"],
        never: &[
            "guest-missing-gateway",
            "ip-forward-disabled",
            "host-no-uplink",
            "guest-dns-only",
        ],
        verdicts: &["impossible-by-design"],
        ..Entry::FAULT
    },
    Entry {
        name: "lan-to-nat-guest",
        unharmed: &[
            Flow::Echo(Node::Pc, GUEST),
            Flow::Echo(Node::Guest, HOST),
            Flow::Echo(Node::Lan, "192.168.1.50"),
        ],
        dead: &[Flow::Echo(Node::Lan, GUEST), Flow::Tcp(Node::Lan, GUEST, 8080)],
        tell: &[
            "--mode",
            "nat",
            "--from",
            "lan",
            "--to",
            "guest",
            "--guest-ip",
            GUEST,
        ],
        cured: &[Flow::Tcp(Node::Lan, "192.168.1.50", 2222)],
        named: &["nat-no-inbound-path"],
        never: &[
            "guest-firewall-blocks-inbound",
            "guest-firewall-blocks-icmp",
            "segment-route-missing",
            "host-forward-policy-drop",
        ],
        verdicts: &["impossible-by-design"],
        ..Entry::FAULT
    },
    Entry {
        name: "internal-network-and-host",
        topology: Topology::Internal,
        unharmed: &[
            Flow::Echo(Node::Guest, "10.10.10.12"),
            Flow::Tcp(Node::Guest, "10.10.10.12", 22),
        ],
        dead: &[
            Flow::Echo(Node::Pc, "10.10.10.11"),
            Flow::Tcp(Node::Pc, "10.10.10.11", 22),
        ],
        tell: &["--mode", "internal", "--guest-ip", "10.10.10.11"],
        named: &["internal-no-host"],
        never: &[
            "vm-nic-on-wrong-network",
            "host-vnic-missing",
            "guest-firewall-blocks-inbound",
            "host-route-wrong",
        ],
        verdicts: &["impossible-by-design"],
        ..Entry::FAULT
    },
];
