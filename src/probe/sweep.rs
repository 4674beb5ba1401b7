//! Who is there: echo and ARP to every address of a segment.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::{Duration, Instant};

use ipnet::IpNet;
use tokio::task::JoinSet;

use super::asking::{Asking, MAX_UNRESOLVED};
use super::cancel::Cancel;
use super::echo::Answer;
use super::neighbor::Entry;
use super::sweep_ports::Ports;
use super::sweep_way::Way;
use super::{platform, tcp};
use crate::model::{Mac, NeighborState, ProbeResult};

/// Largest segment that is swept unasked: that of a /20.
pub const USUAL_ADDRESSES: u64 = 4096;

/// Largest segment that is swept at all: that of a /16.
pub const MAX_ADDRESSES: u64 = 65_536;

/// How long an address asked by hand for may take to answer.
const PATIENCE: Duration = Duration::from_millis(1000);

/// How often the neighbor table is read on the way, before entries are thrown out.
const TABLE_EVERY: Duration = Duration::from_millis(400);

/// What to sweep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SweepPlan {
    /// The segment.
    pub segment: IpNet,
    /// The adapter that leads to it; `None` leaves the choice to the system.
    pub adapter: Option<String>,
    /// TCP ports to try on the machines found; see [`super::well_known_ports`].
    pub ports: Vec<u16>,
    /// Whether a segment of more than [`USUAL_ADDRESSES`] may be swept.
    pub large: bool,
}

/// Why a segment is not swept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SweepError {
    /// More addresses than are swept unasked; the number is that of the segment.
    #[error("{0} addresses are more than the {USUAL_ADDRESSES} that are swept without being asked for")]
    Large(u64),
    /// More addresses than are ever swept; the number is that of the segment, as far as it can be counted.
    #[error("{0} addresses are more than the {MAX_ADDRESSES} that can be swept")]
    TooLarge(u64),
}

/// A machine that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    /// Its address.
    pub address: IpAddr,
    /// Its hardware address, where the segment is our own.
    pub mac: Option<Mac>,
    /// Round-trip time in microseconds; `None` when it answered ARP or TCP and no echo.
    pub rtt_us: Option<u32>,
    /// The tried ports that took a connection.
    pub open_ports: Vec<u16>,
}

/// How far a sweep has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SweepProgress {
    /// Addresses that answered or were given up.
    pub done: u64,
    /// Addresses in all.
    pub total: u64,
    /// Machines found so far.
    pub found: u64,
}

/// The addresses that a sweep of this segment asks: all but its own name and broadcast.
///
/// # Errors
/// When they are too many.
pub fn addresses(segment: IpNet, large: bool) -> Result<Vec<IpAddr>, SweepError> {
    let bits = u32::from(segment.max_prefix_len() - segment.prefix_len());
    let count = 1_u64.checked_shl(bits).filter(|_| bits < 64).unwrap_or(u64::MAX);
    if count > MAX_ADDRESSES {
        return Err(SweepError::TooLarge(count));
    }
    if count > USUAL_ADDRESSES && !large {
        return Err(SweepError::Large(count));
    }
    Ok(segment.trunc().hosts().collect())
}

/// Sweeps a segment. `progress` hears of it several times a second and must not block. Called off, it returns
/// what was found by then. The hosts come in order of address. Must run on a tokio runtime with time and IO.
///
/// # Errors
/// When the segment has too many addresses.
pub async fn run(
    plan: SweepPlan,
    mut progress: impl FnMut(SweepProgress),
    cancel: Cancel,
) -> Result<Vec<Host>, SweepError> {
    let addresses = addresses(plan.segment, plan.large)?;
    let start = Instant::now();
    let v6 = plan.segment.addr().is_ipv6();
    let adapters = platform::adapters();
    let own: Vec<IpAddr> = adapters
        .iter()
        .flat_map(|adapter| adapter.addresses.iter().map(|(own, _)| *own))
        .collect();
    let mut found: BTreeMap<IpAddr, Host> = BTreeMap::new();
    let before = platform::neighbors().await.unwrap_or_default();
    let total = addresses.len() as u64;
    let waiting: Vec<IpAddr> = addresses
        .into_iter()
        .filter(|address| !own.contains(address))
        .collect();
    let is_on_link = adapters.iter().any(|adapter| {
        adapter.is_on_link(plan.segment.addr()) || plan.adapter.as_ref() == Some(&adapter.name)
    });
    let mut asking = Asking::new(waiting, is_on_link);
    let way = Way::open(v6, plan.adapter.as_deref());
    let mut ports = Ports::new(plan.ports.clone());
    let mut tables = tokio::time::interval(TABLE_EVERY);
    let called_off = loop {
        let Some(next) = asking.next() else {
            break false;
        };
        tokio::select! {
            biased;
            () = cancel.cancelled() => break true,
            answered = way.hear() => {
                for (address, answer) in answered {
                    if let Answer::Reply { time_us, .. } = answer {
                        asking.answered(address);
                        host(&mut found, address).rtt_us.get_or_insert(time_us);
                        ports.begin(address);
                    }
                }
            }
            Some((address, port)) = ports.open() => host(&mut found, address).open_ports.push(port),
            _ = tables.tick() => {
                note_confirmed(&mut found, &plan, &before, start).await;
                found.keys().for_each(|address| ports.begin(*address));
                progress(SweepProgress { done: asking.done(), total, found: found.len() as u64 });
            }
            () = tokio::time::sleep_until((start + next).into()) => {
                while let Some(address) = asking.take(start.elapsed()) {
                    if !way.ask(address, plan.adapter.as_deref()) {
                        asking.unsent(address, start.elapsed());
                    }
                }
            }
        }
    };
    let done = asking.done();
    note_confirmed(&mut found, &plan, &before, start).await;
    if !called_off {
        tokio::select! {
            () = cancel.cancelled() => {}
            () = try_silent(&mut found, &plan, &before, &own) => {}
        }
    }
    found.keys().for_each(|address| ports.begin(*address));
    while !cancel.is_cancelled() {
        let open = tokio::select! {
            () = cancel.cancelled() => None,
            open = ports.open() => open,
        };
        let Some((address, port)) = open else { break };
        host(&mut found, address).open_ports.push(port);
    }
    for host in found.values_mut() {
        host.open_ports.sort_unstable();
    }
    progress(SweepProgress {
        done: if called_off { done } else { total },
        total,
        found: found.len() as u64,
    });
    Ok(found.into_values().collect())
}

