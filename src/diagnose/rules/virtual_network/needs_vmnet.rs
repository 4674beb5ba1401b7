//! `hostonly-needs-vmnet-network`: VirtualBox on macOS 11 and later has no host-only adapters.

use super::super::prelude::*;

rule!("hostonly-needs-vmnet-network", VirtualNetwork, Hypervisor, Stops, follows_from: [], look_alikes: ["hypervisor-kernel-module-not-loaded", "host-vnic-missing", "vbox-hostonly-range-restricted"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    if s.hypervisor != Some(HypervisorId::VirtualBox)
        || s.host_os != Os::Macos
        || s.mode != Some(Mode::HostOnly)
    {
        return None;
    }
    // The new kind has a range of its own in VirtualBox' list, and its adapter is a bridge of macOS.
    let by_adapter = s
        .nic
        .and_then(|nic| nic.settings.get("attachment"))
        .map(String::as_str)
        == Some("hostonly")
        || s.nic
            .and_then(|nic| nic.network.as_deref())
            .is_some_and(|name| name.starts_with("vboxnet"));
    let said = complaint(s, &["failed to open /dev/vboxnetctl"]);
    let release = macos_release(s.host().os_name.as_deref().unwrap_or_default());
    if release.is_some_and(|release| release < 11) || !(by_adapter || said.is_some()) {
        return None;
    }
    // An adapter that is there and up belongs to an older system after all.
    let there = s
        .host()
        .adapters
        .rows()
        .iter()
        .any(|adapter| adapter.name.starts_with("vboxnet"));
    let confidence = match (said.is_some(), by_adapter && release.is_some()) {
        _ if there => return None,
        (true, _) | (_, true) => Confidence::Confirmed,
        _ => Confidence::Likely,
    };
    let name = s.nic.and_then(|nic| nic.network.clone()).unwrap_or_default();
    let mut found = Found::new(confidence).facts(said.map(|line| complaint_fact(s, line)));
    if by_adapter {
        found = found.fact("fact-nic", format!("hostonly {name}"), machines_source(s));
    }
    if let Some(system) = &s.host().os_name {
        found = found.fact("fact-version", system, "host");
    }
    Some(found)
}

/// The first number of `macOS 14.5`.
fn macos_release(system: &str) -> Option<u32> {
    system
        .split(|c: char| !c.is_ascii_digit())
        .find_map(|word| word.parse().ok())
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    with_product(s, |product| product.make_host_only_network())
}
