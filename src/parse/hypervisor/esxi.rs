//! ESXi: `esxcli network …` and `vim-cmd vmsvc/…`.

use super::{lay, virtualbox};
use crate::model::{Case, HypervisorId, Mac, Mode, Place, PowerState};
use crate::parse::command::Call;
use crate::parse::{command, text};

/// Whether a call is `esxcli …` with these words in a row.
pub fn is(call: &Call, words: &str) -> bool {
    call.program == "esxcli" && call.words().collect::<Vec<_>>().join(" ").contains(words)
}

/// `esxcli network vswitch standard list`: a port group has the physical cards of its switch.
pub fn switches(text: &str, case: &mut Case, _on: Place, command: &str) {
    let source = text::source(command);
    let hypervisor = lay::product(case, HypervisorId::Esxi, "");
    let (mut switch, mut uplinks) = (String::new(), String::new());
    for line in text.lines().take(lay::MAX_ROWS) {
        let Some((key, value)) = line.trim().split_once(':') else {
            continue;
        };
        let value = value.trim();
        match key {
            "Name" => {
                value.clone_into(&mut switch);
                uplinks.clear();
            }
            "Uplinks" => value.clone_into(&mut uplinks),
            "Portgroups" => {
                for name in value.split(", ").filter(|name| !name.is_empty()).take(256) {
                    let network = lay::network(hypervisor, name, &source);
                    // Without a physical card the switch is a segment of its own.
                    network.mode = if uplinks.is_empty() {
                        Mode::Internal
                    } else {
                        Mode::Bridged
                    };
                    network.uplink = Some(uplinks.clone()).filter(|uplinks| !uplinks.is_empty());
                    network.settings.insert("vswitch".to_owned(), switch.clone());
                }
            }
            _ => {}
        }
    }
    lay::settle(hypervisor);
}

/// `esxcli network vswitch standard portgroup list`: VLAN numbers.
pub fn port_groups(text: &str, case: &mut Case, _on: Place, command: &str) {
    let source = text::source(command);
    let hypervisor = lay::product(case, HypervisorId::Esxi, "");
    for row in dashed_rows(text) {
        let [name, switch, .., vlan] = row.as_slice() else {
            continue;
        };
        let network = lay::network(hypervisor, name, &source);
        // 4095 is every VLAN: the machines tag for themselves.
        network.vlan = vlan.parse().ok().filter(|vlan| *vlan != 4095);
        network.settings.insert("vswitch".to_owned(), switch.clone());
    }
}

/// Rows of a table whose columns are those of the dashes below the heading.
fn dashed_rows(text: &str) -> Vec<Vec<String>> {
    let mut lines = text
        .lines()
        .skip_while(|line| !line.trim_start().starts_with("---"));
    let Some(ruler) = lines.next() else {
        return Vec::new();
    };
    let mut starts = Vec::new();
    let mut previous = ' ';
    for (at, c) in ruler.chars().enumerate() {
        if c == '-' && previous != '-' {
            starts.push(at);
        }
        previous = c;
    }
    lines
        .filter(|line| !line.trim().is_empty())
        .take(lay::MAX_ROWS)
        .map(|line| {
            let chars: Vec<char> = line.chars().collect();
            starts
                .iter()
                .enumerate()
                .map(|(at, start)| {
                    let end = starts
                        .get(at + 1)
                        .copied()
                        .unwrap_or(chars.len())
                        .min(chars.len());
                    let start = if at == 0 { 0 } else { *start }.min(end);
                    let cell: String = chars.get(start..end).unwrap_or_default().iter().collect();
                    cell.trim().to_owned()
                })
                .collect()
        })
        .collect()
}

/// `esxcli network nic list`: whether the physical cards of the port groups have a link.
pub fn physical_cards(text: &str, case: &mut Case, _on: Place, command: &str) {
    let source = text::source(command);
    let hypervisor = lay::product(case, HypervisorId::Esxi, "");
    let mut links = Vec::new();
    for row in dashed_rows(text) {
        let [name, _, _, admin, link, ..] = row.as_slice() else {
            continue;
        };
        let up = admin.eq_ignore_ascii_case("up") && link.eq_ignore_ascii_case("up");
        let word = if up { "up" } else { "down" };
        hypervisor.settings.insert(name.clone(), word.to_owned());
        links.push((name.clone(), up));
    }
    for network in hypervisor.networks.fill(&source) {
        let uplinks: Vec<&str> = network.uplink.iter().flat_map(|list| list.split(", ")).collect();
        let known: Vec<bool> = uplinks
            .iter()
            .filter_map(|uplink| links.iter().find(|(name, _)| name == uplink).map(|(_, up)| *up))
            .collect();
        // One card of the team that has a link carries all of it; one that was not listed may be that one.
        if known.iter().any(|up| *up) {
            network.settings.insert("uplink-link".to_owned(), "up".to_owned());
        } else if !known.is_empty() && known.len() == uplinks.len() {
            network
                .settings
                .insert("uplink-link".to_owned(), "down".to_owned());
        }
    }
}

