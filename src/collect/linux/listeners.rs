//! Open ports from the kernel's socket tables.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::Path;

use super::super::file;
use super::super::source::{Ledger, blocking, under};
use crate::model::{Fact, Gap, Listener, Process, Protocol};

/// Most open ports that are kept.
const MOST: usize = 5000;

/// Reads the four tables; the program behind a port is told for processes of interest, as far as rights go.
pub(super) async fn read(ledger: Ledger) -> Result<(), Gap> {
    let root = ledger.machine.root.clone();
    let tables = blocking(move || tables(&root)).await??;
    let sockets = match ledger.processes().await {
        Ok(processes) => blocking(move || sockets_of(&processes)).await.unwrap_or_default(),
        Err(_) => HashMap::new(),
    };
    let mut listeners: Vec<Listener> = Vec::new();
    for (mut listener, inode) in tables {
        listener.process = sockets.get(&inode).cloned();
        if !listeners.contains(&listener) && listeners.len() < MOST {
            listeners.push(listener);
        }
    }
    listeners.sort_by_key(|listener| (listener.protocol, listener.port, listener.address));
    ledger.facts(move |case| case.host.listeners = Fact::known(listeners.clone(), "/proc/net"));
    Ok(())
}

fn tables(root: &Path) -> Result<Vec<(Listener, u64)>, Gap> {
    let mut found = Vec::new();
    for (name, protocol) in [
        ("tcp", Protocol::Tcp),
        ("tcp6", Protocol::Tcp),
        ("udp", Protocol::Udp),
        ("udp6", Protocol::Udp),
    ] {
        match file::read(&under(root, &format!("/proc/self/net/{name}"))) {
            Ok(text) => found.extend(text.lines().skip(1).filter_map(|line| row(line, protocol))),
            // A kernel without IPv6 has no such table.
            Err(_) if name.ends_with('6') => {}
            Err(gap) => return Err(gap),
        }
    }
    Ok(found)
}

/// One row of a socket table: an open port and its socket's number. A TCP port is open in state 0A; a UDP
/// port when it is not connected to anybody (proc_net_tcp in the kernel's documentation).
fn row(line: &str, protocol: Protocol) -> Option<(Listener, u64)> {
    let mut words = line.split_whitespace();
    let local = words.nth(1)?;
    let remote = words.next()?;
    let state = words.next()?;
    let open = match protocol {
        Protocol::Tcp => state == "0A",
        Protocol::Udp => remote.ends_with(":0000"),
    };
    let (address, port) = local.split_once(':')?;
    let listener = Listener {
        protocol,
        address: address_of(address)?,
        port: u16::from_str_radix(port, 16).ok()?,
        process: None,
    };
    let inode = words.nth(5)?.parse().ok()?;
    open.then_some((listener, inode))
}

/// Words of four bytes in this machine's own order.
fn address_of(hex: &str) -> Option<IpAddr> {
    let word = |at: usize| {
        let digits = hex.get(at * 8..at * 8 + 8)?;
        Some(u32::from_str_radix(digits, 16).ok()?.to_ne_bytes())
    };
    match hex.len() {
        8 => Some(IpAddr::V4(Ipv4Addr::from(word(0)?))),
        32 => {
            let mut bytes = [0; 16];
            for (at, chunk) in bytes.chunks_exact_mut(4).enumerate() {
                chunk.copy_from_slice(&word(at)?);
            }
            Some(IpAddr::V6(Ipv6Addr::from(bytes)))
        }
        _ => None,
    }
}

/// The sockets that these processes hold, where the system lets us look.
fn sockets_of(processes: &[Process]) -> HashMap<u64, String> {
    let mut sockets = HashMap::new();
    for process in processes {
        let Ok(entries) = std::fs::read_dir(format!("/proc/{}/fd", process.pid)) else {
            continue;
        };
        for entry in entries.flatten().take(4096) {
            let Ok(target) = std::fs::read_link(entry.path()) else {
                continue;
            };
            let number = target
                .to_str()
                .and_then(|text| text.strip_prefix("socket:[")?.strip_suffix(']')?.parse().ok());
            if let Some(number) = number {
                sockets.insert(number, process.name.clone());
            }
        }
    }
    sockets
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_rows_of_both_families() {
        let tcp = "   0: 0100007F:0277 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 17023 1 0";
        let (listener, inode) = row(tcp, Protocol::Tcp).expect("open");
        assert_eq!(
            (listener.address.to_string().as_str(), listener.port, inode),
            ("127.0.0.1", 631, 17023)
        );
        let udp = "  1: 00000000000000000000000001000000:0035 00000000000000000000000000000000:0000 07 \
                   00000000:00000000 00:00000000 00000000 0 0 99 2 0";
        let (listener, inode) = row(udp, Protocol::Udp).expect("open");
        assert_eq!(
            (listener.address.to_string().as_str(), listener.port, inode),
            ("::1", 53, 99)
        );
        let talking = tcp.replace(" 0A ", " 01 ");
        assert!(row(&talking, Protocol::Tcp).is_none());
        assert!(row("é: é:é é é", Protocol::Udp).is_none());
    }
}
