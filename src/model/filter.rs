//! Packet filters: Linux chains in one shape for nft and iptables, and the profile firewalls of Windows and macOS.

use std::net::IpAddr;

use ipnet::{IpNet, Ipv4Net};
use serde::{Deserialize, Serialize};

/// The packet filter of a Linux machine, as far as it could be read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PacketFilter {
    /// Every chain of every table.
    pub chains: Vec<Chain>,
    /// Whether all tables were read. When not, "nothing drops it here" is unknown.
    pub complete: bool,
}

/// One chain, in the shape that serves both nft and iptables.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chain {
    /// Which tool's rules these are.
    pub backend: FilterBackend,
    /// Which packets it sees.
    pub family: FilterFamily,
    /// Its table: `filter`, `nat`, `libvirt_network`.
    pub table: String,
    /// Its name: `FORWARD`, `LIBVIRT_FWI`, `input`.
    pub name: String,
    /// Where in the packet's way it is called; `None` for a chain that others jump to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hook: Option<Hook>,
    /// Order among the chains of one hook, smallest first.
    #[serde(default)]
    pub priority: i32,
    /// What happens to a packet that reaches its end; `None` for a chain that others jump to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<FilterAction>,
    /// Its rules in order.
    #[serde(default)]
    pub rules: Vec<FilterRule>,
}

/// Which tool's rules a chain was read from. nft and iptables-nft share the kernel's tables; a packet must
/// pass all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FilterBackend {
    /// `nft list ruleset`.
    Nft,
    /// `iptables-save`, `ip6tables-save`.
    Iptables,
    /// `iptables-legacy-save`, where iptables itself keeps its rules in nft's tables: a second filter beside the first.
    Legacy,
}

impl FilterBackend {
    /// The tool that changes its IPv4 rules, where that is iptables.
    pub fn iptables(self) -> &'static str {
        match self {
            Self::Legacy => "iptables-legacy",
            Self::Nft | Self::Iptables => "iptables",
        }
    }
}

/// Which packets a table sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FilterFamily {
    /// IPv4.
    Ip,
    /// IPv6.
    Ip6,
    /// Both.
    Inet,
    /// Frames on a bridge.
    Bridge,
    /// ARP.
    Arp,
    /// Frames of one adapter, and everything else.
    #[serde(other)]
    Other,
}

/// Where in a packet's way through the machine a chain is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hook {
    /// On arrival, before the route look-up.
    Prerouting,
    /// For this machine.
    Input,
    /// Passing through.
    Forward,
    /// From this machine.
    Output,
    /// On leaving, after the route look-up.
    Postrouting,
    /// Before everything else.
    #[serde(other)]
    Ingress,
}

/// One rule: it acts on the packets that fit all its matches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilterRule {
    /// What a packet must be like; empty is every packet.
    #[serde(default)]
    pub matches: Vec<FilterMatch>,
    /// What happens to it.
    pub action: FilterAction,
    /// Packets that the rule has acted on, when it counts them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub packets: Option<u64>,
    /// The rule in its own tool's words.
    #[serde(default)]
    pub text: String,
}

/// One condition of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilterMatch {
    /// What it looks at and what it wants to see.
    pub on: MatchOn,
    /// Whether it wants to see anything else (`!`).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub negated: bool,
}

