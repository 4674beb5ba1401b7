//! The table of faults and what was named, for people and for programs.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use serde_json::{Value, json};

use crate::bench;
use crate::cure::Outcome;
use crate::entry::{Entry, Run};
use crate::judge;
use crate::program::{Answer, Cause};

/// So many tests of one run are tried once more; with more of them something is wrong with the lab or with the program.
const STUMBLES: usize = 8;

/// All rows of this run, whichever catalog they come from.
#[derive(Debug)]
pub struct Score {
    rows: Mutex<Vec<Row>>,
    /// Tests that were tried once more, each with what went wrong at first.
    stumbles: Mutex<Vec<String>>,
    started: Instant,
}

/// What kind of question a row answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// One fault, or a healthy network.
    Single,
    /// Two independent faults.
    Pair,
    /// A network and faults drawn at random; only the verdict counts.
    Random,
    /// Something happens in the middle of a run.
    Moment,
}

impl Tier {
    fn name(self) -> &'static str {
        match self {
            Self::Single => "single",
            Self::Pair => "pair",
            Self::Random => "random",
            Self::Moment => "moment",
        }
    }
}

/// One answer.
#[derive(Debug)]
pub struct Row {
    tier: Tier,
    entry: String,
    expected: Vec<&'static str>,
    run: Run,
    causes: Vec<Cause>,
    verdict: String,
    seconds: f64,
    /// Whether the user told neither the mode nor the product.
    untold: bool,
    /// Whether a guest was asked for, from its host.
    outward: bool,
    /// Why the right cause cannot be told here, where that is known.
    why: Option<&'static str>,
    wrongs: Vec<String>,
    /// What came of the offered fix and its undo, where they were tried.
    pub cure: Option<Outcome>,
}

impl Row {
    /// Notes an answer.
    pub fn new(tier: Tier, entry: &Entry, run: Run, answer: &Answer, wrongs: &[String]) -> Self {
        Self {
            tier,
            entry: entry.name.to_owned(),
            expected: entry.named.to_vec(),
            run,
            causes: answer.causes(),
            verdict: answer.json["verdict"].as_str().unwrap_or_default().to_owned(),
            seconds: answer.seconds,
            untold: entry.is_untold(),
            outward: entry.is_outward(),
            why: crate::known_miss(&format!("{}::{}", entry.name, run.name())).or_else(|| entry.blinded(run)),
            wrongs: wrongs.to_vec(),
            cure: None,
        }
    }

    /// Notes that no answer could be held against anything.
    pub fn without_answer(tier: Tier, entry: &Entry, run: Run, wrong: &str) -> Self {
        let nothing = Answer {
            exit: None,
            seconds: 0.0,
            json: Value::Null,
            output: String::new(),
            errors: String::new(),
        };
        Self::new(tier, entry, run, &nothing, &[wrong.to_owned()])
    }

    fn is_right(&self) -> bool {
        self.wrongs.is_empty()
    }

    fn is_fault(&self) -> bool {
        !self.expected.is_empty()
    }

    /// At which place the right cause is named.
    fn place(&self) -> Option<usize> {
        self.causes
            .iter()
            .position(|cause| self.expected.contains(&cause.id.as_str()))
    }

    /// A cause that is not the expected one, given as certain.
    fn is_wrongly_confirmed(&self) -> bool {
        self.wrongs
            .iter()
            .any(|wrong| wrong.contains(judge::YET_CONFIRMED))
    }

    fn cell(&self) -> String {
        let mark = if self.is_right() { "" } else { "✗ " };
        if self.verdict.is_empty() {
            return format!("{mark}no answer {:.1} s", self.seconds);
        }
        let first = judge::list(self.causes.get(..1).unwrap_or_default());
        format!("{mark}{first} {:.1} s", self.seconds)
    }

    fn fix_cell(&self) -> String {
        match &self.cure {
            None => String::new(),
            Some(Outcome::NotOfTheLab(why)) => format!("not a command of the lab: {why}"),
            Some(Outcome::Tried { fix, .. }) => works(fix),
        }
    }

    fn undo_cell(&self) -> String {
        match &self.cure {
            Some(Outcome::Tried {
                undo: None,
                has_undo: false,
                ..
            }) => "none is needed".to_owned(),
            Some(Outcome::Tried { undo, .. }) => works(undo),
            _ => String::new(),
        }
    }

