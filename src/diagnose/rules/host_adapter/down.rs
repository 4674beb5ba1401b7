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
    needs_it.then(|| {
        Found::new(Confidence::Confirmed)
            .facts([adapter_fact(s, adapter)])
            .facts(s.guest_ip.and_then(|guest| way_fact(s, guest)))
    })
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    remedy::enable_adapter(Where::Host, s.host_os, &s.adapter_name())
}
