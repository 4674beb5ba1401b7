//! `nft -j list ruleset`. One JSON expression becomes conditions and one action; the same expressions are made
//! of the text form.

use std::collections::BTreeMap;
use std::net::IpAddr;

use ipnet::IpNet;
use serde_json::Value;

use super::{take, values};
use crate::model::{
    Case, Chain, FilterAction, FilterBackend, FilterFamily, FilterMatch, FilterRule, Gap, Hook, MatchOn,
    Place, Why,
};
use crate::parse::{merge, text};

/// Named sets and maps by family, table and name.
pub type Sets = BTreeMap<(String, String, String), Vec<Value>>;

/// The table that a rule stands in, with the sets it may name.
pub struct Scope<'a> {
    /// `ip`, `inet`, …
    pub family: &'a str,
    /// The table's name.
    pub table: &'a str,
    /// All named sets and maps.
    pub sets: &'a Sets,
}

/// Chains with their rules, and whether these are all: every rule had its chain.
///
/// # Errors
/// When the text is not nft's JSON.
pub fn parse_nft_json(text: &str) -> Result<(Vec<Chain>, bool), Gap> {
    let start = text.find('{').unwrap_or(text.len());
    let body = text.get(start..).unwrap_or_default();
    let wrong = |detail: String| Gap {
        why: Why::CouldNotParse,
        detail,
    };
    let mut documents = serde_json::Deserializer::from_str(body).into_iter::<Value>();
    let document = match documents.next() {
        Some(Ok(document)) => document,
        Some(Err(error)) => return Err(wrong(error.to_string())),
        None => return Err(wrong("no JSON in it".to_owned())),
    };
    let Some(objects) = document.get("nftables").and_then(Value::as_array) else {
        return Err(wrong("no \"nftables\" in it".to_owned()));
    };
    let mut sets = Sets::new();
    let mut chains: Vec<Chain> = Vec::new();
    for object in objects {
        if let Some(chain) = object.get("chain").and_then(chain_of)
            && chains.len() < take::MAX_CHAINS
        {
            chains.push(chain);
        }
        if let Some(set) = object.get("set").or_else(|| object.get("map")) {
            let name = |key: &str| text::text_of(set, key).unwrap_or_default();
            let elements = match set.get("elem") {
                Some(Value::Array(elements)) => elements.clone(),
                Some(other) => vec![other.clone()],
                None => Vec::new(),
            };
            sets.insert((name("family"), name("table"), name("name")), elements);
        }
    }
    let mut index: BTreeMap<(String, String, String), usize> = BTreeMap::new();
    for (at, chain) in chains.iter().enumerate() {
        let key = (
            family_name(chain.family).to_owned(),
            chain.table.clone(),
            chain.name.clone(),
        );
        index.entry(key).or_insert(at);
    }
    let mut whole = true;
    for rule in objects.iter().filter_map(|object| object.get("rule")) {
        let name = |key: &str| text::text_of(rule, key).unwrap_or_default();
        let (family, table) = (name("family"), name("table"));
        let key = (
            family_name(family_of(&family)).to_owned(),
            table.clone(),
            name("chain"),
        );
        let Some(chain) = index.get(&key).and_then(|at| chains.get_mut(*at)) else {
            whole = false;
            continue;
        };
        let expressions = rule.get("expr").and_then(Value::as_array);
        let expressions = expressions.map_or(&[][..], Vec::as_slice);
        let mut words = render_rule(expressions);
        if let Some(comment) = text::text_of(rule, "comment") {
            words.push_str(&format!(" comment {comment:?}"));
        }
        let scope = Scope {
            family: &family,
            table: &table,
            sets: &sets,
        };
        let rules = rules_of(expressions, &words, &scope);
        let room = take::MAX_RULES.saturating_sub(chain.rules.len());
        chain.rules.extend(rules.into_iter().take(room));
    }
    Ok((chains, whole))
}

/// A family by nft's name for it.
pub fn family_of(word: &str) -> FilterFamily {
    match word {
        "ip" => FilterFamily::Ip,
        "ip6" => FilterFamily::Ip6,
        "inet" => FilterFamily::Inet,
        "bridge" => FilterFamily::Bridge,
        "arp" => FilterFamily::Arp,
        _ => FilterFamily::Other,
    }
}

fn family_name(family: FilterFamily) -> &'static str {
    match family {
        FilterFamily::Ip => "ip",
        FilterFamily::Ip6 => "ip6",
        FilterFamily::Inet => "inet",
        FilterFamily::Bridge => "bridge",
        FilterFamily::Arp => "arp",
        FilterFamily::Other => "netdev",
    }
}

