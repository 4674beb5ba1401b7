//! The lab's own tests: a harness that cannot fail proves nothing.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use libtest_mimic::{Failed, Trial};
use serde_json::json;
use vmnet_doctor::diagnose::rules;

use crate::Lab;
use crate::bench;
use crate::cage;
use crate::catalog;
use crate::cure::{self, Offer};
use crate::entry::{Entry, Node, Run, Step};
use crate::flow::Flow;
use crate::judge;
use crate::network::Network;
use crate::pairs;
use crate::program::Answer;
use crate::random;
use crate::real;
use crate::topology::Topology;

const IDLE: Entry = Entry {
    name: "self-check",
    steps: &[Step::Run {
        at: Node::Guest,
        apply: "true",
        undo: "true",
    }],
    traffic: &[Flow::Echo(Node::Pc, "192.168.122.11")],
    named: &["guest-firewall-blocks-icmp"],
    never: &["host-route-wrong"],
    ..Entry::FAULT
};

/// All of them; those that need networks are skipped where the lab is.
pub fn trials(lab: &Lab) -> Vec<Trial> {
    vec![
        lab.trial(
            "self-check::a-fault-that-changes-nothing-is-caught".to_owned(),
            |_| idle_fault_is_caught(),
        ),
        lab.trial("self-check::nothing-outlives-ctrl-c".to_owned(), |_| {
            nothing_outlives_ctrl_c()
        }),
        Trial::test("self-check::the-same-seed-draws-the-same", || {
            the_same_seed_draws_the_same().map_err(Failed::from)
        }),
        Trial::test("self-check::offers-are-told-apart", || {
            offers_are_told_apart().map_err(Failed::from)
        }),
        Trial::test("self-check::every-truth-is-whole", || {
            every_truth_is_whole().map_err(Failed::from)
        }),
        Trial::test("self-check::wrong-answers-are-caught", || {
            wrong_answers_are_caught().map_err(Failed::from)
        }),
    ]
}

fn idle_fault_is_caught() -> Result<(), String> {
    let network = Network::build(Topology::Nat)?;
    match bench::prove_during(&IDLE, &network) {
        Err(wrong) if wrong.contains("still passes") => Ok(()),
        other => Err(format!("a fault that changes nothing was taken: {other:?}")),
    }
}

