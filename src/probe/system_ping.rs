//! Echo by the system's `ping`, for users who may open no ICMP socket themselves: one process an address.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::process::Stdio;
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::{OnceCell, mpsc};

use super::echo::{Answer, count};
use super::tool;
use crate::model::{EchoErrorKind, EchoResult};

/// Bytes read of one process: enough for an hour of lines.
const MAX_OUTPUT: u64 = 4 * 1024 * 1024;

/// A `ping` for a single request that does not run by then is given up.
const LATEST_START: Duration = Duration::from_secs(1);

/// What a line of `ping` tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// An answer to the request of this number, as the tool counts.
    Answer(u32, Answer),
    /// A reply that came twice.
    Duplicate,
    /// The tool itself could not send: the next request has failed.
    NotSent(EchoErrorKind),
}

/// A running `ping`. Dropping it ends the process.
pub(super) struct SystemPing {
    _child: Child,
    lines: mpsc::Receiver<Line>,
    /// The number that the tool gives its first request.
    first: Option<u32>,
}

/// Whether `ping` is the one of iputils, which takes `-n` and `-O`; BusyBox takes neither.
async fn is_iputils() -> bool {
    static ANSWER: OnceCell<bool> = OnceCell::const_new();
    *ANSWER
        .get_or_init(|| async {
            let version = async {
                let mut command = Command::new("ping");
                command
                    .arg("-V")
                    .stdin(Stdio::null())
                    .stdout(Stdio::piped())
                    .stderr(Stdio::null())
                    .kill_on_drop(true);
                tool::start(command).await?.wait_with_output().await
            };
            match tokio::time::timeout(Duration::from_millis(500), version).await {
                Ok(Ok(output)) => String::from_utf8_lossy(&output.stdout).contains("iputils"),
                _ => false,
            }
        })
        .await
}

impl SystemPing {
    /// Starts `ping`. `count` bounds the requests, `lifetime` the whole run.
    ///
    /// # Errors
    /// When there is no such program.
    pub(super) async fn start(
        to: IpAddr,
        source: Option<IpAddr>,
        count: Option<u32>,
        interval: Duration,
        lifetime: Option<Duration>,
    ) -> std::io::Result<Self> {
        let mut command = Command::new("ping");
        if cfg!(windows) {
            match count {
                Some(count) => command.args(["-n", &count.to_string()]),
                None => command.arg("-t"),
            };
            command.args(["-w", "1000"]);
            if let Some(source) = source {
                command.args(["-S", &source.to_string()]);
            }
        } else if cfg!(target_os = "linux") {
            if is_iputils().await {
                command.args(["-n", "-O"]);
            }
            if let Some(count) = count {
                command.args(["-c", &count.to_string()]);
            }
            // Below 0.2 s only root may go.
            let interval = interval.max(Duration::from_millis(200));
            command.args(["-i", &format!("{:.1}", interval.as_secs_f32()), "-W", "1"]);
            if let Some(lifetime) = lifetime {
                command.args(["-w", &lifetime.as_secs_f32().ceil().to_string()]);
            }
            if let Some(source) = source {
                command.args(["-I", &source.to_string()]);
            }
        } else {
            command.arg("-n");
            if let Some(count) = count {
                command.args(["-c", &count.to_string()]);
            }
            command.args(["-i", &format!("{:.1}", interval.as_secs_f32().max(0.2))]);
            if let Some(source) = source {
                command.args(["-S", &source.to_string()]);
            }
        }
        Self::spawn(command, to).await
    }

    async fn spawn(mut command: Command, to: IpAddr) -> std::io::Result<Self> {
        command
            .arg(to.to_string())
            .env("LC_ALL", "C")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        let mut child = tool::start(command).await?;
        let (sender, lines) = mpsc::channel(64);
        if let Some(stdout) = child.stdout.take() {
            tokio::spawn(read(stdout, to, sender.clone()));
        }
        if let Some(stderr) = child.stderr.take() {
            tokio::spawn(read(stderr, to, sender));
        }
        Ok(Self {
            _child: child,
            lines,
            first: None,
        })
    }

    /// The next thing that it tells; `None` when it has ended. Numbers count from 0.
    pub(super) async fn next(&mut self) -> Option<Line> {
        let line = self.lines.recv().await?;
        Some(match line {
            Line::Answer(number, answer) => {
                // iputils counts from 1, BusyBox and Windows from 0.
                let first = *self.first.get_or_insert(u32::from(number > 0));
                Line::Answer(number.saturating_sub(first), answer)
            }
            line => line,
        })
    }
}

