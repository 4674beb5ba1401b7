//! One built network: namespaces, their cables, services and what was done to them. Gone when dropped.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use crate::cage;
use crate::deadline;
use crate::entry::{Node, Step};
use crate::real::guest;
use crate::real::machine::PcMachine;
use crate::role;
use crate::topology::{self, Topology, Work};
use crate::turns::{self, Turn};

/// Namespaces of networks that live side by side differ by this.
static NUMBER: AtomicU32 = AtomicU32::new(0);

/// An offered command that takes longer is ended.
const OFFERED: Duration = Duration::from_secs(40);

/// Anything else that takes longer is ended.
const LIMIT: Duration = Duration::from_secs(240);

/// See the module.
#[derive(Debug)]
pub struct Network {
    number: u32,
    nodes: Vec<Node>,
    cables: Vec<Helper>,
    /// The ports that a machine serves, and the process that does.
    services: BTreeMap<Node, (Vec<u16>, Helper)>,
    /// The PC, where it is more than a network namespace, and its real guests.
    machine: Option<PcMachine>,
    /// What the applied steps keep running, by the step's place.
    kept: BTreeMap<usize, Helper>,
    /// Held as long as its guests are emulated.
    _emulating: Option<Turn>,
}

impl Network {
    /// Builds a network and starts its services.
    pub fn build(topology: Topology) -> Result<Self, String> {
        Self::build_with(topology, "")
    }

