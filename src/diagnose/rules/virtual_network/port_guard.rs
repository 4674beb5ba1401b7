//! `hyperv-port-guard`: DHCP guard, router guard or an access list on the machine's switch port.

use super::super::prelude::*;
use crate::model::{LookUp, Machine, Nic, Protocol};

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

/// Why, on whose card, which setting, and the fact that makes it matter there.
type Guarded = (&'static str, String, String, Option<Evidence>);

/// What guard stands in the way.
fn guarded(s: &Situation<'_>) -> Option<Guarded> {
    if let Some(nic) = s.nic {
        let acl = nic.settings.get("acl").cloned().unwrap_or_default();
        let fails =
            s.asked() == Asked::Fails || s.guest_seen().is_some_and(|seen| seen.link() == Link::Silent);
        if denies(s, &acl) && fails {
            return Some(("acl", s.machine_name(), acl, None));
        }
    }
    dhcp_guarded(s).or_else(|| router_guarded(s))
}

/// The machine and the card of the product that a place's own adapters are.
fn card_of<'a>(s: &Situation<'a>, place: Place) -> Option<(&'a Machine, &'a Nic)> {
    let adapters = s.case.system(place)?.adapters.rows();
    s.product?
        .machines
        .rows()
        .iter()
        .flat_map(|machine| machine.nics.iter().map(move |nic| (machine, nic)))
        .find(|(_, nic)| nic.mac.is_some() && adapters.iter().any(|adapter| adapter.mac == nic.mac))
}

fn is_on(nic: &Nic, key: &str) -> bool {
    nic.settings.get(key).is_some_and(|value| value == "on")
}

/// A machine of this product that answers DHCP, and whose answers are dropped, keeps the others without lease.
fn dhcp_guarded(s: &Situation<'_>) -> Option<Guarded> {
    let place = [Place::Guest, Place::Guest2].into_iter().find(|place| {
        let open = s.case.system(*place).and_then(|system| system.listeners.value());
        open.is_some_and(|rows| {
            rows.iter()
                .any(|row| row.port == 67 && row.protocol == Protocol::Udp)
        })
    })?;
    let (machine, nic) = card_of(s, place)?;
    let told = s.case.system(place)?.listeners.source();
    is_on(nic, "dhcp-guard").then(|| {
        (
            "dhcp",
            machine.name.clone(),
            format!("{}: DhcpGuard On", machine.name),
            Some(evidence("fact-listener", "UDP 67", told)),
        )
    })
}

/// A machine that announces itself as an IPv6 router, and whose announcements are dropped, leaves the others without a way
/// out of their segment.
fn router_guarded(s: &Situation<'_>) -> Option<Guarded> {
    let destination = s.destination().filter(|to| to.is_ipv6())?;
    let fails = s.from == Endpoint::Guest && s.asked() == Asked::Fails;
    let lost = s.guest().look_up(destination, None) == LookUp::NoRoute;
    let router = s.case.system(Place::Guest2)?;
    let announces = router
        .service("radvd")
        .or_else(|| router.service("radvd.service"))?;
    let (machine, nic) = card_of(s, Place::Guest2)?;
    (fails && lost && announces.state == ServiceState::Running && is_on(nic, "router-guard")).then(|| {
        (
            "router",
            machine.name.clone(),
            format!("{}: RouterGuard On", machine.name),
            Some(evidence(
                "fact-service",
                said::named("radvd", said::word("value-running")),
                router.services.source(),
            )),
        )
    })
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    match guarded(s) {
        Some(("dhcp", machine, _, _)) => vec![remedy::set_card_guard(&machine, "DhcpGuard", false)],
        Some(("router", machine, _, _)) => vec![remedy::set_card_guard(&machine, "RouterGuard", false)],
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
