//! `Get-DnsClientServerAddress` and `Get-NetTCPConnection`.

use std::net::IpAddr;

use serde_json::Value;

use super::powershell::{adapter_name, rows};
use crate::model::{Case, Fact, Listener, Place, Protocol};
use crate::parse::command;
use crate::parse::merge;
use crate::parse::text::{address, number_of, source, text_of};

/// `Ethernet     12 IPv4    {192.168.1.1, 8.8.8.8}`: the heading of this table has two lines, so that its rows are told by
/// their end.
fn server_row(line: &str) -> Option<(&str, u32, Vec<IpAddr>)> {
    let (before, servers) = line.trim_end().strip_suffix('}')?.rsplit_once('{')?;
    let before = before
        .trim_end()
        .strip_suffix("IPv4")
        .or_else(|| before.trim_end().strip_suffix("IPv6"))?;
    let (name, index) = before.trim_end().rsplit_once(' ')?;
    let servers = servers.split([',', ' ']).filter_map(address).collect();
    Some((name.trim(), index.parse().ok()?, servers))
}

/// Whether the line is a row of `Get-DnsClientServerAddress`.
pub fn is_server_line(line: &str) -> bool {
    server_row(line).is_some()
}

/// Reads `Get-DnsClientServerAddress`: tables, lists and JSON.
pub fn servers(text: &str, case: &mut Case, on: Place, command: &str) {
    let mut found: Vec<(String, Option<u32>, Vec<IpAddr>)> = Vec::new();
    for (name, index, servers) in text.lines().filter_map(server_row) {
        // A name that the table cut stands as its index.
        let cut = name.contains("...") || name.contains('…');
        let name = if cut {
            merge::by_index(u64::from(index))
        } else {
            name.to_owned()
        };
        found.push((name, Some(index), servers));
    }
    if found.is_empty() {
        for row in rows(text).0 {
            let servers = match row.get("ServerAddresses") {
                Some(Value::Array(servers)) => servers
                    .iter()
                    .filter_map(Value::as_str)
                    .filter_map(address)
                    .collect(),
                Some(Value::String(servers)) => {
                    servers.split([',', ' ', '{', '}']).filter_map(address).collect()
                }
                _ => continue,
            };
            if let Some(name) = adapter_name(&row) {
                let index = number_of(&row, "InterfaceIndex").and_then(|index| u32::try_from(index).ok());
                found.push((name, index, servers));
            }
        }
    }
    let Some(system) = case.system_mut(on) else { return };
    for (name, index, servers) in found.into_iter().take(2000) {
        let adapter = merge::adapter(system, &name, command);
        adapter.index = index.or(adapter.index);
        if adapter.kind == crate::model::AdapterKind::Unknown {
            adapter.kind = merge::kind_by_name(&name, adapter.description.as_deref());
        }
        // One row for each family; what an earlier output told of that family is history.
        if let Some(first) = servers.first() {
            adapter.dns.retain(|known| known.is_ipv4() != first.is_ipv4());
        }
        for server in servers {
            if !adapter.dns.contains(&server) && adapter.dns.len() < 64 {
                adapter.dns.push(server);
            }
        }
    }
}

/// Reads `Get-NetTCPConnection`: which ports listen. It tells nothing of UDP.
pub fn connections(text: &str, case: &mut Case, on: Place, command: &str) {
    let (told, _) = rows(text);
    let found: Vec<Listener> = told
        .iter()
        .filter(|row| {
            // 2 is Listen (MSFT_NetTCPConnection.State).
            let state = text_of(row, "State").unwrap_or_default();
            state.eq_ignore_ascii_case("listen") || state == "2"
        })
        .filter_map(|row| {
            Some(Listener {
                protocol: Protocol::Tcp,
                address: text_of(row, "LocalAddress").as_deref().and_then(address)?,
                port: number_of(row, "LocalPort").and_then(|port| u16::try_from(port).ok())?,
                process: None,
            })
        })
        .take(10_000)
        .collect();
    let call = command::call(command);
    // What asks for some of them says nothing of the others; and who knows what was asked without the command.
    let whole = call.args.is_empty() && !call.filtered() && !command.is_empty();
    if told.is_empty() || found.is_empty() && !whole {
        return;
    }
    let Some(system) = case.system_mut(on) else { return };
    let known = system.listeners.fill("");
    known.retain(|old| old.protocol == Protocol::Udp || (!whole && !found.contains(old)));
    known.extend(found);
    if let Fact::Known(_, told) = &mut system.listeners {
        *told = source(command);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reconstructed after Microsoft's examples.
    #[test]
    fn name_servers_stand_under_a_heading_of_two_lines() {
        let text = "\nInterfaceAlias               Interface Address ServerAddresses\n                             Index     Family\n--------------               --------- ------- ---------------\nEthernet 2                          12 IPv4    {192.168.1.1, 8.8.8.8}\nEthernet 2                          12 IPv6    {}\nVMware Network Adapter VM...        13 IPv4    {}\n\n";
        let mut case = Case::default();
        servers(text, &mut case, Place::Guest, "Get-DnsClientServerAddress");
        let adapter = case.guest.adapter("Ethernet 2").expect("the adapter");
        assert_eq!((adapter.dns.len(), adapter.index), (2, Some(12)));
        assert!(case.guest.adapter("#13").is_some());
    }

    /// Reconstructed after Microsoft's examples.
    #[test]
    fn what_listens_is_told_from_what_is_connected() {
        let text = "\nLocalAddress                        LocalPort RemoteAddress                       RemotePort State       AppliedSetting OwningProcess\n------------                        --------- -------------                       ---------- -----       -------------- -------------\n::                                  3389      ::                                  0          Listen                     1120\n0.0.0.0                             135       0.0.0.0                             0          Listen                     940\n192.168.1.5                         49999     20.7.2.167                          443        Established Internet       4508\n\n";
        let mut case = Case::default();
        connections(text, &mut case, Place::Guest, "Get-NetTCPConnection");
        let ports: Vec<u16> = case.guest.listeners.rows().iter().map(|row| row.port).collect();
        assert_eq!(ports, [3389, 135]);
        // Who was asked for the connections alone said nothing of what listens.
        let established: String = text
            .lines()
            .filter(|line| !line.contains("Listen"))
            .map(|line| format!("{line}\n"))
            .collect();
        for command in ["Get-NetTCPConnection -State Established", ""] {
            connections(&established, &mut case, Place::Guest, command);
            assert_eq!(case.guest.listeners.rows().len(), 2, "{command}");
        }
    }
}
