//! `hyperv-mac-spoofing-off`: Hyper-V drops frames that do not carry the card's own hardware address.

use super::super::prelude::*;
use super::foreign_mac::sends_foreign;

rule!("hyperv-mac-spoofing-off", VirtualNetwork, Hypervisor, Stops, follows_from: [], look_alikes: ["vlan-mismatch", "hyperv-port-guard", "guest-firewall-blocks-inbound"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    let nic = s.nic.filter(|_| s.hypervisor == Some(HypervisorId::HyperV))?;
    if nic.settings.get("mac-spoofing").map(String::as_str) != Some("off") || !s.involves_guest() {
        return None;
    }
    let (confidence, fact) = sends_foreign(s)?;
    Some(
        Found::new(confidence)
            .fact("fact-guard", "MacAddressSpoofing Off", machines_source(s))
            .facts([fact]),
    )
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    with_product(s, |product| {
        vec![remedy::set_card_guard(
            product.machine,
            "MacAddressSpoofing",
            true,
        )]
    })
}
