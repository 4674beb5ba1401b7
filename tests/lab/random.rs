//! Networks and faults drawn by seed. Packets decide whether the two ends can talk, and the verdict must say the same.

use crate::bench;
use crate::dice::Dice;
use crate::entry::{Entry, GUEST_SCRIPT, Node, Run, Step};
use crate::flow::Flow;
use crate::judge;
use crate::network::Network;
use crate::program;
use crate::score::{Row, Score, Tier};
use crate::topology::Topology;

/// A network's own names and addresses. What is drawn lives as long as the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The host's end of the virtual segment.
    pub bridge: String,
    /// The guests' addresses with their prefixes; one or two.
    pub guests: Vec<String>,
    /// Shell lines on the host, after its card has its address.
    pub host: String,
    /// Shell lines on the router.
    pub router: String,
    /// Shell lines on each guest.
    pub guest: String,
}

/// How the guests are connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Nat,
    Routed,
    HostOnly,
    Bridged,
}

/// All that is drawn before a fault: the numbers that faults and questions need.
struct Drawn {
    kind: Kind,
    bridge: String,
    guest: String,
    guest2: String,
    prefix: u8,
    /// The host's address in the segment.
    host: String,
    /// The segment's router.
    gateway: String,
    layout: &'static Layout,
}

/// Who asks whom, and how.
struct Question {
    from: Node,
    to: String,
    port: Option<u16>,
    tell: Vec<String>,
    guest_output: Vec<String>,
}

/// What else the user of a drawn network tells.
struct Told {
    mode: bool,
    pasted: bool,
}

/// One network with its faults and its two questions: whether echo passes, and whether TCP does.
pub fn draw(seed: u64, number: usize) -> [Entry; 2] {
    let mut dice = Dice::new(seed, number);
    let net = network(&mut dice);
    let from = ends(&mut dice, &net);
    let mut kinds = faults(&net, from.0);
    dice.shuffle(&mut kinds);
    // One fault mostly, none often enough, two sometimes.
    let count = *dice.pick(&[0, 0, 1, 1, 1, 1, 2, 2]);
    let mut steps: Vec<Step> = kinds.into_iter().take(count).collect();
    // A route can be changed only while what it leaves by is there.
    let is_route = |step: &Step| matches!(step, Step::Run { apply, .. } if apply.starts_with("ip route"));
    steps.sort_by_key(|step| !is_route(step));
    let steps: &'static [Step] = steps.leak();
    let told = Told {
        mode: dice.chance(40),
        pasted: dice.chance(30),
    };
    let port = port_of(&mut dice, &from);
    [None, Some(port)].map(|port| {
        let question = question(&net, &from, port, &told);
        let (flow, kind) = match question.port {
            Some(port) => (Flow::Tcp(question.from, leak(question.to.clone()), port), "tcp"),
            None => (Flow::Echo(question.from, leak(question.to.clone())), "echo"),
        };
        Entry {
            name: leak(format!("random-{seed}-{number:03}-{kind}")),
            topology: Topology::Drawn(net.layout),
            steps,
            traffic: vec![flow].leak(),
            tell: leak_all(question.tell),
            guest_output: leak_all(question.guest_output),
            ..Entry::FAULT
        }
    })
}

/// Builds and breaks, sees what packets do before and after each question, and holds the verdict against it. What could
/// not be held against anything is a row of its own, and wrong.
pub fn carry_out(entries: &[Entry; 2], score: &Score) -> Result<(), String> {
    let [first, _] = entries;
    let built = Network::build(first.topology).and_then(|mut network| {
        let mut steps = first.steps.iter().enumerate();
        steps.try_for_each(|(place, step)| network.apply(place, step))?;
        Ok(network)
    });
    let ask = |entry: &Entry| match &built {
        Ok(network) => answered(entry, network, score),
        Err(wrong) => Err(wrong.clone()),
    };
    let mut wrongs = Vec::new();
    for entry in entries {
        match ask(entry) {
            Ok(wrong) => wrongs.extend(wrong),
            Err(wrong) => {
                score.add(Row::without_answer(Tier::Random, entry, Run::Root, &wrong));
                wrongs.push(wrong);
            }
        }
    }
    match wrongs.is_empty() {
        true => Ok(()),
        false => Err(wrongs.join("\n")),
    }
}

