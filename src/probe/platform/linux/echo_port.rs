//! One socket for the echo of any number of addresses, with the kernel's own stamps of leaving and arrival.
//!
//! A datagram socket for ICMP where this user may open one, else a raw one. Stamps of leaving and ICMP errors
//! both come by the error queue (`IP_RECVERR` in `ip(7)`; `SO_TIMESTAMPING` in the kernel's `timestamping.rst`).

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::io::{self, IoSliceMut};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV6};
use std::os::fd::{AsRawFd as _, OwnedFd};
use std::time::Duration;

use nix::sys::socket::{
    ControlMessageOwned, MsgFlags, SockaddrStorage, TimestampingFlag, recvmsg, setsockopt, sockopt,
};
use socket2::{Domain, Protocol, SockAddr, SockRef, Socket, Type};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

use super::descriptor::watch;
use crate::model::EchoErrorKind;
use crate::probe::drive::epoch;
use crate::probe::echo::{OpenError, PAYLOAD, is_own_address};
use crate::probe::errors::Icmp;
use crate::probe::exchange::{Refused, Reply, Token};

/// Bytes before the payload.
const HEADER: usize = 8;

/// Bytes of a token: whose it is, target, number.
const TOKEN: usize = 20;

/// Bytes of payload at most, as `ping` sends.
const MOST_PAYLOAD: usize = PAYLOAD;

/// Packets read in one go, so that a flood cannot hold the thread.
const BATCH: usize = 512;

/// A port to look up the way with; nothing is sent there.
const DISCARD: u16 = 9;

/// What the kernel calls entries of the error queue that carry a stamp (`linux/errqueue.h`).
const ORIGIN_TIMESTAMPING: u8 = 4;

/// What came by the socket.
#[derive(Clone, Copy, Debug)]
pub(in crate::probe) enum Heard {
    /// A reply.
    Reply(Reply),
    /// Somebody said why there is none.
    Refused(Refused),
    /// When a request left, since the epoch.
    Left(Token, Duration),
}

/// The socket.
pub(in crate::probe) struct EchoPort {
    socket: AsyncFd<OwnedFd>,
    /// Asks the kernel for the way to an address before the clock is looked at; see [`Self::send`].
    way: Option<Socket>,
    v6: bool,
    raw: bool,
    identifier: u16,
    /// Tells our requests from those of everybody else.
    nonce: [u8; 8],
    payload: usize,
}

impl EchoPort {
    /// Opens it for one family, bound to an address when one is given. Requests carry `payload` bytes, at least
    /// what a token takes and at most [`MOST_PAYLOAD`].
    pub(in crate::probe) fn open(
        v6: bool,
        source: Option<IpAddr>,
        payload: usize,
    ) -> Result<Self, OpenError> {
        let (domain, protocol) = if v6 {
            (Domain::IPV6, Protocol::ICMPV6)
        } else {
            (Domain::IPV4, Protocol::ICMPV4)
        };
        let refused = |error: &io::Error| {
            matches!(
                error.kind(),
                io::ErrorKind::PermissionDenied | io::ErrorKind::Unsupported
            ) || error.raw_os_error() == Some(libc::EPROTONOSUPPORT)
        };
        let (socket, raw) = match Socket::new(domain, Type::DGRAM, Some(protocol)) {
            Ok(socket) => (socket, false),
            Err(error) if refused(&error) => {
                let opened = Socket::new(domain, Type::RAW, Some(protocol));
                let socket = opened.map_err(|error| match error.kind() {
                    io::ErrorKind::PermissionDenied => OpenError::NoRights,
                    _ => OpenError::Io(error),
                })?;
                (socket, true)
            }
            Err(error) => return Err(OpenError::Io(error)),
        };
        socket.set_nonblocking(true)?;
        if let Some(source) = source {
            socket.bind(&SocketAddr::new(source, 0).into())?;
        }
        if v6 {
            setsockopt(&socket, sockopt::Ipv6RecvErr, &true).map_err(io::Error::from)?;
        } else {
            setsockopt(&socket, sockopt::Ipv4RecvErr, &true).map_err(io::Error::from)?;
        }
        // Without stamps our own clock bounds the time from above, so that a refusal is no reason to stop.
        let stamps = TimestampingFlag::SOF_TIMESTAMPING_SOFTWARE
            | TimestampingFlag::SOF_TIMESTAMPING_RX_SOFTWARE
            | TimestampingFlag::SOF_TIMESTAMPING_TX_SOFTWARE;
        setsockopt(&socket, sockopt::Timestamping, &stamps).ok();
        let random = RandomState::new();
        Ok(Self {
            socket: watch(socket, Interest::READABLE | Interest::ERROR)?,
            way: Socket::new(domain, Type::DGRAM, None).ok(),
            v6,
            raw,
            identifier: random.hash_one(0_u8) as u16,
            nonce: random.hash_one(1_u8).to_be_bytes(),
            payload: payload.clamp(TOKEN, MOST_PAYLOAD),
        })
    }

