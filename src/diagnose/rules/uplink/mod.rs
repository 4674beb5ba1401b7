//! Causes at the physical network.

mod bridge;
pub mod client_isolation;
pub mod host_no_uplink;
pub mod lan_dhcp;
pub mod port_security;
pub mod wifi_bridge;
pub mod wrong_nic;
