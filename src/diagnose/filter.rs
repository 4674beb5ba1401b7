//! Which way a packet goes through a packet filter, as far as its rules tell.
//!
//! Every base chain of the hook has to let the packet pass, whichever tool wrote it: an accept in one table does
//! not outvote a drop in another. A condition that the model does not hold may fit or not; where the two lead to
//! different ends the answer is *unknown*.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::model::{
    Chain, ConnectionState, FilterAction, FilterFamily, FilterMatch, FilterRule, Hook, MatchOn, PacketFilter,
};

/// A packet to be followed.
#[derive(Clone, Debug)]
pub struct Packet<'a> {
    /// Adapter it came in by; `None` for this machine's own packets.
    pub input: Option<&'a str>,
    /// Adapter it leaves by; `None` for packets to this machine.
    pub output: Option<&'a str>,
    /// Who sent it.
    pub source: IpAddr,
    /// Whom it is for.
    pub destination: IpAddr,
    /// What it carries.
    pub content: Content,
    /// Where connection tracking places it.
    pub state: ConnectionState,
    /// Whether it is bridged and seen by the IP filter all the same (bridge netfilter).
    pub bridged: bool,
}

impl Packet<'_> {
    /// The same as an answer within its connection: what it carries and where connection tracking places it.
    #[must_use]
    pub fn answered(mut self) -> Self {
        self.state = ConnectionState::Established;
        if self.content == Content::EchoRequest {
            self.content = Content::EchoReply;
        }
        self
    }
}

/// What a packet carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// An ICMP echo request.
    EchoRequest,
    /// An ICMP echo reply.
    EchoReply,
    /// TCP to this port.
    Tcp(u16),
    /// UDP to this port.
    Udp(u16),
}

/// What becomes of a packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Walk<'a> {
    /// Every chain lets it pass.
    Passes,
    /// This chain throws it away.
    Stopped(Stop<'a>),
    /// It depends on a condition that cannot be judged.
    Unknown,
}

/// Where a packet is thrown away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop<'a> {
    /// The chain.
    pub chain: &'a Chain,
    /// The rule; `None` when it is the chain's policy.
    pub rule: Option<&'a FilterRule>,
    /// Whether the sender is told.
    pub rejects: bool,
}

impl Stop<'_> {
    /// The rule or policy in words of the tool.
    pub fn describe(&self) -> String {
        let place = format!("{} {}", self.chain.table, self.chain.name);
        match self.rule {
            None => format!("{place}: policy drop"),
            Some(rule) => {
                let counted = rule
                    .packets
                    .map(|packets| format!(" [{packets} packets]"))
                    .unwrap_or_default();
                format!("{place}: {}{counted}", rule.text)
            }
        }
    }
}

/// Longest chain of jumps that is followed; the kernel itself allows 16.
const MAX_DEPTH: u8 = 16;
/// Most rules looked at for one packet, so that a hostile case cannot keep us busy.
const MAX_RULES: u32 = 200_000;
/// Most rules of one chain behind which is looked for another that stops the same packet.
const MAX_STOPS: usize = 4;

/// Follows `packet` through all base chains of `hook`.
pub fn walk<'a>(filter: &'a PacketFilter, hook: Hook, packet: &Packet<'_>) -> Walk<'a> {
    let mut base: Vec<&Chain> = filter
        .chains
        .iter()
        .filter(|chain| chain.hook == Some(hook) && sees(chain, packet))
        .collect();
    base.sort_by_key(|chain| chain.priority);
    let mut left = MAX_RULES;
    let mut unknown = false;
    for chain in base {
        match through(filter, chain, packet, &[], &mut left) {
            Walk::Stopped(stop) => return Walk::Stopped(stop),
            Walk::Passes => {}
            Walk::Unknown => unknown = true,
        }
    }
    if unknown || !filter.complete {
        Walk::Unknown
    } else {
        Walk::Passes
    }
}

