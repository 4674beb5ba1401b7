//! The adapters, as far as probes need them.

use std::net::{IpAddr, UdpSocket};

use nix::ifaddrs::getifaddrs;
use nix::sys::socket::{LinkAddr, SockaddrStorage};

use crate::model::Mac;

/// One adapter.
#[derive(Clone, Debug)]
pub(in crate::probe) struct Adapter {
    /// Its name.
    pub(in crate::probe) name: String,
    /// Its hardware address, when it is one that speaks ARP.
    pub(in crate::probe) mac: Option<Mac>,
    /// Its addresses, each with the length of its prefix.
    pub(in crate::probe) addresses: Vec<(IpAddr, u8)>,
    /// Its largest packet in bytes.
    pub(in crate::probe) mtu: Option<u32>,
    /// Where packet sockets bind.
    pub(super) link: Option<LinkAddr>,
}

impl Adapter {
    /// Whether one of its own prefixes holds the address.
    pub(in crate::probe) fn is_on_link(&self, address: IpAddr) -> bool {
        self.addresses.iter().any(|(own, length)| match (own, address) {
            (IpAddr::V4(own), IpAddr::V4(address)) => {
                let shift = 32_u32.saturating_sub(u32::from(*length));
                (own.to_bits() ^ address.to_bits())
                    .checked_shr(shift)
                    .unwrap_or(0)
                    == 0
            }
            (IpAddr::V6(own), IpAddr::V6(address)) => {
                let shift = 128_u32.saturating_sub(u32::from(*length));
                (own.to_bits() ^ address.to_bits())
                    .checked_shr(shift)
                    .unwrap_or(0)
                    == 0
            }
            _ => false,
        })
    }
}

/// All adapters of this machine.
pub(in crate::probe) fn adapters() -> Vec<Adapter> {
    let mut adapters: Vec<Adapter> = Vec::new();
    let Ok(entries) = getifaddrs() else {
        return adapters;
    };
    for entry in entries {
        let at = match adapters
            .iter()
            .position(|adapter| adapter.name == entry.interface_name)
        {
            Some(at) => at,
            None => {
                adapters.push(Adapter {
                    mtu: mtu(&entry.interface_name),
                    name: entry.interface_name,
                    mac: None,
                    addresses: Vec::new(),
                    link: None,
                });
                adapters.len() - 1
            }
        };
        let (Some(adapter), Some(address)) = (adapters.get_mut(at), entry.address) else {
            continue;
        };
        if let Some(link) = address.as_link_addr() {
            adapter.link = Some(*link);
            // Only Ethernet speaks ARP; a tunnel's link address is none, or an IP address.
            let ethernet = link.hatype() == libc::ARPHRD_ETHER && link.halen() == 6;
            adapter.mac = link
                .addr()
                .filter(|_| ethernet)
                .map(Mac)
                .filter(|mac| !mac.is_zero());
        } else if let Some(address) = ip(&address) {
            let length = entry
                .netmask
                .as_ref()
                .and_then(ip)
                .map_or(128, |mask| match mask {
                    IpAddr::V4(mask) => mask.to_bits().count_ones() as u8,
                    IpAddr::V6(mask) => mask.to_bits().count_ones() as u8,
                });
            adapter.addresses.push((address, length));
        }
    }
    adapters
}

fn ip(address: &SockaddrStorage) -> Option<IpAddr> {
    if let Some(v4) = address.as_sockaddr_in() {
        return Some(IpAddr::V4(v4.ip()));
    }
    address.as_sockaddr_in6().map(|v6| IpAddr::V6(v6.ip()))
}

/// The adapter's largest packet. The name comes from the kernel, which allows no slash in it.
fn mtu(adapter: &str) -> Option<u32> {
    std::fs::read_to_string(format!("/sys/class/net/{adapter}/mtu"))
        .ok()?
        .trim()
        .parse()
        .ok()
}

/// The kernel's number of an adapter.
pub(in crate::probe) fn adapter_index(name: &str) -> Option<u32> {
    nix::net::if_::if_nametoindex(name).ok()
}

/// The adapter that the system would use to reach the address, and the address it would send from. No packet
/// is sent.
pub(in crate::probe) fn adapter_toward(to: IpAddr, adapters: &[Adapter]) -> Option<(&Adapter, IpAddr)> {
    let any = if to.is_ipv4() { "0.0.0.0" } else { "::" };
    let socket = UdpSocket::bind((any, 0)).ok()?;
    socket.connect((to, 9)).ok()?;
    let own = socket.local_addr().ok()?.ip();
    // Two adapters may hold one address; the one whose prefix holds the target is meant.
    let holders = || {
        adapters
            .iter()
            .filter(|adapter| adapter.addresses.iter().any(|(held, _)| *held == own))
    };
    let found = holders()
        .find(|adapter| adapter.is_on_link(to))
        .or_else(|| holders().next())?;
    Some((found, own))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_is_there_and_leads_to_itself() {
        let adapters = adapters();
        let (adapter, own) = adapter_toward("127.0.0.1".parse().unwrap(), &adapters).unwrap();
        assert_eq!((adapter.name.as_str(), own), ("lo", "127.0.0.1".parse().unwrap()));
        assert_eq!(adapter.mac, None);
        assert!(adapter.is_on_link("127.9.9.9".parse().unwrap()));
        assert!(!adapter.is_on_link("128.0.0.1".parse().unwrap()));
    }
}
