//! VMware Workstation and Player: their network files, leases, and the `.vmx` files of running machines.

use std::time::Duration;

use super::super::source::{Ledger, blocking, command_line};
use crate::model::{Gap, HypervisorId, PowerState, Process, Why};

const LIMIT: Duration = Duration::from_millis(2500);
/// Most virtual networks and machines whose files are read.
const MOST: usize = 50;

const NETWORKING: &str = "/etc/vmware/networking";

/// Reads what the product leaves in files, and asks `vmrun` for the rest.
pub(super) async fn read(ledger: Ledger) -> Result<(), Gap> {
    let running = running_machines(&ledger.processes().await.unwrap_or_default());
    let here = ledger.path(NETWORKING).exists() || ledger.machine.tools.find("vmrun").is_some();
    if !here && running.is_empty() {
        return Ok(());
    }
    let evidence = if ledger.path(NETWORKING).exists() {
        NETWORKING
    } else {
        "vmrun"
    };
    ledger.facts(move |case| {
        let hypervisor = case.hypervisor_mut(HypervisorId::VmwareWorkstation);
        hypervisor.installed = Some(true);
        if hypervisor.evidence.is_empty() {
            hypervisor.evidence.push(evidence.to_owned());
        }
    });
    networks(&ledger).await;
    let mut machines = running.clone();
    for path in known_machines(&ledger).await {
        if !machines.contains(&path) {
            machines.push(path);
        }
    }
    for path in machines.iter().take(MOST) {
        hand_over(&ledger, path, true).await;
    }
    tools(&ledger).await;
    ledger.facts(move |case| {
        let hypervisor = case.hypervisor_mut(HypervisorId::VmwareWorkstation);
        if !running.is_empty() {
            hypervisor.running = Some(true);
        }
        for machine in hypervisor.machines.value_mut().into_iter().flatten() {
            if machine.id.as_ref().is_some_and(|id| running.contains(id)) {
                machine.state = PowerState::Running;
            }
        }
    });
    Ok(())
}

/// The machines in this user's library, running or not.
async fn known_machines(ledger: &Ledger) -> Vec<String> {
    let Some(home) = std::env::var_os("HOME") else {
        return Vec::new();
    };
    let path = format!("{}/.vmware/inventory.vmls", home.to_string_lossy());
    let text = ledger.file(&path).await.unwrap_or_default();
    library(&text)
}

/// The paths in `vmlist1.config = "/home/me/vm/web.vmx"` lines.
fn library(text: &str) -> Vec<String> {
    text.lines()
        .filter_map(|line| {
            let (key, value) = line.split_once('=')?;
            let key = key.trim();
            let path = value.trim().trim_matches('"');
            let wanted = key.starts_with("vmlist") && key.ends_with(".config");
            (wanted && path.starts_with('/') && path.ends_with(".vmx")).then(|| path.to_owned())
        })
        .take(MOST)
        .collect()
}

/// The configuration of the networks, then what each network's servers wrote.
async fn networks(ledger: &Ledger) {
    hand_over(ledger, NETWORKING, true).await;
    hand_over(ledger, "/etc/vmware/netmap.conf", false).await;
    let folder = ledger.path("/etc/vmware");
    let names = blocking(move || {
        let Ok(entries) = std::fs::read_dir(folder) else {
            return Vec::new();
        };
        let mut names: Vec<String> = entries
            .flatten()
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter(|name| {
                name.strip_prefix("vmnet")
                    .is_some_and(|rest| rest.parse::<u16>().is_ok())
            })
            .take(MOST)
            .collect();
        names.sort();
        names
    })
    .await
    .unwrap_or_default();
    for name in names {
        for file in ["nat/nat.conf", "dhcpd/dhcpd.conf", "dhcpd/dhcpd.leases"] {
            hand_over(ledger, &format!("/etc/vmware/{name}/{file}"), false).await;
        }
    }
}

/// Reads a file and hands it over for parsing. One that is not there is only a gap when it is `expected`.
async fn hand_over(ledger: &Ledger, path: &str, expected: bool) {
    let line = command_line("cat", &[path]);
    match ledger.file(path).await {
        Ok(text) => ledger.output(&line, text),
        Err(gap) if gap.why == Why::ToolMissing && !expected => {}
        Err(gap) => ledger.unread(path, &gap, &format!("sudo {line}")),
    }
}

async fn tools(ledger: &Ledger) {
    if ledger.machine.tools.find("vmrun").is_none() {
        return;
    }
    let listed = match ledger.run_output("vmrun", &["-T", "ws", "list"], LIMIT).await {
        Ok(listed) => listed.stdout,
        Err(gap) => return ledger.unread("VMware machines", &gap, "vmrun -T ws list"),
    };
    for path in listed.lines().filter(|line| line.ends_with(".vmx")).take(MOST) {
        let arguments = ["-T", "ws", "getGuestIPAddress", path];
        // It fails with an error on standard output when VMware Tools do not run in the guest.
        ledger.run_output("vmrun", &arguments, LIMIT).await.ok();
    }
}

/// The `.vmx` files that machine processes were started with.
fn running_machines(processes: &[Process]) -> Vec<String> {
    let mut paths: Vec<String> = processes
        .iter()
        .filter(|process| process.name == "vmware-vmx")
        .filter_map(|process| process.arguments.iter().rev().find(|word| word.ends_with(".vmx")))
        .filter(|path| path.starts_with('/'))
        .cloned()
        .collect();
    paths.sort();
    paths.dedup();
    paths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_library() {
        let text = ".encoding = \"UTF-8\"\nvmlist1.config = \"/vm/web 01/web.vmx\"\nvmlist1.DisplayName = \"x\"\n\
                    vmlist2.config = \"folder1\"\nvmlist3.config = \"../../etc/x.vmx\"\n";
        assert_eq!(library(text), ["/vm/web 01/web.vmx"]);
    }

    #[test]
    fn finds_the_machine_file_of_a_process() {
        let process = |name: &str, arguments: &[&str]| Process {
            pid: 1,
            name: name.to_owned(),
            arguments: arguments.iter().map(|word| (*word).to_owned()).collect(),
        };
        let processes = [
            process(
                "vmware-vmx",
                &[
                    "/usr/lib/vmware/bin/vmware-vmx",
                    "-s",
                    "x=1",
                    "/vm/web 01/web.vmx",
                ],
            ),
            process("vmware-vmx", &["vmware-vmx", "relative.vmx"]),
            process("qemu-system-x86_64", &["qemu", "/x.vmx"]),
        ];
        assert_eq!(running_machines(&processes), ["/vm/web 01/web.vmx"]);
    }
}
