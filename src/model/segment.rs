//! Segments: address and prefix length decide who talks directly and who needs a router.

use std::net::IpAddr;

use ipnet::IpNet;

/// The segment that an interface address is in: its network with the host bits cleared.
pub fn segment_of(net: IpNet) -> IpNet {
    net.trunc()
}

/// Whether two machines with these addresses can talk without a router: each sees the other in its own segment.
pub fn same_segment(a: IpNet, b: IpNet) -> bool {
    a.contains(&b.addr()) && b.contains(&a.addr())
}

/// Whether two segments share addresses.
pub fn overlap(a: IpNet, b: IpNet) -> bool {
    a.contains(&b.network()) || b.contains(&a.network())
}

/// Whether a machine made this address up because nobody gave it one (RFC 3927, RFC 4291).
pub fn is_link_local(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_link_local(),
        IpAddr::V6(address) => address.is_unicast_link_local(),
    }
}

/// Whether the address is one of those that private networks use (RFC 1918, RFC 6598, RFC 4193, link-local).
pub fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(a) => {
            let shared = a.octets()[0] == 100 && (64..128).contains(&a.octets()[1]);
            a.is_private() || a.is_link_local() || shared
        }
        IpAddr::V6(a) => a.is_unique_local() || a.is_unicast_link_local(),
    }
}
