//! Which products are installed, as the registry and the processes tell.

use super::super::source::Ledger;
use super::registry::{self, VIRTUALBOX, VMWARE};
use crate::model::{Gap, HypervisorId, Why};

/// Keys that only an installed product leaves, without a value to read.
const MARKS: [(&str, HypervisorId); 2] = [
    (
        r"HKLM\SYSTEM\CurrentControlSet\Services\vmms",
        HypervisorId::HyperV,
    ),
    (
        r"HKLM\SYSTEM\CurrentControlSet\Services\Multipass",
        HypervisorId::Multipass,
    ),
];

/// Processes that only a running product has, in small letters.
const PROCESSES: [(&str, HypervisorId); 7] = [
    ("vmware-vmx", HypervisorId::VmwareWorkstation),
    ("vmnat", HypervisorId::VmwareWorkstation),
    ("vboxheadless", HypervisorId::VirtualBox),
    ("virtualboxvm", HypervisorId::VirtualBox),
    ("vboxsvc", HypervisorId::VirtualBox),
    ("vmwp", HypervisorId::HyperV),
    ("multipassd", HypervisorId::Multipass),
];

/// Reads the marks.
pub(super) async fn read(ledger: Ledger) -> Result<(), Gap> {
    for key in VMWARE.iter().chain([&VIRTUALBOX]) {
        match registry::query(&ledger, key).await {
            Ok(text) => ledger.output(&format!("reg query \"{key}\""), text),
            // No tool answers for any key.
            Err(gap) if matches!(gap.why, Why::ToolMissing | Why::TimedOut) => return Err(gap),
            // No such key: not installed.
            Err(_) => {}
        }
    }
    let mut marks: Vec<(HypervisorId, bool, String)> = Vec::new();
    for (key, id) in MARKS {
        if registry::query(&ledger, key).await.is_ok() {
            marks.push((id, false, key.to_owned()));
        }
    }
    let processes = ledger.processes().await;
    for process in processes.as_deref().unwrap_or_default() {
        let name = process.name.to_lowercase();
        let name = name.strip_suffix(".exe").unwrap_or(&name);
        if let Some((_, id)) = PROCESSES.iter().find(|(known, _)| *known == name) {
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
    Ok(())
}
