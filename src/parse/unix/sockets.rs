//! Open ports: `ss -lntup`, `sockstat -l` of FreeBSD, `netstat -lntup`, `netstat -an` of macOS, BSD and Windows.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::model::{Case, Listener, Place, Protocol};
use crate::parse::merge::{self, Extent};
use crate::parse::text;

/// Whether the line is a row of such a table.
pub fn is_line(line: &str) -> bool {
    row(line).is_some()
        || sockstat_row(line).is_some()
        || (line.starts_with("USER ")
            && line.contains(" LOCAL ADDRESS ")
            && line.contains(" FOREIGN ADDRESS"))
        || (line.starts_with("Netid ") && line.contains("Local Address"))
        || (line.starts_with("State ") && line.contains("Local Address:Port"))
        || line.starts_with("Proto Recv-Q Send-Q")
        || line.starts_with("Active Internet connections")
}

/// Reads the ports that listen.
pub fn read(text: &str, case: &mut Case, on: Place, command: &str) {
    let mut found: Vec<Listener> = Vec::new();
    for listener in text
        .lines()
        .filter_map(|line| row(line).or_else(|| sockstat_row(line)))
    {
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

/// `root     sshd       84290 3   tcp4   *:22                  *:*`; what is connected names the other end.
fn sockstat_row(line: &str) -> Option<Listener> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let [_, process, pid, _, protocol, local, foreign, ..] = words.as_slice() else {
        return None;
    };
    let numbered = pid.parse::<u32>().is_ok() || *pid == "?";
    let protocol_of = match protocol.trim_end_matches(['4', '6']) {
        "tcp" => Protocol::Tcp,
        "udp" => Protocol::Udp,
        _ => return None,
    };
    let (address, port) = end(local, *protocol == "tcp6" || *protocol == "udp6")?;
    (numbered && *foreign == "*:*").then_some(())?;
    Some(Listener {
        protocol: protocol_of,
        address,
        port: port?,
        process: Some((*process).to_owned()).filter(|name| name != "?"),
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

#[cfg(test)]
mod tests {
    use super::*;

    /// After published outputs of FreeBSD 12 and 13.
    #[test]
    fn sockstat_tells_what_listens() {
        let text = "USER     COMMAND    PID   FD  PROTO  LOCAL ADDRESS         FOREIGN ADDRESS      \nroot     sshd       84290 3   tcp4   *:22                  *:*\nroot     sshd       84290 4   tcp6   *:22                  *:*\nwww      nginx      3743  7   tcp4   10.17.89.20:80        *:*\nroot     sshd       45768 3   tcp4   192.168.80.129:22     192.168.80.1:60803\nroot     devd       500   4   stream /var/run/devd.pipe\n";
        let mut case = Case::default();
        read(text, &mut case, Place::Guest, "sockstat -l");
        let rows: Vec<String> = case
            .guest
            .listeners
            .rows()
            .iter()
            .map(|row| format!("{} {} {:?}", row.address, row.port, row.process.as_deref()))
            .collect();
        assert_eq!(
            rows,
            [
                "0.0.0.0 22 Some(\"sshd\")",
                ":: 22 Some(\"sshd\")",
                "10.17.89.20 80 Some(\"nginx\")"
            ]
        );
    }
}
