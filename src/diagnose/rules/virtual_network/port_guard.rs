//! `hyperv-port-guard`: DHCP guard, router guard or an access list on the machine's switch port.

use super::super::prelude::*;
use crate::model::{Nic, Protocol};

rule!("hyperv-port-guard", VirtualNetwork, Hypervisor, Stops, follows_from: [], look_alikes: ["no-dhcp-on-network", "guest-firewall-blocks-inbound", "hyperv-mac-spoofing-off"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    if s.hypervisor != Some(HypervisorId::HyperV) || !s.involves_guest() {
        return None;
    }
    let (reason, machine, value, fact) = guarded(s)?;
    Some(
        Found::new(Confidence::Confirmed)
            .arg("reason", reason)
            .arg("vm", machine)
            .fact("fact-guard", value, machines_source(s))
            .facts(fact),
    )
}

/// Whether an entry such as `Inbound 10.20.0.0/24 Deny;` is about the guest's other end. Where that end has no known address,
/// one about everybody alone is.
fn denies(s: &Situation<'_>, list: &str) -> bool {
    let other = match (s.from, s.to) {
        (_, Endpoint::Guest | Endpoint::Guest2) if s.from == Endpoint::Host => s.host_address(),
        (Endpoint::Guest, _) => s.destination(),
        _ => s.target,
    };
    list.split(';').any(|entry| {
        let words: Vec<&str> = entry.split_whitespace().collect();
        let [.., far, action] = words.as_slice() else {
            return false;
        };
        let about = match (far.parse::<ipnet::IpNet>(), far.parse::<IpAddr>()) {
            (Ok(net), _) => other.is_some_and(|other| net.contains(&other)),
            (_, Ok(address)) => other == Some(address),
            _ => ["any", "0.0.0.0/0"].contains(&far.to_ascii_lowercase().as_str()),
        };
        action.eq_ignore_ascii_case("deny") && about
    })
}

/// What guard stands in the way, on whose card, and why it matters there.
fn guarded(s: &Situation<'_>) -> Option<(&'static str, String, String, Option<Evidence>)> {
    let setting = |nic: &Nic, key: &str| nic.settings.get(key).cloned().unwrap_or_default();
    if let Some(nic) = s.nic {
        let acl = setting(nic, "acl");
        let fails =
            s.asked() == Asked::Fails || s.guest_seen().is_some_and(|seen| seen.link() == Link::Silent);
        if denies(s, &acl) && fails {
            return Some(("acl", s.machine_name(), acl, None));
        }
    }
    // A machine of this product that answers DHCP, and whose answers are dropped, keeps the others without lease.
    let place = [(Place::Guest, Endpoint::Guest), (Place::Guest2, Endpoint::Guest2)]
        .into_iter()
        .find(|(place, _)| {
            let open = s.case.system(*place).and_then(|system| system.listeners.value());
            open.is_some_and(|rows| {
                rows.iter()
                    .any(|row| row.port == 67 && row.protocol == Protocol::Udp)
            })
        });
    let (place, _) = place?;
    let system = s.case.system(place)?;
    let macs: Vec<_> = system
        .adapters
        .rows()
        .iter()
        .filter_map(|adapter| adapter.mac)
        .collect();
    let machines = s.product?.machines.rows();
    let (machine, nic) = machines
        .iter()
        .flat_map(|machine| machine.nics.iter().map(move |nic| (machine, nic)))
        .find(|(_, nic)| nic.mac.is_some_and(|mac| macs.contains(&mac)))?;
    let fact = Some(evidence("fact-listener", "UDP 67", system.listeners.source()));
    (setting(nic, "dhcp-guard") == "on").then(|| {
        (
            "dhcp",
            machine.name.clone(),
            format!("{}: DhcpGuard On", machine.name),
            fact,
        )
    })
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    match guarded(s) {
        Some(("dhcp", machine, _, _)) => vec![remedy::set_card_guard(&machine, "DhcpGuard", false)],
        Some((_, machine, _, _)) => vec![remedy::remove_port_acl(&machine)],
        None => with_product(s, |product| {
            vec![
                remedy::set_card_guard(product.machine, "DhcpGuard", false),
                remedy::set_card_guard(product.machine, "RouterGuard", false),
                remedy::remove_port_acl(product.machine),
            ]
        }),
    }
}
