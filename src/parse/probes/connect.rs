//! TCP tests: `nc -zv`, `telnet`, `curl`, `ssh`, `Test-NetConnection`.

use std::net::IpAddr;

use crate::model::{
    Case, EchoError, EchoErrorKind, EchoResult, NameOutcome, NameResult, Place, Probe, ProbeResult,
    TcpOutcome, WebProxy,
};
use crate::parse::command::{self, Call};
use crate::parse::text::{self, key_value, source};
use crate::parse::unix::proxies;

/// A connect as far as it was told.
#[derive(Default)]
struct Told {
    to: Option<IpAddr>,
    name: Option<String>,
    port: Option<u16>,
    outcome: Option<TcpOutcome>,
}

/// What the system's words for a failed connect mean.
fn outcome_of(words: &str) -> Option<TcpOutcome> {
    // Beside the English words those of glibc's translations and of Windows, and those of musl.
    const WORDS: [(&str, TcpOutcome); 42] = [
        ("verbindungsaufbau abgelehnt", TcpOutcome::Refused),
        ("keine route zum zielrechner", TcpOutcome::HostUnreachable),
        ("das netzwerk ist nicht erreichbar", TcpOutcome::NetUnreachable),
        (
            "die wartezeit für die verbindung ist abgelaufen",
            TcpOutcome::TimedOut,
        ),
        ("die operation ist jetzt in bearbeitung", TcpOutcome::TimedOut),
        ("die operation ist nicht erlaubt", TcpOutcome::NotPermitted),
        ("keine berechtigung", TcpOutcome::NotPermitted),
        ("kommunikationspartner zurückgesetzt", TcpOutcome::Reset),
        ("操作现在正在进行", TcpOutcome::TimedOut),
        ("不允许的操作", TcpOutcome::NotPermitted),
        ("权限不够", TcpOutcome::NotPermitted),
        ("连接被对方重", TcpOutcome::Reset),
        ("无法访问目标主机", TcpOutcome::HostUnreachable),
        ("主机不可达", TcpOutcome::HostUnreachable),
        ("host is unreachable", TcpOutcome::HostUnreachable),
        ("network unreachable", TcpOutcome::NetUnreachable),
        ("refused", TcpOutcome::Refused),
        ("积极拒绝", TcpOutcome::Refused),
        ("拒绝连接", TcpOutcome::Refused),
        ("verweigert", TcpOutcome::Refused),
        ("no route to host", TcpOutcome::HostUnreachable),
        ("host is down", TcpOutcome::HostUnreachable),
        ("没有到主机的路由", TcpOutcome::HostUnreachable),
        ("network is unreachable", TcpOutcome::NetUnreachable),
        ("网络不可达", TcpOutcome::NetUnreachable),
        ("prohibited", TcpOutcome::Prohibited),
        ("operation not permitted", TcpOutcome::NotPermitted),
        ("permission denied", TcpOutcome::NotPermitted),
        ("reset by peer", TcpOutcome::Reset),
        ("timed out", TcpOutcome::TimedOut),
        ("timeout", TcpOutcome::TimedOut),
        ("timed-out", TcpOutcome::TimedOut),
        ("连接超时", TcpOutcome::TimedOut),
        ("zeitüberschreitung", TcpOutcome::TimedOut),
        ("operation now in progress", TcpOutcome::TimedOut),
        ("connect failed", TcpOutcome::Other),
        ("连接失败", TcpOutcome::Other),
        ("连接到主机失败", TcpOutcome::Other),
        ("verbinden fehlgeschlagen", TcpOutcome::Other),
        ("无法打开到主机的连接", TcpOutcome::Other),
        (
            "konnte keine verbindung mit dem host hergestellt",
            TcpOutcome::Other,
        ),
        ("can't connect", TcpOutcome::Other),
    ];
    let lower = words.to_lowercase();
    WORDS
        .iter()
        .find(|(word, _)| lower.contains(word))
        .map(|(_, outcome)| *outcome)
}

/// Why a name was not resolved before the connect.
fn name_outcome(words: &str) -> Option<NameOutcome> {
    let lower = words.to_lowercase();
    const LATER: [&str; 3] = [
        "temporary failure in name resolution",
        "域名解析暂时失败",
        "temporärer fehler bei der namensauflösung",
    ];
    if LATER.iter().any(|words| lower.contains(words)) {
        return Some(NameOutcome::TimedOut);
    }
    const WORDS: [&str; 9] = [
        "未知的名称或服务",
        "der name oder der dienst ist nicht bekannt",
        "could not resolve host",
        "could not resolve proxy",
        "name or service not known",
        "nodename nor servname",
        "unknown host",
        "name resolution of",
        "bad address",
    ];
    WORDS
        .iter()
        .any(|word| lower.contains(word))
        .then_some(NameOutcome::NoSuchName)
}

