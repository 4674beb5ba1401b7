//! Fixes in packet filters: always the narrowest rule, tagged so that it can be found and removed.

use std::net::IpAddr;

use ipnet::IpNet;

use super::{Lines, Remedy, Risk, Shell, Where, build, ps, root, sh};
use crate::model::{FilterBackend, FilterFamily, FilterManager, Message, Os};

/// The name that every rule of ours carries.
pub const TAG: &str = "vmnet-doctor";

/// What is to be let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Let {
    /// Echo requests.
    Echo,
    /// Connections to this TCP port.
    Port(u16),
    /// Answers to connections that were made from here.
    Answers,
}

/// The chain that stops the traffic, as far as it is known.
#[derive(Clone, Debug)]
pub struct Chain {
    /// Which tool's rules it holds.
    pub backend: FilterBackend,
    /// Which packets it sees.
    pub family: FilterFamily,
    /// Its table.
    pub table: String,
    /// Its name.
    pub name: String,
}

pub(super) fn nft_family(family: FilterFamily) -> &'static str {
    match family {
        FilterFamily::Ip => "ip",
        FilterFamily::Ip6 => "ip6",
        FilterFamily::Bridge => "bridge",
        FilterFamily::Arp => "arp",
        FilterFamily::Inet | FilterFamily::Other => "inet",
    }
}

/// Lets traffic from `segment` into a machine. `adapter` narrows it further, where it is known; `chain` is where
/// the traffic is stopped now, and `managers` are the programs that would overwrite a rule beside their own.
pub fn let_in(
    on: Where,
    os: Os,
    what: Let,
    segment: IpNet,
    adapter: Option<&str>,
    chain: Option<&Chain>,
    managers: &[FilterManager],
) -> Vec<Remedy> {
    match os {
        Os::Windows => windows(on, what, segment),
        Os::Macos | Os::Bsd => mac(on, os, what, segment, adapter),
        _ => linux(on, what, segment, adapter, chain, managers),
    }
}

fn title(what: Let) -> &'static str {
    match what {
        Let::Echo => "remedy-allow-echo-title",
        Let::Port(_) => "remedy-allow-port-title",
        Let::Answers => "remedy-allow-answers-title",
    }
}

fn effect(what: Let, segment: IpNet) -> Message {
    let message = match what {
        Let::Echo => Message::new("remedy-allow-echo-effect"),
        Let::Port(port) => Message::new("remedy-allow-port-effect").with("port", port),
        Let::Answers => Message::new("remedy-allow-answers-effect"),
    };
    message.with("segment", segment)
}

fn windows(on: Where, what: Let, segment: IpNet) -> Vec<Remedy> {
    let (name, powershell, netsh) = match what {
        Let::Port(port) => (
            format!("{TAG}-tcp-{port}"),
            format!("-Protocol TCP -LocalPort {port}"),
            format!("protocol=TCP localport={port}"),
        ),
        Let::Echo | Let::Answers => (
            format!("{TAG}-icmp4-in"),
            "-Protocol ICMPv4 -IcmpType 8".to_owned(),
            "protocol=icmpv4:8,any".to_owned(),
        ),
    };
    vec![
        build(
            on,
            Os::Windows,
            Shell::Powershell,
            true,
            Lines {
                title: title(what),
                effect: effect(what, segment),
                risk: Risk::Low,
                command: format!(
                    "New-NetFirewallRule -Name {0} -DisplayName {0} -Direction Inbound {powershell} -RemoteAddress {segment} -Action Allow -Profile Any",
                    ps(&name)
                ),
                undo: format!("Remove-NetFirewallRule -Name {}", ps(&name)),
                verify: format!(
                    "Get-NetFirewallRule -Name {} | Format-List Name,Enabled,Action",
                    ps(&name)
                ),
            },
        ),
        build(
            on,
            Os::Windows,
            Shell::Cmd,
            true,
            Lines {
                title: title(what),
                effect: effect(what, segment),
                risk: Risk::Low,
                command: format!(
                    "netsh advfirewall firewall add rule name=\"{name}\" dir=in action=allow {netsh} remoteip={segment} profile=any"
                ),
                undo: format!("netsh advfirewall firewall delete rule name=\"{name}\""),
                verify: format!("netsh advfirewall firewall show rule name=\"{name}\""),
            },
        ),
    ]
}

