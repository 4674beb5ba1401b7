//! Fixes of a guest's cards and of the files that set them up.

use super::fix::Ways;
use super::{Remedy, Risk, Where, prompt, ps, sh};
use crate::model::{Message, Os};

/// Makes a card start by itself and ask for an address, now and at every boot.
pub fn start_at_boot(os: Os, adapter: &str) -> Vec<Remedy> {
    let effect = Message::new("remedy-card-boot-effect").with("adapter", adapter);
    let fix = Ways::new(Where::Guest, os, "remedy-card-boot-title", effect, Risk::Low);
    let name = sh(adapter);
    match os {
        // A card that is enabled stays so after a restart.
        Os::Windows | Os::Macos => Vec::new(),
        Os::Bsd => fix
            .sh(
                format!("sudo sysrc ifconfig_{name}=DHCP && sudo service netif start {name}"),
                format!("sudo sysrc -x ifconfig_{name}"),
                format!("ifconfig {name}"),
            )
            .ways(),
        _ => {
            let netplan = "/etc/netplan/90-vmnet-doctor.yaml";
            let stanza = "/etc/network/interfaces.d/vmnet-doctor";
            let yaml = sh(&format!(
                "network: {{version: 2, ethernets: {{{adapter}: {{dhcp4: true}}}}}}"
            ));
            fix.sh(
                format!("sudo nmcli device set {name} managed yes && sudo nmcli connection add type ethernet ifname {name} con-name vmnet-doctor autoconnect yes && sudo nmcli connection up vmnet-doctor"),
                "sudo nmcli connection delete vmnet-doctor",
                format!("nmcli device show {name}"),
            )
            .sh(
                format!("printf '%s\\n' {yaml} | sudo tee {netplan} && sudo chmod 600 {netplan} && sudo netplan apply"),
                format!("sudo rm {netplan} && sudo netplan apply"),
                format!("ip -br addr show dev {name}"),
            )
            .sh(
                format!("printf '%s\\n' {} {} | sudo tee {stanza} && sudo ifup {name}", sh(&format!("auto {adapter}")), sh(&format!("iface {adapter} inet dhcp"))),
                format!("sudo ifdown {name}; sudo rm {stanza}"),
                format!("ip -br addr show dev {name}"),
            )
            .ways()
        }
    }
}

/// Writes the card's present name into the settings that name an old one. `holder` is the file, or
/// `NetworkManager NAME`.
pub fn rename_in_settings(os: Os, holder: &str, old: &str, new: &str) -> Vec<Remedy> {
    let effect = Message::new("remedy-card-name-effect")
        .with("old", old)
        .with("new", new)
        .with("file", holder);
    let fix = Ways::new(Where::Guest, os, "remedy-card-name-title", effect, Risk::Low);
    if let Some(connection) = holder.strip_prefix("NetworkManager ") {
        let connection = sh(connection);
        return fix
            .sh(
                format!("sudo nmcli connection modify {connection} connection.interface-name {} && sudo nmcli connection up {connection}", sh(new)),
                format!("sudo nmcli connection modify {connection} connection.interface-name {}", sh(old)),
                "nmcli device status",
            )
            .ways();
    }
    // Names with anything but letters, digits and the like would be patterns of their own.
    let plain = |word: &str| {
        !word.is_empty()
            && word
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_:@".contains(c))
    };
    if !plain(old) || !plain(new) {
        return Vec::new();
    }
    // Where several files were printed at once, which of them it was is not known.
    let one = match (holder.contains('*'), holder.rsplit_once('/')) {
        (true, Some((folder, _))) => format!("{folder}/FILE"),
        _ => holder.to_owned(),
    };
    let file = sh(&one);
    let apply = if holder.contains("netplan") {
        "sudo netplan apply".to_owned()
    } else if holder.contains("rc.conf") {
        "sudo service netif restart".to_owned()
    } else if holder.contains("systemd/network") {
        "sudo networkctl reload".to_owned()
    } else if holder.contains("network-scripts") {
        "sudo systemctl restart NetworkManager".to_owned()
    } else {
        format!("sudo ifup {}", sh(new))
    };
    let look = if os == Os::Bsd { "ifconfig" } else { "ip -br addr" };
    let edit = if os == Os::Bsd {
        format!("sed -i '' 's/_{old}=/_{new}=/'")
    } else {
        format!("sed -i 's/\\<{old}\\>/{new}/g'")
    };
    fix.sh(
        format!("sudo cp {file} {file}.vmnet-doctor && sudo {edit} {file} && {apply}"),
        format!("sudo cp {file}.vmnet-doctor {file}"),
        look,
    )
    .ways()
}

