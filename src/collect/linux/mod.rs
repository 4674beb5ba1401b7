//! The sources of a Linux machine, one file each.

mod adapters;
mod filter;
mod identity;
mod inside;
mod kernel;
mod libvirt;
mod listeners;
mod managers;
mod names;
mod neighbors;
mod netlink;
mod products;
mod routes;
mod services;

#[cfg(test)]
mod fake_tool_tests;
#[cfg(test)]
mod namespace_tests;

use std::time::Duration;

use super::source::{Ledger, Source, Work, side_by_side, source};
use super::{qemu, virtualbox, vmware};

pub use inside::inside_vm;
pub use routes::look_up;

/// The kernel answers at once, and on a machine that has much else to do, its answer waits for a processor.
const KERNEL: Duration = Duration::from_secs(2);
/// Programs that start a Python interpreter or a service have their time.
const TOOL: Duration = Duration::from_secs(3);
const HYPERVISOR: Duration = Duration::from_secs(4);

/// Every source, in the order in which their facts are merged.
pub(super) fn sources() -> Vec<Source> {
    vec![
        source!("identity", KERNEL, "cat /etc/os-release", identity::read, []),
        source!("adapters", KERNEL, "ip -d addr", adapters::read, [adapters]),
        source!(
            "routes",
            KERNEL,
            "ip route show table all; ip rule",
            routes::read,
            [routes, rules]
        ),
        source!(
            "neighbors",
            KERNEL,
            "ip neigh; bridge fdb",
            neighbors::read,
            [neighbors, bridge_entries]
        ),
        source!("kernel", KERNEL, "sysctl net.ipv4", kernel::read, [kernel]),
        source!("listeners", TOOL, "ss -tuln", listeners::read, [listeners]),
        source!(
            "names",
            KERNEL,
            "cat /etc/resolv.conf /etc/hosts",
            names::read,
            [dns, hosts]
        ),
        source!("processes", TOOL, "ps ax", processes, [processes]),
        source!(
            "services",
            TOOL,
            "systemctl list-units --type=service",
            services::read,
            [services]
        ),
        source!("filter", TOOL, "sudo nft -j list ruleset", filter::read, [filter]),
        source!(
            "managers",
            TOOL,
            "sudo ufw status; firewall-cmd --state",
            managers::read,
            [filter_managers]
        ),
        source!("products", TOOL, "", products::read, []),
        source!(
            "libvirt",
            HYPERVISOR,
            "virsh -c qemu:///system list --all",
            libvirt::read,
            []
        ),
        source!(
            "virtualbox",
            HYPERVISOR,
            "VBoxManage list -l vms",
            virtualbox::read,
            []
        ),
        source!(
            "vmware",
            HYPERVISOR,
            "cat /etc/vmware/networking",
            vmware_here,
            []
        ),
        source!("qemu", TOOL, "ps axww", qemu::read, []),
    ]
}

/// The names of all sources, for a list that is shown before they start.
pub fn source_names() -> Vec<&'static str> {
    sources().iter().map(|source| source.id).collect()
}

/// Whether this process has the rights of root.
pub(super) fn is_root() -> bool {
    nix::unistd::geteuid().is_root()
}

async fn processes(ledger: Ledger) -> Result<(), crate::model::Gap> {
    let processes = ledger.processes().await?;
    ledger.facts(move |case| {
        case.host.processes = crate::model::Fact::known(processes.clone(), "process table");
    });
    Ok(())
}

async fn vmware_here(ledger: Ledger) -> Result<(), crate::model::Gap> {
    vmware::read(ledger, &vmware::LINUX).await
}
