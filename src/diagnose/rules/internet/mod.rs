//! Causes beyond the uplink.

pub mod proxy_required;
