//! Whether the traffic that was asked for passes.

use std::net::IpAddr;

use super::super::seen::{self, Seen};
use super::Situation;
use crate::model::{Endpoint, Mode, Place};

/// Whether the traffic that was asked for passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// It was seen to pass.
    Passes,
    /// It was tried and did not.
    Fails,
    /// Nobody tried it from there.
    NotTried,
}

impl<'a> Situation<'a> {
    /// What probes from `place` to `address` showed.
    pub fn seen(&self, place: Place, address: IpAddr) -> Seen<'a> {
        Seen::of(self.case, place, address)
    }

    /// What probes from the host to the guest showed.
    pub fn guest_seen(&self) -> Option<Seen<'a>> {
        Some(self.seen(Place::Host, self.guest_ip?))
    }

    /// The machine from which the traffic starts.
    pub fn start_place(&self) -> Option<Place> {
        self.from.place()
    }

    /// What probes in the direction asked for showed.
    pub fn asked_seen(&self) -> Option<Seen<'a>> {
        Some(self.seen(self.start_place()?, self.destination()?))
    }

    /// Whether the traffic that was asked for passes.
    pub fn asked(&self) -> Asked {
        let Some(place) = self.start_place() else {
            return Asked::NotTried;
        };
        // A name that was asked for must resolve for the traffic to pass.
        if self.to == Endpoint::Internet
            && let Some(name) = self.asked_name()
            && let Some(false) = seen::name_resolves(self.case, place, name)
        {
            return Asked::Fails;
        }
        // What was asked for by its name through a proxy never had an address.
        if self.to == Endpoint::Internet
            && let Some(name) = self.asked_name()
            && let Some(asked) = seen::through_proxy(self.case, place, name)
        {
            return asked;
        }
        let Some(destination) = self.destination() else {
            return seen::anything_outside(self, place);
        };
        // The host's answer to itself says nothing of the guest.
        let to_itself = place == Place::Host
            && self.to == Endpoint::Guest
            && self.mode != Some(Mode::Mirrored)
            && !destination.is_loopback()
            && self.host().holds(destination) == Some(true);
        if to_itself {
            return Asked::Fails;
        }
        // Two guests of one address, each behind its own translation: whoever answers is the guest itself.
        let to_same = matches!((self.from, self.to), (Endpoint::Guest, Endpoint::Guest2))
            && Some(destination) == self.guest_ip;
        if to_same {
            return Asked::NotTried;
        }
        let seen = self.seen(place, destination);
        match self.case.intake.port {
            Some(port) => match seen.tcp(port) {
                Some(crate::model::TcpOutcome::Connected) => Asked::Passes,
                Some(_) => Asked::Fails,
                None => seen.echo_asked().unwrap_or(Asked::NotTried).only_failure(),
            },
            None => seen.echo_asked().unwrap_or_else(|| {
                if self.to == Endpoint::Internet || self.to == Endpoint::Host {
                    seen::anything_outside(self, place)
                } else {
                    seen.ports_asked().unwrap_or_else(|| self.asked_by_name(place))
                }
            }),
        }
    }

    /// Whether the traffic passes that was tried by the machine's name, where nobody tried its address.
    fn asked_by_name(&self, place: Place) -> Asked {
        let names = [self.case.intake.vm.as_deref(), self.asked_name()];
        let tried = names
            .into_iter()
            .flatten()
            .find_map(|name| seen::by_name(self.case, place, name));
        tried.unwrap_or(Asked::NotTried)
    }

    /// The name that was given as target instead of an address.
    pub fn asked_name(&self) -> Option<&'a str> {
        let target = self.case.intake.target.as_deref()?.trim();
        (target.parse::<IpAddr>().is_err() && !target.is_empty()).then_some(target)
    }
}
