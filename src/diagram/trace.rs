//! Round-trip times made ready for drawing: as narrow as the picture, without losing a spike or a loss.

/// One echo: when it was sent, and how long the reply took.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// Seconds on any clock that all rows share.
    pub at: f64,
    /// Round-trip time in milliseconds; `None` when no reply came.
    pub ms: Option<f64>,
}

/// What is drawn of a row of samples.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trace {
    /// Lines of (seconds, milliseconds); a loss ends one and starts the next.
    pub lines: Vec<Vec<[f64; 2]>>,
    /// Seconds at which a reply was missing, at most one a column.
    pub losses: Vec<f64>,
    /// Largest round-trip time in milliseconds, 0 without replies.
    pub max_ms: f64,
}

/// The samples between `from` and `to`; they are in order of time.
pub fn within(samples: &[Sample], from: f64, to: f64) -> &[Sample] {
    let first = samples.partition_point(|sample| sample.at < from);
    let end = samples.partition_point(|sample| sample.at <= to);
    samples.get(first..end).unwrap_or_default()
}

/// Reduces the samples between `from` and `to` (seconds) to `columns` columns of a picture: of each column the
/// smallest and the largest time stay, and a mark when any reply in it was missing. Samples are in order of time.
pub fn trace(samples: &[Sample], from: f64, to: f64, columns: usize) -> Trace {
    let mut trace = Trace::default();
    let span = to - from;
    // Bounds that are no numbers show nothing.
    if !span.is_finite() || span <= 0.0 || columns == 0 {
        return trace;
    }
    let column_of = |at: f64| (((at - from) / span * columns as f64) as usize).min(columns - 1);
    let mut line: Vec<[f64; 2]> = Vec::new();
    let mut column: Option<Column> = None;
    let mut marked: Option<usize> = None;
    for sample in within(samples, from, to) {
        if !sample.at.is_finite() {
            continue;
        }
        let index = column_of(sample.at);
        match sample.ms.filter(|ms| ms.is_finite()) {
            Some(ms) => {
                trace.max_ms = trace.max_ms.max(ms);
                let point = [sample.at, ms];
                match &mut column {
                    Some(column) if column.index == index => column.add(point),
                    _ => {
                        let before = column.replace(Column::of(index, point));
                        before.into_iter().for_each(|before| before.end(&mut line));
                    }
                }
            }
            None => {
                column.take().into_iter().for_each(|before| before.end(&mut line));
                if !line.is_empty() {
                    trace.lines.push(std::mem::take(&mut line));
                }
                if marked.replace(index) != Some(index) {
                    trace.losses.push(sample.at);
                }
            }
        }
    }
    column.into_iter().for_each(|before| before.end(&mut line));
    if !line.is_empty() {
        trace.lines.push(line);
    }
    trace
}

/// The extremes of one column, in the order in which they came.
struct Column {
    index: usize,
    smallest: [f64; 2],
    largest: [f64; 2],
}

impl Column {
    fn of(index: usize, point: [f64; 2]) -> Self {
        Self {
            index,
            smallest: point,
            largest: point,
        }
    }

    fn add(&mut self, point: [f64; 2]) {
        if point[1] < self.smallest[1] {
            self.smallest = point;
        }
        if point[1] > self.largest[1] {
            self.largest = point;
        }
    }

    fn end(self, line: &mut Vec<[f64; 2]>) {
        let (a, b) = (self.smallest, self.largest);
        if a == b {
            line.push(a);
        } else if a[0] < b[0] {
            line.extend([a, b]);
        } else {
            line.extend([b, a]);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_loss_breaks_the_line_and_leaves_a_mark() {
        let samples: Vec<Sample> = (0..10)
            .map(|i| Sample {
                at: f64::from(i),
                ms: (i != 4).then_some(1.0),
            })
            .collect();
        let trace = trace(&samples, 0.0, 10.0, 100);
        assert_eq!(trace.lines.iter().map(Vec::len).collect::<Vec<_>>(), [4, 5]);
        assert_eq!(trace.losses, [4.0]);
    }

    #[test]
    fn what_is_within_an_axis_has_both_of_its_ends() {
        let samples: Vec<Sample> = (0..10)
            .map(|i| Sample {
                at: f64::from(i),
                ms: Some(1.0),
            })
            .collect();
        let ends = |from, to| {
            let inside = within(&samples, from, to);
            Some((inside.first()?.at, inside.last()?.at))
        };
        assert_eq!(ends(2.0, 5.0), Some((2.0, 5.0)));
        assert_eq!(ends(-9.0, 99.0), Some((0.0, 9.0)));
        assert_eq!(ends(2.2, 2.8), None);
        assert_eq!(ends(5.0, 2.0), None);
    }

    proptest! {
        #[test]
        fn no_spike_and_no_loss_is_averaged_away(
            times in proptest::collection::vec(proptest::option::weighted(0.9, 0.0..500.0f64), 1..4000),
            columns in 1usize..400,
        ) {
            let samples: Vec<Sample> =
                times.iter().enumerate().map(|(i, ms)| Sample { at: i as f64, ms: *ms }).collect();
            let end = samples.len() as f64;
            let trace = trace(&samples, 0.0, end, columns);
            let points: Vec<[f64; 2]> = trace.lines.iter().flatten().copied().collect();
            let largest = times.iter().flatten().copied().fold(0.0, f64::max);
            prop_assert_eq!(trace.max_ms, largest);
            let drawn = points.iter().map(|point| point[1]).fold(0.0, f64::max);
            prop_assert_eq!(drawn, largest);
            // Every column with a loss has its mark, and none has two.
            let column = |at: f64| ((at / end * columns as f64) as usize).min(columns - 1);
            let mut lost: Vec<usize> =
                samples.iter().filter(|s| s.ms.is_none()).map(|s| column(s.at)).collect();
            lost.dedup();
            let marked: Vec<usize> = trace.losses.iter().map(|at| column(*at)).collect();
            prop_assert_eq!(lost, marked);
            prop_assert!(points.windows(2).all(|pair| pair[0][0] <= pair[1][0]));
        }
    }
}
