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
