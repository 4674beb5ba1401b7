//! `guest-apipa`: the guest made its address up (169.254.0.0/16) because nobody gave it one.

use super::super::prelude::*;

rule!("guest-apipa", GuestAddress, Guest, Stops, follows_from: ["hyperv-port-guard", "virtual-cable-disconnected", "tap-detached-from-bridge", "virtual-network-not-started", "virtual-network-missing", "hypervisor-dhcp-service-stopped", "dnsmasq-not-running", "dhcp-pool-exhausted", "no-dhcp-on-network", "internet-sharing-service-stopped", "hyperv-default-switch-broken", "hyperv-switch-stale", "bridge-without-uplink", "bridge-filter-driver-unbound", "vmnet-framework-bad-state", "macos-bootpd-disabled", "hypervisor-half-uninstalled", "vlan-mismatch", "vswitch-without-uplink", "host-vnic-down", "host-vnic-disabled", "vm-not-running", "guest-nic-not-started", "guest-nic-renamed", "bridged-wrong-nic", "bridged-wifi-unsupported", "lan-dhcp-refuses", "port-security-blocks-guest", "host-firewall-blocks-dhcp-dns", "macos-firewall-blocks-bootpd", "hypervisor-not-running", "stp-forward-delay"], look_alikes: ["virtual-cable-disconnected", "host-firewall-blocks-dhcp-dns", "hypervisor-dhcp-service-stopped"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    let guest = s.guest_ip?;
    let host_too = s
        .host_adapter
        .is_some_and(|adapter| adapter.on_segment_of(guest).is_some());
    (s.involves_guest() && guest.is_ipv4() && crate::model::is_link_local(guest) && !host_too).then(|| {
        Found::new(Confidence::Confirmed)
            .fact("fact-address", guest, &s.guest_ip_source)
            .facts(s.host_adapter.map(|adapter| adapter_fact(s, adapter)))
    })
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let os = guest_os(s);
    let mut ways = remedy::renew_lease(os, &guest_adapter_name(s));
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
    ways
}
