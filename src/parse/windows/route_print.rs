//! `route print` in any language, by the shape of its rows.

use std::net::{IpAddr, Ipv4Addr};

use ipnet::IpNet;

use crate::model::{Adapter, Case, Place, Route};
use crate::parse::merge::{self, Extent, RouteScope};
use crate::parse::text::{self, mask_length};

/// Whether the line stands in the output of `route print`.
pub fn is_line(line: &str) -> bool {
    is_ruler(line) || interface(line).is_some() || v4_row(line).is_some() || persistent_row(line).is_some()
}

fn is_ruler(line: &str) -> bool {
    let line = line.trim();
    line.len() > 60 && line.chars().all(|c| c == '=')
}

/// ` 22...00 50 56 c0 00 01 ......VMware Virtual Ethernet Adapter for VMnet1`.
fn interface(line: &str) -> Option<Adapter> {
    let (index, rest) = line.trim_start().split_once("...")?;
    let index = index.trim().parse().ok()?;
    let end = rest.find('.').unwrap_or(rest.len());
    let (address, rest) = rest.split_at_checked(end)?;
    let description = rest.trim_matches('.').trim();
    if description.is_empty() {
        return None;
    }
    let mut adapter = Adapter::named(description);
    adapter.description = Some(description.to_owned());
    adapter.index = Some(index);
    adapter.mac = text::mac(&address.trim().replace(' ', "-"));
    adapter.kind = merge::kind_by_name("", Some(description));
    Some(adapter)
}

fn destination(address: &str, mask: &str) -> Option<IpNet> {
    let address: Ipv4Addr = address.parse().ok()?;
    IpNet::new(IpAddr::V4(address), mask_length(mask)?).ok()
}

/// `0.0.0.0  0.0.0.0  192.168.1.1  192.168.1.23  25`; the gateway may be words for "on link".
fn v4_row(line: &str) -> Option<Route> {
    let words: Vec<&str> = line.split_whitespace().collect();
    if words.len() < 5 {
        return None;
    }
    let (metric, rest) = words.split_last()?;
    let (interface, rest) = rest.split_last()?;
    let (first, rest) = rest.split_first()?;
    let (mask, gateway) = rest.split_first()?;
    let interface: Ipv4Addr = interface.parse().ok()?;
    let gateway = match gateway {
        [one] => one.parse::<Ipv4Addr>().ok(),
        // "Auf Verbindung", "En vínculo".
        _ => None,
    };
    Some(Route {
        via: gateway.map(IpAddr::V4),
        metric: Some(metric.parse().ok()?),
        ..Route::on_link(destination(first, mask)?, interface.to_string())
    })
}

/// `192.168.150.0  255.255.255.0  192.168.213.2  1`: it has no interface.
fn persistent_row(line: &str) -> Option<Route> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let [first, mask, gateway, metric] = words.as_slice() else {
        return None;
    };
    Some(Route {
        via: gateway.parse::<Ipv4Addr>().ok().map(IpAddr::V4),
        adapter: None,
        metric: metric.parse().ok(),
        persistent: true,
        ..Route::on_link(destination(first, mask)?, "")
    })
}

/// ` 11    291 fe80::/64                On-link`: index, metric, destination, gateway (or on the next line).
fn v6_row(line: &str) -> Option<(u64, u32, IpNet, Option<&str>)> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let (index, metric, net) = (words.first()?, words.get(1)?, words.get(2)?);
    let net: IpNet = net.parse().ok().filter(|net: &IpNet| net.addr().is_ipv6())?;
    Some((
        index.parse().ok()?,
        metric.parse().ok()?,
        net,
        words.get(3).copied(),
    ))
}

/// Reads `route print`.
pub fn read(text: &str, case: &mut Case, on: Place, command: &str) {
    let mut adapters = Vec::new();
    let mut routes: Vec<Route> = Vec::new();
    let mut persistent: Vec<Route> = Vec::new();
    let mut waits_for_gateway = false;
    let (mut v4, mut v6) = (false, false);
    for line in text.lines() {
        if let Some(adapter) = interface(line) {
            adapters.push(adapter);
        } else if let Some(route) = v4_row(line) {
            v4 = true;
            routes.push(route);
        } else if let Some(route) = persistent_row(line) {
            persistent.push(route);
        } else if let Some((index, metric, net, gateway)) = v6_row(line) {
            v6 = true;
            waits_for_gateway = gateway.is_none();
            routes.push(Route {
                via: gateway.and_then(text::address),
                metric: Some(metric),
                ..Route::on_link(net, merge::by_index(index))
            });
        } else if waits_for_gateway {
            // A long destination pushes its gateway onto the next line.
            waits_for_gateway = false;
            if let Some(route) = routes.last_mut() {
                route.via = text::address(line.trim());
            }
        }
    }
    let same = |a: &Route, b: &Route| a.destination == b.destination && a.via == b.via;
    for route in &mut routes {
        route.persistent = persistent.iter().any(|kept| same(kept, route));
    }
    persistent.retain(|kept| !routes.iter().any(|route| same(kept, route)));
    // A persistent route without a living twin is not in use: its gateway is on no segment at present.
    for mut kept in persistent {
        kept.dead = true;
        routes.push(kept);
    }
    if let Some(system) = case.system_mut(on)
        && !adapters.is_empty()
    {
        name_by_what_is_known(system.adapters.rows(), &mut adapters);
        let extent = if system.adapters.is_known() {
            Extent::Part
        } else {
            Extent::Whole
        };
        merge::adapters(system, adapters, extent, command);
    }
    if !(v4 || v6) {
        return;
    }
    let scope = RouteScope {
        v4,
        v6,
        table: None,
        extent: Extent::of(command),
    };
    merge::routes(case, on, routes, scope, command);
}

/// Gives the adapters of the interface list the names that an earlier command told, by hardware address and
/// description.
fn name_by_what_is_known(known: &[Adapter], adapters: &mut [Adapter]) {
    for adapter in adapters {
        let twin = known.iter().find(|old| {
            old.name != adapter.name
                && (old.index.is_some() && old.index == adapter.index
                    || old.description == adapter.description
                    || (old.mac.is_some() && old.mac == adapter.mac))
        });
        if let Some(twin) = twin {
            adapter.name.clone_from(&twin.name);
        }
    }
}
