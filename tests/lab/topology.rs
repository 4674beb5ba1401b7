//! The networks that faults are put into.
//!
//! Outside of the PC they are all alike: a LAN 192.168.1.0/24 with the PC at .50, another machine at .60 and a
//! router at .1 that translates to 198.51.100.2; behind it one machine that is "the internet" and
//! answers at [`INTERNET`], with a name server at 203.0.113.53.

use crate::entry::Node;
use crate::random::Layout;
use crate::real::layout::Premises;

/// Addresses that answer in the lab's internet: documentation ones, and those that people test with.
pub const INTERNET: [&str; 12] = [
    "203.0.113.10",
    "203.0.113.53",
    "1.0.0.1",
    "1.1.1.1",
    "8.8.4.4",
    "8.8.8.8",
    "9.9.9.9",
    "114.114.114.114",
    "119.29.29.29",
    "180.76.76.76",
    "208.67.222.222",
    "223.5.5.5",
];

/// One network, whole and healthy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topology {
    /// virbr0 192.168.122.1/24, translated to the LAN; guest .11.
    Nat,
    /// The same with a second guest, .12.
    NatTwoGuests,
    /// virbr1 192.168.100.1/24 without a way out; guest .11.
    HostOnly,
    /// br0 of the PC's card and the guest, which is 192.168.1.71.
    Bridged,
    /// Like `Nat`, with a real tap for the guest: it stays up whatever the guest does.
    NatTap,
    /// The guest, 192.168.1.71, is on a macvtap of the PC's card; the PC reaches it by a macvlan of its own.
    Macvtap,
    /// virbr2 without an address, guests 10.10.10.11 and .12.
    Internal,
    /// Like `Nat` without translation: the router knows the way to the segment instead.
    Routed,
    /// virbr0 with guest .11, and virbr1 192.168.150.1/24 with the second guest, .12; the PC routes between them.
    TwoSegments,
    /// Like `Bridged` with a second guest, 192.168.1.72.
    BridgedTwoGuests,
    /// The guest's first card is on a translated virbr0, its second, 192.168.1.71, on a bridge of the PC's card.
    TwoCards,
    /// Drawn at random.
    Drawn(&'static Layout),
    /// libvirt's own networks and real guests on the PC.
    Libvirt(&'static Premises),
}

/// What is laid out for a topology.
#[derive(Debug, Default)]
pub struct Plan {
    /// Machines.
    pub nodes: Vec<Node>,
    /// Machine and port, twice.
    pub cables: Vec<(Node, &'static str, Node, &'static str)>,
    /// What is done then, in this order.
    pub works: Vec<(Node, Work)>,
    /// Ports that are served.
    pub services: Vec<(Node, u16)>,
    /// What libvirt has on the PC.
    pub layout: Option<&'static Premises>,
}

/// One piece of laying out. `@pc` and `@guest` stand for namespaces, `@scratch` for a folder.
#[derive(Debug)]
pub enum Work {
    /// Shell lines.
    Shell(String),
    /// A process of the guest's that carries frames between a device of the host and the guest's card.
    Cable {
        /// A macvtap's device file, or a tap's name.
        far: &'static str,
        /// The guest's card.
        near: &'static str,
    },
}

/// Lays a topology out.
pub fn plan(topology: Topology) -> Plan {
    let mut plan = physical();
    match topology {
        Topology::Nat => nat(&mut plan, &[Node::Guest]),
        Topology::NatTwoGuests => nat(&mut plan, &[Node::Guest, Node::Guest2]),
        Topology::HostOnly => host_only(&mut plan),
        Topology::Bridged => bridged(&mut plan),
        Topology::NatTap => nat_tap(&mut plan),
        Topology::Macvtap => macvtap(&mut plan),
        Topology::Internal => internal(&mut plan),
        Topology::Routed => routed(&mut plan),
        Topology::TwoSegments => two_segments(&mut plan),
        Topology::BridgedTwoGuests => {
            bridged(&mut plan);
            guest_on_tap(&mut plan, "br0", Node::Guest2, 2);
            guest_address(&mut plan, Node::Guest2, "192.168.1.72/24");
            plan.script(Node::Guest2, "ip route add default via 192.168.1.1");
        }
        Topology::TwoCards => two_cards(&mut plan),
        Topology::Drawn(layout) => drawn(&mut plan, layout),
        Topology::Libvirt(layout) => libvirt(&mut plan, layout),
    }
    plan
}

/// The LAN and what is behind it; the PC's card is still bare.
fn physical() -> Plan {
    let mut plan = Plan {
        nodes: vec![Node::Pc, Node::Switch, Node::Router, Node::Lan, Node::Internet],
        cables: vec![
            (Node::Pc, "eth0", Node::Switch, "port1"),
            (Node::Router, "eth0", Node::Switch, "port2"),
            (Node::Lan, "eth0", Node::Switch, "port3"),
            (Node::Router, "eth1", Node::Internet, "eth0"),
        ],
        ..Plan::default()
    };
    plan.script(Node::Switch, "ip link add sw type bridge\nip link set sw up");
    for port in ["port1", "port2", "port3"] {
        plan.script(Node::Switch, &format!("ip link set {port} master sw up"));
    }
    plan.script(
        Node::Router,
        "ip link set eth0 address 00:1b:21:00:00:01
        ip addr add 192.168.1.1/24 dev eth0
        ip addr add 198.51.100.2/24 dev eth1
        ip link set eth0 up
        ip link set eth1 up
        ip route add default via 198.51.100.1
        ip route add blackhole 10.0.0.0/8
        ip route add blackhole 172.16.0.0/12
        ip route add blackhole 192.168.0.0/16
        echo 1 > /proc/sys/net/ipv4/ip_forward
        nft 'table ip nat {
            chain postrouting { type nat hook postrouting priority 100; oifname eth1 masquerade; }
        }'",
    );
    plan.script(
        Node::Lan,
        "ip link set eth0 address 00:1b:21:00:00:60
        ip addr add 192.168.1.60/24 dev eth0
        ip link set eth0 up
        ip route add default via 192.168.1.1",
    );
    let answers: String = INTERNET
        .iter()
        .map(|address| format!("ip addr add {address}/32 dev lo\n"))
        .collect();
    plan.script(
        Node::Internet,
        "ip addr add 198.51.100.1/24 dev eth0\nip link set eth0 up",
    );
    plan.script(Node::Internet, &answers);
    plan.script(Node::Pc, "ip link set eth0 address 3c:97:0e:00:00:50");
    plan.services = vec![
        (Node::Internet, 53),
        (Node::Internet, crate::role::PUBLIC_NAMES),
        (Node::Internet, 80),
        (Node::Internet, 443),
        (Node::Lan, 22),
        (Node::Pc, 22),
    ];
    plan
}