    /// The same, with the PC and the guest taking a neighbor for known for less than a second after its last word.
    pub fn build_forgetful(topology: Topology) -> Result<Self, String> {
        Self::build_with(
            topology,
            "for file in /proc/sys/net/ipv4/neigh/*/base_reachable_time_ms; do echo 400 > $file; done
            for file in /proc/sys/net/ipv4/neigh/*/delay_first_probe_time; do echo 0 > $file; done",
        )
    }

    fn build_with(topology: Topology, memory: &str) -> Result<Self, String> {
        let plan = topology::plan(topology);
        let turn = turns::BUILDING.take();
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let mut network = Self {
            number,
            nodes: Vec::new(),
            cables: Vec::new(),
            services: BTreeMap::new(),
            machine: None,
            kept: BTreeMap::new(),
            _emulating: None,
        };
        std::fs::create_dir_all(network.scratch()).map_err(|error| error.to_string())?;
        // The lab's user without rights keeps cases here.
        make_writable_for_all(&network.scratch())?;
        let mut frame = String::new();
        for node in plan.nodes {
            network.nodes.push(node);
            network.give_settings(node)?;
            frame.push_str(&format!("netns add {}\n", network.namespace(node)));
        }
        for (a, port_a, b, port_b) in &plan.cables {
            let (a, b) = (network.namespace(*a), network.namespace(*b));
            frame.push_str(&format!(
                "link add {port_a} netns {a} type veth peer name {port_b} netns {b}\n"
            ));
        }
        checked(Command::new("ip").args(["-batch", "-"]), &frame)?;
        for (node, work) in plan.works {
            match work {
                Work::Shell(script) => network.shell(node, &network.filled(&script))?,
                Work::Cable { far, near } => {
                    let command = network.role(node, &["cable", &network.filled(far), near])?;
                    network.cables.push(Helper::start(command, true)?);
                }
            }
        }
        let mut services: BTreeMap<Node, Vec<u16>> = BTreeMap::new();
        for (node, port) in plan.services {
            services.entry(node).or_default().push(port);
        }
        for (node, ports) in services {
            network.serve(node, ports)?;
        }
        if !memory.is_empty() {
            // Each device has its own; they are all there now.
            network.ageing(memory)?;
        }
        drop(turn);
        if let Some(layout) = plan.layout {
            // Others wait for the guests that are booted to be saved.
            network._emulating = (!guest::is_nursery(layout)).then(|| turns::EMULATING.take());
            let pc = network.namespace(Node::Pc);
            let machine = PcMachine::start(&pc, &network.scratch(), layout)?;
            network.machine = Some(machine);
        }
        Ok(network)
    }

    /// A machine's namespace.
    pub fn namespace(&self, node: Node) -> String {
        format!("lab{}-{}-{}", std::process::id(), self.number, node.name())
    }

    /// `@pc`, `@guest` and `@scratch` filled in.
    fn filled(&self, text: &str) -> String {
        text.replace("@pc", &self.namespace(Node::Pc))
            .replace("@guest", &self.namespace(Node::Guest))
            .replace("@scratch", &self.scratch().to_string_lossy())
    }

    /// Files of this network.
    pub fn scratch(&self) -> PathBuf {
        PathBuf::from(cage::SCRATCH).join(format!("network{}", self.number))
    }

    /// Where `ip netns exec` looks for a machine's own files of `/etc`.
    fn settings(&self, node: Node) -> PathBuf {
        PathBuf::from("/etc/netns").join(self.namespace(node))
    }

    /// The lab's name server instead of this system's, and a table of names of the machine's own.
    fn give_settings(&self, node: Node) -> Result<(), String> {
        let folder = self.settings(node);
        std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        for (file, text) in [
            (
                "resolv.conf",
                "nameserver 203.0.113.53\noptions timeout:1 attempts:1\n",
            ),
            ("hosts", "127.0.0.1 localhost\n"),
            // Where an offered command keeps the old one.
            ("resolv.conf.vmnet-doctor", ""),
        ] {
            std::fs::write(folder.join(file), text).map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    /// A command on a machine, with that machine's settings.
    pub fn command(&self, node: Node, arguments: &[&str]) -> Command {
        if let Some(mut command) = self.within(node) {
            command
                .args(arguments)
                .env("LC_ALL", "C.UTF-8")
                .stdin(Stdio::null());
            return command;
        }
        let mut command = Command::new("ip");
        command
            .args(["netns", "exec", &self.namespace(node)])
            .args(arguments)
            .env("LC_ALL", "C.UTF-8")
            .stdin(Stdio::null());
        command
    }

    /// One line on a machine, as its owner would copy it into a terminal with root's rights; the error is what it
    /// printed.
    pub fn offered(&self, node: Node, line: &str) -> Result<(), String> {
        let path = std::env::var("PATH").unwrap_or_default();
        let path = format!("/run/bin:{path}:/usr/sbin:/sbin");
        let seconds = OFFERED.as_secs().to_string();
        let mut command = if self.within(node).is_some() {
            // Where an owner's terminal would stand is a folder that goes with the machine.
            self.command(
                node,
                &["timeout", &seconds, "sh", "-c", &format!("cd /run; {line}")],
            )
        } else {
            // What a machine keeps in `/run` is its own.
            let own = self.scratch().join(format!("run-{}", node.name()));
            std::fs::create_dir_all(own.join("bin")).map_err(|error| error.to_string())?;
            std::fs::copy(cage::tools_of_root().join("sudo"), own.join("bin/sudo"))
                .map_err(|error| error.to_string())?;
            let own = own.to_string_lossy().into_owned();
            let script = "mount --bind \"$0\" /run; exec timeout \"$2\" sh -c \"$1\"";
            self.command(node, &["sh", "-c", script, &own, line, &seconds])
        };
        let ended = deadline::run(command.env("PATH", path), "", LIMIT)?;
        if ended.succeeded() {
            return Ok(());
        }
        let said = format!("{}{}", ended.errors.trim(), ended.output.trim());
        let status = ended
            .status
            .map_or_else(|| "none".to_owned(), |status| status.to_string());
        Err(format!("{said} (status {status})"))
    }

    /// What runs its further arguments on a machine that is more than a network namespace.
    fn within(&self, node: Node) -> Option<Command> {
        let machine = self.machine.as_ref()?;
        let words = PcMachine::has(node).then(|| machine.enter(node))?;
        let mut command = Command::new(words.first()?);
        command.args(words.get(1..)?);
        Some(command)
    }

    /// How long traffic may need to start where that is longer than elsewhere: an offered command may boot a machine.
    pub fn patience(&self) -> Option<Duration> {
        self.machine.as_ref().map(|_| Duration::from_secs(120))
    }

    /// Whether a machine is emulated, with its own kernel and its own files.
    pub fn is_emulated(&self, node: Node) -> bool {
        self.machine.is_some() && node != Node::Pc && PcMachine::has(node)
    }

    /// A command's text, standard error after standard output, whatever its status.
    pub fn output(&self, node: Node, arguments: &[&str]) -> Result<String, String> {
        let ended = deadline::run(&mut self.command(node, arguments), "", LIMIT)?;
        Ok(ended.output + &ended.errors)
    }

    /// Shell lines on a machine; the first that fails is the error.
    pub fn shell(&self, node: Node, script: &str) -> Result<(), String> {
        let done = match self.within(node) {
            Some(mut machine) => checked(machine.args(["sh", "-e"]), script),
            None => {
                let mut command = Command::new("ip");
                command.args(["netns", "exec", &self.namespace(node), "sh", "-e"]);
                checked(&mut command, &batched(script))
            }
        };
        done.map_err(|error| format!("{}: {error}", node.name()))
    }

    /// Carries out one step; `place` tells steps apart.
    pub fn apply(&mut self, place: usize, step: &Step) -> Result<(), String> {
        match *step {
            Step::Run { at, apply, .. } => self.shell(at, apply),
            Step::Keep { at, command } => {
                let words: Vec<&str> = command.split_whitespace().collect();
                let helper = Helper::start(self.command(at, &words), false)?;
                self.kept.insert(place, helper);
                Ok(())
            }
            Step::Tunnel { at, name } => {
                let helper = Helper::start(self.role(at, &["tunnel", name])?, true)?;
                self.kept.insert(place, helper);
                Ok(())
            }
            Step::Play { at, role } => {
                let words: Vec<&str> = role.split_whitespace().collect();
                let helper = Helper::start(self.role(at, &words)?, true)?;
                self.kept.insert(place, helper);
                Ok(())
            }
            Step::Pause => self.signal_cables("-STOP"),
            Step::Stop { at, port } => {
                let (mut ports, helper) = self.services.remove(&at).ok_or("serves nothing")?;
                drop(helper);
                let before = ports.len();
                ports.retain(|other| *other != port);
                if ports.len() == before {
                    return Err(format!("{} serves nothing on {port}", at.name()));
                }
                self.serve(at, ports)
            }
        }
    }

    /// One step that keeps nothing running and is not taken back.
    pub fn happen(&self, step: &Step) -> Result<(), String> {
        match *step {
            Step::Run { at, apply, .. } => self.shell(at, apply),
            Step::Pause => self.signal_cables("-STOP"),
            _ => Err(format!("{step:?} cannot happen in the middle of a run")),
        }
    }

    /// Takes one step back.
    pub fn undo(&mut self, place: usize, step: &Step) -> Result<(), String> {
        match *step {
            Step::Run { at, undo, .. } => self.shell(at, undo),
            Step::Keep { .. } | Step::Tunnel { .. } | Step::Play { .. } => {
                self.kept.remove(&place);
                Ok(())
            }
            Step::Pause => self.signal_cables("-CONT"),
            Step::Stop { at, port } => {
                let running = self.services.remove(&at);
                let mut ports = running.map(|(ports, _)| ports).unwrap_or_default();
                ports.push(port);
                self.serve(at, ports)
            }
        }
    }

    /// Waits until the neighbor entries of a network built by [`Self::build_forgetful`] have gone stale by themselves, then
    /// gives the machines the usual memory back.
    pub fn end_ageing(&self) -> Result<(), String> {
        self.ageing(
            "fresh() { ip -4 neigh show nud reachable nud delay nud probe; }
            n=0; while [ -n \"$(fresh)\" ] && [ $n -lt 25 ]; do n=$((n + 1)); sleep 0.1; done
            sleep 1
            for file in /proc/sys/net/ipv4/neigh/*/base_reachable_time_ms; do echo 30000 > $file; done
            for file in /proc/sys/net/ipv4/neigh/*/delay_first_probe_time; do echo 5 > $file; done
            # Those of a device that a fault made anew remember as long as ever, and traffic that goes on keeps some
            # fresh: an answer that was on its way is waited for.
            n=0; while [ -n \"$(ip -4 neigh show nud reachable)\" ]; do
                n=$((n + 1)); [ $n -lt 50 ] || exit 1; [ $n = 1 ] || sleep 0.05
                fresh | sed -n 's/^\\([^ ]*\\) dev \\([^ ]*\\).* lladdr \\([^ ]*\\).*/neigh change \\1 dev \\2 lladdr \\3 nud stale/p' |
                    ip -force -batch - || true
            done",
        )
    }

