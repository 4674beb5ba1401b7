//! WSL: its machines, and how all of them are connected.

use std::time::Duration;

use super::super::source::Ledger;
use super::registry;
use crate::model::Gap;

const LIMIT: Duration = Duration::from_millis(2000);

/// Where Windows keeps the machines of this user.
const MACHINES: &str = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Lxss";

/// Reads them when there are any: without one, `wsl` offers to install itself and waits for a key.
pub(super) async fn read(ledger: Ledger) -> Result<(), Gap> {
    let Ok(keys) = registry::query(&ledger, MACHINES).await else {
        return Ok(());
    };
    // Each machine is a key of its own below this one.
    if !keys.lines().any(|line| line.trim_end().ends_with('}')) {
        return Ok(());
    }
    ledger.run_output("wsl", &["-l", "-v"], LIMIT).await?;
    let home = std::env::var("USERPROFILE").unwrap_or_else(|_| r"C:\Users\Default".to_owned());
    let path = format!(r"{home}\.wslconfig");
    // Without the file all settings are those of Windows.
    if let Ok(text) = ledger.file(&path).await {
        ledger.output(r"type %UserProfile%\.wslconfig", text);
    }
    Ok(())
}