    /// Sends a request and tells when it was handed to the system, since the epoch. Errors that earlier requests
    /// met are heard first, since the kernel would hand them to whoever sends next.
    ///
    /// After a pause the kernel's look-up of the way finds cold caches, which took a fifth of the time to a guest
    /// on the same machine, and more of its tail. So the way is looked up once before the clock is: connecting a
    /// datagram socket does that and sends nothing.
    pub(in crate::probe) fn send(
        &self,
        to: IpAddr,
        scope: u32,
        token: Token,
        heard: &mut Vec<Heard>,
    ) -> io::Result<Duration> {
        let mut room = [0x5a; HEADER + MOST_PAYLOAD];
        let packet = self.packet(token, &mut room);
        let address = |port| -> SockAddr {
            match to {
                IpAddr::V4(v4) => SocketAddr::new(v4.into(), port).into(),
                IpAddr::V6(v6) => SocketAddrV6::new(v6, port, 0, scope).into(),
            }
        };
        let to = address(0);
        if let Some(way) = &self.way {
            // What is wrong with the way, the sending tells.
            way.connect(&address(DISCARD)).ok();
        }
        let socket = SockRef::from(self.socket.get_ref());
        // Nothing of our own work stands between the clock and the sending.
        let mut clock = epoch();
        let mut sent = socket.send_to(packet, &to);
        if sent.is_err() && self.drain_errors(heard) {
            clock = epoch();
            sent = socket.send_to(packet, &to);
        }
        sent.map(|_| clock)
    }

