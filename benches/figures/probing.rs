//! The probing engine beside the tools that people know, in the same run and over the same wire: `ping` of
//! iputils and `fping` (`apt install iputils-ping fping`), between two namespaces.

use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;
use vmnet_doctor::probe::{History, Outcome, Sample};

use crate::table::Table;
use crate::{PROGRAM, median, run};

const HOST: &str = "vnd-bench-near";
const GUEST: &str = "vnd-bench-far";
const ADDRESS: &str = "10.77.0.2";
const RUNS: usize = 5;
const ECHOES: usize = 1000;
const SWEEPS: usize = 50;

/// All rows of the probing engine; each holds the word `probing`.
pub fn rows(table: &mut Table) {
    const MEDIAN: &str = "probing: median round trip on a veth pair against ping";
    const TAIL: &str = "probing: p99 round trip within the range of ping's own";
    const SWEEP: &str = "probing: sweep of a /24 with 3 of 254 alive against fping -g";
    const MISSED: &str = "probing: machines missed in 50 sweeps";
    const LOSS: &str = "probing: lost of 250 targets at 1 Hz for 60 s";
    const BURDEN: &str = "probing: processor time of those against fping -l";
    const PLOTS: &str = "probing: share of a core of 8 targets at 10 Hz";
    const WEEK: &str = "probing: memory of 8 targets for 7 days at 1 Hz";
    let all = [MEDIAN, TAIL, SWEEP, MISSED, LOSS, BURDEN, PLOTS, WEEK];
    if !all.iter().any(|what| table.wants(what)) {
        return;
    }
    table.row(WEEK, "24 MB", week);
    let network = Network::build();
    let network = network.as_ref().map_err(Clone::clone);
    let mut times = Err("not asked for".to_owned());
    if table.wants(MEDIAN) || table.wants(TAIL) {
        times = network.clone().and_then(|_| interleaved());
    }
    table.row(MEDIAN, "15 us / 10 %", || {
        let (ours, peers) = times.clone()?;
        let (ours, peer) = (middle(&ours, 0), middle(&peers, 0));
        let near = ours.abs_diff(peer) <= 15 || ours.abs_diff(peer) * 10 <= peer;
        Ok((format!("{ours} us, ping {peer} us"), near))
    });
    table.row(TAIL, "its range", || {
        let (ours, peers) = times.clone()?;
        let own = middle(&ours, 1);
        let tails = || peers.iter().map(|(_, p99)| *p99);
        let (low, high) = (tails().min().unwrap_or(0), tails().max().unwrap_or(0));
        // Below the peer's range is no fault.
        Ok((format!("{own} us, ping {low}-{high}"), own <= high))
    });
    let mut sweeps = Err("not asked for".to_owned());
    if table.wants(SWEEP) || table.wants(MISSED) {
        sweeps = network.clone().and_then(|_| sweeps_of_both());
    }
    table.row(SWEEP, "1.0 x", || {
        let (ours, peer, _) = sweeps.clone()?;
        let ratio = ours.as_secs_f64() / peer.as_secs_f64();
        Ok((
            format!("{ratio:.2} x ({:.2} s)", ours.as_secs_f64()),
            ratio <= 1.0,
        ))
    });
    table.row(MISSED, "0", || {
        let (_, _, missed) = sweeps.clone()?;
        Ok((missed.to_string(), missed == 0))
    });
    let mut many = Err("not asked for".to_owned());
    if table.wants(LOSS) || table.wants(BURDEN) {
        many = network.clone().and_then(|_| many_targets());
    }
    table.row(LOSS, "0", || {
        let (lost, _, _) = many.clone()?;
        Ok((lost.to_string(), lost == 0))
    });
    table.row(BURDEN, "1.0 x + 1 %", || {
        let (_, ours, peer) = many.clone()?;
        let most = peer + Duration::from_millis(600);
        Ok((
            format!("{:.2} s, fping {:.2} s", ours.as_secs_f64(), peer.as_secs_f64()),
            ours <= most,
        ))
    });
    table.row(PLOTS, "3 %", || {
        network?;
        let addresses: Vec<String> = (3..11).map(|last| format!("10.77.0.{last}")).collect();
        let mut line = vec![PROGRAM, "ping", "--json", "--count", "200", "--interval", "100"];
        line.extend(addresses.iter().map(String::as_str));
        let (_, used) = processor_time(&line)?;
        let share = used.as_secs_f64() / 20.0 * 100.0;
        Ok((format!("{share:.1} %"), share <= 3.0))
    });
}

