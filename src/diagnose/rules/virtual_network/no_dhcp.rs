//! `no-dhcp-on-network`: nobody lends addresses on this network, by configuration or by design.

use super::super::prelude::*;

rule!("no-dhcp-on-network", VirtualNetwork, Hypervisor, Stops, follows_from: ["hyperv-port-guard", "virtual-network-not-started", "virtual-network-missing", "internal-no-host", "hyperv-default-switch-broken"], look_alikes: ["hypervisor-dhcp-service-stopped", "dhcp-pool-exhausted", "dnsmasq-not-running", "host-firewall-blocks-dhcp-dns"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    if !s.involves_guest() {
        return None;
    }
    let network = s.network;
    let configured = network
        .and_then(|network| network.dhcp.as_ref())
        .and_then(|dhcp| dhcp.enabled);
    let (certain, value) = match configured {
        Some(true) => return None,
        Some(false) => (true, "DHCP off".to_owned()),
        None => (by_design(s)?, s.mode.map_or("", Mode::name).to_owned()),
    };
    let (confidence, facts) = Lease::missing(s)?;
    // Without the product's word a machine on the network may still lend addresses, as one is known to do in labs.
    let confidence = if certain {
        confidence
    } else {
        confidence.max(Confidence::Likely)
    };
    // Nothing says that this machine was ever to ask for an address.
    if confidence != Confidence::Confirmed && facts.is_empty() {
        return None;
    }
    let source = if configured.is_some() {
        networks_source(s)
    } else {
        machines_source(s)
    };
    Some(
        Found::new(confidence)
            .fact("fact-network", format!("{}: {value}", s.network_name()), source)
            .facts(facts),
    )
}

/// Whether the mode has no DHCP server by design: `Some(false)` where a machine could be one.
fn by_design(s: &Situation<'_>) -> Option<bool> {
    use HypervisorId::{Esxi, HyperV, VirtualBox, VmwareFusion, VmwareWorkstation};
    let product = s.hypervisor?;
    match (product, s.mode?) {
        // Windows' own NAT has no DHCP server; an internal switch has none either.
        (HyperV, Mode::Nat | Mode::Internal) => Some(s.mode_is_certain),
        (HyperV | Esxi, Mode::Private) | (Esxi, Mode::Internal) => Some(false),
        (VirtualBox | VmwareWorkstation | VmwareFusion, Mode::Internal | Mode::Private) => Some(false),
        _ => None,
    }
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let os = guest_os(s);
    let name = s.network_name();
    let segment = match s.segment.filter(|net| !crate::model::is_link_local(net.addr())) {
        // Without a case it is shown with a stand-in.
        None if without_case(s) => Some(segment_or_example(s)),
        segment => segment,
    };
    let mut ways = with_product(s, |product| {
        product.lend_addresses(&name, &s.adapter_name(), segment)
    });
    if let Some(new) = address_in_segment(s).filter(|new| !new.addr().is_link_local()) {
        ways.extend(remedy::set_address(
            os,
            &guest_adapter_name(s),
            new,
            None,
            s.gateway(),
            None,
        ));
    }
    if ways.is_empty() {
        ways.push(remedy::ask(
            Where::Guest,
            Message::new("remedy-fixed-address-ask").with("network", name),
        ));
    }
    ways
}
