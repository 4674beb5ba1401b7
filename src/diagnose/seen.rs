//! What packets showed. Where two probes speak of the same thing, the later one holds.

use std::net::IpAddr;

use super::situation::{Asked, Situation};
use crate::model::{
    Case, EchoErrorKind, EchoResult, NameOutcome, NeighborCheck, NeighborState, PathMtu, Place, Probe,
    ProbeResult, System, TcpOutcome,
};

/// What probes from one machine to one address showed.
#[derive(Clone, Debug)]
pub struct Seen<'a> {
    case: &'a Case,
    place: Place,
    address: IpAddr,
}

/// What is known of the wire to a neighbor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// Somebody answered for the address while we asked.
    Answered,
    /// The table holds a hardware address, from an unknown time ago.
    Cached,
    /// Nobody answers.
    Silent,
    /// Not known.
    Unknown,
}

impl<'a> Seen<'a> {
    /// The probes of `case` from `place` to `address`.
    pub fn of(case: &'a Case, place: Place, address: IpAddr) -> Self {
        Self { case, place, address }
    }

    /// The probes, latest first.
    pub fn probes(&self) -> impl Iterator<Item = &'a Probe> {
        let (place, address) = (self.place, self.address);
        self.case
            .probes
            .iter()
            .rev()
            .filter(move |probe| probe.from == place && probe.to == Some(address))
    }

    /// The latest series of ordinary echo requests.
    pub fn echo(&self) -> Option<&'a EchoResult> {
        self.echo_probe().map(|(echo, _)| echo)
    }

    /// The latest series of ordinary echo requests, and who sent it.
    pub fn echo_probe(&self) -> Option<(&'a EchoResult, &'a str)> {
        self.ordinary_echoes().find(|(echo, _)| echo.source.is_none())
    }

    /// Every series of echo requests of ordinary size, latest first, and who sent it.
    pub fn ordinary_echoes(&self) -> impl Iterator<Item = (&'a EchoResult, &'a str)> {
        self.probes().filter_map(|probe| match &probe.result {
            ProbeResult::Echo(echo) if echo.size.is_none_or(|size| size <= 512) => {
                Some((echo, probe.source.as_str()))
            }
            _ => None,
        })
    }

    /// The latest series of echo requests sent from this address.
    pub fn echo_from(&self, source: IpAddr) -> Option<&'a EchoResult> {
        self.probes().find_map(|probe| match &probe.result {
            ProbeResult::Echo(echo) if echo.source == Some(source) => Some(echo),
            _ => None,
        })
    }

    /// Whether echo passes, where it was tried.
    pub fn echo_asked(&self) -> Option<Asked> {
        let echo = self.echo()?;
        if echo.received > 0 {
            Some(Asked::Passes)
        } else if echo
            .errors
            .iter()
            .any(|error| error.kind == EchoErrorKind::NoRights)
        {
            None
        } else {
            Some(Asked::Fails)
        }
    }

    /// Whether packets come and go, told by the ports alone where nobody here may send echo: a refusal is an answer
    /// of the machine, too. `None` when echo was sent or no port was tried.
    pub fn ports_asked(&self) -> Option<Asked> {
        self.echo()?;
        let outcomes: Vec<TcpOutcome> = self.tcp_all().into_iter().map(|(_, outcome)| outcome).collect();
        let answers = |outcome: &TcpOutcome| matches!(outcome, TcpOutcome::Connected | TcpOutcome::Refused);
        match outcomes.as_slice() {
            _ if self.echo_asked().is_some() => None,
            [] => None,
            all if all.iter().any(answers) => Some(Asked::Passes),
            _ => Some(Asked::Fails),
        }
    }

    /// Whether echo was tried and only silence came.
    pub fn echo_is_silent(&self) -> bool {
        self.echo_asked() == Some(Asked::Fails) && self.echo().is_some_and(|echo| echo.errors.is_empty())
    }

    /// Whether echo was tried and no reply came, whatever else did.
    pub fn echo_fails(&self) -> bool {
        self.echo_asked() == Some(Asked::Fails)
    }

    /// Whether a reply came.
    pub fn echo_replies(&self) -> bool {
        self.echo_asked() == Some(Asked::Passes)
    }

    /// The error of this kind among the echo answers: who said it (`None` inside is this system).
    pub fn echo_error(&self, kind: EchoErrorKind) -> Option<Option<IpAddr>> {
        let echo = self.echo()?;
        echo.errors
            .iter()
            .find(|error| error.kind == kind)
            .map(|error| error.by)
    }

    /// What came of connecting to `port`.
    pub fn tcp(&self, port: u16) -> Option<TcpOutcome> {
        self.probes().find_map(|probe| match &probe.result {
            ProbeResult::Tcp {
                port: tried, outcome, ..
            } if *tried == port => Some(*outcome),
            _ => None,
        })
    }

    /// What came of connecting, by port: the latest of each.
    pub fn tcp_all(&self) -> Vec<(u16, TcpOutcome)> {
        let mut ports: Vec<(u16, TcpOutcome)> = Vec::new();
        for probe in self.probes() {
            if let ProbeResult::Tcp { port, outcome, .. } = &probe.result
                && ports.iter().all(|(known, _)| known != port)
            {
                ports.push((*port, *outcome));
            }
        }
        ports.sort_unstable_by_key(|(port, _)| *port);
        ports
    }

    /// A port whose answer must come from the target itself, best first (connected before refused).
    pub fn tcp_proof(&self) -> Option<(u16, TcpOutcome)> {
        let ports = self.tcp_all();
        ports
            .iter()
            .find(|(_, outcome)| *outcome == TcpOutcome::Connected)
            .or_else(|| ports.iter().find(|(_, outcome)| outcome.proves_target()))
            .copied()
    }

    /// Whether ports were tried and every one stayed silent.
    pub fn tcp_is_silent(&self) -> bool {
        let ports = self.tcp_all();
        !ports.is_empty() && ports.iter().all(|(_, outcome)| *outcome == TcpOutcome::TimedOut)
    }

    /// A port that was refused by a filter's message, and who sent it.
    pub fn tcp_prohibited(&self) -> Option<(u16, Option<IpAddr>)> {
        self.probes().find_map(|probe| match &probe.result {
            ProbeResult::Tcp {
                port,
                outcome: TcpOutcome::Prohibited,
                by,
                ..
            } => Some((*port, *by)),
            _ => None,
        })
    }

    /// The latest neighbor check.
    pub fn neighbor(&self) -> Option<&'a NeighborCheck> {
        self.probes().find_map(|probe| match &probe.result {
            ProbeResult::Neighbor(check) => Some(check),
            _ => None,
        })
    }

    /// The path MTU as all tries together told it, each of one size or more; where they disagree, the latest holds.
    pub fn path_mtu(&self) -> Option<PathMtu> {
        let mut tries = self.probes().filter_map(|probe| match &probe.result {
            ProbeResult::PathMtu(mtu) => Some(mtu),
            _ => None,
        });
        let mut whole = tries.next()?.clone();
        for older in tries {
            let passed = older
                .passed
                .filter(|size| whole.failed.is_none_or(|failed| *size < failed));
            whole.passed = whole.passed.max(passed);
            let failed = older
                .failed
                .filter(|size| whole.passed.is_none_or(|passed| *size > passed));
            whole.failed = match (whole.failed, failed) {
                (Some(known), Some(failed)) => Some(known.min(failed)),
                (known, failed) => known.or(failed),
            };
            if whole.told.is_none() {
                (whole.told, whole.by) = (older.told, older.by);
            }
        }
        Some(whole)
    }

    /// What is known of the wire to the address: answers of the target itself, then the neighbor check, then the
    /// neighbor table. A cached entry is no answer.
    pub fn link(&self) -> Link {
        if self.echo_replies() || self.tcp_proof().is_some() {
            return Link::Answered;
        }
        let by_itself = |by: Option<Option<IpAddr>>| by == Some(Some(self.address));
        if by_itself(self.echo_error(EchoErrorKind::Prohibited))
            || by_itself(self.echo_error(EchoErrorKind::PortUnreachable))
            || self
                .tcp_prohibited()
                .is_some_and(|(_, by)| by == Some(self.address))
        {
            return Link::Answered;
        }
        let row = self.case.system(self.place).and_then(|system| {
            let mut rows = system.neighbors.rows().iter().rev();
            rows.find(|entry| entry.address == self.address)
        });
        if let Some(check) = self.neighbor() {
            match check.answered {
                Some(true) => return Link::Answered,
                Some(false) => return Link::Silent,
                None if !check.macs.is_empty() => return Link::Answered,
                None => {}
            }
            if let Some(entry) = &check.after {
                // Whom the check still remembered, and a table does not reach: it was printed later.
                let remembered = check.before.as_ref().is_some_and(|before| before.is_learned());
                let later = row.map(|row| link_of_state(row.state, row.is_learned()));
                return match later {
                    Some(Link::Silent) if remembered => Link::Silent,
                    _ => link_of_state(entry.state, entry.is_learned()),
                };
            }
        }
        // The table as it was printed. An empty answer after a failed try is as good as "nobody".
        let host_unreachable = self.echo_error(EchoErrorKind::HostUnreachable).is_some_and(|by| {
            let own = |address| {
                self.case
                    .system(self.place)
                    .and_then(|system| system.holds(address))
            };
            by.is_none_or(|by| own(by) == Some(true))
        });
        match row {
            Some(row) => link_of_state(row.state, row.is_learned()),
            None if host_unreachable => Link::Silent,
            None => Link::Unknown,
        }
    }
}

