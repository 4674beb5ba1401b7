//! `ping`: the engine behind the live plots.

use std::fmt::Write as _;
use std::net::IpAddr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value, json};

use super::arguments::PingOptions;
use super::{CAUSE, FINE, INCONCLUSIVE, Refusal, end, lean_runtime, output, runtime};
use crate::locale::Language;
use crate::model::{EchoErrorKind, SCHEMA, shown_time};
use crate::probe::monitor::{self, MonitorPlan};
use crate::probe::verdict::{Added, Adds, added, findings};
use crate::probe::{Audience, Cancel, History, Outcome, OwnAddresses};
use crate::wizard::journal::Journal;

/// Results held one by one, of all addresses together.
const MOST_SAMPLES: usize = 1_000_000;

pub(super) fn run(options: &PingOptions, language: Language) -> Result<u8, Refusal> {
    if options.addresses.len() > monitor::MAX_TARGETS {
        let most = monitor::MAX_TARGETS.to_string();
        return Err(language
            .text_with("cli-too-many-addresses", &[("most", &most)])
            .into());
    }
    let own = OwnAddresses::read();
    for address in &options.addresses {
        let audience = own.audience(*address);
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
    // A million results at most are held one by one; of what is older the figures are kept.
    let capacity = usize::try_from(options.count)
        .unwrap_or(usize::MAX)
        .min(MOST_SAMPLES / options.addresses.len().max(1));
    let mut histories: Vec<(IpAddr, History)> = options
        .addresses
        .iter()
        .map(|address| (*address, History::with_capacity(capacity)))
        .collect();
    // Writing to a disk may take a while, in which a lone thread would not send.
    let runtime = match options.append {
        Some(_) => runtime()?,
        None => lean_runtime()?,
    };
    let mut journal = options.append.as_deref().map(Journal::open).transpose()?;
    let mut unwritten = None;
    let begun = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let begun_ms = u64::try_from(begun.as_millis()).unwrap_or(u64::MAX);
    let take = |readings: Vec<monitor::Reading>| {
        let lines = readings.iter().filter_map(|reading| {
            let address = options.addresses.get(reading.target)?;
            let at_ms = begun_ms.saturating_add(reading.sample.at_ms);
            Some((at_ms, *address, reading.sample, reading.told))
        });
        if let Some(Err(error)) = journal.as_mut().map(|journal| journal.append(lines)) {
            unwritten.get_or_insert(error);
        }
        for reading in readings {
            if let Some((_, history)) = histories.get_mut(reading.target) {
                history.take(reading.sample, reading.told);
            }
        }
    };
    runtime.block_on(monitor::run(plan, take, Cancel::new()));
    end(runtime);
    if let Some(error) = unwritten {
        return Err(error.into());
    }
    if options.json {
        let targets: Vec<Value> = histories
            .iter()
            .map(|(address, history)| figures(*address, history))
            .collect();
        let compared: Vec<Value> = compared(&histories)
            .map(|(first, second, added)| {
                json!({ "first": first, "second": second, "adds_us": added.middle_us,
                        "at_least_us": added.least_us, "at_most_us": added.most_us })
            })
            .collect();
        output::json(&json!({ "schema": SCHEMA, "kind": "ping", "targets": targets, "compared": compared }));
    } else {
        output::answer(&format!(
            "{}{}",
            table(&histories, language),
            verdicts(options, &histories, language)
        ));
    }
    Ok(status(&histories))
}

/// What each further address takes longer than the first one.
fn compared(histories: &[(IpAddr, History)]) -> impl Iterator<Item = (IpAddr, IpAddr, Added)> {
    histories
        .split_first()
        .into_iter()
        .flat_map(|((first, base), others)| {
            let compare =
                |(address, history): &(IpAddr, History)| Some((*first, *address, added(base, history)?));
            others.iter().filter_map(compare)
        })
}

/// What the addresses say together.
fn verdicts(options: &PingOptions, histories: &[(IpAddr, History)], language: Language) -> String {
    let mut lines = Vec::new();
    for (first, second, added) in compared(histories).filter(|(_, _, added)| added.is_certain()) {
        let (first, second) = (first.to_string(), second.to_string());
        let (least, most) = (added.least_us.to_string(), added.most_us.to_string());
        let says = [
            ("first", first.as_str()),
            ("second", second.as_str()),
            ("least", least.as_str()),
            ("most", most.as_str()),
        ];
        lines.push(language.text_with("cli-ping-adds", &says));
    }
    if options.way {
        let hops: Vec<&History> = histories.iter().map(|(_, history)| history).collect();
        for finding in findings(&hops) {
            let Some((address, _)) = histories.get(finding.hop) else {
                continue;
            };
            let address = address.to_string();
            let line = match finding.adds {
                Adds::Loss { least, most } => {
                    let (least, most) = (format!("{:.1}", least * 100.0), format!("{:.1}", most * 100.0));
                    let says = [("address", address.as_str()), ("least", &least), ("most", &most)];
                    language.text_with("cli-ping-loses", &says)
                }
                Adds::Spread { here_us, .. } => {
                    let spread = format!("{:.1}", f64::from(here_us) / 1000.0);
                    language.text_with("cli-ping-uneven", &[("address", &address), ("spread", &spread)])
                }
            };
            lines.push(line);
        }
    }
    lines.join("\n")
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
                    shown_time(u64::from(time), u64::from(history.resolution_us()), 3)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe::{Sample, Told};

    /// A tool that prints whole milliseconds knows of no reply that takes none at all.
    #[test]
    fn a_time_below_the_step_of_its_source_is_shown_as_in_the_window() {
        let table_of = |time_us, step_us| {
            let mut history = History::default();
            let sample = Sample {
                at_ms: 0,
                time_us: Some(time_us),
                outcome: Outcome::Reply,
            };
            let told = Told {
                step_us,
                ..Told::default()
            };
            history.take(sample, told);
            table(&[(IpAddr::from([192, 0, 2, 1]), history)], Language::English)
        };
        let coarse = table_of(0, Some(1000));
        assert!(coarse.contains("median <1 ms"), "{coarse}");
        let fine = table_of(412, None);
        assert!(fine.contains("median 0.412 ms"), "{fine}");
    }
}
