//! The live monitor: echo to several addresses at an interval, for plots that run and for `vmnet-doctor ping`.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::cancel::Cancel;
use super::echo::{Answer, EchoSocket, Open, OpenError, PAYLOAD};
use super::errors::echo_error;
use super::history::{Outcome, Sample};
use super::pacer::Pacer;
use super::system_ping::{Line, SystemPing};
use crate::model::EchoErrorKind;

/// Samples are handed over this often at most: four times a second.
pub const BATCH: Duration = Duration::from_millis(250);

/// Shortest interval that is kept.
pub const SHORTEST_INTERVAL: Duration = Duration::from_millis(10);

/// Addresses watched at most.
pub const MAX_TARGETS: usize = 64;

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
}

impl MonitorPlan {
    /// Watches these addresses once a second until called off.
    pub fn new(addresses: impl IntoIterator<Item = IpAddr>) -> Self {
        let target = |address| MonitorTarget {
            address,
            adapter: None,
            source: None,
        };
        Self {
            targets: addresses.into_iter().map(target).collect(),
            interval: Duration::from_secs(1),
            count: None,
            patience: Duration::from_secs(1),
        }
    }
}

/// One new sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Index into [`MonitorPlan::targets`].
    pub target: usize,
    /// The sample; its time counts from the start of [`run`].
    pub sample: Sample,
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
    for index in 0..plan.targets.len().min(MAX_TARGETS) {
        watchers.spawn(watch(plan.clone(), index, start, pacer.clone(), sender.clone()));
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

/// Sends to one address on and on.
async fn watch(
    plan: Arc<MonitorPlan>,
    index: usize,
    start: Instant,
    pacer: Arc<Pacer>,
    sender: mpsc::Sender<Reading>,
) {
    let Some(target) = plan.targets.get(index) else {
        return;
    };
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
        Err(OpenError::Io(error)) => report_only(&plan, index, start, echo_error(&error), &sender).await,
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
    let mut ticks = tokio::time::interval(plan.interval.max(SHORTEST_INTERVAL));
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
    let (time_us, outcome) = match answer {
        Answer::Reply { time_us, .. } => (Some(time_us), Outcome::Reply),
        Answer::Error { kind, .. } => (None, Outcome::Error(kind)),
        Answer::Silence => (None, Outcome::Lost),
    };
    let at_ms = u64::try_from(sent.saturating_duration_since(start).as_millis()).unwrap_or(u64::MAX);
    Reading {
        target: index,
        sample: Sample {
            at_ms,
            time_us,
            outcome,
        },
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
    let interval = plan.interval.max(Duration::from_millis(200));
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
            Some(Line::Duplicate) => continue,
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
            if sender
                .send(reading(index, start, begun + interval * number, answer))
                .await
                .is_err()
            {
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

/// Where nothing can be sent, every tick says so.
async fn report_only(
    plan: &MonitorPlan,
    index: usize,
    start: Instant,
    kind: EchoErrorKind,
    sender: &mpsc::Sender<Reading>,
) {
    let mut ticks = tokio::time::interval(plan.interval.max(SHORTEST_INTERVAL));
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
