//! `netsh advfirewall firewall show rule`: one block a rule, its name over a line of dashes.
//!
//! The labels are translated; the words are those of published English, Chinese and German outputs.

use super::ipconfig::yes_no;
use crate::model::{Case, Fact, FirewallRule, Place};
use crate::parse::command::Call;
use crate::parse::text::{key_value, source};

/// Most rules that are kept.
const MAX_RULES: usize = 20_000;

const NAME: [&str; 3] = ["Rule Name", "规则名称", "Regelname"];

/// Whether the call asks for rules.
pub fn is_call(call: &Call) -> bool {
    call.is(&["netsh"])
        && call.word(0) == "advfirewall"
        && call.word(1) == "firewall"
        && call.word(2) == "show"
}

fn name(line: &str) -> Option<&str> {
    let (label, value) = key_value(line)?;
    NAME.contains(&label).then_some(value)
}

/// Whether the line begins a rule.
pub fn is_line(line: &str) -> bool {
    name(line).is_some()
}

/// Reads the rules.
pub fn read(text: &str, case: &mut Case, on: Place, command: &str) {
    let mut found: Vec<FirewallRule> = Vec::new();
    for line in text.lines() {
        if let Some(name) = name(line) {
            if found.len() >= MAX_RULES {
                break;
            }
            found.push(FirewallRule {
                name: name.to_owned(),
                // Without `verbose` it names no programs.
                partial: true,
                ..FirewallRule::default()
            });
        } else if let (Some(rule), Some((label, value))) = (found.last_mut(), key_value(line)) {
            take(rule, label, value);
        }
    }
    if found.is_empty() {
        return;
    }
    let Some(system) = case.system_mut(on) else { return };
    let rules = &mut system.firewall.fill("").rules;
    // Several rules may have one name, and do often. What was told whole stays: this list knows less.
    let whole: std::collections::BTreeSet<String> = rules
        .iter()
        .filter(|old| !old.partial)
        .map(|old| old.shown_name().to_owned())
        .collect();
    let named: std::collections::BTreeSet<&str> = found.iter().map(|rule| rule.name.as_str()).collect();
    rules.retain(|old| !old.partial || !named.contains(old.shown_name()));
    rules.extend(found.into_iter().filter(|rule| !whole.contains(&rule.name)));
    if let Fact::Known(_, told) = &mut system.firewall {
        *told = source(command);
    }
}

fn take(rule: &mut FirewallRule, label: &str, value: &str) {
    let is = |words: &[&str]| words.contains(&value);
    let any = || {
        if is(&["任何", "任意", "Beliebig"]) {
            "Any"
        } else {
            value
        }
    };
    let bare: String = label.chars().filter(|c| *c != ' ').collect();
    match bare.as_str() {
        "Enabled" | "已启用" | "启用" | "Aktiviert" => rule.enabled = yes_no(value),
        "Direction" | "方向" | "Richtung" => {
            rule.inbound = match value {
                "In" | "入" | "入站" | "Eingehend" => Some(true),
                "Out" | "出" | "出站" | "Ausgehend" => Some(false),
                _ => None,
            };
        }
        "Profiles" | "配置文件" | "Profile" => {
            const NAMES: [(&str, &str); 9] = [
                ("Domain", "domain"),
                ("域", "domain"),
                ("Domäne", "domain"),
                ("Private", "private"),
                ("专用", "private"),
                ("Privat", "private"),
                ("Public", "public"),
                ("公用", "public"),
                ("Öffentlich", "public"),
            ];
            rule.profiles = value
                .split([',', '，'])
                .filter_map(|word| NAMES.iter().find(|(name, _)| *name == word.trim()))
                .map(|(_, name)| (*name).to_owned())
                .collect();
            // All of them is no limit.
            if rule.profiles.len() == 3 {
                rule.profiles.clear();
            }
        }
        "RemoteIP" | "远程IP" => rule.remote = Some(any().to_owned()),
        "Protocol" | "协议" | "Protokoll" => rule.protocol = Some(any().to_owned()),
        "Program" | "程序" | "Programm" => rule.program = Some(any().to_owned()),
        "LocalPort" | "本地端口" | "LokalerPort" => rule.local_port = Some(any().to_owned()),
        "Action" | "操作" | "Aktion" => {
            rule.allows = match value {
                "Allow" | "允许" | "Zulassen" => Some(true),
                "Block" | "阻止" | "Blockieren" => Some(false),
                _ => None,
            };
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_rules_in_three_languages() {
        for text in [
            "\nRule Name:                            Web\n----------------------------------------------------------------------\nEnabled:                              Yes\nDirection:                            In\nProfiles:                             Private\nGrouping:                             \nLocalIP:                              Any\nRemoteIP:                             Any\nProtocol:                             TCP\nLocalPort:                            8080\nRemotePort:                           Any\nEdge traversal:                       No\nAction:                               Block\nOk.\n",
            "\n规则名称:                             Web\n----------------------------------------------------------------------\n已启用:                               是\n方向:                                 入\n配置文件:                             专用\n远程 IP:                              任何\n协议:                                 TCP\n本地端口:                             8080\n操作:                                 阻止\n确定。\n",
            "\nRegelname:                            Web\n----------------------------------------------------------------------\nAktiviert:                            Ja\nRichtung:                             Eingehend\nProfile:                              Privat\nRemoteIP:                             Beliebig\nProtokoll:                            TCP\nLokaler Port:                         8080\nAktion:                               Blockieren\nOK.\n",
        ] {
            let mut case = Case::default();
            read(
                text,
                &mut case,
                Place::Guest,
                "netsh advfirewall firewall show rule name=Web",
            );
            let rule = FirewallRule {
                name: "Web".to_owned(),
                display_name: None,
                enabled: Some(true),
                inbound: Some(true),
                allows: Some(false),
                protocol: Some("TCP".to_owned()),
                local_port: Some("8080".to_owned()),
                profiles: vec!["private".to_owned()],
                remote: Some("Any".to_owned()),
                program: None,
                partial: true,
            };
            assert_eq!(
                case.guest.firewall.value().map(|firewall| firewall.rules.clone()),
                Some(vec![rule]),
                "{text}"
            );
        }
    }
}
