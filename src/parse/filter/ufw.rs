//! ufw: `ufw status` in its three forms and `/etc/default/ufw`.

use super::{iptables, take, values};
use crate::model::{
    Case, Chain, ConnectionState, FilterAction, FilterBackend, FilterFamily, FilterManager, FilterMatch,
    FilterRule, Hook, MatchOn, Place,
};
use crate::parse::{complaint, merge};

/// A line that hardly stands in any other output.
pub fn is_line(line: &str) -> bool {
    let line = line.trim();
    matches!(
        line,
        "Status: active" | "Status: inactive" | "状态： 激活" | "状态：不活动" | "状态： 不活动"
    ) || (line.starts_with("Default: ") && line.contains("(incoming)"))
        || line.starts_with("New profiles: ")
        || row(line).is_some()
}

/// The direction of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    In,
    Out,
    Forward,
}

/// One rule as `ufw status` shows it.
#[derive(Debug)]
struct Row {
    v6: bool,
    way: Way,
    action: FilterAction,
    limited: bool,
    to: String,
    from: String,
    text: String,
}

/// `[ 4] Anywhere on enp3s0   ALLOW FWD   Anywhere on virbr0   # comment`
fn row(line: &str) -> Option<Row> {
    if !["ALLOW", "DENY", "REJECT", "LIMIT"]
        .iter()
        .any(|verb| line.contains(verb))
    {
        return None;
    }
    let text = line.trim();
    let line = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((number, rest)) if number.trim().parse::<u32>().is_ok() => rest.trim(),
        Some(_) => return None,
        None => text,
    };
    let line = line.split("  # ").next().unwrap_or(line);
    let cells: Vec<&str> = line
        .split("  ")
        .map(str::trim)
        .filter(|cell| !cell.is_empty())
        .collect();
    let [to, action, from, ..] = cells.as_slice() else {
        return None;
    };
    let mut words = action.split_whitespace();
    let verb = words.next()?;
    let way = match words.next() {
        None | Some("IN") => Way::In,
        Some("OUT") => Way::Out,
        Some("FWD") => Way::Forward,
        Some(_) => return None,
    };
    let action = match verb {
        "ALLOW" | "LIMIT" => FilterAction::Accept,
        "DENY" => FilterAction::Drop,
        "REJECT" => FilterAction::Reject("icmp-port-unreachable".to_owned()),
        _ => return None,
    };
    Some(Row {
        v6: to.contains("(v6)") || from.contains("(v6)") || from.contains("::"),
        way,
        action,
        limited: verb == "LIMIT",
        to: to.replace("(v6)", "").trim().to_owned(),
        from: from.replace("(v6)", "").trim().to_owned(),
        text: text.split_whitespace().collect::<Vec<_>>().join(" "),
    })
}

impl Row {
    fn rule(&self) -> FilterRule {
        let mut matches = Vec::new();
        // `To … on IF` is the adapter it came in by, or for forwarding the one it leaves by.
        let (to, to_adapter) = split_adapter(&self.to);
        let (from, from_adapter) = split_adapter(&self.from);
        let adapter = |name: &str| vec![iptables::adapter(name)];
        if let Some(name) = to_adapter {
            matches.push(values::fits(match self.way {
                Way::In => MatchOn::InputAdapter(adapter(name)),
                Way::Out | Way::Forward => MatchOn::OutputAdapter(adapter(name)),
            }));
        }
        if let Some(name) = from_adapter {
            matches.push(values::fits(match self.way {
                Way::Out => MatchOn::OutputAdapter(adapter(name)),
                Way::In | Way::Forward => MatchOn::InputAdapter(adapter(name)),
            }));
        }
        end(to, MatchOn::Destination, MatchOn::DestinationPort, &mut matches);
        end(from, MatchOn::Source, MatchOn::SourcePort, &mut matches);
        if self.limited {
            matches.push(values::fits(MatchOn::Opaque("LIMIT".to_owned())));
        }
        FilterRule {
            matches,
            action: self.action.clone(),
            packets: None,
            text: self.text.clone(),
        }
    }
}

fn split_adapter(end: &str) -> (&str, Option<&str>) {
    match end.split_once(" on ") {
        Some((end, adapter)) => (end.trim(), Some(adapter.trim())),
        None => (end, None),
    }
}

/// `Anywhere`, `22/tcp`, `192.168.1.5 80,443/tcp`, `10.0.0.0/8`, or the name of an application.
fn end(
    text: &str,
    address: fn(Vec<ipnet::IpNet>) -> MatchOn,
    port: fn(Vec<(u16, u16)>) -> MatchOn,
    found: &mut Vec<FilterMatch>,
) {
    for word in text.split_whitespace() {
        if word == "Anywhere" {
            continue;
        }
        let (list, protocol) = match word.rsplit_once('/') {
            Some((list, protocol)) if protocol.chars().all(|c| c.is_ascii_alphabetic()) => {
                (list, Some(protocol))
            }
            _ => (word, None),
        };
        let ports: Option<Vec<_>> = list
            .split(',')
            .map(|word| {
                word.starts_with(|c: char| c.is_ascii_digit())
                    .then(|| values::ports(word))?
            })
            .collect();
        if let Some(ports) = ports {
            if let Some(protocol) = protocol {
                found.push(values::fits(MatchOn::Protocol(vec![values::protocol(protocol)])));
            }
            found.push(values::fits(port(ports)));
        } else if let Some(net) = iptables::net(list) {
            found.push(values::fits(address(vec![net])));
            if let Some(protocol) = protocol {
                found.push(values::fits(MatchOn::Protocol(vec![values::protocol(protocol)])));
            }
        } else {
            found.push(values::fits(MatchOn::Opaque(word.to_owned())));
        }
    }
}