    fn ageing(&self, script: &str) -> Result<(), String> {
        // What the program reads, and what it is given from the guest.
        let mut asked = self
            .nodes
            .iter()
            .filter(|node| matches!(node, Node::Pc | Node::Guest));
        asked.try_for_each(|node| self.shell(*node, script))
    }

    /// What a hypervisor does to a guest that it pauses: nothing carries its frames any more.
    fn signal_cables(&self, signal: &str) -> Result<(), String> {
        if self.cables.is_empty() {
            return Err("this guest has no process to pause".to_owned());
        }
        for cable in &self.cables {
            checked(Command::new("kill").args([signal, &cable.0.id().to_string()]), "")?;
        }
        Ok(())
    }

    fn role(&self, node: Node, arguments: &[&str]) -> Result<Command, String> {
        let own = std::env::current_exe().map_err(|error| error.to_string())?;
        let own = own.to_string_lossy();
        let mut words = vec![&*own, role::FLAG];
        words.extend(arguments);
        Ok(self.command(node, &words))
    }

    /// Starts one process that serves these ports of a machine.
    fn serve(&mut self, node: Node, ports: Vec<u16>) -> Result<(), String> {
        let words: Vec<String> = ports.iter().map(u16::to_string).collect();
        let mut arguments = vec!["serve"];
        arguments.extend(words.iter().map(String::as_str));
        let helper = Helper::start(self.role(node, &arguments)?, true)?;
        self.services.insert(node, (ports, helper));
        Ok(())
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        // Processes first: a namespace lives as long as one of them does.
        self.kept.clear();
        self.services.clear();
        self.cables.clear();
        self.machine = None;
        let all: String = self
            .nodes
            .iter()
            .map(|node| format!("netns del {}\n", self.namespace(*node)))
            .collect();
        let _ = checked(Command::new("ip").args(["-force", "-batch", "-"]), &all);
        let _ = std::fs::remove_dir_all(self.scratch());
        for node in &self.nodes {
            let _ = std::fs::remove_dir_all(self.settings(*node));
        }
    }
}

