//! Further faults inside the guest, and on the wire to it.

use super::{
    ANSWERS_FROM_HOST, BETWEEN_GUESTS, GUEST, GUEST_TO_INTERNET, HOST, HOST_CAUSES, HOST_TO_GUEST,
    HOST_TO_LAN_GUEST, LAN_GUEST, OUTSIDE, TO_HOST, TO_OUTSIDE, WITHOUT_PING, run,
};
use crate::entry::{Entry, Node, Step};
use crate::flow::Flow;
use crate::topology::Topology;

/// Somebody on the PC lends addresses; the guest does not ask.
const LENDS: Step = Step::Play {
    at: Node::Pc,
    role: "lend",
};

/// Asked from the host, nothing told but the address.
const ASKED: Entry = Entry {
    traffic: &[Flow::Echo(Node::Pc, GUEST), Flow::Tcp(Node::Pc, GUEST, 22)],
    tell: HOST_TO_GUEST,
    never: HOST_CAUSES,
    ..Entry::FAULT
};

/// Asked for the service on 8080.
const PORT: Entry = Entry {
    traffic: &[Flow::Tcp(Node::Pc, GUEST, 8080)],
    unharmed: &[Flow::Echo(Node::Pc, GUEST), Flow::Tcp(Node::Pc, GUEST, 22)],
    tell: &["--guest-ip", GUEST, "--port", "8080"],
    ..ASKED
};

/// From one guest to another of the same segment.
const BETWEEN: Entry = Entry {
    topology: Topology::NatTwoGuests,
    traffic: &[Flow::Echo(Node::Guest, "192.168.122.12")],
    unharmed: &[Flow::Echo(Node::Pc, GUEST)],
    tell: BETWEEN_GUESTS,
    guest_output: &[
        "ip addr",
        "ip route",
        "ping -c 3 -W 1 192.168.122.12",
        "nc -zvw 2 192.168.122.12 22",
        "ip neigh",
    ],
    ..ASKED
};

const NO_CARRIER: &[&str] = &[
    "vm-not-running",
    "virtual-cable-disconnected",
    "guest-nic-not-started",
];

