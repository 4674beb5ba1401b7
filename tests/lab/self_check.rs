//! The lab's own tests: a harness that cannot fail proves nothing.

use libtest_mimic::{Failed, Trial};
use serde_json::json;

use crate::Lab;
use crate::bench;
use crate::cure::{self, Offer};
use crate::entry::{Entry, Node, Run, Step};
use crate::flow::Flow;
use crate::judge;
use crate::network::Network;
use crate::pairs;
use crate::program::Answer;
use crate::random;
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
        Trial::test("self-check::the-same-seed-draws-the-same", || {
            the_same_seed_draws_the_same().map_err(Failed::from)
        }),
        Trial::test("self-check::offers-are-told-apart", || {
            offers_are_told_apart().map_err(Failed::from)
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
    Ok(())
}
