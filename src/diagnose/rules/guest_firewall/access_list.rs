//! `access-list-refuses`: the service or its guard turns this one visitor away: TCP wrappers, fail2ban, rules of sshd.

use super::super::prelude::*;
use crate::model::Refusal;

rule!("access-list-refuses", GuestFirewall, Guest, Stops, follows_from: ["vm-not-running"], look_alikes: ["guest-firewall-rejects", "guest-firewall-blocks-inbound", "service-not-listening"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    if !matches!(s.to, Endpoint::Guest | Endpoint::Guest2) {
        return None;
    }
    let seen = s.asked_seen()?;
    let port = s.case.intake.port;
    let outcome = seen.tcp(port.unwrap_or(22));
    let turned_away = matches!(
        outcome,
        Some(TcpOutcome::Reset | TcpOutcome::Refused | TcpOutcome::Prohibited | TcpOutcome::TimedOut)
    );
    if !turned_away {
        return None;
    }
    if let Some((row, source)) = refusal(s) {
        return Some(
            Found::new(Confidence::Confirmed)
                .arg("by", &row.by)
                .arg(
                    "who",
                    visitor(s).map_or_else(|| "?".to_owned(), |who| who.to_string()),
                )
                .fact("fact-refusal", &row.words, source)
                .facts(seen_facts(&seen)),
        );
    }
    // The connection was made and closed at once: no filter does that, the service itself does. A port forward would
    // have accepted in the guest's place.
    let closed = outcome == Some(TcpOutcome::Reset) && s.is_direct();
    closed.then(|| {
        Found::new(Confidence::Likely)
            .arg("by", s.machine_name())
            .arg(
                "who",
                visitor(s).map_or_else(|| "?".to_owned(), |who| who.to_string()),
            )
            .facts(seen_facts(&seen))
    })
}

/// The address that the guest sees the visitor under.
fn visitor(s: &Situation<'_>) -> Option<IpAddr> {
    inside::peer(s)
}

/// The entry that turns this visitor away from this service.
fn refusal<'a>(s: &Situation<'a>) -> Option<(&'a Refusal, &'a str)> {
    let who = visitor(s)?;
    let system = s.case.system(s.to.place()?)?;
    let port = s.case.intake.port.unwrap_or(22);
    let fits = |row: &&Refusal| {
        row.who.is_none_or(|net| net.contains(&who))
            && row.service.as_deref().is_none_or(|name| serves(name, port))
    };
    let rows = system.refusals.rows();
    // `hosts.allow` is asked first, and whom it lets in is not looked for in `hosts.deny`.
    let let_in = rows.iter().filter(|row| lets_in(row)).any(|row| fits(&row));
    let row = rows
        .iter()
        .filter(|row| !(lets_in(row) || let_in && row.by.ends_with("/hosts.deny")))
        .find(fits)?;
    Some((row, system.refusals.source()))
}

/// Whether a row is one of `hosts.allow` without the option that turns it round (hosts_options(5)).
fn lets_in(row: &Refusal) -> bool {
    row.by.ends_with("/hosts.allow") && !row.words.to_ascii_lowercase().contains("deny")
}

/// Whether a service of this name is behind the port; names that tell no port are taken to be.
fn serves(name: &str, port: u16) -> bool {
    const NAMES: [(&str, &[u16]); 8] = [
        ("ssh", &[22, 2222]),
        ("ftp", &[21]),
        ("telnet", &[23]),
        ("smtp", &[25, 465, 587]),
        ("postfix", &[25, 465, 587]),
        ("nginx", &[80, 443]),
        ("apache", &[80, 443]),
        ("mysqld", &[3306]),
    ];
    let name = name.to_ascii_lowercase();
    NAMES
        .iter()
        .find(|(word, _)| name.contains(word))
        .is_none_or(|(_, ports)| ports.contains(&port))
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let who = visitor(s).unwrap_or_else(|| IpAddr::from([192, 0, 2, 1]));
    let found = refusal(s);
    let by = found.map_or("", |(row, _)| row.by.as_str());
    let service = found
        .and_then(|(row, _)| row.service.clone())
        .unwrap_or_else(|| "sshd".to_owned());
    let os = guest_os(s);
    let mut ways = Vec::new();
    if os == Os::Windows {
        return vec![remedy::ask(
            Where::Guest,
            Message::new("remedy-access-ask").with("address", who),
        )];
    }
    if by.is_empty() || by.starts_with("fail2ban") {
        let jail = by.strip_prefix("fail2ban ").unwrap_or("sshd");
        ways.extend(remedy::unban(jail, who));
    }
    if by.is_empty() || by.contains("hosts.deny") || by == "sshd" {
        ways.extend(remedy::hosts_allow(os, &service, who));
    }
    ways.push(remedy::ask(
        Where::Guest,
        Message::new("remedy-access-ask").with("address", who),
    ));
    ways
}
