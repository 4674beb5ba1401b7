//! Causes at the guest's routes.

pub mod missing_gateway;
pub mod missing_return;
pub mod two_defaults;
pub mod vpn_captures;
pub mod wrong_gateway;