fn nat(plan: &mut Plan, guests: &[Node]) {
    nat_segment(plan);
    for (number, guest) in (1..).zip(guests) {
        guest_on_tap(plan, "virbr0", *guest, number);
        guest_address(plan, *guest, &format!("192.168.122.1{number}/24"));
        plan.script(*guest, "ip route add default via 192.168.122.1");
    }
}

fn nat_tap(plan: &mut Plan) {
    nat_segment(plan);
    plan.nodes.push(Node::Guest);
    // The tap is made where the process is that holds it, then moved to where it belongs.
    plan.works.push((
        Node::Guest,
        Work::Cable {
            far: "vnet0",
            near: "eth0",
        },
    ));
    plan.script(
        Node::Guest,
        "ip link set vnet0 netns @pc\nip link set eth0 address 52:54:00:00:00:11",
    );
    tap_into_bridge(plan, "vnet0", "virbr0", 1);
    guest_address(plan, Node::Guest, "192.168.122.11/24");
    plan.script(Node::Guest, "ip route add default via 192.168.122.1");
}

fn nat_segment(plan: &mut Plan) {
    addressed_card(plan);
    plan.script(Node::Pc, TRANSLATION);
    bridge(plan, "virbr0", "192.168.122.1/24");
}

const TRANSLATION: &str = "echo 1 > /proc/sys/net/ipv4/ip_forward
nft 'table ip lab_nat {
    chain postrouting {
        type nat hook postrouting priority 100;
        ip saddr 192.168.122.0/24 ip daddr != 192.168.122.0/24 masquerade;
    }
}'";

