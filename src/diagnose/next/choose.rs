//! Choosing: how a test would split what still stands, held against what it costs.

use super::super::rules::Rule;
use super::candidates::{Candidate, Group};

/// A cause that may still be the one.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    /// The cause.
    pub rule: &'static Rule,
    /// How much speaks for it, in comparison with the others.
    pub weight: u64,
}

/// The candidate that takes away most of the weight for its cost; the first of equals. `None` when none of them
/// would split anything.
pub fn best<'a>(standing: &[Standing], candidates: &[&'a Candidate]) -> Option<&'a Candidate> {
    let mut best: Option<(&Candidate, u64)> = None;
    for candidate in candidates {
        let gain = gain(standing, candidate.groups);
        let cost = candidate.cost.max(1);
        // gain / cost, compared without rounding.
        let better = best.is_none_or(|(other, other_gain)| gain * other.cost.max(1) > other_gain * cost);
        if gain > 0 && better {
            best = Some((candidate, gain));
        }
    }
    best.map(|(candidate, _)| candidate)
}

/// The weight that is expected to fall away, times the whole weight: each outcome comes as often as the causes weigh
/// that lead to it, and leaves only those.
pub fn gain(standing: &[Standing], groups: &[Group]) -> u64 {
    let whole: u64 = standing.iter().map(|cause| cause.weight).sum();
    let mut outcomes: Vec<(Outcome, u64)> = Vec::new();
    for cause in standing {
        let outcome = outcome(cause.rule, groups);
        match outcomes.iter_mut().find(|(known, _)| *known == outcome) {
            Some((_, weight)) => *weight += cause.weight,
            None => outcomes.push((outcome, cause.weight)),
        }
    }
    let left: u64 = outcomes.iter().map(|(_, weight)| weight * weight).sum();
    (whole * whole).saturating_sub(left)
}

/// What a test would show if a cause were the one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// Nothing about it.
    Nothing,
    /// The same as for its group.
    Group(usize),
    /// Itself.
    Itself(&'static str),
}

fn outcome(rule: &'static Rule, groups: &[Group]) -> Outcome {
    let found = groups
        .iter()
        .position(|group| group.stations.contains(&rule.station) || group.ids.contains(&rule.id));
    match found.and_then(|at| Some((at, groups.get(at)?))) {
        None => Outcome::Nothing,
        Some((_, group)) if group.apart => Outcome::Itself(rule.id),
        Some((at, _)) => Outcome::Group(at),
    }
}
