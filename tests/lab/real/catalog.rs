//! Entries with real guests. `virsh` stands on the PC; nothing tells the program product, mode, card or cable.

use super::layout::{Card, Premises, Segment};
use crate::catalog::{GUEST, HOST, LAN_GUEST, OUTSIDE, TO_HOST, TO_OUTSIDE, WITHOUT_RIGHTS};
use crate::entry::{Entry, GUEST_SCRIPT, Node, Standing, Step};
use crate::flow::Flow;
use crate::topology::Topology;

/// One guest on libvirt's own network.
pub const NAT: Topology = Topology::Libvirt(&Premises {
    networks: &[Segment::Default],
    machines: &[(Node::Guest, Card::On(Segment::Default))],
    before: &[],
});
/// Two of them.
const NAT_TWO: Topology = Topology::Libvirt(&Premises {
    networks: &[Segment::Default],
    machines: &[
        (Node::Guest, Card::On(Segment::Default)),
        (Node::Guest2, Card::On(Segment::Default)),
    ],
    before: &[],
});
/// One guest that only the host reaches.
const ISOLATED: Topology = Topology::Libvirt(&Premises {
    networks: &[Segment::Isolated],
    machines: &[(Node::Guest, Card::On(Segment::Isolated))],
    before: &[],
});
/// One guest behind the host as a router that the LAN's router knows.
const ROUTED: Topology = Topology::Libvirt(&Premises {
    networks: &[Segment::Routed],
    machines: &[(Node::Guest, Card::On(Segment::Routed))],
    before: &[(Node::Router, "ip route add 192.168.150.0/24 via 192.168.1.50")],
});
/// One guest whose frames pass a filter of libvirt.
const FILTERED: Topology = Topology::Libvirt(&Premises {
    networks: &[Segment::Default],
    machines: &[(Node::Guest, Card::Filtered(Segment::Default, "clean-traffic"))],
    before: &[],
});
/// One guest straight on the PC's adapter.
const DIRECT: Topology = Topology::Libvirt(&Premises {
    networks: &[Segment::Default],
    machines: &[(Node::Guest, Card::Direct("eth0"))],
    before: &[],
});

/// One guest on a bridge that somebody made of the PC's adapter.
const BRIDGED: Topology = Topology::Libvirt(&Premises {
    networks: &[],
    machines: &[(Node::Guest, Card::Bridge("br0"))],
    before: &[(
        Node::Pc,
        "ip link add br0 type bridge
        ip link set br0 address 3c:97:0e:00:00:50
        ip addr flush dev eth0
        ip link set eth0 master br0
        ip link set br0 up
        ip addr add 192.168.1.50/24 brd + dev br0
        ip route add default via 192.168.1.1",
    )],
});

/// Line by line what Docker 24 leaves in the packet filter.
const DOCKER: Step = Step::Run {
    at: Node::Pc,
    apply: "ip link add docker0 type bridge
        ip addr add 172.17.0.1/16 dev docker0
        ip link set docker0 up
        iptables -N DOCKER
        iptables -N DOCKER-ISOLATION-STAGE-1
        iptables -N DOCKER-ISOLATION-STAGE-2
        iptables -N DOCKER-USER
        iptables -P FORWARD DROP
        iptables -I FORWARD -i docker0 -o docker0 -j ACCEPT
        iptables -I FORWARD -i docker0 ! -o docker0 -j ACCEPT
        iptables -I FORWARD -o docker0 -j DOCKER
        iptables -I FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
        iptables -I FORWARD -j DOCKER-ISOLATION-STAGE-1
        iptables -I FORWARD -j DOCKER-USER
        iptables -A DOCKER-ISOLATION-STAGE-1 -i docker0 ! -o docker0 -j DOCKER-ISOLATION-STAGE-2
        iptables -A DOCKER-ISOLATION-STAGE-1 -j RETURN
        iptables -A DOCKER-ISOLATION-STAGE-2 -o docker0 -j DROP
        iptables -A DOCKER-ISOLATION-STAGE-2 -j RETURN
        iptables -A DOCKER-USER -j RETURN",
    undo: "iptables -P FORWARD ACCEPT
        for turn in 1 2 3 4 5 6; do iptables -D FORWARD 1; done
        for chain in DOCKER DOCKER-ISOLATION-STAGE-1 DOCKER-ISOLATION-STAGE-2 DOCKER-USER; do iptables -F $chain; done
        for chain in DOCKER DOCKER-ISOLATION-STAGE-1 DOCKER-ISOLATION-STAGE-2 DOCKER-USER; do iptables -X $chain; done
        ip link del docker0",
};