fn host(found: &mut BTreeMap<IpAddr, Host>, address: IpAddr) -> &mut Host {
    found.entry(address).or_insert_with(|| Host {
        address,
        mac: None,
        rtt_us: None,
        open_ports: Vec::new(),
    })
}

/// Takes hardware addresses from the neighbor table, and the machines that answered nothing but ARP. An entry
/// that was there before proves nothing unless it was confirmed since.
async fn note_confirmed(
    found: &mut BTreeMap<IpAddr, Host>,
    plan: &SweepPlan,
    before: &[Entry],
    start: Instant,
) {
    let Ok(table) = platform::neighbors().await else {
        return;
    };
    let probed_ms = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
    for entry in table {
        let neighbor = &entry.neighbor;
        let elsewhere = plan.adapter.is_some() && neighbor.adapter != plan.adapter;
        if elsewhere || !plan.segment.contains(&neighbor.address) || !neighbor.is_learned() {
            continue;
        }
        let old = super::neighbor::find(before, neighbor.address, neighbor.adapter.as_deref());
        let confirmed = super::neighbor::answered(old, Some(&entry), probed_ms, None) == Some(true);
        if confirmed || found.contains_key(&neighbor.address) {
            host(found, neighbor.address).mac = neighbor.mac;
        }
    }
}

/// Machines that the neighbor table knew before and that answered no echo: TCP may prove them, or ARP asked by
/// hand where rights allow.
async fn try_silent(found: &mut BTreeMap<IpAddr, Host>, plan: &SweepPlan, before: &[Entry], own: &[IpAddr]) {
    let adapters = platform::adapters();
    let mut tries = JoinSet::new();
    for entry in before {
        let neighbor = &entry.neighbor;
        let address = neighbor.address;
        let known = neighbor.is_learned() || neighbor.state == NeighborState::Permanent;
        let elsewhere = plan.adapter.is_some() && neighbor.adapter != plan.adapter;
        if !known || elsewhere || !plan.segment.contains(&address) {
            continue;
        }
        if found.contains_key(&address) || own.contains(&address) || tries.len() >= MAX_UNRESOLVED {
            continue;
        }
        let (ports, mac) = (plan.ports.clone(), neighbor.mac);
        let adapter = adapters
            .iter()
            .find(|adapter| Some(&adapter.name) == neighbor.adapter.as_ref())
            .cloned();
        tries.spawn(async move {
            if let Some(adapter) = &adapter {
                let deadline = Instant::now() + PATIENCE;
                let answers = platform::ask_arp(address, adapter, deadline).await;
                if let Some(mac) = answers.and_then(|answers| answers.macs.first().copied()) {
                    return (address, Some(mac), true);
                }
            }
            for port in ports {
                let tried = tcp::connect(address, port, None, None, Duration::from_millis(300)).await;
                if matches!(tried, ProbeResult::Tcp { outcome, .. } if outcome.proves_target()) {
                    return (address, mac, true);
                }
            }
            (address, mac, false)
        });
    }
    while let Some(tried) = tries.join_next().await {
        if let Ok((address, mac, true)) = tried {
            host(found, address).mac = mac;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(segment: &str, large: bool) -> Result<usize, SweepError> {
        addresses(segment.parse().unwrap(), large).map(|addresses| addresses.len())
    }

    #[test]
    fn large_segments_are_asked_for_first() {
        assert_eq!(count("192.168.1.77/24", false), Ok(254));
        assert_eq!(count("10.0.0.0/20", false), Ok(4094));
        assert_eq!(count("10.0.0.0/19", false), Err(SweepError::Large(8192)));
        assert_eq!(count("10.0.0.0/19", true), Ok(8190));
        assert_eq!(count("10.0.0.0/8", true), Err(SweepError::TooLarge(1 << 24)));
        assert_eq!(count("0.0.0.0/0", true), Err(SweepError::TooLarge(1 << 32)));
        assert_eq!(count("fd00::/64", true), Err(SweepError::TooLarge(u64::MAX)));
        assert_eq!(count("fd00::/120", false), Ok(256));
        assert_eq!(count("10.0.0.4/31", false), Ok(2));
        assert_eq!(count("10.0.0.4/32", false), Ok(1));
    }

    #[test]
    fn the_segments_own_address_is_not_asked() {
        let asked = addresses("192.168.1.77/30".parse().unwrap(), false).unwrap();
        assert_eq!(
            asked,
            [
                "192.168.1.77".parse::<IpAddr>().unwrap(),
                "192.168.1.78".parse().unwrap()
            ]
        );
    }
}
