//! `hypervisor-filter-rules-lost`: libvirt's network runs, and the rules that it wrote for it are gone.

use super::super::prelude::*;
use super::uplink_name;

rule!("hypervisor-filter-rules-lost", Forwarding, Host, Stops, follows_from: ["virtual-network-not-started", "nft-iptables-backend-conflict"], look_alikes: ["host-forward-policy-drop", "docker-forward-drop", "ip-forward-disabled", "host-firewall-blocks-dhcp-dns"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    let gone = lost(s)?;
    let filter_source = s.host().filter.source();
    Some(
        Found::new(Confidence::Confirmed)
            .fact("fact-filter", gone, filter_source)
            .facts(s.network.map(|network| {
                let segment = network.segment.map(|net| format!(" {net}")).unwrap_or_default();
                evidence(
                    "fact-network",
                    format!("{}{segment}", network.name),
                    s.product.map_or("", |product| product.networks.source()),
                )
            }))
            .facts(s.host_adapter.map(|adapter| adapter_fact(s, adapter)))
            .facts(s.asked_seen().map(|seen| seen_facts(&seen)).unwrap_or_default()),
    )
}

/// What is missing from a filter that was read whole: the product's chains and the translation of its segment.
fn lost(s: &Situation<'_>) -> Option<String> {
    let packet_filter = s
        .host()
        .filter
        .value()
        .filter(|packet_filter| packet_filter.complete)?;
    let libvirt = s.hypervisor == Some(HypervisorId::Libvirt) && s.host_os == Os::Linux;
    let runs = s.network.is_some_and(|network| network.active == Some(true))
        || s.host_adapter.is_some_and(|adapter| {
            role::hypervisor_of_name(adapter) == Some(HypervisorId::Libvirt) && adapter.enabled == Some(true)
        });
    if !libvirt || !runs || s.mode != Some(Mode::Nat) {
        return None;
    }
    let own_chains = packet_filter.chains.iter().any(is_products);
    // A filter that shows where translation belongs, or whose keeper is known, was looked at in that respect; and what
    // once came back from outside was translated.
    let looked =
        packet_filter.chains.is_empty()
            || packet_filter
                .chains
                .iter()
                .any(|chain| chain.hook == Some(Hook::Postrouting))
            || s.host()
                .filter_managers
                .rows()
                .iter()
                .any(|manager| *manager != FilterManager::Libvirt)
            || s.host().services.rows().iter().any(|service| {
                service.name.starts_with("virtnetworkd") || service.name.starts_with("libvirtd")
            });
    if !looked
        || seen::outside_attempts(s, Place::Guest)
            .iter()
            .any(|(_, passed, _)| *passed)
    {
        return None;
    }
    let (outside, guest) = (
        s.target.unwrap_or_else(|| IpAddr::from([192, 0, 2, 53])),
        s.guest_ip?,
    );
    let affected = match s.direction()? {
        // Without its translation nothing from outside finds back.
        Direction::GuestToInternet => {
            let uplink = uplink_name(s)?;
            filter::translates_source(packet_filter, guest, outside, &uplink) == Some(false)
        }
        // Its own rules let the guests' questions into the host.
        Direction::GuestToHost => s.asked() == Asked::Fails && blocks_questions(s),
        _ => false,
    };
    (!own_chains && affected).then(|| "libvirt: —".to_owned())
}

/// Whether the host's filter turns away what libvirt's rules would let in.
fn blocks_questions(s: &Situation<'_>) -> bool {
    let (Some(packet_filter), Some(guest), Some(host), Some(adapter)) = (
        s.host().filter.value(),
        s.guest_ip,
        s.host_address(),
        s.host_adapter,
    ) else {
        return false;
    };
    let packet = Packet {
        input: Some(adapter.name.as_str()),
        output: None,
        source: guest,
        destination: host,
        content: Content::Udp(53),
        state: ConnectionState::New,
        bridged: false,
    };
    s.case.intake.port == Some(53) && matches!(walk(packet_filter, Hook::Input, &packet), Walk::Stopped(_))
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let modular = s
        .host()
        .service("virtnetworkd.service")
        .is_some_and(|service| service.state == ServiceState::Running);
    let service = if modular { "virtnetworkd" } else { "libvirtd" };
    vec![remedy::rewrite_rules(service)]
}