    fn json(&self) -> Value {
        let causes: Vec<Value> = self
            .causes
            .iter()
            .map(|cause| json!({ "id": cause.id, "confidence": cause.confidence }))
            .collect();
        let cure = match &self.cure {
            None => Value::Null,
            Some(Outcome::NotOfTheLab(why)) => json!({ "tried": false, "why": why }),
            Some(Outcome::Tried { line, fix, undo, .. }) => json!({
                "tried": true, "command": line, "fixed": fix.is_none(), "restored": undo.is_none(),
            }),
        };
        json!({
            "tier": self.tier.name(), "entry": self.entry, "run": self.run.name(), "expected": self.expected,
            "named": causes, "verdict": self.verdict, "seconds": self.seconds, "remedy": cure, "wrong": self.wrongs,
        })
    }
}

fn works(wrong: &Option<String>) -> String {
    let word = if wrong.is_none() { "works" } else { "✗ does not" };
    word.to_owned()
}

impl Default for Score {
    fn default() -> Self {
        Self {
            rows: Mutex::default(),
            stumbles: Mutex::default(),
            started: Instant::now(),
        }
    }
}

impl Score {
    /// Adds an answer.
    pub fn add(&self, row: Row) {
        self.rows().push(row);
    }

    /// Takes over the answers of one test.
    pub fn take(&self, of_one_test: Self) {
        let rows = of_one_test.rows.into_inner();
        self.rows().extend(rows.unwrap_or_else(PoisonError::into_inner));
    }

    /// Whether what went wrong is forgiven, so that the test is tried once more, and noted: a busy machine stops a process
    /// for a second now and then, in whatever it was about to prove.
    pub fn forgives(&self, test: &str, wrong: &str) -> bool {
        let mut stumbles = self.stumbles.lock().unwrap_or_else(PoisonError::into_inner);
        let may = judge::may_be_chance(wrong) && stumbles.len() < STUMBLES;
        if may {
            stumbles.push(format!("- {test}: {}\n", wrong.replace('\n', "; ")));
        }
        may
    }

    fn rows(&self) -> MutexGuard<'_, Vec<Row>> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Prints the table, and with `keeps` writes `score.md` and `score.json` under `target/lab`; nothing when no program was
    /// run.
    pub fn close(&self, keeps: bool) -> std::io::Result<()> {
        let rows = self.rows();
        let took = self.started.elapsed().as_secs();
        if rows.is_empty() {
            return Ok(());
        }
        let stumbles = self.stumbles.lock().unwrap_or_else(PoisonError::into_inner);
        let text = text(&rows, &stumbles, took);
        println!("{text}");
        if !keeps {
            return Ok(());
        }
        let folder = bench::results();
        std::fs::create_dir_all(&folder)?;
        let values: Vec<Value> = rows.iter().map(Row::json).collect();
        std::fs::write(
            folder.join("score.json"),
            format!("{:#}\n", json!({ "schema": 2, "seconds": took, "rows": values })),
        )?;
        std::fs::write(folder.join("score.md"), &text)
    }
}

fn text(rows: &[Row], stumbles: &[String], took: u64) -> String {
    let mut text = "# Score of the fault lab\n\n".to_owned();
    text.push_str(&summary(rows));
    let _ = writeln!(text, "- tests that were tried once more: {}", stumbles.len());
    let _ = writeln!(text, "- seconds of the whole run: {took}");
    text.push_str(&table(rows));
    text.push_str(&others(rows));
    text.push_str(&misses(rows));
    if !stumbles.is_empty() {
        let _ = write!(text, "\n## Tried once more\n\n{}", stumbles.concat());
    }
    text
}

/// Single faults and healthy networks: one line each, one column a run, then fix and undo.
fn table(rows: &[Row]) -> String {
    let mut entries: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.tier == Tier::Single) {
        entries.entry(&row.entry).or_default().push(row);
    }
    if entries.is_empty() {
        return String::new();
    }
    let mut text = "\n## Single faults and healthy networks\n\n| fault | expected |".to_owned();
    for run in Run::DIAGNOSES {
        let _ = write!(text, " {} |", run.name());
    }
    text.push_str(" fix | undo |\n|---|---|---|---|---|---|---|---|---|\n");
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
        let cured = rows.iter().find(|row| row.cure.is_some());
        let _ = writeln!(
            text,
            " {} | {} |",
            cured.map(|row| row.fix_cell()).unwrap_or_default(),
            cured.map(|row| row.undo_cell()).unwrap_or_default()
        );
    }
    text
}

/// What is drawn and what happens in the middle of a run.
fn others(rows: &[Row]) -> String {
    let mut text = String::new();
    let mut rows: Vec<&Row> = rows.iter().filter(|row| row.tier != Tier::Single).collect();
    if rows.is_empty() {
        return text;
    }
    rows.sort_by(|one, other| (one.tier, &one.entry).cmp(&(other.tier, &other.entry)));
    text.push_str("\n## Pairs, random networks, moments\n\n| kind | what | verdict | named | seconds |\n");
    text.push_str("|---|---|---|---|---|\n");
    for row in rows {
        let mark = if row.is_right() { "" } else { "✗ " };
        let _ = writeln!(
            text,
            "| {} | {mark}{} | {} | {} | {:.1} |",
            row.tier.name(),
            row.entry,
            row.verdict,
            judge::list(&row.causes),
            row.seconds
        );
    }
    text
}

