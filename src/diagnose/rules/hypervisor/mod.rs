//! Causes at the product and its services.

pub mod bad_version;
pub mod conflict;
pub mod half_uninstalled;
pub mod helper;
pub mod kernel_module;
pub mod not_running;
pub mod vm_not_running;
