//! `iptables -L`: the table for people.

use super::{iptables, take, values};
use crate::model::{Case, FilterAction, FilterFamily, FilterMatch, FilterRule, MatchOn, Place};
use crate::parse::command;

/// A line that hardly stands in any other output.
pub fn is_line(line: &str) -> bool {
    let line = line.trim();
    (line.starts_with("Chain ")
        && line.ends_with(')')
        && (line.contains(" (policy ") || line.contains(" references)")))
        || (line.contains("target") && line.contains("prot opt ") && line.contains("source"))
}

/// Reads the table; without `-v` it shows no adapters, so that every rule is then opaque.
pub fn parse_list(text: &str, command: &str) -> Vec<crate::model::Chain> {
    let call = command::call(command);
    let family = if call.program.starts_with("ip6") || (command.is_empty() && text.contains("::/0")) {
        FilterFamily::Ip6
    } else {
        FilterFamily::Ip
    };
    let table = call
        .after("-t")
        .or_else(|| call.after("--table"))
        .unwrap_or("filter")
        .to_owned();
    let mut chains = Vec::new();
    let mut current = String::new();
    let (mut verbose, mut numbered) = (false, false);
    for line in text.lines() {
        let line = line.trim();
        if let Some(head) = line.strip_prefix("Chain ") {
            let Some((name, rest)) = head.split_once(" (") else {
                continue;
            };
            name.clone_into(&mut current);
            let policy = rest
                .strip_prefix("policy ")
                .and_then(|rest| rest.split([' ', ')']).next());
            iptables::chain(&mut chains, family, &table, name, policy);
        } else if line.contains("prot opt ") && line.contains("target") {
            verbose = line.contains("pkts");
            numbered = line.starts_with("num");
        } else if !line.is_empty() && !current.is_empty() {
            let Some(rule) = rule(line, verbose, numbered, family == FilterFamily::Ip6) else {
                continue;
            };
            if let Some(chain) = iptables::chain(&mut chains, family, &table, &current, None)
                && chain.rules.len() < take::MAX_RULES
            {
                chain.rules.push(rule);
            }
        }
    }
    chains
}

/// `[num] [pkts bytes] target prot opt [in out] source destination …`; the target may be missing.
fn rule(line: &str, verbose: bool, numbered: bool, v6: bool) -> Option<FilterRule> {
    let mut words: Vec<&str> = line.split_whitespace().collect();
    if numbered && !words.is_empty() {
        words.remove(0);
    }
    let mut rule = FilterRule {
        matches: Vec::new(),
        action: FilterAction::Continue,
        packets: None,
        text: line.chars().take(1000).collect(),
    };
    if verbose {
        rule.packets = words.first().and_then(|word| count(word));
        words = words.get(2..)?.to_vec();
    }
    let opt = words.iter().position(|word| matches!(*word, "--" | "-f" | "!f"));
    let Some(opt) = opt.filter(|at| (1..=2).contains(at)) else {
        rule.action = FilterAction::Other(line.chars().take(200).collect());
        return Some(rule);
    };
    let target = if opt == 2 { words.first().copied() } else { None };
    let protocol = words.get(opt - 1).copied()?;
    if words.get(opt) != Some(&"--") {
        rule.matches
            .push(values::fits(MatchOn::Opaque("fragments".to_owned())));
    }
    if !matches!(protocol, "all" | "0") {
        let (negated, name) = bang(protocol);
        rule.matches.push(FilterMatch {
            on: MatchOn::Protocol(vec![values::protocol(name)]),
            negated,
        });
    }
    let mut rest = words.get(opt + 1..)?;
    if verbose {
        for (at, word) in rest.iter().take(2).enumerate() {
            let (negated, name) = bang(word);
            if matches!(name, "*" | "any") {
                continue;
            }
            let names = vec![iptables::adapter(name)];
            let on = if at == 0 {
                MatchOn::InputAdapter(names)
            } else {
                MatchOn::OutputAdapter(names)
            };
            rule.matches.push(FilterMatch { on, negated });
        }
        rest = rest.get(2..)?;
    } else {
        rule.matches.push(values::fits(MatchOn::Opaque(
            "adapters are not shown without -v".to_owned(),
        )));
    }
    for (at, word) in rest.iter().take(2).enumerate() {
        let (negated, name) = bang(word);
        if matches!(name, "0.0.0.0/0" | "::/0" | "anywhere") {
            continue;
        }
        let on = match iptables::net(name) {
            Some(net) if at == 0 => MatchOn::Source(vec![net]),
            Some(net) => MatchOn::Destination(vec![net]),
            None => MatchOn::Opaque((*word).to_owned()),
        };
        rule.matches.push(FilterMatch { on, negated });
    }
    let extras = rest.get(2..)?;
    let reject_with = conditions(extras, v6, &mut rule.matches);
    rule.action = match target {
        None => FilterAction::Continue,
        Some(name) => match iptables::target(name) {
            Some(FilterAction::Reject(kind)) => FilterAction::Reject(reject_with.unwrap_or(kind)),
            Some(FilterAction::Nat(kind)) => {
                let to = extras.iter().find_map(|word| word.strip_prefix("to:"));
                FilterAction::Nat(to.map_or(kind.clone(), |to| format!("{kind} to {to}")))
            }
            Some(action) => action,
            None if extras.contains(&"[goto]") => FilterAction::Goto(name.to_owned()),
            None => FilterAction::Jump(name.to_owned()),
        },
    };
    Some(rule)
}

