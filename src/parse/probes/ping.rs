//! `ping` of iputils, BusyBox, macOS, BSD and Windows (English, Chinese, German).

use std::net::IpAddr;

use crate::model::{
    Case, EchoError, EchoErrorKind, EchoResult, NameOutcome, NameResult, PathMtu, Place, Probe, ProbeResult,
};
use crate::parse::command::{self, Call};
use crate::parse::text::{self, first_address, source};

/// Most times that are kept of one run.
const MAX_TIMES: usize = 100_000;

/// One run of `ping`, while its lines are read.
#[derive(Default)]
struct Run {
    to: Option<IpAddr>,
    name: Option<String>,
    echo: EchoResult,
    /// Requests whose time ran out, by their own lines.
    timeouts: u32,
    /// Largest sequence number that was seen, counted from 1.
    last_sequence: u32,
    /// What the statistics say: sent, received.
    told: Option<(u32, u32)>,
    /// Payload size by the heading.
    size: Option<u32>,
    path: PathMtu,
    lookup: Option<NameOutcome>,
}

/// Whether the line stands in the output of `ping`.
pub fn is_line(line: &str) -> bool {
    let line = line.trim();
    heading(line).is_some()
        || reply(line).is_some()
        || (line.starts_with("ping: ") && (own_error(line).is_some() || name_error(line).is_some()))
        || name_error(line).is_some()
        || (line.starts_with("From ") && (line.contains("icmp_seq") || line.contains("seq=")))
        || error_sender(line).is_some()
        || (line.starts_with("---")
            && ["ping statistics", "ping 统计", "Ping-Statistik"]
                .iter()
                .any(|words| line.contains(words)))
        || unix_counts(line).is_some()
        || windows_words(line).is_some()
        || windows_counts(line).is_some()
        || line.starts_with("Request timeout for icmp_seq")
}

/// Reads one or several runs of `ping`.
pub fn read(text: &str, case: &mut Case, on: Place, command: &str) {
    let call = command::call(command);
    let mut runs = vec![Run::default()];
    let mut started = false;
    for line in text.lines() {
        let line = line.trim();
        if line.is_empty() || line.starts_with("# ") {
            continue;
        }
        if let Some(head) = heading(line) {
            if started {
                runs.push(Run::default());
            }
            started = true;
            if let Some(run) = runs.last_mut() {
                run.to = head.to;
                run.name = head.name;
                run.size = head.size;
                run.echo.source = head.source;
            }
            continue;
        }
        if let Some(run) = runs.last_mut() {
            take_line(run, line);
        }
    }
    let single = runs.len() == 1;
    for run in runs {
        if let Some(probes) = finish(run, &call, single, text) {
            case.probes
                .extend(probes.into_iter().map(|(to, name, result)| Probe {
                    from: on,
                    to,
                    name,
                    result,
                    source: source(command),
                    at_ms: None,
                }));
        }
    }
}

struct Heading {
    to: Option<IpAddr>,
    name: Option<String>,
    size: Option<u32>,
    source: Option<IpAddr>,
}

