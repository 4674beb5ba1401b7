//! The stations that the traffic passes, out and back, and what is said of each.

use super::captured::{self, Captured};
use super::filter::{self, Walk};
use super::rules::evidence;
use super::rules::prelude::{adapter_fact, first_packet, mode_fact, seen_facts, way_fact};
use super::said;
use super::walk::{self, Hop, Judgment};
use super::{Asked, Evidence, Finding, Leg, Link, Situation, Station, StationVerdict, Step, Way};
use crate::model::{Endpoint, Hook, Mode, Os, Place, PowerState};

/// The stations of the traffic asked for, in the order in which it passes them.
pub(super) fn stations(s: &Situation<'_>) -> Vec<(Station, Leg)> {
    use Endpoint::{Guest, Guest2, Host, Internet, Lan};
    use Station as S;
    let out: &[Station] = match (s.from, s.to) {
        (Host, Guest | Guest2) => &[
            S::Hypervisor,
            S::VirtualNetwork,
            S::VmNic,
            S::HostAdapter,
            S::Addressing,
            S::HostRoute,
            S::NatEngine,
            S::HostFirewall,
            S::Link,
            S::GuestAddress,
            S::GuestFirewall,
        ],
        (Guest | Guest2, Host) => &[
            S::Hypervisor,
            S::VirtualNetwork,
            S::VmNic,
            S::GuestAddress,
            S::GuestRoute,
            S::Link,
            S::HostAdapter,
            S::Addressing,
            S::HostFirewall,
        ],
        (Guest | Guest2, Internet | Lan) => &[
            S::Hypervisor,
            S::VirtualNetwork,
            S::VmNic,
            S::GuestAddress,
            S::GuestRoute,
            S::Link,
            S::HostAdapter,
            S::Addressing,
            S::NatEngine,
            S::Forwarding,
            S::Uplink,
            S::Internet,
            S::Dns,
        ],
        (Lan | Internet, Guest | Guest2) => &[
            S::Uplink,
            S::NatEngine,
            S::Forwarding,
            S::Hypervisor,
            S::VirtualNetwork,
            S::VmNic,
            S::Addressing,
            S::Link,
            S::GuestAddress,
            S::GuestFirewall,
        ],
        (Guest, Guest2) | (Guest2, Guest) => &[
            S::Hypervisor,
            S::VirtualNetwork,
            S::VmNic,
            S::GuestAddress,
            S::GuestRoute,
            S::Addressing,
            S::NatEngine,
            S::Forwarding,
            S::Link,
            S::GuestFirewall,
        ],
        _ => &[S::HostRoute, S::HostFirewall, S::Uplink, S::Internet, S::Dns],
    };
    let back: &[Station] = match (s.from, s.to) {
        (Host, Guest | Guest2) => &[S::GuestRoute, S::HostFirewall],
        (Guest | Guest2, Host) => &[S::HostRoute, S::GuestFirewall],
        (Lan | Internet, Guest | Guest2) => &[S::GuestRoute],
        (Guest | Guest2, Internet | Lan) => &[S::GuestFirewall],
        _ => &[],
    };
    let out = out
        .iter()
        .filter(|station| belongs(s, **station))
        .map(|station| (*station, Leg::Out));
    out.chain(back.iter().map(|station| (*station, Leg::Back)))
        .collect()
}

/// Whether a mode's traffic passes a station at all: a host-only segment has no translation on the way.
fn belongs(s: &Situation<'_>, station: Station) -> bool {
    let host_and_guest = !s.crosses_uplink();
    match station {
        Station::NatEngine if host_and_guest => s.is_closed_by_design(),
        Station::NatEngine => !matches!(
            s.mode,
            Some(Mode::Bridged | Mode::External | Mode::Macvtap | Mode::Routed)
        ),
        Station::Forwarding => s.host_forwards(),
        Station::HostAdapter => host_and_guest || s.host_forwards(),
        Station::Dns => {
            s.asked_name().is_some() || super::seen::name_outcomes(s.case, Place::Guest).next().is_some()
        }
        _ => true,
    }
}