/// Chains that stand for what `ufw status` shows: its rules in order between what its `before.rules` always let
/// pass and its default policy. Empty when it is switched off.
pub fn parse_status(text: &str) -> Vec<Chain> {
    let rows: Vec<Row> = text.lines().filter_map(row).take(take::MAX_RULES).collect();
    let default = |mark: &str| {
        let line = text.lines().find(|line| line.trim().starts_with("Default: "))?;
        let part = line
            .trim_start_matches("Default: ")
            .split(", ")
            .find(|part| part.contains(mark))?;
        part.split_whitespace().next()
    };
    let mut chains = Vec::new();
    for family in [FilterFamily::Ip, FilterFamily::Ip6] {
        for (way, hook, mark) in [
            (Way::In, Hook::Input, "(incoming)"),
            (Way::Forward, Hook::Forward, "(routed)"),
            (Way::Out, Hook::Output, "(outgoing)"),
        ] {
            let mut rules = before_rules(family, way);
            rules.extend(
                rows.iter()
                    .filter(|row| row.way == way && row.v6 == (family == FilterFamily::Ip6))
                    .map(Row::rule),
            );
            let closing = default(mark);
            let words = format!("Default: {} {mark}", closing.unwrap_or("not shown"));
            rules.push(FilterRule {
                matches: match closing {
                    Some(_) => Vec::new(),
                    None => vec![values::fits(MatchOn::Opaque(words.clone()))],
                },
                action: match closing {
                    Some("allow") => FilterAction::Accept,
                    Some("reject") => FilterAction::Reject("icmp-port-unreachable".to_owned()),
                    _ => FilterAction::Drop,
                },
                packets: None,
                text: words,
            });
            chains.push(Chain {
                backend: FilterBackend::Iptables,
                family,
                table: take::SUMMARY_TABLE.to_owned(),
                name: format!("{hook:?}").to_uppercase(),
                hook: Some(hook),
                priority: 0,
                policy: Some(FilterAction::Accept),
                rules,
            });
        }
    }
    chains
}

/// What `/etc/ufw/before.rules` and `before6.rules` let pass as they are shipped.
fn before_rules(family: FilterFamily, way: Way) -> Vec<FilterRule> {
    let rule = |matches, text: &str| FilterRule {
        matches,
        action: FilterAction::Accept,
        packets: None,
        text: format!("ufw before.rules: {text}"),
    };
    let mut rules = Vec::new();
    let loopback = vec!["lo".to_owned()];
    match way {
        Way::In => rules.push(rule(
            vec![values::fits(MatchOn::InputAdapter(loopback))],
            "loopback",
        )),
        Way::Out => rules.push(rule(
            vec![values::fits(MatchOn::OutputAdapter(loopback))],
            "loopback",
        )),
        Way::Forward => {}
    }
    let states = vec![ConnectionState::Related, ConnectionState::Established];
    rules.push(rule(
        vec![values::fits(MatchOn::State(states))],
        "established connections",
    ));
    let (name, kind) = if family == FilterFamily::Ip6 {
        ("icmpv6", 128)
    } else {
        ("icmp", 8)
    };
    rules.push(rule(
        vec![
            values::fits(MatchOn::Protocol(vec![name.to_owned()])),
            values::fits(MatchOn::IcmpType(vec![kind])),
        ],
        "echo requests",
    ));
    rules
}

/// Takes `ufw status` into the case.
pub fn status(text: &str, case: &mut Case, on: Place, command: &str) {
    let Some(system) = case.system_mut(on) else { return };
    let word = text.lines().find_map(|line| {
        let line = line.trim();
        line.strip_prefix("Status:")
            .or_else(|| line.strip_prefix("状态："))
            .or_else(|| line.strip_prefix("状态:"))
            .map(str::trim)
    });
    match word {
        Some("active" | "激活" | "活动") => {
            take::manager(system, FilterManager::Ufw, command);
            take::summary(case, on, parse_status(text), command);
        }
        Some(_) => take::no_manager(system, FilterManager::Ufw, command),
        None => {
            let complaint = complaint::of(text);
            let why = complaint
                .as_ref()
                .map_or("not understood", |complaint| complaint.why);
            let how = if why == "needs root" {
                "sudo ufw status verbose"
            } else {
                ""
            };
            merge::unread(case, "ufw status", why, how);
        }
    }
}

/// Takes `/etc/default/ufw` into the case: the default policies, as kernel-like switches `ufw.DEFAULT_…`.
pub fn defaults(text: &str, case: &mut Case, on: Place, command: &str) {
    let Some(system) = case.system_mut(on) else { return };
    for line in text.lines().take(1000) {
        let line = line.trim();
        let Some((key, value)) = line.split_once('=').filter(|_| !line.starts_with('#')) else {
            continue;
        };
        if matches!(
            key,
            "DEFAULT_INPUT_POLICY" | "DEFAULT_OUTPUT_POLICY" | "DEFAULT_FORWARD_POLICY" | "IPV6"
        ) {
            let value = value.trim().trim_matches(['"', '\'']);
            system
                .kernel
                .fill(&crate::parse::text::source(command))
                .insert(format!("ufw.{key}"), value.chars().take(40).collect());
        }
    }
}
