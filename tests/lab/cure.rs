//! What the program offers against a cause, carried out in the lab: the fix must fix and the undo must restore.

use std::time::Duration;

use serde_json::Value;

use crate::bench;
use crate::entry::{Entry, Node, Run};
use crate::flow::{Flow, side_by_side};
use crate::network::Network;
use crate::program::{self, Answer};

/// Tools that act on a real product or a whole installed system; in a namespace there is nothing they could change.
const NOT_OF_THE_LAB: [&str; 16] = [
    "VBoxManage",
    "dhclient",
    "esxcli",
    "firewall-cmd",
    "multipass",
    "netplan",
    "nmcli",
    "prlctl",
    "qm",
    "resolvectl",
    "service",
    "systemctl",
    "ufw",
    "virsh",
    "vmrun",
    "vmware-networks",
];

/// Those of them that are there where guests are real.
const REAL_BESIDE_LIBVIRT: [&str; 4] = ["firewall-cmd", "systemctl", "ufw", "virsh"];

/// A command that can be run in the lab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// The cause that it is offered against.
    pub cause: String,
    /// The machine.
    pub on: Node,
    /// The line.
    pub line: String,
    /// The line that takes it back; may be empty.
    pub undo: String,
}

/// What the first cause's remedies come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Offer {
    /// The first command that is for a machine of the lab.
    Command(Command),
    /// Commands, but none for a machine of the lab: the first one's tool, or the system it is for.
    Foreign(String),
    /// Only words: somebody has to do something by hand.
    Words,
}

/// What came of the fix and of its undo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing to try here, and why.
    NotOfTheLab(String),
    /// Tried: what is wrong with the fix and with the undo; nothing when it did what it says.
    Tried {
        /// The line that was run.
        line: String,
        /// Whether it can be taken back; a daemon that was started again has been started again.
        has_undo: bool,
        /// Of the fix.
        fix: Option<String>,
        /// Of the undo.
        undo: Option<String>,
    },
}

/// What the answer offers against its first cause.
/// `has_libvirt` says that libvirt and the system's own packet filters are really there.
pub fn offer(answer: &Value, has_libvirt: bool) -> Offer {
    let cause = &answer["causes"][0];
    let mut foreign = None;
    for remedy in cause["remedy"].as_array().into_iter().flatten() {
        let text = |key: &str| remedy[key].as_str().unwrap_or_default();
        if text("command").is_empty() {
            continue;
        }
        let on = match text("on") {
            "host" => Some(Node::Pc),
            "guest" => Some(Node::Guest),
            "guest2" => Some(Node::Guest2),
            _ => None,
        };
        let tool = foreign_tool(text("command"), has_libvirt);
        // A command that shows something changes nothing, so it cannot be a fix.
        let changes = text("risk") != "none" || !text("undo").is_empty();
        match (on, tool) {
            (Some(on), None) if text("shell") == "sh" && text("os") == "linux" && changes => {
                return Offer::Command(Command {
                    cause: cause["id"].as_str().unwrap_or_default().to_owned(),
                    on,
                    line: text("command").to_owned(),
                    undo: text("undo").to_owned(),
                });
            }
            (_, tool) if foreign.is_none() => {
                foreign = Some(match (tool, changes) {
                    (Some(tool), _) => tool.to_owned(),
                    (None, false) => "only shows something".to_owned(),
                    (None, true) => text("os").to_owned(),
                });
            }
            _ => {}
        }
    }
    foreign.map_or(Offer::Words, Offer::Foreign)
}

/// The first tool of a line that acts on something which the lab does not have.
fn foreign_tool(line: &str, has_libvirt: bool) -> Option<&'static str> {
    let is_foreign = |tool: &&str| !(has_libvirt && REAL_BESIDE_LIBVIRT.contains(tool));
    line.split(['&', ';', '|'])
        .filter_map(|part| {
            let mut words = part.split_whitespace().filter(|word| *word != "sudo");
            words.next()
        })
        .find_map(|word| {
            let mut foreign = NOT_OF_THE_LAB.into_iter().filter(is_foreign);
            foreign.find(|tool| *tool == word)
        })
}

