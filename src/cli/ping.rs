//! `ping`: the engine behind the live plots.

use std::fmt::Write as _;
use std::net::IpAddr;
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::arguments::PingOptions;
use super::{CAUSE, FINE, INCONCLUSIVE, Refusal, end, output, runtime};
use crate::locale::Language;
use crate::model::{EchoErrorKind, SCHEMA};
use crate::probe::monitor::{self, MonitorPlan};
use crate::probe::{Audience, Cancel, History, Outcome, audience};

pub(super) fn run(options: &PingOptions, language: Language) -> Result<u8, Refusal> {
    if options.addresses.len() > monitor::MAX_TARGETS {
        let most = monitor::MAX_TARGETS.to_string();
        return Err(language
            .text_with("cli-too-many-addresses", &[("most", &most)])
            .into());
    }
    for address in &options.addresses {
        let audience = audience(*address);
        let address = address.to_string();
        let says = [("address", address.as_str())];
        if audience == Audience::Own {
            output::progress(&language.text_with("cli-ping-own-address", &says));
        } else if !audience.is_one_machine() {
            let key = format!("cli-ping-{}", audience.word());
            return Err(language.text_with(&key, &says).into());
        }
    }
    let mut plan = MonitorPlan::new(options.addresses.iter().copied());
    plan.interval = Duration::from_millis(options.interval);
    plan.count = Some(options.count);
    let capacity = usize::try_from(options.count)
        .unwrap_or(usize::MAX)
        .min(1_000_000);
    let mut histories: Vec<(IpAddr, History)> = options
        .addresses
        .iter()
        .map(|address| (*address, History::with_capacity(capacity)))
        .collect();
    let runtime = runtime()?;
    let take = |readings: Vec<monitor::Reading>| {
        for reading in readings {
            if let Some((_, history)) = histories.get_mut(reading.target) {
                history.take(reading.sample, reading.told);
            }
        }
    };
    runtime.block_on(monitor::run(plan, take, Cancel::new()));
    end(runtime);
    if options.json {
        let targets: Vec<Value> = histories
            .iter()
            .map(|(address, history)| figures(*address, history))
            .collect();
        output::json(&json!({ "schema": SCHEMA, "kind": "ping", "targets": targets }));
    } else {
        output::answer(&table(&histories, language));
    }
    Ok(status(&histories))
}

fn status(histories: &[(IpAddr, History)]) -> u8 {
    let answered = |history: &History| history.statistics().received > 0;
    if histories.iter().all(|(_, history)| answered(history)) {
        return FINE;
    }
    let unsendable = |history: &History| {
        history
            .outcomes()
            .iter()
            .all(|(outcome, _)| *outcome == Outcome::Error(EchoErrorKind::NoRights))
    };
    // Who may not send has learned nothing.
    let unknown = histories
        .iter()
        .all(|(_, history)| answered(history) || unsendable(history));
    if unknown { INCONCLUSIVE } else { CAUSE }
}

fn figures(address: IpAddr, history: &History) -> Value {
    let statistics = history.statistics();
    let outcomes: Map<String, Value> = history
        .outcomes()
        .into_iter()
        .map(|(outcome, count)| (outcome.word().to_owned(), count.into()))
        .collect();
    json!({
        "address": address,
        "sent": statistics.sent,
        "received": statistics.received,
        "min_us": statistics.min_us,
        "median_us": statistics.median_us,
        "p95_us": statistics.p95_us,
        "p99_us": statistics.p99_us,
        "max_us": statistics.max_us,
        "resolution_us": history.resolution_us(),
        "outcomes": outcomes,
    })
}

fn table(histories: &[(IpAddr, History)], language: Language) -> String {
    let mut text = String::new();
    for (address, history) in histories {
        let statistics = history.statistics();
        let lost = format!("{:.0}", statistics.loss * 100.0);
        let (sent, received) = (statistics.sent.to_string(), statistics.received.to_string());
        let counts = [
            ("sent", sent.as_str()),
            ("received", received.as_str()),
            ("lost", lost.as_str()),
        ];
        let _ = write!(
            text,
            "{address:<16} {}",
            language.text_with("cli-ping-counts", &counts)
        );
        let times = [
            ("min", statistics.min_us),
            ("median", statistics.median_us),
            ("p95", statistics.p95_us),
            ("max", statistics.max_us),
        ];
        for (name, time) in times {
            if let Some(time) = time {
                let _ = write!(
                    text,
                    "  {name} {}",
                    output::milliseconds(time, history.resolution_us())
                );
            }
        }
        for (outcome, count) in history.outcomes() {
            if outcome != Outcome::Reply && outcome != Outcome::Lost {
                let _ = write!(text, "  {} {count}", outcome.word());
            }
        }
        text.push('\n');
    }
    text
}