/// Whether the line is an answer of `nc` or `telnet`.
pub fn is_line(line: &str) -> bool {
    let line = line.trim();
    let starts = ["nc: connect", "Ncat: ", "netcat: ", "telnet: ", "Connection to "];
    (starts.iter().any(|word| line.starts_with(word))
        && (outcome_of(line).is_some() || line.contains("succeeded") || line.contains("Connected to")))
        || (line.starts_with("Trying ") && line.ends_with("..."))
        || (line.starts_with("Connecting To ") && line.contains("..."))
        // Windows' telnet in Chinese and German (after its own texts, not checked against a capture).
        || (["正在连接", "Verbindungsaufbau zu "].iter().any(|words| line.starts_with(words))
            && line.contains("...")
            && outcome_of(line).is_some())
}

/// Reads `nc`, `ncat` and `telnet`.
pub fn read(text: &str, case: &mut Case, on: Place, command: &str) {
    let call = command::call(command);
    let mut told = Told::default();
    let mut found: Vec<Told> = Vec::new();
    let mut resolved = None;
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if let Some(outcome) = name_outcome(line) {
            resolved = Some(outcome);
            continue;
        }
        let lower = line.to_lowercase();
        let connected = lower.contains("succeeded")
            || lower.contains("connected to")
            || lower.ends_with(" open")
            || lower.contains("escape character");
        let outcome = if connected {
            Some(TcpOutcome::Connected)
        } else {
            outcome_of(line)
        };
        let to = first_address_with_port(line);
        if let Some((address, _)) = to {
            told.to = Some(address);
        }
        let Some(outcome) = outcome else { continue };
        let port = to.and_then(|(_, port)| port).or_else(|| port_in(line));
        // Several ports (`nc -zv host 20-25`) print a line each.
        let same = |old: &Told| old.port == port.or(old.port) && old.to == told.to;
        match found.iter().position(same).and_then(|at| found.get_mut(at)) {
            // The first word counts: `Connected to …` before `Connection closed`.
            Some(old) if old.outcome == Some(TcpOutcome::Connected) => {}
            Some(old) => old.outcome = Some(outcome),
            None => found.push(Told {
                to: told.to,
                name: None,
                port,
                outcome: Some(outcome),
            }),
        }
        // As many ports as one command tests.
        found.truncate(1000);
    }
    let (host, port) = host_and_port(&call);
    // A telnet or nc that only says "Trying …" got no answer while it was watched.
    if found.is_empty() && resolved.is_none() && text.contains("Trying") {
        found.push(Told {
            to: told.to,
            outcome: Some(TcpOutcome::TimedOut),
            ..Told::default()
        });
    }
    finish(
        case,
        on,
        command,
        found,
        resolved,
        host,
        port.or(default_port(&call)),
    );
}

fn default_port(call: &Call) -> Option<u16> {
    call.is(&["telnet"]).then_some(23)
}

/// Host and port on the command line: the last words that are no option.
fn host_and_port(call: &Call) -> (Option<String>, Option<u16>) {
    const VALUED: [&str; 8] = ["-w", "-i", "-s", "-p", "-x", "-X", "-q", "-e"];
    // Also `-zvw 2`.
    let takes_value = |option: &str| VALUED.contains(&option) || (option.len() > 2 && option.ends_with('w'));
    let mut words = call.operands(takes_value);
    let host = words.next().map(str::to_owned);
    let port = words.next().and_then(|word| word.parse().ok());
    match host.as_deref().and_then(|host| host.rsplit_once(':')) {
        Some((name, digits)) if port.is_none() && !name.contains(':') => {
            (Some(name.to_owned()), digits.parse().ok())
        }
        _ => (host, port),
    }
}

/// The first address of a line, and the port behind a colon.
fn first_address_with_port(line: &str) -> Option<(IpAddr, Option<u16>)> {
    // Chinese words stand beside an address without a blank.
    line.split(|c: char| c.is_whitespace() || "()[],|".contains(c) || !c.is_ascii())
        .find_map(|word| {
            let word = word.trim_end_matches('.').trim_end_matches(':');
            if let Some(address) = text::address(word) {
                return Some((address, None));
            }
            let (address, port) = word.rsplit_once(':')?;
            Some((text::address(address)?, Some(port.parse().ok()?)))
        })
}

