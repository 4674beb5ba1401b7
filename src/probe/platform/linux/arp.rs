//! Asking ARP by hand: through a packet socket where this user may open one, else through `arping`.

use std::io::{self, Read as _};
use std::net::{IpAddr, Ipv4Addr};
use std::os::fd::{AsRawFd as _, OwnedFd};
use std::process::Stdio;
use std::time::{Duration, Instant};

use socket2::{Domain, Protocol, SockRef, Socket, Type};
use tokio::io::unix::AsyncFd;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader, Interest};

use super::Adapter;
use super::descriptor::watch;
use crate::model::Mac;
use crate::probe::arp::{arping_line, reply, request};
use crate::probe::neighbor::ArpAnswers;
use crate::probe::tool;

/// When requests go out, in milliseconds from the first; later ones only while nobody has answered. Several,
/// because one answer does not rule out a second owner.
const REQUESTS_MS: [u64; 5] = [0, 50, 100, 500, 1000];

/// How long a second owner is waited for after the last request of the first group.
const LISTEN_ANSWERED: Duration = Duration::from_millis(220);

/// How long to listen when nobody answers.
const LISTEN_SILENT: Duration = Duration::from_millis(1500);

/// Hardware addresses noted at most.
const MAX_OWNERS: usize = 8;

/// Asks who has the address on this adapter, several times, and notes everyone who answers. `None` when ARP
/// cannot be asked there: no rights, no Ethernet, or an IPv6 address.
pub(in crate::probe) async fn ask_arp(
    to: IpAddr,
    adapter: &Adapter,
    deadline: Instant,
) -> Option<ArpAnswers> {
    let IpAddr::V4(target) = to else { return None };
    let mac = adapter.mac?;
    let own = sender(adapter, to);
    match open(adapter) {
        Ok(socket) => by_packet_socket(&socket, mac, own, target, deadline).await.ok(),
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            by_arping(target, &adapter.name, deadline).await
        }
        Err(_) => None,
    }
}

/// The address that asks: the adapter's own in the target's segment, else any of it, else none (a "probe" of
/// RFC 5227, which is answered as well).
fn sender(adapter: &Adapter, to: IpAddr) -> Ipv4Addr {
    let v4 = |(address, length): &(IpAddr, u8)| match address {
        IpAddr::V4(v4) => Some((*v4, *length)),
        IpAddr::V6(_) => None,
    };
    let own: Vec<_> = adapter.addresses.iter().filter_map(v4).collect();
    let holds = |(v4, length): &&(Ipv4Addr, u8)| {
        let one = Adapter {
            addresses: vec![(IpAddr::V4(*v4), *length)],
            ..adapter.clone()
        };
        one.is_on_link(to)
    };
    own.iter()
        .find(holds)
        .or(own.first())
        .map_or(Ipv4Addr::UNSPECIFIED, |(v4, _)| *v4)
}

fn open(adapter: &Adapter) -> io::Result<AsyncFd<OwnedFd>> {
    let protocol = i32::from((libc::ETH_P_ARP as u16).to_be());
    let socket = Socket::new(Domain::PACKET, Type::RAW, Some(Protocol::from(protocol)))?;
    socket.set_nonblocking(true)?;
    let link = adapter.link.as_ref().ok_or(io::ErrorKind::AddrNotAvailable)?;
    nix::sys::socket::bind(socket.as_raw_fd(), link)?;
    watch(socket, Interest::READABLE)
}

async fn by_packet_socket(
    socket: &AsyncFd<OwnedFd>,
    mac: Mac,
    own: Ipv4Addr,
    target: Ipv4Addr,
    deadline: Instant,
) -> io::Result<ArpAnswers> {
    let start = Instant::now();
    let mut macs: Vec<Mac> = Vec::new();
    let mut asked = 0;
    loop {
        let answered = !macs.is_empty();
        let listen = if answered { LISTEN_ANSWERED } else { LISTEN_SILENT };
        let end = (start + listen).min(deadline);
        if Instant::now() >= end {
            break;
        }
        let next = REQUESTS_MS
            .get(asked)
            .map(|at| start + Duration::from_millis(*at))
            .filter(|next| *next < end);
        tokio::select! {
            () = tokio::time::sleep_until(next.unwrap_or(end).into()) => {
                if next.is_some() {
                    asked += 1;
                    SockRef::from(socket.get_ref()).send(&request(mac, own, target))?;
                }
            }
            ready = socket.readable() => {
                let mut ready = ready?;
                match ready.try_io(|socket| receive(socket.get_ref())) {
                    Ok(frame) => {
                        if let Some(found) = reply(&frame?, target)
                            && found != mac
                            && !macs.contains(&found)
                            && macs.len() < MAX_OWNERS
                        {
                            macs.push(found);
                        }
                    }
                    Err(_would_block) => {}
                }
            }
        }
    }
    Ok(ArpAnswers {
        macs,
        listened_ms: millis(start.elapsed()),
        fell_silent: false,
    })
}

fn receive(socket: &OwnedFd) -> io::Result<Vec<u8>> {
    let mut bytes = [0; 128];
    let length = (&*SockRef::from(socket)).read(&mut bytes)?;
    Ok(bytes.get(..length).unwrap_or_default().to_vec())
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// The same by `arping`, which often may do what this user may not. Nothing it prints is trusted beyond the
/// hardware addresses in it.
async fn by_arping(target: Ipv4Addr, adapter: &str, deadline: Instant) -> Option<ArpAnswers> {
    let start = Instant::now();
    let mut command = tokio::process::Command::new("arping");
    command
        .args(["-b", "-c", "2", "-w", "2", "-I", adapter])
        .arg(target.to_string())
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    let starting = tool::start(command);
    let mut child = tokio::time::timeout_at(deadline.into(), starting)
        .await
        .ok()?
        .ok()?;
    let mut lines = BufReader::new(child.stdout.take()?.take(64 * 1024)).lines();
    let mut macs = Vec::new();
    let mut ran = false;
    let mut end = (start + Duration::from_millis(1900)).min(deadline);
    while let Ok(Ok(Some(line))) = tokio::time::timeout_at(end.into(), lines.next_line()).await {
        // It says so only once it has a socket.
        ran |= line.starts_with("ARPING");
        if let Some(mac) = arping_line(&line)
            && !macs.contains(&mac)
            && macs.len() < MAX_OWNERS
        {
            macs.push(mac);
            end = end.min(Instant::now() + LISTEN_ANSWERED);
        }
    }
    ran.then(|| ArpAnswers {
        macs,
        listened_ms: millis(start.elapsed()),
        fell_silent: false,
    })
}