/// Resident memory of this process in bytes.
fn resident() -> Result<f64, String> {
    let text = std::fs::read_to_string("/proc/self/statm").map_err(|error| error.to_string())?;
    let pages = text
        .split_whitespace()
        .nth(1)
        .and_then(|pages| pages.parse::<f64>().ok());
    pages
        .map(|pages| pages * 4096.0)
        .ok_or_else(|| "no statm".to_owned())
}

fn week() -> Result<(String, bool), String> {
    const WEEK: u64 = 7 * 24 * 3600;
    let before = resident()?;
    let mut histories = vec![History::new(); 8];
    for history in &mut histories {
        for second in 0..WEEK {
            // Lost one after the other now and then, so that there is something to be remembered.
            let lost = second % 600 < 3;
            history.push(Sample {
                at_ms: second * 1000,
                time_us: (!lost).then_some(100 + (second * 7919 % 5000) as u32),
                outcome: if lost { Outcome::Lost } else { Outcome::Reply },
            });
        }
    }
    let grown = (resident()? - before) / 1e6;
    let exact = histories.iter().all(|history| {
        let figures = history.statistics();
        // Of every ten minutes three requests are lost.
        figures.sent == WEEK && figures.received == WEEK - WEEK / 600 * 3
    });
    Ok((format!("{grown:.1} MB"), exact && grown <= 24.0))
}

/// Median and 99th percentile in microseconds.
type Times = Vec<(u64, u64)>;

fn middle(times: &Times, which: usize) -> u64 {
    let mut all: Vec<u64> = times
        .iter()
        .map(|(median, p99)| if which == 0 { *median } else { *p99 })
        .collect();
    all.sort_unstable();
    all.get(all.len() / 2).copied().unwrap_or(0)
}

/// Ours and the peer's, by turns.
fn interleaved() -> Result<(Times, Times), String> {
    let (mut ours, mut peers) = (Vec::new(), Vec::new());
    let count = ECHOES.to_string();
    for _ in 0..RUNS {
        let text = inside(HOST, &["ping", "-n", "-i", "0.01", "-c", &count, ADDRESS])?;
        let mut times: Vec<u64> = text
            .lines()
            .filter_map(|line| {
                line.split_once("time=")?
                    .1
                    .strip_suffix(" ms")?
                    .parse::<f64>()
                    .ok()
            })
            .map(|ms| (ms * 1000.0).round() as u64)
            .collect();
        times.sort_unstable();
        let at = |percent: usize| {
            times
                .get((times.len() * percent).div_ceil(100).saturating_sub(1))
                .copied()
        };
        peers.push(at(50).zip(at(99)).ok_or("ping told no times")?);
        let text = inside(
            HOST,
            &[
                PROGRAM,
                "ping",
                "--json",
                "--interval",
                "10",
                "--count",
                &count,
                ADDRESS,
            ],
        )?;
        let told: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        let figure = |name: &str| told["targets"][0][name].as_u64();
        ours.push(figure("median_us").zip(figure("p99_us")).ok_or("no times")?);
    }
    Ok((ours, peers))
}

/// Our time, the peer's, and how many machines ours missed in all.
fn sweeps_of_both() -> Result<(Duration, Duration, usize), String> {
    let alive = ["10.78.0.2", "10.78.0.7", "10.78.0.200"];
    let (mut ours, mut peers, mut missed) = (Vec::new(), Vec::new(), 0);
    for _ in 0..SWEEPS {
        inside(HOST, &["ip", "neighbor", "flush", "all"])?;
        let mut fping = Command::new("ip");
        fping.args([
            "netns",
            "exec",
            HOST,
            "fping",
            "-q",
            "-a",
            "-g",
            "-r",
            "1",
            "-t",
            "300",
            "-i",
            "1",
            "10.78.0.0/24",
        ]);
        peers.push(run(&mut fping, &[0, 1])?);
        inside(HOST, &["ip", "neighbor", "flush", "all"])?;
        let start = Instant::now();
        let text = inside(HOST, &[PROGRAM, "sweep", "--json", "10.78.0.0/24"])?;
        ours.push(start.elapsed());
        missed += alive
            .iter()
            .filter(|address| !text.contains(&format!("\"{address}\"")))
            .count();
    }
    Ok((median(ours), median(peers), missed))
}

