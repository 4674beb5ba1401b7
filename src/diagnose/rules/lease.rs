//! Whether the guest was lent an address: what every cause between it and its DHCP server is told by.

use super::prelude::*;

/// What is known of the guest's lease.
#[derive(Clone, Debug)]
pub enum Lease {
    /// It has an address that it did not make up.
    Lent,
    /// It asked, or should have asked, and has none; with the facts that show it.
    Refused(Vec<Evidence>),
    /// Nothing tells.
    Unknown,
}

impl Lease {
    /// What is known of the guest's lease: its own DHCP client's word first, then its cards, then its address.
    pub fn of(s: &Situation<'_>) -> Self {
        let client = s.case.probes.iter().rev().find_map(|probe| match &probe.result {
            ProbeResult::Dhcp { address, .. } if probe.from == Place::Guest => Some((*address, probe)),
            _ => None,
        });
        match client {
            Some((Some(_), _)) => return Self::Lent,
            Some((None, probe)) => {
                return Self::Refused(vec![evidence("fact-dhcp", "no offer", &probe.source)]);
            }
            None => {}
        }
        let host_too = |address: IpAddr| {
            s.host_adapter
                .is_some_and(|adapter| adapter.on_segment_of(address).is_some())
        };
        if let Some(known) = s.guest().adapters.value() {
            let cards: Vec<&Adapter> = known.iter().filter(|card| is_own_card(s, card)).collect();
            let lent = |card: &&&Adapter| {
                card.ipv4()
                    .any(|net| !crate::model::is_link_local(net.addr().into()) || host_too(net.addr().into()))
            };
            if cards.iter().any(|card| lent(&card)) {
                return Self::Lent;
            }
            // A card that is switched off or unplugged, or that was given no DHCP client, has not asked.
            let asked = cards.iter().find(|card| {
                card.enabled != Some(false)
                    && card.carrier != Some(false)
                    && card.dhcp != Some(false)
                    && card.addresses.is_some()
            });
            if let Some(card) = asked {
                let own = card.ipv4().next().map_or("—".to_owned(), |net| net.to_string());
                let value = format!("{} {own}", card.name);
                return Self::Refused(vec![evidence("fact-address", value, s.guest().adapters.source())]);
            }
        }
        match s.guest_ip {
            Some(guest) if crate::model::is_link_local(guest) && guest.is_ipv4() && !host_too(guest) => {
                Self::Refused(vec![evidence("fact-address", guest, &s.guest_ip_source)])
            }
            Some(_) if s.guest_ip_source != "user" => Self::Lent,
            Some(_) if s.guest_seen().is_some_and(|seen| seen.link() == Link::Answered) => Self::Lent,
            _ => Self::Unknown,
        }
    }

    /// How sure a cause can be that keeps leases from the guest, with the facts of the missing lease: certain when
    /// the guest is known to have none, likely when nobody knows its address. `None` when it has one.
    pub fn missing(s: &Situation<'_>) -> Option<(Confidence, Vec<Evidence>)> {
        match Self::of(s) {
            Self::Refused(facts) => Some((Confidence::Confirmed, facts)),
            Self::Unknown if s.guest_ip.is_none() => Some((Confidence::Likely, Vec::new())),
            Self::Unknown | Self::Lent => None,
        }
    }
}

/// Whether an adapter of the guest is the card in question, and no network of the guest's own.
fn is_own_card(s: &Situation<'_>, card: &Adapter) -> bool {
    let wanted = s.nic.and_then(|nic| nic.mac);
    card.kind != AdapterKind::Loopback
        && card.kind != AdapterKind::Bridge
        && card.name != "lo"
        && !role::is_container(&card.name)
        && !card.is_tunnel()
        && wanted.is_none_or(|mac| card.mac.is_none_or(|own| own == mac))
}
