//! Every figure that the program is held to, measured on this machine and printed as a table: `cargo bench`.
//!
//! The rows of `probing` stand beside `ping` of iputils and `fping` (`apt install iputils-ping fping`):
//! `cargo bench -- probing`.
//!
//! `cargo bench -- scan window` measures only the rows whose names hold one of the words. Figures of the window are
//! held against an empty eframe window of the same build settings in the same run; both are painted by software into
//! a display of our own (Xvfb). The diagnosed networks are namespaces made and removed here, which needs root; what
//! cannot be measured is said and counts as neither met nor missed. The exit status is 1 when a figure is missed.

#[path = "../../tests/window/crowd_case.rs"]
mod crowd_case;
mod display;
mod frames;
mod large;
mod network;
mod probing;
mod table;
mod window;

use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use table::Table;

/// The program that is measured, built like this benchmark.
const PROGRAM: &str = env!("CARGO_BIN_EXE_vmnet-doctor");

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().map(String::as_str) == Some(window::EMPTY) {
        return window::empty();
    }
    if arguments.first().map(String::as_str) == Some(probing::MONITOR) {
        return probing::monitor();
    }
    if arguments.first().map(String::as_str) == Some(frames::WATCHING) {
        return frames::watching();
    }
    if arguments.first().map(String::as_str) == Some(frames::WATCHED_DAY) {
        return frames::watched_day();
    }
    let words = arguments
        .into_iter()
        .filter(|word| !word.starts_with('-'))
        .collect();
    let mut table = Table::new(words);
    table.row("binary", "30 MB", || {
        let bytes = std::fs::metadata(PROGRAM)
            .map_err(|error| error.to_string())?
            .len();
        let megabytes = bytes as f64 / 1e6;
        Ok((format!("{megabytes:.1} MB"), megabytes <= 30.0))
    });
    table.row(
        "diagnose() of 50 machines, 20 networks, 2,000 routes, 5,000 filter rules",
        "20 ms",
        || {
            let took = median(large::diagnoses(21));
            Ok((milliseconds(took), took <= Duration::from_millis(20)))
        },
    );
    table.row("full scan, start to exit", "300 ms", || {
        let took = median(repeated(9, || {
            run(Command::new(PROGRAM).args(["scan", "--json"]), &[0])
        })?);
        Ok((milliseconds(took), took <= Duration::from_millis(300)))
    });
    network::rows(&mut table);
    probing::rows(&mut table);
    window::rows(&mut table);
    frames::rows(&mut table);
    table.end()
}

/// Runs a command to its end and tells how long it took; an exit status that is not expected is an error.
fn run(command: &mut Command, expected: &[i32]) -> Result<Duration, String> {
    let start = Instant::now();
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("{command:?}: {error}"))?;
    let took = start.elapsed();
    if output.status.code().is_some_and(|code| expected.contains(&code)) {
        Ok(took)
    } else {
        let said = String::from_utf8_lossy(&output.stderr);
        Err(format!("{} from {command:?}: {}", output.status, said.trim()))
    }
}

/// `times` measurements after one that is thrown away, so that files are in memory.
fn repeated(
    times: usize,
    mut one: impl FnMut() -> Result<Duration, String>,
) -> Result<Vec<Duration>, String> {
    one()?;
    (0..times).map(|_| one()).collect()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn milliseconds(took: Duration) -> String {
    format!("{:.1} ms", took.as_secs_f64() * 1000.0)
}
