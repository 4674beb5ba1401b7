//! Facts about hypervisors and modes, as data under `assets/`.

mod reach;
mod script;

pub use reach::{Cell, Direction, Reach, modes_of, reach};
pub use script::guest_script;