fn routed(plan: &mut Plan) {
    addressed_card(plan);
    plan.script(Node::Pc, "echo 1 > /proc/sys/net/ipv4/ip_forward");
    plan.script(Node::Router, "ip route add 192.168.122.0/24 via 192.168.1.50");
    bridge(plan, "virbr0", "192.168.122.1/24");
    guest_on_tap(plan, "virbr0", Node::Guest, 1);
    guest_address(plan, Node::Guest, "192.168.122.11/24");
    plan.script(Node::Guest, "ip route add default via 192.168.122.1");
}

fn two_segments(plan: &mut Plan) {
    nat(plan, &[Node::Guest]);
    bridge(plan, "virbr1", "192.168.150.1/24");
    guest_on_tap(plan, "virbr1", Node::Guest2, 2);
    guest_address(plan, Node::Guest2, "192.168.150.12/24");
    plan.script(Node::Guest2, "ip route add default via 192.168.150.1");
}

fn two_cards(plan: &mut Plan) {
    bridged(plan);
    bridge(plan, "virbr0", "192.168.122.1/24");
    plan.script(Node::Pc, TRANSLATION);
    plan.cables.push((Node::Pc, "vnet1", Node::Guest, "eth1"));
    // The cards change places: the translated one is the first.
    plan.script(
        Node::Pc,
        "ip link set vnet0 master virbr0
        ip link set vnet1 address fe:54:00:00:01:11
        ip link set vnet1 master br0 up",
    );
    plan.script(
        Node::Guest,
        "ip link set eth1 address 52:54:00:00:01:11
        ip addr flush dev eth0
        ip addr add 192.168.122.11/24 brd + dev eth0
        ip addr add 192.168.1.71/24 brd + dev eth1
        ip link set eth1 up
        ip route replace default via 192.168.122.1",
    );
}

/// A layout's own names and addresses; what is around it is as ever.
fn drawn(plan: &mut Plan, layout: &Layout) {
    addressed_card(plan);
    plan.script(Node::Pc, &layout.host);
    plan.script(Node::Router, &layout.router);
    for (number, (guest, address)) in (1..).zip([Node::Guest, Node::Guest2].into_iter().zip(&layout.guests)) {
        guest_on_tap(plan, &layout.bridge, guest, number);
        guest_address(plan, guest, address);
        plan.script(guest, &layout.guest);
    }
}

fn internal(plan: &mut Plan) {
    addressed_card(plan);
    plan.script(Node::Pc, "ip link add virbr2 type bridge\nip link set virbr2 up");
    for (number, guest) in (1..).zip([Node::Guest, Node::Guest2]) {
        guest_on_tap(plan, "virbr2", guest, number);
        guest_address(plan, guest, &format!("10.10.10.1{number}/24"));
    }
}

fn libvirt(plan: &mut Plan, layout: &'static Premises) {
    addressed_card(plan);
    for (node, lines) in layout.before {
        plan.script(*node, lines);
    }
    // What people run on their own machine, and no firewall lets in by itself.
    plan.services.push((Node::Pc, 8080));
    plan.layout = Some(layout);
}

fn host_only(plan: &mut Plan) {
    addressed_card(plan);
    bridge(plan, "virbr1", "192.168.100.1/24");
    guest_on_tap(plan, "virbr1", Node::Guest, 1);
    guest_address(plan, Node::Guest, "192.168.100.11/24");
}

fn bridged(plan: &mut Plan) {
    bridge(plan, "br0", "192.168.1.50/24");
    plan.script(
        Node::Pc,
        "ip link set eth0 master br0 up\nip route add default via 192.168.1.1",
    );
    guest_on_tap(plan, "br0", Node::Guest, 1);
    guest_address(plan, Node::Guest, "192.168.1.71/24");
    plan.script(Node::Guest, "ip route add default via 192.168.1.1");
}

