//! `nft list ruleset` as text. Each rule is put into the words of nft's JSON, which [`super::nft_json`] reads.

use serde_json::{Value, json};

use super::nft_json::{self, Scope, Sets};
use super::take;
use crate::model::{Case, Chain, FilterAction, FilterBackend, Place};
use crate::parse::command;
use crate::parse::text::Braces;

/// A line that hardly stands in any other output.
pub fn is_line(line: &str) -> bool {
    let line = line.trim();
    let opens = |start: &str| line.starts_with(start) && line.ends_with('{');
    (opens("table ") && line.split_whitespace().count() == 4)
        || opens("chain ")
        || (line.starts_with("type ") && line.contains(" hook ") && line.contains(" priority "))
        || line.starts_with("iifname ")
        || line.starts_with("oifname ")
        || line.starts_with("ct state ")
        || (line.starts_with("counter packets ") && line.contains(" bytes "))
}

/// Chains with their rules, and whether these are all: every table that was opened was closed, nothing stands
/// outside of tables, and nft does not say that there are older tables besides.
pub fn parse_nft_text(text: &str) -> (Vec<Chain>, bool) {
    let lines = logical_lines(text);
    let sets = sets(&lines);
    let mut chains: Vec<Chain> = Vec::new();
    let (mut family, mut table) = (String::new(), String::new());
    // What is open: 't'able, 'c'hain, or something 'e'lse.
    let mut open: Vec<char> = Vec::new();
    let mut all = !text.contains("iptables-legacy tables present");
    for line in &lines {
        let words: Vec<&str> = line.split_whitespace().collect();
        if line == "}" {
            open.pop();
            continue;
        }
        match (words.as_slice(), open.last()) {
            (["table", rest @ .., "{"], None) => {
                let (new_family, name) = match rest {
                    [family, name] => (*family, *name),
                    [name] => ("ip", *name),
                    _ => ("ip", ""),
                };
                (family, table) = (new_family.to_owned(), name.to_owned());
                open.push('t');
            }
            (["chain", name, ..], Some('t')) if line.ends_with('{') => {
                if chains.len() < take::MAX_CHAINS {
                    chains.push(Chain {
                        backend: FilterBackend::Nft,
                        family: nft_json::family_of(&family),
                        table: table.clone(),
                        name: (*name).to_owned(),
                        hook: None,
                        priority: 0,
                        policy: None,
                        rules: Vec::new(),
                    });
                }
                open.push('c');
            }
            (_, Some('c')) => {
                let Some(chain) = chains.last_mut() else { continue };
                if line.starts_with("type ") && line.contains(" hook ") {
                    base_chain(line, chain, &family);
                    continue;
                }
                if line.starts_with('#') || chain.rules.len() >= take::MAX_RULES {
                    continue;
                }
                let scope = Scope {
                    family: &family,
                    table: &table,
                    sets: &sets,
                };
                let line = line.split(" # handle ").next().unwrap_or(line).trim();
                let expressions = expressions(line);
                chain.rules.extend(nft_json::rules_of(&expressions, line, &scope));
            }
            (_, None) => all = false,
            _ if line.ends_with('{') => open.push('e'),
            _ => {}
        }
    }
    (chains, all && open.is_empty())
}

/// Lines without indentation and comments, a rule with a set over several lines as one.
fn logical_lines(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut pending = String::new();
    let mut braces = Braces::default();
    for line in text.lines() {
        let line = line.trim();
        if line.is_empty() || (line.starts_with('#') && pending.is_empty()) {
            continue;
        }
        if !pending.is_empty() {
            pending.push(' ');
        }
        pending.push_str(line);
        braces.read(line);
        let opens_block = pending.ends_with('{')
            && [
                "table ",
                "chain ",
                "set ",
                "map ",
                "flowtable ",
                "counter ",
                "ct ",
                "limit ",
                "quota ",
            ]
            .iter()
            .any(|start| pending.starts_with(start))
            && braces.depth == 1;
        if opens_block || braces.depth <= 0 || pending.len() > 200_000 {
            lines.push(std::mem::take(&mut pending));
            braces = Braces::default();
        }
    }
    if !pending.is_empty() {
        lines.push(pending);
    }
    lines
}

