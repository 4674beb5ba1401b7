//! Fixes on the bridges of a Linux host, and on what leads from one segment of the host to another.

use super::{Remedy, Shell, Where, ask, build, ps, root, sh};
use crate::model::{Message, Os};

/// Makes a physical adapter the bridge's way out (Linux). One that holds the host's address would lose it on the
/// way; NetworkManager then moves it to the bridge.
pub fn plug_uplink(bridge: &str, card: &str, holds_address: bool) -> Vec<Remedy> {
    let (on, os) = (Where::Host, Os::Linux);
    let (name, port) = (sh(bridge), sh(card));
    let profile = sh(&format!("{bridge}-port-{card}"));
    let lasting = root(
        on,
        os,
        fix!("remedy-uplink-profile" ["adapter" = card, "bridge" = bridge], High,
            format!("sudo nmcli connection add type bridge-slave ifname {port} master {name} con-name {profile} && sudo nmcli connection up {profile}"),
            undo: format!("sudo nmcli connection delete {profile}"),
            verify: format!("bridge link show dev {port}")),
    );
    if holds_address {
        let message = Message::new("remedy-uplink-address-ask")
            .with("adapter", card)
            .with("bridge", bridge);
        return vec![ask(on, message), lasting];
    }
    let now = root(
        on,
        os,
        fix!("remedy-uplink-port" ["adapter" = card, "bridge" = bridge], Medium,
            format!("sudo ip link set dev {port} master {name} && sudo ip link set dev {port} up"),
            undo: format!("sudo ip link set dev {port} nomaster"),
            verify: format!("bridge link show dev {port}")),
    );
    vec![now, lasting]
}

/// Lets the host pass packets between two of its virtual networks.
pub fn route_between(os: Os, one: &str, other: &str, was_off: bool) -> Vec<Remedy> {
    let on = Where::Host;
    match os {
        Os::Windows => {
            let both = format!("{}, {}", ps(one), ps(other));
            let set = |state: &str| format!("Set-NetIPInterface -InterfaceAlias {both} -Forwarding {state}");
            vec![build(
                on,
                os,
                Shell::Powershell,
                true,
                fix!("remedy-route-between" ["one" = one, "other" = other], Medium,
                    set("Enabled"),
                    undo: set("Disabled"),
                    verify: format!("Get-NetIPInterface -InterfaceAlias {both} | Select-Object InterfaceAlias, Forwarding")),
            )]
        }
        Os::Linux => {
            let (one_name, other_name) = (sh(one), sh(other));
            let rule = |from: &str, to: &str| {
                format!("-i {from} -o {to} -m comment --comment vmnet-doctor -j ACCEPT")
            };
            let (out, back) = (rule(&one_name, &other_name), rule(&other_name, &one_name));
            let switch_back = if was_off {
                "; sudo sysctl -w net.ipv4.ip_forward=0"
            } else {
                ""
            };
            vec![root(
                on,
                os,
                fix!("remedy-route-between" ["one" = one, "other" = other], Medium,
                    format!("sudo sysctl -w net.ipv4.ip_forward=1 && sudo iptables -I FORWARD 1 {out} && sudo iptables -I FORWARD 2 {back}"),
                    undo: format!("sudo iptables -D FORWARD {out}; sudo iptables -D FORWARD {back}{switch_back}"),
                    verify: "sudo iptables -L FORWARD -n -v --line-numbers"),
            )]
        }
        Os::Macos => vec![root(
            on,
            os,
            fix!("remedy-route-between" ["one" = one, "other" = other], Medium,
                "sudo sysctl -w net.inet.ip.forwarding=1",
                undo: if was_off { "sudo sysctl -w net.inet.ip.forwarding=0" } else { "" },
                verify: "sysctl net.inet.ip.forwarding"),
        )],
        _ => vec![ask(
            on,
            Message::new("remedy-route-between-ask")
                .with("one", one)
                .with("other", other),
        )],
    }
}
