//! libvirt, through `virsh`; where that is refused, through the files that it leaves readable.

use std::time::Duration;

use super::super::run::Printed;
use super::super::source::{Ledger, blocking};
use super::{Work, side_by_side};
use crate::model::{Gap, HypervisorId, Why};

const LIMIT: Duration = Duration::from_millis(2000);
/// A guest agent that hangs must not hold up the rest.
const AGENT: Duration = Duration::from_millis(1200);
/// Most networks and machines that are asked for in detail.
const MOST: usize = 50;
/// How many `virsh` run at a time.
const SIDE_BY_SIDE: usize = 6;

/// The sockets of the system's daemons, monolithic and modular.
const SYSTEM_SOCKETS: [&str; 4] = [
    "/run/libvirt/libvirt-sock",
    "/run/libvirt/libvirt-sock-ro",
    "/run/libvirt/virtqemud-sock",
    "/run/libvirt/virtqemud-sock-ro",
];

const WHAT: &str = "libvirt networks and machines";
const BY_HAND: &str = "sudo virsh -c qemu:///system net-list --all";

/// Where the pieces of work stand in the finished case.
const NETWORKS: usize = 1;
const MACHINES: usize = 1000;
const SESSION: usize = 10_000;

/// One way to a daemon.
#[derive(Clone, Copy)]
struct Way {
    uri: &'static str,
    read_only: bool,
}

impl Way {
    fn arguments<'a>(&self, rest: &[&'a str]) -> Vec<&'a str> {
        let mut arguments = vec!["-c", self.uri];
        if self.read_only {
            arguments.push("-r");
        }
        arguments.extend(rest);
        arguments
    }
}

/// Reads networks, leases, machines and their cards of the system's daemon, and of the user's own one when it
/// runs. No daemon is started that nobody listens for.
pub(super) async fn read(ledger: Ledger) -> Result<(), Gap> {
    let listens = SYSTEM_SOCKETS.iter().any(|path| ledger.path(path).exists());
    let has_tool = ledger.machine.tools.find("virsh").is_some();
    if !has_tool && !listens {
        return Ok(());
    }
    ledger.facts(move |case| {
        let hypervisor = case.hypervisor_mut(HypervisorId::Libvirt);
        hypervisor.installed = Some(true);
        if !listens {
            hypervisor.running.get_or_insert(false);
        }
        if hypervisor.evidence.is_empty() {
            hypervisor
                .evidence
                .push(if has_tool { "virsh" } else { "/run/libvirt" }.to_owned());
        }
    });
    if !has_tool {
        let gap = Gap {
            why: Why::ToolMissing,
            detail: "virsh".to_owned(),
        };
        ledger.unread(WHAT, &gap, BY_HAND);
        read_files(&ledger).await;
        return Err(gap);
    }
    let session_ledger = ledger.at(SESSION);
    let (system, session) = tokio::join!(system(&ledger, listens), session(&session_ledger));
    system.and(session)
}

async fn system(ledger: &Ledger, listens: bool) -> Result<(), Gap> {
    if !listens {
        let gap = Gap {
            why: Why::Failed,
            detail: "no daemon listens".to_owned(),
        };
        let how = "sudo systemctl start libvirtd.socket; sudo virsh -c qemu:///system list --all";
        ledger.unread(WHAT, &gap, how);
        return Ok(());
    }
    // A user outside of the group would be asked for a password on the screen; the read-only way never asks.
    let read_only = !ledger.machine.is_root && !is_member("libvirt");
    let way = Way {
        uri: "qemu:///system",
        read_only,
    };
    let networks = ledger
        .run("virsh", &way.arguments(&["net-list", "--all"]), LIMIT)
        .await;
    match networks.and_then(Printed::checked) {
        Ok(networks) => read_all(ledger, way, networks).await,
        Err(gap) => {
            ledger.unread(WHAT, &gap, BY_HAND);
            read_files(ledger).await;
            Err(gap)
        }
    }
}

/// The daemon of this user, when one runs: it has machines of its own.
async fn session(ledger: &Ledger) -> Result<(), Gap> {
    let Some(folder) = std::env::var_os("XDG_RUNTIME_DIR") else {
        return Ok(());
    };
    let folder = folder.to_string_lossy().into_owned();
    let listens = ["libvirt-sock", "virtqemud-sock"]
        .iter()
        .any(|name| ledger.path(&format!("{folder}/libvirt/{name}")).exists());
    if !listens {
        return Ok(());
    }
    let way = Way {
        uri: "qemu:///session",
        read_only: false,
    };
    read_machines(ledger, way).await
}