/// Named sets and maps with the elements that are listed in them.
fn sets(lines: &[String]) -> Sets {
    let mut sets = Sets::new();
    let (mut family, mut table, mut name) = (String::new(), String::new(), None::<String>);
    for line in lines {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["table", new_family, new_table, "{"] => {
                (family, table) = ((*new_family).to_owned(), (*new_table).to_owned());
                name = None;
            }
            ["set" | "map", new, "{"] => {
                name = Some((*new).to_owned());
                sets.insert((family.clone(), table.clone(), (*new).to_owned()), Vec::new());
            }
            ["}"] => name = None,
            ["elements", "=", ..] => {
                if let Some(name) = &name
                    && let Some((_, braces)) = line.split_once('=')
                    && let Some(Value::Array(elements)) = value(braces.trim()).get("set")
                {
                    sets.insert((family.clone(), table.clone(), name.clone()), elements.clone());
                }
            }
            _ => {}
        }
    }
    sets
}

/// `type filter hook input priority filter - 5; policy drop;`
fn base_chain(line: &str, chain: &mut Chain, family: &str) {
    for part in line.split(';') {
        let words: Vec<&str> = part.split_whitespace().collect();
        if let ["policy", policy] = words.as_slice() {
            chain.policy = Some(if *policy == "drop" {
                FilterAction::Drop
            } else {
                FilterAction::Accept
            });
        }
        if let Some(at) = words.iter().position(|word| *word == "hook") {
            chain.hook = words.get(at + 1).map(|hook| nft_json::hook_of(hook));
            chain.policy.get_or_insert(FilterAction::Accept);
        }
        if let Some(at) = words.iter().position(|word| *word == "priority") {
            chain.priority = priority(words.get(at + 1..).unwrap_or_default(), family);
        }
    }
}

/// A priority as a number, or as a name with a distance: `-5`, `srcnat`, `filter - 5`, `filter+10`.
fn priority(words: &[&str], family: &str) -> i32 {
    let joined: String = words.concat();
    if let Ok(number) = joined.parse() {
        return number;
    }
    let end = joined.find(['+', '-']).unwrap_or(joined.len());
    let (name, distance) = joined.split_at_checked(end).unwrap_or((&joined, ""));
    let base: i32 = match (name, family) {
        ("raw", _) | ("dstnat", "bridge") => -300,
        ("filter", "bridge") => -200,
        ("mangle", _) => -150,
        ("dstnat", _) => -100,
        ("security", _) => 50,
        ("srcnat", "bridge") => 300,
        ("out" | "srcnat", _) => 100,
        _ => 0,
    };
    let distance: i32 = distance.trim_start_matches('+').parse().unwrap_or(0);
    base.saturating_add(distance)
}

/// Cuts a rule into words; quoted texts and braces with what is in them are one word.
fn tokens(line: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut token = String::new();
    let (mut quoted, mut depth) = (false, 0_i32);
    for c in line.chars() {
        match c {
            '"' => {
                quoted = !quoted;
                token.push(c);
            }
            '{' if !quoted => {
                depth += 1;
                token.push(c);
            }
            '}' if !quoted => {
                depth -= 1;
                token.push(c);
            }
            c if c.is_whitespace() && !quoted && depth <= 0 => {
                if !token.is_empty() {
                    tokens.push(std::mem::take(&mut token));
                }
            }
            c => token.push(c),
        }
    }
    if !token.is_empty() {
        tokens.push(token);
    }
    tokens
}

