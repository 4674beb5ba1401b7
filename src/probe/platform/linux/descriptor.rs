//! The operations on file descriptors that the crates leave to their user's care.
#![allow(unsafe_code)]

use std::io;
use std::os::fd::{AsRawFd as _, BorrowedFd, OwnedFd};
use std::time::Duration;

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

/// When the packet arrived that was read from this socket last, since the epoch, by the kernel's stamp:
/// `SIOCGSTAMPNS`, `socket(7)`. The first call turns the stamps on.
pub(super) fn last_arrival(socket: &OwnedFd) -> Option<Duration> {
    /// `linux/sockios.h`; fills a `timespec` of the machine's word size.
    const SIOCGSTAMPNS: libc::c_ulong = 0x8907;
    if !cfg!(target_pointer_width = "64") {
        return None;
    }
    let mut stamp = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: the descriptor is open, and on 64-bit machines this request writes one `timespec` and nothing else.
    let answer = unsafe { libc::ioctl(socket.as_raw_fd(), SIOCGSTAMPNS as _, &raw mut stamp) };
    let seconds = u64::try_from(stamp.tv_sec).ok().filter(|_| answer == 0)?;
    Some(Duration::new(
        seconds,
        u32::try_from(stamp.tv_nsec)
            .ok()
            .filter(|ns| *ns < 1_000_000_000)?,
    ))
}
