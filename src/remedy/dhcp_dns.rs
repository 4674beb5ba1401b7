//! Lets guests ask the host for addresses and names.

use super::fix::Fix;
use super::{Chain, Remedy, Risk, TAG, nft_delete, nft_family, ps, sh};
use crate::model::{FilterBackend, FilterManager, Message, Os};

/// Lets DHCP (UDP 67) and DNS (UDP and TCP 53) from `adapter` into a Linux host. `chain` is where they are stopped now,
/// `managers` are the programs that would overwrite a rule beside their own, and `zone` is the firewalld zone that
/// the product has for its networks.
pub fn allow_dhcp_dns(
    adapter: &str,
    chain: Option<&Chain>,
    managers: &[FilterManager],
    zone: Option<&str>,
) -> Vec<Remedy> {
    let effect = Message::new("remedy-dhcp-dns-effect").with("adapter", adapter);
    let fix = Fix::host("remedy-dhcp-dns-title", effect, Risk::Low);
    let name = sh(adapter);
    let mut ways = Vec::new();
    if managers.contains(&FilterManager::Firewalld) {
        let line = match zone {
            Some(zone) => (
                format!("sudo firewall-cmd --zone={0} --change-interface={name}", sh(zone)),
                format!("sudo firewall-cmd --zone={0} --remove-interface={name}", sh(zone)),
                format!("firewall-cmd --get-zone-of-interface={name}"),
            ),
            None => (
                format!("sudo firewall-cmd --zone=trusted --change-interface={name}"),
                format!("sudo firewall-cmd --zone=trusted --remove-interface={name}"),
                format!("firewall-cmd --get-zone-of-interface={name}"),
            ),
        };
        ways.push(fix.sh(Os::Linux, line));
    }
    if managers.contains(&FilterManager::Ufw) {
        let dhcp = format!("allow in on {name} to any port 67 proto udp");
        let dns = format!("allow in on {name} to any port 53");
        ways.push(fix.sh(
            Os::Linux,
            (
                format!("sudo ufw {dhcp} comment '{TAG}' && sudo ufw {dns} comment '{TAG}'"),
                format!("sudo ufw delete {dhcp}; sudo ufw delete {dns}"),
                "sudo ufw status numbered".to_owned(),
            ),
        ));
    }
    match chain {
        Some(chain) if chain.backend == FilterBackend::Nft => {
            let place = format!(
                "{} {} {}",
                nft_family(chain.family),
                sh(&chain.table),
                sh(&chain.name)
            );
            let quoted = sh(&format!("\"{adapter}\""));
            let rule = |what: &str| {
                format!("sudo nft insert rule {place} iifname {quoted} {what} accept comment '\"{TAG}\"'")
            };
            ways.push(fix.sh(
                Os::Linux,
                (
                    format!(
                        "{} && {}",
                        rule("udp dport { 53, 67 }").replace("{ 53, 67 }", "'{ 53, 67 }'"),
                        rule("tcp dport 53")
                    ),
                    nft_delete(&place),
                    format!("sudo nft -a list chain {place}"),
                ),
            ));
        }
        None if !ways.is_empty() => {}
        chain => {
            let tool = chain.map_or("iptables", |chain| chain.backend.iptables());
            let at = sh(chain.map_or("INPUT", |chain| chain.name.as_str()));
            let rules = [("udp", "67"), ("udp", "53"), ("tcp", "53")].map(|(protocol, port)| {
                format!("-i {name} -p {protocol} --dport {port} -m comment --comment {TAG} -j ACCEPT")
            });
            let each = |verb: &str, join: &str| {
                let lines: Vec<String> = rules
                    .iter()
                    .map(|rule| format!("sudo {tool} {verb} {rule}"))
                    .collect();
                lines.join(join)
            };
            ways.push(fix.sh(
                Os::Linux,
                (
                    each(&format!("-I {at} 1"), " && "),
                    each(&format!("-D {at}"), "; "),
                    format!("sudo {tool} -L {at} -n -v"),
                ),
            ));
        }
    }
    ways
}

/// Takes "block all incoming connections" off a profile of the Windows firewall, under which no rule that lets
/// something in counts.
pub fn heed_inbound_rules(profile: &str) -> Vec<Remedy> {
    let effect = Message::new("remedy-inbound-rules-effect").with("profile", profile);
    let fix = Fix::host("remedy-inbound-rules-title", effect, Risk::Medium);
    let known = ["domain", "private", "public"]
        .into_iter()
        .find(|name| name.eq_ignore_ascii_case(profile));
    let name = known.unwrap_or("public");
    let set = |value: &str| {
        format!(
            "Set-NetFirewallProfile -Name {} -AllowInboundRules {value}",
            ps(name)
        )
    };
    let netsh =
        |policy: &str| format!("netsh advfirewall set {name}profile firewallpolicy {policy},allowoutbound");
    vec![
        fix.powershell((
            set("True"),
            set("False"),
            format!(
                "Get-NetFirewallProfile -Name {} | Format-List Name,AllowInboundRules",
                ps(name)
            ),
        )),
        fix.cmd((
            netsh("blockinbound"),
            netsh("blockinboundalways"),
            format!("netsh advfirewall show {name}profile"),
        )),
    ]
}
