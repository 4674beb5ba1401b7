//! Fixes by `virsh` alone.

use std::net::IpAddr;

use super::{Remedy, Where, ask, root, sh};
use crate::model::{Mac, Message, Os};

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

/// Lets a machine's filter pass the address that it has now, beside those that it had. `card` is the hardware address of
/// the card, where it is known.
pub fn loosen_nwfilter(
    machine: &str,
    filter: &str,
    address: Option<IpAddr>,
    card: Option<Mac>,
) -> Vec<Remedy> {
    let name = sh(machine);
    let shown = address.map_or_else(|| "GUEST-ADDRESS".to_owned(), |address| address.to_string());
    let message = Message::new("remedy-nwfilter-ask")
        .with("vm", machine)
        .with("filter", filter)
        .with("address", &shown);
    let mut ways = Vec::new();
    if let (Some(address), Some(card)) = (address, card) {
        const OLD: &str = "before-vmnet-doctor.xml";
        const NEW: &str = "after-vmnet-doctor.xml";
        // The description of that card alone; other cards keep their filters.
        let cut = format!(
            "awk '/<interface /{{part=\"\"; inside=1}} inside{{part=part $0 \"\\n\"}} /<\\/interface>/{{if (part ~ /{card}/) printf \"%s\", part; inside=0; part=\"\"}}'"
        );
        let told = format!("<parameter name=\"IP\" value=\"{address}\"/>");
        let add =
            format!("sed 's|\\(<filterref [^>]*[^/]\\)/>|\\1></filterref>|; s|<filterref [^>]*>|&{told}|'");
        let update =
            |file: &str| format!("sudo virsh -c qemu:///system update-device {name} {file} --live --config");
        ways.push(root(
            Where::Host,
            Os::Linux,
            fix!("remedy-nwfilter-address" ["vm" = machine, "filter" = filter, "address" = &shown], Medium,
                format!("sudo virsh -c qemu:///system dumpxml {name} | {cut} > {OLD} && {add} {OLD} > {NEW} && {}", update(NEW)),
                undo: update(OLD),
                verify: format!("sudo virsh -c qemu:///system dumpxml {name} | grep -A3 filterref")),
        ));
    }
    ways.push(root(
        Where::Host,
        Os::Linux,
        fix!("remedy-nwfilter" ["vm" = machine, "filter" = filter], Medium,
            format!("sudo virsh -c qemu:///system dumpxml --inactive {name} > before-vmnet-doctor.xml && sudo virsh -c qemu:///system edit {name}"),
            undo: "sudo virsh -c qemu:///system define before-vmnet-doctor.xml",
            verify: format!("sudo virsh -c qemu:///system dumpxml {name} | grep -A3 filterref")),
    ));
    ways.push(ask(Where::Host, message));
    ways
}
