//! Causes at the host's routes.

pub mod missing;
pub mod vpn_hijack;
pub mod wrong;
