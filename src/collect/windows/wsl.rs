//! WSL: its machines, and how all of them are connected.

use std::time::Duration;

use super::super::run::Printed;
use super::super::source::{Ledger, command_line};
use super::registry;
use crate::model::{Case, Gap, HypervisorId, Output, Place};
use crate::parse;
use crate::parse::hypervisor::lay;

const LIMIT: Duration = Duration::from_millis(2000);
/// Most machines that are asked for their addresses.
const MOST: usize = 16;

/// Where Windows keeps the machines of this user.
const MACHINES: &str = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Lxss";

/// Reads them when there are any: without one, `wsl` offers to install itself and waits for a key.
pub(super) async fn read(ledger: Ledger) -> Result<(), Gap> {
    let Ok(keys) = registry::query(&ledger, MACHINES).await else {
        return Ok(());
    };
    // Each machine is a key of its own below this one.
    if !keys.lines().any(|line| line.trim_end().ends_with('}')) {
        return Ok(());
    }
    let list = ["-l", "-v"];
    let listed = ledger.run_output("wsl", &list, LIMIT).await?;
    let names = ["--list", "--running", "--quiet"];
    let running = match ledger.run_output("wsl", &names, LIMIT).await {
        Ok(printed) => printed.stdout,
        Err(gap) => {
            ledger.unread("WSL machines that run", &gap, &command_line("wsl", &names));
            String::new()
        }
    };
    let home = std::env::var("USERPROFILE").unwrap_or_else(|_| r"C:\Users\Default".to_owned());
    let path = format!(r"{home}\.wslconfig");
    // Without the file all settings are those of Windows.
    if let Ok(text) = ledger.file(&path).await {
        ledger.output(r"type %UserProfile%\.wslconfig", text);
    }
    inside(&ledger, &running_ones(&listed.stdout, &running)).await;
    Ok(())
}

/// The machines of WSL 2 that run, in both lists, without those that Docker Desktop keeps for itself.
fn running_ones(listed: &str, running: &str) -> Vec<String> {
    let mut case = Case::default();
    for (command, text) in [("wsl -l -v", listed), ("wsl --list --running --quiet", running)] {
        let output = Output {
            on: Place::Host,
            command: command.to_owned(),
            text: text.to_owned(),
        };
        parse::absorb(&mut case, &output);
    }
    let machines = case.hypervisor_mut(HypervisorId::Wsl2).machines.rows().iter();
    let names: Vec<&str> = running.lines().map(str::trim).collect();
    machines
        // Only the list of names is without doubt, and asking a machine that does not run would start it.
        .filter(|machine| names.contains(&machine.name.as_str()))
        .map(|machine| machine.name.clone())
        .filter(|name| !name.starts_with("docker-desktop"))
        .take(MOST)
        .collect()
}

/// What the machines that run know of their network: their addresses, and the mode that WSL really gave all of them.
async fn inside(ledger: &Ledger, running: &[String]) {
    for (at, name) in running.iter().enumerate() {
        if at == 0 {
            let ask = ["-d", name, "-e", "wslinfo", "--networking-mode"];
            // It came with WSL 2.0.
            if let Ok(printed) = ledger.run("wsl", &ask, LIMIT).await.and_then(Printed::checked) {
                ledger.output("wslinfo --networking-mode", printed.stdout);
            }
        }
        let ask = ["-d", name, "-e", "hostname", "-I"];
        match ledger.run("wsl", &ask, LIMIT).await.and_then(Printed::checked) {
            Ok(printed) => addresses(ledger, name, &printed.stdout),
            Err(gap) => ledger.unread(
                &format!("addresses of a WSL machine ({name})"),
                &gap,
                &command_line("wsl", &ask),
            ),
        }
    }
}

/// Hands over the address of a machine's own card: the first of IPv4, for those of containers in it come later.
fn addresses(ledger: &Ledger, name: &str, printed: &str) {
    let mut found = printed
        .split_whitespace()
        .take(64)
        .filter_map(parse::text::address);
    let Some(address) = found.find(std::net::IpAddr::is_ipv4) else {
        return;
    };
    let name = name.to_owned();
    ledger.facts(move |case| {
        let hypervisor = case.hypervisor_mut(HypervisorId::Wsl2);
        let machine = lay::machine(hypervisor, &name, None, "wsl -e hostname -I");
        if let Some(nic) = lay::nic_in_slot(machine, 0) {
            nic.network.get_or_insert_with(|| "WSL".to_owned());
            lay::address(nic, address, None, "agent");
        }
        lay::settle(hypervisor);
    });
}
