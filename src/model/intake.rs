//! What the user says: who cannot reach whom, and what they know about it.

use std::net::IpAddr;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use super::{HypervisorId, Mode, Os};

/// What the user told. It outranks detection; what is not told is detected.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Intake {
    /// The host's operating system, where the case was not taken on this machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host_os: Option<Os>,
    /// The product.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hypervisor: Option<HypervisorId>,
    /// How the machine's card is connected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<Mode>,
    /// Where the traffic starts; the host when not told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Endpoint>,
    /// Where the traffic should arrive; the guest when not told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Endpoint>,
    /// The virtual machine's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vm: Option<String>,
    /// The slot of its card, as the product counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nic: Option<u32>,
    /// The guest's address, with the prefix length when that is known too.
    #[serde(with = "address_or_net", skip_serializing_if = "Option::is_none")]
    pub guest_ip: Option<(IpAddr, Option<u8>)>,
    /// The guest's operating system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guest_os: Option<Os>,
    /// The outside address or name, or the second guest's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// The TCP port of the service that should answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
}

/// One end of the traffic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Endpoint {
    /// The physical machine.
    Host,
    /// The virtual machine.
    Guest,
    /// Another virtual machine.
    Guest2,
    /// Another machine on the physical segment.
    Lan,
    /// An address outside.
    Internet,
}

impl Endpoint {
    /// Every value.
    pub const ALL: [Self; 5] = [Self::Host, Self::Guest, Self::Guest2, Self::Lan, Self::Internet];

    /// The name on the command line and in case files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::Guest => "guest",
            Self::Guest2 => "guest2",
            Self::Lan => "lan",
            Self::Internet => "internet",
        }
    }
}

impl std::str::FromStr for Endpoint {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|end| end.name() == text).ok_or(())
    }
}

impl Intake {
    /// Where the traffic starts.
    pub fn start(&self) -> Endpoint {
        self.from.unwrap_or(Endpoint::Host)
    }

    /// Where the traffic should arrive: told, else the guest, or the host when it starts in the guest.
    pub fn end(&self) -> Endpoint {
        self.to.unwrap_or(match self.start() {
            Endpoint::Guest => Endpoint::Host,
            _ => Endpoint::Guest,
        })
    }

    /// The told fields of `other` laid over these.
    #[must_use]
    pub fn overruled_by(self, other: Self) -> Self {
        Self {
            host_os: other.host_os.or(self.host_os),
            hypervisor: other.hypervisor.or(self.hypervisor),
            mode: other.mode.or(self.mode),
            from: other.from.or(self.from),
            to: other.to.or(self.to),
            vm: other.vm.or(self.vm),
            nic: other.nic.or(self.nic),
            guest_ip: other.guest_ip.or(self.guest_ip),
            guest_os: other.guest_os.or(self.guest_os),
            target: other.target.or(self.target),
            port: other.port.or(self.port),
        }
    }
}

/// Reads `ADDR` or `ADDR/PREFIX`.
pub fn parse_address_or_net(text: &str) -> Option<(IpAddr, Option<u8>)> {
    let text = text.trim();
    match text.parse::<IpAddr>() {
        Ok(address) => Some((address, None)),
        Err(_) => text
            .parse::<IpNet>()
            .ok()
            .map(|net| (net.addr(), Some(net.prefix_len()))),
    }
}

mod address_or_net {
    use std::net::IpAddr;

    use serde::{Deserialize, Deserializer, Serializer};

    #[expect(clippy::ref_option, reason = "the signature that serde asks for")]
    pub fn serialize<S: Serializer>(
        value: &Option<(IpAddr, Option<u8>)>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match value {
            None => serializer.serialize_none(),
            Some((address, None)) => serializer.collect_str(address),
            Some((address, Some(prefix))) => serializer.collect_str(&format_args!("{address}/{prefix}")),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<(IpAddr, Option<u8>)>, D::Error> {
        match Option::<String>::deserialize(deserializer)? {
            None => Ok(None),
            Some(text) => super::parse_address_or_net(&text)
                .map(Some)
                .ok_or_else(|| serde::de::Error::custom(format!("{text:?} is not an address"))),
        }
    }
}
