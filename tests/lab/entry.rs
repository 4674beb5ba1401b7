//! One entry of the lab: a network, what is done to it, what is asked, and the true answer.

use crate::flow::Flow;
use crate::topology::Topology;

/// Stands among the commands for the lines that the program itself wants to be run in a guest.
pub const GUEST_SCRIPT: &str = "@guest-script";

/// The same in a guest that has nothing but BusyBox.
pub const GUEST_SCRIPT_IN_BUSYBOX: &str = "@guest-script-in-busybox";

/// A machine of the lab.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Node {
    /// The physical machine that hosts the guests; the program runs here.
    Pc,
    /// The virtual machine asked about.
    Guest,
    /// Another virtual machine of the same segment.
    Guest2,
    /// The switch of the physical segment.
    Switch,
    /// The physical segment's router.
    Router,
    /// Another machine on the physical segment.
    Lan,
    /// Everything outside.
    Internet,
}

impl Node {
    /// The name in namespaces and messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pc => "pc",
            Self::Guest => "guest",
            Self::Guest2 => "guest2",
            Self::Switch => "switch",
            Self::Router => "router",
            Self::Lan => "lan",
            Self::Internet => "internet",
        }
    }
}

/// One thing done to a network. Steps are undone in reverse order.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// Shell lines, run as root; the first that fails fails the test.
    Run {
        /// Where.
        at: Node,
        /// What.
        apply: &'static str,
        /// What takes it back.
        undo: &'static str,
    },
    /// A command that goes on until the step is undone.
    Keep {
        /// Where.
        at: Node,
        /// The command and its arguments, split at spaces.
        command: &'static str,
    },
    /// A tunnel device that swallows packets; gone when undone.
    Tunnel {
        /// Where.
        at: Node,
        /// The device's name.
        name: &'static str,
    },
    /// A server that runs until the step is undone.
    Play {
        /// Where.
        at: Node,
        /// What it plays, as in `role.rs`: `serve 127.0.0.1:8081`, `refuse 8080`.
        role: &'static str,
    },
    /// Pauses the guest, where a process carries its frames.
    Pause,
    /// Ends the service on a port; starts it again when undone.
    Stop {
        /// Where.
        at: Node,
        /// TCP, or UDP 53 for names.
        port: u16,
    },
}

/// How a real machine, its card and its network stand: what the program has to find out by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Running and plugged in.
    Up,
    /// The same with one more card, on libvirt's isolated network: which of the two is meant nobody says.
    WithSecondCard,
    /// Running with its cable pulled.
    Unplugged,
    /// Running on a network that is stopped.
    WithoutNetwork,
    /// Held still.
    Paused,
    /// Switched off.
    Off,
}

/// See the fields. `FAULT` and `HEALTHY` are the usual rest of a literal.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Unique, in kebab case; the test's name.
    pub name: &'static str,
    /// The network before anything is done to it.
    pub topology: Topology,
    /// What is done to it.
    pub steps: &'static [Step],
    /// Passes before, does not pass during a fault (in a healthy entry: still passes), passes again after.
    pub traffic: &'static [Flow],
    /// Passes before, during and after.
    pub unharmed: &'static [Flow],
    /// Passes once the steps are done, and means nothing before and after.
    pub arises: &'static [Flow],
    /// Does not pass during the fault, and means nothing before and after it.
    pub dead: &'static [Flow],
    /// What the user tells: options of `diagnose`.
    pub tell: &'static [&'static str],
    /// Commands run in the guest during the fault and handed over as pasted text.
    pub guest_output: &'static [&'static str],
    /// What the user tells after the fix, where that differs: the guest's new address.
    pub tell_again: &'static [&'static str],
    /// Commands run in the guest after the fix, where those differ.
    pub guest_output_again: &'static [&'static str],
    /// The identifiers that are right as `causes[0]`; none: nothing may be accused.
    pub named: &'static [&'static str],
    /// Further true causes, which may be named after the first, with any confidence.
    pub also: &'static [&'static str],
    /// Must not be named at all, with any confidence, as root.
    pub never: &'static [&'static str],
    /// Passes after the offered command where that opens another way than the one asked for; else the first of
    /// `traffic` must.
    pub cured: &'static [Flow],
    /// What shows the fault again once the offered undo has brought its cause back: a setting may matter only when
    /// something is plugged in the next time.
    pub relapse: Option<(Node, &'static str)>,
    /// Runs in which nothing that the program may look at or send shows the fault (an echo filter where no echo can
    /// be sent, a rule of a filter that cannot be read). There, only nothing untrue may be confirmed; the score counts
    /// them as misses all the same. Each with its reason.
    pub blind: &'static [(Run, &'static str)],
    /// Right verdicts.
    pub verdicts: &'static [&'static str],
    /// How the machine stands when the program is asked, where it is a real one.
    pub standing: Standing,
    /// Whether a table of the host, or of the guest as pasted, shows the fault whatever else is broken: such faults
    /// may be drawn in pairs.
    pub in_tables: bool,
    /// Causes that cannot be there as well, or cannot be seen while this fault is there.
    pub hides: &'static [&'static str],
}

