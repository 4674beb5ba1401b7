//! `launchctl print-disabled system`.

use crate::model::{Case, Place, Service, ServiceState, StartMode};
use crate::parse::merge;

/// Whether the line stands in the answer: `"com.apple.bootpd" => disabled`; older systems print `true`.
pub fn is_line(line: &str) -> bool {
    entry(line).is_some() || line.trim() == "disabled services = {"
}

fn entry(line: &str) -> Option<(&str, StartMode)> {
    let (name, state) = line.trim().split_once("\" => ")?;
    let start = match state.trim() {
        "disabled" | "true" => StartMode::Disabled,
        "enabled" | "false" => StartMode::Manual,
        _ => return None,
    };
    Some((name.strip_prefix('"')?, start))
}

/// Reads which services launchd may not start.
pub fn disabled(text: &str, case: &mut Case, on: Place, command: &str) {
    let found = text
        .lines()
        .filter_map(entry)
        .take(2000)
        .map(|(name, start)| Service {
            name: name.to_owned(),
            state: ServiceState::Unknown,
            start,
            source: String::new(),
        });
    let found = found.collect();
    if let Some(system) = case.system_mut(on) {
        merge::services(system, found, command);
    }
}
