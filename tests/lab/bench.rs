//! Carries one entry out: builds, proves, breaks, asks, and takes the fault back.

use std::path::{Path, PathBuf};

use crate::cure::{self, Outcome};
use crate::entry::{Entry, Run};
use crate::flow::side_by_side;
use crate::judge;
use crate::leads;
use crate::network::Network;
use crate::program::{self, Answer};
use crate::real::detected;
use crate::score::{Row, Score, Tier};

/// Runs one entry once; the error is everything that went wrong.
pub fn carry_out(entry: &Entry, run: Run, score: &Score) -> Result<(), String> {
    let mut network = match run {
        Run::Stale => Network::build_forgetful(entry.topology)?,
        _ => Network::build(entry.topology)?,
    };
    prove_before(entry, &network)?;
    for (place, step) in entry.steps.iter().enumerate() {
        network.apply(place, step)?;
    }
    hold(entry, &network);
    let mut wrongs = Vec::new();
    let mut row = None;
    let mut answer = None;
    if run != Run::Proof {
        if run == Run::Stale {
            network.end_ageing()?;
        }
        let said = program::diagnose(&network, entry, run)?;
        wrongs = judge::wrongs(entry, run, &said);
        wrongs.extend(detected::wrongs(entry, &said, &network.scratch()));
        if judge::has_to_lead(entry, run, &said) && said.json["next"].is_object() {
            wrongs.extend(leads::wrong(entry, &network, run, &said)?);
        }
        row = Some(Row::new(Tier::Single, entry, run, &said, &wrongs));
        if wrongs.is_empty() {
            let _ = std::fs::remove_dir_all(wrong_folder(entry, run));
        } else {
            wrongs.push(keep(entry, run, &network, &said)?);
        }
        answer = Some(said);
    }
    if matches!(run, Run::Proof | Run::Root) {
        wrongs.extend(prove_during(entry, &network).err());
        if let (Some(answer), Some(row)) = (&answer, &mut row)
            && !entry.is_healthy()
            && judge::is_right_first(entry, answer)
        {
            let outcome = cure::carry_out(entry, &network, &answer.json)?;
            if let Outcome::Tried { fix, undo, .. } = &outcome {
                wrongs.extend(fix.iter().map(|wrong| format!("the fix does not fix: {wrong}")));
                wrongs.extend(
                    undo.iter()
                        .map(|wrong| format!("the undo does not restore: {wrong}")),
                );
            }
            row.cure = Some(outcome);
        }
        let undone = entry
            .steps
            .iter()
            .enumerate()
            .rev()
            .try_for_each(|(place, step)| network.undo(place, step));
        wrongs.extend(undone.and_then(|()| prove_after(entry, &network)).err());
    }
    if let Some(row) = row {
        score.add(row);
    }
    if wrongs.is_empty() {
        Ok(())
    } else {
        Err(wrongs.join("\n"))
    }
}

fn prove_before(entry: &Entry, network: &Network) -> Result<(), String> {
    let flows = [entry.traffic, entry.unharmed].concat();
    side_by_side(&flows, |flow| flow.must_pass(network, "before the fault"))
}

/// A fault that changes nothing is a failed test.
pub fn prove_during(entry: &Entry, network: &Network) -> Result<(), String> {
    if entry.is_healthy() {
        let flows = [entry.traffic, entry.unharmed, entry.arises].concat();
        side_by_side(&flows, |flow| flow.must_pass(network, "in a healthy network"))?;
    } else {
        // Where the mode itself is the obstacle there is no step to take back, and nothing passed before.
        let by_design = entry.steps.is_empty() && !entry.dead.is_empty();
        if entry.traffic.is_empty() && !by_design {
            return Err("no traffic is said to be stopped".to_owned());
        }
        side_by_side(entry.traffic, |flow| {
            flow.must_not_pass(network, "during the fault")
        })?;
        side_by_side(entry.unharmed, |flow| flow.must_pass(network, "during the fault"))?;
    }
    side_by_side(entry.dead, |flow| flow.must_not_pass(network, "during the fault"))
}

fn prove_after(entry: &Entry, network: &Network) -> Result<(), String> {
    let flows = [entry.traffic, entry.unharmed].concat();
    side_by_side(&flows, |flow| flow.must_pass(network, "after the fault"))
}

/// How it is said where a wrong answer is kept.
pub const KEPT: &str = "kept in ";

/// Keeps a wrong answer and its case for whoever mends it.
pub fn keep(entry: &Entry, run: Run, network: &Network, answer: &Answer) -> Result<String, String> {
    keep_as(run.name(), entry, network, answer)
}

/// The same, under a name that is no run's.
pub fn keep_as(run: &str, entry: &Entry, network: &Network, answer: &Answer) -> Result<String, String> {
    let folder = results().join("wrong").join(format!("{}.{run}", entry.name));
    std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let scratch = network.scratch();
    let write = |name: &str, text: &str| {
        std::fs::write(folder.join(name), text).map_err(|error| format!("{name}: {error}"))
    };
    write("diagnosis.json", &answer.output)?;
    write("stderr.txt", &answer.errors)?;
    for name in ["case.json", "guest.txt"] {
        let text = std::fs::read_to_string(scratch.join(name)).unwrap_or_default();
        write(name, &text)?;
    }
    Ok(format!("{KEPT}{}", folder.display()))
}

fn wrong_folder(entry: &Entry, run: Run) -> PathBuf {
    results()
        .join("wrong")
        .join(format!("{}.{}", entry.name, run.name()))
}

/// `target/lab`.
pub fn results() -> PathBuf {
    let temporary = Path::new(env!("CARGO_TARGET_TMPDIR"));
    temporary.parent().unwrap_or(temporary).join("lab")
}

/// With `LAB_HOLD` set, leaves the broken network standing for a look around until Ctrl-C.
fn hold(entry: &Entry, network: &Network) {
    if std::env::var_os("LAB_HOLD").is_none() {
        return;
    }
    let outside = std::env::var(crate::cage::OUTSIDE).unwrap_or_default();
    eprintln!("{} stands. From another terminal, as root:", entry.name);
    eprintln!("                   nsenter -t $(pgrep -P {outside}) -m -p");
    let namespace = network.namespace(crate::entry::Node::Pc);
    eprintln!("then, for the PC:  ip netns exec {namespace} sh");
    eprintln!(
        "Diagnose with:     {} diagnose {}",
        crate::cage::program().display(),
        entry.tell.join(" ")
    );
    loop {
        std::thread::park();
    }
}