/// What a condition looks at. Lists fit when one of their entries fits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MatchOn {
    /// Adapter it came in by; a name may end in `*` (iptables writes `+`, which is stored as `*`).
    InputAdapter(Vec<String>),
    /// Adapter it leaves by.
    OutputAdapter(Vec<String>),
    /// Bridge port it came in by.
    InputPort(Vec<String>),
    /// Bridge port it leaves by.
    OutputPort(Vec<String>),
    /// Whether it is bridged and not routed.
    Bridged,
    /// Source prefixes.
    Source(Vec<IpNet>),
    /// Destination prefixes.
    Destination(Vec<IpNet>),
    /// Protocols by name: `icmp`, `tcp`, `udp`, `icmpv6`.
    Protocol(Vec<String>),
    /// Destination ports as inclusive ranges.
    DestinationPort(Vec<(u16, u16)>),
    /// Source ports as inclusive ranges.
    SourcePort(Vec<(u16, u16)>),
    /// ICMP types by number (8 is echo request, 0 is echo reply; for IPv6 128 and 129).
    IcmpType(Vec<u8>),
    /// Connection tracking states.
    State(Vec<ConnectionState>),
    /// Kind of destination: `local`, `broadcast`, `multicast`, `unicast`.
    DestinationKind(Vec<String>),
    /// A condition this model does not hold, in its tool's words; whether it fits is unknown.
    Opaque(String),
}

/// Where connection tracking places a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConnectionState {
    /// Starts a connection.
    New,
    /// Belongs to one.
    Established,
    /// Started by one.
    Related,
    /// Fits none.
    Invalid,
    /// Was changed by destination NAT.
    Dnat,
    /// Was changed by source NAT.
    Snat,
    /// Not tracked.
    Untracked,
}

/// What a rule or a policy does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FilterAction {
    /// Lets the packet pass this chain's hook.
    Accept,
    /// Throws it away silently.
    Drop,
    /// Throws it away and answers; the text is the kind of answer (`icmp-port-unreachable`, `tcp-reset`).
    Reject(String),
    /// Goes on in another chain and comes back.
    Jump(String),
    /// Goes on in another chain and does not come back.
    Goto(String),
    /// Goes back to the chain that called this one.
    Return,
    /// Counts, logs or marks it and goes on.
    Continue,
    /// Translates addresses; the text is `masquerade`, `snat`, `dnat` or `redirect` with its target.
    Nat(String),
    /// Something this model does not hold.
    Other(String),
}

/// Programs that write packet filter rules and would overwrite or outvote ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FilterManager {
    /// Ubuntu's ufw.
    Ufw,
    /// firewalld.
    Firewalld,
    /// The nftables service with its own file.
    Nftables,
    /// iptables rules loaded at boot.
    IptablesPersistent,
    /// Docker.
    Docker,
    /// libvirt.
    Libvirt,
    /// Somebody else.
    #[serde(other)]
    Other,
}

/// The firewall of a Windows machine.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SystemFirewall {
    /// Its profiles.
    pub profiles: Vec<FirewallProfile>,
    /// The rules that were read.
    pub rules: Vec<FirewallRule>,
    /// Another product that registered itself as the firewall.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other_products: Vec<String>,
}

/// One profile of the Windows firewall.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FirewallProfile {
    /// `domain`, `private` or `public`.
    pub name: String,
    /// Whether it filters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// Whether inbound packets are blocked unless a rule allows them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blocks_inbound: Option<bool>,
    /// Whether inbound packets are blocked even when a rule allows them ("block all").
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blocks_all_inbound: Option<bool>,
    /// Whether outbound packets are blocked unless a rule allows them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blocks_outbound: Option<bool>,
    /// Whether rules of this machine count (false: group policy only).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub local_rules: Option<bool>,
}

/// One rule of the Windows firewall.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FirewallRule {
    /// Its stable name.
    pub name: String,
    /// What people see.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// Whether it counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// Whether it is for packets that come in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inbound: Option<bool>,
    /// Whether it allows (else blocks).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allows: Option<bool>,
    /// `ICMPv4`, `TCP`, `UDP`, `Any`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub protocol: Option<String>,
    /// Local ports as the system prints them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub local_port: Option<String>,
    /// Profiles it is for, in small letters; empty is all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub profiles: Vec<String>,
    /// Remote addresses as the system prints them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remote: Option<String>,
    /// The one program that it is for, by path; `System` is the kernel. Missing is everybody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub program: Option<String>,
    /// Whether the list that it was read from tells not all of its conditions: what fits it may still not be meant.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub partial: bool,
}

