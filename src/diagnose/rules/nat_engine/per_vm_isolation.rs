//! `nat-per-vm-isolation`: every machine has a translation of its own, so that two of them cannot meet.

use super::super::prelude::*;

rule!("nat-per-vm-isolation", NatEngine, Hypervisor, ByDesign, follows_from: [], look_alikes: ["duplicate-dhcp-client-id", "duplicate-mac"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    table_names(s, RULE.id).then(|| Found::new(by_mode(s)).facts([mode_fact(s)]))
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    with_product(s, |product| product.share_nat_network())
}
