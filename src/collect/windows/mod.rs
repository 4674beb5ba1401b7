//! The sources of a Windows machine: its adapters and processes. Everything else is told as not asked.

use std::net::IpAddr;
use std::time::Duration;

use super::inside::Inside;
use super::source::{Ledger, Reading, Source, blocking, lose};
use crate::model::{Fact, Gap, SystemLookUp, Why};

/// Every source, in the order in which their facts are merged.
pub(super) fn sources() -> Vec<Source> {
    vec![
        Source {
            id: "adapters",
            deadline: Duration::from_secs(2),
            by_hand: "",
            read: |ledger: Ledger| -> Reading { Box::pin(adapters(ledger)) },
            lost: |case, gap| lose(&mut case.host.adapters, gap),
        },
        Source {
            id: "processes",
            deadline: Duration::from_secs(3),
            by_hand: "",
            read: |ledger: Ledger| -> Reading { Box::pin(processes(ledger)) },
            lost: |case, gap| lose(&mut case.host.processes, gap),
        },
        Source {
            id: "routes",
            deadline: Duration::from_secs(1),
            by_hand: "Get-NetRoute",
            read: |_| -> Reading { Box::pin(async { Err(not_asked()) }) },
            lost: |case, gap| lose(&mut case.host.routes, gap),
        },
    ]
}

/// The names of all sources, for a list that is shown before they start.
pub fn source_names() -> Vec<&'static str> {
    sources().iter().map(|source| source.id).collect()
}

/// Whether this process has the rights of an administrator; not told here.
pub(super) fn is_root() -> bool {
    false
}

/// Whether this program runs inside a virtual machine; not told here.
pub fn inside_vm() -> Option<Inside> {
    None
}

/// Asks the system which way a packet to `destination` would go.
///
/// # Errors
/// Always: it is not asked on this system yet.
pub async fn look_up(_destination: IpAddr) -> Result<SystemLookUp, Gap> {
    Err(not_asked())
}

fn not_asked() -> Gap {
    Gap {
        why: Why::NotAsked,
        detail: String::new(),
    }
}

async fn adapters(ledger: Ledger) -> Result<(), Gap> {
    let listed = blocking(netdev::get_interfaces).await?;
    let adapters: Vec<_> = listed.iter().map(super::listed::adapter).collect();
    ledger.facts(move |case| case.host.adapters = Fact::known(adapters.clone(), "netdev"));
    Ok(())
}

async fn processes(ledger: Ledger) -> Result<(), Gap> {
    let processes = ledger.processes().await?;
    ledger.facts(move |case| case.host.processes = Fact::known(processes.clone(), "process table"));
    Ok(())
}