/// firewalld as installed, on a bus of its own that libvirt does not listen to.
const FIREWALLD: Step = Step::Run {
    at: Node::Pc,
    apply: "/run/bin/systemctl start firewalld",
    // libvirt writes its lines again when it starts.
    undo: "/run/bin/systemctl stop firewalld
        /run/bin/systemctl restart libvirtd",
};

/// firewalld and libvirt as they stand on a system where both start by themselves: libvirt finds it on its bus and puts its
/// bridge into the zone that it brought for it.
const FIREWALLD_AND_LIBVIRT: Step = Step::Run {
    at: Node::Pc,
    apply: "/run/bin/systemctl start firewalld
        /run/bin/systemctl restart libvirtd
        for turn in $(seq 100); do
            [ \"$(firewall-cmd --get-zone-of-interface=virbr0 2>/dev/null)\" = libvirt ] && break; sleep 0.1
        done
        [ \"$(firewall-cmd --get-zone-of-interface=virbr0)\" = libvirt ]",
    undo: "/run/bin/systemctl stop firewalld
        /run/bin/systemctl restart libvirtd",
};

const TO_WEB_OF_HOST: &[&str] = &[
    GUEST_SCRIPT,
    "ping -c 3 -W 1 192.168.122.1",
    "nc -z -v -w 3 192.168.122.1 8080",
];
const TO_SSH_OF_HOST: &[&str] = &[
    GUEST_SCRIPT,
    "ping -c 3 -W 1 192.168.122.1",
    "nc -z -v -w 3 192.168.122.1 22",
];
const BRIDGED_TO_OUTSIDE: &[&str] = &[
    "ip addr",
    "ip route",
    "ping -c 2 -W 1 192.168.1.1",
    "ping -c 3 -W 1 203.0.113.10",
    "ip neigh",
];
const ISOLATED_GUEST: &str = "192.168.100.11";
const ROUTED_GUEST: &str = "192.168.150.11";
const SECOND: &str = "192.168.122.12";

const TO_GUEST: &[Flow] = &[Flow::Echo(Node::Pc, GUEST), Flow::Tcp(Node::Pc, GUEST, 22)];

/// What a fault on the host must not be blamed on.
const GUEST_CAUSES: &[&str] = &[
    "guest-firewall-blocks-icmp",
    "guest-firewall-blocks-inbound",
    "guest-static-wrong-subnet",
    "guest-nic-not-started",
];
/// What a fault in the guest must not be blamed on.
const HOST_CAUSES: &[&str] = &[
    "host-route-wrong",
    "host-firewall-blocks-guest",
    "host-firewall-blocks-outbound",
    "virtual-cable-disconnected",
    "tap-detached-from-bridge",
];

const FROM_GUEST: &[&str] = &[
    "--vm", "web01", "--from", "guest", "--to", "internet", "--target", OUTSIDE,
];
const GUEST_TO_HOST: &[&str] = &["--vm", "web01", "--from", "guest", "--to", "host"];

pub const ENTRIES: &[Entry] = &[
    Entry {
        name: "real-healthy-nat",
        topology: NAT,
        traffic: &[
            Flow::Echo(Node::Pc, GUEST),
            Flow::Tcp(Node::Pc, GUEST, 22),
            Flow::Echo(Node::Guest, OUTSIDE),
            Flow::Tcp(Node::Guest, OUTSIDE, 80),
            Flow::Name(Node::Guest, "example.com"),
        ],
        ..Entry::HEALTHY
    },
    Entry {
        name: "real-healthy-isolated",
        topology: ISOLATED,
        traffic: &[
            Flow::Echo(Node::Pc, ISOLATED_GUEST),
            Flow::Tcp(Node::Pc, ISOLATED_GUEST, 22),
        ],
        dead: &[Flow::Echo(Node::Guest, OUTSIDE)],
        ..Entry::HEALTHY
    },
    Entry {
        name: "real-healthy-routed",
        topology: ROUTED,
        traffic: &[
            Flow::Echo(Node::Pc, ROUTED_GUEST),
            Flow::Echo(Node::Lan, ROUTED_GUEST),
            Flow::Echo(Node::Guest, "192.168.1.60"),
        ],
        ..Entry::HEALTHY
    },
    Entry {
        name: "real-healthy-two-guests",
        topology: NAT_TWO,
        traffic: &[Flow::Echo(Node::Pc, SECOND), Flow::Echo(Node::Guest, SECOND)],
        tell: &["--vm", "db01"],
        ..Entry::HEALTHY
    },
    Entry {
        name: "real-healthy-second-card",
        topology: Topology::Libvirt(&Premises {
            networks: &[Segment::Default, Segment::Isolated],
            machines: &[(Node::Guest, Card::On(Segment::Default))],
            before: &[],
        }),
        steps: &[
            Step::Run {
                at: Node::Pc,
                apply: "virsh -q attach-interface web01 network isolated --mac 52:54:00:00:01:11 --model virtio --live",
                undo: "virsh -q detach-interface web01 network --mac 52:54:00:00:01:11 --live",
            },
            Step::Run {
                at: Node::Guest,
                apply: "until ip -4 addr show eth1 2> /dev/null | grep -q inet; do sleep 0.2; done",
                undo: "true",
            },
        ],
        traffic: TO_GUEST,
        tell: &["--vm", "web01"],
        standing: Standing::WithSecondCard,
        ..Entry::HEALTHY
    },
    Entry {
        name: "real-healthy-echo-dropped",
        topology: NAT,
        steps: &[Step::Run {
            at: Node::Guest,
            apply: "echo 1 > /proc/sys/net/ipv4/icmp_echo_ignore_all",
            undo: "echo 0 > /proc/sys/net/ipv4/icmp_echo_ignore_all",
        }],
        traffic: &[Flow::Tcp(Node::Pc, GUEST, 8080)],
        dead: &[Flow::Echo(Node::Pc, GUEST)],
        tell: &["--vm", "web01", "--port", "8080"],
        ..Entry::HEALTHY
    },
    Entry {
        name: "real-healthy-guest-to-internet",
        topology: NAT,
        traffic: &[Flow::Echo(Node::Guest, OUTSIDE)],
        tell: FROM_GUEST,
        guest_output: TO_OUTSIDE,
        ..Entry::HEALTHY
    },
    Entry {
        name: "real-cable-unplugged",
        topology: NAT,
        steps: &[Step::Run {
            at: Node::Pc,
            apply: "virsh -q domif-setlink web01 52:54:00:00:00:11 down",
            undo: "virsh -q domif-setlink web01 52:54:00:00:00:11 up",
        }],
        traffic: TO_GUEST,
        tell: &["--vm", "web01"],
        named: &["virtual-cable-disconnected"],
        never: GUEST_CAUSES,
        standing: Standing::Unplugged,
        ..Entry::FAULT
    },
    Entry {
        name: "real-machine-off",
        topology: NAT,
        steps: &[Step::Run {
            at: Node::Pc,
            apply: "virsh -q destroy web01",
            undo: "virsh -q destroy web01 2>/dev/null || true
                    virsh -q restore /run/vmnet-doctor-lab/guest.saved --xml /run/web01.xml",
        }],
        traffic: TO_GUEST,
        tell: &["--vm", "web01"],
        named: &["vm-not-running"],
        never: GUEST_CAUSES,
        standing: Standing::Off,
        ..Entry::FAULT
    },
    Entry {
        name: "real-machine-paused",
        topology: NAT,
        steps: &[Step::Run {
            at: Node::Pc,
            apply: "virsh -q suspend web01",
            undo: "virsh -q resume web01",
        }],
        traffic: TO_GUEST,
        named: &["vm-not-running"],
        never: GUEST_CAUSES,
        standing: Standing::Paused,
        ..Entry::FAULT
    },
    Entry {
        name: "real-network-stopped",
        topology: NAT,
        steps: &[Step::Run {
            at: Node::Pc,
            apply: "virsh -q net-destroy default",
            undo: "virsh -q net-start default
                ip link set $(virsh -q domiflist web01 | awk '{ print $1 }') master virbr0",
        }],
        traffic: TO_GUEST,
        tell: &["--vm", "web01"],
        named: &["virtual-network-not-started"],
        also: &["tap-detached-from-bridge"],
        never: GUEST_CAUSES,
        standing: Standing::WithoutNetwork,
        ..Entry::FAULT
    },
    Entry {
        name: "real-network-restarted",
        topology: NAT,
        steps: &[Step::Run {
            at: Node::Pc,
            apply: "virsh -q net-destroy default
                virsh -q net-start default",
            undo: "ip link set $(virsh -q domiflist web01 | awk '{ print $1 }') master virbr0",
        }],
        traffic: TO_GUEST,
        named: &["tap-detached-from-bridge"],
        never: GUEST_CAUSES,
        ..Entry::FAULT
    },
    Entry {
        name: "real-dnsmasq-killed",
        topology: NAT,
        steps: &[Step::Run {
            at: Node::Pc,
            apply: "kill $(cat /run/libvirt/network/default.pid)",
            undo: "virsh -q net-destroy default
                virsh -q net-start default
                ip link set $(virsh -q domiflist web01 | awk '{ print $1 }') master virbr0",
        }],
        traffic: &[Flow::Name(Node::Guest, "example.com")],
        unharmed: &[Flow::Echo(Node::Pc, GUEST), Flow::Echo(Node::Guest, OUTSIDE)],
        tell: &[
            "--vm",
            "web01",
            "--from",
            "guest",
            "--to",
            "internet",
            "--target",
            "example.com",
        ],
        guest_output: &[
            "ip addr",
            "ip route",
            "cat /etc/resolv.conf",
            "ping -c 2 -W 1 192.168.122.1",
            "ping -c 2 -W 1 203.0.113.10",
            "ping -c 1 -W 1 example.com",
        ],
        named: &["dnsmasq-not-running"],
        also: &["guest-dns-only"],
        never: &[
            "host-firewall-blocks-dhcp-dns",
            "guest-missing-gateway",
            "host-no-uplink",
            "no-dhcp-on-network",
        ],
        ..Entry::FAULT
    },
    Entry {
        name: "real-guest-drops-icmp",
        topology: NAT,
        steps: &[Step::Run {
            at: Node::Guest,
            apply: "iptables -A INPUT -p icmp --icmp-type echo-request -j DROP",
            undo: "iptables -F INPUT",
        }],
        traffic: &[Flow::Echo(Node::Pc, GUEST)],
        unharmed: &[Flow::Tcp(Node::Pc, GUEST, 22)],
        named: &["guest-firewall-blocks-icmp"],
        never: HOST_CAUSES,
        ..Entry::FAULT
    },
    Entry {
        name: "real-guest-drops-all",
        topology: NAT,
        steps: &[Step::Run {
            at: Node::Guest,
            apply: "iptables -A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT
                iptables -A INPUT -j DROP",
            undo: "iptables -F INPUT",
        }],
        traffic: TO_GUEST,
        unharmed: &[Flow::Echo(Node::Guest, HOST)],
        named: &["guest-firewall-blocks-inbound"],
        never: HOST_CAUSES,
        ..Entry::FAULT
    },
    Entry {
        name: "real-guest-rejects",
        topology: NAT,
        steps: &[Step::Run {
            at: Node::Guest,
            apply: "iptables -A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT
                iptables -A INPUT -j REJECT --reject-with icmp-admin-prohibited",
            undo: "iptables -F INPUT",
        }],
        traffic: TO_GUEST,
        unharmed: &[Flow::Echo(Node::Guest, HOST)],
        named: &["guest-firewall-rejects"],
        never: HOST_CAUSES,
        ..Entry::FAULT
    },
    Entry {
        // Its lease is still listed: only the guest's frames, or the guest itself, tell where it is now.
        name: "real-guest-static-elsewhere",
        topology: NAT,
        steps: &[
            Step::Run {
                at: Node::Guest,
                apply: "kill $(cat /run/dhcp.eth0)
                ip addr flush dev eth0
                ip addr add 10.55.0.5/24 brd + dev eth0
                ip route add default via 10.55.0.1",
                undo: "ip addr flush dev eth0
                dhcp eth0",
            },
            Step::Run {
                at: Node::Guest,
                apply: "ping -q -i 1 10.55.0.1 > /dev/null 2>&1 < /dev/null &
                echo $! > /run/asking",
                undo: "kill $(cat /run/asking)",
            },
        ],
        traffic: &[Flow::Echo(Node::Guest, HOST), Flow::Echo(Node::Pc, GUEST)],
        dead: &[Flow::Echo(Node::Pc, "10.55.0.5")],
        tell: &["--vm", "web01", "--guest-ip", "10.55.0.5"],
        // The address that the offered command gives it.
        tell_again: &["--vm", "web01", "--guest-ip", "192.168.122.10"],
        cured: &[
            Flow::Echo(Node::Guest, HOST),
            Flow::Echo(Node::Pc, "192.168.122.10"),
        ],
        named: &["guest-static-wrong-subnet"],
        never: &[
            "host-route-wrong",
            "guest-firewall-blocks-icmp",
            "guest-firewall-blocks-inbound",
        ],
        ..Entry::FAULT
    },
    Entry {
        name: "real-guest-without-gateway",
        topology: NAT,
        steps: &[Step::Run {
            at: Node::Guest,
            apply: "ip route del default",
            undo: "ip route add default via 192.168.122.1",
        }],
        traffic: &[Flow::Echo(Node::Guest, OUTSIDE)],
        unharmed: &[Flow::Echo(Node::Guest, HOST), Flow::Echo(Node::Pc, GUEST)],
        tell: FROM_GUEST,
        guest_output: TO_OUTSIDE,
        named: &["guest-missing-gateway"],
        never: &["ip-forward-disabled", "host-no-uplink", "guest-dns-only"],
        ..Entry::FAULT
    },
    Entry {
        name: "real-service-on-loopback",
        topology: NAT,
        steps: &[Step::Run {
            at: Node::Guest,
            apply: "serve 8080 127.0.0.1",
            undo: "serve 8080",
        }],
        traffic: &[Flow::Tcp(Node::Pc, GUEST, 8080)],
        unharmed: &[Flow::Echo(Node::Pc, GUEST), Flow::Tcp(Node::Pc, GUEST, 22)],
        tell: &["--vm", "web01", "--port", "8080"],
        guest_output: &["ss -tln"],
        named: &["service-bound-to-loopback"],
        never: HOST_CAUSES,
        ..Entry::FAULT
    },
    Entry {
        name: "real-forwarding-off",
        topology: NAT,
        steps: &[Step::Run {
            at: Node::Pc,
            apply: "echo 0 > /proc/sys/net/ipv4/ip_forward",
            undo: "echo 1 > /proc/sys/net/ipv4/ip_forward",
        }],
        traffic: &[Flow::Echo(Node::Guest, OUTSIDE)],
        unharmed: &[Flow::Echo(Node::Guest, HOST), Flow::Echo(Node::Pc, OUTSIDE)],
        tell: FROM_GUEST,
        guest_output: TO_OUTSIDE,
        named: &["ip-forward-disabled"],
        never: &["guest-missing-gateway", "guest-dns-only", "host-no-uplink"],
        ..Entry::FAULT
    },
    Entry {
        name: "real-route-steals-half",
        topology: NAT,
        steps: &[Step::Run {
            at: Node::Pc,
            apply: "ip route add 192.168.122.0/25 via 192.168.1.1",
            undo: "ip route del 192.168.122.0/25",
        }],
        traffic: TO_GUEST,
        named: &["host-route-wrong"],
        never: GUEST_CAUSES,
        ..Entry::FAULT
    },
    Entry {
        name: "real-host-drops-guests",
        topology: NAT,
        steps: &[Step::Run {
            at: Node::Pc,
            apply: "iptables -I INPUT -i virbr0 -j DROP",
            undo: "iptables -D INPUT -i virbr0 -j DROP",
        }],
        traffic: TO_GUEST,
        named: &["host-firewall-blocks-guest"],
        never: GUEST_CAUSES,
        ..Entry::FAULT
    },
    Entry {
        // libvirt's own lines accept its guests' packets before Docker's policy is asked.
        name: "real-healthy-docker-beside",
        topology: NAT,
        steps: &[DOCKER],
        traffic: &[Flow::Echo(Node::Guest, OUTSIDE), Flow::Echo(Node::Pc, GUEST)],
        tell: FROM_GUEST,
        guest_output: TO_OUTSIDE,
        ..Entry::HEALTHY
    },
    Entry {
        // A bridge of the host's own: nobody accepts for it, and its frames are shown to the IP layer's filter.
        name: "real-docker-on-bridge",
        topology: BRIDGED,
        steps: &[
            DOCKER,
            Step::Run {
                at: Node::Pc,
                apply: "echo 1 > /proc/sys/net/bridge/bridge-nf-call-iptables",
                undo: "echo 0 > /proc/sys/net/bridge/bridge-nf-call-iptables",
            },
        ],
        traffic: &[Flow::Echo(Node::Guest, OUTSIDE), Flow::Echo(Node::Lan, LAN_GUEST)],
        unharmed: &[Flow::Echo(Node::Pc, LAN_GUEST)],
        tell: FROM_GUEST,
        guest_output: BRIDGED_TO_OUTSIDE,
        named: &["br-netfilter-filters-bridge"],
        never: &["guest-missing-gateway", "host-no-uplink", "ip-forward-disabled"],
        ..Entry::FAULT
    },
    Entry {
        // What firewalld starts with is its own table alone: libvirt's chains and translation are gone.
        name: "real-firewalld-after-libvirt",
        topology: NAT,
        steps: &[FIREWALLD],
        traffic: &[Flow::Echo(Node::Guest, OUTSIDE)],
        unharmed: &[Flow::Echo(Node::Guest, HOST), Flow::Echo(Node::Pc, GUEST)],
        tell: FROM_GUEST,
        guest_output: TO_OUTSIDE,
        blind: WITHOUT_RIGHTS,
        named: &["hypervisor-filter-rules-lost"],
        also: &["host-forward-policy-drop"],
        never: &["guest-missing-gateway", "guest-dns-only", "host-no-uplink"],
        ..Entry::FAULT
    },
    Entry {
        name: "real-firewalld-drop-zone",
        topology: NAT,
        steps: &[
            FIREWALLD,
            Step::Run {
                at: Node::Pc,
                apply: "firewall-cmd -q --zone=drop --change-interface=virbr0",
                undo: "firewall-cmd -q --zone=drop --remove-interface=virbr0",
            },
        ],
        traffic: &[Flow::Echo(Node::Guest, HOST)],
        unharmed: &[Flow::Echo(Node::Pc, GUEST)],
        tell: GUEST_TO_HOST,
        guest_output: TO_HOST,
        named: &["host-firewall-blocks-guest"],
        also: &["hypervisor-filter-rules-lost", "host-firewall-blocks-dhcp-dns"],
        never: &[
            "guest-missing-gateway",
            "host-no-uplink",
            "guest-firewall-blocks-icmp",
        ],
        ..Entry::FAULT
    },
    Entry {
        // The zone lets in what libvirt needs, echo and ssh; everything else that guests start is refused.
        name: "real-firewalld-zone-of-libvirt",
        topology: NAT,
        steps: &[FIREWALLD_AND_LIBVIRT],
        traffic: &[Flow::Tcp(Node::Guest, HOST, 8080)],
        unharmed: &[
            Flow::Echo(Node::Guest, HOST),
            Flow::Tcp(Node::Guest, HOST, 22),
            Flow::Echo(Node::Guest, OUTSIDE),
            Flow::Echo(Node::Pc, GUEST),
        ],
        tell: &[
            "--vm", "web01", "--from", "guest", "--to", "host", "--port", "8080",
        ],
        guest_output: TO_WEB_OF_HOST,
        named: &["host-firewall-blocks-guest"],
        never: &[
            "guest-missing-gateway",
            "hypervisor-filter-rules-lost",
            "host-firewall-blocks-dhcp-dns",
            "service-not-listening",
            "service-bound-to-loopback",
        ],
        ..Entry::FAULT
    },
    Entry {
        name: "real-healthy-firewalld-beside",
        topology: NAT,
        steps: &[FIREWALLD_AND_LIBVIRT],
        traffic: &[
            Flow::Echo(Node::Guest, OUTSIDE),
            Flow::Tcp(Node::Guest, OUTSIDE, 80),
            Flow::Name(Node::Guest, "example.com"),
            Flow::Echo(Node::Pc, GUEST),
        ],
        dead: &[Flow::Tcp(Node::Guest, HOST, 8080)],
        tell: FROM_GUEST,
        guest_output: TO_OUTSIDE,
        ..Entry::HEALTHY
    },
    Entry {
        name: "real-healthy-firewalld-lets-ssh-in",
        topology: NAT,
        steps: &[FIREWALLD_AND_LIBVIRT],
        traffic: &[Flow::Tcp(Node::Guest, HOST, 22), Flow::Echo(Node::Guest, HOST)],
        tell: &["--vm", "web01", "--from", "guest", "--to", "host", "--port", "22"],
        guest_output: TO_SSH_OF_HOST,
        ..Entry::HEALTHY
    },
    Entry {
        // Echo, leases and the way out are let through; everything else that guests start is not.
        name: "real-ufw-beside",
        topology: NAT,
        steps: &[Step::Run {
            at: Node::Pc,
            apply: "ufw --force enable",
            undo: "ufw disable",
        }],
        traffic: &[Flow::Tcp(Node::Guest, HOST, 22)],
        unharmed: &[
            Flow::Echo(Node::Guest, HOST),
            Flow::Echo(Node::Guest, OUTSIDE),
            Flow::Echo(Node::Pc, GUEST),
        ],
        tell: &["--vm", "web01", "--from", "guest", "--to", "host", "--port", "22"],
        guest_output: TO_SSH_OF_HOST,
        named: &["host-firewall-blocks-guest"],
        never: &[
            "guest-missing-gateway",
            "service-not-listening",
            "service-bound-to-loopback",
        ],
        ..Entry::FAULT
    },
    Entry {
        name: "real-healthy-ufw-beside",
        topology: NAT,
        steps: &[Step::Run {
            at: Node::Pc,
            apply: "ufw --force enable",
            undo: "ufw disable",
        }],
        traffic: &[Flow::Echo(Node::Pc, GUEST), Flow::Tcp(Node::Pc, GUEST, 22)],
        ..Entry::HEALTHY
    },
    Entry {
        // The filter lets out only what bears the address by which the guest became known.
        name: "real-filter-on-card",
        topology: FILTERED,
        steps: &[Step::Run {
            at: Node::Guest,
            apply: "kill $(cat /run/dhcp.eth0)
                ip addr flush dev eth0
                ip addr add 192.168.122.99/24 brd + dev eth0
                ip route add default via 192.168.122.1",
            undo: "ip addr flush dev eth0
                dhcp eth0",
        }],
        traffic: TO_GUEST,
        dead: &[
            Flow::Echo(Node::Pc, "192.168.122.99"),
            Flow::Echo(Node::Guest, HOST),
        ],
        tell: &["--vm", "web01", "--guest-ip", "192.168.122.99"],
        guest_output: &["ip addr", "ip route"],
        cured: &[Flow::Echo(Node::Pc, "192.168.122.99")],
        named: &["libvirt-nwfilter-drops"],
        also: &["stale-address"],
        never: &[
            "guest-firewall-blocks-inbound",
            "host-route-wrong",
            "virtual-cable-disconnected",
        ],
        ..Entry::FAULT
    },
    Entry {
        name: "real-healthy-filter-on-card",
        topology: FILTERED,
        traffic: TO_GUEST,
        ..Entry::HEALTHY
    },
    Entry {
        name: "real-user-mode",
        topology: Topology::Libvirt(&Premises {
            networks: &[],
            machines: &[(Node::Guest, Card::User)],
            before: &[],
        }),
        dead: &[Flow::Echo(Node::Pc, "10.0.2.15")],
        cured: &[Flow::SecondCard(Node::Pc, Node::Guest)],
        unharmed: &[Flow::Tcp(Node::Guest, OUTSIDE, 80)],
        tell: &["--vm", "web01"],
        named: &["nat-no-inbound-path"],
        never: &[
            "guest-firewall-blocks-inbound",
            "guest-firewall-blocks-icmp",
            "host-route-wrong",
        ],
        verdicts: &["impossible-by-design"],
        ..Entry::FAULT
    },
    Entry {
        name: "real-isolated-to-internet",
        topology: Topology::Libvirt(&Premises {
            networks: &[Segment::Default, Segment::Isolated],
            machines: &[(Node::Guest, Card::On(Segment::Isolated))],
            before: &[],
        }),
        dead: &[Flow::Echo(Node::Guest, OUTSIDE)],
        unharmed: &[Flow::Echo(Node::Pc, ISOLATED_GUEST)],
        tell: &["--vm", "web01", "--from", "guest", "--to", "internet"],
        guest_output_again: TO_OUTSIDE,
        named: &["host-only-no-internet"],
        never: &["guest-missing-gateway", "ip-forward-disabled", "host-no-uplink"],
        verdicts: &["impossible-by-design"],
        ..Entry::FAULT
    },
    Entry {
        name: "real-macvtap-own-host",
        topology: DIRECT,
        traffic: &[],
        // The first passes by the second card that is offered.
        dead: &[Flow::Echo(Node::Guest, HOST), Flow::Echo(Node::Pc, LAN_GUEST)],
        unharmed: &[Flow::Echo(Node::Lan, LAN_GUEST), Flow::Echo(Node::Guest, OUTSIDE)],
        tell: &["--vm", "web01"],
        named: &["macvtap-host-isolation"],
        never: &[
            "host-ip-not-on-bridge",
            "nic-offload-breaks-bridging",
            "guest-firewall-blocks-inbound",
            "guest-firewall-blocks-icmp",
        ],
        verdicts: &["impossible-by-design"],
        ..Entry::FAULT
    },
];
