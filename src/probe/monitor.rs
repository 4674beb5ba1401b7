//! The live monitor: echo to several addresses at an interval, for plots that run and for `vmnet-doctor ping`.

use std::io;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::audience::OwnAddresses;
use super::cancel::Cancel;
use super::drive::{Clocks, Manner, Member, drive};
use super::echo::{Answer, EchoSocket, Open, OpenError, PAYLOAD};
use super::errors::echo_error;
use super::history::{Outcome, Sample, Told};
use super::outbox::{Outbox, queue};
use super::pacer::Pacer;
use super::platform::{self, EchoPort};
use super::schedule::Schedule;
pub use super::schedule::{LONGEST_INTERVAL, SHORTEST_INTERVAL};
use super::system_ping::{Line, SystemPing};
use crate::model::EchoErrorKind;

/// Samples are handed over this often at most: four times a second.
pub const BATCH: Duration = Duration::from_millis(250);

/// Addresses watched at most.
pub const MAX_TARGETS: usize = 512;

/// Addresses watched at most where each takes a process of the system's `ping`.
const MAX_PROCESSES: usize = 64;

/// Requests of one address that may be out at one time.
const MAX_OUT: usize = 256;

/// Gap between the requests of different addresses.
const PACKET_GAP: Duration = Duration::from_millis(1);

/// What to watch, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonitorPlan {
    /// The addresses, at most [`MAX_TARGETS`]; what is more is left out.
    pub targets: Vec<MonitorTarget>,
    /// Time between two requests to one address; see [`SHORTEST_INTERVAL`].
    pub interval: Duration,
    /// Requests to each address; `None` goes on until called off.
    pub count: Option<u32>,
    /// A request without an answer counts as lost after this long.
    pub patience: Duration,
}

/// One address to watch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonitorTarget {
    /// The address.
    pub address: IpAddr,
    /// The adapter, which a link-local IPv6 address needs.
    pub adapter: Option<String>,
    /// The address to send from; `None` leaves the choice to the system.
    pub source: Option<IpAddr>,
    /// Time between two requests to this one, when it is not that of the plan.
    pub interval: Option<Duration>,
}

impl MonitorTarget {
    /// An address, asked by the system's choice of adapter and at the plan's interval.
    pub fn new(address: IpAddr) -> Self {
        Self {
            address,
            adapter: None,
            source: None,
            interval: None,
        }
    }
}

impl MonitorPlan {
    /// Watches these addresses once a second until called off.
    pub fn new(addresses: impl IntoIterator<Item = IpAddr>) -> Self {
        Self {
            targets: addresses.into_iter().map(MonitorTarget::new).collect(),
            interval: Duration::from_secs(1),
            count: None,
            patience: Duration::from_secs(1),
        }
    }

    fn interval_of(&self, target: &MonitorTarget) -> Duration {
        let interval = target.interval.unwrap_or(self.interval);
        interval.clamp(SHORTEST_INTERVAL, LONGEST_INTERVAL)
    }
}

/// One new sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Index into [`MonitorPlan::targets`].
    pub target: usize,
    /// The sample; its time counts from the start of [`run`].
    pub sample: Sample,
    /// What else the answer tells.
    pub told: Told,
}

/// Watches until the count is reached or the work is called off, and hands over new samples in batches at most
/// every [`BATCH`]; the last batch comes before the return. `emit` must not block. Must run on a tokio runtime
/// with time and IO.
pub async fn run(plan: MonitorPlan, mut emit: impl FnMut(Vec<Reading>), cancel: Cancel) {
    let start = Instant::now();
    let (outbox, mut inbox) = queue();
    let mut watchers = begin(Arc::new(plan), start, outbox);
    let mut ended = pin!(async { while watchers.join_next().await.is_some() {} });
    let mut called_off = false;
    while !called_off {
        let first = tokio::select! {
            biased;
            () = cancel.cancelled() => None,
            first = inbox.first() => first,
        };
        let Some(first) = first else { break };
        let mut batch = vec![first];
        let due = tokio::time::Instant::now() + BATCH;
        loop {
            tokio::select! {
                biased;
                () = cancel.cancelled() => called_off = true,
                () = tokio::time::sleep_until(due) => {}
                () = inbox.filled() => {
                    inbox.take(&mut batch);
                    continue;
                }
                // There is nothing more to wait for; the next look finds the queue at its end.
                () = &mut ended => {}
            }
            break;
        }
        inbox.take(&mut batch);
        emit(batch);
    }
}

