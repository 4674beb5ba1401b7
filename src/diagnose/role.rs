//! What part an adapter plays: uplink, virtual network, container network, tunnel. Judged by role and name, for a
//! stand-in may be of any kind.

use crate::model::{Adapter, AdapterKind, HypervisorId, Mode, System};

/// Whether containers use it: a look-alike of a virtual machine's network.
pub fn is_container(name: &str) -> bool {
    let hex = |rest: &str| rest.len() == 12 && rest.bytes().all(|byte| byte.is_ascii_hexdigit());
    name.starts_with("docker")
        || name.starts_with("cni")
        || name.starts_with("podman")
        || name.starts_with("flannel")
        || name.starts_with("cali")
        || name.strip_prefix("br-").is_some_and(hex)
}

/// The product that gives adapters such names.
pub fn hypervisor_of_name(adapter: &Adapter) -> Option<HypervisorId> {
    let name = adapter.name.to_ascii_lowercase();
    let description = adapter
        .description
        .as_deref()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let numbered = |prefix: &str| {
        name.strip_prefix(prefix)
            .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
    };
    if numbered("virbr") {
        Some(HypervisorId::Libvirt)
    } else if numbered("vmnet")
        || name.starts_with("vmware network adapter")
        || description.starts_with("vmware virtual")
    {
        Some(HypervisorId::VmwareWorkstation)
    } else if numbered("vboxnet")
        || name.starts_with("virtualbox host-only")
        || description.contains("virtualbox host-only")
    {
        Some(HypervisorId::VirtualBox)
    } else if name.starts_with("vethernet (wsl") {
        Some(HypervisorId::Wsl2)
    } else if name.starts_with("vethernet (") || description.starts_with("hyper-v virtual ethernet") {
        Some(HypervisorId::HyperV)
    } else if numbered("vnic") {
        Some(HypervisorId::Parallels)
    } else if numbered("vmbr") {
        Some(HypervisorId::Proxmox)
    } else if name.starts_with("mpqemubr") {
        Some(HypervisorId::Multipass)
    } else {
        None
    }
}

/// The mode that a product's adapter of this name serves, where the name tells.
pub fn mode_of_name(name: &str) -> Option<Mode> {
    let name = name.to_ascii_lowercase();
    if name.ends_with("vmnet8") {
        Some(Mode::Nat)
    } else if name.ends_with("vmnet1")
        || name.starts_with("vboxnet")
        || name.starts_with("virtualbox host-only")
    {
        Some(Mode::HostOnly)
    } else if name.starts_with("vethernet (default switch") {
        Some(Mode::DefaultSwitch)
    } else if name.starts_with("vethernet (wsl") {
        Some(Mode::Nat)
    } else {
        None
    }
}

/// Whether a hypervisor made it, by its name or kind.
pub fn is_virtual(adapter: &Adapter) -> bool {
    !is_container(&adapter.name)
        && (hypervisor_of_name(adapter).is_some()
            || adapter.kind == AdapterKind::HostVirtual
            || adapter.name.starts_with("lxdbr")
            || adapter.name.starts_with("incusbr"))
}

/// Whether virtual machines hang on it: a product's adapter, or a bridge whose ports are machines' cables and
/// that has no uplink among them.
pub fn serves_machines(host: &System, adapter: &Adapter) -> bool {
    if is_container(&adapter.name) {
        return false;
    }
    is_virtual(adapter)
        || (adapter.kind == AdapterKind::Bridge
            && !is_uplink(host, adapter)
            && ports(host, adapter).any(is_machine_port))
}

/// Whether it looks like the host's end of a machine's cable.
pub fn is_machine_port(adapter: &Adapter) -> bool {
    let numbered = |prefix: &str| {
        adapter
            .name
            .strip_prefix(prefix)
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    adapter.kind == AdapterKind::Tap
        || numbered("vnet")
        || numbered("tap")
        || numbered("fwln")
        || numbered("vmtap")
}

/// Whether the list of adapters says which bridge each is a port of: short lists and `ifconfig` do not.
pub fn tells_ports(host: &System) -> bool {
    let source = host.adapters.source();
    let short = ["ifconfig", " -br", " -brief"]
        .iter()
        .any(|word| source.contains(word));
    host.adapters.is_known() && (!short || host.adapters.rows().iter().any(|port| port.master.is_some()))
}

/// Whether the list of adapters would show one that is switched off or carries no addresses: what Windows prints of its
/// addresses and routes leaves those out. A list with a port whose bridge is not in it (`bridge link`) is not whole.
pub fn lists_all(host: &System) -> bool {
    let source = host.adapters.source().to_ascii_lowercase();
    let ports = host.adapters.rows().iter();
    let mut masters = ports.filter_map(|port| port.master.as_deref());
    !["ipconfig", "route print", "arp -a"]
        .iter()
        .any(|word| source.contains(word))
        && masters.all(|bridge| host.adapter(bridge).is_some())
}

/// Whether it is a bridge: by kind, or because something is plugged into it.
pub fn is_bridge(host: &System, adapter: &Adapter) -> bool {
    adapter.kind == AdapterKind::Bridge || ports(host, adapter).next().is_some()
}

/// The ports of a bridge.
pub fn ports<'a>(host: &'a System, bridge: &'a Adapter) -> impl Iterator<Item = &'a Adapter> {
    host.adapters
        .rows()
        .iter()
        .filter(move |port| port.master.as_deref() == Some(bridge.name.as_str()))
}

/// Whether it leads to the physical network: a default route leaves by it, or it is a wired or wireless card
/// that no product made. A tunnel is no uplink.
pub fn is_uplink(host: &System, adapter: &Adapter) -> bool {
    if adapter.is_tunnel() || is_container(&adapter.name) {
        return false;
    }
    let carries_default = host
        .routes
        .rows()
        .iter()
        .any(|row| row.is_default() && row.adapter.as_deref() == Some(adapter.name.as_str()));
    if is_virtual(adapter) {
        // Proxmox puts the uplink into vmbr0, Hyper-V external switches carry the host's own address.
        return carries_default;
    }
    carries_default || matches!(adapter.kind, AdapterKind::Ethernet | AdapterKind::WiFi)
}
