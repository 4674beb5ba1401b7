//! The PC's packet filter: in both tools' words, by rule and by policy, in silence and with a message.

use super::{ANSWERS_FROM_HOST, GUEST, GUEST_CAUSES, HOST, HOST_TO_GUEST, OUTSIDE, TO_HOST, run};
use crate::entry::{Entry, Node};
use crate::flow::Flow;

/// What the guest starts towards the host is stopped.
const INBOUND: Entry = Entry {
    traffic: &[Flow::Echo(Node::Guest, HOST)],
    unharmed: &[Flow::Echo(Node::Guest, OUTSIDE)],
    tell: ANSWERS_FROM_HOST,
    guest_output: TO_HOST,
    named: &["host-firewall-blocks-guest"],
    never: GUEST_CAUSES,
    in_tables: true,
    ..Entry::FAULT
};

/// What the host sends is stopped by itself.
const OUTBOUND: Entry = Entry {
    traffic: &[Flow::Echo(Node::Pc, GUEST)],
    tell: HOST_TO_GUEST,
    named: &["host-firewall-blocks-outbound"],
    never: GUEST_CAUSES,
    in_tables: true,
    ..Entry::FAULT
};

pub const ENTRIES: &[Entry] = &[
    Entry {
        name: "host-drops-answers",
        steps: &[run(
            Node::Pc,
            "iptables -A INPUT -i virbr0 -j DROP",
            "iptables -D INPUT -i virbr0 -j DROP",
        )],
        traffic: &[Flow::Echo(Node::Pc, GUEST), Flow::Tcp(Node::Pc, GUEST, 22)],
        unharmed: &[Flow::Echo(Node::Guest, OUTSIDE)],
        tell: HOST_TO_GUEST,
        guest_output: &[],
        ..INBOUND
    },
    Entry {
        name: "host-drops-icmp-iptables",
        steps: &[run(
            Node::Pc,
            "iptables -A INPUT -i virbr0 -p icmp -j DROP",
            "iptables -D INPUT -i virbr0 -p icmp -j DROP",
        )],
        ..INBOUND
    },
    Entry {
        // The last line of a Red Hat system's usual set.
        name: "host-rejects-guest",
        steps: &[run(
            Node::Pc,
            "iptables -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
            iptables -A INPUT -i lo -j ACCEPT
            iptables -A INPUT -p tcp --dport 22 -j ACCEPT
            iptables -A INPUT -j REJECT --reject-with icmp-host-prohibited",
            "iptables -F INPUT",
        )],
        unharmed: &[Flow::Tcp(Node::Guest, HOST, 22), Flow::Echo(Node::Pc, GUEST)],
        ..INBOUND
    },
    Entry {
        name: "host-drops-in-own-chain",
        steps: &[run(
            Node::Pc,
            "iptables -N site
            iptables -A INPUT -j site
            iptables -A site -s 10.0.0.0/8 -j ACCEPT
            iptables -A site -s 192.168.122.0/24 -j DROP",
            "iptables -F
            iptables -X site",
        )],
        ..INBOUND
    },
    Entry {
        name: "host-policy-drop-iptables",
        steps: &[run(
            Node::Pc,
            "iptables -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
            iptables -A INPUT -i lo -j ACCEPT
            iptables -P INPUT DROP",
            "iptables -P INPUT ACCEPT
            iptables -F INPUT",
        )],
        unharmed: &[Flow::Echo(Node::Pc, GUEST)],
        ..INBOUND
    },
    Entry {
        // firewalld's own set, cut down to the way that a packet of an unknown adapter takes.
        name: "host-zone-rejects-guest",
        steps: &[run(
            Node::Pc,
            "nft -f - <<'RULES'
            table inet firewalld {
                chain filter_INPUT {
                    type filter hook input priority filter + 10; policy accept;
                    ct state { established, related } accept
                    ct status dnat accept
                    iifname lo accept
                    ct state invalid drop
                    jump filter_INPUT_ZONES
                    reject with icmpx admin-prohibited
                }
                chain filter_INPUT_ZONES {
                    iifname eth0 goto filter_IN_public
                    goto filter_IN_public
                }
                chain filter_IN_public {
                    jump filter_IN_public_allow
                    meta l4proto icmp drop
                }
                chain filter_IN_public_allow {
                    tcp dport 22 accept
                }
            }
RULES",
            "nft delete table inet firewalld",
        )],
        unharmed: &[Flow::Tcp(Node::Guest, HOST, 22), Flow::Echo(Node::Pc, GUEST)],
        ..INBOUND
    },
    Entry {
        name: "host-port-filtered",
        steps: &[run(
            Node::Pc,
            "nft add table inet hostfw
            nft 'add chain inet hostfw input { type filter hook input priority 0; policy accept; }'
            nft add rule inet hostfw input iifname virbr0 tcp dport 22 counter drop",
            "nft delete table inet hostfw",
        )],
        traffic: &[Flow::Tcp(Node::Guest, HOST, 22)],
        unharmed: &[Flow::Echo(Node::Guest, HOST)],
        tell: &[
            "--from",
            "guest",
            "--to",
            "host",
            "--guest-ip",
            GUEST,
            "--port",
            "22",
        ],
        guest_output: &[
            "ip addr",
            "ip route",
            "ping -c 2 -W 1 192.168.122.1",
            "nc -zvw 2 192.168.122.1 22",
        ],
        ..INBOUND
    },
    Entry {
        name: "host-ignores-echo",
        steps: &[run(
            Node::Pc,
            "echo 1 > /proc/sys/net/ipv4/icmp_echo_ignore_all",
            "echo 0 > /proc/sys/net/ipv4/icmp_echo_ignore_all",
        )],
        unharmed: &[Flow::Tcp(Node::Guest, HOST, 22), Flow::Echo(Node::Pc, GUEST)],
        named: &["host-echo-ignored"],
        // Behind a filter that stops echo, too, both are true.
        ..INBOUND
    },
    Entry {
        name: "host-output-dropped-nft",
        steps: &[run(
            Node::Pc,
            "nft add table inet out
            nft 'add chain inet out output { type filter hook output priority 0; policy accept; }'
            nft add rule inet out output ip daddr 192.168.122.0/24 counter drop",
            "nft delete table inet out",
        )],
        traffic: &[Flow::Echo(Node::Pc, GUEST), Flow::Tcp(Node::Pc, GUEST, 22)],
        ..OUTBOUND
    },
    Entry {
        name: "host-output-echo-dropped-iptables",
        steps: &[run(
            Node::Pc,
            "iptables -A OUTPUT -d 192.168.122.11 -p icmp -j DROP",
            "iptables -D OUTPUT -d 192.168.122.11 -p icmp -j DROP",
        )],
        unharmed: &[Flow::Tcp(Node::Pc, GUEST, 22)],
        ..OUTBOUND
    },
    Entry {
        name: "host-output-port-rejected",
        steps: &[run(
            Node::Pc,
            "iptables -A OUTPUT -p tcp --dport 8080 -j REJECT",
            "iptables -D OUTPUT -p tcp --dport 8080 -j REJECT",
        )],
        traffic: &[Flow::Tcp(Node::Pc, GUEST, 8080)],
        unharmed: &[Flow::Echo(Node::Pc, GUEST)],
        tell: &["--guest-ip", GUEST, "--port", "8080"],
        ..OUTBOUND
    },
    Entry {
        name: "host-output-policy-drop",
        steps: &[run(
            Node::Pc,
            "nft add table inet out
            nft 'add chain inet out output { type filter hook output priority 0; policy drop; }'
            nft add rule inet out output oifname lo accept
            nft add rule inet out output oifname eth0 accept",
            "nft delete table inet out",
        )],
        traffic: &[Flow::Echo(Node::Pc, GUEST), Flow::Tcp(Node::Pc, GUEST, 22)],
        unharmed: &[Flow::Echo(Node::Pc, OUTSIDE)],
        ..OUTBOUND
    },
];