/// Why each answer that is not right is not, and each right cause that does not come first.
fn misses(rows: &[Row]) -> String {
    let mut text = String::new();
    for row in rows {
        let mut wrongs = row.wrongs.clone();
        if wrongs.is_empty() && row.tier == Tier::Single && row.is_fault() && row.place() != Some(0) {
            wrongs.push(match row.place() {
                Some(place) => format!(
                    "right at place {}, and first once its next step was answered",
                    place + 1
                ),
                None => format!("named {}", judge::list(&row.causes)),
            });
        }
        wrongs.extend(row.why.filter(|_| !wrongs.is_empty()).map(str::to_owned));
        if let Some(Outcome::Tried { fix, undo, .. }) = &row.cure {
            wrongs.extend(fix.iter().map(|wrong| format!("fix {wrong}")));
            wrongs.extend(undo.iter().map(|wrong| format!("undo {wrong}")));
        }
        if !wrongs.is_empty() {
            let _ = writeln!(text, "- {}::{}: {}", row.entry, row.run.name(), wrongs.join("; "));
        }
    }
    if text.is_empty() {
        text
    } else {
        format!("\n## Misses\n\n{text}")
    }
}

fn summary(rows: &[Row]) -> String {
    let mut text = String::new();
    let mut line = |group: &str, right: &dyn Fn(&Row) -> bool, of: &dyn Fn(&Row) -> bool| {
        let all = rows.iter().filter(|row| of(row)).count();
        let good = rows.iter().filter(|row| of(row) && right(row)).count();
        if all > 0 {
            let _ = writeln!(text, "- {group}: {good} of {all}");
        }
    };
    let single = |row: &Row| row.tier == Tier::Single;
    let fault = |row: &Row| single(row) && row.is_fault();
    let healthy = |row: &Row| single(row) && !row.is_fault();
    let root = |row: &Row| row.run == Run::Root;
    line(
        "single faults, right cause first",
        &|row| row.place() == Some(0),
        &|row| fault(row) && root(row),
    );
    line(
        "the same with stale neighbor entries",
        &|row| row.place() == Some(0),
        &|row| fault(row) && row.run == Run::Stale,
    );
    line(
        "the same without rights, first or second",
        &|row| matches!(row.place(), Some(0 | 1)),
        &|row| fault(row) && !row.run.is_root(),
    );
    line("a false cause confirmed", &Row::is_wrongly_confirmed, &|row| {
        row.tier != Tier::Random
    });
    line(
        "healthy networks accused",
        &|row| !row.causes.is_empty(),
        &healthy,
    );
    line(
        "entries that tell neither mode nor product",
        &|row| row.untold,
        &|row| single(row) && root(row),
    );
    let tried = |row: &Row| matches!(row.cure, Some(Outcome::Tried { .. }));
    line(
        "offered fixes that fix",
        &|row| matches!(&row.cure, Some(Outcome::Tried { fix: None, .. })),
        &tried,
    );
    line(
        "offered undos that restore",
        &|row| matches!(&row.cure, Some(Outcome::Tried { undo: None, .. })),
        &|row| matches!(row.cure, Some(Outcome::Tried { has_undo: true, .. })),
    );
    line(
        "offers that are not a command of the lab",
        &|row| matches!(row.cure, Some(Outcome::NotOfTheLab(_))),
        &|row| row.cure.is_some(),
    );
    line(
        "pairs, both named among the first three",
        &Row::is_right,
        &|row| row.tier == Tier::Pair,
    );
    line(
        "questions in random networks (echo and TCP in each), verdict as packets show",
        &Row::is_right,
        &|row| row.tier == Tier::Random,
    );
    line("moments in the middle of a run", &Row::is_right, &|row| {
        row.tier == Tier::Moment
    });
    let mut spread = |what: &str, of: &dyn Fn(&Row) -> bool| {
        let mut seconds: Vec<f64> = rows.iter().filter(|row| of(row)).map(|row| row.seconds).collect();
        seconds.sort_by(f64::total_cmp);
        if let (Some(median), Some(longest)) = (seconds.get(seconds.len() / 2), seconds.last()) {
            let _ = writeln!(text, "- {what}: median {median:.1}, longest {longest:.1}");
        }
    };
    spread("seconds a diagnosis", &|_| true);
    spread("seconds where a guest is silent", &|row| {
        single(row) && row.verdict == "blocked" && row.run == Run::Root && row.outward
    });
    text
}
