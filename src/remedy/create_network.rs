//! Commands that make a new virtual network as a plan has it.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

use super::forward::translate;
use super::{Lines, Product, Remedy, Risk, Shell, Where, ask, build, ps, sh};
use crate::model::{HypervisorId, Message, Mode, Os};

/// A virtual network to be made.
#[derive(Clone, Copy, Debug)]
pub struct NewNetwork<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its mode.
    pub mode: Mode,
    /// Its prefix.
    pub net: Ipv4Net,
    /// The host's address there; `None` where the host takes no part.
    pub host: Option<Ipv4Addr>,
    /// First and last address that DHCP lends.
    pub dhcp: Option<(Ipv4Addr, Ipv4Addr)>,
}

/// What makes the network in this product: a command where the product has one, else what to enter by hand.
pub fn create_network(os: Os, id: HypervisorId, new: &NewNetwork<'_>) -> Vec<Remedy> {
    let product = Product::named(id, os, "");
    let made = match id {
        HypervisorId::Libvirt => libvirt(new),
        HypervisorId::VirtualBox => virtualbox(&product, new),
        HypervisorId::HyperV => hyper_v(new),
        _ => None,
    };
    vec![made.unwrap_or_else(|| by_hand(new))]
}

/// Makes a port of this PC lead to a machine on a translated network that was made by [`create_network`].
pub fn forward_into(os: Os, id: HypervisorId, new: &NewNetwork<'_>, to: Ipv4Addr, port: u16) -> Vec<Remedy> {
    let effect = || {
        Message::new("remedy-forward-into-effect")
            .with("port", port)
            .with("address", to)
    };
    let lines = |command: String, undo: String, verify: String| Lines {
        title: "remedy-port-forward-title",
        effect: effect(),
        risk: Risk::Medium,
        command,
        undo,
        verify,
    };
    match (id, new.mode) {
        (HypervisorId::Libvirt, Mode::Nat) => vec![translate(Where::Host, effect(), port, to, port)],
        (HypervisorId::VirtualBox, Mode::NatNetwork) => {
            let product = Product::named(id, os, "");
            let (tool, shell) = (product.vboxmanage(), product.shell());
            let name = super::quote::argument(shell, new.name);
            let rule = super::quote::argument(shell, &format!("port{port}:tcp:[]:{port}:[{to}]:{port}"));
            let change = format!("{tool} natnetwork modify --netname {name} --port-forward-4");
            let verify = format!("{tool} list natnets");
            vec![product.plain(
                false,
                lines(
                    format!("{change} {rule}"),
                    format!("{change} delete port{port}"),
                    verify,
                ),
            )]
        }
        (HypervisorId::HyperV, Mode::Nat) => {
            let name = ps(new.name);
            vec![build(
                Where::Host,
                Os::Windows,
                Shell::Powershell,
                true,
                lines(
                    format!(
                        "Add-NetNatStaticMapping -NatName {name} -Protocol TCP -ExternalIPAddress 0.0.0.0/0 -ExternalPort {port} -InternalIPAddress {to} -InternalPort {port}"
                    ),
                    format!(
                        "Get-NetNatStaticMapping -NatName {name} | Where-Object ExternalPort -eq {port} | Remove-NetNatStaticMapping -Confirm:$false"
                    ),
                    "Get-NetNatStaticMapping".to_owned(),
                ),
            )]
        }
        (_, Mode::Nat | Mode::NatNetwork) => vec![ask(
            Where::Host,
            Message::new("remedy-port-forward-ask").with("port", port),
        )],
        // What is not translated is reached by its route.
        _ => Vec::new(),
    }
}

fn lines(new: &NewNetwork<'_>, command: String, undo: String, verify: String) -> Lines {
    Lines {
        title: "remedy-make-network-title",
        effect: Message::new("remedy-make-network-effect")
            .with("network", new.name)
            .with("segment", new.net),
        risk: Risk::Low,
        command,
        undo,
        verify,
    }
}

/// By the product's own settings window, with the values to enter.
fn by_hand(new: &NewNetwork<'_>) -> Remedy {
    let message = match (new.mode, new.host) {
        (Mode::Internal | Mode::Private, None) => Message::new("remedy-make-network-ask-closed"),
        (_, host) => Message::new("remedy-make-network-ask").with(
            "host",
            host.map(|host| host.to_string())
                .unwrap_or_else(|| "–".to_owned()),
        ),
    };
    ask(
        Where::Host,
        message
            .with("network", new.name)
            .with("mode", new.mode.name())
            .with("segment", new.net.network())
            .with("mask", new.net.netmask()),
    )
}

