//! `sc query`, `sc qc` and `Get-Service`.

use crate::model::{Case, Place, Service, ServiceState, StartMode};
use crate::parse::command;
use crate::parse::merge;
use crate::parse::text::{json_rows, powershell_rows, text_of};

/// Whether the line stands in the answer of `sc`.
pub fn is_sc_line(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("SERVICE_NAME:") || line.starts_with("[SC] ") || line.starts_with("WIN32_EXIT_CODE")
}

/// Reads `sc query [NAME]` and `sc qc NAME`. The field names and numbers are not translated.
pub fn sc(text: &str, case: &mut Case, on: Place, command: &str) {
    let call = command::call(command);
    let mut found: Vec<Service> = Vec::new();
    let asked = call
        .words()
        .find(|word| !["query", "queryex", "qc"].contains(&word.to_lowercase().as_str()))
        .map(str::to_owned);
    for line in text.lines() {
        let trimmed = line.trim();
        if let Some(rest) = trimmed.strip_prefix("[SC] ") {
            // ERROR_SERVICE_DOES_NOT_EXIST is 1060.
            if rest.contains("1060")
                && let Some(name) = &asked
            {
                found.push(service(name, ServiceState::Missing));
            }
            continue;
        }
        let Some((key, value)) = trimmed.split_once(':') else {
            continue;
        };
        let (key, value) = (key.trim(), value.trim());
        let code = value.split_whitespace().next().unwrap_or_default();
        match (key, found.last_mut()) {
            ("SERVICE_NAME", _) => found.push(service(value, ServiceState::Unknown)),
            ("STATE", Some(last)) => {
                last.state = match code {
                    "4" => ServiceState::Running,
                    "1" | "3" | "7" => ServiceState::Stopped,
                    _ => ServiceState::Unknown,
                };
            }
            ("START_TYPE", Some(last)) => {
                last.start = match code {
                    "2" => StartMode::Automatic,
                    "3" => StartMode::Manual,
                    "4" => StartMode::Disabled,
                    _ => StartMode::Unknown,
                };
            }
            _ => {}
        }
    }
    if let Some(system) = case.system_mut(on) {
        merge::services(system, found, command);
    }
}

fn service(name: &str, state: ServiceState) -> Service {
    Service {
        name: name.to_owned(),
        state,
        start: StartMode::Unknown,
        source: String::new(),
    }
}

/// Whether the line heads the table of `Get-Service`.
pub fn is_get_service_line(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    words == ["Status", "Name", "DisplayName"]
}

/// Reads `Get-Service`: JSON and table.
pub fn get_service(text: &str, case: &mut Case, on: Place, command: &str) {
    let rows = match text.trim_start().starts_with(['[', '{']) {
        true => json_rows(text).0,
        false => powershell_rows(text),
    };
    let found: Vec<Service> = rows
        .iter()
        .filter_map(|row| {
            let name = text_of(row, "Name")?;
            let status = text_of(row, "Status").unwrap_or_default();
            let start = text_of(row, "StartType").unwrap_or_default();
            Some(Service {
                state: match status.to_lowercase().as_str() {
                    "4" | "running" => ServiceState::Running,
                    "1" | "3" | "7" | "stopped" | "stoppending" | "paused" => ServiceState::Stopped,
                    _ => ServiceState::Unknown,
                },
                start: match start.to_lowercase().as_str() {
                    "2" | "automatic" => StartMode::Automatic,
                    "3" | "manual" => StartMode::Manual,
                    "4" | "disabled" => StartMode::Disabled,
                    _ => StartMode::Unknown,
                },
                source: String::new(),
                name,
            })
        })
        .collect();
    if let Some(system) = case.system_mut(on) {
        merge::services(system, found, command);
    }
}
