//! `host-only-no-internet`: a host-only network has no way out.

use super::super::prelude::*;

rule!("host-only-no-internet", VirtualNetwork, Hypervisor, ByDesign, follows_from: ["hyperv-netnat-missing", "hyperv-netnat-conflict"], look_alikes: ["guest-missing-gateway", "ip-forward-disabled"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    if !table_names(s, RULE.id) {
        return None;
    }
    // Another card of the machine may lead outside; then the card chosen is not the way.
    let other_way = s.machine.is_some_and(|machine| {
        machine.nics.len() > 1
            && s.case.intake.mode.is_none()
            && s.case.intake.nic.is_none()
            && machine.nics.iter().any(|nic| {
                matches!(
                    nic.mode,
                    Mode::Nat | Mode::Bridged | Mode::NatNetwork | Mode::User
                )
            })
    });
    // Hyper-V's internal switch may be translated by Windows, which only `Get-NetNat` and the host's address tell.
    let nat_is_open = s.hypervisor == Some(HypervisorId::HyperV)
        && s.product.is_none_or(|product| {
            product
                .settings
                .get("net-nat")
                .is_none_or(|list| !list.is_empty())
        });
    let confidence = if nat_is_open {
        by_mode(s).max(Confidence::Likely)
    } else {
        by_mode(s)
    };
    (!other_way).then(|| Found::new(confidence).facts([mode_fact(s)]))
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    with_product(s, |product| product.add_nat_card())
}
