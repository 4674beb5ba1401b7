//! What macOS prints.

mod firewall;
mod ipconfig;
mod launchctl;
mod lsof;
mod networksetup;
mod route_get;
mod scutil;
mod sharing;

use super::command::Call;
use super::formats::Format;
use super::whole;
use crate::model::Os::Macos;

/// The formats of this folder; a new one is one row here.
pub const FORMATS: &[Format] = &[
    Format::new(
        "route look-up",
        |call| call.is(&["route"]) && call.word(0) == "get",
        route_get::read,
    )
    .line(route_get::is_line)
    .hears_errors(),
    Format::new(
        "name servers",
        |call| call.is(&["scutil"]) && call.has("--dns"),
        scutil::dns,
    )
    .line(scutil::is_dns_line)
    .os(Macos),
    Format::new(
        "adapters in use",
        |call| call.is(&["scutil"]) && call.has("--nwi"),
        scutil::nwi,
    )
    .line(scutil::is_nwi_line)
    .os(Macos),
    Format::new(
        "VPN services",
        |call| call.is(&["scutil"]) && call.has("--nc"),
        scutil::services,
    )
    .line(scutil::is_service_line)
    .os(Macos),
    Format::new("shared connections", sharing::is_call, sharing::read)
        .whole(whole::xml)
        .os(Macos),
    Format::new(
        "application firewall",
        |call| call.is(&["socketfilterfw"]),
        firewall::application,
    )
    .whole(|text| text.lines().any(firewall::is_application_line))
    .line(firewall::is_application_line)
    .os(Macos),
    Format::new("packet filter", |call| call.is(&["pfctl"]), firewall::pf)
        .line(firewall::is_pf_line)
        .silence_speaks(),
    Format::new("open ports", |call| call.is(&["lsof"]), lsof::read).line(lsof::is_heading),
    Format::new(
        "disabled services",
        |call| call.is(&["launchctl"]) && call.word(0) == "print-disabled",
        launchctl::disabled,
    )
    .line(launchctl::is_line)
    .os(Macos),
    Format::new("addresses of one card", ipconfig::is_call, ipconfig::read)
        .line(ipconfig::is_line)
        .os(Macos),
    Format::new("hardware ports", is_networksetup, networksetup::read)
        .line(networksetup::is_line)
        .os(Macos),
];

fn is_networksetup(call: &Call) -> bool {
    call.is(&["networksetup"])
        && ["-listallhardwareports", "-listnetworkserviceorder"]
            .iter()
            .any(|option| call.has(option))
}
