//! Fixes in neighbor (ARP) tables.

use std::net::IpAddr;

use super::fix::Fix;
use super::{Remedy, Risk, Where, ps, sh};
use crate::model::{Mac, Message, Os};

/// Takes a neighbor entry away, so that the system asks anew. `old` is the hardware address to put back.
pub fn forget_neighbor(
    on: Where,
    os: Os,
    address: IpAddr,
    adapter: Option<&str>,
    old: Option<Mac>,
) -> Vec<Remedy> {
    let effect = Message::new("remedy-neighbor-effect").with("address", address);
    let fix = Fix::at(on, "remedy-neighbor-title", effect, Risk::None);
    match os {
        Os::Windows => {
            let place = adapter
                .map(|name| format!(" -InterfaceAlias {}", ps(name)))
                .unwrap_or_default();
            let dashed = old.map(|mac| mac.to_string().replace(':', "-"));
            let put_back = dashed.as_deref().map(|mac| {
                format!(
                    "New-NetNeighbor -IPAddress {address}{place} -LinkLayerAddress {mac} -State Permanent"
                )
            });
            vec![
                fix.powershell((
                    format!("Remove-NetNeighbor -IPAddress {address}{place} -Confirm:$false"),
                    put_back.unwrap_or_default(),
                    format!("Get-NetNeighbor -IPAddress {address}"),
                )),
                fix.cmd((
                    format!("arp -d {address}"),
                    dashed
                        .map(|mac| format!("arp -s {address} {mac}"))
                        .unwrap_or_default(),
                    format!("arp -a {address}"),
                )),
            ]
        }
        Os::Macos | Os::Bsd => vec![
            fix.sh(
                os,
                (
                    format!("sudo arp -d {address}"),
                    old.map(|mac| format!("sudo arp -s {address} {mac}"))
                        .unwrap_or_default(),
                    format!("arp -n {address}"),
                ),
            ),
        ],
        _ => {
            let place = adapter
                .map(|name| format!(" dev {}", sh(name)))
                .unwrap_or_default();
            vec![
                fix.sh(
                    Os::Linux,
                    (
                        format!("sudo ip neigh del {address}{place}"),
                        old.map(|mac| {
                            format!("sudo ip neigh replace {address} lladdr {mac} nud permanent{place}")
                        })
                        .unwrap_or_default(),
                        format!("ip neigh show {address}"),
                    ),
                ),
            ]
        }
    }
}
