//! `tcpdump`: ARP answers, and requests with the answers to them.

use std::collections::BTreeMap;
use std::net::IpAddr;

use crate::model::{Capture, Case, Exchange, Mac, NeighborCheck, Place, Probe, ProbeResult};
use crate::parse::text::{self, source};
use crate::parse::{command, merge};

/// Most pairs of machines that are kept of one capture.
const MOST: usize = 1000;

/// Whether the line is a packet of `tcpdump`, or one of its own words.
pub fn is_line(line: &str) -> bool {
    let line = line.trim_start();
    line.contains(" ARP, ") && (line.contains("who-has ") || line.contains(" is-at "))
        || line.contains(" ICMP echo re")
        || line.contains(" ICMP6, echo re")
        || (line.contains(" IP ") && line.contains(" > ") && line.contains(": Flags ["))
        || (line.contains(" IP6 ") && line.contains(" > ") && line.contains(": Flags ["))
        || line.starts_with("tcpdump: verbose output suppressed")
        || (line.starts_with("listening on ") && line.contains("link-type"))
        || is_count(line)
}

/// `0 packets captured`: what it prints at its end.
fn is_count(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let number = words.next().is_some_and(|word| word.parse::<u64>().is_ok());
    let rest: Vec<&str> = words.collect();
    number
        && matches!(
            rest.as_slice(),
            ["packet" | "packets", "captured"]
                | ["packet" | "packets", "received", "by", "filter"]
                | ["packet" | "packets", "dropped", "by", "kernel"]
        )
}

/// Reads a packet capture: who answered for which address, and who asked whom for what, with the answers that were
/// seen. That somebody is not seen answering for an address proves nothing: it may have passed elsewhere.
pub fn read(text: &str, case: &mut Case, on: Place, command: &str) {
    let call = command::call(command);
    let listened = text.lines().find_map(|line| {
        let rest = line.trim_start().strip_prefix("listening on ")?;
        rest.split([',', ' ']).next().map(str::to_owned)
    });
    let adapter = listened.or_else(|| call.after("-i").map(str::to_owned));
    for (address, macs) in answers_for(text) {
        case.probes.push(Probe {
            from: on,
            to: Some(address),
            name: None,
            result: ProbeResult::Neighbor(NeighborCheck {
                adapter: adapter.clone(),
                before: None,
                after: None,
                answered: Some(true),
                macs,
            }),
            source: source(command),
            at_ms: None,
        });
    }
    let mut exchanges = Exchanges::default();
    let mut packets = false;
    let mut understood = false;
    for line in text.lines() {
        match Packet::of(line) {
            Some(packet) => {
                understood = true;
                exchanges.add(&packet);
            }
            None => packets |= line.contains(" > ") && is_line(line),
        }
    }
    if packets && !understood {
        // Without `-n` it prints names, and a name may stand for several addresses.
        merge::unread(case, "packet capture", "it has names for addresses", "tcpdump -n");
    }
    // A capture that went through a filter, or whose packets are names, may have held anything.
    let ended = !call.filtered() && !packets && text.lines().any(|line| is_count(line.trim()));
    let exchanges = exchanges.all();
    if ended || !exchanges.is_empty() {
        case.captures.push(Capture {
            on,
            adapter,
            filter: call.is(&["tcpdump"]).then(|| expression(&call)),
            ended,
            exchanges,
            source: source(command),
        });
    }
}

/// The words that say what to look for.
fn expression(call: &command::Call) -> String {
    const WITH_VALUE: [char; 14] = [
        'i', 'c', 's', 'w', 'r', 'F', 'G', 'W', 'C', 'B', 'y', 'E', 'T', 'Z',
    ];
    let takes_value = |word: &str| {
        let last = word.chars().last().filter(|_| !word.starts_with("--"));
        last.is_some_and(|letter| WITH_VALUE.contains(&letter))
    };
    call.operands(takes_value).collect::<Vec<&str>>().join(" ")
}

/// The hardware addresses that answered for each address.
fn answers_for(text: &str) -> BTreeMap<IpAddr, Vec<Mac>> {
    let mut heard: BTreeMap<IpAddr, Vec<Mac>> = BTreeMap::new();
    for line in text.lines() {
        let Some((before, after)) = line.split_once(" is-at ") else {
            continue;
        };
        let address = before.split_whitespace().last().and_then(text::address);
        let mac = after.split([',', ' ']).next().and_then(text::mac);
        if let (Some(address), Some(mac)) = (address, mac)
            && heard.len() < MOST
        {
            let macs = heard.entry(address).or_default();
            if !macs.contains(&mac) && macs.len() < 64 {
                macs.push(mac);
            }
        }
    }
    heard
}

/// What a packet is to an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    EchoRequest,
    EchoReply,
    /// The first packet of a connection.
    Opening,
    /// The answer to it.
    Opened,
    /// A refusal, or the end of a connection.
    Reset,
    /// An ICMP error of the sender's own.
    Error,
    /// Anything else.
    Other,
}

