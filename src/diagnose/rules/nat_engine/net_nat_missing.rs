//! `hyperv-netnat-missing`: the internal switch has addresses, and no NAT of Windows leads out of it.

use super::super::prelude::*;
use super::net_nat;

rule!("hyperv-netnat-missing", NatEngine, Hypervisor, Stops, follows_from: ["hyperv-netnat-conflict"], look_alikes: ["hyperv-netnat-conflict", "host-only-no-internet", "guest-missing-gateway", "host-no-uplink"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    let outward = s.direction() == Some(Direction::GuestToInternet);
    let own = net_nat::host_net(s)?;
    let nats = net_nat::listed(s)?;
    if !outward || !nats.is_empty() || !net_nat::counts_on_it(s) {
        return None;
    }
    Some(
        Found::new(Confidence::Confirmed)
            .arg("segment", own.trunc())
            .fact("fact-nat", "Get-NetNat: —", "Get-NetNat")
            .facts(s.host_adapter.map(|adapter| adapter_fact(s, adapter))),
    )
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let example = ipnet::Ipv4Net::new_assert(std::net::Ipv4Addr::new(192, 0, 2, 0), 24);
    remedy::new_net_nat(net_nat::host_net(s).unwrap_or(example), None)
}