/// `PING host (address) 56(84) bytes of data.`, `Pinging host [address] with 32 bytes of data:` and their
/// like in other languages.
fn heading(line: &str) -> Option<Heading> {
    if let Some(rest) = line.strip_prefix("PING6(") {
        // macOS: PING6(56=40+8+8 bytes) source --> destination
        let (numbers, ends) = rest.split_once(')')?;
        let (from, to) = ends.split_once("-->")?;
        return Some(Heading {
            to: text::address(to),
            name: None,
            size: numbers
                .split(['+', ' '])
                .nth(2)
                .and_then(|size| size.parse().ok()),
            source: text::address(from).filter(|_| false),
        });
    }
    if let Some(rest) = line.strip_prefix("PING ") {
        let name_end = rest.find([' ', '(', ':']).unwrap_or(rest.len());
        let (name, after) = rest.split_at_checked(name_end)?;
        // IPv6: `PING fe80::1(fe80::1) 56 data bytes`, or with its name in front of the address.
        let inside = rest
            .split_once('(')
            .and_then(|(_, inside)| inside.split_once(')'));
        let to = text::address(name)
            .or_else(|| inside.and_then(|(inside, _)| inside.split([' ', '(']).find_map(text::address)))
            .or_else(|| rest.split(['(', ' ', ')']).find_map(text::address));
        let tail = inside.map_or(after, |(_, tail)| tail);
        // `56(84) 字节的数据`: the payload stands before the size of the whole packet; else it is the first number.
        let before_whole = tail
            .rsplit_once('(')
            .and_then(|(before, _)| before.rsplit(' ').next());
        let size = before_whole
            .and_then(|word| word.parse::<u32>().ok())
            .or_else(|| {
                tail.split(|c: char| !c.is_ascii_digit() && c != '.' && c != ':')
                    .filter(|word| !word.contains(['.', ':']))
                    .find_map(|word| word.parse::<u32>().ok())
            });
        let from = [" from ", " 来自 ", " von "]
            .iter()
            .find_map(|word| tail.split_once(word))
            .and_then(|(_, from)| from.split_whitespace().next())
            .and_then(text::address);
        let named = text::address(rest.split([' ', '(']).next().unwrap_or_default()).is_none();
        (to.is_some() || tail.contains("bytes")).then_some(())?;
        return Some(Heading {
            to,
            name: named.then(|| name.to_owned()),
            size,
            source: from,
        });
    }
    windows_heading(line)
}

fn windows_heading(line: &str) -> Option<Heading> {
    let words = line.strip_suffix(':').or_else(|| line.strip_suffix('：'))?;
    let lower = words.to_lowercase();
    let of_bytes = ["bytes", "字节", "位元組", "octets", "バイト", "byte"];
    if !lower.contains("ping") && !lower.contains("envoi")
        || !of_bytes.iter().any(|word| lower.contains(word))
    {
        return None;
    }
    let to = match words.split_once('[').and_then(|(_, rest)| rest.split_once(']')) {
        Some((address, _)) => text::address(address),
        None => words.split_whitespace().find_map(text::address),
    }?;
    let name = words
        .split_once('[')
        .and_then(|(before, _)| before.split_whitespace().last())
        .filter(|name| text::address(name).is_none())
        .map(str::to_owned);
    let from = [" from ", " 从 ", " von "]
        .iter()
        .find_map(|word| words.split_once(word))
        .and_then(|(_, rest)| rest.split_whitespace().next())
        .and_then(text::address)
        .filter(|from| *from != to);
    let size = words.split_whitespace().rev().find_map(|word| word.parse().ok());
    Some(Heading {
        to: Some(to),
        name,
        size,
        source: from,
    })
}

struct Reply {
    from: IpAddr,
    time_us: Option<u64>,
    /// The smallest step that the time is printed in.
    step_us: u64,
    ttl: Option<u8>,
    duplicate: bool,
    sequence: Option<u32>,
}

/// A line that tells of an echo reply: an address with a time, or with a TTL.
fn reply(line: &str) -> Option<Reply> {
    let lower = line.to_lowercase();
    let unix = lower.contains(" bytes from ");
    // `60 bytes from 52:54:… (10.0.0.9): index=0 time=…` is an answer to Habets' arping.
    if lower.contains("index=") {
        return None;
    }
    let has_ttl = lower.contains("ttl=") || lower.contains("hlim=");
    let time = time_of(line);
    // Windows prints no TTL for IPv6, and `time<1ms` in every language.
    let windows = !unix && (has_ttl || (time.is_some() && line.contains(": "))) && !lower.contains("rtt ");
    if !(windows || (unix && (has_ttl || time.is_some()))) {
        return None;
    }
    let place = match lower.find(" bytes from ").filter(|_| unix) {
        Some(at) => line.get(at + " bytes from ".len()..)?,
        None => line,
    };
    let from = place
        .split(|c: char| c.is_whitespace() || "(),".contains(c))
        .find_map(text::address)?;
    let number_after = |key: &str| {
        let at = lower.find(key)? + key.len();
        let digits: String = lower
            .get(at..)?
            .chars()
            .take_while(char::is_ascii_digit)
            .collect();
        digits.parse::<u32>().ok()
    };
    let ttl = number_after("ttl=").or_else(|| number_after("hlim="));
    Some(Reply {
        from,
        time_us: time.map(|(time, _)| time),
        step_us: time.map_or(1000, |(_, step)| step),
        ttl: ttl.and_then(|ttl| u8::try_from(ttl).ok()),
        duplicate: line.contains("(DUP!)"),
        sequence: number_after("seq="),
    })
}

