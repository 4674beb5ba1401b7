//! `route -n get ADDR` of macOS and BSD: the kernel's own look-up.

use crate::model::{Case, Place, RouteKind, SystemLookUp};
use crate::parse::command;
use crate::parse::merge;
use crate::parse::text::address;

/// Whether the line stands in the answer.
pub fn is_line(line: &str) -> bool {
    line.trim_start().starts_with("route to: ") || line.contains("route: writing to routing socket")
}

/// Reads the answer: the adapter, the router, or that there is no way.
pub fn read(text: &str, case: &mut Case, on: Place, command: &str) {
    let Some(system) = case.system_mut(on) else { return };
    let call = command::call(command);
    let asked = call.words().skip(1).find_map(address);
    let mut found: Option<SystemLookUp> = None;
    let start = |destination| SystemLookUp {
        destination,
        adapter: None,
        via: None,
        source: None,
        kind: RouteKind::Unicast,
        error: None,
    };
    for line in text.lines() {
        let Some((key, value)) = line.split_once(": ") else {
            continue;
        };
        let (key, value) = (key.trim(), value.trim());
        if key == "route to" {
            found = address(value).or(asked).map(start).or(found);
        }
        let Some(look_up) = &mut found else { continue };
        match key {
            "gateway" => look_up.via = address(value),
            "interface" => look_up.adapter = Some(value.to_owned()),
            "if address" => look_up.source = address(value),
            "flags" if value.contains("REJECT") => look_up.kind = RouteKind::Unreachable,
            "flags" if value.contains("BLACKHOLE") => look_up.kind = RouteKind::Blackhole,
            _ => {}
        }
    }
    if found.is_none() {
        // `route -n get default` asks for no address: it tells the router.
        let value = |key: &str| {
            let mut lines = text.lines().filter_map(|line| line.trim().split_once(": "));
            lines
                .find(|(name, _)| *name == key)
                .map(|(_, value)| value.trim())
        };
        let gateway = value("gateway").and_then(address);
        let adapter = value("interface").and_then(|name| {
            let adapters = system.adapters.value_mut()?;
            adapters.iter_mut().find(|adapter| adapter.name == name)
        });
        match (gateway, adapter) {
            (Some(gateway), Some(adapter)) if !adapter.gateways.contains(&gateway) => {
                adapter.gateways.push(gateway)
            }
            (Some(_), None) => {
                merge::unread(
                    case,
                    "routing table",
                    "only a part of it was shown",
                    "netstat -rn",
                );
                return;
            }
            _ => {}
        }
    }
    if found.is_none() && (text.contains("not in table") || text.contains("No such process")) {
        found = asked.map(|destination| SystemLookUp {
            error: Some(text.trim().chars().take(200).collect()),
            ..start(destination)
        });
    }
    if let Some(found) = found {
        system.look_ups.retain(|old| old.destination != found.destination);
        system.look_ups.push(found);
    }
}
