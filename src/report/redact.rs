//! A case that can be handed to strangers: names, hardware addresses and public addresses replaced.
//!
//! The same input gives the same stand-in everywhere in the case, raw outputs included. What a diagnosis stands on
//! is kept: vendor parts of hardware addresses, a tap's likeness to its guest's card, address families, prefix
//! lengths, who shares a segment, and the last byte of IPv4 addresses (`.1`, `.2` and `.255` mean something).

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;
use serde_json::Value;

use crate::model::{Case, HypervisorId, Mac, Mode, Os, is_private};
use crate::parse;

/// What kind of thing a stand-in stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HiddenKind {
    /// The name of a machine, a host or a user.
    Name,
    /// A hardware address.
    Hardware,
    /// A public address, or one of a VPN.
    Address,
}

/// One thing that is hidden.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hidden {
    /// What kind of thing it is.
    pub kind: HiddenKind,
    /// What stands in the case, as it is written there.
    pub what: String,
    /// What stands in the report in its place.
    pub stand_in: String,
}

/// Most things that are listed one by one.
const MOST_LISTED: usize = 2_000;

/// The case with its identities replaced. Private addresses of ordinary segments stay: everybody has the same.
pub fn redact(case: &Case) -> Case {
    replaced(case).0
}

/// What [`redact`] would replace, each thing once in every spelling, and by what: for looking at before it is done.
pub fn hidden(case: &Case) -> Vec<Hidden> {
    replaced(case).1.into_iter().collect()
}

fn replaced(case: &Case) -> (Case, BTreeSet<Hidden>) {
    let facts = parse::resolve(case);
    let Ok(mut value) = serde_json::to_value(case) else {
        return (Case::default(), BTreeSet::new());
    };
    let mut texts = Vec::new();
    strings(&value, &mut texts);
    let mut stand_ins = StandIns::new(&facts, &texts);
    stand_ins.replace(&mut value);
    // Stand-ins have the form of what they stand for, so this cannot fail; if it did, nothing may leak.
    let hidden = serde_json::from_value(value).unwrap_or_default();
    (hidden, stand_ins.seen)
}

