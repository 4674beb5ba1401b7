//! VMware's desktop products: their network files, leases, and the `.vmx` files of their machines.

use std::time::Duration;

use super::source::{Ledger, blocking, print_file};
use crate::model::{Gap, HypervisorId, PowerState, Process, Why};

const LIMIT: Duration = Duration::from_millis(2500);
/// Most virtual networks and machines whose files are read.
const MOST: usize = 50;

/// Where a product keeps its files, and what its tool wants to hear.
pub(super) struct Layout {
    /// The product.
    pub id: HypervisorId,
    /// What `vmrun -T` is told.
    pub host_type: &'static str,
    /// Files of all networks; the first one is there wherever the product is. `%ProgramData%` is where Windows has it.
    pub files: &'static [&'static str],
    /// The folder with one folder for each network, and the files in those.
    pub each: Option<(&'static str, &'static [&'static str])>,
    /// The variable of the environment and the path below it where the machines of this user are listed.
    pub library: (&'static str, &'static str),
}

/// Workstation and Player on Linux.
#[cfg(any(target_os = "linux", test))]
pub(super) const LINUX: Layout = Layout {
    id: HypervisorId::VmwareWorkstation,
    host_type: "ws",
    files: &["/etc/vmware/networking", "/etc/vmware/netmap.conf"],
    each: Some((
        "/etc/vmware",
        &["nat/nat.conf", "dhcpd/dhcpd.conf", "dhcpd/dhcpd.leases"],
    )),
    library: ("HOME", "/.vmware/inventory.vmls"),
};

/// Workstation and Player on Windows.
#[cfg(any(windows, test))]
pub(super) const WINDOWS: Layout = Layout {
    id: HypervisorId::VmwareWorkstation,
    host_type: "ws",
    files: &[
        r"%ProgramData%\VMware\netmap.conf",
        r"%ProgramData%\VMware\vmnetdhcp.conf",
        r"%ProgramData%\VMware\vmnetnat.conf",
        r"%ProgramData%\VMware\vmnetdhcp.leases",
    ],
    each: None,
    library: ("APPDATA", r"\VMware\inventory.vmls"),
};

/// Fusion.
#[cfg(any(target_os = "macos", test))]
pub(super) const FUSION: Layout = Layout {
    id: HypervisorId::VmwareFusion,
    host_type: "fusion",
    files: &[
        "/Library/Preferences/VMware Fusion/networking",
        "/var/db/vmware/vmnet-dhcpd-vmnet1.leases",
        "/var/db/vmware/vmnet-dhcpd-vmnet8.leases",
    ],
    each: Some(("/Library/Preferences/VMware Fusion", &["nat.conf", "dhcpd.conf"])),
    library: ("HOME", "/Library/Application Support/VMware Fusion/vmInventory"),
};

/// Reads what the product leaves in files, and asks `vmrun` for the rest.
pub(super) async fn read(ledger: Ledger, layout: &'static Layout) -> Result<(), Gap> {
    let running = running_machines(&ledger.processes().await.unwrap_or_default());
    let program_data = std::env::var("ProgramData").ok();
    let files: Vec<String> = layout
        .files
        .iter()
        .map(|file| expanded(file, program_data.as_deref()))
        .collect();
    let mark = files.first().filter(|file| ledger.path(file).exists());
    if mark.is_none() && ledger.machine.tools.find("vmrun").is_none() && running.is_empty() {
        return Ok(());
    }
    let evidence = mark.map_or("vmrun", String::as_str).to_owned();
    ledger.facts(move |case| {
        let hypervisor = case.hypervisor_mut(layout.id);
        hypervisor.installed = Some(true);
        if hypervisor.evidence.is_empty() {
            hypervisor.evidence.push(evidence.clone());
        }
    });
    networks(&ledger, layout, &files, mark.is_some()).await;
    let mut machines = running.clone();
    for path in known_machines(&ledger, layout).await {
        if !machines.contains(&path) {
            machines.push(path);
        }
    }
    for path in machines.iter().take(MOST) {
        hand_over(&ledger, path, true).await;
    }
    tools(&ledger, layout, &machines).await;
    ledger.facts(move |case| {
        let hypervisor = case.hypervisor_mut(layout.id);
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

/// The path with the folder that Windows keeps the data of programs in; it may be on another drive.
fn expanded(path: &str, program_data: Option<&str>) -> String {
    let folder = program_data
        .filter(|folder| is_absolute(folder))
        .unwrap_or(r"C:\ProgramData");
    match path.strip_prefix("%ProgramData%") {
        Some(below) => format!("{}{below}", folder.trim_end_matches('\\')),
        None => path.to_owned(),
    }
}

/// The machines in this user's library, running or not.
async fn known_machines(ledger: &Ledger, layout: &Layout) -> Vec<String> {
    let (variable, below) = layout.library;
    let Some(home) = std::env::var_os(variable) else {
        return Vec::new();
    };
    let path = format!("{}{below}", home.to_string_lossy());
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
            (wanted && is_absolute(path) && path.ends_with(".vmx")).then(|| path.to_owned())
        })
        .take(MOST)
        .collect()
}

/// The configuration of the networks, then what each network's servers wrote.
async fn networks(ledger: &Ledger, layout: &Layout, files: &[String], installed: bool) {
    for (at, file) in files.iter().enumerate() {
        hand_over(ledger, file, at == 0 && installed).await;
    }
    let Some((within, files)) = layout.each else {
        return;
    };
    let folder = ledger.path(within);
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
        for file in files {
            hand_over(ledger, &format!("{within}/{name}/{file}"), false).await;
        }
    }
}

/// Reads a file and hands it over for parsing. One that is not there is only a gap when it is `expected`.
async fn hand_over(ledger: &Ledger, path: &str, expected: bool) {
    let line = print_file(path);
    match ledger.file(path).await {
        Ok(text) => ledger.output(&line, text),
        Err(gap) if gap.why == Why::ToolMissing && !expected => {}
        Err(gap) => ledger.unread(path, &gap, &with_rights(&line)),
    }
}

/// The same line for whoever has more rights: Windows has no word for that.
fn with_rights(line: &str) -> String {
    if line.starts_with("type ") {
        line.to_owned()
    } else {
        format!("sudo {line}")
    }
}

/// Whether a path stands for itself, here or on Windows.
fn is_absolute(path: &str) -> bool {
    path.starts_with('/') || path.get(1..3) == Some(":\\")
}

/// Asks `vmrun` which machines run and for their addresses. The files of those that no process gave away (`known` are read)
/// are read as well: arguments of other users' processes are hidden.
async fn tools(ledger: &Ledger, layout: &Layout, known: &[String]) {
    let host_type = layout.host_type;
    if ledger.machine.tools.find("vmrun").is_none() {
        return;
    }
    let listed = match ledger
        .run_output("vmrun", &["-T", host_type, "list"], LIMIT)
        .await
    {
        Ok(listed) => listed.stdout,
        Err(gap) => return ledger.unread("VMware machines", &gap, &format!("vmrun -T {host_type} list")),
    };
    for path in listed.lines().filter(|line| line.ends_with(".vmx")).take(MOST) {
        if is_absolute(path) && !known.iter().any(|read| read == path) {
            hand_over(ledger, path, true).await;
        }
        let arguments = ["-T", host_type, "getGuestIPAddress", path];
        // It fails with an error on standard output when VMware Tools do not run in the guest.
        ledger.run_output("vmrun", &arguments, LIMIT).await.ok();
    }
}

/// The `.vmx` files that machine processes were started with.
fn running_machines(processes: &[Process]) -> Vec<String> {
    let mut paths: Vec<String> = processes
        .iter()
        .filter(|process| matches!(process.name.as_str(), "vmware-vmx" | "vmware-vmx.exe"))
        .filter_map(|process| process.arguments.iter().rev().find(|word| word.ends_with(".vmx")))
        .filter(|path| is_absolute(path))
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
    fn the_data_of_programs_may_stand_on_another_drive() {
        let file = r"%ProgramData%\VMware\netmap.conf";
        assert_eq!(expanded(file, Some(r"D:\Data\")), r"D:\Data\VMware\netmap.conf");
        assert_eq!(expanded(file, None), r"C:\ProgramData\VMware\netmap.conf");
        assert_eq!(
            expanded(file, Some("relative")),
            r"C:\ProgramData\VMware\netmap.conf"
        );
        assert_eq!(
            expanded("/etc/vmware/networking", Some(r"D:\")),
            "/etc/vmware/networking"
        );
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
