//! What to probe for a case: what the diagnosis asks for, as packets, each with the station that it speaks of.

use std::net::IpAddr;

use crate::diagnose::{self, Role, Situation, Station, Way};
use crate::model::{Case, Endpoint, Mode};
use crate::probe::{NameQuery, Plan, Target, well_known_ports};

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
    let wanted = diagnose::plan(facts);
    let mut plan = CheckPlan::default();
    for wish in wanted.targets {
        let mut target = Target::new(wish.address, wish.role.name()).ports(&wish.ports);
        target.adapter = wish.adapter;
        target.neighbor = wish.neighbor;
        target.path_mtu = wish.path_mtu;
        if wish.usual_ports {
            let os = if wish.role == Role::Guest {
                situation.guest_os()
            } else {
                None
            };
            target = target.fallback_ports(well_known_ports(os));
        }
        plan.add(station(wish.role, situation.to), target);
        if wish.role == Role::Guest {
            add_foreign_source(&mut plan, &situation, wish.address);
        }
    }
    plan.plan.names = wanted
        .names
        .into_iter()
        .map(|name| NameQuery { name, server: None })
        .collect();
    plan
}

fn station(role: Role, to: Endpoint) -> Station {
    match role {
        Role::OwnAdapter => Station::HostAdapter,
        Role::NatEngine => Station::NatEngine,
        Role::Guest => Station::GuestAddress,
        Role::SecondGuest => Station::GuestFirewall,
        Role::Hypervisor => Station::Hypervisor,
        Role::Router => Station::Uplink,
        Role::Outside if to == Endpoint::Internet => Station::Internet,
        Role::Outside => Station::Link,
    }
}

/// One more series from an address of another segment of this machine: a guest that answers the near address
/// and not the far one has no way back, which is what a missing gateway looks like from outside.
fn add_foreign_source(plan: &mut CheckPlan, situation: &Situation<'_>, guest: IpAddr) {
    let Some(near) = situation.host_adapter else {
        return;
    };
    // These have no way back by design: there is nothing to learn, and the silence would be waited for.
    if matches!(
        situation.mode,
        Some(Mode::HostOnly | Mode::Internal | Mode::Private | Mode::Macvtap)
    ) {
        return;
    }
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
        let mut target = Target::new(guest, Role::Guest.name()).source(far.addr().into());
        target.neighbor = false;
        plan.add(Station::GuestRoute, target);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Adapter, AdapterAddress, Fact, HypervisorId, Intake, Mode, Route};

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

    fn series<'a>(plan: &'a CheckPlan, address: &str) -> Vec<(&'a Target, Station)> {
        let address: IpAddr = address.parse().expect("an address");
        let both = plan.plan.targets.iter().zip(plan.stations.iter().copied());
        both.filter(|(target, _)| target.address == address).collect()
    }

    #[test]
    fn the_guest_is_asked_from_both_sides() {
        let plan = plan(&facts(libvirt()));
        assert_eq!(plan.plan.targets.len(), plan.stations.len());
        let guest = series(&plan, "192.168.122.45");
        let [(near, first), (far, second)] = guest.as_slice() else {
            panic!("{guest:?}")
        };
        assert_eq!((*first, *second), (Station::GuestAddress, Station::GuestRoute));
        assert_eq!(near.adapter.as_deref(), Some("virbr0"));
        assert!(near.path_mtu && near.echo && near.ports.is_empty() && !near.fallback_ports.is_empty());
        assert_eq!(far.source, "192.168.1.40".parse().ok());
        assert!(plan.plan.names.is_empty() && series(&plan, "1.1.1.1").is_empty());
    }

    #[test]
    fn guest_to_internet_asks_router_outside_and_names() {
        let plan = plan(&facts(Intake {
            from: Some(Endpoint::Guest),
            to: Some(Endpoint::Internet),
            ..libvirt()
        }));
        assert!(
            series(&plan, "192.168.1.1")
                .iter()
                .any(|(_, station)| *station == Station::Uplink)
        );
        assert!(
            series(&plan, "1.1.1.1")
                .iter()
                .any(|(_, station)| *station == Station::Internet)
        );
        assert_eq!(plan.plan.names.len(), 1);
        assert_eq!(plan.station(plan.plan.targets.len()), Station::Dns);
    }

    #[test]
    fn what_was_sent_is_not_sent_again() {
        let sent = plan(&facts(libvirt()));
        let mut rest = plan(&facts(Intake {
            from: Some(Endpoint::Guest),
            to: Some(Endpoint::Internet),
            ..libvirt()
        }));
        rest.leave_out(&sent);
        assert!(series(&rest, "192.168.122.45").is_empty());
        assert_eq!(rest.plan.targets.len(), rest.stations.len());
        assert!(
            series(&rest, "1.1.1.1")
                .iter()
                .any(|(_, station)| *station == Station::Internet)
        );
    }
}
