//! Web proxies: those of the user's programs, and those of Windows' own services.

use std::time::Duration;

use super::super::source::Ledger;
use crate::model::Gap;

const LIMIT: Duration = Duration::from_millis(1500);

/// Where Windows keeps the proxy of the user's programs.
const KEY: &str = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Internet Settings";

/// Asks the registry, then WinHTTP; what one of them says stays when the other is not there.
pub(super) async fn read(ledger: Ledger) -> Result<(), Gap> {
    let user = super::registry::query(&ledger, KEY).await.map(|text| {
        ledger.output(&format!("reg query \"{KEY}\""), text);
    });
    let services = ledger.run("netsh", &["winhttp", "show", "proxy"], LIMIT).await;
    let services = services.and_then(|printed| printed.checked()).map(|printed| {
        ledger.output("netsh winhttp show proxy", printed.stdout);
    });
    user.or(services)
}
