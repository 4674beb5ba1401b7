//! VirtualBox, through `VBoxManage`.

use std::time::Duration;

use super::source::{Ledger, Work, command_line, side_by_side};
use crate::model::{Gap, HypervisorId, Machine, PowerState, Process, Why};

const LIMIT: Duration = Duration::from_millis(3000);
/// Most machines that are asked for in detail.
const MOST: usize = 50;
const SIDE_BY_SIDE: usize = 4;

/// Where the pieces of work stand in the finished case.
const NETWORKS: usize = 1;
const MACHINES: usize = 100;
const RUNNING: usize = 1000;

/// Lists that describe the product's networks.
const LISTS: [&str; 6] = [
    "hostonlyifs",
    "bridgedifs",
    "natnets",
    "intnets",
    "dhcpservers",
    "hostonlynets",
];

/// Reads networks and machines of this user. Root has its own, and sees nobody else's.
pub(super) async fn read(ledger: Ledger) -> Result<(), Gap> {
    running(&ledger.at(RUNNING), &ledger.processes().await.unwrap_or_default());
    if ledger.machine.tools.find("VBoxManage").is_none() {
        return Ok(());
    }
    ledger.facts(|case| {
        let hypervisor = case.hypervisor_mut(HypervisorId::VirtualBox);
        hypervisor.installed = Some(true);
        if hypervisor.evidence.is_empty() {
            hypervisor.evidence.push("VBoxManage".to_owned());
        }
    });
    // The first call starts the product's service when it does not run; the others then find it.
    ask(&ledger, &["--version"]).await?;
    let lists = LISTS.iter().enumerate().map(|(at, list)| -> Work<'_> {
        let ledger = ledger.at(NETWORKS + at);
        Box::pin(async move {
            let ledger = &ledger;
            let result = ask(ledger, &["list", "-l", list]).await;
            // Host-only networks are new with version 7, and only some systems have them.
            if let Err(gap) = result
                && *list != "hostonlynets"
            {
                refused(
                    ledger,
                    &format!("VirtualBox {list}"),
                    &gap,
                    &format!("VBoxManage list -l {list}"),
                );
            }
        })
    });
    let lists = side_by_side(SIDE_BY_SIDE, lists.collect());
    let machines_ledger = ledger.at(MACHINES);
    let ((), machines) = tokio::join!(lists, machines(&machines_ledger));
    // Root looks into its own, usually empty, settings.
    if ledger.machine.is_root && std::env::var_os("SUDO_USER").is_some() {
        ledger.unread(
            "VirtualBox machines of other users",
            &Gap {
                why: Why::NotAsked,
                detail: String::new(),
            },
            "sudo -u \"$SUDO_USER\" VBoxManage list vms",
        );
    }
    // Windows' driver lets the host have any range.
    if let Ok(text) = ledger.file("/etc/vbox/networks.conf").await {
        ledger.output("cat /etc/vbox/networks.conf", text);
    }
    machines
}

async fn machines(ledger: &Ledger) -> Result<(), Gap> {
    let all = ask(ledger, &["list", "vms"]).await?;
    let running = ask(ledger, &["list", "runningvms"]).await.unwrap_or_default();
    let running = identifiers(&running);
    let mut machines = identifiers(&all);
    // Running ones first: they are asked about, and the time may not do for all.
    machines.sort_by_key(|id| !running.contains(id));
    let details = machines
        .iter()
        .take(MOST)
        .enumerate()
        .map(|(at, id)| -> Work<'_> {
            let runs = running.contains(id);
            let ledger = ledger.at(MACHINES + 1 + at);
            Box::pin(async move {
                let ledger = &ledger;
                let arguments = ["showvminfo", id.as_str(), "--machinereadable"];
                if let Err(gap) = ask(ledger, &arguments).await {
                    let how = format!("VBoxManage {}", arguments.join(" "));
                    refused(ledger, &format!("VirtualBox machine {id}"), &gap, &how);
                }
                if runs {
                    let arguments = [
                        "guestproperty",
                        "enumerate",
                        id.as_str(),
                        "/VirtualBox/GuestInfo/Net/*",
                    ];
                    // Without the guest additions there are none.
                    ask(ledger, &arguments).await.ok();
                }
            })
        });
    side_by_side(SIDE_BY_SIDE, details.collect()).await;
    Ok(())
}

