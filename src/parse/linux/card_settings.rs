//! What a guest's files set its cards up to be: ifupdown, netplan, ifcfg, networkd, NetworkManager, rc.conf.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::model::{CardSettings, Case, Fact, Mac, Place};
use crate::parse::command::{self, Call};
use crate::parse::text::{address, mask_length, net, source};

/// Most stanzas that are kept of one text.
const MAX_ROWS: usize = 500;

/// Whether the call prints one of these files.
pub fn is_file(call: &Call) -> bool {
    let path = call.file().unwrap_or_default();
    let read = kind_of_path(&path).is_some();
    read || (call.is(&["netplan"]) && call.word(0) == "get") || (call.is(&["sysrc"]) && call.has("-a"))
}

/// The forms of such files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Interfaces,
    Netplan,
    Ifcfg,
    Networkd,
    Keyfile,
    RcConf,
}

fn kind_of_path(path: &str) -> Option<Kind> {
    if path.contains("/network/interfaces") {
        Some(Kind::Interfaces)
    } else if path.contains("/netplan/") {
        Some(Kind::Netplan)
    } else if path.contains("/ifcfg-") || path.contains("/network-scripts/") {
        Some(Kind::Ifcfg)
    } else if path.contains("systemd/network/") {
        Some(Kind::Networkd)
    } else if path.contains("/system-connections/") {
        Some(Kind::Keyfile)
    } else if path.ends_with("/rc.conf") {
        Some(Kind::RcConf)
    } else {
        None
    }
}

/// Whether the line stands in one of these files and hardly anywhere else.
pub fn is_line(line: &str) -> bool {
    let trimmed = line.trim();
    (line.starts_with("iface ") && line.contains(" inet"))
        || trimmed.starts_with("dhcp4:")
        || trimmed == "ethernets:"
        || trimmed.starts_with("BOOTPROTO=")
        || (line.starts_with("ifconfig_") && line.contains("=\""))
}

fn kind_of_text(text: &str) -> Kind {
    let has = |test: &dyn Fn(&str) -> bool| text.lines().any(|line| test(line.trim()));
    if has(&|line| line.starts_with("iface ")) {
        Kind::Interfaces
    } else if has(&|line| line == "ethernets:" || line.starts_with("dhcp4:")) {
        Kind::Netplan
    } else if has(&|line| line == "[Match]") {
        Kind::Networkd
    } else if has(&|line| line == "[connection]") {
        Kind::Keyfile
    } else if has(&|line| line.starts_with("ifconfig_")) {
        Kind::RcConf
    } else {
        Kind::Ifcfg
    }
}

/// Reads such a file, or several of one form.
pub fn read(text: &str, case: &mut Case, on: Place, command: &str) {
    let call = command::call(command);
    let path = call.file();
    let kind = path
        .as_deref()
        .and_then(kind_of_path)
        .unwrap_or_else(|| kind_of_text(text));
    let holder = path.unwrap_or_else(|| {
        match kind {
            Kind::Interfaces => "/etc/network/interfaces",
            Kind::Netplan => "/etc/netplan/*.yaml",
            Kind::Ifcfg => "/etc/sysconfig/network-scripts/ifcfg-*",
            Kind::Networkd => "/etc/systemd/network/*.network",
            Kind::Keyfile => "/etc/NetworkManager/system-connections/*",
            Kind::RcConf => "/etc/rc.conf",
        }
        .to_owned()
    });
    let mut rows = match kind {
        Kind::Interfaces => interfaces(text),
        Kind::Netplan => netplan(text),
        Kind::RcConf => rc_conf(text),
        Kind::Ifcfg | Kind::Networkd | Kind::Keyfile => assignments(text),
    };
    rows.truncate(MAX_ROWS);
    for row in &mut rows {
        row.holder.clone_from(&holder);
    }
    keep(case, on, rows, &holder, command);
}

