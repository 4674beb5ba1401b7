//! TCP connect that learns which ICMP message stood behind an error.

use std::io;
use std::mem::MaybeUninit;
use std::net::{IpAddr, SocketAddr};
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

use nix::sys::socket::{setsockopt, sockopt};
use socket2::{Domain, Protocol, SockRef, Socket, Type};
use tokio::io::Interest;

use super::descriptor::watch;
use super::error_queue::read_error;
use crate::model::TcpOutcome;
use crate::probe::echo::is_own_address;
use crate::probe::errors::{tcp_error, tcp_icmp};
use crate::probe::tcp::{Attempt, RESET_WAIT};

/// Connects and tells what came of it. Nothing is sent over the connection, and it is closed at once.
pub(in crate::probe) async fn connect(to: SocketAddr, source: Option<IpAddr>, patience: Duration) -> Attempt {
    let start = Instant::now();
    match attempt(to, source, start, patience).await {
        Ok(attempt) => attempt,
        Err(error) => Attempt {
            outcome: tcp_error(&error),
            time: None,
            by: None,
        },
    }
}

async fn attempt(
    to: SocketAddr,
    source: Option<IpAddr>,
    start: Instant,
    patience: Duration,
) -> io::Result<Attempt> {
    let socket = Socket::new(Domain::for_address(to), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_nonblocking(true)?;
    if to.is_ipv4() {
        setsockopt(&socket, sockopt::Ipv4RecvErr, &true)?;
    } else {
        setsockopt(&socket, sockopt::Ipv6RecvErr, &true)?;
    }
    if let Some(source) = source {
        socket.bind(&SocketAddr::new(source, 0).into())?;
    }
    match socket.connect(&to.into()) {
        Ok(()) => {}
        Err(error) if error.raw_os_error() == Some(libc::EINPROGRESS) => {}
        Err(error) => return Err(error),
    }
    let socket = watch(socket, Interest::READABLE | Interest::WRITABLE)?;
    let silent = Attempt {
        outcome: TcpOutcome::TimedOut,
        time: None,
        by: None,
    };
    match tokio::time::timeout(patience, socket.writable()).await {
        Err(_) => return Ok(silent),
        Ok(ready) => drop(ready?),
    }
    let time = Some(start.elapsed());
    if let Some(error) = SockRef::from(socket.get_ref()).take_error()? {
        return Ok(read_failure(socket.get_ref(), to, &error, time));
    }
    // A forward in between (a hypervisor's NAT) connects on the guest's behalf and resets when the guest refuses.
    let wait = RESET_WAIT.min(patience.saturating_sub(start.elapsed()));
    let mut outcome = TcpOutcome::Connected;
    if tokio::time::timeout(wait, socket.readable()).await.is_ok() {
        let peeked = SockRef::from(socket.get_ref()).peek(&mut [MaybeUninit::uninit()]);
        if peeked.is_err_and(|error| error.kind() == io::ErrorKind::ConnectionReset) {
            outcome = TcpOutcome::Reset;
        }
    }
    Ok(Attempt {
        outcome,
        time,
        by: None,
    })
}

/// The outcome of a connect that failed, by the last ICMP message that came, else by the error's number.
fn read_failure(socket: &OwnedFd, to: SocketAddr, error: &io::Error, time: Option<Duration>) -> Attempt {
    let mut last = None;
    for _ in 0..16 {
        match read_error(socket) {
            Ok(Some(queued)) => last = Some(queued),
            Ok(None) => {}
            Err(_) => break,
        }
    }
    let Some(queued) = last else {
        return Attempt {
            outcome: tcp_error(error),
            time,
            by: None,
        };
    };
    let own = queued.by.is_some_and(is_own_address) && !is_own_address(to.ip());
    Attempt {
        outcome: tcp_icmp(queued.icmp.meaning(), own),
        time,
        by: queued.by.filter(|by| *by != to.ip() && !own),
    }
}
