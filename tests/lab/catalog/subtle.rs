//! Faults that a look at addresses and routes passes by: neighbor entries by hand, bridges that filter or lack a port,
//! reverse path filters, masks, and what a guest runs inside.

use super::{
    ANSWERS_FROM_HOST, BETWEEN_GUESTS, GUEST, HOST, HOST_TO_GUEST, HOST_TO_LAN_GUEST, LAN_GUEST,
    LAN_GUEST_TO_INTERNET, OUTSIDE, TO_HOST, WITHOUT_RIGHTS, run,
};
use crate::entry::{Entry, GUEST_SCRIPT, Node, Step};
use crate::flow::Flow;
use crate::topology::Topology;

/// Asked from the host, with what the program wants to see of the guest.
const ASKED: Entry = Entry {
    traffic: &[Flow::Echo(Node::Pc, GUEST), Flow::Tcp(Node::Pc, GUEST, 22)],
    tell: HOST_TO_GUEST,
    guest_output: &[GUEST_SCRIPT],
    never: &["guest-firewall-blocks-icmp", "guest-firewall-blocks-inbound"],
    ..Entry::FAULT
};

/// The bridged guest looks for the outside.
const BRIDGED_OUTWARD: Entry = Entry {
    topology: Topology::Bridged,
    traffic: &[Flow::Echo(Node::Guest, OUTSIDE)],
    unharmed: &[Flow::Echo(Node::Pc, LAN_GUEST)],
    tell: LAN_GUEST_TO_INTERNET,
    guest_output: &[GUEST_SCRIPT, "ping -c 3 -W 1 203.0.113.10"],
    ..ASKED
};

/// The host looks for the bridged guest, which others of the LAN reach.
const BRIDGED_ASKED: Entry = Entry {
    topology: Topology::Bridged,
    traffic: &[
        Flow::Echo(Node::Pc, LAN_GUEST),
        Flow::Tcp(Node::Pc, LAN_GUEST, 22),
    ],
    unharmed: &[Flow::Echo(Node::Lan, LAN_GUEST)],
    tell: HOST_TO_LAN_GUEST,
    ..ASKED
};

