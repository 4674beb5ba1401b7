//! Which products are installed or run, as far as files and processes tell. Their own tools tell the rest.

use super::source::Ledger;
use crate::model::{Gap, HypervisorId};

/// What gives a product away, and the product.
pub(super) type Mark = (&'static str, HypervisorId);

/// Reads the marks of a Unix system: `files` are what only an installed product leaves, `processes` what only a
/// running one has; `fits` says whether a process is the one of a mark.
pub(super) async fn read(
    ledger: &Ledger,
    files: &[Mark],
    processes: &[Mark],
    fits: fn(process: &str, mark: &str) -> bool,
) -> Result<(), Gap> {
    let mut marks: Vec<(HypervisorId, bool, String)> = files
        .iter()
        .filter(|(path, _)| ledger.path(path).exists())
        .map(|(path, id)| (*id, false, (*path).to_owned()))
        .collect();
    // Processes are one of several marks: without them the files still speak.
    let running = ledger.processes().await;
    for process in running.as_deref().unwrap_or_default() {
        if let Some((_, id)) = processes.iter().find(|(name, _)| fits(&process.name, name)) {
            marks.push((*id, true, format!("process {}", process.name)));
        }
    }
    ledger.facts(move |case| {
        for (id, runs, evidence) in &marks {
            let hypervisor = case.hypervisor_mut(*id);
            hypervisor.installed = Some(true);
            if *runs {
                hypervisor.running = Some(true);
            }
            if !hypervisor.evidence.contains(evidence) {
                hypervisor.evidence.push(evidence.clone());
            }
        }
    });
    running.map(|_| ())
}
