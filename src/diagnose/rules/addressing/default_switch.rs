//! `hyperv-default-switch-changed`: Hyper-V's Default Switch has another segment since the last boot of the host.

use super::super::prelude::*;

rule!("hyperv-default-switch-changed", Addressing, Guest, Stops, follows_from: ["hyperv-default-switch-broken", "vm-not-running"], look_alikes: ["guest-static-wrong-subnet", "stale-address", "vm-nic-on-wrong-network"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    let guest = s
        .guest_ip
        .filter(|_| s.involves_guest() && s.mode == Some(Mode::DefaultSwitch))?;
    let IpAddr::V4(address) = guest else { return None };
    let adapter = s.host_adapter?;
    let segment = adapter.ipv4().find(|net| !net.addr().is_link_local())?;
    // The switch takes its segments from 172.16.0.0/12 (and 192.168.0.0/16 where that is taken).
    let of_a_switch = address.is_private() && !segment.contains(&address);
    let elsewhere = s.host().adapter_on_segment(guest).is_some();
    if !of_a_switch || elsewhere || s.guest_seen().is_some_and(|seen| seen.link() == Link::Answered) {
        return None;
    }
    let own_words = s.guest().holds(guest) == Some(true);
    Some(
        Found::new(if own_words {
            Confidence::Confirmed
        } else {
            Confidence::Likely
        })
        .arg("now", segment.trunc())
        .fact("fact-address", guest, &s.guest_ip_source)
        .facts([adapter_fact(s, adapter)])
        .facts(way_fact(s, guest))
        .facts(probe_facts(s)),
    )
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let mut ways = remedy::renew_lease(guest_os(s), &guest_adapter_name(s));
    ways.push(remedy::ask(
        Where::Host,
        Message::new("remedy-fixed-switch-ask").with("vm", s.machine_name()),
    ));
    ways
}
