//! `wsl-mirrored-fell-back`: `.wslconfig` asks for mirrored networking, and WSL runs NAT.

use super::super::prelude::*;

rule!("wsl-mirrored-fell-back", VirtualNetwork, Hypervisor, Stops, follows_from: [], look_alikes: ["hyperv-firewall-blocks", "service-bound-to-loopback", "nat-no-inbound-path"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    let product = s.product.filter(|product| product.id == HypervisorId::Wsl2)?;
    let network = product.network("WSL")?;
    let asked = network
        .settings
        .iter()
        .find(|(key, _)| key.eq_ignore_ascii_case("networkingMode"))?;
    if !asked.1.eq_ignore_ascii_case("mirrored") || !s.involves_guest() {
        return None;
    }
    let told = network
        .settings
        .get("actual-mode")
        .is_some_and(|mode| mode == "nat");
    let said = complaint(s, &["falling back to nat"]);
    // In mirrored mode the guest has the host's own addresses; behind NAT it has one of Windows' own segment.
    let guest = s.guest_ip.filter(IpAddr::is_ipv4);
    let foreign =
        guest.filter(|guest| s.guest().holds(*guest) == Some(true) && s.host().holds(*guest) == Some(false));
    let behind = foreign.filter(|guest| {
        s.host()
            .adapter_on_segment(*guest)
            .is_some_and(|(adapter, _)| role::hypervisor_of_name(adapter) == Some(HypervisorId::Wsl2))
    });
    let confidence = match (told || said.is_some(), behind) {
        (true, _) | (_, Some(_)) => Confidence::Confirmed,
        _ => return None,
    };
    let mut found = Found::new(confidence)
        .fact("fact-wsl", format!("{}={}", asked.0, asked.1), networks_source(s))
        .facts(said.map(|line| complaint_fact(s, line)));
    if told {
        found = found.fact("fact-wsl", "wslinfo: nat", "wslinfo --networking-mode");
    }
    if let Some(guest) = behind {
        found = found.fact("fact-address", guest, &s.guest_ip_source);
    }
    Some(found)
}

fn remedy(_: &Situation<'_>) -> Vec<Remedy> {
    remedy::update_wsl()
}