pub const ENTRIES: &[Entry] = &[
    Entry {
        name: "guest-policy-drop-iptables",
        steps: &[run(
            Node::Guest,
            "iptables -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
            iptables -P INPUT DROP",
            "iptables -P INPUT ACCEPT
            iptables -F",
        )],
        unharmed: &[Flow::Echo(Node::Guest, HOST)],
        named: &["guest-firewall-blocks-inbound"],
        ..ASKED
    },
    Entry {
        // With the guest's own rules pasted.
        name: "guest-policy-drop-pasted",
        steps: &[run(
            Node::Guest,
            "nft add table inet filter
            nft 'add chain inet filter input { type filter hook input priority 0; policy drop; }'
            nft add rule inet filter input ct state established,related accept
            nft add rule inet filter input iifname lo accept",
            "nft delete table inet filter",
        )],
        unharmed: &[Flow::Echo(Node::Guest, HOST)],
        guest_output: &["ip addr", "nft list ruleset"],
        named: &["guest-firewall-blocks-inbound"],
        ..ASKED
    },
    Entry {
        name: "guest-drops-host-alone",
        steps: &[run(
            Node::Guest,
            "nft add table ip f
            nft 'add chain ip f input { type filter hook input priority 0; }'
            nft add rule ip f input ip saddr 192.168.122.1 ct state new drop",
            "nft delete table ip f",
        )],
        unharmed: &[Flow::Echo(Node::Guest, HOST)],
        named: &["guest-firewall-blocks-inbound"],
        ..ASKED
    },
    Entry {
        name: "guest-drops-echo-iptables",
        steps: &[run(
            Node::Guest,
            "iptables -A INPUT -p icmp --icmp-type echo-request -j DROP",
            "iptables -D INPUT -p icmp --icmp-type echo-request -j DROP",
        )],
        traffic: &[Flow::Echo(Node::Pc, GUEST)],
        unharmed: &[Flow::Tcp(Node::Pc, GUEST, 22)],
        blind: WITHOUT_PING,
        named: &["guest-firewall-blocks-icmp"],
        ..ASKED
    },
    Entry {
        name: "guest-ignores-echo-pasted",
        steps: &[run(
            Node::Guest,
            "echo 1 > /proc/sys/net/ipv4/icmp_echo_ignore_all",
            "echo 0 > /proc/sys/net/ipv4/icmp_echo_ignore_all",
        )],
        traffic: &[Flow::Echo(Node::Pc, GUEST)],
        unharmed: &[Flow::Tcp(Node::Pc, GUEST, 22)],
        guest_output: &["ip addr", "sysctl net.ipv4.icmp_echo_ignore_all"],
        named: &["guest-firewall-blocks-icmp"],
        ..ASKED
    },
    Entry {
        name: "guest-prohibits",
        steps: &[run(
            Node::Guest,
            "nft add table ip f
            nft 'add chain ip f input { type filter hook input priority 0; }'
            nft add rule ip f input ct state new reject with icmp type admin-prohibited",
            "nft delete table ip f",
        )],
        unharmed: &[Flow::Echo(Node::Guest, HOST)],
        named: &["guest-firewall-rejects"],
        ..ASKED
    },
    Entry {
        // iptables' own message when none is said.
        name: "guest-rejects-port-unreachable",
        steps: &[run(
            Node::Guest,
            "iptables -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
            iptables -A INPUT -j REJECT",
            "iptables -F INPUT",
        )],
        unharmed: &[Flow::Echo(Node::Guest, HOST)],
        named: &["guest-firewall-rejects"],
        ..ASKED
    },
    Entry {
        name: "guest-rejects-one-port",
        steps: &[run(
            Node::Guest,
            "iptables -A INPUT -p tcp --dport 8080 -j REJECT --reject-with icmp-host-prohibited",
            "iptables -F INPUT",
        )],
        named: &["guest-firewall-rejects"],
        ..PORT
    },
    Entry {
        name: "guest-drops-one-port",
        steps: &[run(
            Node::Guest,
            "nft add table ip f
            nft 'add chain ip f input { type filter hook input priority 0; }'
            nft add rule ip f input tcp dport 8080 drop",
            "nft delete table ip f",
        )],
        named: &["guest-firewall-blocks-inbound"],
        ..PORT
    },
    Entry {
        name: "port-closed-and-listed",
        steps: &[Step::Stop {
            at: Node::Guest,
            port: 8080,
        }],
        guest_output: &["ip addr", "ss -lnt"],
        named: &["service-not-listening"],
        ..PORT
    },
    Entry {
        name: "service-on-loopback",
        steps: &[
            Step::Stop {
                at: Node::Guest,
                port: 8080,
            },
            Step::Play {
                at: Node::Guest,
                role: "serve 127.0.0.1:8080",
            },
        ],
        guest_output: &["ip addr", "ss -lnt"],
        named: &["service-bound-to-loopback"],
        ..PORT
    },
    Entry {
        name: "bridged-guest-drops-echo",
        topology: Topology::Bridged,
        steps: &[run(
            Node::Guest,
            "nft add table ip f
            nft 'add chain ip f input { type filter hook input priority 0; }'
            nft add rule ip f input icmp type echo-request drop",
            "nft delete table ip f",
        )],
        traffic: &[Flow::Echo(Node::Pc, LAN_GUEST), Flow::Echo(Node::Lan, LAN_GUEST)],
        unharmed: &[Flow::Tcp(Node::Pc, LAN_GUEST, 22)],
        tell: HOST_TO_LAN_GUEST,
        blind: WITHOUT_PING,
        named: &["guest-firewall-blocks-icmp"],
        ..ASKED
    },
    Entry {
        name: "host-only-guest-drops-all",
        topology: Topology::HostOnly,
        steps: &[run(
            Node::Guest,
            "nft add table ip f
            nft 'add chain ip f input { type filter hook input priority 0; policy drop; }'
            nft add rule ip f input ct state established accept",
            "nft delete table ip f",
        )],
        traffic: &[
            Flow::Echo(Node::Pc, "192.168.100.11"),
            Flow::Tcp(Node::Pc, "192.168.100.11", 22),
        ],
        tell: &["--guest-ip", "192.168.100.11"],
        named: &["guest-firewall-blocks-inbound"],
        ..ASKED
    },
    Entry {
        name: "routed-guest-drops-all",
        topology: Topology::Routed,
        steps: &[run(
            Node::Guest,
            "iptables -A INPUT -m conntrack --ctstate NEW -j DROP",
            "iptables -F INPUT",
        )],
        unharmed: &[Flow::Echo(Node::Guest, HOST)],
        named: &["guest-firewall-blocks-inbound"],
        ..ASKED
    },
    Entry {
        name: "second-guest-drops-echo",
        steps: &[run(
            Node::Guest2,
            "nft add table ip f
            nft 'add chain ip f input { type filter hook input priority 0; }'
            nft add rule ip f input icmp type echo-request drop",
            "nft delete table ip f",
        )],
        named: &["guest-firewall-blocks-icmp"],
        ..BETWEEN
    },
    Entry {
        name: "second-guest-drops-all",
        steps: &[run(
            Node::Guest2,
            "nft add table ip f
            nft 'add chain ip f input { type filter hook input priority 0; policy drop; }'",
            "nft delete table ip f",
        )],
        named: &["guest-firewall-blocks-inbound"],
        ..BETWEEN
    },
    Entry {
        name: "guest-paused",
        topology: Topology::NatTap,
        steps: &[Step::Pause],
        named: NO_CARRIER,
        also: &["guest-address-unknown", "stale-address"],
        never: &["guest-firewall-blocks-icmp", "host-route-wrong"],
        ..ASKED
    },
    Entry {
        name: "guest-card-down-pasted",
        topology: Topology::NatTap,
        steps: &[run(
            Node::Guest,
            "ip link set eth0 down",
            "ip link set eth0 up
            ip route add default via 192.168.122.1",
        )],
        guest_output: &["ip addr", "ip route"],
        named: &["guest-nic-not-started"],
        never: &["guest-firewall-blocks-icmp", "host-route-wrong"],
        ..ASKED
    },
    Entry {
        name: "guest-moved-to-another-address",
        steps: &[run(
            Node::Guest,
            "ip addr del 192.168.122.11/24 dev eth0
            ip addr add 192.168.122.77/24 brd + dev eth0
            ip route add default via 192.168.122.1",
            "ip addr del 192.168.122.77/24 dev eth0
            ip addr add 192.168.122.11/24 brd + dev eth0
            ip route add default via 192.168.122.1",
        )],
        dead: &[],
        guest_output: &["ip addr", "ip route"],
        named: &["stale-address"],
        never: &["guest-firewall-blocks-icmp", "host-route-wrong"],
        ..ASKED
    },
    Entry {
        name: "guest-made-up-an-address",
        steps: &[
            LENDS,
            run(
                Node::Guest,
                "ip addr flush dev eth0
                ip addr add 169.254.9.9/16 brd + dev eth0",
                "ip addr flush dev eth0
                ip addr add 192.168.122.11/24 brd + dev eth0
                ip route add default via 192.168.122.1",
            ),
        ],
        traffic: &[Flow::Echo(Node::Guest, HOST), Flow::Echo(Node::Pc, GUEST)],
        tell: &["--from", "guest", "--to", "host"],
        guest_output: &["ip addr", "ip route", "ping -c 2 -W 1 192.168.122.1"],
        // The address that the program offers is another.
        cured: &[Flow::Echo(Node::Guest, HOST)],
        tell_again: &["--from", "guest", "--to", "host"],
        named: &["guest-apipa"],
        never: &[
            "no-dhcp-on-network",
            "dnsmasq-not-running",
            "guest-firewall-blocks-icmp",
        ],
        ..ASKED
    },
    Entry {
        name: "guest-in-wrong-segment-pasted",
        steps: &[run(
            Node::Guest,
            "ip addr flush dev eth0
            ip addr add 10.55.0.5/24 brd + dev eth0
            ip route add default via 10.55.0.1",
            "ip addr flush dev eth0
            ip addr add 192.168.122.11/24 brd + dev eth0
            ip route add default via 192.168.122.1",
        )],
        traffic: &[Flow::Echo(Node::Guest, HOST)],
        tell: &["--from", "guest", "--to", "host", "--guest-ip", "10.55.0.5"],
        guest_output: TO_HOST,
        cured: &[Flow::Echo(Node::Guest, HOST)],
        tell_again: &["--from", "guest", "--to", "host"],
        named: &["guest-static-wrong-subnet"],
        ..ASKED
    },
    Entry {
        name: "large-packets-die",
        steps: &[run(
            Node::Guest,
            "ip link set eth0 mtu 1300",
            "ip link set eth0 mtu 1500",
        )],
        traffic: &[Flow::Large(Node::Pc, GUEST)],
        unharmed: &[Flow::Echo(Node::Pc, GUEST), Flow::Tcp(Node::Pc, GUEST, 22)],
        blind: WITHOUT_PING,
        named: &["mtu-mismatch"],
        verdicts: &["reachable", "blocked"],
        ..ASKED
    },
    Entry {
        name: "every-second-packet-lost",
        steps: &[run(
            Node::Guest,
            "nft add table ip f
            nft 'add chain ip f input { type filter hook input priority 0; }'
            nft add rule ip f input icmp type echo-request numgen inc mod 2 0 drop",
            "nft delete table ip f",
        )],
        traffic: &[Flow::Steady(Node::Pc, GUEST)],
        blind: WITHOUT_PING,
        named: &["lossy-link"],
        verdicts: &["reachable"],
        ..ASKED
    },
    Entry {
        name: "lan-machine-has-the-guests-address",
        topology: Topology::Bridged,
        steps: &[run(
            Node::Lan,
            "ip addr add 192.168.1.71/24 dev eth0",
            "ip addr del 192.168.1.71/24 dev eth0",
        )],
        traffic: &[Flow::OneOwner(Node::Pc, "br0", LAN_GUEST)],
        tell: HOST_TO_LAN_GUEST,
        named: &["duplicate-ip"],
        verdicts: &["reachable", "blocked"],
        ..ASKED
    },
    Entry {
        name: "tap-detached-seen-from-guest",
        steps: &[run(
            Node::Pc,
            "ip link set vnet0 nomaster",
            "ip link set vnet0 master virbr0",
        )],
        traffic: &[Flow::Echo(Node::Guest, HOST)],
        tell: ANSWERS_FROM_HOST,
        guest_output: TO_HOST,
        named: &["tap-detached-from-bridge"],
        in_tables: true,
        never: &[
            "guest-nic-not-started",
            "guest-missing-gateway",
            "host-firewall-blocks-guest",
            "guest-firewall-blocks-icmp",
        ],
        ..ASKED
    },
    Entry {
        name: "bridge-down-asked-by-guest",
        steps: &[run(Node::Pc, "ip link set virbr0 down", "ip link set virbr0 up")],
        traffic: &[Flow::Echo(Node::Guest, HOST)],
        unharmed: &[Flow::Echo(Node::Pc, OUTSIDE)],
        tell: ANSWERS_FROM_HOST,
        guest_output: TO_HOST,
        named: &["host-vnic-down"],
        in_tables: true,
        never: &[
            "guest-nic-not-started",
            "guest-missing-gateway",
            "host-firewall-blocks-guest",
            "tap-detached-from-bridge",
        ],
        ..ASKED
    },
    Entry {
        // Only IPv6 is left in the guest, and the old address is asked for.
        name: "guest-speaks-ipv6-only",
        steps: &[
            LENDS,
            run(
                Node::Pc,
                "ip addr add fd00:122::1/64 dev virbr0 nodad",
                "ip addr del fd00:122::1/64 dev virbr0",
            ),
            run(
                Node::Guest,
                "ip addr del 192.168.122.11/24 dev eth0
                ip addr add fd00:122::11/64 dev eth0 nodad",
                "ip addr del fd00:122::11/64 dev eth0
                ip addr add 192.168.122.11/24 brd + dev eth0
                ip route add default via 192.168.122.1",
            ),
        ],
        guest_output: &["ip addr", "ip route"],
        named: &["ipv6-only"],
        ..ASKED
    },
    Entry {
        name: "guest-discards-what-is-for-the-host",
        steps: &[run(
            Node::Guest,
            "ip route add blackhole 192.168.122.1/32",
            "ip route del blackhole 192.168.122.1/32",
        )],
        traffic: &[Flow::Echo(Node::Guest, HOST), Flow::Tcp(Node::Guest, HOST, 22)],
        tell: ANSWERS_FROM_HOST,
        guest_output: TO_HOST,
        named: &["missing-return-route"],
        ..ASKED
    },
    Entry {
        name: "guest-prohibits-answers-to-the-host",
        steps: &[run(
            Node::Guest,
            "ip rule add to 192.168.122.1/32 prohibit pref 300",
            "ip rule del to 192.168.122.1/32 prohibit pref 300",
        )],
        guest_output: &["ip addr", "ip route", "ip rule"],
        named: &["missing-return-route"],
        ..ASKED
    },
    Entry {
        name: "guest-discards-what-is-for-outside",
        steps: &[run(
            Node::Guest,
            "ip route add unreachable 203.0.113.0/24",
            "ip route del unreachable 203.0.113.0/24",
        )],
        traffic: &[Flow::Echo(Node::Guest, OUTSIDE)],
        unharmed: &[Flow::Echo(Node::Guest, HOST)],
        tell: GUEST_TO_INTERNET,
        guest_output: TO_OUTSIDE,
        named: &["missing-return-route"],
        ..ASKED
    },
];
