//! `vbox-hostonly-range-restricted`: VirtualBox refuses the range that the host-only network shall have.

use super::super::prelude::*;
use ipnet::IpNet;

rule!("vbox-hostonly-range-restricted", VirtualNetwork, Hypervisor, Stops, follows_from: ["hypervisor-kernel-module-not-loaded", "hostonly-needs-vmnet-network"], look_alikes: ["host-vnic-no-address", "host-vnic-wrong-subnet", "hypervisor-helper-misinstalled"]);

/// What VirtualBox allows without `/etc/vbox/networks.conf`, since 6.1.28, on every host but Windows.
const USUAL: &str = "192.168.56.0/21";

fn check(s: &Situation<'_>) -> Option<Found> {
    if s.hypervisor != Some(HypervisorId::VirtualBox) || s.host_os == Os::Windows || !s.involves_guest() {
        return None;
    }
    if !matches!(s.mode, Some(Mode::HostOnly) | None) {
        return None;
    }
    // An adapter that has its address was not refused.
    let addressed = s.host_adapter.is_some_and(|adapter| {
        role::hypervisor_of_name(adapter) == Some(HypervisorId::VirtualBox) && adapter.ipv4().next().is_some()
    });
    if addressed || s.guest_seen().is_some_and(|seen| seen.link() == Link::Answered) {
        return None;
    }
    let said =
        complaint(s, &["e_accessdenied"]).or_else(|| complaint(s, &["is not within the allowed ranges"]))?;
    let of_address = complaint(s, &["enablestaticipconfig"]).is_some() || said.contains("allowed ranges");
    let allowed = ranges(s);
    let outside = wanted(s).map(|range| !allowed.iter().any(|own| own.contains(&range)));
    let confidence = match (of_address, outside) {
        (_, Some(false)) => return None,
        (true, _) | (_, Some(true)) => Confidence::Confirmed,
        _ => Confidence::Likely,
    };
    let list: Vec<String> = allowed.iter().map(ToString::to_string).collect();
    let range = wanted(s).map_or_else(|| s.segment_text(), |range| range.to_string());
    Some(
        Found::new(confidence)
            .arg("segment", range)
            .facts([complaint_fact(s, said)])
            .fact("fact-segment", list.join(" "), "/etc/vbox/networks.conf"),
    )
}

/// The range that was asked for: the network's, else the one around the address that the user gave.
fn wanted(s: &Situation<'_>) -> Option<IpNet> {
    let by_network = s.network.and_then(|network| network.segment);
    let around = |address: IpAddr| IpNet::new(address, 24).ok();
    by_network
        .or_else(|| s.guest_ip.filter(IpAddr::is_ipv4).and_then(around))
        .map(|net| net.trunc())
}

fn ranges(s: &Situation<'_>) -> Vec<IpNet> {
    let told = s
        .product
        .and_then(|product| product.settings.get("host-only-ranges"));
    let text = told.map_or(USUAL, String::as_str);
    text.split(|c: char| c.is_whitespace() || c == ',')
        .filter_map(|word| word.parse().ok())
        .collect()
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let range = wanted(s).unwrap_or_else(|| segment_or_example(s));
    let os = if s.host_os == Os::Windows {
        Os::Linux
    } else {
        s.host_os
    };
    let mut ways = vec![remedy::allow_host_only_range(os, range)];
    ways.extend(with_product(s, |product| {
        product.renumber(&s.network_name(), &s.adapter_name())
    }));
    ways
}
