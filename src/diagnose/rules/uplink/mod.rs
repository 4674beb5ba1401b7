//! Causes at the physical network.

pub mod host_no_uplink;
