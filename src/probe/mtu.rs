//! The largest packet that passes whole: one of the adapter's own size first, and a search only when that is lost.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use super::echo::{Answer, EchoSocket, Open, OpenError};
use super::pacer::Pacer;
use super::{platform, system_ping};
use crate::model::{EchoErrorKind, PathMtu};

/// Sizes worth a try on the way down: Ethernet, PPPoE, common tunnels, the minima of both families.
const LADDER: [u32; 12] = [
    9000, 4000, 1500, 1492, 1476, 1450, 1420, 1400, 1360, 1280, 1006, 576,
];

/// How far the search narrows, in bytes.
const FINE: u32 = 8;

/// How often the sizes that stayed away are asked again before they are called too large. Six packets in all: where every
/// second one gets lost by chance, all of them do in two of a hundred cases.
const TIMES_AGAIN: usize = 3;

/// Largest IPv4 packet; loopback's MTU is one byte more.
const MAX_PACKET: u32 = 65_535;

/// What a path MTU check needs to know.
pub(super) struct Question<'a> {
    /// The address.
    pub(super) to: IpAddr,
    /// The address to send from.
    pub(super) source: Option<IpAddr>,
    /// The adapter that leads to it.
    pub(super) adapter: Option<&'a str>,
    /// That adapter's MTU.
    pub(super) mtu: u32,
    /// When to stop.
    pub(super) deadline: Instant,
}

/// Who sends the packets.
#[derive(Clone)]
enum Sender {
    /// A socket of our own.
    Socket(Arc<EchoSocket>),
    /// The system's `ping`, from this address.
    System(Option<IpAddr>),
}

impl Sender {
    async fn ask(&self, to: IpAddr, sequence: u16, payload: usize, patience: Duration) -> Answer {
        match self {
            Self::Socket(socket) => socket.ask(to, sequence, payload, patience).await,
            Self::System(source) => system_ping::ask_whole(to, *source, payload, patience).await,
        }
    }
}

/// Finds out. `small_answered` returns whether an ordinary echo request was answered, as soon as that is known:
/// without that, a lost large packet says nothing. `None` when nothing could be learned.
pub(super) async fn path_mtu(
    question: Question<'_>,
    pacer: &Pacer,
    small_answered: impl Future<Output = Option<Duration>>,
) -> Option<PathMtu> {
    let v6 = question.to.is_ipv6();
    let socket = EchoSocket::open(Open {
        v6,
        source: question.source,
        adapter: question.adapter,
        unfragmentable: true,
        shared: false,
    });
    let sender = match socket {
        Ok(socket) => Sender::Socket(Arc::new(socket)),
        Err(OpenError::NoRights) => Sender::System(question.source),
        Err(OpenError::Io(_)) => return None,
    };
    let full = question.mtu.min(MAX_PACKET);
    let mut found = PathMtu::default();
    let mut sequence = 0;

    pacer.turn().await;
    let first = sender.ask(
        question.to,
        sequence,
        payload(full, v6)?,
        Duration::from_millis(500),
    );
    let (first, small) = tokio::join!(first, small_answered);
    match first {
        Answer::Reply { .. } => {
            found.passed = Some(full);
            return Some(found);
        }
        Answer::Error {
            kind: EchoErrorKind::TooBig,
            by,
            mtu,
        } => {
            found.told = mtu.or_else(|| platform::known_path_mtu(question.to).filter(|known| *known < full));
            found.by = by;
            found.failed = Some(full);
        }
        Answer::Error { .. } | Answer::Silence => {}
    }
    let Some(round_trip) = small else {
        return found.told.is_some().then_some(found);
    };

    let patience = (round_trip * 4).clamp(Duration::from_millis(150), Duration::from_millis(500));
    let mut low = 0;
    let mut high = full + 1;
    let mut sizes: Vec<u32> = LADDER
        .into_iter()
        .chain([full])
        .chain(found.told)
        .filter(|size| *size <= full)
        .collect();
    while Instant::now() + patience < question.deadline && !sizes.is_empty() {
        let answers = round(&sender, question.to, &sizes, &mut sequence, patience, pacer).await;
        (low, high) = narrow(low, high, &answers);
        sizes = between(low, high);
    }
    if high <= full && found.told.is_none() && Instant::now() + patience < question.deadline {
        let again = [[high, full]; TIMES_AGAIN].concat();
        let answers = round(&sender, question.to, &again, &mut sequence, patience, pacer).await;
        (low, high) = doubted(low, high, full, &answers);
    }
    found.passed = (low > 0).then_some(low);
    found.failed = (high <= full).then_some(high);
    (found.passed.is_some() || found.told.is_some()).then_some(found)
}