fn strings<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => found.push(text),
        Value::Array(values) => values.iter().for_each(|value| strings(value, found)),
        Value::Object(fields) => fields.values().for_each(|value| strings(value, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Public resolvers that everybody uses say nothing about anybody.
const WELL_KNOWN: [Ipv4Addr; 9] = [
    Ipv4Addr::new(1, 1, 1, 1),
    Ipv4Addr::new(1, 0, 0, 1),
    Ipv4Addr::new(8, 8, 8, 8),
    Ipv4Addr::new(8, 8, 4, 4),
    Ipv4Addr::new(9, 9, 9, 9),
    Ipv4Addr::new(114, 114, 114, 114),
    Ipv4Addr::new(119, 29, 29, 29),
    Ipv4Addr::new(223, 5, 5, 5),
    Ipv4Addr::new(223, 6, 6, 6),
];

/// Names that are words of the outputs themselves. Replacing them would change what an output says, and they
/// betray nobody.
const WORDS: [&str; 102] = [
    "host",
    "guest",
    "guest2",
    "lan",
    "internet",
    "default",
    "local",
    "localhost",
    "localdomain",
    "router",
    "gateway",
    "bridge",
    "network",
    "running",
    "paused",
    "saved",
    "off",
    "shut",
    "inactive",
    "active",
    "kernel",
    "static",
    "dhcp",
    "boot",
    "unicast",
    "reachable",
    "stale",
    "failed",
    "permanent",
    "unknown",
    "link",
    "ether",
    "inet",
    "inet6",
    "live",
    "case",
    "name",
    "mac",
    "ipv4",
    "ipv6",
    "ubuntu",
    "debian",
    "fedora",
    "kali",
    "win10",
    "win11",
    "dev",
    "via",
    "src",
    "metric",
    "proto",
    "scope",
    "up",
    "down",
    "on",
    "state",
    "table",
    "main",
    "none",
    "any",
    "all",
    "old",
    "new",
    "true",
    "false",
    "yes",
    "no",
    "enabled",
    "disabled",
    "connected",
    "auto",
    "manual",
    "private",
    "public",
    "domain",
    "internal",
    "external",
    "nat",
    "tap",
    "vm",
    "server",
    "client",
    "user",
    "type",
    "mode",
    "address",
    "interface",
    "adapter",
    "switch",
    "port",
    "filter",
    "input",
    "output",
    "forward",
    "accept",
    "drop",
    "chain",
    "rule",
    "policy",
    "example.com",
    "example.org",
    "example.net",
];

struct StandIns {
    /// Longest first, so that a name within another name is not taken apart.
    names: Vec<(String, String)>,
    macs: HashMap<[u8; 5], u32>,
    known_macs: BTreeSet<Mac>,
    public: BTreeMap<[u8; 2], (u8, u8)>,
    taken: BTreeSet<(u8, u8)>,
    hidden_nets: Vec<IpNet>,
    hidden: BTreeMap<[u8; 2], (u8, u8)>,
    sites: BTreeMap<[u8; 6], u16>,
    seen: BTreeSet<Hidden>,
}

impl StandIns {
    fn new(facts: &Case, texts: &[&str]) -> Self {
        let mut known_macs = BTreeSet::new();
        for system in [&facts.host, &facts.guest, &facts.guest2, &facts.lan] {
            known_macs.extend(system.adapters.rows().iter().filter_map(|adapter| adapter.mac));
            known_macs.extend(system.neighbors.rows().iter().filter_map(|entry| entry.mac));
        }
        for machine in facts
            .hypervisors
            .iter()
            .flat_map(|product| product.machines.rows())
        {
            known_macs.extend(machine.nics.iter().filter_map(|nic| nic.mac));
        }
        let mut taken = BTreeSet::new();
        for text in texts {
            for word in text.split(|c: char| !(c.is_ascii_digit() || c == '.')) {
                if let Ok(address) = word.parse::<Ipv4Addr>() {
                    let [a, b, ..] = address.octets();
                    taken.insert((a, b));
                }
            }
        }
        Self {
            names: names(facts, texts),
            macs: HashMap::new(),
            known_macs,
            public: BTreeMap::new(),
            taken,
            hidden_nets: hidden_nets(facts),
            hidden: BTreeMap::new(),
            sites: BTreeMap::new(),
            seen: BTreeSet::new(),
        }
    }

    /// Writes down what was replaced.
    fn note(&mut self, kind: HiddenKind, what: &str, stand_in: &str) {
        if what != stand_in && self.seen.len() < MOST_LISTED {
            self.seen.insert(Hidden {
                kind,
                what: what.to_owned(),
                stand_in: stand_in.to_owned(),
            });
        }
    }

    fn replace(&mut self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.text(text),
            Value::Array(values) => values.iter_mut().for_each(|value| self.replace(value)),
            Value::Object(fields) => fields.values_mut().for_each(|value| self.replace(value)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// A text with every address and name in it replaced.
    fn text(&mut self, text: &str) -> String {
        let named = self.named(text);
        let named = self.spaced_hardware(&named);
        let mut out = String::with_capacity(named.len());
        let mut rest = named.as_str();
        while !rest.is_empty() {
            let end = rest.find(|c: char| !is_address_char(c)).unwrap_or(rest.len());
            let (run, after) = rest.split_at(end);
            // A run that is glued to further letters is part of a word.
            let is_word = after.starts_with(|c: char| c.is_alphanumeric() || c == '_')
                || out.ends_with(|c: char| c.is_alphanumeric() || c == '_');
            if !run.is_empty() && !is_word {
                let (prefix, used) = prefix_length(after);
                let replaced = self.run(run, prefix);
                out.push_str(&replaced);
                out.push_str(&after[..used]);
                rest = &after[used..];
                let (blanks, used) = column(run, &replaced, rest);
                out.extend(std::iter::repeat_n(' ', blanks));
                rest = &rest[used..];
            } else {
                out.push_str(run);
                rest = after;
            }
            // What is no address goes through as it is.
            let skip = rest.find(is_address_char).unwrap_or(rest.len());
            out.push_str(&rest[..skip]);
            rest = &rest[skip..];
        }
        out
    }

    /// Replaces the hardware addresses of Windows' `route print`, whose bytes stand apart: ` 9...3c 7c 3f 1a 2b 4c ......Intel`.
    fn spaced_hardware(&mut self, text: &str) -> String {
        if !text.contains("...") {
            return text.to_owned();
        }
        let mut out = String::with_capacity(text.len());
        for line in text.split_inclusive('\n') {
            let parts = line.split_once("...");
            let spaced = parts.and_then(|(before, rest)| Some((before, rest.get(..17)?, rest.get(17..)?)));
            let replaced = spaced.and_then(|(before, written, rest)| {
                let replaced = self.hardware(&written.replace(' ', "-"))?.replace('-', " ");
                self.note(HiddenKind::Hardware, written, &replaced);
                Some(format!("{before}...{replaced}{rest}"))
            });
            out.push_str(replaced.as_deref().unwrap_or(line));
        }
        out
    }

    /// A run of hexadecimal digits, dots, colons and dashes: an address, several, or none.
    fn run(&mut self, run: &str, prefix: Option<u8>) -> String {
        let body = run.trim_end_matches(['.', ':', '-']);
        let tail = &run[body.len()..];
        if let Some(replaced) = self.address(body, prefix) {
            self.note(HiddenKind::Address, body, &replaced);
            return replaced + tail;
        }
        if let Some(replaced) = self.hardware(body) {
            self.note(HiddenKind::Hardware, body, &replaced);
            return replaced + tail;
        }
        // `1.2.3.4:80` and `1.2.3.4-1.2.3.9`.
        if body.contains('.') && body.contains([':', '-']) {
            let mut out = String::new();
            for part in body.split_inclusive([':', '-']) {
                let bare = part.trim_end_matches([':', '-']);
                let replaced = self.address(bare, None).unwrap_or_else(|| bare.to_owned());
                self.note(HiddenKind::Address, bare, &replaced);
                out.push_str(&replaced);
                out.push_str(&part[bare.len()..]);
            }
            return out + tail;
        }
        run.to_owned()
    }

    fn address(&mut self, text: &str, prefix: Option<u8>) -> Option<String> {
        let address: IpAddr = text.parse().ok()?;
        let new = self.stand_in(address);
        // The address of a network stays one.
        if let Some(prefix) = prefix
            && let (Ok(old), Ok(net)) = (IpNet::new(address, prefix), IpNet::new(new, prefix))
            && old.network() == address
        {
            return Some(net.network().to_string());
        }
        Some(if new == address {
            text.to_owned()
        } else {
            new.to_string()
        })
    }

    fn stand_in(&mut self, address: IpAddr) -> IpAddr {
        match address {
            IpAddr::V4(v4) => IpAddr::V4(self.v4(v4)),
            IpAddr::V6(v6) => IpAddr::V6(self.v6(v6)),
        }
    }

    fn v4(&mut self, address: Ipv4Addr) -> Ipv4Addr {
        let [a, b, c, d] = address.octets();
        if self
            .hidden_nets
            .iter()
            .any(|net| net.contains(&IpAddr::V4(address)))
        {
            let next = self.hidden.len();
            let fresh = || (10, u8::try_from(224 + next).unwrap_or(u8::MAX));
            let (a, b) = *self.hidden.entry([a, b]).or_insert_with(fresh);
            return Ipv4Addr::new(a, b, shuffled(c), d);
        }
        let ordinary = is_private(IpAddr::V4(address))
            || address.is_loopback()
            || address.is_unspecified()
            || address.is_documentation()
            || a >= 224
            || a == 0
            || WELL_KNOWN.contains(&address);
        if ordinary {
            return address;
        }
        let taken = &mut self.taken;
        let (a, b) = *self.public.entry([a, b]).or_insert_with(|| {
            // Addresses for benchmarks, then reserved ones: nobody's.
            let free = [(198, 18), (198, 19)]
                .into_iter()
                .chain((0..=u8::MAX).map(|b| (240, b)));
            let mut free = free.filter(|pair| !taken.contains(pair));
            let pair = free.next().unwrap_or((240, 255));
            taken.insert(pair);
            pair
        });
        Ipv4Addr::new(a, b, shuffled(c), d)
    }

    fn v6(&mut self, address: Ipv6Addr) -> Ipv6Addr {
        let bytes = address.octets();
        let global = bytes[0] & 0xe0 == 0x20 && bytes[..4] != [0x20, 0x01, 0x0d, 0xb8];
        let local = bytes[0] & 0xfe == 0xfc;
        if !global && !local && !address.is_unicast_link_local() {
            return address;
        }
        let mut new = bytes;
        if global || local {
            let mut site = [0; 6];
            site.copy_from_slice(&bytes[..6]);
            let next = u16::try_from(self.sites.len() + 1).unwrap_or(u16::MAX);
            let number = *self.sites.entry(site).or_insert(next);
            let head: [u8; 4] = if global {
                [0x20, 0x01, 0x0d, 0xb8]
            } else {
                [0xfd, 0, 0, 0]
            };
            new[..4].copy_from_slice(&head);
            new[4..6].copy_from_slice(&number.to_be_bytes());
        }
        let identifier = u64::from_be_bytes([
            bytes[8], bytes[9], bytes[10], bytes[11], bytes[12], bytes[13], bytes[14], bytes[15],
        ]);
        if bytes[11] == 0xff && bytes[12] == 0xfe {
            // Made from a hardware address (RFC 4291, appendix A).
            let mac = Mac([bytes[8] ^ 2, bytes[9], bytes[10], bytes[13], bytes[14], bytes[15]]);
            let Mac([.., x, y, z]) = self.mac(mac);
            new[13..].copy_from_slice(&[x, y, z]);
        } else if identifier > 0xffff {
            new[8..].copy_from_slice(&mixed(identifier).to_be_bytes());
        }
        Ipv6Addr::from(new)
    }

    fn mac(&mut self, mac: Mac) -> Mac {
        if mac.is_zero() || mac.is_group() {
            return mac;
        }
        let Mac([a, b, c, d, e, f]) = mac;
        let next = u32::try_from(self.macs.len() + 1).unwrap_or(u32::MAX);
        // The first byte tells a tap from its guest's card; all else is the card.
        let number = *self.macs.entry([b, c, d, e, f]).or_insert(next);
        let [_, x, y, z] = number.to_be_bytes();
        Mac([a, b, c, x, y, z])
    }

    /// A hardware address in any spelling, alone or at the end of a DHCP identifier.
    fn hardware(&mut self, text: &str) -> Option<String> {
        if text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            let mac: Mac = text.parse().ok().filter(|mac| self.known_macs.contains(mac))?;
            let bare = self.mac(mac).to_string().replace(':', "");
            return Some(in_case_of(text, bare));
        }
        let separator = text.chars().find(|c| matches!(c, ':' | '-'))?;
        let parts: Vec<&str> = text.split(separator).collect();
        let sound =
            |part: &&str| (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_hexdigit());
        if parts.len() < 6 || parts.len() > 24 || !parts.iter().all(sound) {
            return None;
        }
        let (head, last) = parts.split_at(parts.len() - 6);
        let mac: Mac = last.join(":").parse().ok()?;
        let Mac(bytes) = self.mac(mac);
        let short = parts.iter().any(|part| part.len() == 1);
        let written = bytes.map(|byte| {
            if short {
                format!("{byte:x}")
            } else {
                format!("{byte:02x}")
            }
        });
        let mut all: Vec<String> = head.iter().map(|part| (*part).to_owned()).collect();
        all.extend(written);
        Some(in_case_of(text, all.join(&separator.to_string())))
    }

    /// The text with every known name replaced where it stands by itself.
    fn named(&mut self, text: &str) -> String {
        let mut out = text.to_owned();
        // Lent for the time of the loop, which writes down what it replaces.
        let names = std::mem::take(&mut self.names);
        for (name, stand_in) in &names {
            if out.len() >= name.len() {
                let replaced = replace_word(&out, name, stand_in);
                if replaced != out {
                    self.note(HiddenKind::Name, name, stand_in);
                    out = replaced;
                }
            }
        }
        self.names = names;
        out
    }
}

/// What an address is made of.
fn is_address_char(c: char) -> bool {
    c.is_ascii_hexdigit() || matches!(c, '.' | ':' | '-')
}

/// Reads `/24` at the start of a text: the prefix length, and how many bytes it takes.
fn prefix_length(text: &str) -> (Option<u8>, usize) {
    let Some(digits) = text.strip_prefix('/') else {
        return (None, 0);
    };
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    match digits[..end].parse() {
        Ok(prefix) if end > 0 && end <= 3 => (Some(prefix), end + 1),
        _ => (None, 0),
    }
}

/// The replacement in capitals when the original was.
fn in_case_of(original: &str, replacement: String) -> String {
    if original.chars().any(|c| c.is_ascii_uppercase()) {
        replacement.to_ascii_uppercase()
    } else {
        replacement
    }
}

/// Another byte, the same number of leading bits shared with others as before (prefix-preserving): bit by bit,
/// each flipped or not by what stands before it.
fn shuffled(byte: u8) -> u8 {
    let mut new = 0;
    for bit in (0..8).rev() {
        let before = u64::from(byte) >> (bit + 1);
        let flip = mixed(before << 4 | u64::from(bit as u8)) & 1;
        new = new << 1 | ((u64::from(byte) >> bit & 1) ^ flip);
    }
    new as u8
}

/// SplitMix64's finalizer: one to one, and nobody reads the input off it at a glance.
fn mixed(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Segments of tunnels: whose VPN it is shows in them. One that meets an ordinary segment stays as it is, for
/// that they meet is what a diagnosis is about.
fn hidden_nets(facts: &Case) -> Vec<IpNet> {
    let adapters = facts.host.adapters.rows();
    let tunnels: Vec<&str> = adapters
        .iter()
        .filter(|adapter| adapter.is_tunnel())
        .map(|adapter| adapter.name.as_str())
        .collect();
    let mut ordinary: Vec<IpNet> = adapters
        .iter()
        .filter(|adapter| !adapter.is_tunnel())
        .flat_map(|adapter| adapter.nets())
        .map(|net| net.trunc())
        .collect();
    let networks = facts
        .hypervisors
        .iter()
        .flat_map(|product| product.networks.rows());
    ordinary.extend(networks.filter_map(|network| network.segment));
    ordinary.extend(facts.intake.guest_ip.map(|(address, _)| IpNet::from(address)));
    ordinary.extend(
        facts
            .guest
            .adapters
            .rows()
            .iter()
            .flat_map(|adapter| adapter.nets())
            .map(|net| net.trunc()),
    );
    let own = adapters
        .iter()
        .filter(|adapter| adapter.is_tunnel())
        .flat_map(|adapter| adapter.nets());
    let routed = facts.host.routes.rows().iter().filter(|row| {
        row.adapter.as_deref().is_some_and(|name| tunnels.contains(&name))
            && row.destination.prefix_len() >= 16
    });
    own.map(|net| net.trunc())
        .chain(routed.map(|row| row.destination))
        .filter(|net| net.addr().is_ipv4() && is_private(net.addr()) && net.prefix_len() >= 16)
        .filter(|net| !ordinary.iter().any(|other| crate::model::overlap(*net, *other)))
        .collect()
}

/// Names of machines, hosts and users with their stand-ins, longest first.
fn names(facts: &Case, texts: &[&str]) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let reserved = reserved(facts);
    let mut add = |name: &str, kind: &str| {
        let name = name.trim();
        let lower = name.to_lowercase();
        let known = found.iter().any(|(other, _)| other.to_lowercase() == lower);
        if known || name.chars().count() < 3 || reserved.contains(&lower) || name.parse::<IpAddr>().is_ok() {
            return;
        }
        let number = found
            .iter()
            .filter(|(_, stand_in)| stand_in.starts_with(kind))
            .count()
            + 1;
        found.push((name.to_owned(), format!("{kind}-{number}")));
    };
    if let Some(vm) = &facts.intake.vm {
        add(vm, "vm");
    }
    for machine in facts
        .hypervisors
        .iter()
        .flat_map(|product| product.machines.rows())
    {
        add(&machine.name, "vm");
    }
    for system in [&facts.host, &facts.guest, &facts.guest2, &facts.lan] {
        if let Some(name) = &system.host_name {
            add(name, "host");
            // The name without its domain is used as well.
            if let Some((short, _)) = name.split_once('.') {
                add(short, "host");
            }
        }
    }
    for network in facts
        .hypervisors
        .iter()
        .flat_map(|product| product.networks.rows())
    {
        for lease in network.leases.iter().flatten() {
            if let Some(name) = &lease.host_name {
                add(name, "host");
            }
        }
    }
    if let Some(target) = facts
        .intake
        .target
        .as_deref()
        .filter(|target| target.contains('.'))
    {
        add(target, "name");
    }
    for system in [&facts.host, &facts.guest, &facts.guest2, &facts.lan] {
        for proxy in system
            .proxies
            .rows()
            .iter()
            .filter(|proxy| proxy.host.contains('.'))
        {
            add(&proxy.host, "name");
        }
    }
    for text in texts {
        for folder in ["/home/", "/Users/", "\\Users\\", "/media/"] {
            for rest in text.split(folder).skip(1) {
                let end = rest
                    .find(['/', '\\', '"', '\'', '\n', ' ', ':'])
                    .unwrap_or(rest.len());
                if !["Public", "Shared", "Default", "All"].contains(&&rest[..end]) {
                    add(&rest[..end], "user");
                }
            }
        }
    }
    found.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    found
}

/// Names, in lower case, that mean something else as well.
fn reserved(facts: &Case) -> BTreeSet<String> {
    let mut reserved: BTreeSet<String> = WORDS.iter().map(|word| (*word).to_owned()).collect();
    reserved.extend(Os::ALL.iter().map(|os| os.name().to_owned()));
    reserved.extend(Mode::ALL.iter().map(|mode| mode.name().to_owned()));
    reserved.extend(HypervisorId::ALL.iter().map(|id| id.name().to_owned()));
    for system in [&facts.host, &facts.guest] {
        reserved.extend(
            system
                .adapters
                .rows()
                .iter()
                .map(|adapter| adapter.name.to_lowercase()),
        );
    }
    let networks = facts
        .hypervisors
        .iter()
        .flat_map(|product| product.networks.rows());
    reserved.extend(networks.map(|network| network.name.to_lowercase()));
    reserved
}

/// Tables of text have their columns where their heads are: how many blanks go behind a stand-in, and how many
/// of those behind what it stands for are used up by that. One blank is none of a table.
fn column(old: &str, new: &str, rest: &str) -> (usize, usize) {
    let blanks = rest.len() - rest.trim_start_matches(' ').len();
    if blanks < 2 {
        return (0, 0);
    }
    let width = old.chars().count() + blanks;
    (width.saturating_sub(new.chars().count()).max(1), blanks)
}

/// Replaces `name`, in capitals or not, where no letter or digit touches it.
fn replace_word(text: &str, name: &str, stand_in: &str) -> String {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let here = rest
            .get(..name.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(name))
            && !out.ends_with(is_part)
            && !rest[name.len()..].starts_with(is_part);
        if here {
            out.push_str(stand_in);
            at += name.len();
            let (blanks, used) = column(name, stand_in, &text[at..]);
            out.extend(std::iter::repeat_n(' ', blanks));
            at += used;
            // A stand-in never touches the next word, so the search goes on behind it.
            continue;
        }
        let Some(c) = rest.chars().next() else { break };
        out.push(c);
        at += c.len_utf8();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnose::diagnose;
    use crate::wizard::example::Example;

    fn plain() -> StandIns {
        StandIns::new(&Case::default(), &[])
    }

    #[test]
    fn hardware_addresses_keep_vendor_spelling_and_likeness() {
        let mut stand_ins = plain();
        let text = stand_ins.text("guest 52:54:00:4b:d1:33, tap fe:54:00:4b:d1:33, nic 3C-7C-3F-1A-2B-4C.");
        assert_eq!(
            text,
            "guest 52:54:00:00:00:01, tap fe:54:00:00:00:01, nic 3C-7C-3F-00-00-02."
        );
        assert_eq!(stand_ins.text("0:c:29:3f:5a:7b"), "0:c:29:0:0:3");
        assert_eq!(
            stand_ins.text("DUID 00-01-00-01-2C-CF-19-EB-3C-7C-3F-1A-2B-4C"),
            "DUID 00-01-00-01-2C-CF-19-EB-3C-7C-3F-00-00-02"
        );
        assert_eq!(
            stand_ins.text("  9...3c 7c 3f 1a 2b 4c ......Intel(R) Ethernet\n  1......Software"),
            "  9...3c 7c 3f 00 00 02 ......Intel(R) Ethernet\n  1......Software"
        );
        assert_eq!(
            stand_ins.text("ff:ff:ff:ff:ff:ff 12:30:45"),
            "ff:ff:ff:ff:ff:ff 12:30:45"
        );
    }

    #[test]
    fn public_addresses_change_and_private_ones_stay() {
        let mut stand_ins = plain();
        let same =
            "192.168.1.23/24 10.0.2.15 127.0.0.1 255.255.255.0 169.254.1.1 8.8.8.8 1.1.1.1:53 224.0.0.1";
        assert_eq!(stand_ins.text(same), same);
        let text = stand_ins.text("84.155.10.7/24 via 84.155.10.1 net 84.155.10.0/24 other 91.2.3.4:443");
        assert!(!text.contains("84.155") && !text.contains("91.2"), "{text}");
        let words: Vec<&str> = text.split(' ').collect();
        let own: IpNet = words[0].parse().expect("an address with prefix");
        let gateway: IpAddr = words[2].parse().expect("an address");
        let net: IpNet = words[4].parse().expect("a prefix");
        assert!(own.contains(&gateway), "{text}");
        assert_eq!(own.trunc(), net, "{text}");
        assert!(words[6].ends_with(".4:443"), "{text}");
        assert!(!is_private(gateway), "{text}");
    }

    #[test]
    fn stand_ins_share_as_many_leading_bits() {
        for a in 0..=255_u8 {
            for b in [0, 1, 2, 16, 77, 128, 254, 255] {
                assert_eq!(
                    (shuffled(a) ^ shuffled(b)).leading_zeros(),
                    (a ^ b).leading_zeros()
                );
            }
        }
    }

    #[test]
    fn addresses_of_version_6_keep_segment_and_card() {
        let mut stand_ins = plain();
        let text =
            stand_ins.text("2003:e5:1:2:20c:29ff:fe6b:119e 2003:e5:1:2::1 fe80::20c:29ff:fe6b:119e ::1");
        assert_eq!(
            text,
            "2001:db8:1:2:20c:29ff:fe00:1 2001:db8:1:2::1 fe80::20c:29ff:fe00:1 ::1"
        );
    }

    #[test]
    fn columns_stay_where_they_are() {
        assert_eq!(
            replace_word("Name      State\nweb01     Running\na web01 b", "web01", "vm-1"),
            "Name      State\nvm-1      Running\na vm-1 b"
        );
        assert_eq!(replace_word("vm  on", "vm", "machine"), "machine on");
        let text = plain().text("84.155.10.7      up");
        assert_eq!(text.find("up"), Some(17), "{text}");
    }

    #[test]
    fn names_change_only_where_they_stand_alone() {
        assert_eq!(
            replace_word("web01 web012 xweb01 WEB01.", "web01", "vm-1"),
            "vm-1 web012 xweb01 vm-1."
        );
        assert_eq!(replace_word("é web01é", "web01", "vm-1"), "é web01é");
    }

    /// What is listed is what is done: nothing of it stands in the case any more, and its stand-in does.
    #[test]
    fn the_list_of_what_is_hidden_tells_all_that_is_replaced() {
        for example in Example::ALL {
            let case = example.case().expect("a case");
            let list = hidden(&case);
            assert!(!list.is_empty(), "{}", example.name());
            let (before, after) = (case.to_json(), redact(&case).to_json());
            let mut back = after.clone();
            for one in &list {
                let is_word = |text: &str| replace_word(text, &one.what, "") != text;
                assert!(is_word(&before), "{}: {one:?}", example.name());
                assert!(!is_word(&after), "{}: {one:?}", example.name());
                assert!(after.contains(&one.stand_in), "{}: {one:?}", example.name());
                back = replace_word(&back, &one.stand_in, &one.what);
            }
            // With each stand-in turned back nothing differs but the spelling of names.
            assert_eq!(back.to_lowercase(), before.to_lowercase(), "{}", example.name());
        }
    }

    #[test]
    fn a_redacted_case_diagnoses_the_same_and_betrays_nothing() {
        for example in Example::ALL {
            let case = example.case().expect("a case");
            let hidden = redact(&case);
            let text = hidden.to_json();
            for secret in [
                "DESK-07",
                "web01",
                "ubuntu-dev",
                "6b:11:9e",
                "3C-7C-3F-1A-2B-4C",
                "4b:d1:33",
                "A41B7E",
            ] {
                assert!(!text.contains(secret), "{}: {secret}", example.name());
            }
            let before = diagnose(&parse::resolve(&case));
            let after = diagnose(&parse::resolve(&hidden));
            let ids = |diagnosis: &crate::diagnose::Diagnosis| -> Vec<&str> {
                diagnosis.causes.iter().map(|cause| cause.id).collect()
            };
            assert_eq!(ids(&before), ids(&after), "{}", example.name());
            assert_eq!(before.verdict, after.verdict, "{}", example.name());
        }
    }
}
