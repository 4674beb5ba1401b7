//! Two cases side by side: what a fix changed, and whether the cause that was named is gone.
//!
//! Only what was read both times is compared: a table that was not read again says nothing of what changed in it.

use std::collections::BTreeMap;
use std::net::IpAddr;

use serde::Serialize;

use super::{Confidence, Diagnosis, Finding, Station, StationVerdict, Verdict};
use crate::model::{Adapter, Case, FilterAction, Neighbor, Place, PolicyRule, Probe, ProbeResult, System};

/// Most changes that are told.
pub const MAX_CHANGES: usize = 100;

/// What is different now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// The change of the answer.
    pub outcome: Outcome,
    /// The cause that was named first before, and what became of it.
    pub cause: Option<(&'static str, Fate)>,
    /// Causes that are named now and were not before.
    pub new: Vec<&'static str>,
    /// What was read and is different, at most [`MAX_CHANGES`].
    pub changes: Vec<Change>,
}

/// The change of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It passed before and passes now.
    StillFine,
    /// It passes now.
    Cured,
    /// It passed before and does not now.
    Worse,
    /// It does not pass, for the same reason.
    Same,
    /// It does not pass; what was in the way is gone, and something else is named.
    Other,
    /// It does not pass, and what became of what was in the way is not known.
    Unclear,
}

/// What became of a cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// It is named no more, and the traffic passes, or was seen to come as far as its station.
    Gone,
    /// It is still named.
    StillThere,
    /// It is not named, but too little is known now to say that it is gone.
    Unknown,
}

/// One thing that is different.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Change {
    /// The machine.
    pub on: Place,
    /// What it is.
    pub what: Subject,
    /// Its name; empty where the values speak for themselves.
    pub name: String,
    /// What it was; `None` when it was not there.
    pub before: Option<String>,
    /// What it is; `None` when it is gone.
    pub after: Option<String>,
}

/// What a change is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// What a probe showed.
    Probe,
    /// A machine of the product.
    Machine,
    /// A virtual network.
    Network,
    /// An adapter.
    Adapter,
    /// A row of the routing tables.
    Route,
    /// A policy rule.
    PolicyRule,
    /// An entry of the neighbor table.
    Neighbor,
    /// A rule or a policy of the packet filter.
    Filter,
    /// A profile of the firewall.
    Profile,
    /// A switch of the kernel.
    KernelSwitch,
    /// A service.
    Service,
    /// An open port.
    Listener,
}

impl Subject {
    /// The key of its name.
    pub fn key(self) -> &'static str {
        match self {
            Self::Probe => "fact-probe",
            Self::Machine => "fact-vm-state",
            Self::Network => "fact-network",
            Self::Adapter => "fact-adapter",
            Self::Route => "fact-route",
            Self::PolicyRule => "fact-policy-rule",
            Self::Neighbor => "fact-neighbor",
            Self::Filter => "fact-filter-rule",
            Self::Profile => "fact-profile",
            Self::KernelSwitch => "fact-kernel-switch",
            Self::Service => "fact-service",
            Self::Listener => "fact-listener",
        }
    }
}

/// Compares a case and its answer with a later case and its answer. Raw outputs must have been taken in before.
pub fn compare(before: (&Case, &Diagnosis), after: (&Case, &Diagnosis)) -> Comparison {
    let (old, new) = (before.1, after.1);
    let named = |diagnosis: &Diagnosis, id: &str| diagnosis.causes.iter().any(|cause| cause.id == id);
    let cause = old.causes.first().map(|cause| (cause.id, fate(cause, new)));
    let outcome = match (old.verdict, new.verdict) {
        (Verdict::Reachable, Verdict::Reachable) => Outcome::StillFine,
        (_, Verdict::Reachable) => Outcome::Cured,
        (Verdict::Reachable, _) => Outcome::Worse,
        _ => match cause {
            Some((_, Fate::StillThere)) => Outcome::Same,
            Some((_, Fate::Gone)) if !new.causes.is_empty() => Outcome::Other,
            _ => Outcome::Unclear,
        },
    };
    let mut changes = changes(before.0, after.0);
    changes.sort();
    changes.dedup();
    changes.truncate(MAX_CHANGES);
    Comparison {
        outcome,
        cause,
        new: new
            .causes
            .iter()
            .map(|cause| cause.id)
            .filter(|id| !named(old, id))
            .collect(),
        changes,
    }
}

