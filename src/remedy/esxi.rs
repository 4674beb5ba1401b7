//! Fixes on an ESXi host, by `esxcli` in its own shell.

use super::{Lines, Remedy, Shell, Where, build, sh};
use crate::model::Os;

fn on_esxi(lines: Lines) -> Remedy {
    build(Where::Hypervisor, Os::Other, Shell::Sh, true, lines)
}

/// Gives a virtual switch a physical card.
pub fn add_switch_uplink(switch: &str, card: &str) -> Remedy {
    let tail = format!("-u {} -v {}", sh(card), sh(switch));
    on_esxi(
        fix!("remedy-esxi-uplink" ["network" = switch, "adapter" = card], High,
        format!("esxcli network vswitch standard uplink add {tail}"),
        undo: format!("esxcli network vswitch standard uplink remove {tail}"),
        verify: format!("esxcli network vswitch standard list -v {}", sh(switch))),
    )
}

/// Lets a port group pass frames whose hardware address is not the card's own.
pub fn allow_foreign_macs(group: &str) -> Remedy {
    let set = |state: &str| {
        format!(
            "esxcli network vswitch standard portgroup policy security set -p {} -f {state} -m {state}",
            sh(group)
        )
    };
    on_esxi(fix!("remedy-esxi-security" ["network" = group], Medium,
        set("true"),
        undo: set("false"),
        verify: format!("esxcli network vswitch standard portgroup policy security get -p {}", sh(group))))
}

/// Puts a port group into a VLAN, 0 is none; `old` is what it is in.
pub fn set_group_vlan(group: &str, vlan: u16, old: u16) -> Remedy {
    let set = |id: u16| {
        format!(
            "esxcli network vswitch standard portgroup set -p {} -v {id}",
            sh(group)
        )
    };
    on_esxi(
        fix!("remedy-esxi-vlan" ["network" = group, "vlan" = vlan], Medium,
        set(vlan),
        undo: set(old),
        verify: "esxcli network vswitch standard portgroup list"),
    )
}
