//! Sweeps of a /24 in which three machines live, beside `fping -g`: fifty each.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::wire::{ALIVE, Wire};
use crate::table::Table;
use crate::{PROGRAM, median};

const SWEEP: &str = "probing: sweep of a /24 with 3 of 254 alive against fping -g";
const MISSED: &str = "probing: machines missed or made up in 50 sweeps";

/// The rows of this file.
pub const ROWS: [&str; 2] = [SWEEP, MISSED];

const TURNS: usize = 50;
const SEGMENT: &str = "10.78.0.0/24";

/// Measures them.
pub fn rows(table: &mut Table, wire: Result<&Wire, &str>) {
    if !ROWS.iter().any(|what| table.wants(what)) {
        return;
    }
    let told = wire.map_err(str::to_owned).and_then(by_turns);
    table.row(SWEEP, "1.0 x", || {
        let (ours, peers) = told.clone()?;
        let (own, peer) = (median(ours.took), median(peers.took));
        let ratio = own.as_secs_f64() / peer.as_secs_f64();
        let figure = format!(
            "{ratio:.2} x ({:.2} s, fping {:.2} s)",
            own.as_secs_f64(),
            peer.as_secs_f64()
        );
        Ok((figure, ratio <= 1.0))
    });
    table.row(MISSED, "0", || {
        let (ours, peers) = told.clone()?;
        let mut figure = format!("{}, fping {}", ours.wrong, peers.wrong);
        if ours.wrong + peers.wrong > 0 {
            // The kernel's table of neighbors is shared by all that runs on the machine.
            figure += &format!(" (neighbor table full {} x)", ours.full + peers.full);
        }
        Ok((figure, ours.wrong == 0))
    });
}

/// What came of all sweeps of one tool.
#[derive(Clone, Default)]
struct Sweeps {
    took: Vec<Duration>,
    /// Machines that were not found, or were found and are none.
    wrong: usize,
    /// How often the kernel found no room for a neighbor meanwhile.
    full: u64,
}

impl Sweeps {
    fn add(&mut self, took: Duration, found: &BTreeSet<String>) {
        let alive = ALIVE.map(str::to_owned).into();
        self.took.push(took);
        self.wrong += found.symmetric_difference(&alive).count();
    }
}

fn by_turns(wire: &Wire) -> Result<(Sweeps, Sweeps), String> {
    let (mut ours, mut peers) = (Sweeps::default(), Sweeps::default());
    for turn in 0..TURNS {
        if turn % 2 == 0 {
            by_fping(wire, &mut peers)?;
            by_us(wire, &mut ours)?;
        } else {
            by_us(wire, &mut ours)?;
            by_fping(wire, &mut peers)?;
        }
    }
    Ok((ours, peers))
}

fn by_fping(wire: &Wire, sweeps: &mut Sweeps) -> Result<(), String> {
    wire.output(&["ip", "neighbor", "flush", "all"])?;
    let full = times_full();
    let line = [
        "fping", "-q", "-a", "-g", "-r", "1", "-t", "300", "-i", "1", SEGMENT,
    ];
    let start = Instant::now();
    // It ends with 1 where somebody does not answer.
    let output = wire.command(&line).output().map_err(|error| error.to_string())?;
    let took = start.elapsed();
    if output.status.code() != Some(1) {
        return Err(format!("{} from fping", output.status));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    // Its own address, which it asks as well, is none that was looked for.
    let found = text.lines().filter(|line| *line != "10.78.0.1");
    sweeps.full += times_full().saturating_sub(full);
    sweeps.add(took, &found.map(str::to_owned).collect());
    Ok(())
}

fn by_us(wire: &Wire, sweeps: &mut Sweeps) -> Result<(), String> {
    wire.output(&["ip", "neighbor", "flush", "all"])?;
    let full = times_full();
    let start = Instant::now();
    let text = wire.output(&[PROGRAM, "sweep", "--json", SEGMENT])?;
    let took = start.elapsed();
    let told: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let hosts = told["hosts"].as_array().ok_or("no hosts")?;
    let found = hosts.iter().filter_map(|host| host["address"].as_str());
    sweeps.full += times_full().saturating_sub(full);
    sweeps.add(took, &found.map(str::to_owned).collect());
    Ok(())
}

/// How often the kernel had no room in its table of neighbors since it started, on all processors (`table_fulls`);
/// 0 where it does not say.
fn times_full() -> u64 {
    let text = std::fs::read_to_string("/proc/net/stat/arp_cache").unwrap_or_default();
    let mut lines = text.lines().map(|line| line.split_whitespace());
    let at = lines
        .next()
        .and_then(|mut names| names.position(|name| name == "table_fulls"));
    let on_one = |mut counts: std::str::SplitWhitespace| {
        let count = counts.nth(at?)?;
        u64::from_str_radix(count, 16).ok()
    };
    lines.filter_map(on_one).sum()
}
