//! The fault lab: real networks on one Linux machine, broken on purpose, and the real program run in them.
//!
//! `README.md` beside this file says how to run it and how to add a fault.

mod bench;
mod cage;
mod catalog;
mod cure;
mod deadline;
mod dice;
mod entry;
mod flow;
mod judge;
mod leads;
mod moments;
mod network;
mod options;
mod pairs;
mod program;
mod random;
mod real;
mod role;
mod score;
mod self_check;
mod topology;
mod turns;

use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Completion, Failed, Trial};

use entry::{Entry, Run};
use options::Options;
use score::Score;

/// Diagnosing is mostly waiting, so more entries run side by side than there are processors.
const THREADS: usize = 16;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, role, rest @ ..] = words.as_slice()
        && flag == role::FLAG
    {
        return role::play(role, rest);
    }

    let (options, rest) = match Options::take(words, |name| std::env::var(name).ok()) {
        Ok(taken) => taken,
        Err(wrong) => {
            eprintln!("{wrong}");
            return ExitCode::FAILURE;
        }
    };
    let mut arguments = Arguments::from_iter(std::iter::once("lab".to_owned()).chain(rest));
    arguments.test_threads.get_or_insert(THREADS);
    // Listing needs neither rights nor networks.
    let ready = if arguments.list { Ok(()) } else { cage::enter() };
    // Runners that give each test a process of its own, as nextest does, ask for each by its name.
    let is_whole = options.filters.is_empty() && arguments.filter.is_none() && arguments.skip.is_empty();
    let lab = Lab {
        ready,
        score: Arc::new(Score::default()),
    };
    let mut wanted = trials(&lab, &options);
    wanted.retain(|trial| options.wants(trial.name()));
    let conclusion = libtest_mimic::run(&arguments, wanted);
    if let Err(reason) = &lab.ready {
        eprintln!("lab skipped: {reason}");
    }
    if let Err(error) = lab.score.close(is_whole) {
        eprintln!("the score could not be written: {error}");
        return ExitCode::FAILURE;
    }
    conclusion.exit_code()
}

/// Whether networks can be made here (else why not), and where answers are noted.
#[derive(Clone, Debug)]
struct Lab {
    ready: Result<(), String>,
    score: Arc<Score>,
}

impl Lab {
    /// A test that needs networks: ignored, with the reason, where there can be none.
    fn trial(&self, name: String, work: impl Fn(&Score) -> Result<(), String> + Send + 'static) -> Trial {
        let lab = self.clone();
        let known = known_miss(&name);
        Trial::ignorable_test(name.clone(), move || {
            if let Err(reason) = lab.ready {
                return Ok(Completion::ignored_with(reason));
            }
            let attempt = || {
                let score = Score::default();
                (work(&score), score)
            };
            let (mut done, mut score) = attempt();
            if let Err(wrong) = &done
                && !(known.is_some() && judge::only_misses(wrong))
                && lab.score.forgives(&name, wrong)
            {
                (done, score) = attempt();
            }
            lab.score.take(score);
            match (done, known) {
                (Ok(()), _) => Ok(Completion::Completed),
                (Err(wrong), Some(why)) if judge::only_misses(&wrong) => {
                    Ok(Completion::ignored_with(format!("{why}: {wrong}")))
                }
                (Err(wrong), _) => Err(Failed::from(wrong)),
            }
        })
    }
}

/// Why this test is known to miss the right cause, as `misses.txt` explains it.
pub fn known_miss(name: &str) -> Option<&'static str> {
    let entry = name.split("::").next().unwrap_or(name);
    include_str!("misses.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(' '))
        .find(|(known, _)| *known == name || *known == entry)
        .map(|(_, why)| why.trim())
}

/// Every test of every catalog, in one list with one score.
fn trials(lab: &Lab, options: &Options) -> Vec<Trial> {
    let mut trials = self_check::trials(lab);
    trials.extend(singles(lab));
    if proof_only() {
        return trials;
    }
    trials.extend(drawn_pairs(lab, options));
    let seed = options.seed;
    trials.extend((1..=options.random).map(|number| {
        lab.trial(format!("random::{seed}-{number:03}"), move |score| {
            random::carry_out(&random::draw(seed, number), score)
        })
    }));
    trials.extend(moments::MOMENTS.iter().map(|moment| {
        lab.trial(format!("moment::{}", moment.entry.name), |score| {
            moments::carry_out(moment, score)
        })
    }));
    // Last: the quick ones do not wait for the first guest to boot.
    trials.extend(with_real_guests(lab));
    trials
}

fn with_real_guests(lab: &Lab) -> Vec<Trial> {
    let lab = Lab {
        ready: lab.ready.clone().and_then(|()| real::ready()),
        score: Arc::clone(&lab.score),
    };
    let runs: Vec<Run> = runs()
        .into_iter()
        .filter(|run| real::RUNS.contains(run))
        .collect();
    let trials_of = |entry| {
        runs.iter()
            .map(|run| single(&lab, entry, *run))
            .collect::<Vec<_>>()
    };
    let mut trials: Vec<Trial> = real::catalog::ENTRIES.iter().flat_map(trials_of).collect();
    if proof_only() {
        return trials;
    }
    trials.extend(
        real::told::TESTS
            .iter()
            .map(|(name, work)| lab.trial((*name).to_owned(), *work)),
    );
    trials.extend(real::moments::MOMENTS.iter().map(|moment| {
        lab.trial(format!("moment::{}", moment.entry.name), |score| {
            moments::carry_out(moment, score)
        })
    }));
    trials
}

fn singles(lab: &Lab) -> Vec<Trial> {
    let all = catalog::all();
    all.flat_map(|entry| runs().into_iter().map(move |run| single(lab, entry, run)))
        .collect()
}

fn single(lab: &Lab, entry: &'static Entry, run: Run) -> Trial {
    lab.trial(format!("{}::{}", entry.name, run.name()), move |score| {
        bench::carry_out(entry, run, score)
    })
}

/// Candidates are dealt out, so that one that turns out not to be independent is replaced by the next.
fn drawn_pairs(lab: &Lab, options: &Options) -> Vec<Trial> {
    let all = Arc::new(pairs::drawn(options.seed));
    let count = options.pairs.min(all.len());
    (0..count)
        .map(|number| {
            let all = Arc::clone(&all);
            lab.trial(
                format!("pair::{}-{:03}", options.seed, number + 1),
                move |score| {
                    let mine: Vec<_> = all.iter().copied().skip(number).step_by(count).collect();
                    pairs::carry_out(&mine, score)
                },
            )
        })
        .collect()
}

/// The runs of each entry; the one without a `ping` program only with `LAB_ALL`, to save its time.
fn runs() -> Vec<Run> {
    if proof_only() {
        vec![Run::Proof]
    } else if std::env::var_os("LAB_ALL").is_some_and(|set| !set.is_empty()) {
        Run::DIAGNOSES.to_vec()
    } else {
        vec![Run::Root, Run::Stale, Run::User, Run::UserWithoutEcho]
    }
}

/// With `LAB_PROOF_ONLY` set the faults are proven with packets and the program is not run.
fn proof_only() -> bool {
    std::env::var_os("LAB_PROOF_ONLY").is_some()
}
