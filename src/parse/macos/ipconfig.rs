//! macOS' own `ipconfig` (`getifaddr`, `getpacket`, `getsummary`) and `networksetup -getinfo`: what one adapter was given.
//!
//! Reconstructed after Apple's manual pages and published excerpts.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::model::{Adapter, AddressOrigin, Case, Place};
use crate::parse::command::{self, Call};
use crate::parse::merge::{self, Extent};
use crate::parse::text::{self, address, key_value};

/// Whether the call is one of them. Windows has options where macOS has words.
pub fn is_call(call: &Call) -> bool {
    let asks = ["getifaddr", "getpacket", "getsummary", "getoption"].contains(&call.word(0).as_str());
    call.is(&["ipconfig"]) && asks || call.is(&["networksetup"]) && call.has("-getinfo")
}

/// Whether the line stands in one of them and hardly anywhere else.
pub fn is_line(line: &str) -> bool {
    line.starts_with("op = BOOT")
        || line.starts_with("server_identifier (ip): ")
        || line.trim() == "SubnetMasks : <array> {"
        || ["DHCP Configuration", "Manual Configuration"].contains(&line.trim())
}

/// Reads what they tell of the adapter that the command names.
pub fn read(text: &str, case: &mut Case, on: Place, command: &str) {
    let call = command::call(command);
    let named = match call.after("-getinfo") {
        Some(service) => Some(service),
        None => call.words().nth(1),
    };
    let (mut ip, mut mask, mut list) = (None::<IpAddr>, None::<u8>, String::new());
    // `getsummary` has a part for each family.
    let mut of_v6 = false;
    let mut found = Adapter::default();
    for line in text.lines().map(str::trim) {
        if let Some((key, _)) = line.split_once(" : <array> {") {
            of_v6 = key == "IPv6" || of_v6 && key != "IPv4";
            key.clone_into(&mut list);
            continue;
        }
        let Some((key, value)) = key_value(line) else {
            if line == "}" {
                list.clear();
            }
            found.dhcp = match line {
                "DHCP Configuration" => Some(true),
                "Manual Configuration" => Some(false),
                _ => found.dhcp,
            };
            continue;
        };
        if of_v6 {
            continue;
        }
        let bare = value.trim_matches(['{', '}', ' ']);
        match (key, list.as_str()) {
            ("yiaddr" | "IP address", _) | ("0", "Addresses") => {
                ip = address(value).filter(IpAddr::is_ipv4).or(ip)
            }
            ("subnet_mask (ip)" | "Subnet mask", _) | ("0", "SubnetMasks") => {
                mask = text::mask_length(value).or(mask)
            }
            ("router (ip_mult)" | "Router", _) => {
                found.gateways = bare.split([',', ' ']).filter_map(address).collect();
            }
            ("domain_name_server (ip_mult)", _) => {
                found.dns = bare.split([',', ' ']).filter_map(address).collect();
            }
            ("server_identifier (ip)", _) => {
                found.dhcp = Some(true);
                found.dhcp_server = address(value);
            }
            // Of several services the first is the one in use; the address of link scope stands behind it.
            ("ConfigMethod", _) => {
                found.dhcp = found.dhcp.or(Some(value == "DHCP" || value == "BOOTP"));
            }
            ("LinkStatusActive", _) => found.carrier = Some(value == "TRUE"),
            ("Ethernet Address" | "Wi-Fi ID" | "chaddr", _) => found.mac = text::mac(value),
            _ => {}
        }
    }
    if let (Some(ip), Some(mask)) = (ip, mask)
        && let Ok(net) = IpNet::new(ip, mask)
    {
        let list = found.addresses.get_or_insert_with(Vec::new);
        merge::add_address(list, net).origin = match found.dhcp {
            Some(true) => AddressOrigin::Dhcp,
            Some(false) => AddressOrigin::Static,
            None => AddressOrigin::Unknown,
        };
    }
    let empty = found == Adapter::default();
    let Some(system) = case.system_mut(on) else { return };
    // `networksetup` speaks of services, which have the names that the ports have.
    let known = system.adapters.rows().iter().find(|known| {
        named.is_some_and(|name| known.name == name || known.description.as_deref() == Some(name))
            || found.mac.is_some() && known.mac == found.mac
    });
    let name = known
        .map(|known| known.name.clone())
        .or_else(|| named.map(str::to_owned));
    let Some(name) = name.filter(|_| !empty) else {
        // An address without its mask tells no segment.
        if text.lines().any(|line| address(line).is_some()) {
            merge::unread(case, "addresses", "told without the mask", "ifconfig");
        }
        return;
    };
    found.kind = merge::kind_by_name(&name, None);
    found.name = name;
    let mut found = [found];
    merge::keep_v6(system.adapters.rows(), &mut found);
    merge::adapters(system, found.into(), Extent::Part, command);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_adapter_was_given_is_told_in_three_ways() {
        for (command, name, text) in [
            (
                "ipconfig getpacket en0",
                "en0",
                "op = BOOTREPLY\nhtype = 1\nflags = 0\nyiaddr = 192.168.64.3\nsiaddr = 192.168.64.1\nchaddr = 52:54:0:aa:bb:1\noptions:\nOptions count is 7\ndhcp_message_type (uint8): ACK 0x5\nserver_identifier (ip): 192.168.64.1\nsubnet_mask (ip): 255.255.255.0\nrouter (ip_mult): {192.168.64.1}\ndomain_name_server (ip_mult): {192.168.64.1}\nend (none):\n",
            ),
            (
                "ipconfig getsummary en0",
                "en0",
                "<dictionary> {\n  IPv4 : <array> {\n    0 : <dictionary> {\n      Addresses : <array> {\n        0 : 192.168.64.3\n      }\n      ConfigMethod : DHCP\n      Router : 192.168.64.1\n      SubnetMasks : <array> {\n        0 : 255.255.255.0\n      }\n    }\n    1 : <dictionary> {\n      ConfigMethod : LinkLocal\n    }\n  }\n  IPv6 : <array> {\n    0 : <dictionary> {\n      ConfigMethod : Automatic\n      Router : fe80::1\n    }\n  }\n  LinkStatusActive : TRUE\n}\n",
            ),
            (
                "networksetup -getinfo Ethernet",
                "Ethernet",
                "DHCP Configuration\nIP address: 192.168.64.3\nSubnet mask: 255.255.255.0\nRouter: 192.168.64.1\nClient ID: \nIPv6: Automatic\nIPv6 IP address: none\nIPv6 Router: none\nEthernet Address: 52:54:00:aa:bb:01\n",
            ),
        ] {
            let mut case = Case::default();
            read(text, &mut case, Place::Guest, command);
            let adapter = case.guest.adapter(name).expect(command);
            let nets: Vec<String> = adapter.nets().map(|net| net.to_string()).collect();
            assert_eq!(nets, ["192.168.64.3/24"], "{command}");
            assert_eq!(
                (adapter.gateways.len(), adapter.dhcp),
                (1, Some(true)),
                "{command}"
            );
        }
        let mut case = Case::default();
        read(
            "192.168.64.3\n",
            &mut case,
            Place::Guest,
            "ipconfig getifaddr en0",
        );
        assert!(!case.guest.adapters.is_known());
        assert_eq!(case.unread[0].why, "told without the mask");
    }
}
