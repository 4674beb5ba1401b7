//! What may be asked, as data: how to ask it, what it costs, and which causes it would tell from which.

use super::super::{Link, Next, NextKind, Situation, Station};
use super::{HYPERVISOR_OPTION, guest_script};
use crate::model::{EchoErrorKind, Endpoint, HypervisorId, Message, Os, Place, PowerState, TcpOutcome};
use crate::remedy::{Where, quote};

/// Causes that an answer tells from all others.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    /// All causes at these stations.
    pub stations: &'static [Station],
    /// These causes besides.
    pub ids: &'static [&'static str],
    /// Whether the answer also tells them from each other.
    pub apart: bool,
}

/// Something that may be asked.
#[derive(Clone, Copy, Debug)]
pub struct Candidate {
    /// Key of its text.
    pub text: &'static str,
    /// How it is asked.
    pub way: Way,
    /// What it costs a person, in seconds: to read, to walk over to the other machine, to type.
    pub cost: u64,
    /// What it tells.
    pub groups: &'static [Group],
    /// Whether it is not known yet and can be asked here.
    pub open: fn(&Situation<'_>) -> bool,
}

/// How something is asked.
#[derive(Clone, Copy, Debug)]
pub enum Way {
    /// As a question, which this option answers on the command line.
    Question(&'static str),
    /// By this command on the host, whose output is pasted.
    Command(fn(&Situation<'_>) -> Option<String>),
    /// By this command on the machine that should answer, whose output is pasted.
    GuestCommand(fn(&Situation<'_>) -> String),
    /// By the script for the guest.
    GuestScript,
    /// By the script for the remote hypervisor.
    HypervisorScript,
}

impl Candidate {
    /// The question, ready to be shown.
    pub fn ask(&self, s: &Situation<'_>) -> Next {
        let text = Message::new(self.text).with("vm", s.machine_name());
        match self.way {
            Way::Question(option) => Next {
                kind: NextKind::Question,
                text,
                command: None,
                on: None,
                option: Some(option),
                through: None,
            },
            Way::Command(command) => Next {
                kind: NextKind::Command,
                text,
                command: command(s),
                on: Some(Where::Host),
                option: None,
                through: None,
            },
            Way::GuestCommand(command) => {
                let second = s.to == Endpoint::Guest2;
                Next {
                    kind: NextKind::Paste,
                    text,
                    command: Some(command(s)),
                    on: Some(if second { Where::Guest2 } else { Where::Guest }),
                    option: Some(if second {
                        "--guest2-output"
                    } else {
                        "--guest-output"
                    }),
                    through: None,
                }
            }
            Way::GuestScript => guest_script(s),
            Way::HypervisorScript => Next {
                kind: NextKind::Paste,
                text,
                command: hypervisor_script(s),
                on: Some(Where::Hypervisor),
                option: Some(HYPERVISOR_OPTION),
                through: None,
            },
        }
    }
}

const fn apart(stations: &'static [Station], ids: &'static [&'static str]) -> Group {
    Group {
        stations,
        ids,
        apart: true,
    }
}

const fn alike(stations: &'static [Station], ids: &'static [&'static str]) -> Group {
    Group {
        stations,
        ids,
        apart: false,
    }
}

/// Everything that may be asked; the earlier one is asked among equals.
pub const CANDIDATES: &[Candidate] = &[
    Candidate {
        text: "next-mode",
        way: Way::Question("--mode"),
        cost: 8,
        groups: &[alike(
            &[Station::VirtualNetwork, Station::NatEngine, Station::VmNic],
            &["bridged-wrong-nic", "bridged-wifi-unsupported"],
        )],
        open: |s| s.involves_guest() && !s.mode_is_certain && s.machine.is_none(),
    },
    Candidate {
        text: "next-port",
        way: Way::Question("--port"),
        cost: 8,
        groups: &[
            alike(
                &[],
                &[
                    "guest-firewall-blocks-icmp",
                    "usermode-nat-no-icmp",
                    "host-echo-ignored",
                ],
            ),
            alike(&[], &["guest-firewall-blocks-inbound", "guest-firewall-rejects"]),
            alike(&[], &["service-not-listening", "service-bound-to-loopback"]),
        ],
        open: |s| {
            let tried = s.guest_seen().is_some_and(|seen| !seen.tcp_all().is_empty());
            // No port answers where nobody answers for the address.
            let silent = s.guest_seen().is_some_and(|seen| seen.link() == Link::Silent);
            // Nor does a connection leave where this system refuses to send at all.
            let kept = s
                .guest_seen()
                .is_some_and(|seen| seen.echo_error(EchoErrorKind::NotPermitted).is_some());
            let from_here = s.start_place() == Some(Place::Host);
            s.case.intake.port.is_none() && from_here && !tried && !silent && !kept
        },
    },
    Candidate {
        text: "next-read-filter",
        way: Way::Command(filter_command),
        cost: 15,
        groups: &[apart(&[Station::HostFirewall, Station::Forwarding], &[])],
        open: filter_is_open,
    },
    Candidate {
        text: "next-read-routes",
        way: Way::Command(routes_command),
        cost: 15,
        groups: &[apart(
            &[Station::HostRoute],
            &[
                "subnet-overlap-vpn",
                "subnet-overlap-lan",
                "host-two-subnets-one-nic",
                "host-ip-not-on-bridge",
            ],
        )],
        open: |s| !s.host().routes.is_known() && routes_command(s).is_some(),
    },
    Candidate {
        text: "next-read-adapters",
        way: Way::Command(adapters_command),
        cost: 15,
        groups: &[apart(
            &[Station::HostAdapter],
            &[
                "subnet-overlap-lan",
                "subnet-overlap-virtual",
                "host-two-nics-same-subnet",
                "virtual-network-not-started",
            ],
        )],
        open: |s| !s.host().adapters.is_known() && adapters_command(s).is_some(),
    },
    Candidate {
        text: "next-machine-state",
        way: Way::Command(machine_command),
        cost: 15,
        groups: &[apart(&[Station::Hypervisor], &[]), apart(&[Station::VmNic], &[])],
        open: |s| {
            let known = s
                .machine
                .is_some_and(|machine| machine.state != PowerState::Unknown);
            s.involves_guest() && !known && machine_command(s).is_some()
        },
    },
    Candidate {
        text: "next-hypervisor-script",
        way: Way::HypervisorScript,
        cost: 40,
        groups: &[apart(
            &[Station::Hypervisor, Station::VirtualNetwork, Station::VmNic],
            &["bridged-wrong-nic", "stale-address"],
        )],
        open: |s| {
            let networks = s.product.is_some_and(|product| product.networks.is_known());
            s.involves_guest() && !networks && hypervisor_script(s).is_some()
        },
    },
    Candidate {
        text: "next-neighbor",
        way: Way::Command(neighbor_command),
        cost: 20,
        groups: &[
            alike(&[Station::GuestFirewall, Station::HostFirewall], &[]),
            alike(
                &[Station::VmNic, Station::Hypervisor, Station::GuestAddress],
                &["stale-address", "tap-detached-from-bridge", "duplicate-ip"],
            ),
        ],
        open: |s| {
            let unknown = s
                .guest_seen()
                .is_some_and(|seen| matches!(seen.link(), Link::Unknown | Link::Cached));
            s.from == Endpoint::Host && unknown && !neighbor_was_asked(s) && neighbor_command(s).is_some()
        },
    },
    Candidate {
        text: "next-listeners",
        way: Way::GuestCommand(listeners_command),
        cost: 40,
        groups: &[apart(
            &[],
            &[
                "service-not-listening",
                "service-bound-to-loopback",
                "guest-firewall-rejects",
                "access-list-refuses",
            ],
        )],
        open: |s| {
            let port = s.case.intake.port;
            let refused = s
                .asked_seen()
                .zip(port)
                .is_some_and(|(seen, port)| seen.tcp(port) == Some(TcpOutcome::Refused));
            let known =
                s.to.place()
                    .and_then(|place| s.case.system(place))
                    .is_some_and(|system| system.listeners.is_known());
            let by_guest = matches!(s.to, Endpoint::Guest | Endpoint::Guest2);
            by_guest && refused && !known
        },
    },
    Candidate {
        text: "next-guest-script",
        way: Way::GuestScript,
        cost: 60,
        groups: &[apart(
            &[
                Station::GuestAddress,
                Station::GuestRoute,
                Station::GuestFirewall,
                Station::Dns,
            ],
            &[
                "vm-not-running",
                "virtual-cable-disconnected",
                "stale-address",
                "duplicate-ip",
                "ipv6-only",
                "host-firewall-blocks-guest",
                "host-firewall-blocks-dhcp-dns",
                "host-echo-ignored",
                "no-dhcp-on-network",
                "dnsmasq-not-running",
                "hypervisor-dhcp-service-stopped",
                "mtu-mismatch",
            ],
        )],
        open: |s| {
            let guest = s.guest();
            let filter =
                guest.filter.is_known() || guest.firewall.is_known() || guest.mac_firewall.is_known();
            let whole = guest.adapters.is_known()
                && guest.routes.is_known()
                && (filter || guest.listeners.is_known());
            s.involves_guest() && !whole
        },
    },
];

fn filter_is_open(s: &Situation<'_>) -> bool {
    let host = s.host();
    match s.host_os {
        Os::Linux => host.filter.value().is_none_or(|rules| !rules.complete),
        Os::Windows => !host.firewall.is_known(),
        Os::Macos => !host.mac_firewall.is_known(),
        Os::Bsd | Os::Other => false,
    }
}

fn filter_command(s: &Situation<'_>) -> Option<String> {
    let line = match s.host_os {
        Os::Linux => "sudo nft list ruleset",
        Os::Windows => "netsh advfirewall show allprofiles",
        Os::Macos => "sudo pfctl -sr",
        Os::Bsd | Os::Other => return None,
    };
    Some(line.to_owned())
}

fn routes_command(s: &Situation<'_>) -> Option<String> {
    let line = match s.host_os {
        Os::Linux => "ip route; ip rule",
        Os::Windows => "route print",
        Os::Macos | Os::Bsd => "netstat -rn",
        Os::Other => return None,
    };
    Some(line.to_owned())
}

fn adapters_command(s: &Situation<'_>) -> Option<String> {
    let line = match s.host_os {
        Os::Linux => "ip addr",
        Os::Windows => "ipconfig /all",
        Os::Macos | Os::Bsd => "ifconfig",
        Os::Other => return None,
    };
    Some(line.to_owned())
}

/// Whether the answer is here already: the address was tried in vain, and the table holds no row for it. It will hold none
/// the next time either.
fn neighbor_was_asked(s: &Situation<'_>) -> bool {
    let Some(guest) = s.guest_ip else { return false };
    let table = &s.host().neighbors;
    s.guest_seen().is_some_and(|seen| seen.echo_is_silent())
        && table.is_known()
        && table.rows().iter().all(|entry| entry.address != guest)
}

/// What lists the ports on which the guest's services listen, and on which addresses.
fn listeners_command(s: &Situation<'_>) -> String {
    let own = s.to.place().and_then(|place| s.case.system(place)?.os);
    let line = match own.or_else(|| s.guest_os()) {
        Some(Os::Windows) => "netstat -ano -p TCP",
        Some(Os::Macos | Os::Bsd) => "netstat -an -p tcp",
        _ => "ss -ltn",
    };
    line.to_owned()
}

fn neighbor_command(s: &Situation<'_>) -> Option<String> {
    let guest = s.guest_ip?;
    Some(match s.host_os {
        Os::Linux => format!("ping -c 3 {guest}; ip neigh show {guest}"),
        Os::Windows => format!("ping {guest} & arp -a"),
        Os::Macos | Os::Bsd => format!("ping -c 3 {guest}; arp -an"),
        Os::Other => return None,
    })
}

/// What a remote hypervisor says of itself, which nothing here can read.
fn hypervisor_script(s: &Situation<'_>) -> Option<String> {
    crate::knowledge::hypervisor_script(s.hypervisor?)
}

/// The product's own list of its machines.
fn machine_command(s: &Situation<'_>) -> Option<String> {
    let shell = if s.host_os == Os::Windows {
        crate::remedy::Shell::Powershell
    } else {
        crate::remedy::Shell::Sh
    };
    let name = s
        .machine
        .map(|machine| machine.name.as_str())
        .or(s.case.intake.vm.as_deref());
    Some(match (s.hypervisor?, name) {
        (HypervisorId::Libvirt, _) => "virsh -c qemu:///system list --all".to_owned(),
        (HypervisorId::VirtualBox, Some(name)) => {
            quote::line(shell, ["VBoxManage", "showvminfo", name, "--machinereadable"])
        }
        (HypervisorId::VirtualBox, None) => "VBoxManage list runningvms".to_owned(),
        (HypervisorId::VmwareWorkstation | HypervisorId::VmwareFusion, _) => "vmrun list".to_owned(),
        (HypervisorId::HyperV, _) => "Get-VM".to_owned(),
        (HypervisorId::Parallels, _) => "prlctl list -a".to_owned(),
        (HypervisorId::Proxmox, _) => "qm list".to_owned(),
        (HypervisorId::Multipass, _) => "multipass list".to_owned(),
        _ => return None,
    })
}