/// Machines that run, by their processes: those that the tool does not show, because they are another user's
/// or it gave no answer.
fn running(ledger: &Ledger, processes: &[Process]) {
    let machines: Vec<Machine> = processes.iter().filter_map(machine).collect();
    if machines.is_empty() {
        return;
    }
    ledger.facts(move |case| {
        let hypervisor = case.hypervisor_mut(HypervisorId::VirtualBox);
        hypervisor.installed = Some(true);
        hypervisor.running = Some(true);
        let known = hypervisor.machines.fill("process table");
        for machine in &machines {
            if known
                .iter()
                .all(|known| known.id != machine.id && known.name != machine.name)
            {
                known.push(machine.clone());
            }
        }
    });
}

/// `VBoxHeadless --comment NAME --startvm UUID …`, and the same of `VirtualBoxVM`.
fn machine(process: &Process) -> Option<Machine> {
    let value = |option: &str| {
        let at = process.arguments.iter().position(|word| word == option)?;
        process.arguments.get(at + 1).cloned()
    };
    let id =
        value("--startvm").filter(|_| matches!(program(&process.name), "VBoxHeadless" | "VirtualBoxVM"))?;
    Some(Machine {
        name: value("--comment").unwrap_or_else(|| id.clone()),
        id: Some(id),
        state: PowerState::Running,
        ..Machine::default()
    })
}

fn program(name: &str) -> &str {
    name.strip_suffix(".exe").unwrap_or(name)
}

/// Runs the tool and hands over what it printed, its warnings included: that a kernel module is missing
/// stands on standard error beside a good answer.
async fn ask(ledger: &Ledger, arguments: &[&str]) -> Result<String, Gap> {
    let printed = ledger.run("VBoxManage", arguments, LIMIT).await?.checked()?;
    let warnings = printed.stderr.trim_end();
    let parting = if warnings.is_empty() { "" } else { "\n" };
    let line = command_line("VBoxManage", arguments);
    ledger.output(&line, format!("{warnings}{parting}{}", printed.stdout));
    Ok(printed.stdout)
}

/// Notes what could not be read, and keeps the tool's own words as a warning of the product.
fn refused(ledger: &Ledger, what: &str, gap: &Gap, how: &str) {
    ledger.unread(what, gap, how);
    let warning = gap.detail.clone();
    ledger.facts(move |case| {
        let warnings = &mut case.hypervisor_mut(HypervisorId::VirtualBox).warnings;
        if !warnings.contains(&warning) {
            warnings.push(warning.clone());
        }
    });
}

/// The identifiers of `"name" {uuid}` lines. Names are of any form; identifiers are not.
fn identifiers(text: &str) -> Vec<String> {
    text.lines()
        .filter_map(|line| {
            let id = line.trim_end().strip_suffix('}')?.rsplit('{').next()?;
            let plain = id.len() == 36 && id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
            plain.then(|| id.to_owned())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_a_machine_by_its_process() {
        let process = Process {
            pid: 7,
            name: "VBoxHeadless".to_owned(),
            arguments: [
                "VBoxHeadless",
                "--comment",
                "web 01",
                "--startvm",
                "3f2c",
                "--vrde",
                "config",
            ]
            .map(str::to_owned)
            .to_vec(),
        };
        let found = machine(&process).expect("a machine");
        assert_eq!(
            (found.name.as_str(), found.id.as_deref()),
            ("web 01", Some("3f2c"))
        );
        let other = Process {
            name: "VBoxSVC".to_owned(),
            ..process
        };
        assert!(machine(&other).is_none());
    }

    #[test]
    fn takes_identifiers_and_nothing_else() {
        let text = "WARNING: The vboxdrv kernel module is not loaded.\n\
                    \"web {1}\" {3f2c1d5e-8a7b-4c6d-9e0f-112233445566}\n\
                    \"<inaccessible>\" {aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee}\n\"x\" {--help}\n";
        assert_eq!(
            identifiers(text),
            [
                "3f2c1d5e-8a7b-4c6d-9e0f-112233445566",
                "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
            ]
        );
    }
}
