//! The PC's adapters, routes and packet filter.

use super::{ANSWERS_FROM_HOST, GUEST, GUEST_CAUSES, HOST, OUTSIDE, TO_HOST};
use crate::entry::{Entry, Node, Step};
use crate::flow::Flow;

pub const ENTRIES: &[Entry] = &[
    Entry {
        name: "tap-detached",
        steps: &[Step::Run {
            at: Node::Pc,
            apply: "ip link set vnet0 nomaster",
            undo: "ip link set vnet0 master virbr0",
        }],
        traffic: &[Flow::Echo(Node::Pc, GUEST), Flow::Tcp(Node::Pc, GUEST, 22)],
        tell: &["--guest-ip", GUEST],
        named: &["tap-detached-from-bridge"],
        never: GUEST_CAUSES,
        in_tables: true,
        ..Entry::FAULT
    },
    Entry {
        name: "bridge-down",
        steps: &[Step::Run {
            at: Node::Pc,
            apply: "ip link set virbr0 down",
            undo: "ip link set virbr0 up",
        }],
        traffic: &[Flow::Echo(Node::Pc, GUEST), Flow::Tcp(Node::Pc, GUEST, 22)],
        tell: &["--guest-ip", GUEST],
        named: &["host-vnic-down"],
        never: GUEST_CAUSES,
        in_tables: true,
        ..Entry::FAULT
    },
    Entry {
        name: "bridge-without-address",
        steps: &[Step::Run {
            at: Node::Pc,
            apply: "ip addr del 192.168.122.1/24 dev virbr0",
            undo: "ip addr add 192.168.122.1/24 brd + dev virbr0",
        }],
        traffic: &[Flow::Echo(Node::Pc, GUEST), Flow::Echo(Node::Guest, HOST)],
        tell: &["--mode", "nat", "--guest-ip", GUEST],
        named: &["host-vnic-no-address"],
        never: GUEST_CAUSES,
        in_tables: true,
        ..Entry::FAULT
    },
    Entry {
        name: "bridge-gone",
        steps: &[Step::Run {
            at: Node::Pc,
            apply: "ip link del virbr0",
            undo: "ip link add virbr0 type bridge
                ip addr add 192.168.122.1/24 brd + dev virbr0
                ip link set virbr0 up
                ip link set vnet0 master virbr0",
        }],
        traffic: &[Flow::Echo(Node::Pc, GUEST), Flow::Tcp(Node::Pc, GUEST, 22)],
        tell: &["--hypervisor", "libvirt", "--mode", "nat", "--guest-ip", GUEST],
        // libvirt removes the adapter of a network that it stops.
        named: &["host-vnic-missing", "virtual-network-not-started"],
        also: &["tap-detached-from-bridge"],
        never: GUEST_CAUSES,
        ..Entry::FAULT
    },
    Entry {
        name: "bridge-with-link-local-address",
        steps: &[Step::Run {
            at: Node::Pc,
            apply: "ip addr del 192.168.122.1/24 dev virbr0
                ip addr add 169.254.37.8/16 brd + dev virbr0",
            undo: "ip addr del 169.254.37.8/16 dev virbr0
                ip addr add 192.168.122.1/24 brd + dev virbr0",
        }],
        traffic: &[Flow::Echo(Node::Pc, GUEST), Flow::Echo(Node::Guest, HOST)],
        tell: &["--mode", "nat", "--guest-ip", GUEST],
        named: &["host-vnic-apipa"],
        never: GUEST_CAUSES,
        in_tables: true,
        ..Entry::FAULT
    },
    Entry {
        // The guest's lease tells which of the two addresses is the wrong one.
        name: "bridge-in-wrong-segment",
        steps: &[Step::Run {
            at: Node::Pc,
            apply: "ip addr del 192.168.122.1/24 dev virbr0
                ip addr add 192.168.99.1/24 brd + dev virbr0",
            undo: "ip addr del 192.168.99.1/24 dev virbr0
                ip addr add 192.168.122.1/24 brd + dev virbr0",
        }],
        traffic: &[Flow::Echo(Node::Pc, GUEST), Flow::Echo(Node::Guest, HOST)],
        tell: &[
            "--hypervisor",
            "libvirt",
            "--mode",
            "nat",
            "--guest-ip",
            "192.168.122.11/24",
        ],
        guest_output: TO_HOST,
        named: &["host-vnic-wrong-subnet"],
        never: GUEST_CAUSES,
        ..Entry::FAULT
    },
    Entry {
        name: "route-stolen",
        steps: &[Step::Run {
            at: Node::Pc,
            apply: "ip route add 192.168.122.0/25 via 192.168.1.1",
            undo: "ip route del 192.168.122.0/25 via 192.168.1.1",
        }],
        traffic: &[Flow::Echo(Node::Pc, GUEST), Flow::Tcp(Node::Pc, GUEST, 22)],
        tell: &["--guest-ip", GUEST],
        named: &["host-route-wrong"],
        never: GUEST_CAUSES,
        in_tables: true,
        ..Entry::FAULT
    },
    Entry {
        name: "route-blackhole",
        steps: &[Step::Run {
            at: Node::Pc,
            apply: "ip route add blackhole 192.168.122.11/32",
            undo: "ip route del blackhole 192.168.122.11/32",
        }],
        traffic: &[Flow::Echo(Node::Pc, GUEST), Flow::Tcp(Node::Pc, GUEST, 22)],
        tell: &["--guest-ip", GUEST],
        named: &["host-route-wrong"],
        never: GUEST_CAUSES,
        in_tables: true,
        ..Entry::FAULT
    },
    Entry {
        name: "vpn-route",
        steps: &[
            Step::Tunnel {
                at: Node::Pc,
                name: "tun0",
            },
            Step::Run {
                at: Node::Pc,
                apply: "ip addr add 10.8.0.2/24 dev tun0
                    ip link set tun0 up
                    ip route add 192.168.122.0/25 dev tun0",
                undo: "ip route del 192.168.122.0/25 dev tun0",
            },
        ],
        traffic: &[Flow::Echo(Node::Pc, GUEST), Flow::Tcp(Node::Pc, GUEST, 22)],
        unharmed: &[Flow::Echo(Node::Pc, OUTSIDE)],
        tell: &["--guest-ip", GUEST],
        named: &["vpn-route-hijack"],
        never: GUEST_CAUSES,
        in_tables: true,
        ..Entry::FAULT
    },
    Entry {
        // As wg-quick does it, with a table of its own before the main one.
        name: "vpn-policy-rule",
        steps: &[
            Step::Tunnel {
                at: Node::Pc,
                name: "wg0",
            },
            Step::Run {
                at: Node::Pc,
                apply: "ip addr add 10.8.0.2/32 dev wg0
                    ip link set wg0 up
                    ip route add default dev wg0 table 51820
                    ip rule add pref 100 lookup 51820",
                undo: "ip rule del pref 100
                    ip route del default dev wg0 table 51820",
            },
        ],
        traffic: &[Flow::Echo(Node::Pc, GUEST), Flow::Tcp(Node::Pc, GUEST, 22)],
        tell: &["--guest-ip", GUEST],
        named: &["vpn-route-hijack"],
        never: GUEST_CAUSES,
        in_tables: true,
        ..Entry::FAULT
    },
    Entry {
        name: "host-drops-input",
        steps: &[Step::Run {
            at: Node::Pc,
            apply: "nft add table inet hostfw
                nft 'add chain inet hostfw input { type filter hook input priority 0; policy accept; }'
                nft add rule inet hostfw input iifname virbr0 counter drop",
            undo: "nft delete table inet hostfw",
        }],
        traffic: &[Flow::Echo(Node::Guest, HOST), Flow::Echo(Node::Pc, GUEST)],
        unharmed: &[Flow::Echo(Node::Guest, OUTSIDE)],
        tell: ANSWERS_FROM_HOST,
        guest_output: TO_HOST,
        named: &["host-firewall-blocks-guest"],
        never: GUEST_CAUSES,
        in_tables: true,
        ..Entry::FAULT
    },
    Entry {
        name: "host-drops-new-input",
        steps: &[Step::Run {
            at: Node::Pc,
            apply: "nft add table inet hostfw
                nft 'add chain inet hostfw input { type filter hook input priority 0; policy drop; }'
                nft add rule inet hostfw input ct state established,related accept
                nft add rule inet hostfw input iifname lo accept",
            undo: "nft delete table inet hostfw",
        }],
        traffic: &[Flow::Echo(Node::Guest, HOST), Flow::Tcp(Node::Guest, HOST, 22)],
        unharmed: &[Flow::Echo(Node::Pc, GUEST), Flow::Echo(Node::Guest, OUTSIDE)],
        tell: &[
            "--from",
            "guest",
            "--to",
            "host",
            "--mode",
            "nat",
            "--guest-ip",
            GUEST,
        ],
        guest_output: TO_HOST,
        named: &["host-firewall-blocks-guest"],
        never: GUEST_CAUSES,
        in_tables: true,
        ..Entry::FAULT
    },
];
