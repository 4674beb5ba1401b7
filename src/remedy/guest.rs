//! Fixes inside a guest: address, route, names, services.

use std::net::IpAddr;

use ipnet::Ipv4Net;

use super::fix::Ways;
use super::quote::bare;
use super::{Lines, Remedy, Risk, Shell, Where, build, prompt, ps, root, sh};
use crate::model::{Mac, Message, Os};

/// Lets the guest ask for an address by DHCP again.
pub fn renew_lease(os: Os, adapter: &str) -> Vec<Remedy> {
    let on = Where::Guest;
    match os {
        Os::Windows => vec![build(
            on,
            os,
            Shell::Cmd,
            true,
            fix!("remedy-renew" ["adapter" = adapter], Low,
                format!(
                    "netsh interface ipv4 set address name={0} dhcp & ipconfig /renew {0}",
                    prompt(adapter)
                ),
                undo: "",
                verify: "ipconfig /all"),
        )],
        Os::Macos => vec![root(
            on,
            os,
            fix!("remedy-renew" ["adapter" = adapter], Low,
                format!("sudo ipconfig set {} DHCP", sh(adapter)),
                undo: "",
                verify: format!("ipconfig getifaddr {}", sh(adapter))),
        )],
        Os::Bsd => vec![root(
            on,
            os,
            fix!("remedy-renew" ["adapter" = adapter], Low,
                format!("sudo service dhclient restart {}", sh(adapter)),
                undo: "",
                verify: format!("ifconfig {}", sh(adapter))),
        )],
        _ => vec![
            root(
                on,
                os,
                fix!("remedy-renew" ["adapter" = adapter], Low,
                    format!(
                        "sudo nmcli device modify {0} ipv4.method auto && sudo nmcli device reapply {0}",
                        sh(adapter)
                    ),
                    undo: "",
                    verify: format!("ip -br addr show dev {}", sh(adapter))),
            ),
            root(
                on,
                os,
                fix!("remedy-renew" ["adapter" = adapter], Low,
                    format!("sudo dhclient -r {0}; sudo dhclient -v {0}", sh(adapter)),
                    undo: "",
                    verify: format!("ip -br addr show dev {}", sh(adapter))),
            ),
        ],
    }
}

/// Gives the guest an address of the segment, with the gateway there; `old` is what it has now, and its gateway.
pub fn set_address(
    os: Os,
    adapter: &str,
    new: Ipv4Net,
    old: Option<Ipv4Net>,
    gateway: Option<IpAddr>,
    old_gateway: Option<IpAddr>,
) -> Vec<Remedy> {
    let on = Where::Guest;
    match os {
        Os::Windows => {
            let hop = gateway.map(|gateway| format!(" {gateway}")).unwrap_or_default();
            vec![build(
                on,
                os,
                Shell::Cmd,
                true,
                fix!("remedy-set-address" ["adapter" = adapter, "address" = new], Low,
                    format!(
                        "netsh interface ipv4 set address name={} static {} {}{hop}",
                        prompt(adapter),
                        new.addr(),
                        new.netmask()
                    ),
                    undo: old.map_or_else(
                        || format!("netsh interface ipv4 set address name={} dhcp", prompt(adapter)),
                        |old| {
                            format!(
                                "netsh interface ipv4 set address name={} static {} {}",
                                prompt(adapter),
                                old.addr(),
                                old.netmask()
                            )
                        },
                    ),
                    verify: "ipconfig"),
            )]
        }
        Os::Macos | Os::Bsd => vec![root(
            on,
            os,
            fix!("remedy-set-address" ["adapter" = adapter, "address" = new], Low,
                format!("sudo ifconfig {} inet {new}", sh(adapter)),
                undo: old
                .map(|old| format!("sudo ifconfig {} inet {old}", sh(adapter)))
                .unwrap_or_default(),
                verify: format!("ifconfig {}", sh(adapter))),
        )],
        _ => {
            let name = sh(adapter);
            let route = gateway
                .map(|gateway| format!(" && sudo ip route replace default via {gateway} dev {name}"))
                .unwrap_or_default();
            let (first, back) = match old {
                // An address takes the routes along that lead through its segment.
                Some(old) => (
                    format!("sudo ip addr del {old} dev {name}; "),
                    format!(
                        "; sudo ip addr add {old} dev {name}{}",
                        old_gateway
                            .map(|gateway| format!(
                                " && sudo ip route replace default via {gateway} dev {name}"
                            ))
                            .unwrap_or_default()
                    ),
                ),
                None => (String::new(), String::new()),
            };
            vec![root(
                on,
                os,
                fix!("remedy-set-address" ["adapter" = adapter, "address" = new], Low,
                    format!("{first}sudo ip addr add {new} dev {name}{route}"),
                    undo: format!("sudo ip addr del {new} dev {name}{back}"),
                    verify: format!("ip -br addr show dev {name}")),
            )]
        }
    }
}

