//! Taking a wrong port forward away, before the right one is made.

use std::fmt::Display;
use std::net::Ipv4Addr;

use super::{Lines, Product, Remedy, Risk, Shell, Where, ask, build, root, sh};
use crate::model::{FilterBackend, HypervisorId, Message, Os, PortForward, Protocol};

/// A rule of the packet filter, by its place and its own words.
#[derive(Clone, Debug)]
pub struct RulePlace {
    /// Whose rules these are.
    pub backend: FilterBackend,
    /// Its table.
    pub table: String,
    /// Its chain.
    pub chain: String,
    /// The rule in its tool's words.
    pub text: String,
}

impl Product<'_> {
    /// Removes a forward. `rule` is where it stands when the host's packet filter keeps it.
    pub fn remove_forward(&self, forward: &PortForward, rule: Option<&RulePlace>) -> Vec<Remedy> {
        let on = Where::Host;
        let port = forward.host_port;
        if let Some(rule) = rule {
            return vec![remove_rule(rule, port)];
        }
        match (self.id, self.os, forward.name.as_deref()) {
            (HypervisorId::VirtualBox, _, Some(name)) => {
                let (tool, vm, nic) = (self.vboxmanage(), self.handle(), self.nic.max(1));
                let verb = if self.runs { format!("controlvm {vm} natpf{nic}") } else { format!("modifyvm {vm} --natpf{nic}") };
                let rule = format!(
                    "{name},{},{},{port},{},{}",
                    if forward.protocol == Protocol::Udp { "udp" } else { "tcp" },
                    forward.host_address.map(|to| to.to_string()).unwrap_or_default(),
                    forward.guest_address.map(|to| to.to_string()).unwrap_or_default(),
                    forward.guest_port
                );
                vec![self.plain(false, fix!("remedy-remove-forward" ["port" = port], Low,
                    format!("{tool} {verb} delete {}", self.quote(name)),
                    undo: format!("{tool} {verb} {}", self.quote(&rule)),
                    verify: format!("{tool} showvminfo {vm} --machinereadable")))]
            }
            (HypervisorId::VmwareWorkstation, Os::Linux, _) => {
                let restart = "sudo vmware-networks --stop; sudo vmware-networks --start";
                vec![root(on, self.os, fix!("remedy-remove-forward" ["port" = port], Medium,
                    format!("sudo sed -i.vmnet-doctor '/^add_nat_portfwd 8 tcp {port} /d' /etc/vmware/networking; {restart}"),
                    undo: format!("sudo mv /etc/vmware/networking.vmnet-doctor /etc/vmware/networking; {restart}"),
                    verify: format!("ss -ltn 'sport = :{port}'")))]
            }
            (HypervisorId::HyperV, _, _) => vec![self.plain(true, fix!("remedy-remove-forward" ["port" = port], Medium,
                format!("Get-NetNatStaticMapping | Where-Object ExternalPort -eq {port} | Remove-NetNatStaticMapping -Confirm:$false"),
                undo: "",
                verify: "Get-NetNatStaticMapping"))],
            _ => vec![ask(on, Message::new("remedy-remove-forward-ask").with("port", port))],
        }
    }
}

/// Makes a port of a Linux machine that routes lead to another machine, and lets that through its packet filter.
pub(super) fn translate(on: Where, effect: Message, port: u16, to: impl Display, to_port: u16) -> Remedy {
    let dnat = format!(
        "PREROUTING -p tcp --dport {port} -m comment --comment vmnet-doctor -j DNAT --to-destination {to}:{to_port}"
    );
    let pass = format!("-d {to} -p tcp --dport {to_port} -m comment --comment vmnet-doctor -j ACCEPT");
    root(
        on,
        Os::Linux,
        Lines {
            title: "remedy-port-forward-title",
            effect,
            risk: Risk::Medium,
            command: format!("sudo iptables -t nat -A {dnat} && sudo iptables -I FORWARD 1 {pass}"),
            undo: format!("sudo iptables -t nat -D {dnat}; sudo iptables -D FORWARD {pass}"),
            verify: format!("sudo iptables -t nat -L PREROUTING -n | grep {port}"),
        },
    )
}

/// Makes a port of a virtual machine that routes lead to a machine behind it.
pub fn forward_on_router(port: u16, to: Ipv4Addr, to_port: u16) -> Remedy {
    let effect = Message::new("remedy-forward-into-effect")
        .with("port", port)
        .with("address", to);
    translate(Where::Guest, effect, port, to, to_port)
}

/// iptables takes a rule away by its own words; nft by a number that only a fresh listing shows.
fn remove_rule(rule: &RulePlace, port: u16) -> Remedy {
    let (on, os) = (Where::Host, Os::Linux);
    let words = rule
        .text
        .strip_prefix("-A ")
        .filter(|_| rule.backend == FilterBackend::Iptables);
    if let Some(words) = words {
        let words: Vec<String> = words.split_whitespace().take(64).map(sh).collect();
        let (table, words) = (sh(&rule.table), words.join(" "));
        return root(
            on,
            os,
            fix!("remedy-remove-forward" ["port" = port], Medium,
            format!("sudo iptables -t {table} -D {words}"),
            undo: format!("sudo iptables -t {table} -A {words}"),
            verify: format!("sudo iptables -t {table} -S")),
        );
    }
    root(
        on,
        os,
        fix!("remedy-find-forward" ["port" = port, "chain" = &rule.chain], None,
        format!("sudo nft -a list ruleset | grep -n 'dport {port}'"),
        undo: "",
        verify: "sudo nft list ruleset"),
    )
}

/// Points a forward of Windows' portproxy to the guest's present address.
pub fn repoint_portproxy(forward: &PortForward, guest: &str) -> Remedy {
    let listen = forward
        .host_address
        .map_or_else(|| "0.0.0.0".to_owned(), |address| address.to_string());
    let place = format!("listenaddress={listen} listenport={}", forward.host_port);
    let to = |address: &str| {
        format!(
            "netsh interface portproxy set v4tov4 {place} connectaddress={address} connectport={}",
            forward.guest_port
        )
    };
    let old = forward
        .guest_address
        .map_or_else(|| "OLD-ADDRESS".to_owned(), |old| old.to_string());
    build(
        Where::Host,
        Os::Windows,
        Shell::Cmd,
        true,
        fix!("remedy-portproxy" ["port" = forward.host_port, "address" = guest], Low,
        to(guest),
        undo: to(&old),
        verify: "netsh interface portproxy show v4tov4"),
    )
}
