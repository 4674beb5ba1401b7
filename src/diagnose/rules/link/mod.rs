//! Causes at the wire.

pub mod lossy;
pub mod mtu_mismatch;
