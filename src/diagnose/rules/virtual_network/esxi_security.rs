//! `vswitch-security-policy`: the port group throws frames with foreign hardware addresses away (ESXi).

use super::super::prelude::*;
use super::foreign_mac::sends_foreign;

rule!("vswitch-security-policy", VirtualNetwork, Hypervisor, Stops, follows_from: ["vswitch-without-uplink"], look_alikes: ["duplicate-mac", "vlan-mismatch", "guest-firewall-blocks-inbound"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    let network = s.network.filter(|_| s.hypervisor == Some(HypervisorId::Esxi))?;
    // A port group without a word of its own does as its switch.
    let of_switch = |key: &str| {
        let switch = network.settings.get("vswitch")?;
        s.product?.settings.get(&format!("{switch} {key}"))
    };
    let refused: Vec<&str> = ["forged-transmits", "mac-changes", "promiscuous"]
        .into_iter()
        .filter(|key| {
            let state = network.settings.get(*key).or_else(|| of_switch(key));
            state.is_some_and(|state| state == "reject")
        })
        .collect();
    if !refused.iter().any(|key| *key != "promiscuous") || !s.involves_guest() {
        return None;
    }
    let (confidence, fact) = sends_foreign(s)?;
    Some(
        Found::new(confidence)
            .fact(
                "fact-switch",
                said::named(
                    &network.name,
                    said::word("value-rejects").with("what", refused.join(", ")),
                ),
                networks_source(s),
            )
            .facts([fact]),
    )
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    vec![remedy::allow_foreign_macs(&s.network_name_or("VM Network"))]
}
