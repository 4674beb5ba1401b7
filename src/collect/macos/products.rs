//! Hypervisors of a Mac: which are installed, and what the tools of the smaller ones tell.

use std::time::Duration;

use super::super::marks::{self, Mark};
use super::super::source::{Ledger, Work, command_line, side_by_side};
use crate::model::{Gap, HypervisorId};

const LIMIT: Duration = Duration::from_millis(2500);
/// Without an agent in the guest the tool waits for ever.
const ADDRESS: Duration = Duration::from_millis(1000);
/// Most networks that are asked for in detail.
const MOST: usize = 20;

/// What only an installed product leaves.
const FILES: [Mark; 8] = [
    ("/Applications/VMware Fusion.app", HypervisorId::VmwareFusion),
    ("/Applications/VirtualBox.app", HypervisorId::VirtualBox),
    ("/Applications/Parallels Desktop.app", HypervisorId::Parallels),
    ("/Applications/UTM.app", HypervisorId::Utm),
    (
        "/Library/Application Support/com.canonical.multipass",
        HypervisorId::Multipass,
    ),
    ("/opt/homebrew/bin/limactl", HypervisorId::Lima),
    ("/usr/local/bin/limactl", HypervisorId::Lima),
    ("/opt/homebrew/bin/socket_vmnet", HypervisorId::Lima),
];

/// Processes that only a running product has.
const PROCESSES: [Mark; 9] = [
    ("vmware-vmx", HypervisorId::VmwareFusion),
    ("vmnet-natd", HypervisorId::VmwareFusion),
    ("VBoxHeadless", HypervisorId::VirtualBox),
    ("VirtualBoxVM", HypervisorId::VirtualBox),
    ("VBoxSVC", HypervisorId::VirtualBox),
    ("prl_vm_app", HypervisorId::Parallels),
    ("UTM", HypervisorId::Utm),
    ("multipassd", HypervisorId::Multipass),
    ("limactl", HypervisorId::Lima),
];

/// Reads the marks.
pub(super) async fn read(ledger: Ledger) -> Result<(), Gap> {
    marks::read(&ledger, &FILES, &PROCESSES, |process, mark| process == mark).await
}

/// Parallels: its networks, then its machines.
pub(super) async fn parallels(ledger: Ledger) -> Result<(), Gap> {
    if ledger.machine.tools.find("prlsrvctl").is_none() {
        return Ok(());
    }
    let listed = ledger.run_output("prlsrvctl", &["net", "list"], LIMIT).await?;
    for name in network_names(&listed.stdout) {
        ledger
            .run_output("prlsrvctl", &["net", "info", &name], LIMIT)
            .await
            .ok();
    }
    let listed = ledger
        .run_output("prlctl", &["list", "-a", "--json"], LIMIT)
        .await;
    // The short list has addresses, the long one cards.
    let long = ["list", "-i", "-a", "--json"];
    if let Err(gap) = ledger.run_output("prlctl", &long, LIMIT).await {
        ledger.unread(
            "cards of Parallels machines",
            &gap,
            &command_line("prlctl", &long),
        );
    }
    listed.map(drop)
}

/// The names in the first column, whose width the heading tells.
fn network_names(text: &str) -> Vec<String> {
    let mut lines = text.lines();
    let width = lines
        .next()
        .and_then(|heading| heading.find("Type"))
        .unwrap_or_default();
    lines
        .filter_map(|line| line.get(..width))
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty() && !name.starts_with('-'))
        .take(MOST)
        .collect()
}

/// UTM, Multipass and Lima: their machines; and whom the system's own DHCP server lent addresses.
pub(super) async fn apple(ledger: Ledger) -> Result<(), Gap> {
    let tools: [(&str, &[&str]); 3] = [
        ("utmctl", &["list"]),
        ("multipass", &["list", "--format", "json"]),
        ("limactl", &["list", "--format", "json"]),
    ];
    let mut outcome = Ok(());
    for (tool, arguments) in tools {
        if ledger.machine.tools.find(tool).is_none() {
            continue;
        }
        match ledger.run_output(tool, arguments, LIMIT).await {
            Ok(printed) if tool == "utmctl" => utm_addresses(&ledger, &printed.stdout).await,
            // Not every driver of Multipass has networks to choose from.
            Ok(_) if tool == "multipass" => drop(ledger.run_output(tool, &["networks"], LIMIT).await),
            Ok(_) => {}
            Err(gap) => {
                ledger.unread(
                    &format!("machines ({tool})"),
                    &gap,
                    &format!("{tool} {}", arguments.join(" ")),
                );
                outcome = Err(gap);
            }
        }
    }
    // One server for every product that uses Apple's networks; it is there when one of them ran.
    if let Ok(text) = ledger.file("/var/db/dhcpd_leases").await {
        ledger.output("cat /var/db/dhcpd_leases", text);
    }
    outcome
}

/// The addresses of UTM's machines that run. Their settings lie in UTM's own container, which macOS guards with a question
/// to the user, so that they are not read. Machines of Apple's backend have no agent that would answer.
async fn utm_addresses(ledger: &Ledger, listed: &str) {
    let running = listed.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        let (id, state) = (words.next()?, words.next()?);
        let plain = id.len() == 36 && id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
        (plain && state == "started").then_some(id)
    });
    let asked = running.take(MOST).enumerate().map(|(at, id)| -> Work<'_> {
        let ledger = ledger.at(1 + at);
        Box::pin(async move {
            let ask = ["ip-address", id];
            if let Err(gap) = ledger.run_output("utmctl", &ask, ADDRESS).await {
                ledger.unread(
                    &format!("addresses of a UTM machine ({id})"),
                    &gap,
                    &command_line("utmctl", &ask),
                );
            }
        })
    });
    side_by_side(4, asked.collect()).await;
}

#[cfg(test)]
mod tests {
    #[test]
    fn takes_names_with_blanks_and_no_options() {
        let text = "Network ID        Type      Bound To\nShared            shared    vnic0\nHost-Only 2       host-only vnic1\n--all             shared    x\n";
        assert_eq!(super::network_names(text), ["Shared", "Host-Only 2"]);
    }
}
