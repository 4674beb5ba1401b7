//! Healthy networks that look odd: much is there, nothing is wrong.

use super::{
    ANSWERS_FROM_HOST, BETWEEN_SEGMENTS, GUEST, GUEST_TO_INTERNET, GUEST_TO_NAME, HOST, HOST_TO_GUEST,
    HOST_TO_LAN_GUEST, LAN_GUEST, LAN_GUEST_TO_INTERNET, LAN_TO_ROUTED_GUEST, OUTSIDE, TO_HOST, TO_OUTSIDE,
    run,
};
use crate::entry::{Entry, GUEST_SCRIPT, Node, Step};
use crate::flow::Flow;
use crate::topology::Topology;

const ASKED: Entry = Entry {
    traffic: &[Flow::Echo(Node::Pc, GUEST), Flow::Tcp(Node::Pc, GUEST, 22)],
    tell: HOST_TO_GUEST,
    ..Entry::HEALTHY
};

const OUTWARD: Entry = Entry {
    traffic: &[Flow::Echo(Node::Guest, OUTSIDE)],
    tell: GUEST_TO_INTERNET,
    guest_output: TO_OUTSIDE,
    ..Entry::HEALTHY
};

pub const ENTRIES: &[Entry] = &[
    Entry {
        name: "healthy-routed",
        topology: Topology::Routed,
        ..ASKED
    },
    Entry {
        name: "healthy-routed-to-internet",
        topology: Topology::Routed,
        tell: &[
            "--mode",
            "routed",
            "--from",
            "guest",
            "--to",
            "internet",
            "--target",
            OUTSIDE,
            "--guest-ip",
            GUEST,
        ],
        ..OUTWARD
    },
    Entry {
        // Nobody tries from the LAN, so nobody can say that it passes; accused may be nothing.
        name: "healthy-lan-to-routed-guest",
        topology: Topology::Routed,
        traffic: &[Flow::Echo(Node::Lan, GUEST)],
        tell: LAN_TO_ROUTED_GUEST,
        verdicts: &["reachable", "inconclusive"],
        ..ASKED
    },
    Entry {
        name: "healthy-lan-to-bridged-guest",
        topology: Topology::Bridged,
        traffic: &[Flow::Echo(Node::Lan, LAN_GUEST)],
        tell: &[
            "--from",
            "lan",
            "--to",
            "guest",
            "--target",
            "192.168.1.60",
            "--guest-ip",
            LAN_GUEST,
        ],
        verdicts: &["reachable", "inconclusive"],
        ..ASKED
    },
    Entry {
        name: "healthy-bridged-between-guests",
        topology: Topology::BridgedTwoGuests,
        traffic: &[Flow::Echo(Node::Guest, "192.168.1.72")],
        tell: &[
            "--from",
            "guest",
            "--to",
            "guest2",
            "--target",
            "192.168.1.72",
            "--guest-ip",
            LAN_GUEST,
        ],
        guest_output: &["ip addr", "ip route", "ping -c 2 -W 1 192.168.1.72"],
        ..ASKED
    },
    Entry {
        name: "healthy-internal-between-guests",
        topology: Topology::Internal,
        traffic: &[Flow::Echo(Node::Guest, "10.10.10.12")],
        tell: &[
            "--mode",
            "internal",
            "--from",
            "guest",
            "--to",
            "guest2",
            "--target",
            "10.10.10.12",
            "--guest-ip",
            "10.10.10.11",
        ],
        guest_output: &["ip addr", "ip route", "ping -c 2 -W 1 10.10.10.12"],
        ..ASKED
    },
    Entry {
        name: "healthy-between-segments",
        topology: Topology::TwoSegments,
        traffic: &[Flow::Echo(Node::Guest, "192.168.150.12")],
        tell: BETWEEN_SEGMENTS,
        guest_output: &["ip addr", "ip route", "ping -c 2 -W 1 192.168.150.12"],
        ..ASKED
    },
    Entry {
        name: "healthy-two-cards",
        topology: Topology::TwoCards,
        guest_output: &[GUEST_SCRIPT],
        ..ASKED
    },
    Entry {
        name: "healthy-two-cards-asked-for-the-second",
        topology: Topology::TwoCards,
        traffic: &[Flow::Echo(Node::Pc, LAN_GUEST)],
        tell: HOST_TO_LAN_GUEST,
        ..ASKED
    },
    Entry {
        name: "healthy-ipv6-address",
        steps: &[
            run(
                Node::Pc,
                "ip addr add fd00:122::1/64 dev virbr0 nodad",
                "ip addr del fd00:122::1/64 dev virbr0",
            ),
            run(
                Node::Guest,
                "ip addr add fd00:122::11/64 dev eth0 nodad
                ip addr del 192.168.122.11/24 dev eth0",
                "ip addr add 192.168.122.11/24 dev eth0",
            ),
        ],
        traffic: &[],
        unharmed: &[],
        // Passes only once the address is there.
        arises: &[
            Flow::Echo(Node::Pc, "fd00:122::11"),
            Flow::Tcp(Node::Pc, "fd00:122::11", 22),
        ],
        tell: &["--guest-ip", "fd00:122::11"],
        ..ASKED
    },
    Entry {
        name: "healthy-many-adapters",
        steps: &[run(
            Node::Pc,
            "for number in $(seq 40); do
                echo link add extra$number type veth peer name peer$number
                echo link set extra$number up
                echo addr add 10.99.$number.1/24 dev extra$number
            done | ip -batch -
            for number in $(seq 6); do
                ip link add virbr2$number type bridge
                ip addr add 192.168.22$number.1/24 brd + dev virbr2$number
            done",
            "for number in $(seq 40); do echo link del extra$number; done | ip -batch -",
        )],
        ..ASKED
    },
    Entry {
        // Docker's policy with the line that makes libvirt's guests pass.
        name: "healthy-docker-with-its-line",
        steps: &[run(
            Node::Pc,
            "ip link add docker0 type bridge
            ip addr add 172.17.0.1/16 brd + dev docker0
            ip link set docker0 up
            iptables -N DOCKER-USER
            iptables -N DOCKER-FORWARD
            iptables -P FORWARD DROP
            iptables -A FORWARD -j DOCKER-USER
            iptables -A FORWARD -j DOCKER-FORWARD
            iptables -A DOCKER-FORWARD -i docker0 -j ACCEPT
            iptables -A DOCKER-USER -i virbr0 -j ACCEPT
            iptables -A DOCKER-USER -o virbr0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
            "iptables -P FORWARD ACCEPT
            iptables -F
            iptables -X
            ip link del docker0",
        )],
        ..OUTWARD
    },
    Entry {
        name: "healthy-strict-host-filter",
        steps: &[run(
            Node::Pc,
            "nft add table inet hostfw
            nft 'add chain inet hostfw input { type filter hook input priority 0; policy drop; }'
            nft add rule inet hostfw input ct state established,related accept
            nft add rule inet hostfw input iifname lo accept
            nft add rule inet hostfw input iifname virbr0 udp dport { 53, 67 } accept",
            "nft delete table inet hostfw",
        )],
        ..ASKED
    },
    Entry {
        name: "healthy-host-filter-lets-guests-in",
        steps: &[run(
            Node::Pc,
            "iptables -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
            iptables -A INPUT -i lo -j ACCEPT
            iptables -A INPUT -i virbr0 -s 192.168.122.0/24 -j ACCEPT
            iptables -P INPUT DROP",
            "iptables -P INPUT ACCEPT
            iptables -F INPUT",
        )],
        traffic: &[Flow::Echo(Node::Guest, HOST), Flow::Tcp(Node::Guest, HOST, 22)],
        tell: ANSWERS_FROM_HOST,
        guest_output: TO_HOST,
        ..ASKED
    },
    Entry {
        // Everything goes into the tunnel, except what is on a segment of its own.
        name: "healthy-full-vpn",
        steps: &[
            Step::Tunnel {
                at: Node::Pc,
                name: "tun0",
            },
            run(
                Node::Pc,
                "ip addr add 10.8.0.2/24 dev tun0
                ip link set tun0 up
                ip route add 0.0.0.0/1 via 10.8.0.1 dev tun0
                ip route add 128.0.0.0/1 via 10.8.0.1 dev tun0",
                "ip link set tun0 down",
            ),
        ],
        ..ASKED
    },
    Entry {
        name: "healthy-rules-and-tables-for-others",
        steps: &[run(
            Node::Pc,
            "ip route add default via 192.168.1.60 table 200
            ip rule add from 10.9.0.0/16 lookup 200 pref 100
            ip rule add fwmark 0x7 lookup 200 pref 110
            ip route add blackhole 10.200.0.0/16
            ip route add unreachable 192.168.123.0/24",
            "ip rule del pref 100
            ip rule del pref 110
            ip route flush table 200",
        )],
        ..ASKED
    },
    Entry {
        name: "healthy-docker-inside-the-guest",
        steps: &[run(
            Node::Guest,
            "ip link add docker0 type bridge
            ip addr add 172.17.0.1/16 brd + dev docker0
            ip link set docker0 up
            iptables -P FORWARD DROP",
            "iptables -P FORWARD ACCEPT
            ip link del docker0",
        )],
        guest_output: &[GUEST_SCRIPT],
        ..ASKED
    },
    Entry {
        name: "healthy-echo-dropped-port-asked",
        steps: &[run(
            Node::Guest,
            "iptables -A INPUT -p tcp --dport 22 -j ACCEPT
            iptables -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
            iptables -P INPUT DROP",
            "iptables -P INPUT ACCEPT
            iptables -F",
        )],
        traffic: &[Flow::Tcp(Node::Pc, GUEST, 22)],
        dead: &[Flow::Echo(Node::Pc, GUEST)],
        tell: &["--guest-ip", GUEST, "--port", "22"],
        ..ASKED
    },
    Entry {
        name: "healthy-large-frames",
        steps: &[
            run(
                Node::Pc,
                "ip link set vnet0 mtu 9000\nip link set virbr0 mtu 9000",
                "ip link set virbr0 mtu 1500\nip link set vnet0 mtu 1500",
            ),
            run(
                Node::Guest,
                "ip link set eth0 mtu 9000",
                "ip link set eth0 mtu 1500",
            ),
        ],
        ..ASKED
    },
    Entry {
        name: "healthy-name-asked",
        traffic: &[
            Flow::Name(Node::Guest, "example.com"),
            Flow::Echo(Node::Guest, OUTSIDE),
        ],
        tell: GUEST_TO_NAME,
        guest_output: &["ip addr", "ip route", "ping -c 2 -W 1 example.com"],
        ..ASKED
    },
    Entry {
        name: "healthy-macvtap-to-internet",
        topology: Topology::Macvtap,
        traffic: &[Flow::Echo(Node::Guest, OUTSIDE)],
        tell: LAN_GUEST_TO_INTERNET,
        guest_output: &["ip addr", "ip route", "ping -c 2 -W 1 203.0.113.10"],
        ..ASKED
    },
];