fn bang(word: &str) -> (bool, &str) {
    match word.strip_prefix('!') {
        Some(rest) => (true, rest),
        None => (false, word),
    }
}

/// `12`, `34K`, `5M`.
fn count(word: &str) -> Option<u64> {
    let (digits, factor) = match word.strip_suffix(['K', 'M', 'G', 'T']) {
        Some(digits) => (
            digits,
            match word.chars().last() {
                Some('K') => 1_000,
                Some('M') => 1_000_000,
                Some('G') => 1_000_000_000,
                _ => 1_000_000_000_000,
            },
        ),
        None => (word, 1_u64),
    };
    digits.parse::<u64>().ok()?.checked_mul(factor)
}

/// The words behind the addresses; returns what a REJECT answers with.
fn conditions(words: &[&str], v6: bool, found: &mut Vec<FilterMatch>) -> Option<String> {
    let mut reject_with = None;
    let mut at = 0;
    while let Some(word) = words.get(at) {
        at += 1;
        let next = words.get(at).copied().unwrap_or_default();
        let (negated, bare) = bang(word);
        let mut add = |on: Option<MatchOn>| {
            found.push(match on {
                Some(on) => FilterMatch { on, negated },
                None => values::fits(MatchOn::Opaque(format!("{word} {next}"))),
            });
        };
        let port_list = |text: &str| text.split(',').map(values::ports).collect::<Option<Vec<_>>>();
        match bare {
            "tcp" | "udp" | "icmp" | "ipv6-icmp" | "icmp6" | "multiport" | "ADDRTYPE" | "PHYSDEV"
            | "match" | "[goto]" | "sctp" => {}
            "/*" => {
                let end = words
                    .get(at..)
                    .unwrap_or_default()
                    .iter()
                    .position(|word| *word == "*/");
                at += end.map_or(words.len(), |end| end + 1);
            }
            "dports" => {
                add(port_list(next).map(MatchOn::DestinationPort));
                at += 1;
            }
            "sports" => {
                add(port_list(next).map(MatchOn::SourcePort));
                at += 1;
            }
            "ctstate" | "state" => {
                let states = next.split(',').map(values::state).collect::<Option<Vec<_>>>();
                add(states.map(MatchOn::State));
                at += 1;
            }
            "icmptype" | "ipv6-icmptype" | "icmpv6type" => {
                add(values::icmp_type(next, v6).map(|kind| MatchOn::IcmpType(vec![kind])));
                at += 1;
                if words.get(at) == Some(&"code") {
                    at += 2;
                }
            }
            "dst-type" => {
                let kinds = next.split(',').map(str::to_lowercase).collect();
                add(Some(MatchOn::DestinationKind(kinds)));
                at += 1;
            }
            "--physdev-in" => {
                add(Some(MatchOn::InputPort(vec![iptables::adapter(next)])));
                at += 1;
            }
            "--physdev-out" => {
                add(Some(MatchOn::OutputPort(vec![iptables::adapter(next)])));
                at += 1;
            }
            "--physdev-is-bridged" => add(Some(MatchOn::Bridged)),
            "reject-with" => {
                reject_with = Some(next.to_owned());
                at += 1;
            }
            // What a target does, to the end of the line.
            "LOG" | "NFLOG" | "MARK" | "CHECKSUM" | "TCPMSS" | "masq" | "redir" | "CONNMARK" | "CT" => break,
            _ if bare.starts_with("to:") => {}
            _ => {
                if let Some(list) = bare.strip_prefix("dpt:").or_else(|| bare.strip_prefix("dpts:")) {
                    let (inner, list) = bang(list);
                    found.push(port_condition(
                        list,
                        MatchOn::DestinationPort,
                        negated ^ inner,
                        word,
                    ));
                } else if let Some(list) = bare.strip_prefix("spt:").or_else(|| bare.strip_prefix("spts:")) {
                    let (inner, list) = bang(list);
                    found.push(port_condition(list, MatchOn::SourcePort, negated ^ inner, word));
                } else {
                    add(None);
                    // The rest is of an extension that the model does not hold.
                    break;
                }
            }
        }
    }
    reject_with
}

fn port_condition(list: &str, on: fn(Vec<(u16, u16)>) -> MatchOn, negated: bool, word: &str) -> FilterMatch {
    match values::ports(list) {
        Some(range) => FilterMatch {
            on: on(vec![range]),
            negated,
        },
        None => values::fits(MatchOn::Opaque(word.to_owned())),
    }
}

/// Takes `iptables -L` into the case.
pub fn listed(text: &str, case: &mut Case, on: Place, command: &str) {
    let chains = parse_list(text, command);
    let legacy = command::call(command).program.contains("legacy");
    let whole = !chains.is_empty();
    take::iptables(case, on, chains, legacy, whole, command);
}
