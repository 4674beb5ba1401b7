//! Fixes on Linux bridges: their ports, their spanning tree, and what the IP filter makes of bridged frames.

use ipnet::IpNet;

use super::fix::Fix;
use super::{Chain, Remedy, Risk, TAG, kernel_switch, nft_delete, nft_family, sh};
use crate::model::{FilterBackend, Message, Os};

/// Lets frames between ports of `bridge` past the IP filter that bridge netfilter hands them to; and, more coarsely,
/// takes that hand-over away.
pub fn pass_bridged(bridge: &str, chain: Option<&Chain>) -> Vec<Remedy> {
    let effect = Message::new("remedy-pass-bridged-effect").with("bridge", bridge);
    let fix = Fix::host("remedy-pass-bridged-title", effect, Risk::Low);
    let narrow = match chain {
        Some(chain) if chain.backend == FilterBackend::Nft => {
            let place = format!(
                "{} {} {}",
                nft_family(chain.family),
                sh(&chain.table),
                sh(&chain.name)
            );
            let quoted = sh(&format!("\"{bridge}\""));
            (
                format!(
                    "sudo nft insert rule {place} iifname {quoted} oifname {quoted} accept comment '\"{TAG}\"'"
                ),
                nft_delete(&place),
                format!("sudo nft -a list chain {place}"),
            )
        }
        _ => {
            let tool = chain.map_or("iptables", |chain| chain.backend.iptables());
            let at = sh(chain.map_or("FORWARD", |chain| chain.name.as_str()));
            let rule = format!(
                "-i {0} -o {0} -m physdev --physdev-is-bridged -m comment --comment {TAG} -j ACCEPT",
                sh(bridge)
            );
            (
                format!("sudo {tool} -I {at} 1 {rule}"),
                format!("sudo {tool} -D {at} {rule}"),
                format!("sudo {tool} -L {at} -n -v"),
            )
        }
    };
    let coarse = kernel_switch(
        super::Where::Host,
        "remedy-bridge-netfilter-title",
        Message::new("remedy-bridge-netfilter-effect"),
        Risk::Medium,
        "net.bridge.bridge-nf-call-iptables",
        "0",
        "1",
    );
    vec![fix.sh(Os::Linux, narrow), coarse]
}

/// Moves the addresses of a bridge's port onto the bridge, with the default route that left by the port.
pub fn move_addresses(port: &str, bridge: &str, nets: &[IpNet], gateway: Option<std::net::IpAddr>) -> Remedy {
    let effect = Message::new("remedy-move-address-effect")
        .with("port", port)
        .with("bridge", bridge);
    let (port, bridge) = (sh(port), sh(bridge));
    let moved = |from: &str, to: &str| {
        let mut steps: Vec<String> = nets
            .iter()
            .flat_map(|net| {
                [
                    format!("sudo ip addr del {net} dev {from}"),
                    format!("sudo ip addr add {net} dev {to}"),
                ]
            })
            .collect();
        steps.extend(gateway.map(|via| format!("sudo ip route replace default via {via} dev {to}")));
        steps.join(" && ")
    };
    Fix::host("remedy-move-address-title", effect, Risk::High).sh(
        Os::Linux,
        (
            format!("sudo ip link set dev {bridge} up && {}", moved(&port, &bridge)),
            moved(&bridge, &port),
            format!("ip -br addr show dev {bridge}"),
        ),
    )
}

/// Takes spanning tree off a bridge, and opens the port that it keeps waiting: its delay goes on otherwise.
pub fn stop_spanning_tree(bridge: &str, waiting: Option<&str>) -> Remedy {
    let effect = Message::new("remedy-stp-effect").with("bridge", bridge);
    let line = |state: u8| {
        format!(
            "sudo ip link set dev {} type bridge stp_state {state}",
            sh(bridge)
        )
    };
    Fix::host("remedy-stp-title", effect, Risk::Medium).sh(
        Os::Linux,
        (
            match waiting {
                Some(port) => format!("{} && sudo bridge link set dev {} state 3", line(0), sh(port)),
                None => line(0),
            },
            line(1),
            format!("bridge -d link show; ip -d link show dev {}", sh(bridge)),
        ),
    )
}
