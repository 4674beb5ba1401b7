//! Fixes of a guest's ways: which card, which router.

use std::net::IpAddr;

use ipnet::IpNet;

use super::fix::Ways;
use super::{Remedy, Risk, Where, prompt, ps, sh};
use crate::model::{Message, Os};

/// Takes the default route off a card that leads nowhere.
pub fn drop_default(os: Os, adapter: &str, via: Option<IpAddr>) -> Vec<Remedy> {
    let effect = Message::new("remedy-drop-default-effect").with("adapter", adapter);
    let fix = Ways::new(Where::Guest, os, "remedy-drop-default-title", effect, Risk::Low);
    let name = sh(adapter);
    let hop = via.map(|via| format!(" via {via}")).unwrap_or_default();
    match os {
        Os::Windows => {
            let quoted = ps(adapter);
            let back = via.map_or_else(String::new, |via| {
                format!("New-NetRoute -InterfaceAlias {quoted} -DestinationPrefix 0.0.0.0/0 -NextHop {via}")
            });
            let fix = fix.powershell(
                format!("Remove-NetRoute -InterfaceAlias {quoted} -DestinationPrefix 0.0.0.0/0 -Confirm:$false"),
                back,
                "Find-NetRoute -RemoteIPAddress 1.1.1.1",
            );
            match via {
                Some(via) => fix.cmd(
                    format!("route delete 0.0.0.0 mask 0.0.0.0 {via}"),
                    format!("route -p add 0.0.0.0 mask 0.0.0.0 {via}"),
                    "route print 0.0.0.0",
                ),
                None => fix,
            }
        }
        Os::Macos | Os::Bsd => {
            let gateway = via.map(|via| format!(" {via}")).unwrap_or_default();
            fix.sh(
                format!("sudo route -n delete default{gateway}"),
                format!("sudo route -n add default{gateway}"),
                "route -n get 1.1.1.1",
            )
        }
        _ => fix
            .sh(
                format!("sudo ip route del default{hop} dev {name}"),
                format!("sudo ip route add default{hop} dev {name}"),
                "ip route get 1.1.1.1",
            )
            .sh(
                format!("connection=$(nmcli -g GENERAL.CONNECTION device show {name}) && sudo nmcli connection modify \"$connection\" ipv4.never-default yes && sudo nmcli device reapply {name}"),
                format!("connection=$(nmcli -g GENERAL.CONNECTION device show {name}) && sudo nmcli connection modify \"$connection\" ipv4.never-default no && sudo nmcli device reapply {name}"),
                "ip route show default",
            ),
    }
    .ways()
}

/// Gives the guest a way to `destination` by its own card, ahead of what takes it elsewhere.
pub fn guest_route(os: Os, destination: IpNet, adapter: &str, via: Option<IpAddr>) -> Vec<Remedy> {
    let destination = destination.trunc();
    let effect = Message::new("remedy-route-effect")
        .with("segment", destination)
        .with("adapter", adapter);
    let fix = Ways::new(Where::Guest, os, "remedy-route-title", effect, Risk::Low);
    let name = sh(adapter);
    let probe = destination.network();
    match os {
        Os::Windows => {
            let hop = via.map_or_else(|| "0.0.0.0".to_owned(), |via| via.to_string());
            let quoted = ps(adapter);
            fix.powershell(
                format!("New-NetRoute -DestinationPrefix {destination} -InterfaceAlias {quoted} -NextHop {hop} -RouteMetric 1"),
                format!("Remove-NetRoute -DestinationPrefix {destination} -InterfaceAlias {quoted} -Confirm:$false"),
                format!("Find-NetRoute -RemoteIPAddress {probe}"),
            )
            .cmd(
                format!("netsh interface ipv4 add route {destination} {} {hop} metric=1", prompt(adapter)),
                format!("netsh interface ipv4 delete route {destination} {} {hop}", prompt(adapter)),
                format!("route print {probe}"),
            )
        }
        Os::Macos | Os::Bsd => {
            let hop = via.map_or_else(|| format!("-interface {name}"), |via| via.to_string());
            fix.sh(
                format!("sudo route -n delete -net {destination}; sudo route -n add -net {destination} {hop}"),
                format!("sudo route -n delete -net {destination}"),
                format!("route -n get {probe}"),
            )
        }
        _ => {
            let hop = via.map(|via| format!(" via {via}")).unwrap_or_default();
            fix.sh(
                format!("sudo ip route replace {destination}{hop} dev {name}"),
                format!("sudo ip route del {destination}{hop} dev {name}"),
                format!("ip route get {probe}"),
            )
        }
    }
    .ways()
}

/// Lets packets to `destination` look into the guest's main table before a VPN's own (Linux).
pub fn guest_rule_to_main(destination: IpNet) -> Vec<Remedy> {
    let destination = destination.trunc();
    let effect = Message::new("remedy-rule-effect").with("segment", destination);
    Ways::new(Where::Guest, Os::Linux, "remedy-rule-title", effect, Risk::Low)
        .sh(
            format!("sudo ip rule add to {destination} lookup main pref 90"),
            format!("sudo ip rule del to {destination} lookup main pref 90"),
            format!("ip route get {}", destination.network()),
        )
        .ways()
}
