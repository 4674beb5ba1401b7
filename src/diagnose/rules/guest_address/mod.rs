//! Causes at the guest's address.

pub mod apipa;
pub mod driver_missing;
pub mod nic_not_started;
pub mod nic_renamed;
pub mod overridden;
pub mod static_wrong_subnet;
pub mod two_nics;
pub mod wrong_mask;
