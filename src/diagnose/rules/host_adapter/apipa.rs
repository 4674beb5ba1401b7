//! `host-vnic-apipa`: the host's adapter made its address up (169.254.0.0/16) because nobody gave it one.

use super::super::prelude::*;
use super::no_address::wanted_address;

rule!("host-vnic-apipa", HostAdapter, Host, Stops, follows_from: ["hypervisor-dhcp-service-stopped", "internet-sharing-service-stopped", "networkmanager-resets-interface"], look_alikes: ["guest-apipa", "host-vnic-wrong-subnet"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    let adapter = s.host_adapter?;
    let mut addresses = adapter.ipv4().peekable();
    let made_up = addresses.peek().is_some() && adapter.ipv4().all(|net| net.addr().is_link_local());
    let guest_elsewhere = s.guest_ip.is_none_or(|guest| !crate::model::is_link_local(guest));
    let meets_host = matches!(
        s.direction(),
        Some(Direction::HostToGuest | Direction::GuestToHost)
    ) || s.host_forwards();
    (made_up && guest_elsewhere && meets_host && s.involves_guest()).then(|| {
        Found::new(Confidence::Confirmed)
            .facts([adapter_fact(s, adapter)])
            .facts(s.guest_ip.and_then(|guest| way_fact(s, guest)))
    })
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let (address, old) = wanted_address(s);
    remedy::set_adapter_address(Where::Host, s.host_os, &s.adapter_name(), address, old)
}
