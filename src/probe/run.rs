//! One check: everything at once, one deadline for all.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{Semaphore, mpsc, watch};
use tokio::task::JoinSet;

use super::audience::OwnAddresses;
use super::cancel::Cancel;
use super::echo::{self, Answer, EchoSocket, Open, OpenError};
use super::neighbor::{self, Entry};
use super::pacer::Pacer;
use super::plan::{MAX_TARGETS, NameQuery, Plan, Progress, Target};
use super::platform::{self, Adapter};
use super::{mtu, name, system_ping, tcp};
use crate::model::{EchoErrorKind, EchoResult, NeighborCheck, Place, Probe, ProbeResult};

/// Series and connects under way at one time. What would be more waits.
const MAX_FLOWS: usize = MAX_TARGETS;

/// Mean gap between packets of all flows together.
const PACKET_GAP: Duration = Duration::from_micros(500);

/// How long echo may stay unanswered before other ports are tried.
const FALLBACK_AFTER: Duration = Duration::from_millis(300);

/// Once echo has answered, other ports that are still silent are given up after this long.
const FALLBACK_PATIENCE: Duration = Duration::from_millis(300);

/// How long before the end a machine that has answered ARP and nothing else is asked once more: it may have been paused,
/// or lost its cable, right behind that answer.
const LAST_WORD: Duration = Duration::from_millis(500);

/// What carries the probes' results.
const SOURCE: &str = "live";

/// What is known of a target's echo while it is under way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct EchoState {
    /// The shortest round trip so far.
    best_us: Option<u32>,
    /// Whether somebody said why there is no reply.
    refused: bool,
    /// Whether the target itself has answered anything, echo or TCP.
    alive: bool,
    /// Whether the series has ended.
    ended: bool,
}

/// What all flows of one check share.
struct Shared {
    start: Instant,
    deadline: Instant,
    pacer: Pacer,
    flows: Semaphore,
    adapters: Vec<Adapter>,
    own: OwnAddresses,
    table: Vec<Entry>,
    /// Index of the target or name, and what to tell.
    tell: mpsc::UnboundedSender<Told>,
}

/// What flows tell the one who gathers.
#[expect(
    clippy::large_enum_variant,
    reason = "told a few dozen times a check, and moved on at once"
)]
enum Told {
    Echo {
        target: usize,
        at: Instant,
        answer: Answer,
    },
    Done {
        index: usize,
        rank: u32,
        probe: Probe,
    },
}

/// Carries out the plan. Results are told as they come through `progress`, which must not block, and are all
/// returned in the order of the plan: a target's echo, ports, path MTU, neighbor, then the names.
///
/// Ends at the plan's deadline at the latest, sooner when everything has answered, and at once when called off;
/// what is known by then is returned. Must run on a tokio runtime with time and IO.
pub async fn run(plan: Plan, progress: impl Fn(Progress), cancel: Cancel) -> Vec<Probe> {
    let start = Instant::now();
    // The neighbor table is read before anything is sent: what it holds later is an answer, what it holds now
    // may be a memory.
    let wants_table = plan.targets.iter().any(|target| target.neighbor);
    let table = if wants_table {
        read_table(start + Duration::from_millis(300)).await
    } else {
        Vec::new()
    };
    let (tell, mut told) = mpsc::unbounded_channel();
    let adapters = platform::adapters();
    let shared = Arc::new(Shared {
        start,
        deadline: start + plan.deadline,
        pacer: Pacer::new(PACKET_GAP),
        flows: Semaphore::new(MAX_FLOWS),
        own: OwnAddresses::of(&adapters),
        adapters,
        table,
        tell,
    });
    let mut flows = JoinSet::new();
    let targets = plan.targets.len();
    for (index, target) in plan.targets.into_iter().enumerate().take(MAX_TARGETS) {
        flows.spawn(probe_target(shared.clone(), index, Arc::new(target)));
    }
    for (index, query) in plan.names.into_iter().enumerate().take(MAX_TARGETS) {
        flows.spawn(probe_name(shared.clone(), targets + index, query));
    }
    // The flows hold the other ends; when the last has ended, so does the list.
    drop(shared);

    let mut results: Vec<(usize, u32, Probe)> = Vec::new();
    loop {
        let told = tokio::select! {
            told = told.recv() => told,
            () = cancel.cancelled() => None,
        };
        match told {
            None => break,
            Some(Told::Echo { target, at, answer }) => progress(Progress::Echo {
                target,
                at_ms: millis(at.saturating_duration_since(start)),
                outcome: match answer {
                    Answer::Reply { time_us, .. } => Ok(time_us),
                    Answer::Error { kind, .. } => Err(Some(kind)),
                    Answer::Silence => Err(None),
                },
            }),
            Some(Told::Done { index, rank, probe }) => {
                progress(Progress::Done {
                    index,
                    probe: probe.clone(),
                });
                results.push((index, rank, probe));
            }
        }
    }
    flows.abort_all();
    results.sort_by_key(|(index, rank, _)| (*index, *rank));
    results.into_iter().map(|(_, _, probe)| probe).collect()
}

