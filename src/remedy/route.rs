//! Fixes on routes to segments that lie behind another router.

use std::net::IpAddr;

use ipnet::IpNet;

use super::fix::Fix;
use super::{Remedy, Risk, Where};
use crate::model::{Message, Os};

/// Sends a segment's packets to the router that leads there.
pub fn route_via(on: Where, os: Os, segment: IpNet, via: IpAddr) -> Vec<Remedy> {
    let segment = segment.trunc();
    let network = segment.network();
    let effect = Message::new("remedy-route-via-effect")
        .with("segment", segment)
        .with("via", via);
    let fix = Fix::at(on, "remedy-route-via-title", effect, Risk::Low);
    match os {
        Os::Windows => {
            let IpNet::V4(net) = segment else {
                return vec![fix.cmd((
                    format!("netsh interface ipv6 add route {segment} nexthop={via}"),
                    format!("netsh interface ipv6 delete route {segment} nexthop={via}"),
                    "netsh interface ipv6 show route".to_owned(),
                ))];
            };
            vec![fix.cmd((
                format!("route add {network} mask {} {via}", net.netmask()),
                format!("route delete {network} mask {} {via}", net.netmask()),
                format!("route print {network}"),
            ))]
        }
        Os::Macos | Os::Bsd => vec![fix.sh(
            os,
            (
                format!("sudo route -n add -net {segment} {via}"),
                format!("sudo route -n delete -net {segment} {via}"),
                format!("route -n get {network}"),
            ),
        )],
        _ => vec![fix.sh(
            Os::Linux,
            (
                format!("sudo ip route add {segment} via {via}"),
                format!("sudo ip route del {segment} via {via}"),
                format!("ip route get {network}"),
            ),
        )],
    }
}
