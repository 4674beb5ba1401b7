//! Laying new facts over old ones: what is later in time holds, what it does not speak of stays.

use std::net::IpAddr;

use ipnet::IpNet;

use super::command;
use super::text::source;
use crate::model::{
    Adapter, AdapterAddress, AdapterKind, Case, Fact, Listener, Neighbor, Place, Route, Service, System,
    TABLE_MAIN, Unread, Why,
};

/// How much of a table an output speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// The whole table: what is not in it is gone.
    Whole,
    /// Some rows: the others stay.
    Part,
}

impl Extent {
    /// A part when the output went through `grep` and its like.
    pub fn of(command: &str) -> Self {
        if command::calls(command).iter().any(command::Call::filtered) {
            Self::Part
        } else {
            Self::Whole
        }
    }
}

/// Notes something that could not be read, once.
pub fn unread(case: &mut Case, what: &str, why: &str, how: &str) {
    let entry = Unread {
        what: what.chars().take(200).collect(),
        why: why.chars().take(300).collect(),
        how: how.chars().take(400).collect(),
    };
    if !case.unread.contains(&entry) {
        case.unread.push(entry);
    }
}

/// Lays adapters over those that are known: by name, else by what else is unmistakable.
pub fn adapters(system: &mut System, found: Vec<Adapter>, extent: Extent, command: &str) {
    if found.is_empty() {
        return;
    }
    let mut old = match std::mem::take(&mut system.adapters) {
        Fact::Known(old, _) => old,
        Fact::Unknown(_) => Vec::new(),
    };
    let mut renamed: Vec<(String, String)> = Vec::new();
    let mut new = Vec::with_capacity(found.len());
    for adapter in found {
        let at = old.iter().position(|known| is_same(known, &adapter));
        match at.map(|at| old.remove(at)) {
            Some(known) => {
                if known.name != adapter.name {
                    renamed.push((known.name.clone(), adapter.name.clone()));
                }
                new.push(over(known, adapter));
            }
            None => new.push(adapter),
        }
    }
    if extent == Extent::Part {
        old.append(&mut new);
        new = old;
    }
    for (from, to) in renamed {
        rename(system, &from, &to);
    }
    system.adapters = Fact::known(new, source(command));
}

/// Whether two descriptions are of one adapter. A Windows adapter may be known by its driver's description
/// only, until a command tells its name.
fn is_same(known: &Adapter, new: &Adapter) -> bool {
    if known.name.eq_ignore_ascii_case(&new.name) {
        return true;
    }
    // A name that a table cut stands as its index until another command tells it.
    let by_index = known.name.starts_with('#') || new.name.starts_with('#');
    if by_index && known.index.is_some() && known.index == new.index {
        return true;
    }
    let described = |a: &Adapter, b: &Adapter| b.description.as_deref().is_some_and(|text| text == a.name);
    if described(known, new) || described(new, known) {
        return match (known.mac, new.mac) {
            (Some(a), Some(b)) => a == b,
            _ => true,
        };
    }
    false
}

/// `new` laid over `known`: what the new description does not speak of stays.
fn over(known: Adapter, new: Adapter) -> Adapter {
    // A name that is only the driver's description gives way to the real one.
    let name = if known.description.as_deref().is_some_and(|text| text == new.name) && known.name != new.name
    {
        known.name
    } else {
        new.name
    };
    Adapter {
        name,
        description: new.description.or(known.description),
        index: new.index.or(known.index),
        mac: new.mac.or(known.mac),
        kind: if new.kind == AdapterKind::Unknown
            || (new.kind == AdapterKind::Ethernet && known.kind != AdapterKind::Unknown)
        {
            known.kind
        } else {
            new.kind
        },
        enabled: new.enabled.or(known.enabled),
        carrier: new.carrier.or(known.carrier),
        addresses: merged_addresses(known.addresses, new.addresses),
        mtu: new.mtu.or(known.mtu),
        master: new.master.or(known.master),
        lower: new.lower.or(known.lower),
        lower_mode: new.lower_mode.or(known.lower_mode),
        gateways: if new.gateways.is_empty() {
            known.gateways
        } else {
            new.gateways
        },
        dns: if new.dns.is_empty() { known.dns } else { new.dns },
        dhcp: new.dhcp.or(known.dhcp),
        dhcp_server: new.dhcp_server.or(known.dhcp_server),
        forwarding: new.forwarding.or(known.forwarding),
        profile: new.profile.or(known.profile),
        spanning_tree: new.spanning_tree.or(known.spanning_tree),
        port_state: new.port_state.or(known.port_state),
        bindings: if new.bindings.is_empty() {
            known.bindings
        } else {
            new.bindings
        },
        network_manager: new.network_manager.or(known.network_manager),
        offloads: if new.offloads.is_empty() {
            known.offloads
        } else {
            new.offloads
        },
        sharing: new.sharing.or(known.sharing),
    }
}

