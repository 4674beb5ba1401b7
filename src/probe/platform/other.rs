//! What kernels other than Linux' do their own way: Windows and macOS. What cannot be asked stays unknown.

#[cfg(windows)]
#[path = "windows_echo.rs"]
mod windows_echo;

use std::io;
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use surge_ping::AsyncSocket;

use super::echo::OpenError;
use super::errors::{Icmp, tcp_error};
use super::exchange::{Refused, Reply, Token};
use super::neighbor::{ArpAnswers, Entry};
use super::tcp::Attempt;
use super::watch::{Change, RouteSeen};
use crate::model::{EchoErrorKind, TcpOutcome};
#[cfg(windows)]
use crate::model::{Mac, Neighbor, NeighborState};

#[cfg(windows)]
pub(in crate::probe) use windows_echo::EchoSocket;

/// One adapter.
#[derive(Clone, Debug)]
pub(in crate::probe) struct Adapter {
    /// Its name, as people and commands call it.
    pub(in crate::probe) name: String,
    /// Its number.
    pub(in crate::probe) index: u32,
    /// Its addresses, each with the length of its prefix.
    pub(in crate::probe) addresses: Vec<(IpAddr, u8)>,
    /// Its largest packet in bytes.
    pub(in crate::probe) mtu: Option<u32>,
}

impl Adapter {
    /// Whether one of its own prefixes holds the address.
    pub(in crate::probe) fn is_on_link(&self, address: IpAddr) -> bool {
        self.addresses.iter().any(|(own, length)| {
            ipnet::IpNet::new(*own, *length).is_ok_and(|segment| segment.contains(&address))
        })
    }
}

/// The adapters that are up, as netdev lists them.
pub(in crate::probe) fn adapters() -> Vec<Adapter> {
    let listed = netdev::get_interfaces()
        .into_iter()
        .filter(netdev::Interface::is_up);
    let named = listed.map(|listed| {
        let v4 = listed
            .ipv4
            .iter()
            .map(|net| (IpAddr::V4(net.addr()), net.prefix_len()));
        let v6 = listed
            .ipv6
            .iter()
            .map(|net| (IpAddr::V6(net.addr()), net.prefix_len()));
        Adapter {
            addresses: v4.chain(v6).collect(),
            index: listed.index,
            mtu: listed.mtu,
            // Windows itself knows an adapter by a GUID.
            name: listed
                .friendly_name
                .filter(|_| cfg!(windows))
                .unwrap_or(listed.name),
        }
    });
    named.collect()
}

/// The number of an adapter.
pub(in crate::probe) fn adapter_index(name: &str) -> Option<u32> {
    let found = adapters().into_iter().find(|adapter| adapter.name == name);
    found.map(|adapter| adapter.index)
}

/// The adapter that leads to an address, and the address it would send from: a datagram socket that is connected
/// chooses both and sends nothing.
pub(in crate::probe) fn adapter_toward(to: IpAddr, adapters: &[Adapter]) -> Option<(&Adapter, IpAddr)> {
    let any = if to.is_ipv4() { "0.0.0.0" } else { "::" };
    let socket = UdpSocket::bind((any, 0)).ok()?;
    socket.connect((to, 9)).ok()?;
    let source = socket.local_addr().ok()?.ip();
    let holds = |adapter: &&Adapter| adapter.addresses.iter().any(|(own, _)| *own == source);
    Some((adapters.iter().find(holds)?, source))
}

/// ARP cannot be asked by hand here.
pub(in crate::probe) async fn ask_arp(
    _to: IpAddr,
    _adapter: &Adapter,
    _deadline: Instant,
) -> Option<ArpAnswers> {
    None
}

/// The neighbor table as IP Helper tells it.
#[cfg(windows)]
pub(in crate::probe) async fn neighbors() -> io::Result<Vec<Entry>> {
    let rows = tokio::task::spawn_blocking(crate::windows_api::neighbors);
    let rows = rows.await.map_err(io::Error::other)??;
    let names = adapters();
    let entries = rows.into_iter().map(|row| {
        let name = names.iter().find(|adapter| adapter.index == row.index);
        let state = NeighborState::of_windows(row.state);
        let age = Some(u64::from(row.changed_ms_ago));
        Entry {
            neighbor: Neighbor {
                address: row.address,
                mac: row.mac.map(Mac).filter(|mac| !mac.is_zero()),
                adapter: name.map(|adapter| adapter.name.clone()),
                state,
                confirmed_ms_ago: age.filter(|_| state == NeighborState::Reachable),
            },
            changed_ms_ago: age.filter(|_| state == NeighborState::Failed),
        }
    });
    Ok(entries.collect())
}