/// The XML of libvirt's network format: a forward element per mode, none for a network without a way out, and no
/// address of the host where it takes no part. libvirt picks a free bridge name by itself.
fn libvirt(new: &NewNetwork<'_>) -> Option<Remedy> {
    let forward = match new.mode {
        Mode::Nat => "<forward mode='nat'/>",
        Mode::Routed => "<forward mode='route'/>",
        Mode::HostOnly | Mode::Internal | Mode::Private => "",
        _ => return None,
    };
    let dhcp = new.dhcp.map_or_else(String::new, |(first, last)| {
        format!("<dhcp><range start='{first}' end='{last}'/></dhcp>")
    });
    let own = new.host.map_or_else(String::new, |host| {
        format!("<ip address='{host}' netmask='{}'>{dhcp}</ip>", new.net.netmask())
    });
    let name = new.name.replace(['<', '>', '&', '\'', '"'], "");
    let xml = format!("<network><name>{name}</name>{forward}{own}</network>");
    let (virsh, quoted) = ("virsh -c qemu:///system", sh(&name));
    Some(build(
        Where::Host,
        Os::Linux,
        Shell::Sh,
        false,
        lines(
            new,
            format!(
                "printf %s {} | {virsh} net-define /dev/stdin && {virsh} net-start {quoted} && {virsh} net-autostart {quoted}",
                sh(&xml)
            ),
            format!("{virsh} net-destroy {quoted}; {virsh} net-undefine {quoted}"),
            format!("{virsh} net-info {quoted}"),
        ),
    ))
}

/// VirtualBox: host-only adapters on Windows and Linux (the product chooses their name, so the command reads it),
/// host-only networks on macOS, NAT networks everywhere. An internal network is made by the first card on it.
fn virtualbox(product: &Product<'_>, new: &NewNetwork<'_>) -> Option<Remedy> {
    let tool = product.vboxmanage();
    let quote = |text: &str| super::quote::argument(product.shell(), text);
    let (name, mask) = (quote(new.name), new.net.netmask());
    let (command, undo, verify) = match (new.mode, new.host) {
        (Mode::NatNetwork, _) => (
            format!(
                "{tool} natnetwork add --netname {name} --network {} --enable --dhcp on",
                quote(&new.net.to_string())
            ),
            format!("{tool} natnetwork remove --netname {name}"),
            format!("{tool} list natnets"),
        ),
        (Mode::HostOnly, Some(_)) if product.os == Os::Macos => {
            let (first, last) = new.dhcp?;
            (
                format!(
                    "{tool} hostonlynet add --name={name} --netmask={mask} --lower-ip={first} --upper-ip={last} --enable"
                ),
                format!("{tool} hostonlynet remove --name={name}"),
                format!("{tool} list hostonlynets"),
            )
        }
        (Mode::HostOnly, Some(host)) => {
            let address = format!("--ip={host} --netmask={mask}");
            // "Interface 'vboxnet1' was successfully created": the name stands in quotes in every version.
            let command = if product.os == Os::Windows {
                format!(
                    "$made = {tool} hostonlyif create; $name = ([regex]\"'(.+)'\").Match($made).Groups[1].Value; {tool} hostonlyif ipconfig $name {address}; $name"
                )
            } else {
                format!(
                    "name=$({tool} hostonlyif create | sed -n \"s/.*'\\(.*\\)'.*/\\1/p\") && {tool} hostonlyif ipconfig \"$name\" {address} && echo \"$name\""
                )
            };
            let list = format!("{tool} list hostonlyifs");
            (command, String::new(), list)
        }
        _ => return None,
    };
    Some(build(
        Where::Host,
        product.os,
        product.shell(),
        false,
        lines(new, command, undo, verify),
    ))
}

