//! Round-trip times beside those of `ping`: 1,000 echoes every 10 ms, five times each.

use serde_json::Value;

use super::wire::Wire;
use crate::PROGRAM;
use crate::table::Table;

const MEDIAN: &str = "probing: median round trip on a veth pair against ping";
const TAIL: &str = "probing: p99 round trip within the range of ping's own";

/// The rows of this file.
pub const ROWS: [&str; 2] = [MEDIAN, TAIL];

const ADDRESS: &str = "10.77.0.2";
const TURNS: usize = 5;
const ECHOES: &str = "1000";

/// Measures them.
pub fn rows(table: &mut Table, wire: Result<&Wire, &str>) {
    if !ROWS.iter().any(|what| table.wants(what)) {
        return;
    }
    let told = wire.map_err(str::to_owned).and_then(by_turns);
    table.row(MEDIAN, "15 us / 10 %", || {
        let (ours, peers) = told.clone()?;
        let (ours, peer) = (middle(&ours, |one| one.median), middle(&peers, |one| one.median));
        let near = ours.abs_diff(peer) <= 15 || ours.abs_diff(peer) * 10 <= peer;
        Ok((format!("{ours} us, ping {peer} us"), near))
    });
    table.row(TAIL, "its range", || {
        let (ours, peers) = told.clone()?;
        let own = middle(&ours, |one| one.p99);
        let tails = || peers.iter().map(|one| one.p99);
        let (low, high) = (tails().min().unwrap_or(0), tails().max().unwrap_or(0));
        // Below the peer's range is no fault.
        Ok((format!("{own} us, ping {low}-{high} us"), own <= high))
    });
}

/// Figures of one series in microseconds.
#[derive(Clone, Copy)]
struct Series {
    median: u64,
    p99: u64,
}

fn middle(series: &[Series], figure: impl Fn(&Series) -> u64) -> u64 {
    let mut all: Vec<u64> = series.iter().map(figure).collect();
    all.sort_unstable();
    all.get(all.len() / 2).copied().unwrap_or(0)
}

/// Ours and the peer's.
fn by_turns(wire: &Wire) -> Result<(Vec<Series>, Vec<Series>), String> {
    let (mut ours, mut peers) = (Vec::new(), Vec::new());
    for turn in 0..TURNS {
        if turn % 2 == 0 {
            peers.push(by_ping(wire)?);
            ours.push(by_us(wire)?);
        } else {
            ours.push(by_us(wire)?);
            peers.push(by_ping(wire)?);
        }
    }
    Ok((ours, peers))
}

fn by_ping(wire: &Wire) -> Result<Series, String> {
    let text = wire.output(&["ping", "-n", "-i", "0.01", "-c", ECHOES, ADDRESS])?;
    let time = |line: &str| {
        let ms = line.split_once("time=")?.1.strip_suffix(" ms")?;
        ms.parse::<f64>().ok()
    };
    let mut times: Vec<u64> = text
        .lines()
        .filter_map(time)
        .map(|ms| (ms * 1000.0).round() as u64)
        .collect();
    times.sort_unstable();
    let at = |percent: usize| {
        let rank = (times.len() * percent).div_ceil(100);
        times.get(rank.saturating_sub(1)).copied()
    };
    let (median, p99) = at(50).zip(at(99)).ok_or("ping told no times")?;
    Ok(Series { median, p99 })
}

fn by_us(wire: &Wire) -> Result<Series, String> {
    let line = [
        PROGRAM,
        "ping",
        "--json",
        "--interval",
        "10",
        "--count",
        ECHOES,
        ADDRESS,
    ];
    let text = wire.output(&line)?;
    let told: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let figure = |name: &str| told["targets"][0][name].as_u64();
    let (median, p99) = figure("median_us")
        .zip(figure("p99_us"))
        .ok_or("we told no times")?;
    Ok(Series { median, p99 })
}