/// `port 22`, `10.0.0.5 22 port`, `[10.0.0.5] 22 (ssh)`.
fn port_in(line: &str) -> Option<u16> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let number = |at: usize| words.get(at)?.trim_matches([':', ',', '.']).parse().ok();
    if let Some(at) = words
        .iter()
        .position(|word| ["port", "端口"].contains(&word.to_lowercase().as_str()))
    {
        return number(at + 1).or_else(|| number(at.checked_sub(1)?));
    }
    let at = words.iter().position(|word| text::address(word).is_some())?;
    number(at + 1)
}

fn finish(
    case: &mut Case,
    on: Place,
    command: &str,
    found: Vec<Told>,
    resolved: Option<NameOutcome>,
    host: Option<String>,
    port: Option<u16>,
) {
    let typed = host.as_deref().and_then(text::address);
    let name = host.filter(|_| typed.is_none());
    if let (Some(outcome), Some(name)) = (resolved, &name) {
        case.probes.push(Probe {
            from: on,
            to: None,
            name: Some(name.clone()),
            result: ProbeResult::Name(NameResult {
                name: name.clone(),
                server: None,
                outcome,
                addresses: Vec::new(),
                time_us: None,
            }),
            source: source(command),
            at_ms: None,
        });
        return;
    }
    for told in found {
        let (Some(port), Some(outcome)) = (told.port.or(port), told.outcome) else {
            continue;
        };
        let to = told.to.or(typed);
        if to.is_none() && name.is_none() && told.name.is_none() {
            continue;
        }
        case.probes.push(Probe {
            from: on,
            to,
            name: told.name.or_else(|| name.clone()),
            result: ProbeResult::Tcp {
                port,
                outcome,
                time_us: None,
                by: None,
            },
            source: source(command),
            at_ms: None,
        });
    }
}

/// Whether the line is one of `curl -v` or of its errors.
pub fn is_curl_line(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("curl: (")
        || line.starts_with("* Connected to ")
        || (line.starts_with('*') && line.contains("Trying "))
        || (line.starts_with("* ") && line.contains("connect to "))
}

/// Reads `curl` and `wget`: any answer of a server is a connection.
pub fn curl(text: &str, case: &mut Case, on: Place, command: &str) {
    let call = command::call(command);
    let url = call
        .words()
        .find(|word| word.contains('.') || word.contains(':') || *word == "localhost");
    let (mut host, mut port) = url.map_or((None, None), of_url);
    let mut told = Told::default();
    let mut resolved = None;
    for line in text.lines().map(str::trim) {
        let from_tool = line.starts_with("curl: ") || line.starts_with('*') || call.is(&["wget"]);
        if !from_tool {
            continue;
        }
        let lower = line.to_lowercase();
        const CONNECTED: [&str; 4] = ["... connected.", "… verbunden.", "... verbunden.", "已连接。"];
        const ASKS: [&str; 5] = [
            "trying ",
            "connected to ",
            "connecting to ",
            "正在连接",
            "verbindungsaufbau zu ",
        ];
        if ASKS.iter().any(|words| lower.contains(words))
            && let Some((address, told_port)) = first_address_with_port(line)
        {
            told.to = Some(address);
            told.port = told_port.or_else(|| port_in(line)).or(told.port);
        }
        if lower.starts_with("* connected to ") || CONNECTED.iter().any(|words| lower.contains(words)) {
            told.outcome = Some(TcpOutcome::Connected);
        } else if let Some(outcome) = name_outcome(line) {
            resolved = Some(outcome);
            host = host.or_else(|| line.rsplit(": ").next().map(str::to_owned));
        } else if told.outcome != Some(TcpOutcome::Connected) || lower.contains("reset by peer") {
            const FAILS: [&str; 6] = [
                "fail",
                "timed out",
                "couldn't connect",
                "can't connect",
                "失败",
                "fehlgeschlagen",
            ];
            let fails = FAILS.iter().any(|words| lower.contains(words));
            if fails || call.is(&["wget"]) {
                // The last line repeats the first one in vaguer words ("Couldn't connect to server").
                told.outcome = outcome_of(line)
                    .or(told.outcome)
                    .or(fails.then_some(TcpOutcome::Other));
                told.port = port_in(line).or(told.port);
                told.to = first_address_with_port(line)
                    .map(|(address, _)| address)
                    .or(told.to);
            }
        }
    }
    let spoke = text.lines().any(|line| {
        let line = line.trim();
        !line.is_empty() && !line.starts_with("curl: ") && !line.starts_with('*') && !line.starts_with('%')
    });
    if told.outcome.is_none()
        && resolved.is_none()
        && spoke
        && call.is(&["curl"])
        && !text.contains("curl: (")
    {
        told.outcome = Some(TcpOutcome::Connected);
    }
    if let Some(proxy) = proxy_of(text, &call) {
        through_proxy(case, on, command, proxy, &told, resolved, host.as_deref(), port);
        return;
    }
    if told.to.is_some() && host.is_none() {
        host = told.to.map(|address| address.to_string());
        port = told.port;
    }
    if told.outcome.is_none() && told.to.is_some() && resolved.is_none() {
        told.outcome = Some(TcpOutcome::TimedOut);
    }
    finish(case, on, command, vec![told], resolved, host, port);
}