async fn read(output: impl AsyncRead + Unpin, to: IpAddr, sender: mpsc::Sender<Line>) {
    let mut lines = BufReader::new(output.take(MAX_OUTPUT)).lines();
    let mut unnumbered = 0;
    while let Ok(Some(text)) = lines.next_line().await {
        let Some(line) = parse(&text, to, &mut unnumbered) else {
            continue;
        };
        if sender.send(line).await.is_err() {
            break;
        }
    }
}

/// What one line tells; `None` for headers, summaries and everything unknown. `unnumbered` counts the lines of
/// tools that print no numbers (Windows).
fn parse(line: &str, to: IpAddr, unnumbered: &mut u32) -> Option<Line> {
    let text = line.trim();
    let low = text.to_ascii_lowercase();
    let number = ["icmp_seq=", "seq="].iter().find_map(|key| {
        let at = low.find(key)? + key.len();
        let digits: String = low[at..].chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<u32>().ok()
    });
    if low.starts_with("no answer yet") {
        return number.map(|number| Line::Answer(number, Answer::Silence));
    }
    if low.contains("(dup!)") {
        return Some(Line::Duplicate);
    }
    if let Some(time_us) = time_us(&low) {
        let ttl = value(&low, "ttl=").and_then(|ttl| ttl.parse().ok());
        let number = number.unwrap_or_else(|| {
            *unnumbered += 1;
            *unnumbered - 1
        });
        return Some(Line::Answer(number, Answer::Reply { time_us, ttl }));
    }
    if let Some(kind) = said(&low) {
        let words = text.split([' ', ':', '(', ')']);
        let by = words.filter_map(|word| word.parse::<IpAddr>().ok()).next();
        let own = by.is_some_and(|by| by != to && super::echo::is_own_address(by));
        let mtu = value(&low.replace("mtu = ", "mtu="), "mtu=").and_then(|mtu| mtu.parse().ok());
        let number = number.unwrap_or_else(|| {
            *unnumbered += 1;
            *unnumbered - 1
        });
        let by = by.filter(|_| !own);
        return Some(Line::Answer(number, Answer::Error { kind, by, mtu }));
    }
    let complaint = low.starts_with("ping: ") || low.starts_with("ping6: ");
    if !complaint {
        return None;
    }
    let kind = if low.contains("are you root") || low.contains("socket: ") || low.contains("cap_net_raw") {
        EchoErrorKind::NoRights
    } else if low.contains("unreachable") || low.contains("no route") {
        EchoErrorKind::NoRoute
    } else if low.contains("not permitted") || low.contains("permission denied") {
        EchoErrorKind::NotPermitted
    } else if low.contains("too long") {
        EchoErrorKind::TooBig
    } else if low.contains("no buffer") {
        EchoErrorKind::NoBuffer
    } else if low.contains("cannot assign") || low.contains("no such device") || low.contains("is down") {
        EchoErrorKind::AdapterGone
    } else {
        return None;
    };
    Some(Line::NotSent(kind))
}

fn value<'a>(low: &'a str, key: &str) -> Option<&'a str> {
    let rest = &low[low.find(key)? + key.len()..];
    Some(
        rest.split(|letter: char| !letter.is_ascii_digit())
            .next()
            .unwrap_or_default(),
    )
}

/// The time of a reply: `time=0.045 ms`, `time<1ms`.
fn time_us(low: &str) -> Option<u32> {
    let at = low.find("time=").or_else(|| low.find("time<"))? + 5;
    let number: String = low[at..]
        .chars()
        .take_while(|letter| letter.is_ascii_digit() || *letter == '.')
        .collect();
    let ms: f64 = number.parse().ok()?;
    (0.0..4e6).contains(&ms).then_some((ms * 1000.0) as u32)
}

fn said(low: &str) -> Option<EchoErrorKind> {
    let from = low.starts_with("from ") || low.starts_with("reply from ") || low.contains(" bytes from ");
    if !from {
        return None;
    }
    Some(if low.contains("filtered") || low.contains("prohibited") {
        EchoErrorKind::Prohibited
    } else if low.contains("host unreachable") || low.contains("address unreachable") {
        EchoErrorKind::HostUnreachable
    } else if low.contains("port unreachable") {
        EchoErrorKind::PortUnreachable
    } else if low.contains("net unreachable")
        || low.contains("network unreachable")
        || low.contains("no route")
    {
        EchoErrorKind::NetUnreachable
    } else if low.contains("frag needed") || low.contains("too big") {
        EchoErrorKind::TooBig
    } else if low.contains("time to live exceeded") || low.contains("ttl expired") {
        EchoErrorKind::TtlExceeded
    } else if low.contains("unreachable") {
        EchoErrorKind::Other
    } else {
        return None;
    })
}

