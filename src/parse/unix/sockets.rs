//! Open ports: `ss -lntup`, `netstat -lntup`, `netstat -an` of macOS, BSD and Windows.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::model::{Case, Listener, Place, Protocol};
use crate::parse::merge::{self, Extent};
use crate::parse::text;

/// Whether the line is a row of such a table.
pub fn is_line(line: &str) -> bool {
    row(line).is_some()
        || (line.starts_with("Netid ") && line.contains("Local Address"))
        || (line.starts_with("State ") && line.contains("Local Address:Port"))
        || line.starts_with("Proto Recv-Q Send-Q")
        || line.starts_with("Active Internet connections")
}

/// Reads the ports that listen.
pub fn read(text: &str, case: &mut Case, on: Place, command: &str) {
    let mut found: Vec<Listener> = Vec::new();
    for listener in text.lines().filter_map(row) {
        if !found.contains(&listener) && found.len() < 10_000 {
            found.push(listener);
        }
    }
    let Some(system) = case.system_mut(on) else { return };
    // What a filter left out may listen.
    if Extent::of(command) == Extent::Part && !system.listeners.is_known() && found.is_empty() {
        return;
    }
    merge::listeners(system, found, command);
}

fn row(line: &str) -> Option<Listener> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let first = words.first()?.to_lowercase();
    const LISTENING: [&str; 6] = ["LISTEN", "LISTENING", "UNCONN", "ABHÖREN", "LYTTER", "侦听"];
    let udp = first.starts_with("udp") || words.contains(&"UNCONN");
    let listens = words.iter().any(|word| LISTENING.contains(word));
    let of_protocol =
        first.starts_with("tcp") || first.starts_with("udp") || LISTENING.contains(words.first()?);
    if !of_protocol || !(listens || udp) {
        return None;
    }
    let mut ends = words
        .iter()
        .skip(1)
        .filter_map(|word| end(word, first.ends_with('6')));
    let (address, port) = ends.next()?;
    Some(Listener {
        protocol: if udp { Protocol::Udp } else { Protocol::Tcp },
        address,
        port: port?,
        process: process(&words),
    })
}

/// `0.0.0.0:22`, `[::]:22`, `:::22`, `*:22`, `*.22`, `127.0.0.1.631`, `10.0.0.5%eth0:68`: address and port; the
/// port is `None` for `*`.
fn end(word: &str, v6: bool) -> Option<(IpAddr, Option<u16>)> {
    let unspecified = if v6 {
        IpAddr::V6(Ipv6Addr::UNSPECIFIED)
    } else {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED)
    };
    let split = |mark: char| {
        let (address, port) = word.rsplit_once(mark)?;
        let port = match port {
            "*" => None,
            port => Some(port.parse::<u16>().ok()?),
        };
        let address = match address {
            "*" | "" => unspecified,
            address => text::address(address)?,
        };
        Some((address, port))
    };
    split(':').or_else(|| split('.'))
}

/// `users:(("sshd",pid=812,fd=3))`, `812/sshd`.
fn process(words: &[&str]) -> Option<String> {
    words.iter().find_map(|word| {
        if let Some(rest) = word.strip_prefix("users:((\"") {
            return rest.split('"').next().map(str::to_owned);
        }
        let (pid, name) = word.split_once('/')?;
        (pid.parse::<u32>().is_ok() && !name.is_empty()).then(|| name.trim_end_matches(':').to_owned())
    })
}