/// New addresses replace the old; an origin that only the older source told stays.
fn merged_addresses(
    known: Option<Vec<AdapterAddress>>,
    new: Option<Vec<AdapterAddress>>,
) -> Option<Vec<AdapterAddress>> {
    let Some(mut new) = new else { return known };
    for address in &mut new {
        if let Some(old) = known.iter().flatten().find(|old| old.net == address.net)
            && address.origin == crate::model::AddressOrigin::Unknown
        {
            address.origin = old.origin;
        }
    }
    Some(new)
}

/// The adapter of this name for filling in, added when it is not there.
pub fn adapter<'a>(system: &'a mut System, name: &str, command: &str) -> &'a mut Adapter {
    let adapters = system.adapters.fill(&source(command));
    let at = match adapters
        .iter()
        .position(|adapter| adapter.name.eq_ignore_ascii_case(name))
    {
        Some(at) => at,
        None => {
            adapters.push(Adapter::named(name));
            adapters.len() - 1
        }
    };
    &mut adapters[at]
}

/// Which rows of the routing tables an output speaks of in full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RouteScope {
    /// IPv4 rows.
    pub v4: bool,
    /// IPv6 rows.
    pub v6: bool,
    /// The one table; `None` is all tables.
    pub table: Option<u32>,
    /// Whether it holds all rows of them.
    pub extent: Extent,
}

/// Replaces the rows that an output speaks of.
pub fn routes(case: &mut Case, on: Place, found: Vec<Route>, scope: RouteScope, command: &str) {
    let Some(system) = case.system_mut(on) else { return };
    if scope.extent == Extent::Part && !system.routes.is_known() {
        // A part of a table does not say that there is no other way.
        system.routes = Fact::unknown(Why::CouldNotParse, format!("only a part of the table: {command}"));
        unread(
            case,
            "routing table",
            "only a part of it was shown",
            unfiltered(command),
        );
        return;
    }
    let rows = system.routes.fill("");
    let in_scope = |row: &Route| {
        let family = if row.destination.addr().is_ipv4() {
            scope.v4
        } else {
            scope.v6
        };
        family
            && scope
                .table
                .is_none_or(|table| row.table.unwrap_or(TABLE_MAIN) == table)
    };
    match scope.extent {
        Extent::Whole => rows.retain(|row| !in_scope(row)),
        Extent::Part => rows.retain(|row| !found.contains(row)),
    }
    rows.extend(found);
    if let Fact::Known(_, told) = &mut system.routes {
        *told = source(command);
    }
}

/// The command without what it was piped into.
pub fn unfiltered(command: &str) -> &str {
    command.split('|').next().unwrap_or(command).trim()
}

/// Replaces the neighbor table: of one adapter, of one family, or all of it.
pub fn neighbors(
    system: &mut System,
    found: Vec<Neighbor>,
    speaks_of: impl Fn(&Neighbor) -> bool,
    extent: Extent,
    command: &str,
) {
    let rows = system.neighbors.fill("");
    match extent {
        Extent::Whole => rows.retain(|row| !speaks_of(row)),
        Extent::Part => rows.retain(|row| {
            !found
                .iter()
                .any(|new| new.address == row.address && new.adapter == row.adapter)
        }),
    }
    rows.extend(found);
    if let Fact::Known(_, told) = &mut system.neighbors {
        *told = source(command);
    }
}

