//! The PC's routing table and its rules: every way a packet for the guest can be led astray.

use super::{ANSWERS_FROM_HOST, GUEST, GUEST_CAUSES, HOST, HOST_TO_GUEST, OUTSIDE, TO_HOST, run};
use crate::entry::{Entry, Node, Step};
use crate::flow::Flow;

const TRAFFIC: &[Flow] = &[Flow::Echo(Node::Pc, GUEST), Flow::Tcp(Node::Pc, GUEST, 22)];

/// A row or a rule that leads elsewhere.
const WRONG: Entry = Entry {
    traffic: TRAFFIC,
    tell: HOST_TO_GUEST,
    named: &["host-route-wrong"],
    never: GUEST_CAUSES,
    in_tables: true,
    ..Entry::FAULT
};

/// A tunnel that is up, with an address, and leads nowhere.
const TUNNEL: Step = Step::Tunnel {
    at: Node::Pc,
    name: "tun0",
};

pub const ENTRIES: &[Entry] = &[
    Entry {
        name: "route-unreachable",
        steps: &[run(
            Node::Pc,
            "ip route add unreachable 192.168.122.11/32",
            "ip route del unreachable 192.168.122.11/32",
        )],
        ..WRONG
    },
    Entry {
        name: "route-prohibit-half",
        steps: &[run(
            Node::Pc,
            "ip route add prohibit 192.168.122.0/25",
            "ip route del prohibit 192.168.122.0/25",
        )],
        ..WRONG
    },
    Entry {
        name: "route-by-lan-machine",
        steps: &[run(
            Node::Pc,
            "ip route add 192.168.122.11/32 via 192.168.1.60",
            "ip route del 192.168.122.11/32 via 192.168.1.60",
        )],
        ..WRONG
    },
    Entry {
        name: "route-on-wrong-adapter",
        steps: &[run(
            Node::Pc,
            "ip route add 192.168.122.8/29 dev eth0",
            "ip route del 192.168.122.8/29 dev eth0",
        )],
        ..WRONG
    },
    Entry {
        // As two programs that both manage routes leave it: the segment's own row has the worse metric.
        name: "route-with-better-metric",
        steps: &[run(
            Node::Pc,
            "ip route del 192.168.122.0/24 dev virbr0
            ip route add 192.168.122.0/24 dev virbr0 proto kernel scope link src 192.168.122.1 metric 425
            ip route add 192.168.122.0/24 via 192.168.1.1 metric 50",
            "ip route del 192.168.122.0/24 via 192.168.1.1 metric 50
            ip route del 192.168.122.0/24 dev virbr0 metric 425
            ip route add 192.168.122.0/24 dev virbr0 proto kernel scope link src 192.168.122.1",
        )],
        hides: &[
            "host-route-missing",
            "host-vnic-no-address",
            "host-vnic-down",
            "host-vnic-apipa",
        ],
        ..WRONG
    },
    Entry {
        name: "policy-rule-unreachable",
        steps: &[run(
            Node::Pc,
            "ip rule add to 192.168.122.0/24 unreachable pref 100",
            "ip rule del to 192.168.122.0/24 unreachable pref 100",
        )],
        ..WRONG
    },
    Entry {
        name: "policy-rule-blackhole",
        steps: &[run(
            Node::Pc,
            "ip rule add to 192.168.122.11/32 blackhole pref 500",
            "ip rule del to 192.168.122.11/32 blackhole pref 500",
        )],
        ..WRONG
    },
    Entry {
        name: "policy-table-leads-away",
        steps: &[run(
            Node::Pc,
            "ip route add default via 192.168.1.1 table 100
            ip rule add to 192.168.122.0/24 lookup 100 pref 100",
            "ip rule del to 192.168.122.0/24 lookup 100 pref 100
            ip route flush table 100",
        )],
        ..WRONG
    },
    Entry {
        name: "route-stolen-seen-from-guest",
        steps: &[run(
            Node::Pc,
            "ip route add 192.168.122.0/25 via 192.168.1.1",
            "ip route del 192.168.122.0/25 via 192.168.1.1",
        )],
        traffic: &[Flow::Echo(Node::Guest, HOST), Flow::Tcp(Node::Guest, HOST, 22)],
        tell: ANSWERS_FROM_HOST,
        guest_output: TO_HOST,
        ..WRONG
    },
    Entry {
        name: "segment-route-deleted",
        steps: &[run(
            Node::Pc,
            "ip route del 192.168.122.0/24 dev virbr0",
            "ip route add 192.168.122.0/24 dev virbr0 proto kernel scope link src 192.168.122.1",
        )],
        named: &["host-route-missing"],
        hides: &[
            "host-vnic-no-address",
            "host-vnic-down",
            "host-vnic-apipa",
            "host-route-wrong",
        ],
        ..WRONG
    },
    Entry {
        name: "vpn-host-route",
        steps: &[
            TUNNEL,
            run(
                Node::Pc,
                "ip addr add 10.8.0.2/24 dev tun0
                ip link set tun0 up
                ip route add 192.168.122.11/32 via 10.8.0.1 dev tun0",
                "ip route del 192.168.122.11/32 via 10.8.0.1 dev tun0",
            ),
        ],
        named: &["vpn-route-hijack"],
        ..WRONG
    },
    Entry {
        name: "vpn-range-of-guests",
        steps: &[
            Step::Tunnel {
                at: Node::Pc,
                name: "wg0",
            },
            run(
                Node::Pc,
                "ip addr add 10.66.0.2/32 dev wg0
                ip link set wg0 up
                ip route add 192.168.122.8/29 dev wg0
                ip route add 10.66.0.0/24 dev wg0",
                "ip route del 192.168.122.8/29 dev wg0",
            ),
        ],
        unharmed: &[Flow::Echo(Node::Pc, OUTSIDE)],
        named: &["vpn-route-hijack"],
        ..WRONG
    },
    Entry {
        name: "vpn-route-seen-from-guest",
        steps: &[
            TUNNEL,
            run(
                Node::Pc,
                "ip addr add 10.8.0.2/24 dev tun0
                ip link set tun0 up
                ip route add 192.168.122.0/25 dev tun0",
                "ip route del 192.168.122.0/25 dev tun0",
            ),
        ],
        traffic: &[Flow::Echo(Node::Guest, HOST)],
        tell: ANSWERS_FROM_HOST,
        guest_output: TO_HOST,
        named: &["vpn-route-hijack"],
        ..WRONG
    },
];
