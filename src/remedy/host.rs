//! Fixes on the host's adapters, routes and switches.

use std::net::IpAddr;

use ipnet::{IpNet, Ipv4Net};

use super::{Lines, Remedy, Risk, Shell, Where, build, prompt, ps, root, sh};
use crate::model::{Message, Os};

/// Switches an adapter on.
pub fn enable_adapter(on: Where, os: Os, name: &str) -> Vec<Remedy> {
    match os {
        Os::Windows => vec![
            build(
                on,
                os,
                Shell::Powershell,
                true,
                fix!("remedy-enable-adapter" ["adapter" = name], None,
                    format!("Enable-NetAdapter -Name {} -Confirm:$false", ps(name)),
                    undo: format!("Disable-NetAdapter -Name {} -Confirm:$false", ps(name)),
                    verify: format!("Get-NetAdapter -Name {}", ps(name))),
            ),
            build(
                on,
                os,
                Shell::Cmd,
                true,
                fix!("remedy-enable-adapter" ["adapter" = name], None,
                    format!(
                        "netsh interface set interface name={} admin=enabled",
                        prompt(name)
                    ),
                    undo: format!(
                        "netsh interface set interface name={} admin=disabled",
                        prompt(name)
                    ),
                    verify: "netsh interface show interface"),
            ),
        ],
        Os::Macos | Os::Bsd => vec![root(
            on,
            os,
            fix!("remedy-enable-adapter" ["adapter" = name], None,
                format!("sudo ifconfig {} up", sh(name)),
                undo: format!("sudo ifconfig {} down", sh(name)),
                verify: format!("ifconfig {}", sh(name))),
        )],
        _ => vec![root(
            on,
            os,
            fix!("remedy-enable-adapter" ["adapter" = name], None,
                format!("sudo ip link set dev {} up", sh(name)),
                undo: format!("sudo ip link set dev {} down", sh(name)),
                verify: format!("ip -br link show dev {}", sh(name))),
        )],
    }
}

/// Gives an adapter an address; `old` is the one to put back.
pub fn set_adapter_address(on: Where, os: Os, name: &str, new: Ipv4Net, old: Option<IpNet>) -> Vec<Remedy> {
    match os {
        Os::Windows => {
            let back = match old {
                Some(IpNet::V4(old)) if !old.addr().is_link_local() => format!(
                    "netsh interface ipv4 set address name={} static {} {}",
                    prompt(name),
                    old.addr(),
                    old.netmask()
                ),
                _ => format!("netsh interface ipv4 set address name={} dhcp", prompt(name)),
            };
            vec![
                build(
                    on,
                    os,
                    Shell::Cmd,
                    true,
                    fix!("remedy-set-address" ["adapter" = name, "address" = new], Low,
                        format!(
                            "netsh interface ipv4 set address name={} static {} {}",
                            prompt(name),
                            new.addr(),
                            new.netmask()
                        ),
                        undo: back,
                        verify: format!("netsh interface ipv4 show addresses name={}", prompt(name))),
                ),
                build(
                    on,
                    os,
                    Shell::Powershell,
                    true,
                    fix!("remedy-set-address" ["adapter" = name, "address" = new], Low,
                    format!(
                        "New-NetIPAddress -InterfaceAlias {} -IPAddress {} -PrefixLength {}",
                        ps(name),
                        new.addr(),
                        new.prefix_len()
                    ),
                    undo: format!(
                        "Remove-NetIPAddress -InterfaceAlias {} -IPAddress {} -Confirm:$false",
                        ps(name),
                        new.addr()
                    ),
                    verify: format!(
                        "Get-NetIPAddress -InterfaceAlias {} -AddressFamily IPv4",
                        ps(name)
                    )),
                ),
            ]
        }
        Os::Macos | Os::Bsd => vec![root(
            on,
            os,
            fix!("remedy-set-address" ["adapter" = name, "address" = new], Low,
                format!("sudo ifconfig {} inet {new}", sh(name)),
                undo: match old {
                    Some(old) => format!("sudo ifconfig {} inet {old}", sh(name)),
                    None => format!("sudo ifconfig {} inet {} delete", sh(name), new.addr()),
                },
                verify: format!("ifconfig {}", sh(name))),
        )],
        _ => {
            let remove = |net: String| format!("sudo ip addr del {net} dev {}", sh(name));
            let (first, back) = match old {
                Some(old) => (
                    format!("{} && ", remove(old.to_string())),
                    format!(" && sudo ip addr add {old} dev {}", sh(name)),
                ),
                None => (String::new(), String::new()),
            };
            vec![root(
                on,
                os,
                fix!("remedy-set-address" ["adapter" = name, "address" = new], Low,
                    format!("{first}sudo ip addr add {new} dev {}", sh(name)),
                    undo: format!("{}{back}", remove(new.to_string())),
                    verify: format!("ip -br addr show dev {}", sh(name))),
            )]
        }
    }
}

