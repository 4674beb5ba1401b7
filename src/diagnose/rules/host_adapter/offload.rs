//! `nic-offload-breaks-bridging`: the physical card is to finish packets (checksums, cutting into segments) that never
//! leave through it, so that the bridged guest throws away what its own host sends.

use super::super::addressing::two_nics;
use super::super::prelude::*;

rule!("nic-offload-breaks-bridging", HostAdapter, Host, Stops, follows_from: ["host-ip-not-on-bridge", "host-two-nics-same-subnet", "stale-neighbor"], look_alikes: ["macvtap-host-isolation", "host-ip-not-on-bridge", "guest-firewall-blocks-inbound", "mtu-mismatch"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    let guest = s.guest_ip.filter(|_| {
        is_bridged(s) && s.mode != Some(Mode::Macvtap) && s.from == Endpoint::Host && s.to == Endpoint::Guest
    })?;
    let (card, on) = offloading(s)?;
    let seen = s.guest_seen().filter(|_| s.asked() == Asked::Fails)?;
    let lan = s.seen(Place::Lan, guest);
    let port = s.case.intake.port;
    let silent = match port {
        Some(port) => seen.tcp(port) == Some(TcpOutcome::TimedOut),
        None => seen.echo_is_silent(),
    };
    // Others of the segment reach the same: neither the guest nor its card is what stops it.
    let others_pass = match port {
        Some(port) => lan.tcp(port) == Some(TcpOutcome::Connected),
        None => lan.echo_replies(),
    };
    if !silent || !others_pass {
        return None;
    }
    let confidence = match seen.link() {
        Link::Answered => Confidence::Likely,
        Link::Cached => Confidence::Possible,
        Link::Silent | Link::Unknown => return None,
    };
    Some(
        Found::new(confidence)
            .arg("nic", &card.name)
            .fact(
                "fact-offload",
                format!("{}: {}", card.name, on.join(", ")),
                s.host().adapters.source(),
            )
            .facts(seen_facts(&seen))
            .facts(seen_facts(&lan)),
    )
}

/// The card under the guest's bridge that takes work over, and the work.
fn offloading<'a>(s: &Situation<'a>) -> Option<(&'a Adapter, Vec<&'a str>)> {
    let host = s.host();
    let uplink = two_nics::uplink(s)?;
    let cards = host
        .adapters
        .rows()
        .iter()
        .filter(|card| card.name == uplink.name || card.master.as_deref() == Some(uplink.name.as_str()))
        .filter(|card| !role::is_machine_port(card) && card.kind != AdapterKind::Bridge);
    cards
        .map(|card| {
            let on = card.offloads.iter().filter(|(name, on)| *on && matters(name));
            (card, on.map(|(name, _)| name.as_str()).collect::<Vec<_>>())
        })
        .find(|(_, on)| !on.is_empty())
}

/// What leaves a packet unfinished until the card sends it.
fn matters(name: &str) -> bool {
    let name = name.to_lowercase();
    let sends = name.contains("checksum") && !name.starts_with("rx") || name.starts_with("lso");
    sends || name == "tcp-segmentation-offload" || name == "generic-segmentation-offload"
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let adapter = offloading(s).map_or_else(|| s.adapter_name(), |(card, _)| card.name.clone());
    remedy::stop_offloads(s.host_os, &adapter)
}
