//! Hardware addresses.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An Ethernet hardware address. Written `00:0c:29:6b:11:9e`; read with colons, dashes or dots, with or
/// without leading zeros (macOS drops them), or as twelve bare digits (VirtualBox).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mac(pub [u8; 6]);

/// The text is not a hardware address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a hardware address")]
pub struct MacError;

impl Mac {
    /// The vendor part: the first three bytes.
    pub fn oui(self) -> [u8; 3] {
        [self.0[0], self.0[1], self.0[2]]
    }

    /// Whether it is all zeros, as incomplete tables print it.
    pub fn is_zero(self) -> bool {
        self.0 == [0; 6]
    }

    /// Whether it names a group of machines (broadcast, multicast) and not one.
    pub fn is_group(self) -> bool {
        self.0[0] & 1 == 1
    }

    /// Whether both belong to one guest card: libvirt gives a tap the guest's address with the first byte
    /// `fe`, so that the bridge keeps its own.
    pub fn same_card(self, other: Self) -> bool {
        self.0[1..] == other.0[1..] && (self.0[0] == other.0[0] || self.0[0] == 0xfe || other.0[0] == 0xfe)
    }
}

impl fmt::Display for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, e, g] = self.0;
        write!(f, "{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{g:02x}")
    }
}

impl fmt::Debug for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Mac {
    type Err = MacError;

    fn from_str(text: &str) -> Result<Self, MacError> {
        let text = text.trim();
        let mut bytes = [0; 6];
        if text.len() == 12 && text.bytes().all(|b| b.is_ascii_hexdigit()) {
            for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
                let pair = std::str::from_utf8(pair).map_err(|_| MacError)?;
                *byte = u8::from_str_radix(pair, 16).map_err(|_| MacError)?;
            }
            return Ok(Self(bytes));
        }
        let mut parts = text.split([':', '-']);
        for byte in &mut bytes {
            let part = parts.next().ok_or(MacError)?;
            if part.is_empty() || part.len() > 2 || !part.bytes().all(|b| b.is_ascii_hexdigit()) {
                return Err(MacError);
            }
            *byte = u8::from_str_radix(part, 16).map_err(|_| MacError)?;
        }
        parts.next().is_none().then_some(Self(bytes)).ok_or(MacError)
    }
}

impl Serialize for Mac {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Mac {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_usual_spelling() {
        let mac = Mac([0, 0x0c, 0x29, 0x3f, 0x5a, 0x7b]);
        for text in [
            "00:0c:29:3f:5a:7b",
            "00-0C-29-3F-5A-7B",
            "0:c:29:3f:5a:7b",
            "000C293F5A7B",
        ] {
            assert_eq!(text.parse(), Ok(mac), "{text}");
        }
        for text in [
            "",
            "00:0c:29:3f:5a",
            "00:0c:29:3f:5a:7b:00",
            "00:0c:29:3f:5a:+7",
            "incomplete",
        ] {
            assert_eq!(text.parse::<Mac>(), Err(MacError), "{text}");
        }
    }

    #[test]
    fn a_tap_and_its_guest_are_one_card() {
        let guest: Mac = "52:54:00:aa:bb:01".parse().expect("valid");
        let tap: Mac = "fe:54:00:aa:bb:01".parse().expect("valid");
        assert!(guest.same_card(tap) && !guest.same_card(Mac([0x52, 0x54, 0, 0xaa, 0xbb, 2])));
    }
}
