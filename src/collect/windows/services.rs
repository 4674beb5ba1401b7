//! Services and drivers of interest, from one question to the service control manager.

use std::time::Duration;

use super::super::source::Ledger;
use crate::model::Gap;

const LIMIT: Duration = Duration::from_millis(2000);

/// Services and drivers of hypervisors, of Windows' own network, and of VPN clients; in small letters.
pub(super) const NAMES: [&str; 32] = [
    "vmnetdhcp",
    "vmware nat service",
    "vmauthdservice",
    "vmusbarbservice",
    "vmnetbridge",
    "vmnetadapter",
    "vboxsds",
    "vboxsup",
    "vboxnetadp",
    "vboxnetlwf",
    "vmms",
    "vmcompute",
    "hns",
    "vmsmp",
    "wslservice",
    "lxssmanager",
    "winnat",
    "sharedaccess",
    "remoteaccess",
    "iphlpsvc",
    "mpssvc",
    "bfe",
    "dhcp",
    "dnscache",
    "nlasvc",
    "netprofm",
    "multipass",
    "com.docker.service",
    "openvpnservice",
    "wireguardmanager",
    "tailscale",
    "zerotieroneservice",
];

/// Asks for all of them at once and keeps those of interest. The names of fields are not translated.
pub(super) async fn read(ledger: Ledger) -> Result<(), Gap> {
    let arguments = ["query", "type=", "all", "state=", "all"];
    let printed = ledger.run("sc", &arguments, LIMIT).await?.checked()?;
    ledger.output("sc query", of_interest(&printed.stdout));
    Ok(())
}

/// The blocks of the services of interest.
fn of_interest(text: &str) -> String {
    let mut kept = String::new();
    let mut keep = false;
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("SERVICE_NAME:") {
            keep = NAMES.contains(&name.trim().to_lowercase().as_str());
        }
        if keep {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_whole_blocks_of_known_services() {
        let block = |name: &str, state: &str| {
            format!(
                "\r\nSERVICE_NAME: {name}\r\nDISPLAY_NAME: {name}\r\n        TYPE               : 10  WIN32_OWN_PROCESS\r\n        \
                 STATE              : {state}\r\n"
            )
        };
        let text = [
            block("Spooler", "4  RUNNING"),
            block("VMware NAT Service", "1  STOPPED"),
        ]
        .concat();
        let kept = of_interest(&text);
        assert!(kept.starts_with("SERVICE_NAME: VMware NAT Service\n"), "{kept}");
        assert!(kept.contains("1  STOPPED") && !kept.contains("Spooler"));
    }
}