/// Every place of `hook` that surely stops `packet`: whoever opens one of them still meets the others.
pub fn stops<'a>(filter: &'a PacketFilter, hook: Hook, packet: &Packet<'_>) -> Vec<Stop<'a>> {
    let mut left = MAX_RULES;
    let mut stops = Vec::new();
    for chain in filter
        .chains
        .iter()
        .filter(|chain| chain.hook == Some(hook) && sees(chain, packet))
    {
        // What is behind a rule shows when the rule is taken away.
        let mut without: Vec<&FilterRule> = Vec::new();
        while let Walk::Stopped(stop) = through(filter, chain, packet, &without, &mut left) {
            stops.push(stop);
            match stop.rule {
                Some(rule) if without.len() < MAX_STOPS => without.push(rule),
                _ => break,
            }
        }
    }
    stops.sort_by_key(|stop| stop.chain.priority);
    stops
}

/// What becomes of a packet in one base chain from which some rules are taken away.
fn through<'a>(
    filter: &'a PacketFilter,
    chain: &'a Chain,
    packet: &Packet<'_>,
    without: &[&FilterRule],
    left: &mut u32,
) -> Walk<'a> {
    let mut ends = run(filter, chain, packet, without, 0, left);
    if ends.goes_on || ends.returned {
        match chain.policy {
            Some(FilterAction::Drop) => {
                ends.stopped = Some(Stop {
                    chain,
                    rule: None,
                    rejects: false,
                })
            }
            _ => ends.accepted = true,
        }
    }
    match ends.stopped {
        Some(stop) if !ends.accepted && !ends.unknown => Walk::Stopped(stop),
        None if !ends.unknown => Walk::Passes,
        _ => Walk::Unknown,
    }
}

/// Every way in which the way through a chain may end, since a condition that cannot be judged leaves two open.
#[derive(Default)]
struct Ends<'a> {
    accepted: bool,
    /// The last of the places that may stop it: the one that does when no undecided rule before it fits.
    stopped: Option<Stop<'a>>,
    /// A rule may send it back to the caller.
    returned: bool,
    /// It may go on behind the rule, or reach the end of the chain.
    goes_on: bool,
    /// It may end in a way that this model does not hold.
    unknown: bool,
}

impl<'a> Ends<'a> {
    fn stopped(chain: &'a Chain, rule: &'a FilterRule, rejects: bool) -> Self {
        Self {
            stopped: Some(Stop {
                chain,
                rule: Some(rule),
                rejects,
            }),
            ..Self::default()
        }
    }

    fn anything() -> Self {
        Self {
            unknown: true,
            goes_on: true,
            ..Self::default()
        }
    }
}

fn run<'a>(
    filter: &'a PacketFilter,
    chain: &'a Chain,
    packet: &Packet<'_>,
    without: &[&FilterRule],
    depth: u8,
    left: &mut u32,
) -> Ends<'a> {
    let mut ends = Ends::default();
    let is_there = |rule: &&FilterRule| !without.iter().any(|gone| std::ptr::eq(*gone, *rule));
    for rule in chain.rules.iter().filter(is_there) {
        if *left == 0 {
            ends.unknown = true;
            return ends;
        }
        *left -= 1;
        let fits = fits(&rule.matches, packet);
        if fits == Some(false) {
            continue;
        }
        let own = act(filter, chain, rule, packet, without, depth, left);
        ends.accepted |= own.accepted;
        ends.stopped = own.stopped.or(ends.stopped);
        ends.returned |= own.returned;
        ends.unknown |= own.unknown;
        if fits == Some(true) && !own.goes_on {
            return ends;
        }
    }
    ends.goes_on = true;
    ends
}

/// What a rule does to a packet that it fits.
fn act<'a>(
    filter: &'a PacketFilter,
    chain: &'a Chain,
    rule: &'a FilterRule,
    packet: &Packet<'_>,
    without: &[&FilterRule],
    depth: u8,
    left: &mut u32,
) -> Ends<'a> {
    let nowhere = Ends::default();
    match &rule.action {
        FilterAction::Accept | FilterAction::Nat(_) => Ends {
            accepted: true,
            ..nowhere
        },
        FilterAction::Drop => Ends::stopped(chain, rule, false),
        FilterAction::Reject(_) => Ends::stopped(chain, rule, true),
        FilterAction::Return => Ends {
            returned: true,
            ..nowhere
        },
        FilterAction::Continue => Ends {
            goes_on: true,
            ..nowhere
        },
        FilterAction::Other(_) => Ends::anything(),
        FilterAction::Jump(name) | FilterAction::Goto(name) => {
            let Some(target) = called(filter, chain, name).filter(|_| depth < MAX_DEPTH) else {
                return Ends::anything();
            };
            let inner = run(filter, target, packet, without, depth + 1, left);
            let comes_back = inner.returned || inner.goes_on;
            // What was sent on by `goto` comes back to the caller of this chain.
            let jumped = matches!(rule.action, FilterAction::Jump(_));
            Ends {
                goes_on: comes_back && jumped,
                returned: comes_back && !jumped,
                ..inner
            }
        }
    }
}

