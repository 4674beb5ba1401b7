//! Who writes packet filter rules here, as far as files and processes tell; firewalld's zones; NetworkManager's adapters.

use std::time::Duration;

use super::super::source::Ledger;
use crate::model::{Fact, FilterManager, Gap, Process};

/// firewall-cmd starts a Python interpreter.
const LIMIT: Duration = Duration::from_millis(2500);

/// Reads the marks that the managers leave. Chains and services add to them when the case is completed.
pub(super) async fn read(ledger: Ledger) -> Result<(), Gap> {
    let processes = ledger.processes().await?;
    let runs = |name: &str| {
        processes
            .iter()
            .any(|process: &Process| process.name.eq_ignore_ascii_case(name))
    };
    let mut managers = Vec::new();
    if ledger
        .file("/etc/ufw/ufw.conf")
        .await
        .is_ok_and(|text| ufw_is_on(&text))
    {
        managers.push(FilterManager::Ufw);
    }
    let firewalld = runs("firewalld");
    if firewalld {
        managers.push(FilterManager::Firewalld);
    }
    if runs("dockerd") {
        managers.push(FilterManager::Docker);
    }
    ledger.facts(move |case| {
        case.host.filter_managers = Fact::known(managers.clone(), "/etc/ufw/ufw.conf, process table");
    });
    // It answers at once; where it is not told of, it manages nothing.
    if runs("NetworkManager") {
        let arguments = ["-t", "-f", "DEVICE,TYPE,STATE,CONNECTION", "device"];
        if let Err(gap) = ledger.run_output("nmcli", &arguments, LIMIT).await {
            ledger.unread("NetworkManager", &gap, "nmcli device");
        }
    }
    if firewalld {
        for arguments in [&["--get-active-zones"][..], &["--list-all-zones"]] {
            let how = format!("sudo firewall-cmd {}", arguments.join(" "));
            if let Err(gap) = ledger.run_output("firewall-cmd", arguments, LIMIT).await {
                ledger.unread("firewalld zones", &gap, &how);
            }
        }
    }
    Ok(())
}

/// ufw.conf is written in shell assignments.
fn ufw_is_on(text: &str) -> bool {
    text.lines()
        .filter_map(|line| line.trim().strip_prefix("ENABLED="))
        .next_back()
        .is_some_and(|value| value.trim_matches(['"', '\'', ' ']).eq_ignore_ascii_case("yes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_assignment_counts() {
        assert!(ufw_is_on("# comment\nENABLED=yes\nLOGLEVEL=low\n"));
        assert!(ufw_is_on("ENABLED=no\nENABLED=\"yes\"\n"));
        assert!(!ufw_is_on("#ENABLED=yes\nENABLED=no\n"));
        assert!(!ufw_is_on(""));
    }
}