fn mac(on: Where, os: Os, what: Let, segment: IpNet, adapter: Option<&str>) -> Vec<Remedy> {
    if os == Os::Macos && what == Let::Echo {
        return vec![root(
            on,
            os,
            Lines {
                title: title(what),
                effect: Message::new("remedy-stealth-off-effect"),
                risk: Risk::Medium,
                command: "sudo /usr/libexec/ApplicationFirewall/socketfilterfw --setstealthmode off"
                    .to_owned(),
                undo: "sudo /usr/libexec/ApplicationFirewall/socketfilterfw --setstealthmode on".to_owned(),
                verify: "/usr/libexec/ApplicationFirewall/socketfilterfw --getstealthmode".to_owned(),
            },
        )];
    }
    let place = adapter.map(|name| format!(" on {name}")).unwrap_or_default();
    let rule = match what {
        Let::Port(port) => format!("pass in quick{place} proto tcp from {segment} to any port {port}"),
        Let::Echo => format!("pass in quick{place} inet proto icmp from {segment} icmp-type echoreq"),
        Let::Answers => format!("pass in quick{place} from {segment} no state"),
    };
    vec![root(
        on,
        os,
        Lines {
            title: title(what),
            effect: effect(what, segment),
            risk: Risk::Low,
            command: format!("echo {} | sudo pfctl -a com.apple/{TAG} -f -", sh(&rule)),
            undo: format!("sudo pfctl -a com.apple/{TAG} -F rules"),
            verify: format!("sudo pfctl -a com.apple/{TAG} -s rules"),
        },
    )]
}

fn linux(
    on: Where,
    what: Let,
    segment: IpNet,
    adapter: Option<&str>,
    chain: Option<&Chain>,
    managers: &[FilterManager],
) -> Vec<Remedy> {
    let mut ways = Vec::new();
    if managers.contains(&FilterManager::Firewalld) {
        ways.extend(firewalld(on, what, segment, adapter));
    }
    if managers.contains(&FilterManager::Ufw)
        && let Let::Port(port) = what
    {
        let place = adapter
            .map(|name| format!("in on {} ", sh(name)))
            .unwrap_or_default();
        let rule = format!("allow {place}from {segment} to any port {port} proto tcp");
        ways.push(root(
            on,
            Os::Linux,
            Lines {
                title: title(what),
                effect: effect(what, segment),
                risk: Risk::Low,
                command: format!("sudo ufw {rule} comment '{TAG}'"),
                undo: format!("sudo ufw delete {rule}"),
                verify: "sudo ufw status numbered".to_owned(),
            },
        ));
    }
    match chain {
        Some(chain) if chain.backend == FilterBackend::Nft => {
            ways.push(nft(on, what, segment, adapter, chain))
        }
        Some(chain) => ways.push(iptables(on, what, segment, adapter, chain.backend, &chain.name)),
        None if ways.is_empty() => {
            ways.push(every_chain(on, what, segment, adapter));
            ways.push(iptables(
                on,
                what,
                segment,
                adapter,
                FilterBackend::Iptables,
                "INPUT",
            ));
        }
        None => {}
    }
    ways
}

