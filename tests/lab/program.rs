//! The program under test, run as a user would run it, and its answer.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::cage;
use crate::deadline;
use crate::entry::{Entry, GUEST_SCRIPT, GUEST_SCRIPT_IN_BUSYBOX, Node, Run};
use crate::network::Network;

/// A program that has not answered by then is ended.
const DEADLINE: Duration = Duration::from_secs(30);

/// What it answered.
#[derive(Debug)]
pub struct Answer {
    /// Exit status; nothing when it was ended by a signal or by the deadline.
    pub exit: Option<i32>,
    /// From start to exit.
    pub seconds: f64,
    /// Standard output as JSON; null when it is none.
    pub json: Value,
    /// Standard output.
    pub output: String,
    /// Standard error.
    pub errors: String,
}

/// What was named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// Its identifier.
    pub id: String,
    /// `confirmed`, `likely` or `possible`.
    pub confidence: String,
}

impl Answer {
    /// The causes, best first.
    pub fn causes(&self) -> Vec<Cause> {
        let text = |cause: &Value, key: &str| cause[key].as_str().unwrap_or_default().to_owned();
        self.json["causes"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|cause| Cause {
                id: text(cause, "id"),
                confidence: text(cause, "confidence"),
            })
            .collect()
    }
}

/// Runs `diagnose` on the PC.
pub fn diagnose(network: &Network, entry: &Entry, run: Run) -> Result<Answer, String> {
    diagnose_while(network, entry, run, |_| {})
}

/// The same; `meanwhile` happens as soon as it was started.
pub fn diagnose_while(
    network: &Network,
    entry: &Entry,
    run: Run,
    meanwhile: impl FnOnce(&Network),
) -> Result<Answer, String> {
    let scratch = network.scratch();
    let mut words: Vec<String> = entry.tell.iter().map(|&word| word.to_owned()).collect();
    if !entry.guest_output.is_empty() {
        let file = scratch.join("guest.txt");
        std::fs::write(&file, pasted(network, entry.guest_output)?).map_err(|error| error.to_string())?;
        words.extend(["--guest-output".to_owned(), file.to_string_lossy().into_owned()]);
    }
    words.extend(["--save".to_owned(), case_file(&scratch)]);
    ask(network, run, &words, meanwhile)
}

/// Opens a saved case.
pub fn replay(network: &Network, run: Run, case: &Path) -> Result<Answer, String> {
    let words = ["--case".to_owned(), case.to_string_lossy().into_owned()];
    ask(network, run, &words, |_| {})
}

fn ask(
    network: &Network,
    run: Run,
    words: &[String],
    meanwhile: impl FnOnce(&Network),
) -> Result<Answer, String> {
    let scratch = network.scratch();
    let range = if matches!(run, Run::UserWithoutEcho | Run::UserWithoutPing) {
        "1 0"
    } else {
        "0 2147483647"
    };
    network.shell(
        Node::Pc,
        &format!("echo {range} > /proc/sys/net/ipv4/ping_group_range"),
    )?;

    let program = cage::program().to_string_lossy().into_owned();
    // A user's program runs beside nothing like the building of networks here.
    let mut line = vec!["nice", "-n", "-10"];
    line.extend(as_whom(run));
    line.extend([&*program, "diagnose", "--json"]);
    line.extend(words.iter().map(String::as_str));
    let mut command = network.command(Node::Pc, &line);
    for (variable, folder) in [
        ("HOME", ""),
        ("XDG_CONFIG_HOME", ".config"),
        ("XDG_CACHE_HOME", ".cache"),
        ("XDG_RUNTIME_DIR", "run"),
    ] {
        command.env(variable, scratch.join(folder));
    }
    if run == Run::UserWithoutPing {
        command.env("PATH", cage::tools_without_ping());
    }
    command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
    finish(command, &scratch, || meanwhile(network))
}

/// What stands before a command that is run as this run's user.
pub fn as_whom(run: Run) -> &'static [&'static str] {
    if run.is_root() {
        &[]
    } else {
        &["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    }
}

/// Where the program keeps its case.
pub fn case_file(scratch: &Path) -> String {
    scratch.join("case.json").to_string_lossy().into_owned()
}

/// As copied from a terminal: each command with its prompt, then what it printed.
fn pasted(network: &Network, commands: &[&str]) -> Result<String, String> {
    let mut text = String::new();
    for &command in commands {
        let in_busybox = command == GUEST_SCRIPT_IN_BUSYBOX;
        let command = if in_busybox || command == GUEST_SCRIPT {
            guest_script()?
        } else {
            command
        };
        let shell: &[&str] = if in_busybox {
            &["env", "PATH=/bin", "busybox", "sh", "-c", command]
        } else {
            &["sh", "-c", command]
        };
        let output = network.output(Node::Guest, shell)?;
        text.push_str(&format!("$ {command}\n{output}"));
    }
    Ok(text)
}

/// The line that the program wants to be run in a Linux guest: always the same.
fn guest_script() -> Result<&'static str, String> {
    static SCRIPT: OnceLock<Result<String, String>> = OnceLock::new();
    let script = SCRIPT.get_or_init(|| {
        let mut command = Command::new(cage::program());
        command
            .args(["guest-script", "--guest-os", "linux"])
            .env("LC_ALL", "C.UTF-8");
        let said = deadline::run(&mut command, "", DEADLINE)?;
        Ok(said.output.trim().to_owned())
    });
    script.as_deref().map_err(String::clone)
}

fn finish(mut command: Command, scratch: &Path, meanwhile: impl FnOnce()) -> Result<Answer, String> {
    let (out, err) = (scratch.join("stdout"), scratch.join("stderr"));
    let create = |path: &Path| File::create(path).map_err(|error| format!("{}: {error}", path.display()));
    // Files, not pipes: nothing waits for a reader.
    command
        .stdin(Stdio::null())
        .stdout(create(&out)?)
        .stderr(create(&err)?);
    let start = Instant::now();
    let mut child = command.spawn().map_err(|error| error.to_string())?;
    meanwhile();
    let status = deadline::wait(&mut child, DEADLINE)?;
    let seconds = start.elapsed().as_secs_f64();
    let read = |path: &Path| std::fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let output = read(&out).map_err(|error| error.to_string())?;
    Ok(Answer {
        exit: status.and_then(|status| status.code()),
        seconds,
        json: serde_json::from_str(&output).unwrap_or_default(),
        errors: read(&err).map_err(|error| error.to_string())?,
        output,
    })
}
