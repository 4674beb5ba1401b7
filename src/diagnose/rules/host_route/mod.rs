//! Causes at the host's routes.

pub mod missing;
pub mod segment_missing;
pub mod vpn_blocks;
pub mod vpn_hijack;
pub mod wrong;