/// Gives the guest its default route; `wrong` is the gateway it has now.
pub fn set_gateway(os: Os, adapter: Option<&str>, gateway: IpAddr, wrong: Option<IpAddr>) -> Vec<Remedy> {
    let on = Where::Guest;
    match os {
        Os::Windows => {
            let first = wrong
                .map(|wrong| format!("route delete 0.0.0.0 mask 0.0.0.0 {wrong} & "))
                .unwrap_or_default();
            let back = wrong
                .map(|wrong| format!(" & route -p add 0.0.0.0 mask 0.0.0.0 {wrong}"))
                .unwrap_or_default();
            vec![build(
                on,
                os,
                Shell::Cmd,
                true,
                fix!("remedy-gateway" ["gateway" = gateway], Low,
                    format!("{first}route -p add 0.0.0.0 mask 0.0.0.0 {gateway}"),
                    undo: format!("route delete 0.0.0.0 mask 0.0.0.0 {gateway}{back}"),
                    verify: "route print 0.0.0.0"),
            )]
        }
        Os::Macos | Os::Bsd => {
            let first = wrong
                .map(|_| "sudo route -n delete default; ".to_owned())
                .unwrap_or_default();
            let back = wrong
                .map(|wrong| format!("; sudo route -n add default {wrong}"))
                .unwrap_or_default();
            vec![root(
                on,
                os,
                fix!("remedy-gateway" ["gateway" = gateway], Low,
                    format!("{first}sudo route -n add default {gateway}"),
                    undo: format!("sudo route -n delete default{back}"),
                    verify: "netstat -rn"),
            )]
        }
        _ => {
            let place = adapter
                .map(|name| format!(" dev {}", sh(name)))
                .unwrap_or_default();
            let undo = match wrong {
                Some(wrong) => format!("sudo ip route replace default via {wrong}{place}"),
                None => format!("sudo ip route del default via {gateway}{place}"),
            };
            vec![root(
                on,
                os,
                fix!("remedy-gateway" ["gateway" = gateway], Low,
                    format!("sudo ip route replace default via {gateway}{place}"),
                    undo: undo,
                    verify: "ip route show default"),
            )]
        }
    }
}

/// Gives the guest a name server that answers; `old` are the ones it has now.
pub fn set_dns(os: Os, adapter: &str, server: IpAddr, old: &[IpAddr]) -> Vec<Remedy> {
    let on = Where::Guest;
    let old: Vec<String> = old.iter().map(ToString::to_string).collect();
    match os {
        Os::Windows => vec![build(
            on,
            os,
            Shell::Powershell,
            true,
            fix!("remedy-dns" ["server" = server], Low,
                format!(
                    "Set-DnsClientServerAddress -InterfaceAlias {} -ServerAddresses {server}",
                    ps(adapter)
                ),
                undo: format!(
                    "Set-DnsClientServerAddress -InterfaceAlias {} -ResetServerAddresses",
                    ps(adapter)
                ),
                verify: "Resolve-DnsName example.com"),
        )],
        Os::Macos => vec![root(
            on,
            os,
            fix!("remedy-dns" ["server" = server], Low,
                format!("sudo networksetup -setdnsservers Ethernet {server}"),
                undo: "sudo networksetup -setdnsservers Ethernet empty",
                verify: "scutil --dns"),
        )],
        _ => {
            let resolvectl_back = if old.is_empty() {
                format!("sudo resolvectl revert {}", sh(adapter))
            } else {
                format!("sudo resolvectl dns {} {}", sh(adapter), old.join(" "))
            };
            vec![
                root(
                    on,
                    os,
                    fix!("remedy-dns" ["server" = server], Low,
                        format!("sudo resolvectl dns {} {server}", sh(adapter)),
                        undo: resolvectl_back,
                        verify: "getent hosts example.com"),
                ),
                root(
                    on,
                    os,
                    fix!("remedy-dns" ["server" = server], Low,
                        format!(
                            "sudo cp /etc/resolv.conf /etc/resolv.conf.vmnet-doctor && echo 'nameserver {server}' | sudo tee /etc/resolv.conf"
                        ),
                        undo: "sudo cp /etc/resolv.conf.vmnet-doctor /etc/resolv.conf",
                        verify: "getent hosts example.com"),
                ),
            ]
        }
    }
}

