//! ICMP echo: one request, and the short series of a check.
//!
//! `surge-ping` builds, sends and matches the packets. Around it stands what it leaves to its user: its own
//! times start after the send returned and read low or 0 on fast links, while the whole call includes the waking
//! of two tasks; its "reply" may be an unreachable; and errors that other machines send reach an unprivileged
//! socket through the error queue only.

#[cfg(not(windows))]
use std::collections::hash_map::RandomState;
#[cfg(not(windows))]
use std::hash::BuildHasher as _;
use std::io;
use std::net::IpAddr;
#[cfg(not(windows))]
use std::net::SocketAddr;
#[cfg(not(windows))]
use std::pin::pin;
use std::sync::Arc;
#[cfg(not(windows))]
use std::task::Poll;
use std::time::{Duration, Instant};
#[cfg(not(windows))]
use std::time::{SystemTime, UNIX_EPOCH};

#[cfg(not(windows))]
use surge_ping::{Client, Config, ICMP, IcmpPacket, PingIdentifier, PingSequence, SurgeError};
use tokio::task::JoinSet;

#[cfg(not(windows))]
use super::errors::{Icmp, echo_error};
use super::pacer::Pacer;
#[cfg(not(windows))]
use super::platform::{self, Arrivals, ErrorQueue};
use crate::model::{EchoError, EchoErrorKind, EchoResult};

/// Bytes of payload in an ordinary request, as `ping` sends on Unix.
pub(super) const PAYLOAD: usize = 56;

/// Time from each request of a series to the next when nothing answers. The later ones are spread out, as
/// machines tell errors about once a second after a first burst (`icmp_ratelimit`, `icmp(7)`).
const GAPS_SILENT: [Duration; 5] = [
    Duration::from_millis(200),
    Duration::from_millis(200),
    Duration::from_millis(400),
    Duration::from_millis(500),
    Duration::from_millis(500),
];

/// Replies that end a series early.
const ENOUGH_REPLIES: u32 = 3;

/// Errors that end a series early: more of them only use up what the other probes may be told.
const ENOUGH_ERRORS: u32 = 2;

/// Time from an answer to the next request.
const GAP_ANSWERED: Duration = Duration::from_millis(40);

/// Requests of a series in which some were answered and some were lost, and the gap between them.
const REQUESTS_LOSSY: usize = 16;
const GAP_LOSSY: Duration = Duration::from_millis(50);

/// How long a series that has its answers still waits for the requests that are out.
const GRACE: Duration = Duration::from_millis(150);

/// What came of one echo request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// A reply of the target itself.
    Reply {
        /// Round-trip time in microseconds.
        time_us: u32,
        /// Time to live on arrival, where the socket tells it.
        ttl: Option<u8>,
    },
    /// Somebody said why not.
    Error {
        /// What it said.
        kind: EchoErrorKind,
        /// Who; `None` is this machine.
        by: Option<IpAddr>,
        /// The packet size that "too big" names.
        mtu: Option<u32>,
    },
    /// Nothing in time.
    Silence,
}

/// Why there is no socket for echo.
#[derive(Debug, thiserror::Error)]
pub(super) enum OpenError {
    /// This user may open neither a datagram nor a raw socket for ICMP.
    #[error("this user may not send echo requests")]
    NoRights,
    /// Anything else: the address to send from is gone, or the system has no such family.
    #[error("no socket for echo: {0}")]
    Io(#[from] io::Error),
}

#[cfg(windows)]
pub(super) use super::platform::EchoSocket;

/// A socket for echo requests, datagram or raw, whichever this user may use.
#[cfg(not(windows))]
pub(super) struct EchoSocket {
    client: Client,
    identifier: PingIdentifier,
    v6: bool,
    scope: u32,
    errors: Option<ErrorQueue>,
    arrivals: Option<Arrivals>,
}

/// How a socket for echo is to be opened.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Open<'a> {
    /// Whether for IPv6.
    pub(super) v6: bool,
    /// The address to send from.
    pub(super) source: Option<IpAddr>,
    /// The adapter, which a link-local IPv6 address needs.
    pub(super) adapter: Option<&'a str>,
    /// Whether packets must not be split on the way.
    pub(super) unfragmentable: bool,
    /// Whether many addresses share it. Such a socket does not listen to other machines' errors, which the
    /// system would hand to whoever sends next.
    pub(super) shared: bool,
}