/// A hook by nft's name for it.
pub fn hook_of(word: &str) -> Hook {
    match word {
        "prerouting" => Hook::Prerouting,
        "input" => Hook::Input,
        "forward" => Hook::Forward,
        "output" => Hook::Output,
        "postrouting" => Hook::Postrouting,
        _ => Hook::Ingress,
    }
}

fn chain_of(chain: &Value) -> Option<Chain> {
    let hook = text::text_of(chain, "hook").map(|hook| hook_of(&hook));
    Some(Chain {
        backend: FilterBackend::Nft,
        family: family_of(&text::text_of(chain, "family")?),
        table: text::text_of(chain, "table")?,
        name: text::text_of(chain, "name")?,
        hook,
        priority: chain
            .get("prio")
            .and_then(Value::as_i64)
            .and_then(|priority| i32::try_from(priority).ok())
            .unwrap_or(0),
        policy: hook.map(|_| match text::text_of(chain, "policy").as_deref() {
            Some("drop") => FilterAction::Drop,
            _ => FilterAction::Accept,
        }),
        rules: Vec::new(),
    })
}

/// The rules that one line of nft stands for: one, or one for each entry of a verdict map in it.
pub fn rules_of(expressions: &[Value], words: &str, scope: &Scope<'_>) -> Vec<FilterRule> {
    let mut rule = FilterRule {
        matches: Vec::new(),
        action: FilterAction::Continue,
        packets: None,
        text: words.chars().take(1000).collect(),
    };
    for expression in expressions {
        let Some((name, value)) = expression.as_object().and_then(|fields| fields.iter().next()) else {
            rule.matches
                .push(values::fits(MatchOn::Opaque(render(expression))));
            continue;
        };
        match name.as_str() {
            "match" => conditions(value, scope, &mut rule.matches),
            "vmap" => return verdict_map(value, rule, scope),
            "counter" => rule.packets = value.get("packets").and_then(Value::as_u64).or(rule.packets),
            "limit" | "quota" | "ct count" | "connlimit" | "last" => {
                if name != "last" {
                    rule.matches
                        .push(values::fits(MatchOn::Opaque(render_statement(name, value))));
                }
            }
            "xt" => extension(value, &mut rule),
            _ => {
                if let Some(action) = verdict(name, value) {
                    rule.action = action;
                } else if !is_silent(name) {
                    rule.matches
                        .push(values::fits(MatchOn::Opaque(render_statement(name, value))));
                }
            }
        }
    }
    vec![rule]
}

/// Statements that change or note a packet and go on.
fn is_silent(name: &str) -> bool {
    matches!(
        name,
        "log"
            | "mangle"
            | "notrack"
            | "meter"
            | "set"
            | "map"
            | "add"
            | "update"
            | "delete"
            | "flow"
            | "flow add"
            | "ct helper"
            | "ct timeout"
            | "ct expectation"
            | "secmark"
            | "meta set"
            | "comment"
    )
}

fn verdict(name: &str, value: &Value) -> Option<FilterAction> {
    let target = || text::text_of(value, "target").unwrap_or_default();
    Some(match name {
        "accept" => FilterAction::Accept,
        "drop" => FilterAction::Drop,
        "continue" => FilterAction::Continue,
        "return" => FilterAction::Return,
        "jump" => FilterAction::Jump(target()),
        "goto" => FilterAction::Goto(target()),
        "reject" => FilterAction::Reject(reject_kind(value)),
        "masquerade" | "snat" | "dnat" | "redirect" => FilterAction::Nat(render_statement(name, value)),
        "queue" | "tproxy" | "synproxy" | "fwd" | "dup" => FilterAction::Other(name.to_owned()),
        _ => return None,
    })
}

fn reject_kind(value: &Value) -> String {
    match (text::text_of(value, "type"), text::text_of(value, "expr")) {
        (Some(kind), _) if kind.starts_with("tcp") => "tcp-reset".to_owned(),
        (Some(kind), Some(code)) if kind == "icmpv6" => format!("icmp6-{code}"),
        (_, Some(code)) => format!("icmp-{code}"),
        _ => "icmp-port-unreachable".to_owned(),
    }
}