/// Puts a segment's route back on its own adapter, ahead of what took it away.
pub fn route_to_segment(os: Os, segment: IpNet, adapter: &str, source: Option<IpAddr>) -> Vec<Remedy> {
    let on = Where::Host;
    let effect = || {
        Message::new("remedy-route-effect")
            .with("segment", segment)
            .with("adapter", adapter)
    };
    let title = "remedy-route-title";
    let network = segment.network();
    match os {
        Os::Windows => {
            let mut ways = vec![build(
                on,
                os,
                Shell::Powershell,
                true,
                Lines {
                    title,
                    effect: effect(),
                    risk: Risk::Medium,
                    command: format!(
                        "New-NetRoute -DestinationPrefix {segment} -InterfaceAlias {} -NextHop 0.0.0.0 -RouteMetric 1 -PolicyStore ActiveStore",
                        ps(adapter)
                    ),
                    undo: format!(
                        "Remove-NetRoute -DestinationPrefix {segment} -InterfaceAlias {} -NextHop 0.0.0.0 -Confirm:$false",
                        ps(adapter)
                    ),
                    verify: format!("Find-NetRoute -RemoteIPAddress {network}"),
                },
            )];
            if let (Some(source), IpNet::V4(net)) = (source, segment) {
                ways.push(build(
                    on,
                    os,
                    Shell::Cmd,
                    true,
                    Lines {
                        title,
                        effect: effect(),
                        risk: Risk::Medium,
                        command: format!("route add {network} mask {} {source} metric 1", net.netmask()),
                        undo: format!("route delete {network} mask {} {source}", net.netmask()),
                        verify: format!("route print {network}"),
                    },
                ));
            }
            ways
        }
        Os::Macos | Os::Bsd => vec![root(
            on,
            os,
            Lines {
                title,
                effect: effect(),
                risk: Risk::Medium,
                command: format!(
                    "sudo route -n delete -net {segment}; sudo route -n add -net {segment} -interface {}",
                    sh(adapter)
                ),
                undo: format!("sudo route -n delete -net {segment}"),
                verify: format!("route -n get {network}"),
            },
        )],
        _ => {
            let from = source.map(|source| format!(" src {source}")).unwrap_or_default();
            vec![root(
                on,
                os,
                Lines {
                    title,
                    effect: effect(),
                    risk: Risk::Medium,
                    command: format!("sudo ip route add {segment} dev {}{from} metric 1", sh(adapter)),
                    undo: format!("sudo ip route del {segment} dev {} metric 1", sh(adapter)),
                    verify: format!("ip route get {network}"),
                },
            )]
        }
    }
}

/// Lets packets to a segment look into the main table before a VPN's own table (Linux).
fn rule_to_main(segment: IpNet, preference: u32) -> Remedy {
    root(
        Where::Host,
        Os::Linux,
        Lines {
            title: "remedy-rule-title",
            effect: Message::new("remedy-rule-effect").with("segment", segment),
            risk: Risk::Medium,
            command: format!("sudo ip rule add to {segment} lookup main pref {preference}"),
            undo: format!("sudo ip rule del to {segment} lookup main pref {preference}"),
            verify: format!("ip route get {}", segment.network()),
        },
    )
}

