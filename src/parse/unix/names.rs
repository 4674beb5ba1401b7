//! `/etc/resolv.conf`, the hosts file, `hostname`, `uname`.

use std::net::IpAddr;

use crate::model::{Case, Fact, Os, Place};
use crate::parse::merge;
use crate::parse::text::{address, source};

/// Whether the line stands in `/etc/resolv.conf`.
pub fn is_resolv_line(line: &str) -> bool {
    let mut words = line.split_whitespace();
    match words.next() {
        Some("nameserver") => words.next().is_some_and(|word| address(word).is_some()),
        Some("search" | "domain") => {
            words.next().is_some_and(|word| word.contains('.') || word == ".") && !line.contains(':')
        }
        Some("options") => line.contains("edns0") || line.contains("timeout:") || line.contains("trust-ad"),
        Some("#") => line.contains("resolv.conf") || line.contains("resolvectl"),
        _ => false,
    }
}

/// Reads `/etc/resolv.conf`.
pub fn resolv_conf(text: &str, case: &mut Case, on: Place, command: &str) {
    let mut found: Vec<IpAddr> = Vec::new();
    for line in text.lines() {
        let mut words = line.split_whitespace();
        if words.next() == Some("nameserver")
            && let Some(server) = words.next().and_then(address)
            && !found.contains(&server)
        {
            found.push(server);
        }
    }
    if let Some(system) = case.system_mut(on) {
        merge::name_servers(system, found, command);
    }
}

/// Whether the line can be a row of a hosts file.
pub fn is_hosts_line(line: &str) -> bool {
    !hosts_row(line).is_empty() || line.trim_start().starts_with('#')
}

fn hosts_row(line: &str) -> Vec<(String, IpAddr)> {
    let line = line.split('#').next().unwrap_or_default();
    let mut words = line.split_whitespace();
    let Some(address) = words.next().filter(|word| !word.contains('/')).and_then(address) else {
        return Vec::new();
    };
    let is_name = |word: &&str| {
        word.len() < 256
            && word.chars().all(|c| c.is_alphanumeric() || "-._".contains(c))
            && word.parse::<IpAddr>().is_err()
    };
    let names: Vec<&str> = words.collect();
    if !names.iter().all(is_name) {
        return Vec::new();
    }
    names.into_iter().map(|name| (name.to_owned(), address)).collect()
}

/// Reads a hosts file.
pub fn hosts(text: &str, case: &mut Case, on: Place, command: &str) {
    let found = text.lines().flat_map(hosts_row).take(100_000).collect();
    if let Some(system) = case.system_mut(on) {
        system.hosts = Fact::known(found, source(command));
    }
}

/// Whether the line can be a host name.
pub fn is_name(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && line.len() < 254 && line.chars().all(|c| c.is_alphanumeric() || "-._".contains(c))
}

/// Reads `hostname`.
pub fn host_name(text: &str, case: &mut Case, on: Place, command: &str) {
    let name = text.trim();
    // `hostname -I` prints addresses.
    if command.contains(" -I") || !is_name(name) || address(name).is_some() {
        return;
    }
    if let Some(system) = case.system_mut(on) {
        system.host_name = Some(name.to_owned());
    }
}

/// Whether the line is one of `uname -a`, `sw_vers` or `ver`.
pub fn is_uname_line(line: &str) -> bool {
    let line = line.trim();
    (line.starts_with("Linux ") && line.contains("GNU/Linux"))
        || line.starts_with("Darwin ") && line.contains("Kernel Version")
        || line.starts_with("FreeBSD ") && line.contains("RELEASE")
        || line.starts_with("ProductVersion:")
        || (line.starts_with("Microsoft Windows [") && line.ends_with(']'))
}

/// Reads the system's name for itself.
pub fn uname(text: &str, case: &mut Case, on: Place, _command: &str) {
    let Some(system) = case.system_mut(on) else { return };
    for line in text.lines().map(str::trim) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let os = match words.first().copied() {
            Some("Linux") => Os::Linux,
            Some("Darwin" | "ProductName:" | "ProductVersion:") => Os::Macos,
            Some("FreeBSD" | "OpenBSD" | "NetBSD" | "DragonFly") => Os::Bsd,
            Some("Microsoft") => Os::Windows,
            _ => continue,
        };
        system.os = Some(os);
        if let Some(version) = line.strip_prefix("ProductVersion:") {
            system.os_name = Some(format!("macOS {}", version.trim()));
        } else if system.os_name.is_none() && words.len() > 1 {
            system.os_name = Some(line.chars().take(200).collect());
        }
        if words.len() > 3 && os != Os::Windows && line.contains(['#', ':']) && !line.starts_with("Product") {
            system.host_name = words.get(1).map(|name| (*name).to_owned());
        }
    }
}
