//! Laying what a product's tools say over what is known of its networks, machines and cards.

use std::net::IpAddr;

use crate::model::{
    Case, DhcpServer, GuestAddress, Hypervisor, HypervisorId, Lease, Mac, Machine, Mode, Nic, PowerState,
    VirtualNetwork,
};

/// Most networks, machines, leases or other rows that are kept of one output.
pub const MAX_ROWS: usize = 2048;
/// Most cards of one machine that are kept.
pub const MAX_NICS: usize = 64;

/// The product whose tool or file spoke; `sign` is what gave it away.
pub fn product<'a>(case: &'a mut Case, id: HypervisorId, sign: &str) -> &'a mut Hypervisor {
    let hypervisor = case.hypervisor_mut(id);
    hypervisor.installed = Some(true);
    if !sign.is_empty() && !hypervisor.evidence.iter().any(|known| known == sign) {
        hypervisor.evidence.push(sign.to_owned());
    }
    hypervisor
}

/// Notes a warning of a product's tool, once.
pub fn warning(hypervisor: &mut Hypervisor, text: &str) {
    let text: String = text
        .trim()
        .chars()
        .filter(|c| !c.is_control())
        .take(400)
        .collect();
    if !text.is_empty() && hypervisor.warnings.len() < 100 && !hypervisor.warnings.contains(&text) {
        hypervisor.warnings.push(text);
    }
}

/// Notes that the product's own tool listed everything of a kind (`networks`; for VirtualBox `hostonlyifs` and
/// `natnets`): what is not in the list does not exist. Stands in the setting `listed`, kinds parted by blanks.
pub fn listed(hypervisor: &mut Hypervisor, kind: &str) {
    let kinds = hypervisor.settings.entry("listed".to_owned()).or_default();
    if !kinds.split(' ').any(|known| known == kind) {
        if !kinds.is_empty() {
            kinds.push(' ');
        }
        kinds.push_str(kind);
    }
}

/// The network of this name for filling in, added when it is not there. Letters of either size count as equal.
pub fn network<'a>(hypervisor: &'a mut Hypervisor, name: &str, source: &str) -> &'a mut VirtualNetwork {
    let rows = hypervisor.networks.fill(source);
    let at = match rows.iter().position(|row| row.name.eq_ignore_ascii_case(name)) {
        Some(at) => at,
        None => {
            rows.push(VirtualNetwork {
                name: name.to_owned(),
                ..VirtualNetwork::default()
            });
            rows.len() - 1
        }
    };
    &mut rows[at]
}

/// The machine of this identifier or, failing that, of this name, added when it is not there.
pub fn machine<'a>(
    hypervisor: &'a mut Hypervisor,
    name: &str,
    id: Option<&str>,
    source: &str,
) -> &'a mut Machine {
    let rows = hypervisor.machines.fill(source);
    let by_id = rows.iter().position(|row| {
        row.id
            .as_deref()
            .is_some_and(|known| Some(known) == id || known == name)
    });
    let by_name = || {
        rows.iter()
            .position(|row| row.name == name && (id.is_none() || row.id.is_none()))
    };
    let at = match by_id.or_else(by_name) {
        Some(at) => at,
        None => {
            rows.push(Machine {
                name: name.to_owned(),
                ..Machine::default()
            });
            rows.len() - 1
        }
    };
    let machine = &mut rows[at];
    if machine.id.is_none()
        && let Some(id) = id
    {
        machine.id = Some(id.to_owned());
    }
    machine
}

/// The machine that a command without its own word for it most likely speaks of: the one with a card of these
/// addresses, else the one that the user named, else the only one that may run.
pub fn subject(case: &Case, id: HypervisorId, macs: &[Mac]) -> Option<String> {
    let hypervisor = case.hypervisors.iter().find(|hypervisor| hypervisor.id == id);
    let machines = hypervisor.map_or(&[][..], |hypervisor| hypervisor.machines.rows());
    let holder = machines.iter().find(|machine| {
        machine
            .nics
            .iter()
            .any(|nic| nic.mac.is_some_and(|mac| macs.iter().any(|m| m.same_card(mac))))
    });
    if let Some(machine) = holder {
        return Some(machine.name.clone());
    }
    if let Some(name) = &case.intake.vm {
        return Some(name.clone());
    }
    let mut candidates = machines.iter().filter(|machine| !machine.state.is_down());
    let first = candidates.next()?;
    candidates.next().is_none().then(|| first.name.clone())
}

/// Lays a machine's description over what is known of it.
pub fn over_machine(hypervisor: &mut Hypervisor, new: Machine, source: &str) {
    let known = machine(hypervisor, &new.name, new.id.as_deref(), source);
    if !new.name.is_empty() {
        known.name = new.name;
    }
    if new.state != PowerState::Unknown {
        known.state = new.state;
    }
    known.os = new.os.or(known.os);
    nics(known, new.nics);
}

