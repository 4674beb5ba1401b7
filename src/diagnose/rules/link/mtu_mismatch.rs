//! `mtu-mismatch`: small packets pass, large ones die on the way.

use super::super::prelude::*;

rule!("mtu-mismatch", Link, Network, Degrades, follows_from: [], look_alikes: ["nic-offload-breaks-bridging", "vpn-route-hijack"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    let to = s.destination()?;
    let seen = s.seen(s.start_place()?, to);
    let small_passes = seen.echo_replies();
    let mtu = seen.path_mtu()?;
    let failed = mtu.failed?;
    // Where packets of any size get lost, the large ones that stayed away prove nothing by themselves.
    if mtu.told.is_none()
        && seen
            .ordinary_echoes()
            .any(|(echo, _)| super::lossy::is_felt(echo))
    {
        return None;
    }
    // Large packets that were never answered although the adapter says that they fit.
    let adapter_mtu = match s.way_to(to) {
        Way::Adapter { name, .. } => s.host().adapter(&name).and_then(|adapter| adapter.mtu),
        _ => None,
    };
    let fits_adapter = adapter_mtu.is_none_or(|mtu| failed <= mtu);
    (small_passes && fits_adapter).then(|| {
        let told = mtu.told.map(|told| format!(", told {told}")).unwrap_or_default();
        let passed = mtu
            .passed
            .map(|passed| format!("{passed} passes, "))
            .unwrap_or_default();
        let confidence = if mtu.passed.is_some() || mtu.told.is_some() {
            Confidence::Confirmed
        } else {
            Confidence::Likely
        };
        Found::new(confidence)
            .arg("failed", failed)
            .arg("passed", mtu.passed.or(mtu.told).unwrap_or(1400))
            .fact("fact-mtu", format!("{passed}{failed} dies{told}"), "probe")
            .facts(seen_facts(&seen))
    })
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let passed = s
        .destination()
        .zip(s.start_place())
        .and_then(|(to, place)| {
            s.seen(place, to)
                .path_mtu()
                .and_then(|mtu| mtu.told.or(mtu.passed))
        })
        .unwrap_or(1400);
    // Whoever sends has to send less.
    if s.from == Endpoint::Host
        && let Some(adapter) = s.host_adapter
    {
        return remedy::set_mtu(Where::Host, s.host_os, &adapter.name, passed, adapter.mtu);
    }
    remedy::set_mtu(Where::Guest, guest_os(s), &guest_adapter_name(s), passed, None)
}
