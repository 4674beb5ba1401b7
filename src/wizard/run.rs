//! One diagnosis from start to end, for the window and the command line alike.

use std::net::IpAddr;
use std::sync::Arc;

use ipnet::IpNet;
use tokio::sync::mpsc;

use super::detect;
use super::event::Judged;
use super::inside;
use super::plan::{self, CheckPlan};
use super::state::FoundHost;
use crate::collect::{ScanEvent, ScanOptions};
use crate::model::{Case, Intake, Nic, Output, Probe, System, changes};
use crate::probe::sweep::{Host, SweepError, SweepPlan, SweepProgress};
use crate::probe::{Cancel, Progress};
use crate::{collect, diagnose, parse, probe};

/// What `Probe::source` says of probes that this program sent.
pub const LIVE: &str = "live";

/// What a diagnosis is made from.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// What the user told.
    pub intake: Intake,
    /// Outputs that the user handed in.
    pub outputs: Vec<Output>,
    /// A saved case: no packet is sent and no command is run.
    pub replay: Option<Case>,
    /// Whether this program runs inside the guest.
    pub inside: bool,
}

/// What happens while a diagnosis runs.
#[derive(Clone, Debug)]
pub enum Stage {
    /// This machine is being read.
    Scanning,
    /// Probes are being sent.
    Probing(CheckPlan),
    /// News from the probes.
    Probe(Box<Progress>),
}

/// A diagnosis with the case that it stands on.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The case as it would be saved.
    pub case: Case,
    /// What follows from it.
    pub judged: Judged,
}

/// Takes raw outputs in and diagnoses. Pure, but long texts take their time: keep it off the window's thread.
pub fn judge(case: &Case) -> Judged {
    let facts = parse::resolve(case);
    let detection = detect(&facts);
    let diagnosis = diagnose::diagnose(&facts);
    Judged {
        facts: Arc::new(facts),
        detection: Arc::new(detection),
        diagnosis: Arc::new(diagnosis),
    }
}

/// Lays the facts of a scan under what the user told, pasted outputs and probe results.
pub fn take_scan(case: &mut Case, facts: Case) {
    let kept = std::mem::take(case);
    *case = Case {
        intake: kept.intake,
        probes: kept.probes,
        captures: kept.captures,
        outputs: kept.outputs,
        guest: kept.guest,
        guest2: kept.guest2,
        lan: kept.lan,
        ..facts
    };
}

/// Puts the results of a check in the place of those of the last one.
pub fn take_probes(case: &mut Case, probes: Vec<Probe>, host: System) {
    case.probes.retain(|known| known.source != LIVE);
    case.changed.clear();
    add_probes(case, probes, host);
}

fn add_probes(case: &mut Case, probes: Vec<Probe>, host: System) {
    case.probes.extend(probes);
    for change in changes(&case.host, &host) {
        if !case.changed.contains(&change) {
            case.changed.push(change);
        }
    }
    if host.neighbors.is_known() {
        case.host.neighbors = host.neighbors;
    }
    for answer in host.look_ups {
        case.host
            .look_ups
            .retain(|known| known.destination != answer.destination);
        case.host.look_ups.push(answer);
    }
}

/// Asks this machine's own way to every address of the plan and sends its probes, side by side; then reads its adapters
/// and routes once more, for they may have become others meanwhile.
pub async fn send(
    check: &CheckPlan,
    cancel: Cancel,
    progress: impl Fn(Progress) + Send + Sync,
) -> (Vec<Probe>, System) {
    let mut asked: Vec<IpAddr> = check.plan.targets.iter().map(|target| target.address).collect();
    asked.sort_unstable();
    asked.dedup();
    let look_ups = async {
        let mut answers = Vec::new();
        for address in asked {
            // Without the system's own answer the tables that were read decide.
            answers.extend(collect::look_up(address).await.ok());
        }
        answers
    };
    let (probes, look_ups) = tokio::join!(probe::run(check.plan.clone(), progress, cancel), look_ups);
    let host = System {
        look_ups,
        ..collect::tables().await
    };
    (probes, host)
}

