//! A case larger than people have, for the time that the diagnosis itself takes.

use std::hint::black_box;
use std::net::{IpAddr, Ipv4Addr};
use std::time::{Duration, Instant};

use ipnet::{IpNet, Ipv4Net};
use vmnet_doctor::diagnose::diagnose;
use vmnet_doctor::model::{
    Adapter, AdapterAddress, AdapterKind, Case, Chain, EchoResult, Endpoint, Fact, FilterAction,
    FilterBackend, FilterFamily, FilterMatch, FilterRule, GuestAddress, Hook, Hypervisor, HypervisorId,
    Intake, Mac, Machine, MatchOn, Mode, Neighbor, NeighborState, Nic, Os, PacketFilter, PowerState, Probe,
    ProbeResult, Route, VirtualNetwork,
};

const NETWORKS: u8 = 20;
const MACHINES: u8 = 50;
const ROUTES: u32 = 2000;
const RULES: usize = 5000;

/// How long each of `times` diagnoses takes, in-process, after one that is thrown away: of several questions the one that
/// takes longest each time. The packet walk is a part of each (the path's evidence), out and back.
pub fn diagnoses(times: usize) -> Vec<Duration> {
    let cases = [
        (Endpoint::Host, Endpoint::Guest, None),
        (Endpoint::Host, Endpoint::Guest, Some(22)),
        (Endpoint::Guest, Endpoint::Host, Some(22)),
        (Endpoint::Guest, Endpoint::Internet, None),
        (Endpoint::Lan, Endpoint::Guest, Some(443)),
    ]
    .map(|(from, to, port)| {
        let mut case = case();
        case.intake.from = Some(from);
        case.intake.to = Some(to);
        case.intake.port = port;
        case.intake.target = Some("203.0.113.10".to_owned());
        case
    });
    for case in &cases {
        let first = diagnose(case);
        assert!(
            !first.causes.is_empty() || first.next.is_some(),
            "the large case says nothing"
        );
    }
    let once = |case: &Case| {
        let start = Instant::now();
        black_box(diagnose(black_box(case)));
        start.elapsed()
    };
    (0..times)
        .map(|_| cases.iter().map(once).max().unwrap_or_default())
        .collect()
}

fn address(network: u8, host: u8) -> IpAddr {
    IpAddr::V4(Ipv4Addr::new(172, 30, network, host))
}

fn segment(network: u8) -> IpNet {
    IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(172, 30, network, 0), 24))
}

fn known<T>(value: T) -> Fact<T> {
    Fact::known(value, "benchmark")
}

fn case() -> Case {
    let mut case = Case {
        intake: Intake {
            vm: Some("machine49".to_owned()),
            ..Intake::default()
        },
        ..Case::default()
    };
    let host = &mut case.host;
    host.os = Some(Os::Linux);
    let bridges = (0..NETWORKS).map(|number| Adapter {
        kind: AdapterKind::Bridge,
        enabled: Some(true),
        carrier: Some(true),
        addresses: Some(vec![AdapterAddress::new(
            IpNet::new(address(number, 1), 24).unwrap_or_else(|_| segment(number)),
        )]),
        ..Adapter::named(format!("virbr{number}"))
    });
    let ports = (0..MACHINES).map(|number| Adapter {
        kind: AdapterKind::Tap,
        enabled: Some(true),
        carrier: Some(true),
        master: Some(format!("virbr{}", number % NETWORKS)),
        addresses: Some(Vec::new()),
        ..Adapter::named(format!("vnet{number}"))
    });
    host.adapters = known(bridges.chain(ports).collect());
    let own = (0..NETWORKS).map(|number| Route::on_link(segment(number), format!("virbr{number}")));
    let others = (0..ROUTES).map(|number| {
        let [_, _, high, low] = number.to_be_bytes();
        Route::through(
            IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(10, high, low, 0), 24)),
            address(0, 254),
            "virbr0",
        )
    });
    host.routes = known(others.chain(own).collect());
    host.rules = known(Vec::new());
    host.neighbors = known(
        (0..MACHINES)
            .map(|number| Neighbor {
                address: address(number % NETWORKS, 10 + number),
                mac: Some(mac(number)),
                adapter: Some(format!("virbr{}", number % NETWORKS)),
                state: NeighborState::Stale,
                confirmed_ms_ago: None,
            })
            .collect(),
    );
    host.filter = known(filter());
    host.kernel = known([("net.ipv4.ip_forward".to_owned(), "1".to_owned())].into());
    case.hypervisors = vec![product()];
    case.probes = vec![Probe {
        from: Default::default(),
        to: Some(address(9, 59)),
        name: None,
        result: ProbeResult::Echo(EchoResult {
            sent: 3,
            ..EchoResult::default()
        }),
        source: "live".to_owned(),
        at_ms: None,
    }];
    case
}

