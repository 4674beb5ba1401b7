//! `guest-static-wrong-subnet`: the guest has an address of another segment than its network's.

use super::super::prelude::*;

rule!("guest-static-wrong-subnet", GuestAddress, Guest, Stops, follows_from: ["virtual-network-missing", "host-vnic-wrong-subnet", "host-vnic-no-address", "host-vnic-apipa", "virtual-network-not-started", "host-vnic-missing", "tap-detached-from-bridge", "guest-nic-renamed", "lan-dhcp-refuses", "hyperv-default-switch-changed", "hyperv-default-switch-broken", "vbox-hostonly-range-restricted", "vm-nic-on-wrong-network", "wsl-mirrored-fell-back"], look_alikes: ["host-vnic-wrong-subnet", "stale-address", "vm-nic-on-wrong-network"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    let guest = s.guest_ip?;
    let bridged = matches!(
        s.mode,
        Some(Mode::Bridged | Mode::External | Mode::Macvtap | Mode::User | Mode::Routed | Mode::Mirrored)
    );
    if bridged || !s.involves_guest() || crate::model::is_link_local(guest) || !guest.is_ipv4() {
        return None;
    }
    let segment = network_segment(s)?;
    if segment.contains(&guest) || s.host().adapter_on_segment(guest).is_some() {
        return None;
    }
    // A guest with another address in the segment is reached by that one.
    let cards = inside::cards(s);
    if cards
        .iter()
        .any(|card| card.ipv4().any(|net| segment.contains(&IpAddr::V4(net.addr()))))
    {
        return None;
    }
    // Of several cards of the machine the address tells which is meant only where its hardware address does.
    let one_card = cards.len() <= 1 && s.machine.is_none_or(|machine| machine.nics.len() <= 1);
    let sure_card = one_card
        || s.case.intake.nic.is_some()
        || s.nic.and_then(|nic| nic.mac).is_some_and(|mac| {
            cards
                .iter()
                .any(|card| card.mac == Some(mac) && card.holds(guest))
        });
    // It was seen on another adapter's wire: the guessed network is not its own.
    let elsewhere = s
        .guest_seen()
        .and_then(|seen| seen.neighbor())
        .and_then(|check| check.adapter.as_deref());
    if elsewhere.is_some_and(|name| s.host_adapter.is_none_or(|adapter| adapter.name != name))
        && s.network.is_none()
    {
        return None;
    }
    // The host holds an address of the segment: the guest is the odd one out.
    let host_inside = s.host_adapter.is_some_and(|adapter| {
        adapter
            .ipv4()
            .any(|net| segment.contains(&IpAddr::V4(net.addr())))
    });
    let configured = s.network.is_some_and(|network| network.segment.is_some());
    let own_words = s.guest().holds(guest) == Some(true);
    // An answer on another wire says nothing of this one.
    let own_name = s.host_adapter.map(|adapter| adapter.name.as_str());
    let on_wire = s.guest_seen().is_some_and(|seen| {
        seen.neighbor()
            .filter(|check| check.adapter.is_none() || check.adapter.as_deref() == own_name)
            .is_some_and(|check| check.answered == Some(true) || !check.macs.is_empty())
    });
    if !configured && !host_inside {
        return None;
    }
    let translated = s
        .host()
        .filter
        .value()
        .map(filter::translated_segments)
        .unwrap_or_default();
    let rules_agree = translated.iter().any(|own| crate::model::overlap(*own, segment));
    let mode_agrees = s.mode.is_some();
    // Which network the card is on must be told, not only be the one that is left.
    let placed = s.nic.is_some() || s.case.intake.mode.is_some();
    let confidence =
        if on_wire || (placed && sure_card && (own_words || (s.guest_ip_source != "user" && configured))) {
            Confidence::Confirmed
        } else if mode_agrees || rules_agree {
            Confidence::Likely
        } else {
            Confidence::Possible
        };
    let segment_source = match (s.network, s.product) {
        (Some(_), Some(product)) if configured => product.networks.source(),
        _ => s.host().adapters.source(),
    };
    Some(
        Found::new(confidence)
            .arg("guest_segment", segment)
            .fact("fact-address", guest, &s.guest_ip_source)
            .fact("fact-segment", segment, segment_source)
            .facts(s.host_adapter.map(|adapter| adapter_fact(s, adapter)))
            .facts(way_fact(s, guest))
            .facts(probe_facts(s)),
    )
}

/// The segment that the guest's network has, whatever address the guest has.
fn network_segment(s: &Situation<'_>) -> Option<ipnet::IpNet> {
    s.network
        .and_then(|network| network.segment)
        .or_else(|| {
            s.host_adapter
                .and_then(|adapter| adapter.main_ipv4())
                .map(ipnet::IpNet::V4)
        })
        .map(|net| net.trunc())
        .filter(|net| !crate::model::is_link_local(net.addr()))
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let os = guest_os(s);
    let adapter = guest_adapter_name(s);
    let mut ways = Vec::new();
    let old = s.guest_ip.and_then(|guest| {
        let prefix = s
            .case
            .intake
            .guest_ip
            .and_then(|(_, prefix)| prefix)
            .or_else(|| {
                s.guest()
                    .adapters
                    .rows()
                    .iter()
                    .find_map(|adapter| adapter.on_segment_of(guest).map(|net| net.prefix_len()))
            })
            .unwrap_or(24);
        match guest {
            IpAddr::V4(guest) => ipnet::Ipv4Net::new(guest, prefix).ok(),
            IpAddr::V6(_) => None,
        }
    });
    if let Some(new) = address_for(s) {
        ways.extend(remedy::set_address(
            os,
            &adapter,
            new,
            old,
            s.gateway().filter(|gateway| {
                new.contains(&match gateway {
                    IpAddr::V4(gateway) => *gateway,
                    IpAddr::V6(_) => return false,
                })
            }),
            s.guest().default_routes().iter().find_map(|row| row.via),
        ));
    }
    let lends = s
        .network
        .and_then(|network| network.dhcp.as_ref())
        .and_then(|dhcp| dhcp.enabled)
        != Some(false);
    if lends {
        ways.extend(remedy::renew_lease(os, &adapter));
    }
    ways
}

fn address_for(s: &Situation<'_>) -> Option<ipnet::Ipv4Net> {
    let mut inside = s.clone();
    inside.segment = network_segment(s);
    address_in_segment(&inside)
}
