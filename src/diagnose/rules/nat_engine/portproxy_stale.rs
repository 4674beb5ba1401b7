//! `portproxy-stale`: Windows hands the port on to an address that the guest no longer has.

use super::super::prelude::*;
use super::forward::{Kind, Known, known};

rule!("portproxy-stale", NatEngine, Host, Stops, follows_from: ["vm-not-running", "port-forward-wrong"], look_alikes: ["port-forward-wrong", "stale-address", "host-firewall-blocks-guest"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    if s.host_os != Os::Windows || !s.involves_guest() || s.to != Endpoint::Guest {
        return None;
    }
    let stale = stale(s)?;
    // What the user believes of the guest's address is no proof.
    let confidence = if s.guest_ip_source == "user" && s.guest().is_empty() {
        Confidence::Likely
    } else {
        Confidence::Confirmed
    };
    Some(
        Found::new(confidence)
            .arg("forward", stale.describe())
            .fact("fact-forward", stale.describe(), &stale.source)
            .fact("fact-address", s.guest_text(), &s.guest_ip_source),
    )
}

/// The entry for the wanted port that leads to another address than the guest's; none when one leads to it.
fn stale(s: &Situation<'_>) -> Option<Known> {
    let guest = s
        .guest_ip
        .filter(|guest| guest.is_ipv4() && !crate::model::is_link_local(*guest))?;
    let proxies: Vec<Known> = known(s)
        .into_iter()
        .filter(|forward| forward.kind == Kind::PortProxy)
        .collect();
    if proxies
        .iter()
        .any(|forward| forward.forward.guest_address == Some(guest))
    {
        return None;
    }
    // An entry for another machine of this host, or of the LAN, is somebody else's.
    let others = |address: IpAddr| {
        let machines = s
            .case
            .hypervisors
            .iter()
            .flat_map(|product| product.machines.rows());
        machines
            .flat_map(|machine| &machine.nics)
            .any(|nic| nic.addresses.iter().any(|known| known.address == address))
    };
    let wanted = s.case.intake.port.is_some();
    proxies.into_iter().find(|forward| {
        forward.forward.guest_address.is_some_and(|to| {
            !to.is_loopback()
                && s.host().holds(to) != Some(true)
                && !others(to)
                && (wanted || s.segment.is_some_and(|segment| segment.contains(&to)))
        })
    })
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    match stale(s) {
        Some(stale) => vec![remedy::repoint_portproxy(&stale.forward, &s.guest_text())],
        None => vec![remedy::portproxy(
            s.case.intake.port.unwrap_or(22),
            s.guest_ip.unwrap_or_else(|| [192, 0, 2, 10].into()),
            s.case.intake.port.unwrap_or(22),
        )],
    }
}
