//! A port that is handed on to where nobody else can reach.

use std::net::IpAddr;

use super::fix::Ways;
use super::{Remedy, Risk, Where, sh};
use crate::model::{Message, Os};

/// The anchor of macOS's packet filter that its own ruleset asks, too; nothing of the system stands under our name.
pub(super) const PF: &str = "sudo pfctl -a com.apple/vmnet-doctor";

/// The host's port that leads to the guest's: the same, or one beside it where the host needs its own.
fn port_on_host(port: u16) -> u16 {
    match port {
        0..1024 => 8000 + port,
        port => port,
    }
}

/// A name that may stand in a rule of pf, whose words no shell's quotes hold together.
fn in_pf(adapter: &str) -> String {
    adapter.chars().filter(char::is_ascii_alphanumeric).collect()
}

/// Lets machines of the LAN reach a port of a guest that only the host can reach.
pub fn relay_to_guest(os: Os, adapter: &str, guest: IpAddr, port: u16) -> Vec<Remedy> {
    let own = port_on_host(port);
    let effect = Message::new("remedy-relay-effect")
        .with("host_port", own)
        .with("port", port)
        .with("address", guest);
    let fix = Ways::new(Where::Host, os, "remedy-relay-title", effect, Risk::Medium);
    match os {
        Os::Windows => {
            let listen = format!("listenaddress=0.0.0.0 listenport={own}");
            let rule = format!("name=\"vmnet-doctor {own}\"");
            fix.cmd(
                format!(
                    "netsh interface portproxy add v4tov4 {listen} connectaddress={guest} connectport={port} & netsh advfirewall firewall add rule {rule} dir=in action=allow protocol=TCP localport={own} remoteip=localsubnet"
                ),
                format!(
                    "netsh interface portproxy delete v4tov4 {listen} & netsh advfirewall firewall delete rule {rule}"
                ),
                "netsh interface portproxy show v4tov4",
            )
        }
        Os::Macos => {
            let adapter = in_pf(adapter);
            let to = format!("proto tcp to {guest} port {port}");
            let rules = sh(&format!(
                "nat on {adapter} inet {to} -> ({adapter})\nrdr pass inet proto tcp to any port {own} -> {guest} port {port}\n"
            ));
            fix.sh(
                format!("sudo sysctl -w net.inet.ip.forwarding=1 && printf '%s' {rules} | {PF} -Ef -"),
                format!("{PF} -F all; sudo sysctl -w net.inet.ip.forwarding=0"),
                format!("{PF} -s nat"),
            )
        }
        _ => {
            // It runs until it is ended, and needs no rights above the well-known ports.
            let unit = format!("vmnet-doctor-relay-{own}");
            fix.sh(
                format!(
                    "sudo systemd-run --unit={unit} socat TCP-LISTEN:{own},fork,reuseaddr TCP:{}",
                    socket(guest, port)
                ),
                format!("sudo systemctl stop {unit}"),
                format!("ss -ltn 'sport = :{own}'"),
            )
        }
    }
    .ways()
}

/// Lets others reach a service that listens to its own machine alone.
pub fn relay_to_loopback(os: Os, adapter: &str, own: IpAddr, port: u16) -> Vec<Remedy> {
    let effect = Message::new("remedy-relay-loopback-effect")
        .with("address", own)
        .with("port", port);
    let fix = Ways::new(
        Where::Guest,
        os,
        "remedy-relay-loopback-title",
        effect,
        Risk::Medium,
    );
    match os {
        Os::Windows => {
            let listen = format!("listenaddress={own} listenport={port}");
            fix.cmd(
                format!(
                    "netsh interface portproxy add v4tov4 {listen} connectaddress=127.0.0.1 connectport={port}"
                ),
                format!("netsh interface portproxy delete v4tov4 {listen}"),
                "netsh interface portproxy show v4tov4",
            )
        }
        Os::Macos => {
            let adapter = in_pf(adapter);
            let rule = sh(&format!(
                "rdr pass on {adapter} inet proto tcp to any port {port} -> 127.0.0.1 port {port}\n"
            ));
            fix.sh(
                format!("printf '%s' {rule} | {PF} -Ef -"),
                format!("{PF} -F all"),
                format!("{PF} -s nat"),
            )
        }
        Os::Bsd => fix.sh(
            format!(
                "sudo daemon -f -p /var/run/vmnet-doctor-relay.pid socat TCP-LISTEN:{port},bind={own},fork,reuseaddr TCP:127.0.0.1:{port}"
            ),
            "sudo pkill -F /var/run/vmnet-doctor-relay.pid",
            "sockstat -l -4",
        ),
        _ => {
            // A table of its own goes away whole. The kernel routes to its own machine's addresses from outside only
            // where it is told to (`route_localnet` in its ip-sysctl.rst).
            let table = format!("ip vmnet_doctor_{port}");
            let switch = |on: u8| sh(&format!("net/ipv4/conf/{adapter}/route_localnet={on}"));
            let chain = sh(&format!(
                "add chain {table} relay {{ type nat hook prerouting priority dstnat; }}"
            ));
            fix.sh(
                format!(
                    "sudo sysctl -w {} && sudo nft add table {table} && sudo nft {chain} && sudo nft add rule {table} relay ip daddr {own} tcp dport {port} dnat to 127.0.0.1:{port}",
                    switch(1)
                ),
                format!("sudo nft delete table {table}; sudo sysctl -w {}", switch(0)),
                format!("sudo nft list table {table}"),
            )
        }
    }
    .ways()
}

/// `192.168.56.10:22`, `[fd00::1]:22`.
fn socket(address: IpAddr, port: u16) -> String {
    std::net::SocketAddr::new(address, port).to_string()
}
