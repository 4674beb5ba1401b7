//! The fault lab: real networks on one Linux machine, broken on purpose, and the real program run in them.
//!
//! `README.md` beside this file says how to run it and how to add a fault.

mod bench;
mod cage;
mod catalog;
mod entry;
mod flow;
mod judge;
mod network;
mod program;
mod role;
mod score;
mod self_check;
mod topology;

use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Completion, Failed, Trial};

use entry::{Entry, Run};
use score::Score;

/// Diagnosing is mostly waiting, so more entries run side by side than there are processors.
const THREADS: usize = 4;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, role, rest @ ..] = words.as_slice()
        && flag == role::FLAG
    {
        return role::play(role, rest);
    }

    let mut arguments = Arguments::from_args();
    arguments.test_threads.get_or_insert(THREADS);
    // Listing needs neither rights nor networks.
    let ready = if arguments.list { Ok(()) } else { cage::enter() };
    let score = Arc::new(Score::default());
    let conclusion = libtest_mimic::run(&arguments, trials(&ready, &score));
    if let Err(reason) = &ready {
        eprintln!("lab skipped: {reason}");
    }
    if let Err(error) = score.write() {
        eprintln!("the score could not be written: {error}");
        return ExitCode::FAILURE;
    }
    conclusion.exit_code()
}

fn trials(ready: &Result<(), String>, score: &Arc<Score>) -> Vec<Trial> {
    let mut trials = self_check::trials(ready);
    for entry in catalog::all() {
        for run in runs() {
            trials.push(trial(entry, run, ready, score));
        }
    }
    trials
}

fn runs() -> Vec<Run> {
    if proof_only() {
        vec![Run::Proof]
    } else {
        Run::DIAGNOSES.to_vec()
    }
}

/// With `LAB_PROOF_ONLY` set the faults are proven with packets and the program is not run.
fn proof_only() -> bool {
    std::env::var_os("LAB_PROOF_ONLY").is_some()
}

fn trial(entry: &'static Entry, run: Run, ready: &Result<(), String>, score: &Arc<Score>) -> Trial {
    let (ready, score) = (ready.clone(), Arc::clone(score));
    Trial::ignorable_test(format!("{}::{}", entry.name, run.name()), move || {
        if let Err(reason) = ready {
            return Ok(Completion::ignored_with(reason));
        }
        bench::carry_out(entry, run, &score).map_err(Failed::from)?;
        Ok(Completion::Completed)
    })
}
