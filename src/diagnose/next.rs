//! The one question, command or paste that would tell most for the least effort.
//!
//! Some things must be known before anything else is worth asking: whose address it is, and whether the traffic was
//! tried at all. After that every candidate is weighed alike: how it would split the causes that still stand, held
//! against what it costs a person.

mod candidates;
mod choose;

use std::net::IpAddr;

use super::rules::{self, Effect, Rule};
use super::{Asked, Confidence, Finding, Link, Next, NextKind, Situation, Through, Verdict, path};
use crate::knowledge;
use crate::model::{Endpoint, Message, Os, Place, System};
use crate::remedy::{RunInGuest, Where};
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
    if let Some(next) = from_its_start(s, asked).and_then(|next| unanswered(s, next)) {
        return Some(next);
    }
    let standing = standing(s, findings);
    let open: Vec<&Candidate> = CANDIDATES
        .iter()
        .filter(|candidate| (candidate.open)(s) && !is_answered(s, &candidate.ask(s)))
        .collect();
    match choose::best(&standing, &open) {
        Some(candidate) => Some(candidate.ask(s)),
        // One cause, likely at best: what the guest says of itself is what nothing here can replace.
        None if verdict == Verdict::Blocked && s.involves_guest() && s.guest().is_empty() => {
            unanswered(s, guest_script(s))
        }
        None => {
            (verdict == Verdict::Inconclusive).then(|| question("next-what-fails", "--from, --to, --port", s))
        }
    }
}

/// What the machine says that the traffic starts from, where that is another one and nobody tried it there yet.
fn from_its_start(s: &Situation<'_>, asked: Asked) -> Option<Next> {
    let place = s.start_place().filter(|place| *place != Place::Host)?;
    let is_machine_here = matches!(place, Place::Guest | Place::Guest2);
    let says_nothing = is_machine_here && s.case.system(place).is_some_and(System::is_empty);
    (asked == Asked::NotTried || says_nothing).then(|| script_on(s, place))
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
        through: None,
    }
}

/// The output that looks cut, whole: nothing else is cheaper to get. What was handed in anew since is not asked for again.
fn paste_again(s: &Situation<'_>) -> Option<Next> {
    let cut = s.case.doubt.as_ref()?.outputs.first()?;
    let place = match cut.on {
        Place::Guest => Where::Guest,
        Place::Host => Where::Host,
        Place::Esxi => Where::Hypervisor,
        _ => return None,
    };
    let mut later = s.case.outputs.iter().skip(cut.at + 1);
    if later.any(|output| output.on == cut.on && output.command.trim() == cut.command.trim()) {
        return None;
    }
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
        through: None,
    })
}

/// Whether an answer to this very question was handed in already: what it did not tell then it would not tell now.
fn is_answered(s: &Situation<'_>, next: &Next) -> bool {
    let (Some(place), Some(command)) = (next.on.and_then(Where::place), next.command.as_deref()) else {
        return false;
    };
    let here = || s.case.outputs.iter().filter(move |output| output.on == place);
    if here().any(|output| output.command.trim() == command) {
        return true;
    }
    let mut printed = here().filter(|output| knowledge::is_printed_by(command, &output.text));
    match (printed.next(), printed.next()) {
        (None, _) => false,
        // One that asked fewer addresses, or of which half was pasted, may be run once more.
        (Some(only), None) => knowledge::asked_the_same(command, &only.text),
        _ => true,
    }
}

/// The question, unless it was answered.
fn unanswered(s: &Situation<'_>, next: Next) -> Option<Next> {
    (!is_answered(s, &next)).then_some(next)
}

/// What the guest itself says.
fn guest_script(s: &Situation<'_>) -> Next {
    script_on(s, Place::Guest)
}

/// What a machine says of itself and of its way to the other end: the guest, or the machine that the traffic starts from.
fn script_on(s: &Situation<'_>, place: Place) -> Next {
    let silent = s.guest_seen().is_some_and(|seen| seen.link() == Link::Silent);
    let own = s.case.system(place).and_then(|system| system.os);
    let (key, on, os, option) = match place {
        Place::Lan => ("next-lan-script", Where::Lan, own, "--lan-output"),
        Place::Guest2 => (
            "next-guest2-script",
            Where::Guest2,
            own.or_else(|| s.guest_os()),
            "--guest2-output",
        ),
        // Off, unplugged, or another address: the guest's own list of addresses tells all three apart.
        _ if silent && s.machine.is_none() && s.from == Endpoint::Host => {
            ("next-guest-running", Where::Guest, s.guest_os(), "--guest-output")
        }
        _ => ("next-guest-script", Where::Guest, s.guest_os(), "--guest-output"),
    };
    let starts_there = s.start_place() == Some(place);
    let other_end = s.destination().filter(|_| starts_there);
    let host = s.host_address().filter(|_| place == Place::Guest);
    let others: Vec<IpAddr> = host
        .into_iter()
        .chain(other_end.filter(|end| host != Some(*end)))
        .collect();
    let os = os.unwrap_or(Os::Linux);
    let script = knowledge::guest_script_to(os, &others);
    Next {
        kind: NextKind::Paste,
        text: Message::new(key).with("vm", s.machine_name()),
        through: (place == Place::Guest)
            .then(|| through_product(s, os, &script))
            .flatten(),
        command: Some(script),
        on: Some(on),
        option: Some(option),
    }
}

/// The script by the product's own tools, where it is known which machine it is and that it may run.
fn through_product(s: &Situation<'_>, os: Os, script: &str) -> Option<Through> {
    let named = s.machine.is_some() || s.case.intake.vm.is_some();
    if !named || s.machine_is_down() || s.host_os == Os::Other {
        return None;
    }
    let product = s.hypervisor?;
    let line = rules::prelude::with_product(s, |product| product.run_in_guest(os, script, None));
    let RunInGuest { command, needs } = line.ok()?;
    Some(Through {
        product,
        command,
        needs,
    })
}

#[cfg(test)]
mod tests;
