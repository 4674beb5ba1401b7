//! Causes at the wire.

pub mod lossy;
pub mod mtu_mismatch;
pub mod stale_neighbor;
pub mod stp_delay;