/// Switches a card of the guest off, so that its addresses and routes go.
pub fn disable_card(os: Os, adapter: &str) -> Vec<Remedy> {
    let effect = Message::new("remedy-card-off-effect").with("adapter", adapter);
    let fix = Ways::new(Where::Guest, os, "remedy-card-off-title", effect, Risk::Medium);
    let name = sh(adapter);
    match os {
        Os::Windows => fix
            .powershell(
                format!("Disable-NetAdapter -Name {} -Confirm:$false", ps(adapter)),
                format!("Enable-NetAdapter -Name {} -Confirm:$false", ps(adapter)),
                "Get-NetAdapter",
            )
            .cmd(
                format!(
                    "netsh interface set interface name={} admin=disabled",
                    prompt(adapter)
                ),
                format!(
                    "netsh interface set interface name={} admin=enabled",
                    prompt(adapter)
                ),
                "netsh interface show interface",
            ),
        Os::Macos | Os::Bsd => fix.sh(
            format!("sudo ifconfig {name} down"),
            format!("sudo ifconfig {name} up"),
            format!("ifconfig {name}"),
        ),
        _ => fix.sh(
            format!("sudo ip link set dev {name} down"),
            format!("sudo ip link set dev {name} up"),
            "ip -br addr",
        ),
    }
    .ways()
}

/// Ends the DHCP client that overrules a static address. `holder` holds the static one.
pub fn keep_static(os: Os, adapter: &str, holder: Option<&str>) -> Vec<Remedy> {
    let effect = Message::new("remedy-keep-static-effect").with("adapter", adapter);
    let fix = Ways::new(Where::Guest, os, "remedy-keep-static-title", effect, Risk::Low);
    let name = sh(adapter);
    match os {
        Os::Windows => fix.powershell(
            format!(
                "Set-NetIPInterface -InterfaceAlias {0} -AddressFamily IPv4 -Dhcp Disabled",
                ps(adapter)
            ),
            format!(
                "Set-NetIPInterface -InterfaceAlias {0} -AddressFamily IPv4 -Dhcp Enabled",
                ps(adapter)
            ),
            format!("Get-NetIPInterface -InterfaceAlias {}", ps(adapter)),
        ),
        Os::Macos => fix.sh(
            "sudo networksetup -setmanual Ethernet ADDRESS MASK ROUTER",
            "sudo networksetup -setdhcp Ethernet",
            "networksetup -getinfo Ethernet",
        ),
        Os::Bsd => fix.sh(
            format!("sudo service dhclient stop {name}; sudo service netif restart {name}"),
            format!("sudo service dhclient start {name}"),
            format!("ifconfig {name}"),
        ),
        _ => {
            let ifupdown = holder.is_none_or(|holder| holder.contains("/network/interfaces"));
            let fix = fix.sh(
                format!("sudo dhclient -x {name}; sudo nmcli device set {name} managed no"),
                format!("sudo nmcli device set {name} managed yes"),
                format!("ip -br addr show dev {name}"),
            );
            if ifupdown {
                fix.sh(
                    format!("sudo ifdown --force {name}; sudo ip addr flush dev {name}; sudo ifup {name}"),
                    format!("sudo dhclient -v {name}"),
                    format!("ip -br addr show dev {name}"),
                )
            } else {
                fix.sh(
                    format!("sudo ip addr flush dev {name}; sudo netplan apply"),
                    format!("sudo dhclient -v {name}"),
                    format!("ip -br addr show dev {name}"),
                )
            }
        }
    }
    .ways()
}

/// Gives the guest a driver for a card of this model.
pub fn load_driver(os: Os, model: &str) -> Vec<Remedy> {
    let effect = Message::new("remedy-driver-effect").with("model", model);
    let fix = Ways::new(Where::Guest, os, "remedy-driver-title", effect, Risk::Low);
    let model = model.to_ascii_lowercase();
    let paravirtual = model.contains("virtio");
    match os {
        Os::Windows if paravirtual => fix
            .cmd(
                "pnputil /add-driver D:\\NetKVM\\*.inf /subdirs /install",
                "pnputil /enum-drivers",
                "ipconfig /all",
            )
            .ways(),
        Os::Windows | Os::Macos => Vec::new(),
        Os::Bsd => {
            let module = if paravirtual { "if_vtnet" } else { "if_vmx" };
            fix.sh(
                format!("sudo kldload {module} && sudo sysrc -f /boot/loader.conf {module}_load=YES"),
                format!("sudo kldunload {module}"),
                "ifconfig",
            )
            .ways()
        }
        _ => {
            const MODULES: [(&str, &str); 7] = [
                ("vmxnet3", "vmxnet3"),
                ("e1000e", "e1000e"),
                ("e1000", "e1000"),
                ("8254", "e1000"),
                ("am79c97", "pcnet32"),
                ("rtl8139", "8139cp"),
                ("synthetic", "hv_netvsc"),
            ];
            let module = MODULES
                .iter()
                .find(|(word, _)| model.contains(word))
                .map_or("virtio_net", |(_, module)| module);
            fix.sh(
                format!(
                    "sudo modprobe {module} && echo {module} | sudo tee /etc/modules-load.d/vmnet-doctor.conf"
                ),
                format!("sudo rm -f /etc/modules-load.d/vmnet-doctor.conf && sudo modprobe -r {module}"),
                "ip -br link",
            )
            .ways()
        }
    }
}