/// The proxy that `curl` says it goes through, or was told to.
fn proxy_of(text: &str, call: &Call) -> Option<(String, u16)> {
    let lines = || text.lines().map(str::trim);
    if let Some(url) = lines().find_map(|line| {
        let (_, rest) = line.split_once("proxy env variable ")?;
        rest.split('\'').nth(1)
    }) {
        return proxies::of_url(url);
    }
    let told = call.after("-x").or_else(|| call.after("--proxy"));
    if let Some(proxy) = told.and_then(proxies::of_url) {
        return Some(proxy);
    }
    let name = lines().find_map(|line| line.split_once("Could not resolve proxy: ").map(|(_, name)| name))?;
    proxies::of_url(name)
}

/// A request that went to a proxy: what came of reaching the proxy, and of the request.
#[expect(
    clippy::too_many_arguments,
    reason = "the parts of one line of a tool, each used once"
)]
fn through_proxy(
    case: &mut Case,
    on: Place,
    command: &str,
    proxy: (String, u16),
    told: &Told,
    resolved: Option<NameOutcome>,
    host: Option<&str>,
    port: Option<u16>,
) {
    let (proxy_host, proxy_port) = proxy;
    let row = WebProxy {
        holder: "curl".to_owned(),
        host: proxy_host.clone(),
        port: proxy_port,
    };
    proxies::add(case, on, row, command);
    let outcome = told.outcome.unwrap_or(TcpOutcome::TimedOut);
    let reached = Told {
        to: told.to,
        name: None,
        port: Some(proxy_port),
        outcome: Some(outcome),
    };
    finish(
        case,
        on,
        command,
        vec![reached],
        resolved,
        Some(proxy_host),
        Some(proxy_port),
    );
    if let (Some(host), Some(port)) = (host, port) {
        case.probes.push(Probe {
            from: on,
            to: None,
            name: Some(host.to_owned()),
            result: ProbeResult::Tcp {
                port,
                outcome,
                time_us: None,
                by: told.to,
            },
            source: source(command),
            at_ms: None,
        });
    }
}

/// Host and port of `http://host:8080/path`.
fn of_url(url: &str) -> (Option<String>, Option<u16>) {
    let (scheme, rest) = url.split_once("://").unwrap_or(("http", url));
    let authority = rest.split(['/', '?']).next().unwrap_or(rest);
    let authority = authority.rsplit('@').next().unwrap_or(authority);
    let usual = match scheme {
        "https" => 443,
        "ftp" => 21,
        "telnet" => 23,
        _ => 80,
    };
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !authority.ends_with(']') => (host, port.parse().ok()),
        _ => (authority, Some(usual)),
    };
    (
        Some(host.trim_matches(['[', ']']).to_owned()).filter(|host| !host.is_empty()),
        port,
    )
}

/// Whether the line is one of `ssh -v` or of its errors.
pub fn is_ssh_line(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("ssh: connect to host ")
        || line.starts_with("debug1: Connect")
        || line.starts_with("kex_exchange_identification: ")
        || line.starts_with("ssh: Could not resolve hostname")
}

