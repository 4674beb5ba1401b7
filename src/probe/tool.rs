//! Tools that probe for users without rights.

use std::io;

use tokio::process::{Child, Command};

/// Starts a tool on a thread that may wait, as the runner of `collect` does: a busy disk, or a scanner for viruses that looks
/// at the program first, keeps its caller until it runs.
pub(super) async fn start(mut command: Command) -> io::Result<Child> {
    let started = tokio::task::spawn_blocking(move || command.spawn());
    started.await.unwrap_or_else(|error| Err(error.into()))
}