#[cfg(not(windows))]
impl EchoSocket {
    /// Opens the socket.
    pub(super) fn open(how: Open<'_>) -> Result<Self, OpenError> {
        let mut config = Config::builder().kind(if how.v6 { ICMP::V6 } else { ICMP::V4 });
        if let Some(source) = how.source {
            config = config.bind(SocketAddr::new(source, 0));
        }
        let client = Client::new(&config.build()).map_err(|error| match error.kind() {
            io::ErrorKind::PermissionDenied => OpenError::NoRights,
            _ => OpenError::Io(error),
        })?;
        let socket = client.get_socket();
        if how.unfragmentable {
            platform::forbid_fragments(&socket, how.v6)?;
        }
        // A raw socket gets other machines' errors like any packet, and surge-ping hands them out.
        let datagram = socket.get_type() == socket2::Type::DGRAM;
        let errors = if datagram && !how.shared {
            ErrorQueue::open(&socket, how.v6).ok()
        } else {
            None
        };
        Ok(Self {
            client,
            identifier: PingIdentifier(RandomState::new().hash_one(0_u8) as u16),
            v6: how.v6,
            scope: how.adapter.and_then(platform::adapter_index).unwrap_or(0),
            errors,
            arrivals: Arrivals::open(&socket).ok(),
        })
    }

    /// Sends one request and waits for its answer. `sequence` must differ from those still out on this socket
    /// to the same address.
    pub(super) async fn ask(&self, to: IpAddr, sequence: u16, payload: usize, patience: Duration) -> Answer {
        let first = self.try_ask(to, sequence, payload, patience).await;
        match (first, &self.errors) {
            // The system reports an error that an earlier request met to the next one that is sent.
            (Err(error), Some(errors)) if errors.drain() => {
                let again = self.try_ask(to, sequence, payload, patience).await;
                again.unwrap_or_else(|_| self.send_error(&error))
            }
            (answer, _) => answer.unwrap_or_else(|error| self.send_error(&error)),
        }
    }

    fn send_error(&self, error: &io::Error) -> Answer {
        Answer::Error {
            kind: echo_error(error),
            by: None,
            mtu: None,
        }
    }

    async fn try_ask(
        &self,
        to: IpAddr,
        sequence: u16,
        payload: usize,
        patience: Duration,
    ) -> io::Result<Answer> {
        let payload = vec![0x5a; payload];
        let mut pinger = self.client.pinger(to, self.identifier).await;
        pinger.timeout(patience).scope_id(self.scope);
        if let Some(errors) = &self.errors {
            errors.expect(sequence);
        }
        let clock = SystemTime::now();
        let before = Instant::now();
        let mut ping = pin!(pinger.ping(PingSequence(sequence), &payload));
        // The first poll sends; so the sending lies between `before` and `before + sending`, and surge-ping's
        // own time starts somewhere in between.
        let first = std::future::poll_fn(|context| Poll::Ready(ping.as_mut().poll(context))).await;
        let sending = before.elapsed();
        let result = match first {
            Poll::Ready(result) => result,
            Poll::Pending => match &self.errors {
                None => ping.await,
                Some(errors) => tokio::select! {
                    result = &mut ping => result,
                    error = errors.of(sequence) => return Ok(self.told(error.icmp, error.by, error.info)),
                },
            },
        };
        let around = before.elapsed();
        match result {
            Ok((packet, time)) => {
                // An upper bound, in which a task was woken up; the kernel's stamp is nearer.
                let bound = around.min(sending + time);
                let sent = clock.duration_since(UNIX_EPOCH).unwrap_or_default();
                let arrived = self.arrivals.as_ref().and_then(Arrivals::last);
                let stamped = arrived
                    .and_then(|arrived| arrived.checked_sub(sent))
                    .filter(|time| *time <= bound);
                Ok(self.read(&packet, stamped.unwrap_or(bound)))
            }
            Err(SurgeError::IOError(error)) => Err(error),
            Err(_) => Ok(Answer::Silence),
        }
    }

    /// What a packet that surge-ping matched to the request says.
    fn read(&self, packet: &IcmpPacket, time: Duration) -> Answer {
        let (kind, code, by, ttl) = match packet {
            IcmpPacket::V4(packet) => (
                packet.get_icmp_type().0,
                packet.get_icmp_code().0,
                IpAddr::V4(packet.get_source()),
                packet.get_ttl(),
            ),
            IcmpPacket::V6(packet) => (
                packet.get_icmpv6_type().0,
                packet.get_icmpv6_code().0,
                IpAddr::V6(packet.get_source()),
                None,
            ),
        };
        let reply = if self.v6 { 129 } else { 0 };
        if kind == reply {
            return Answer::Reply {
                time_us: u32::try_from(time.as_micros()).unwrap_or(u32::MAX).max(1),
                ttl,
            };
        }
        self.told(
            Icmp {
                v6: self.v6,
                kind,
                code,
            },
            Some(by),
            None,
        )
    }

    fn told(&self, icmp: Icmp, by: Option<IpAddr>, info: Option<u32>) -> Answer {
        let own = by.is_some_and(is_own_address);
        Answer::Error {
            kind: icmp.told_by(own),
            by: by.filter(|_| !own),
            mtu: info.filter(|mtu| icmp.meaning() == EchoErrorKind::TooBig && *mtu > 0),
        }
    }
}

/// Whether this machine has the address: only then can a socket be bound to it.
pub(super) fn is_own_address(address: IpAddr) -> bool {
    std::net::UdpSocket::bind((address, 0)).is_ok()
}