/// The chain that a rule of `chain` calls by this name.
fn called<'a>(filter: &'a PacketFilter, chain: &Chain, name: &str) -> Option<&'a Chain> {
    filter.chains.iter().find(|other| {
        other.hook.is_none()
            && other.backend == chain.backend
            && other.family == chain.family
            && other.table == chain.table
            && other.name == *name
    })
}

fn sees(chain: &Chain, packet: &Packet<'_>) -> bool {
    match chain.family {
        FilterFamily::Ip => packet.destination.is_ipv4(),
        FilterFamily::Ip6 => packet.destination.is_ipv6(),
        FilterFamily::Inet => true,
        FilterFamily::Bridge | FilterFamily::Arp | FilterFamily::Other => false,
    }
}

/// Whether all conditions fit: `None` when one that cannot be judged decides.
fn fits(matches: &[FilterMatch], packet: &Packet<'_>) -> Option<bool> {
    let mut all = Some(true);
    for condition in matches {
        match fits_one(&condition.on, packet).map(|fits| fits != condition.negated) {
            Some(false) => return Some(false),
            Some(true) => {}
            None => all = None,
        }
    }
    all
}

fn fits_one(on: &MatchOn, packet: &Packet<'_>) -> Option<bool> {
    let adapter = |names: &[String], name: Option<&str>| {
        let name = name.unwrap_or_default();
        names.iter().any(|pattern| match pattern.strip_suffix('*') {
            Some(start) => name.starts_with(start),
            None => name == pattern,
        })
    };
    let within = |nets: &[IpNet], address: IpAddr| nets.iter().any(|net| net.contains(&address));
    let (protocol, port, icmp) = match packet.content {
        Content::EchoRequest if packet.destination.is_ipv6() => ("icmpv6", None, Some(128)),
        Content::EchoReply if packet.destination.is_ipv6() => ("icmpv6", None, Some(129)),
        Content::EchoRequest => ("icmp", None, Some(8)),
        Content::EchoReply => ("icmp", None, Some(0)),
        Content::Tcp(port) => ("tcp", Some(port), None),
        Content::Udp(port) => ("udp", Some(port), None),
    };
    match on {
        MatchOn::InputAdapter(names) => Some(adapter(names, packet.input)),
        MatchOn::OutputAdapter(names) => Some(adapter(names, packet.output)),
        MatchOn::InputPort(_) | MatchOn::OutputPort(_) => (!packet.bridged).then_some(false),
        MatchOn::Bridged => Some(packet.bridged),
        MatchOn::Source(nets) => Some(within(nets, packet.source)),
        MatchOn::Destination(nets) => Some(within(nets, packet.destination)),
        MatchOn::Protocol(names) => Some(names.iter().any(|name| {
            name.eq_ignore_ascii_case(protocol)
                || (protocol == "icmpv6" && name.eq_ignore_ascii_case("ipv6-icmp"))
                || (protocol == "icmp" && name == "1")
                || (protocol == "tcp" && name == "6")
                || (protocol == "udp" && name == "17")
                || name == "all"
        })),
        // A reply goes to the port that the request came from, which is not known; services use fixed ones.
        MatchOn::DestinationPort(ranges) => Some(
            packet.state == ConnectionState::New
                && port.is_some_and(|port| ranges.iter().any(|(low, high)| (*low..=*high).contains(&port))),
        ),
        MatchOn::SourcePort(ranges) => match port {
            None => Some(false),
            Some(port) if packet.state != ConnectionState::New => {
                Some(ranges.iter().any(|(low, high)| (*low..=*high).contains(&port)))
            }
            Some(_) => Some(ranges.iter().any(|(low, high)| *low <= 32768 && *high >= 60999)),
        },
        MatchOn::IcmpType(types) => Some(icmp.is_some_and(|kind| types.contains(&kind))),
        MatchOn::State(states) => Some(states.contains(&packet.state)),
        MatchOn::DestinationKind(kinds) => {
            let local = packet.output.is_none();
            Some(kinds.iter().any(|kind| match kind.to_ascii_lowercase().as_str() {
                "local" => local,
                "unicast" => !local,
                _ => false,
            }))
        }
        MatchOn::Opaque(_) => None,
    }
}

