//! The forwards that a case knows of, whoever keeps them: the product, Windows' portproxy, the host's packet filter.

use super::super::prelude::*;
use crate::model::{FilterAction, MatchOn, PortForward, Protocol};

/// Who keeps a forward.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The product's NAT engine.
    Engine,
    /// `netsh interface portproxy`.
    PortProxy,
    /// A rule of destination NAT in the host's packet filter.
    Rule,
}

/// A forward and where it stands.
#[derive(Clone, Debug)]
pub struct Known {
    /// The forward.
    pub forward: PortForward,
    /// Who keeps it.
    pub kind: Kind,
    /// Who told it.
    pub source: String,
    /// For a rule of the packet filter its place.
    pub rule: Option<remedy::RulePlace>,
}

impl Known {
    /// `*:2222 → 192.168.122.50:22`.
    pub fn describe(&self) -> String {
        let word =
            |address: Option<IpAddr>| address.map_or_else(|| "*".to_owned(), |address| address.to_string());
        let row = &self.forward;
        format!(
            "{}:{} → {}:{}",
            word(row.host_address),
            row.host_port,
            row.guest_address.map(|to| to.to_string()).unwrap_or_default(),
            row.guest_port
        )
    }
}

/// The forwards that serve the traffic asked for: to the wanted port, or by it.
pub fn known(s: &Situation<'_>) -> Vec<Known> {
    to_port(s, s.case.intake.port)
}

/// The forwards to a port, or by it; all of them where none is given.
pub fn to_port(s: &Situation<'_>, wanted: Option<u16>) -> Vec<Known> {
    let of_card = s
        .nic
        .iter()
        .flat_map(|nic| &nic.forwards)
        .map(|forward| (forward, machines_source(s)));
    let of_network = s
        .network
        .iter()
        .flat_map(|network| &network.forwards)
        .map(|forward| (forward, networks_source(s)));
    let engine = of_card.chain(of_network).map(|(forward, source)| Known {
        forward: forward.clone(),
        kind: Kind::Engine,
        source: source.to_owned(),
        rule: None,
    });
    let proxies = s.host().port_proxies.rows().iter().map(|forward| Known {
        forward: forward.clone(),
        kind: Kind::PortProxy,
        source: s.host().port_proxies.source().to_owned(),
        rule: None,
    });
    engine
        .chain(proxies)
        .chain(rules(s))
        .filter(|known| {
            wanted.is_none_or(|port| known.forward.guest_port == port || known.forward.host_port == port)
        })
        .collect()
}

/// Rules of destination NAT that lead into the guest's segment.
fn rules(s: &Situation<'_>) -> Vec<Known> {
    let Some(packet_filter) = s.host().filter.value() else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for chain in &packet_filter.chains {
        for rule in &chain.rules {
            let FilterAction::Nat(kind) = &rule.action else {
                continue;
            };
            let Some((to, guest_port)) = target(kind) else {
                continue;
            };
            if !s.segment.is_some_and(|segment| segment.contains(&to)) {
                continue;
            }
            let ports = rule.matches.iter().find_map(|condition| match &condition.on {
                MatchOn::DestinationPort(ranges) if !condition.negated => ranges.first(),
                _ => None,
            });
            let Some((host_port, _)) = ports else { continue };
            let udp = rule.matches.iter().any(|condition| {
                matches!(&condition.on, MatchOn::Protocol(names) if names.iter().any(|name| name == "udp"))
            });
            let host_address = rule.matches.iter().find_map(|condition| match &condition.on {
                MatchOn::Destination(nets) if !condition.negated => nets
                    .first()
                    .filter(|net| net.prefix_len() == net.max_prefix_len())
                    .map(|net| net.addr()),
                _ => None,
            });
            found.push(Known {
                forward: PortForward {
                    name: None,
                    protocol: if udp { Protocol::Udp } else { Protocol::Tcp },
                    host_address,
                    host_port: *host_port,
                    guest_address: Some(to),
                    guest_port: guest_port.unwrap_or(*host_port),
                },
                kind: Kind::Rule,
                source: s.host().filter.source().to_owned(),
                rule: Some(remedy::RulePlace {
                    backend: chain.backend,
                    table: chain.table.clone(),
                    chain: chain.name.clone(),
                    text: rule.text.clone(),
                }),
            });
        }
    }
    found
}

/// Address and port of `dnat to 192.168.122.50:22`, `dnat ip to 192.168.122.50:22`.
fn target(kind: &str) -> Option<(IpAddr, Option<u16>)> {
    let rest = kind.strip_prefix("dnat")?;
    let word = rest
        .split_whitespace()
        .find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    if let Ok(socket) = word.parse::<std::net::SocketAddrV4>() {
        return Some(((*socket.ip()).into(), Some(socket.port())));
    }
    word.parse::<std::net::Ipv4Addr>()
        .ok()
        .map(|address| (address.into(), None))
}
