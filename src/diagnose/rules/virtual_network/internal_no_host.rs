//! `internal-no-host`: the network has no adapter of the host and no way out.

use super::super::prelude::*;

rule!("internal-no-host", VirtualNetwork, Hypervisor, ByDesign, follows_from: ["vswitch-without-uplink"], look_alikes: ["vm-nic-on-wrong-network", "host-vnic-missing"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    if table_names(s, RULE.id) {
        return Some(Found::new(by_mode(s)).facts([mode_fact(s)]));
    }
    // A Hyper-V external switch that is not shared with the host, read from the product.
    let unshared = s
        .network
        .is_some_and(|network| network.mode == Mode::External && network.host_adapter_wanted == Some(false));
    let to_host = matches!(
        s.direction(),
        Some(Direction::HostToGuest | Direction::GuestToHost)
    );
    // Only Hyper-V lets the host into what it calls internal, and it runs on Windows only.
    let closed = s.mode == Some(Mode::Internal) && s.hypervisor.is_none() && s.host_os != Os::Windows;
    let outside = s
        .guest_ip
        .is_some_and(|guest| s.host().adapter_on_segment(guest).is_none());
    if closed && outside && to_host && s.host().adapters.is_known() {
        return Some(Found::new(by_mode(s)).facts([mode_fact(s)]));
    }
    (unshared && to_host).then(|| {
        Found::new(Confidence::Likely).facts([mode_fact(s)]).fact(
            "fact-network",
            "AllowManagementOS: False",
            s.product.map_or("", |product| product.networks.source()),
        )
    })
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    with_product(s, |product| product.add_host_only_card())
}