/// Takes a wrong row out of the routing table. `row` is the row in the words of `ip route`.
pub fn delete_route(
    on: Where,
    os: Os,
    destination: IpNet,
    via: Option<IpAddr>,
    adapter: Option<&str>,
    row: &str,
) -> Vec<Remedy> {
    match os {
        Os::Windows => {
            let hop = via.map_or_else(|| "0.0.0.0".to_owned(), |via| via.to_string());
            let place = adapter
                .map(|name| format!(" -InterfaceAlias {}", ps(name)))
                .unwrap_or_default();
            let mut ways = vec![build(
                on,
                os,
                Shell::Powershell,
                true,
                fix!("remedy-delete-route" ["row" = &row], Low,
                    format!(
                        "Remove-NetRoute -DestinationPrefix {destination} -NextHop {hop}{place} -Confirm:$false"
                    ),
                    undo: format!("New-NetRoute -DestinationPrefix {destination} -NextHop {hop}{place}"),
                    verify: format!("Find-NetRoute -RemoteIPAddress {}", destination.network())),
            )];
            if let IpNet::V4(net) = destination {
                ways.push(build(
                    on,
                    os,
                    Shell::Cmd,
                    true,
                    fix!("remedy-delete-route" ["row" = &row], Low,
                        format!("route delete {} mask {} {hop}", net.network(), net.netmask()),
                        undo: format!("route -p add {} mask {} {hop}", net.network(), net.netmask()),
                        verify: format!("route print {}", net.network())),
                ));
            }
            ways
        }
        Os::Macos | Os::Bsd => vec![root(
            on,
            os,
            fix!("remedy-delete-route" ["row" = &row], Low,
                format!("sudo route -n delete -net {destination}"),
                undo: match (via, adapter) {
                    (Some(via), _) => format!("sudo route -n add -net {destination} {via}"),
                    (None, Some(name)) => {
                        format!("sudo route -n add -net {destination} -interface {}", sh(name))
                    }
                    (None, None) => String::new(),
                },
                verify: format!("route -n get {}", destination.network())),
        )],
        _ => {
            // The row is built of parsed values; only an adapter's name comes from outside.
            let words: Vec<String> = row.split_whitespace().map(sh).collect();
            let row = words.join(" ");
            vec![root(
                on,
                os,
                fix!("remedy-delete-route" ["row" = &row], Low,
                    format!("sudo ip route del {row}"),
                    undo: format!("sudo ip route add {row}"),
                    verify: format!("ip route get {}", destination.network())),
            )]
        }
    }
}

/// Puts the route to an adapter's own segment back.
pub fn restore_on_link(os: Os, segment: IpNet, adapter: &str, source: Option<IpAddr>) -> Vec<Remedy> {
    match os {
        Os::Windows | Os::Macos | Os::Bsd => route_to_segment(os, segment, adapter, source),
        _ => {
            let from = source.map(|source| format!(" src {source}")).unwrap_or_default();
            vec![root(
                Where::Host,
                os,
                Lines {
                    title: "remedy-route-title",
                    effect: Message::new("remedy-route-effect")
                        .with("segment", segment)
                        .with("adapter", adapter),
                    risk: Risk::Low,
                    command: format!(
                        "sudo ip route add {segment} dev {} proto kernel scope link{from}",
                        sh(adapter)
                    ),
                    undo: format!("sudo ip route del {segment} dev {}", sh(adapter)),
                    verify: format!("ip route get {}", segment.network()),
                },
            )]
        }
    }
}

