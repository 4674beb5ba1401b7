//! What to probe for a case: every station that this machine can ask by itself, all at once.

use std::net::{IpAddr, Ipv4Addr};

use crate::diagnose::{Situation, Station, Way};
use crate::model::{Case, Endpoint, Mode};
use crate::probe::{NameQuery, Plan, Target, well_known_ports};

/// An outside address that answers echo and TCP 443 from almost everywhere.
const OUTSIDE: IpAddr = IpAddr::V4(Ipv4Addr::new(1, 1, 1, 1));

/// A name that exists for as long as there is a DNS (RFC 2606 reserves it).
const NAME: &str = "example.com";

/// A plan with the station that each of its probes speaks of.
#[derive(Clone, Debug, Default)]
pub struct CheckPlan {
    /// What the probes are.
    pub plan: Plan,
    /// The station of each target, by its index.
    pub stations: Vec<Station>,
}

impl CheckPlan {
    fn add(&mut self, station: Station, target: Target) {
        if self
            .plan
            .targets
            .iter()
            .any(|known| known.address == target.address && known.source == target.source)
        {
            return;
        }
        self.plan.targets.push(target);
        self.stations.push(station);
    }

    /// Whether nothing is to be sent.
    pub fn is_empty(&self) -> bool {
        self.plan.targets.is_empty() && self.plan.names.is_empty()
    }

    /// Takes out what `sent` has already asked.
    pub fn leave_out(&mut self, sent: &Self) {
        let mut stations = std::mem::take(&mut self.stations).into_iter();
        self.plan.targets.retain(|target| {
            let station = stations.next();
            let known = sent
                .plan
                .targets
                .iter()
                .any(|other| other.address == target.address && other.source == target.source);
            if !known {
                self.stations.extend(station);
            }
            !known
        });
        self.plan.names.retain(|name| !sent.plan.names.contains(name));
    }

    /// The station of the probe with this index, names after targets.
    pub fn station(&self, index: usize) -> Station {
        self.stations.get(index).copied().unwrap_or(Station::Dns)
    }
}

/// The plan for a case with its raw outputs taken in.
pub fn plan(facts: &Case) -> CheckPlan {
    let situation = Situation::of(facts);
    let mut plan = CheckPlan::default();
    let guest_side = situation.involves_guest();
    if guest_side && let Some(address) = situation.guest_ip {
        let mut target = Target::new(address, "guest").path_mtu();
        if let Some(adapter) = situation.host_adapter {
            target = target.on(adapter.name.as_str());
        }
        target = match facts.intake.port {
            Some(port) if situation.to == Endpoint::Guest => target.ports(&[port]),
            _ => target.fallback_ports(well_known_ports(situation.guest_os())),
        };
        plan.add(Station::GuestAddress, target);
        add_foreign_source(&mut plan, &situation, address);
    }
    if guest_side && let Some(gateway) = situation.gateway() {
        let own = facts.host.holds(gateway) == Some(true);
        if !own && situation.mode.is_some_and(has_engine_address) {
            let mut target = Target::new(gateway, "nat-engine");
            if let Some(adapter) = situation.host_adapter {
                target = target.on(adapter.name.as_str());
            }
            plan.add(Station::NatEngine, target);
        }
    }
    if let Some(row) = facts.host.default_routes().into_iter().find(|row| !row.dead)
        && let Some(router) = row.via
        && (situation.crosses_uplink() || !guest_side)
    {
        let mut target = Target::new(router, "uplink");
        if let Some(adapter) = &row.adapter {
            target = target.on(adapter.as_str());
        }
        plan.add(Station::Uplink, target);
    }
    if situation.crosses_uplink() {
        let named = situation.asked_name();
        match situation.target {
            Some(address) => {
                let target = Target::new(address, "target");
                plan.add(
                    if situation.to == Endpoint::Internet {
                        Station::Internet
                    } else {
                        Station::Link
                    },
                    match facts.intake.port {
                        Some(port) => target.ports(&[port]),
                        None => target.fallback_ports(&[443, 80, 22]),
                    },
                );
            }
            None if situation.to == Endpoint::Internet || situation.from == Endpoint::Internet => {
                plan.add(
                    Station::Internet,
                    Target::new(OUTSIDE, "outside").fallback_ports(&[443]),
                );
            }
            None => {}
        }
        if situation.to == Endpoint::Internet {
            plan.plan.names.push(NameQuery {
                name: named.unwrap_or(NAME).to_owned(),
                server: None,
            });
        }
    } else if situation.to == Endpoint::Guest2
        && let Some(address) = situation.target
    {
        let ports = well_known_ports(None);
        plan.add(
            Station::GuestFirewall,
            Target::new(address, "second guest").fallback_ports(ports),
        );
    }
    plan
}

