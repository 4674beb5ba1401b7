//! DHCP clients: `dhclient -v`, `udhcpc`, `dhcpcd`, `ipconfig /renew`.

use crate::model::{Case, Place, Probe, ProbeResult};
use crate::parse::text::{address, first_address, source};
use crate::parse::windows;

/// Whether the line is one of a DHCP client.
pub fn is_line(line: &str) -> bool {
    let line = line.trim_start();
    [
        "DHCPDISCOVER",
        "DHCPOFFER",
        "DHCPREQUEST",
        "DHCPACK",
        "DHCPNAK",
        "udhcpc: ",
        "No DHCPOFFERS",
    ]
    .iter()
    .any(|word| line.starts_with(word))
        || line.starts_with("bound to ")
}

/// Reads what a DHCP client got.
pub fn read(text: &str, case: &mut Case, on: Place, command: &str) {
    let (mut got, mut server, mut failed) = (None, None, false);
    for line in text.lines().map(str::trim) {
        let lower = line.to_lowercase();
        let from = || {
            let (_, rest) = line.split_once(" from ")?;
            rest.split_whitespace().next().and_then(address)
        };
        let granted = lower.starts_with("bound to ")
            || lower.starts_with("dhcpack of ")
            || (lower.contains("lease of ") && lower.contains(" obtained"))
            || lower.contains(": leased ");
        if granted {
            got = first_address(line).or(got);
            server = from().or(server);
            failed = false;
        } else if lower.starts_with("dhcpack from ")
            || lower.contains(" offered ")
            || lower.starts_with("dhcpoffer")
        {
            server = from().or(server);
        } else if lower.starts_with("no dhcpoffers")
            || lower.contains("no lease")
            || lower.contains("timed out")
            || lower.contains("unable to contact your dhcp server")
            || lower.contains("无法联系 dhcp 服务器")
            || lower.contains("无法联系你的 dhcp 服务器")
            || lower.contains("无法连接 dhcp 服务器")
            // As the German release says it (not checked against a capture).
            || lower.contains("keine verbindung mit dem dhcp-server")
            || lower.contains("verbindung mit dem dhcp-server konnte nicht")
        {
            failed = true;
        }
    }
    // `ipconfig /renew` shows the adapters as they are then.
    if text.lines().any(windows::is_ipconfig_line) {
        windows::read_ipconfig(text, case, on, command);
    }
    let discovering = text.contains("DHCPDISCOVER") || text.contains("sending discover");
    if got.is_none() && !failed && !discovering {
        return;
    }
    case.probes.push(Probe {
        from: on,
        to: None,
        name: None,
        result: ProbeResult::Dhcp { address: got, server },
        source: source(command),
        at_ms: None,
    });
}