/// Makes the machine forward packets between its adapters.
pub fn enable_forwarding(on: Where, os: Os, adapter: &str) -> Vec<Remedy> {
    let effect = || Message::new("remedy-forwarding-effect");
    let title = "remedy-forwarding-title";
    match os {
        Os::Windows => vec![build(
            on,
            os,
            Shell::Powershell,
            true,
            Lines {
                title,
                effect: effect(),
                risk: Risk::Medium,
                command: format!(
                    "Set-NetIPInterface -InterfaceAlias {} -Forwarding Enabled",
                    ps(adapter)
                ),
                undo: format!(
                    "Set-NetIPInterface -InterfaceAlias {} -Forwarding Disabled",
                    ps(adapter)
                ),
                verify: "Get-NetIPInterface -AddressFamily IPv4 | Format-Table InterfaceAlias,Forwarding"
                    .to_owned(),
            },
        )],
        Os::Macos | Os::Bsd => vec![root(
            on,
            os,
            Lines {
                title,
                effect: effect(),
                risk: Risk::Medium,
                command: "sudo sysctl -w net.inet.ip.forwarding=1".to_owned(),
                undo: "sudo sysctl -w net.inet.ip.forwarding=0".to_owned(),
                verify: "sysctl net.inet.ip.forwarding".to_owned(),
            },
        )],
        _ => vec![kernel_switch(
            on,
            title,
            effect(),
            Risk::Medium,
            "net.ipv4.ip_forward",
            "1",
            "0",
        )],
    }
}

/// Sets a kernel switch of Linux.
pub fn kernel_switch(
    on: Where,
    title: &'static str,
    effect: Message,
    risk: Risk,
    name: &str,
    new: &str,
    old: &str,
) -> Remedy {
    root(
        on,
        Os::Linux,
        Lines {
            title,
            effect,
            risk,
            command: format!("sudo sysctl -w {}={}", sh(name), sh(new)),
            undo: format!("sudo sysctl -w {}={}", sh(name), sh(old)),
            verify: format!("sysctl {}", sh(name)),
        },
    )
}

/// Starts a service, at boot too on Windows where it is meant to run always.
pub fn start_service(os: Os, name: &str) -> Vec<Remedy> {
    let on = Where::Host;
    match os {
        Os::Windows => vec![
            build(
                on,
                os,
                Shell::Powershell,
                true,
                fix!("remedy-start-service" ["service" = name], Low,
                    format!(
                        "Set-Service -Name {0} -StartupType Automatic; Start-Service -Name {0}",
                        ps(name)
                    ),
                    undo: format!("Stop-Service -Name {}", ps(name)),
                    verify: format!("Get-Service -Name {}", ps(name))),
            ),
            build(
                on,
                os,
                Shell::Cmd,
                true,
                fix!("remedy-start-service" ["service" = name], Low,
                    format!("sc config {0} start= auto & net start {0}", prompt(name)),
                    undo: format!("net stop {}", prompt(name)),
                    verify: format!("sc query {}", prompt(name))),
            ),
        ],
        _ => vec![root(
            on,
            os,
            fix!("remedy-start-service" ["service" = name], Low,
                format!("sudo systemctl enable --now {}", sh(name)),
                undo: format!("sudo systemctl disable --now {}", sh(name)),
                verify: format!("systemctl is-active {}", sh(name))),
        )],
    }
}

/// Plugs a machine's cable back into its bridge (Linux).
pub fn attach_port(port: &str, bridge: &str) -> Remedy {
    root(
        Where::Host,
        Os::Linux,
        Lines {
            title: "remedy-attach-port-title",
            effect: Message::new("remedy-attach-port-effect")
                .with("port", port)
                .with("bridge", bridge),
            risk: Risk::None,
            command: format!("sudo ip link set dev {} master {}", sh(port), sh(bridge)),
            undo: format!("sudo ip link set dev {} nomaster", sh(port)),
            verify: format!("ip -br link show master {}", sh(bridge)),
        },
    )
}

