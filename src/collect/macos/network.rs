//! Adapters, routes, neighbors, names and the firewall of a Mac.

use std::time::Duration;

use super::super::listed;
use super::super::run::Printed;
use super::super::source::{Ledger, blocking, command_line};
use crate::model::{Fact, Gap};

const LIMIT: Duration = Duration::from_millis(1200);

/// Reads how the system and the machine call themselves.
pub(super) async fn identity(ledger: Ledger) -> Result<(), Gap> {
    let (os_name, host_name) = blocking(|| {
        (
            sysinfo::System::long_os_version().ok(),
            sysinfo::System::host_name().ok(),
        )
    })
    .await?;
    ledger.facts(move |case| {
        case.host.os_name.clone_from(&os_name);
        case.host.host_name.clone_from(&host_name);
    });
    Ok(())
}

/// Reads the adapters: at once what the system's library lists, then what `ifconfig` adds (members of bridges,
/// whether a cable is in), then what people call them.
pub(super) async fn adapters(ledger: Ledger) -> Result<(), Gap> {
    let found = blocking(netdev::get_interfaces).await?;
    let adapters: Vec<_> = found.iter().map(listed::adapter).collect();
    if cfg!(target_os = "macos") {
        ledger.facts(move |case| case.host.adapters = Fact::known(adapters.clone(), "getifaddrs"));
    }
    let details = ledger.run_output("ifconfig", &["-a"], LIMIT).await;
    // What has no such port is virtual, and told by its name.
    for list in ["-listallhardwareports", "-listnetworkserviceorder"] {
        ledger.run_output("networksetup", &[list], LIMIT).await.ok();
    }
    details.map(drop)
}

/// Where macOS keeps who shares a connection with whom; there is no such file where nobody ever did.
const SHARING: &str = "/Library/Preferences/SystemConfiguration/com.apple.nat.plist";

/// Reads which services launchd may not start, which VPNs are set up, and whose connection is shared.
pub(super) async fn services(ledger: Ledger) -> Result<(), Gap> {
    let disabled = ledger
        .run_output("launchctl", &["print-disabled", "system"], LIMIT)
        .await;
    let list = ["--nc", "list"];
    if let Err(gap) = ledger.run_output("scutil", &list, LIMIT).await {
        ledger.unread("VPN services", &gap, &command_line("scutil", &list));
    }
    if ledger.path(SHARING).exists() {
        let print = ["-convert", "xml1", "-o", "-", SHARING];
        let file = ledger.path(SHARING);
        let path = file.to_str().unwrap_or(SHARING);
        let asked = ledger
            .run("plutil", &["-convert", "xml1", "-o", "-", path], LIMIT)
            .await;
        match asked.and_then(Printed::checked) {
            Ok(printed) => ledger.output(&command_line("plutil", &print), printed.stdout),
            Err(gap) => ledger.unread("shared connections", &gap, &command_line("plutil", &print)),
        }
    }
    disabled.map(drop)
}

/// Reads the routing tables of both families.
pub(super) async fn routes(ledger: Ledger) -> Result<(), Gap> {
    ledger.run_output("netstat", &["-rn"], LIMIT).await?;
    ledger.facts(|case| case.host.rules = Fact::known(Vec::new(), "macOS has none"));
    Ok(())
}

/// Reads the neighbor table.
pub(super) async fn neighbors(ledger: Ledger) -> Result<(), Gap> {
    ledger.run_output("arp", &["-an"], LIMIT).await.map(drop)
}

/// Reads the name servers, the adapters in use with those of VPNs, the web proxy, and the hosts file.
pub(super) async fn names(ledger: Ledger) -> Result<(), Gap> {
    let servers = ledger.run_output("scutil", &["--dns"], LIMIT).await;
    ledger.run_output("scutil", &["--nwi"], LIMIT).await.ok();
    ledger.run_output("scutil", &["--proxy"], LIMIT).await.ok();
    if let Ok(text) = ledger.file("/etc/hosts").await {
        ledger.output("cat /etc/hosts", text);
    }
    servers.map(drop)
}

/// Reads the application firewall, and of pf what this user may see.
pub(super) async fn firewall(ledger: Ledger) -> Result<(), Gap> {
    // One call each: the tool takes the first option alone on some releases.
    let mut last = Ok(());
    for option in [
        "--getglobalstate",
        "--getblockall",
        "--getstealthmode",
        "--listapps",
    ] {
        let asked = ledger.run_output("socketfilterfw", &[option], LIMIT).await;
        last = last.and(asked.map(drop));
    }
    for arguments in [
        &["-s", "rules"][..],
        &["-a", "com.apple.internet-sharing/shared_v4", "-s", "nat"],
    ] {
        let line = format!("sudo pfctl {}", arguments.join(" "));
        if let Err(gap) = ledger.run_output("pfctl", arguments, LIMIT).await {
            ledger.unread("pf rules", &gap, &line);
        }
    }
    last
}
