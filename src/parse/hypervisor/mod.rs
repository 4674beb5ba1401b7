//! What the tools and files of hypervisors say.

pub mod apple;
pub mod esxi;
pub mod hyper_v;
pub mod lay;
pub mod libvirt;
pub mod libvirt_xml;
pub mod proxmox;
pub mod qemu;
pub mod virtualbox;
pub mod virtualbox_machine;
pub mod vmware;
pub mod vmware_files;
pub mod vmware_machine;

#[cfg(test)]
mod tests;

use super::command::Call;
use super::formats::Format;
use super::whole;

/// The formats of this folder; a new one is one row here.
pub const FORMATS: &[Format] = &[
    Format::new("libvirt XML", libvirt_xml_call, libvirt_xml::xml)
        .whole(whole::xml)
        .line(xml_line)
        .hears_errors(),
    Format::new(
        "libvirt networks",
        |c| libvirt::is(c, &["net-list"]),
        libvirt::net_list,
    )
    .whole(whole::virsh)
    .line(|l| starts(l, &["Name", "State", "Autostart", "Persistent"]))
    .hears_errors(),
    Format::new(
        "libvirt network",
        |c| libvirt::is(c, &["net-info"]),
        libvirt::net_info,
    )
    .line(|l| {
        libvirt::info_line(l)
            || (l.starts_with("Bridge:         ") && !l.starts_with("Bridge:          "))
            || l == "Active:         yes"
            || l == "Active:         no"
    })
    .hears_errors(),
    Format::new(
        "libvirt leases",
        |c| libvirt::is(c, &["net-dhcp-leases"]),
        libvirt::net_dhcp_leases,
    )
    .whole(whole::virsh)
    .line(|l| l.contains("Expiry Time") && l.contains("Client ID or DUID"))
    .hears_errors(),
    Format::new("libvirt machines", |c| libvirt::is(c, &["list"]), libvirt::list)
        .whole(whole::virsh)
        .line(|l| starts(l, &["Id", "Name", "State"]) && l.split_whitespace().count() == 3)
        .hears_errors(),
    Format::new(
        "libvirt machine state",
        |c| libvirt::is(c, &["domstate"]),
        libvirt::domstate,
    )
    .hears_errors()
    .one_line(),
    Format::new(
        "libvirt machine",
        |c| libvirt::is(c, &["dominfo"]),
        libvirt::dominfo,
    )
    .line(|l| {
        [
            "Id:             ",
            "OS Type:        ",
            "Managed save:   ",
            "Security model: ",
            "Security DOI:   ",
        ]
        .iter()
        .any(|key| l.starts_with(key))
            || libvirt::info_line(l)
    })
    .hears_errors(),
    Format::new(
        "libvirt cards",
        |c| libvirt::is(c, &["domiflist"]),
        libvirt::domiflist,
    )
    .whole(whole::virsh)
    .line(|l| starts(l, &["Interface", "Type", "Source", "Model", "MAC"]))
    .hears_errors(),
    Format::new(
        "libvirt link state",
        |c| libvirt::is(c, &["domif-getlink"]),
        libvirt::domif_getlink,
    )
    .hears_errors(),
    Format::new(
        "libvirt guest addresses",
        |c| libvirt::is(c, &["domifaddr"]),
        libvirt::domifaddr,
    )
    .whole(whole::virsh)
    .line(|l| {
        l.contains("MAC address") && l.contains("Protocol") && l.contains("Address") && !l.contains("Expiry")
    })
    .hears_errors(),
    Format::new("guest agent's addresses", agent_call, libvirt::agent_interfaces)
        .json(&[&["hardware-address", "ip-addresses"]])
        .hears_errors(),
    Format::new(
        "dnsmasq leases",
        |c| file_ends(c, &[".status"]),
        libvirt::dnsmasq_status,
    )
    .json(&[&["ip-address", "mac-address", "expiry-time"]]),
    Format::new("dnsmasq configuration", dnsmasq_conf_call, libvirt::dnsmasq_conf).line(|l| {
        l.starts_with("## dnsmasq conf file created by libvirt")
            || l.starts_with("dhcp-range=")
            || l.starts_with("##WARNING:  THIS IS AN AUTO-GENERATED FILE")
            || l.starts_with("dhcp-lease-max=")
    }),
    Format::new("libvirt errors", |c| c.program == "virsh", libvirt::errors)
        .line(libvirt::error_line)
        .hears_errors(),
    Format::new("VirtualBox version", vbox_version, virtualbox::version).hears_errors(),
    Format::new(
        "VirtualBox machines",
        |c| virtualbox::lists(c, &["vms", "runningvms"]),
        virtualbox::vms,
    )
    .whole(whole::virtualbox_machines)
    .line(virtualbox::vm_line)
    .silence_speaks()
    .hears_errors(),
    Format::new("VirtualBox networks", vbox_networks, virtualbox::list_networks)
        .whole(whole::named_blocks)
        .line(virtualbox::list_line)
        .silence_speaks()
        .hears_errors(),
    Format::new(
        "VirtualBox machine",
        |c| virtualbox::is(c, "showvminfo"),
        virtualbox_machine::showvminfo,
    )
    .whole(whole::key_values)
    .line(|l| virtualbox_machine::machine_readable_line(l) || virtualbox_machine::people_line(l))
    .hears_errors(),
    Format::new(
        "VirtualBox guest property",
        vbox_property,
        virtualbox::guest_property,
    )
    .hears_errors(),
    Format::new(
        "VirtualBox guest properties",
        |c| virtualbox::is(c, "guestproperty"),
        virtualbox::guest_properties,
    )
    .line(virtualbox::guest_property_line)
    .hears_errors(),
    Format::new(
        "VirtualBox host-only ranges",
        |c| file_ends(c, &["/vbox/networks.conf"]),
        virtualbox::networks_conf,
    ),
    Format::new("VirtualBox errors", virtualbox::program, virtualbox::errors)
        .line(virtualbox::error_line)
        .hears_errors(),
    Format::new(
        "VMware networks file",
        vmware_networking,
        vmware_files::networking,
    )
    .line(vmware_files::networking_line)
    .hears_errors(),
    Format::new(
        "VMware NAT configuration",
        |c| file_ends(c, &["/nat.conf", "/vmnetnat.conf"]),
        vmware_files::nat_conf,
    )
    .line(vmware_files::nat_line),
    Format::new(
        "VMware DHCP configuration",
        vmware_dhcpd,
        vmware_files::dhcpd_conf,
    )
    .line(vmware_files::dhcpd_line),
    Format::new("VMware leases", vmware_leases, vmware_files::leases).line(vmware_files::lease_line),
    Format::new(
        "VMware network names",
        |c| file_ends(c, &["/netmap.conf"]),
        vmware_files::netmap,
    )
    .line(vmware_files::netmap_line),
    Format::new("VMware machine", |c| file_ends(c, &[".vmx"]), vmware_machine::vmx)
        .line(vmware_machine::vmx_line),
    Format::new(
        "VMware networks",
        |c| vmware_machine::vmrun(c, "listHostNetworks"),
        vmware_machine::host_networks,
    )
    .line(|l| l.starts_with("Total host networks:") || starts(l, &["INDEX", "NAME", "TYPE"]))
    .hears_errors(),
    Format::new(
        "VMware cards",
        |c| vmware_machine::vmrun(c, "listNetworkAdapters"),
        vmware_machine::network_adapters,
    )
    .line(|l| l.starts_with("Total network adapters:") || starts(l, &["INDEX", "TYPE", "VMNET"]))
    .hears_errors(),
    Format::new(
        "VMware port forwards",
        |c| vmware_machine::vmrun(c, "listPortForwardings"),
        vmware_machine::port_forwardings,
    )
    .line(|l| l.starts_with("Total port forwardings:") || starts(l, &["INDEX", "PROTOCOL", "HOST"]))
    .hears_errors(),
    Format::new(
        "VMware guest address",
        |c| vmware_machine::vmrun(c, "getGuestIPAddress"),
        vmware_machine::guest_address,
    )
    .hears_errors(),
    Format::new(
        "VMware machines",
        |c| vmware_machine::vmrun(c, "list"),
        vmware_machine::list,
    )
    .whole(whole::vmrun)
    .line(vmware_machine::list_line)
    .hears_errors(),
    Format::new(
        "VMware network services",
        |c| c.is(&["vmware-networks", "vmnet-cli"]),
        vmware_machine::status,
    )
    .line(vmware_machine::status_line),
    Format::new("VMware errors", |c| c.program == "vmrun", vmware::errors)
        .line(vmware::error_line)
        .hears_errors(),
    Format::new("QEMU processes", |_| false, qemu::command_lines).line(qemu::is_command_line),
    Format::new("QEMU user networking", usernet_call, qemu::usernet).line(qemu::usernet_line),
    Format::new("Hyper-V machines", |c| c.program == "get-vm", hyper_v::machines)
        .whole(whole::powershell)
        .line(|l| starts(l, &["Name", "State", "CPUUsage(%)"]))
        .json(&[&["CPUUsage", "MemoryAssigned", "State"]]),
    Format::new(
        "Hyper-V switches",
        |c| c.program == "get-vmswitch",
        hyper_v::switches,
    )
    .whole(whole::powershell)
    .line(|l| starts(l, &["Name", "SwitchType"]))
    .json(&[&["SwitchType"]]),
    Format::new(
        "Hyper-V cards",
        |c| c.program == "get-vmnetworkadapter",
        hyper_v::cards,
    )
    .whole(whole::powershell)
    .line(|l| starts(l, &["Name", "IsManagementOs"]))
    .json(&[&["SwitchName", "IsManagementOs"]]),
    Format::new("Windows NAT", |c| c.program == "get-netnat", hyper_v::net_nat)
        .whole(whole::powershell)
        .line(|l| l.starts_with("InternalIPInterfaceAddressPrefix"))
        .json(&[&["InternalIPInterfaceAddressPrefix"]])
        .silence_speaks(),
    Format::new(
        "Hyper-V VLANs",
        |c| c.program == "get-vmnetworkadaptervlan",
        hyper_v::vlans,
    )
    .whole(whole::powershell)
    .line(|l| starts(l, &["VMName", "VMNetworkAdapterName", "Mode"]))
    .json(&[&["OperationMode", "AccessVlanId"]]),
    Format::new(
        "Hyper-V access lists",
        |c| c.is(&["get-vmnetworkadapteracl", "get-vmnetworkadapterextendedacl"]),
        hyper_v::access_lists,
    )
    .whole(whole::powershell)
    .json(&[&["VMName", "Direction", "Action"]])
    .silence_speaks(),
    Format::new(
        "WSL networking mode",
        |c| c.program == "wslinfo",
        hyper_v::wslinfo,
    )
    .one_line(),
    Format::new("WSL warning", |_| false, hyper_v::wsl_warning).line(hyper_v::wsl_warning_line),
    Format::new("WSL machines that run", wsl_running_call, hyper_v::wsl_running).silence_speaks(),
    Format::new("WSL machines", wsl_list_call, hyper_v::wsl_list)
        .whole(whole::wsl)
        .line(|l| starts(l, &["NAME", "STATE", "VERSION"])),
    Format::new(
        "WSL configuration",
        |c| file_ends(c, &[".wslconfig"]),
        hyper_v::wslconfig,
    )
    .line(|l| l.trim() == "[wsl2]" || l.starts_with("networkingMode=") || l.starts_with("networkingmode=")),
    Format::new(
        "ESXi switches",
        |c| esxi::is(c, "vswitch standard list"),
        esxi::switches,
    )
    .whole(whole::switches)
    .line(|l| {
        l.starts_with("   Class: ")
            || l.starts_with("   CDP Status: ")
            || l.starts_with("   Beacon Enabled: ")
    }),
    Format::new(
        "ESXi port groups",
        |c| esxi::is(c, "portgroup list"),
        esxi::port_groups,
    )
    .whole(whole::underlined)
    .line(|l| l.contains("Virtual Switch") && l.contains("Active Clients")),
    Format::new(
        "ESXi firewall",
        |c| esxi::is(c, "network firewall get"),
        esxi::firewall,
    )
    .line(|l| l.starts_with("   Default Action: ")),
    Format::new(
        "ESXi physical cards",
        |c| esxi::is(c, "network nic list"),
        esxi::physical_cards,
    )
    .whole(whole::underlined)
    .line(|l| starts(l, &["Name", "PCI", "Device", "Driver", "Admin"])),
    Format::new(
        "ESXi addresses",
        |c| esxi::is(c, "ip interface ipv4 get"),
        esxi::own_addresses,
    )
    .whole(whole::underlined)
    .line(|l| starts(l, &["Name", "IPv4", "Address", "IPv4", "Netmask"])),
    Format::new(
        "ESXi own cards",
        |c| esxi::is(c, "ip interface list"),
        esxi::own_cards,
    )
    .line(|l| l.starts_with("   Portset: ") || l.starts_with("   Netstack Instance: ")),
    Format::new(
        "ESXi neighbors",
        |c| esxi::is(c, "ip neighbor list"),
        esxi::neighbors,
    )
    .whole(whole::underlined)
    .line(|l| starts(l, &["Neighbor", "Mac", "Address", "Vmknic"])),
    Format::new(
        "ESXi port of a machine",
        |c| esxi::is(c, "vm port list"),
        esxi::vm_port,
    )
    .line(|l| {
        l.starts_with("   Port ID: ") || l.starts_with("   DVPort ID:") || l.starts_with("   Team Uplink:")
    }),
    Format::new(
        "ESXi machines on networks",
        |c| esxi::is(c, "network vm list"),
        esxi::vm_list,
    )
    .whole(whole::underlined)
    .line(|l| starts(l, &["World", "ID", "Name", "Num", "Ports"])),
    Format::new(
        "ESXi machines",
        |c| c.program == "vim-cmd" && c.has("vmsvc/getallvms"),
        esxi::all_vms,
    )
    .line(|l| starts(l, &["Vmid", "Name", "File"])),
    Format::new(
        "ESXi guest",
        |c| c.program == "vim-cmd" && c.has("vmsvc/get.guest"),
        esxi::guest,
    )
    .line(|l| l.contains("(vim.vm.GuestInfo)") || l.trim().starts_with("toolsRunningStatus =")),
    Format::new(
        "ESXi security policy",
        |c| esxi::is(c, "policy security get"),
        esxi::security,
    )
    .line(|l| l.starts_with("   Allow Promiscuous: ") || l.starts_with("   Allow Forged Transmits: ")),
    Format::new(
        "Multipass machines",
        |c| c.program == "multipass" && c.word(0) == "list",
        apple::multipass,
    )
    .json(&[&["list", "ipv4", "release"]]),
    Format::new(
        "Multipass networks",
        |c| c.program == "multipass" && c.word(0) == "networks",
        apple::multipass_networks,
    )
    .line(|l| starts(l, &["Name", "Type", "Description"])),
    Format::new(
        "UTM addresses",
        |c| c.program == "utmctl" && c.word(0) == "ip-address",
        apple::utm_addresses,
    ),
    Format::new(
        "UTM machines",
        |c| c.program == "utmctl" && c.word(0) == "list",
        apple::utm,
    )
    .whole(whole::utm)
    .line(|l| starts(l, &["UUID", "Status", "Name"])),
    Format::new(
        "Lima machines",
        |c| c.program == "limactl" && c.word(0) == "list",
        apple::lima,
    )
    .json(&[&["vmType", "sshLocalPort", "status"]]),
    Format::new(
        "Parallels machines",
        |c| c.program == "prlctl" && c.word(0) == "list",
        apple::parallels_machines,
    )
    .json(&[&["uuid", "status", "ip_configured"], &["ID", "State", "Hardware"]])
    .silence_speaks(),
    Format::new(
        "leases of macOS",
        |c| file_ends(c, &["/var/db/dhcpd_leases"]),
        apple::leases,
    )
    .line(|l| l.trim().starts_with("hw_address=1,") || l.trim().starts_with("ip_address=")),
    Format::new(
        "Parallels networks",
        |c| c.program == "prlsrvctl" && c.word(1) == "list",
        apple::parallels_list,
    )
    .line(|l| starts(l, &["Network", "ID", "Type"])),
    Format::new(
        "Parallels network",
        |c| c.program == "prlsrvctl" && c.word(1) == "info",
        apple::parallels_info,
    )
    .line(|l| l.starts_with("Network ID:") || l == "Parallels adapter:" || l == "DHCPv4 server:"),
    Format::new(
        "Proxmox machines",
        |c| c.program == "qm" && c.word(0) == "list",
        proxmox::list,
    ),
    Format::new(
        "Proxmox machine",
        |c| c.program == "qm" && c.word(0) == "config",
        proxmox::config,
    )
    .line(proxmox::config_line),
];

