//! What is to be probed in one check.

use std::net::IpAddr;
use std::time::Duration;

use crate::model::{EchoErrorKind, Os, Probe};

/// The usual deadline of a whole check: a dead guest is known after this long, however many stations there are.
pub const DEADLINE: Duration = Duration::from_millis(2000);

/// Addresses and names probed in one check at most: as many as may be under way at one time, so that each has the
/// whole time to answer.
pub const MAX_TARGETS: usize = 64;

/// Everything to be probed in one check. All of it starts at once and ends at one deadline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The addresses to probe, at most [`MAX_TARGETS`]; what is more is left out.
    pub targets: Vec<Target>,
    /// The names to resolve, as many at most.
    pub names: Vec<NameQuery>,
    /// When all of it ends, counted from the start.
    pub deadline: Duration,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            targets: Vec::new(),
            names: Vec::new(),
            deadline: DEADLINE,
        }
    }
}

/// One address and what to try on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The address.
    pub address: IpAddr,
    /// The adapter that should lead to it: its neighbor table is read, and ARP is asked on it even when the
    /// routing table says otherwise. `None` leaves the choice to the system.
    pub adapter: Option<String>,
    /// What it is in the check, for whoever follows the progress: `guest`, `gateway`, `uplink`.
    pub role: String,
    /// Whether to send echo requests.
    pub echo: bool,
    /// TCP ports that should answer; each waits for its answer until the deadline.
    pub ports: Vec<u16>,
    /// TCP ports that are tried only while echo brings no reply, to tell a filter from silence; see
    /// [`well_known_ports`]. With `echo` false they are tried at once.
    pub fallback_ports: Vec<u16>,
    /// Whether to send one unfragmentable packet of the adapter's own MTU (and to search when it is lost).
    pub path_mtu: bool,
    /// Whether to read the neighbor table around the other probes, and to ask ARP where rights allow.
    pub neighbor: bool,
    /// The address to send from; `None` leaves the choice to the system. The address of another adapter tells
    /// a guest without a default gateway.
    pub source: Option<IpAddr>,
}

impl Target {
    /// A target with echo and a look at the neighbor table, and nothing else.
    pub fn new(address: IpAddr, role: impl Into<String>) -> Self {
        Self {
            address,
            adapter: None,
            role: role.into(),
            echo: true,
            ports: Vec::new(),
            fallback_ports: Vec::new(),
            path_mtu: false,
            neighbor: true,
            source: None,
        }
    }

    /// Names the adapter that should lead to the address.
    #[must_use]
    pub fn on(mut self, adapter: impl Into<String>) -> Self {
        self.adapter = Some(adapter.into());
        self
    }

    /// Adds ports that should answer.
    #[must_use]
    pub fn ports(mut self, ports: &[u16]) -> Self {
        self.ports.extend_from_slice(ports);
        self
    }

    /// Adds ports that are tried while echo brings no reply.
    #[must_use]
    pub fn fallback_ports(mut self, ports: &[u16]) -> Self {
        self.fallback_ports.extend_from_slice(ports);
        self
    }

    /// Asks for the path MTU as well.
    #[must_use]
    pub fn path_mtu(mut self) -> Self {
        self.path_mtu = true;
        self
    }

    /// Chooses the address to send from.
    #[must_use]
    pub fn source(mut self, source: IpAddr) -> Self {
        self.source = Some(source);
        self
    }
}

/// One name to resolve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameQuery {
    /// The name.
    pub name: String,
    /// The server to ask; `None` is the system's own way.
    pub server: Option<IpAddr>,
}

/// What is told while a check runs.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::large_enum_variant,
    reason = "told a few dozen times a check, and moved on at once"
)]
pub enum Progress {
    /// One echo request came back, or did not.
    Echo {
        /// Index into [`Plan::targets`].
        target: usize,
        /// Milliseconds between the start of the check and the sending.
        at_ms: u64,
        /// Round-trip time in microseconds, or what came instead: `None` is silence.
        outcome: Result<u32, Option<EchoErrorKind>>,
    },
    /// A probe is done; the same value stands in the list that [`super::run`] returns.
    Done {
        /// Index into [`Plan::targets`], or for a name `targets.len()` plus its index into [`Plan::names`].
        index: usize,
        /// What came of it.
        probe: Probe,
    },
}

/// A handful of ports of which one usually answers or refuses on a machine of this system: enough to tell a
/// filter from silence, too few to be a port scan. Unknown systems get the mixture.
pub fn well_known_ports(os: Option<Os>) -> &'static [u16] {
    match os {
        Some(Os::Windows) => &[135, 445, 3389, 5985, 80],
        Some(Os::Linux | Os::Bsd) => &[22, 80, 443, 111],
        Some(Os::Macos) => &[22, 445, 5900, 88],
        _ => &[22, 80, 443, 135, 445, 3389, 5900],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn well_known_ports_are_no_scan() {
        for os in [
            None,
            Some(Os::Windows),
            Some(Os::Linux),
            Some(Os::Macos),
            Some(Os::Bsd),
        ] {
            let ports = well_known_ports(os);
            assert!((1..=8).contains(&ports.len()), "{os:?}: {ports:?}");
        }
    }
}
