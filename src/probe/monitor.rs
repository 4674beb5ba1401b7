//! The live monitor: echo to several addresses at an interval, for plots that run and for `vmnet-doctor ping`.

use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::audience::audience;
use super::cancel::Cancel;
use super::drive::{Manner, Member, drive};
use super::echo::{Answer, EchoSocket, Open, OpenError, PAYLOAD};
use super::errors::echo_error;
use super::history::{Outcome, Sample, Told};
use super::pacer::Pacer;
use super::platform::{self, EchoPort};
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
    let (sender, mut readings) = mpsc::channel(4096);
    let pacer = Arc::new(Pacer::new(PACKET_GAP));
    let plan = Arc::new(plan);
    let mut watchers = JoinSet::new();
    let groups = groups(&plan);
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
                watchers.spawn(drive(port, members, how, sender.clone()));
            }
            Err(error) => {
                for member in members {
                    let (plan, pacer, sender) = (plan.clone(), pacer.clone(), sender.clone());
                    let way = match &error {
                        OpenError::NoRights if processes < MAX_PROCESSES => {
                            processes += 1;
                            Way::System
                        }
                        OpenError::NoRights => Way::ReportOnly(EchoErrorKind::NoRights),
                        OpenError::Io(error) if error.kind() == io::ErrorKind::Unsupported => Way::Portable,
                        OpenError::Io(error) => Way::ReportOnly(echo_error(error)),
                    };
                    watchers.spawn(watch(plan, member.index, start, pacer, sender, way));
                }
            }
        }
    }
    for (index, target) in plan.targets.iter().enumerate().take(MAX_TARGETS) {
        if !audience(target.address).is_one_machine() {
            let (plan, pacer, sender) = (plan.clone(), pacer.clone(), sender.clone());
            let way = Way::ReportOnly(EchoErrorKind::NotOneMachine);
            watchers.spawn(watch(plan, index, start, pacer, sender, way));
        }
    }
    drop(sender);
    let mut batch = Vec::new();
    let mut due: Option<tokio::time::Instant> = None;
    loop {
        let flush = async {
            match due {
                Some(due) => tokio::time::sleep_until(due).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            () = cancel.cancelled() => break,
            () = flush => {
                due = None;
                emit(std::mem::take(&mut batch));
            }
            reading = readings.recv() => match reading {
                Some(reading) => {
                    batch.push(reading);
                    due = due.or_else(|| Some(tokio::time::Instant::now() + BATCH));
                }
                None => break,
            },
        }
    }
    watchers.abort_all();
    if !batch.is_empty() {
        emit(batch);
    }
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
fn groups(plan: &MonitorPlan) -> Vec<(Served, Vec<Member>)> {
    let mut groups: Vec<(Served, Vec<Member>)> = Vec::new();
    for (index, target) in plan.targets.iter().enumerate().take(MAX_TARGETS) {
        let address = target.address.to_canonical();
        if !audience(address).is_one_machine() {
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
    sender: mpsc::Sender<Reading>,
    way: Way,
) {
    let Some(target) = plan.targets.get(index) else {
        return;
    };
    match way {
        Way::System => by_system(&plan, index, target, start, &sender).await,
        Way::ReportOnly(kind) => report_only(&plan, index, start, kind, &sender).await,
        Way::Portable => {
            let opened = EchoSocket::open(Open {
                v6: target.address.is_ipv6(),
                source: target.source,
                adapter: target.adapter.as_deref(),
                unfragmentable: false,
                shared: false,
            });
            match opened {
                Ok(socket) => by_socket(&plan, index, target, start, &pacer, Arc::new(socket), &sender).await,
                Err(OpenError::NoRights) => by_system(&plan, index, target, start, &sender).await,
                Err(OpenError::Io(error)) => {
                    report_only(&plan, index, start, echo_error(&error), &sender).await;
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
    sender: &mpsc::Sender<Reading>,
) {
    let mut ticks = tokio::time::interval(plan.interval_of(target));
    // After a suspended hour the missed requests are not made up for in one burst.
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    let mut out = JoinSet::new();
    let mut sequence: u16 = 0;
    let mut left = plan.count;
    loop {
        let more = left != Some(0);
        if !more && out.is_empty() {
            break;
        }
        tokio::select! {
            Some(done) = out.join_next() => {
                let Ok((sent, answer)) = done else { continue };
                if sender.send(reading(index, start, sent, answer)).await.is_err() {
                    break;
                }
            }
            _ = ticks.tick(), if more && out.len() < MAX_OUT => {
                pacer.turn().await;
                let (socket, to, patience) = (socket.clone(), target.address, plan.patience);
                let number = sequence;
                sequence = sequence.wrapping_add(1);
                left = left.map(|left| left - 1);
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
    sender: &mpsc::Sender<Reading>,
) {
    let interval = plan.interval_of(target).max(Duration::from_millis(200));
    let begun = Instant::now();
    let started = SystemPing::start(target.address, target.source, plan.count, interval, None).await;
    let Ok(mut ping) = started else {
        return report_only(plan, index, start, EchoErrorKind::NoRights, sender).await;
    };
    // Requests are numbered from 0; those that the tool passes over in silence are lost.
    let mut next: u32 = 0;
    loop {
        let line = ping.next().await;
        let (number, answer) = match line {
            Some(Line::Answer(number, answer)) => (number, answer),
            Some(Line::NotSent(EchoErrorKind::NoRights)) => {
                return report_only(plan, index, start, EchoErrorKind::NoRights, sender).await;
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
                if sender.send(again).await.is_err() {
                    return;
                }
                continue;
            }
            None => break,
        };
        for lost in next..number {
            let sent = begun + interval * lost;
            if sender
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
            if sender.send(told).await.is_err() {
                return;
            }
        }
    }
    for lost in next..plan.count.unwrap_or(next) {
        let sent = begun + interval * lost;
        if sender
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
async fn report_only(
    plan: &MonitorPlan,
    index: usize,
    start: Instant,
    kind: EchoErrorKind,
    sender: &mpsc::Sender<Reading>,
) {
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
        if sender
            .send(reading(index, start, Instant::now(), answer))
            .await
            .is_err()
        {
            return;
        }
    }
}
