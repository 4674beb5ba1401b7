//! `vmnet-framework-bad-state`: macOS's address translation for virtual networks is empty or leads out of a dead way.

use super::super::prelude::*;

rule!("vmnet-framework-bad-state", VirtualNetwork, Host, Stops, follows_from: ["macos-bootpd-disabled", "host-no-uplink"], look_alikes: ["host-no-uplink", "macos-firewall-blocks-bootpd", "vpn-route-hijack"]);

/// What programs say when the framework does not start their network.
const SAID: [&[&str]; 4] = [
    &["vmnet_failure"],
    &["vmnet_start_interface", "fail"],
    &["cannot create vmnet interface"],
    &["failed to start vmnet"],
];

fn check(s: &Situation<'_>) -> Option<Found> {
    if s.host_os != Os::Macos || !matches!(s.mode, Some(Mode::Nat | Mode::HostOnly)) || !s.involves_guest() {
        return None;
    }
    if let Some(line) = SAID.iter().find_map(|words| complaint(s, words))
        && !s.machine_runs()
    {
        return Some(
            Found::new(Confidence::Likely)
                .arg("reason", "said")
                .arg("uplink", "")
                .facts([complaint_fact(s, line)]),
        );
    }
    if s.mode != Some(Mode::Nat)
        || s.direction() != Some(Direction::GuestToInternet)
        || s.asked() != Asked::Fails
    {
        return None;
    }
    let firewall = s.host().mac_firewall.value()?;
    let lines = firewall.pf_nat.as_ref()?;
    let source = s.host().mac_firewall.source();
    // A VMware of old translates by a program of its own.
    let own: Vec<&String> = lines.iter().filter(|line| line.starts_with("nat on ")).collect();
    if own.is_empty() {
        return Some(
            Found::new(Confidence::Confirmed)
                .arg("reason", "empty")
                .arg("uplink", "")
                .fact("fact-filter-rule", "nat: —", source),
        );
    }
    let way = match s.way_to(s.target.unwrap_or_else(|| [192, 0, 2, 53].into())) {
        Way::Adapter { name, .. } => name,
        _ => return None,
    };
    let leads_there = own
        .iter()
        .any(|line| line.split_whitespace().nth(2) == Some(way.as_str()));
    let uplink = own.first()?.split_whitespace().nth(2)?.to_owned();
    (!leads_there).then(|| {
        Found::new(Confidence::Confirmed)
            .arg("reason", "uplink")
            .arg("uplink", uplink)
            .facts(
                own.iter()
                    .take(2)
                    .map(|line| evidence("fact-filter-rule", line, source)),
            )
            .facts(way_fact(s, s.target.unwrap_or_else(|| [192, 0, 2, 53].into())))
    })
}

fn remedy(_: &Situation<'_>) -> Vec<Remedy> {
    remedy::restart_vmnet()
}
