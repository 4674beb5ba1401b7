//! `arp -n` and `arp -a` of Linux, macOS and BSD; a Windows table is handed to its own reader.

use crate::model::{Case, Neighbor, NeighborState, Os, Place};
use crate::parse::command;
use crate::parse::merge::{self, Extent};
use crate::parse::text;
use crate::parse::windows;

/// Whether the line is a row of `arp`.
pub fn is_line(line: &str) -> bool {
    bracket_row(line).is_some()
        || (line.starts_with("Address ") && line.contains("HWaddress"))
        || column_row(line).is_some()
}

/// Reads `arp`.
pub fn read(text: &str, case: &mut Case, on: Place, command: &str) {
    if text.lines().any(windows::is_arp_line) {
        if let Some(system) = case.system_mut(on) {
            system.os = Some(Os::Windows);
        }
        windows::read_arp(text, case, on, command);
        return;
    }
    let mut found = Vec::new();
    let mut linux = false;
    for line in text.lines() {
        if let Some((row, of_linux)) = bracket_row(line) {
            linux |= of_linux;
            found.push(row);
        } else if let Some(row) = column_row(line) {
            linux = true;
            found.push(row);
        }
    }
    let nobody =
        text.contains("no match found") || text.contains("No ARP Entries Found") || text.trim().is_empty();
    if found.is_empty() && !nobody {
        return;
    }
    let call = command::call(command);
    let named = call.words().any(|word| text::address(word).is_some());
    let extent = if named { Extent::Part } else { Extent::of(command) };
    if let Some(system) = case.system_mut(on) {
        if linux {
            system.os = Some(Os::Linux);
        }
        merge::neighbors(system, found, |row| row.address.is_ipv4(), extent, command);
    }
}

/// `? (192.168.1.1) at a4:2b:b0:c1:d2:e3 on en0 ifscope [ethernet]` (macOS, BSD) and
/// `router (192.168.1.1) at a4:… [ether] on eth0` (Linux); the second value tells Linux.
fn bracket_row(line: &str) -> Option<(Neighbor, bool)> {
    let (_, rest) = line.split_once(" (")?;
    let (address, rest) = rest.split_once(") at ")?;
    let address = text::address(address)?;
    let words: Vec<&str> = rest.split_whitespace().collect();
    let first = words.first()?;
    let mac = text::mac(first).filter(|mac| !mac.is_zero());
    let linux = words.contains(&"[ether]") || *first == "<incomplete>";
    let permanent = words.contains(&"permanent") || words.contains(&"PERM");
    let state = match mac {
        None => NeighborState::Incomplete,
        Some(_) if permanent => NeighborState::Permanent,
        // BusyBox and net-tools print entries of every age alike; macOS and BSD do too.
        Some(_) => NeighborState::Unknown,
    };
    let row = Neighbor {
        address,
        mac,
        adapter: text::after(&words, "on").map(str::to_owned),
        state,
        confirmed_ms_ago: None,
    };
    Some((row, linux))
}

/// `192.168.1.1   ether   a4:2b:b0:c1:d2:e3   C   eth0`, `192.168.1.9   (incomplete)   eth0`.
fn column_row(line: &str) -> Option<Neighbor> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let address = text::address(words.first()?)?;
    let adapter = (*words.last()?).to_owned();
    let (mac, state) = match words.get(1..)? {
        ["ether", mac, flags, _] => (
            Some(text::mac(mac)?),
            if flags.contains('M') {
                NeighborState::Permanent
            } else {
                NeighborState::Unknown
            },
        ),
        ["(incomplete)", ..] => (None, NeighborState::Incomplete),
        _ => return None,
    };
    Some(Neighbor {
        address,
        mac,
        adapter: Some(adapter),
        state,
        confirmed_ms_ago: None,
    })
}
