//! Who turns visitors away: `hosts.deny`, `hosts.allow`, `fail2ban-client status`, and lines of logs.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::model::{Case, Fact, Place, Refusal};
use crate::parse::command::{self, Call};
use crate::parse::text::{address, mask_length, source};

/// Most refusals that are kept.
const MAX_ROWS: usize = 5000;

/// Whether the call prints a list of TCP wrappers.
pub fn is_wrappers(call: &Call) -> bool {
    call.file()
        .is_some_and(|path| path.ends_with("/hosts.deny") || path.ends_with("/hosts.allow"))
}

/// Reads `hosts.deny` or `hosts.allow` (hosts_access(5)).
pub fn wrappers(text: &str, case: &mut Case, on: Place, command: &str) {
    let by = command::call(command)
        .file()
        .unwrap_or_else(|| "/etc/hosts.deny".to_owned());
    let mut rows = Vec::new();
    for line in text.lines() {
        let line = line.split('#').next().unwrap_or_default().trim();
        // Exceptions would have to be followed into the list behind them.
        let Some((daemons, rest)) = line.split_once(':') else {
            continue;
        };
        if line.contains("EXCEPT") {
            continue;
        }
        let (clients, option) = split_option(rest);
        if option.contains("allow") && by.ends_with("deny") {
            continue;
        }
        for daemon in list(daemons) {
            let service = (daemon != "ALL").then(|| daemon.to_owned());
            for client in list(clients) {
                let who = match client {
                    "ALL" => None,
                    word => match pattern(word) {
                        Some(net) => Some(net),
                        None => continue,
                    },
                };
                rows.push(Refusal {
                    by: by.clone(),
                    service: service.clone(),
                    who,
                    words: line.to_owned(),
                });
            }
        }
    }
    keep(case, on, rows, |row| row.by == by, command);
}

fn list(words: &str) -> impl Iterator<Item = &str> {
    words
        .split(|c: char| c.is_whitespace() || c == ',')
        .filter(|word| !word.is_empty())
}

/// Clients and the option behind them; colons of IPv6 addresses stand in brackets.
fn split_option(rest: &str) -> (&str, &str) {
    match rest.rfind(']') {
        Some(at) => rest.split_at(at + 1),
        None => rest.split_once(':').unwrap_or((rest, "")),
    }
}

/// `192.168.122.`, `192.168.122.0/255.255.255.0`, `192.168.122.0/24`, `[fe80::]/10`, an address.
fn pattern(word: &str) -> Option<IpNet> {
    if let Some(head) = word.strip_suffix('.') {
        let bytes: Vec<u8> = head.split('.').map(str::parse).collect::<Result<_, _>>().ok()?;
        if bytes.is_empty() || bytes.len() > 3 {
            return None;
        }
        let length = (bytes.len() * 8) as u8;
        let byte = |at: usize| bytes.get(at).copied().unwrap_or(0);
        return IpNet::new(IpAddr::from([byte(0), byte(1), byte(2), 0]), length).ok();
    }
    match word.split_once('/') {
        Some((base, length)) => {
            let base = address(base)?;
            let length = length.parse().ok().or_else(|| mask_length(length))?;
            IpNet::new(base, length).ok().map(|net| net.trunc())
        }
        None => address(word).map(IpNet::from),
    }
}

/// Whether the line is one of `fail2ban-client status JAIL`.
pub fn is_ban_line(line: &str) -> bool {
    line.starts_with("Status for the jail: ") || line.contains("Banned IP list:")
}

/// Reads `fail2ban-client status JAIL`.
pub fn bans(text: &str, case: &mut Case, on: Place, command: &str) {
    let mut jail = command::call(command).words().nth(1).unwrap_or("sshd").to_owned();
    let mut rows = Vec::new();
    let mut jails = Vec::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("Status for the jail: ") {
            name.trim().clone_into(&mut jail);
            jails.push(format!("fail2ban {jail}"));
        } else if let Some((_, list)) = line.split_once("Banned IP list:") {
            rows.extend(list.split_whitespace().filter_map(address).map(|who| Refusal {
                by: format!("fail2ban {jail}"),
                service: (jail != "recidive").then(|| jail.clone()),
                who: Some(IpNet::from(who)),
                words: format!("{jail}: banned {who}"),
            }));
        }
    }
    keep(case, on, rows, |row| jails.contains(&row.by), command);
}

/// Whether the call prints a log.
pub fn is_log(call: &Call) -> bool {
    call.is(&["journalctl", "dmesg", "logread"])
        || call.file().is_some_and(|path| path.starts_with("/var/log/"))
}

/// Whether the line is one of a log that turns somebody away.
pub fn is_log_line(line: &str) -> bool {
    refused(line).is_some()
}

