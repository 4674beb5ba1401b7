//! Causes at the segments and addresses.

pub mod duplicate_ip;
pub mod ipv6_only;
pub mod overlap_lan;
pub mod stale_address;
