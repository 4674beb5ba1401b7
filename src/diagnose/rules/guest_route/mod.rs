//! Causes at the guest's routes.

pub mod missing_gateway;
pub mod wrong_gateway;
