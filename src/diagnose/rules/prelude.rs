//! What every rule file needs.

pub use super::super::filter::{self, Content, Packet, Walk, walk};
pub use super::super::{Asked, At, Confidence, Evidence, Link, Seen, Situation, Station, Way};
pub(crate) use super::super::{captured, inside, role, said, seen};
pub use super::lease::Lease;
pub use super::{Effect, Found, Rule, evidence};
pub use crate::knowledge::{Direction, Reach};
pub use crate::model::{
    Adapter, AdapterKind, ConnectionState, EchoErrorKind, Endpoint, FilterManager, FirewallPacket,
    FirewallRule, Fit, Hook, HypervisorId, Message, Mode, Os, Place, PowerState, ProbeResult, ServiceState,
    TcpOutcome, Words,
};
pub use crate::remedy::{self, Remedy, Where};
pub use std::net::IpAddr;

/// Declares the rule of a file: its id gives the keys of its texts, `check` and `remedy` stand beside it.
macro_rules! rule {
    ($id:literal, $station:ident, $at:ident, $effect:ident, follows_from: [$($deeper:literal),*], look_alikes: [$($alike:literal),*]) => {
        /// The rule of this file.
        pub const RULE: Rule = Rule {
            id: $id,
            title: concat!("cause-", $id, "-title"),
            summary: concat!("cause-", $id, "-summary"),
            text: concat!("cause-", $id, "-text"),
            station: Station::$station,
            at: At::$at,
            effect: Effect::$effect,
            follows_from: &[$($deeper),*],
            look_alikes: &[$($alike),*],
            check,
            remedy,
        };
    };
}
pub(crate) use rule;

/// The facts that the probes to the guest gave, for every finding that stands on them.
pub fn probe_facts(s: &Situation<'_>) -> Vec<Evidence> {
    s.guest_seen().map(|seen| seen_facts(&seen)).unwrap_or_default()
}

/// The facts of one set of probes: echo, ports, wire.
pub fn seen_facts(seen: &Seen<'_>) -> Vec<Evidence> {
    let mut facts = Vec::new();
    if let Some((echo, source)) = seen.echo_probe() {
        let mut value = Words::from(said::answered(echo));
        if let Some(fastest) = echo.times_us.iter().min() {
            value.push(format!(
                ", {}",
                crate::model::shown_time(*fastest, echo.step_us(), 2)
            ));
        }
        for error in &echo.errors {
            value = value.and("; ").and(said::echo_error(error.kind));
            if let Some(by) = error.by {
                value = value.and(" ").and(said::word("value-from").with("by", by));
            }
        }
        facts.push(evidence("fact-echo", value, source));
    }
    // The ports that had the same outcome stand together: `22, 80 refused`.
    let mut outcomes: Vec<(TcpOutcome, Vec<String>)> = Vec::new();
    for (port, outcome) in seen.tcp_all() {
        match outcomes.iter_mut().find(|(known, _)| *known == outcome) {
            Some((_, ports)) => ports.push(port.to_string()),
            None => outcomes.push((outcome, vec![port.to_string()])),
        }
    }
    if !outcomes.is_empty() {
        let words = outcomes
            .iter()
            .map(|(outcome, ports)| said::ports(ports).and(" ").and(said::tcp(*outcome)));
        facts.push(evidence("fact-tcp", Words::joined(words, "; "), "probe"));
    }
    if let Some(check) = seen.neighbor() {
        let mut value = String::new();
        for mac in &check.macs {
            value.push_str(&format!("{mac} "));
        }
        if let Some(entry) = &check.after {
            if check.macs.is_empty()
                && let Some(mac) = entry.mac
            {
                value.push_str(&format!("{mac} "));
            }
            value.push_str(&format!("{:?}", entry.state).to_uppercase());
        }
        if value.trim().is_empty() && check.answered == Some(false) {
            value.push('—');
        }
        if !value.trim().is_empty() {
            facts.push(evidence("fact-neighbor", value.trim(), "neighbor table"));
        }
    }
    facts
}

