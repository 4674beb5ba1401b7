//! What the diagram shows: segments as wires, and what hangs on them. Names are in it as they came; the layout
//! cuts and cleans them.

use std::collections::BTreeSet;

use crate::model::{HypervisorId, Mode};

/// The whole picture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scene {
    /// The name over the host's column: `This PC`.
    pub host: String,
    /// The segments, from the top down. The first is the uplink where there is one.
    pub wires: Vec<Wire>,
    /// What stands between two wires.
    pub engines: Vec<Engine>,
    /// The way outside from a wire, with the word for what is there.
    pub internet: Option<Outside>,
    /// The word for machines that have no room of their own, with `{n}` for their number.
    pub more: String,
    /// Segments that are not drawn because there are too many: those that matter least.
    pub left_out: usize,
    /// Of a picture that fills in: where everything stands, whatever comes. A picture without has no more rows and
    /// columns than it needs.
    pub slots: Option<Slots>,
}

/// Rows and places that are kept while a picture fills in. Room is left for what may yet come: for the way outside,
/// for translation engines, and under each segment that machines can hang on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Slots {
    /// The row of each wire, by its index; ascending. A row stays empty when its wire turned out to be another one.
    pub rows: Vec<usize>,
    /// Whether a row has room for machines and an engine, by the row.
    pub roomy: Vec<bool>,
    /// The places of the machines of each wire, by its index; ascending.
    pub machines: Vec<Vec<usize>>,
}

impl Slots {
    /// The place of a machine on its wire.
    pub(super) fn machine(&self, wire: usize, machine: usize) -> usize {
        let places = self.machines.get(wire);
        places
            .and_then(|places| places.get(machine))
            .copied()
            .unwrap_or(machine)
    }
}

/// One segment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wire {
    /// Name and mode in words.
    pub name: String,
    /// Its prefix; empty when it is not known.
    pub prefix: String,
    /// What kind of segment: its color.
    pub role: Role,
    /// The host's own adapter on it.
    pub port: Option<Port>,
    /// What hangs on it.
    pub machines: Vec<Hanger>,
    /// The network's name in its product, for choosing it.
    pub network: Option<String>,
    /// How cards are connected to it.
    pub mode: Option<Mode>,
}

/// What kind of segment a wire is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Role {
    /// A physical segment.
    Lan,
    /// Behind address translation.
    Nat,
    /// Host-only, or routed by the host.
    Host,
    /// A tunnel.
    Tunnel,
    /// Of guests alone, or not known.
    #[default]
    Other,
}

/// The host's adapter on a segment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Port {
    /// Its name.
    pub name: String,
    /// Its address, or why it has none.
    pub detail: String,
    /// Whether it works.
    pub health: Health,
}

/// What is known of something's state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Health {
    /// Runs.
    Up,
    /// Known to be off.
    Off,
    /// Known to be wrong.
    Broken,
    /// Not known.
    #[default]
    Unknown,
}

/// A machine, or a group of them, on a wire.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hanger {
    /// Who it is.
    pub who: Who,
    /// Its name.
    pub name: String,
    /// Its address, or its state in words.
    pub detail: String,
    /// Its state in a word, for a screen reader.
    pub word: String,
    /// Its state.
    pub health: Health,
    /// Further wires, by index, that it has a card on.
    pub leads: Vec<usize>,
}

/// What a node stands for; what the user picks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Who {
    /// The host.
    #[default]
    Host,
    /// The host's adapter on the wire of this index.
    Port(usize),
    /// A virtual machine.
    Machine {
        /// Its product.
        hypervisor: HypervisorId,
        /// Its name there.
        name: String,
    },
    /// The machine of which the case tells no product.
    Guest,
    /// A second such machine.
    Guest2,
    /// A machine that no product tells of, seen on a virtual segment by its address.
    Seen(std::net::IpAddr),
    /// Another machine on the physical segment.
    Lan,
    /// A router that leads outside.
    Router,
    /// The engine of this index.
    Engine(usize),
    /// What is outside.
    Internet,
    /// The machines on the wire of this index that have no room.
    More(usize),
}

/// Something that translates or forwards between two wires.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Engine {
    /// Its name: `VMware NAT`.
    pub name: String,
    /// Its address; may be empty.
    pub detail: String,
    /// The wire it serves, by index.
    pub wire: usize,
    /// The wire it leads to, by index.
    pub to: usize,
    /// Its state.
    pub health: Health,
}

/// The way outside.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outside {
    /// The word for outside: `Internet`.
    pub name: String,
    /// The word for the router.
    pub router: String,
    /// The router's address.
    pub address: String,
    /// The wire it stands on, by index.
    pub wire: usize,
}

