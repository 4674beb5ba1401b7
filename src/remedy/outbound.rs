//! What lets a machine's own packets out, on systems whose filter is told in other words than Linux's, and what switches off
//! rules of Windows that block.

use ipnet::IpNet;

use super::fix::Ways;
use super::relay::{pf, rules};
use super::{Remedy, Risk, Where, ps};
use crate::model::{Message, Os};

/// Lets the host's own packets to `segment` out (Windows, macOS). `blocking` is what people see of the rules that are known
/// to stop them: on Windows no rule that allows helps against one that blocks.
pub fn let_out_of(os: Os, segment: IpNet, blocking: &[&str]) -> Vec<Remedy> {
    let effect = Message::new("remedy-allow-out-effect").with("segment", segment);
    if os == Os::Windows && !blocking.is_empty() {
        let effect = Message::new("remedy-unblock-out-effect").with("segment", segment);
        return unblock("Outbound", "remedy-unblock-out-title", effect, blocking);
    }
    let fix = Ways::new(Where::Host, os, "remedy-allow-out-title", effect, Risk::Low);
    match os {
        Os::Windows => fix.powershell(
            format!(
                "New-NetFirewallRule -Name vmnet-doctor-out -DisplayName 'vmnet-doctor: out to {segment}' -Direction Outbound -RemoteAddress {segment} -Action Allow -Profile Any"
            ),
            "Remove-NetFirewallRule -Name vmnet-doctor-out",
            "Get-NetFirewallRule -Direction Outbound -Action Block -Enabled True; Get-NetFirewallProfile | Select-Object Name, DefaultOutboundAction",
        ),
        Os::Macos => {
            let family = if segment.addr().is_ipv4() { "inet" } else { "inet6" };
            let (pf, rules) = (pf("out"), rules(&[format!("pass out quick {family} to {segment}")]));
            fix.sh(
                format!("{rules} | {pf} -f -"),
                format!("{pf} -F rules"),
                format!("{pf} -s rules"),
            )
        }
        Os::Linux | Os::Bsd | Os::Other => fix,
    }
    .ways()
}

/// Switches off rules of a Windows host that block what comes in from `segment`. `blocking` is what people see of them.
pub fn unblock_in(segment: IpNet, blocking: &[&str]) -> Vec<Remedy> {
    let effect = Message::new("remedy-unblock-in-effect").with("segment", segment);
    unblock("Inbound", "remedy-unblock-in-title", effect, blocking)
}

/// By what people see, for the firewall's own object tells no other name; compared without wildcards. Others may be called
/// the same and be off already: what was switched off is kept by its stable name.
fn unblock(direction: &str, title: &'static str, effect: Message, blocking: &[&str]) -> Vec<Remedy> {
    let names = blocking.iter().map(|name| ps(name)).collect::<Vec<_>>().join(",");
    let listed = |state: &str| {
        format!(
            "Get-NetFirewallRule -Direction {direction} -Action Block{state} | Where-Object DisplayName -in {names}"
        )
    };
    let kept = format!("\"$HOME\\vmnet-doctor-{}.txt\"", direction.to_lowercase());
    Ways::new(Where::Host, Os::Windows, title, effect, Risk::Medium)
        .powershell(
            format!(
                "$rules = @({}); $rules.Name | Add-Content -Encoding UTF8 {kept}; $rules | Disable-NetFirewallRule",
                listed(" -Enabled True")
            ),
            format!(
                "Get-Content -Encoding UTF8 {kept} | ForEach-Object {{ Enable-NetFirewallRule -Name ([WildcardPattern]::Escape($_)) }}; Remove-Item {kept}"
            ),
            format!("{} | Select-Object DisplayName, Enabled, Action", listed("")),
        )
        .ways()
}
