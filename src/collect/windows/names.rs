//! The system's name, its own name, and the names that the hosts file fixes.

use super::super::source::{Ledger, blocking};
use crate::model::Gap;

/// Reads how the system and the machine call themselves.
pub(super) async fn identity(ledger: Ledger) -> Result<(), Gap> {
    let (os_name, host_name) = blocking(|| {
        (
            sysinfo::System::long_os_version().ok(),
            sysinfo::System::host_name().ok(),
        )
    })
    .await?;
    ledger.facts(move |case| {
        case.host.os_name.clone_from(&os_name);
        case.host.host_name.clone_from(&host_name);
    });
    Ok(())
}

/// Reads the hosts file.
pub(super) async fn read(ledger: Ledger) -> Result<(), Gap> {
    let root = std::env::var("SystemRoot").unwrap_or_else(|_| r"C:\Windows".to_owned());
    let path = format!(r"{root}\System32\drivers\etc\hosts");
    let text = ledger.file(&path).await?;
    ledger.output(r"type C:\Windows\System32\drivers\etc\hosts", text);
    Ok(())
}
