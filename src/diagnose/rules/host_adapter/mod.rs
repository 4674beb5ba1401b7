//! Causes at the host's adapter on the segment.

pub mod apipa;
pub mod down;
pub mod missing;
pub mod no_address;
pub mod wrong_subnet;