/// `esxcli network ip interface ipv4 get`: the addresses of the host itself, as settings `vmk0` = `192.168.1.50/24`.
pub fn own_addresses(text: &str, case: &mut Case, _on: Place, command: &str) {
    let _ = command;
    let hypervisor = lay::product(case, HypervisorId::Esxi, "");
    for row in dashed_rows(text) {
        let [name, address, mask, ..] = row.as_slice() else {
            continue;
        };
        let net = text::address(address).and_then(|address| text::net_of(address, mask));
        if let Some(net) = net.filter(|_| name.starts_with("vmk")) {
            hypervisor.settings.insert(name.clone(), net.to_string());
        }
    }
}

/// `esxcli network ip interface list`: the port groups of the host's own cards, as settings `portgroup-vmk0`.
pub fn own_cards(text: &str, case: &mut Case, _on: Place, _command: &str) {
    let hypervisor = lay::product(case, HypervisorId::Esxi, "");
    let mut card = "";
    for line in text.lines().take(lay::MAX_ROWS) {
        match line.trim().split_once(": ") {
            Some(("Name", name)) => card = name.trim(),
            Some(("Portgroup", group)) if card.starts_with("vmk") => {
                let key = format!("portgroup-{card}");
                hypervisor.settings.insert(key, group.trim().to_owned());
            }
            _ => {}
        }
    }
}

/// `esxcli network firewall get`: whether the filter is on.
pub fn firewall(text: &str, case: &mut Case, _on: Place, _command: &str) {
    let hypervisor = lay::product(case, HypervisorId::Esxi, "");
    for line in text.lines().take(16) {
        let Some((key, value)) = line.trim().split_once(": ") else {
            continue;
        };
        if key == "Enabled" {
            let value = value.trim().to_lowercase().chars().take(20).collect();
            hypervisor.settings.insert("firewall-enabled".to_owned(), value);
        }
    }
}

/// `esxcli network ip neighbor list`: which address a card of a machine answers for.
pub fn neighbors(text: &str, case: &mut Case, _on: Place, command: &str) {
    let _ = command;
    let hypervisor = lay::product(case, HypervisorId::Esxi, "");
    for row in dashed_rows(text) {
        let [address, mac, ..] = row.as_slice() else {
            continue;
        };
        let (Some(address), Some(mac)) = (text::address(address), text::mac(mac)) else {
            continue;
        };
        let machines = hypervisor.machines.value_mut().into_iter().flatten();
        for nic in machines.flat_map(|machine| &mut machine.nics) {
            if nic.mac.is_some_and(|known| known == mac) {
                lay::address(nic, address, None, "neighbor table");
            }
        }
    }
}

/// `esxcli network vm list`: machines that run, and the port groups they are on.
pub fn vm_list(text: &str, case: &mut Case, _on: Place, command: &str) {
    let source = text::source(command);
    let hypervisor = lay::product(case, HypervisorId::Esxi, "");
    for row in dashed_rows(text) {
        let [_, name, _, networks] = row.as_slice() else {
            continue;
        };
        let machine = lay::machine(hypervisor, name, None, &source);
        machine.state = PowerState::Running;
        for (slot, network) in networks.split(", ").enumerate().take(lay::MAX_NICS) {
            let slot = u32::try_from(slot).unwrap_or(u32::MAX);
            if let Some(nic) = lay::nic_in_slot(machine, slot)
                && nic.network.is_none()
            {
                nic.network = Some(network.to_owned());
            }
        }
    }
    lay::settle(hypervisor);
}

/// `esxcli network vm port list -w ID`: one port of a machine.
pub fn vm_port(text: &str, case: &mut Case, _on: Place, command: &str) {
    let field = |name: &str| {
        text.lines()
            .find_map(|line| line.trim().strip_prefix(name)?.strip_prefix(':').map(str::trim))
            .filter(|value| !value.is_empty())
    };
    let Some(mac) = field("MAC Address").and_then(text::mac) else {
        return;
    };
    let name = lay::subject(case, HypervisorId::Esxi, &[mac]).unwrap_or_default();
    let source = text::source(command);
    let hypervisor = lay::product(case, HypervisorId::Esxi, "");
    let machine = lay::machine(hypervisor, &name, None, &source);
    // The list of machines told the port group and no address: this is that card's.
    let group = field("Portgroup").map(str::to_owned);
    if let Some(nic) = machine
        .nics
        .iter_mut()
        .find(|nic| nic.mac.is_none() && nic.network == group)
    {
        nic.mac = Some(mac);
    }
    if let Some(nic) = lay::nic_of_mac(machine, mac) {
        nic.network = field("Portgroup").map(str::to_owned);
        nic.uplink = field("Team Uplink").map(str::to_owned);
        if let Some(address) = field("IP Address").and_then(lay::some_address) {
            lay::address(nic, address, None, "guest tools");
        }
    }
    lay::settle(hypervisor);
}