fn macvtap(plan: &mut Plan) {
    addressed_card(plan);
    plan.nodes.push(Node::Guest);
    plan.script(
        Node::Pc,
        "ip link add link eth0 name macvtap0 address 52:54:00:00:00:11 type macvtap mode bridge
        ip link set macvtap0 up
        mknod @scratch/tap c $(cat /sys/class/net/macvtap0/tap*/dev | tr : ' ')
        ip link add link eth0 name shim0 address 52:54:00:00:00:51 type macvlan mode bridge
        ip addr add 192.168.1.51/32 dev shim0
        ip link set shim0 up
        ip route add 192.168.1.71/32 dev shim0 src 192.168.1.51",
    );
    plan.works.push((
        Node::Guest,
        Work::Cable {
            far: "@scratch/tap",
            near: "eth0",
        },
    ));
    plan.script(Node::Guest, "ip link set eth0 address 52:54:00:00:00:11");
    guest_address(plan, Node::Guest, "192.168.1.71/24");
    plan.script(Node::Guest, "ip route add default via 192.168.1.1");
}

/// The PC's card with its LAN address and default route.
fn addressed_card(plan: &mut Plan) {
    plan.script(
        Node::Pc,
        "ip addr add 192.168.1.50/24 brd + dev eth0
        ip link set eth0 up
        ip route add default via 192.168.1.1",
    );
}

fn bridge(plan: &mut Plan, name: &str, address: &str) {
    plan.script(
        Node::Pc,
        &format!(
            "ip link add {name} type bridge
            ip addr add {address} brd + dev {name}
            ip link set {name} up"
        ),
    );
}

fn guest_on_tap(plan: &mut Plan, bridge: &str, guest: Node, number: usize) {
    plan.nodes.push(guest);
    let tap = if number == 1 { "vnet0" } else { "vnet1" };
    plan.cables.push((Node::Pc, tap, guest, "eth0"));
    tap_into_bridge(plan, tap, bridge, number);
    plan.script(
        guest,
        &format!("ip link set eth0 address 52:54:00:00:00:1{number}"),
    );
}

/// A tap's own address is the guest's with fe for 52, as libvirt makes it.
fn tap_into_bridge(plan: &mut Plan, tap: &str, bridge: &str, number: usize) {
    plan.script(
        Node::Pc,
        &format!(
            "ip link set {tap} address fe:54:00:00:00:1{number}
            ip link set {tap} master {bridge} up"
        ),
    );
}

/// As a lease would leave it, with a life time.
fn guest_address(plan: &mut Plan, guest: Node, address: &str) {
    plan.script(
        guest,
        &format!(
            "ip link set lo up
            ip addr add {address} brd + dev eth0 valid_lft 3600 preferred_lft 3600
            ip link set eth0 up"
        ),
    );
    plan.services.extend([(guest, 22), (guest, 8080)]);
}

impl Plan {
    fn script(&mut self, node: Node, lines: &str) {
        // A cable is laid at its place; what else machines do depends on none of the others.
        let since_cable = self.works.iter_mut().rev().map_while(|(own, work)| match work {
            Work::Shell(script) => Some((*own, script)),
            Work::Cable { .. } => None,
        });
        match since_cable.into_iter().find(|(own, _)| *own == node) {
            Some((_, script)) => {
                script.push('\n');
                script.push_str(lines);
            }
            None => {
                let is_known = self.works.iter().any(|(known, _)| *known == node);
                let basics = if is_known { "" } else { BASICS };
                self.works.push((node, Work::Shell(format!("{basics}{lines}"))));
            }
        }
    }
}

/// Every machine: loopback, and bridges that do not send frames through the packet filter of the IP layer.
const BASICS: &str = "ip link set lo up
if [ -e /proc/sys/net/bridge ]; then
    for family in arp ip ip6; do echo 0 > /proc/sys/net/bridge/bridge-nf-call-${family}tables; done
fi
";