/// What became of a cause. That it is named no more proves nothing by itself: what stops the traffic before its station
/// now hides it.
fn fate(cause: &Finding, new: &Diagnosis) -> Fate {
    if new.causes.iter().any(|other| other.id == cause.id) {
        return Fate::StillThere;
    }
    match new.verdict {
        Verdict::Reachable => Fate::Gone,
        Verdict::Inconclusive => Fate::Unknown,
        _ if reached(new, cause.station) => Fate::Gone,
        _ => Fate::Unknown,
    }
}

/// Whether the check came as far as a station: it is known to let pass, or something else is known for sure to stop there.
fn reached(diagnosis: &Diagnosis, station: Station) -> bool {
    let proved = diagnosis
        .causes
        .iter()
        .any(|cause| cause.station == station && cause.confidence == Confidence::Confirmed);
    diagnosis
        .path
        .iter()
        .filter(|step| step.station == station)
        .any(|step| match step.verdict {
            StationVerdict::Ok => true,
            StationVerdict::Broken => proved,
            StationVerdict::Unknown | StationVerdict::NotReached => false,
        })
}

/// Rows by the name under which they are looked for.
type Table = BTreeMap<String, String>;

fn changes(before: &Case, after: &Case) -> Vec<Change> {
    let mut changes = Vec::new();
    for place in [Place::Host, Place::Guest, Place::Guest2, Place::Lan] {
        if let (Some(old), Some(new)) = (before.system(place), after.system(place)) {
            of_system(place, old, new, &mut changes);
        }
    }
    let products = |case: &Case, read: fn(&Case) -> Option<Table>| read(case);
    let mut of_products = |what, read: fn(&Case) -> Option<Table>| {
        let (old, new) = (products(before, read), products(after, read));
        differ(Place::Host, what, old, new, &mut changes);
    };
    of_products(Subject::Machine, machines);
    of_products(Subject::Network, networks);
    of_probes(before, after, &mut changes);
    changes
}

fn of_system(on: Place, old: &System, new: &System, changes: &mut Vec<Change>) {
    let mut both = |what, read: fn(&System) -> Option<Table>| differ(on, what, read(old), read(new), changes);
    both(Subject::Adapter, |system| {
        let rows = system.adapters.value()?.iter();
        Some(
            rows.map(|adapter| (adapter.name.clone(), adapter_text(adapter)))
                .collect(),
        )
    });
    both(Subject::Route, |system| {
        let rows = system.routes.value()?.iter().filter(|row| !row.dead);
        Some(rows.map(|row| (row.describe(), row.describe())).collect())
    });
    both(Subject::PolicyRule, |system| {
        let rows = system.rules.value()?.iter().map(rule_text);
        Some(rows.map(|rule| (rule.clone(), rule)).collect())
    });
    both(Subject::Neighbor, |system| {
        let rows = system.neighbors.value()?.iter();
        let rows = rows.filter(|entry| entry.mac.is_some() || entry.is_missing());
        Some(
            rows.map(|entry| (neighbor_name(entry), neighbor_text(entry)))
                .collect(),
        )
    });
    both(Subject::Filter, filter_rows);
    both(Subject::Profile, |system| {
        let rows = system.firewall.value()?.profiles.iter();
        let text = |profile: &crate::model::FirewallProfile| {
            let on = if profile.enabled == Some(true) {
                "on"
            } else {
                "off"
            };
            let inbound = match (profile.blocks_all_inbound, profile.blocks_inbound) {
                (Some(true), _) => ", all inbound blocked",
                (_, Some(true)) => ", inbound blocked",
                (_, Some(false)) => ", inbound allowed",
                _ => "",
            };
            format!("{on}{inbound}")
        };
        Some(
            rows.map(|profile| (profile.name.clone(), text(profile)))
                .collect(),
        )
    });
    both(Subject::KernelSwitch, |system| system.kernel.value().cloned());
    both(Subject::Service, |system| {
        let rows = system.services.value()?.iter();
        Some(
            rows.map(|service| (service.name.clone(), word(service.state)))
                .collect(),
        )
    });
    both(Subject::Listener, |system| {
        let rows = system.listeners.value()?.iter();
        let text =
            |own: &crate::model::Listener| format!("{} {}:{}", word(own.protocol), own.address, own.port);
        Some(rows.map(|own| (text(own), text(own))).collect())
    });
}

