//! When replies arrived, by the kernel's own stamps: waking up a task takes longer than a round trip to a guest.

use std::io;
use std::os::fd::OwnedFd;
use std::time::Duration;

use surge_ping::AsyncSocket;

use super::descriptor::{duplicate, last_arrival};

/// The stamps of one echo socket.
pub(in crate::probe) struct Arrivals {
    socket: OwnedFd,
}

impl Arrivals {
    /// Turns the stamps on.
    pub(in crate::probe) fn open(socket: &AsyncSocket) -> io::Result<Self> {
        let socket = duplicate(socket)?;
        // Nothing has arrived yet, so this has no answer; it is the asking that turns them on.
        last_arrival(&socket);
        Ok(Self { socket })
    }

    /// When the packet arrived that was read last, since the epoch. Asked after a reply was handed over, it is
    /// that of the reply or of a packet that came later, never of an earlier one.
    pub(in crate::probe) fn last(&self) -> Option<Duration> {
        last_arrival(&self.socket)
    }
}
