//! Causes at the segments and addresses.

pub mod address_unknown;
pub mod default_switch;
pub mod duplicate_client_id;
pub mod duplicate_ip;
pub mod guest_internal;
pub mod ipv6_only;
pub mod overlap_lan;
pub mod overlap_virtual;
pub mod overlap_vpn;
pub mod stale_address;
pub mod two_nics;
pub mod two_subnets;
