//! The lab's own tests: a harness that cannot fail proves nothing.

use libtest_mimic::{Completion, Failed, Trial};
use serde_json::json;

use crate::bench;
use crate::entry::{Entry, Node, Run, Step};
use crate::flow::Flow;
use crate::judge;
use crate::network::Network;
use crate::program::Answer;
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
pub fn trials(ready: &Result<(), String>) -> Vec<Trial> {
    let ready = ready.clone();
    vec![
        Trial::ignorable_test("self-check::a-fault-that-changes-nothing-is-caught", move || {
            if let Err(reason) = ready {
                return Ok(Completion::ignored_with(reason));
            }
            idle_fault_is_caught().map_err(Failed::from)?;
            Ok(Completion::Completed)
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
    Ok(())
}