/// Whether host and guest are the two ends.
pub fn meets_host(s: &Situation<'_>) -> bool {
    matches!(
        s.direction(),
        Some(Direction::HostToGuest | Direction::GuestToHost)
    )
}

/// Whether the host's own look-up decides what becomes of the traffic: it is an end of it, or routes it.
pub fn host_looks_up(s: &Situation<'_>) -> bool {
    meets_host(s) || (s.involves_guest() && s.crosses_uplink() && s.host_forwards())
}

/// Whether the guest is one more machine of the physical segment.
pub fn is_bridged(s: &Situation<'_>) -> bool {
    matches!(s.mode, Some(Mode::Bridged | Mode::External | Mode::Macvtap))
}

/// Whether the host is known not to pass packets on, so that a fix that makes it do so can be taken back.
pub fn forwarding_is_off(s: &Situation<'_>) -> bool {
    ["net.ipv4.ip_forward", "net.inet.ip.forwarding"]
        .iter()
        .any(|name| s.host().switch(name) == Some("0"))
}

/// The fact of a kernel switch of the host.
pub fn switch_fact(s: &Situation<'_>, name: &str, value: &str) -> Evidence {
    evidence(
        "fact-kernel-switch",
        format!("{name} = {value}"),
        s.host().kernel.source(),
    )
}

/// The facts that show a guest to whom no DHCP server gave an address; `None` where nothing shows it.
pub fn lacks_lease(s: &Situation<'_>) -> Option<Vec<Evidence>> {
    let told = s.guest_ip.filter(|guest| guest.is_ipv4());
    if told.is_some_and(|guest| !crate::model::is_link_local(guest)) {
        return None;
    }
    if let Some(made_up) = told {
        return Some(vec![evidence("fact-address", made_up, &s.guest_ip_source)]);
    }
    let asked = s.case.probes.iter().rev().find_map(|probe| match &probe.result {
        crate::model::ProbeResult::Dhcp { address, .. } if probe.from == Place::Guest => {
            Some((address.is_none(), probe.source.as_str()))
        }
        _ => None,
    });
    match asked {
        Some((true, source)) => return Some(vec![evidence("fact-dhcp", "—", source)]),
        Some((false, _)) => return None,
        None => {}
    }
    let cards: Vec<&crate::model::Adapter> = s
        .guest()
        .adapters
        .rows()
        .iter()
        .filter(|card| {
            card.kind != AdapterKind::Loopback && card.name != "lo" && !role::is_container(&card.name)
        })
        .collect();
    let bare = |card: &&crate::model::Adapter| {
        card.addresses.is_some()
            && card.ipv4().next().is_none()
            && card.enabled != Some(false)
            && card.carrier != Some(false)
    };
    (!cards.is_empty() && cards.iter().all(bare)).then(|| {
        let source = s.guest().adapters.source();
        cards
            .iter()
            .map(|card| {
                evidence(
                    "fact-adapter",
                    said::named(&card.name, said::word("value-no-ipv4")),
                    source,
                )
            })
            .collect()
    })
}

/// The base chain through which a packet came to its end: a rule at its beginning decides before all others.
pub fn base_chain(
    packet_filter: &crate::model::PacketFilter,
    stop: &filter::Stop<'_>,
    hook: Hook,
) -> remedy::Chain {
    let mut chain = remedy_chain(stop);
    if stop.chain.hook.is_none()
        && let Some(base) = packet_filter.chains.iter().find(|base| {
            base.hook == Some(hook)
                && base.table == stop.chain.table
                && base.family == stop.chain.family
                && base.backend == stop.chain.backend
        })
    {
        chain.name.clone_from(&base.name);
    }
    chain
}

/// The fact of the route that the host takes to `address`.
pub fn way_fact(s: &Situation<'_>, address: IpAddr) -> Option<Evidence> {
    match s.way_to(address) {
        Way::Adapter { row, source, .. } | Way::Discarded { row, source } => {
            Some(evidence("fact-route", row, source))
        }
        Way::NoRoute { source } => Some(evidence("fact-route", said::word("value-no-route"), source)),
        Way::Local { source } => Some(evidence("fact-route", said::word("value-local"), source)),
        Way::Unknown => None,
    }
}