fn mac(number: u8) -> Mac {
    Mac([0x52, 0x54, 0, 0, 0, number])
}

fn product() -> Hypervisor {
    let networks = (0..NETWORKS).map(|number| VirtualNetwork {
        name: format!("network{number}"),
        mode: Mode::Nat,
        active: Some(true),
        host_adapter: Some(format!("virbr{number}")),
        segment: Some(segment(number)),
        ..VirtualNetwork::default()
    });
    let machines = (0..MACHINES).map(|number| Machine {
        name: format!("machine{number}"),
        state: PowerState::Running,
        nics: vec![Nic {
            mode: Mode::Nat,
            network: Some(format!("network{}", number % NETWORKS)),
            mac: Some(mac(number)),
            host_port: Some(format!("vnet{number}")),
            addresses: vec![GuestAddress {
                address: address(number % NETWORKS, 10 + number),
                prefix: Some(24),
                source: "lease".to_owned(),
            }],
            ..Nic::default()
        }],
        ..Machine::default()
    });
    Hypervisor {
        id: HypervisorId::Libvirt,
        installed: Some(true),
        running: Some(true),
        networks: known(networks.collect()),
        machines: known(machines.collect()),
        ..Hypervisor::default()
    }
}

/// What no packet of the case meets, by turns: another protocol, and behind what each packet meets, another adapter, source
/// or port.
fn misses(number: usize) -> Vec<FilterMatch> {
    let on = |on| FilterMatch { on, negated: false };
    let low = u8::try_from(number % 250).unwrap_or_default();
    let everywhere = IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::UNSPECIFIED, 0));
    let elsewhere = IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(198, 18, low, 0), 24));
    match number % 4 {
        0 => vec![
            on(MatchOn::Protocol(vec!["sctp".to_owned()])),
            on(MatchOn::InputAdapter(vec![format!("other{number}")])),
        ],
        1 => vec![
            on(MatchOn::Destination(vec![everywhere])),
            on(MatchOn::InputAdapter(vec![format!("other{number}")])),
        ],
        2 => vec![
            on(MatchOn::Destination(vec![everywhere])),
            on(MatchOn::Source(vec![elsewhere])),
        ],
        _ => vec![
            on(MatchOn::Source(vec![everywhere])),
            on(MatchOn::Destination(vec![elsewhere])),
        ],
    }
}

/// Chains of every hook that a host's packets meet, none of whose rules fit, so that each is walked to its end.
fn filter() -> PacketFilter {
    let hooks = [Hook::Input, Hook::Output, Hook::Forward, Hook::Postrouting];
    let chains = hooks.iter().map(|hook| Chain {
        backend: FilterBackend::Nft,
        family: FilterFamily::Inet,
        table: "large".to_owned(),
        name: format!("{hook:?}"),
        hook: Some(*hook),
        priority: 0,
        policy: Some(FilterAction::Accept),
        rules: (0..RULES / hooks.len())
            .map(|number| FilterRule {
                matches: misses(number),
                action: FilterAction::Drop,
                packets: None,
                text: format!("rule {number} drop"),
            })
            .collect(),
    });
    PacketFilter {
        chains: chains.collect(),
        complete: true,
    }
}
