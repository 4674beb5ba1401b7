//! The kernel's routing socket: one connection a question, rows as they come, errors in the system's words.

use std::collections::HashMap;
use std::net::IpAddr;

use futures_util::{Stream, StreamExt as _};
use ipnet::IpNet;
use nix::errno::Errno;
use rtnetlink::Handle;
use rtnetlink::packet_route::link::{LinkAttribute, LinkMessage};

use crate::model::{Gap, Mac, Why};

/// More rows than this of one table are not read: a router with the whole internet's routes has a million.
const MOST_ROWS: usize = 100_000;

/// A connection whose work ends when it is dropped.
pub(super) struct Netlink {
    /// Asks questions.
    pub handle: Handle,
    driver: tokio::task::JoinHandle<()>,
}

impl Drop for Netlink {
    fn drop(&mut self) {
        self.driver.abort();
    }
}

/// Opens a connection to the kernel's routing tables in this process's network namespace.
///
/// # Errors
/// When the kernel refuses the socket.
pub(super) fn connect() -> Result<Netlink, Gap> {
    let (connection, handle, _messages) = rtnetlink::new_connection().map_err(|error| Gap {
        why: if error.kind() == std::io::ErrorKind::PermissionDenied {
            Why::NoPermission
        } else {
            Why::Failed
        },
        detail: format!("netlink: {error}"),
    })?;
    Ok(Netlink {
        handle,
        driver: tokio::spawn(connection),
    })
}

/// All rows of a dump.
///
/// # Errors
/// When the kernel refuses, or the table is beyond [`MOST_ROWS`].
pub(super) async fn rows<T>(stream: impl Stream<Item = Result<T, rtnetlink::Error>>) -> Result<Vec<T>, Gap> {
    let mut stream = std::pin::pin!(stream);
    let mut rows = Vec::new();
    while let Some(row) = stream.next().await {
        rows.push(row.map_err(|error| gap(&error))?);
        if rows.len() > MOST_ROWS {
            return Err(Gap {
                why: Why::TooLarge,
                detail: format!("more than {MOST_ROWS} rows"),
            });
        }
    }
    Ok(rows)
}

/// The system's error number behind a failed request, when it has one.
pub(super) fn errno(error: &rtnetlink::Error) -> Option<Errno> {
    match error {
        rtnetlink::Error::NetlinkError(message) => message
            .code
            .map(|code| Errno::from_raw(code.get().saturating_abs())),
        _ => None,
    }
}

pub(super) fn gap(error: &rtnetlink::Error) -> Gap {
    match errno(error) {
        Some(errno) => Gap {
            why: if matches!(errno, Errno::EPERM | Errno::EACCES) {
                Why::NoPermission
            } else {
                Why::Failed
            },
            detail: format!("netlink: {}", errno.desc()),
        },
        None => Gap {
            why: Why::Failed,
            detail: format!("netlink: {error}"),
        },
    }
}

/// Every link of this network namespace.
pub(super) async fn links(netlink: &Netlink) -> Result<Vec<LinkMessage>, Gap> {
    rows(netlink.handle.link().get().execute()).await
}

/// The names of links by their index.
pub(super) fn names(links: &[LinkMessage]) -> HashMap<u32, String> {
    links
        .iter()
        .filter_map(|link| Some((link.header.index, name(link)?.to_owned())))
        .collect()
}

/// The name of a link.
pub(super) fn name(link: &LinkMessage) -> Option<&str> {
    link.attributes.iter().find_map(|attribute| match attribute {
        LinkAttribute::IfName(name) => Some(name.as_str()),
        _ => None,
    })
}

/// A hardware address of Ethernet's length.
pub(super) fn mac(bytes: &[u8]) -> Option<Mac> {
    Some(Mac(bytes.try_into().ok()?))
}

/// The prefix `address/length`, when the kernel's length fits the family.
pub(super) fn net(address: IpAddr, length: u8) -> Option<IpNet> {
    IpNet::new(address, length).ok()
}
