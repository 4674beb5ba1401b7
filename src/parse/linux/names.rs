//! `resolvectl` and `/etc/os-release`.

use crate::model::{Case, Fact, Place};
use crate::parse::command::Call;
use crate::parse::merge;
use crate::parse::text::{address, source};

/// Whether the line stands in `resolvectl status`.
pub fn is_resolvectl_line(line: &str) -> bool {
    let line = line.trim_start();
    ["Current DNS Server:", "resolv.conf mode:", "Current Scopes:"]
        .iter()
        .any(|word| line.starts_with(word))
        || link(line).is_some()
}

/// `Link 2 (enp0s3)`.
fn link(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("Link ")?;
    let (number, name) = rest.split_once(" (")?;
    let (name, _) = name.split_once(')')?;
    number.parse::<u32>().is_ok().then_some(name)
}

/// Reads `resolvectl [status|dns]`: the servers of the machine and of each adapter.
pub fn resolvectl(text: &str, case: &mut Case, on: Place, command: &str) {
    let Some(system) = case.system_mut(on) else { return };
    let mut all = Vec::new();
    let mut at: Option<String> = None;
    let mut listing = false;
    for line in text.lines() {
        let trimmed = line.trim();
        if let Some(name) = link(trimmed) {
            at = Some(name.to_owned());
        } else if trimmed == "Global" {
            at = None;
        }
        let (key, value) = trimmed.split_once(':').unwrap_or(("", trimmed));
        let key_line = line.contains(": ") || line.trim_end().ends_with(':');
        if key_line {
            // `resolvectl dns` prints `Link 2 (enp0s3): 10.0.2.3`.
            listing = key.starts_with("DNS Server") || link(key).is_some() || key == "Global";
        }
        if !listing {
            continue;
        }
        let words = if key_line { value } else { trimmed };
        for server in words.split_whitespace().filter_map(address) {
            if !all.contains(&server) {
                all.push(server);
            }
            let named = at.as_ref().and_then(|name| {
                system
                    .adapters
                    .value_mut()?
                    .iter_mut()
                    .find(|adapter| adapter.name == *name)
            });
            if let Some(adapter) = named
                && !adapter.dns.contains(&server)
            {
                adapter.dns.push(server);
            }
        }
    }
    if !all.is_empty() {
        merge::name_servers(system, all, command);
    } else if !system.dns.is_known() {
        system.dns = Fact::known(Vec::new(), source(command));
    }
}

/// Whether the call prints `/etc/os-release`.
pub fn is_os_release(call: &Call) -> bool {
    call.file().is_some_and(|path| path.ends_with("/os-release")) || call.is(&["lsb_release", "hostnamectl"])
}

/// Whether the line stands in `/etc/os-release` and its like.
pub fn is_os_release_line(line: &str) -> bool {
    os_name(line).is_some()
}

fn os_name(line: &str) -> Option<&str> {
    let line = line.trim();
    ["PRETTY_NAME=", "Operating System: ", "Description:"]
        .iter()
        .find_map(|key| line.strip_prefix(key))
        .map(|name| name.trim().trim_matches('"'))
        .filter(|name| !name.is_empty() && name.len() < 200)
}

/// Reads `/etc/os-release`, `lsb_release -d`, `hostnamectl`.
pub fn os_release(text: &str, case: &mut Case, on: Place, _command: &str) {
    let Some(system) = case.system_mut(on) else { return };
    for line in text.lines() {
        if let Some(name) = os_name(line) {
            system.os_name = Some(name.to_owned());
        }
        if let Some(name) = line.trim().strip_prefix("Static hostname: ") {
            system.host_name = Some(name.trim().to_owned());
        }
    }
}