impl Scene {
    /// Makes this the next picture of one that fills in: wires and machines that `before` had stay in their places,
    /// what is new takes free ones or comes behind them. Without `before` it is the first.
    pub fn keep_places_of(&mut self, before: Option<&Self>) {
        let nothing = Self::default();
        let before = before.filter(|before| before.slots.is_some()).unwrap_or(&nothing);
        let old = before.slots.clone().unwrap_or_default();
        let kept = self.known_wires(before);
        let known = kept
            .iter()
            .map(|kept| kept.and_then(|kept| old.rows.get(kept).copied()));
        let rows = free_places(&known.collect::<Vec<_>>());
        let mut order: Vec<usize> = (0..self.wires.len()).collect();
        order.sort_by_key(|index| rows.get(*index).copied());
        let mut slots = Slots {
            rows: rows.clone(),
            roomy: old.roomy.clone(),
            machines: Vec::new(),
        };
        slots.rows.sort_unstable();
        let high = slots.rows.last().map_or(0, |last| last + 1);
        slots.roomy.resize(high.max(slots.roomy.len()), false);
        for index in &order {
            let Some(wire) = self.wires.get_mut(*index) else {
                continue;
            };
            let known = kept.get(*index).copied().flatten();
            slots.machines.push(keep_machines(wire, known, before, &old));
            let row = rows.get(*index).and_then(|row| slots.roomy.get_mut(*row));
            if let Some(roomy) = row {
                *roomy |= wire.may_hold_machines() || self.engines.iter().any(|engine| engine.wire == *index);
            }
        }
        self.reorder(&order);
        self.slots = Some(slots);
    }

    /// For each wire the one of `before` that speaks of the same segment; none is given twice.
    fn known_wires(&self, before: &Self) -> Vec<Option<usize>> {
        let mut taken = vec![false; before.wires.len()];
        let mut known = vec![None; self.wires.len()];
        // By what names them for sure first: the port.
        let sure = |old: &Wire, wire: &Wire| old.port.is_some() && port_name(old) == port_name(wire);
        for same in [&sure as &dyn Fn(&Wire, &Wire) -> bool, &same_wire] {
            for (slot, wire) in known.iter_mut().zip(&self.wires) {
                if slot.is_some() {
                    continue;
                }
                *slot = (before.wires.iter().enumerate())
                    .find(|(index, old)| taken.get(*index) == Some(&false) && same(old, wire))
                    .map(|(index, _)| index);
                if let Some(taken) = slot.and_then(|index| taken.get_mut(index)) {
                    *taken = true;
                }
            }
        }
        known
    }

    /// Puts the wires into an order, and what tells of them by their index along with them.
    fn reorder(&mut self, order: &[usize]) {
        let place = |index: usize| order.iter().position(|old| *old == index).unwrap_or(index);
        for machine in self.wires.iter_mut().flat_map(|wire| &mut wire.machines) {
            machine.leads.iter_mut().for_each(|lead| *lead = place(*lead));
        }
        for engine in &mut self.engines {
            engine.wire = place(engine.wire);
            engine.to = place(engine.to);
        }
        if let Some(outside) = &mut self.internet {
            outside.wire = place(outside.wire);
        }
        let mut wires: Vec<Option<Wire>> = std::mem::take(&mut self.wires).into_iter().map(Some).collect();
        for index in order {
            self.wires.extend(wires.get_mut(*index).and_then(Option::take));
        }
    }
}

impl Wire {
    /// Whether machines hang on it or may yet: not on tunnels and on what containers have for themselves.
    fn may_hold_machines(&self) -> bool {
        let of_containers = self.role == Role::Other && self.port.is_some() && self.mode.is_none();
        !self.machines.is_empty() || !(self.role == Role::Tunnel || of_containers)
    }
}

/// Sorts the machines of a wire into their places, and gives those.
fn keep_machines(wire: &mut Wire, known: Option<usize>, before: &Scene, old: &Slots) -> Vec<usize> {
    let stood = known.and_then(|known| Some((known, before.wires.get(known)?)));
    let at = |machine: &Hanger| {
        let (index, stood) = stood?;
        let place = stood.machines.iter().position(|old| old.who == machine.who)?;
        Some(old.machine(index, place))
    };
    let known: Vec<Option<usize>> = wire.machines.iter().map(at).collect();
    let mut places = free_places(&known);
    let mut machines: Vec<(usize, Hanger)> = places
        .iter()
        .copied()
        .zip(std::mem::take(&mut wire.machines))
        .collect();
    machines.sort_by_key(|(place, _)| *place);
    wire.machines = machines.into_iter().map(|(_, machine)| machine).collect();
    places.sort_unstable();
    places
}

/// A place for each: its own where it has one, else the first that is free.
fn free_places(known: &[Option<usize>]) -> Vec<usize> {
    let mut taken: BTreeSet<usize> = BTreeSet::new();
    let own: Vec<Option<usize>> = known
        .iter()
        .map(|place| place.filter(|place| taken.insert(*place)))
        .collect();
    let mut next = 0;
    let mut free = || {
        while taken.contains(&next) {
            next += 1;
        }
        next += 1;
        next - 1
    };
    own.into_iter()
        .map(|place| place.unwrap_or_else(&mut free))
        .collect()
}

