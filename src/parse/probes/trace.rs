//! `traceroute`, `tracert`, `tracepath`.

use std::net::IpAddr;

use crate::model::{Case, PathMtu, Place, Probe, ProbeResult, TraceHop};
use crate::parse::command::{self, Call};
use crate::parse::text::{self, first_address, source};

/// Most hops that are kept; no tool goes further than 255.
const MAX_HOPS: usize = 255;

/// Whether the line is the heading of a trace.
pub fn is_line(line: &str) -> bool {
    heading(line).is_some()
        || line.contains("[LOCALHOST]") && line.contains("pmtu")
        || (line.starts_with("HOST: ") && line.contains("Loss%"))
}

/// `traceroute to host (address), 30 hops max …`, `Tracing route to host [address]`, `通过最多 30 个跃点跟踪`,
/// `Routenverfolgung zu …`.
fn heading(line: &str) -> Option<Option<IpAddr>> {
    let lower = line.trim().to_lowercase();
    let starts = [
        "traceroute to ",
        "traceroute6 to ",
        "tracing route to ",
        "routenverfolgung zu ",
        "通过最多",
        "跟踪到",
    ];
    if !starts.iter().any(|words| lower.starts_with(words)) {
        return None;
    }
    let inside = line.split_once('[').and_then(|(_, rest)| rest.split_once(']'));
    Some(match inside {
        Some((address, _)) => text::address(address),
        None => first_address(line),
    })
}

/// Reads the routers on the way.
pub fn read(text: &str, case: &mut Case, on: Place, command: &str) {
    let call = command::call(command);
    let mut to = None;
    let mut hops: Vec<TraceHop> = Vec::new();
    let mut path = PathMtu::default();
    let mut reached = false;
    for line in text.lines() {
        if let Some(target) = heading(line) {
            to = target.or(to);
            continue;
        }
        let trimmed = line.trim();
        if let Some((_, rest)) = trimmed.split_once("pmtu ") {
            path.told = rest
                .split_whitespace()
                .next()
                .and_then(|mtu| mtu.parse().ok())
                .or(path.told);
        }
        if trimmed.contains("[LOCALHOST]") || trimmed.starts_with("Resume:") {
            continue;
        }
        let Some((number, rest)) = hop_number(trimmed) else {
            continue;
        };
        reached |= rest.split_whitespace().any(|word| word == "reached");
        let hop = TraceHop {
            address: address_in(rest),
            time_us: time_in(rest).or_else(|| average_in(rest).filter(|_| trimmed.contains(".|--"))),
        };
        if number > MAX_HOPS {
            continue;
        }
        // tracepath prints a hop twice when two routers answer.
        if number <= hops.len() {
            if let Some(old) = hops.get_mut(number - 1)
                && old.address.is_none()
            {
                *old = hop;
            }
            continue;
        }
        while hops.len() + 1 < number {
            hops.push(TraceHop::default());
        }
        hops.push(hop);
    }
    let typed = target(&call);
    let to = to.or_else(|| typed.as_deref().and_then(text::address));
    let name = typed.filter(|name| text::address(name).is_none());
    if hops.is_empty() {
        return;
    }
    reached |= to.is_some() && hops.last().and_then(|hop| hop.address) == to;
    let unreachable = text.contains("!H") || text.contains("!N") || text.contains("!X");
    let mut push = |result| {
        case.probes.push(Probe {
            from: on,
            to,
            name: name.clone(),
            result,
            source: source(command),
            at_ms: None,
        });
    };
    push(ProbeResult::Trace {
        hops,
        reached: reached && !unreachable,
    });
    if path.told.is_some() {
        push(ProbeResult::PathMtu(path));
    }
}

/// ` 3  …`, ` 3:  …`, ` 3?: …`: the hop's number and the rest.
fn hop_number(line: &str) -> Option<(usize, &str)> {
    let end = line.find(|c: char| !c.is_ascii_digit())?;
    let (number, rest) = line.split_at_checked(end)?;
    let number: usize = number.parse().ok()?;
    // `mtr --report` draws a branch: `  3.|-- 10.9.0.9`.
    let rest = rest.strip_prefix(".|--").unwrap_or(rest);
    let rest = rest.trim_start_matches(['?', ':']);
    (number > 0 && rest.starts_with([' ', '\t'])).then_some((number, rest))
}

fn address_in(rest: &str) -> Option<IpAddr> {
    // `router.lan (192.168.1.1)`, `router.lan [192.168.1.1]`, `192.168.1.1`.
    rest.split(|c: char| c.is_whitespace() || "()[],".contains(c))
        .find_map(text::address)
}

fn time_in(rest: &str) -> Option<u64> {
    let words: Vec<&str> = rest.split_whitespace().collect();
    for (at, word) in words.iter().enumerate() {
        let number = match word.strip_suffix("ms") {
            Some("") => words.get(at.checked_sub(1)?).copied()?,
            Some(number) => number,
            None => continue,
        };
        let number = number.trim_start_matches('<');
        let milliseconds: f64 = number.parse().ok()?;
        return (0.0..1e9)
            .contains(&milliseconds)
            .then(|| (milliseconds * 1000.0).round() as u64);
    }
    None
}

/// The average in a row of `mtr --report`: behind the address, the loss, the count and the last time.
fn average_in(rest: &str) -> Option<u64> {
    let milliseconds: f64 = rest.split_whitespace().nth(4)?.parse().ok()?;
    (milliseconds > 0.0 && milliseconds < 1e9).then(|| (milliseconds * 1000.0).round() as u64)
}

fn target(call: &Call) -> Option<String> {
    const VALUED: [&str; 13] = [
        "-m", "-w", "-q", "-p", "-i", "-s", "-f", "-g", "-t", "-h", "-j", "-c", "-l",
    ];
    let mut words = call.operands(|option| VALUED.contains(&option));
    // `tracert /d`
    words.find(|word| !word.starts_with('/')).map(str::to_owned)
}