/// A lab within the lab, interrupted while a broken network stands: every process that it had is gone, and with them the
/// namespaces, which nothing else holds.
fn nothing_outlives_ctrl_c() -> Result<(), String> {
    let told = |error: std::io::Error| error.to_string();
    let mut command = Command::new(std::env::current_exe().map_err(told)?);
    command
        .args(["--exact", "guest-drops-icmp::root", "--nocapture"])
        .env_remove(cage::INSIDE)
        .env("LAB_HOLD", "1")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    // A terminal tells Ctrl-C to the whole group.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut lab = command.spawn().map_err(told)?;
    let errors = lab.stderr.take().ok_or("no standard error")?;
    let mut lines = BufReader::new(errors).lines().map_while(Result::ok);
    let stands = lines.any(|line| line.contains(" stands. "));
    let group = lab.id();
    let had = descendants(group)?;
    let interrupted = Command::new("kill")
        .args(["-INT", "--", &format!("-{group}")])
        .status();
    let ended = interrupted.and_then(|_| lab.wait());
    if !stands || had.len() < 4 {
        return Err(format!("the inner lab did not stand: {had:?}"));
    }
    ended.map_err(told)?;
    // The kernel needs a moment for the last of them.
    for _ in 0..50 {
        if had.iter().all(|process| !is_there(*process)) {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    let left: Vec<u32> = had.into_iter().filter(|process| is_there(*process)).collect();
    Err(format!("still there after Ctrl-C: {left:?}"))
}

/// A process and all that it started.
fn descendants(first: u32) -> Result<Vec<u32>, String> {
    let listed = Command::new("ps").args(["-eo", "pid=,ppid="]).output();
    let listed = listed.map_err(|error| format!("ps: {error}"))?;
    let text = String::from_utf8_lossy(&listed.stdout).into_owned();
    let pairs: Vec<(u32, u32)> = text
        .lines()
        .filter_map(|line| {
            let (pid, parent) = line.trim().split_once(' ')?;
            Some((pid.trim().parse().ok()?, parent.trim().parse().ok()?))
        })
        .collect();
    let mut all = vec![first];
    let mut next = 0;
    while let Some(parent) = all.get(next).copied() {
        all.extend(pairs.iter().filter(|(_, of)| *of == parent).map(|(pid, _)| *pid));
        next += 1;
    }
    Ok(all)
}

fn is_there(process: u32) -> bool {
    // One that has ended and waits to be asked for its status holds nothing any more.
    let state = std::fs::read_to_string(format!("/proc/{process}/stat"));
    state.is_ok_and(|text| !text.contains(") Z "))
}

fn the_same_seed_draws_the_same() -> Result<(), String> {
    let names = |seed: u64| -> Vec<_> {
        let all = pairs::drawn(seed);
        all.iter()
            .map(|(first, second)| (first.name, second.name))
            .collect()
    };
    let network = |seed: u64| format!("{:?}", random::draw(seed, 1));
    if names(1) != names(1) || network(1) != network(1) {
        return Err("one seed draws this and that".to_owned());
    }
    if names(1) == names(2) || network(1) == network(2) {
        return Err("two seeds draw the same".to_owned());
    }
    Ok(())
}

/// A cause with a slip in its name would never be missed, nor one that nothing is told apart from.
fn every_truth_is_whole() -> Result<(), String> {
    let wrongs: Vec<String> = catalog::all()
        .chain(real::catalog::ENTRIES)
        .flat_map(|entry| {
            let mut wrongs: Vec<String> = [entry.named, entry.also, entry.never]
                .concat()
                .into_iter()
                .filter(|id| rules::find(id).is_none())
                .map(|id| format!("{}: {id} is no cause", entry.name))
                .collect();
            if !entry.is_healthy() && entry.never.is_empty() {
                wrongs.push(format!("{}: not said what must not be named", entry.name));
            }
            wrongs
        })
        .collect();
    match wrongs.is_empty() {
        true => Ok(()),
        false => Err(wrongs.join("\n")),
    }
}

/// The first command for a machine of the lab is taken; one of a product, or one that only shows something, is not.
fn offers_are_told_apart() -> Result<(), String> {
    let command = |on: &str, line: &str, risk: &str, undo: &str| json!({ "on": on, "os": "linux", "shell": "sh", "command": line, "risk": risk, "undo": undo });
    let virsh = command(
        "host",
        "sudo virsh net-start default",
        "low",
        "sudo virsh net-destroy default",
    );
    let look = command("guest", "ss -ltn", "none", "");
    let route = command(
        "host",
        "sudo ip route del 10.0.0.0/8",
        "low",
        "sudo ip route add 10.0.0.0/8",
    );
    let words = json!({ "on": "network", "ask": "…" });
    let table = [
        (json!([virsh, words, route]), "Command"),
        (json!([virsh, look]), "virsh"),
        (json!([look]), "only shows something"),
        (json!([words]), "Words"),
    ];
    for (remedy, due) in table {
        let answer = json!({ "causes": [{ "id": "x", "remedy": remedy }] });
        let right = match cure::offer(&answer, false) {
            Offer::Command(command) => due == "Command" && command.line.contains("route del"),
            Offer::Foreign(why) => due == why,
            Offer::Words => due == "Words",
        };
        if !right {
            return Err(format!("{due}: {answer}"));
        }
    }
    Ok(())
}

fn wrong_answers_are_caught() -> Result<(), String> {
    let right = ("guest-firewall-blocks-icmp", "confirmed");
    let healthy = Entry {
        named: &[],
        ..Entry::HEALTHY
    };
    /// Entry, run, exit status, verdict, causes, whether there is a next step, whether that is right.
    type Row<'a> = (&'a Entry, Run, i32, &'a str, &'a [(&'a str, &'a str)], bool, bool);
    let table: [Row<'_>; 12] = [
        (&IDLE, Run::Root, 1, "blocked", &[right], false, true),
        (&IDLE, Run::Root, 0, "blocked", &[right], false, false),
        (&IDLE, Run::Root, 1, "reachable", &[right], false, false),
        (&IDLE, Run::Root, 3, "inconclusive", &[], true, false),
        (
            &IDLE,
            Run::Root,
            1,
            "blocked",
            &[("duplicate-ip", "likely"), right],
            true,
            false,
        ),
        (
            &IDLE,
            Run::Root,
            1,
            "blocked",
            &[right, ("host-route-wrong", "possible")],
            true,
            false,
        ),
        (
            &IDLE,
            Run::Root,
            1,
            "blocked",
            &[right, ("duplicate-ip", "confirmed")],
            true,
            false,
        ),
        (
            &IDLE,
            Run::User,
            1,
            "blocked",
            &[("duplicate-ip", "likely"), right],
            true,
            true,
        ),
        (
            &IDLE,
            Run::User,
            1,
            "blocked",
            &[("duplicate-ip", "likely"), right],
            false,
            false,
        ),
        (
            &IDLE,
            Run::User,
            1,
            "blocked",
            &[("duplicate-ip", "confirmed"), right],
            true,
            false,
        ),
        (&healthy, Run::Root, 0, "reachable", &[], false, true),
        (
            &healthy,
            Run::User,
            1,
            "reachable",
            &[("lossy-link", "possible")],
            false,
            false,
        ),
    ];
    for (entry, run, exit, verdict, causes, has_next, is_right) in table {
        let causes: Vec<_> = causes
            .iter()
            .map(|(id, confidence)| json!({ "id": id, "confidence": confidence }))
            .collect();
        let next = if has_next {
            json!({ "kind": "command", "text": "" })
        } else {
            json!(null)
        };
        let answer = Answer {
            exit: Some(exit),
            seconds: 0.1,
            json: json!({ "schema": 1, "kind": "diagnosis", "verdict": verdict, "causes": causes, "next": next }),
            output: String::new(),
            errors: String::new(),
        };
        let wrongs = judge::wrongs(entry, run, &answer);
        if wrongs.is_empty() != is_right {
            return Err(format!("{:?} of {answer:?}: {wrongs:?}", run));
        }
    }
    let by_chance = |wrong: &str| judge::may_be_chance(&format!("{wrong}\nkept in somewhere"));
    if !by_chance("took 11.0 s") || by_chance("accused: duplicate-ip (possible)") {
        return Err("what may be chance is not told from what never is".to_owned());
    }
    Ok(())
}
