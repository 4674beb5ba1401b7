//! Process groups and program files on Unix.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use tokio::process::Command;

/// Gives the command a process group of its own, so that its children can be ended with it.
pub fn own(command: &mut Command) {
    command.process_group(0);
}

/// Ends the process group that `leader` leads, at once. A group that has ended already is fine.
pub fn end(leader: u32) {
    // Group 0 would be our own, and 1 everybody's.
    if let Some(leader) = i32::try_from(leader).ok().filter(|leader| *leader > 1) {
        killpg(Pid::from_raw(leader), Signal::SIGKILL).ok();
    }
}

/// Whether the file can be run.
pub fn is_program(file: &Path) -> bool {
    file.metadata()
        .is_ok_and(|about| about.is_file() && about.permissions().mode() & 0o111 != 0)
}
