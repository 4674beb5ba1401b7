//! Fixes by PowerShell's Hyper-V and NetNat cmdlets, and for WSL.

use ipnet::Ipv4Net;

use super::{Lines, Remedy, Shell, Where, ask, build, ps};
use crate::model::{Message, Os};

fn admin(lines: Lines) -> Remedy {
    build(Where::Host, Os::Windows, Shell::Powershell, true, lines)
}

/// Translates for the segment of an internal switch. `old` is a NAT that stands in the way, with its prefix.
pub fn new_net_nat(segment: Ipv4Net, old: Option<(&str, Option<Ipv4Net>)>) -> Vec<Remedy> {
    let segment = segment.trunc();
    let make = |name: &str, prefix: Ipv4Net| {
        format!(
            "New-NetNat -Name {} -InternalIPInterfaceAddressPrefix {prefix}",
            ps(name)
        )
    };
    let remove = |name: &str| format!("Remove-NetNat -Name {} -Confirm:$false", ps(name));
    let new = make("vmnet-doctor", segment);
    vec![match old {
        None => admin(
            fix!("remedy-net-nat" ["segment" = segment], Low, new, undo: remove("vmnet-doctor"), verify: "Get-NetNat"),
        ),
        Some((name, prefix)) => admin(
            fix!("remedy-net-nat-instead" ["segment" = segment, "name" = name], Medium,
            format!("{}; {new}", remove(name)),
            undo: format!("{}; {}", remove("vmnet-doctor"), prefix.map_or_else(String::new, |prefix| make(name, prefix))),
            verify: "Get-NetNat"),
        ),
    }]
}

/// Gives an external switch another physical adapter, by the adapter's name.
pub fn rebind_switch(switch: &str, adapter: &str, old: Option<&str>) -> Remedy {
    let name = ps(switch);
    admin(
        fix!("remedy-rebind-switch" ["network" = switch, "adapter" = adapter], Medium,
        format!("Set-VMSwitch -Name {name} -NetAdapterName {}", ps(adapter)),
        undo: old.map_or_else(String::new, |old| format!("Set-VMSwitch -Name {name} -NetAdapterInterfaceDescription {}", ps(old))),
        verify: format!("Get-VMSwitch -Name {name}")),
    )
}

/// Builds Windows' own networks for machines (Default Switch, WSL, containers) anew.
pub fn restart_hns() -> Remedy {
    admin(
        fix!("remedy-restart-hns", Medium, "Restart-Service -Name hns -Force", undo: "", verify: "Get-VMSwitch"),
    )
}

/// Lets Internet Connection Sharing run, which lends addresses and translates on the Default Switch.
pub fn allow_internet_sharing(was: &str) -> Vec<Remedy> {
    vec![
        admin(fix!("remedy-sharing", Low,
            "Set-Service -Name SharedAccess -StartupType Manual; Start-Service -Name SharedAccess; Restart-Service -Name hns -Force",
            undo: format!("Stop-Service -Name SharedAccess; Set-Service -Name SharedAccess -StartupType {was}"),
            verify: "Get-Service -Name SharedAccess | Select-Object Name, Status, StartType")),
        ask(Where::Host, Message::new("remedy-sharing-policy-ask")),
    ]
}

/// Sets one switch of a machine's card: `MacAddressSpoofing`, `DhcpGuard`, `RouterGuard`.
pub fn set_card_guard(machine: &str, parameter: &'static str, on: bool) -> Remedy {
    let vm = ps(machine);
    let set = |state: bool| {
        format!(
            "Set-VMNetworkAdapter -VMName {vm} -{parameter} {}",
            if state { "On" } else { "Off" }
        )
    };
    admin(
        fix!("remedy-card-guard" ["vm" = machine, "setting" = parameter, "state" = if on { "On" } else { "Off" }], Medium,
        set(on),
        undo: set(!on),
        verify: format!("Get-VMNetworkAdapter -VMName {vm} | Select-Object VMName, {parameter}")),
    )
}

/// Takes the access lists off a machine's card.
pub fn remove_port_acl(machine: &str) -> Remedy {
    let vm = ps(machine);
    admin(fix!("remedy-port-acl" ["vm" = machine], Medium,
        format!("Get-VMNetworkAdapterAcl -VMName {vm} | Where-Object Action -eq Deny | Remove-VMNetworkAdapterAcl; Get-VMNetworkAdapterExtendedAcl -VMName {vm} | Where-Object Action -eq Deny | Remove-VMNetworkAdapterExtendedAcl"),
        undo: "",
        verify: format!("Get-VMNetworkAdapterAcl -VMName {vm}; Get-VMNetworkAdapterExtendedAcl -VMName {vm}")))
}

/// Puts a card into a VLAN, 0 is none; `old` is what it is in.
pub fn set_card_vlan(machine: &str, vlan: u16, old: u16) -> Remedy {
    let vm = ps(machine);
    let set = |id: u16| match id {
        0 => format!("Set-VMNetworkAdapterVlan -VMName {vm} -Untagged"),
        id => format!("Set-VMNetworkAdapterVlan -VMName {vm} -Access -VlanId {id}"),
    };
    admin(
        fix!("remedy-vlan" ["vm" = machine, "vlan" = vlan], Medium, set(vlan), undo: set(old), verify: format!("Get-VMNetworkAdapterVlan -VMName {vm}")),
    )
}

/// Binds a hypervisor's bridge driver to a physical adapter again.
pub fn bind_driver(adapter: &str, component: &str) -> Remedy {
    let tail = format!("-Name {} -ComponentID {}", ps(adapter), ps(component));
    admin(
        fix!("remedy-bind-driver" ["adapter" = adapter, "driver" = component], Low,
        format!("Enable-NetAdapterBinding {tail}"),
        undo: format!("Disable-NetAdapterBinding {tail}"),
        verify: format!("Get-NetAdapterBinding {tail}")),
    )
}

/// Brings WSL up to what mirrored networking needs, and starts it anew.
pub fn update_wsl() -> Vec<Remedy> {
    vec![
        build(
            Where::Host,
            Os::Windows,
            Shell::Powershell,
            false,
            fix!("remedy-wsl-update", Low,
            "wsl --update; wsl --shutdown",
            undo: "wsl --update --rollback",
            verify: "wsl --version; wsl -e wslinfo --networking-mode"),
        ),
        ask(Where::Host, Message::new("remedy-wsl-mirrored-ask")),
    ]
}

/// The identifier under which WSL's machine stands in the Hyper-V firewall (Microsoft: "Hyper-V firewall").
pub const WSL_CREATOR: &str = "{40E0AC32-46A5-438A-A0B2-2B479E8F2E90}";

/// Lets a port, or echo, into WSL through the Hyper-V firewall.
pub fn allow_into_wsl(port: Option<u16>) -> Remedy {
    let (what, words) = match port {
        Some(port) => (port.to_string(), format!("-Protocol TCP -LocalPorts {port}")),
        None => ("icmp".to_owned(), "-Protocol ICMPv4".to_owned()),
    };
    let name = format!("vmnet-doctor-wsl-{what}");
    admin(
        fix!("remedy-wsl-firewall" ["what" = port.map_or_else(|| "ICMPv4".to_owned(), |port| format!("TCP {port}"))], Low,
        format!("New-NetFirewallHyperVRule -Name {name} -DisplayName {name} -Direction Inbound -VMCreatorId {} {words} -Action Allow", ps(WSL_CREATOR)),
        undo: format!("Remove-NetFirewallHyperVRule -Name {name}"),
        verify: format!("Get-NetFirewallHyperVRule -Name {name}")),
    )
}