/// Hyper-V: a switch, the host's address on it, and for NAT a translation. The product has no DHCP server.
fn hyper_v(new: &NewNetwork<'_>) -> Option<Remedy> {
    let name = ps(new.name);
    let kind = match new.mode {
        Mode::Private => "Private",
        Mode::Nat | Mode::Internal | Mode::HostOnly => "Internal",
        _ => return None,
    };
    let mut command = format!("New-VMSwitch -Name {name} -SwitchType {kind}");
    let mut undo = format!("Remove-VMSwitch -Name {name} -Force");
    let mut verify = format!("Get-VMSwitch -Name {name}");
    if let Some(host) = new.host {
        let alias = ps(&format!("vEthernet ({})", new.name));
        let length = new.net.prefix_len();
        command.push_str(&format!(
            "; New-NetIPAddress -InterfaceAlias {alias} -IPAddress {host} -PrefixLength {length}"
        ));
        verify.push_str(&format!("; Get-NetIPAddress -InterfaceAlias {alias}"));
    }
    if new.mode == Mode::Nat {
        command.push_str(&format!(
            "; New-NetNat -Name {name} -InternalIPInterfaceAddressPrefix {}",
            new.net
        ));
        undo = format!("Remove-NetNat -Name {name} -Confirm:$false; {undo}");
        verify.push_str("; Get-NetNat");
    }
    Some(build(
        Where::Host,
        Os::Windows,
        Shell::Powershell,
        true,
        lines(new, command, undo, verify),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(os: Os, id: HypervisorId, mode: Mode, host: bool) -> Option<String> {
        let new = NewNetwork {
            name: "lab1",
            mode,
            net: "192.168.60.0/24".parse().expect("a prefix"),
            host: host.then_some(Ipv4Addr::new(192, 168, 60, 1)),
            dhcp: Some((Ipv4Addr::new(192, 168, 60, 128), Ipv4Addr::new(192, 168, 60, 254))),
        };
        match create_network(os, id, &new).remove(0) {
            Remedy::Command(made) => Some(made.command),
            Remedy::Ask { .. } => None,
        }
    }

    #[test]
    fn a_forward_names_the_network_that_the_plan_makes() {
        let forward = |os, id, mode| {
            let new = NewNetwork {
                name: "lab-outside",
                mode,
                net: "192.168.60.0/24".parse().expect("a prefix"),
                host: None,
                dhcp: None,
            };
            forward_into(os, id, &new, Ipv4Addr::new(192, 168, 60, 10), 8080)
        };
        let command = |os, id, mode| match forward(os, id, mode).remove(0) {
            Remedy::Command(made) => made.command,
            Remedy::Ask { ask, .. } => ask.key.to_owned(),
        };
        let natnet = command(Os::Linux, HypervisorId::VirtualBox, Mode::NatNetwork);
        assert_eq!(
            natnet,
            "VBoxManage natnetwork modify --netname lab-outside --port-forward-4 'port8080:tcp:[]:8080:[192.168.60.10]:8080'"
        );
        let hyper_v = command(Os::Windows, HypervisorId::HyperV, Mode::Nat);
        assert!(hyper_v.contains("-NatName lab-outside "), "{hyper_v}");
        let libvirt = command(Os::Linux, HypervisorId::Libvirt, Mode::Nat);
        assert!(
            libvirt.contains("--dport 8080") && libvirt.contains("--to-destination 192.168.60.10:8080"),
            "{libvirt}"
        );
        let by_hand = command(Os::Windows, HypervisorId::VmwareWorkstation, Mode::Nat);
        assert_eq!(by_hand, "remedy-port-forward-ask");
        assert!(forward(Os::Linux, HypervisorId::Libvirt, Mode::Routed).is_empty());
    }

    #[test]
    fn each_product_gets_its_own_command_and_the_rest_is_done_by_hand() {
        let nat = command(Os::Linux, HypervisorId::Libvirt, Mode::Nat, true).expect("a command");
        assert!(
            nat.contains("<forward mode='\\''nat'\\''/>") || nat.contains("mode='nat'"),
            "{nat}"
        );
        let closed = command(Os::Linux, HypervisorId::Libvirt, Mode::Private, false).expect("a command");
        assert!(
            !closed.contains("<ip ") && !closed.contains("<forward"),
            "{closed}"
        );
        let box_on_mac =
            command(Os::Macos, HypervisorId::VirtualBox, Mode::HostOnly, true).expect("a command");
        assert!(box_on_mac.contains("hostonlynet add"), "{box_on_mac}");
        let private = command(Os::Windows, HypervisorId::HyperV, Mode::Private, false).expect("a command");
        assert_eq!(private, "New-VMSwitch -Name lab1 -SwitchType Private");
        assert_eq!(
            command(Os::Windows, HypervisorId::VmwareWorkstation, Mode::Nat, true),
            None
        );
        assert_eq!(
            command(Os::Linux, HypervisorId::VirtualBox, Mode::Internal, false),
            None
        );
    }
}