/// Starts those who watch: one for each socket, or one for each address where there is no socket for many.
fn begin(plan: Arc<MonitorPlan>, start: Instant, outbox: Outbox) -> JoinSet<()> {
    let pacer = Arc::new(Pacer::new(PACKET_GAP));
    let own = OwnAddresses::read();
    let mut watchers = JoinSet::new();
    let groups = groups(&plan, &own);
    let gap = PACKET_GAP * u32::try_from(groups.len()).unwrap_or(1).max(1);
    let mut processes = 0;
    for ((v6, source), members) in groups {
        let opened = EchoPort::open(v6, source, PAYLOAD);
        match opened {
            Ok(port) => {
                let how = Manner {
                    start,
                    count: plan.count,
                    patience: plan.patience,
                    gap,
                    is_bound: source.is_some(),
                };
                watchers.spawn(drive(port, members, how, outbox.clone()));
            }
            Err(error) => {
                for member in members {
                    let (plan, pacer, outbox) = (plan.clone(), pacer.clone(), outbox.clone());
                    let way = match &error {
                        OpenError::NoRights if processes < MAX_PROCESSES => {
                            processes += 1;
                            Way::System
                        }
                        OpenError::NoRights => Way::ReportOnly(EchoErrorKind::NoRights),
                        OpenError::Io(error) if error.kind() == io::ErrorKind::Unsupported => Way::Portable,
                        OpenError::Io(error) => Way::ReportOnly(echo_error(error)),
                    };
                    watchers.spawn(watch(plan, member.index, start, pacer, outbox, way));
                }
            }
        }
    }
    for (index, target) in plan.targets.iter().enumerate().take(MAX_TARGETS) {
        if !own.audience(target.address).is_one_machine() {
            let (plan, pacer, outbox) = (plan.clone(), pacer.clone(), outbox.clone());
            let way = Way::ReportOnly(EchoErrorKind::NotOneMachine);
            watchers.spawn(watch(plan, index, start, pacer, outbox, way));
        }
    }
    watchers
}

/// Starts [`run`] on the current runtime and hands its batches over by a channel, which ends when it has ended.
/// A receiver that does not keep up gets the batches late and not less of them; dropping it ends the monitor.
///
/// # Panics
/// Outside of a tokio runtime.
pub fn start(plan: MonitorPlan, cancel: Cancel) -> mpsc::UnboundedReceiver<Vec<Reading>> {
    let (sender, receiver) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        let gone = cancel.clone();
        let emit = |batch| {
            if sender.send(batch).is_err() {
                gone.cancel();
            }
        };
        run(plan, emit, cancel).await;
    });
    receiver
}

/// What one socket serves: a family (whether it is IPv6) and an address to send from.
type Served = (bool, Option<IpAddr>);

/// The addresses of a plan by the socket that serves them.
fn groups(plan: &MonitorPlan, own: &OwnAddresses) -> Vec<(Served, Vec<Member>)> {
    let mut groups: Vec<(Served, Vec<Member>)> = Vec::new();
    for (index, target) in plan.targets.iter().enumerate().take(MAX_TARGETS) {
        let address = target.address.to_canonical();
        if !own.audience(address).is_one_machine() {
            continue;
        }
        let member = Member {
            index,
            address,
            scope: target
                .adapter
                .as_deref()
                .and_then(platform::adapter_index)
                .unwrap_or(0),
            interval: plan.interval_of(target),
        };
        let key = (address.is_ipv6(), target.source);
        match groups.iter_mut().find(|(known, _)| *known == key) {
            Some((_, members)) => members.push(member),
            None => groups.push((key, vec![member])),
        }
    }
    groups
}

