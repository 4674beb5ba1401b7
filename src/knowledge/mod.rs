//! Facts about hypervisors and modes, as data under `assets/`.

mod reach;

pub use reach::{Cell, Direction, Reach, modes_of, reach};