/// What iptables-nft keeps of a rule that nft has no words for: only a name is shown.
fn extension(value: &Value, rule: &mut FilterRule) {
    let name = text::text_of(value, "name").unwrap_or_default();
    if text::text_of(value, "type").as_deref() != Some("target") {
        rule.matches
            .push(values::fits(MatchOn::Opaque(format!("xt match {name}"))));
        return;
    }
    rule.action = super::iptables::target(&name).unwrap_or(FilterAction::Other(format!("xt target {name}")));
    if let FilterAction::Reject(kind) = &mut rule.action {
        // The kind of answer is not shown.
        kind.clear();
    }
}

/// One rule for each entry of a verdict map; a map that cannot be read becomes one opaque rule.
fn verdict_map(value: &Value, base: FilterRule, scope: &Scope<'_>) -> Vec<FilterRule> {
    let entries: Option<Vec<Value>> = match value.get("data") {
        Some(Value::String(name)) => named(name, scope).cloned(),
        Some(data) => data.get("set").and_then(Value::as_array).cloned(),
        None => None,
    };
    let key = value.get("key").unwrap_or(&Value::Null);
    let opaque = |mut base: FilterRule| {
        base.matches
            .push(values::fits(MatchOn::Opaque(format!("{} vmap", render(key)))));
        base.action = FilterAction::Other("vmap".to_owned());
        vec![base]
    };
    let Some(entries) = entries.filter(|entries| entries.len() <= 512) else {
        return opaque(base);
    };
    let mut rules = Vec::new();
    for entry in &entries {
        let [wanted, action] = entry.as_array().map_or(&[][..], Vec::as_slice) else {
            return opaque(base);
        };
        let wanted = unwrapped(wanted);
        let Some(action) = action
            .as_object()
            .and_then(|fields| fields.iter().next())
            .and_then(|(name, value)| verdict(name, value))
        else {
            return opaque(base);
        };
        let mut rule = base.clone();
        if wanted.as_str() != Some("*") {
            condition("==", key, wanted, scope, &mut rule.matches);
        }
        rule.action = action;
        rules.push(rule);
    }
    rules
}

fn named<'a>(name: &str, scope: &Scope<'a>) -> Option<&'a Vec<Value>> {
    let name = name.strip_prefix('@')?;
    let key = (scope.family.to_owned(), scope.table.to_owned(), name.to_owned());
    scope.sets.get(&key)
}

/// A set's element without its counters and timeouts.
fn unwrapped(value: &Value) -> &Value {
    value
        .get("elem")
        .and_then(|elem| elem.get("val"))
        .unwrap_or(value)
}

fn conditions(value: &Value, scope: &Scope<'_>, found: &mut Vec<FilterMatch>) {
    let op = text::text_of(value, "op").unwrap_or_else(|| "==".to_owned());
    let null = Value::Null;
    let left = value.get("left").unwrap_or(&null);
    let right = value.get("right").unwrap_or(&null);
    condition(&op, left, right, scope, found);
}

fn condition(op: &str, left: &Value, right: &Value, scope: &Scope<'_>, found: &mut Vec<FilterMatch>) {
    let negated = op == "!=";
    let comparable = matches!(op, "==" | "!=" | "in");
    let words = format!(
        "{} {}{}",
        render(left),
        if matches!(op, "!=" | "<" | ">" | "<=" | ">=" | "!") {
            format!("{op} ")
        } else {
            String::new()
        },
        render(right)
    );
    implied(left, negated, scope, found);
    let entries = entries(right, scope, 0);
    let on = match &entries {
        Some(entries) if comparable => looked_at(left, entries),
        Some(entries) => compared_ports(op, left, entries),
        None => None,
    };
    match on {
        Some(on) => found.push(FilterMatch { on, negated }),
        None => found.push(values::fits(MatchOn::Opaque(words))),
    }
}

/// Conditions that nft leaves out of its output because another implies them: `tcp dport` means TCP.
fn implied(left: &Value, negated: bool, scope: &Scope<'_>, found: &mut Vec<FilterMatch>) {
    let Some(payload) = payload_in(left, 0) else {
        return;
    };
    let protocol = text::text_of(payload, "protocol").unwrap_or_default();
    let new = match protocol.as_str() {
        "tcp" | "udp" | "icmp" | "icmpv6" | "sctp" | "dccp" | "udplite" | "esp" | "ah" => {
            MatchOn::Protocol(vec![protocol])
        }
        "ip" if negated && scope.family != "ip" => MatchOn::Source(vec![values::any_v4()]),
        "ip6" if negated && scope.family != "ip6" => MatchOn::Source(vec![values::any_v6()]),
        _ => return,
    };
    let new = values::fits(new);
    if !found.contains(&new) {
        found.push(new);
    }
}