/// How one address is asked where there is no socket for many.
#[derive(Clone, Copy, Debug)]
enum Way {
    /// By a socket of surge-ping's.
    Portable,
    /// By the system's `ping`.
    System,
    /// Not at all, for this reason.
    ReportOnly(EchoErrorKind),
}

/// Sends to one address on and on.
async fn watch(
    plan: Arc<MonitorPlan>,
    index: usize,
    start: Instant,
    pacer: Arc<Pacer>,
    outbox: Outbox,
    way: Way,
) {
    let Some(target) = plan.targets.get(index) else {
        return;
    };
    match way {
        Way::System => by_system(&plan, index, target, start, &outbox).await,
        Way::ReportOnly(kind) => report_only(&plan, index, start, kind, &outbox).await,
        Way::Portable => {
            let opened = EchoSocket::open(Open {
                v6: target.address.is_ipv6(),
                source: target.source,
                adapter: target.adapter.as_deref(),
                unfragmentable: false,
                shared: false,
            });
            match opened {
                Ok(socket) => by_socket(&plan, index, target, start, &pacer, Arc::new(socket), &outbox).await,
                Err(OpenError::NoRights) => by_system(&plan, index, target, start, &outbox).await,
                Err(OpenError::Io(error)) => {
                    report_only(&plan, index, start, echo_error(&error), &outbox).await;
                }
            }
        }
    }
}

