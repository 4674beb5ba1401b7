//! `vpn-blocks-local-lan`: the route to the guest is right, and the filter of a VPN that is up refuses to send.

use super::super::prelude::*;
use crate::model::Adapter;

rule!("vpn-blocks-local-lan", HostRoute, Host, Stops, follows_from: ["vpn-route-hijack", "subnet-overlap-vpn", "macos-local-network-privacy"], look_alikes: ["host-firewall-blocks-outbound", "vpn-route-hijack", "third-party-or-managed-firewall"]);

/// Words by which VPN programs name their chains and tables.
const VPN_WORDS: [&str; 12] = [
    "vpn",
    "wg-quick",
    "wireguard",
    "mullvad",
    "nordlynx",
    "tailscale",
    "ts-input",
    "ts-forward",
    "warp",
    "killswitch",
    "kill-switch",
    "openconnect",
];

fn check(s: &Situation<'_>) -> Option<Found> {
    let tunnel = tunnel_up(s)?;
    let guest = s
        .guest_ip
        .filter(|_| s.from == Endpoint::Host && s.to == Endpoint::Guest)?;
    let Way::Adapter { name, .. } = s.way_to(guest) else {
        return None;
    };
    // The look-up must name the right adapter, else the route is the fault.
    let right = s.host_adapter.is_some_and(|own| own.name == name) && name != tunnel.name;
    if !right {
        return None;
    }
    let seen = s.guest_seen()?;
    let refused = seen.echo_error(EchoErrorKind::NotPermitted) == Some(None)
        || seen
            .tcp_all()
            .iter()
            .any(|(_, outcome)| *outcome == TcpOutcome::NotPermitted);
    let stop = own_stop(s, guest, &name);
    let of_the_vpn = stop.as_ref().filter(|stop| is_vpns(stop, tunnel));
    let confidence = match (&stop, of_the_vpn) {
        (_, Some(_)) => Confidence::Confirmed,
        // Somebody else's rule does it.
        (Some(_), None) => return None,
        (None, None) if refused => Confidence::Likely,
        (None, None) => return None,
    };
    let mut found = Found::new(confidence)
        .arg("tunnel", &tunnel.name)
        .facts([adapter_fact(s, tunnel)])
        .facts(way_fact(s, guest));
    if let Some(stop) = of_the_vpn {
        found = found.stands_on("fact-filter-rule", stop.describe(), s.host().filter.source());
    }
    Some(found.facts(seen_facts(&seen)))
}

fn tunnel_up<'a>(s: &Situation<'a>) -> Option<&'a Adapter> {
    s.host().adapters.rows().iter().find(|adapter| {
        adapter.is_tunnel()
            && adapter.enabled != Some(false)
            && adapter.carrier != Some(false)
            && adapter.nets().any(|net| !crate::model::is_link_local(net.addr()))
    })
}

fn own_stop<'a>(s: &Situation<'a>, guest: IpAddr, output: &str) -> Option<filter::Stop<'a>> {
    let packet_filter = s.host().filter.value()?;
    let source = s.host_address()?;
    match walk(
        packet_filter,
        Hook::Output,
        &first_packet(s, source, guest, None, Some(output)),
    ) {
        Walk::Stopped(stop) => Some(stop),
        _ => None,
    }
}

/// Whether a rule names the tunnel, or stands in a chain with a VPN program's name.
fn is_vpns(stop: &filter::Stop<'_>, tunnel: &Adapter) -> bool {
    let text = format!("{} {}", stop.chain.table, stop.chain.name).to_lowercase();
    let rule = stop.rule.map(|rule| rule.text.to_lowercase()).unwrap_or_default();
    let neighbors = stop.chain.rules.iter().any(|rule| {
        rule.text
            .split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-'))
            .any(|word| word == tunnel.name)
    });
    neighbors
        || VPN_WORDS
            .iter()
            .any(|word| text.contains(word) || rule.contains(word))
}

/// The VPN program that stops it: the rule's own word first, then the tunnel's. A process tells only where no other VPN's
/// runs, for most idle VPNs leave one behind.
fn program(s: &Situation<'_>, stop: Option<&filter::Stop<'_>>) -> Option<remedy::Vpn> {
    let of_the_rule = stop.and_then(|stop| {
        let chain = [stop.chain.table.as_str(), stop.chain.name.as_str()].into_iter();
        chain
            .chain(stop.rule.map(|rule| rule.text.as_str()))
            .find_map(remedy::Vpn::of)
    });
    let of_the_tunnel = || remedy::Vpn::of(&tunnel_up(s)?.name);
    let only_one_that_runs = || {
        let processes = s.host().processes.rows().iter();
        let mut running = processes.filter_map(|process| remedy::Vpn::of(&process.name));
        let first = running.next()?;
        running.all(|other| other == first).then_some(first)
    };
    of_the_rule.or_else(of_the_tunnel).or_else(only_one_that_runs)
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let segment = segment_or_example(s);
    let mut ways = vec![remedy::ask(
        Where::Host,
        Message::new("remedy-vpn-allow-lan-ask").with("segment", segment),
    )];
    let stop = s.guest_ip.and_then(|guest| own_stop(s, guest, &s.adapter_name()));
    let programs = match program(s, stop.as_ref()) {
        Some(vpn) => vec![vpn],
        None if without_case(s) => remedy::Vpn::ALL.to_vec(),
        None => Vec::new(),
    };
    let by_command: Vec<Remedy> = programs
        .iter()
        .filter_map(|vpn| vpn.allow_local(s.host_os))
        .collect();
    ways.splice(0..0, by_command);
    if s.host_os == Os::Linux
        && let Some(stop) = stop
    {
        ways.push(remedy::let_out(segment, Some(&remedy_chain(&stop))));
    }
    ways
}
