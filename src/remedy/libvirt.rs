//! Fixes by `virsh` alone.

use super::{Remedy, Where, ask, root, sh};
use crate::model::{Message, Os};

/// Starts a network's helpers again: its dnsmasq and its packet filter rules come back with it.
pub fn restart_libvirt_network(network: &str, machine: &str) -> Vec<Remedy> {
    let (on, os, name) = (Where::Host, Os::Linux, sh(network));
    vec![
        // The daemon starts a missing dnsmasq of an active network, and leaves running machines plugged in.
        root(
            on,
            os,
            fix!("remedy-restart-libvirt", Low,
                "sudo systemctl restart virtnetworkd.service 2>/dev/null || sudo systemctl restart libvirtd.service",
                undo: "",
                verify: "pgrep -a dnsmasq"),
        ),
        root(
            on,
            os,
            fix!("remedy-restart-network" ["network" = network], Medium,
                format!("sudo virsh -c qemu:///system net-destroy {name} && sudo virsh -c qemu:///system net-start {name}"),
                undo: "",
                verify: format!("pgrep -a dnsmasq; sudo virsh -c qemu:///system net-info {name}")),
        ),
        ask(on, Message::new("remedy-restart-vm-ask").with("vm", machine)),
    ]
}

/// Lets a machine's filter pass the address that it has now.
pub fn loosen_nwfilter(machine: &str, filter: &str, address: &str) -> Vec<Remedy> {
    let name = sh(machine);
    let message = Message::new("remedy-nwfilter-ask")
        .with("vm", machine)
        .with("filter", filter)
        .with("address", address);
    vec![
        root(
            Where::Host,
            Os::Linux,
            fix!("remedy-nwfilter" ["vm" = machine, "filter" = filter], Medium,
                format!("sudo virsh -c qemu:///system dumpxml --inactive {name} > before-vmnet-doctor.xml && sudo virsh -c qemu:///system edit {name}"),
                undo: "sudo virsh -c qemu:///system define before-vmnet-doctor.xml",
                verify: format!("sudo virsh -c qemu:///system dumpxml {name} | grep -A3 filterref")),
        ),
        ask(Where::Host, message),
    ]
}