/// A series by the system's `ping`, as [`super::echo::series`] does it over a socket.
pub(super) async fn series(
    to: IpAddr,
    source: Option<IpAddr>,
    deadline: Instant,
    mut tell: impl FnMut(Instant, Answer),
) -> EchoResult {
    const REQUESTS: u32 = 9;
    const GAP: Duration = Duration::from_millis(200);
    let mut result = EchoResult {
        source,
        ..EchoResult::default()
    };
    let begun = Instant::now();
    let lifetime = deadline.saturating_duration_since(begun);
    let starting = SystemPing::start(to, source, Some(REQUESTS), GAP, Some(lifetime));
    let mut ping = match tokio::time::timeout_at(deadline.into(), starting).await {
        Ok(Ok(ping)) => ping,
        Ok(Err(_)) => {
            count(&mut result, no_rights());
            return result;
        }
        // Nothing was sent.
        Err(_) => return result,
    };
    let mut answers = 0;
    let mut heard = BTreeSet::new();
    let mut sent_until = None;
    while let Ok(Some(line)) = tokio::time::timeout_at(deadline.into(), ping.next()).await {
        match line {
            Line::Duplicate => result.duplicates += 1,
            // `-O` speaks of requests that may still be answered.
            Line::Answer(_, Answer::Silence) => {}
            Line::Answer(number, answer) => {
                tell(begun + GAP * number, answer);
                count(&mut result, answer);
                heard.insert(number);
                answers += 1;
            }
            Line::NotSent(kind) => {
                let answer = Answer::Error {
                    kind,
                    by: None,
                    mtu: None,
                };
                if kind == EchoErrorKind::NoRights {
                    count(&mut result, answer);
                    return result;
                }
                tell(Instant::now(), answer);
                count(&mut result, answer);
                heard.insert(REQUESTS + answers);
                answers += 1;
            }
        }
        // With some lost, the rest tells whether that was chance. The very first may be lost to a cold path.
        if answers >= 3 && is_whole(&heard) {
            sent_until = Some(Instant::now());
            break;
        }
    }
    let lasted = sent_until
        .unwrap_or_else(Instant::now)
        .saturating_duration_since(begun);
    let by_time = u32::try_from(lasted.as_millis() / GAP.as_millis()).unwrap_or(0) + 1;
    result.sent = by_time.min(REQUESTS).max(answers);
    for number in (0..result.sent)
        .filter(|number| !heard.contains(number))
        .take((result.sent - answers) as usize)
    {
        tell(begun + GAP * number, Answer::Silence);
    }
    result.resolution_us = Some(if cfg!(windows) { 1000 } else { 1 });
    result
}

/// Whether all requests up to the last that was heard of were heard of, the very first aside.
fn is_whole(heard: &BTreeSet<u32>) -> bool {
    let last = heard.last().copied().unwrap_or_default();
    (1..=last).all(|number| heard.contains(&number))
}

/// One unfragmentable request with a payload of this size. Only the `ping` of iputils can do it.
pub(super) async fn ask_whole(
    to: IpAddr,
    source: Option<IpAddr>,
    payload: usize,
    patience: Duration,
) -> Answer {
    if !cfg!(target_os = "linux") || !is_iputils().await {
        return Answer::Silence;
    }
    let mut command = Command::new("ping");
    command.args(["-n", "-M", "do", "-c", "1", "-W", "1", "-s", &payload.to_string()]);
    if let Some(source) = source {
        command.args(["-I", &source.to_string()]);
    }
    let starting = tokio::time::timeout(LATEST_START, SystemPing::spawn(command, to));
    let Ok(Ok(mut ping)) = starting.await else {
        return Answer::Silence;
    };
    let until = tokio::time::Instant::now() + patience;
    while let Ok(Some(line)) = tokio::time::timeout_at(until, ping.next()).await {
        match line {
            Line::Answer(_, Answer::Silence) | Line::Duplicate => {}
            Line::Answer(_, answer) => return answer,
            Line::NotSent(kind) => {
                return Answer::Error {
                    kind,
                    by: None,
                    mtu: None,
                };
            }
        }
    }
    Answer::Silence
}

