//! `ip rule`: text and JSON.

use ipnet::IpNet;
use serde_json::Value;

use super::family;
use crate::model::{Case, Fact, Place, PolicyAction, PolicyRule};
use crate::parse::command;
use crate::parse::text::{self, field, json_rows, number_of, source, text_of};

/// Whether the line is a row of `ip rule`.
pub fn is_line(line: &str) -> bool {
    split(line).is_some()
}

/// Reads `ip rule`.
pub fn read(text: &str, case: &mut Case, on: Place, command: &str) {
    let found: Vec<PolicyRule> = if text.trim_start().starts_with('[') {
        json_rows(text).0.iter().filter_map(from_row).collect()
    } else {
        text.lines().filter_map(from_line).collect()
    };
    let Some(system) = case.system_mut(on) else { return };
    if found.is_empty() {
        return;
    }
    // The rules of both families share one list; those of IPv6 that name no address stand there already.
    if family(&command::call(command)) == Some(true) {
        let rows = system.rules.fill(&source(command));
        let is_v6 = |net: &Option<IpNet>| net.is_some_and(|net| net.addr().is_ipv6());
        rows.retain(|row| !is_v6(&row.from) && !is_v6(&row.to));
        for rule in found {
            if is_v6(&rule.from) || is_v6(&rule.to) || rows.is_empty() {
                rows.push(rule);
            }
        }
        return;
    }
    system.rules = Fact::known(found, source(command));
}

/// `5210:  from all …` with a tab: priority and the words behind it.
fn split(line: &str) -> Option<(u32, Vec<&str>)> {
    let (priority, rest) = line.trim_start().split_once(':')?;
    let priority = priority.parse().ok()?;
    let words: Vec<&str> = rest.split_whitespace().collect();
    let first = words.first()?;
    (*first == "from" || (*first == "not" && words.get(1) == Some(&"from"))).then_some((priority, words))
}

fn from_line(line: &str) -> Option<PolicyRule> {
    let (priority, words) = split(line)?;
    let prefix = |key| {
        text::after(&words, key)
            .filter(|word| *word != "all")
            .and_then(text::net)
    };
    let mark = text::after(&words, "fwmark").and_then(|word| {
        let (mark, mask) = word.split_once('/').unwrap_or((word, "0xffffffff"));
        Some((number(mark)?, number(mask)?))
    });
    const OTHERS: [&str; 8] = [
        "ipproto", "sport", "dport", "uidrange", "tos", "l3mdev", "tun_id", "dsfield",
    ];
    let action = if let Some(table) = text::after(&words, "lookup").or_else(|| text::after(&words, "table")) {
        PolicyAction::Table(text::table(table)?)
    } else if words.contains(&"[l3mdev-table]") {
        PolicyAction::Other(0)
    } else {
        action_of(words.last()?, text::after(&words, "goto"))
    };
    Some(PolicyRule {
        priority,
        from: prefix("from"),
        to: prefix("to"),
        input: text::after(&words, "iif").map(str::to_owned),
        output: text::after(&words, "oif").map(str::to_owned),
        mark,
        inverted: words.first() == Some(&"not"),
        suppress_prefix_length: text::after(&words, "suppress_prefixlength")
            .or_else(|| text::after(&words, "suppress_prefixlen"))
            .and_then(|length| length.parse().ok()),
        selective: OTHERS.iter().any(|word| words.contains(word)),
        action,
    })
}

fn action_of(word: &str, goto: Option<&str>) -> PolicyAction {
    match word {
        "blackhole" => PolicyAction::Blackhole,
        "unreachable" => PolicyAction::Unreachable,
        "prohibit" => PolicyAction::Prohibit,
        _ => PolicyAction::Other(goto.and_then(|target| target.parse().ok()).unwrap_or(0)),
    }
}

fn number(word: &str) -> Option<u32> {
    match word.strip_prefix("0x") {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => word.parse().ok(),
    }
}

fn from_row(row: &Value) -> Option<PolicyRule> {
    let prefix = |key: &str, length: &str| {
        let base = text_of(row, key).filter(|base| base != "all")?;
        let base = text::address(&base)?;
        match number_of(row, length) {
            Some(length) => IpNet::new(base, u8::try_from(length).ok()?).ok(),
            None => Some(IpNet::from(base)),
        }
    };
    let mark = text_of(row, "fwmark").and_then(|mark| number(&mark));
    let mask = text_of(row, "fwmask").and_then(|mask| number(&mask));
    let others = [
        "ipproto",
        "sport",
        "dport",
        "uid_start",
        "tos",
        "l3mdev",
        "dport_start",
        "sport_start",
    ];
    let goto = text_of(row, "goto");
    let action = match text_of(row, "table") {
        Some(table) => PolicyAction::Table(text::table(&table)?),
        None => action_of(&text_of(row, "action").unwrap_or_default(), goto.as_deref()),
    };
    Some(PolicyRule {
        priority: u32::try_from(number_of(row, "priority")?).ok()?,
        from: prefix("src", "srclen"),
        to: prefix("dst", "dstlen"),
        input: text_of(row, "iif"),
        output: text_of(row, "oif"),
        mark: mark.map(|mark| (mark, mask.unwrap_or(u32::MAX))),
        inverted: row.get("not").is_some(),
        suppress_prefix_length: number_of(row, "suppress_prefixlen")
            .or_else(|| number_of(row, "suppress_prefixlength"))
            .and_then(|length| u32::try_from(length).ok()),
        selective: others.iter().any(|key| field(row, key).is_some()),
        action,
    })
}
