//! What the guest's own tables say: which of its cards is meant, and which way its packets leave.

use std::net::IpAddr;

use super::role;
use super::situation::Situation;
use crate::model::{Adapter, AdapterKind, Endpoint, LookUp, RouteKind};

/// Which way a packet of the guest takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaves {
    /// The adapter that it leaves by; `None` when it does not leave.
    pub adapter: Option<String>,
    /// The router that it is handed to.
    pub via: Option<IpAddr>,
    /// Whether a row throws it away.
    pub discarded: bool,
    /// The row in words.
    pub row: String,
    /// Who says so.
    pub source: String,
}

/// Whether an adapter of a guest can be one of its cards: no loopback, tunnel, bridge, container or cable end.
pub fn is_card(adapter: &Adapter) -> bool {
    const INNER: [&str; 9] = [
        "lo", "veth", "virbr", "vnet", "sit", "dummy", "ip6tnl", "ifb", "teql",
    ];
    let kind = matches!(
        adapter.kind,
        AdapterKind::Ethernet | AdapterKind::WiFi | AdapterKind::Veth | AdapterKind::Unknown
    );
    let name = adapter.name.to_ascii_lowercase();
    let inner = INNER.iter().any(|prefix| {
        name.strip_prefix(prefix).is_some_and(|rest| {
            rest.is_empty() || rest.starts_with(|c: char| c.is_ascii_digit()) || *prefix == "veth"
        })
    }) && !name.starts_with("vethernet");
    let words = format!("{name} {}", adapter.description.as_deref().unwrap_or_default());
    let unreal = ["bluetooth", "wi-fi direct", "teredo", "isatap", "loopback"]
        .iter()
        .any(|word| words.to_ascii_lowercase().contains(word));
    kind && !inner && !unreal && !role::is_container(&adapter.name) && !adapter.is_tunnel()
}

/// The cards of the guest.
pub fn cards<'a>(s: &Situation<'a>) -> Vec<&'a Adapter> {
    let all = s.guest().adapters.rows().iter();
    all.filter(|adapter| is_card(adapter) && adapter.master.is_none())
        .collect()
}

/// The card of the guest that the question is about: by the hardware address that the product gave it, by the
/// guest's address, else the only one.
pub fn card<'a>(s: &Situation<'a>) -> Option<&'a Adapter> {
    let all = cards(s);
    if let Some(mac) = s.nic.and_then(|nic| nic.mac)
        && let Some(own) = all
            .iter()
            .find(|adapter| adapter.mac.is_some_and(|known| known == mac))
    {
        return Some(own);
    }
    if let Some(address) = s.guest_ip
        && let Some(holder) = s
            .guest()
            .adapters
            .rows()
            .iter()
            .find(|adapter| adapter.holds(address))
    {
        return Some(holder);
    }
    match all.as_slice() {
        [only] => Some(only),
        _ => None,
    }
}

/// The address that the guest sends to in the traffic asked for: where it starts the target, else whom it answers.
pub fn peer(s: &Situation<'_>) -> Option<IpAddr> {
    let outside = || {
        super::seen::outside_attempts(s, crate::model::Place::Guest)
            .first()
            .map_or(IpAddr::from([1, 1, 1, 1]), |(address, _, _)| *address)
    };
    match (s.from, s.to) {
        (Endpoint::Guest, Endpoint::Internet) => Some(s.target.unwrap_or_else(outside)),
        (Endpoint::Guest, _) => s.destination(),
        (Endpoint::Host, Endpoint::Guest) => s.host_address(),
        (Endpoint::Lan, Endpoint::Guest) => {
            let lan = s.case.lan.adapters.rows().iter();
            lan.filter(|adapter| is_card(adapter))
                .find_map(|adapter| adapter.main_address())
                .map(IpAddr::V4)
        }
        (Endpoint::Guest2, Endpoint::Guest) => {
            let other = s.case.guest2.adapters.rows().iter();
            other
                .filter(|adapter| is_card(adapter))
                .find_map(|adapter| adapter.main_address())
                .map(IpAddr::V4)
        }
        _ => None,
    }
}

/// Which way a packet of the guest to `to` takes: its system's own answer, else its tables; `None` when neither is
/// known. `from` is the address that it is sent from, where that is settled.
pub fn way(s: &Situation<'_>, to: IpAddr, from: Option<IpAddr>) -> Option<Leaves> {
    let guest = s.guest();
    let by_tables = way_by_tables(s, to, from);
    if let Some(answer) = guest.system_look_up(to) {
        let discarded = matches!(
            answer.kind,
            RouteKind::Blackhole | RouteKind::Unreachable | RouteKind::Prohibit
        );
        // The system's answer does not always name the row that throws a packet away.
        if let Some(discards) = by_tables.filter(|leaves| leaves.discarded && answer.adapter.is_none()) {
            return Some(discards);
        }
        let row = match (&answer.adapter, &answer.error) {
            (Some(name), _) => {
                let via = answer.via.map(|via| format!(" via {via}")).unwrap_or_default();
                format!("{to}{via} dev {name}")
            }
            (None, Some(error)) => error.clone(),
            (None, None) => "no route".to_owned(),
        };
        return Some(Leaves {
            adapter: answer.adapter.clone().filter(|_| !discarded),
            via: answer.via,
            discarded,
            row,
            source: "route look-up".to_owned(),
        });
    }
    by_tables
}

fn way_by_tables(s: &Situation<'_>, to: IpAddr, from: Option<IpAddr>) -> Option<Leaves> {
    let guest = s.guest();
    let source = guest.routes.source().to_owned();
    match guest.look_up(to, from) {
        LookUp::Unknown => None,
        LookUp::NoRoute => Some(Leaves {
            adapter: None,
            via: None,
            discarded: false,
            row: "no route".to_owned(),
            source,
        }),
        LookUp::Policy(rule) => Some(Leaves {
            adapter: None,
            via: None,
            discarded: true,
            row: format!("rule {} {:?}", rule.priority, rule.action).to_lowercase(),
            source,
        }),
        LookUp::Row(row) => Some(Leaves {
            adapter: row.adapter.clone().filter(|_| !row.discards()),
            via: row.via,
            discarded: row.discards(),
            row: row.describe(),
            source,
        }),
    }
}

/// Whether an adapter of the guest is a tunnel, by what is known of it or by its name alone.
pub fn is_tunnel(s: &Situation<'_>, name: &str) -> bool {
    match s.guest().adapter(name) {
        Some(adapter) => adapter.is_tunnel(),
        None => Adapter::named(name).is_tunnel(),
    }
}

/// The guest's answers to the traffic asked for are known to leave by the card that it comes in by, or are known not
/// to; `None` when the guest's tables are not known.
pub fn answers_return(s: &Situation<'_>) -> Option<bool> {
    let own = card(s)?;
    let to = peer(s)?;
    let leaves = way(s, to, s.guest_ip)?;
    Some(
        leaves
            .adapter
            .is_some_and(|name| name.eq_ignore_ascii_case(&own.name)),
    )
}
