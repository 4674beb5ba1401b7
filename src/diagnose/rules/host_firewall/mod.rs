//! Causes at the host's packet filter.

pub mod blocks_dhcp_dns;
pub mod blocks_guest;
pub mod blocks_outbound;
pub mod echo_ignored;
pub mod hyperv;
pub mod mac_bootpd;
pub mod mac_privacy;
pub mod managed;
pub mod service_broken;