/// The refusal that a line of a log tells, or `Err` with whom it forgives.
fn refused(line: &str) -> Option<Result<Refusal, (String, IpAddr)>> {
    if line.len() > 2000 {
        return None;
    }
    let after = |mark: &str| {
        let (_, rest) = line.split_once(mark)?;
        address(rest.split_whitespace().next()?.split("]:").next()?)
    };
    let by = |by: &str, service: &str, who: IpAddr| {
        Some(Ok(Refusal {
            by: by.to_owned(),
            service: Some(service.to_owned()),
            who: Some(IpNet::from(who)),
            words: line.trim().chars().take(300).collect(),
        }))
    };
    if let Some(who) = after("refused connect from ") {
        // TCP wrappers name the visitor twice: `refused connect from 10.0.0.1 (10.0.0.1)`.
        let program = line.split_once("refused connect").map_or("", |(head, _)| head);
        let program = program
            .trim_end_matches([':', ' '])
            .split('[')
            .next()
            .unwrap_or_default();
        let service = program
            .rsplit([' ', '/'])
            .next()
            .filter(|word| !word.is_empty())
            .unwrap_or("sshd");
        return by("/etc/hosts.deny", service, who);
    }
    let sshd = line.contains("sshd");
    if sshd
        && (line.contains("drop connection")
            || line.contains("penalty:")
            || line.contains("past MaxStartups"))
    {
        return by("sshd", "sshd", after(" from [").or_else(|| after(" from "))?);
    }
    if line.contains("fail2ban") && line.contains('[') {
        let jail = |mark: &str| {
            let (head, rest) = line.split_once(mark)?;
            let jail = head.rsplit('[').next()?.to_owned();
            Some((jail, address(rest.split_whitespace().next()?)?))
        };
        if let Some((jail, who)) = jail("] Unban ") {
            return Some(Err((format!("fail2ban {jail}"), who)));
        }
        let (jail, who) = jail("] Ban ")?;
        return by(&format!("fail2ban {jail}"), &jail, who);
    }
    None
}

/// Reads a log: who is turned away, and what DHCP clients say.
pub fn log(text: &str, case: &mut Case, on: Place, command: &str) {
    let mut rows: Vec<Refusal> = Vec::new();
    for line in text.lines() {
        match refused(line) {
            Some(Ok(row)) => {
                let again = |known: &Refusal| known.by == row.by && known.who == row.who;
                if !rows.iter().any(again) && rows.len() < MAX_ROWS {
                    rows.push(row);
                }
            }
            Some(Err((by, who))) => rows.retain(|row| row.by != by || row.who != Some(IpNet::from(who))),
            None => {}
        }
    }
    // `Nov 22 10:00:00 web01 dhclient[412]: No DHCPOFFERS received.`
    let said: String = text
        .lines()
        .filter(|line| {
            ["dhclient", "dhcpcd", "udhcpc"]
                .iter()
                .any(|word| line.contains(word))
        })
        .filter_map(|line| line.split_once("]: ").map(|(_, rest)| format!("{rest}\n")))
        .collect();
    if !said.is_empty() {
        crate::parse::probes::dhcp_client(&said, case, on, command);
    }
    if !rows.is_empty() {
        keep(case, on, rows, |_| false, command);
    }
}

/// Puts rows in the place of those that they replace.
fn keep(case: &mut Case, on: Place, rows: Vec<Refusal>, replaced: impl Fn(&Refusal) -> bool, command: &str) {
    let Some(system) = case.system_mut(on) else { return };
    let all = system.refusals.fill("");
    all.retain(|row| !replaced(row));
    all.extend(rows);
    all.truncate(MAX_ROWS);
    if let Fact::Known(_, told) = &mut system.refusals {
        *told = source(command);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_networks() {
        for (word, net) in [
            ("192.168.122.", Some("192.168.122.0/24")),
            ("10.", Some("10.0.0.0/8")),
            ("192.168.122.0/255.255.255.0", Some("192.168.122.0/24")),
            ("192.168.122.1", Some("192.168.122.1/32")),
            (".example.com", None),
            ("1.2.3.4.", None),
        ] {
            assert_eq!(pattern(word).map(|net| net.to_string()).as_deref(), net, "{word}");
        }
    }

    #[test]
    fn a_log_tells_who_is_turned_away_and_who_is_forgiven() {
        let text = "Nov 22 10:00:01 web01 sshd[812]: refused connect from 192.168.122.1 (192.168.122.1)\n\
            2026-11-22 10:00:02,100 fail2ban.actions [55]: NOTICE [sshd] Ban 10.0.0.9\n\
            2026-11-22 10:09:02,100 fail2ban.actions [55]: NOTICE [sshd] Unban 10.0.0.9\n\
            Nov 22 10:00:03 web01 sshd[900]: drop connection #3 from [192.168.122.7]:50000 on [192.168.122.11]:22 penalty: failed authentication\n";
        let mut case = Case::default();
        log(text, &mut case, Place::Guest, "journalctl -u ssh");
        let rows: Vec<String> = case
            .guest
            .refusals
            .rows()
            .iter()
            .map(|row| {
                format!(
                    "{} {:?} {}",
                    row.by,
                    row.service,
                    row.who.map_or_else(String::new, |net| net.to_string())
                )
            })
            .collect();
        assert_eq!(
            rows,
            [
                "/etc/hosts.deny Some(\"sshd\") 192.168.122.1/32",
                "sshd Some(\"sshd\") 192.168.122.7/32"
            ]
        );
    }
}
