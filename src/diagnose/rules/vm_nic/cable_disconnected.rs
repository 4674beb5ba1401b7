//! `virtual-cable-disconnected`: the card is not connected in the machine's settings.

use super::super::prelude::*;

rule!("virtual-cable-disconnected", VmNic, Hypervisor, Stops, follows_from: ["vm-not-running"], look_alikes: ["guest-nic-not-started", "vm-not-running", "tap-detached-from-bridge"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    if !s.involves_guest() {
        return None;
    }
    let answers = s.guest_seen().is_some_and(|seen| seen.link() == Link::Answered);
    if answers {
        return None;
    }
    if let Some(nic) = s.nic
        && nic.cable_connected == Some(false)
    {
        let source = s.product.map_or("", |product| product.machines.source());
        let mac = nic.mac.map(|mac| mac.to_string()).unwrap_or_default();
        return Some(
            Found::new(Confidence::Confirmed)
                .fact("fact-cable", format!("NIC {} {mac}: down", nic.slot), source)
                .facts(probe_facts(s)),
        );
    }
    // The guest itself sees no carrier on the card: the cable, unless the product says that it is in.
    let told_in = s.nic.is_some_and(|nic| nic.cable_connected == Some(true));
    let guest = s.guest();
    let mut cards = guest.adapters.rows().iter().filter(|adapter| {
        adapter.kind != AdapterKind::Loopback
            && adapter.name != "lo"
            && !role::is_container(&adapter.name)
            && !adapter.is_tunnel()
    });
    let card = cards.next().filter(|_| cards.next().is_none())?;
    (card.enabled == Some(true) && card.carrier == Some(false) && !told_in).then(|| {
        Found::new(Confidence::Likely).fact(
            "fact-cable",
            said::named(&card.name, said::word("value-no-carrier")),
            guest.adapters.source(),
        )
    })
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let port = s
        .nic
        .and_then(|nic| {
            nic.mac
                .map(|mac| mac.to_string())
                .or_else(|| nic.host_port.clone())
        })
        .unwrap_or_else(|| "vnet0".to_owned());
    with_product(s, |product| product.connect_cable(&port))
}
