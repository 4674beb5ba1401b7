//! Causes at the product and its services.

pub mod vm_not_running;
