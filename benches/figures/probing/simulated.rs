//! What takes days, by a simulated clock.

use vmnet_doctor::probe::simulation::day;
use vmnet_doctor::probe::{History, Outcome, Sample};

use crate::table::Table;

const WEEK: &str = "probing: memory of 8 targets for 7 days at 1 Hz";
const EXACT: &str = "probing: percentiles of that week, counts exact";
const SOAK: &str = "probing: outages found in a simulated day of faults";
const FLAT: &str = "probing: memory that the day takes after its second hour";

const SECONDS: u64 = 7 * 24 * 3600;

/// Measures them.
pub fn rows(table: &mut Table) {
    // First, as it is about memory that is freed by nothing before it.
    if table.wants(SOAK) || table.wants(FLAT) {
        let mut sizes = Vec::new();
        let day = day(11, |_| sizes.push(resident()));
        table.row(SOAK, "all", || {
            let (all, wrong) = (day.outages(), day.wrong());
            wrong.iter().for_each(|line| eprintln!("{line}"));
            let found = all.saturating_sub(wrong.len());
            Ok((format!("{found} of {all}"), wrong.is_empty()))
        });
        table.row(FLAT, "1 MB", || {
            let second = sizes.get(2).cloned().ok_or("the day was too short")??;
            let last = sizes.last().cloned().ok_or("the day was too short")??;
            let grown = last - second;
            Ok((format!("{grown:.1} MB"), grown <= 1.0))
        });
    }
    if table.wants(WEEK) || table.wants(EXACT) {
        let week = week();
        table.row(WEEK, "24 MB", || {
            let (histories, grown) = week.as_ref().map_err(Clone::clone)?;
            let each = grown / histories.len() as f64;
            Ok((format!("{grown:.1} MB ({each:.2} MB each)"), *grown <= 24.0))
        });
        table.row(EXACT, "1 %", || {
            let (histories, _) = week.as_ref().map_err(Clone::clone)?;
            let off = histories
                .iter()
                .map(furthest)
                .try_fold(0.0_f64, |most, off| Some(most.max(off?)));
            Ok(match off {
                Some(off) => (format!("{off:.2} %"), off <= 1.0),
                None => ("wrong counts".to_owned(), false),
            })
        });
    }
}

/// Resident memory of this process in megabytes.
fn resident() -> Result<f64, String> {
    let text = std::fs::read_to_string("/proc/self/statm").map_err(|error| error.to_string())?;
    let pages = text
        .split_whitespace()
        .nth(1)
        .and_then(|pages| pages.parse::<f64>().ok());
    pages
        .map(|pages| pages * 4096.0 / 1e6)
        .ok_or_else(|| "no statm".to_owned())
}

/// What the monitor is told in each second of the week.
fn sample(second: u64) -> Sample {
    // Lost one after the other now and then, so that there is something to be remembered; most times are near
    // each other, and one of fifty is far off.
    let lost = second % 600 < 3;
    let noise = second.wrapping_mul(6_364_136_223_846_793_005) >> 40;
    let far = if noise.is_multiple_of(50) {
        noise % 40_000
    } else {
        0
    };
    Sample {
        at_ms: second * 1000,
        time_us: (!lost).then_some((90 + noise % 60 + far) as u32),
        outcome: if lost { Outcome::Lost } else { Outcome::Reply },
    }
}

/// The histories, and by how much they made this process grow, in megabytes.
fn week() -> Result<(Vec<History>, f64), String> {
    let before = resident()?;
    let mut histories = vec![History::new(); 8];
    for history in &mut histories {
        (0..SECONDS).for_each(|second| history.push(sample(second)));
    }
    let grown = resident()? - before;
    Ok((histories, grown))
}

/// By how many percent a percentile is off at most; `None` when a count is wrong.
fn furthest(history: &History) -> Option<f64> {
    let mut times: Vec<u32> = (0..SECONDS).filter_map(|second| sample(second).time_us).collect();
    times.sort_unstable();
    let figures = history.statistics();
    let counts = (figures.sent, figures.received);
    let ends = (figures.min_us, figures.max_us);
    if counts != (SECONDS, times.len() as u64) || ends != (times.first().copied(), times.last().copied()) {
        return None;
    }
    let told = [
        (figures.median_us, 50),
        (figures.p95_us, 95),
        (figures.p99_us, 99),
    ];
    let mut off = told.iter().map(|(told, percent)| {
        let exact = times.get((times.len() * percent).div_ceil(100) - 1)?;
        let (told, exact) = (f64::from((*told)?), f64::from(*exact));
        Some((told - exact).abs() / exact * 100.0)
    });
    off.try_fold(0.0_f64, |most, off| Some(most.max(off?)))
}
