//! What Windows' own NAT says of the switch that the machine is on.

use super::super::prelude::*;
use ipnet::IpNet;

/// A NAT of Windows: name and prefix.
pub type NetNat = (String, IpNet);

/// The NATs that `Get-NetNat` listed; `None` when nobody asked.
pub fn listed(s: &Situation<'_>) -> Option<Vec<NetNat>> {
    let product = s
        .case
        .hypervisors
        .iter()
        .find(|product| product.id == HypervisorId::HyperV)?;
    let prefixes = product.settings.get("net-nat")?;
    let names = product.settings.get("net-nat-names").map_or("", String::as_str);
    let mut names = names.split('\n');
    let rows = prefixes.split_whitespace().filter_map(|word| {
        let name = names
            .next()
            .filter(|name| !name.is_empty())
            .unwrap_or("NAT")
            .to_owned();
        Some((name, word.parse().ok()?))
    });
    Some(rows.collect())
}

/// The host's address on the internal switch, with its prefix; none that the host made up.
pub fn host_net(s: &Situation<'_>) -> Option<ipnet::Ipv4Net> {
    let internal =
        s.hypervisor == Some(HypervisorId::HyperV) && matches!(s.mode, Some(Mode::Internal | Mode::Nat));
    let adapter = s.host_adapter.filter(|_| internal)?;
    adapter
        .ipv4()
        .find(|net| !crate::model::is_link_local(net.addr().into()))
}

/// Whether the guest sends what is for outside to the host: then it counts on being translated.
pub fn counts_on_it(s: &Situation<'_>) -> bool {
    let Some(own) = host_net(s) else { return false };
    let by_route = s
        .guest()
        .default_routes()
        .iter()
        .any(|row| row.via == Some(own.addr().into()));
    let by_list = s
        .guest()
        .adapters
        .rows()
        .iter()
        .any(|adapter| adapter.gateways.contains(&own.addr().into()));
    by_route || by_list || s.case.intake.mode == Some(Mode::Nat)
}