/// Starts the service that usually serves `port`.
pub fn start_service_on_port(os: Os, port: u16) -> Vec<Remedy> {
    let on = Where::Guest;
    let effect = || Message::new("remedy-guest-service-effect").with("port", port);
    let title = "remedy-guest-service-title";
    let unit = match port {
        22 => Some("ssh"),
        80 | 443 => Some("nginx"),
        3389 => Some("xrdp"),
        445 | 139 => Some("smbd"),
        _ => None,
    };
    match (os, port, unit) {
        (Os::Windows, 22, _) => vec![build(on, os, Shell::Powershell, true, Lines {
            title,
            effect: effect(),
            risk: Risk::Medium,
            command: "Set-Service -Name sshd -StartupType Automatic; Start-Service -Name sshd".to_owned(),
            undo: "Stop-Service -Name sshd".to_owned(),
            verify: "Get-NetTCPConnection -State Listen -LocalPort 22".to_owned(),
        })],
        (Os::Windows, ..) => vec![build(on, os, Shell::Powershell, false, Lines {
            title: "remedy-show-listeners-title",
            effect: Message::new("remedy-show-listeners-effect").with("port", port),
            risk: Risk::None,
            command: "Get-NetTCPConnection -State Listen | Sort-Object LocalPort | Format-Table LocalAddress,LocalPort,OwningProcess".to_owned(),
            undo: String::new(),
            verify: format!("Test-NetConnection -ComputerName localhost -Port {port}"),
        })],
        (Os::Macos | Os::Bsd, ..) => vec![build(on, os, Shell::Sh, false, Lines {
            title: "remedy-show-listeners-title",
            effect: Message::new("remedy-show-listeners-effect").with("port", port),
            risk: Risk::None,
            command: "netstat -an | grep LISTEN".to_owned(),
            undo: String::new(),
            verify: format!("nc -zv 127.0.0.1 {port}"),
        })],
        (_, _, Some(unit)) => vec![root(on, os, Lines {
            title,
            effect: effect(),
            risk: Risk::Medium,
            command: format!("sudo systemctl enable --now {unit}"),
            undo: format!("sudo systemctl disable --now {unit}"),
            verify: format!("ss -ltn 'sport = :{port}'"),
        })],
        _ => vec![build(on, os, Shell::Sh, false, Lines {
            title: "remedy-show-listeners-title",
            effect: Message::new("remedy-show-listeners-effect").with("port", port),
            risk: Risk::None,
            command: "ss -ltn".to_owned(),
            undo: String::new(),
            verify: format!("ss -ltn 'sport = :{port}'"),
        })],
    }
}

/// Gives the guest's card a hardware address of its own, and lets `neighbor` hear of it (Linux).
pub fn set_mac(adapter: &str, old: Mac, neighbor: Option<IpAddr>) -> Remedy {
    let mut bytes = old.0;
    // The same maker, another card; "locally administered", as whoever invents one has to say (IEEE 802, 8.4).
    bytes[0] |= 2;
    bytes[5] ^= 0x80;
    bytes[4] ^= 0x5a;
    let new = Mac(bytes);
    let name = sh(adapter);
    let tell = neighbor
        .map(|neighbor| format!(" && ping -c 1 -W 2 {neighbor}"))
        .unwrap_or_default();
    let line = |mac: Mac| {
        format!("sudo ip link set dev {name} address {mac} && sudo ip neigh flush dev {name}{tell}")
    };
    root(
        Where::Guest,
        Os::Linux,
        Lines {
            title: "remedy-mac-title",
            effect: Message::new("remedy-mac-effect")
                .with("adapter", adapter)
                .with("mac", new),
            risk: Risk::Low,
            command: line(new),
            undo: line(old),
            verify: format!("ip link show dev {name}"),
        },
    )
}

/// Lets the DHCP client of a clone call itself by a name that nobody else has (macOS, BSD). Windows goes by the card's
/// hardware address.
pub fn own_client_id(os: Os, adapter: &str) -> Vec<Remedy> {
    let effect = Message::new("remedy-client-id-effect").with("adapter", adapter);
    let name = sh(adapter);
    let fix = Ways::new(Where::Guest, os, "remedy-client-id-title", effect, Risk::Low);
    match os {
        Os::Macos => {
            // `networksetup` goes by the service's name, which the list of ports tells for the device.
            let service = format!(
                "\"$(networksetup -listallhardwareports | awk -F': ' -v d={name} '/^Hardware Port/ {{ p = $2 }} $0 == \"Device: \" d {{ print p }}')\""
            );
            fix.sh(
                format!("sudo networksetup -setdhcp {service} \"$(uuidgen)\""),
                format!("sudo networksetup -setdhcp {service} Empty"),
                format!("networksetup -getinfo {service}"),
            )
        }
        Os::Bsd => fix.sh(
            format!(
                "printf 'interface \"%s\" {{ send dhcp-client-identifier \"%s\"; }} # vmnet-doctor\\n' '{}' \"$(uuidgen)\" | sudo tee -a /etc/dhclient.conf && sudo service dhclient restart {name}",
                bare(adapter)
            ),
            format!(
                "sudo sed -i.vmnet-doctor '/# vmnet-doctor$/d' /etc/dhclient.conf && sudo service dhclient restart {name}"
            ),
            format!("cat /etc/dhclient.conf; ifconfig {name}"),
        ),
        _ => fix,
    }
    .ways()
}

/// Gives a clone an identity of its own, so that it asks for its own address (Linux).
pub fn new_machine_id() -> Remedy {
    root(Where::Guest, Os::Linux, Lines {
        title: "remedy-machine-id-title",
        effect: Message::new("remedy-machine-id-effect"),
        risk: Risk::Medium,
        command: "sudo cp /etc/machine-id /etc/machine-id.vmnet-doctor && sudo rm -f /etc/machine-id /var/lib/dbus/machine-id && sudo systemd-machine-id-setup".to_owned(),
        undo: "sudo cp /etc/machine-id.vmnet-doctor /etc/machine-id".to_owned(),
        verify: "cat /etc/machine-id".to_owned(),
    })
}