/// `vim-cmd vmsvc/getallvms`. A note may go on over further lines, which begin with no number.
pub fn all_vms(text: &str, case: &mut Case, _on: Place, command: &str) {
    let source = text::source(command);
    let hypervisor = lay::product(case, HypervisorId::Esxi, "");
    for line in text.lines().take(lay::MAX_ROWS) {
        let Some((head, rest)) = line.split_once(" [") else {
            continue;
        };
        let mut words = head.split_whitespace();
        let Some(number) = words.next().filter(|word| word.parse::<u32>().is_ok()) else {
            continue;
        };
        let name = words.collect::<Vec<_>>().join(" ");
        let machine = lay::machine(hypervisor, &name, Some(number), &source);
        let os = rest
            .split_once(".vmx ")
            .and_then(|(_, rest)| rest.split_whitespace().next());
        machine.os = os.and_then(virtualbox::os_of).or(machine.os);
    }
}

/// `vim-cmd vmsvc/get.guest ID`: the guest's cards by its tools.
pub fn guest(text: &str, case: &mut Case, _on: Place, command: &str) {
    let mut cards: Vec<(Option<Mac>, Option<String>, Vec<std::net::IpAddr>)> = Vec::new();
    let mut in_card = false;
    for line in text.lines().take(100_000) {
        let line = line.trim().trim_end_matches(',');
        let value = line
            .split_once(" = ")
            .map(|(_, value)| value.trim().trim_matches('"'))
            .unwrap_or_default();
        if line.starts_with("(vim.vm.GuestInfo.NicInfo) {") {
            in_card = cards.len() < lay::MAX_NICS;
            if in_card {
                cards.push((None, None, Vec::new()));
            }
        } else if in_card && let Some(card) = cards.last_mut() {
            if line.starts_with("network = ") {
                card.1 = Some(value.to_owned());
            } else if line.starts_with("macAddress = ") {
                card.0 = text::mac(value);
            } else if line.starts_with('"')
                && card.2.len() < 64
                && let Some(address) = text::address(line)
            {
                card.2.push(address);
            }
        }
    }
    let macs: Vec<Mac> = cards.iter().filter_map(|card| card.0).collect();
    let number = command::call(command)
        .words()
        .find(|word| word.parse::<u32>().is_ok())
        .map(str::to_owned);
    let host_name = text.lines().find_map(|line| {
        let value = line.trim().strip_prefix("hostName = \"")?;
        value.split('"').next().map(str::to_owned)
    });
    let hypervisor = case.hypervisors.iter().find(|h| h.id == HypervisorId::Esxi);
    let name = number
        .and_then(|number| Some(hypervisor?.machine(&number)?.name.clone()))
        .or_else(|| lay::subject(case, HypervisorId::Esxi, &macs))
        .or(host_name)
        .unwrap_or_default();
    let source = text::source(command);
    let hypervisor = lay::product(case, HypervisorId::Esxi, "");
    let machine = lay::machine(hypervisor, &name, None, &source);
    for (mac, network, addresses) in cards {
        let Some(mac) = mac else { continue };
        let blank = machine
            .nics
            .iter()
            .position(|nic| nic.mac.is_none() && nic.network == network);
        if let Some(nic) = blank.and_then(|at| machine.nics.get_mut(at)) {
            nic.mac = Some(mac);
        }
        if let Some(nic) = lay::nic_of_mac(machine, mac) {
            nic.network = network.or(nic.network.take());
            lay::forget_addresses(nic, "guest tools");
            for address in addresses {
                lay::address(nic, address, None, "guest tools");
            }
        }
    }
    lay::settle(hypervisor);
}

/// `esxcli network vswitch standard [portgroup] policy security get`: of a port group, or of a switch (then as the product's
/// settings `vSwitch0 promiscuous`), which holds for those of its port groups that were not asked themselves.
pub fn security(text: &str, case: &mut Case, _on: Place, command: &str) {
    let call = command::call(command);
    let named = |short: &str, long: &str| call.after(short).or_else(|| call.after(long)).map(str::to_owned);
    let source = text::source(command);
    let hypervisor = lay::product(case, HypervisorId::Esxi, "");
    let mut told = Vec::new();
    for line in text.lines().take(64) {
        let Some((key, value)) = line.trim().split_once(": ") else {
            continue;
        };
        let key = match key {
            "Allow Promiscuous" => "promiscuous",
            "Allow MAC Address Change" => "mac-changes",
            "Allow Forged Transmits" => "forged-transmits",
            _ => continue,
        };
        let value = if value.trim() == "true" {
            "accept"
        } else {
            "reject"
        };
        told.push((key.to_owned(), value.to_owned()));
    }
    if let Some(name) = named("-p", "--portgroup-name") {
        let group = lay::network(hypervisor, &name, &source);
        group.settings.extend(told);
    } else if let Some(switch) = named("-v", "--vswitch-name") {
        let own = told
            .into_iter()
            .map(|(key, value)| (format!("{switch} {key}"), value));
        hypervisor.settings.extend(own);
    }
}
