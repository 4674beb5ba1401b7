//! `ethtool -k`: work that a card takes over from the system.

use crate::model::{Case, Place};
use crate::parse::command::Call;

/// Most entries that are kept of one card.
const MAX: usize = 128;

/// Whether the call is `ethtool -k NAME`.
pub fn is_call(call: &Call) -> bool {
    call.is(&["ethtool"])
        && call
            .args
            .iter()
            .any(|word| word == "-k" || word == "--show-features" || word == "--show-offload")
}

/// Whether the line is the heading of the list.
pub fn is_line(line: &str) -> bool {
    heading(line).is_some()
}

fn heading(line: &str) -> Option<&str> {
    let name = line.strip_prefix("Features for ")?.trim().strip_suffix(':')?;
    (!name.is_empty() && !name.contains(char::is_whitespace)).then_some(name)
}

/// Reads `ethtool -k`. Adapters that are not known are none.
pub fn read(text: &str, case: &mut Case, on: Place, _command: &str) {
    let Some(adapters) = case.system_mut(on).and_then(|system| system.adapters.value_mut()) else {
        return;
    };
    let mut at = None;
    for line in text.lines() {
        if let Some(name) = heading(line) {
            at = adapters.iter().position(|adapter| adapter.name == name);
            if let Some(adapter) = at.and_then(|at| adapters.get_mut(at)) {
                adapter.offloads.clear();
            }
            continue;
        }
        let Some(adapter) = at.and_then(|at| adapters.get_mut(at)) else {
            continue;
        };
        let Some((name, state)) = line.trim().split_once(": ") else {
            continue;
        };
        // `off [fixed]`, `on [requested off]`
        let state = match state.split_whitespace().next() {
            Some("on") => true,
            Some("off") => false,
            _ => continue,
        };
        if adapter.offloads.len() < MAX && name.len() < 100 {
            adapter.offloads.push((name.to_owned(), state));
        }
    }
}