/// The fact of an adapter with its addresses.
pub fn adapter_fact(s: &Situation<'_>, adapter: &crate::model::Adapter) -> Evidence {
    let mut value = adapter.name.clone();
    for net in adapter
        .nets()
        .filter(|net| !crate::model::is_link_local(net.addr()) || net.addr().is_ipv4())
    {
        value.push_str(&format!(" {net}"));
    }
    let state = match (adapter.enabled, adapter.carrier) {
        (Some(false), _) => Some("value-down"),
        (_, Some(false)) => Some("value-no-carrier"),
        (Some(true), _) => Some("value-up"),
        _ => None,
    };
    let value = match state {
        Some(state) => said::then(value, said::word(state)),
        None => value.into(),
    };
    evidence("fact-adapter", value, s.host().adapters.source())
}

/// The fact that the mode's table says something of this traffic.
pub fn mode_fact(s: &Situation<'_>) -> Evidence {
    let mode = s.mode.map_or("?", Mode::name);
    let product = s.hypervisor.map_or("?", HypervisorId::name);
    let source = if s.case.intake.mode.is_some() {
        "user".to_owned()
    } else if s.mode_is_certain {
        s.product
            .map(|product| product.machines.source().to_owned())
            .filter(|text| !text.is_empty())
            .unwrap_or_else(|| product.to_owned())
    } else {
        "adapters and addresses".to_owned()
    };
    evidence("fact-mode", format!("{product} · {mode}"), source)
}

/// Confirmed when the mode was told or read, else likely.
pub fn by_mode(s: &Situation<'_>) -> Confidence {
    if s.mode_is_certain {
        Confidence::Confirmed
    } else {
        Confidence::Likely
    }
}

/// Whether the table names `id` for the traffic asked for.
pub fn table_names(s: &Situation<'_>, id: &str) -> bool {
    s.allowed().is_some_and(|cell| {
        matches!(cell.reach, Reach::Impossible | Reach::PortForward) && cell.cause.as_deref() == Some(id)
    })
}

/// The product's commands with this case's names; stand-ins where they are not known.
pub fn with_product<T>(s: &Situation<'_>, ways: impl FnOnce(&remedy::Product<'_>) -> T) -> T {
    // An address is no name of a machine: a stand-in shows that one has to be put there.
    let known = s
        .machine
        .map(|machine| machine.name.clone())
        .or_else(|| s.case.intake.vm.clone());
    let name = known.unwrap_or_else(|| "VM-NAME".to_owned());
    ways(&remedy::Product {
        id: s.hypervisor.unwrap_or(HypervisorId::Other),
        os: s.host_os,
        machine: &name,
        machine_id: s.machine.and_then(|machine| machine.id.as_deref()),
        runs: s
            .machine
            .is_none_or(|machine| machine.state == PowerState::Running),
        nic: s.nic.map_or(1, |nic| nic.slot),
        further: match s.product.and_then(|product| product.networks.value()) {
            Some(networks) => remedy::Further::of(networks),
            None => remedy::Further::Runs("default"),
        },
    })
}

/// The segment, or a stand-in to be replaced by hand (RFC 5737).
pub fn segment_or_example(s: &Situation<'_>) -> ipnet::IpNet {
    let example = ipnet::IpNet::V4(ipnet::Ipv4Net::new_assert(
        std::net::Ipv4Addr::new(192, 0, 2, 0),
        24,
    ));
    s.segment.unwrap_or(example).trunc()
}

/// The guest's address; without a case a stand-in of the example's segment.
pub fn guest_or_example(s: &Situation<'_>) -> Option<IpAddr> {
    let example = || without_case(s).then(|| IpAddr::from([192, 0, 2, 10]));
    s.guest_ip.or_else(example)
}

/// The same, where it is one of IPv4.
pub fn ipv4_guest_or_example(s: &Situation<'_>) -> Option<std::net::Ipv4Addr> {
    match guest_or_example(s)? {
        IpAddr::V4(guest) => Some(guest),
        IpAddr::V6(_) => None,
    }
}

