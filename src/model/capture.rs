//! What a packet capture saw of requests and of answers to them.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::Place;

/// One packet capture, as `tcpdump` printed it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Capture {
    /// The machine on which it ran.
    pub on: Place,
    /// The adapter on which it listened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adapter: Option<String>,
    /// What it was told to look for, as it was typed; empty for everything, `None` when nobody knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
    /// Whether it printed how many packets it saw at its end: what was cut before may hold anything.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub ended: bool,
    /// What it saw, by sender, target and port.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exchanges: Vec<Exchange>,
    /// The command line that was pasted.
    pub source: String,
}

/// Requests of one machine to another, and the answers to them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// Who asked.
    pub from: IpAddr,
    /// Who was asked.
    pub to: IpAddr,
    /// The TCP port that was asked for; missing for an echo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// Echo requests, or first packets of a connection.
    #[serde(default)]
    pub requests: u32,
    /// Answers of the machine that was asked, refusals and errors among them.
    #[serde(default)]
    pub answers: u32,
}

impl Exchange {
    /// Whether requests were seen and not one answer. A single request at the end of a capture that was cut may yet
    /// have been answered.
    pub fn is_unanswered(&self, ended: bool) -> bool {
        self.answers == 0 && (self.requests > 1 || (self.requests == 1 && ended))
    }
}

impl Capture {
    /// Whether a request from `from` to `to` (an echo, or to a TCP port) would stand in this capture, so that its
    /// absence is a fact. An expression that is not understood shows nothing.
    pub fn would_show(&self, from: Option<IpAddr>, to: IpAddr, port: Option<u16>) -> bool {
        let Some(filter) = self.filter.as_deref().filter(|_| self.ended) else {
            return false;
        };
        let words: Vec<String> = filter.split_whitespace().map(str::to_lowercase).collect();
        words.is_empty()
            || words
                .split(|word| word == "or" || word == "||")
                .any(|terms| holds(terms, from, to, port))
    }
}

/// Whether every term of one alternative lets the request be seen.
fn holds(terms: &[String], from: Option<IpAddr>, to: IpAddr, port: Option<u16>) -> bool {
    let end = |word: &String| word.parse().ok();
    let mut words = terms.iter().filter(|word| *word != "and" && *word != "&&");
    let mut any = false;
    while let Some(word) = words.next() {
        let fits = match (word.as_str(), port) {
            ("icmp", None) => to.is_ipv4(),
            ("icmp6", None) => to.is_ipv6(),
            ("tcp", Some(_)) => true,
            ("ip", _) => to.is_ipv4(),
            ("ip6", _) => to.is_ipv6(),
            ("port", Some(port)) => words.next().and_then(|word| word.parse().ok()) == Some(port),
            ("host", _) => words
                .next()
                .and_then(end)
                .is_some_and(|address: IpAddr| address == to || Some(address) == from),
            _ => false,
        };
        if !fits {
            return false;
        }
        any = true;
    }
    any
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_expression_that_lets_the_request_through_makes_its_absence_a_fact() {
        let address = |text: &str| text.parse::<IpAddr>().expect("an address");
        let (from, to) = (address("192.168.122.1"), address("192.168.122.11"));
        let shows = |filter: Option<&str>, ended: bool, port: Option<u16>| {
            let capture = Capture {
                filter: filter.map(str::to_owned),
                ended,
                ..Capture::default()
            };
            capture.would_show(Some(from), to, port)
        };
        for filter in [
            "",
            "icmp",
            "arp or icmp",
            "icmp and host 192.168.122.11",
            "host 192.168.122.1",
        ] {
            assert!(shows(Some(filter), true, None), "{filter}");
            assert!(!shows(Some(filter), false, None), "{filter}");
        }
        for filter in [
            "arp",
            "tcp",
            "not icmp",
            "icmp and host 10.0.0.9",
            "icmp[0] == 8",
            "host",
            "or",
        ] {
            assert!(!shows(Some(filter), true, None), "{filter}");
        }
        assert!(!shows(None, true, None));
        assert!(shows(Some("tcp port 22"), true, Some(22)));
        assert!(!shows(Some("tcp port 22"), true, Some(80)));
        assert!(!shows(Some("icmp"), true, Some(22)));
    }
}