/// The round-trip time of a line in microseconds and the step it is printed in: `time=0.412 ms`, `时间=1ms`,
/// `Zeit<1ms` (0 with a step of a millisecond), `时间=0.680 毫秒`.
fn time_of(line: &str) -> Option<(u64, u64)> {
    let at = line.rfind("ms").or_else(|| line.rfind("毫秒"))?;
    let before = line.get(..at)?.trim_end();
    let start = before
        .char_indices()
        .rev()
        .take_while(|(_, c)| c.is_ascii_digit() || *c == '.' || *c == ',')
        .last()?
        .0;
    let number = before.get(start..)?.replace(',', ".");
    let mark = before.get(..start)?.chars().next_back()?;
    if mark != '=' && mark != '<' {
        return None;
    }
    let milliseconds: f64 = number.parse().ok()?;
    if !(0.0..1e9).contains(&milliseconds) {
        return None;
    }
    let step = match number.split_once('.').map(|(_, decimals)| decimals.len()) {
        None | Some(0) => 1000,
        Some(1) => 100,
        Some(2) => 10,
        Some(_) => 1,
    };
    let time = if mark == '<' {
        0
    } else {
        (milliseconds * 1000.0).round() as u64
    };
    Some((time, step))
}

fn take_line(run: &mut Run, line: &str) {
    if let Some(counts) = unix_counts(line).or_else(|| windows_counts(line)) {
        run.told = Some(counts);
        if let Some((_, rest)) = line.split_once('+')
            && ["duplicates", "重复", "duplikate"]
                .iter()
                .any(|word| rest.to_lowercase().contains(word))
        {
            let number: String = rest.chars().take_while(char::is_ascii_digit).collect();
            run.echo.duplicates = number.parse().unwrap_or(run.echo.duplicates);
        }
        return;
    }
    if let Some(found) = reply(line) {
        take_reply(run, &found);
        return;
    }
    if let Some(outcome) = name_error(line) {
        run.lookup = Some(outcome);
        if run.name.is_none() {
            run.name = name_in_error(line);
        }
        return;
    }
    if let Some((kind, by)) = far_error(line).or_else(|| own_error(line).map(|kind| (kind, None))) {
        add_error(&mut run.echo, kind, by);
        if kind == EchoErrorKind::TooBig {
            run.path.told = told_mtu(line).or(run.path.told);
            run.path.by = by.or(run.path.by);
        }
        if let Some(sequence) = sequence_of(line) {
            run.last_sequence = run.last_sequence.max(sequence);
        }
        return;
    }
    let lower = line.to_lowercase();
    const TIMED_OUT: [&str; 7] = [
        "request timed out",
        "request timeout for icmp_seq",
        "no answer yet for icmp_seq",
        "请求超时",
        "要求等候逾時",
        "zeitüberschreitung der anforderung",
        "délai d",
    ];
    if TIMED_OUT.iter().any(|words| lower.contains(words)) {
        run.timeouts = run.timeouts.saturating_add(1);
    }
}

fn take_reply(run: &mut Run, found: &Reply) {
    if let Some(sequence) = found.sequence {
        run.last_sequence = run.last_sequence.max(sequence);
    }
    if found.duplicate {
        run.echo.duplicates = run.echo.duplicates.saturating_add(1);
        return;
    }
    // An answer from somewhere else (a broadcast ping) is no answer of the target, but there is no target
    // other than the one that answers then.
    if run.to.is_none() {
        run.to = Some(found.from);
    }
    run.echo.received = run.echo.received.saturating_add(1);
    run.echo.ttl = found.ttl.or(run.echo.ttl);
    if let Some(time) = found.time_us
        && run.echo.times_us.len() < MAX_TIMES
    {
        run.echo.times_us.push(time);
        let step = run.echo.resolution_us.unwrap_or(found.step_us).min(found.step_us);
        run.echo.resolution_us = Some(step);
    }
}