/// Gives the host an adapter of its own beside a macvtap guest, for the two cannot see each other (Linux).
pub fn add_macvlan(lower: &str, own: IpAddr, guest: IpAddr) -> Remedy {
    root(
        Where::Host,
        Os::Linux,
        Lines {
            title: "remedy-macvlan-title",
            effect: Message::new("remedy-macvlan-effect")
                .with("adapter", lower)
                .with("address", guest),
            risk: Risk::Low,
            command: format!(
                "sudo ip link add mvhost0 link {} type macvlan mode bridge && sudo ip addr add {own}/32 dev mvhost0 && sudo ip link set mvhost0 up && sudo ip route add {guest}/32 dev mvhost0",
                sh(lower)
            ),
            undo: "sudo ip link del mvhost0".to_owned(),
            verify: format!("ping -c 3 {guest}"),
        },
    )
}

/// The policy rule that brings a segment back to the main table, where policy rules send it to another one and the
/// main table would be right (Linux).
pub fn rule_to_main_if_needed(
    host: &crate::model::System,
    segment: IpNet,
    guest: Option<IpAddr>,
) -> Option<Remedy> {
    use crate::model::{LookUp, PolicyAction, TABLE_MAIN};
    let guest = guest?;
    let table = match host.look_up(guest, None) {
        LookUp::Row(row) => row.table.filter(|table| *table != TABLE_MAIN)?,
        _ => return None,
    };
    // Before the rule that leads there, wherever it stands.
    let first = host
        .rules
        .rows()
        .iter()
        .filter(|rule| rule.action == PolicyAction::Table(table))
        .map(|rule| rule.priority)
        .min();
    Some(rule_to_main(
        segment,
        first.map_or(90, |first| first.saturating_sub(1).clamp(1, 90)),
    ))
}

/// Lets a segment be looked up in the main table before a policy rule that throws its packets away (Linux).
pub fn rule_before(on: Where, priority: u32, segment: IpNet) -> Remedy {
    let preference = priority.saturating_sub(1).max(1);
    root(
        on,
        Os::Linux,
        Lines {
            title: "remedy-rule-title",
            effect: Message::new("remedy-rule-effect").with("segment", segment),
            risk: Risk::Medium,
            command: format!("sudo ip rule add to {segment} lookup main pref {preference}"),
            undo: format!("sudo ip rule del to {segment} lookup main pref {preference}"),
            verify: format!("ip route get {}", segment.network()),
        },
    )
}

/// Sets the largest packet of an adapter; 1500 bytes is what Ethernet starts with.
pub fn set_mtu(on: Where, os: Os, adapter: &str, mtu: u32, old: Option<u32>) -> Vec<Remedy> {
    let old = old.unwrap_or(1500);
    let lines = |command: String, undo: String, verify: String| Lines {
        title: "remedy-mtu-title",
        effect: Message::new("remedy-mtu-effect")
            .with("adapter", adapter)
            .with("mtu", mtu),
        risk: Risk::Low,
        command,
        undo,
        verify,
    };
    match os {
        Os::Windows => {
            let line = |mtu: u32| {
                format!(
                    "netsh interface ipv4 set subinterface {} mtu={mtu} store=persistent",
                    prompt(adapter)
                )
            };
            let show = "netsh interface ipv4 show subinterfaces".to_owned();
            vec![build(on, os, Shell::Cmd, true, lines(line(mtu), line(old), show))]
        }
        Os::Macos | Os::Bsd => {
            let line = |mtu: u32| format!("sudo ifconfig {} mtu {mtu}", sh(adapter));
            vec![root(
                on,
                os,
                lines(line(mtu), line(old), format!("ifconfig {}", sh(adapter))),
            )]
        }
        _ => {
            let line = |mtu: u32| format!("sudo ip link set dev {} mtu {mtu}", sh(adapter));
            vec![root(
                on,
                os,
                lines(line(mtu), line(old), format!("ip link show dev {}", sh(adapter))),
            )]
        }
    }
}
