//! What lets a machine's own packets out, on systems whose filter is told in other words than Linux's.

use ipnet::IpNet;

use super::fix::Ways;
use super::relay::PF;
use super::{Remedy, Risk, Where, ps, sh};
use crate::model::{Message, Os};

/// Lets the host's own packets to `segment` out (Windows, macOS). `blocking` are names of the rules that are known to stop
/// them: on Windows no rule that allows helps against one that blocks.
pub fn let_out_of(os: Os, segment: IpNet, blocking: &[&str]) -> Vec<Remedy> {
    let effect = Message::new("remedy-allow-out-effect").with("segment", segment);
    if os == Os::Windows && !blocking.is_empty() {
        let names = blocking.iter().map(|name| ps(name)).collect::<Vec<_>>().join(",");
        let effect = Message::new("remedy-unblock-out-effect").with("segment", segment);
        return Ways::new(Where::Host, os, "remedy-unblock-out-title", effect, Risk::Medium)
            .powershell(
                format!("Disable-NetFirewallRule -Name {names}"),
                format!("Enable-NetFirewallRule -Name {names}"),
                format!("Get-NetFirewallRule -Name {names} | Select-Object DisplayName, Enabled, Action"),
            )
            .ways();
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
        _ => {
            let family = if segment.addr().is_ipv4() { "inet" } else { "inet6" };
            let rule = sh(&format!("pass out quick {family} to {segment}\n"));
            fix.sh(
                format!("printf '%s' {rule} | {PF} -f -"),
                format!("{PF} -F rules"),
                format!("{PF} -s rules"),
            )
        }
    }
    .ways()
}
