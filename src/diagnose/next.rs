//! The one question, command or paste that would tell most for the least effort.
//!
//! Some things must be known before anything else is worth asking: whose address it is, and whether the traffic was
//! tried at all. After that every candidate is weighed alike: how it would split the causes that still stand, held
//! against what it costs a person.

mod candidates;
mod choose;

use super::rules::{self, Effect, Rule};
use super::{Asked, Confidence, Finding, Link, Next, NextKind, Situation, Verdict, path};
use crate::model::{Endpoint, Message, Os, Place};
use crate::remedy::Where;
use candidates::{CANDIDATES, Candidate};
use choose::Standing;

/// The option that takes what a remote hypervisor printed.
const HYPERVISOR_OPTION: &str = "--hypervisor-output";

/// What to ask next; `None` when nothing more has to be known.
pub(super) fn next(s: &Situation<'_>, asked: Asked, verdict: Verdict, findings: &[Finding]) -> Option<Next> {
    if matches!(verdict, Verdict::Reachable | Verdict::ImpossibleByDesign) {
        return None;
    }
    let first = findings.first();
    if first.is_some_and(|finding| finding.confidence == Confidence::Confirmed) {
        return None;
    }
    if let Some(again) = paste_again(s) {
        return Some(again);
    }
    if s.involves_guest() && s.guest_ip.is_none() {
        return Some(question("next-guest-address", "--guest-ip", s));
    }
    let starts_inside = matches!(s.from, Endpoint::Guest | Endpoint::Guest2 | Endpoint::Lan);
    if starts_inside && (asked == Asked::NotTried || s.guest().is_empty()) {
        return Some(guest_script(s));
    }
    let standing = standing(s, findings);
    let open: Vec<&Candidate> = CANDIDATES
        .iter()
        .filter(|candidate| (candidate.open)(s))
        .collect();
    match choose::best(&standing, &open) {
        Some(candidate) => Some(candidate.ask(s)),
        // One cause, likely at best: what the guest says of itself is what nothing here can replace.
        None if verdict == Verdict::Blocked && s.involves_guest() && s.guest().is_empty() => {
            Some(guest_script(s))
        }
        None => {
            (verdict == Verdict::Inconclusive).then(|| question("next-what-fails", "--from, --to, --port", s))
        }
    }
}

/// What may still be the cause: what was found, by how sure it is; what looks the same from outside; and where
/// nothing was found, everything that could stop the traffic on its way.
fn standing(s: &Situation<'_>, findings: &[Finding]) -> Vec<Standing> {
    let mut standing: Vec<Standing> = Vec::new();
    let mut add = |rule: &'static Rule, weight: u64| {
        if standing.iter().all(|known| known.rule.id != rule.id) {
            standing.push(Standing { rule, weight });
        }
    };
    for finding in findings {
        let weight = match finding.confidence {
            Confidence::Confirmed | Confidence::Likely => 6,
            Confidence::Possible => 3,
        };
        if let Some(rule) = rules::find(finding.id) {
            add(rule, weight);
        }
    }
    for finding in findings {
        let alike = rules::find(finding.id).map_or(&[][..], |rule| rule.look_alikes);
        for rule in alike.iter().filter_map(|id| rules::find(id)) {
            add(rule, 1);
        }
    }
    if findings.is_empty() {
        let way = path::stations(s);
        let on_the_way = |rule: &&Rule| way.iter().any(|(station, _)| *station == rule.station);
        for rule in rules::all().iter().filter(on_the_way) {
            if rule.effect == Effect::Stops {
                add(rule, 1);
            }
        }
    }
    standing
}

fn question(key: &'static str, option: &'static str, s: &Situation<'_>) -> Next {
    Next {
        kind: NextKind::Question,
        text: Message::new(key).with("vm", s.machine_name()),
        command: None,
        on: None,
        option: Some(option),
    }
}

/// The output that looks cut, whole: nothing else is cheaper to get.
fn paste_again(s: &Situation<'_>) -> Option<Next> {
    let cut = s.case.doubt.as_ref()?.outputs.first()?;
    let place = match cut.on {
        Place::Guest => Where::Guest,
        Place::Host => Where::Host,
        Place::Esxi => Where::Hypervisor,
        _ => return None,
    };
    Some(Next {
        kind: NextKind::Paste,
        text: Message::new("next-paste-again").with("output", cut.name()),
        command: Some(cut.command.clone()).filter(|command| !command.is_empty()),
        on: Some(place),
        option: match cut.on {
            Place::Guest => Some("--guest-output"),
            Place::Esxi => Some(HYPERVISOR_OPTION),
            _ => None,
        },
    })
}

fn guest_script(s: &Situation<'_>) -> Next {
    let silent = s.guest_seen().is_some_and(|seen| seen.link() == Link::Silent);
    // Off, unplugged, or another address: the guest's own list of addresses tells all three apart.
    let key = if silent && s.machine.is_none() && s.from == Endpoint::Host {
        "next-guest-running"
    } else {
        "next-guest-script"
    };
    let os = s.guest_os().unwrap_or(Os::Linux);
    Next {
        kind: NextKind::Paste,
        text: Message::new(key).with("vm", s.machine_name()),
        command: Some(match s.host_address() {
            Some(host) => crate::knowledge::guest_script_to(os, host),
            None => crate::knowledge::guest_script(os),
        }),
        on: Some(Where::Guest),
        option: Some("--guest-output"),
    }
}

#[cfg(test)]
mod tests;
