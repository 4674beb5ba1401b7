//! This machine into the model. Every source has a deadline and an output cap, and says what it could not
//! read and why. All sources are read side by side; nothing here draws a conclusion.

mod complete;
mod file;
#[cfg_attr(unix, path = "group_unix.rs")]
#[cfg_attr(windows, path = "group_windows.rs")]
mod group;
mod inside;
mod listed;
mod processes;
pub mod run;
mod scan;
mod source;

#[cfg(target_os = "linux")]
#[path = "linux/mod.rs"]
mod here;
#[cfg(target_os = "windows")]
#[path = "windows/mod.rs"]
mod here;
#[cfg(target_os = "macos")]
#[path = "macos/mod.rs"]
mod here;

pub use here::{inside_vm, look_up, source_names};
pub use inside::Inside;
pub use scan::{ScanEvent, ScanOptions, scan};