/// What is said of every station, with the facts behind it.
pub(super) fn path(s: &Situation<'_>, asked: Asked, findings: &[Finding]) -> Vec<Step> {
    let mut stopped = false;
    let mut steps = Vec::new();
    let walked = walk::asked(s);
    for (station, leg) in stations(s) {
        let own = findings.iter().find(|finding| {
            finding.station == station && finding.confidence != super::Confidence::Possible && leg == Leg::Out
        });
        let (mut assessed, mut facts) = assess(s, station);
        let hops: Vec<&Hop> = walked
            .iter()
            .flat_map(|walk| walk.hops_at(station, leg))
            .collect();
        if assessed == StationVerdict::Unknown {
            assessed = judged(&hops);
        }
        for fact in hops.iter().filter_map(|hop| hop.evidence()) {
            if !facts.iter().any(|known| known.value == fact.value) {
                facts.push(fact);
            }
        }
        let verdict = match own {
            Some(_) if asked != Asked::Passes => StationVerdict::Broken,
            _ if stopped => StationVerdict::NotReached,
            _ if asked == Asked::Passes => StationVerdict::Ok,
            _ => assessed,
        };
        if let Some(finding) = own {
            for fact in &finding.evidence {
                if !facts.contains(fact) {
                    facts.push(fact.clone());
                }
            }
        }
        stopped |= verdict == StationVerdict::Broken;
        steps.push(Step {
            station,
            leg,
            verdict,
            evidence: facts,
        });
    }
    steps
}

/// What the tables alone say of a station: a row that lets pass proves as little as one that was not read, unless
/// every row on the way was read.
fn judged(hops: &[&Hop]) -> StationVerdict {
    let decides = |hop: &&&Hop| hop.judgment == Judgment::Stops && hop.evidence().is_some();
    if hops.iter().any(|hop| decides(&hop)) {
        StationVerdict::Broken
    } else {
        known(!hops.is_empty() && hops.iter().all(|hop| hop.judgment == Judgment::Passes))
    }
}

fn known(ok: bool) -> StationVerdict {
    if ok {
        StationVerdict::Ok
    } else {
        StationVerdict::Unknown
    }
}