fn link_of_state(state: NeighborState, learned: bool) -> Link {
    match state {
        NeighborState::Incomplete | NeighborState::Failed => Link::Silent,
        _ if learned => Link::Cached,
        _ => Link::Unknown,
    }
}

impl Asked {
    /// A failure stays one; a success of something else proves nothing.
    pub(super) fn only_failure(self) -> Self {
        match self {
            Self::Passes => Self::NotTried,
            other => other,
        }
    }
}

/// Whether names resolve on `place`: the latest attempt for `name`.
pub fn name_resolves(case: &Case, place: Place, name: &str) -> Option<bool> {
    name_outcomes(case, place)
        .find(|(asked, _)| asked.eq_ignore_ascii_case(name))
        .map(|(_, outcome)| outcome == NameOutcome::Resolved)
}

/// Name resolutions tried on `place`, latest first.
pub fn name_outcomes(case: &Case, place: Place) -> impl Iterator<Item = (&str, NameOutcome)> {
    case.probes
        .iter()
        .rev()
        .filter(move |probe| probe.from == place)
        .filter_map(|probe| match &probe.result {
            ProbeResult::Name(result) => Some((result.name.as_str(), result.outcome)),
            _ => None,
        })
}

/// Whether the latest echo or connect from `place` that was given this name passed.
pub fn by_name(case: &Case, place: Place, name: &str) -> Option<Asked> {
    tried_by_name(case, place, name).find_map(|probe| match &probe.result {
        ProbeResult::Echo(echo) if echo.received > 0 => Some(Asked::Passes),
        ProbeResult::Echo(_) => Some(Asked::Fails),
        ProbeResult::Tcp { outcome, .. } => Some(of_connect(*outcome)),
        _ => None,
    })
}

