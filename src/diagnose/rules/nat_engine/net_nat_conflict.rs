//! `hyperv-netnat-conflict`: Windows' NAT does not contain the switch's segment, or two of them overlap.

use super::super::prelude::*;
use super::net_nat::{self, NetNat};
use ipnet::IpNet;

rule!("hyperv-netnat-conflict", NatEngine, Hypervisor, Stops, follows_from: [], look_alikes: ["hyperv-netnat-missing", "host-only-no-internet", "guest-wrong-gateway"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    if s.direction() != Some(Direction::GuestToInternet) || !net_nat::counts_on_it(s) {
        return None;
    }
    let (reason, nat, other) = wrong(s)?;
    let mut found = Found::new(Confidence::Confirmed)
        .arg("reason", reason)
        .arg("name", &nat.0)
        .arg("prefix", nat.1)
        .arg(
            "other",
            other
                .as_ref()
                .map(|other| format!("{} ({})", other.0, other.1))
                .unwrap_or_default(),
        );
    for row in [Some(nat), other].into_iter().flatten() {
        found = found.fact("fact-nat", format!("{} {}", row.0, row.1), "Get-NetNat");
    }
    Some(found.facts(s.host_adapter.map(|adapter| adapter_fact(s, adapter))))
}

fn wrong(s: &Situation<'_>) -> Option<(&'static str, NetNat, Option<NetNat>)> {
    let own = IpNet::V4(net_nat::host_net(s)?);
    let nats = net_nat::listed(s)?;
    let of_switch = nats.iter().find(|(_, prefix)| prefix.contains(&own.addr()));
    match of_switch {
        None => nats.into_iter().next().map(|nat| ("mismatch", nat, None)),
        Some(nat) => {
            let other = nats
                .iter()
                .find(|other| *other != nat && crate::model::overlap(other.1, nat.1))?;
            Some(("overlap", other.clone(), Some(nat.clone())))
        }
    }
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let example = ipnet::Ipv4Net::new_assert(std::net::Ipv4Addr::new(192, 0, 2, 0), 24);
    let segment = net_nat::host_net(s).unwrap_or(example);
    match wrong(s) {
        Some((_, (name, IpNet::V4(prefix)), _)) => remedy::new_net_nat(segment, Some((&name, Some(prefix)))),
        Some((_, (name, _), _)) => remedy::new_net_nat(segment, Some((&name, None))),
        None => remedy::new_net_nat(segment, Some(("NATNetwork", None))),
    }
}