pub(super) use proxmox::interfaces as proxmox_bridges;

/// Whether a heading begins with these words.
fn starts(line: &str, words: &[&str]) -> bool {
    let mut line = line.split_whitespace();
    words.iter().all(|word| line.next() == Some(word))
}

/// Whether the command prints a file whose path ends so.
fn file_ends(call: &Call, ends: &[&str]) -> bool {
    call.file().is_some_and(|path| {
        ends.iter()
            .any(|end| path.to_lowercase().ends_with(&end.to_lowercase()))
    })
}

fn libvirt_xml_call(call: &Call) -> bool {
    libvirt::is(call, &["net-dumpxml", "dumpxml"])
        || call
            .file()
            .is_some_and(|path| path.ends_with(".xml") && (path.contains("libvirt") || path.contains("qemu")))
}

fn xml_line(line: &str) -> bool {
    let line = line.trim();
    line.starts_with('<') && line.ends_with('>') && line.len() > 2 && !line.starts_with("<!DOCTYPE html")
}

fn agent_call(call: &Call) -> bool {
    let asks = call
        .args
        .iter()
        .any(|word| word.contains("guest-network-get-interfaces") || word.contains("network-get-interfaces"));
    asks && (call.is(&["virsh", "qm", "pvesh"]))
}

fn dnsmasq_conf_call(call: &Call) -> bool {
    call.file()
        .is_some_and(|path| path.contains("dnsmasq/") && path.ends_with(".conf"))
}

