//! This machine into the model. Every source has a deadline and an output cap, and says what it could not
//! read and why. All sources are read side by side; nothing here draws a conclusion.

mod complete;
#[cfg(all(test, unix))]
mod fake;
mod file;
#[cfg_attr(unix, path = "group_unix.rs")]
#[cfg_attr(windows, path = "group_windows.rs")]
mod group;
mod inside;
mod listed;
#[cfg(any(unix, test))]
mod marks;
mod processes;
#[cfg(any(unix, test))]
mod qemu;
pub mod rights;
pub mod run;
mod scan;
mod source;
mod virtualbox;
mod vmware;

// What reads Windows and macOS is tried against stand-ins for their tools on every system.
#[cfg(target_os = "linux")]
mod linux;
#[cfg(any(target_os = "macos", test))]
mod macos;
#[cfg(any(windows, test))]
mod windows;

#[cfg(target_os = "linux")]
use linux as here;
#[cfg(target_os = "macos")]
use macos as here;
#[cfg(windows)]
use windows as here;

pub use here::{inside_vm, look_up, source_names};
pub use inside::{Inside, of_card};
pub use scan::{ScanEvent, ScanOptions, scan};

/// This machine's adapters and routes as they are now, where that is told at once: Linux' kernel tells them in a few
/// milliseconds, and elsewhere several tools do together. What is not known is left out.
pub async fn tables() -> crate::model::System {
    if cfg!(not(target_os = "linux")) {
        return crate::model::System::default();
    }
    let mut options = ScanOptions::new(jiff::Timestamp::now());
    options.only = ["adapters", "routes"].map(str::to_owned).into();
    scan(options, |_| {}).await.host
}