/// Puts rows in the place of those of the same holder.
pub fn keep(case: &mut Case, on: Place, rows: Vec<CardSettings>, holder: &str, command: &str) {
    let Some(system) = case.system_mut(on) else { return };
    let all = system.settings.fill("");
    all.retain(|row| row.holder != holder);
    all.extend(rows);
    if let Fact::Known(_, told) = &mut system.settings {
        *told = source(command);
    }
}

/// `iface eth0 inet static` with its indented options.
fn interfaces(text: &str) -> Vec<CardSettings> {
    let mut rows: Vec<CardSettings> = Vec::new();
    let mut at: Option<usize> = None;
    for line in text
        .lines()
        .map(|line| line.split('#').next().unwrap_or_default())
    {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["iface", name, family, method, ..] => {
                at = None;
                if *family != "inet" || *name == "lo" {
                    continue;
                }
                rows.push(CardSettings {
                    adapter: Some((*name).to_owned()),
                    dhcp: match *method {
                        "dhcp" => Some(true),
                        "static" => Some(false),
                        _ => None,
                    },
                    ..CardSettings::default()
                });
                at = Some(rows.len() - 1);
            }
            [
                "auto" | "allow-hotplug" | "source" | "source-directory" | "mapping",
                ..,
            ] => at = None,
            [key, value, ..] => {
                let Some(row) = at.and_then(|at| rows.get_mut(at)) else {
                    continue;
                };
                match *key {
                    "address" => row.addresses.extend(net(value)),
                    "netmask" => set_mask(row, value),
                    "gateway" => row.gateways.extend(address(value)),
                    "hwaddress" => {
                        row.mac = words.last().and_then(|word| word.parse::<Mac>().ok()).or(row.mac);
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }
    rows
}

/// Gives the last address, which came without a prefix length, its own.
fn set_mask(row: &mut CardSettings, mask: &str) {
    let length = mask
        .trim_start_matches('/')
        .parse::<u8>()
        .ok()
        .or_else(|| mask_length(mask));
    if let (Some(last), Some(length)) = (row.addresses.last_mut(), length)
        && let Ok(net) = IpNet::new(last.addr(), length)
    {
        *last = net;
    }
}

/// netplan's YAML as people and installers write it: nested by indentation, lists in brackets or with dashes.
fn netplan(text: &str) -> Vec<CardSettings> {
    let mut rows: Vec<CardSettings> = Vec::new();
    let mut section: Option<usize> = None;
    let mut card: Option<usize> = None;
    let mut key = String::new();
    for line in text.lines() {
        let line = line.split(" #").next().unwrap_or_default().trim_end();
        let trimmed = line.trim_start();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        let indent = line.len() - trimmed.len();
        if trimmed
            .strip_suffix(':')
            .is_some_and(|name| ["ethernets", "wifis", "bridges", "bonds", "vlans"].contains(&name.trim()))
        {
            let physical = trimmed.starts_with("ethernets") || trimmed.starts_with("wifis");
            section = physical.then_some(indent);
            card = None;
            continue;
        }
        let Some(section_indent) = section else { continue };
        if indent <= section_indent {
            section = None;
            card = None;
            continue;
        }
        let at_name = card.is_none_or(|own| indent <= own);
        if at_name {
            if let Some(name) = trimmed.strip_suffix(':') {
                card = Some(indent);
                key.clear();
                rows.push(CardSettings {
                    adapter: Some(name.trim_matches(['"', '\'']).to_owned()),
                    ..CardSettings::default()
                });
            }
            continue;
        }
        let Some(row) = rows.last_mut() else { continue };
        let item = trimmed.strip_prefix("- ").unwrap_or(trimmed);
        let (own_key, value) = match item
            .split_once(": ")
            .or_else(|| item.strip_suffix(':').map(|key| (key, "")))
        {
            Some((own, value)) if net(own).is_none() => (own.trim(), value),
            _ => ("", item),
        };
        if !own_key.is_empty() && !trimmed.starts_with("- ") {
            key = own_key.to_owned();
        }
        let words = value
            .split(|c: char| c.is_whitespace() || "[],{}\"'".contains(c))
            .filter(|word| !word.is_empty());
        match if own_key.is_empty() { key.as_str() } else { own_key } {
            "dhcp4" => row.dhcp = Some(["true", "yes", "on"].contains(&value.trim())),
            "addresses" => row
                .addresses
                .extend(words.filter(|word| word.contains('/')).filter_map(net)),
            "gateway4" | "via" => row.gateways.extend(words.filter_map(address)),
            "macaddress" => {
                row.mac = value.trim().trim_matches(['"', '\'']).parse().ok().or(row.mac);
                // Matched by the card itself: the name of the entry is only a label.
                row.adapter = None;
            }
            "name" => row.adapter = Some(value.trim().trim_matches(['"', '\'']).to_owned()),
            _ => {}
        }
    }
    rows.retain(|row| row.adapter.is_some() || row.mac.is_some());
    rows
}

/// `KEY=value` files: ifcfg, networkd, NetworkManager's keyfiles; one card a file, or a `[Match]` a card.
fn assignments(text: &str) -> Vec<CardSettings> {
    let mut rows: Vec<CardSettings> = Vec::new();
    let mut row = CardSettings::default();
    let mut group = String::new();
    let mut mask = None;
    for line in text.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            if name == "Match" || name == "connection" {
                rows.push(std::mem::take(&mut row));
            }
            name.clone_into(&mut group);
            continue;
        }
        let Some((key, value)) = line.split_once('=') else {
            continue;
        };
        let value = value.trim().trim_matches(['"', '\'']);
        let family = group != "ipv6";
        match (key.trim(), value) {
            ("DEVICE" | "Name" | "interface-name", name) if !name.is_empty() => {
                row.adapter = Some(name.to_owned())
            }
            ("HWADDR" | "MACAddress" | "mac-address" | "PermanentMACAddress", mac) => {
                row.mac = mac.parse().ok()
            }
            ("BOOTPROTO", method) => row.dhcp = Some(method == "dhcp"),
            ("DHCP", method) => row.dhcp = Some(["yes", "ipv4", "true"].contains(&method)),
            ("method", method) if family => row.dhcp = Some(method == "auto"),
            ("IPADDR" | "IPADDR0" | "Address", word) => row.addresses.extend(net(word)),
            ("PREFIX" | "PREFIX0" | "NETMASK" | "NETMASK0", word) => mask = Some(word.to_owned()),
            ("GATEWAY" | "Gateway" | "gateway", word) => row.gateways.extend(address(word)),
            (key, words) if family && key.starts_with("address") => {
                let mut words = words.split(',');
                row.addresses.extend(words.next().and_then(net));
                row.gateways.extend(words.next().and_then(address));
            }
            _ => {}
        }
    }
    if let Some(mask) = mask {
        set_mask(&mut row, &mask);
    }
    rows.push(row);
    rows.retain(|row| row.adapter.is_some() || row.mac.is_some());
    rows
}

/// `ifconfig_em0="inet 10.0.0.5 netmask 255.255.255.0"` of FreeBSD.
fn rc_conf(text: &str) -> Vec<CardSettings> {
    let mut rows: Vec<CardSettings> = Vec::new();
    let mut router: Option<IpAddr> = None;
    for line in text.lines().map(str::trim) {
        let Some((key, value)) = line.split_once('=').or_else(|| line.split_once(": ")) else {
            continue;
        };
        let value = value.trim().trim_matches(['"', '\'']);
        if key == "defaultrouter" {
            router = address(value);
        }
        let Some(name) = key.strip_prefix("ifconfig_").filter(|name| !name.contains('_')) else {
            continue;
        };
        let words: Vec<&str> = value.split_whitespace().collect();
        let mut row = CardSettings {
            adapter: Some(name.to_owned()),
            dhcp: Some(value.to_uppercase().contains("DHCP")),
            ..CardSettings::default()
        };
        row.addresses.extend(words.iter().find_map(|word| net(word)));
        if let Some(mask) = crate::parse::text::after(&words, "netmask") {
            set_mask(&mut row, mask);
        }
        rows.push(row);
    }
    for row in &mut rows {
        row.gateways.extend(router);
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(command: &str, text: &str) -> Vec<CardSettings> {
        let mut case = Case::default();
        read(text, &mut case, Place::Guest, command);
        case.guest.settings.rows().to_vec()
    }

    fn words(row: &CardSettings) -> String {
        let name = row
            .adapter
            .clone()
            .or(row.mac.map(|mac| mac.to_string()))
            .unwrap_or_default();
        let nets: Vec<String> = row.addresses.iter().map(ToString::to_string).collect();
        let hops: Vec<String> = row.gateways.iter().map(ToString::to_string).collect();
        format!("{name} {:?} {} via {}", row.dhcp, nets.join(","), hops.join(","))
    }

    #[test]
    fn every_form_tells_the_same_of_a_card() {
        let forms = [
            (
                "cat /etc/network/interfaces",
                "auto lo\niface lo inet loopback\n\nauto ens33 # the card\niface ens33 inet static\n    address 192.168.1.5\n    netmask 255.255.255.0\n    gateway 192.168.1.1\n",
            ),
            (
                "sudo cat /etc/netplan/50-cloud-init.yaml",
                "network:\n  version: 2\n  ethernets:\n    ens33:\n      dhcp4: no\n      addresses:\n        - 192.168.1.5/24\n      routes:\n        - to: default\n          via: 192.168.1.1\n",
            ),
            (
                "cat /etc/netplan/a.yaml",
                "network:\n    ethernets:\n        ens33:\n            dhcp4: false\n            addresses: [192.168.1.5/24]\n            gateway4: 192.168.1.1\n            nameservers:\n                addresses: [9.9.9.9]\n",
            ),
            (
                "cat /etc/sysconfig/network-scripts/ifcfg-ens33",
                "DEVICE=ens33\nBOOTPROTO=none\nIPADDR=192.168.1.5\nPREFIX=24\nGATEWAY=192.168.1.1\n",
            ),
            (
                "cat /etc/systemd/network/10.network",
                "[Match]\nName=ens33\n\n[Network]\nDHCP=no\nAddress=192.168.1.5/24\nGateway=192.168.1.1\n",
            ),
            (
                "cat /etc/NetworkManager/system-connections/wired.nmconnection",
                "[connection]\nid=wired\ninterface-name=ens33\n\n[ipv4]\nmethod=manual\naddress1=192.168.1.5/24,192.168.1.1\n\n[ipv6]\nmethod=auto\n",
            ),
            (
                "cat /etc/rc.conf",
                "hostname=\"bsd\"\nifconfig_ens33=\"inet 192.168.1.5 netmask 255.255.255.0\"\ndefaultrouter=\"192.168.1.1\"\n",
            ),
        ];
        for (command, text) in forms {
            let rows: Vec<String> = told(command, text).iter().map(words).collect();
            assert_eq!(
                rows,
                ["ens33 Some(false) 192.168.1.5/24 via 192.168.1.1"],
                "{command}"
            );
        }
    }

    #[test]
    fn a_card_matched_by_its_hardware_address_has_no_name_to_be_wrong() {
        let rows = told(
            "cat /etc/netplan/01.yaml",
            "network:\n  ethernets:\n    lan:\n      match:\n        macaddress: 52:54:00:aa:bb:01\n      set-name: lan0\n      dhcp4: true\n",
        );
        assert_eq!(
            rows.iter().map(words).collect::<Vec<_>>(),
            ["52:54:00:aa:bb:01 Some(true)  via "]
        );
    }
}