async fn read_table(deadline: Instant) -> Vec<Entry> {
    match tokio::time::timeout_at(deadline.into(), platform::neighbors()).await {
        Ok(Ok(table)) => table,
        _ => Vec::new(),
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

impl Shared {
    fn done(&self, index: usize, rank: u32, mut probe: Probe) {
        probe.at_ms = Some(millis(self.start.elapsed()));
        // Nobody listens any more once the check has been called off.
        self.tell.send(Told::Done { index, rank, probe }).ok();
    }

    fn result(&self, index: usize, rank: u32, target: &Target, result: ProbeResult) {
        let probe = Probe {
            from: Place::Host,
            to: Some(target.address),
            name: None,
            result,
            source: SOURCE.to_owned(),
            at_ms: None,
        };
        self.done(index, rank, probe);
    }

    /// The adapter that a target is reached by: the one that should lead there, else the one that does.
    fn adapter_of(&self, target: &Target) -> Option<&Adapter> {
        match &target.adapter {
            Some(name) => self.adapters.iter().find(|adapter| adapter.name == *name),
            None => platform::adapter_toward(target.address, &self.adapters).map(|(adapter, _)| adapter),
        }
    }
}

async fn probe_name(shared: Arc<Shared>, index: usize, query: NameQuery) {
    let result = name::resolve(&query, shared.deadline).await;
    let probe = Probe {
        from: Place::Host,
        to: None,
        name: Some(query.name),
        result: ProbeResult::Name(result),
        source: SOURCE.to_owned(),
        at_ms: None,
    };
    shared.done(index, 0, probe);
}

async fn probe_target(shared: Arc<Shared>, index: usize, target: Arc<Target>) {
    // Silence or a refusal there would say nothing about any machine.
    if !shared.own.audience(target.address).is_one_machine() {
        let mut result = EchoResult {
            source: target.source,
            ..EchoResult::default()
        };
        let answer = Answer::Error {
            kind: EchoErrorKind::NotOneMachine,
            by: None,
            mtu: None,
        };
        echo::count(&mut result, answer);
        return shared.result(index, 0, &target, ProbeResult::Echo(result));
    }
    let (state, watching) = watch::channel(EchoState::default());
    let (others_done, others) = watch::channel(false);
    let packets = async {
        tokio::join!(
            probe_echo(&shared, index, &target, &state),
            probe_ports(&shared, index, &target, &state),
            probe_mtu(&shared, index, &target, watching.clone()),
        );
        others_done.send_replace(true);
    };
    tokio::join!(
        packets,
        probe_neighbor(&shared, index, &target, others, watching.clone())
    );
}

async fn probe_echo(shared: &Shared, index: usize, target: &Target, state: &watch::Sender<EchoState>) {
    if target.echo
        && let Ok(_flow) = shared.flows.acquire().await
    {
        let tell = |at: Instant, answer: Answer| {
            state.send_if_modified(|state| match answer {
                Answer::Reply { time_us, .. } => {
                    state.best_us = Some(state.best_us.map_or(time_us, |best| best.min(time_us)));
                    state.alive = true;
                    true
                }
                Answer::Error { .. } => !std::mem::replace(&mut state.refused, true),
                Answer::Silence => false,
            });
            shared
                .tell
                .send(Told::Echo {
                    target: index,
                    at,
                    answer,
                })
                .ok();
        };
        let opened = EchoSocket::open(Open {
            v6: target.address.is_ipv6(),
            source: target.source,
            adapter: target.adapter.as_deref(),
            unfragmentable: false,
            shared: false,
        });
        let result = match opened {
            Ok(socket) => {
                let socket = Arc::new(socket);
                echo::series(
                    socket,
                    target.address,
                    target.source,
                    &shared.pacer,
                    shared.deadline,
                    tell,
                )
                .await
            }
            Err(OpenError::NoRights) => {
                system_ping::series(target.address, target.source, shared.deadline, tell).await
            }
            Err(OpenError::Io(error)) => {
                let mut result = EchoResult {
                    source: target.source,
                    ..EchoResult::default()
                };
                let answer = Answer::Error {
                    kind: super::errors::echo_error(&error),
                    by: None,
                    mtu: None,
                };
                tell(Instant::now(), answer);
                echo::count(&mut result, answer);
                result
            }
        };
        shared.result(index, 0, target, ProbeResult::Echo(result));
    }
    state.send_modify(|state| state.ended = true);
}

async fn probe_ports(shared: &Shared, index: usize, target: &Target, told: &watch::Sender<EchoState>) {
    let mut state = told.subscribe();
    let explicit = target.ports.iter().copied().enumerate().collect();
    let explicit = connect_all(shared, index, target, explicit, told);
    let fallback = async {
        if target.fallback_ports.is_empty() {
            return;
        }
        if target.echo {
            let tried = state.wait_for(|state| state.best_us.is_some() || state.refused || state.ended);
            // Silence for a while is a reason, too.
            let answered = tokio::time::timeout(FALLBACK_AFTER, tried).await;
            if matches!(answered, Ok(Ok(ref state)) if state.best_us.is_some()) {
                return;
            }
        }
        let ports = target
            .fallback_ports
            .iter()
            .copied()
            .filter(|port| !target.ports.contains(port));
        let ports = (target.ports.len()..).zip(ports).collect();
        let echo_answered = async {
            if state.wait_for(|state| state.best_us.is_some()).await.is_err() {
                std::future::pending::<()>().await;
            }
            tokio::time::sleep(FALLBACK_PATIENCE).await;
        };
        tokio::select! {
            () = connect_all(shared, index, target, ports, told) => {}
            () = echo_answered => {}
        }
    };
    tokio::join!(explicit, fallback);
}

async fn connect_all(
    shared: &Shared,
    index: usize,
    target: &Target,
    ports: Vec<(usize, u16)>,
    told: &watch::Sender<EchoState>,
) {
    let until = shared.deadline;
    let mut attempts = JoinSet::new();
    for (at, port) in ports {
        let Ok(Ok(_)) = tokio::time::timeout_at(until.into(), shared.flows.acquire()).await else {
            break;
        };
        shared.pacer.turn().await;
        let (to, source, adapter) = (target.address, target.source, target.adapter.clone());
        let patience = until.saturating_duration_since(Instant::now());
        attempts.spawn(async move {
            (
                at,
                tcp::connect(to, port, source, adapter.as_deref(), patience).await,
            )
        });
    }
    while let Some(done) = attempts.join_next().await {
        if let Ok((at, result)) = done {
            if let ProbeResult::Tcp { outcome, .. } = result
                && outcome.proves_target()
            {
                told.send_modify(|state| state.alive = true);
            }
            let rank = 1 + u32::try_from(at).unwrap_or(u32::MAX - 1).min(1_000_000);
            shared.result(index, rank, target, result);
        }
    }
}

async fn probe_mtu(shared: &Shared, index: usize, target: &Target, mut state: watch::Receiver<EchoState>) {
    if !target.path_mtu {
        return;
    }
    let Some(adapter) = shared.adapter_of(target) else {
        return;
    };
    let Some(mtu) = adapter.mtu else { return };
    let question = mtu::Question {
        to: target.address,
        source: target.source,
        adapter: Some(&adapter.name),
        mtu,
        deadline: shared.deadline,
    };
    let small = async move {
        let known = state
            .wait_for(|state| state.best_us.is_some() || state.ended)
            .await
            .ok()?;
        known.best_us.map(|time| Duration::from_micros(u64::from(time)))
    };
    if let Some(found) = mtu::path_mtu(question, &shared.pacer, small).await {
        shared.result(index, 2_000_000, target, ProbeResult::PathMtu(found));
    }
}

async fn probe_neighbor(
    shared: &Shared,
    index: usize,
    target: &Target,
    others: watch::Receiver<bool>,
    state: watch::Receiver<EchoState>,
) {
    if !target.neighbor {
        return;
    }
    let adapter = shared.adapter_of(target);
    let name = target
        .adapter
        .as_deref()
        .or(adapter.map(|adapter| adapter.name.as_str()));
    let asked = Instant::now();
    let on_link =
        target.adapter.is_some() || adapter.is_some_and(|adapter| adapter.is_on_link(target.address));
    let own = adapter.is_some_and(|adapter| adapter.addresses.iter().any(|(own, _)| *own == target.address));
    let led_elsewhere = platform::adapter_toward(target.address, &shared.adapters)
        .is_none_or(|(used, _)| Some(used.name.as_str()) != name);
    let sends_nothing = !target.echo && target.ports.is_empty() && target.fallback_ports.is_empty();
    if on_link && !own && (led_elsewhere || sends_nothing) {
        // Makes the system ask on the adapter that should lead there, also when the routing table disagrees.
        platform::nudge(target.address, name).ok();
    }
    let ask = async || match adapter {
        Some(adapter) if on_link && !own => platform::ask_arp(target.address, adapter, shared.deadline).await,
        _ => None,
    };
    let arp = async {
        let mut answers = ask().await?;
        let is_worth_asking = !answers.macs.is_empty() && !sends_nothing;
        if is_worth_asking && is_silent_to_the_last(shared, state.clone(), others.clone()).await {
            answers.fell_silent = ask().await.is_some_and(|again| again.is_silence());
        }
        Some(answers)
    };
    let (mut ending, mut others_done) = (state.clone(), others.clone());
    let quiet = async {
        others_done.wait_for(|done| *done).await.ok();
        // Without another probe that answered, the table needs the whole time to show a failure.
        let answered = ending
            .wait_for(|state| state.ended)
            .await
            .is_ok_and(|state| state.alive);
        if !answered && on_link && !own {
            wait_for_table(shared, target, name, asked).await;
        }
    };
    let (arp, ()) = tokio::join!(arp, quiet);
    let table = read_table(Instant::now() + Duration::from_millis(200)).await;
    let before = neighbor::find(&shared.table, target.address, name);
    let after = neighbor::find(&table, target.address, name);
    let answered = neighbor::answered(before, after, millis(asked.elapsed()), arp.as_ref());
    let heard = arp.filter(|arp| !arp.fell_silent);
    let mut macs = heard.map(|arp| arp.macs).unwrap_or_default();
    if answered == Some(true)
        && macs.is_empty()
        && let Some(mac) = after.and_then(|after| after.neighbor.mac)
    {
        macs.push(mac);
    }
    let check = NeighborCheck {
        adapter: name.map(str::to_owned),
        before: before.map(|entry| entry.neighbor.clone()),
        after: after.map(|entry| entry.neighbor.clone()),
        answered,
        macs,
    };
    shared.result(index, 3_000_000, target, ProbeResult::Neighbor(check));
}

/// Waits until so little time is left that whoever is asked now has the last word; false when the target itself answers
/// something else before, or everything that was sent has come to an end.
async fn is_silent_to_the_last(
    shared: &Shared,
    mut state: watch::Receiver<EchoState>,
    mut others: watch::Receiver<bool>,
) -> bool {
    let last = shared.deadline.checked_sub(LAST_WORD).unwrap_or(shared.deadline);
    tokio::select! {
        _ = state.wait_for(|state| state.alive) => false,
        _ = others.wait_for(|done| *done) => false,
        () = tokio::time::sleep_until(last.into()) => true,
    }
}

/// Reads the table now and then until it can decide, at the latest until the deadline.
async fn wait_for_table(shared: &Shared, target: &Target, adapter: Option<&str>, asked: Instant) {
    const STEP: Duration = Duration::from_millis(200);
    let last = shared
        .deadline
        .checked_sub(Duration::from_millis(50))
        .unwrap_or(shared.deadline);
    while Instant::now() < last {
        let table = read_table(last).await;
        let before = neighbor::find(&shared.table, target.address, adapter);
        let after = neighbor::find(&table, target.address, adapter);
        if neighbor::answered(before, after, millis(asked.elapsed()), None).is_some() {
            break;
        }
        tokio::time::sleep_until((Instant::now() + STEP).min(last).into()).await;
    }
}
