//! Adapters as IP Helper lists them: all that are switched on, at once.

use super::super::listed;
use super::super::source::{Ledger, blocking};
use crate::model::{Fact, Gap};

/// Reads the adapters. PowerShell tells later of those that are switched off, and what they are.
pub(super) async fn read(ledger: Ledger) -> Result<(), Gap> {
    let found = blocking(netdev::get_interfaces).await?;
    let adapters: Vec<_> = found.iter().map(listed::adapter).collect();
    ledger.facts(move |case| case.host.adapters = Fact::known(adapters.clone(), "IP Helper"));
    Ok(())
}