    /// Writes the request for a token into `room`, which is filled with the padding.
    fn packet<'a>(&self, token: Token, room: &'a mut [u8; HEADER + MOST_PAYLOAD]) -> &'a [u8] {
        let fields: [&[u8]; 6] = [
            &[if self.v6 { 128 } else { 8 }, 0, 0, 0],
            &self.identifier.to_be_bytes(),
            &token.sequence().to_be_bytes(),
            &self.nonce,
            &token.target.to_be_bytes(),
            &token.serial.to_be_bytes(),
        ];
        let bytes = fields.into_iter().flatten();
        room.iter_mut()
            .zip(bytes)
            .for_each(|(place, byte)| *place = *byte);
        // The kernel fills in that of version 6, whose pseudo header only it knows.
        if !self.v6 {
            let sum = checksum(room.get(..HEADER + self.payload).unwrap_or_default());
            [room[2], room[3]] = sum.to_be_bytes();
        }
        room.get(..HEADER + self.payload).unwrap_or_default()
    }

    /// Waits until something comes and reads it.
    ///
    /// # Errors
    /// When the runtime is going down.
    pub(in crate::probe) async fn hear(&self, heard: &mut Vec<Heard>) -> io::Result<()> {
        let mut ready = self.socket.ready(Interest::READABLE | Interest::ERROR).await?;
        // Stamps of leaving first, for replies are measured against them.
        let more_errors = self.drain_errors_at_most(BATCH, heard);
        if !self.drain_replies(heard) && !more_errors.is_full {
            ready.clear_ready();
        }
        Ok(())
    }

    /// Reads the error queue; true when something was in it.
    fn drain_errors(&self, heard: &mut Vec<Heard>) -> bool {
        self.drain_errors_at_most(BATCH, heard).any
    }

    fn drain_errors_at_most(&self, most: usize, heard: &mut Vec<Heard>) -> Drained {
        let mut any = false;
        for _ in 0..most {
            match self.read_error() {
                Ok(found) => {
                    any = true;
                    heard.extend(found);
                }
                Err(_) => return Drained { any, is_full: false },
            }
        }
        Drained { any, is_full: true }
    }

    /// Reads replies; true when there may be more of them.
    fn drain_replies(&self, heard: &mut Vec<Heard>) -> bool {
        for _ in 0..BATCH {
            match self.read_reply() {
                Ok(reply) => heard.extend(reply.map(Heard::Reply)),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return false,
                // An error that stands in the error queue, too; it is taken away by the asking.
                Err(_) => {}
            }
        }
        true
    }

    fn read_reply(&self) -> io::Result<Option<Reply>> {
        let mut bytes = [0; 2048];
        let mut parts = [IoSliceMut::new(&mut bytes)];
        let mut control = nix::cmsg_space!([u8; 256]);
        let fd = self.socket.get_ref().as_raw_fd();
        let message = recvmsg::<SockaddrStorage>(fd, &mut parts, Some(&mut control), MsgFlags::MSG_DONTWAIT)?;
        let from = message.address.as_ref().and_then(ip);
        let stamp = message
            .cmsgs()
            .ok()
            .and_then(|mut controls| controls.find_map(|control| stamp(&control)));
        let length = message.bytes;
        let packet = bytes.get(..length).unwrap_or_default();
        Ok(from.and_then(|from| self.parse_reply(packet, from, stamp)))
    }

    /// A reply to this socket; `None` for anything else, which raw sockets hear as well.
    fn parse_reply(&self, packet: &[u8], from: IpAddr, stamp: Option<Duration>) -> Option<Reply> {
        // A raw socket for version 4 hands out the IP header, too.
        let message = match packet.first() {
            Some(first) if self.raw && !self.v6 => packet.get(usize::from(first & 0x0f) * 4..)?,
            _ => packet,
        };
        let [kind, 0, _, _, id_high, id_low, high, low, payload @ ..] = message else {
            return None;
        };
        if *kind != if self.v6 { 129 } else { 0 } {
            return None;
        }
        // The kernel chooses the identifier of a datagram socket and hands out no other.
        if self.raw && u16::from_be_bytes([*id_high, *id_low]) != self.identifier {
            return None;
        }
        Some(Reply {
            token: self.token(payload).filter(|_| self.is_whole(payload)),
            sequence: u16::from_be_bytes([*high, *low]),
            from,
            stamp,
        })
    }

    /// Whether a payload came back as it was sent.
    fn is_whole(&self, payload: &[u8]) -> bool {
        payload.len() == self.payload
            && payload
                .get(TOKEN..)
                .is_some_and(|rest| rest.iter().all(|byte| *byte == 0x5a))
    }

    fn token(&self, payload: &[u8]) -> Option<Token> {
        let own = payload.strip_prefix(&self.nonce)?;
        let target = u32::from_be_bytes(own.get(..4)?.try_into().ok()?);
        let serial = u64::from_be_bytes(own.get(4..12)?.try_into().ok()?);
        Some(Token { target, serial })
    }

    /// Takes one entry from the error queue: `None` for one that says nothing about a request of ours.
    fn read_error(&self) -> io::Result<Option<Heard>> {
        let mut bytes = [0; 2048];
        let mut parts = [IoSliceMut::new(&mut bytes)];
        let mut control = nix::cmsg_space!([u8; 512]);
        let flags = MsgFlags::MSG_ERRQUEUE | MsgFlags::MSG_DONTWAIT;
        let fd = self.socket.get_ref().as_raw_fd();
        let message = recvmsg::<SockaddrStorage>(fd, &mut parts, Some(&mut control), flags)?;
        let to = message.address.as_ref().and_then(ip);
        let (mut left, mut said) = (None, None);
        for control in message.cmsgs()? {
            left = left.or_else(|| stamp(&control));
            let (error, by) = match control {
                ControlMessageOwned::Ipv4RecvErr(error, by) => (
                    error,
                    by.map(|by| IpAddr::V4(Ipv4Addr::from(u32::from_be(by.sin_addr.s_addr)))),
                ),
                ControlMessageOwned::Ipv6RecvErr(error, by) => (
                    error,
                    by.map(|by| IpAddr::V6(Ipv6Addr::from(by.sin6_addr.s6_addr))),
                ),
                _ => continue,
            };
            said = Some((error, by.filter(|by| !by.is_unspecified())));
        }
        let length = message.bytes;
        let packet = bytes.get(..length).unwrap_or_default();
        let Some((error, by)) = said else {
            return Ok(None);
        };
        if error.ee_origin == ORIGIN_TIMESTAMPING {
            // The whole frame comes back, whatever headers its adapter puts before it.
            let payload = packet
                .len()
                .checked_sub(self.payload)
                .and_then(|at| packet.get(at..));
            let token = payload.and_then(|payload| self.token(payload));
            return Ok(token.zip(left).map(|(token, left)| Heard::Left(token, left)));
        }
        let v6 = error.ee_origin == libc::SO_EE_ORIGIN_ICMP6;
        if !v6 && error.ee_origin != libc::SO_EE_ORIGIN_ICMP {
            return Ok(None);
        }
        let [8 | 128, 0, _, _, id_high, id_low, high, low, payload @ ..] = packet else {
            return Ok(None);
        };
        if self.raw && u16::from_be_bytes([*id_high, *id_low]) != self.identifier {
            return Ok(None);
        }
        let icmp = Icmp {
            v6,
            kind: error.ee_type,
            code: error.ee_code,
        };
        let own = by.is_some_and(is_own_address);
        Ok(Some(Heard::Refused(Refused {
            token: self.token(payload),
            sequence: Some(u16::from_be_bytes([*high, *low])),
            to,
            kind: icmp.told_by(own),
            by: by.filter(|_| !own),
            mtu: Some(error.ee_info).filter(|mtu| icmp.meaning() == EchoErrorKind::TooBig && *mtu > 0),
        })))
    }
}

