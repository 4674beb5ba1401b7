//! Causes at the address translation.

pub mod no_inbound_path;
pub mod per_vm_isolation;
pub mod service_stopped;
pub mod usermode_no_icmp;
