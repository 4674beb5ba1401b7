//! `lsof -nP -i`: who holds which port.

use std::net::{IpAddr, Ipv4Addr};

use crate::model::{Case, Listener, Place, Protocol};
use crate::parse::text::{address, source};

/// Whether the line heads the table.
pub fn is_heading(line: &str) -> bool {
    line.starts_with("COMMAND ") && line.contains(" FD ") && line.trim_end().ends_with("NAME")
}

/// Reads open ports; those that are known already stay, for `-i :53` shows one port only.
pub fn read(text: &str, case: &mut Case, on: Place, command: &str) {
    let found: Vec<Listener> = text.lines().filter_map(row).take(4000).collect();
    let Some(system) = case.system_mut(on) else { return };
    let rows = system.listeners.fill(&source(command));
    for listener in found {
        rows.retain(|known| {
            (known.protocol, known.port, known.address)
                != (listener.protocol, listener.port, listener.address)
                || known
                    .process
                    .as_ref()
                    .is_some_and(|name| Some(name) != listener.process.as_ref())
        });
        if rows.len() < 10_000 && !rows.contains(&listener) {
            rows.push(listener);
        }
    }
}

/// `dnsmasq 812 nobody 4u IPv4 0x… 0t0 UDP *:53`, behind TCP `(LISTEN)`.
fn row(line: &str) -> Option<Listener> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let at = words.iter().position(|word| *word == "UDP" || *word == "TCP")?;
    let udp = words.get(at) == Some(&"UDP");
    let name = words.get(at + 1)?;
    if name.contains("->") || (!udp && words.get(at + 2) != Some(&"(LISTEN)")) {
        return None;
    }
    let (host, port) = name.rsplit_once(':')?;
    let host: IpAddr = match host {
        "*" => Ipv4Addr::UNSPECIFIED.into(),
        host => address(host)?,
    };
    Some(Listener {
        protocol: if udp { Protocol::Udp } else { Protocol::Tcp },
        address: host,
        port: port.parse().ok()?,
        process: words.first().map(|name| (*name).to_owned()),
    })
}
