//! `guest-address-unknown`: the machine runs, and nothing on the host tells its address.

use super::super::prelude::*;

rule!("guest-address-unknown", Addressing, Hypervisor, Degrades, follows_from: ["vm-not-running", "virtual-cable-disconnected", "tap-detached-from-bridge", "virtual-network-not-started", "virtual-network-missing", "host-vnic-down", "host-vnic-disabled", "host-vnic-missing", "host-firewall-blocks-dhcp-dns", "macos-firewall-blocks-bootpd", "hypervisor-dhcp-service-stopped", "dnsmasq-not-running", "dhcp-pool-exhausted", "no-dhcp-on-network", "guest-nic-not-started", "guest-nic-driver-missing", "guest-apipa", "stp-forward-delay"], look_alikes: ["vm-not-running", "no-dhcp-on-network", "host-firewall-blocks-dhcp-dns"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    let machine = s.machine?;
    // Every place that may tell was looked at: what the product knows, its leases, the neighbor table by MAC.
    let looked = s.host().neighbors.is_known() && s.nic.and_then(|nic| nic.mac).is_some();
    if s.guest_ip.is_some() || !s.involves_guest() || machine.state != PowerState::Running || !looked {
        return None;
    }
    // Behind an engine of its own the guest's address is nobody's business.
    if matches!(s.mode, Some(Mode::User | Mode::Mirrored)) || s.is_closed_by_design() {
        return None;
    }
    let leases = s.network.and_then(|network| network.leases.as_ref());
    let mac = s
        .nic
        .and_then(|nic| nic.mac)
        .map(|mac| mac.to_string())
        .unwrap_or_default();
    Some(
        Found::new(Confidence::Likely)
            .fact(
                "fact-vm-state",
                said::named(&machine.name, said::power(machine.state)),
                s.product.map_or("", |product| product.machines.source()),
            )
            .fact("fact-neighbor", format!("{mac}: —"), s.host().neighbors.source())
            .facts(leases.map(|leases| {
                evidence(
                    "fact-lease",
                    format!("{mac}: — ({})", leases.len()),
                    s.product.map_or("", |product| product.networks.source()),
                )
            })),
    )
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let mut ways = with_product(s, |product| product.show_addresses());
    ways.extend(remedy::show_own_addresses(guest_os(s)));
    ways.push(remedy::ask(
        Where::Guest,
        Message::new("remedy-guest-tools-ask").with("vm", s.machine_name()),
    ));
    ways
}