async fn read_all(ledger: &Ledger, way: Way, networks: Printed) -> Result<(), Gap> {
    ledger.facts(|case| case.hypervisor_mut(HypervisorId::Libvirt).running = Some(true));
    let listed = way.arguments(&["net-list", "--all"]);
    ledger.output(
        &super::super::source::command_line("virsh", &listed),
        networks.stdout.clone(),
    );
    let networks = table(&networks.stdout);
    let details = networks
        .iter()
        .take(MOST)
        .enumerate()
        .map(|(at, row)| -> Work<'_> {
            let ledger = ledger.at(NETWORKS + at);
            Box::pin(async move {
                let ledger = &ledger;
                let [name, state, ..] = row.as_slice() else {
                    return;
                };
                ask(ledger, way, &["net-dumpxml", "--network", name], LIMIT).await;
                if state == "active" {
                    ask(ledger, way, &["net-dhcp-leases", "--network", name], LIMIT).await;
                }
            })
        });
    let details = side_by_side(SIDE_BY_SIDE, details.collect());
    let machines_ledger = ledger.at(MACHINES);
    let ((), machines) = tokio::join!(details, read_machines(&machines_ledger, way));
    machines
}

async fn read_machines(ledger: &Ledger, way: Way) -> Result<(), Gap> {
    let arguments = way.arguments(&["list", "--all"]);
    let listed = ledger.run_output("virsh", &arguments, LIMIT).await?;
    // The first column is the running number, or a dash.
    let machines: Vec<(String, bool)> = table(&listed.stdout)
        .into_iter()
        .filter_map(|row| match row.as_slice() {
            [number, name, ..] => Some((name.clone(), number != "-")),
            _ => None,
        })
        .collect();
    if machines.len() > MOST {
        ledger.unread(
            "further libvirt machines",
            &Gap {
                why: Why::TooLarge,
                detail: String::new(),
            },
            "virsh -c qemu:///system dumpxml NAME",
        );
    }
    let details = machines
        .iter()
        .take(MOST)
        .enumerate()
        .map(|(at, (name, runs))| -> Work<'_> {
            let ledger = ledger.at(ledger.place.piece + 1 + at);
            Box::pin(async move {
                let ledger = &ledger;
                let xml = ask(ledger, way, &["dumpxml", "--domain", name], LIMIT).await;
                // Only a machine that has the agent's channel is asked through it; the read-only way may not.
                let agent = xml.is_some_and(|xml| xml.contains("org.qemu.guest_agent"));
                if *runs && agent && !way.read_only {
                    let arguments = way.arguments(&["domifaddr", "--domain", name, "--source", "agent"]);
                    // Not running inside the guest is the usual case and no gap of ours.
                    ledger.run_output("virsh", &arguments, AGENT).await.ok();
                }
            })
        });
    side_by_side(SIDE_BY_SIDE, details.collect()).await;
    Ok(())
}

async fn ask(ledger: &Ledger, way: Way, rest: &[&str], limit: Duration) -> Option<String> {
    let arguments = way.arguments(rest);
    match ledger.run_output("virsh", &arguments, limit).await {
        Ok(printed) => Some(printed.stdout),
        Err(gap) => {
            let line = super::super::source::command_line("virsh", &arguments);
            ledger.unread(
                &format!("libvirt {}", rest.join(" ")),
                &gap,
                &format!("sudo {line}"),
            );
            None
        }
    }
}

/// What the daemon leaves in files: networks, and the leases of each.
async fn read_files(ledger: &Ledger) {
    let folders = [
        (ledger.path("/etc/libvirt/qemu/networks"), "xml"),
        (ledger.path("/var/lib/libvirt/dnsmasq"), "status"),
    ];
    let root = ledger.machine.root.clone();
    let files = blocking(move || {
        let mut found = Vec::new();
        for (folder, ending) in folders {
            let Ok(entries) = std::fs::read_dir(&folder) else {
                continue;
            };
            for path in entries.flatten().map(|entry| entry.path()).take(MOST) {
                if path.extension().is_some_and(|extension| extension == ending)
                    && let Ok(inside) = path.strip_prefix(&root)
                    && let Some(inside) = inside.to_str()
                {
                    found.push(format!("/{inside}"));
                }
            }
        }
        found.sort();
        found
    })
    .await
    .unwrap_or_default();
    for path in files {
        if let Ok(text) = ledger.file(&path).await {
            ledger.output(&super::super::source::command_line("cat", &[&path]), text);
        }
    }
}

/// The rows of a table of virsh, below the dashes: columns are parted by two spaces or more.
fn table(text: &str) -> Vec<Vec<String>> {
    let below = text.lines().skip_while(|line| !line.starts_with("---")).skip(1);
    below
        .map(|line| {
            line.trim()
                .split("  ")
                .map(str::trim)
                .filter(|cell| !cell.is_empty())
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .filter(|row| !row.is_empty())
        .collect()
}

/// Whether this user belongs to a group.
fn is_member(group: &str) -> bool {
    let Ok(Some(group)) = nix::unistd::Group::from_name(group) else {
        return false;
    };
    nix::unistd::getgroups().is_ok_and(|groups| groups.contains(&group.gid))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_tables_at_wide_gaps() {
        let text = " Id   Name            State\n---------------------------------\n 3    web 01          running\n \
                    -    db\"$(id)        shut off\n\n";
        assert_eq!(
            table(text),
            [["3", "web 01", "running"], ["-", "db\"$(id)", "shut off"]]
        );
        assert!(table("error: failed to connect").is_empty());
    }
}