/// Where nobody knows which chain stops it: what one chain accepts, the next may still drop, so that the rule goes to
/// the beginning of each chain that packets for the machine itself pass. `iptables` of today keeps its chains there,
/// too.
fn every_chain(on: Where, what: Let, segment: IpNet, adapter: Option<&str>) -> Remedy {
    let rule = nft_rule(what, segment, adapter);
    let family = if segment.addr().is_ipv4() { "ip" } else { "ip6" };
    let chains = format!(
        "sudo nft list chains | awk '/^table/ {{f=$2; t=$3}} $1==\"chain\" {{c=$2}} /type filter hook input/ && (f==\"inet\" || f==\"{family}\") {{print f, t, c}}' | while read -r f t c; do"
    );
    let place = "\"$f\" \"$t\" \"$c\"";
    // A kernel that ignores echo looks the same from outside.
    let (first, back) = if what == Let::Echo && family == "ip" {
        const SWITCH: &str = "net.ipv4.icmp_echo_ignore_all";
        const KEPT: &str = "/run/vmnet-doctor.echo";
        (
            format!("sysctl -n {SWITCH} | sudo tee {KEPT} && sudo sysctl -w {SWITCH}=0; "),
            format!("sudo sysctl -w {SWITCH}=\"$(cat {KEPT})\"; "),
        )
    } else {
        (String::new(), String::new())
    };
    root(
        on,
        Os::Linux,
        Lines {
            title: match what {
                Let::Echo => "remedy-allow-echo-every-title",
                Let::Port(_) => "remedy-allow-port-every-title",
                Let::Answers => "remedy-allow-answers-every-title",
            },
            effect: Message::new("remedy-allow-every-effect").with("segment", segment),
            risk: Risk::Low,
            command: format!("{first}{chains} sudo nft insert rule {place} {rule}; done"),
            undo: format!("{back}{chains} {}; done", nft_delete(place)),
            verify: "sudo nft -a list ruleset".to_owned(),
        },
    )
}

fn nft(on: Where, what: Let, segment: IpNet, adapter: Option<&str>, chain: &Chain) -> Remedy {
    let place = format!(
        "{} {} {}",
        nft_family(chain.family),
        sh(&chain.table),
        sh(&chain.name)
    );
    let rule = nft_rule(what, segment, adapter);
    root(
        on,
        Os::Linux,
        Lines {
            title: title(what),
            effect: effect(what, segment),
            risk: Risk::Low,
            command: format!("sudo nft insert rule {place} {rule}"),
            undo: nft_delete(&place),
            verify: format!("sudo nft -a list chain {place}"),
        },
    )
}

fn nft_rule(what: Let, segment: IpNet, adapter: Option<&str>) -> String {
    let address = if segment.addr().is_ipv4() { "ip" } else { "ip6" };
    // nft itself takes the name in double quotes; what it may hold is limited by the kernel to 15 bytes without
    // blanks and slashes, and the whole word is quoted for the shell.
    let came_in = adapter
        .map(|name| format!("iifname {} ", sh(&format!("\"{name}\""))))
        .unwrap_or_default();
    let matched = match what {
        Let::Echo if address == "ip" => "icmp type echo-request".to_owned(),
        Let::Echo => "icmpv6 type echo-request".to_owned(),
        Let::Port(port) => format!("tcp dport {port}"),
        Let::Answers => "ct state established,related".to_owned(),
    };
    format!("{came_in}{address} saddr {segment} {matched} counter accept comment '\"{TAG}\"'")
}

/// Deletes our rules of a chain by the handles that nft gives them.
pub(super) fn nft_delete(place: &str) -> String {
    format!(
        "for h in $(sudo nft -a list chain {place} | sed -n 's/.*comment \"{TAG}\".*# handle //p'); do sudo nft delete rule {place} handle \"$h\"; done"
    )
}

fn iptables(
    on: Where,
    what: Let,
    segment: IpNet,
    adapter: Option<&str>,
    backend: FilterBackend,
    chain: &str,
) -> Remedy {
    let v4 = segment.addr().is_ipv4();
    let tool = match (v4, backend) {
        (true, backend) => backend.iptables(),
        (false, FilterBackend::Legacy) => "ip6tables-legacy",
        (false, _) => "ip6tables",
    };
    let came_in = adapter
        .map(|name| format!("-i {} ", sh(name)))
        .unwrap_or_default();
    let matched = match what {
        Let::Echo if v4 => "-p icmp --icmp-type echo-request".to_owned(),
        Let::Echo => "-p ipv6-icmp --icmpv6-type echo-request".to_owned(),
        Let::Port(port) => format!("-p tcp --dport {port}"),
        Let::Answers => "-m conntrack --ctstate RELATED,ESTABLISHED".to_owned(),
    };
    let rule = format!("{came_in}-s {segment} {matched} -m comment --comment {TAG} -j ACCEPT");
    let chain = sh(chain);
    root(
        on,
        Os::Linux,
        Lines {
            title: title(what),
            effect: effect(what, segment),
            risk: Risk::Low,
            command: format!("sudo {tool} -I {chain} 1 {rule}"),
            undo: format!("sudo {tool} -D {chain} {rule}"),
            verify: format!("sudo {tool} -L {chain} -n -v --line-numbers"),
        },
    )
}