fn add_error(echo: &mut EchoResult, kind: EchoErrorKind, by: Option<IpAddr>) {
    let known = echo
        .errors
        .iter()
        .position(|error| error.kind == kind && error.by == by);
    match known.and_then(|at| echo.errors.get_mut(at)) {
        Some(error) => error.count = error.count.saturating_add(1),
        None => echo.errors.push(EchoError { kind, by, count: 1 }),
    }
    echo.errors.truncate(64);
}

fn sequence_of(line: &str) -> Option<u32> {
    let (_, rest) = line.split_once("seq=")?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// `(mtu = 1400)`, `mtu=1400`, `(MTU 1400)`.
fn told_mtu(line: &str) -> Option<u32> {
    let lower = line.to_lowercase();
    let at = lower.rfind("mtu")? + 3;
    let rest = lower.get(at..)?.trim_start_matches([' ', '=', ':']);
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// `4 packets transmitted, 3 received, …`, `2 packets transmitted, 2 packets received, …`; iputils in Chinese
/// (`已发送 4 个包， 已接收 4 个包, 0% 包丢失`, as it was published) and in German (`4 Pakete übertragen, 4 empfangen`).
fn unix_counts(line: &str) -> Option<(u32, u32)> {
    // arping of Habets counts in the same words.
    if line.contains("unanswered") {
        return None;
    }
    let number = |words: &str| {
        let digits = words.trim_start_matches(|c: char| !c.is_ascii_digit());
        let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        digits.get(..end)?.parse::<u32>().ok()
    };
    const WORDS: [&str; 3] = [" packets transmitted, ", " 个包， 已接收", " Pakete übertragen, "];
    let (sent, received) = WORDS.iter().find_map(|word| line.split_once(word))?;
    Some((number(sent)?, number(received)?))
}

/// `Packets: Sent = 2, Received = 2, Lost = 0 …` in any language: three numbers behind `=`, of which the third is what the
/// second lacks to the first. Other lists of settings (`dst = 192.168.1.0/24, nh = …`) have no such sum.
fn windows_counts(line: &str) -> Option<(u32, u32)> {
    if line.contains("seq=") || line.to_lowercase().contains("ttl=") {
        return None;
    }
    let mut numbers = Vec::new();
    for part in line.split('=').skip(1) {
        let part = part.trim_start();
        let digits: String = part.chars().take_while(char::is_ascii_digit).collect();
        let rest = part.get(digits.len()..).unwrap_or_default();
        if digits.is_empty() || rest.starts_with(['.', '/', ':']) || rest.trim_start().starts_with("ms") {
            return None;
        }
        numbers.push(digits.parse::<u32>().ok()?);
    }
    match numbers.as_slice() {
        [sent, received, lost]
            if line.contains([':', '：']) && sent.checked_sub(*received) == Some(*lost) =>
        {
            Some((*sent, *received))
        }
        _ => None,
    }
}

/// An ICMP error, and who sent it.
fn far_error(line: &str) -> Option<(EchoErrorKind, Option<IpAddr>)> {
    let lower = line.to_lowercase();
    let unix = (line.starts_with("From ") || lower.contains(" bytes from ")) && !lower.contains("ttl=");
    if unix {
        return Some((unix_kind(&lower)?, first_address(line)));
    }
    if let Some(sender) = error_sender(line) {
        return Some((unix_kind(&lower).unwrap_or(EchoErrorKind::Other), Some(sender)));
    }
    let kind = windows_words(line)?;
    // The General failure and its like have no sender.
    Some((kind, first_address(line)))
}

/// Who sent the error in a line of iputils, in any language: a word, an address, the number of the request, and no TTL
/// (`来自 20.1.0.10 icmp_seq=1 目标主机不可达`, as it was published).
fn error_sender(line: &str) -> Option<IpAddr> {
    let mut words = line.split_whitespace();
    let (first, sender, sequence) = (words.next()?, words.next()?, words.next()?);
    let numbered = sequence.starts_with("icmp_seq=") && !line.to_lowercase().contains("ttl=");
    (numbered && text::address(first).is_none())
        .then(|| text::address(sender))
        .flatten()
}

fn unix_kind(lower: &str) -> Option<EchoErrorKind> {
    // The Chinese and German words after the translations of iputils.
    const WORDS: [(&str, EchoErrorKind); 28] = [
        ("主机不可达", EchoErrorKind::HostUnreachable),
        ("端口不可达", EchoErrorKind::PortUnreachable),
        ("网络不可达", EchoErrorKind::NetUnreachable),
        ("网不可达", EchoErrorKind::NetUnreachable),
        ("禁止", EchoErrorKind::Prohibited),
        ("过滤", EchoErrorKind::Prohibited),
        ("生存时间", EchoErrorKind::TtlExceeded),
        ("zielhost ist nicht erreichbar", EchoErrorKind::HostUnreachable),
        ("zielnetz ist nicht erreichbar", EchoErrorKind::NetUnreachable),
        ("zielport ist nicht erreichbar", EchoErrorKind::PortUnreachable),
        ("prohibited", EchoErrorKind::Prohibited),
        ("packet filtered", EchoErrorKind::Prohibited),
        ("host unreachable", EchoErrorKind::HostUnreachable),
        ("address unreachable", EchoErrorKind::HostUnreachable),
        ("host unknown", EchoErrorKind::HostUnreachable),
        ("net unreachable", EchoErrorKind::NetUnreachable),
        ("network unreachable", EchoErrorKind::NetUnreachable),
        ("no route", EchoErrorKind::NetUnreachable),
        ("net unknown", EchoErrorKind::NetUnreachable),
        ("port unreachable", EchoErrorKind::PortUnreachable),
        ("frag needed", EchoErrorKind::TooBig),
        ("packet too big", EchoErrorKind::TooBig),
        ("time to live exceeded", EchoErrorKind::TtlExceeded),
        ("time exceeded", EchoErrorKind::TtlExceeded),
        ("hop limit", EchoErrorKind::TtlExceeded),
        ("protocol unreachable", EchoErrorKind::Other),
        ("source route failed", EchoErrorKind::Other),
        ("unreachable", EchoErrorKind::HostUnreachable),
    ];
    WORDS
        .iter()
        .find(|(word, _)| lower.contains(word))
        .map(|(_, kind)| *kind)
}

/// The words of Windows for what is no reply, in English, Chinese and German.
fn windows_words(line: &str) -> Option<EchoErrorKind> {
    const WORDS: [(&str, EchoErrorKind); 31] = [
        ("destination host unreachable", EchoErrorKind::HostUnreachable),
        ("无法访问目标主机", EchoErrorKind::HostUnreachable),
        ("目标主机无法访问", EchoErrorKind::HostUnreachable),
        ("目的地主機無法連線", EchoErrorKind::HostUnreachable),
        ("zielhost nicht erreichbar", EchoErrorKind::HostUnreachable),
        ("destination net unreachable", EchoErrorKind::NetUnreachable),
        ("无法访问目标网", EchoErrorKind::NetUnreachable),
        ("目标网无法访问", EchoErrorKind::NetUnreachable),
        ("zielnetz nicht erreichbar", EchoErrorKind::NetUnreachable),
        ("destination port unreachable", EchoErrorKind::PortUnreachable),
        ("无法访问目标端口", EchoErrorKind::PortUnreachable),
        ("目标端口无法访问", EchoErrorKind::PortUnreachable),
        ("zielport nicht erreichbar", EchoErrorKind::PortUnreachable),
        ("destination prohibited", EchoErrorKind::Prohibited),
        ("communication prohibited", EchoErrorKind::Prohibited),
        ("packet needs to be fragmented but df set", EchoErrorKind::TooBig),
        ("需要拆分数据包但是设置 df", EchoErrorKind::TooBig),
        ("需要拆分数据包", EchoErrorKind::TooBig),
        ("paket müsste fragmentiert werden", EchoErrorKind::TooBig),
        ("ttl expired", EchoErrorKind::TtlExceeded),
        ("ttl 传输中过期", EchoErrorKind::TtlExceeded),
        ("ttl 在传输中过期", EchoErrorKind::TtlExceeded),
        ("gültigkeitsdauer wurde", EchoErrorKind::TtlExceeded),
        ("general failure", EchoErrorKind::NotPermitted),
        ("一般故障", EchoErrorKind::NotPermitted),
        ("常见故障", EchoErrorKind::NotPermitted),
        ("常规故障", EchoErrorKind::NotPermitted),
        ("allgemeiner fehler", EchoErrorKind::NotPermitted),
        ("transmit failed", EchoErrorKind::NotPermitted),
        ("传输失败", EchoErrorKind::NotPermitted),
        ("hardware error", EchoErrorKind::AdapterGone),
    ];
    let lower = line.to_lowercase();
    // iputils says "Destination Host Unreachable" too; its lines begin with "From".
    if line.starts_with("From ") {
        return None;
    }
    WORDS
        .iter()
        .find(|(word, _)| lower.contains(word))
        .map(|(_, kind)| *kind)
}

/// What this machine's own system refused.
fn own_error(line: &str) -> Option<EchoErrorKind> {
    let lower = line.to_lowercase();
    let sending = ["sendmsg:", "sendto:", "connect:", "local error", "sendmsg "]
        .iter()
        .any(|word| lower.contains(word));
    let opening =
        lower.contains("socket") || lower.contains("are you root") || lower.contains("lacking privilege");
    if opening && (lower.contains("permi") || lower.contains("privilege")) {
        return Some(EchoErrorKind::NoRights);
    }
    if !sending {
        return None;
    }
    // Those of musl have fewer words, those of glibc speak the user's language.
    const WORDS: [(&str, EchoErrorKind); 18] = [
        ("operation not permitted", EchoErrorKind::NotPermitted),
        ("permission denied", EchoErrorKind::NotPermitted),
        ("不允许的操作", EchoErrorKind::NotPermitted),
        ("die operation ist nicht erlaubt", EchoErrorKind::NotPermitted),
        ("network unreachable", EchoErrorKind::NoRoute),
        ("网络不可达", EchoErrorKind::NoRoute),
        ("das netzwerk ist nicht erreichbar", EchoErrorKind::NoRoute),
        ("host is unreachable", EchoErrorKind::NoRoute),
        ("没有到主机的路由", EchoErrorKind::NoRoute),
        ("network is unreachable", EchoErrorKind::NoRoute),
        ("no route to host", EchoErrorKind::NoRoute),
        ("can't assign requested address", EchoErrorKind::NoRoute),
        ("cannot assign requested address", EchoErrorKind::NoRoute),
        ("host is down", EchoErrorKind::HostUnreachable),
        ("message too long", EchoErrorKind::TooBig),
        ("no buffer space", EchoErrorKind::NoBuffer),
        ("network is down", EchoErrorKind::AdapterGone),
        ("no such device", EchoErrorKind::AdapterGone),
    ];
    let known = WORDS
        .iter()
        .find(|(word, _)| lower.contains(word))
        .map(|(_, kind)| *kind);
    Some(known.unwrap_or(EchoErrorKind::Other))
}

/// Why the name could not be looked up.
fn name_error(line: &str) -> Option<NameOutcome> {
    let lower = line.to_lowercase();
    if !lower.contains("ping") && !lower.contains("host") {
        return None;
    }
    const UNKNOWN: [&str; 11] = [
        "name or service not known",
        "未知的名称或服务",
        "der name oder der dienst ist nicht bekannt",
        "unknown host",
        "could not find host",
        "找不到主机",
        "konnte host",
        "bad address '",
        "no address associated with hostname",
        "nodename nor servname",
        "name does not resolve",
    ];
    const LATER: [&str; 3] = [
        "temporary failure in name resolution",
        "域名解析暂时失败",
        "temporärer fehler bei der namensauflösung",
    ];
    if LATER.iter().any(|words| lower.contains(words)) {
        return Some(NameOutcome::TimedOut);
    }
    UNKNOWN
        .iter()
        .any(|words| lower.contains(words))
        .then_some(NameOutcome::NoSuchName)
}

/// The name in `ping: NAME: Name or service not known` and its like.
fn name_in_error(line: &str) -> Option<String> {
    let quoted = line
        .split(['\'', '"', '“', '”'])
        .nth(1)
        .filter(|_| line.contains(['\'', '"', '“']));
    let word = quoted.or_else(|| {
        line.split_whitespace()
            .map(|word| word.trim_matches([':', '。', ',', ';']))
            .map(|word| word.strip_suffix('.').unwrap_or(word))
            .filter(|word| *word != "ping" && word.contains('.'))
            .find(|word| {
                word.chars()
                    .all(|c| c.is_ascii_alphanumeric() || "-._".contains(c))
            })
    })?;
    (!word.is_empty() && word.len() < 256).then(|| word.to_owned())
}

type Told = (Option<IpAddr>, Option<String>, ProbeResult);

/// The probes that a run is worth; `None` when nothing was understood.
fn finish(mut run: Run, call: &Call, single: bool, text: &str) -> Option<Vec<Told>> {
    if single && run.to.is_none() {
        let target = target(call);
        run.to = target.as_deref().and_then(text::address);
        if run.to.is_none() {
            run.name = run.name.take().or(target);
        }
    }
    // Replies and counts without a word on whose they are tell nothing.
    if run.to.is_none() && run.name.is_none() && run.echo.errors.is_empty() {
        return None;
    }
    if let Some(outcome) = run.lookup {
        let name = run.name?;
        let result = NameResult {
            name: name.clone(),
            server: None,
            outcome,
            addresses: Vec::new(),
            time_us: None,
        };
        return Some(vec![(None, Some(name), ProbeResult::Name(result))]);
    }
    let windows_like = text.contains('=') && call.args.iter().any(|word| word.starts_with('/'));
    let echo = &mut run.echo;
    let errors: u32 = echo
        .errors
        .iter()
        .map(|error| error.count)
        .fold(0, u32::saturating_add);
    let seen = echo.received.saturating_add(errors).saturating_add(run.timeouts);
    echo.sent = match run.told {
        Some((sent, received)) => {
            // `ping -q` prints the statistics alone.
            if seen == 0 {
                echo.received = received.min(sent);
            }
            sent
        }
        None => seen.max(run.last_sequence.min(1_000_000)),
    };
    if echo.sent == 0 {
        // The system refused before the first packet.
        echo.sent = errors;
    }
    if echo.sent == 0 {
        // A heading alone: the text was cut off, or nothing came back yet.
        let limit = call.after("-c").or_else(|| call.after("-n"));
        let limit = limit.and_then(|count| count.parse::<u32>().ok());
        let nothing = run.to.is_none() || !text.contains("PING");
        if nothing || limit.is_none_or(|count| count == 0 || count > 1_000_000) {
            return None;
        }
        echo.sent = limit.unwrap_or(0);
    }
    options(echo, call, run.size, windows_like);
    let mut probes = vec![(run.to, run.name.clone(), ProbeResult::Echo(run.echo.clone()))];
    let header = if run.to.is_some_and(|to| to.is_ipv6()) {
        48
    } else {
        28
    };
    let whole = run.echo.size.or(run.size).map(|size| size.saturating_add(header));
    if run.echo.unfragmentable && run.echo.size.is_some() {
        run.path.passed = whole.filter(|_| run.echo.received > 0);
        run.path.failed = whole.filter(|_| run.echo.received == 0);
    }
    if run.path != PathMtu::default() {
        probes.push((run.to, run.name, ProbeResult::PathMtu(run.path)));
    }
    Some(probes)
}

/// What the command line asks for beyond the usual.
fn options(echo: &mut EchoResult, call: &Call, heading_size: Option<u32>, windows_like: bool) {
    let windows = heading_size == Some(32) || call.after("-l").is_some() || windows_like || call.has("/f");
    let size = heading_size
        .or_else(|| call.after("-s").and_then(|size| size.parse().ok()))
        .or_else(|| call.after("-l").and_then(|size| size.parse().ok()));
    let usual = [32, 56];
    echo.size = size.filter(|size| !usual.contains(size));
    let dont = call
        .after("-M")
        .is_some_and(|mode| ["do", "probe"].contains(&mode));
    echo.unfragmentable =
        dont || call.args.iter().any(|word| word == "-D") || (windows && (call.has("-f") || call.has("/f")));
    let chosen = call
        .args
        .iter()
        .position(|word| word == "-I" || word == "-S")
        .and_then(|at| call.args.get(at + 1))
        .and_then(|word| text::address(word));
    echo.source = chosen.or(echo.source);
}

/// The target on the command line: the last word that is no option and no option's value.
fn target(call: &Call) -> Option<String> {
    const VALUED: [&str; 19] = [
        "-c", "-n", "-i", "-I", "-s", "-l", "-w", "-W", "-t", "-M", "-S", "-Q", "-p", "-m", "-r", "-v", "-k",
        "-g", "-b",
    ];
    let mut found = None;
    let mut skip = false;
    for (at, word) in call.args.iter().enumerate() {
        if skip {
            skip = false;
            continue;
        }
        if word.starts_with('-') || word.starts_with('/') {
            // Windows `-t` and Linux `-n`, `-b`, `-r`, `-v` take no value: only a number counts as one.
            let next = call.args.get(at + 1);
            let valued = VALUED.contains(&word.as_str());
            let is_value = |next: &String| {
                text::address(next).is_none()
                    || matches!(word.as_str(), "-I" | "-S")
                    || next.parse::<u32>().is_ok()
            };
            let last = at + 2 == call.args.len() && found.is_none();
            skip = valued
                && next.is_some_and(is_value)
                && !(last && next.is_some_and(|next| next.parse::<f64>().is_err()));
            continue;
        }
        found = Some(word.clone());
    }
    found
}

/// Reads PowerShell's `Test-Connection`: a table with a row for each reply.
pub fn test_connection(text: &str, case: &mut Case, on: Place, command: &str) {
    let call = command::call(command);
    let target = call
        .after("-ComputerName")
        .or_else(|| call.after("-TargetName"))
        .or_else(|| call.words().next())
        .map(str::to_owned);
    let to = target.as_deref().and_then(text::address);
    let mut echo = EchoResult::default();
    let rows = text::powershell_rows(text);
    for row in &rows {
        let status = text::text_of(row, "Status").unwrap_or_default();
        let time = ["Time(ms)", "Latency(ms)", "Latency", "ResponseTime"]
            .iter()
            .find_map(|key| text::number_of(row, key));
        echo.sent += 1;
        if (status.is_empty() && time.is_some()) || status == "Success" {
            echo.received += 1;
            echo.times_us.extend(time.and_then(|time| time.checked_mul(1000)));
            echo.resolution_us = Some(1000);
        } else if status.contains("Unreachable") {
            add_error(&mut echo, EchoErrorKind::HostUnreachable, None);
        }
    }
    let lower = text.to_lowercase();
    match lower.trim() {
        "true" => (echo.sent, echo.received) = (1, 1),
        "false" => (echo.sent, echo.received) = (1, 0),
        _ if rows.is_empty() && lower.contains("failed") => echo.sent = 1,
        _ => {}
    }
    if echo.sent > 0 {
        case.probes.push(Probe {
            from: on,
            to,
            name: target.filter(|_| to.is_none()),
            result: ProbeResult::Echo(echo),
            source: source(command),
            at_ms: None,
        });
    }
}