async fn by_socket(
    plan: &MonitorPlan,
    index: usize,
    target: &MonitorTarget,
    start: Instant,
    pacer: &Pacer,
    socket: Arc<EchoSocket>,
    outbox: &Outbox,
) {
    let mut schedule = Schedule::new([plan.interval_of(target)], plan.count, PACKET_GAP);
    let mut clocks = Clocks::now(start);
    let mut out: JoinSet<(Instant, Answer)> = JoinSet::new();
    let mut sequence: u16 = 0;
    loop {
        let due = schedule.next();
        if due.is_none() && out.is_empty() {
            break;
        }
        let turn = async {
            match due {
                Some(due) => tokio::time::sleep_until((start + due).into()).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            Some(done) = out.join_next() => {
                // A task that was called off has nothing to tell.
                let Ok((sent, answer)) = done else { continue };
                match answer {
                    Answer::Reply { .. } => schedule.answered(0, start.elapsed()),
                    Answer::Silence | Answer::Error { by: None, .. } => {
                        schedule.silent(0, sent.saturating_duration_since(start));
                    }
                    Answer::Error { .. } => {}
                }
                if outbox.send(reading(index, start, sent, answer)).await.is_err() {
                    break;
                }
            }
            () = turn, if out.len() < MAX_OUT => {
                let before = std::mem::replace(&mut clocks, Clocks::now(start));
                if clocks.slept_since(&before) {
                    // Nobody can say what became of what was out.
                    out.abort_all();
                    schedule.resume(clocks.running);
                }
                if schedule.take(clocks.running).is_none() {
                    continue;
                }
                pacer.turn().await;
                let (socket, to, patience) = (socket.clone(), target.address, plan.patience);
                let number = sequence;
                sequence = sequence.wrapping_add(1);
                let sent = Instant::now();
                out.spawn(async move { (sent, socket.ask(to, number, PAYLOAD, patience).await) });
            }
        }
    }
}

fn reading(index: usize, start: Instant, sent: Instant, answer: Answer) -> Reading {
    let (time_us, outcome, told) = match answer {
        Answer::Reply { time_us, .. } => (Some(time_us), Outcome::Reply, Told::default()),
        Answer::Error { kind, by, mtu } => (
            None,
            Outcome::Error(kind),
            Told {
                by,
                mtu,
                step_us: None,
            },
        ),
        Answer::Silence => (None, Outcome::Lost, Told::default()),
    };
    let at_ms = u64::try_from(sent.saturating_duration_since(start).as_millis()).unwrap_or(u64::MAX);
    Reading {
        target: index,
        sample: Sample {
            at_ms,
            time_us,
            outcome,
        },
        told,
    }
}

/// By the system's `ping`, which sends at most five times a second.
async fn by_system(
    plan: &MonitorPlan,
    index: usize,
    target: &MonitorTarget,
    start: Instant,
    outbox: &Outbox,
) {
    let interval = plan.interval_of(target).max(Duration::from_millis(200));
    let begun = Instant::now();
    let started = SystemPing::start(target.address, target.source, plan.count, interval, None).await;
    let Ok(mut ping) = started else {
        return report_only(plan, index, start, EchoErrorKind::NoRights, outbox).await;
    };
    // Requests are numbered from 0; those that the tool passes over in silence are lost.
    let mut next: u32 = 0;
    loop {
        let line = ping.next().await;
        let (number, answer) = match line {
            Some(Line::Answer(number, answer)) => (number, answer),
            Some(Line::NotSent(EchoErrorKind::NoRights)) => {
                return report_only(plan, index, start, EchoErrorKind::NoRights, outbox).await;
            }
            Some(Line::NotSent(kind)) => (
                next,
                Answer::Error {
                    kind,
                    by: None,
                    mtu: None,
                },
            ),
            Some(Line::Duplicate) => {
                let mut again = reading(index, start, Instant::now(), Answer::Silence);
                again.sample.outcome = Outcome::Duplicate;
                if outbox.send(again).await.is_err() {
                    return;
                }
                continue;
            }
            None => break,
        };
        for lost in next..number {
            let sent = begun + interval * lost;
            if outbox
                .send(reading(index, start, sent, Answer::Silence))
                .await
                .is_err()
            {
                return;
            }
        }
        if number >= next {
            next = number.saturating_add(1);
            let mut told = reading(index, start, begun + interval * number, answer);
            told.told.step_us = told.sample.time_us.map(printed_step_us);
            if outbox.send(told).await.is_err() {
                return;
            }
        }
    }
    for lost in next..plan.count.unwrap_or(next) {
        let sent = begun + interval * lost;
        if outbox
            .send(reading(index, start, sent, Answer::Silence))
            .await
            .is_err()
        {
            return;
        }
    }
}

/// The smallest step of a time as the system's `ping` prints it: whole milliseconds on Windows, three digits that
/// count by iputils (`ping/ping_common.c`), microseconds elsewhere.
fn printed_step_us(time_us: u32) -> u32 {
    if cfg!(windows) {
        return 1000;
    }
    if !cfg!(target_os = "linux") {
        return 1;
    }
    match time_us {
        0..1_000 => 1,
        1_000..10_000 => 10,
        10_000..100_000 => 100,
        _ => 1_000,
    }
}

/// Where nothing can be sent, every tick says so.
async fn report_only(plan: &MonitorPlan, index: usize, start: Instant, kind: EchoErrorKind, outbox: &Outbox) {
    let interval = plan
        .targets
        .get(index)
        .map_or(plan.interval, |target| plan.interval_of(target));
    let mut ticks = tokio::time::interval(interval.max(SHORTEST_INTERVAL));
    let mut left = plan.count;
    while left != Some(0) {
        ticks.tick().await;
        left = left.map(|left| left - 1);
        let answer = Answer::Error {
            kind,
            by: None,
            mtu: None,
        };
        if outbox
            .send(reading(index, start, Instant::now(), answer))
            .await
            .is_err()
        {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_portable_way_keeps_its_count_and_its_rhythm() {
        let Ok(socket) = EchoSocket::open(Open::default()) else {
            eprintln!("skipped: this user may not send echo");
            return;
        };
        let plan = MonitorPlan {
            interval: Duration::from_millis(20),
            count: Some(5),
            ..MonitorPlan::new([IpAddr::from([127, 0, 0, 1])])
        };
        let (outbox, mut inbox) = queue();
        let pacer = Pacer::new(PACKET_GAP);
        let (start, socket) = (Instant::now(), Arc::new(socket));
        by_socket(&plan, 0, &plan.targets[0], start, &pacer, socket, &outbox).await;
        let mut batch = Vec::new();
        inbox.take(&mut batch);
        let mut times: Vec<u64> = batch.iter().map(|one| one.sample.at_ms).collect();
        times.sort_unstable();
        assert_eq!(times.len(), 5);
        let early = times.iter().zip(0..).find(|(at, number)| **at < 20 * number);
        assert_eq!(early, None, "{times:?}");
    }
}
