//! Further ways to lose the outside: forwarding, filters on the way, the uplink, names, and routers between segments.

use super::{
    BETWEEN_SEGMENTS, GUEST, GUEST_TO_INTERNET, GUEST_TO_NAME, HOST, LAN_GUEST, LAN_GUEST_TO_INTERNET,
    LAN_TO_ROUTED_GUEST, OUTSIDE, TO_OUTSIDE, WITHOUT_RIGHTS, run,
};
use crate::entry::{Entry, Node, Step};
use crate::flow::Flow;
use crate::topology::Topology;

/// The guest does not reach the outside; the host does.
const OUTWARD: Entry = Entry {
    traffic: &[Flow::Echo(Node::Guest, OUTSIDE)],
    unharmed: &[Flow::Echo(Node::Guest, HOST), Flow::Echo(Node::Pc, OUTSIDE)],
    tell: GUEST_TO_INTERNET,
    guest_output: TO_OUTSIDE,
    never: &["guest-missing-gateway", "guest-dns-only", "host-no-uplink"],
    in_tables: true,
    ..Entry::FAULT
};

const FILTERED: Entry = Entry {
    named: &["host-forward-policy-drop"],
    ..OUTWARD
};

/// Only names fail.
const NAMES: Entry = Entry {
    traffic: &[Flow::Name(Node::Guest, "example.com")],
    unharmed: &[
        Flow::Echo(Node::Guest, OUTSIDE),
        Flow::Name(Node::Pc, "example.com"),
    ],
    tell: GUEST_TO_NAME,
    guest_output: &[
        "ip addr",
        "ip route",
        "cat /etc/resolv.conf",
        "ping -c 2 -W 1 203.0.113.10",
        "ping -c 1 -W 1 example.com",
    ],
    named: &["guest-dns-only"],
    never: &["guest-missing-gateway", "ip-forward-disabled", "host-no-uplink"],
    ..Entry::FAULT
};

/// From the LAN to a guest of a routed segment.
const FROM_LAN: Entry = Entry {
    topology: Topology::Routed,
    traffic: &[Flow::Echo(Node::Lan, GUEST)],
    unharmed: &[Flow::Echo(Node::Pc, GUEST)],
    tell: LAN_TO_ROUTED_GUEST,
    // Nobody tries it from there, so nobody can say that it fails.
    verdicts: &["blocked", "inconclusive"],
    ..Entry::FAULT
};

