//! Two independent faults at once, drawn by seed: both must be named.
//!
//! Independent means: each alone stops the traffic asked about, which packets prove here, and each shows where the
//! other does not reach: in a table of the host or of the guest ([`Entry::in_tables`]). A filter that only the
//! silence of a guest betrays cannot be seen behind a bridge that is down, by nobody.

use crate::bench;
use crate::catalog;
use crate::dice::Dice;
use crate::entry::{Entry, Run};
use crate::judge;
use crate::network::Network;
use crate::program;
use crate::score::{Row, Score, Tier};

/// Two entries of one network and one question.
pub type Pair = (&'static Entry, &'static Entry);

/// All pairs that may be drawn, in an order that the seed decides.
pub fn drawn(seed: u64) -> Vec<Pair> {
    let pool: Vec<&'static Entry> = catalog::all().filter(|entry| entry.in_tables).collect();
    let mut pairs = Vec::new();
    for (place, &first) in pool.iter().enumerate() {
        for &second in pool.iter().skip(place + 1) {
            let alike = first.topology == second.topology && first.question() == second.question();
            let same_cause = first.named.iter().any(|id| second.named.contains(id));
            let excludes = |one: &Entry, other: &Entry| other.named.iter().any(|id| one.hides.contains(id));
            if alike && !same_cause && !excludes(first, second) && !excludes(second, first) {
                pairs.push((first, second));
            }
        }
    }
    Dice::new(seed, 0).shuffle(&mut pairs);
    pairs
}

/// Tries the candidates until one is independent, and asks.
pub fn carry_out(candidates: &[Pair], score: &Score) -> Result<(), String> {
    let mut why = "no pair left to draw".to_owned();
    for &(first, second) in candidates {
        match ask(first, second) {
            Ok((entry, answer)) => {
                let mut wrongs = judge::pair_wrongs(first, second, &answer);
                score.add(Row::new(Tier::Pair, &entry, Run::Root, &answer, &wrongs));
                if wrongs.is_empty() {
                    return Ok(());
                }
                wrongs.insert(0, entry.name.to_owned());
                return Err(wrongs.join("\n"));
            }
            Err(Refused::NotIndependent(reason)) => {
                why = format!("{} and {}: {reason}", first.name, second.name)
            }
            Err(Refused::Failed(reason)) => return Err(reason),
        }
    }
    Err(why)
}

enum Refused {
    NotIndependent(String),
    Failed(String),
}

fn ask(first: &Entry, second: &Entry) -> Result<(Entry, program::Answer), Refused> {
    let entry = joined(first, second);
    let mut network = Network::build(entry.topology).map_err(Refused::Failed)?;
    let asked = entry
        .traffic
        .first()
        .copied()
        .ok_or_else(|| Refused::Failed("no traffic".to_owned()))?;
    asked
        .must_pass(&network, "before the faults")
        .map_err(Refused::Failed)?;
    let both = first.steps.len();
    let apply = |network: &mut Network, range: std::ops::Range<usize>| {
        entry
            .steps
            .iter()
            .enumerate()
            .filter(|(place, _)| range.contains(place))
            .try_for_each(|(place, step)| network.apply(place, step))
    };
    let undo = |network: &mut Network, range: std::ops::Range<usize>| {
        let mut steps: Vec<_> = entry.steps.iter().enumerate().collect();
        steps.reverse();
        steps
            .into_iter()
            .filter(|(place, _)| range.contains(place))
            .try_for_each(|(place, step)| network.undo(place, step))
    };
    apply(&mut network, 0..both).map_err(Refused::NotIndependent)?;
    apply(&mut network, both..entry.steps.len()).map_err(Refused::NotIndependent)?;
    let answer = program::diagnose(&network, &entry, Run::Root).map_err(Refused::Failed)?;
    // The first alone, then the second alone.
    let proof = |network: &mut Network| -> Result<(), String> {
        undo(network, both..entry.steps.len())?;
        asked.must_not_pass(network, "with the first fault alone")?;
        undo(network, 0..both)?;
        apply(network, both..entry.steps.len())?;
        asked.must_not_pass(network, "with the second fault alone")?;
        undo(network, both..entry.steps.len())?;
        asked.must_pass(network, "after the faults")
    };
    proof(&mut network).map_err(Refused::NotIndependent)?;
    if !judge::pair_wrongs(first, second, &answer).is_empty() {
        let _ = bench::keep(&entry, Run::Root, &network, &answer);
    }
    Ok((entry, answer))
}

/// Both at once, as one entry. What is drawn lives as long as the program.
fn joined(first: &Entry, second: &Entry) -> Entry {
    let mut guest_output = first.guest_output.to_vec();
    for command in second.guest_output {
        if !guest_output.contains(command) {
            guest_output.push(command);
        }
    }
    Entry {
        name: format!("{}+{}", first.name, second.name).leak(),
        steps: [first.steps, second.steps].concat().leak(),
        guest_output: guest_output.leak(),
        named: [first.named, second.named].concat().leak(),
        also: [first.also, second.also].concat().leak(),
        unharmed: &[],
        ..*first
    }
}
