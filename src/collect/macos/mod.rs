//! The sources of a Mac, one file each. Its tools print text; the same parsers read what people paste.

mod network;
mod products;

#[cfg(test)]
mod fake_tool_tests;

#[cfg(target_os = "macos")]
use std::net::IpAddr;
use std::time::Duration;

#[cfg(target_os = "macos")]
use super::inside::Inside;
use super::source::{Ledger, Source, source};
use super::{qemu, virtualbox, vmware};
#[cfg(target_os = "macos")]
use crate::model::{Case, Output, Place, SystemLookUp, Why};
use crate::model::{Fact, Gap};

/// The system's own tools answer at once or not at all.
const SYSTEM: Duration = Duration::from_millis(1500);
const TOOL: Duration = Duration::from_millis(3000);
const HYPERVISOR: Duration = Duration::from_millis(4500);

/// Every source, in the order in which their facts are merged.
pub(super) fn sources() -> Vec<Source> {
    vec![
        source!("identity", SYSTEM, "sw_vers", network::identity, []),
        source!("adapters", SYSTEM, "ifconfig -a", network::adapters, [adapters]),
        source!("routes", SYSTEM, "netstat -rn", network::routes, [routes]),
        source!("neighbors", SYSTEM, "arp -an", network::neighbors, [neighbors]),
        source!(
            "names",
            SYSTEM,
            "scutil --dns; cat /etc/hosts",
            network::names,
            [dns, hosts]
        ),
        source!("processes", TOOL, "ps ax", processes, [processes]),
        source!(
            "services",
            TOOL,
            "launchctl print-disabled system",
            network::services,
            [services]
        ),
        source!(
            "filter",
            TOOL,
            "sudo pfctl -s rules",
            network::firewall,
            [mac_firewall]
        ),
        source!("products", TOOL, "", products::read, []),
        source!(
            "virtualbox",
            HYPERVISOR,
            "VBoxManage list -l vms",
            virtualbox::read,
            []
        ),
        source!("vmware", HYPERVISOR, "vmrun -T fusion list", fusion, []),
        source!(
            "parallels",
            HYPERVISOR,
            "prlsrvctl net list; prlctl list -a",
            products::parallels,
            []
        ),
        source!(
            "apple",
            HYPERVISOR,
            "utmctl list; multipass list; limactl list",
            products::apple,
            []
        ),
        source!("qemu", TOOL, "ps axww", qemu::read, []),
    ]
}

/// The names of all sources, for a list that is shown before they start.
#[cfg_attr(not(target_os = "macos"), allow(dead_code))]
pub fn source_names() -> Vec<&'static str> {
    sources().iter().map(|source| source.id).collect()
}

/// Whether this process has the rights of root.
#[cfg(target_os = "macos")]
pub(super) fn is_root() -> bool {
    nix::unistd::geteuid().is_root()
}

/// Whether this program runs inside a virtual machine, as the kernel tells.
#[cfg(target_os = "macos")]
pub fn inside_vm() -> Option<Inside> {
    let ask = |name: &str| {
        let answer = std::process::Command::new("/usr/sbin/sysctl")
            .args(["-n", name])
            .output()
            .ok()?;
        Some(String::from_utf8_lossy(&answer.stdout).trim().to_owned())
    };
    // Apple's own guests are called `VirtualMac2,1`; others name their maker.
    let model = ask("hw.model")?.replace("VirtualMac", "Apple Virtualization ");
    let present = ask("kern.hv_vmm_present").as_deref() == Some("1");
    super::inside::judge(&[model], present, "")
}

/// Asks the system which way a packet to `destination` would go.
///
/// # Errors
/// When the tool does not run, or its answer is not understood.
#[cfg(target_os = "macos")]
pub async fn look_up(destination: IpAddr) -> Result<SystemLookUp, Gap> {
    let address = destination.to_string();
    let family = if destination.is_ipv6() { "-inet6" } else { "-inet" };
    let tools = super::run::Tools::of_this_machine();
    let printed = super::run::run(&tools, "route", &["-n", "get", family, &address], SYSTEM).await?;
    let mut case = Case::default();
    let output = Output {
        on: Place::Host,
        command: format!("route -n get {address}"),
        // That there is no route stands on standard error.
        text: format!("{}\n{}", printed.stdout, printed.stderr),
    };
    crate::parse::absorb(&mut case, &output);
    case.host.look_ups.pop().ok_or_else(|| Gap {
        why: Why::CouldNotParse,
        detail: printed.stderr.trim().chars().take(200).collect(),
    })
}

async fn processes(ledger: Ledger) -> Result<(), Gap> {
    let processes = ledger.processes().await?;
    ledger.facts(move |case| case.host.processes = Fact::known(processes.clone(), "process table"));
    Ok(())
}

async fn fusion(ledger: Ledger) -> Result<(), Gap> {
    vmware::read(ledger, &vmware::FUSION).await
}
