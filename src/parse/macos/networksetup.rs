//! `networksetup -listallhardwareports` and `-listnetworkserviceorder`: the ports' names for people.

use crate::model::{Adapter, AdapterKind, Case, Place};
use crate::parse::merge::{self, Extent};
use crate::parse::text;

/// Whether the line stands in such a list.
pub fn is_line(line: &str) -> bool {
    line.starts_with("Hardware Port: ") || line.starts_with("(Hardware Port: ")
}

/// Reads the ports.
pub fn read(text: &str, case: &mut Case, on: Place, command: &str) {
    let mut found: Vec<Adapter> = Vec::new();
    let mut port = "";
    for line in text.lines().map(str::trim) {
        if let Some(rest) = line.strip_prefix("(Hardware Port: ") {
            let rest = rest.trim_end_matches(')');
            if let Some((port, device)) = rest.split_once(", Device: ") {
                found.extend(adapter(port, device));
            }
        } else if let Some(rest) = line.strip_prefix("Hardware Port: ") {
            port = rest;
        } else if let Some(device) = line.strip_prefix("Device: ") {
            found.extend(adapter(port, device));
        } else if let (Some(rest), Some(last)) = (line.strip_prefix("Ethernet Address: "), found.last_mut()) {
            last.mac = text::mac(rest);
        }
    }
    if let Some(system) = case.system_mut(on) {
        merge::adapters(system, found, Extent::Part, command);
    }
}

fn adapter(port: &str, device: &str) -> Option<Adapter> {
    let device = device.trim();
    if device.is_empty() {
        return None;
    }
    let mut adapter = Adapter::named(device);
    adapter.description = Some(port.trim().to_owned()).filter(|port| !port.is_empty());
    adapter.kind = match port {
        "Wi-Fi" | "AirPort" => AdapterKind::WiFi,
        _ => merge::kind_by_name(device, None),
    };
    Some(adapter)
}