fn vbox_version(call: &Call) -> bool {
    virtualbox::program(call)
        && (call.has("--version") || call.args.iter().any(|word| word == "-v" || word == "-V"))
}

fn vbox_networks(call: &Call) -> bool {
    virtualbox::lists(
        call,
        &[
            "hostonlyifs",
            "bridgedifs",
            "hostonlynets",
            "natnets",
            "natnetworks",
            "natnetwork",
            "intnets",
            "dhcpservers",
        ],
    )
}

fn vbox_property(call: &Call) -> bool {
    virtualbox::is(call, "guestproperty") && call.word(1) == "get"
}

fn vmware_networking(call: &Call) -> bool {
    file_ends(call, &["/etc/vmware/networking", "/vmware fusion/networking"])
}

fn vmware_dhcpd(call: &Call) -> bool {
    file_ends(call, &["/vmnetdhcp.conf"])
        || (file_ends(call, &["/dhcpd.conf"]) && call.line.to_lowercase().contains("vm"))
}

fn vmware_leases(call: &Call) -> bool {
    file_ends(call, &["/vmnetdhcp.leases"])
        || (file_ends(call, &[".leases"]) && call.line.to_lowercase().contains("vmnet"))
}

fn usernet_call(call: &Call) -> bool {
    call.args.iter().any(|word| word.contains("info usernet"))
        || (call.program == "info" && call.has("usernet"))
}

fn wsl_running_call(call: &Call) -> bool {
    wsl_list_call(call) && call.has("--running") && (call.has("--quiet") || call.has("-q"))
}

fn wsl_list_call(call: &Call) -> bool {
    call.program == "wsl" && (call.has("--list") || call.has_letter('l'))
}