pub const ENTRIES: &[Entry] = &[
    Entry {
        name: "forwarding-off-on-the-bridge",
        steps: &[run(
            Node::Pc,
            "echo 0 > /proc/sys/net/ipv4/conf/virbr0/forwarding",
            "echo 1 > /proc/sys/net/ipv4/conf/virbr0/forwarding",
        )],
        named: &["ip-forward-disabled"],
        ..OUTWARD
    },
    Entry {
        name: "forward-policy-drop",
        steps: &[run(
            Node::Pc,
            "iptables -P FORWARD DROP",
            "iptables -P FORWARD ACCEPT",
        )],
        ..FILTERED
    },
    Entry {
        name: "forward-rule-drop-nft",
        steps: &[run(
            Node::Pc,
            "nft add table inet hostfw
            nft 'add chain inet hostfw forward { type filter hook forward priority 0; policy accept; }'
            nft add rule inet hostfw forward iifname virbr0 counter drop",
            "nft delete table inet hostfw",
        )],
        ..FILTERED
    },
    Entry {
        name: "forward-rejects-nft",
        steps: &[run(
            Node::Pc,
            "nft add table inet hostfw
            nft 'add chain inet hostfw forward { type filter hook forward priority 10; policy accept; }'
            nft add rule inet hostfw forward ct state established,related accept
            nft add rule inet hostfw forward counter reject with icmpx admin-prohibited",
            "nft delete table inet hostfw",
        )],
        ..FILTERED
    },
    Entry {
        name: "forward-drops-answers",
        steps: &[run(
            Node::Pc,
            "iptables -A FORWARD -o virbr0 -j DROP",
            "iptables -D FORWARD -o virbr0 -j DROP",
        )],
        ..FILTERED
    },
    Entry {
        name: "forward-drops-echo-only",
        steps: &[run(
            Node::Pc,
            "iptables -A FORWARD -s 192.168.122.0/24 -p icmp -j DROP",
            "iptables -D FORWARD -s 192.168.122.0/24 -p icmp -j DROP",
        )],
        unharmed: &[
            Flow::Tcp(Node::Guest, OUTSIDE, 443),
            Flow::Echo(Node::Guest, HOST),
        ],
        ..FILTERED
    },
    Entry {
        name: "forward-drops-web-only",
        steps: &[run(
            Node::Pc,
            "nft add table inet hostfw
            nft 'add chain inet hostfw forward { type filter hook forward priority 0; policy accept; }'
            nft add rule inet hostfw forward ip saddr 192.168.122.0/24 tcp dport { 80, 443 } drop",
            "nft delete table inet hostfw",
        )],
        traffic: &[Flow::Tcp(Node::Guest, OUTSIDE, 443)],
        unharmed: &[Flow::Echo(Node::Guest, OUTSIDE)],
        tell: &[
            "--from",
            "guest",
            "--to",
            "internet",
            "--target",
            OUTSIDE,
            "--guest-ip",
            GUEST,
            "--port",
            "443",
        ],
        guest_output: &[
            "ip addr",
            "ip route",
            "ping -c 2 -W 1 203.0.113.10",
            "nc -zvw 2 203.0.113.10 443",
        ],
        ..FILTERED
    },
    Entry {
        // Line by line what Docker 28 leaves behind.
        name: "docker-forward-drop-of-28",
        steps: &[run(
            Node::Pc,
            "ip link add docker0 type bridge
            ip addr add 172.17.0.1/16 dev docker0
            ip link set docker0 up
            iptables -N DOCKER
            iptables -N DOCKER-BRIDGE
            iptables -N DOCKER-CT
            iptables -N DOCKER-FORWARD
            iptables -N DOCKER-USER
            iptables -P FORWARD DROP
            iptables -A FORWARD -j DOCKER-USER
            iptables -A FORWARD -j DOCKER-FORWARD
            iptables -A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT
            iptables -A DOCKER ! -i docker0 -o docker0 -j DROP
            iptables -A DOCKER-BRIDGE -o docker0 -j DOCKER
            iptables -A DOCKER-CT -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
            iptables -A DOCKER-FORWARD -j DOCKER-CT
            iptables -A DOCKER-FORWARD -j DOCKER-BRIDGE
            iptables -A DOCKER-FORWARD -i docker0 -j ACCEPT",
            "iptables -P FORWARD ACCEPT
            iptables -F
            iptables -X
            ip link del docker0",
        )],
        named: &["docker-forward-drop"],
        ..OUTWARD
    },
    Entry {
        name: "bridge-down-seen-from-guest",
        steps: &[run(Node::Pc, "ip link set virbr0 down", "ip link set virbr0 up")],
        unharmed: &[Flow::Echo(Node::Pc, OUTSIDE)],
        named: &["host-vnic-down"],
        ..OUTWARD
    },
    Entry {
        name: "host-without-default-route",
        steps: &[run(
            Node::Pc,
            "ip route del default",
            "ip route add default via 192.168.1.1",
        )],
        traffic: &[Flow::Echo(Node::Guest, OUTSIDE), Flow::Echo(Node::Pc, OUTSIDE)],
        unharmed: &[
            Flow::Echo(Node::Guest, HOST),
            Flow::Echo(Node::Pc, "192.168.1.60"),
        ],
        named: &["host-no-uplink"],
        never: &["guest-missing-gateway", "guest-dns-only"],
        ..OUTWARD
    },
    Entry {
        name: "host-itself-offline",
        steps: &[run(
            Node::Pc,
            "ip link set eth0 down",
            "ip link set eth0 up
            ip route add default via 192.168.1.1",
        )],
        traffic: &[Flow::Echo(Node::Pc, OUTSIDE)],
        tell: &["--from", "host", "--to", "internet", "--target", OUTSIDE],
        named: &["host-no-uplink"],
        never: &[
            "host-route-wrong",
            "ip-forward-disabled",
            "host-firewall-blocks-outbound",
            "vpn-route-hijack",
        ],
        ..Entry::FAULT
    },
    Entry {
        name: "router-gone",
        steps: &[run(Node::Router, "ip link set eth0 down", "ip link set eth0 up")],
        traffic: &[Flow::Echo(Node::Guest, OUTSIDE), Flow::Echo(Node::Pc, OUTSIDE)],
        unharmed: &[
            Flow::Echo(Node::Guest, HOST),
            Flow::Echo(Node::Pc, "192.168.1.60"),
        ],
        tell: GUEST_TO_INTERNET,
        guest_output: TO_OUTSIDE,
        named: &["host-no-uplink"],
        never: &["guest-missing-gateway", "guest-dns-only"],
        ..Entry::FAULT
    },
    Entry {
        name: "guest-asks-a-dead-name-server",
        steps: &[run(
            Node::Guest,
            "printf 'nameserver 203.0.113.99\\noptions timeout:1 attempts:1\\n' > /etc/resolv.conf",
            "printf 'nameserver 203.0.113.53\\noptions timeout:1 attempts:1\\n' > /etc/resolv.conf",
        )],
        ..NAMES
    },
    Entry {
        name: "guest-without-name-server",
        steps: &[run(
            Node::Guest,
            "echo '# empty' > /etc/resolv.conf",
            "printf 'nameserver 203.0.113.53\\noptions timeout:1 attempts:1\\n' > /etc/resolv.conf",
        )],
        ..NAMES
    },
    Entry {
        name: "bridged-guest-without-gateway",
        topology: Topology::Bridged,
        steps: &[run(
            Node::Guest,
            "ip route del default",
            "ip route add default via 192.168.1.1",
        )],
        unharmed: &[Flow::Echo(Node::Pc, LAN_GUEST), Flow::Echo(Node::Lan, LAN_GUEST)],
        tell: LAN_GUEST_TO_INTERNET,
        guest_output: &["ip addr", "ip route", "ping -c 2 -W 1 203.0.113.10"],
        named: &["guest-missing-gateway"],
        never: &["host-no-uplink", "ip-forward-disabled"],
        ..OUTWARD
    },
    Entry {
        name: "guest-asks-wrong-gateway",
        steps: &[run(
            Node::Guest,
            "ip route replace default via 192.168.122.9",
            "ip route replace default via 192.168.122.1",
        )],
        tell: &[
            "--mode",
            "nat",
            "--from",
            "guest",
            "--to",
            "internet",
            "--target",
            OUTSIDE,
            "--guest-ip",
            GUEST,
        ],
        named: &["guest-wrong-gateway"],
        never: &["guest-missing-gateway", "host-no-uplink", "ip-forward-disabled"],
        ..OUTWARD
    },
    Entry {
        name: "guest-asks-wrong-gateway-untold",
        steps: &[run(
            Node::Guest,
            "ip route replace default via 192.168.122.9",
            "ip route replace default via 192.168.122.1",
        )],
        named: &["guest-wrong-gateway"],
        never: &["guest-missing-gateway", "host-no-uplink", "ip-forward-disabled"],
        ..OUTWARD
    },
    Entry {
        name: "guest-asks-another-guest-as-gateway",
        topology: Topology::NatTwoGuests,
        steps: &[run(
            Node::Guest,
            "ip route replace default via 192.168.122.12",
            "ip route replace default via 192.168.122.1",
        )],
        named: &["guest-wrong-gateway"],
        never: &["guest-missing-gateway", "host-no-uplink", "ip-forward-disabled"],
        ..OUTWARD
    },
    Entry {
        name: "lan-to-routed-guest-filtered",
        steps: &[run(
            Node::Pc,
            "nft add table inet hostfw
            nft 'add chain inet hostfw forward { type filter hook forward priority 0; policy accept; }'
            nft add rule inet hostfw forward oifname virbr0 ct state new drop",
            "nft delete table inet hostfw",
        )],
        blind: WITHOUT_RIGHTS,
        named: &["host-forward-policy-drop"],
        never: &[
            "ip-forward-disabled",
            "segment-route-missing",
            "guest-firewall-blocks-inbound",
        ],
        ..FROM_LAN
    },
    Entry {
        name: "lan-to-routed-guest-not-forwarded",
        steps: &[run(
            Node::Pc,
            "echo 0 > /proc/sys/net/ipv4/ip_forward",
            "echo 1 > /proc/sys/net/ipv4/ip_forward",
        )],
        named: &["ip-forward-disabled"],
        never: &[
            "host-forward-policy-drop",
            "segment-route-missing",
            "guest-firewall-blocks-inbound",
        ],
        ..FROM_LAN
    },
    Entry {
        name: "lan-to-routed-guest-without-way-back",
        steps: &[run(
            Node::Guest,
            "ip route del default",
            "ip route add default via 192.168.122.1",
        )],
        guest_output: &["ip addr", "ip route"],
        named: &["guest-missing-gateway"],
        never: &[
            "ip-forward-disabled",
            "segment-route-missing",
            "guest-firewall-blocks-inbound",
        ],
        ..FROM_LAN
    },
    Entry {
        // A second guest in a segment of its own: the PC routes between the two, until it does not.
        name: "segments-not-forwarded",
        topology: Topology::TwoSegments,
        steps: &[run(
            Node::Pc,
            "echo 0 > /proc/sys/net/ipv4/ip_forward",
            "echo 1 > /proc/sys/net/ipv4/ip_forward",
        )],
        traffic: &[Flow::Echo(Node::Guest, "192.168.150.12")],
        unharmed: &[
            Flow::Echo(Node::Pc, "192.168.150.12"),
            Flow::Echo(Node::Pc, GUEST),
        ],
        tell: BETWEEN_SEGMENTS,
        guest_output: &["ip addr", "ip route", "ping -c 3 -W 1 192.168.150.12"],
        named: &["ip-forward-disabled"],
        never: &["host-forward-policy-drop", "guest-missing-gateway"],
        ..Entry::FAULT
    },
    Entry {
        name: "segments-filtered",
        topology: Topology::TwoSegments,
        steps: &[run(
            Node::Pc,
            "iptables -A FORWARD -i virbr0 -o virbr1 -j DROP",
            "iptables -D FORWARD -i virbr0 -o virbr1 -j DROP",
        )],
        traffic: &[Flow::Echo(Node::Guest, "192.168.150.12")],
        unharmed: &[
            Flow::Echo(Node::Pc, "192.168.150.12"),
            Flow::Echo(Node::Pc, GUEST),
        ],
        tell: BETWEEN_SEGMENTS,
        guest_output: &["ip addr", "ip route", "ping -c 3 -W 1 192.168.150.12"],
        blind: WITHOUT_RIGHTS,
        named: &["host-forward-policy-drop"],
        never: &["ip-forward-disabled", "vswitches-not-routed"],
        ..Entry::FAULT
    },
    Entry {
        name: "lan-to-host-only-guest",
        topology: Topology::HostOnly,
        unharmed: &[Flow::Echo(Node::Pc, "192.168.100.11")],
        dead: &[Flow::Echo(Node::Lan, "192.168.100.11")],
        tell: &[
            "--mode",
            "host-only",
            "--from",
            "lan",
            "--to",
            "guest",
            "--guest-ip",
            "192.168.100.11",
        ],
        named: &["host-only-not-reachable-from-lan"],
        never: &[
            "segment-route-missing",
            "guest-firewall-blocks-inbound",
            "ip-forward-disabled",
        ],
        verdicts: &["impossible-by-design"],
        ..Entry::FAULT
    },
    Entry {
        name: "host-only-guest-to-lan",
        topology: Topology::HostOnly,
        unharmed: &[Flow::Echo(Node::Pc, "192.168.100.11")],
        dead: &[Flow::Echo(Node::Guest, "192.168.1.60")],
        tell: &[
            "--mode",
            "host-only",
            "--from",
            "guest",
            "--to",
            "lan",
            "--target",
            "192.168.1.60",
            "--guest-ip",
            "192.168.100.11",
        ],
        guest_output: &["ip addr", "ip route", "ping -c 2 -W 1 192.168.1.60"],
        named: &["host-only-no-internet"],
        never: &["guest-missing-gateway", "ip-forward-disabled", "host-no-uplink"],
        verdicts: &["impossible-by-design"],
        ..Entry::FAULT
    },
    Entry {
        name: "internal-network-to-host",
        topology: Topology::Internal,
        unharmed: &[Flow::Echo(Node::Guest, "10.10.10.12")],
        dead: &[Flow::Echo(Node::Guest, "192.168.1.50")],
        tell: &[
            "--mode",
            "internal",
            "--from",
            "guest",
            "--to",
            "host",
            "--guest-ip",
            "10.10.10.11",
        ],
        guest_output: &["ip addr", "ip route", "ping -c 2 -W 1 192.168.1.50"],
        named: &["internal-no-host"],
        never: &[
            "vm-nic-on-wrong-network",
            "host-vnic-missing",
            "host-firewall-blocks-guest",
            "guest-missing-gateway",
        ],
        verdicts: &["impossible-by-design"],
        ..Entry::FAULT
    },
    Entry {
        name: "macvtap-guest-to-own-host",
        topology: Topology::Macvtap,
        steps: &[Step::Run {
            at: Node::Pc,
            apply: "ip link del shim0",
            undo: "ip link add link eth0 name shim0 address 52:54:00:00:00:51 type macvlan mode bridge
                ip addr add 192.168.1.51/32 dev shim0
                ip link set shim0 up
                ip route add 192.168.1.71/32 dev shim0 src 192.168.1.51",
        }],
        unharmed: &[
            Flow::Echo(Node::Guest, "192.168.1.60"),
            Flow::Echo(Node::Guest, OUTSIDE),
        ],
        traffic: &[Flow::Echo(Node::Guest, "192.168.1.51")],
        dead: &[Flow::Echo(Node::Guest, "192.168.1.50")],
        tell: &[
            "--mode",
            "macvtap",
            "--from",
            "guest",
            "--to",
            "host",
            "--guest-ip",
            LAN_GUEST,
        ],
        guest_output: &["ip addr", "ip route", "ping -c 2 -W 1 192.168.1.50"],
        cured: &[Flow::Echo(Node::Guest, "192.168.1.250")],
        named: &["macvtap-host-isolation"],
        never: &[
            "host-ip-not-on-bridge",
            "nic-offload-breaks-bridging",
            "host-firewall-blocks-guest",
        ],
        verdicts: &["impossible-by-design"],
        ..Entry::FAULT
    },
];
