//! Addresses that collide.

use super::{GUEST, HOST};
use crate::entry::{Entry, Node, Step};
use crate::flow::Flow;
use crate::topology::Topology;

pub const ENTRIES: &[Entry] = &[
    Entry {
        // The LAN moves to the virtual segment's prefix, and its route was there first.
        name: "lan-overlaps",
        steps: &[
            Step::Run {
                at: Node::Router,
                apply: "ip addr add 192.168.122.254/24 dev eth0",
                undo: "ip addr del 192.168.122.254/24 dev eth0",
            },
            Step::Run {
                at: Node::Pc,
                apply: "ip addr flush dev eth0
                    ip addr del 192.168.122.1/24 dev virbr0
                    ip addr add 192.168.122.50/24 brd + dev eth0
                    ip addr add 192.168.122.1/24 brd + dev virbr0
                    ip route add default via 192.168.122.254 dev eth0",
                undo: "ip addr flush dev eth0
                    ip addr add 192.168.1.50/24 brd + dev eth0
                    ip route add default via 192.168.1.1",
            },
        ],
        traffic: &[Flow::Echo(Node::Pc, GUEST), Flow::Tcp(Node::Pc, GUEST, 22)],
        tell: &["--guest-ip", GUEST],
        named: &["subnet-overlap-lan"],
        never: &["guest-firewall-blocks-icmp", "guest-firewall-blocks-inbound"],
        in_tables: true,
        ..Entry::FAULT
    },
    Entry {
        name: "two-machines-one-address",
        topology: Topology::NatTwoGuests,
        steps: &[Step::Run {
            at: Node::Guest2,
            apply: "ip addr add 192.168.122.11/24 dev eth0",
            undo: "ip addr del 192.168.122.11/24 dev eth0",
        }],
        traffic: &[Flow::OneOwner(Node::Pc, "virbr0", GUEST)],
        tell: &["--guest-ip", GUEST],
        named: &["duplicate-ip"],
        never: &[
            "stale-neighbor",
            "duplicate-mac",
            "lossy-link",
            "host-route-wrong",
            "guest-firewall-blocks-icmp",
        ],
        verdicts: &["reachable", "blocked"],
        ..Entry::FAULT
    },
    Entry {
        // The bridge sends what is for the guest to whoever of the two spoke last.
        name: "two-machines-one-mac",
        topology: Topology::NatTwoGuests,
        steps: &[
            // Taken back last: else the PC may hear of the old address once more, and believe it for seconds.
            Step::Run {
                at: Node::Pc,
                apply: "true",
                undo: "ip neigh flush dev virbr0",
            },
            Step::Run {
                at: Node::Guest2,
                apply: "ip link set eth0 address 52:54:00:00:00:11
                    ip neigh flush dev eth0",
                undo: "ip link set eth0 address 52:54:00:00:00:12",
            },
            Step::Keep {
                at: Node::Guest2,
                command: "ping -n -q -i 0.02 192.168.122.1",
            },
            // It has been like this for long: the PC has heard of both.
            Step::Run {
                at: Node::Pc,
                apply: "for try in $(seq 150); do
                        ip neigh show 192.168.122.12 dev virbr0 | grep -q 52:54:00:00:00:11 && exit 0
                        sleep 0.1
                    done
                    exit 1",
                undo: "true",
            },
        ],
        traffic: &[Flow::Steady(Node::Pc, GUEST)],
        unharmed: &[Flow::Echo(Node::Guest2, HOST)],
        tell: &["--guest-ip", GUEST],
        named: &["duplicate-mac"],
        also: &["lossy-link"],
        never: &[
            "duplicate-ip",
            "stale-neighbor",
            "host-route-wrong",
            "guest-firewall-blocks-icmp",
        ],
        verdicts: &["reachable", "blocked"],
        ..Entry::FAULT
    },
];
