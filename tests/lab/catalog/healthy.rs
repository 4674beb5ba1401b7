//! Networks in which nothing may be accused.

use super::{
    ANSWERS_FROM_HOST, GUEST, GUEST_TO_INTERNET, HOST, HOST_TO_LAN_GUEST, LAN_GUEST, OUTSIDE, TO_HOST,
    TO_OUTSIDE,
};
use crate::entry::{Entry, Node, Step};
use crate::flow::Flow;
use crate::topology::Topology;

pub const ENTRIES: &[Entry] = &[
    Entry {
        name: "healthy-nat",
        traffic: &[Flow::Echo(Node::Pc, GUEST), Flow::Tcp(Node::Pc, GUEST, 22)],
        tell: &["--guest-ip", GUEST],
        ..Entry::HEALTHY
    },
    Entry {
        name: "healthy-nat-tap",
        topology: Topology::NatTap,
        traffic: &[
            Flow::Echo(Node::Pc, GUEST),
            Flow::Tcp(Node::Pc, GUEST, 22),
            Flow::Echo(Node::Guest, OUTSIDE),
        ],
        tell: &["--guest-ip", GUEST],
        ..Entry::HEALTHY
    },
    Entry {
        name: "healthy-macvtap-with-shim",
        topology: Topology::Macvtap,
        traffic: &[Flow::Echo(Node::Pc, LAN_GUEST), Flow::Echo(Node::Lan, LAN_GUEST)],
        tell: HOST_TO_LAN_GUEST,
        ..Entry::HEALTHY
    },
    Entry {
        // What the mode's table says is impossible is seen to pass.
        name: "healthy-macvtap-against-the-table",
        topology: Topology::Macvtap,
        traffic: &[Flow::Echo(Node::Pc, LAN_GUEST), Flow::Echo(Node::Lan, LAN_GUEST)],
        tell: &["--mode", "macvtap", "--guest-ip", LAN_GUEST],
        ..Entry::HEALTHY
    },
    Entry {
        name: "healthy-docker-beside",
        steps: &[Step::Run {
            at: Node::Pc,
            apply: "ip link add docker0 type bridge
                ip addr add 172.17.0.1/16 brd + dev docker0
                ip link set docker0 up
                iptables -N DOCKER
                iptables -N DOCKER-USER
                iptables -A FORWARD -j DOCKER-USER
                iptables -A FORWARD -o docker0 -j DOCKER
                iptables -A FORWARD -i docker0 ! -o docker0 -j ACCEPT
                iptables -A DOCKER-USER -j RETURN",
            undo: "iptables -F
                iptables -X
                ip link del docker0",
        }],
        traffic: &[Flow::Echo(Node::Guest, OUTSIDE), Flow::Echo(Node::Pc, GUEST)],
        tell: GUEST_TO_INTERNET,
        guest_output: TO_OUTSIDE,
        ..Entry::HEALTHY
    },
    Entry {
        name: "healthy-nat-told-everything",
        traffic: &[Flow::Echo(Node::Pc, GUEST)],
        tell: &[
            "--hypervisor",
            "libvirt",
            "--mode",
            "nat",
            "--guest-os",
            "linux",
            "--guest-ip",
            GUEST,
        ],
        ..Entry::HEALTHY
    },
    Entry {
        name: "healthy-nat-port",
        traffic: &[Flow::Tcp(Node::Pc, GUEST, 8080)],
        tell: &["--guest-ip", GUEST, "--port", "8080"],
        ..Entry::HEALTHY
    },
    Entry {
        name: "healthy-nat-two-guests",
        topology: Topology::NatTwoGuests,
        traffic: &[
            Flow::Echo(Node::Pc, GUEST),
            Flow::Echo(Node::Pc, "192.168.122.12"),
        ],
        tell: &["--guest-ip", GUEST],
        ..Entry::HEALTHY
    },
    Entry {
        name: "healthy-port-open-echo-dropped",
        steps: &[Step::Run {
            at: Node::Guest,
            apply: "nft add table ip f
                nft 'add chain ip f input { type filter hook input priority 0; }'
                nft add rule ip f input icmp type echo-request drop",
            undo: "nft delete table ip f",
        }],
        traffic: &[Flow::Tcp(Node::Pc, GUEST, 8080)],
        dead: &[Flow::Echo(Node::Pc, GUEST)],
        tell: &["--guest-ip", GUEST, "--port", "8080"],
        ..Entry::HEALTHY
    },
    Entry {
        name: "healthy-vpn-beside",
        steps: &[
            Step::Tunnel {
                at: Node::Pc,
                name: "tun0",
            },
            Step::Run {
                at: Node::Pc,
                apply: "ip addr add 10.8.0.2/24 dev tun0
                    ip link set tun0 up
                    ip route add 10.20.0.0/16 via 10.8.0.1 dev tun0",
                undo: "ip link set tun0 down",
            },
        ],
        traffic: &[Flow::Echo(Node::Pc, GUEST)],
        tell: &["--guest-ip", GUEST],
        ..Entry::HEALTHY
    },
    Entry {
        name: "healthy-host-only",
        topology: Topology::HostOnly,
        traffic: &[
            Flow::Echo(Node::Pc, "192.168.100.11"),
            Flow::Tcp(Node::Pc, "192.168.100.11", 22),
        ],
        tell: &["--mode", "host-only", "--guest-ip", "192.168.100.11"],
        ..Entry::HEALTHY
    },
    Entry {
        name: "healthy-bridged",
        topology: Topology::Bridged,
        traffic: &[
            Flow::Echo(Node::Pc, LAN_GUEST),
            Flow::Echo(Node::Lan, LAN_GUEST),
            Flow::Echo(Node::Guest, OUTSIDE),
        ],
        tell: &["--mode", "bridged", "--guest-ip", LAN_GUEST],
        ..Entry::HEALTHY
    },
    Entry {
        name: "healthy-guest-to-host",
        traffic: &[Flow::Echo(Node::Guest, HOST)],
        tell: ANSWERS_FROM_HOST,
        guest_output: TO_HOST,
        ..Entry::HEALTHY
    },
    Entry {
        name: "healthy-guest-to-internet",
        traffic: &[
            Flow::Echo(Node::Guest, OUTSIDE),
            Flow::Name(Node::Guest, "example.com"),
        ],
        tell: GUEST_TO_INTERNET,
        guest_output: TO_OUTSIDE,
        ..Entry::HEALTHY
    },
    Entry {
        name: "healthy-host-to-internet",
        traffic: &[Flow::Echo(Node::Pc, OUTSIDE), Flow::Name(Node::Pc, "example.com")],
        tell: &["--from", "host", "--to", "internet", "--target", OUTSIDE],
        ..Entry::HEALTHY
    },
];
