//! What the bridged causes share: which physical adapter the machine's card leaves by.

use super::super::prelude::*;
use crate::model::Adapter;

/// The physical end of a bridged card.
pub struct Uplink<'a> {
    /// Its name as it was told.
    pub name: String,
    /// The host's adapter of that name, when the host has one.
    pub adapter: Option<&'a Adapter>,
    /// The bridge in between (Linux).
    pub bridge: Option<&'a Adapter>,
    /// Who says so.
    pub source: String,
}

/// Whether the machine's card is bridged to the physical network.
pub fn is_bridged(s: &Situation<'_>) -> bool {
    matches!(s.mode, Some(Mode::Bridged | Mode::External | Mode::Macvtap))
}

/// The physical adapter that the card leaves by: as the product tells, else the physical port of the card's bridge.
pub fn uplink<'a>(s: &Situation<'a>) -> Option<Uplink<'a>> {
    let host = s.host();
    // The cards of another machine are none of this one's, whatever they are called.
    let elsewhere = s.hypervisor.is_some_and(HypervisorId::runs_elsewhere);
    let told = s
        .nic
        .and_then(|nic| nic.uplink.as_deref())
        .or_else(|| s.network.and_then(|network| network.uplink.as_deref()));
    if let Some(name) = told {
        let adapter = host.adapter_called(name).filter(|_| !elsewhere);
        let source = s
            .product
            .map(|product| product.machines.source().to_owned())
            .filter(|text| !text.is_empty());
        // A name that is a bridge's stands for the physical port of it.
        if let Some(bridge) = adapter.filter(|adapter| adapter.kind == AdapterKind::Bridge) {
            return of_bridge(s, bridge);
        }
        return Some(Uplink {
            name: name.to_owned(),
            adapter,
            bridge: None,
            source: source.unwrap_or_else(|| s.hypervisor.map_or("", HypervisorId::name).to_owned()),
        });
    }
    of_bridge(s, bridge_of_card(s).filter(|_| !elsewhere)?)
}

/// The bridge that the card's host end is a port of, or the only bridge that has machines and a physical port.
fn bridge_of_card<'a>(s: &Situation<'a>) -> Option<&'a Adapter> {
    let host = s.host();
    if let Some(port) = s.nic.and_then(|nic| nic.host_port.as_deref()) {
        return host.adapter(host.adapter(port)?.master.as_deref()?);
    }
    let mut all = host.adapters.rows().iter().filter(|adapter| {
        adapter.kind == AdapterKind::Bridge
            && !role::is_container(&adapter.name)
            && role::ports(host, adapter).any(role::is_machine_port)
            && role::ports(host, adapter).any(is_physical)
    });
    match (all.next(), all.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    }
}

fn of_bridge<'a>(s: &Situation<'a>, bridge: &'a Adapter) -> Option<Uplink<'a>> {
    let port = role::ports(s.host(), bridge).find(|port| is_physical(port))?;
    Some(Uplink {
        name: port.name.clone(),
        adapter: Some(port),
        bridge: Some(bridge),
        source: s.host().adapters.source().to_owned(),
    })
}

/// Whether a port of a bridge leads to a wire of the host.
pub fn is_physical(adapter: &Adapter) -> bool {
    !role::is_machine_port(adapter)
        && !role::is_container(&adapter.name)
        && !role::is_virtual(adapter)
        && (matches!(
            adapter.kind,
            AdapterKind::Ethernet | AdapterKind::WiFi | AdapterKind::Bond | AdapterKind::Vlan
        ) || ["eth", "en", "wl"]
            .iter()
            .any(|prefix| adapter.name.starts_with(prefix)))
}

/// The adapter by which the host itself reaches the outside, below its bridge.
pub fn hosts_own<'a>(s: &Situation<'a>) -> Option<&'a Adapter> {
    let host = s.host();
    let row = host.default_routes().into_iter().find(|row| {
        !row.dead
            && row
                .adapter
                .as_deref()
                .and_then(|name| host.adapter(name))
                .is_none_or(|adapter| !adapter.is_tunnel())
    })?;
    let adapter = host.adapter(row.adapter.as_deref()?)?;
    if adapter.kind != AdapterKind::Bridge {
        return Some(adapter);
    }
    role::ports(host, adapter).find(|port| is_physical(port))
}

/// Whether the guest got nothing from the physical network's DHCP server: it made its address up, has none, or its
/// client says so.
pub fn no_lease(s: &Situation<'_>) -> Option<Evidence> {
    let tried = s.case.probes.iter().rev().find(|probe| {
        probe.from == Place::Guest && matches!(probe.result, crate::model::ProbeResult::Dhcp { .. })
    });
    if let Some(probe) = tried {
        return match &probe.result {
            crate::model::ProbeResult::Dhcp { address: None, .. } => {
                Some(evidence("fact-dhcp", "no offer", &probe.source))
            }
            _ => None,
        };
    }
    let made_up = s
        .guest_ip
        .filter(|address| address.is_ipv4() && crate::model::is_link_local(*address));
    made_up.map(|address| evidence("fact-address", address, &s.guest_ip_source))
}

/// Whether the guest has tried somebody on the physical segment or beyond, and nobody answered.
pub fn cut_off(s: &Situation<'_>) -> bool {
    let router = s.gateway();
    let silent = |place: Place, address: IpAddr| {
        let seen = s.seen(place, address);
        seen.link() == Link::Silent || (seen.echo_fails() && seen.tcp_proof().is_none())
    };
    router.is_some_and(|router| silent(Place::Guest, router))
}

/// Whether the host itself gets to its router.
pub fn host_is_online(s: &Situation<'_>) -> bool {
    let routers: Vec<IpAddr> = s
        .host()
        .default_routes()
        .iter()
        .filter_map(|row| row.via)
        .collect();
    routers
        .iter()
        .any(|router| s.seen(Place::Host, *router).link() == Link::Answered)
        || seen::outside_attempts(s, Place::Host)
            .iter()
            .any(|(_, passed, _)| *passed)
}

/// The fact of the physical end.
pub fn uplink_fact(uplink: &Uplink<'_>) -> Evidence {
    let mut value = uplink.name.clone();
    if let Some(adapter) = uplink.adapter {
        match (adapter.enabled, adapter.carrier) {
            (Some(false), _) => value.push_str(" down"),
            (_, Some(false)) => value.push_str(" no carrier"),
            _ => {}
        }
    }
    if let Some(bridge) = uplink.bridge {
        value.push_str(&format!(" → {}", bridge.name));
    }
    evidence("fact-uplink", value, &uplink.source)
}