/// Replaces a machine's cards; what the new description does not speak of stays with the card.
pub fn nics(machine: &mut Machine, found: Vec<Nic>) {
    let mut old = std::mem::take(&mut machine.nics);
    for new in found.into_iter().take(MAX_NICS) {
        let at = old
            .iter()
            .position(|nic| nic.mac.is_some() && nic.mac == new.mac)
            .or_else(|| {
                old.iter()
                    .position(|nic| nic.slot == new.slot && (nic.mac.is_none() || new.mac.is_none()))
            });
        let nic = match at {
            Some(at) => over_nic(old.remove(at), new),
            None => new,
        };
        machine.nics.push(nic);
    }
    machine.nics.sort_by_key(|nic| nic.slot);
}

fn over_nic(known: Nic, new: Nic) -> Nic {
    let mut settings = known.settings;
    settings.extend(new.settings);
    let mut addresses = new.addresses;
    for address in known.addresses {
        if !addresses
            .iter()
            .any(|a| a.address == address.address && a.source == address.source)
        {
            addresses.push(address);
        }
    }
    Nic {
        slot: new.slot,
        mode: if new.mode == Mode::Other {
            known.mode
        } else {
            new.mode
        },
        network: new.network.or(known.network),
        mac: new.mac.or(known.mac),
        model: new.model.or(known.model),
        cable_connected: new.cable_connected.or(known.cable_connected),
        host_port: new.host_port.or(known.host_port),
        uplink: new.uplink.or(known.uplink),
        submode: new.submode.or(known.submode),
        addresses,
        filter: new.filter.or(known.filter),
        forwards: if new.forwards.is_empty() {
            known.forwards
        } else {
            new.forwards
        },
        vlan: new.vlan.or(known.vlan),
        settings,
    }
}

/// Lays a network's description over what is known of it.
pub fn over_network(known: &mut VirtualNetwork, new: VirtualNetwork) {
    if new.mode != Mode::Other {
        known.mode = new.mode;
    }
    take(&mut known.active, new.active);
    take(&mut known.autostart, new.autostart);
    take(&mut known.host_adapter, new.host_adapter);
    take(&mut known.host_adapter_wanted, new.host_adapter_wanted);
    take(&mut known.segment, new.segment);
    take(&mut known.host_address, new.host_address);
    take(&mut known.nat_address, new.nat_address);
    take(&mut known.nat, new.nat);
    if let Some(dhcp) = new.dhcp {
        over_dhcp(known.dhcp.get_or_insert_default(), dhcp);
    }
    if let Some(found) = new.leases {
        leases(known, found);
    }
    take(&mut known.uplink, new.uplink);
    take(&mut known.uplink_automatic, new.uplink_automatic);
    if !new.forwards.is_empty() {
        known.forwards = new.forwards;
    }
    take(&mut known.vlan, new.vlan);
    known.settings.extend(new.settings);
}

/// Lays what is told of a DHCP server over what is known of it.
pub fn over_dhcp(known: &mut DhcpServer, new: DhcpServer) {
    take(&mut known.enabled, new.enabled);
    take(&mut known.address, new.address);
    take(&mut known.first, new.first);
    take(&mut known.last, new.last);
}

fn take<T>(known: &mut Option<T>, new: Option<T>) {
    if new.is_some() {
        *known = new;
    }
}

/// Replaces a network's leases; the end that only the older table told stays.
pub fn leases(network: &mut VirtualNetwork, mut found: Vec<Lease>) {
    found.truncate(MAX_ROWS);
    let old = network.leases.take().unwrap_or_default();
    for lease in &mut found {
        if lease.ends.is_none()
            && let Some(known) = old
                .iter()
                .find(|known| known.address == lease.address && known.mac == lease.mac)
        {
            lease.ends = known.ends;
        }
    }
    network.leases = Some(found);
}

/// Who told a guest's address, best first.
const SOURCES: [&str; 6] = [
    "agent",
    "guest properties",
    "guest tools",
    "lease",
    "neighbor table",
    "configuration",
];

/// Adds an address that was told for a card, once for each source; what the source told before stays beside it.
pub fn address(nic: &mut Nic, address: IpAddr, prefix: Option<u8>, source: &str) {
    if address.is_loopback() || address.is_unspecified() || nic.addresses.len() >= 64 {
        return;
    }
    nic.addresses
        .retain(|known| !(known.address == address && known.source == source));
    nic.addresses.push(GuestAddress {
        address,
        prefix,
        source: source.to_owned(),
    });
    nic.addresses.sort_by_key(|known| {
        let rank = SOURCES.iter().position(|source| *source == known.source);
        let scope = match known.address {
            IpAddr::V4(_) => 0,
            IpAddr::V6(v6) if v6.is_unicast_link_local() => 2,
            IpAddr::V6(_) => 1,
        };
        (rank.unwrap_or(SOURCES.len()), scope)
    });
}

/// Forgets what this source told of a card's addresses, before it tells anew.
pub fn forget_addresses(nic: &mut Nic, source: &str) {
    nic.addresses.retain(|known| known.source != source);
}