/// Whether the latest connect from `place` for this name passed that never had its address: a proxy looked it up.
pub fn through_proxy(case: &Case, place: Place, name: &str) -> Option<Asked> {
    tried_by_name(case, place, name).find_map(|probe| match &probe.result {
        ProbeResult::Tcp { outcome, .. } if probe.to.is_none() => Some(of_connect(*outcome)),
        _ => None,
    })
}

fn of_connect(outcome: TcpOutcome) -> Asked {
    if outcome == TcpOutcome::Connected {
        Asked::Passes
    } else {
        Asked::Fails
    }
}

/// Probes from `place` that were given this name, latest first.
fn tried_by_name<'a>(case: &'a Case, place: Place, name: &str) -> impl Iterator<Item = &'a Probe> {
    case.probes.iter().rev().filter(move |probe| {
        probe.from == place
            && probe
                .name
                .as_deref()
                .is_some_and(|given| given.eq_ignore_ascii_case(name))
    })
}

/// The address that a name resolved to, on whichever machine asked.
pub fn resolved(case: &Case, name: &str) -> Option<IpAddr> {
    case.probes.iter().rev().find_map(|probe| match &probe.result {
        ProbeResult::Name(result) if result.name.eq_ignore_ascii_case(name) => {
            result.addresses.first().copied()
        }
        _ if probe
            .name
            .as_deref()
            .is_some_and(|given| given.eq_ignore_ascii_case(name)) =>
        {
            probe.to
        }
        _ => None,
    })
}