/// What is wrong with the answer to one question; the error is that nothing can be said of it.
fn answered(entry: &Entry, network: &Network, score: &Score) -> Result<Option<String>, String> {
    let flow = entry.traffic.first().copied().ok_or("nothing is asked")?;
    // What is there may need a moment to come up.
    let before = flow.passes(network)? || flow.passes(network)?;
    let answer = program::diagnose(network, entry, Run::Root)?;
    let after = flow.passes(network)? || flow.passes(network)?;
    if before != after {
        return Err(format!(
            "{}: packets pass one time and do not another",
            entry.name
        ));
    }
    let mut wrongs = judge::verdict_wrongs(after, &answer);
    score.add(Row::new(Tier::Random, entry, Run::Root, &answer, &wrongs));
    if wrongs.is_empty() {
        return Ok(None);
    }
    wrongs.push(format!("{entry:#?}"));
    wrongs.push(bench::keep(entry, Run::Root, network, &answer)?);
    Ok(Some(wrongs.join("\n")))
}

fn network(dice: &mut Dice) -> Drawn {
    let kind = *dice.pick(&[Kind::Nat, Kind::Nat, Kind::Routed, Kind::HostOnly, Kind::Bridged]);
    let second = dice.chance(50);
    let (low, high) = (20 + dice.below(60), 100 + dice.below(20));
    if kind == Kind::Bridged {
        let bridge = (*dice.pick(&["br0", "vmbr0", "br-lan"])).to_owned();
        let (guest, guest2) = (format!("192.168.1.{high}"), format!("192.168.1.{}", high + 1));
        let layout = Layout {
            host: format!(
                "ip addr flush dev eth0\nip link add {bridge} type bridge\nip addr add 192.168.1.50/24 brd + dev {bridge}\n\
                 ip link set {bridge} up\nip link set eth0 master {bridge}\nip route add default via 192.168.1.1{}",
                surroundings(dice)
            ),
            bridge: bridge.clone(),
            guests: guests(&guest, second.then_some(&guest2), 24),
            router: "true".to_owned(),
            guest: "ip route add default via 192.168.1.1".to_owned(),
        };
        return Drawn {
            kind,
            bridge,
            guest,
            guest2,
            prefix: 24,
            host: "192.168.1.50".to_owned(),
            gateway: "192.168.1.1".to_owned(),
            layout: Box::leak(Box::new(layout)),
        };
    }
    let base = match dice.below(3) {
        0 => format!("10.{}.{}", 1 + dice.below(250), dice.below(256)),
        1 => format!("172.{}.{}", 18 + dice.below(12), dice.below(256)),
        _ => format!("192.168.{}", 2 + dice.below(250)),
    };
    let prefix = *dice.pick(&[24, 24, 24, 25, 22]);
    // The host's address and the guest's lie in the same quarter of the last byte, whatever the prefix.
    let bridge = (*dice.pick(&["virbr0", "virbr4", "virbr10", "br-vm", "lxdbr0", "mpqemubr0"])).to_owned();
    let (host, guest, guest2) = (
        format!("{base}.1"),
        format!("{base}.{low}"),
        format!("{base}.{}", low + 1),
    );
    let segment = format!("{host}/{prefix}");
    let translation = match (kind, dice.below(2)) {
        (Kind::Nat, 0) => format!(
            "\necho 1 > /proc/sys/net/ipv4/ip_forward
            iptables -t nat -A POSTROUTING -s {segment} ! -d {segment} -j MASQUERADE"
        ),
        (Kind::Nat, _) => format!(
            "\necho 1 > /proc/sys/net/ipv4/ip_forward
            nft add table ip guests
            nft 'add chain ip guests postrouting {{ type nat hook postrouting priority 100; }}'
            nft add rule ip guests postrouting oifname eth0 ip saddr {segment} masquerade"
        ),
        (Kind::Routed, _) => "\necho 1 > /proc/sys/net/ipv4/ip_forward".to_owned(),
        _ => String::new(),
    };
    let layout = Layout {
        host: format!(
            "ip link add {bridge} type bridge\nip addr add {segment} brd + dev {bridge}\nip link set {bridge} up{translation}{}",
            surroundings(dice)
        ),
        bridge: bridge.clone(),
        guests: guests(&guest, second.then_some(&guest2), prefix),
        router: if kind == Kind::Routed {
            format!("ip route add {base}.0/24 via 192.168.1.50")
        } else {
            "true".to_owned()
        },
        guest: if kind == Kind::HostOnly {
            "true".to_owned()
        } else {
            format!("ip route add default via {host}")
        },
    };
    Drawn {
        kind,
        bridge,
        guest,
        guest2,
        prefix,
        gateway: host.clone(),
        host,
        layout: Box::leak(Box::new(layout)),
    }
}