/// How many of our requests were lost, and the processor time of ours and of the peer's.
fn many_targets() -> Result<(u64, Duration, Duration), String> {
    let addresses: Vec<String> = (3..253).map(|last| format!("10.77.0.{last}")).collect();
    let addresses: Vec<&str> = addresses.iter().map(String::as_str).collect();
    let with = |line: &[&'static str]| -> Vec<&str> {
        line.iter().copied().chain(addresses.iter().copied()).collect()
    };
    let (text, ours) = processor_time(&with(&[
        PROGRAM,
        "ping",
        "--json",
        "--count",
        "60",
        "--interval",
        "1000",
    ]))?;
    let told: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let figures = told["targets"].as_array().ok_or("no targets")?;
    let lost = figures
        .iter()
        .map(|one| {
            one["sent"]
                .as_u64()
                .unwrap_or(0)
                .abs_diff(one["received"].as_u64().unwrap_or(0))
        })
        .sum();
    let (_, peer) = processor_time(&with(&[
        "timeout", "-s", "INT", "60", "fping", "-q", "-l", "-p", "1000", "-i", "1",
    ]))?;
    Ok((lost, ours, peer))
}

/// What a program printed and the processor time it used, by the shell's own account.
fn processor_time(line: &[&str]) -> Result<(String, Duration), String> {
    let script = "\"$@\" 2>/dev/null; times >&2";
    let mut command = Command::new("ip");
    command
        .args(["netns", "exec", HOST, "sh", "-c", script, "sh"])
        .args(line);
    let output = command.output().map_err(|error| error.to_string())?;
    let errors = String::from_utf8_lossy(&output.stderr);
    // The second line is that of the children: `0m0.120000s 0m0.340000s`.
    let children = errors.lines().last().unwrap_or_default();
    let parts: Option<Vec<f64>> = children
        .split_whitespace()
        .map(|time| {
            let (minutes, seconds) = time.strip_suffix('s')?.split_once('m')?;
            Some(minutes.parse::<f64>().ok()? * 60.0 + seconds.parse::<f64>().ok()?)
        })
        .collect();
    let used = parts
        .filter(|parts| parts.len() == 2)
        .ok_or_else(|| format!("no times in {errors:?}"))?;
    Ok((
        String::from_utf8_lossy(&output.stdout).into_owned(),
        Duration::from_secs_f64(used.iter().sum()),
    ))
}

/// Two namespaces and the cable between them, gone when dropped.
struct Network;

impl Network {
    fn build() -> Result<Self, String> {
        for name in [HOST, GUEST] {
            run(Command::new("ip").args(["netns", "add", name]), &[0])
                .map_err(|_| "namespaces need root".to_owned())?;
        }
        let network = Self;
        inside(
            HOST,
            &[
                "sh",
                "-c",
                "ip link set lo up; sysctl -qw net.ipv4.ping_group_range='0 2147483647'; \
            ip link add tap0 type veth peer name eth0 netns vnd-bench-far; \
            ip address add 10.77.0.1/24 dev tap0; ip address add 10.78.0.1/24 dev tap0; ip link set tap0 up",
            ],
        )?;
        inside(
            GUEST,
            &[
                "sh",
                "-c",
                "ip link set lo up; for i in $(seq 2 252); do ip address add 10.77.0.$i/24 dev eth0; done; \
            for i in 2 7 200; do ip address add 10.78.0.$i/24 dev eth0; done; ip link set eth0 up",
            ],
        )?;
        Ok(network)
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        for name in [HOST, GUEST] {
            let _ = Command::new("ip").args(["netns", "delete", name]).status();
        }
    }
}

fn inside(namespace: &str, line: &[&str]) -> Result<String, String> {
    let output = Command::new("ip")
        .args(["netns", "exec", namespace])
        .args(line)
        .output()
        .map_err(|error| format!("{line:?}: {error}"))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        let said = String::from_utf8_lossy(&output.stderr);
        Err(format!("{} from {line:?}: {}", output.status, said.trim()))
    }
}
