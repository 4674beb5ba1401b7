//! `dnsmasq-not-running`: the program that lends addresses and answers for names on the network is not there.

use super::super::prelude::*;
use crate::model::{NameOutcome, Protocol};

rule!("dnsmasq-not-running", VirtualNetwork, Host, Stops, follows_from: ["virtual-network-not-started", "virtual-network-missing", "hypervisor-not-running"], look_alikes: ["host-firewall-blocks-dhcp-dns", "dhcp-pool-exhausted", "no-dhcp-on-network", "guest-dns-only"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    let uses_it = matches!(
        s.hypervisor,
        Some(HypervisorId::Libvirt | HypervisorId::Multipass) | None
    );
    if s.host_os != Os::Linux || !uses_it || !s.involves_guest() {
        return None;
    }
    let bridge = bridge_name(s)?;
    let network = s.network;
    let wanted = network
        .and_then(|network| network.dhcp.as_ref())
        .and_then(|dhcp| dhcp.enabled);
    if wanted == Some(false) || network.is_some_and(|network| network.active == Some(false)) {
        return None;
    }
    let processes = s.host().processes.value()?;
    if processes.iter().any(|process| serves(process, network, bridge)) {
        return None;
    }
    // Somebody else may lend addresses on this bridge.
    let listeners = s.host().listeners.value();
    let somebody = listeners.is_some_and(|rows| {
        rows.iter()
            .any(|row| row.protocol == Protocol::Udp && row.port == 67)
    });
    if somebody {
        return None;
    }
    let (mut confidence, facts) = Lease::missing(s).or_else(|| names_fail(s))?;
    // A bridge that is only called like libvirt's need not have a server, and nothing says that somebody misses one.
    if facts.is_empty() && wanted != Some(true) {
        return None;
    }
    // Other users' processes may be hidden from this one; the product's own daemon, or the open ports, tell that
    // they are not.
    let sees_all = listeners.is_some()
        || processes.iter().any(|process| {
            ["libvirtd", "virtqemud", "virtnetworkd", "multipassd"].contains(&process.name.as_str())
        });
    if !sees_all || wanted.is_none() || network.and_then(|network| network.active).is_none() {
        confidence = confidence.max(Confidence::Likely);
    }
    let mut found = Found::new(confidence)
        .arg("bridge", bridge)
        .fact("fact-process", "dnsmasq: —", s.host().processes.source())
        .facts(facts);
    if let (true, Some(network)) = (wanted == Some(true), network) {
        found = found.fact(
            "fact-network",
            said::named(&network.name, said::then("DHCP", said::word("value-on"))),
            networks_source(s),
        );
    }
    Some(found)
}

/// The bridge that dnsmasq should serve: only the product's own ones have one.
fn bridge_name<'a>(s: &Situation<'a>) -> Option<&'a str> {
    let own = |mode: Mode| matches!(mode, Mode::Nat | Mode::HostOnly | Mode::Routed);
    if let Some(network) = s.network {
        return network.host_adapter.as_deref().filter(|_| own(network.mode));
    }
    let adapter = s.host_adapter?;
    let named = role::hypervisor_of_name(adapter);
    matches!(named, Some(HypervisorId::Libvirt | HypervisorId::Multipass)).then_some(adapter.name.as_str())
}

/// Whether this process may be the network's dnsmasq: libvirt's names the network's file, others the bridge. One
/// whose arguments are hidden may be anything.
fn serves(
    process: &crate::model::Process,
    network: Option<&crate::model::VirtualNetwork>,
    bridge: &str,
) -> bool {
    if process.name != "dnsmasq" {
        return false;
    }
    let line = process.arguments.join(" ");
    let file = network.map(|network| format!("/{}.conf", network.name));
    let of_another = line.contains("/libvirt/dnsmasq/") || line.contains("interface=");
    process.arguments.len() < 2
        || line.contains(bridge)
        || file.is_some_and(|file| line.contains(&file))
        || !of_another
}

/// The guest has its lease still, but the names that it asks the host for get no answer.
fn names_fail(s: &Situation<'_>) -> Option<(Confidence, Vec<Evidence>)> {
    let host = s.host_address()?;
    let asked = s.case.probes.iter().rev().find_map(|probe| match &probe.result {
        ProbeResult::Name(result) if probe.from == Place::Guest => Some((result, &probe.source)),
        _ => None,
    });
    let (result, source) = asked?;
    let of_host = result.server == Some(host)
        || (result.server.is_none() && s.guest().dns.rows().first() == Some(&host));
    // BusyBox and Windows say the same of a name that does not exist and of a server that is not there; here nobody
    // listens who could have said the first.
    let nobody_listens = s.host().listeners.value().is_some_and(|rows| {
        !rows
            .iter()
            .any(|row| row.protocol == Protocol::Udp && row.port == 53)
    });
    let confidence = match result.outcome {
        NameOutcome::TimedOut | NameOutcome::Failed => Confidence::Confirmed,
        NameOutcome::NoSuchName | NameOutcome::Other if nobody_listens => Confidence::Likely,
        _ => return None,
    };
    of_host.then(|| {
        let fact = evidence(
            "fact-name",
            said::named(format!("{} ({host})", result.name), said::name(result.outcome)),
            source,
        );
        (confidence, vec![fact])
    })
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    match s.hypervisor {
        Some(HypervisorId::Multipass) => {
            remedy::start_service(Os::Linux, "snap.multipass.multipassd.service")
        }
        _ => remedy::restart_libvirt_network(&s.network_name_or("default"), &s.machine_name()),
    }
}
