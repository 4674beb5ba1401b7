//! The sources of a Windows machine, one file each.
//!
//! What IP Helper knows is there at once. One PowerShell process answers everything else in JSON; what it says
//! first stays when the rest takes too long. Where it does not run, the tools of the command prompt are asked.

mod adapters;
mod fallback;
mod names;
mod powershell;
mod products;
mod proxies;
mod registry;
mod services;
mod tables;
mod wsl;

#[cfg(test)]
mod fake_tool_tests;

#[cfg(windows)]
use std::net::IpAddr;
use std::time::Duration;

#[cfg(windows)]
use super::inside::Inside;
use super::source::{Ledger, Source, source};
use super::{virtualbox, vmware};
#[cfg(windows)]
use crate::model::SystemLookUp;
use crate::model::{Fact, Gap};

/// IP Helper answers at once or not at all.
const KERNEL: Duration = Duration::from_millis(1000);
const TOOL: Duration = Duration::from_millis(2500);
/// The whole scan is done by then.
const LONGEST: Duration = Duration::from_millis(4800);

/// Every source, in the order in which their facts are merged.
pub(super) fn sources() -> Vec<Source> {
    vec![
        source!("identity", KERNEL, "ver", names::identity, []),
        source!("adapters", KERNEL, "ipconfig /all", adapters::read, [adapters]),
        source!("routes", KERNEL, "route print", tables::routes, [routes]),
        source!("neighbors", KERNEL, "arp -a", tables::neighbors, [neighbors]),
        source!(
            "names",
            KERNEL,
            "type %SystemRoot%\\System32\\drivers\\etc\\hosts",
            names::read,
            [hosts]
        ),
        source!(
            "proxies",
            TOOL,
            "netsh winhttp show proxy",
            proxies::read,
            [proxies]
        ),
        source!("processes", TOOL, "tasklist", processes, [processes]),
        source!(
            "services",
            TOOL,
            "sc query type= all state= all",
            services::read,
            [services]
        ),
        source!("products", TOOL, "", products::read, []),
        source!("powershell", LONGEST, "", powershell::read, [firewall]),
        source!(
            "virtualbox",
            LONGEST,
            "VBoxManage list -l vms",
            virtualbox_here,
            []
        ),
        source!("vmware", LONGEST, "vmrun list", vmware_here, []),
        source!("wsl", LONGEST, "wsl -l -v", wsl::read, []),
    ]
}

/// The names of all sources, for a list that is shown before they start.
#[cfg_attr(not(windows), allow(dead_code))]
pub fn source_names() -> Vec<&'static str> {
    sources().iter().map(|source| source.id).collect()
}

/// Whether this process has the rights of an administrator.
#[cfg(windows)]
pub(super) fn is_root() -> bool {
    crate::windows_api::is_elevated()
}

/// Whether this program runs inside a virtual machine, as the firmware's names in the registry tell. A processor
/// flag tells nothing here: Windows sets it for itself when it isolates its own core.
#[cfg(windows)]
pub fn inside_vm() -> Option<Inside> {
    // The tool may hang; whoever waits for it does so on a thread of its own, which ends with it or with us.
    let (tell, told) = std::sync::mpsc::sync_channel(1);
    std::thread::Builder::new()
        .spawn(move || tell.send(firmware()).ok())
        .ok()?;
    let text = told.recv_timeout(KERNEL).ok()??;
    super::inside::judge(&registry::strings(&text), false, "")
}

/// What the registry keeps of the firmware's own names.
#[cfg(windows)]
fn firmware() -> Option<String> {
    let key = r"HKLM\HARDWARE\DESCRIPTION\System\BIOS";
    let reg = super::run::Tools::of_this_machine().find("reg")?;
    let mut command = std::process::Command::new(reg);
    command.args(["query", key]).stdin(std::process::Stdio::null());
    // CREATE_NO_WINDOW.
    std::os::windows::process::CommandExt::creation_flags(&mut command, 0x0800_0000);
    Some(crate::parse::decode(&command.output().ok()?.stdout))
}

/// Asks the system which way a packet to `destination` would go.
///
/// # Errors
/// When Windows cannot be asked.
#[cfg(windows)]
pub async fn look_up(destination: IpAddr) -> Result<SystemLookUp, Gap> {
    super::source::blocking(move || tables::look_up(destination)).await
}

async fn processes(ledger: Ledger) -> Result<(), Gap> {
    let processes = ledger.processes().await?;
    ledger.facts(move |case| case.host.processes = Fact::known(processes.clone(), "process table"));
    Ok(())
}

/// VirtualBox' folder stands in the registry and seldom in the path.
async fn virtualbox_here(ledger: Ledger) -> Result<(), Gap> {
    let ledger = registry::with_folder(ledger, &[registry::VIRTUALBOX], "InstallDir").await;
    virtualbox::read(ledger).await
}

/// VMware's folder stands in the registry and seldom in the path.
async fn vmware_here(ledger: Ledger) -> Result<(), Gap> {
    let ledger = registry::with_folder(ledger, &registry::VMWARE, "InstallPath").await;
    vmware::read(ledger, &vmware::WINDOWS).await
}
