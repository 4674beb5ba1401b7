//! What watching costs: 250 addresses beside `fping -l`, and eight addresses in the wizard that stands behind the
//! window, without its painting.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use serde_json::Value;
use vmnet_doctor::wizard::{Command, Settings, Surroundings, Wizard};

use super::wire::Wire;
use crate::PROGRAM;
use crate::table::Table;

const LOSS: &str = "probing: lost of 250 targets at 1 Hz for 60 s";
const BURDEN: &str = "probing: processor time of those against fping -l";
const PLOTS: &str = "probing: share of a core of wizard and probes, 8 targets at 10 Hz";

/// The rows of this file.
pub const ROWS: [&str; 3] = [LOSS, BURDEN, PLOTS];

/// The argument that makes this benchmark the wizard that watches.
pub const MONITOR: &str = "watching-wizard";

const WATCHED: Duration = Duration::from_secs(20);
const INTERVAL: Duration = Duration::from_millis(100);

/// Measures them.
pub fn rows(table: &mut Table, wire: Result<&Wire, &str>) {
    if table.wants(LOSS) || table.wants(BURDEN) {
        let told = wire.map_err(str::to_owned).and_then(many);
        table.row(LOSS, "0", || {
            let told = told.clone()?;
            Ok((told.lost.to_string(), told.lost == 0))
        });
        table.row(BURDEN, "1.0 x + 1 %", || {
            let told = told.clone()?;
            let (ours, peer) = (told.ours.as_secs_f64(), told.peers.as_secs_f64());
            // One percent of a core for the minute that it lasts.
            Ok((format!("{ours:.2} s, fping {peer:.2} s"), ours <= peer + 0.6))
        });
    }
    table.row(PLOTS, "3 %", || {
        let wire = wire?;
        let this = std::env::current_exe().map_err(|error| error.to_string())?;
        let this = this.to_str().ok_or("this benchmark has no name")?;
        let (text, used) = wire.processor_time(&[this, MONITOR])?;
        let replies: u64 = text.trim().parse().map_err(|_| "the wizard told nothing")?;
        let share = used.as_secs_f64() / WATCHED.as_secs_f64() * 100.0;
        // Whoever sent less did less.
        let all = 8 * WATCHED.as_millis() / INTERVAL.as_millis();
        let whole = u128::from(replies) * 100 >= all * 97;
        Ok((format!("{share:.1} % ({replies} replies)"), share <= 3.0 && whole))
    });
}

#[derive(Clone)]
struct Many {
    lost: u64,
    ours: Duration,
    peers: Duration,
}

/// A minute of ours, and one of the peer's.
fn many(wire: &Wire) -> Result<Many, String> {
    let addresses: Vec<String> = (3..253).map(|last| format!("10.77.0.{last}")).collect();
    let with = |line: &[&'static str]| -> Vec<&str> {
        let addresses = addresses.iter().map(String::as_str);
        line.iter().copied().chain(addresses).collect()
    };
    let line = with(&[PROGRAM, "ping", "--json", "--count", "60", "--interval", "1000"]);
    let (text, ours) = wire.processor_time(&line)?;
    let told: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let figures = told["targets"].as_array().ok_or("no targets")?;
    let received: u64 = figures.iter().filter_map(|one| one["received"].as_u64()).sum();
    let line = with(&[
        "timeout", "-s", "INT", "60", "fping", "-q", "-l", "-p", "1000", "-i", "1",
    ]);
    let (_, peers) = wire.processor_time(&line)?;
    let lost = (60 * addresses.len() as u64).saturating_sub(received);
    Ok(Many { lost, ours, peers })
}

/// The wizard alone, looked at four times a second as a window would: prints how many replies it has.
pub fn monitor() -> ExitCode {
    let surroundings = Surroundings {
        tools: None,
        settings: None,
    };
    let mut wizard = Wizard::in_surroundings(Settings::default(), surroundings, || {});
    wizard.send(Command::MonitorInterval(INTERVAL));
    for last in 3..11_u8 {
        wizard.send(Command::MonitorAdd {
            address: [10, 77, 0, last].into(),
            label: String::new(),
        });
    }
    wizard.send(Command::MonitorStart);
    let start = Instant::now();
    while start.elapsed() < WATCHED {
        std::thread::sleep(Duration::from_millis(250));
        wizard.poll();
    }
    let targets = &wizard.state().monitor.targets;
    let replies: u64 = targets
        .iter()
        .map(|target| target.history.statistics().received)
        .sum();
    println!("{replies}");
    ExitCode::SUCCESS
}