/// Lays services over those that are known.
pub fn services(system: &mut System, found: Vec<Service>, command: &str) {
    if found.is_empty() {
        return;
    }
    let (before, now) = (system.services.source().to_owned(), source(command));
    let rows = system.services.fill("");
    // Once they come from several places, each says from which.
    let several = !rows.is_empty() && before != now;
    for row in rows.iter_mut().filter(|row| several && row.source.is_empty()) {
        row.source.clone_from(&before);
    }
    for mut service in found {
        if several && service.source.is_empty() {
            service.source.clone_from(&now);
        }
        if let Some(at) = rows
            .iter()
            .position(|row| row.name.eq_ignore_ascii_case(&service.name))
        {
            let old = rows.remove(at);
            // `sc qc` tells how a service starts, `sc query` whether it runs: neither takes away what the other told.
            if service.start == crate::model::StartMode::Unknown {
                service.start = old.start;
            }
            if service.state == crate::model::ServiceState::Unknown {
                service.state = old.state;
            }
        }
        rows.push(service);
    }
    if let Fact::Known(_, told) = &mut system.services {
        *told = now;
    }
}

/// Replaces the list of open ports.
pub fn listeners(system: &mut System, found: Vec<Listener>, command: &str) {
    system.listeners = Fact::known(found, source(command));
}

/// Replaces the name servers of the machine.
pub fn name_servers(system: &mut System, found: Vec<IpAddr>, command: &str) {
    system.dns = Fact::known(found, source(command));
}

/// Stands for an adapter of which only the system's index is known, until its name is.
pub fn by_index(index: u64) -> String {
    format!("#{index}")
}

/// Gives routes and neighbors the adapter's name where Windows told only its address or index.
pub fn settle(system: &mut System) {
    let zones: Vec<(String, String)> = system
        .kernel
        .value()
        .into_iter()
        .flatten()
        .filter_map(|(key, zone)| Some((key.strip_prefix("firewalld.zone.")?.to_owned(), zone.clone())))
        .collect();
    if let Some(adapters) = system.adapters.value_mut() {
        for adapter in adapters {
            if let Some((_, zone)) = zones.iter().find(|(name, _)| *name == adapter.name) {
                adapter.profile = Some(zone.clone());
            }
        }
    }
    let name_of = |word: &str, adapters: &[Adapter]| -> Option<String> {
        let adapter = match word.strip_prefix('#') {
            Some(index) => {
                let index = index.parse().ok()?;
                adapters.iter().find(|adapter| adapter.index == Some(index))
            }
            None => {
                let address: IpAddr = word.parse().ok()?;
                adapters.iter().find(|adapter| adapter.holds(address))
            }
        };
        adapter.map(|adapter| adapter.name.clone())
    };
    let adapters = system.adapters.rows().to_vec();
    let loopback = |word: &str| {
        word.parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
            .then(|| {
                adapters
                    .iter()
                    .find(|adapter| adapter.kind == AdapterKind::Loopback)
                    .map_or_else(|| "Loopback".to_owned(), |adapter| adapter.name.clone())
            })
    };
    if let Some(routes) = system.routes.value_mut() {
        for route in routes {
            if let Some(word) = &route.adapter
                && let Some(name) = name_of(word, &adapters).or_else(|| loopback(word))
            {
                route.adapter = Some(name);
            }
        }
    }
    if let Some(neighbors) = system.neighbors.value_mut() {
        for neighbor in neighbors {
            if let Some(word) = &neighbor.adapter
                && let Some(name) = name_of(word, &adapters)
            {
                neighbor.adapter = Some(name);
            }
        }
    }
}

