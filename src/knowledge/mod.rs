//! Facts about hypervisors and modes, as data under `assets/`.

mod advisor;
mod reach;
mod script;

pub use advisor::{Goal, free_segments, has_own_segment, modes_for, taken};
pub use reach::{Cell, Direction, Reach, modes_of, reach};
pub use script::guest_script;