/// A right side in the words of nft's JSON.
fn value(word: &str) -> Value {
    let word = word.trim();
    if let Some(inner) = word.strip_prefix('{').and_then(|word| word.strip_suffix('}')) {
        let elements: Vec<Value> = split_outside(inner, ',')
            .into_iter()
            .filter(|element| !element.trim().is_empty())
            .take(super::values::MAX_ENTRIES + 1)
            .map(|element| match split_verdict(element) {
                Some((key, verdict)) => json!([value(key), verdict]),
                None => element_value(element),
            })
            .collect();
        return json!({ "set": elements });
    }
    if let Some(text) = word.strip_prefix('"').and_then(|word| word.strip_suffix('"')) {
        return Value::String(text.to_owned());
    }
    if word.starts_with('@') {
        return Value::String(word.to_owned());
    }
    if word.contains(',') {
        return Value::Array(word.split(',').map(value).collect());
    }
    if let Ok(number) = word.parse::<u64>() {
        return json!(number);
    }
    if let Some((address, length)) = word.split_once('/')
        && let Ok(length) = length.parse::<u64>()
    {
        return json!({ "prefix": { "addr": address, "len": length } });
    }
    if let Some((first, last)) = word.split_once('-')
        && first.starts_with(|c: char| c.is_ascii_hexdigit() || c == ':')
        && (first.parse::<std::net::IpAddr>().is_ok() || first.parse::<u16>().is_ok())
    {
        return json!({ "range": [value(first), value(last)] });
    }
    Value::String(word.to_owned())
}

/// A set's element without `timeout`, `expires`, `counter` and `comment`.
fn element_value(element: &str) -> Value {
    let element = element.trim();
    let bare = [" timeout ", " expires ", " counter ", " comment "]
        .iter()
        .filter_map(|word| element.find(word))
        .min()
        .and_then(|at| element.get(..at))
        .unwrap_or(element);
    if bare.contains(" . ") {
        return json!({ "concat": bare.split(" . ").map(value).collect::<Vec<_>>() });
    }
    value(bare)
}

