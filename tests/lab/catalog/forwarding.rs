//! Between the guest's segment and the outside: forwarding, NAT, uplink, names.

use super::{GUEST_TO_INTERNET, GUEST_TO_NAME, HOST, OUTSIDE, TO_OUTSIDE};
use crate::entry::{Entry, Node, Step};
use crate::flow::Flow;

pub const ENTRIES: &[Entry] = &[
    Entry {
        name: "forwarding-off",
        steps: &[Step::Run {
            at: Node::Pc,
            apply: "echo 0 > /proc/sys/net/ipv4/ip_forward",
            undo: "echo 1 > /proc/sys/net/ipv4/ip_forward",
        }],
        traffic: &[Flow::Echo(Node::Guest, OUTSIDE)],
        unharmed: &[Flow::Echo(Node::Guest, HOST), Flow::Echo(Node::Pc, OUTSIDE)],
        tell: GUEST_TO_INTERNET,
        guest_output: TO_OUTSIDE,
        named: &["ip-forward-disabled"],
        never: &["guest-missing-gateway", "guest-dns-only", "host-no-uplink"],
        in_tables: true,
        ..Entry::FAULT
    },
    Entry {
        // Line by line what Docker 24 leaves behind.
        name: "docker-forward-drop",
        steps: &[Step::Run {
            at: Node::Pc,
            apply: "ip link add docker0 type bridge
                ip addr add 172.17.0.1/16 dev docker0
                ip link set docker0 up
                iptables -N DOCKER
                iptables -N DOCKER-ISOLATION-STAGE-1
                iptables -N DOCKER-ISOLATION-STAGE-2
                iptables -N DOCKER-USER
                iptables -P FORWARD DROP
                iptables -A FORWARD -j DOCKER-USER
                iptables -A FORWARD -j DOCKER-ISOLATION-STAGE-1
                iptables -A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
                iptables -A FORWARD -o docker0 -j DOCKER
                iptables -A FORWARD -i docker0 ! -o docker0 -j ACCEPT
                iptables -A FORWARD -i docker0 -o docker0 -j ACCEPT
                iptables -A DOCKER-ISOLATION-STAGE-1 -i docker0 ! -o docker0 -j DOCKER-ISOLATION-STAGE-2
                iptables -A DOCKER-ISOLATION-STAGE-1 -j RETURN
                iptables -A DOCKER-ISOLATION-STAGE-2 -o docker0 -j DROP
                iptables -A DOCKER-ISOLATION-STAGE-2 -j RETURN
                iptables -A DOCKER-USER -j RETURN",
            undo: "iptables -P FORWARD ACCEPT
                iptables -F
                iptables -X
                ip link del docker0",
        }],
        traffic: &[Flow::Echo(Node::Guest, OUTSIDE)],
        unharmed: &[Flow::Echo(Node::Guest, HOST), Flow::Echo(Node::Pc, OUTSIDE)],
        tell: GUEST_TO_INTERNET,
        guest_output: TO_OUTSIDE,
        named: &["docker-forward-drop"],
        never: &[
            "guest-missing-gateway",
            "guest-dns-only",
            "host-no-uplink",
            "ip-forward-disabled",
        ],
        in_tables: true,
        ..Entry::FAULT
    },
    Entry {
        name: "host-offline",
        steps: &[Step::Run {
            at: Node::Pc,
            apply: "ip link set eth0 down",
            undo: "ip link set eth0 up
                ip route add default via 192.168.1.1",
        }],
        traffic: &[Flow::Echo(Node::Guest, OUTSIDE), Flow::Echo(Node::Pc, OUTSIDE)],
        unharmed: &[Flow::Echo(Node::Guest, HOST)],
        tell: GUEST_TO_INTERNET,
        guest_output: TO_OUTSIDE,
        named: &["host-no-uplink"],
        never: &["guest-missing-gateway", "guest-dns-only", "ip-forward-disabled"],
        in_tables: true,
        ..Entry::FAULT
    },
    Entry {
        name: "router-offline",
        steps: &[Step::Run {
            at: Node::Router,
            apply: "ip link set eth1 down",
            undo: "ip link set eth1 up
                ip route add default via 198.51.100.1",
        }],
        traffic: &[Flow::Echo(Node::Guest, OUTSIDE), Flow::Echo(Node::Pc, OUTSIDE)],
        unharmed: &[Flow::Echo(Node::Guest, HOST), Flow::Echo(Node::Pc, "192.168.1.1")],
        tell: GUEST_TO_INTERNET,
        guest_output: TO_OUTSIDE,
        named: &["host-no-uplink"],
        never: &["guest-missing-gateway", "guest-dns-only", "ip-forward-disabled"],
        ..Entry::FAULT
    },
    Entry {
        name: "names-only",
        steps: &[Step::Stop {
            at: Node::Internet,
            port: 53,
        }],
        traffic: &[Flow::Name(Node::Guest, "example.com")],
        unharmed: &[Flow::Echo(Node::Guest, OUTSIDE)],
        tell: GUEST_TO_NAME,
        guest_output: &[
            "ip addr",
            "ip route",
            "cat /etc/resolv.conf",
            "ping -c 2 -W 1 192.168.122.1",
            "ping -c 2 -W 1 203.0.113.10",
            "ping -c 1 -W 1 example.com",
        ],
        named: &["guest-dns-only"],
        never: &["guest-missing-gateway", "ip-forward-disabled", "host-no-uplink"],
        ..Entry::FAULT
    },
];
