//! Process groups and program files on Windows.

use std::path::Path;

use tokio::process::Command;

/// Keeps the command from opening a console window. Its children are not ended with it yet.
pub fn own(command: &mut Command) {
    // CREATE_NO_WINDOW, from the documentation of CreateProcess.
    command.creation_flags(0x0800_0000);
}

/// The program itself ends when its handle is dropped.
pub fn end(_leader: u32) {}

/// Whether the file can be run.
pub fn is_program(file: &Path) -> bool {
    file.is_file()
}