/// One request of each of these sizes, all at once, and what came of each.
async fn round(
    sender: &Sender,
    to: IpAddr,
    sizes: &[u32],
    sequence: &mut u16,
    patience: Duration,
    pacer: &Pacer,
) -> Vec<(u32, Answer)> {
    let mut out = JoinSet::new();
    for &size in sizes {
        let Some(payload) = payload(size, to.is_ipv6()) else {
            continue;
        };
        pacer.turn().await;
        *sequence += 1;
        let (sender, sequence) = (sender.clone(), *sequence);
        out.spawn(async move { (size, sender.ask(to, sequence, payload, patience).await) });
    }
    let mut answers = Vec::new();
    while let Some(done) = out.join_next().await {
        answers.extend(done);
    }
    answers
}

/// The bounds after those sizes that stayed away were asked again: when any of them is answered now, packets of any size
/// get lost on this way, and no size is too large.
fn doubted(low: u32, high: u32, full: u32, again: &[(u32, Answer)]) -> (u32, u32) {
    let (largest, _) = narrow(low, high, again);
    if largest > low {
        (largest, full + 1)
    } else {
        (low, high)
    }
}

/// Bytes of payload in a packet of this size: what is left beside the headers of IP and ICMP.
fn payload(packet: u32, v6: bool) -> Option<usize> {
    usize::try_from(packet.checked_sub(if v6 { 48 } else { 28 })?).ok()
}

/// The largest size that passed and the smallest above it that did not.
fn narrow(low: u32, high: u32, answers: &[(u32, Answer)]) -> (u32, u32) {
    let passed = |answer: &Answer| matches!(answer, Answer::Reply { .. });
    let low = answers
        .iter()
        .filter(|(_, answer)| passed(answer))
        .map(|(size, _)| *size)
        .fold(low, u32::max);
    let failed = answers
        .iter()
        .filter(|(size, answer)| *size > low && !passed(answer));
    (
        low,
        failed.map(|(size, _)| *size).fold(high, u32::min).max(low + 1),
    )
}

/// Up to eight sizes that cut the gap into equal parts; none when it is narrow enough.
fn between(low: u32, high: u32) -> Vec<u32> {
    let gap = high.saturating_sub(low);
    if low == 0 || gap <= FINE {
        return Vec::new();
    }
    let step = gap.div_ceil(9).max(1);
    (1..=8)
        .map(|part| low + part * step)
        .filter(|size| *size < high)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A search against a path that lets packets of at most `limit` bytes through.
    fn search(limit: u32, full: u32) -> (u32, u32, usize) {
        let (mut low, mut high) = (0, full + 1);
        let mut sizes: Vec<u32> = LADDER
            .into_iter()
            .chain([full])
            .filter(|size| *size <= full)
            .collect();
        let mut rounds = 0;
        while !sizes.is_empty() {
            let answers: Vec<_> = sizes
                .iter()
                .map(|size| {
                    let reply = Answer::Reply {
                        time_us: 1,
                        ttl: None,
                    };
                    (*size, if *size <= limit { reply } else { Answer::Silence })
                })
                .collect();
            (low, high) = narrow(low, high, &answers);
            sizes = between(low, high);
            rounds += 1;
            assert!(rounds < 8);
        }
        (low, high, rounds)
    }

    #[test]
    fn the_search_brackets_the_limit_in_few_rounds() {
        for limit in [576, 600, 1280, 1281, 1400, 1419, 1437, 1499, 1500] {
            let (low, high, rounds) = search(limit, 1500);
            assert!(low <= limit && limit < high, "{limit}: {low}..{high}");
            assert!(high - low <= FINE, "{limit}: {low}..{high}");
            assert!(rounds <= 4, "{limit}: {rounds} rounds");
        }
        let (low, high, _) = search(1500, 9000);
        assert!(low <= 1500 && high - low <= FINE);
    }

    #[test]
    fn nothing_passed_ends_the_search() {
        assert_eq!(search(100, 1500).0, 0);
        assert_eq!(between(0, 576), Vec::<u32>::new());
    }

    #[test]
    fn a_size_that_passes_after_all_is_no_limit() {
        let reply = Answer::Reply {
            time_us: 1,
            ttl: None,
        };
        let silent = [(1488, Answer::Silence), (1500, Answer::Silence)];
        assert_eq!(doubted(1486, 1488, 1500, &silent), (1486, 1488));
        assert_eq!(
            doubted(1486, 1488, 1500, &[silent[0], (1500, reply)]),
            (1500, 1501)
        );
        assert_eq!(
            doubted(1486, 1488, 1500, &[(1488, reply), silent[1]]),
            (1488, 1501)
        );
    }

    #[test]
    fn headers_are_counted() {
        assert_eq!(payload(1500, false), Some(1472));
        assert_eq!(payload(1280, true), Some(1232));
        assert_eq!(payload(20, false), None);
    }
}