/// The chain that stops something, for the remedy that opens it.
pub fn remedy_chain(stop: &filter::Stop<'_>) -> remedy::Chain {
    remedy::Chain {
        backend: stop.chain.backend,
        family: stop.chain.family,
        table: stop.chain.table.clone(),
        name: stop.chain.name.clone(),
    }
}

/// The guest's card as the guest calls it, or its usual name.
pub fn guest_adapter_name(s: &Situation<'_>) -> String {
    let known = s.guest().adapters.rows().iter().find(|adapter| {
        adapter.kind != AdapterKind::Loopback && adapter.name != "lo" && !role::is_container(&adapter.name)
    });
    known.map(|adapter| adapter.name.clone()).unwrap_or_else(|| {
        match s.guest_os() {
            Some(Os::Windows) => "Ethernet",
            Some(Os::Macos) => "en0",
            Some(Os::Bsd) => "em0",
            _ => "eth0",
        }
        .to_owned()
    })
}

/// The name of the card that the guest's address is on, where that is known.
pub fn card_name(s: &Situation<'_>) -> String {
    inside::card(s).map_or_else(|| guest_adapter_name(s), |adapter| adapter.name.clone())
}

/// The guest's system, Linux where nothing tells.
pub fn guest_os(s: &Situation<'_>) -> Os {
    s.guest_os().unwrap_or(Os::Linux)
}

/// What should be let in for the traffic asked for.
pub fn wanted(s: &Situation<'_>) -> remedy::Let {
    s.case.intake.port.map_or(remedy::Let::Echo, remedy::Let::Port)
}

/// The protocol of the traffic asked for, in the words of Windows' firewall.
pub fn wanted_protocol(s: &Situation<'_>, to: Option<IpAddr>) -> &'static str {
    match (s.case.intake.port, to) {
        (Some(_), _) => "tcp",
        (None, Some(IpAddr::V6(_))) => "icmpv6",
        (None, _) => "icmpv4",
    }
}

/// The profile of Windows' firewall that the host's adapter has: a network that Windows does not know is a public one.
pub fn profile_name(s: &Situation<'_>) -> String {
    s.host_adapter
        .and_then(|adapter| adapter.profile.clone())
        .unwrap_or_else(|| "public".to_owned())
}

/// The profiles that may be the host's adapter's: the one that it is known to have, else all.
pub fn own_profiles<'a>(
    s: &Situation<'_>,
    firewall: &'a crate::model::SystemFirewall,
) -> Vec<&'a crate::model::FirewallProfile> {
    let own = s.host_adapter.and_then(|adapter| adapter.profile.as_deref());
    firewall
        .profiles
        .iter()
        .filter(|profile| own.is_none_or(|own| profile.name.eq_ignore_ascii_case(own)))
        .collect()
}

/// The packet that the traffic asked for begins with, as the host's Windows firewall looks at it when it comes in.
pub fn inbound_packet<'a>(s: &Situation<'a>, remote: Option<IpAddr>) -> FirewallPacket<'a> {
    let port = s.case.intake.port;
    let held = |row: &&crate::model::Listener| Some(row.port) == port && row.process.is_some();
    FirewallPacket {
        inbound: true,
        profile: s.host_adapter.and_then(|adapter| adapter.profile.as_deref()),
        protocol: wanted_protocol(s, remote),
        port,
        remote,
        beside: remote.is_some_and(|remote| s.host().adapter_on_segment(remote).is_some()),
        program: s
            .host()
            .listeners
            .rows()
            .iter()
            .find(held)
            .and_then(|row| row.process.as_deref()),
    }
}

/// Whether a chain of the packet filter is one that libvirt makes for its networks.
pub fn is_products(chain: &crate::model::Chain) -> bool {
    chain.name.starts_with("LIBVIRT_") || chain.table == "libvirt_network"
}

/// Whether nothing is known but the systems and the product, as `explain` asks: what to do is then shown with stand-ins.
pub fn without_case(s: &Situation<'_>) -> bool {
    let intake = crate::model::Intake {
        host_os: s.case.intake.host_os,
        guest_os: s.case.intake.guest_os,
        hypervisor: s.case.intake.hypervisor,
        ..crate::model::Intake::default()
    };
    *s.case
        == crate::model::Case {
            intake,
            ..crate::model::Case::default()
        }
}

