//! The two operations on file descriptors that the crates leave to their user's care.
#![allow(unsafe_code)]

use std::io;
use std::os::fd::{BorrowedFd, OwnedFd};

use surge_ping::AsyncSocket;
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

/// A second handle of surge-ping's socket, for the options and the queue that surge-ping does not offer.
pub(super) fn duplicate(socket: &AsyncSocket) -> io::Result<OwnedFd> {
    // SAFETY: `socket` holds the descriptor open for the whole call, and the borrowed handle does not outlive
    // it: what is handed back is a duplicate with a life of its own.
    unsafe { BorrowedFd::borrow_raw(socket.get_native_sock()) }.try_clone_to_owned()
}

/// Registers a socket with the runtime.
pub(super) fn watch(socket: impl Into<OwnedFd>, interest: Interest) -> io::Result<AsyncFd<OwnedFd>> {
    // SAFETY: an `OwnedFd` names one open descriptor for as long as it lives, and `AsyncFd` hands it out by
    // reference only, so the descriptor stays open and the same until it is deregistered.
    unsafe { AsyncFd::register_with_interest(socket.into(), interest) }.map_err(Into::into)
}
