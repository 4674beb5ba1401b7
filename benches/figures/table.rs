//! The table: what, limit, figure, met or not.

use std::process::ExitCode;

/// Rows are printed as they are measured.
pub struct Table {
    words: Vec<String>,
    missed: usize,
    skipped: usize,
}

impl Table {
    /// Only rows that hold one of `words` are measured; all of them when there are none.
    pub fn new(words: Vec<String>) -> Self {
        println!("{:<74} {:>12} {:>34}", "what", "at most", "figure");
        Self {
            words,
            missed: 0,
            skipped: 0,
        }
    }

    /// Whether this row is asked for.
    pub fn wants(&self, what: &str) -> bool {
        self.words.is_empty() || self.words.iter().any(|word| what.contains(word.as_str()))
    }

    /// Measures a row: the figure in words and whether it meets the limit, or why it could not be measured.
    pub fn row(&mut self, what: &str, limit: &str, measure: impl FnOnce() -> Result<(String, bool), String>) {
        if !self.wants(what) {
            return;
        }
        let (figure, word) = match measure() {
            Ok((figure, true)) => (figure, "ok"),
            Ok((figure, false)) => {
                self.missed += 1;
                (figure, "MISSED")
            }
            Err(why) => {
                self.skipped += 1;
                (format!("not measured: {why}"), "")
            }
        };
        println!("{what:<74} {limit:>12} {figure:>34}  {word}");
    }

    /// The last line and the exit status.
    pub fn end(self) -> ExitCode {
        println!("{} missed, {} not measured", self.missed, self.skipped);
        ExitCode::from(u8::from(self.missed > 0))
    }
}