/// Whether the gateway of guests is a machine of its own on the segment, which can be asked.
fn has_engine_address(mode: Mode) -> bool {
    matches!(
        mode,
        Mode::Nat | Mode::NatNetwork | Mode::DefaultSwitch | Mode::Bridged | Mode::External
    )
}

/// One more series from an address of another segment of this machine: a guest that answers the near address
/// and not the far one has no way back, which is what a missing gateway looks like from outside.
fn add_foreign_source(plan: &mut CheckPlan, situation: &Situation<'_>, guest: IpAddr) {
    let Some(near) = situation.host_adapter else {
        return;
    };
    // Only where the guest is on a segment of ours; else every source is foreign.
    if near.on_segment_of(guest).is_none()
        || !matches!(situation.way_to(guest), Way::Adapter { via: None, .. })
    {
        return;
    }
    let host = situation.host();
    let uplink = host
        .default_routes()
        .into_iter()
        .find_map(|row| row.adapter.as_deref());
    let far = uplink
        .and_then(|name| host.adapter(name))
        .filter(|adapter| adapter.name != near.name)
        .and_then(|adapter| adapter.main_ipv4());
    if let Some(far) = far
        && guest.is_ipv4()
        && !near.nets().any(|net| net.contains(&IpAddr::V4(far.addr())))
    {
        let mut target = Target::new(guest, "guest from another segment").source(far.addr().into());
        target.neighbor = false;
        plan.add(Station::GuestRoute, target);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Adapter, AdapterAddress, Fact, HypervisorId, Intake, Route};

    fn adapter(name: &str, net: &str) -> Adapter {
        Adapter {
            enabled: Some(true),
            carrier: Some(true),
            addresses: Some(vec![AdapterAddress::new(net.parse().expect("a prefix"))]),
            ..Adapter::named(name)
        }
    }

    fn facts(intake: Intake) -> Case {
        let mut case = Case {
            intake,
            ..Case::default()
        };
        let on_link = |net: &str, name: &str| Route::on_link(net.parse().expect("a prefix"), name);
        case.host.adapters = Fact::known(
            vec![
                adapter("enp5s0", "192.168.1.40/24"),
                adapter("virbr0", "192.168.122.1/24"),
            ],
            "test",
        );
        case.host.routes = Fact::known(
            vec![
                Route::through(
                    "0.0.0.0/0".parse().expect("a prefix"),
                    "192.168.1.1".parse().expect("an address"),
                    "enp5s0",
                ),
                on_link("192.168.1.0/24", "enp5s0"),
                on_link("192.168.122.0/24", "virbr0"),
            ],
            "test",
        );
        case
    }

    fn libvirt() -> Intake {
        Intake {
            hypervisor: Some(HypervisorId::Libvirt),
            mode: Some(Mode::Nat),
            guest_ip: Some(("192.168.122.45".parse().expect("an address"), None)),
            ..Intake::default()
        }
    }

    #[test]
    fn host_to_guest_asks_the_guest_from_both_sides_and_nobody_outside() {
        let plan = plan(&facts(libvirt()));
        let targets: Vec<(String, Option<IpAddr>)> = plan
            .plan
            .targets
            .iter()
            .map(|target| (target.address.to_string(), target.source))
            .collect();
        assert_eq!(
            targets,
            [
                ("192.168.122.45".to_owned(), None),
                ("192.168.122.45".to_owned(), "192.168.1.40".parse().ok()),
            ]
        );
        let guest = &plan.plan.targets[0];
        assert_eq!(guest.adapter.as_deref(), Some("virbr0"));
        assert!(guest.path_mtu && guest.echo && guest.ports.is_empty() && !guest.fallback_ports.is_empty());
        assert!(plan.plan.names.is_empty());
        assert_eq!(plan.stations, [Station::GuestAddress, Station::GuestRoute]);
    }

    #[test]
    fn a_told_port_is_tried_and_no_others() {
        let plan = plan(&facts(Intake {
            port: Some(8080),
            ..libvirt()
        }));
        assert_eq!(plan.plan.targets[0].ports, [8080]);
        assert!(plan.plan.targets[0].fallback_ports.is_empty());
    }

    #[test]
    fn guest_to_internet_asks_router_outside_and_names() {
        let plan = plan(&facts(Intake {
            from: Some(Endpoint::Guest),
            to: Some(Endpoint::Internet),
            ..libvirt()
        }));
        let asked = |address: &str| {
            plan.plan
                .targets
                .iter()
                .any(|target| target.address.to_string() == address)
        };
        assert!(asked("192.168.122.45") && asked("192.168.1.1") && asked("1.1.1.1"));
        assert_eq!(plan.plan.names.len(), 1);
        assert_eq!(plan.station(plan.plan.targets.len()), Station::Dns);
    }

    #[test]
    fn an_empty_case_asks_nobody_on_the_way_to_the_guest() {
        assert!(plan(&Case::default()).plan.targets.is_empty());
    }
}
