//! Name look-ups: `nslookup`, `dig`, `host`, `getent hosts`, `resolvectl query`, `Resolve-DnsName`.

use std::net::IpAddr;

use crate::model::{Case, NameOutcome, NameResult, Place, Probe, ProbeResult};
use crate::parse::command::{self, Call};
use crate::parse::text::{self, source};

/// Whether the line stands in the answer of a name look-up.
pub fn is_line(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("; <<>> DiG")
        || line.starts_with(";; ")
        || line.starts_with("Non-authoritative answer")
        || line.starts_with("** server can't find")
        || line.starts_with("*** ") && line.contains("find ")
        || line.contains(" has address ")
        || line.contains(" has IPv6 address ")
        || line.starts_with("Server:\t")
        || line.starts_with("Server:  ")
        || line.starts_with("服务器:")
}

/// Reads the answer to a name look-up.
pub fn read(text: &str, case: &mut Case, on: Place, command: &str) {
    let call = command::call(command);
    let mut addresses: Vec<IpAddr> = Vec::new();
    let mut server = None;
    let mut name = asked(&call);
    let mut outcome = None;
    let mut time_us = None;
    let mut answering = !call.is(&["nslookup"]) && !call.program.is_empty();
    let mut section_of_answers = true;
    for line in text.lines() {
        let trimmed = line.trim();
        let lower = trimmed.to_lowercase();
        if let Some(found) = failure(&lower) {
            outcome = Some(found);
            if let Some(found) = name_in(trimmed) {
                name = name.or(Some(found));
            }
            continue;
        }
        if let Some(rest) = trimmed.strip_prefix(";; ") {
            if rest.ends_with("SECTION:") {
                section_of_answers = rest.starts_with("ANSWER");
            } else if let Some(rest) = rest.strip_prefix("SERVER: ") {
                server = text::address(rest.split('#').next().unwrap_or_default()).or(server);
            } else if let Some(rest) = rest.strip_prefix("Query time: ") {
                let milliseconds = rest
                    .split_whitespace()
                    .next()
                    .and_then(|ms| ms.parse::<u64>().ok());
                time_us = milliseconds.and_then(|ms| ms.checked_mul(1000));
            }
            answering = true;
            continue;
        }
        if trimmed.starts_with(';') {
            if name.is_none() && trimmed.contains("IN") {
                name = trimmed
                    .trim_start_matches(';')
                    .split_whitespace()
                    .next()
                    .map(without_dot);
            }
            continue;
        }
        let (key, value) = trimmed.split_once([':', '：']).unwrap_or(("", trimmed));
        let is_server = !answering && (key == "Server" || key.starts_with("服务器") || key == "Servername");
        let is_name = ["Name", "名称", "名稱"].contains(&key.trim());
        if is_server {
            server = text::address(value).or(server);
            continue;
        }
        if is_name {
            answering = true;
            name = name.or_else(|| Some(value.trim().to_owned()));
            continue;
        }
        let mut words: Vec<IpAddr> = trimmed
            .split_whitespace()
            .filter_map(|word| text::address(word.split('#').next().unwrap_or(word)))
            .collect();
        if !answering {
            // nslookup prints the server's address before the answer.
            server = words.first().copied().or(server);
            continue;
        }
        if section_of_answers {
            words.retain(|address| !addresses.contains(address));
            addresses.extend(words);
        }
    }
    addresses.truncate(64);
    let Some(name) = name else { return };
    let outcome = match outcome {
        _ if !addresses.is_empty() => NameOutcome::Resolved,
        Some(outcome) => outcome,
        // `getent` says nothing when it finds nothing, and `dig` prints an empty answer.
        None if text.contains("NOERROR") || text.trim().is_empty() => NameOutcome::Other,
        None => NameOutcome::Other,
    };
    case.probes.push(Probe {
        from: on,
        to: None,
        name: Some(name.clone()),
        result: ProbeResult::Name(NameResult {
            name,
            server: server.or_else(|| server_asked(&call)),
            outcome,
            addresses,
            time_us,
        }),
        source: source(command),
        at_ms: None,
    });
}

fn failure(lower: &str) -> Option<NameOutcome> {
    const WORDS: [(&str, NameOutcome); 19] = [
        ("nxdomain", NameOutcome::NoSuchName),
        ("non-existent domain", NameOutcome::NoSuchName),
        ("dns name does not exist", NameOutcome::NoSuchName),
        ("not found: 3", NameOutcome::NoSuchName),
        ("name or service not known", NameOutcome::NoSuchName),
        ("' not found", NameOutcome::NoSuchName),
        ("servfail", NameOutcome::Failed),
        ("server failed", NameOutcome::Failed),
        ("query refused", NameOutcome::Failed),
        ("status: refused", NameOutcome::Failed),
        (": refused", NameOutcome::Failed),
        ("no servers could be reached", NameOutcome::TimedOut),
        ("request timed out", NameOutcome::TimedOut),
        ("timed-out", NameOutcome::TimedOut),
        ("timed out", NameOutcome::TimedOut),
        ("timeout period expired", NameOutcome::TimedOut),
        ("no response from server", NameOutcome::TimedOut),
        ("connection refused", NameOutcome::Failed),
        ("network unreachable", NameOutcome::Failed),
    ];
    WORDS
        .iter()
        .find(|(word, _)| lower.contains(word))
        .map(|(_, outcome)| *outcome)
}

/// The name in `** server can't find NAME: NXDOMAIN`.
fn name_in(line: &str) -> Option<String> {
    let (_, rest) = line.split_once("find ").or_else(|| line.split_once("找不到 "))?;
    rest.split_whitespace().next().map(without_dot)
}

fn without_dot(name: &str) -> String {
    let name = name.trim_end_matches([':', ',']);
    name.strip_suffix('.').unwrap_or(name).to_owned()
}

/// The name on the command line.
fn asked(call: &Call) -> Option<String> {
    if let Some(name) = call.after("-Name") {
        return Some(name.to_owned());
    }
    let skip = usize::from(call.is(&["getent", "resolvectl"]));
    call.words()
        .skip(skip)
        .find(|word| {
            !word.starts_with('@') && !word.starts_with('+') && !["A", "AAAA", "a", "aaaa"].contains(word)
        })
        .map(without_dot)
}

/// The server on the command line.
fn server_asked(call: &Call) -> Option<IpAddr> {
    call.args
        .iter()
        .find_map(|word| word.strip_prefix('@'))
        .and_then(text::address)
        .or_else(|| {
            if call.is(&["nslookup", "host"]) {
                call.words().nth(1).and_then(text::address)
            } else {
                None
            }
        })
}
