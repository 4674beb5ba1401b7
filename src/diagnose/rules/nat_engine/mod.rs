//! Causes at the address translation.

mod forward;
pub mod no_inbound_path;
pub mod per_vm_isolation;
pub mod port_forward_wrong;
pub mod service_stopped;
pub mod usermode_no_icmp;