/// The packet that the traffic asked for begins with, between two addresses.
pub fn first_packet<'a>(
    s: &Situation<'_>,
    source: IpAddr,
    destination: IpAddr,
    input: Option<&'a str>,
    output: Option<&'a str>,
) -> Packet<'a> {
    Packet {
        input,
        output,
        source,
        destination,
        content: s.case.intake.port.map_or(Content::EchoRequest, Content::Tcp),
        state: ConnectionState::New,
        bridged: false,
    }
}

/// The host's address in the guest's segment; the usual one where the adapter has lost its own.
pub fn usual_host_address(s: &Situation<'_>) -> Option<IpAddr> {
    s.host_address()
        .or_else(|| s.segment.and_then(|segment| segment.hosts().next()))
}

/// A free-looking address of the segment for the guest, never the host's or the gateway's.
pub fn address_in_segment(s: &Situation<'_>) -> Option<ipnet::Ipv4Net> {
    let ipnet::IpNet::V4(segment) = s.segment? else {
        return None;
    };
    let taken = |address: std::net::Ipv4Addr| {
        let address = IpAddr::V4(address);
        s.host_address() == Some(address)
            || s.gateway() == Some(address)
            || s.host()
                .neighbors
                .rows()
                .iter()
                .any(|entry| entry.address == address && entry.is_learned())
    };
    // The tenth and later: products start lending further up, or lend the whole segment.
    let free = segment
        .hosts()
        .skip(9)
        .take(200)
        .chain(segment.hosts().take(9))
        .find(|address| !taken(*address))?;
    ipnet::Ipv4Net::new(free, segment.prefix_len()).ok()
}

/// Who told the product's networks.
pub fn networks_source<'a>(s: &Situation<'a>) -> &'a str {
    s.product.map_or("", |product| product.networks.source())
}

/// Who told the product's machines.
pub fn machines_source<'a>(s: &Situation<'a>) -> &'a str {
    s.product.map_or("", |product| product.machines.source())
}

/// The first warning or error of the product's tools that holds all of these words, in any case of letters.
pub fn complaint<'a>(s: &Situation<'a>, words: &[&str]) -> Option<&'a str> {
    let said = s.product?.warnings.iter();
    said.map(String::as_str).find(|line| {
        let lower = line.to_lowercase();
        words.iter().all(|word| lower.contains(&word.to_lowercase()))
    })
}

/// The fact of what a tool of the product said.
pub fn complaint_fact(s: &Situation<'_>, line: &str) -> Evidence {
    evidence("fact-message", line, s.hypervisor.map_or("", HypervisorId::name))
}

/// Whether the product's own tools listed every network of this kind (see `lay::listed`), so that one that is not
/// among them does not exist.
pub fn lists_all(s: &Situation<'_>, kind: &str) -> bool {
    s.product.is_some_and(|product| {
        product.networks.is_known()
            && product
                .settings
                .get("listed")
                .is_some_and(|kinds| kinds.split(' ').any(|known| known == kind))
    })
}

/// The physical adapters of the host that could be a bridge's way out, the most promising first.
pub fn physical_adapters<'a>(s: &Situation<'a>) -> Vec<&'a Adapter> {
    let host = s.host();
    let mut cards: Vec<&Adapter> = host
        .adapters
        .rows()
        .iter()
        .filter(|card| {
            // Where the host is a container itself, its card is one end of a virtual cable with a card's name.
            let is_card = match card.kind {
                AdapterKind::Ethernet | AdapterKind::Bond => role::is_uplink(host, card),
                AdapterKind::Veth => card.name.starts_with("eth") || card.name.starts_with("en"),
                _ => false,
            };
            card.master.is_none() && is_card && !role::is_machine_port(card)
        })
        .collect();
    cards.sort_by_key(|card| (card.carrier != Some(true), card.ipv4().next().is_some()));
    cards
}
