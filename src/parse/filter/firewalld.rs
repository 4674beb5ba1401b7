//! firewalld: whether it runs, and which adapter is in which zone.

use super::take;
use crate::model::{Case, FilterManager, Place};
use crate::parse::merge;

/// A line that hardly stands in any other output.
pub fn is_line(line: &str) -> bool {
    let text = line.trim();
    (line.starts_with("  ") || line.starts_with('\t'))
        && (text.starts_with("icmp-block-inversion:")
            || text.starts_with("interfaces:")
            || text.starts_with("forward-ports:")
            || text.starts_with("source-ports:")
            || text.starts_with("icmp-blocks:")
            || text.starts_with("rich rules:")
            || text.starts_with("rule priority=")
            || text == "target: default"
            || text == "target: ACCEPT"
            || text == "target: DROP")
}

/// Zones with the adapters that are in them.
pub fn parse_zones(text: &str) -> Vec<(String, Vec<String>)> {
    let mut zones: Vec<(String, Vec<String>)> = Vec::new();
    for line in text.lines() {
        if line.trim().is_empty() {
            continue;
        }
        if !line.starts_with([' ', '\t']) {
            let mut words = line.split_whitespace();
            let name = words.next().unwrap_or_default();
            let marks = words.collect::<Vec<_>>().join(" ");
            let named = name
                .chars()
                .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/'));
            if named && (marks.is_empty() || marks.starts_with('(')) && zones.len() < 1000 {
                zones.push((name.to_owned(), Vec::new()));
            }
        } else if let Some(rest) = line.trim().strip_prefix("interfaces:")
            && let Some((_, adapters)) = zones.last_mut()
        {
            adapters.extend(rest.split_whitespace().take(256).map(str::to_owned));
        }
    }
    zones
}

/// Takes `firewall-cmd --get-active-zones` or `--list-all-zones` into the case.
pub fn zones(text: &str, case: &mut Case, on: Place, command: &str) {
    if not_running(text, case, on, command) {
        return;
    }
    let zones = parse_zones(text);
    if zones.iter().all(|(_, adapters)| adapters.is_empty()) && !text.contains("interfaces:") {
        merge::unread(case, "firewalld zones", "not understood", command);
        return;
    }
    let Some(system) = case.system_mut(on) else { return };
    take::manager(system, FilterManager::Firewalld, command);
    for (zone, adapters) in zones {
        for name in adapters {
            // A zone says nothing of an adapter's addresses: it names none into a list that is not known. The
            // switch keeps the zone until the list is.
            system
                .kernel
                .fill(&crate::parse::text::source(command))
                .insert(format!("firewalld.zone.{name}"), zone.clone());
            if system.adapter(&name).is_some() {
                merge::adapter(system, &name, command).profile = Some(zone.clone());
            }
        }
    }
}

/// Takes `firewall-cmd --state` into the case.
pub fn state(text: &str, case: &mut Case, on: Place, command: &str) {
    if not_running(text, case, on, command) {
        return;
    }
    let Some(system) = case.system_mut(on) else { return };
    if text.lines().any(|line| line.trim() == "running") {
        take::manager(system, FilterManager::Firewalld, command);
    }
}

fn not_running(text: &str, case: &mut Case, on: Place, command: &str) -> bool {
    let lower = text.to_lowercase();
    let stopped = lower.trim() == "not running" || lower.contains("firewalld is not running");
    if stopped && let Some(system) = case.system_mut(on) {
        take::no_manager(system, FilterManager::Firewalld, command);
    }
    stopped
}