/// Changes, by looking whenever the system says that there are some.
pub(in crate::probe) async fn changes(tell: impl FnMut(Change)) {
    let (call, called) = tokio::sync::mpsc::channel(1);
    // Kept until nobody listens any more; without it, it is looked again and again.
    let notices = notices(call);
    super::watch::poll(notices.as_ref().map(|_| called), tell).await;
}

/// Calls when adapters, addresses or routes change, as `NotifyIpInterfaceChange` and its siblings tell.
#[cfg(windows)]
fn notices(call: tokio::sync::mpsc::Sender<()>) -> Option<crate::windows_api::Notices> {
    // A call that is still to be answered stands for this one, too.
    let call = move || {
        call.try_send(()).ok();
    };
    crate::windows_api::Notices::ask(Box::new(call)).ok()
}

/// Calls when the routing socket says something, `route(4)`.
#[cfg(not(windows))]
fn notices(call: tokio::sync::mpsc::Sender<()>) -> Option<()> {
    let domain = socket2::Domain::from(libc::PF_ROUTE);
    let socket = socket2::Socket::new(domain, socket2::Type::RAW, None).ok()?;
    // Looked up now and then, so that the thread ends when nobody listens any more.
    socket.set_read_timeout(Some(Duration::from_secs(2))).ok()?;
    let listen = move || {
        let mut message = [0; 2048];
        while !call.is_closed() {
            match io::Read::read(&mut &socket, &mut message) {
                Ok(0) => return,
                Ok(_) => {
                    call.try_send(()).ok();
                }
                Err(error)
                    if matches!(
                        error.kind(),
                        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut | io::ErrorKind::Interrupted
                    ) => {}
                // What did not fit was lost, so that something changed; else the socket is gone.
                Err(error) if error.raw_os_error() == Some(libc::ENOBUFS) => {
                    call.try_send(()).ok();
                }
                Err(_) => return,
            }
        }
    };
    let thread = std::thread::Builder::new().name("vmnet-doctor-routes".to_owned());
    thread.spawn(listen).ok().map(|_| ())
}

/// The routes, as IP Helper tells them.
#[cfg(windows)]
pub(in crate::probe) fn routes() -> Vec<RouteSeen> {
    let rows = crate::windows_api::routes().unwrap_or_default();
    let names = adapters();
    let seen = rows.into_iter().map(|row| RouteSeen {
        to: row.destination,
        via: row.via,
        adapter: names
            .iter()
            .find(|adapter| adapter.index == row.index)
            .map(|adapter| adapter.name.clone()),
    });
    seen.collect()
}

/// Routes are read from what `netstat` prints, which takes too long to be done again and again.
#[cfg(not(windows))]
pub(in crate::probe) fn routes() -> Vec<RouteSeen> {
    Vec::new()
}

/// The neighbor table is not read here.
#[cfg(not(windows))]
pub(in crate::probe) async fn neighbors() -> io::Result<Vec<Entry>> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Sends one empty datagram to the discard port, which makes the system ask the segment for the address.
pub(in crate::probe) fn nudge(to: IpAddr, _adapter: Option<&str>) -> io::Result<()> {
    let any = if to.is_ipv4() { "0.0.0.0" } else { "::" };
    UdpSocket::bind((any, 0))?.send_to(&[], (to, 9)).map(|_| ())
}

/// Not offered here: path MTU stays unknown.
pub(in crate::probe) fn forbid_fragments(_socket: &AsyncSocket, _v6: bool) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Not known here.
pub(in crate::probe) fn known_path_mtu(_to: IpAddr) -> Option<u32> {
    None
}

