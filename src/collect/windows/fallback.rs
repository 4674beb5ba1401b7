//! The tools of the command prompt, where neither an API nor PowerShell answers. Their words are translated, so
//! they stand last.

use std::time::Duration;

use super::super::source::Ledger;
use crate::model::Gap;

const LIMIT: Duration = Duration::from_millis(1500);

/// The routing table by `route print`.
pub(super) async fn routes(ledger: &Ledger) -> Result<(), Gap> {
    ledger.run_output("route", &["print"], LIMIT).await.map(drop)
}

/// The neighbor table by `arp -a`.
pub(super) async fn neighbors(ledger: &Ledger) -> Result<(), Gap> {
    ledger.run_output("arp", &["-a"], LIMIT).await.map(drop)
}

/// What PowerShell would have told of adapters and the firewall, as far as other tools tell it.
pub(super) async fn instead_of_powershell(ledger: &Ledger) {
    let calls: [(&str, &[&str]); 2] = [
        ("ipconfig", &["/all"]),
        ("netsh", &["advfirewall", "show", "allprofiles"]),
    ];
    let [adapters, profiles] = calls.map(|(tool, arguments)| ledger.run_output(tool, arguments, LIMIT));
    // What they cannot tell either stands in the gaps of PowerShell's questions.
    let _ = tokio::join!(adapters, profiles);
}