fn payload_in(left: &Value, depth: u8) -> Option<&Value> {
    if let Some(payload) = left.get("payload") {
        return Some(payload);
    }
    if depth > 4 {
        return None;
    }
    let fields = left.as_object()?;
    fields
        .values()
        .filter_map(Value::as_array)
        .flatten()
        .find_map(|inner| payload_in(inner, depth + 1))
}

/// The values that a right side stands for; `None` when it cannot be listed.
fn entries(right: &Value, scope: &Scope<'_>, depth: u8) -> Option<Vec<Value>> {
    if depth > 4 {
        return None;
    }
    let all = |values: &[Value]| {
        let mut listed = Vec::new();
        for value in values {
            listed.extend(entries(value, scope, depth + 1)?);
            if listed.len() > values::MAX_ENTRIES {
                return None;
            }
        }
        Some(listed)
    };
    match right {
        Value::String(name) if name.starts_with('@') => all(named(name, scope)?),
        Value::Array(values) => all(values),
        Value::Object(fields) => {
            if let Some(Value::Array(values)) = fields.get("set").or_else(|| fields.get("|")) {
                return all(values);
            }
            if let Some(value) = fields.get("set").or_else(|| fields.get("elem")?.get("val")) {
                return entries(value, scope, depth + 1);
            }
            (fields.contains_key("prefix") || fields.contains_key("range")).then(|| vec![right.clone()])
        }
        Value::String(_) | Value::Number(_) => Some(vec![right.clone()]),
        Value::Bool(_) | Value::Null => None,
    }
}

