//! Whether an address is one machine's. Echo to a whole segment at once would be answered by everybody, or by
//! nobody for reasons that say nothing about anybody; so it is said and not sent.

use std::net::IpAddr;

use super::platform::{self, Adapter};

/// Who would hear a packet to an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// One machine, as far as can be told.
    One,
    /// This machine itself: its answers say nothing about any network.
    Own,
    /// Everybody on a segment.
    Broadcast,
    /// Everybody in a group.
    Multicast,
    /// Nobody: `0.0.0.0` and `::` stand for "no address".
    Nobody,
}

impl Audience {
    /// Whether probes may be sent there.
    pub fn is_one_machine(self) -> bool {
        matches!(self, Self::One | Self::Own)
    }

    /// The word for it in texts and JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::One => "one-machine",
            Self::Own => "own-address",
            Self::Broadcast => "broadcast-address",
            Self::Multicast => "multicast-address",
            Self::Nobody => "no-address",
        }
    }
}

/// This machine's own addresses, each with the length of its prefix: read once, they judge any number of others.
#[derive(Clone, Debug)]
pub struct OwnAddresses(Vec<(IpAddr, u8)>);

impl OwnAddresses {
    /// Reads this machine's adapters.
    pub fn read() -> Self {
        Self::of(&platform::adapters())
    }

    /// Takes them from adapters that were read.
    pub(super) fn of(adapters: &[Adapter]) -> Self {
        let addresses = adapters.iter().flat_map(|adapter| &adapter.addresses);
        Self(addresses.copied().collect())
    }

    /// Who would hear a packet to this address.
    pub fn audience(&self, address: IpAddr) -> Audience {
        of(address, &self.0)
    }
}

fn of(address: IpAddr, own: &[(IpAddr, u8)]) -> Audience {
    let address = address.to_canonical();
    if address.is_unspecified() {
        return Audience::Nobody;
    }
    if address.is_multicast() {
        return Audience::Multicast;
    }
    if own.iter().any(|(held, _)| *held == address) || address.is_loopback() {
        return Audience::Own;
    }
    let IpAddr::V4(v4) = address else {
        return Audience::One;
    };
    let ends_a_segment = own.iter().any(|(held, length)| {
        // A /31 and a /32 have no broadcast address (RFC 3021).
        let segment = ipnet::IpNet::new(*held, *length).ok().filter(|_| *length < 31);
        segment.is_some_and(|segment| segment.broadcast() == IpAddr::V4(v4))
    });
    if v4.is_broadcast() || ends_a_segment {
        Audience::Broadcast
    } else {
        Audience::One
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_hears_a_packet() {
        let own = [
            ("10.77.0.1".parse().unwrap(), 24),
            ("10.9.0.0".parse().unwrap(), 31),
        ];
        let heard = |text: &str| of(text.parse().unwrap(), &own);
        assert_eq!(heard("10.77.0.2"), Audience::One);
        assert_eq!(heard("10.77.0.1"), Audience::Own);
        assert_eq!(heard("127.0.0.9"), Audience::Own);
        assert_eq!(heard("10.77.0.255"), Audience::Broadcast);
        assert_eq!(heard("10.78.0.255"), Audience::One, "not a segment of ours");
        assert_eq!(heard("10.9.0.1"), Audience::One, "a /31 has no broadcast");
        assert_eq!(heard("255.255.255.255"), Audience::Broadcast);
        assert_eq!(heard("::ffff:255.255.255.255"), Audience::Broadcast);
        assert_eq!(heard("224.0.0.1"), Audience::Multicast);
        assert_eq!(heard("ff02::1"), Audience::Multicast);
        assert_eq!(heard("0.0.0.0"), Audience::Nobody);
        assert_eq!(heard("::"), Audience::Nobody);
        assert_eq!(heard("fe80::1"), Audience::One);
    }
}