/// Scan, look-ups, probes and diagnosis. With the guest's address told, packets go out while the slower
/// sources of the scan are still being read.
pub async fn run_diagnosis(request: Request, stage: impl Fn(Stage) + Send + Sync) -> Outcome {
    if let Some(mut case) = request.replay {
        case.intake = std::mem::take(&mut case.intake).overruled_by(request.intake);
        case.outputs.extend(request.outputs);
        let judged = judge(&case);
        return Outcome { case, judged };
    }
    let told = request.intake.clone();
    let mut case = Case {
        intake: match request.inside {
            true => inside::as_seen_from_here(&told),
            false => request.intake,
        },
        outputs: request.outputs,
        ..Case::default()
    };
    stage(Stage::Scanning);
    let cancel = Cancel::new();
    let (to, mut news) = mpsc::unbounded_channel();
    let options = ScanOptions::new(jiff::Timestamp::now());
    let scan = collect::scan(options, move |event| {
        if let ScanEvent::Partial(facts) = event {
            // Nobody listens any more once the probes are on their way.
            to.send(facts).ok();
        }
    });
    let early = async {
        // Without the guest's address there is nothing to send before the scan is done.
        case.intake.guest_ip?;
        while let Some(facts) = news.recv().await {
            if facts.host.adapters.is_known() && facts.host.routes.is_known() {
                let check = plan_with(&case, *facts);
                stage(Stage::Probing(check.clone()));
                let (probes, host) =
                    send(&check, cancel.clone(), |news| stage(Stage::Probe(Box::new(news)))).await;
                return Some((check, probes, host));
            }
        }
        None
    };
    let (facts, early) = tokio::join!(scan, early);
    take_scan(&mut case, facts);
    let mut check = plan::plan(&parse::resolve(&case));
    if let Some((sent, probes, host)) = early {
        take_probes(&mut case, probes, host);
        check.leave_out(&sent);
    }
    if !check.is_empty() {
        stage(Stage::Probing(check.clone()));
        let (probes, host) = send(&check, cancel.clone(), |news| stage(Stage::Probe(Box::new(news)))).await;
        add_probes(&mut case, probes, host);
    }
    if request.inside {
        inside::turn(&mut case, told, collect::inside_vm());
    }
    let judged = judge(&case);
    Outcome { case, judged }
}

/// The plan for `case` with these facts of the scan.
fn plan_with(case: &Case, facts: Case) -> CheckPlan {
    let mut whole = case.clone();
    take_scan(&mut whole, facts);
    plan::plan(&parse::resolve(&whole))
}

/// Searches a segment for machines and names those that are known.
///
/// # Errors
/// In plain words, when the segment has too many addresses.
pub async fn sweep(
    segment: IpNet,
    large: bool,
    facts: &Case,
    cancel: Cancel,
    progress: impl Fn(SweepProgress) + Send + Sync,
) -> Result<Vec<FoundHost>, SweepError> {
    let adapter = facts.host.adapter_on_segment(segment.addr());
    let plan = SweepPlan {
        segment,
        adapter: adapter.map(|(adapter, _)| adapter.name.as_str().to_owned()),
        ports: probe::well_known_ports(None).to_vec(),
        large,
    };
    let hosts = probe::sweep::run(plan, progress, cancel).await?;
    Ok(named(facts, hosts))
}

/// Names the machines that a sweep found.
pub fn named(facts: &Case, hosts: Vec<Host>) -> Vec<FoundHost> {
    hosts.into_iter().map(|host| name(facts, host)).collect()
}

fn name(facts: &Case, host: Host) -> FoundHost {
    let cards = facts
        .hypervisors
        .iter()
        .flat_map(|product| product.machines.rows());
    let vm = host.mac.and_then(|mac| {
        let has = |nic: &Nic| nic.mac.is_some_and(|known| known.same_card(mac));
        let mut owners = cards.filter(|machine| machine.nics.iter().any(has));
        owners.next().map(|machine| machine.name.as_str().to_owned())
    });
    FoundHost {
        address: host.address,
        mac: host.mac,
        vendor: host.mac.and_then(super::vendor::of).map(str::to_owned),
        vm,
        rtt_us: host.rtt_us.map(u64::from),
        open_ports: host.open_ports,
    }
}
