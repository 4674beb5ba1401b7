//! `macos-local-network-privacy`: macOS 15 and later keep a program from the local network until its user allows it.

use super::super::prelude::*;

rule!("macos-local-network-privacy", HostFirewall, Host, Stops, follows_from: ["host-route-missing", "vpn-route-hijack"], look_alikes: ["host-route-missing", "vpn-blocks-local-lan", "vm-not-running"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    let guest = s
        .guest_ip
        .filter(|_| s.host_os == Os::Macos && s.from == Endpoint::Host && s.to == Endpoint::Guest)?;
    let seen = s.guest_seen()?;
    let refused = seen.echo_error(EchoErrorKind::NoRoute) == Some(None);
    // The route is there all the same, and leads out of the right adapter.
    let own = s.host_adapter.filter(|own| own.on_segment_of(guest).is_some())?;
    let right = matches!(s.way_to(guest), Way::Adapter { name, .. } if name == own.name);
    if !refused || !right || seen.link() == Link::Answered {
        return None;
    }
    Some(
        Found::new(Confidence::Likely)
            .facts(way_fact(s, guest))
            .facts([adapter_fact(s, own)])
            .facts(seen_facts(&seen)),
    )
}

fn remedy(_: &Situation<'_>) -> Vec<Remedy> {
    vec![remedy::ask(Where::Host, Message::new("remedy-local-network-ask"))]
}