pub const ENTRIES: &[Entry] = &[
    Entry {
        name: "host-remembers-a-wrong-card",
        steps: &[run(
            Node::Pc,
            "ip neigh replace 192.168.122.11 lladdr 52:54:00:00:00:99 dev virbr0 nud permanent",
            "ip neigh del 192.168.122.11 dev virbr0 || true",
        )],
        named: &["stale-neighbor"],
        ..ASKED
    },
    Entry {
        name: "guest-remembers-a-wrong-card",
        steps: &[run(
            Node::Guest,
            "ip neigh replace 192.168.122.1 lladdr 52:54:00:00:00:99 dev eth0 nud permanent",
            "ip neigh del 192.168.122.1 dev eth0 || true",
        )],
        traffic: &[Flow::Echo(Node::Guest, HOST)],
        tell: ANSWERS_FROM_HOST,
        guest_output: TO_HOST,
        named: &["stale-neighbor"],
        ..ASKED
    },
    Entry {
        // The kernel sends bridged frames through iptables, and its policy is Docker's.
        name: "bridge-filters-between-guests",
        topology: Topology::NatTwoGuests,
        steps: &[run(
            Node::Pc,
            "ip link add docker0 type bridge
            ip addr add 172.17.0.1/16 dev docker0
            iptables -N DOCKER-USER
            iptables -A FORWARD -j DOCKER-USER
            iptables -P FORWARD DROP
            echo 1 > /proc/sys/net/bridge/bridge-nf-call-iptables",
            "echo 0 > /proc/sys/net/bridge/bridge-nf-call-iptables
            iptables -P FORWARD ACCEPT
            iptables -F
            iptables -X
            ip link del docker0",
        )],
        traffic: &[Flow::Echo(Node::Guest, "192.168.122.12")],
        unharmed: &[Flow::Echo(Node::Pc, GUEST)],
        tell: BETWEEN_GUESTS,
        guest_output: &[GUEST_SCRIPT, "ping -c 3 -W 1 192.168.122.12"],
        named: &["br-netfilter-filters-bridge"],
        ..ASKED
    },
    Entry {
        name: "bridge-filters-bridged-guest",
        steps: &[run(
            Node::Pc,
            "iptables -A FORWARD -s 192.168.1.71 -j DROP
            echo 1 > /proc/sys/net/bridge/bridge-nf-call-iptables",
            "echo 0 > /proc/sys/net/bridge/bridge-nf-call-iptables
            iptables -F FORWARD",
        )],
        blind: WITHOUT_RIGHTS,
        named: &["br-netfilter-filters-bridge"],
        ..BRIDGED_OUTWARD
    },
    Entry {
        name: "bridge-lost-its-uplink",
        steps: &[run(
            Node::Pc,
            "ip link set eth0 nomaster",
            "ip link set eth0 master br0",
        )],
        named: &["bridge-without-uplink"],
        ..BRIDGED_OUTWARD
    },
    Entry {
        // As it is after a card was put into a bridge by hand.
        name: "address-left-on-the-bridged-card",
        steps: &[run(
            Node::Pc,
            "ip addr flush dev br0
            ip addr add 192.168.1.50/24 brd + dev eth0
            ip route add default via 192.168.1.1",
            "ip addr flush dev eth0
            ip addr add 192.168.1.50/24 brd + dev br0
            ip route add default via 192.168.1.1",
        )],
        guest_output: &[],
        named: &["host-ip-not-on-bridge"],
        ..BRIDGED_ASKED
    },
    Entry {
        // The guest answers by its other card, and the host's strict filter wants to see it on the first.
        name: "strict-filter-drops-answers",
        topology: Topology::TwoCards,
        steps: &[
            run(
                Node::Guest,
                "for file in /proc/sys/net/ipv4/conf/*/rp_filter; do echo 0 > $file; done
                ip route add 192.168.1.50/32 via 192.168.122.1 dev eth0",
                "ip route del 192.168.1.50/32",
            ),
            run(
                Node::Pc,
                "for file in /proc/sys/net/ipv4/conf/*/rp_filter; do echo 0 > $file; done
                echo 1 > /proc/sys/net/ipv4/conf/virbr0/rp_filter",
                "echo 0 > /proc/sys/net/ipv4/conf/virbr0/rp_filter",
            ),
        ],
        named: &["rp-filter-drops"],
        ..BRIDGED_ASKED
    },
    Entry {
        name: "vpn-inside-takes-the-answers",
        steps: &[
            Step::Tunnel {
                at: Node::Guest,
                name: "tun0",
            },
            run(
                Node::Guest,
                "ip addr add 10.8.0.2/24 dev tun0
                ip link set tun0 up
                ip route add 192.168.122.0/28 dev tun0",
                "ip route del 192.168.122.0/28 dev tun0",
            ),
        ],
        named: &["guest-vpn-captures"],
        ..ASKED
    },
    Entry {
        name: "containers-inside-have-the-segment",
        steps: &[run(
            Node::Guest,
            "ip link add docker0 type bridge
            ip addr add 192.168.122.1/25 brd + dev docker0
            ip link set docker0 up",
            "ip link del docker0",
        )],
        named: &["subnet-overlap-guest-internal"],
        ..ASKED
    },
    Entry {
        name: "guest-mask-too-narrow",
        steps: &[run(
            Node::Guest,
            "ip addr flush dev eth0
            ip addr add 192.168.122.11/30 brd + dev eth0",
            "ip addr flush dev eth0
            ip addr add 192.168.122.11/24 brd + dev eth0
            ip route add default via 192.168.122.1",
        )],
        named: &["wrong-mask"],
        ..ASKED
    },
    Entry {
        // What a second network leaves behind that was given the first one's range.
        name: "two-networks-one-range",
        steps: &[run(
            Node::Pc,
            "ip link add virbr7 type bridge
            ip link set virbr7 up
            ip addr add 192.168.122.254/25 brd + dev virbr7
            ip addr add 192.168.122.100/25 brd + dev virbr7",
            "ip link del virbr7",
        )],
        guest_output: &[],
        named: &["subnet-overlap-virtual"],
        ..ASKED
    },
    Entry {
        // A port that was plugged in a moment ago waits for the spanning tree.
        name: "port-waits-for-spanning-tree",
        steps: &[run(
            Node::Pc,
            "ip link set virbr0 type bridge stp_state 1 forward_delay 3000
            ip link set vnet0 down
            ip link set vnet0 up",
            "ip link set virbr0 type bridge stp_state 0
            ip link set vnet0 down
            ip link set vnet0 up",
        )],
        guest_output: &[],
        // Spanning tree makes a port wait when it comes up, and not one that is up.
        relapse: Some((Node::Pc, "ip link set vnet0 down\nip link set vnet0 up")),
        named: &["stp-forward-delay"],
        ..ASKED
    },
];