/// In the zone that the adapter is in: a rule of the default zone does nothing for the others.
fn firewalld(on: Where, what: Let, segment: IpNet, adapter: Option<&str>) -> Option<Remedy> {
    let family = if segment.addr().is_ipv4() { "ipv4" } else { "ipv6" };
    let matched = match what {
        Let::Echo => "icmp-type name=\"echo-request\"".to_owned(),
        Let::Port(port) => format!("port port=\"{port}\" protocol=\"tcp\""),
        Let::Answers => return None,
    };
    let rule = format!("rule family=\"{family}\" source address=\"{segment}\" {matched} accept");
    let zone = adapter.map_or_else(String::new, |adapter| {
        format!(
            " --zone=\"$(sudo firewall-cmd --get-zone-of-interface={} 2>/dev/null || sudo firewall-cmd --get-default-zone)\"",
            sh(adapter)
        )
    });
    Some(root(
        on,
        Os::Linux,
        Lines {
            title: title(what),
            effect: effect(what, segment),
            risk: Risk::Low,
            command: format!("sudo firewall-cmd --add-rich-rule={}{zone}", sh(&rule)),
            undo: format!("sudo firewall-cmd --remove-rich-rule={}{zone}", sh(&rule)),
            verify: format!("sudo firewall-cmd --list-rich-rules{zone}"),
        },
    ))
}

/// Lets guests of `adapter` out through Docker's own place for such rules.
pub fn docker_user(adapter: &str) -> Remedy {
    let name = sh(adapter);
    let out = format!("-i {name} -m comment --comment {TAG} -j ACCEPT");
    let back =
        format!("-o {name} -m conntrack --ctstate RELATED,ESTABLISHED -m comment --comment {TAG} -j ACCEPT");
    root(
        Where::Host,
        Os::Linux,
        Lines {
            title: "remedy-forward-title",
            effect: Message::new("remedy-forward-effect").with("adapter", adapter),
            risk: Risk::Medium,
            command: format!("sudo iptables -I DOCKER-USER 1 {out} && sudo iptables -I DOCKER-USER 2 {back}"),
            undo: format!("sudo iptables -D DOCKER-USER {out}; sudo iptables -D DOCKER-USER {back}"),
            verify: "sudo iptables -L DOCKER-USER -n -v".to_owned(),
        },
    )
}

