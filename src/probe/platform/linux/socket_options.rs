//! Socket options that the portable crates do not offer.

use std::io;
use std::net::{IpAddr, SocketAddr, UdpSocket};

use nix::sys::socket::{getsockopt, setsockopt, sockopt};
use nix::{setsockopt_impl, sockopt_impl};
use surge_ping::AsyncSocket;

use super::descriptor::duplicate;

sockopt_impl!(
    /// Whether the system may split packets of this socket, `ip(7)`.
    MtuDiscover4,
    SetOnly,
    libc::IPPROTO_IP,
    libc::IP_MTU_DISCOVER,
    libc::c_int
);
sockopt_impl!(
    /// Whether the system may split packets of this socket, `ipv6(7)`.
    MtuDiscover6,
    SetOnly,
    libc::IPPROTO_IPV6,
    libc::IPV6_MTU_DISCOVER,
    libc::c_int
);

/// Marks all packets of the socket "do not fragment" and lets them be as large as the adapter takes, whatever
/// the system has learned of the path.
pub(in crate::probe) fn forbid_fragments(socket: &AsyncSocket, v6: bool) -> io::Result<()> {
    let socket = duplicate(socket)?;
    if v6 {
        setsockopt(&socket, MtuDiscover6, &libc::IPV6_PMTUDISC_PROBE)?;
    } else {
        setsockopt(&socket, MtuDiscover4, &libc::IP_PMTUDISC_PROBE)?;
    }
    Ok(())
}

/// The largest packet to this IPv4 address as far as the system knows: the adapter's MTU, or less when a router
/// said so.
pub(in crate::probe) fn known_path_mtu(to: IpAddr) -> Option<u32> {
    if to.is_ipv6() {
        return None;
    }
    let socket = UdpSocket::bind(("0.0.0.0", 0)).ok()?;
    socket.connect((to, 9)).ok()?;
    let mtu = getsockopt(&socket, sockopt::IpMtu).ok()?;
    u32::try_from(mtu).ok()
}

/// Sends one empty datagram to the discard port by this adapter, which makes the system ask the segment for
/// the address there even when the routing table leads elsewhere. Nothing listens for an answer.
pub(in crate::probe) fn nudge(to: IpAddr, adapter: Option<&str>) -> io::Result<()> {
    let domain = if to.is_ipv4() {
        socket2::Domain::IPV4
    } else {
        socket2::Domain::IPV6
    };
    let socket = socket2::Socket::new(domain, socket2::Type::DGRAM, None)?;
    socket.set_nonblocking(true)?;
    let mut target = SocketAddr::new(to, 9);
    if let Some(adapter) = adapter {
        socket.bind_device(Some(adapter.as_bytes()))?;
        if let (SocketAddr::V6(target), Some(index)) = (&mut target, super::adapter_index(adapter)) {
            target.set_scope_id(index);
        }
    }
    socket.send_to(&[], &target.into())?;
    Ok(())
}
