//! Causes at the virtual network.

pub mod bridge_without_uplink;
pub mod dnsmasq;
pub mod host_only_no_internet;
pub mod host_only_not_reachable_from_lan;
pub mod internal_no_host;
pub mod macvtap_host_isolation;
pub mod network_missing;
pub mod no_dhcp;
pub mod not_routed;
pub mod not_started;
pub mod nwfilter;
pub mod pool_exhausted;
pub mod tap_detached;