impl Entry {
    /// A fault that stops the traffic asked for.
    pub const FAULT: Self = Self {
        name: "",
        topology: Topology::Nat,
        steps: &[],
        traffic: &[],
        unharmed: &[],
        arises: &[],
        dead: &[],
        tell: &[],
        guest_output: &[],
        tell_again: &[],
        guest_output_again: &[],
        named: &[],
        also: &[],
        never: &[],
        cured: &[],
        relapse: None,
        blind: &[],
        verdicts: &["blocked"],
        standing: Standing::Up,
        in_tables: false,
        hides: &[],
    };

    /// A network in which nothing may be accused.
    pub const HEALTHY: Self = Self {
        verdicts: &["reachable"],
        ..Self::FAULT
    };

    /// Whether the user tells neither the mode nor the product.
    pub fn is_untold(&self) -> bool {
        !self
            .tell
            .iter()
            .any(|word| matches!(*word, "--mode" | "--hypervisor"))
    }

    /// What is asked: from where, to where, which address, which port.
    pub fn question(&self) -> Vec<(&'static str, &'static str)> {
        let mut told: Vec<_> = self
            .tell
            .chunks_exact(2)
            .filter(|pair| !matches!(pair[0], "--mode" | "--hypervisor" | "--guest-os"))
            .map(|pair| (pair[0], pair[1]))
            .collect();
        told.sort_unstable();
        told
    }

    /// The entry as it is asked about once an offered command was run.
    pub fn asked_again(&self) -> Self {
        let other = |again: &'static [&'static str], first| if again.is_empty() { first } else { again };
        Self {
            tell: other(self.tell_again, self.tell),
            guest_output: other(self.guest_output_again, self.guest_output),
            ..*self
        }
    }

    /// Why the fault cannot be seen in this run, where that is so.
    pub fn blinded(&self, run: Run) -> Option<&'static str> {
        let mut blind = self.blind.iter().filter(|(one, _)| *one == run);
        blind.next().map(|(_, why)| *why)
    }

    /// What was told by an option.
    pub fn told(&self, option: &str) -> Option<&'static str> {
        let at = self.tell.iter().position(|word| *word == option)?;
        self.tell.get(at + 1).copied()
    }

    /// The port that is asked about; without one it is echo.
    pub fn port(&self) -> Option<u16> {
        self.told("--port")?.parse().ok()
    }

    /// The machine that the traffic asked about starts at.
    pub fn start(&self) -> Node {
        let nodes = [Node::Guest, Node::Guest2, Node::Lan];
        let told = self.told("--from").unwrap_or_default();
        nodes
            .into_iter()
            .find(|node| node.name() == told)
            .unwrap_or(Node::Pc)
    }

    /// Whether the question is asked from the host to a guest.
    pub fn is_outward(&self) -> bool {
        !self.tell.contains(&"--from")
    }

    /// Whether nothing is wrong here.
    pub fn is_healthy(&self) -> bool {
        self.named.is_empty()
    }
}

/// As whom, and in what state of the neighbor table, the program is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Run {
    /// Not at all: only packets.
    Proof,
    /// As root, right after healthy traffic; with the packets' proof.
    Root,
    /// As root, with neighbor entries gone stale.
    Stale,
    /// As a user without rights whom the system lets open echo sockets.
    User,
    /// As a user without rights who may not open echo sockets.
    UserWithoutEcho,
    /// The same on a system without the program `ping`.
    UserWithoutPing,
}

impl Run {
    /// The runs of the program.
    pub const DIAGNOSES: [Self; 5] = [
        Self::Root,
        Self::Stale,
        Self::User,
        Self::UserWithoutEcho,
        Self::UserWithoutPing,
    ];

    /// The name in tests and in the score.
    pub fn name(self) -> &'static str {
        match self {
            Self::Proof => "proof",
            Self::Root => "root",
            Self::Stale => "stale",
            Self::User => "user",
            Self::UserWithoutEcho => "user-without-echo",
            Self::UserWithoutPing => "user-without-ping",
        }
    }

    /// Whether the program has rights.
    pub fn is_root(self) -> bool {
        matches!(self, Self::Proof | Self::Root | Self::Stale)
    }
}
