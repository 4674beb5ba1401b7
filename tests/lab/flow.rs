//! Real packets from one machine of the lab to an address, and whether they arrive.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use crate::deadline;
use crate::entry::Node;
use crate::network::Network;
use crate::role;

/// How long healthy traffic may need to start on a loaded machine.
const PATIENCE: Duration = Duration::from_secs(8);

/// A try that takes longer has failed.
const LIMIT: Duration = Duration::from_secs(60);

/// One kind of traffic.
#[derive(Clone, Copy, Debug)]
pub enum Flow {
    /// Echo request and reply.
    Echo(Node, &'static str),
    /// A TCP connection that carries data both ways.
    Tcp(Node, &'static str, u16),
    /// A name is looked up.
    Name(Node, &'static str),
    /// All of many echoes are answered.
    Steady(Node, &'static str),
    /// Large echoes pass as well as small ones.
    Large(Node, &'static str),
    /// Echo from one machine to whatever address the second card of another has.
    SecondCard(Node, Node),
    /// At most one machine answers for an address: device, address.
    OneOwner(Node, &'static str, &'static str),
}

impl Flow {
    /// Whether this is what is asked about from this machine, with this port or without one.
    pub fn is_asked(self, start: Node, port: Option<u16>) -> bool {
        match self {
            Self::Tcp(from, _, own) => from == start && port == Some(own),
            Self::Echo(from, _)
            | Self::Name(from, _)
            | Self::Steady(from, _)
            | Self::Large(from, _)
            | Self::SecondCard(from, _)
            | Self::OneOwner(from, ..) => from == start && port.is_none(),
        }
    }

    /// Tries until it passes; the error says what did not pass.
    pub fn must_pass(self, network: &Network, when: &str) -> Result<(), String> {
        let start = Instant::now();
        while !self.passes(network)? {
            if start.elapsed() > network.patience().unwrap_or(PATIENCE) {
                return Err(format!("{when}: {self:?} does not pass"));
            }
            // What fails at once would be tried without a breath.
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    /// Tries once, thoroughly; the error says what passed.
    pub fn must_not_pass(self, network: &Network, when: &str) -> Result<(), String> {
        if self.passes(network)? {
            return Err(format!("{when}: {self:?} still passes"));
        }
        Ok(())
    }

    /// Tries once; echo for a second, and the first answer is enough.
    pub fn passes(self, network: &Network) -> Result<bool, String> {
        match self {
            Self::Echo(from, address) => succeeds(network, from, &[&PING[..], &[address]].concat()),
            // This program is not there.
            Self::Tcp(from, address, port) if network.is_emulated(from) => {
                let line = format!("echo echo | busybox nc -w 2 {address} {port} | grep -q echo");
                succeeds(network, from, &["sh", "-c", &line])
            }
            Self::Tcp(from, address, port) => {
                let own = std::env::current_exe().map_err(|error| error.to_string())?;
                let target = if address.contains(':') {
                    format!("[{address}]:{port}")
                } else {
                    format!("{address}:{port}")
                };
                succeeds(
                    network,
                    from,
                    &[&own.to_string_lossy(), role::FLAG, "connect", &target],
                )
            }
            Self::Name(from, name) => succeeds(network, from, &["getent", "ahostsv4", name]),
            Self::Steady(from, address) => {
                let output = network.output(
                    from,
                    &["ping", "-n", "-q", "-c", "20", "-i", "0.05", "-W", "1", address],
                )?;
                // One late answer on a busy machine is not a fault.
                Ok(["20 received", "19 received"]
                    .iter()
                    .any(|all| output.contains(all)))
            }
            Self::Large(from, address) => {
                let large = ["-M", "dont", "-s", "1472", address];
                succeeds(network, from, &[&PING[..], &large].concat())
            }
            Self::SecondCard(from, of) => {
                let output = network.output(of, &["ip", "-o", "-4", "addr", "show", "dev", "eth1"])?;
                let address = output
                    .split_whitespace()
                    .nth(3)
                    .and_then(|net| net.split('/').next());
                match address {
                    Some(address) if address.parse::<std::net::Ipv4Addr>().is_ok() => {
                        succeeds(network, from, &[&PING[..], &[address]].concat())
                    }
                    _ => {
                        std::thread::sleep(Duration::from_millis(500));
                        Ok(false)
                    }
                }
            }
            Self::OneOwner(from, device, address) => {
                let output =
                    network.output(from, &["arping", "-c", "2", "-w", "2", "-I", device, address])?;
                Ok(macs(&output).len() == 1)
            }
        }
    }
}

/// Ends with the first answer, the first error that comes back, or after a second.
const PING: [&str; 9] = ["ping", "-n", "-q", "-c", "1", "-i", "0.2", "-w", "1"];

/// Tries several side by side, for most of it is waiting; the errors of all.
pub fn side_by_side(flows: &[Flow], proof: impl Fn(Flow) -> Result<(), String> + Sync) -> Result<(), String> {
    let proof = &proof;
    let wrongs: Vec<String> = std::thread::scope(|scope| {
        let all: Vec<_> = flows
            .iter()
            .map(|flow| scope.spawn(move || proof(*flow)))
            .collect();
        all.into_iter()
            .filter_map(|one| {
                one.join()
                    .unwrap_or_else(|_| Err("a proof panicked".to_owned()))
                    .err()
            })
            .collect()
    });
    if wrongs.is_empty() {
        Ok(())
    } else {
        Err(wrongs.join("\n"))
    }
}

fn succeeds(network: &Network, node: Node, arguments: &[&str]) -> Result<bool, String> {
    let ended = deadline::run(&mut network.command(node, arguments), "", LIMIT)?;
    Ok(ended.succeeded())
}

/// The hardware addresses in either `arping`'s answer lines.
fn macs(text: &str) -> BTreeSet<String> {
    let is_mac = |word: &&str| word.len() == 17 && word.matches(':').count() == 5;
    text.split(|letter: char| !(letter.is_ascii_hexdigit() || letter == ':'))
        .filter(is_mac)
        .map(str::to_ascii_lowercase)
        .filter(|mac| mac != "ff:ff:ff:ff:ff:ff")
        .collect()
}