/// Reads `ssh`: a question for a password or a refused key is a connection.
pub fn ssh(text: &str, case: &mut Case, on: Place, command: &str) {
    let call = command::call(command);
    const VALUED: [&str; 14] = [
        "-p", "-i", "-l", "-o", "-F", "-L", "-R", "-D", "-J", "-b", "-c", "-m", "-E", "-W",
    ];
    let host = call
        .operands(|option| VALUED.contains(&option))
        .next()
        .map(|word| word.rsplit('@').next().unwrap_or(word).to_owned());
    let mut told = Told::default();
    let mut resolved = None;
    for line in text.lines().map(str::trim) {
        let lower = line.to_lowercase();
        if lower.starts_with("debug1: connecting to ") || lower.starts_with("ssh: connect to host ") {
            told.to = first_address_with_port(line)
                .map(|(address, _)| address)
                .or(told.to);
            told.port = port_in(line).or(told.port);
        }
        const REACHED: [&str; 9] = [
            "debug1: connection established",
            "permission denied (",
            "host key verification failed",
            "authenticity of host",
            "'s password:",
            "last login:",
            "welcome to ",
            "remote host identification has changed",
            "too many authentication failures",
        ];
        if lower.contains("could not resolve hostname") {
            resolved = Some(name_outcome(line).unwrap_or(NameOutcome::Failed));
        } else if REACHED.iter().any(|words| lower.contains(words)) {
            told.outcome = Some(TcpOutcome::Connected);
        } else if lower.contains("kex_exchange_identification") || lower.contains("connection reset by") {
            told.outcome = Some(TcpOutcome::Reset);
        } else if lower.starts_with("ssh: connect to host") || lower.starts_with("debug1: connect to address")
        {
            told.outcome = outcome_of(line.rsplit(": ").next().unwrap_or(line)).or(told.outcome);
        }
    }
    let port = call.after("-p").and_then(|port| port.parse().ok()).unwrap_or(22);
    finish(case, on, command, vec![told], resolved, host, Some(port));
}

/// Whether the line stands in the answer of `Test-NetConnection`.
pub fn is_tnc_line(line: &str) -> bool {
    let line = line.trim_start();
    [
        "TcpTestSucceeded",
        "PingSucceeded",
        "RemotePort  ",
        "PingReplyDetails",
    ]
    .iter()
    .any(|key| line.starts_with(key))
        || line.starts_with("WARNING: TCP connect to")
        || line.starts_with("WARNING: Ping to")
}

/// Reads `Test-NetConnection`, which tests TCP when it is given a port and echo when not, or when TCP failed.
pub fn test_net_connection(text: &str, case: &mut Case, on: Place, command: &str) {
    let call = command::call(command);
    let (mut name, mut to, mut port) = (None, None, None);
    let (mut tcp, mut ping, mut rtt, mut status) = (None, None, None, String::new());
    for line in text.lines() {
        if let Some((_, words)) = line.split_once("failed with status:") {
            status = words.trim().to_owned();
        }
        let Some((key, value)) = key_value(line) else {
            continue;
        };
        let truth = || Some(value.eq_ignore_ascii_case("true")).filter(|_| !value.is_empty());
        match key {
            "ComputerName" => name = Some(value.to_owned()),
            "RemoteAddress" => to = text::address(value),
            "RemotePort" => port = value.parse::<u16>().ok(),
            "TcpTestSucceeded" => tcp = truth(),
            "PingSucceeded" => ping = truth(),
            "PingReplyDetails (RTT)" => {
                rtt = value
                    .split_whitespace()
                    .next()
                    .and_then(|ms| ms.parse::<u64>().ok())
            }
            _ => {}
        }
    }
    let typed = call.after("-ComputerName").or_else(|| call.words().next());
    name = name.or_else(|| typed.map(str::to_owned));
    to = to.or_else(|| name.as_deref().and_then(text::address));
    let port = port.or_else(|| call.after("-Port").and_then(|port| port.parse().ok()));
    let name = name.filter(|name| text::address(name).is_none());
    let mut push = |result| {
        case.probes.push(Probe {
            from: on,
            to,
            name: name.clone(),
            result,
            source: source(command),
            at_ms: None,
        });
    };
    if let (Some(port), Some(connected)) = (port, tcp) {
        push(ProbeResult::Tcp {
            port,
            // It does not say whether the connect was refused or not answered.
            outcome: if connected {
                TcpOutcome::Connected
            } else {
                TcpOutcome::Other
            },
            time_us: None,
            by: None,
        });
    }
    if let Some(replied) = ping {
        let kind = match status.as_str() {
            "DestinationHostUnreachable" => Some(EchoErrorKind::HostUnreachable),
            "DestinationNetworkUnreachable" => Some(EchoErrorKind::NetUnreachable),
            "TtlExpired" => Some(EchoErrorKind::TtlExceeded),
            _ => None,
        };
        push(ProbeResult::Echo(EchoResult {
            sent: 1,
            received: u32::from(replied),
            times_us: rtt
                .filter(|_| replied)
                .and_then(|ms| ms.checked_mul(1000))
                .into_iter()
                .collect(),
            resolution_us: Some(1000),
            errors: kind
                .filter(|_| !replied)
                .map(|kind| EchoError {
                    kind,
                    by: None,
                    count: 1,
                })
                .into_iter()
                .collect(),
            ..EchoResult::default()
        }));
    }
}