struct Drained {
    any: bool,
    is_full: bool,
}

fn ip(address: &SockaddrStorage) -> Option<IpAddr> {
    if let Some(v4) = address.as_sockaddr_in() {
        return Some(IpAddr::V4(v4.ip()));
    }
    address.as_sockaddr_in6().map(|v6| IpAddr::V6(v6.ip()))
}

/// The kernel's own stamp in a control message, since the epoch.
fn stamp(control: &ControlMessageOwned) -> Option<Duration> {
    let ControlMessageOwned::ScmTimestampsns(stamps) = control else {
        return None;
    };
    let stamp = Duration::from(stamps.system);
    (!stamp.is_zero()).then_some(stamp)
}

/// The Internet checksum of RFC 1071.
fn checksum(bytes: &[u8]) -> u16 {
    let words = bytes.chunks(2).map(|pair| match *pair {
        [high, low] => u32::from(u16::from_be_bytes([high, low])),
        [high] => u32::from(high) << 8,
        _ => 0,
    });
    let mut sum: u32 = words.fold(0, u32::wrapping_add);
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !(sum as u16)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_checksum_is_that_of_the_standard() {
        // An echo request with identifier 1, sequence 1 and no payload.
        assert_eq!(checksum(&[8, 0, 0, 0, 0, 1, 0, 1]), 0xf7fd);
        assert_eq!(checksum(&[0xff]), 0x00ff);
    }

    fn port(v6: bool, raw: bool) -> Option<(tokio::runtime::Runtime, EchoPort)> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let opened = runtime.block_on(async { EchoPort::open(v6, None, 56) });
        let mut port = opened.ok()?;
        port.raw = raw;
        Some((runtime, port))
    }

    #[test]
    fn what_we_send_is_known_again_and_nothing_else() {
        let Some((_runtime, port)) = port(false, false) else {
            return;
        };
        let token = Token {
            target: 7,
            serial: 70_000,
        };
        let mut packet = port.packet(token, &mut [0x5a; HEADER + MOST_PAYLOAD]).to_vec();
        assert_eq!(checksum(&packet), 0);
        let from = "10.0.0.2".parse().unwrap();
        assert!(
            port.parse_reply(&packet, from, None).is_none(),
            "a request is no reply"
        );
        packet[0] = 0;
        let read = port.parse_reply(&packet, from, None).unwrap();
        assert_eq!((read.token, read.sequence), (Some(token), 4464));
        packet[40] ^= 1;
        assert_eq!(port.parse_reply(&packet, from, None).unwrap().token, None);
        packet[40] ^= 1;
        packet[10] ^= 1;
        assert_eq!(
            port.parse_reply(&packet, from, None).unwrap().token,
            None,
            "somebody else's"
        );
        packet.truncate(20);
        assert_eq!(port.parse_reply(&packet, from, None).unwrap().token, None);
        packet.truncate(7);
        assert!(port.parse_reply(&packet, from, None).is_none());
    }

    proptest! {
        #[test]
        fn any_packet_is_survived(packet: Vec<u8>, v6: bool, raw: bool) {
            let Some((_runtime, port)) = port(v6, raw) else { return Ok(()) };
            port.parse_reply(&packet, "10.0.0.2".parse().unwrap(), None);
        }
    }
}
