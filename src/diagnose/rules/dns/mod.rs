//! Causes at the name resolution.

pub mod guest_dns_only;
pub mod points_elsewhere;