/// Why the system did not send, by the numbers that `io::ErrorKind` does not name.
pub(in crate::probe) fn echo_error(number: i32) -> EchoErrorKind {
    #[cfg(unix)]
    match number {
        libc::EMSGSIZE => return EchoErrorKind::TooBig,
        libc::ENOBUFS => return EchoErrorKind::NoBuffer,
        libc::ENXIO | libc::ENODEV => return EchoErrorKind::AdapterGone,
        _ => {}
    }
    // WSAEMSGSIZE and WSAENOBUFS.
    match number {
        10040 => EchoErrorKind::TooBig,
        10055 => EchoErrorKind::NoBuffer,
        _ => EchoErrorKind::Other,
    }
}

/// Connects and tells what came of it, by the error's number alone.
pub(in crate::probe) async fn connect(to: SocketAddr, source: Option<IpAddr>, patience: Duration) -> Attempt {
    let start = Instant::now();
    let connecting = async {
        let socket = if to.is_ipv4() {
            tokio::net::TcpSocket::new_v4()
        } else {
            tokio::net::TcpSocket::new_v6()
        }?;
        if let Some(source) = source {
            socket.bind(SocketAddr::new(source, 0))?;
        }
        socket.connect(to).await
    };
    let (outcome, time) = match tokio::time::timeout(patience, connecting).await {
        Err(_) => (TcpOutcome::TimedOut, None),
        Ok(Err(error)) => (tcp_error(&error), Some(start.elapsed())),
        Ok(Ok(stream)) => {
            let time = start.elapsed();
            let mut byte = [0];
            let watching = tokio::time::timeout(super::tcp::RESET_WAIT, stream.peek(&mut byte)).await;
            match watching {
                Ok(Err(error)) if error.kind() == io::ErrorKind::ConnectionReset => {
                    (TcpOutcome::Reset, Some(time))
                }
                _ => (TcpOutcome::Connected, Some(time)),
            }
        }
    };
    Attempt {
        outcome,
        time,
        by: None,
    }
}

/// One ICMP error of a queue that this system does not have.
#[derive(Clone, Copy, Debug)]
pub(in crate::probe) struct QueuedError {
    /// The message.
    pub(in crate::probe) icmp: Icmp,
    /// Who sent it.
    pub(in crate::probe) by: Option<IpAddr>,
    /// What the message carries beside type and code.
    pub(in crate::probe) info: Option<u32>,
}

/// There is no error queue here; nothing of this type is ever made.
pub(in crate::probe) enum ErrorQueue {}

impl ErrorQueue {
    /// Never succeeds.
    pub(in crate::probe) fn open(_socket: &AsyncSocket, _v6: bool) -> io::Result<Self> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Never called.
    pub(in crate::probe) fn expect(&self, _sequence: u16) {
        match *self {}
    }

    /// Never called.
    pub(in crate::probe) async fn of(&self, _sequence: u16) -> QueuedError {
        match *self {}
    }

    /// Never called.
    pub(in crate::probe) fn drain(&self) -> bool {
        match *self {}
    }
}

/// There are no stamps here; nothing of this type is ever made.
pub(in crate::probe) enum Arrivals {}

impl Arrivals {
    /// Never succeeds.
    pub(in crate::probe) fn open(_socket: &AsyncSocket) -> io::Result<Self> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Never called.
    pub(in crate::probe) fn last(&self) -> Option<Duration> {
        match *self {}
    }
}

/// There is no socket for many addresses here; nothing of this type is ever made.
pub(in crate::probe) enum EchoPort {}

/// What such a socket would hear.
pub(in crate::probe) enum Heard {
    /// A reply.
    Reply(Reply),
    /// Somebody said why there is none.
    Refused(Refused),
    /// When a request left, since the epoch.
    Left(Token, Duration),
}

impl EchoPort {
    /// Never succeeds.
    pub(in crate::probe) fn open(
        _v6: bool,
        _source: Option<IpAddr>,
        _payload: usize,
    ) -> Result<Self, OpenError> {
        Err(OpenError::Io(io::ErrorKind::Unsupported.into()))
    }

    /// Never called.
    pub(in crate::probe) fn send(
        &self,
        _to: IpAddr,
        _scope: u32,
        _token: Token,
        _heard: &mut Vec<Heard>,
    ) -> io::Result<Duration> {
        match *self {}
    }

    /// Never called.
    pub(in crate::probe) async fn hear(&self, _heard: &mut Vec<Heard>) -> io::Result<()> {
        match *self {}
    }
}