fn guests(first: &str, second: Option<&String>, prefix: u8) -> Vec<String> {
    let mut guests = vec![format!("{first}/{prefix}")];
    guests.extend(second.map(|address| format!("{address}/{prefix}")));
    guests
}

/// What else an ordinary computer has, and nothing to do with the question.
fn surroundings(dice: &mut Dice) -> String {
    let mut text = String::new();
    if dice.chance(30) {
        text.push_str(
            "\nip link add docker0 type bridge\nip addr add 172.17.0.1/16 brd + dev docker0\nip link set docker0 up",
        );
    }
    if dice.chance(25) {
        text.push_str("\nip link add virbr9 type bridge\nip addr add 192.168.254.1/24 brd + dev virbr9");
    }
    if dice.chance(25) {
        text.push_str("\nip link add spare0 type veth peer name spare1\nip link set spare0 up");
    }
    if dice.chance(25) {
        text.push_str(
            "\nnft add table inet site\nnft 'add chain inet site input { type filter hook input priority 10; policy accept; }'\n\
             nft add rule inet site input tcp dport 25 counter drop",
        );
    }
    if dice.chance(20) {
        text.push_str("\nip route add 10.255.0.0/16 via 192.168.1.60");
    }
    text
}

/// Who looks for whom.
fn ends(dice: &mut Dice, net: &Drawn) -> (Node, Node) {
    let second = net.layout.guests.len() > 1;
    match dice.below(if second { 8 } else { 7 }) {
        0..=3 => (Node::Pc, Node::Guest),
        4 => (Node::Guest, Node::Pc),
        5 | 6 => (Node::Guest, Node::Internet),
        _ => (Node::Guest, Node::Guest2),
    }
}

/// A port that the other end serves; a guest serves two.
fn port_of(dice: &mut Dice, (_, to): &(Node, Node)) -> u16 {
    match to {
        Node::Pc => 22,
        Node::Internet => 443,
        _ => *dice.pick(&[22, 8080]),
    }
}

fn question(net: &Drawn, (from, to): &(Node, Node), port: Option<u16>, told: &Told) -> Question {
    let mut tell = vec!["--guest-ip".to_owned(), net.guest.clone()];
    let to = match to {
        Node::Pc => {
            tell.extend(["--from", "guest", "--to", "host"].map(str::to_owned));
            net.host.clone()
        }
        Node::Internet => {
            tell.extend(
                ["--from", "guest", "--to", "internet", "--target", "203.0.113.10"].map(str::to_owned),
            );
            "203.0.113.10".to_owned()
        }
        Node::Guest2 => {
            tell.extend(["--from", "guest", "--to", "guest2", "--target", &net.guest2].map(str::to_owned));
            net.guest2.clone()
        }
        _ => net.guest.clone(),
    };
    if let Some(port) = port {
        tell.extend(["--port".to_owned(), port.to_string()]);
    }
    if told.mode {
        let mode = match net.kind {
            Kind::Nat => "nat",
            Kind::Routed => "routed",
            Kind::HostOnly => "host-only",
            Kind::Bridged => "bridged",
        };
        tell.extend(["--mode".to_owned(), mode.to_owned()]);
    }
    let guest_output = match (from, port) {
        (Node::Pc, _) if !told.pasted => Vec::new(),
        (Node::Pc, _) => vec![GUEST_SCRIPT.to_owned()],
        (_, None) => vec![GUEST_SCRIPT.to_owned(), format!("ping -c 3 -W 1 {to}")],
        (_, Some(port)) => vec![GUEST_SCRIPT.to_owned(), format!("nc -zvw 2 {to} {port}")],
    };
    Question {
        from: *from,
        to,
        port,
        tell,
        guest_output,
    }
}

