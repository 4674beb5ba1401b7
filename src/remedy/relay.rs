//! A port that is handed on to where nobody else can reach.

use std::net::Ipv4Addr;

use super::fix::Ways;
use super::quote::bare;
use super::{Remedy, Risk, Where, sh};
use crate::model::{Message, Os};

/// The tool of macOS's packet filter, for an anchor that its own ruleset asks, too. Each fix has one of its own, so that
/// none replaces or takes back another's rules; nothing of the system stands under our name.
pub(super) fn pf(fix: &str) -> String {
    format!("sudo pfctl -a com.apple/vmnet-doctor-{fix}")
}

/// Hands pf its rules, one a line.
pub(super) fn rules(lines: &[String]) -> String {
    let lines: Vec<String> = lines.iter().map(|line| sh(line)).collect();
    format!("printf '%s\\n' {}", lines.join(" "))
}

/// The host's port that leads to the guest's: the same, or one beside it where the host needs its own.
fn port_on_host(port: u16) -> u16 {
    match port {
        0..1024 => 8000 + port,
        port => port,
    }
}

/// Lets machines of the LAN reach a port of a guest that only the host can reach.
///
/// `was_off` says that a Mac is known not to forward packets without it.
pub fn relay_to_guest(os: Os, adapter: &str, guest: Ipv4Addr, port: u16, was_off: bool) -> Vec<Remedy> {
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
            let (pf, adapter) = (pf("relay"), bare(adapter));
            let rules = rules(&[
                format!("nat on {adapter} inet proto tcp to {guest} port {port} -> ({adapter})"),
                format!("rdr pass inet proto tcp to self port {own} -> {guest} port {port}"),
            ]);
            // Others may need the switch that was on before.
            let switch_back = match was_off {
                true => "; sudo sysctl -w net.inet.ip.forwarding=0",
                false => "",
            };
            fix.sh(
                format!("sudo sysctl -w net.inet.ip.forwarding=1 && {rules} | {pf} -Ef -"),
                format!("{pf} -F all{switch_back}"),
                format!("{pf} -s nat"),
            )
        }
        Os::Linux => {
            // It runs until it is ended, with no rights at all. systemd brings the relay along, which takes the port over
            // from it (systemd-socket-proxyd(8)).
            let unit = format!("vmnet-doctor-relay-{own}");
            fix.sh(
                format!(
                    "sudo systemd-run --unit={unit} --socket-property=ListenStream=0.0.0.0:{own} -p DynamicUser=yes /lib/systemd/systemd-socket-proxyd {guest}:{port}"
                ),
                format!("sudo systemctl stop {unit}.socket {unit}.service"),
                format!("ss -ltn 'sport = :{own}'"),
            )
        }
        Os::Bsd | Os::Other => fix,
    }
    .ways()
}

/// Lets others reach a service that listens to its own machine alone.
pub fn relay_to_loopback(os: Os, adapter: &str, own: Ipv4Addr, port: u16) -> Vec<Remedy> {
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
            let (pf, adapter) = (pf("loopback"), bare(adapter));
            let rules = rules(&[format!(
                "rdr pass on {adapter} inet proto tcp to {own} port {port} -> 127.0.0.1 port {port}"
            )]);
            fix.sh(
                format!("{rules} | {pf} -Ef -"),
                format!("{pf} -F all"),
                format!("{pf} -s nat"),
            )
        }
        Os::Bsd => fix.sh(
            format!(
                "sudo daemon -f -p /var/run/vmnet-doctor-relay.pid socat TCP-LISTEN:{port},bind={own},fork,reuseaddr TCP:127.0.0.1:{port}"
            ),
            "sudo pkill -F /var/run/vmnet-doctor-relay.pid",
            "sockstat -l -4",
        ),
        Os::Linux | Os::Other => {
            // A table of its own goes away whole. The kernel routes to its own machine's addresses from outside only
            // where it is told to (`route_localnet` in its ip-sysctl.rst); then every neighbor could ask for them, and
            // reach what listens to its own machine alone (CVE-2020-8558), were it not for the guard.
            let table = format!("ip vmnet_doctor_{port}");
            let switch = format!("net/ipv4/conf/{adapter}/route_localnet");
            let (name, on) = (sh(&switch), sh(&format!("{switch}=1")));
            let before = sh(&format!("{switch}="));
            // What stood there before the first of several relays is what comes back after the last.
            let kept = "/run/vmnet-doctor.localnet";
            let chain = sh(&format!(
                "add chain {table} relay {{ type nat hook prerouting priority dstnat; }}"
            ));
            let guard = sh(&format!(
                "add chain {table} guard {{ type filter hook prerouting priority raw; }}"
            ));
            let guarded = sh(&format!(
                "add rule {table} guard iifname != \"lo\" ip daddr 127.0.0.0/8 drop"
            ));
            fix.sh(
                format!(
                    "sudo nft add table {table} && sudo nft {guard} && sudo nft {guarded} && {{ [ -e {kept} ] || sysctl -n {name} | sudo tee {kept}; }} && sudo sysctl -w {on} && sudo nft {chain} && sudo nft add rule {table} relay ip daddr {own} tcp dport {port} dnat to 127.0.0.1:{port}"
                ),
                format!(
                    "sudo nft delete table {table}; sudo nft list tables | grep -q vmnet_doctor_ || {{ sudo sysctl -w {before}\"$(cat {kept})\"; sudo rm {kept}; }}"
                ),
                format!("sudo nft list table {table}"),
            )
        }
    }
    .ways()
}