/// Adds an answer to a result.
pub(super) fn count(result: &mut EchoResult, answer: Answer) {
    match answer {
        Answer::Reply { time_us, ttl } => {
            result.received += 1;
            result.times_us.push(u64::from(time_us));
            result.ttl = result.ttl.or(ttl);
        }
        Answer::Error { kind, by, .. } => {
            match result
                .errors
                .iter_mut()
                .find(|error| error.kind == kind && error.by == by)
            {
                Some(error) => error.count += 1,
                None => result.errors.push(EchoError { kind, by, count: 1 }),
            }
        }
        Answer::Silence => {}
    }
}

/// Sends up to five requests until three answers are there or the deadline has come. `tell` hears of every
/// request: its sending time, and what came of it.
pub(super) async fn series(
    socket: Arc<EchoSocket>,
    to: IpAddr,
    source: Option<IpAddr>,
    pacer: &Pacer,
    deadline: Instant,
    mut tell: impl FnMut(Instant, Answer),
) -> EchoResult {
    let mut result = EchoResult {
        resolution_us: Some(1),
        source,
        ..EchoResult::default()
    };
    let mut requests: Vec<(Instant, Option<Answer>)> = Vec::with_capacity(GAPS_SILENT.len());
    let mut out: JoinSet<(u16, Answer)> = JoinSet::new();
    let mut next = Instant::now();
    let mut end = deadline;
    let (mut replies, mut errors) = (0, 0);
    loop {
        // Some are answered and some are not: a few more tell whether that was chance.
        let lossy = replies > 0
            && requests
                .iter()
                .any(|(sent, answer)| answer.is_none() && sent.elapsed() > GRACE);
        let enough = !lossy && (replies >= ENOUGH_REPLIES || errors >= ENOUGH_ERRORS);
        let gap = if lossy {
            end = deadline;
            (requests.len() < REQUESTS_LOSSY).then_some(GAP_LOSSY)
        } else {
            GAPS_SILENT.get(requests.len()).copied()
        };
        let more = gap.is_some() && !enough;
        if !more && out.is_empty() {
            break;
        }
        tokio::select! {
            biased;
            () = tokio::time::sleep_until(end.into()) => {
                if end >= deadline || !requests.iter().any(|(_, answer)| answer.is_none()) {
                    break;
                }
                // Whatever is still out after its grace is looked at once more, as lost.
                end = deadline;
                next = Instant::now();
            }
            Some(done) = out.join_next() => {
                // A task that was called off has nothing to tell.
                let Ok((sequence, answer)) = done else { continue };
                if let Some((sent, slot)) = requests.get_mut(usize::from(sequence)) {
                    *slot = Some(answer);
                    tell(*sent, answer);
                }
                match answer {
                    Answer::Reply { .. } => replies += 1,
                    Answer::Error { .. } => errors += 1,
                    Answer::Silence => continue,
                }
                next = next.min(Instant::now() + GAP_ANSWERED);
                if replies >= ENOUGH_REPLIES || errors >= ENOUGH_ERRORS {
                    end = end.min(Instant::now() + GRACE);
                }
            }
            () = tokio::time::sleep_until(next.into()), if more => {
                pacer.turn().await;
                let sequence = result.sent as u16;
                let socket = socket.clone();
                let sent = Instant::now();
                let patience = deadline.saturating_duration_since(sent);
                requests.push((sent, None));
                out.spawn(async move { (sequence, socket.ask(to, sequence, PAYLOAD, patience).await) });
                result.sent += 1;
                next = sent + gap.unwrap_or_default();
            }
        }
    }
    let silent = requests
        .iter()
        .rev()
        .take_while(|(_, answer)| matches!(answer, None | Some(Answer::Silence)));
    result.silent_at_last = u32::try_from(silent.count()).ok().filter(|silent| *silent > 0);
    for (sent, answer) in requests {
        match answer {
            Some(answer) => count(&mut result, answer),
            None => tell(sent, Answer::Silence),
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_counted_by_kind_and_sender() {
        let router: IpAddr = "10.0.0.1".parse().unwrap();
        let mut result = EchoResult::default();
        let error = |by| Answer::Error {
            kind: EchoErrorKind::HostUnreachable,
            by,
            mtu: None,
        };
        let reply = Answer::Reply {
            time_us: 120,
            ttl: Some(64),
        };
        for answer in [
            reply,
            error(Some(router)),
            error(None),
            error(Some(router)),
            Answer::Silence,
        ] {
            count(&mut result, answer);
        }
        assert_eq!((result.received, result.ttl), (1, Some(64)));
        assert_eq!(result.times_us, [120]);
        let counts: Vec<_> = result
            .errors
            .iter()
            .map(|error| (error.by, error.count))
            .collect();
        assert_eq!(counts, [(Some(router), 2), (None, 1)]);
    }

    #[test]
    fn own_addresses_are_known() {
        assert!(is_own_address("127.0.0.1".parse().unwrap()));
        assert!(!is_own_address("192.0.2.1".parse().unwrap()));
    }
}
