//! The Hyper-V firewall, which filters for WSL: `Get-NetFirewallHyperVVMSetting` and `Get-NetFirewallHyperVRule`.

use serde_json::Value;

use super::powershell::{rows, switch};
use crate::model::{Case, HypervisorId, Place};
use crate::parse::text::{list_of, text_of};

/// The identifier under which WSL's machine stands there (Microsoft: "Hyper-V firewall").
const WSL: &str = "40e0ac32-46a5-438a-a0b2-2b479e8f2e90";
/// Most rules that are kept.
const MAX: usize = 256;

fn is_wsl(row: &Value, key: &str) -> bool {
    text_of(row, key).is_some_and(|id| id.to_lowercase().contains(WSL))
}

fn put(case: &mut Case, name: &str, value: String) {
    case.hypervisor_mut(HypervisorId::Wsl2)
        .settings
        .insert(name.to_owned(), value);
}

/// Reads `Get-NetFirewallHyperVVMSetting`: whether it filters for WSL, what becomes of what no rule names, and whether
/// rules of Windows' own firewall count here, too.
pub fn settings(text: &str, case: &mut Case, on: Place, _command: &str) {
    if on != Place::Host {
        return;
    }
    for row in rows(text).0.iter().filter(|row| is_wsl(row, "Name")) {
        if let Some(enabled) = switch(row, "Enabled", &["1", "true"], &["0", "false"]) {
            put(case, "firewall-enabled", enabled.to_string());
        }
        if let Some(blocks) = switch(row, "DefaultInboundAction", &["4", "block"], &["2", "allow"]) {
            let word = if blocks { "block" } else { "allow" };
            put(case, "firewall-inbound", word.to_owned());
        }
        if let Some(merges) = switch(row, "AllowHostPolicyMerge", &["1", "true"], &["0", "false"]) {
            put(case, "firewall-merges", merges.to_string());
        }
    }
}

/// Reads `Get-NetFirewallHyperVRule`: what is let in, as `tcp/8080`, `tcp/8000-8100`, `icmpv4/any`. The fields are those of
/// the class `MSFT_NetFirewallHyperVRule`.
pub fn rules(text: &str, case: &mut Case, on: Place, _command: &str) {
    if on != Place::Host {
        return;
    }
    let mut allows = Vec::new();
    for row in &rows(text).0 {
        let inbound = switch(row, "Direction", &["1", "inbound"], &["2", "outbound"]) == Some(true);
        let lets_in = switch(row, "Action", &["2", "allow"], &["4", "block"]) == Some(true);
        let counts = switch(row, "Enabled", &["1", "true"], &["2", "0", "false"]) != Some(false);
        if !(inbound && lets_in && counts && is_wsl(row, "VMCreatorId")) {
            continue;
        }
        let protocol = text_of(row, "Protocol").unwrap_or_else(|| "any".to_owned());
        let ports = list_of(row, "LocalPorts").unwrap_or_else(|| "any".to_owned());
        for port in ports.split([',', ' ', '{', '}']).filter(|port| !port.is_empty()) {
            if allows.len() < MAX {
                allows.push(format!("{protocol}/{port}").to_lowercase());
            }
        }
    }
    put(case, "firewall-allows", allows.join(" "));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_stand_as_an_array_a_text_or_a_table() {
        let allows = |text: &str| {
            let mut case = Case::default();
            rules(text, &mut case, Place::Host, "");
            let product = case.hypervisors.into_iter().next();
            product.and_then(|product| product.settings.get("firewall-allows").cloned())
        };
        let row = |ports: &str| {
            format!(
                r#"[{{"Name":"a","DisplayName":"a","Direction":1,"VMCreatorId":"{{40E0AC32-46A5-438A-A0B2-2B479E8F2E90}}","Protocol":"TCP","LocalPorts":{ports},"Action":2,"Enabled":1}}]"#
            )
        };
        assert_eq!(
            allows(&row(r#"["8080","9000-9100"]"#)).as_deref(),
            Some("tcp/8080 tcp/9000-9100")
        );
        assert_eq!(allows(&row(r#""8080""#)).as_deref(), Some("tcp/8080"));
        assert_eq!(allows(&row("null")).as_deref(), Some("tcp/any"));
    }
}