/// A process of ours in a namespace, ended when dropped.
#[derive(Debug)]
pub struct Helper(Child);

impl Helper {
    /// Starts it; a server says when it is ready.
    pub fn start(mut command: Command, is_server: bool) -> Result<Self, String> {
        command.stdout(if is_server { Stdio::piped() } else { Stdio::null() });
        if is_server {
            command.stdin(Stdio::piped());
        } else {
            command.stderr(Stdio::null());
        }
        let mut helper = Self(command.spawn().map_err(|error| error.to_string())?);
        if let Some(output) = helper.0.stdout.take() {
            let mut line = String::new();
            BufReader::new(output)
                .read_line(&mut line)
                .map_err(|error| error.to_string())?;
            if line.trim_end() != role::READY {
                return Err("a helper process did not start".to_owned());
            }
        }
        Ok(helper)
    }

    /// Its number.
    pub fn id(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for Helper {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The same lines with neighbors that only call `ip` put into one call: most of a network is laid by such lines, and
/// starting a process takes longer than what it does.
fn batched(script: &str) -> String {
    let is_plain = |line: &str| {
        line.starts_with("ip ")
            && !line.starts_with("ip -")
            && !line.contains(|c| "|&;<>$`'\"\\(){}*#".contains(c))
    };
    let mut text = String::new();
    let mut lines = script.lines().map(str::trim).peekable();
    while let Some(line) = lines.next() {
        if !(is_plain(line) && lines.peek().is_some_and(|next| is_plain(next))) {
            text.push_str(line);
            text.push('\n');
            continue;
        }
        text.push_str(&format!("ip -batch - <<'BATCH'\n{}\n", &line[3..]));
        while let Some(next) = lines.next_if(|next| is_plain(next)) {
            text.push_str(&next[3..]);
            text.push('\n');
        }
        text.push_str("BATCH\n");
    }
    text
}

/// Runs a command with `input`; the error is what it printed.
pub fn checked(command: &mut Command, input: &str) -> Result<(), String> {
    let ended = deadline::run(command, input, LIMIT)?;
    if ended.succeeded() {
        return Ok(());
    }
    Err(format!("{command:?} <<< {input:?}: {}", ended.errors.trim()))
}

#[cfg(unix)]
fn make_writable_for_all(folder: &std::path::Path) -> Result<(), String> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o777))
        .map_err(|error| error.to_string())
}

#[cfg(not(unix))]
fn make_writable_for_all(_folder: &std::path::Path) -> Result<(), String> {
    Ok(())
}