fn split_outside(text: &str, mark: char) -> Vec<&str> {
    let (mut parts, mut start, mut quoted, mut depth) = (Vec::new(), 0, false, 0_i32);
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '{' => depth += 1,
            '}' => depth -= 1,
            c if c == mark && !quoted && depth <= 0 => {
                parts.push(text.get(start..at).unwrap_or_default());
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(text.get(start..).unwrap_or_default());
    parts
}

/// `KEY : VERDICT` of a verdict map.
fn split_verdict(element: &str) -> Option<(&str, Value)> {
    let (key, verdict) = element.split_once(" : ")?;
    let words: Vec<&str> = verdict.split_whitespace().collect();
    let verdict = match words.as_slice() {
        [word @ ("accept" | "drop" | "return" | "continue")] => json!({ *word: null }),
        [word @ ("jump" | "goto"), target] => json!({ *word: { "target": target } }),
        _ => return None,
    };
    Some((key.trim(), verdict))
}

/// The expressions of a rule, in the words of nft's JSON. A word that is not understood becomes an expression
/// that nobody understands, so that the rule is never taken for clearer than it is.
fn expressions(line: &str) -> Vec<Value> {
    let tokens = tokens(line);
    let words: Vec<&str> = tokens.iter().map(String::as_str).collect();
    let mut found = Vec::new();
    let mut rest = words.as_slice();
    while let Some(taken) = expression(rest, &mut found) {
        rest = rest.get(taken.max(1)..).unwrap_or_default();
    }
    found
}

/// Takes one expression off the front; returns how many words it was.
fn expression(words: &[&str], found: &mut Vec<Value>) -> Option<usize> {
    let (first, after) = words.split_first()?;
    let second = after.first().copied().unwrap_or_default();
    let left = match (*first, second) {
        (key @ ("iifname" | "oifname" | "iif" | "oif"), _) => Some((json!({ "meta": { "key": key } }), 1)),
        ("meta", "mark" | "priority" | "nftrace" | "secmark") if after.get(1) == Some(&"set") => {
            found.push(json!({ "mangle": { "key": second, "value": after.get(2).unwrap_or(&"") } }));
            return Some(4);
        }
        ("meta", key) => Some((json!({ "meta": { "key": key } }), 2)),
        ("ct", "mark" | "helper" | "zone" | "label" | "event") if after.get(1) == Some(&"set") => {
            found.push(json!({ "mangle": { "key": second, "value": after.get(2).unwrap_or(&"") } }));
            return Some(4);
        }
        ("ct", "count") => {
            let taken = if after.get(1) == Some(&"over") { 4 } else { 3 };
            found.push(json!({ "ct count": words.get(1..taken).unwrap_or_default().join(" ") }));
            return Some(taken);
        }
        ("ct", key @ ("original" | "reply")) => {
            // `ct original ip daddr 10.0.0.1`
            let taken = if matches!(after.get(1), Some(&("ip" | "ip6"))) {
                4
            } else {
                3
            };
            Some((json!({ "ct": { "key": "address", "dir": key } }), taken))
        }
        ("ct", key) => Some((json!({ "ct": { "key": key } }), 2)),
        (
            "ip" | "ip6" | "tcp" | "udp" | "th" | "icmp" | "icmpv6" | "sctp" | "dccp" | "udplite" | "ether"
            | "arp" | "vlan" | "esp" | "ah",
            field,
        ) => Some((json!({ "payload": { "protocol": first, "field": field } }), 2)),
        ("fib", _) => {
            let at = words
                .iter()
                .position(|word| matches!(*word, "type" | "oif" | "oifname"))
                .filter(|at| *at > 1)
                .unwrap_or(2);
            let flags: Vec<&str> = words
                .get(1..at)
                .unwrap_or_default()
                .iter()
                .copied()
                .filter(|word| *word != ".")
                .collect();
            let result = words.get(at).copied().unwrap_or_default();
            Some((json!({ "fib": { "flags": flags, "result": result } }), at + 1))
        }
        _ => None,
    };
    if let Some((left, taken)) = left {
        return Some(taken + right_side(left, words.get(taken..).unwrap_or_default(), found));
    }
    Some(statement(first, after, found))
}

/// Takes the operator and the value; returns how many words they were.
fn right_side(left: Value, words: &[&str], found: &mut Vec<Value>) -> usize {
    match words {
        ["vmap", data, ..] => {
            let data = value(data);
            found.push(json!({ "vmap": { "key": left, "data": data } }));
            2
        }
        // `tcp flags & (fin | syn) == syn`: the whole of it is one condition.
        ["&" | "and" | "|" | "^", ..] => {
            let end = words
                .iter()
                .position(|word| matches!(*word, "==" | "!="))
                .map_or(2, |at| at + 2);
            let mask = words.get(..end).unwrap_or(words).join(" ");
            found.push(json!({ "match": { "op": "mask", "left": left, "right": mask } }));
            end
        }
        [".", ..] => {
            // A key of several parts; the parts and the value are not taken apart.
            let end = words
                .iter()
                .position(|word| word.starts_with(['@', '{']))
                .map_or(words.len(), |at| at + 1);
            let text = words.get(..end).unwrap_or_default().join(" ");
            let action = text.contains(" vmap ");
            if action {
                found.push(json!({ "vmap": { "key": { "concat": [left] }, "data": null } }));
            } else {
                found.push(json!({ "match": { "op": "concat", "left": left, "right": text } }));
            }
            end
        }
        [op @ ("!=" | "==" | "<" | ">" | "<=" | ">="), word, ..] => {
            found.push(json!({ "match": { "op": op, "left": left, "right": value(word) } }));
            2
        }
        [word, ..] => {
            found.push(json!({ "match": { "op": "==", "left": left, "right": value(word) } }));
            1
        }
        [] => {
            found.push(json!({ "match": { "op": "missing", "left": left, "right": "" } }));
            0
        }
    }
}

/// Takes one statement; returns how many words it was.
fn statement(first: &str, after: &[&str], found: &mut Vec<Value>) -> usize {
    match (first, after) {
        ("counter", ["packets", packets, "bytes", bytes, ..]) => {
            let number = |word: &str| word.parse::<u64>().unwrap_or(0);
            found.push(json!({ "counter": { "packets": number(packets), "bytes": number(bytes) } }));
            5
        }
        ("counter", ["name", ..]) => 3,
        ("counter", _) => 1,
        ("accept" | "drop" | "return" | "continue" | "notrack", _) => {
            found.push(json!({ first: null }));
            1
        }
        ("jump" | "goto", [target, ..]) => {
            found.push(json!({ first: { "target": target } }));
            2
        }
        ("reject", ["with", "tcp", "reset", ..]) => {
            found.push(json!({ "reject": { "type": "tcp reset" } }));
            4
        }
        ("reject", ["with", kind, rest @ ..]) => {
            // `with icmpx admin-prohibited`; older releases write `with icmpx type admin-prohibited`.
            let typed = rest.first() == Some(&"type");
            let code = rest.get(usize::from(typed)).copied().unwrap_or_default();
            found.push(json!({ "reject": { "type": kind, "expr": code } }));
            if typed { 5 } else { 4 }
        }
        ("reject", _) => {
            found.push(json!({ "reject": null }));
            1
        }
        ("masquerade" | "snat" | "dnat" | "redirect", _) => {
            let end = after
                .iter()
                .position(|word| *word == "comment")
                .unwrap_or(after.len());
            let words = after.get(..end).unwrap_or_default();
            let to = words.iter().position(|word| *word == "to");
            let target = to.map(|to| words.get(to + 1..).unwrap_or_default().join(" "));
            found.push(match target {
                Some(target) => json!({ first: { "addr": target } }),
                None => json!({ first: null }),
            });
            end + 1
        }
        ("limit", ["rate", rest @ ..]) => {
            let over = rest.first() == Some(&"over");
            let rate = rest.get(usize::from(over)).copied().unwrap_or_default();
            let (number, per) = rate.split_once('/').unwrap_or((rate, ""));
            found.push(json!({ "limit": { "rate": number, "per": per, "inv": over } }));
            let mut taken = if over { 4 } else { 3 };
            // `400 kbytes/second`
            if per.is_empty() {
                taken += 1;
            }
            let tail = after.get(taken - 1..).unwrap_or_default();
            if let ["burst", _, _, ..] = tail {
                taken += 3;
            }
            taken
        }
        ("log", _) => {
            let mut taken = 1;
            let mut rest = after;
            while let [
                _option @ ("prefix" | "level" | "group" | "snaplen" | "queue-threshold" | "flags"),
                _,
                more @ ..,
            ] = rest
            {
                taken += 2;
                rest = more;
                // `flags tcp sequence,options`
                if *_option == "flags" && rest.first().is_some_and(|word| word.contains("options")) {
                    taken += 1;
                    rest = rest.get(1..).unwrap_or_default();
                }
            }
            found.push(json!({ "log": null }));
            taken
        }
        ("xt", [kind @ ("match" | "target"), name, ..]) => {
            found.push(json!({ "xt": { "type": kind, "name": name.trim_matches('"') } }));
            3
        }
        ("comment", _) => 2,
        ("queue", _) => {
            found.push(json!({ "queue": null }));
            after.len() + 1
        }
        ("tproxy" | "synproxy" | "fwd" | "dup", _) => {
            found.push(json!({ first: null }));
            after.len() + 1
        }
        ("flow" | "add" | "update" | "delete", _) => {
            let end = after
                .iter()
                .position(|word| word.starts_with('@') || word.starts_with('{'))
                .map_or(after.len(), |at| at + 1);
            // `add @set { … }` names the set before its element.
            let end = match after.get(end) {
                Some(word) if word.starts_with('{') => end + 1,
                _ => end,
            };
            found.push(json!({ "set": null }));
            end + 1
        }
        (word, _) => {
            found.push(json!({ "unknown": word }));
            1
        }
    }
}

/// Takes `nft list ruleset` into the case.
pub fn ruleset_text(text: &str, case: &mut Case, on: Place, command: &str) {
    let (chains, whole) = parse_nft_text(text);
    let call = command::call(command);
    let all = (command.is_empty() || call.words().any(|word| word == "ruleset")) && !call.filtered();
    take::nft(case, on, chains, whole && all, command);
}
