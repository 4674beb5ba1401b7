//! `host-vnic-down`: the host's adapter on the segment is there, but not up. On Windows that is
//! `host-vnic-disabled`; both are switched on the same way.

use super::super::prelude::*;

rule!("host-vnic-down", HostAdapter, Host, Stops, follows_from: ["virtual-network-not-started", "networkmanager-resets-interface"], look_alikes: ["host-vnic-missing", "host-route-missing"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    switched_off(s).filter(|_| s.host_os != Os::Windows)
}

/// The adapter is there, switched off, and needed.
pub fn switched_off(s: &Situation<'_>) -> Option<Found> {
    let adapter = s.host_adapter?;
    if adapter.enabled != Some(false) || !s.involves_guest() {
        return None;
    }
    // Through VMware's own engine the guest reaches the outside without the host's adapter.
    let needs_it = s.direction() != Some(Direction::GuestToInternet) || s.host_forwards();
    // Which adapter it is must be told: by the network, by an address in the guest's segment, or by a name that one mode of
    // one product has.
    let told = s
        .network
        .is_some_and(|network| network.host_adapter.as_deref() == Some(adapter.name.as_str()));
    let on_segment = s
        .guest_ip
        .is_some_and(|guest| adapter.on_segment_of(guest).is_some());
    let named = s.hypervisor.is_some()
        && s.mode.is_some()
        && role::hypervisor_of_name(adapter) == s.hypervisor
        && role::mode_of_name(&adapter.name).is_none_or(|mode| Some(mode) == s.mode);
    needs_it.then(|| {
        Found::new(if told || on_segment || named {
            Confidence::Confirmed
        } else {
            Confidence::Likely
        })
        .facts([adapter_fact(s, adapter)])
        .facts(s.guest_ip.and_then(|guest| way_fact(s, guest)))
    })
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    remedy::enable_adapter(Where::Host, s.host_os, &s.adapter_name())
}
