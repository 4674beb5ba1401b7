//! What packets told: results of probes, live or pasted.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::{Mac, Neighbor, Place};

/// One probe and what came of it. Results of test commands that a user pastes have the same shape.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probe {
    /// The machine that sent.
    #[serde(default)]
    pub from: Place,
    /// The address it was sent to; `None` when only a name was given and it did not resolve.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<IpAddr>,
    /// The name that was given instead of an address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What came of it.
    pub result: ProbeResult,
    /// Who sent it: `live`, or the command line that was pasted.
    #[serde(default)]
    pub source: String,
    /// Milliseconds since the start of the check.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_ms: Option<u64>,
}

/// What came of a probe, by its kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProbeResult {
    /// ICMP echo.
    Echo(EchoResult),
    /// TCP connect.
    Tcp {
        /// The port.
        port: u16,
        /// What came of it.
        outcome: TcpOutcome,
        /// Time to the answer in microseconds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        time_us: Option<u64>,
        /// Who sent the error, when somebody else than the target did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<IpAddr>,
    },
    /// Neighbor resolution around the other probes, or an `arping`.
    Neighbor(NeighborCheck),
    /// Largest packet that passes whole.
    PathMtu(PathMtu),
    /// Name resolution.
    Name(NameResult),
    /// The routers on the way.
    Trace {
        /// One entry a hop, in order.
        hops: Vec<TraceHop>,
        /// Whether the target itself answered.
        reached: bool,
    },
    /// A DHCP client's attempt: the address it got, or none.
    Dhcp {
        /// The address it was given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        address: Option<IpAddr>,
        /// Who gave it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        server: Option<IpAddr>,
    },
}

/// A time in words, with as many digits as its source tells (`step_us` is the smallest step of its times), but `most`
/// at most: a tool that prints whole milliseconds knows of no hundredths.
pub fn shown_time(time_us: u64, step_us: u64, most: usize) -> String {
    let digits = match step_us {
        0..10 => 3,
        10..100 => 2,
        100..1000 => 1,
        _ if time_us < 1000 => return "<1 ms".to_owned(),
        _ => 0,
    };
    let digits = most.min(digits);
    format!("{:.digits$} ms", time_us as f64 / 1000.0)
}

/// What came of a series of ICMP echo requests.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EchoResult {
    /// Requests sent.
    pub sent: u32,
    /// Replies from the target itself.
    pub received: u32,
    /// Round-trip times in microseconds, in order of sending.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub times_us: Vec<u64>,
    /// Smallest step of the times in microseconds; 1000 for tools that print whole milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolution_us: Option<u64>,
    /// Payload size in bytes, when it was not the tool's usual one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<u32>,
    /// Whether the packets were marked "do not fragment".
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub unfragmentable: bool,
    /// Time to live of the replies on arrival.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ttl: Option<u8>,
    /// Answers that were no replies, and errors on sending, by kind.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<EchoError>,
    /// Replies that came twice.
    #[serde(skip_serializing_if = "is_zero")]
    pub duplicates: u32,
    /// How many of the last requests got no answer, one after the other, where the order is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub silent_at_last: Option<u32>,
    /// The address that it was sent from, when it was chosen by hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<IpAddr>,
}

impl EchoResult {
    /// The smallest step of its times in microseconds.
    pub fn step_us(&self) -> u64 {
        self.resolution_us.unwrap_or(1)
    }
}

fn is_zero(value: &u32) -> bool {
    *value == 0
}

/// One kind of answer that is no reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EchoError {
    /// What it said.
    pub kind: EchoErrorKind,
    /// Who said it; `None` when this machine's own system did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<IpAddr>,
    /// How often.
    pub count: u32,
}

