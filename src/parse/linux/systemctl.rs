//! `systemctl is-active` and `systemctl status`.

use crate::model::{Case, Place, Service, ServiceState, StartMode};
use crate::parse::command;
use crate::parse::merge;

/// Whether the line is an answer of `systemctl is-active`.
pub fn is_state_line(line: &str) -> bool {
    state(line.trim()).is_some()
}

fn state(word: &str) -> Option<ServiceState> {
    Some(match word {
        "active" | "activating" | "reloading" => ServiceState::Running,
        "inactive" | "deactivating" => ServiceState::Stopped,
        "failed" => ServiceState::Failed,
        "unknown" => ServiceState::Unknown,
        _ => return None,
    })
}

/// A unit's full name: `libvirtd` is `libvirtd.service`.
fn unit(name: &str) -> String {
    if name.contains('.') {
        name.to_owned()
    } else {
        format!("{name}.service")
    }
}

/// Reads `systemctl is-active UNIT …`: one line a unit.
pub fn is_active(text: &str, case: &mut Case, on: Place, command: &str) {
    let call = command::call(command);
    let states = text.lines().filter_map(|line| state(line.trim()));
    let found: Vec<Service> = call
        .words()
        .skip(1)
        .zip(states)
        .map(|(name, state)| Service {
            name: unit(name),
            state,
            start: StartMode::Unknown,
            source: String::new(),
        })
        .collect();
    if let Some(system) = case.system_mut(on) {
        merge::services(system, found, command);
    }
}

/// Whether the line stands in `systemctl status`.
pub fn is_status_line(line: &str) -> bool {
    let line = line.trim_start();
    title(line).is_some()
        || line.starts_with("Loaded: loaded (")
        || line.starts_with("Active: active (")
        || line.starts_with("Active: inactive (")
        || (line.starts_with("Unit ") && line.contains("could not be found"))
}

fn title(line: &str) -> Option<&str> {
    let name = line
        .strip_prefix(['●', '○', '×', '*'])?
        .split_whitespace()
        .next()?;
    (name.contains('.') && !name.starts_with('.')).then_some(name)
}

/// Reads `systemctl status UNIT …`.
pub fn status(text: &str, case: &mut Case, on: Place, command: &str) {
    let mut found: Vec<Service> = Vec::new();
    let named = |name: &str| Service {
        name: unit(name),
        state: ServiceState::Unknown,
        start: StartMode::Unknown,
        source: String::new(),
    };
    for line in text.lines() {
        let line = line.trim_start();
        if let Some(name) = title(line) {
            found.push(named(name));
        } else if let Some(rest) = line.strip_prefix("Unit ")
            && let Some((name, _)) = rest.split_once(" could not be found")
        {
            found.push(Service {
                state: ServiceState::Missing,
                ..named(name)
            });
        } else if let Some(service) = found.last_mut() {
            if let Some(rest) = line.strip_prefix("Active: ") {
                let word = rest.split_whitespace().next().unwrap_or_default();
                service.state = state(word).unwrap_or_default();
            } else if let Some(rest) = line.strip_prefix("Loaded: ") {
                service.start = match rest.split(';').nth(1).map(str::trim) {
                    Some("enabled" | "enabled-runtime") => StartMode::Automatic,
                    Some("disabled") => StartMode::Manual,
                    Some("masked") => StartMode::Disabled,
                    _ if rest.starts_with("masked") => StartMode::Disabled,
                    _ => StartMode::Unknown,
                };
                if rest.starts_with("not-found") {
                    service.state = ServiceState::Missing;
                }
            }
        }
    }
    if let Some(system) = case.system_mut(on) {
        merge::services(system, found, command);
    }
}
