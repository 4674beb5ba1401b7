//! The probes of a check as lines for the screen: planned, live, or out of a record.

use std::net::IpAddr;

use super::plan::CheckPlan;
use super::state::{LineState, ProbeKind, ProbeLine};
use crate::diagnose::{Situation, Station};
use crate::model::{Case, NameOutcome, Place, Probe, ProbeResult, TcpOutcome};

/// One waiting line for each target's main probe and each name. Numbers are the probes' indices in the plan.
pub fn planned(plan: &CheckPlan) -> Vec<ProbeLine> {
    let targets = plan
        .plan
        .targets
        .iter()
        .enumerate()
        .map(|(id, target)| ProbeLine {
            id,
            station: plan.station(id),
            kind: match (target.echo, target.ports.first()) {
                (false, Some(port)) => ProbeKind::Tcp(*port),
                _ => ProbeKind::Echo,
            },
            from: Place::Host,
            target: target.address.to_string(),
            address: Some(target.address),
            state: LineState::Waiting,
            samples: Vec::new(),
            step_us: 1,
            took: None,
        });
    let first = plan.plan.targets.len();
    let names = plan
        .plan
        .names
        .iter()
        .enumerate()
        .map(|(index, query)| ProbeLine {
            id: first + index,
            station: Station::Dns,
            kind: ProbeKind::Name,
            from: Place::Host,
            target: query.name.as_str().to_owned(),
            address: None,
            state: LineState::Waiting,
            samples: Vec::new(),
            step_us: 1,
            took: None,
        });
    targets.chain(names).collect()
}

/// The line of a probe of this plan that ended. A target has several probes: its echo keeps the number of the
/// target, the others get numbers of their own.
pub fn live(index: usize, plan: &CheckPlan, probe: &Probe) -> ProbeLine {
    let main = match &probe.result {
        ProbeResult::Echo(_) | ProbeResult::Name(_) => index,
        ProbeResult::Neighbor(_) => OTHERS + index,
        ProbeResult::PathMtu(_) => 2 * OTHERS + index,
        ProbeResult::Tcp { port, .. } => (3 + usize::from(*port)) * OTHERS + index,
        ProbeResult::Trace { .. } | ProbeResult::Dhcp { .. } => 3 * OTHERS + index,
    };
    ended(main, plan.station(index), probe)
}

/// More than a plan has targets and names.
const OTHERS: usize = 10_000;

/// The line of a probe that ended.
fn ended(id: usize, station: Station, probe: &Probe) -> ProbeLine {
    let samples = match &probe.result {
        ProbeResult::Echo(echo) => {
            let lost = echo.sent.saturating_sub(echo.received).min(1_000) as usize;
            let times = echo.times_us.iter().take(1_000).map(|time| Some(*time));
            times.chain(std::iter::repeat_n(None, lost)).collect()
        }
        ProbeResult::Tcp { time_us, .. } => vec![*time_us],
        ProbeResult::Name(name) => vec![name.time_us],
        _ => Vec::new(),
    };
    ProbeLine {
        id,
        station,
        kind: kind(&probe.result),
        from: probe.from,
        target: match (&probe.name, probe.to) {
            (Some(name), _) => name.chars().take(120).collect(),
            (None, Some(address)) => address.to_string(),
            (None, None) => String::new(),
        },
        address: probe.to,
        state: state(&probe.result),
        samples,
        step_us: match &probe.result {
            ProbeResult::Echo(echo) => echo.step_us(),
            _ => 1,
        },
        took: None,
    }
}

/// The lines of a case that is replayed: all probes that it holds, in their order.
pub fn recorded(facts: &Case) -> Vec<ProbeLine> {
    let situation = Situation::of(facts);
    let probes = facts.probes.iter().take(500).enumerate();
    probes
        .map(|(id, probe)| ended(id, station(&situation, probe), probe))
        .collect()
}

/// The station that a recorded probe speaks of.
fn station(situation: &Situation<'_>, probe: &Probe) -> Station {
    match &probe.result {
        ProbeResult::Name(_) => return Station::Dns,
        ProbeResult::Dhcp { .. } => return Station::GuestAddress,
        ProbeResult::Neighbor(_) => return Station::Link,
        _ => {}
    }
    let Some(to) = probe.to else { return Station::Dns };
    if Some(to) == situation.guest_ip {
        return Station::GuestAddress;
    }
    let host = situation.host();
    if host.holds(to) == Some(true) {
        return Station::HostAdapter;
    }
    if Some(to) == situation.gateway() && situation.involves_guest() {
        return Station::NatEngine;
    }
    let router = |address: IpAddr| host.default_routes().iter().any(|row| row.via == Some(address));
    if router(to) {
        return Station::Uplink;
    }
    if crate::model::is_private(to) {
        Station::Link
    } else {
        Station::Internet
    }
}

fn kind(result: &ProbeResult) -> ProbeKind {
    match result {
        ProbeResult::Echo(_) => ProbeKind::Echo,
        ProbeResult::Tcp { port, .. } => ProbeKind::Tcp(*port),
        ProbeResult::Neighbor(_) => ProbeKind::Neighbor,
        ProbeResult::PathMtu(_) => ProbeKind::PathMtu,
        ProbeResult::Name(_) => ProbeKind::Name,
        ProbeResult::Trace { .. } => ProbeKind::Trace,
        ProbeResult::Dhcp { .. } => ProbeKind::Dhcp,
    }
}

fn state(result: &ProbeResult) -> LineState {
    match result {
        ProbeResult::Echo(echo) if echo.received > 0 => LineState::Answered,
        ProbeResult::Echo(echo) if echo.errors.iter().any(|error| error.by.is_some()) => LineState::Refused,
        ProbeResult::Echo(echo) if echo.sent == 0 => LineState::Unknown,
        ProbeResult::Echo(_) => LineState::Silent,
        ProbeResult::Tcp { outcome, .. } => match outcome {
            TcpOutcome::Connected => LineState::Answered,
            TcpOutcome::Refused | TcpOutcome::Reset | TcpOutcome::Prohibited => LineState::Refused,
            TcpOutcome::TimedOut | TcpOutcome::HostUnreachable => LineState::Silent,
            TcpOutcome::NetUnreachable | TcpOutcome::NotPermitted => LineState::Refused,
            TcpOutcome::Other => LineState::Unknown,
        },
        ProbeResult::Neighbor(check) => match check.answered {
            Some(true) => LineState::Answered,
            Some(false) => LineState::Silent,
            None => LineState::Unknown,
        },
        ProbeResult::PathMtu(mtu) => match (mtu.passed, mtu.failed) {
            (_, Some(_)) => LineState::Refused,
            (Some(_), None) => LineState::Answered,
            (None, None) => LineState::Unknown,
        },
        ProbeResult::Name(name) => match name.outcome {
            NameOutcome::Resolved => LineState::Answered,
            NameOutcome::NoSuchName | NameOutcome::Failed => LineState::Refused,
            NameOutcome::TimedOut => LineState::Silent,
            NameOutcome::Other => LineState::Unknown,
        },
        ProbeResult::Trace { reached, .. } => {
            if *reached {
                LineState::Answered
            } else {
                LineState::Silent
            }
        }
        ProbeResult::Dhcp { address, .. } => {
            if address.is_some() {
                LineState::Answered
            } else {
                LineState::Silent
            }
        }
    }
}