/// Why an echo request got no reply, where somebody said so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EchoErrorKind {
    /// ICMP host unreachable: nobody answered for the address on the last segment.
    HostUnreachable,
    /// ICMP network unreachable.
    NetUnreachable,
    /// ICMP port unreachable.
    PortUnreachable,
    /// ICMP administratively prohibited: a filter says no.
    Prohibited,
    /// The packet went in circles or too far.
    TtlExceeded,
    /// The packet was too big for a link and must not be split.
    TooBig,
    /// This system has no route (ENETUNREACH; at once EHOSTUNREACH).
    NoRoute,
    /// This system refuses to send (EPERM: a filter on output; Windows "General failure").
    NotPermitted,
    /// This user may not send echo at all.
    NoRights,
    /// The send queue was full.
    NoBuffer,
    /// The adapter went away.
    AdapterGone,
    /// The address stands for a whole segment, a group or nobody, so that nothing was sent.
    NotOneMachine,
    /// Anything else.
    #[serde(other)]
    Other,
}

/// What came of a TCP connect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TcpOutcome {
    /// The connection was made.
    Connected,
    /// Refused with a reset: the machine is there, nobody listens (or a filter says so).
    Refused,
    /// No answer.
    TimedOut,
    /// EHOSTUNREACH after asking the segment: nobody answers for the address.
    HostUnreachable,
    /// ENETUNREACH: no route.
    NetUnreachable,
    /// An ICMP error that says a filter refuses.
    Prohibited,
    /// EPERM or EACCES: this machine's own filter refuses to send.
    NotPermitted,
    /// The connection was made and then reset.
    Reset,
    /// Anything else.
    #[serde(other)]
    Other,
}

impl TcpOutcome {
    /// Whether the target itself must have answered.
    pub fn proves_target(self) -> bool {
        matches!(self, Self::Connected | Self::Refused | Self::Reset)
    }
}

/// What the neighbor table said before and after the other probes, and what asking showed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NeighborCheck {
    /// The adapter it was asked on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adapter: Option<String>,
    /// The entry before anything was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Neighbor>,
    /// The entry after the other probes ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Neighbor>,
    /// Whether somebody answered for the address while we probed: `Some(true)` only when a confirmation is
    /// newer than the first probe, `Some(false)` when the system asked and nobody answered, `None` when the
    /// table could not decide.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered: Option<bool>,
    /// All hardware addresses that answered for the address.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub macs: Vec<Mac>,
}

/// The largest packet that passes without being split.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PathMtu {
    /// Largest whole packet that was answered, in bytes with headers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passed: Option<u32>,
    /// Smallest whole packet that was not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed: Option<u32>,
    /// The size that an ICMP "too big" named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub told: Option<u32>,
    /// Who named it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<IpAddr>,
}

/// What came of a name resolution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameResult {
    /// The name asked for.
    pub name: String,
    /// The server asked; `None` is the system's own way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<IpAddr>,
    /// What came of it.
    pub outcome: NameOutcome,
    /// The addresses told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<IpAddr>,
    /// Time to the answer in microseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_us: Option<u64>,
}

/// What came of a name resolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NameOutcome {
    /// Addresses came.
    Resolved,
    /// The server says that there is no such name.
    NoSuchName,
    /// No server answered.
    TimedOut,
    /// The server refused or failed.
    Failed,
    /// Anything else.
    #[serde(other)]
    Other,
}

/// One router on the way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TraceHop {
    /// Who answered; `None` when nobody did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<IpAddr>,
    /// Round-trip time in microseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_us: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::shown_time;

    #[test]
    fn a_time_is_shown_as_exactly_as_it_was_told() {
        assert_eq!(shown_time(412, 1, 3), "0.412 ms");
        assert_eq!(shown_time(412, 1, 2), "0.41 ms");
        assert_eq!(shown_time(10_400, 100, 2), "10.4 ms");
        // `time<1ms` and `time=9ms` of Windows.
        assert_eq!(shown_time(0, 1000, 2), "<1 ms");
        assert_eq!(shown_time(9_000, 1000, 3), "9 ms");
    }
}