/// Another destination that a rule gives to a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewDestination<'a> {
    /// The address.
    pub address: IpAddr,
    /// The port, when that changes, too.
    pub port: Option<u16>,
    /// The rule.
    pub rule: &'a FilterRule,
}

/// The destination translation of `hook` that surely fits `packet`: a forwarded port.
pub fn new_destination<'a>(
    filter: &'a PacketFilter,
    hook: Hook,
    packet: &Packet<'_>,
) -> Option<NewDestination<'a>> {
    let mut left = MAX_RULES;
    let mut base = filter
        .chains
        .iter()
        .filter(|chain| chain.hook == Some(hook) && chain.table.contains("nat") && sees(chain, packet));
    base.find_map(|chain| destination_in(filter, chain, packet, 0, &mut left))
}

fn destination_in<'a>(
    filter: &'a PacketFilter,
    chain: &'a Chain,
    packet: &Packet<'_>,
    depth: u8,
    left: &mut u32,
) -> Option<NewDestination<'a>> {
    for rule in &chain.rules {
        *left = left.checked_sub(1)?;
        if fits(&rule.matches, packet) != Some(true) {
            continue;
        }
        match &rule.action {
            FilterAction::Nat(kind) if kind.starts_with("dnat") => {
                let (address, port) = kind.split_whitespace().find_map(address_and_port)?;
                return Some(NewDestination { address, port, rule });
            }
            FilterAction::Jump(name) | FilterAction::Goto(name) if depth < MAX_DEPTH => {
                let inner = called(filter, chain, name)
                    .and_then(|target| destination_in(filter, target, packet, depth + 1, left));
                if inner.is_some() {
                    return inner;
                }
            }
            FilterAction::Accept | FilterAction::Return | FilterAction::Nat(_) => return None,
            _ => {}
        }
    }
    None
}

/// `192.168.122.11`, `192.168.122.11:22`, `[fd00::11]:22`.
fn address_and_port(word: &str) -> Option<(IpAddr, Option<u16>)> {
    if let Ok(address) = word.parse::<IpAddr>() {
        return Some((address, None));
    }
    let whole: std::net::SocketAddr = word.parse().ok()?;
    Some((whole.ip(), Some(whole.port())))
}

/// Whether packets from `source` that leave by `output` get the leaving adapter's address (masquerade or source
/// NAT); `None` when the filter could not be read whole and no rule does it.
pub fn translates_source(
    filter: &PacketFilter,
    source: IpAddr,
    destination: IpAddr,
    output: &str,
) -> Option<bool> {
    let packet = Packet {
        input: None,
        output: Some(output),
        source,
        destination,
        content: Content::Tcp(443),
        state: ConnectionState::New,
        bridged: false,
    };
    let translates = filter.chains.iter().any(|chain| {
        sees(chain, &packet)
            && chain.rules.iter().any(|rule| {
                matches!(&rule.action, FilterAction::Nat(kind) if kind.starts_with("masquerade") || kind.starts_with("snat"))
                    && fits(&rule.matches, &packet) != Some(false)
            })
    });
    if translates {
        Some(true)
    } else {
        filter.complete.then_some(false)
    }
}

/// The source prefixes that rules translate: what somebody configured as segments behind NAT.
pub fn translated_segments(filter: &PacketFilter) -> Vec<IpNet> {
    let mut segments = Vec::new();
    for rule in filter.chains.iter().flat_map(|chain| &chain.rules) {
        if !matches!(&rule.action, FilterAction::Nat(kind) if kind.starts_with("masquerade") || kind.starts_with("snat"))
        {
            continue;
        }
        for condition in rule.matches.iter().filter(|condition| !condition.negated) {
            if let MatchOn::Source(nets) = &condition.on {
                segments.extend(nets.iter().filter(|net| net.prefix_len() > 0).copied());
            }
        }
    }
    segments.sort();
    segments.dedup();
    segments
}

#[cfg(test)]
mod tests;
