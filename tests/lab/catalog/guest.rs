//! Inside the guest: its packet filter, address, routes and services.

use super::{GUEST, GUEST_TO_INTERNET, HOST, HOST_CAUSES, OUTSIDE, TO_OUTSIDE, WITHOUT_PING};
use crate::entry::{Entry, Node, Step};
use crate::flow::Flow;
use crate::topology::Topology;

pub const ENTRIES: &[Entry] = &[
    Entry {
        name: "guest-drops-icmp",
        steps: &[Step::Run {
            at: Node::Guest,
            apply: "nft add table ip f
                nft 'add chain ip f input { type filter hook input priority 0; }'
                nft add rule ip f input meta l4proto icmp drop",
            undo: "nft delete table ip f",
        }],
        traffic: &[Flow::Echo(Node::Pc, GUEST)],
        unharmed: &[Flow::Tcp(Node::Pc, GUEST, 22)],
        tell: &["--guest-ip", GUEST],
        blind: WITHOUT_PING,
        named: &["guest-firewall-blocks-icmp"],
        never: HOST_CAUSES,
        ..Entry::FAULT
    },
    Entry {
        name: "guest-drops-icmp-behind-tap",
        topology: Topology::NatTap,
        steps: &[Step::Run {
            at: Node::Guest,
            apply: "nft add table ip f
                nft 'add chain ip f input { type filter hook input priority 0; }'
                nft add rule ip f input icmp type echo-request drop",
            undo: "nft delete table ip f",
        }],
        traffic: &[Flow::Echo(Node::Pc, GUEST)],
        unharmed: &[Flow::Tcp(Node::Pc, GUEST, 22)],
        tell: &["--guest-ip", GUEST],
        blind: WITHOUT_PING,
        named: &["guest-firewall-blocks-icmp"],
        never: HOST_CAUSES,
        ..Entry::FAULT
    },
    Entry {
        // Off, unplugged, or its card is down: on the host all look the same, the tap stays up.
        name: "guest-silent-behind-tap",
        topology: Topology::NatTap,
        steps: &[Step::Run {
            at: Node::Guest,
            apply: "ip link set eth0 down",
            undo: "ip link set eth0 up
                ip route add default via 192.168.122.1",
        }],
        traffic: &[Flow::Echo(Node::Pc, GUEST), Flow::Tcp(Node::Pc, GUEST, 22)],
        tell: &["--guest-ip", GUEST],
        named: &[
            "vm-not-running",
            "virtual-cable-disconnected",
            "guest-nic-not-started",
        ],
        also: &["guest-address-unknown", "stale-address"],
        never: &[
            "guest-firewall-blocks-icmp",
            "guest-firewall-blocks-inbound",
            "host-route-wrong",
        ],
        ..Entry::FAULT
    },
    Entry {
        name: "guest-ignores-echo",
        steps: &[Step::Run {
            at: Node::Guest,
            apply: "echo 1 > /proc/sys/net/ipv4/icmp_echo_ignore_all",
            undo: "echo 0 > /proc/sys/net/ipv4/icmp_echo_ignore_all",
        }],
        traffic: &[Flow::Echo(Node::Pc, GUEST)],
        unharmed: &[Flow::Tcp(Node::Pc, GUEST, 22)],
        tell: &["--mode", "nat", "--guest-os", "linux", "--guest-ip", GUEST],
        blind: WITHOUT_PING,
        named: &["guest-firewall-blocks-icmp"],
        never: HOST_CAUSES,
        ..Entry::FAULT
    },
    Entry {
        name: "guest-drops-all",
        steps: &[Step::Run {
            at: Node::Guest,
            apply: "nft add table ip f
                nft 'add chain ip f input { type filter hook input priority 0; policy drop; }'
                nft add rule ip f input ct state established accept",
            undo: "nft delete table ip f",
        }],
        traffic: &[Flow::Echo(Node::Pc, GUEST), Flow::Tcp(Node::Pc, GUEST, 22)],
        unharmed: &[Flow::Echo(Node::Guest, HOST)],
        tell: &["--guest-ip", GUEST],
        named: &["guest-firewall-blocks-inbound"],
        never: HOST_CAUSES,
        ..Entry::FAULT
    },
    Entry {
        name: "guest-in-wrong-segment",
        steps: &[
            Step::Run {
                at: Node::Guest,
                apply: "ip addr flush dev eth0
                    ip addr add 10.55.0.5/24 brd + dev eth0
                    ip route add default via 10.55.0.1",
                undo: "ip addr flush dev eth0
                    ip addr add 192.168.122.11/24 brd + dev eth0
                    ip route add default via 192.168.122.1",
            },
            // Its requests for a gateway that is not there are what the host can see of it.
            Step::Keep {
                at: Node::Guest,
                command: "ping -n -q -i 0.5 10.55.0.1",
            },
        ],
        traffic: &[Flow::Echo(Node::Pc, GUEST), Flow::Echo(Node::Guest, HOST)],
        dead: &[Flow::Echo(Node::Pc, "10.55.0.5")],
        tell: &["--mode", "nat", "--guest-ip", "10.55.0.5"],
        cured: &[Flow::Echo(Node::Pc, "192.168.122.10")],
        tell_again: &["--guest-ip", "192.168.122.10"],
        named: &["guest-static-wrong-subnet"],
        never: &[
            "host-route-wrong",
            "guest-firewall-blocks-icmp",
            "guest-firewall-blocks-inbound",
        ],
        ..Entry::FAULT
    },
    Entry {
        name: "guest-without-gateway",
        steps: &[Step::Run {
            at: Node::Guest,
            apply: "ip route del default",
            undo: "ip route add default via 192.168.122.1",
        }],
        traffic: &[Flow::Echo(Node::Guest, OUTSIDE)],
        unharmed: &[Flow::Echo(Node::Guest, HOST), Flow::Echo(Node::Pc, GUEST)],
        tell: GUEST_TO_INTERNET,
        guest_output: TO_OUTSIDE,
        named: &["guest-missing-gateway"],
        never: &["ip-forward-disabled", "host-no-uplink", "guest-dns-only"],
        in_tables: true,
        ..Entry::FAULT
    },
    Entry {
        name: "port-closed",
        steps: &[Step::Stop {
            at: Node::Guest,
            port: 8080,
        }],
        traffic: &[Flow::Tcp(Node::Pc, GUEST, 8080)],
        unharmed: &[Flow::Echo(Node::Pc, GUEST), Flow::Tcp(Node::Pc, GUEST, 22)],
        tell: &["--guest-ip", GUEST, "--port", "8080"],
        named: &["service-not-listening"],
        never: HOST_CAUSES,
        ..Entry::FAULT
    },
];
