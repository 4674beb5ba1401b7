//! The table of faults and what was named, for people and for programs.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Mutex;

use serde_json::{Value, json};

use crate::bench;
use crate::entry::{Entry, Run};
use crate::judge;
use crate::program::{Answer, Cause};

/// All rows of this run.
#[derive(Debug, Default)]
pub struct Score(Mutex<Vec<Row>>);

/// One answer.
#[derive(Debug)]
pub struct Row {
    entry: &'static str,
    expected: Vec<&'static str>,
    run: Run,
    causes: Vec<Cause>,
    verdict: String,
    seconds: f64,
    wrongs: Vec<String>,
}

impl Row {
    /// Notes an answer.
    pub fn new(entry: &Entry, run: Run, answer: &Answer, wrongs: &[String]) -> Self {
        Self {
            entry: entry.name,
            expected: entry.named.to_vec(),
            run,
            causes: answer.causes(),
            verdict: answer.json["verdict"].as_str().unwrap_or_default().to_owned(),
            seconds: answer.seconds,
            wrongs: wrongs.to_vec(),
        }
    }

    fn is_right(&self) -> bool {
        self.wrongs.is_empty()
    }

    /// Named first (or rightly nothing).
    fn is_first(&self) -> bool {
        match self.causes.first() {
            Some(cause) => self.expected.contains(&cause.id.as_str()),
            None => self.expected.is_empty() && !self.verdict.is_empty(),
        }
    }

    /// A cause that is not the expected one, given as certain.
    fn is_wrongly_confirmed(&self) -> bool {
        self.wrongs.iter().any(|wrong| wrong.contains("yet confirmed"))
    }

    fn cell(&self) -> String {
        let mark = if self.is_right() { "" } else { "✗ " };
        if self.verdict.is_empty() {
            return format!("{mark}no answer {:.1} s", self.seconds);
        }
        let first = judge::list(self.causes.get(..1).unwrap_or_default());
        format!("{mark}{first} {:.1} s", self.seconds)
    }

    fn json(&self) -> Value {
        let causes: Vec<Value> = self
            .causes
            .iter()
            .map(|cause| json!({ "id": cause.id, "confidence": cause.confidence }))
            .collect();
        json!({
            "entry": self.entry, "run": self.run.name(), "expected": self.expected, "named": causes,
            "verdict": self.verdict, "seconds": self.seconds, "wrong": self.wrongs,
        })
    }
}

impl Score {
    /// Adds an answer.
    pub fn add(&self, row: Row) {
        self.0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .push(row);
    }

    /// Writes `score.md` and `score.json` under `target/lab` and prints the table; nothing when no program was run.
    pub fn write(&self) -> std::io::Result<()> {
        let rows = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if rows.is_empty() {
            return Ok(());
        }
        let folder = bench::results();
        std::fs::create_dir_all(&folder)?;
        let values: Vec<Value> = rows.iter().map(Row::json).collect();
        std::fs::write(
            folder.join("score.json"),
            format!("{:#}\n", json!({ "schema": 1, "rows": values })),
        )?;
        let table = table(&rows);
        std::fs::write(folder.join("score.md"), &table)?;
        println!("{table}");
        Ok(())
    }
}

fn table(rows: &[Row]) -> String {
    let mut entries: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for row in rows {
        entries.entry(row.entry).or_default().push(row);
    }
    let mut text = "# Score of the fault lab\n\n| fault | expected |".to_owned();
    for run in Run::DIAGNOSES {
        let _ = write!(text, " {} |", run.name());
    }
    text.push_str("\n|---|---|---|---|---|---|\n");
    for (name, rows) in &entries {
        let expected = rows
            .first()
            .map(|row| row.expected.join(" or "))
            .unwrap_or_default();
        let _ = write!(
            text,
            "| {name} | {} |",
            if expected.is_empty() { "nothing" } else { &expected }
        );
        for run in Run::DIAGNOSES {
            let cell = rows.iter().find(|row| row.run == run).map(|row| row.cell());
            let _ = write!(text, " {} |", cell.unwrap_or_default());
        }
        text.push('\n');
    }
    text.push('\n');
    text.push_str(&summary(rows));
    text
}

fn summary(rows: &[Row]) -> String {
    let count = |group: &str, right: &dyn Fn(&Row) -> bool, of: &dyn Fn(&Row) -> bool| {
        let all = rows.iter().filter(|row| of(row)).count();
        let good = rows.iter().filter(|row| of(row) && right(row)).count();
        format!("- {group}: {good} of {all}\n")
    };
    let is_fault = |row: &Row| !row.expected.is_empty();
    let mut text = String::new();
    text += &count("faults, right cause first, as root", &Row::is_first, &|row| {
        is_fault(row) && row.run.is_root()
    });
    text += &count("faults, answer right, without rights", &Row::is_right, &|row| {
        is_fault(row) && !row.run.is_root()
    });
    text += &count(
        "healthy networks accused",
        &|row| !row.causes.is_empty(),
        &|row| !is_fault(row),
    );
    text += &count("a false cause confirmed", &Row::is_wrongly_confirmed, &|_| true);
    let mut seconds: Vec<f64> = rows.iter().map(|row| row.seconds).collect();
    seconds.sort_by(f64::total_cmp);
    if let (Some(median), Some(longest)) = (seconds.get(seconds.len() / 2), seconds.last()) {
        let _ = writeln!(
            text,
            "- seconds a diagnosis: median {median:.1}, longest {longest:.1}"
        );
    }
    text
}