fn word(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn all_words(entries: &[Value]) -> Option<Vec<String>> {
    entries.iter().map(word).collect()
}

/// What a condition looks at, when the model holds it.
fn looked_at(left: &Value, entries: &[Value]) -> Option<MatchOn> {
    if let Some(meta) = left.get("meta") {
        let words = all_words(entries)?;
        return Some(match text::text_of(meta, "key")?.as_str() {
            "iifname" | "iif" => MatchOn::InputAdapter(words),
            "oifname" | "oif" => MatchOn::OutputAdapter(words),
            "l4proto" => MatchOn::Protocol(words.iter().map(|word| values::protocol(word)).collect()),
            "nfproto" | "protocol" => {
                let nets: Option<Vec<IpNet>> = words
                    .iter()
                    .map(|word| match word.as_str() {
                        "ipv4" | "ip" | "2" => Some(values::any_v4()),
                        "ipv6" | "ip6" | "10" => Some(values::any_v6()),
                        _ => None,
                    })
                    .collect();
                MatchOn::Source(nets?)
            }
            "pkttype"
                if words
                    .iter()
                    .all(|word| word == "broadcast" || word == "multicast") =>
            {
                MatchOn::DestinationKind(words)
            }
            _ => return None,
        });
    }
    if let Some(payload) = left.get("payload") {
        let protocol = text::text_of(payload, "protocol")?;
        return Some(
            match (protocol.as_str(), text::text_of(payload, "field")?.as_str()) {
                ("ip" | "ip6", "saddr") => MatchOn::Source(nets(entries)?),
                ("ip" | "ip6", "daddr") => MatchOn::Destination(nets(entries)?),
                ("ip", "protocol") | ("ip6", "nexthdr") => MatchOn::Protocol(
                    all_words(entries)?
                        .iter()
                        .map(|word| values::protocol(word))
                        .collect(),
                ),
                ("tcp" | "udp" | "th" | "sctp" | "dccp" | "udplite", "dport") => {
                    MatchOn::DestinationPort(ports(entries)?)
                }
                ("tcp" | "udp" | "th" | "sctp" | "dccp" | "udplite", "sport") => {
                    MatchOn::SourcePort(ports(entries)?)
                }
                (kind @ ("icmp" | "icmpv6"), "type") => {
                    let types: Option<Vec<u8>> = entries
                        .iter()
                        .map(|entry| values::icmp_type(&word(entry)?, kind == "icmpv6"))
                        .collect();
                    MatchOn::IcmpType(types?)
                }
                _ => return None,
            },
        );
    }
    if let Some(ct) = left.get("ct") {
        let key = text::text_of(ct, "key")?;
        if key != "state" && key != "status" {
            return None;
        }
        let states: Option<Vec<_>> = entries
            .iter()
            .map(|entry| values::state(&word(entry)?).filter(|_| ct.get("dir").is_none()))
            .collect();
        return Some(MatchOn::State(states?));
    }
    if let Some(fib) = left.get("fib") {
        let flags = match fib.get("flags")? {
            Value::Array(flags) => all_words(flags)?,
            flag => vec![word(flag)?],
        };
        let is_kind = text::text_of(fib, "result").as_deref() == Some("type");
        return (is_kind && flags == ["daddr"])
            .then(|| all_words(entries).map(MatchOn::DestinationKind))
            .flatten();
    }
    None
}

fn compared_ports(op: &str, left: &Value, entries: &[Value]) -> Option<MatchOn> {
    let field = text::text_of(left.get("payload")?, "field")?;
    let [entry] = entries else { return None };
    let number = values::port(&word(entry)?)?;
    let range = match op {
        "<" => (0, number.checked_sub(1)?),
        "<=" => (0, number),
        ">" => (number.checked_add(1)?, u16::MAX),
        ">=" => (number, u16::MAX),
        _ => return None,
    };
    match field.as_str() {
        "dport" => Some(MatchOn::DestinationPort(vec![range])),
        "sport" => Some(MatchOn::SourcePort(vec![range])),
        _ => None,
    }
}

fn nets(entries: &[Value]) -> Option<Vec<IpNet>> {
    let mut nets = Vec::new();
    for entry in entries {
        if let Some(prefix) = entry.get("prefix") {
            let address: IpAddr = text::text_of(prefix, "addr")?.parse().ok()?;
            let length = u8::try_from(text::number_of(prefix, "len")?).ok()?;
            nets.push(IpNet::new(address, length).ok()?);
        } else if let Some(Value::Array(ends)) = entry.get("range") {
            let [first, last] = ends.as_slice() else {
                return None;
            };
            nets.extend(values::range(
                word(first)?.parse().ok()?,
                word(last)?.parse().ok()?,
            )?);
        } else {
            nets.push(IpNet::from(word(entry)?.parse::<IpAddr>().ok()?));
        }
        if nets.len() > values::MAX_ENTRIES {
            return None;
        }
    }
    Some(nets)
}

fn ports(entries: &[Value]) -> Option<Vec<(u16, u16)>> {
    entries
        .iter()
        .map(|entry| {
            if let Some(Value::Array(ends)) = entry.get("range") {
                let [first, last] = ends.as_slice() else {
                    return None;
                };
                return Some((values::port(&word(first)?)?, values::port(&word(last)?)?));
            }
            let port = values::port(&word(entry)?)?;
            Some((port, port))
        })
        .collect()
}

/// A rule in nft's own words.
fn render_rule(expressions: &[Value]) -> String {
    let words: Vec<String> = expressions
        .iter()
        .take(64)
        .filter_map(|expression| {
            let (name, value) = expression.as_object()?.iter().next()?;
            Some(render_statement(name, value))
        })
        .collect();
    words.join(" ")
}

fn render_statement(name: &str, value: &Value) -> String {
    let of = |key: &str| text::text_of(value, key);
    match name {
        "match" => {
            let op = of("op").unwrap_or_default();
            let null = Value::Null;
            let (left, right) = (
                value.get("left").unwrap_or(&null),
                value.get("right").unwrap_or(&null),
            );
            let op = if matches!(op.as_str(), "==" | "in") {
                String::new()
            } else {
                format!("{op} ")
            };
            let quoted = left.get("meta").is_some() && render(left).ends_with("ifname");
            format!("{} {op}{}", render(left), render_value(right, quoted, 0))
        }
        "counter" => match (of("packets"), of("bytes")) {
            (Some(packets), Some(bytes)) => format!("counter packets {packets} bytes {bytes}"),
            _ => "counter".to_owned(),
        },
        "jump" | "goto" => format!("{name} {}", of("target").unwrap_or_default()),
        "reject" => match (of("type"), of("expr")) {
            (Some(kind), Some(code)) => format!("reject with {kind} {code}"),
            (Some(kind), None) => format!("reject with {kind}"),
            _ => "reject".to_owned(),
        },
        "limit" => {
            let over = if of("inv").as_deref() == Some("true") {
                "over "
            } else {
                ""
            };
            format!(
                "limit rate {over}{}/{}",
                of("rate").unwrap_or_default(),
                of("per").unwrap_or_default()
            )
        }
        "log" => match of("prefix") {
            Some(prefix) => format!("log prefix {prefix:?}"),
            None => "log".to_owned(),
        },
        "xt" => format!(
            "xt {} {:?}",
            of("type").unwrap_or_default(),
            of("name").unwrap_or_default()
        ),
        "masquerade" | "snat" | "dnat" | "redirect" => {
            let address = value.get("addr").map(|value| render_value(value, false, 0));
            let port = value.get("port").map(|value| render_value(value, false, 0));
            match (address, port) {
                (None, None) => name.to_owned(),
                (Some(address), None) => format!("{name} to {address}"),
                (address, Some(port)) => format!("{name} to {}:{port}", address.unwrap_or_default()),
            }
        }
        "vmap" => format!(
            "{} vmap {}",
            value.get("key").map(render).unwrap_or_default(),
            value
                .get("data")
                .map(|data| render_value(data, false, 0))
                .unwrap_or_default()
        ),
        _ if value.is_null() => name.to_owned(),
        "mangle" => format!(
            "{} set {}",
            value.get("key").map(render).unwrap_or_default(),
            value.get("value").map(render).unwrap_or_default()
        ),
        _ => format!("{name} {}", render(value)),
    }
}

/// An expression in nft's own words.
fn render(value: &Value) -> String {
    render_value(value, false, 0)
}

fn render_value(value: &Value, quoted: bool, depth: u8) -> String {
    if depth > 6 {
        return "…".to_owned();
    }
    let inner = |value: &Value| render_value(value, quoted, depth + 1);
    let list = |values: &[Value], between: &str| {
        let mut words: Vec<String> = values.iter().take(32).map(inner).collect();
        if values.len() > words.len() {
            words.push("…".to_owned());
        }
        words.join(between)
    };
    match value {
        Value::String(text) if quoted && !text.starts_with('@') => format!("\"{text}\""),
        Value::String(text) => text.clone(),
        Value::Number(_) | Value::Bool(_) => value.to_string(),
        Value::Null => String::new(),
        Value::Array(values) => list(values, ","),
        Value::Object(fields) => {
            let Some((name, value)) = fields.iter().next() else {
                return String::new();
            };
            let of = |key: &str| text::text_of(value, key).unwrap_or_default();
            match name.as_str() {
                "meta" => match of("key").as_str() {
                    key @ ("iifname" | "oifname" | "iif" | "oif") => key.to_owned(),
                    key => format!("meta {key}"),
                },
                "payload" => format!("{} {}", of("protocol"), of("field")),
                "ct" => format!("ct {}", of("key")),
                "fib" => format!(
                    "fib {} {}",
                    value.get("flags").map(inner).unwrap_or_default(),
                    of("result")
                ),
                "prefix" => format!("{}/{}", of("addr"), of("len")),
                "range" => value.as_array().map(|ends| list(ends, "-")).unwrap_or_default(),
                "set" => match value {
                    Value::Array(values) => {
                        let entry = |value: &Value| match value.as_array().map(Vec::as_slice) {
                            Some([key, verdict]) => {
                                let verdict = verdict.as_object().and_then(|fields| fields.iter().next());
                                let verdict = verdict
                                    .map(|(name, value)| render_statement(name, value))
                                    .unwrap_or_default();
                                format!("{} : {verdict}", inner(key))
                            }
                            _ => inner(value),
                        };
                        let words: Vec<String> = values.iter().take(32).map(entry).collect();
                        format!("{{ {} }}", words.join(", "))
                    }
                    other => inner(other),
                },
                "concat" => value
                    .as_array()
                    .map(|values| list(values, " . "))
                    .unwrap_or_default(),
                "elem" => value.get("val").map(inner).unwrap_or_default(),
                "|" | "&" | "^" | "<<" | ">>" => value
                    .as_array()
                    .map(|values| list(values, &format!(" {name} ")))
                    .unwrap_or_default(),
                _ => value
                    .as_object()
                    .map_or_else(|| name.clone(), |_| format!("{name} {value}")),
            }
        }
    }
}

/// Takes `nft -j list ruleset` into the case.
pub fn ruleset_json(text: &str, case: &mut Case, on: Place, command: &str) {
    match parse_nft_json(text) {
        Ok((chains, whole)) => {
            let call = crate::parse::command::call(command);
            let all = command.is_empty() || call.words().any(|word| word == "ruleset");
            take::nft(case, on, chains, whole && all, command);
        }
        Err(gap) => {
            let why = format!("not understood: {}", gap.detail);
            merge::unread(case, "packet filter (nft)", &why, "sudo nft -j list ruleset");
        }
    }
}
