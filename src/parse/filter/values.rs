//! Values that stand in the rules of nft and of iptables alike.

use std::net::IpAddr;

use ipnet::{IpNet, Ipv4Subnets, Ipv6Subnets};

use crate::model::{ConnectionState, FilterMatch, MatchOn};

/// Most entries of one list in a rule that are kept; a longer list becomes opaque.
pub const MAX_ENTRIES: usize = 4096;

/// A condition that the packet must fit.
pub fn fits(on: MatchOn) -> FilterMatch {
    FilterMatch { on, negated: false }
}

/// Number of an ICMP type by its name in iptables or nft, or as a number; a code behind `/` is dropped.
pub fn icmp_type(word: &str, v6: bool) -> Option<u8> {
    let word = word.split('/').next().unwrap_or(word);
    if let Ok(number) = word.parse() {
        return Some(number);
    }
    Some(if v6 {
        match word {
            "destination-unreachable" => 1,
            "packet-too-big" => 2,
            "time-exceeded" | "ttl-exceeded" => 3,
            "parameter-problem" => 4,
            "echo-request" | "ping" => 128,
            "echo-reply" | "pong" => 129,
            "mld-listener-query" => 130,
            "mld-listener-report" => 131,
            "mld-listener-done" | "mld-listener-reduction" => 132,
            "nd-router-solicit" | "router-solicitation" => 133,
            "nd-router-advert" | "router-advertisement" => 134,
            "nd-neighbor-solicit" | "neighbor-solicitation" | "neighbour-solicitation" => 135,
            "nd-neighbor-advert" | "neighbor-advertisement" | "neighbour-advertisement" => 136,
            "nd-redirect" | "redirect" => 137,
            "mld2-listener-report" => 143,
            _ => return None,
        }
    } else {
        match word {
            "echo-reply" | "pong" => 0,
            "destination-unreachable"
            | "fragmentation-needed"
            | "port-unreachable"
            | "host-unreachable"
            | "network-unreachable" => 3,
            "source-quench" => 4,
            "redirect" => 5,
            "echo-request" | "ping" => 8,
            "router-advertisement" => 9,
            "router-solicitation" => 10,
            "time-exceeded" | "ttl-exceeded" => 11,
            "parameter-problem" => 12,
            "timestamp-request" => 13,
            "timestamp-reply" => 14,
            "address-mask-request" => 17,
            "address-mask-reply" => 18,
            _ => return None,
        }
    })
}

/// A port by number or by one of the names that rules are written with.
pub fn port(word: &str) -> Option<u16> {
    let word = word.trim();
    if let Ok(number) = word.parse() {
        return Some(number);
    }
    Some(match word {
        "ftp" => 21,
        "ssh" => 22,
        "telnet" => 23,
        "smtp" => 25,
        "domain" => 53,
        "bootps" => 67,
        "bootpc" => 68,
        "tftp" => 69,
        "http" => 80,
        "kerberos" => 88,
        "ntp" => 123,
        "netbios-ns" => 137,
        "netbios-dgm" => 138,
        "netbios-ssn" => 139,
        "snmp" => 161,
        "ldap" => 389,
        "https" => 443,
        "microsoft-ds" => 445,
        "syslog" => 514,
        "dhcpv6-client" => 546,
        "dhcpv6-server" => 547,
        "ipp" => 631,
        "ssdp" => 1900,
        "nfs" => 2049,
        "mysql" => 3306,
        "ms-wbt-server" => 3389,
        "mdns" => 5353,
        "postgresql" => 5432,
        "http-alt" => 8080,
        _ => return None,
    })
}

/// One port, or a range written with `:` or `-`.
pub fn ports(word: &str) -> Option<(u16, u16)> {
    let word = word.trim();
    if let Some(port) = port(word) {
        return Some((port, port));
    }
    let (low, high) = word.split_once(':').or_else(|| word.split_once('-'))?;
    let low = if low.is_empty() { 0 } else { port(low)? };
    let high = if high.is_empty() { u16::MAX } else { port(high)? };
    Some((low, high))
}

/// A state of connection tracking by name, letters of either size.
pub fn state(word: &str) -> Option<ConnectionState> {
    Some(match word.trim().to_lowercase().as_str() {
        "new" => ConnectionState::New,
        "established" => ConnectionState::Established,
        "related" => ConnectionState::Related,
        "invalid" => ConnectionState::Invalid,
        "dnat" => ConnectionState::Dnat,
        "snat" => ConnectionState::Snat,
        "untracked" => ConnectionState::Untracked,
        _ => return None,
    })
}

/// The prefixes that cover the addresses from `first` to `last`; `None` when they are of two families.
pub fn range(first: IpAddr, last: IpAddr) -> Option<Vec<IpNet>> {
    match (first, last) {
        (IpAddr::V4(first), IpAddr::V4(last)) if first <= last => {
            Some(Ipv4Subnets::new(first, last, 0).map(IpNet::V4).collect())
        }
        (IpAddr::V6(first), IpAddr::V6(last)) if first <= last => {
            Some(Ipv6Subnets::new(first, last, 0).map(IpNet::V6).collect())
        }
        _ => None,
    }
}

/// A protocol's name as the model writes it.
pub fn protocol(word: &str) -> String {
    match word.to_lowercase().as_str() {
        "1" => "icmp".to_owned(),
        "6" => "tcp".to_owned(),
        "17" => "udp".to_owned(),
        "58" | "ipv6-icmp" | "icmp6" => "icmpv6".to_owned(),
        other => other.to_owned(),
    }
}

/// Prefix that every IPv4 address is in.
pub fn any_v4() -> IpNet {
    IpNet::V4(ipnet::Ipv4Net::default())
}

/// Prefix that every IPv6 address is in.
pub fn any_v6() -> IpNet {
    IpNet::V6(ipnet::Ipv6Net::default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_become_prefixes() {
        let nets = range(
            "192.168.56.200".parse().unwrap(),
            "192.168.56.210".parse().unwrap(),
        );
        let texts: Vec<String> = nets.unwrap().iter().map(ToString::to_string).collect();
        assert_eq!(
            texts,
            ["192.168.56.200/29", "192.168.56.208/31", "192.168.56.210/32"]
        );
        assert_eq!(
            range("10.0.0.2".parse().unwrap(), "10.0.0.1".parse().unwrap()),
            None
        );
    }

    #[test]
    fn ports_by_number_name_and_range() {
        assert_eq!(ports("22"), Some((22, 22)));
        assert_eq!(ports("1024:"), Some((1024, 65535)));
        assert_eq!(ports("80-90"), Some((80, 90)));
        assert_eq!(ports("bootps"), Some((67, 67)));
        assert_eq!(ports("nonsense"), None);
    }
}
