//! `libvirt-nwfilter-drops`: a filter of libvirt on the machine's port throws its frames away.

use super::super::prelude::*;
use crate::model::{FilterAction, FilterFamily};

rule!("libvirt-nwfilter-drops", VirtualNetwork, Host, Stops, follows_from: ["vm-not-running", "virtual-cable-disconnected", "tap-detached-from-bridge"], look_alikes: ["guest-firewall-blocks-inbound", "host-firewall-blocks-guest", "duplicate-ip", "virtual-cable-disconnected"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    let libvirt = matches!(
        s.hypervisor,
        Some(HypervisorId::Libvirt | HypervisorId::Proxmox) | None
    );
    if !libvirt || s.host_os != Os::Linux || !s.involves_guest() {
        return None;
    }
    if s.guest_seen().is_some_and(|seen| seen.link() == Link::Answered) && !s.crosses_uplink() {
        return None;
    }
    let allowed = other_address(s);
    let dropped = dropping_rule(s);
    let silent = s.guest_seen().is_some_and(|seen| seen.link() == Link::Silent) || s.asked() == Asked::Fails;
    let filter = s.nic.and_then(|nic| nic.filter.as_deref());
    let confidence = match (&allowed, &dropped, filter) {
        (_, Some((_, true)), _) if silent => Confidence::Confirmed,
        (Some(_), _, Some(_)) if silent => Confidence::Confirmed,
        (Some(_), _, Some(_)) | (_, Some(_), _) if silent => Confidence::Likely,
        _ => return None,
    };
    let mut found = Found::new(confidence).arg("filter", filter.unwrap_or("nwfilter"));
    if let Some(filter) = filter {
        found = found.fact("fact-nic", format!("filterref {filter}"), machines_source(s));
    }
    Some(
        found
            .facts(allowed)
            .facts(dropped.map(|(fact, _)| fact))
            .facts(probe_facts(s)),
    )
}

/// The guest's own words against what the filter lets it be: another address, or another hardware address.
fn other_address(s: &Situation<'_>) -> Option<Evidence> {
    let nic = s.nic?;
    let filter = nic.filter.as_deref()?;
    let inside = s.guest().adapters.value()?;
    let spoofing = filter.contains("clean-traffic") || filter.contains("spoofing");
    let own_mac = inside
        .iter()
        .find(|card| s.guest_ip.is_some_and(|guest| card.holds(guest)));
    if let (Some(mac), Some(card)) = (nic.mac, own_mac)
        && let Some(own) = card.mac
        && own != mac
        && (spoofing || filter.contains("mac"))
    {
        let value = format!("{} {own} ≠ {mac}", card.name);
        return Some(evidence("fact-mac", value, s.guest().adapters.source()));
    }
    // The address that the filter was told, else the one that libvirt learned: the lease.
    let told = nic
        .settings
        .get("filter-ip")
        .and_then(|text| text.parse::<IpAddr>().ok());
    let learned = || {
        let mut known = s.known_addresses().into_iter();
        let lease = known.find(|(address, source)| source == "lease" && address.is_ipv4());
        lease.map(|(address, _)| address).filter(|_| spoofing)
    };
    let allowed = told.or_else(learned)?;
    let guest = s.guest_ip.filter(|guest| s.guest().holds(*guest) == Some(true))?;
    (guest != allowed).then(|| {
        evidence(
            "fact-address",
            format!("{guest} ≠ {allowed}"),
            s.guest().adapters.source(),
        )
    })
}

/// A rule of the filter's own chains for the machine's port that drops, and whether it has dropped something. They
/// are called after the port: `libvirt-I-vnet0`, `I-vnet0-arp-ip`, `FO-vnet0`.
fn dropping_rule(s: &Situation<'_>) -> Option<(Evidence, bool)> {
    let packet_filter = s.host().filter.value()?;
    let port = s
        .nic
        .and_then(|nic| nic.host_port.as_deref())
        .or_else(|| only_port(s))?;
    let of_port = |name: &str| {
        [
            "libvirt-I-",
            "libvirt-O-",
            "libvirt-J-",
            "libvirt-P-",
            "I-",
            "O-",
            "FI-",
            "FO-",
            "HI-",
        ]
        .iter()
        .filter_map(|start| name.strip_prefix(start))
        .any(|rest| {
            rest.strip_prefix(port)
                .is_some_and(|end| end.is_empty() || end.starts_with('-'))
        })
    };
    let dropping = packet_filter
        .chains
        .iter()
        .filter(|chain| {
            of_port(&chain.name)
                && matches!(
                    chain.family,
                    FilterFamily::Bridge | FilterFamily::Ip | FilterFamily::Inet
                )
        })
        .flat_map(|chain| chain.rules.iter().map(move |rule| (chain, rule)))
        .filter(|(_, rule)| matches!(rule.action, FilterAction::Drop | FilterAction::Reject(_)));
    let (chain, rule) = dropping.max_by_key(|(_, rule)| rule.packets.unwrap_or(0))?;
    let hit = rule.packets.is_some_and(|packets| packets > 0);
    // A rule that may have met nothing is the anti-spoofing that every such filter has.
    hit.then(|| {
        let value = format!("{} {}: {}", chain.table, chain.name, rule.text);
        (evidence("fact-filter-rule", value, s.host().filter.source()), hit)
    })
}

/// The port of the only machine on the host's bridge.
fn only_port<'a>(s: &Situation<'a>) -> Option<&'a str> {
    let bridge = s.host_adapter?;
    let mut ports = role::ports(s.host(), bridge).filter(|port| role::is_machine_port(port));
    let first = ports.next()?;
    ports.next().is_none().then_some(first.name.as_str())
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let filter = s
        .nic
        .and_then(|nic| nic.filter.clone())
        .unwrap_or_else(|| "clean-traffic".to_owned());
    let card = s.nic.and_then(|nic| nic.mac);
    with_product(s, |product| {
        remedy::loosen_nwfilter(product.machine, &filter, s.guest_ip, card)
    })
}
