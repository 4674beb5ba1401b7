//! `vswitch-without-uplink`: the ESXi switch of the machine's port group has no physical card with a link.

use super::super::prelude::*;

rule!("vswitch-without-uplink", VirtualNetwork, Hypervisor, Stops, follows_from: [], look_alikes: ["vlan-mismatch", "internal-no-host", "host-no-uplink"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    let network = s.network.filter(|_| s.hypervisor == Some(HypervisorId::Esxi))?;
    // Two machines on the switch need no card.
    if !s.involves_guest() || s.direction() == Some(Direction::GuestToGuest) {
        return None;
    }
    let switch = network.settings.get("vswitch")?;
    let cards: Vec<&str> = network
        .uplink
        .as_deref()
        .unwrap_or_default()
        .split([',', ' '])
        .filter(|card| !card.is_empty())
        .collect();
    let source = networks_source(s);
    if cards.is_empty() && network.mode == Mode::Internal {
        return Some(Found::new(Confidence::Confirmed).arg("reason", "none").fact(
            "fact-switch",
            format!("{switch}: —"),
            source,
        ));
    }
    let state = |card: &str| {
        s.product
            .and_then(|product| product.settings.get(card))
            .map(String::as_str)
    };
    let all_down = !cards.is_empty() && cards.iter().all(|card| state(card) == Some("down"));
    all_down.then(|| {
        Found::new(Confidence::Confirmed).arg("reason", "down").fact(
            "fact-switch",
            said::named(switch, said::then(cards.join(", "), said::word("value-down"))),
            source,
        )
    })
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let switch = s
        .network
        .and_then(|network| network.settings.get("vswitch"))
        .cloned()
        .unwrap_or_else(|| "vSwitch1".to_owned());
    let free = s.product.and_then(|product| {
        let used = |card: &str| {
            product.networks.rows().iter().any(|network| {
                network
                    .uplink
                    .as_deref()
                    .is_some_and(|own| own.split([',', ' ']).any(|name| name == card))
            })
        };
        product.settings.iter().find_map(|(key, state)| {
            (key.starts_with("vmnic") && state == "up" && !used(key)).then_some(key.as_str())
        })
    });
    vec![
        remedy::add_switch_uplink(&switch, free.unwrap_or("vmnic1")),
        remedy::ask(
            Where::Hypervisor,
            Message::new("remedy-connect-to-ask")
                .with("vm", s.machine_name())
                .with("network", "VM Network"),
        ),
    ]
}