/// One packet of a capture.
#[derive(Clone, Debug)]
struct Packet {
    from: (IpAddr, Option<u16>),
    to: (IpAddr, Option<u16>),
    kind: Kind,
}

impl Packet {
    /// The packet of a line: `… 10.0.0.1.51000 > 10.0.0.2.22: Flags [S], …`. Hardware addresses may stand before.
    fn of(line: &str) -> Option<Self> {
        let mut rest = line;
        while let Some((before, after)) = rest.split_once(" > ") {
            let (target, said) = after.split_once(": ").unwrap_or((after, ""));
            let from = before.split_whitespace().last().and_then(end);
            let to = target.split_whitespace().next().and_then(end);
            if let (Some(from), Some(to)) = (from, to) {
                let kind = kind(said);
                return Some(Self { from, to, kind });
            }
            rest = after;
        }
        None
    }
}

fn kind(said: &str) -> Kind {
    let said = said.trim_start();
    let said = ["ICMP6, ", "ICMP "]
        .iter()
        .find_map(|name| said.strip_prefix(name))
        .map_or((said, false), |rest| (rest, true));
    match said {
        (words, true) if words.starts_with("echo request") => Kind::EchoRequest,
        (words, true) if words.starts_with("echo reply") => Kind::EchoReply,
        (words, true) if words.contains("unreachable") || words.contains("prohibited") => Kind::Error,
        (words, false) => {
            let flags = words
                .strip_prefix("Flags [")
                .and_then(|rest| rest.split_once(']'))
                .map(|(flags, _)| flags);
            match flags {
                Some(flags) if flags.contains('R') => Kind::Reset,
                Some(flags) if flags.contains('S') && flags.contains('.') => Kind::Opened,
                Some(flags) if flags.contains('S') => Kind::Opening,
                _ => Kind::Other,
            }
        }
        _ => Kind::Other,
    }
}

/// An address, with the port that `tcpdump` hangs on it with a dot.
fn end(word: &str) -> Option<(IpAddr, Option<u16>)> {
    let word = word.trim_end_matches([':', ',']);
    if let Some(address) = text::address(word) {
        return Some((address, None));
    }
    let (address, port) = word.rsplit_once('.')?;
    Some((text::address(address)?, Some(port.parse().ok()?)))
}

/// Requests and answers by sender, target and port.
#[derive(Default)]
struct Exchanges {
    counted: BTreeMap<(IpAddr, IpAddr, Option<u16>), (u32, u32)>,
}

impl Exchanges {
    fn add(&mut self, packet: &Packet) {
        let ((from, own), (to, port)) = (packet.from, packet.to);
        match packet.kind {
            Kind::EchoRequest => self.count((from, to, None), true),
            Kind::EchoReply => self.count((to, from, None), false),
            Kind::Opening => self.count((from, to, port), true),
            Kind::Opened => self.count((to, from, own), false),
            // The one who asked may end a connection, too: only who was asked answers with it.
            Kind::Reset => {
                if let Some((_, answers)) = self.counted.get_mut(&(to, from, own)) {
                    *answers = answers.saturating_add(1);
                }
            }
            // It does not say here which request it is about: whoever sends errors is not silent.
            Kind::Error => {
                let about = self.counted.iter_mut();
                for (_, (_, answers)) in about.filter(|((asker, asked, _), _)| *asker == to && *asked == from)
                {
                    *answers = answers.saturating_add(1);
                }
            }
            Kind::Other => {}
        }
    }

    fn count(&mut self, key: (IpAddr, IpAddr, Option<u16>), request: bool) {
        if self.counted.len() >= MOST && !self.counted.contains_key(&key) {
            return;
        }
        let (requests, answers) = self.counted.entry(key).or_default();
        let counter = if request { requests } else { answers };
        *counter = counter.saturating_add(1);
    }

