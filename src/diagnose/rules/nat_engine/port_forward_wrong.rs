//! `port-forward-wrong`: a port of the host is forwarded, but to the wrong place, from the wrong address, or not at
//! all because another program holds it.

use super::super::prelude::*;
use super::forward::{Kind, Known, known};
use crate::model::Protocol;

rule!("port-forward-wrong", NatEngine, Hypervisor, Stops, follows_from: ["hypervisor-nat-service-stopped", "vm-not-running"], look_alikes: ["nat-no-inbound-path", "service-not-listening", "portproxy-stale", "guest-firewall-blocks-inbound"]);

/// What is wrong with a forward.
struct Wrong {
    reason: &'static str,
    forward: Known,
    fact: Option<Evidence>,
}

fn check(s: &Situation<'_>) -> Option<Found> {
    if !inward(s) {
        return None;
    }
    let forwards: Vec<Known> = known(s)
        .into_iter()
        .filter(|forward| forward.kind != Kind::PortProxy)
        .collect();
    // One that is right is enough.
    let mut wrong = None;
    for forward in forwards {
        match judge(s, forward) {
            Some(found) => wrong = wrong.or(Some(found)),
            None => return None,
        }
    }
    let Wrong {
        reason,
        forward,
        fact,
    } = wrong?;
    Some(
        Found::new(Confidence::Confirmed)
            .arg("forward", forward.describe())
            .arg("reason", reason)
            .fact("fact-forward", forward.describe(), &forward.source)
            .facts(fact),
    )
}

/// Whether the traffic is one that forwards are for.
fn inward(s: &Situation<'_>) -> bool {
    match s.direction() {
        Some(Direction::LanToGuest) => true,
        Some(Direction::HostToGuest) => s.allowed().is_some_and(|cell| cell.reach == Reach::PortForward),
        _ => false,
    }
}

fn judge(s: &Situation<'_>, forward: Known) -> Option<Wrong> {
    let outside = s.direction() == Some(Direction::LanToGuest);
    let row = &forward.forward;
    let wrong = |reason, fact| {
        Some(Wrong {
            reason,
            forward: forward.clone(),
            fact,
        })
    };
    if outside && row.host_address.is_some_and(|address| address.is_loopback()) {
        return wrong("loopback", None);
    }
    // An address that no adapter of the host holds.
    if let Some(address) = row.host_address
        && !address.is_loopback()
        && s.host().holds(address) == Some(false)
    {
        return wrong("host-address", None);
    }
    let guest = s.guest_ip.filter(|guest| !crate::model::is_link_local(*guest));
    if let (Some(to), Some(guest)) = (row.guest_address, guest)
        && to != guest
        && s.guest().holds(to) != Some(true)
    {
        return wrong(
            "guest-address",
            Some(evidence("fact-address", guest, &s.guest_ip_source)),
        );
    }
    let listeners = s.guest().listeners.value();
    let listens = |port: u16| {
        listeners.map(|rows| {
            rows.iter()
                .any(|open| open.port == port && open.protocol == row.protocol)
        })
    };
    if let Some(port) = s.case.intake.port
        && row.guest_port != port
        && listens(row.guest_port) == Some(false)
        && listens(port) == Some(true)
    {
        let value = format!("{port}, {}: —", row.guest_port);
        return wrong(
            "guest-port",
            Some(evidence("fact-listener", value, s.guest().listeners.source())),
        );
    }
    if let Some(holder) = taken_by(s, row.host_port, row.protocol) {
        return wrong("taken", Some(holder));
    }
    None
}

/// The program that holds the host's port and is none of the product's, or what the product said of it.
fn taken_by(s: &Situation<'_>, port: u16, protocol: Protocol) -> Option<Evidence> {
    const ENGINES: [&str; 14] = [
        "vbox",
        "virtualbox",
        "vmnat",
        "vmnet-natd",
        "vmware",
        "qemu",
        "kvm",
        "passt",
        "pasta",
        "slirp",
        "svchost",
        "prl_naptd",
        "utm",
        "docker-proxy",
    ];
    let held = s.host().listeners.rows().iter().find_map(|open| {
        let name = open.process.as_deref()?.to_lowercase();
        let own = ENGINES
            .iter()
            .any(|engine| *engine != "docker-proxy" && name.starts_with(engine));
        (open.port == port && open.protocol == protocol && !own).then(|| {
            evidence(
                "fact-listener",
                format!("{port}: {name}"),
                s.host().listeners.source(),
            )
        })
    });
    let number = port.to_string();
    let said = [
        &["failed to set up port forwarding", &number][..],
        &["could not set up host forwarding rule", &number],
    ]
    .into_iter()
    .find_map(|words| complaint(s, words));
    held.or_else(|| said.map(|line| complaint_fact(s, line)))
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let port = s.case.intake.port.unwrap_or(22);
    let outside = s.direction() == Some(Direction::LanToGuest);
    let wrong = known(s)
        .into_iter()
        .filter(|forward| forward.kind != Kind::PortProxy)
        .find_map(|forward| judge(s, forward));
    with_product(s, |product| {
        let mut ways = Vec::new();
        if let Some(wrong) = &wrong {
            ways.extend(product.remove_forward(&wrong.forward.forward, wrong.forward.rule.as_ref()));
        }
        ways.extend(product.forward_port(s.guest_ip, port, outside));
        ways
    })
}
