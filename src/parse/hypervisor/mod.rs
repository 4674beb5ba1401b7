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

/// The formats of this folder; a new one is one row here.
pub const FORMATS: &[Format] = &[
    Format::new("libvirt XML", libvirt_xml_call, libvirt_xml::xml)
        .line(xml_line)
        .hears_errors(),
    Format::new(
        "libvirt networks",
        |c| libvirt::is(c, &["net-list"]),
        libvirt::net_list,
    )
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
    .line(|l| l.contains("Expiry Time") && l.contains("Client ID or DUID"))
    .hears_errors(),
    Format::new("libvirt machines", |c| libvirt::is(c, &["list"]), libvirt::list)
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
    .line(virtualbox::vm_line)
    .silence_speaks()
    .hears_errors(),
    Format::new("VirtualBox networks", vbox_networks, virtualbox::list_networks)
        .line(virtualbox::list_line)
        .silence_speaks()
        .hears_errors(),
    Format::new(
        "VirtualBox machine",
        |c| virtualbox::is(c, "showvminfo"),
        virtualbox_machine::showvminfo,
    )
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
    Format::new(
        "network interfaces file",
        |c| file_ends(c, &["/network/interfaces"]),
        proxmox::interfaces,
    )
    .line(|l| l.starts_with("iface ") && l.contains(" inet")),
];

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
