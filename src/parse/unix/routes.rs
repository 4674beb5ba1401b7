//! `route -n` and `netstat -rn` of Linux, macOS, BSD; a Windows table is handed to its own reader.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

use crate::model::{Case, Os, Place, Route, RouteKind};
use crate::parse::command;
use crate::parse::merge::{self, Extent, RouteScope};
use crate::parse::text::{self, mask_length};
use crate::parse::windows;

/// Whether the line stands in such a table.
pub fn is_line(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    linux_row(&words).is_some()
        || line.starts_with("Kernel IP")
        || words.as_slice() == ["Routing", "tables"]
        || words.as_slice() == ["Internet:"]
        || words.as_slice() == ["Internet6:"]
        || bsd_row(&words, false).is_some()
}

/// Reads a routing table.
pub fn read(text: &str, case: &mut Case, on: Place, command: &str) {
    if text.lines().any(windows::is_route_print_line) {
        if let Some(system) = case.system_mut(on) {
            system.os = Some(Os::Windows);
        }
        windows::read_route_print(text, case, on, command);
        return;
    }
    let linux = text.contains("Kernel IP")
        || text
            .lines()
            .any(|line| linux_row(&line.split_whitespace().collect::<Vec<_>>()).is_some());
    let mut found = Vec::new();
    let (mut v4, mut v6) = (linux, false);
    let mut in_v6 = false;
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["Internet:"] => {
                in_v6 = false;
                v4 = true;
            }
            ["Internet6:"] => {
                in_v6 = true;
                v6 = true;
            }
            _ if linux => found.extend(linux_row(&words).or_else(|| linux_v6_row(&words))),
            _ => found.extend(bsd_row(&words, in_v6)),
        }
    }
    v4 |= found.iter().any(|row: &Route| row.destination.addr().is_ipv4());
    v6 |= found.iter().any(|row: &Route| row.destination.addr().is_ipv6());
    if !v4 && !v6 {
        return;
    }
    if let Some(system) = case.system_mut(on) {
        if linux {
            system.os = Some(Os::Linux);
        } else if system.os.is_none() {
            // macOS writes networks short ("192.168.1") and marks interface-bound rows with I; BSD does not.
            let mac = found.iter().any(|row| row.scoped) || text.contains("bridge1") || text.contains("utun");
            system.os = Some(if mac { Os::Macos } else { Os::Bsd });
        }
    }
    let named = command::call(command).words().next().is_some() && linux;
    let scope = RouteScope {
        v4,
        v6,
        // `route -n` shows the main table of Linux; the others stay.
        table: linux.then_some(crate::model::TABLE_MAIN),
        extent: if named { Extent::Part } else { Extent::of(command) },
    };
    merge::routes(case, on, found, scope, command);
}

/// `0.0.0.0  10.0.2.2  0.0.0.0  UG  100  0  0 enp0s3`; netstat has MSS, window and irtt for the numbers.
fn linux_row(words: &[&str]) -> Option<Route> {
    let [destination, gateway, mask, flags, fifth, _, _, adapter] = words else {
        return None;
    };
    if !flags.starts_with(['U', '!']) {
        return None;
    }
    let base: Ipv4Addr = if *destination == "default" {
        Ipv4Addr::UNSPECIFIED
    } else {
        destination.parse().ok()?
    };
    let destination = IpNet::new(IpAddr::V4(base), mask_length(mask)?).ok()?;
    let via = text::address(gateway).filter(|via| !via.is_unspecified() && flags.contains('G'));
    Some(Route {
        via,
        metric: fifth.parse().ok(),
        kind: if flags.contains('!') {
            RouteKind::Unreachable
        } else {
            RouteKind::Unicast
        },
        ..Route::on_link(destination, *adapter)
    })
}

/// `fe80::/64  ::  U  256 1 0 enp0s3` of `route -6n`.
fn linux_v6_row(words: &[&str]) -> Option<Route> {
    let (destination, gateway, flags) = (words.first()?, words.get(1)?, words.get(2)?);
    let destination: IpNet = destination.split('%').next()?.parse().ok()?;
    if !destination.addr().is_ipv6() || !flags.starts_with(['U', '!']) {
        return None;
    }
    Some(Route {
        via: text::address(gateway).filter(|via| !via.is_unspecified()),
        metric: words.get(3).and_then(|metric| metric.parse().ok()),
        kind: if flags.contains('!') {
            RouteKind::Unreachable
        } else {
            RouteKind::Unicast
        },
        ..Route::on_link(destination, *words.last()?)
    })
}

/// `192.168.64  link#19  UC  bridge100  !`: destination, gateway, flags, adapter, expiry.
fn bsd_row(words: &[&str], v6: bool) -> Option<Route> {
    let (destination, gateway, flags) = (words.first()?, words.get(1)?, words.get(2)?);
    let flagged = flags.starts_with('U') && flags.chars().all(|c| c.is_ascii_alphanumeric());
    // Old releases have two counters before the adapter.
    let adapter = words
        .get(3..)?
        .iter()
        .find(|word| word.starts_with(|c: char| c.is_ascii_alphabetic()))?;
    let shaped =
        gateway.starts_with("link#") || text::address(gateway).is_some() || text::mac(gateway).is_some();
    if !flagged || !shaped || words.len() > 8 {
        return None;
    }
    let destination = bsd_net(destination, v6 || gateway.parse::<Ipv6Addr>().is_ok(), flags)?;
    let learned = flags.contains('L') && !gateway.starts_with("link#") && text::mac(gateway).is_some();
    // Rows that only cache a neighbor are no routes of their own.
    if learned {
        return None;
    }
    Some(Route {
        via: text::address(gateway).filter(|_| flags.contains('G')),
        kind: if flags.contains('R') {
            RouteKind::Unreachable
        } else if flags.contains('B') {
            RouteKind::Blackhole
        } else {
            RouteKind::Unicast
        },
        scoped: flags.contains('I'),
        ..Route::on_link(destination, *adapter)
    })
}

/// `default`, `127`, `192.168.64`, `10.8/24`, `128.0/1`, `192.168.1.1/32`, `fe80::%lo0/64`.
fn bsd_net(word: &str, v6: bool, flags: &str) -> Option<IpNet> {
    if word == "default" {
        let base = if v6 {
            IpAddr::V6(Ipv6Addr::UNSPECIFIED)
        } else {
            IpAddr::V4(Ipv4Addr::UNSPECIFIED)
        };
        return IpNet::new(base, 0).ok();
    }
    let (base, length) = match word.split_once('/') {
        Some((base, length)) => (base, Some(length.parse::<u8>().ok()?)),
        None => (word, None),
    };
    let base = base.split('%').next()?;
    if base.contains(':') {
        let base: Ipv6Addr = base.parse().ok()?;
        return IpNet::new(IpAddr::V6(base), length.unwrap_or(128)).ok();
    }
    let mut octets = [0_u8; 4];
    let mut count = 0_u8;
    for part in base.split('.') {
        *octets.get_mut(usize::from(count))? = part.parse().ok()?;
        count += 1;
    }
    // A short network without a length has eight bits for each number that stands there.
    let whole = if count == 4 || flags.contains('H') {
        32
    } else {
        count * 8
    };
    IpNet::new(IpAddr::V4(Ipv4Addr::from(octets)), length.unwrap_or(whole)).ok()
}
