//! What the diagram shows: segments as wires, and what hangs on them. Names are in it as they came; the layout
//! cuts and cleans them.

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
    /// Puts wires and machines that `before` had into its order, and what is new behind them, so that a picture
    /// that fills in does not jump.
    pub fn keep_order_of(&mut self, before: &Self) {
        let known = |wire: &Wire| before.wires.iter().position(|old| same_wire(old, wire));
        let mut order: Vec<usize> = (0..self.wires.len()).collect();
        order.sort_by_key(|index| {
            (
                self.wires.get(*index).and_then(known).unwrap_or(usize::MAX),
                *index,
            )
        });
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
            self.wires.extend(wires.get_mut(index).and_then(Option::take));
        }
        for wire in &mut self.wires {
            if let Some(old) = before.wires.iter().find(|old| same_wire(old, wire)) {
                let at = |machine: &Hanger| old.machines.iter().position(|known| known.who == machine.who);
                wire.machines
                    .sort_by_key(|machine| at(machine).unwrap_or(usize::MAX));
            }
        }
    }
}

/// Whether two pictures speak of the same segment: by its network, its port, or else its name.
fn same_wire(a: &Wire, b: &Wire) -> bool {
    match (&a.network, &b.network, &a.port, &b.port) {
        (Some(a), Some(b), _, _) => a == b,
        (_, _, Some(a), Some(b)) => a.name == b.name,
        _ => a.name == b.name && a.prefix == b.prefix,
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
        now.keep_order_of(&before);
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
}