/// Addresses beyond the segment that `place` tried, with whether something came back, latest first. Its routers and its
/// neighbors are not outside: that they answer says nothing of what lies behind them. Where an address of the public
/// internet was tried, those of private networks say nothing of it either.
pub fn outside_attempts<'a>(s: &Situation<'a>, place: Place) -> Vec<(IpAddr, bool, &'a Probe)> {
    let segment = s.segment;
    let mut attempts: Vec<(IpAddr, bool, &Probe)> = Vec::new();
    for probe in s.case.probes.iter().rev().filter(|probe| probe.from == place) {
        let Some(to) = probe.to else { continue };
        let inside = segment.is_some_and(|segment| segment.contains(&to))
            || s.case.system(place).and_then(|system| system.holds(to)) == Some(true)
            || s.case.host.holds(to) == Some(true)
            || s.case.system(place).is_some_and(|system| is_beside(system, to))
            || to.is_loopback();
        if inside || attempts.iter().any(|(known, _, _)| *known == to) {
            continue;
        }
        let passed = match &probe.result {
            ProbeResult::Echo(echo) if echo.sent > 0 || echo.received > 0 => Some(echo.received > 0),
            ProbeResult::Tcp { outcome, .. } => Some(outcome.proves_target()),
            _ => None,
        };
        if let Some(passed) = passed {
            attempts.push((to, passed, probe));
        }
    }
    let is_public = |(to, _, _): &(IpAddr, bool, &Probe)| !crate::model::is_private(*to);
    if attempts.iter().any(is_public) {
        attempts.retain(is_public);
    }
    attempts
}

/// Whether an address is no further away from a machine than its next router.
fn is_beside(system: &System, address: IpAddr) -> bool {
    system.adapter_on_segment(address).is_some()
        || system.routes.rows().iter().any(|row| row.via == Some(address))
}

/// Whether any address outside answered `place`, where no single one was asked for; and for the host as target,
/// whether one of its addresses did.
pub fn anything_outside(s: &Situation<'_>, place: Place) -> Asked {
    use crate::model::Endpoint;
    match s.to {
        Endpoint::Internet => {
            let attempts = outside_attempts(s, place);
            match attempts.as_slice() {
                [] => Asked::NotTried,
                all if all.iter().any(|(_, passed, _)| *passed) => Asked::Passes,
                _ => Asked::Fails,
            }
        }
        Endpoint::Host => {
            let tried = s.case.probes.iter().rev().filter(|probe| probe.from == place);
            for probe in tried {
                let to_host = probe
                    .to
                    .is_some_and(|to| s.case.host.holds(to) == Some(true) || s.gateway() == Some(to));
                if let (true, ProbeResult::Echo(echo)) = (to_host, &probe.result) {
                    return if echo.received > 0 {
                        Asked::Passes
                    } else {
                        Asked::Fails
                    };
                }
            }
            Asked::NotTried
        }
        _ => Asked::NotTried,
    }
}
