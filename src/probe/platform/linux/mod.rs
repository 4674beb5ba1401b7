//! What Linux offers beyond the portable: the error queue of sockets, netlink, packet sockets.

mod adapters;
mod arp;
mod arrival;
mod changes;
mod connect;
mod descriptor;
mod echo_port;
mod error_queue;
mod neighbors;
mod socket_options;

use crate::model::EchoErrorKind;

pub(in crate::probe) use adapters::{Adapter, adapter_index, adapter_toward, adapters};
pub(in crate::probe) use arp::ask_arp;
pub(in crate::probe) use arrival::Arrivals;
pub(in crate::probe) use changes::{changes, routes};
pub(in crate::probe) use connect::connect;
pub(in crate::probe) use echo_port::{EchoPort, Heard};
pub(in crate::probe) use error_queue::ErrorQueue;
pub(in crate::probe) use neighbors::neighbors;
pub(in crate::probe) use socket_options::{forbid_fragments, known_path_mtu, nudge};

/// Why the system did not send, by the numbers that `io::ErrorKind` does not name.
pub(in crate::probe) fn echo_error(number: i32) -> EchoErrorKind {
    match number {
        libc::EMSGSIZE => EchoErrorKind::TooBig,
        libc::ENOBUFS | libc::ENOMEM => EchoErrorKind::NoBuffer,
        libc::ENODEV | libc::ENXIO | libc::ENONET => EchoErrorKind::AdapterGone,
        _ => EchoErrorKind::Other,
    }
}
