//! Causes at the host's adapter on the segment.

pub mod address_conflict;
pub mod apipa;
pub mod disabled;
pub mod down;
pub mod missing;
pub mod no_address;
pub mod not_on_bridge;
pub mod offload;
pub mod wrong_subnet;