/// What can be broken here. Each breaks something; whether it breaks what is asked, packets tell.
fn faults(net: &Drawn, from: Node) -> Vec<Step> {
    let Drawn {
        bridge,
        guest,
        host,
        gateway,
        prefix,
        ..
    } = net;
    let run = |at: Node, text: String| Step::Run {
        at,
        apply: leak(text),
        undo: "true",
    };
    let filter = |at: Node, hook: &str, policy: &str, rule: &str| {
        run(
            at,
            format!(
                "nft add table inet drawn\n\
                 nft 'add chain inet drawn {hook} {{ type filter hook {hook} priority 0; policy {policy}; }}'\n\
                 nft add rule inet drawn {hook} {rule}"
            ),
        )
    };
    let mut all = vec![
        run(Node::Pc, format!("ip link set {bridge} down")),
        run(Node::Pc, "ip link set vnet0 nomaster".to_owned()),
        run(Node::Pc, format!("ip addr flush dev {bridge}")),
        run(Node::Pc, format!("ip route add {guest}/32 via 192.168.1.1")),
        run(Node::Pc, format!("ip route add blackhole {guest}/32")),
        // What a VPN does that takes all of a private range for its own; nobody answers in it.
        run(
            Node::Pc,
            format!(
                "ip tuntap add tun7 mode tun\nip addr add 10.99.0.2/24 dev tun7\nip link set tun7 up\nip route add {guest}/32 dev tun7"
            ),
        ),
        run(Node::Pc, format!("ip route add prohibit {guest}/32")),
        run(Node::Pc, format!("ip rule add to {guest}/32 unreachable pref 50")),
        run(
            Node::Pc,
            format!(
                "ip route add default via 192.168.1.1 table 77\nip rule add to {guest}/32 lookup 77 pref 60"
            ),
        ),
        filter(Node::Pc, "output", "accept", &format!("ip daddr {guest} drop")),
        filter(
            Node::Pc,
            "output",
            "accept",
            &format!("oifname {bridge} ip protocol icmp drop"),
        ),
        filter(Node::Pc, "input", "accept", &format!("iifname {bridge} drop")),
        filter(Node::Pc, "input", "drop", "ct state established,related accept"),
        filter(
            Node::Pc,
            "input",
            "accept",
            &format!("iifname {bridge} ct state new reject"),
        ),
        filter(
            Node::Pc,
            "input",
            "accept",
            &format!("iifname {bridge} tcp dport 22 drop"),
        ),
        run(Node::Guest, "ip link set eth0 down".to_owned()),
        filter(Node::Guest, "input", "accept", "icmp type echo-request drop"),
        filter(
            Node::Guest,
            "input",
            "drop",
            "ct state established,related accept",
        ),
        filter(Node::Guest, "input", "accept", "tcp dport 22 drop"),
        filter(
            Node::Guest,
            "input",
            "accept",
            "meta l4proto { icmp, tcp } ct state new reject with icmp type admin-prohibited",
        ),
        run(
            Node::Guest,
            "echo 1 > /proc/sys/net/ipv4/icmp_echo_ignore_all".to_owned(),
        ),
        run(
            Node::Guest,
            "ip addr flush dev eth0\nip addr add 10.254.7.9/24 dev eth0".to_owned(),
        ),
        Step::Stop {
            at: Node::Guest,
            port: 22,
        },
    ];
    if matches!(net.kind, Kind::Nat | Kind::Routed) {
        all.extend([
            run(Node::Pc, "echo 0 > /proc/sys/net/ipv4/ip_forward".to_owned()),
            filter(Node::Pc, "forward", "drop", "ct state established,related accept"),
            filter(Node::Pc, "forward", "accept", &format!("iifname {bridge} drop")),
            run(Node::Pc, "ip link set eth0 down".to_owned()),
            // As Docker leaves it behind (https://docs.docker.com/engine/network/packet-filtering-firewalls/).
            run(
                Node::Pc,
                "iptables -P FORWARD DROP\niptables -N DOCKER-USER\niptables -N DOCKER-FORWARD\n\
                 iptables -A FORWARD -j DOCKER-USER\niptables -A FORWARD -j DOCKER-FORWARD\n\
                 iptables -A DOCKER-FORWARD -i docker0 -j ACCEPT"
                    .to_owned(),
            ),
        ]);
    }
    if net.kind != Kind::HostOnly {
        all.extend([
            run(Node::Guest, "ip route del default".to_owned()),
            run(
                Node::Guest,
                format!("ip route replace default via {}", wrong_gateway(gateway)),
            ),
            run(Node::Router, "ip link set eth1 down".to_owned()),
        ]);
    }
    if from == Node::Guest && *prefix == 24 {
        all.push(run(Node::Guest, format!("ip route add blackhole {host}/32")));
    }
    all
}

/// An address of the same segment where nobody is.
fn wrong_gateway(gateway: &str) -> String {
    match gateway.rsplit_once('.') {
        Some((start, _)) => format!("{start}.9"),
        None => gateway.to_owned(),
    }
}

fn leak(text: String) -> &'static str {
    text.leak()
}

fn leak_all(words: Vec<String>) -> &'static [&'static str] {
    let words: Vec<&'static str> = words.into_iter().map(leak).collect();
    words.leak()
}