/// The answer when nothing on this machine may send echo for this user.
pub(super) fn no_rights() -> Answer {
    Answer::Error {
        kind: EchoErrorKind::NoRights,
        by: None,
        mtu: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> Option<Line> {
        parse(text, "10.0.0.2".parse().unwrap(), &mut 0)
    }

    fn error(number: u32, kind: EchoErrorKind, by: &str, mtu: Option<u32>) -> Option<Line> {
        let by = by.parse().ok();
        Some(Line::Answer(number, Answer::Error { kind, by, mtu }))
    }

    #[test]
    fn only_the_very_first_may_be_missing() {
        for (heard, whole) in [
            (vec![0, 1, 2], true),
            (vec![1, 2, 3], true),
            (vec![3, 4, 5], false),
            (vec![0, 2, 4], false),
        ] {
            assert_eq!(is_whole(&heard.iter().copied().collect()), whole, "{heard:?}");
        }
    }

    #[test]
    fn replies() {
        let reply = |number, time_us, ttl| Some(Line::Answer(number, Answer::Reply { time_us, ttl }));
        assert_eq!(
            line("64 bytes from 10.0.0.2: icmp_seq=1 ttl=64 time=0.045 ms"),
            reply(1, 45, Some(64))
        );
        assert_eq!(
            line("64 bytes from 10.0.0.2: seq=0 ttl=64 time=12.100 ms"),
            reply(0, 12_100, Some(64))
        );
        assert_eq!(
            line("Reply from 10.0.0.2: bytes=32 time<1ms TTL=128"),
            reply(0, 1000, Some(128))
        );
        assert_eq!(
            line("64 bytes from fe80::1%eth0: icmp_seq=3 ttl=64 time=1 ms"),
            reply(3, 1000, Some(64))
        );
        assert_eq!(
            line("64 bytes from 10.0.0.2: icmp_seq=1 ttl=64 time=0.045 ms (DUP!)"),
            Some(Line::Duplicate)
        );
        assert_eq!(
            line("no answer yet for icmp_seq=7"),
            Some(Line::Answer(7, Answer::Silence))
        );
    }

    #[test]
    fn errors_of_others() {
        assert_eq!(
            line("From 10.0.0.2 icmp_seq=1 Packet filtered"),
            error(1, EchoErrorKind::Prohibited, "10.0.0.2", None)
        );
        assert_eq!(
            line("From 192.0.2.1 icmp_seq=2 Destination Host Unreachable"),
            error(2, EchoErrorKind::HostUnreachable, "192.0.2.1", None)
        );
        assert_eq!(
            line("From 192.0.2.1 icmp_seq=1 Frag needed and DF set (mtu = 1400)"),
            error(1, EchoErrorKind::TooBig, "192.0.2.1", Some(1400))
        );
        assert_eq!(
            line("From 192.0.2.9 icmp_seq=1 Time to live exceeded"),
            error(1, EchoErrorKind::TtlExceeded, "192.0.2.9", None)
        );
        // The system's own word that nobody answered on the segment.
        assert_eq!(
            line("From 127.0.0.1 icmp_seq=1 Destination Host Unreachable"),
            error(1, EchoErrorKind::HostUnreachable, "", None)
        );
    }

    #[test]
    fn complaints_of_the_tool() {
        for (text, kind) in [
            ("ping: connect: Network is unreachable", EchoErrorKind::NoRoute),
            (
                "ping: sendmsg: Operation not permitted",
                EchoErrorKind::NotPermitted,
            ),
            ("ping: socktype: SOCK_RAW", EchoErrorKind::Other),
            ("ping: socket: Operation not permitted", EchoErrorKind::NoRights),
            ("ping: permission denied (are you root?)", EchoErrorKind::NoRights),
            (
                "ping: bind: Cannot assign requested address",
                EchoErrorKind::AdapterGone,
            ),
        ] {
            let expected = (kind != EchoErrorKind::Other).then_some(Line::NotSent(kind));
            assert_eq!(line(text), expected, "{text}");
        }
    }

    #[test]
    fn everything_else_is_passed_over() {
        for text in [
            "PING 10.0.0.2 (10.0.0.2) 56(84) bytes of data.",
            "--- 10.0.0.2 ping statistics ---",
            "5 packets transmitted, 0 received, 100% packet loss, time 805ms",
            "rtt min/avg/max/mdev = 0.045/0.045/0.045/0.000 ms",
            "",
            "time=",
            "icmp_seq=99999999999999999999 time=nan",
            "time=é",
        ] {
            assert_eq!(line(text), None, "{text}");
        }
    }
}
