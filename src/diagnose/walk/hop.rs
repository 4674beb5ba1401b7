//! One step of a packet's way.

use serde::Serialize;

use super::super::rules::evidence;
use super::super::{Evidence, Station};
use crate::model::{Message, Place};

/// One step of a packet's way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hop {
    /// Where it happens.
    pub at: Spot,
    /// The station that it belongs to.
    pub station: Station,
    /// Whether the packet passes.
    pub judgment: Judgment,
    /// What happens: `walk-…`.
    pub text: Message,
    /// The row, rule or switch that decides, in its own words; empty when none does.
    pub row: String,
    /// Who told it; empty when nobody did.
    pub source: String,
}

/// Where a step happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Spot {
    /// On the physical machine.
    Host,
    /// In the virtual machine.
    Guest,
    /// In the second virtual machine.
    Guest2,
    /// On another machine of the physical segment.
    Lan,
    /// In the product's address translation.
    Engine,
    /// Beyond what the case knows.
    Outside,
}

impl Spot {
    /// The key of its name.
    pub fn key(self) -> &'static str {
        match self {
            Self::Host => "end-host",
            Self::Guest => "end-guest",
            Self::Guest2 => "end-guest2",
            Self::Lan => "end-lan",
            Self::Engine => "station-nat-engine",
            Self::Outside => "walk-outside",
        }
    }

    /// The spot that a machine is.
    pub fn of(place: Place) -> Self {
        match place {
            Place::Host => Self::Host,
            Place::Guest => Self::Guest,
            Place::Guest2 => Self::Guest2,
            Place::Lan => Self::Lan,
            Place::Esxi | Place::Other => Self::Outside,
        }
    }
}

/// Whether a packet passes a step. The worse is the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Judgment {
    /// It passes.
    Passes,
    /// It is not known.
    Unknown,
    /// It ends here.
    Stops,
}

impl Hop {
    pub(super) fn new(at: Spot, station: Station, judgment: Judgment, text: Message) -> Self {
        Self {
            at,
            station,
            judgment,
            text,
            row: String::new(),
            source: String::new(),
        }
    }

    pub(super) fn row(mut self, row: impl ToString, source: &str) -> Self {
        self.row = row.to_string();
        source.clone_into(&mut self.source);
        self
    }

    /// The deciding row as a fact of the path.
    pub(in super::super) fn evidence(&self) -> Option<Evidence> {
        let fact = match self.station {
            Station::HostRoute | Station::Uplink => "fact-route",
            Station::GuestRoute => "fact-guest-route",
            Station::HostFirewall | Station::Forwarding | Station::GuestFirewall => "fact-filter-rule",
            _ => return None,
        };
        let fact = if self.text.key.starts_with("walk-forwarding") || self.text.key == "walk-rp-filter" {
            "fact-kernel-switch"
        } else {
            fact
        };
        (!self.row.is_empty()).then(|| evidence(fact, &self.row, &self.source))
    }
}
