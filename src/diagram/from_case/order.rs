//! An order of the segments in which lines cross few wires.

use std::collections::BTreeMap;

/// Most rounds of moving wires: each makes the picture better, and few are ever needed.
const ROUNDS: usize = 12;

/// Moves wires within their groups so that what links two of them passes few others. `order` holds the wires from the
/// top down, `group` tells the group of a wire, whose members stand together, and each link is a pair of wires. What
/// nothing links stays in its order.
pub(super) fn untangle(order: &mut [usize], group: impl Fn(usize) -> u8, links: &[(usize, usize)]) {
    // Each pair once, with how many lines go between the two.
    let mut weights: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for (a, b) in links {
        if a != b {
            *weights.entry((*a.min(b), *a.max(b))).or_default() += 1;
        }
    }
    let mut best = passed(order, &weights);
    for _ in 0..ROUNDS {
        let before = best;
        for from in 0..order.len() {
            for to in 0..order.len() {
                let groups = (
                    order.get(from).copied().map(&group),
                    order.get(to).copied().map(&group),
                );
                if from == to || groups.0 != groups.1 {
                    continue;
                }
                shift(order, from, to);
                let now = passed(order, &weights);
                if now < best {
                    best = now;
                } else {
                    shift(order, to, from);
                }
            }
        }
        if best == before {
            break;
        }
    }
}

/// Moves the one at `from` to `to`; those between them make room.
fn shift(order: &mut [usize], from: usize, to: usize) {
    let between = order.get_mut(from.min(to)..=from.max(to));
    match between {
        Some(between) if from < to => between.rotate_left(1),
        Some(between) => between.rotate_right(1),
        None => {}
    }
}

/// How many wires all lines pass that go from one to another.
fn passed(order: &[usize], weights: &BTreeMap<(usize, usize), usize>) -> usize {
    let highest = order.iter().max().map_or(0, |highest| highest + 1);
    let mut row = vec![None; highest];
    for (place, wire) in order.iter().enumerate() {
        if let Some(slot) = row.get_mut(*wire) {
            *slot = Some(place);
        }
    }
    let row = |wire: usize| row.get(wire).copied().flatten();
    let lines = weights
        .iter()
        .filter_map(|((a, b), lines)| Some((row(*a)?.abs_diff(row(*b)?), lines)));
    lines.map(|(rows, lines)| (rows - 1) * lines).sum()
}
