//! The address that packets leave with.

use std::net::IpAddr;

use ipnet::IpNet;

use super::fix::Ways;
use super::{Remedy, Risk, Where, sh};
use crate::model::{Message, Os};

/// Lets packets to a segment leave with the adapter's own address there; `old` is the one that they leave with. Windows
/// has no such setting for a route: there the other address is kept from being chosen.
pub fn prefer_source(
    os: Os,
    segment: IpNet,
    adapter: &str,
    own: IpAddr,
    old: IpAddr,
    metric: Option<u32>,
) -> Vec<Remedy> {
    let effect = Message::new("remedy-source-effect")
        .with("segment", segment)
        .with("address", own);
    let fix = Ways::new(Where::Host, os, "remedy-source-title", effect, Risk::Low);
    match os {
        Os::Windows => {
            let skip = |skip: bool| format!("Set-NetIPAddress -IPAddress {old} -SkipAsSource ${skip}");
            fix.powershell(
                skip(true),
                skip(false),
                format!("Get-NetIPAddress -IPAddress {old} | Select-Object IPAddress, SkipAsSource"),
            )
        }
        Os::Macos | Os::Bsd => {
            let line = |address: IpAddr| format!("sudo route -n change -net {segment} -ifa {address}");
            fix.sh(
                line(own),
                line(old),
                format!("route -n get {}", segment.network()),
            )
        }
        _ => {
            let metric = metric
                .map(|metric| format!(" metric {metric}"))
                .unwrap_or_default();
            let name = sh(adapter);
            let line =
                |address: IpAddr| format!("sudo ip route replace {segment} dev {name} src {address}{metric}");
            fix.sh(
                line(own),
                line(old),
                format!("ip route get {}", segment.network()),
            )
        }
    }
    .ways()
}
