//! Real guests: libvirt's own daemon and networks, and QEMU under software emulation.
//!
//! The daemon runs in the PC's network namespace, and in mount and process namespaces of the PC's own ([`machine`]);
//! its guests are a distribution's kernel with a busybox ([`guest`]), booted once, saved, and restored for each run.
//! The program finds out product, mode, machine, lease and cable by itself.

pub mod agent;
pub mod catalog;
pub mod detected;
pub mod guest;
pub mod layout;
pub mod machine;
pub mod moments;
pub mod told;

use crate::cage;
use crate::entry::Run;

/// Needed beside the tools of the other networks.
const TOOLS: [&str; 10] = [
    "busybox",
    "cpio",
    "depmod",
    "dnsmasq",
    "gzip",
    "libvirtd",
    "modprobe",
    "nsenter",
    "qemu-system-x86_64",
    "virsh",
];

/// Whether real guests can be had here; the error is the plain reason why not.
pub fn ready() -> Result<(), String> {
    if std::env::var_os("LAB_REAL").is_none_or(|set| set.is_empty()) {
        return Err("LAB_REAL is not set".to_owned());
    }
    if !cfg!(target_arch = "x86_64") {
        return Err("the guests are made for x86-64".to_owned());
    }
    let missing: Vec<&str> = TOOLS
        .into_iter()
        .filter(|tool| !cage::is_installed(tool))
        .collect();
    if !missing.is_empty() {
        return Err(format!("for real guests not installed: {}", missing.join(", ")));
    }
    guest::kernel().map(drop)
}

/// How the entries here are run. The neighbor table's age and echo sockets are the other networks' matter.
pub const RUNS: [Run; 3] = [Run::Proof, Run::Root, Run::User];
