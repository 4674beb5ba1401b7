//! Work that a card takes over from the system.

use super::fix::Ways;
use super::{Remedy, Risk, Where, ps, sh};
use crate::model::{Message, Os};

/// Lets the system finish packets itself: checksums and cutting into segments (`ethtool(8)`, Microsoft's
/// `Disable-NetAdapterLso`, `ifconfig(8)`).
pub fn stop_offloads(os: Os, adapter: &str) -> Vec<Remedy> {
    let effect = Message::new("remedy-offload-effect").with("adapter", adapter);
    let fix = Ways::new(Where::Host, os, "remedy-offload-title", effect, Risk::Low);
    match os {
        Os::Windows => {
            let name = ps(adapter);
            let line = |verb: &str| {
                format!("{verb}-NetAdapterLso -Name {name}; {verb}-NetAdapterChecksumOffload -Name {name}")
            };
            fix.powershell(
                line("Disable"),
                line("Enable"),
                format!("Get-NetAdapterAdvancedProperty -Name {name}"),
            )
        }
        Os::Macos | Os::Bsd => {
            let name = sh(adapter);
            fix.sh(
                format!("sudo ifconfig {name} -txcsum -tso"),
                format!("sudo ifconfig {name} txcsum tso"),
                format!("ifconfig {name}"),
            )
        }
        _ => {
            let name = sh(adapter);
            let line = |state: &str| format!("sudo ethtool -K {name} tx {state} tso {state} gso {state}");
            fix.sh(line("off"), line("on"), format!("ethtool -k {name}"))
        }
    }
    .ways()
}