/// A packet as the rules of the Windows firewall look at it.
#[derive(Clone, Copy, Debug)]
pub struct FirewallPacket<'a> {
    /// Whether it comes in.
    pub inbound: bool,
    /// The profile of the adapter; `None` where any of them may be its own.
    pub profile: Option<&'a str>,
    /// `tcp`, `icmpv4`.
    pub protocol: &'a str,
    /// Its port on this machine; `None` where nobody chose one.
    pub port: Option<u16>,
    /// The other machine; `None` where that may be anybody.
    pub remote: Option<IpAddr>,
    /// Whether the other machine is in a segment of this one's own.
    pub beside: bool,
    /// The program here that it is from or for, where that is known.
    pub program: Option<&'a str>,
}

/// How far a rule is for a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// It is not.
    No,
    /// It may be: something that it asks for is not known.
    Maybe,
    /// It is.
    Whole,
}

impl Fit {
    fn when(fits: bool) -> Self {
        if fits { Self::Whole } else { Self::No }
    }
}

impl FirewallRule {
    /// How far it decides about this packet.
    pub fn fits(&self, packet: &FirewallPacket<'_>) -> Fit {
        let counts = self.enabled == Some(true) && self.inbound == Some(packet.inbound);
        [
            Fit::when(counts),
            self.fits_profile(packet.profile),
            self.fits_protocol(packet.protocol),
            self.fits_port(packet),
            self.fits_remote(packet),
            self.fits_program(packet),
            if self.partial { Fit::Maybe } else { Fit::Whole },
        ]
        .into_iter()
        .min()
        .unwrap_or(Fit::No)
    }

    /// What people see of it.
    pub fn shown_name(&self) -> &str {
        self.display_name.as_deref().unwrap_or(&self.name)
    }

    fn fits_profile(&self, profile: Option<&str>) -> Fit {
        match profile {
            _ if self.profiles.is_empty() => Fit::Whole,
            Some(profile) => Fit::when(
                self.profiles
                    .iter()
                    .any(|name| name.eq_ignore_ascii_case(profile)),
            ),
            None => Fit::Maybe,
        }
    }

    /// The list of rules that the cmdlet prints names no protocols.
    fn fits_protocol(&self, protocol: &str) -> Fit {
        self.protocol.as_deref().map_or(Fit::Maybe, |own| {
            let own = protocol_name(own);
            Fit::when(is_any(own) || own.eq_ignore_ascii_case(protocol_name(protocol)))
        })
    }

    fn fits_port(&self, packet: &FirewallPacket<'_>) -> Fit {
        // What stands there for ICMP are types.
        let has_ports = ["tcp", "udp"]
            .iter()
            .any(|name| protocol_name(packet.protocol).eq_ignore_ascii_case(name));
        let Some(ports) = self
            .local_port
            .as_deref()
            .filter(|ports| has_ports && !is_any(ports))
        else {
            return Fit::Whole;
        };
        packet.port.map_or(Fit::Maybe, |port| {
            Fit::when(words(ports).any(|word| is_any(word) || holds_port(word, port)))
        })
    }

    fn fits_remote(&self, packet: &FirewallPacket<'_>) -> Fit {
        let Some(remote) = self.remote.as_deref().filter(|remote| !is_any(remote)) else {
            return Fit::Whole;
        };
        packet.remote.map_or(Fit::Maybe, |address| {
            let local = |word: &str| {
                let family = if address.is_ipv4() {
                    "localsubnet4"
                } else {
                    "localsubnet6"
                };
                packet.beside
                    && ["localsubnet", family]
                        .iter()
                        .any(|known| word.eq_ignore_ascii_case(known))
            };
            Fit::when(words(remote).any(|word| is_any(word) || local(word) || holds(word, address)))
        })
    }

