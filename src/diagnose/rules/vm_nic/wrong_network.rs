//! `vm-nic-on-wrong-network`: the card is on another network than the one that the traffic is for.

use super::super::prelude::*;

rule!("vm-nic-on-wrong-network", VmNic, Hypervisor, Stops, follows_from: ["virtual-network-missing", "vswitches-not-routed"], look_alikes: ["guest-static-wrong-subnet", "stale-address", "virtual-network-missing", "vlan-mismatch"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    let nic = s.nic?;
    let own = s.network?;
    if !s.involves_guest() || s.guest_seen().is_some_and(|seen| seen.link() == Link::Answered) {
        return None;
    }
    let (wanted, fact) = wanted(s)?;
    if wanted.eq_ignore_ascii_case(&own.name) {
        return None;
    }
    Some(
        Found::new(Confidence::Confirmed)
            .arg("wanted", wanted)
            .fact(
                "fact-nic",
                format!("NIC {}: {}", nic.slot, own.name),
                machines_source(s),
            )
            .facts([fact]),
    )
}

/// The network that the traffic is for: the one whose segment holds the address inside the guest, or the mode that
/// the user told, when no card of the machine is on such a one.
fn wanted(s: &Situation<'_>) -> Option<(String, Evidence)> {
    let product = s.product?;
    let machine = s.machine?;
    let guest = s.guest_ip.filter(|guest| s.guest().holds(*guest) == Some(true))?;
    let own = s.network.and_then(|network| network.segment)?;
    if own.contains(&guest) {
        return None;
    }
    let network = product
        .networks
        .rows()
        .iter()
        .find(|network| network.segment.is_some_and(|segment| segment.contains(&guest)))?;
    let plugged = machine.nics.iter().any(|nic| {
        nic.network
            .as_deref()
            .is_some_and(|name| name.eq_ignore_ascii_case(&network.name))
    });
    let segment = network.segment?;
    (!plugged).then(|| {
        (
            network.name.clone(),
            evidence(
                "fact-address",
                format!("{guest} ∈ {} {segment}", network.name),
                s.guest().adapters.source(),
            ),
        )
    })
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let to = wanted(s).map_or_else(|| "NETWORK".to_owned(), |(name, _)| name);
    let old = s.network.map(|network| network.name.clone());
    with_product(s, |product| product.connect_to(&to, old.as_deref()))
}
