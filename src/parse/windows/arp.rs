//! `arp -a` and `netsh interface ipv4 show neighbors` of Windows in any language.

use std::collections::BTreeMap;
use std::net::IpAddr;

use crate::model::{Case, Neighbor, NeighborState, Place};
use crate::parse::command::Call;
use crate::parse::merge::{self, Extent};
use crate::parse::text;

/// Whether the line stands in the output of Windows' `arp -a`.
pub fn is_line(line: &str) -> bool {
    interface(line).is_some()
        || row(line).is_some()
        || ["Interface ", "接口 ", "Schnittstelle "]
            .iter()
            .any(|word| line.starts_with(word))
            && named(line).is_some()
}

/// Whether the call is `netsh interface ipv4 show neighbors`.
pub fn is_netsh(call: &Call) -> bool {
    call.is(&["netsh"])
        && call
            .words()
            .any(|word| word.to_lowercase().starts_with("neighbo"))
}

/// `Interface 11: Ethernet` as netsh heads its tables: index and name.
fn named(line: &str) -> Option<(u32, &str)> {
    let (before, name) = line.split_once(": ")?;
    let index = before.split_whitespace().next_back()?.parse().ok()?;
    let name = name.trim();
    (!line.starts_with(' ') && !name.is_empty() && !name.contains(" --- ")).then_some((index, name))
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
    // The last column may have two words: `Nicht erreichbar`.
    let (address, mac, kind) = match words.as_slice() {
        [address, mac, kind] => (address, mac, (*kind).to_owned()),
        [address, mac, first, second] => (address, mac, format!("{first} {second}")),
        _ => return None,
    };
    if !mac.contains('-') {
        return None;
    }
    let kind = kind.to_lowercase();
    let is = |words: &[&str]| words.contains(&kind.as_str());
    let mac = text::mac(mac)?;
    // Netsh keeps entries of whom nobody answered for; without a hardware address it is such a one in any language. The words
    // of its Chinese and German are reconstructed.
    let failed = mac.is_zero()
        || is(&["invalid", "无效", "ungültig"])
        || is(&[
            "unreachable",
            "incomplete",
            "无法访问",
            "不可访问",
            "未完成",
            "nicht erreichbar",
            "unvollständig",
        ]);
    let fixed = is(&["static", "静态", "靜態", "statisch", "statique", "estático"])
        || is(&["permanent", "永久", "dauerhaft"]);
    let reachable = is(&["reachable", "可以访问", "可访问", "erreichbar"]);
    Some(Neighbor {
        address: text::address(address)?,
        mac: Some(mac).filter(|mac| !mac.is_zero()),
        adapter: None,
        // "dynamic" says that somebody answered some time ago, not when.
        state: match (failed, fixed, reachable) {
            (true, _, _) => NeighborState::Failed,
            (_, true, _) => NeighborState::Permanent,
            (_, _, true) => NeighborState::Reachable,
            _ => NeighborState::Stale,
        },
        confirmed_ms_ago: None,
    })
}

/// Reads `arp -a`.
pub fn read(text: &str, case: &mut Case, on: Place, command: &str) {
    let mut found = Vec::new();
    let mut at: Option<String> = None;
    for line in text.lines() {
        if let Some((address, _)) = interface(line) {
            at = Some(address.to_string());
        } else if let Some((_, name)) = named(line) {
            at = Some(name.to_owned());
        } else if let Some(mut neighbor) = row(line) {
            neighbor.adapter.clone_from(&at);
            found.push(neighbor);
        }
    }
    let Some(system) = case.system_mut(on) else { return };
    if let Some(adapters) = system.adapters.value_mut() {
        let indexed: BTreeMap<IpAddr, Option<u32>> = text.lines().filter_map(interface).collect();
        for (address, index) in &indexed {
            let (address, index) = (*address, *index);
            if let Some(adapter) = adapters.iter_mut().find(|adapter| adapter.holds(address)) {
                adapter.index = index.or(adapter.index);
            }
        }
        // The interface list of `route print` tells indexes where no command told addresses.
        for neighbor in &mut found {
            let told = neighbor.adapter.as_deref().and_then(text::address);
            let index = told.and_then(|address| *indexed.get(&address)?);
            let adapter =
                index.and_then(|index| adapters.iter().find(|adapter| adapter.index == Some(index)));
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Reconstructed after Microsoft's description of the command.
    #[test]
    fn netsh_tells_who_did_not_answer() {
        for (text, words) in [
            (
                "\nInterface 11: Ethernet\n\n\nInternet Address                              Physical Address   Type\n--------------------------------------------  -----------------  -----------\n192.168.1.1                                   a4-2b-b0-c1-d2-e3  Reachable\n192.168.1.9                                   00-00-00-00-00-00  Unreachable\n224.0.0.22                                    01-00-5e-00-00-16  Permanent\n",
                "English",
            ),
            (
                "\nSchnittstelle 11: Ethernet\n\n\nInternetadresse                               Physische Adresse  Typ\n--------------------------------------------  -----------------  -----------\n192.168.1.1                                   a4-2b-b0-c1-d2-e3  Erreichbar\n192.168.1.9                                   a4-2b-b0-c1-d2-e4  Nicht erreichbar\n224.0.0.22                                    01-00-5e-00-00-16  Permanent\n",
                "German",
            ),
        ] {
            let mut case = Case::default();
            read(
                text,
                &mut case,
                Place::Guest,
                "netsh interface ipv4 show neighbors",
            );
            let rows = case.guest.neighbors.rows();
            let states: Vec<NeighborState> = rows.iter().map(|row| row.state).collect();
            assert_eq!(
                states,
                [
                    NeighborState::Reachable,
                    NeighborState::Failed,
                    NeighborState::Permanent
                ],
                "{words}"
            );
            assert!(
                rows.iter().all(|row| row.adapter.as_deref() == Some("Ethernet")),
                "{words}"
            );
        }
    }
}
