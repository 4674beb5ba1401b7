//! `netsh advfirewall` and `netsh interface portproxy`.

use crate::model::{Case, Fact, FirewallProfile, Place, PortForward, Protocol, System};
use crate::parse::command::Call;
use crate::parse::merge;
use crate::parse::text::{address, source};

/// Whether the call is `netsh advfirewall show …profile`.
pub fn is_profiles(call: &Call) -> bool {
    call.is(&["netsh"]) && call.word(0) == "advfirewall" && call.word(2).contains("profile")
}

/// Whether the line stands in the answer.
pub fn is_profile_line(line: &str) -> bool {
    profile_name(line).is_some() || policy(line).is_some()
}

/// The profile of a heading: `Domain Profile Settings:`, `公用配置文件 设置:`, `Privates Profil-Einstellungen:`.
fn profile_name(line: &str) -> Option<&'static str> {
    let lower = line.trim().to_lowercase();
    if !(lower.ends_with(':') || lower.ends_with('：')) || lower.len() > 80 {
        return None;
    }
    if !["profil", "配置文件", "設定檔", "perfil"]
        .iter()
        .any(|word| lower.contains(word))
    {
        return None;
    }
    const NAMES: [(&str, &str); 14] = [
        ("domain", "domain"),
        ("域", "domain"),
        ("網域", "domain"),
        ("domän", "domain"),
        ("dominio", "domain"),
        ("privat", "private"),
        ("专用", "private"),
        ("私人", "private"),
        ("privé", "private"),
        ("public", "public"),
        ("公用", "public"),
        ("公共", "public"),
        ("öffentlich", "public"),
        ("público", "public"),
    ];
    NAMES
        .iter()
        .find(|(word, _)| lower.contains(word))
        .map(|(_, name)| *name)
}

/// `BlockInbound,AllowOutbound`, which is not translated.
fn policy(line: &str) -> Option<&str> {
    let word = line.split_whitespace().last()?;
    (word.contains("Inbound") && word.contains(",") && word.contains("Outbound")).then_some(word)
}

/// Reads `netsh advfirewall show allprofiles`.
pub fn profiles(text: &str, case: &mut Case, on: Place, command: &str) {
    let mut found: Vec<FirewallProfile> = Vec::new();
    let mut first_value = false;
    for line in text.lines() {
        if let Some(name) = profile_name(line) {
            found.push(FirewallProfile {
                name: name.to_owned(),
                ..FirewallProfile::default()
            });
            continue;
        }
        let trimmed = line.trim();
        if trimmed.len() > 20 && trimmed.chars().all(|c| c == '-') {
            // The first row under the line is the state, in every language.
            first_value = true;
            continue;
        }
        let Some(profile) = found.last_mut() else { continue };
        if first_value && !trimmed.is_empty() {
            first_value = false;
            let value = trimmed
                .split_whitespace()
                .last()
                .unwrap_or_default()
                .to_lowercase();
            profile.enabled = match value.as_str() {
                "on" | "ein" | "启用" | "开" | "啟用" | "actif" => Some(true),
                "off" | "aus" | "禁用" | "关闭" | "关" | "停用" | "inactif" => Some(false),
                _ => None,
            };
        } else if let Some(policy) = policy(trimmed) {
            profile.blocks_inbound = Some(policy.contains("BlockInbound"));
            profile.blocks_all_inbound = Some(policy.contains("BlockInboundAlways"));
            profile.blocks_outbound = Some(policy.contains("BlockOutbound"));
        }
    }
    let Some(system) = case.system_mut(on) else { return };
    lay(system, found, command);
}

/// Lays profiles over those that are known.
pub fn lay(system: &mut System, found: Vec<FirewallProfile>, command: &str) {
    if found.is_empty() {
        return;
    }
    let firewall = system.firewall.fill("");
    for new in found {
        match firewall.profiles.iter_mut().find(|old| old.name == new.name) {
            Some(old) => {
                old.enabled = new.enabled.or(old.enabled);
                old.blocks_inbound = new.blocks_inbound.or(old.blocks_inbound);
                old.blocks_all_inbound = new.blocks_all_inbound.or(old.blocks_all_inbound);
                old.blocks_outbound = new.blocks_outbound.or(old.blocks_outbound);
                old.local_rules = new.local_rules.or(old.local_rules);
            }
            None => firewall.profiles.push(new),
        }
    }
    if let Fact::Known(_, told) = &mut system.firewall {
        *told = source(command);
    }
}

/// Whether the call is `netsh interface portproxy show …`.
pub fn is_proxies(call: &Call) -> bool {
    call.is(&["netsh"])
        && call
            .args
            .iter()
            .any(|word| word.eq_ignore_ascii_case("portproxy"))
}

/// Whether the line stands in the answer.
pub fn is_proxy_line(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    let row = matches!(words.as_slice(), [from, port, to, target]
        if address(from).is_some() && port.parse::<u16>().is_ok() && address(to).is_some() && target.parse::<u16>().is_ok());
    row || line.starts_with("Listen on ipv4:") || line.starts_with("侦听 ipv4:")
}

/// Reads `netsh interface portproxy show v4tov4`.
pub fn proxies(text: &str, case: &mut Case, on: Place, command: &str) {
    let mut found = Vec::new();
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [from, port, to, target] = words.as_slice() else {
            continue;
        };
        let from = if *from == "*" { None } else { address(from) };
        if let (Ok(host_port), Some(guest_address), Ok(guest_port)) =
            (port.parse(), address(to), target.parse())
        {
            found.push(PortForward {
                name: None,
                protocol: Protocol::Tcp,
                host_address: from.filter(|from| !from.is_unspecified()),
                host_port,
                guest_address: Some(guest_address),
                guest_port,
            });
        }
    }
    // It prints nothing where there is none: other words are no such answer.
    if found.is_empty() && !text.trim().is_empty() {
        merge::unread(case, "port proxies", "not understood", "");
        return;
    }
    if let Some(system) = case.system_mut(on) {
        system.port_proxies = Fact::known(found, source(command));
    }
}
