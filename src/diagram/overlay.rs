//! The chosen traffic on the diagram, and where it ends.

use super::scene::Who;

/// The chosen traffic.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overlay {
    /// Where it starts.
    pub from: Option<Who>,
    /// Where it should arrive.
    pub to: Option<Who>,
    /// What is known of it.
    pub state: PathState,
    /// Where it breaks, with the station's name beside it.
    pub broken: Option<(Spot, String)>,
}

/// What is known of the chosen traffic.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PathState {
    /// Chosen, not checked.
    #[default]
    Chosen,
    /// It passes.
    Ok,
    /// Checked, and still not known.
    Unknown,
    /// It does not pass.
    Broken,
}

/// A place on the way of the traffic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Spot {
    /// Where it starts.
    Start,
    /// On the wire between two machines.
    Middle,
    /// Where it enters the address translation, or the host that forwards it.
    Engine,
    /// Where it enters the router outwards.
    Router,
    /// Where it should arrive.
    End,
}