/// Lets guests of `adapter` through the chain that stops them; `inward` is for what others start towards them.
pub fn let_through(
    adapter: &str,
    chain: &Chain,
    managers: &[FilterManager],
    uplink: Option<&str>,
    inward: bool,
) -> Vec<Remedy> {
    let effect = || {
        let key = if inward {
            "remedy-forward-in-effect"
        } else {
            "remedy-forward-effect"
        };
        Message::new(key).with("adapter", adapter)
    };
    // The side on which connections start.
    let (first, second) = if inward { ("o", "i") } else { ("i", "o") };
    let title = "remedy-forward-title";
    let mut ways = Vec::new();
    if let (true, Some(uplink)) = (managers.contains(&FilterManager::Ufw), uplink) {
        let (from, to) = if inward {
            (uplink, adapter)
        } else {
            (adapter, uplink)
        };
        let rule = format!("allow in on {} out on {}", sh(from), sh(to));
        ways.push(root(
            Where::Host,
            Os::Linux,
            Lines {
                title,
                effect: effect(),
                risk: Risk::Medium,
                command: format!("sudo ufw route {rule} comment '{TAG}'"),
                undo: format!("sudo ufw route delete {rule}"),
                verify: "sudo ufw status numbered".to_owned(),
            },
        ));
    }
    let name = sh(adapter);
    ways.push(match chain.backend {
        FilterBackend::Iptables | FilterBackend::Legacy => {
            let tool = chain.backend.iptables();
            let out = format!("-{first} {name} -m comment --comment {TAG} -j ACCEPT");
            let back =
                format!("-{second} {name} -m conntrack --ctstate RELATED,ESTABLISHED -m comment --comment {TAG} -j ACCEPT");
            let at = sh(&chain.name);
            root(Where::Host, Os::Linux, Lines {
                title,
                effect: effect(),
                risk: Risk::Medium,
                command: format!("sudo {tool} -I {at} 1 {out} && sudo {tool} -I {at} 2 {back}"),
                undo: format!("sudo {tool} -D {at} {out}; sudo {tool} -D {at} {back}"),
                verify: format!("sudo {tool} -L {at} -n -v"),
            })
        }
        FilterBackend::Nft => {
            let place = format!("{} {} {}", nft_family(chain.family), sh(&chain.table), sh(&chain.name));
            let quoted = sh(&format!("\"{adapter}\""));
            let comment = format!("comment '\"{TAG}\"'");
            root(Where::Host, Os::Linux, Lines {
                title,
                effect: effect(),
                risk: Risk::Medium,
                command: format!(
                    "sudo nft insert rule {place} {first}ifname {quoted} accept {comment} && sudo nft insert rule {place} {second}ifname {quoted} ct state established,related accept {comment}"
                ),
                undo: nft_delete(&place),
                verify: format!("sudo nft -a list chain {place}"),
            })
        }
    });
    ways
}

/// Lets this machine's own packets to `segment` out.
pub fn let_out(segment: IpNet, chain: Option<&Chain>) -> Remedy {
    let effect = Message::new("remedy-allow-out-effect").with("segment", segment);
    let title = "remedy-allow-out-title";
    match chain {
        Some(chain) if chain.backend == FilterBackend::Nft => {
            let place = format!(
                "{} {} {}",
                nft_family(chain.family),
                sh(&chain.table),
                sh(&chain.name)
            );
            let address = if segment.addr().is_ipv4() { "ip" } else { "ip6" };
            root(
                Where::Host,
                Os::Linux,
                Lines {
                    title,
                    effect,
                    risk: Risk::Low,
                    command: format!(
                        "sudo nft insert rule {place} {address} daddr {segment} accept comment '\"{TAG}\"'"
                    ),
                    undo: nft_delete(&place),
                    verify: format!("sudo nft -a list chain {place}"),
                },
            )
        }
        _ => {
            let rule = format!("-d {segment} -m comment --comment {TAG} -j ACCEPT");
            let chain = sh(chain.map_or("OUTPUT", |chain| chain.name.as_str()));
            root(
                Where::Host,
                Os::Linux,
                Lines {
                    title,
                    effect,
                    risk: Risk::Low,
                    command: format!("sudo iptables -I {chain} 1 {rule}"),
                    undo: format!("sudo iptables -D {chain} {rule}"),
                    verify: format!("sudo iptables -L {chain} -n -v"),
                },
            )
        }
    }
}

/// Forwards a port of a Windows host to a guest, whatever the product.
pub fn portproxy(host_port: u16, guest: IpAddr, guest_port: u16) -> Remedy {
    let listen = format!("listenaddress=0.0.0.0 listenport={host_port}");
    build(
        Where::Host,
        Os::Windows,
        Shell::Cmd,
        true,
        Lines {
            title: "remedy-port-forward-title",
            effect: Message::new("remedy-port-forward-effect")
                .with("host_port", host_port)
                .with("port", guest_port),
            risk: Risk::Medium,
            command: format!(
                "netsh interface portproxy add v4tov4 {listen} connectaddress={guest} connectport={guest_port}"
            ),
            undo: format!("netsh interface portproxy delete v4tov4 {listen}"),
            verify: "netsh interface portproxy show v4tov4".to_owned(),
        },
    )
}
