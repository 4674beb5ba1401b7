//! Where the right cause is not the first: answers the program's `next` as its user would, and looks whether that leads to it.

use serde_json::{Value, json};

use crate::entry::{Entry, Node, Run, Step};
use crate::judge;
use crate::network::Network;
use crate::program::{self, Answer};

/// So many answers a person gives without losing patience.
const ANSWERS: usize = 3;

/// What a minute does to the PC's neighbor table: a person reads, walks over and types.
const A_MINUTE: &str = "ip -4 neigh show nud reachable nud delay nud probe |
    sed -n 's/^\\([^ ]*\\) dev \\([^ ]*\\).* lladdr \\([^ ]*\\).*/neigh change \\1 dev \\2 lladdr \\3 nud stale/p' |
    ip -force -batch - || true";

/// What is wrong with what is asked next; nothing where the answers bring the right cause to the first place.
///
/// An answer joins the saved case, as the window takes it in: the command line has options for other machines' outputs alone.
pub fn wrong(entry: &Entry, network: &Network, run: Run, answer: &Answer) -> Result<Option<String>, String> {
    let scratch = network.scratch();
    let kept = std::fs::read_to_string(scratch.join("case.json")).map_err(|error| error.to_string())?;
    let mut case: Value = serde_json::from_str(&kept).map_err(|error| error.to_string())?;
    let (mut next, mut told) = (answer.json["next"].clone(), Vec::new());
    network.shell(Node::Pc, A_MINUTE)?;
    for _ in 0..ANSWERS {
        let text = |key: &str| next[key].as_str().unwrap_or_default();
        let (command, on) = (text("command"), text("on"));
        let Some(place) = place(on) else { break };
        if place == Node::Guest && stands_still(entry) {
            return Ok(None);
        }
        let output = json!({ "on": on, "command": command, "text": print(network, run, place, command)? });
        match case["outputs"].as_array_mut() {
            Some(outputs) => outputs.push(output),
            None => case["outputs"] = json!([output]),
        }
        let file = scratch.join("answered.json");
        std::fs::write(&file, case.to_string()).map_err(|error| error.to_string())?;
        let again = program::replay(network, run, &file)?;
        if judge::is_right_first(entry, &again) {
            return Ok(None);
        }
        told.push(format!("`{command}` answered: {}", judge::list(&again.causes())));
        next = again.json["next"].clone();
    }
    Ok(Some(format!(
        "{}, and what is asked next does not lead to it: {}; then {next}",
        judge::UNLED,
        told.join("; ")
    )))
}

/// The machine that a line is for.
fn place(on: &str) -> Option<Node> {
    match on {
        "host" => Some(Node::Pc),
        "guest" => Some(Node::Guest),
        "guest2" => Some(Node::Guest2),
        "lan" => Some(Node::Lan),
        _ => None,
    }
}

/// Whether nothing can be run in the guest. Whoever goes there to do so sees that it stands still, and that is the answer.
fn stands_still(entry: &Entry) -> bool {
    entry.steps.iter().any(|step| matches!(step, Step::Pause))
}

/// What a line prints on a machine: with root's rights where it takes them by itself, and in a guest, which is its
/// owner's; else as the user who asked.
fn print(network: &Network, run: Run, place: Node, command: &str) -> Result<String, String> {
    let without_sudo = command.replace("sudo -n ", "").replace("sudo ", "");
    let mut line: Vec<&str> = Vec::new();
    if place == Node::Pc && without_sudo == command {
        line.extend(program::as_whom(run));
    }
    line.extend(["sh", "-c", &without_sudo]);
    network.output(place, &line)
}