/// What the facts say of one station, without regard to causes.
fn assess(s: &Situation<'_>, station: Station) -> (StationVerdict, Vec<Evidence>) {
    let guest_link = s.guest_seen().map_or(Link::Unknown, |seen| seen.link());
    let alive = guest_link == Link::Answered;
    let host = s.host();
    match station {
        Station::Hypervisor => {
            let running = s
                .machine
                .is_some_and(|machine| machine.state == PowerState::Running);
            let mut facts = Vec::new();
            if let Some(machine) = s.machine {
                let source = s.product.map_or("", |product| product.machines.source());
                facts.push(evidence(
                    "fact-vm-state",
                    said::named(&machine.name, said::power(machine.state)),
                    source,
                ));
            }
            (known(running || alive), facts)
        }
        Station::VirtualNetwork => {
            let active = s.network.and_then(|network| network.active) == Some(true);
            let mut facts = vec![mode_fact(s)];
            if let Some(network) = s.network {
                let segment = network
                    .segment
                    .map(|segment| format!(" {segment}"))
                    .unwrap_or_default();
                let source = s.product.map_or("", |product| product.networks.source());
                facts.push(evidence(
                    "fact-network",
                    format!("{}{segment}", network.name),
                    source,
                ));
            }
            (known(active || alive), facts)
        }
        Station::VmNic => {
            let plugged = s.nic.and_then(|nic| nic.cable_connected) == Some(true);
            let facts = s.nic.and_then(|nic| nic.mac).map(|mac| {
                evidence(
                    "fact-mac",
                    mac,
                    s.product.map_or("", |product| product.machines.source()),
                )
            });
            (known(plugged || alive), facts.into_iter().collect())
        }
        Station::HostAdapter => {
            let facts = s.host_adapter.map(|adapter| adapter_fact(s, adapter));
            let fits = s.host_adapter.is_some_and(|adapter| {
                adapter.enabled != Some(false)
                    && s.guest_ip
                        .is_none_or(|guest| adapter.on_segment_of(guest).is_some())
            });
            (known(fits), facts.into_iter().collect())
        }
        Station::Addressing => {
            let inside = s
                .segment
                .zip(s.guest_ip)
                .is_some_and(|(segment, guest)| segment.contains(&guest));
            let facts = s
                .segment
                .map(|segment| evidence("fact-segment", segment, host.adapters.source()));
            (known(inside), facts.into_iter().collect())
        }
        Station::HostRoute => {
            let Some(to) = s.guest_ip.filter(|_| s.involves_guest()).or(s.target) else {
                return (StationVerdict::Unknown, Vec::new());
            };
            let right = match s.way_to(to) {
                Way::Adapter { name, .. } => {
                    !s.involves_guest() || s.host_adapter.is_none_or(|adapter| adapter.name == name)
                }
                _ => false,
            };
            (known(right), way_fact(s, to).into_iter().collect())
        }
        Station::HostFirewall => host_firewall(s, alive),
        Station::Link => {
            let mut facts = s.guest_seen().map(|seen| seen_facts(&seen)).unwrap_or_default();
            facts.extend(captured::facts(s));
            let verdict = match guest_link {
                // What hardware addresses show is less than what became of the packets themselves.
                _ if matches!(captured::at_target(s), Some(Captured::Absent(_))) => StationVerdict::Broken,
                _ if captured::dies_at_target(s) => StationVerdict::Ok,
                Link::Answered => StationVerdict::Ok,
                Link::Silent if s.from == Endpoint::Host => StationVerdict::Broken,
                _ => StationVerdict::Unknown,
            };
            (verdict, facts)
        }
        Station::GuestAddress => {
            let inside = s
                .segment
                .zip(s.guest_ip)
                .is_some_and(|(segment, guest)| segment.contains(&guest));
            let facts = s
                .guest_ip
                .map(|guest| evidence("fact-address", guest, &s.guest_ip_source));
            (known(inside), facts.into_iter().collect())
        }
        Station::GuestFirewall => {
            let replies = s.guest_seen().is_some_and(|seen| seen.echo_replies());
            (
                known(replies),
                s.guest_seen().map(|seen| seen_facts(&seen)).unwrap_or_default(),
            )
        }
        Station::GuestRoute => {
            let row = s.guest().default_routes().into_iter().next();
            let facts =
                row.map(|row| evidence("fact-guest-route", row.describe(), s.guest().routes.source()));
            // Within one segment the way back needs no router.
            let direct = !s.crosses_uplink() && alive;
            (known(row.is_some() || direct), facts.into_iter().collect())
        }
        Station::NatEngine => match s.gateway() {
            Some(gateway) => {
                let seen = s.seen(Place::Host, gateway);
                let own = host.holds(gateway) == Some(true);
                let mut facts = vec![evidence("fact-gateway", gateway, "mode")];
                facts.extend(seen_facts(&seen));
                (known(own || seen.link() == Link::Answered), facts)
            }
            None => (StationVerdict::Unknown, vec![mode_fact(s)]),
        },
        Station::Forwarding => {
            let switch = host.switch("net.ipv4.ip_forward");
            let facts = switch.map(|value| {
                evidence(
                    "fact-kernel-switch",
                    format!("net.ipv4.ip_forward = {value}"),
                    host.kernel.source(),
                )
            });
            (
                known(switch == Some("1") && host.filter.is_known()),
                facts.into_iter().collect(),
            )
        }
        Station::Uplink => {
            let row = host.default_routes().into_iter().next();
            let mut facts: Vec<Evidence> = row
                .map(|row| evidence("fact-route", row.describe(), host.routes.source()))
                .into_iter()
                .collect();
            let answers = row.and_then(|row| row.via).is_some_and(|via| {
                let seen = s.seen(Place::Host, via);
                facts.extend(seen_facts(&seen));
                seen.link() == Link::Answered
            });
            (known(answers), facts)
        }
        Station::Internet => {
            let Some(target) = s.target else {
                return (StationVerdict::Unknown, Vec::new());
            };
            let from_start = s.start_place().map(|place| s.seen(place, target));
            let mut facts: Vec<Evidence> = from_start.as_ref().map(seen_facts).unwrap_or_default();
            let from_host = s.seen(Place::Host, target);
            facts.extend(seen_facts(&from_host));
            let answers = from_start.is_some_and(|seen| seen.echo_replies() || seen.tcp_proof().is_some());
            (known(answers || from_host.echo_replies()), facts)
        }
        Station::Dns => {
            let place = s.start_place().unwrap_or(Place::Host);
            let outcome = super::seen::name_outcomes(s.case, place).next();
            let facts = outcome.map(|(name, outcome)| {
                evidence("fact-name", said::named(name, said::name(outcome)), "probe")
            });
            (
                known(matches!(outcome, Some((_, crate::model::NameOutcome::Resolved)))),
                facts.into_iter().collect(),
            )
        }
    }
}

fn host_firewall(s: &Situation<'_>, alive: bool) -> (StationVerdict, Vec<Evidence>) {
    let host = s.host();
    let managers: Vec<String> = host
        .filter_managers
        .rows()
        .iter()
        .map(|manager| format!("{manager:?}").to_lowercase())
        .collect();
    let mut facts = Vec::new();
    if !managers.is_empty() {
        facts.push(evidence(
            "fact-filter",
            managers.join(", "),
            host.filter_managers.source(),
        ));
    }
    let clear = match (host.filter.value(), s.guest_ip, s.host_address(), s.host_adapter) {
        (Some(packet_filter), Some(guest), Some(own), Some(adapter)) if s.host_os == Os::Linux => {
            let toward_host = s.to == Endpoint::Host;
            let packet = if toward_host {
                first_packet(s, guest, own, Some(adapter.name.as_str()), None)
            } else {
                first_packet(s, own, guest, None, Some(adapter.name.as_str()))
            };
            let hook = if toward_host { Hook::Input } else { Hook::Output };
            filter::walk(packet_filter, hook, &packet) == Walk::Passes
        }
        _ => false,
    };
    (known(clear || (alive && s.from == Endpoint::Host)), facts)
}
