//! Causes at the guest's address.

pub mod apipa;
pub mod static_wrong_subnet;