/// The card with this hardware address, added behind the others when it is not there.
pub fn nic_of_mac(machine: &mut Machine, mac: Mac) -> Option<&mut Nic> {
    let at = match machine
        .nics
        .iter()
        .position(|nic| nic.mac.is_some_and(|known| known.same_card(mac)))
    {
        Some(at) => at,
        None if machine.nics.len() < MAX_NICS => {
            let slot = machine.nics.last().map_or(0, |nic| nic.slot.saturating_add(1));
            machine.nics.push(Nic {
                slot,
                mac: Some(mac),
                ..Nic::default()
            });
            machine.nics.len() - 1
        }
        None => return None,
    };
    machine.nics.get_mut(at)
}

/// The card in this slot, added when it is not there.
pub fn nic_in_slot(machine: &mut Machine, slot: u32) -> Option<&mut Nic> {
    let at = match machine.nics.iter().position(|nic| nic.slot == slot) {
        Some(at) => at,
        None if machine.nics.len() < MAX_NICS => {
            let at = machine.nics.partition_point(|nic| nic.slot < slot);
            machine.nics.insert(
                at,
                Nic {
                    slot,
                    ..Nic::default()
                },
            );
            at
        }
        None => return None,
    };
    machine.nics.get_mut(at)
}

/// Gives each card the mode of the network that it is on, as far as both are known.
pub fn settle(hypervisor: &mut Hypervisor) {
    let networks: Vec<(String, Mode, Option<String>, Option<String>)> = hypervisor
        .networks
        .rows()
        .iter()
        .map(|n| (n.name.clone(), n.mode, n.host_adapter.clone(), n.uplink.clone()))
        .collect();
    let Some(machines) = hypervisor.machines.value_mut() else {
        return;
    };
    for nic in machines.iter_mut().flat_map(|machine| &mut machine.nics) {
        if nic.network.is_none() && nic.mode == Mode::Bridged {
            // A card on `virbr0` by the bridge's name is on the network that owns the bridge.
            nic.network = networks
                .iter()
                .find(|(_, mode, bridge, _)| {
                    bridge.is_some()
                        && *bridge == nic.uplink
                        && matches!(mode, Mode::Nat | Mode::Routed | Mode::HostOnly)
                })
                .map(|(name, ..)| name.clone());
        }
        let Some(name) = &nic.network else { continue };
        let Some((_, mode, _, uplink)) = networks
            .iter()
            .find(|(known, ..)| known.eq_ignore_ascii_case(name))
        else {
            continue;
        };
        if *mode != Mode::Other {
            nic.mode = *mode;
        }
        if nic.uplink.is_none() && matches!(mode, Mode::Bridged | Mode::Macvtap | Mode::External) {
            nic.uplink.clone_from(uplink);
        }
    }
}

/// The cells of a row whose columns are parted by two blanks or more, or by tabs.
pub fn cells(line: &str) -> Vec<&str> {
    let mut cells = Vec::new();
    let mut rest = line.trim();
    while !rest.is_empty() && cells.len() < 32 {
        let end = rest
            .find("  ")
            .into_iter()
            .chain(rest.find('\t'))
            .min()
            .unwrap_or(rest.len());
        let (cell, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        cells.push(cell.trim());
        rest = after.trim_start();
    }
    cells
}

/// Rows below the ruler of dashes, cut into cells.
pub fn ruled_rows(text: &str) -> Vec<Vec<&str>> {
    let ruler = |line: &&str| line.trim().len() > 3 && line.trim().chars().all(|c| c == '-');
    let below: Vec<&str> = text.lines().skip_while(|line| !ruler(line)).skip(1).collect();
    below
        .into_iter()
        .filter(|line| !line.trim().is_empty())
        .map(cells)
        .take(MAX_ROWS)
        .collect()
}

/// `yes`, `on`, `true`, `enabled` and their opposites, in the languages that tools print them in.
pub fn truth(word: &str) -> Option<bool> {
    Some(
        match word.trim().trim_matches(['"', '\'']).to_lowercase().as_str() {
            "yes" | "on" | "true" | "enabled" | "enable" | "1" | "up" | "ja" | "是" | "启用" => true,
            "no" | "off" | "false" | "disabled" | "disable" | "0" | "down" | "nein" | "否" | "禁用" => {
                false
            }
            _ => return None,
        },
    )
}

/// An address that is told as text, where empty and `0.0.0.0` mean none.
pub fn some_address(word: &str) -> Option<IpAddr> {
    crate::parse::text::address(word).filter(|address| !address.is_unspecified())
}

/// Seconds since 1970 of `2026-11-22 18:00:21` (or with `/`), that many seconds east of Greenwich.
pub fn seconds(date: &str, offset: i64) -> Option<i64> {
    let date = date.trim().replace('/', "-").replacen(' ', "T", 1);
    let civil: jiff::civil::DateTime = date.parse().ok()?;
    let utc = civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    utc.timestamp().as_second().checked_sub(offset)
}

/// Seconds east of Greenwich of the place where the case was taken, when its time says so.
pub fn offset_of(taken_at: Option<&str>) -> Option<i64> {
    let pieces = jiff::fmt::temporal::Pieces::parse(taken_at?).ok()?;
    pieces
        .to_numeric_offset()
        .map(|offset| i64::from(offset.seconds()))
}