fn rename(system: &mut System, from: &str, to: &str) {
    if let Some(routes) = system.routes.value_mut() {
        for route in routes {
            if route.adapter.as_deref() == Some(from) {
                route.adapter = Some(to.to_owned());
            }
        }
    }
    if let Some(neighbors) = system.neighbors.value_mut() {
        for neighbor in neighbors {
            if neighbor.adapter.as_deref() == Some(from) {
                neighbor.adapter = Some(to.to_owned());
            }
        }
    }
}

/// What an adapter is by its name and its driver's words, where no command says it outright.
pub fn kind_by_name(name: &str, description: Option<&str>) -> AdapterKind {
    let name = name.to_lowercase();
    let text = format!("{name} {}", description.unwrap_or_default().to_lowercase());
    let numbered = |prefix: &str| {
        name.strip_prefix(prefix)
            .is_some_and(|rest| rest.is_empty() || rest.chars().all(|c| c.is_ascii_digit()))
    };
    let any = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if name == "lo" || numbered("lo") || text.contains("loopback") {
        AdapterKind::Loopback
    } else if any(&[
        "vmware virtual ethernet",
        "vmware network adapter",
        "virtualbox host-only",
        "vethernet (",
    ]) || any(&[
        "hyper-v virtual ethernet",
        "parallels (host-guest|shared)",
        "parallels shared",
        "parallels host-only",
    ]) || numbered("vmnet")
        || numbered("vboxnet")
        || numbered("vnic")
    {
        AdapterKind::HostVirtual
    } else if numbered("virbr")
        || numbered("docker")
        || name.starts_with("br-")
        || numbered("br")
        || numbered("bridge")
        || numbered("vmbr")
        || numbered("lxdbr")
        || numbered("cni")
    {
        AdapterKind::Bridge
    } else if numbered("vnet") || numbered("tap") || numbered("vmenet") || numbered("feth") {
        AdapterKind::Tap
    } else if name.starts_with("veth") && !name.starts_with("vethernet") {
        AdapterKind::Veth
    } else if numbered("macvtap") {
        AdapterKind::Macvtap
    } else if numbered("tun")
        || numbered("utun")
        || numbered("wg")
        || numbered("ppp")
        || numbered("ipsec")
        || name.starts_with("tailscale")
        || any(&[
            "tap-windows",
            "wintun",
            "wireguard",
            "openvpn",
            "ppp adapter",
            "anyconnect",
        ])
    {
        AdapterKind::Tunnel
    } else if any(&["wi-fi", "wifi", "wireless", "802.11", "wlan"]) || name.starts_with("wl") {
        AdapterKind::WiFi
    } else if numbered("bond") || numbered("team") {
        AdapterKind::Bond
    } else if numbered("dummy") {
        AdapterKind::Dummy
    } else if ["eth", "en", "em", "vtnet", "vmx", "re", "igb", "ix"]
        .iter()
        .any(|prefix| {
            name.strip_prefix(prefix)
                .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit() || "spox".contains(c)))
        })
        || any(&["ethernet", "gigabit", "以太网"])
    {
        AdapterKind::Ethernet
    } else {
        AdapterKind::Unknown
    }
}

/// Puts the known addresses of IPv6 beside those that were found: for a listing that speaks of IPv4 alone.
pub fn keep_v6(known: &[Adapter], found: &mut [Adapter]) {
    for adapter in found {
        let Some(list) = &mut adapter.addresses else {
            continue;
        };
        let old = known
            .iter()
            .find(|old| old.name.eq_ignore_ascii_case(&adapter.name));
        let all = old.into_iter().flat_map(|old| old.addresses.iter().flatten());
        list.extend(all.filter(|address| address.net.addr().is_ipv6()).copied());
    }
}

/// Puts an address into a list unless it is there.
pub fn add_address(list: &mut Vec<AdapterAddress>, net: IpNet) -> &mut AdapterAddress {
    let at = match list.iter().position(|known| known.net == net) {
        Some(at) => at,
        None => {
            list.push(AdapterAddress::new(net));
            list.len() - 1
        }
    };
    &mut list[at]
}
