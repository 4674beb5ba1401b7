//! Causes at the virtual network.

pub mod host_only_no_internet;
pub mod host_only_not_reachable_from_lan;
pub mod internal_no_host;
pub mod macvtap_host_isolation;
pub mod not_started;
pub mod tap_detached;