/// Tells what differs between two tables that were both read. A row that is its own name has none.
fn differ(on: Place, what: Subject, old: Option<Table>, new: Option<Table>, changes: &mut Vec<Change>) {
    let (Some(old), Some(new)) = (old, new) else {
        return;
    };
    let mut add = |name: &str, before: Option<&String>, after: Option<&String>| {
        let own_name = before.or(after).is_some_and(|value| value == name);
        changes.push(Change {
            on,
            what,
            name: if own_name { String::new() } else { name.to_owned() },
            before: before.cloned(),
            after: after.cloned(),
        });
    };
    for (name, before) in &old {
        let after = new.get(name);
        if after != Some(before) {
            add(name, Some(before), after);
        }
    }
    for (name, after) in new.iter().filter(|(name, _)| !old.contains_key(*name)) {
        add(name, None, Some(after));
    }
}

fn word<T: Serialize>(value: T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

fn adapter_text(adapter: &Adapter) -> String {
    let mut words: Vec<String> = Vec::new();
    match (adapter.enabled, adapter.carrier) {
        (Some(false), _) => words.push("down".to_owned()),
        (Some(true), Some(false)) => words.push("up, no carrier".to_owned()),
        (Some(true), _) => words.push("up".to_owned()),
        (None, _) => {}
    }
    words.extend(adapter.nets().map(|net| net.to_string()));
    words.extend(adapter.master.iter().map(|master| format!("master {master}")));
    words.extend(adapter.profile.iter().cloned());
    words.join(" ")
}

fn rule_text(rule: &PolicyRule) -> String {
    let mut text = rule.priority.to_string();
    for (name, net) in [("from", rule.from), ("to", rule.to)] {
        if let Some(net) = net {
            text.push_str(&format!(" {name} {net}"));
        }
    }
    text.push_str(&format!(" {:?}", rule.action).to_lowercase());
    text
}

fn neighbor_name(entry: &Neighbor) -> String {
    let adapter = entry.adapter.as_deref().unwrap_or_default();
    format!("{} {adapter}", entry.address).trim_end().to_owned()
}

/// Who answers for it: a confirmed entry and one that has grown old are the same.
fn neighbor_text(entry: &Neighbor) -> String {
    match entry.mac.filter(|_| !entry.is_missing()) {
        Some(mac) => mac.to_string(),
        None => "nobody answers".to_owned(),
    }
}

/// Policies by chain; rules by chain and text, since they have no names, counted where one stands several times.
fn filter_rows(system: &System) -> Option<Table> {
    let filter = system.filter.value()?;
    let mut rows = Table::new();
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    for chain in &filter.chains {
        let place = format!("{} {}", chain.table, chain.name);
        if let Some(policy) = &chain.policy {
            let policy = match policy {
                FilterAction::Accept => "policy accept",
                FilterAction::Drop => "policy drop",
                _ => "policy",
            };
            rows.insert(format!("{place} ({})", word(chain.family)), policy.to_owned());
        }
        for rule in &chain.rules {
            *counts
                .entry(format!("{place}: {}", without_counters(&rule.text)))
                .or_default() += 1;
        }
    }
    for (rule, count) in counts {
        let times = if count > 1 {
            format!("{rule} (×{count})")
        } else {
            rule
        };
        rows.insert(times.clone(), times);
    }
    Some(rows)
}

/// A rule's text without the numbers that change by themselves.
fn without_counters(text: &str) -> String {
    let mut words = text.split_whitespace();
    let mut kept: Vec<&str> = Vec::new();
    while let Some(word) = words.next() {
        if word == "counter" {
            // `counter packets 12 bytes 345`
            let mut rest = words.clone();
            if rest.next() == Some("packets") && rest.nth(1) == Some("bytes") {
                words.nth(3);
            }
            continue;
        }
        kept.push(word);
    }
    kept.join(" ")
}

fn machines(case: &Case) -> Option<Table> {
    let mut rows = Table::new();
    let mut known = false;
    for product in &case.hypervisors {
        let Some(machines) = product.machines.value() else {
            continue;
        };
        known = true;
        for machine in machines {
            rows.insert(machine.name.clone(), word(machine.state));
            for nic in &machine.nics {
                let mut words = vec![nic.mode.name().to_owned()];
                words.extend(nic.network.iter().cloned());
                words.extend(nic.uplink.iter().cloned());
                match nic.cable_connected {
                    Some(false) => words.push("cable out".to_owned()),
                    Some(true) => words.push("cable in".to_owned()),
                    None => {}
                }
                rows.insert(format!("{} {}", machine.name, nic.slot), words.join(" "));
            }
        }
    }
    known.then_some(rows)
}

fn networks(case: &Case) -> Option<Table> {
    let mut rows = Table::new();
    let mut known = false;
    for product in &case.hypervisors {
        let Some(networks) = product.networks.value() else {
            continue;
        };
        known = true;
        for network in networks {
            let mut words = vec![network.mode.name().to_owned()];
            match network.active {
                Some(true) => words.push("active".to_owned()),
                Some(false) => words.push("inactive".to_owned()),
                None => {}
            }
            words.extend(network.segment.iter().map(ToString::to_string));
            words.extend(network.host_adapter.iter().cloned());
            rows.insert(network.name.clone(), words.join(" "));
        }
    }
    known.then_some(rows)
}

/// What was tried both times and came out otherwise.
fn of_probes(before: &Case, after: &Case, changes: &mut Vec<Change>) {
    let latest = |case: &Case| -> BTreeMap<(Place, String), String> {
        let told = case.probes.iter().filter_map(|probe| {
            let (name, outcome) = probe_text(probe)?;
            Some(((probe.from, name), outcome))
        });
        // Where two speak of the same thing, the later one holds.
        told.collect()
    };
    let (old, new) = (latest(before), latest(after));
    for ((on, name), outcome) in &old {
        if let Some(now) = new.get(&(*on, name.clone()))
            && now != outcome
        {
            changes.push(Change {
                on: *on,
                what: Subject::Probe,
                name: name.clone(),
                before: Some(outcome.clone()),
                after: Some(now.clone()),
            });
        }
    }
}

/// What a probe asked and what came of it, without times, which are never twice the same.
fn probe_text(probe: &Probe) -> Option<(String, String)> {
    let to = |address: Option<IpAddr>| address.map(|address| address.to_string());
    Some(match &probe.result {
        ProbeResult::Echo(echo) => {
            let size = echo.size.map(|size| format!(" {size} B")).unwrap_or_default();
            let from = echo
                .source
                .map(|source| format!(" from {source}"))
                .unwrap_or_default();
            let outcome = match (echo.received, echo.errors.first()) {
                (0, Some(error)) => word(error.kind),
                (0, None) => "no answer".to_owned(),
                _ => "answered".to_owned(),
            };
            (format!("echo {}{size}{from}", to(probe.to)?), outcome)
        }
        ProbeResult::Tcp { port, outcome, .. } => (format!("TCP {} {port}", to(probe.to)?), word(*outcome)),
        ProbeResult::Neighbor(check) => {
            let outcome = match check.answered? {
                true => "answered",
                false => "nobody answers",
            };
            (format!("neighbor {}", to(probe.to)?), outcome.to_owned())
        }
        ProbeResult::Name(result) => (format!("name {}", result.name), word(result.outcome)),
        ProbeResult::PathMtu(mtu) => {
            let passed = mtu.passed.map(|bytes| bytes.to_string()).unwrap_or_default();
            (format!("packet size {}", to(probe.to)?), passed)
        }
        ProbeResult::Dhcp { address, .. } => (
            "DHCP".to_owned(),
            to(*address).unwrap_or_else(|| "no answer".to_owned()),
        ),
        ProbeResult::Trace { .. } => return None,
    })
}

#[cfg(test)]
mod tests;