    /// Echo is answered by the kernel, whatever programs there are.
    fn fits_program(&self, packet: &FirewallPacket<'_>) -> Fit {
        let Some(own) = self.program.as_deref().filter(|own| !is_any(own)) else {
            return Fit::Whole;
        };
        let by_kernel = protocol_name(packet.protocol).starts_with("icmp");
        match packet.program {
            _ if by_kernel => Fit::when(own.eq_ignore_ascii_case("system")),
            Some(program) => Fit::when(file_name(own).eq_ignore_ascii_case(file_name(program))),
            None => Fit::Maybe,
        }
    }
}

/// The last part of a path of Windows.
fn file_name(path: &str) -> &str {
    path.rsplit(['\\', '/']).next().unwrap_or(path)
}

/// The entries of a list of ports or addresses.
fn words(list: &str) -> impl Iterator<Item = &str> {
    list.split([',', ' ']).filter(|word| !word.is_empty())
}

/// The words for "all of them": the cmdlets say `Any`, the firewall's object `*`.
fn is_any(word: &str) -> bool {
    let word = word.trim();
    word.is_empty() || word == "*" || word.eq_ignore_ascii_case("any")
}

/// A protocol by its name: the firewall's object tells numbers.
fn protocol_name(protocol: &str) -> &str {
    match protocol.trim() {
        "1" => "icmpv4",
        "6" => "tcp",
        "17" => "udp",
        "58" => "icmpv6",
        "256" => "any",
        name => name,
    }
}

/// Whether `port` is `8080` or in `8000-8100`.
fn holds_port(range: &str, port: u16) -> bool {
    let (first, last) = range.split_once('-').unwrap_or((range, range));
    match (first.trim().parse::<u16>(), last.trim().parse::<u16>()) {
        (Ok(first), Ok(last)) => (first..=last).contains(&port),
        _ => false,
    }
}

/// Whether `address` is in `10.0.0.5`, `10.0.0.0/8`, `10.0.0.0/255.0.0.0` or `10.0.0.1-10.0.0.9`.
fn holds(range: &str, address: IpAddr) -> bool {
    if let Some((first, last)) = range.split_once('-') {
        return match (first.trim().parse::<IpAddr>(), last.trim().parse::<IpAddr>()) {
            (Ok(first), Ok(last)) => {
                first.is_ipv4() == address.is_ipv4() && (first..=last).contains(&address)
            }
            _ => false,
        };
    }
    let masked = || {
        let (net, mask) = range.split_once('/')?;
        Ipv4Net::with_netmask(net.parse().ok()?, mask.parse().ok()?).ok()
    };
    range.parse() == Ok(address)
        || range.parse::<IpNet>().is_ok_and(|net| net.contains(&address))
        || masked().is_some_and(|net| IpNet::V4(net).contains(&address))
}

