//! `arp -a` of Windows in any language.

use std::net::IpAddr;

use crate::model::{Case, Neighbor, NeighborState, Place};
use crate::parse::merge::{self, Extent};
use crate::parse::text;

/// Whether the line stands in the output of Windows' `arp -a`.
pub fn is_line(line: &str) -> bool {
    interface(line).is_some() || row(line).is_some()
}

/// `Interface: 192.168.1.23 --- 0x9`: address and index.
fn interface(line: &str) -> Option<(IpAddr, Option<u32>)> {
    let (before, index) = line.split_once(" --- ")?;
    let address = before.split([' ', ':', '：']).find_map(text::address)?;
    let index = index.trim().strip_prefix("0x")?;
    Some((address, u32::from_str_radix(index, 16).ok()))
}

/// `  192.168.1.1           a4-2b-b0-c1-d2-e3     dynamic`.
fn row(line: &str) -> Option<Neighbor> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let [address, mac, kind] = words.as_slice() else {
        return None;
    };
    if !mac.contains('-') {
        return None;
    }
    let fixed = ["static", "静态", "靜態", "statisch", "statique", "estático"]
        .contains(&kind.to_lowercase().as_str());
    let mac = text::mac(mac)?;
    let invalid = ["invalid", "无效", "ungültig"].contains(&kind.to_lowercase().as_str());
    Some(Neighbor {
        address: text::address(address)?,
        mac: Some(mac).filter(|mac| !mac.is_zero()),
        adapter: None,
        // "dynamic" says that somebody answered some time ago, not when.
        state: match (fixed, invalid) {
            (true, _) => NeighborState::Permanent,
            (_, true) => NeighborState::Failed,
            _ => NeighborState::Stale,
        },
        confirmed_ms_ago: None,
    })
}

/// Reads `arp -a`.
pub fn read(text: &str, case: &mut Case, on: Place, command: &str) {
    let mut found = Vec::new();
    let mut at: Option<(IpAddr, Option<u32>)> = None;
    for line in text.lines() {
        if let Some(interface) = interface(line) {
            at = Some(interface);
        } else if let Some(mut neighbor) = row(line) {
            neighbor.adapter = at.map(|(address, _)| address.to_string());
            found.push(neighbor);
        }
    }
    let Some(system) = case.system_mut(on) else { return };
    if let Some(adapters) = system.adapters.value_mut() {
        let indexed = text.lines().filter_map(interface);
        for (address, index) in indexed {
            if let Some(adapter) = adapters.iter_mut().find(|adapter| adapter.holds(address)) {
                adapter.index = index.or(adapter.index);
            }
        }
        // The interface list of `route print` tells indexes where no command told addresses.
        for neighbor in &mut found {
            let told = neighbor.adapter.as_deref().and_then(text::address);
            let index = text
                .lines()
                .filter_map(interface)
                .find(|(address, _)| Some(*address) == told);
            let adapter = index
                .and_then(|(_, index)| index)
                .and_then(|index| adapters.iter().find(|adapter| adapter.index == Some(index)));
            if let Some(adapter) = adapter {
                neighbor.adapter = Some(adapter.name.clone());
            }
        }
    }
    merge::neighbors(
        system,
        found,
        |row| row.address.is_ipv4(),
        Extent::of(command),
        command,
    );
}