/// Runs the fix, asks again, runs the undo. What counts is all of the traffic that the fault stops, or what `cured` names.
pub fn carry_out(entry: &Entry, network: &Network, answer: &Value) -> Result<Outcome, String> {
    let command = match offer(answer, network.is_emulated(Node::Guest)) {
        Offer::Command(command) => command,
        Offer::Foreign(tool) => return Ok(Outcome::NotOfTheLab(tool)),
        Offer::Words => return Ok(Outcome::NotOfTheLab("words to hand over".to_owned())),
    };
    let fix = check_fix(entry, network, &command)?.map(|wrong| format!("`{}`: {wrong}", command.line));
    let undo = if fix.is_some() {
        // The traffic does not pass anyway; only that the line runs can be told.
        network.offered(command.on, &command.undo).err()
    } else {
        check_undo(entry, network, &command)?
    };
    Ok(Outcome::Tried {
        undo: undo.map(|wrong| format!("`{}`: {wrong}", command.undo)),
        has_undo: !command.undo.is_empty(),
        line: command.line,
        fix,
    })
}

fn check_fix(entry: &Entry, network: &Network, command: &Command) -> Result<Option<String>, String> {
    let printed = network.offered(command.on, &command.line).err();
    let with_printed = |wrong: String| match &printed {
        Some(printed) => format!("{wrong}; it printed {printed:?}"),
        None => wrong,
    };
    let passes = side_by_side(&asked(entry), |flow| {
        flow.must_pass(network, "after the offered command")
    });
    if let Err(wrong) = passes {
        return Ok(Some(with_printed(wrong)));
    }
    // Asked for the old way again, the program would rightly say the same.
    if !entry.cured.is_empty() && entry.tell_again.is_empty() {
        return Ok(None);
    }
    let again = program::diagnose(network, &entry.asked_again(), Run::Root)?;
    let wrong = still_wrong(entry, &again, command);
    if wrong.is_some() {
        bench::keep_as("after-the-fix", entry, network, &again)?;
    }
    Ok(wrong.map(with_printed))
}

fn still_wrong(entry: &Entry, again: &Answer, command: &Command) -> Option<String> {
    let still = again.causes().into_iter().find(|cause| cause.id == command.cause);
    if let Some(still) = still {
        return Some(format!("{} is still named", still.id));
    }
    let verdict = again.json["verdict"].as_str().unwrap_or_default();
    // Where nobody can try it from the start, nobody can say that it passes now.
    let is_fine =
        verdict == "reachable" || (entry.verdicts.contains(&"inconclusive") && again.causes().is_empty());
    (!is_fine).then(|| format!("asked again, the verdict is {verdict}"))
}

/// The traffic that tells whether the command did what it says. A filter of one machine's own is opened for what was asked
/// about, and for nothing else that it stops.
fn asked(entry: &Entry) -> Vec<Flow> {
    let all = [
        entry.cured,
        entry.traffic,
        entry.dead.get(..1).unwrap_or_default(),
    ];
    let flows = all
        .into_iter()
        .find(|flows| !flows.is_empty())
        .unwrap_or_default();
    let by_filter = entry.named.iter().any(|id| id.contains("-firewall-"));
    let wanted: Vec<Flow> = flows
        .iter()
        .filter(|flow| !by_filter || flow.is_asked(entry.start(), entry.port()))
        .copied()
        .collect();
    match wanted.is_empty() {
        true => flows.to_vec(),
        false => wanted,
    }
}

fn check_undo(entry: &Entry, network: &Network, command: &Command) -> Result<Option<String>, String> {
    if command.undo.is_empty() {
        // A daemon that was restarted has been restarted: there is nothing to take back.
        let restarts = command.line.contains("systemctl restart ");
        return Ok((!restarts).then(|| "no undo is offered".to_owned()));
    }
    let printed = network.offered(command.on, &command.undo).err();
    if asked(entry).is_empty() {
        return Ok(printed);
    }
    if let Some((node, lines)) = entry.relapse {
        network.shell(node, lines)?;
    }
    // A neighbor entry may have to be learned to be wrong again, so a few tries.
    // A machine that is asked to power off takes some seconds.
    let emulated = network.is_emulated(Node::Guest);
    let mut left = if emulated { 20 } else { 3 };
    loop {
        let stopped = side_by_side(&asked(entry), |flow| {
            flow.must_not_pass(network, "after the offered undo")
        });
        match stopped {
            Ok(()) => return Ok(None),
            Err(wrong) if left == 0 => return Ok(Some(format!("{wrong} {}", printed.unwrap_or_default()))),
            Err(_) => left -= 1,
        }
        if emulated {
            std::thread::sleep(Duration::from_millis(500));
        }
    }
}