/// The application firewall and packet filter of a Mac.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MacFirewall {
    /// Whether the application firewall is on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// Whether it blocks every inbound connection.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blocks_all: Option<bool>,
    /// Whether it leaves echo requests and closed ports unanswered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stealth: Option<bool>,
    /// Programs it blocks, by path.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub blocked: Vec<String>,
    /// Lines of pf that translate for the virtual networks, as pf prints them; `None` when nobody asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pf_nat: Option<Vec<String>>,
    /// Lines of pf that block, as pf prints them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pf_blocks: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACKET: FirewallPacket<'static> = FirewallPacket {
        inbound: true,
        profile: Some("public"),
        protocol: "tcp",
        port: Some(8080),
        remote: Some(IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 5))),
        beside: true,
        program: None,
    };

    fn rule() -> FirewallRule {
        FirewallRule {
            enabled: Some(true),
            inbound: Some(true),
            protocol: Some("TCP".to_owned()),
            ..FirewallRule::default()
        }
    }

    #[test]
    fn a_rule_of_windows_covers_what_its_words_say() {
        let fits = |remote: &str| {
            let remote = Some(remote.to_owned());
            FirewallRule { remote, ..rule() }.fits(&PACKET)
        };
        for remote in [
            "*",
            "",
            "Any",
            "10.0.0.5",
            "10.0.0.0/8",
            "10.0.0.0/255.0.0.0",
            "10.0.0.5/255.255.255.255",
            "10.0.0.1-10.0.0.9",
            "192.168.1.1,10.0.0.0/255.255.255.0",
            "LocalSubnet",
            "LocalSubnet4",
        ] {
            assert_eq!(fits(remote), Fit::Whole, "{remote}");
        }
        for remote in [
            "10.0.1.0/255.255.255.0",
            "10.0.0.6-10.0.0.9",
            "fe80::/64",
            "DNS",
            "192.168.1.1,",
            "LocalSubnet6",
        ] {
            assert_eq!(fits(remote), Fit::No, "{remote}");
        }
        let anybody = FirewallPacket {
            remote: None,
            ..PACKET
        };
        let narrow = FirewallRule {
            remote: Some("10.0.0.5".to_owned()),
            ..rule()
        };
        assert_eq!(
            (narrow.fits(&anybody), rule().fits(&anybody)),
            (Fit::Maybe, Fit::Whole)
        );
    }

    #[test]
    fn ports_are_numbers_lists_and_ranges() {
        let fits = |ports: &str| {
            let local_port = Some(ports.to_owned());
            FirewallRule { local_port, ..rule() }.fits(&PACKET)
        };
        for ports in ["8080", "80,8080", "443, 8000-8100", "*", "Any", "8000-8100", ""] {
            assert_eq!(fits(ports), Fit::Whole, "{ports}");
        }
        for ports in ["80", "80,443", "8081-8100", "x-y", "RPC", "8080-"] {
            assert_eq!(fits(ports), Fit::No, "{ports}");
        }
    }

    #[test]
    fn protocols_are_names_and_numbers() {
        let fits = |own: Option<&str>, protocol: &str| {
            let protocol_of_rule = own.map(str::to_owned);
            let rule = FirewallRule {
                protocol: protocol_of_rule,
                local_port: Some("8".to_owned()),
                ..rule()
            };
            rule.fits(&FirewallPacket {
                protocol,
                port: Some(8),
                ..PACKET
            })
        };
        for own in ["tcp", "TCP", "6", "Any", "256", "*"] {
            assert_eq!(fits(Some(own), "tcp"), Fit::Whole, "{own}");
        }
        for own in ["ICMPv4", "1"] {
            assert_eq!(fits(Some(own), "icmpv4"), Fit::Whole, "{own}");
            assert_eq!(fits(Some(own), "tcp"), Fit::No, "{own}");
        }
        assert_eq!(fits(Some("17"), "tcp"), Fit::No);
        assert_eq!(fits(None, "tcp"), Fit::Maybe);
    }

    #[test]
    fn a_rule_for_one_program_says_nothing_of_others() {
        let node = FirewallRule {
            program: Some(r"C:\Program Files\nodejs\node.exe".to_owned()),
            ..rule()
        };
        let held_by = |program: Option<&'static str>| FirewallPacket { program, ..PACKET };
        assert_eq!(node.fits(&held_by(None)), Fit::Maybe);
        assert_eq!(node.fits(&held_by(Some("Node.exe"))), Fit::Whole);
        assert_eq!(node.fits(&held_by(Some("nginx.exe"))), Fit::No);
        // Echo is the kernel's.
        let echo = FirewallPacket {
            protocol: "icmpv4",
            ..PACKET
        };
        let any = |program: &str| FirewallRule {
            protocol: Some("Any".to_owned()),
            program: Some(program.to_owned()),
            ..rule()
        };
        assert_eq!(any("System").fits(&echo), Fit::Whole);
        assert_eq!(any(r"C:\node.exe").fits(&echo), Fit::No);
    }
}
