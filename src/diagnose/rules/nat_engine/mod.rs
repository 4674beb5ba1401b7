//! Causes at the address translation.

pub(crate) mod forward;
mod net_nat;
pub mod net_nat_conflict;
pub mod net_nat_missing;
pub mod no_inbound_path;
pub mod per_vm_isolation;
pub mod port_forward_wrong;
pub mod portproxy_stale;
pub mod service_stopped;
pub mod usermode_no_icmp;