fn port_name(wire: &Wire) -> Option<&str> {
    wire.port.as_ref().map(|port| port.name.as_str())
}

/// Whether two pictures speak of the same segment: by its port and network, else by its name. A physical segment
/// whose adapter was not read yet is the first one that has one.
fn same_wire(a: &Wire, b: &Wire) -> bool {
    let agree = |a: Option<&str>, b: Option<&str>| a.zip(b).map(|(a, b)| a == b);
    let ports = agree(port_name(a), port_name(b));
    let networks = agree(a.network.as_deref(), b.network.as_deref());
    let prefixes = a.prefix == b.prefix || a.prefix.is_empty() || b.prefix.is_empty();
    let physical = a.role == Role::Lan && b.role == Role::Lan;
    // Of a bridge that no product told of yet, machines know the name as that of their network.
    let bridge = |a: &Wire, b: &Wire| agree(a.network.as_deref(), port_name(b)) == Some(true);
    match (ports, networks) {
        (Some(false), _) | (_, Some(false)) => false,
        (Some(true), _) | (_, Some(true)) => true,
        (None, None) if bridge(a, b) || bridge(b, a) => true,
        (None, None) => physical || (a.name == b.name && prefixes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wire(name: &str, machines: &[&str]) -> Wire {
        let hanger = |name: &&str| Hanger {
            who: Who::Machine {
                hypervisor: HypervisorId::Other,
                name: (*name).to_owned(),
            },
            ..Hanger::default()
        };
        Wire {
            name: name.to_owned(),
            machines: machines.iter().map(hanger).collect(),
            ..Wire::default()
        }
    }

    #[test]
    fn what_stands_already_stays_where_it_is_when_more_is_read() {
        let before = Scene {
            wires: vec![wire("lan", &[]), wire("virbr0", &["b", "d"])],
            ..Scene::default()
        };
        let mut now = Scene {
            wires: vec![
                wire("docker0", &[]),
                wire("virbr0", &["a", "b", "c", "d"]),
                wire("lan", &[]),
            ],
            engines: vec![Engine {
                wire: 1,
                to: 2,
                ..Engine::default()
            }],
            internet: Some(Outside {
                wire: 2,
                ..Outside::default()
            }),
            ..Scene::default()
        };
        if let Some(machine) = now.wires[1].machines.first_mut() {
            machine.leads = vec![0];
        }
        let mut first = before.clone();
        first.keep_places_of(None);
        now.keep_places_of(Some(&first));
        let names: Vec<&str> = now.wires.iter().map(|wire| wire.name.as_str()).collect();
        assert_eq!(names, ["lan", "virbr0", "docker0"]);
        assert_eq!((now.engines[0].wire, now.engines[0].to), (1, 0));
        assert_eq!(now.internet.map(|outside| outside.wire), Some(0));
        let machines: Vec<String> = now.wires[1]
            .machines
            .iter()
            .map(|machine| match &machine.who {
                Who::Machine { name, .. } => format!("{name} {:?}", machine.leads),
                other => format!("{other:?}"),
            })
            .collect();
        assert_eq!(machines, ["b []", "d []", "a [2]", "c []"]);
    }

    #[test]
    fn a_place_that_became_free_is_taken_by_the_next_and_nobody_else_moves() {
        let mut first = Scene {
            wires: vec![
                wire("lan", &["seen", "b"]),
                wire("gone", &[]),
                wire("virbr0", &[]),
            ],
            ..Scene::default()
        };
        first.keep_places_of(None);
        let mut now = Scene {
            wires: vec![wire("virbr0", &[]), wire("lan", &["b"])],
            ..Scene::default()
        };
        now.keep_places_of(Some(&first));
        let mut last = Scene {
            wires: vec![
                wire("new", &[]),
                wire("lan", &["b", "named"]),
                wire("virbr0", &[]),
            ],
            ..Scene::default()
        };
        last.keep_places_of(Some(&now));
        let names =
            |scene: &Scene| -> Vec<String> { scene.wires.iter().map(|wire| wire.name.clone()).collect() };
        let slots = |scene: &Scene| scene.slots.clone().expect("slots");
        assert_eq!(
            (names(&now), slots(&now).rows),
            (vec!["lan".into(), "virbr0".into()], vec![0, 2])
        );
        assert_eq!(slots(&now).machines[0], [1]);
        assert_eq!(names(&last), ["lan", "new", "virbr0"]);
        assert_eq!(slots(&last).machines[0], [0, 1]);
        let named = |machine: &Hanger| matches!(&machine.who, Who::Machine { name, .. } if name == "named");
        assert!(named(&last.wires[0].machines[0]));
    }
}
