//! The error queue of a datagram socket, where Linux puts the ICMP errors that other machines send: `ip(7)`,
//! `IP_RECVERR`. Without it an unprivileged socket for echo never learns of them.

use std::collections::BTreeMap;
use std::io;
use std::io::IoSliceMut;
use std::net::IpAddr;
use std::os::fd::{AsRawFd as _, OwnedFd};
use std::sync::{Arc, Mutex, PoisonError};

use nix::sys::socket::{ControlMessageOwned, MsgFlags, SockaddrStorage, recvmsg, setsockopt, sockopt};
use surge_ping::AsyncSocket;
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use super::descriptor::{duplicate, watch};
use crate::probe::errors::Icmp;

/// Errors kept for requests that nobody asks after any more.
const KEPT: usize = 256;

/// One ICMP error out of the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::probe) struct QueuedError {
    /// The message.
    pub(in crate::probe) icmp: Icmp,
    /// Who sent it.
    pub(in crate::probe) by: Option<IpAddr>,
    /// What the message carries beside type and code: the packet size of "too big".
    pub(in crate::probe) info: Option<u32>,
    /// The sequence number of the echo request that it quotes.
    sequence: Option<u16>,
}

/// Listens to the error queue of one echo socket until dropped.
pub(in crate::probe) struct ErrorQueue {
    shared: Arc<Shared>,
    listener: JoinHandle<()>,
}

struct Shared {
    socket: AsyncFd<OwnedFd>,
    errors: Mutex<BTreeMap<u16, QueuedError>>,
    arrived: Notify,
}

impl Drop for ErrorQueue {
    fn drop(&mut self) {
        self.listener.abort();
    }
}

impl ErrorQueue {
    /// Turns the queue on and starts to listen.
    pub(in crate::probe) fn open(socket: &AsyncSocket, v6: bool) -> io::Result<Self> {
        let socket = duplicate(socket)?;
        if v6 {
            setsockopt(&socket, sockopt::Ipv6RecvErr, &true)?;
        } else {
            setsockopt(&socket, sockopt::Ipv4RecvErr, &true)?;
        }
        let shared = Arc::new(Shared {
            socket: watch(socket, Interest::ERROR)?,
            errors: Mutex::default(),
            arrived: Notify::new(),
        });
        let listener = tokio::spawn(listen(shared.clone()));
        Ok(Self { shared, listener })
    }

    /// Forgets what an earlier request of this number met.
    pub(in crate::probe) fn expect(&self, sequence: u16) {
        self.shared.errors().remove(&sequence);
    }

    /// Returns when an error came for the request of this number.
    pub(in crate::probe) async fn of(&self, sequence: u16) -> QueuedError {
        loop {
            let arrived = self.shared.arrived.notified();
            if let Some(error) = self.shared.errors().remove(&sequence) {
                return error;
            }
            arrived.await;
        }
    }

    /// Reads what waits in the queue now; true when something did.
    pub(in crate::probe) fn drain(&self) -> bool {
        self.shared.drain()
    }
}

impl Shared {
    fn errors(&self) -> std::sync::MutexGuard<'_, BTreeMap<u16, QueuedError>> {
        self.errors.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn drain(&self) -> bool {
        let mut any = false;
        // Bounded, so that a flood of errors cannot hold the thread.
        for _ in 0..KEPT {
            match read_error(self.socket.get_ref()) {
                Ok(Some(error)) => {
                    any = true;
                    if let Some(sequence) = error.sequence {
                        let mut errors = self.errors();
                        if errors.len() >= KEPT {
                            errors.pop_first();
                        }
                        errors.insert(sequence, error);
                    }
                }
                Ok(None) => any = true,
                Err(_) => break,
            }
        }
        if any {
            self.arrived.notify_waiters();
        }
        any
    }
}

async fn listen(shared: Arc<Shared>) {
    while let Ok(mut ready) = shared.socket.ready(Interest::ERROR).await {
        ready.clear_ready();
        shared.drain();
    }
}

/// Takes one entry from the error queue: `None` for an entry that is no ICMP message.
///
/// # Errors
/// `WouldBlock` when the queue is empty.
pub(super) fn read_error(socket: &OwnedFd) -> io::Result<Option<QueuedError>> {
    let mut quoted = [0; 512];
    let mut parts = [IoSliceMut::new(&mut quoted)];
    let mut control = nix::cmsg_space!([u8; 256]);
    let flags = MsgFlags::MSG_ERRQUEUE | MsgFlags::MSG_DONTWAIT;
    let message = recvmsg::<SockaddrStorage>(socket.as_raw_fd(), &mut parts, Some(&mut control), flags)?;
    let length = message.bytes;
    let mut found = None;
    for control in message.cmsgs()? {
        let (error, by) = match control {
            ControlMessageOwned::Ipv4RecvErr(error, by) => (
                error,
                by.map(|by| IpAddr::V4(u32::from_be(by.sin_addr.s_addr).into())),
            ),
            ControlMessageOwned::Ipv6RecvErr(error, by) => {
                (error, by.map(|by| IpAddr::V6(by.sin6_addr.s6_addr.into())))
            }
            _ => continue,
        };
        let v6 = error.ee_origin == libc::SO_EE_ORIGIN_ICMP6;
        if v6 || error.ee_origin == libc::SO_EE_ORIGIN_ICMP {
            found = Some((
                Icmp {
                    v6,
                    kind: error.ee_type,
                    code: error.ee_code,
                },
                by.filter(|by| !by.is_unspecified()),
                error.ee_info,
            ));
        }
    }
    // The quoted packet starts at the echo request's own header: type, code, checksum, identifier, sequence.
    let sequence = match quoted.get(..length) {
        Some([8 | 128, 0, _, _, _, _, high, low, ..]) => Some(u16::from_be_bytes([*high, *low])),
        _ => None,
    };
    Ok(found.map(|(icmp, by, info)| QueuedError {
        icmp,
        by,
        info: Some(info),
        sequence,
    }))
}
