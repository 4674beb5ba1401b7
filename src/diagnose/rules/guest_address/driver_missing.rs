//! `guest-nic-driver-missing`: the guest has no driver for its emulated card, and so no card at all.

use super::super::prelude::*;

rule!("guest-nic-driver-missing", GuestAddress, Guest, Stops, follows_from: ["vm-not-running"], look_alikes: ["guest-nic-not-started", "virtual-cable-disconnected", "guest-nic-renamed"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    if !s.involves_guest() {
        return None;
    }
    let guest = s.guest();
    // A card of the bus without driver, and no other card that works.
    let cards = inside::cards(s);
    if !cards.is_empty() {
        return None;
    }
    let dead = guest.devices.rows().iter().find(|device| device.driver.is_none());
    let model = s.nic.and_then(|nic| nic.model.clone());
    if let Some(device) = dead {
        return Some(
            Found::new(Confidence::Confirmed)
                .arg("device", &device.name)
                .fact(
                    "fact-device",
                    said::named(
                        format!("{} {}", device.slot, device.name),
                        said::word("value-no-driver"),
                    ),
                    guest.devices.source(),
                ),
        );
    }
    // The machine has a card, the guest lists its adapters, and there is none among them.
    let adapters = guest.adapters.value()?;
    let model = model.or_else(|| s.nic.map(|_| "?".to_owned()))?;
    if guest.devices.is_known() && !guest.devices.rows().is_empty() {
        return None;
    }
    let only_loopback = adapters
        .iter()
        .all(|adapter| adapter.kind == AdapterKind::Loopback || adapter.name.starts_with("lo"));
    (only_loopback && !adapters.is_empty()).then(|| {
        Found::new(Confidence::Likely)
            .arg("device", &model)
            .fact(
                "fact-nic",
                &model,
                s.product.map_or("", |product| product.machines.source()),
            )
            .fact("fact-guest-card", "—", guest.adapters.source())
    })
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let os = guest_os(s);
    let model = s
        .nic
        .and_then(|nic| nic.model.clone())
        .unwrap_or_else(|| "virtio".to_owned());
    let mut ways = remedy::load_driver(os, &model);
    ways.extend(with_product(s, |product| product.common_card_model()));
    ways
}
