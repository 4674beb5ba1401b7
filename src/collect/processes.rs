//! Processes of interest: hypervisors and their helpers, packet filter managers, VPN clients.

use sysinfo::{ProcessRefreshKind, ProcessesToUpdate, System, UpdateKind};

use crate::model::{Gap, Process, Why};

/// Most processes and most bytes of arguments that are kept of each.
const MOST: usize = 500;
const MOST_ARGUMENT_BYTES: usize = 64 * 1024;

/// Whole names, in small letters and without `.exe`.
const NAMES: [&str; 57] = [
    // Hypervisors.
    "virtualboxvm",
    "virtualbox",
    "vboxheadless",
    "vboxsvc",
    "vboxnetdhcp",
    "vboxnetnat",
    "vboxsds",
    "vmware",
    "vmplayer",
    "vmware-vmx",
    "vmware-authd",
    "vmnat",
    "vmnetdhcp",
    "vmware-hostd",
    "libvirtd",
    "virtqemud",
    "virtnetworkd",
    "virtlogd",
    "virtinterfaced",
    "virt-manager",
    "dnsmasq",
    "passt",
    "pasta",
    "slirp4netns",
    "vmms",
    "vmwp",
    "vmcompute",
    "wslservice",
    "wslhost",
    "wslrelay",
    "prl_disp_service",
    "prl_naptd",
    "prl_vm_app",
    "utm",
    "bootpd",
    "multipassd",
    "limactl",
    "socket_vmnet",
    "pveproxy",
    // Those who write packet filter rules.
    "dockerd",
    "containerd",
    "podman",
    "firewalld",
    "networkmanager",
    "ufw",
    "lxd",
    "incusd",
    // VPN clients.
    "openvpn",
    "wireguard",
    "wg-quick",
    "tailscaled",
    "zerotier-one",
    "charon",
    "charon-systemd",
    "openconnect",
    "vpnagentd",
    "warp-svc",
];

/// Beginnings of names, in small letters.
const BEGINNINGS: [&str; 11] = [
    "qemu-system-",
    "qemu-kvm",
    "kvm",
    // Named one by one: this program's own name begins like VMware's helpers.
    "vmnet-natd",
    "vmnet-dhcpd",
    "vmnet-bridge",
    "vmnet-netifup",
    "nordvpn",
    "expressvpn",
    "mullvad",
    "forticlient",
];

/// Reads the processes of interest. Blocks for some milliseconds.
pub(super) fn read() -> Result<Vec<Process>, Gap> {
    let mut system = System::new().map_err(|error| Gap {
        why: Why::Failed,
        detail: error.to_string(),
    })?;
    let what = ProcessRefreshKind::nothing()
        .with_cmd(UpdateKind::Always)
        .without_tasks();
    let count = system.refresh_processes_specifics(ProcessesToUpdate::All, true, what);
    if count == 0 {
        return Err(Gap {
            why: Why::Failed,
            detail: "the process table is empty".to_owned(),
        });
    }
    let mut processes: Vec<Process> = system
        .processes()
        .values()
        .filter(|process| process.thread_kind().is_none())
        .filter_map(|process| {
            let arguments: Vec<String> = process
                .cmd()
                .iter()
                .map(|argument| argument.to_string_lossy().into_owned())
                .collect();
            let name = name_of_interest(&process.name().to_string_lossy(), &arguments)?;
            Some(Process {
                pid: process.pid().as_u32(),
                name,
                arguments: bounded(arguments),
            })
        })
        .collect();
    processes.sort_by_key(|process| process.pid);
    processes.truncate(MOST);
    Ok(processes)
}

/// The program's name when it is one of interest. The kernel cuts names after 15 bytes and calls a script by
/// its interpreter, so the arguments are looked at as well.
fn name_of_interest(name: &str, arguments: &[String]) -> Option<String> {
    // A kernel thread such as `kvm-pit/1234` has no arguments.
    let first = arguments.first()?;
    let first = base(first);
    let script = arguments
        .get(1)
        .map(|argument| base(argument))
        .unwrap_or_default();
    let interpreted = first.starts_with("python") || first.starts_with("perl") || first == "sh";
    [base(name), first, if interpreted { script } else { "" }]
        .into_iter()
        .find(|candidate| is_of_interest(candidate))
        .map(|candidate| {
            // The full name where the kernel cut it.
            if first.starts_with(candidate) {
                first
            } else {
                candidate
            }
            .to_owned()
        })
}

fn base(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

fn is_of_interest(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let name = name.strip_suffix(".exe").unwrap_or(&name);
    NAMES.contains(&name) || BEGINNINGS.iter().any(|beginning| name.starts_with(beginning))
}

fn bounded(arguments: Vec<String>) -> Vec<String> {
    let mut left = MOST_ARGUMENT_BYTES;
    arguments
        .into_iter()
        .take_while(|argument| {
            let fits = argument.len() <= left;
            left = left.saturating_sub(argument.len());
            fits
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_cut_names_and_scripts() {
        let ask = |name: &str, arguments: &[&str]| {
            let arguments: Vec<String> = arguments.iter().map(|word| (*word).to_owned()).collect();
            name_of_interest(name, &arguments)
        };
        assert_eq!(
            ask(
                "qemu-system-x86",
                &["/usr/bin/qemu-system-x86_64", "-name", "guest=web01"]
            )
            .as_deref(),
            Some("qemu-system-x86_64")
        );
        assert_eq!(
            ask(
                "firewalld",
                &["/usr/bin/python3", "/usr/sbin/firewalld", "--nofork"]
            )
            .as_deref(),
            Some("firewalld")
        );
        // This program itself is no helper of VMware's.
        assert_eq!(ask("vmnet-doctor", &["/usr/bin/vmnet-doctor", "scan"]), None);
        assert_eq!(
            ask("vmnet-natd", &["/usr/bin/vmnet-natd"]).as_deref(),
            Some("vmnet-natd")
        );
        assert_eq!(
            ask("VBoxHeadless", &["VBoxHeadless"]).as_deref(),
            Some("VBoxHeadless")
        );
        assert_eq!(ask("kvm-pit/77", &[]), None);
        assert_eq!(ask("bash", &["bash", "vmware-vmx"]), None);
    }

    #[test]
    fn arguments_are_bounded() {
        let arguments = vec![
            "x".repeat(MOST_ARGUMENT_BYTES - 1),
            "yy".to_owned(),
            "z".to_owned(),
        ];
        assert_eq!(bounded(arguments).len(), 1);
    }
}
