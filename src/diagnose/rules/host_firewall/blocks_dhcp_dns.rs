//! `host-firewall-blocks-dhcp-dns`: guests ask the host for addresses and names, and the host's filter drops the questions.

use super::super::prelude::*;
use crate::model::NameOutcome;

rule!("host-firewall-blocks-dhcp-dns", HostFirewall, Host, Stops, follows_from: ["virtual-cable-disconnected", "tap-detached-from-bridge", "virtual-network-not-started", "host-vnic-down", "host-vnic-disabled", "vm-not-running", "dnsmasq-not-running", "no-dhcp-on-network", "hypervisor-filter-rules-lost"], look_alikes: ["dnsmasq-not-running", "no-dhcp-on-network", "guest-nic-not-started", "guest-dns-only"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    if !s.involves_guest() || !host_serves(s) {
        return None;
    }
    let (ask, symptom) = wanted_question(s)?;
    let found = by_rules(s, ask)
        .or_else(|| by_zone(s))
        .or_else(|| by_profile(s, ask));
    found.map(|found| found.arg("what", ask.name()).facts(symptom))
}

/// What the guest asks the host for and does not get.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Question {
    Address,
    Name,
}

impl Question {
    fn name(self) -> &'static str {
        match self {
            Self::Address => "DHCP",
            Self::Name => "DNS",
        }
    }
}

fn wanted_question(s: &Situation<'_>) -> Option<(Question, Vec<Evidence>)> {
    if let Some(facts) = lacks_lease(s) {
        return Some((Question::Address, facts));
    }
    let mut outcomes = seen::name_outcomes(s.case, Place::Guest).peekable();
    let (name, outcome) = *outcomes.peek()?;
    if outcome != NameOutcome::TimedOut && outcome != NameOutcome::Failed
        || outcomes.any(|(_, outcome)| outcome == NameOutcome::Resolved)
    {
        return None;
    }
    // The guest asks somebody else: the host's filter for itself does not matter.
    let servers = s.guest().dns.rows();
    let host = s.host_address();
    if !servers.is_empty() && !servers.iter().any(|server| Some(*server) == host) {
        return None;
    }
    let word = format!("{name}: {outcome:?}").to_lowercase();
    Some((Question::Name, vec![evidence("fact-name", word, "guest")]))
}

/// Whether the host's own system answers DHCP and DNS for the network. VMware and VirtualBox answer in programs that
/// read below the filter.
fn host_serves(s: &Situation<'_>) -> bool {
    let own_engine = matches!(
        s.hypervisor,
        Some(
            HypervisorId::VmwareWorkstation
                | HypervisorId::VmwareFusion
                | HypervisorId::VirtualBox
                | HypervisorId::Esxi
                | HypervisorId::Parallels
                | HypervisorId::Proxmox
        )
    );
    let off = s.network.is_some_and(|network| {
        network
            .dhcp
            .as_ref()
            .is_some_and(|dhcp| dhcp.enabled == Some(false))
            || network.active == Some(false)
    });
    let mode = matches!(
        s.mode,
        Some(Mode::Nat | Mode::HostOnly | Mode::Routed | Mode::DefaultSwitch) | None
    );
    !own_engine
        && !off
        && mode
        && s.host_adapter
            .is_some_and(|adapter| !role::is_uplink(s.host(), adapter))
}

/// Where the host's filter stops the question.
fn stop<'a>(s: &Situation<'a>, ask: Question) -> Option<filter::Stop<'a>> {
    let adapter = s.host_adapter?;
    let nowhere = IpAddr::from([0, 0, 0, 0]);
    let (source, destination, port) = match ask {
        Question::Address => (nowhere, IpAddr::from([255, 255, 255, 255]), 67),
        Question::Name => (s.guest_ip?, s.host_address()?, 53),
    };
    let packet = Packet {
        input: Some(adapter.name.as_str()),
        output: None,
        source,
        destination,
        content: Content::Udp(port),
        state: ConnectionState::New,
        bridged: false,
    };
    match walk(s.host().filter.value()?, Hook::Input, &packet) {
        Walk::Stopped(stop) => Some(stop),
        _ => None,
    }
}

fn by_rules(s: &Situation<'_>, ask: Question) -> Option<Found> {
    let stop = stop(s, ask)?;
    Some(
        Found::new(Confidence::Confirmed)
            .arg("rule", stop.describe())
            .fact("fact-filter-rule", stop.describe(), s.host().filter.source()),
    )
}

/// firewalld's zones are known without its rules: in all but these, what guests start is turned away.
fn by_zone(s: &Situation<'_>) -> Option<Found> {
    let complete = s.host().is_filter_read();
    let adapter = s.host_adapter?;
    let zone = adapter.profile.as_deref()?;
    let closed = ["drop", "block", "public", "external"].contains(&zone);
    (!complete && closed && s.host_os == Os::Linux).then(|| {
        Found::new(Confidence::Likely)
            .arg("rule", format!("zone {zone}"))
            .fact(
                "fact-profile",
                format!("{}: {zone}", adapter.name),
                s.host().adapters.source(),
            )
    })
}

/// Windows: with "block all incoming connections" even the rules for connection sharing do not count.
fn by_profile(s: &Situation<'_>, ask: Question) -> Option<Found> {
    let adapter = s.host_adapter?;
    let firewall = s.host().firewall.value()?;
    let name = adapter.profile.as_deref().unwrap_or("public");
    let profile = firewall
        .profiles
        .iter()
        .find(|profile| profile.name.eq_ignore_ascii_case(name))?;
    (profile.enabled == Some(true) && profile.blocks_all_inbound == Some(true) && ask == Question::Address)
        .then(|| {
            Found::new(Confidence::Likely)
                .arg("rule", format!("{name}: block all"))
                .fact(
                    "fact-profile",
                    said::named(name, said::word("value-all-inbound-blocked")),
                    s.host().firewall.source(),
                )
        })
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let adapter = s.adapter_name();
    match s.host_os {
        Os::Windows => {
            let profile = s.host_adapter.and_then(|adapter| adapter.profile.clone());
            remedy::heed_inbound_rules(profile.as_deref().unwrap_or("public"))
        }
        Os::Macos | Os::Bsd => vec![
            remedy::allow_bootpd(),
            remedy::ask(
                Where::Host,
                Message::new("remedy-dhcp-dns-ask").with("adapter", adapter),
            ),
        ],
        _ => {
            let ask = wanted_question(s).map_or(Question::Address, |(ask, _)| ask);
            let chain = stop(s, ask)
                .zip(s.host().filter.value())
                .map(|(stop, packet_filter)| base_chain(packet_filter, &stop, Hook::Input));
            let zone = (s.hypervisor == Some(HypervisorId::Libvirt)).then_some("libvirt");
            // A rule in firewalld's own tables is gone at its next reload: its zone is the place.
            let managers = s.host().filter_managers.rows();
            let chain = chain
                .filter(|chain| chain.table != "firewalld" || !managers.contains(&FilterManager::Firewalld));
            remedy::allow_dhcp_dns(&adapter, chain.as_ref(), managers, zone)
        }
    }
}