    fn all(self) -> Vec<Exchange> {
        self.counted
            .into_iter()
            .map(|((from, to, port), (requests, answers))| Exchange {
                from,
                to,
                port,
                requests,
                answers,
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn captured(command: &str, text: &str) -> Vec<Capture> {
        let mut case = Case::default();
        read(text, &mut case, Place::Guest, command);
        case.captures
    }

    fn told(captures: &[Capture]) -> Vec<String> {
        let exchanges = captures.iter().flat_map(|capture| &capture.exchanges);
        exchanges
            .map(|one| {
                let port = one
                    .port
                    .map_or_else(|| "echo".to_owned(), |port| port.to_string());
                format!("{} {} {port} {}/{}", one.from, one.to, one.answers, one.requests)
            })
            .collect()
    }

    #[test]
    fn requests_and_answers_are_counted_in_every_form_that_it_prints() {
        let plain = "tcpdump: verbose output suppressed, use -v[v]... for full protocol decode\n\
            listening on eth0, link-type EN10MB (Ethernet), snapshot length 262144 bytes\n\
            12:00:01.000001 IP 192.168.122.1 > 192.168.122.11: ICMP echo request, id 1, seq 1, length 64\n\
            12:00:02.000001 IP 192.168.122.1 > 192.168.122.11: ICMP echo request, id 1, seq 2, length 64\n\
            ^C\n2 packets captured\n2 packets received by filter\n0 packets dropped by kernel\n";
        let captures = captured("sudo tcpdump -ni eth0 icmp", plain);
        assert_eq!(told(&captures), ["192.168.122.1 192.168.122.11 echo 0/2"]);
        let one = captures.first().expect("a capture");
        assert_eq!((one.adapter.as_deref(), one.ended), (Some("eth0"), true));
        assert_eq!(one.filter.as_deref(), Some("icmp"));
        // With hardware addresses, on any adapter, over two lines, and of IPv6.
        for text in [
            "12:00:01.1 52:54:00:00:00:01 > 52:54:00:00:00:02, ethertype IPv4 (0x0800), length 98: 10.0.0.1 > 10.0.0.2: ICMP echo request, id 1, seq 1, length 64\n",
            "12:00:01.1 eth0  In  IP 10.0.0.1 > 10.0.0.2: ICMP echo request, id 1, seq 1, length 64\n",
            "12:00:01.1 IP (tos 0x0, ttl 64, id 1, offset 0, flags [DF], proto ICMP (1), length 84)\n    10.0.0.1 > 10.0.0.2: ICMP echo request, id 1, seq 1, length 64\n",
        ] {
            assert_eq!(
                told(&captured("tcpdump -n", text)),
                ["10.0.0.1 10.0.0.2 echo 0/1"],
                "{text}"
            );
        }
        let text = "12:00:01.1 IP6 fd00::1 > fd00::2: ICMP6, echo request, id 1, seq 1, length 64\n\
            12:00:01.2 IP6 fd00::2 > fd00::1: ICMP6, echo reply, id 1, seq 1, length 64\n";
        assert_eq!(told(&captured("tcpdump -n", text)), ["fd00::1 fd00::2 echo 1/1"]);
    }

    #[test]
    fn a_connection_is_counted_by_its_first_packets() {
        let text = "12:00:01.1 IP 10.0.0.1.51000 > 10.0.0.2.22: Flags [S], seq 1, win 64240, length 0\n\
            12:00:02.1 IP 10.0.0.1.51000 > 10.0.0.2.22: Flags [S], seq 1, win 64240, length 0\n\
            12:00:03.1 IP 10.0.0.1.51001 > 10.0.0.2.80: Flags [S], seq 1, win 64240, length 0\n\
            12:00:03.2 IP 10.0.0.2.80 > 10.0.0.1.51001: Flags [S.], seq 9, ack 2, win 65160, length 0\n\
            12:00:03.3 IP 10.0.0.1.51001 > 10.0.0.2.80: Flags [.], ack 1, win 502, length 0\n\
            12:00:03.4 IP 10.0.0.1.51001 > 10.0.0.2.80: Flags [R.], seq 1, ack 1, win 502, length 0\n\
            12:00:04.1 IP 10.0.0.1.51002 > 10.0.0.2.81: Flags [S], seq 1, win 64240, length 0\n\
            12:00:04.2 IP 10.0.0.2.81 > 10.0.0.1.51002: Flags [R.], seq 0, ack 2, win 0, length 0\n";
        assert_eq!(
            told(&captured("tcpdump -n tcp", text)),
            [
                "10.0.0.1 10.0.0.2 22 0/2",
                "10.0.0.1 10.0.0.2 80 1/1",
                "10.0.0.1 10.0.0.2 81 1/1"
            ]
        );
        let refused = "12:00:01.1 IP 10.0.0.1.51000 > 10.0.0.2.22: Flags [S], seq 1, win 64240, length 0\n\
            12:00:01.2 IP 10.0.0.2 > 10.0.0.1: ICMP host 10.0.0.2 unreachable - admin prohibited filter, length 68\n";
        assert_eq!(
            told(&captured("tcpdump -n", refused)),
            ["10.0.0.1 10.0.0.2 22 1/1"]
        );
    }

    #[test]
    fn what_was_cut_or_holds_names_is_no_silence() {
        let nothing = "listening on eth0, link-type EN10MB (Ethernet)\n0 packets captured\n0 packets received by filter\n0 packets dropped by kernel\n";
        let ended = |command: &str, text: &str| captured(command, text).first().map(|one| one.ended);
        assert_eq!(ended("tcpdump -ni eth0 icmp", nothing), Some(true));
        assert_eq!(
            ended("tcpdump -ni eth0 icmp", "listening on eth0, link-type EN10MB\n"),
            None
        );
        assert_eq!(ended("tcpdump -ni eth0 | grep packets", nothing), None);
        let names =
            format!("12:00:01.1 IP pc.lan > web01.lan: ICMP echo request, id 1, seq 1, length 64\n{nothing}");
        assert_eq!(ended("tcpdump -i eth0 icmp", &names), None);
    }
}
