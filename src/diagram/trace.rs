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
    for sample in samples {
        if !sample.at.is_finite() || sample.at < from || sample.at > to {
            continue;
        }
        let index = column_of(sample.at);
        if column.as_ref().is_some_and(|column| column.index != index) {
            column.take().unwrap_or_default().end(&mut line);
        }
        match sample.ms.filter(|ms| ms.is_finite()) {
            Some(ms) => {
                trace.max_ms = trace.max_ms.max(ms);
                column.get_or_insert_with(|| Column::at(index)).add(sample.at, ms);
            }
            None => {
                column.take().unwrap_or_default().end(&mut line);
                if !line.is_empty() {
                    trace.lines.push(std::mem::take(&mut line));
                }
                if trace.losses.last().is_none_or(|last| column_of(*last) != index) {
                    trace.losses.push(sample.at);
                }
            }
        }
    }
    column.take().unwrap_or_default().end(&mut line);
    if !line.is_empty() {
        trace.lines.push(line);
    }
    trace
}

/// The extremes of one column, in the order in which they came.
#[derive(Default)]
struct Column {
    index: usize,
    smallest: Option<[f64; 2]>,
    largest: Option<[f64; 2]>,
}

impl Column {
    fn at(index: usize) -> Self {
        Self {
            index,
            ..Self::default()
        }
    }

    fn add(&mut self, at: f64, ms: f64) {
        if self.smallest.is_none_or(|[_, smallest]| ms < smallest) {
            self.smallest = Some([at, ms]);
        }
        if self.largest.is_none_or(|[_, largest]| ms > largest) {
            self.largest = Some([at, ms]);
        }
    }

    fn end(self, line: &mut Vec<[f64; 2]>) {
        match (self.smallest, self.largest) {
            (Some(a), Some(b)) if a == b => line.push(a),
            (Some(a), Some(b)) if a[0] < b[0] => line.extend([a, b]),
            (Some(a), Some(b)) => line.extend([b, a]),
            _ => {}
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
