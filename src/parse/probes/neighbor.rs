//! `arping`: who answers for an address.

use crate::model::{Case, NeighborCheck, Place, Probe, ProbeResult};
use crate::parse::command;
use crate::parse::text::{self, first_address, source};

/// Whether the line stands in the output of `arping`.
pub fn is_arping_line(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("ARPING ")
        || line.starts_with("Unicast reply from ")
        || line.starts_with("Broadcast reply from ")
        || (line.starts_with("Sent ") && line.contains(" probes"))
        || (line.contains(" bytes from ") && line.contains("index="))
        // The count of Habets' arping.
        || (line.contains(" packets transmitted, ") && line.contains("unanswered"))
}

/// Reads `arping`: who answered for the address. Several hardware addresses are a duplicate address.
pub fn arping(text: &str, case: &mut Case, on: Place, command: &str) {
    let call = command::call(command);
    let mut to = None;
    let mut check = NeighborCheck {
        adapter: call.after("-I").or_else(|| call.after("-i")).map(str::to_owned),
        ..NeighborCheck::default()
    };
    let mut done = false;
    for line in text.lines().map(str::trim) {
        if let Some(rest) = line.strip_prefix("ARPING ") {
            to = first_address(rest).or(to);
            if check.adapter.is_none() {
                check.adapter = rest
                    .split_once(" from ")
                    .and_then(|(_, rest)| rest.split_whitespace().nth(1))
                    .map(str::to_owned);
            }
        }
        let answers = line.contains(" reply from ") || (line.contains(" from ") && line.contains("index="));
        if answers {
            to = to.or_else(|| first_address(line));
            check.answered = Some(true);
            let mac = line
                .split(|c: char| c.is_whitespace() || "()[]".contains(c))
                .find_map(text::mac);
            if let Some(mac) = mac
                && !check.macs.contains(&mac)
                && check.macs.len() < 64
            {
                check.macs.push(mac);
            }
        }
        done |= line.starts_with("Received 0 ")
            || line.starts_with("Timeout")
            || line.contains("100% unanswered");
    }
    if check.answered.is_none() && done {
        check.answered = Some(false);
    }
    let to = to.or_else(|| call.words().filter_map(text::address).last());
    if to.is_some() && check.answered.is_some() {
        case.probes.push(Probe {
            from: on,
            to,
            name: None,
            result: ProbeResult::Neighbor(check),
            source: source(command),
            at_ms: None,
        });
    }
}
